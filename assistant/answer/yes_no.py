"""Yes/no questions: 是 or 不是 where a cited row tells, 有 or 没有提到 where the text does."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.answer.draft import Draft
from assistant.answer.frame import cut
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.question import Question
from assistant.retrieve import retrieve
from corpus.chunking import trim
from corpus.model import Chunk, Indicator, Span
from corpus.normal import normalise
from corpus.segment import base_segmenter, sentences
from corpus.terms import synonyms

_YES_NO = re.compile("吗|么$|是不是|是否|会不会|能不能|能否|有没有|有无|不是")
_BINDING = re.compile("约束|硬性|刚性|硬杠")
_FIGURE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*([万亿千百]*[%‰家件个项人名元年倍座处/]*)")
_MORE = re.compile("超过|高于|大于|多于|突破|不止")
_LESS = re.compile("低于|小于|少于|不到|不足|不超过")
_REACHES = re.compile("达到|达|到|至少|不低于|完成|实现|做到|有")
_MENTIONED = re.compile("(?:提到|提及|涉及|谈到|说到|写到|讲到|出现)(?:过|了)?")
_SAID = 3
_HITS = 20


def say_yes_or_no(question: Question, draft: Draft) -> Draft:
    """Put 是 or 不是 before an answer from one row, where the row decides."""
    if draft.status != "answered" or len(draft.facts) != 1 or not _YES_NO.search(question.normal):
        return draft
    indicator = draft.facts[0].indicator
    verdict = _attribute(question, indicator)
    if verdict is None and not _BINDING.search(question.normal):
        verdict = _figure(question, indicator)
    if verdict is None:
        return draft
    said = f"{'是' if verdict else '不是'}，"
    return replace(draft, text=f"{said}{draft.text}", computed=(*draft.computed, said))


def _attribute(question: Question, indicator: Indicator) -> bool | None:
    binding, expected = bool(_BINDING.search(question.normal)), "预期性" in question.normal
    if binding == expected or indicator.attribute is None:
        return None
    return (indicator.attribute == "约束性") == binding


def _figure(question: Question, indicator: Indicator) -> bool | None:
    """Tell whether the row's figure is, or reaches, the one of the question."""
    years = {f"{year}" for year in question.years}
    found = [match for match in _FIGURE.findall(question.normal) if match[0] not in years]
    value = indicator.target
    if question.years == (indicator.base_year,):
        value = indicator.base
    if len(found) != 1 or value is None or found[0][1] != normalise(indicator.unit):
        return None
    asked = Decimal(found[0][0])
    if _MORE.search(question.normal):
        return value > asked
    if _LESS.search(question.normal):
        return value < asked or ("不超过" in question.normal and value == asked)
    return value >= asked if _REACHES.search(question.normal) else value == asked


def find_mention(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Answer 「有没有提到元宇宙」 from the words themselves; None to any other question."""
    match = _MENTIONED.search(question.normal)
    if match is None or not _YES_NO.search(question.normal):
        return None
    name = cut(question.normal[match.end() :]).subject or cut(question.normal).subject
    if not name:
        return None
    names = (name, *sorted(synonyms(name)))
    hits = retrieve(name, library, limit=_HITS, plan_ids=plan_ids)
    found = [
        (hit.chunk, span) for hit in hits for span in _sentences_with(names, hit.chunk, sources)
    ]
    if not found and len(base_segmenter().content_words(name)) > 1:
        # Said in other words, perhaps: the passages tell.
        return None
    if not found:
        quoted = f"「{name}」"
        text = f"没有提到：所收文件里没有找到{quoted}这个词。"
        return Draft(text, "refused", "passage", computed=(quoted,))
    lines = ["有提到："]
    for chunk, span in dict.fromkeys(found):
        if len(lines) > _SAID:
            break
        words = " ".join(span.of(sources.plan(chunk.plan_id).text).split())
        lines.append(f"{words}{sources.cite(chunk.plan_id, chunk.section, span)}")
    return Draft("\n".join(lines), "answered", "passage")


def _sentences_with(names: Sequence[str], chunk: Chunk, sources: Sources) -> list[Span]:
    text = sources.plan(chunk.plan_id).text
    start = chunk.span.start
    spans = [trim(text, Span(start + one.start, start + one.end)) for one in sentences(chunk.text)]
    return [
        span
        for span in spans
        if any(name in normalise(span.of(text)) for name in names)
        and not any(table.holds(span) for table in sources.tables(chunk.plan_id))
    ]
