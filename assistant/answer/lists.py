"""「有哪些…」 → the whole list from its section, item by item, with the count; never from top-k."""

import re
from collections.abc import Iterator, Sequence

from assistant.answer.draft import Draft
from assistant.answer.enumerations import Enumeration, headings_below, lists_within, own_sentences
from assistant.answer.evidence import support
from assistant.answer.named_lists import asked_count, asked_words, choose
from assistant.answer.sources import Sources
from assistant.answer.word_lists import WordList, read_word_lists
from assistant.question import Question, in_words
from assistant.retrieve import Hit
from corpus.model import Span
from corpus.normal import normalise

_ASKS_LIST = re.compile(
    "哪些|哪[几一二两三四五六七八九十\\d]|有什么|有啥|分别|列出|列举|包括|都是|是什么|几[条项个点方面]"
    "|[大张条项个链类](?:是|叫)|名单|挨个|一个个"
)
# Outlines are read of the plans that the best passages come from, not of a whole library.
_PLANS = 3
_PASSAGES = 4
_OF_SENTENCE = 0.55
_ASKED_NOUN = re.compile(
    "哪(?:些|几|[二两三四五六七八九十\\d]+)[大个项条张类种件]?([\\u4e00-\\u9fff]{2,8})"
)
_FIRST = re.compile("前([二两三四五六七八九十]|\\d{1,2})[个项条名]")


def asks_list(question: Question) -> bool:
    """Tell whether the question wants items."""
    return _ASKS_LIST.search(question.normal) is not None


def write_list(
    question: Question, hits: Sequence[Hit], sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Answer with the list that the question names; None if it names none."""
    if not asks_list(question):
        return None
    found = choose(question, list(_candidates(hits, sources, plan_ids[:_PLANS])), sources)
    if found is None:
        return _write_words(question, hits[:_PASSAGES], sources)
    one = found.enumeration
    items = [(item.span, item.shown) for item in one.items]
    return _write(question, one.plan_id, one.section, found.lead, items, sources)


def _candidates(
    hits: Sequence[Hit], sources: Sources, plan_ids: Sequence[str]
) -> Iterator[Enumeration]:
    for plan_id in plan_ids:
        text = sources.plan(plan_id).text
        sections = sources.sections(plan_id)
        for section in sections:
            if section.path and (below := headings_below(plan_id, text, sections, section)):
                yield below
            yield from lists_within(plan_id, text, section)


def _write(
    question: Question,
    plan_id: str,
    section: int,
    lead: Span,
    items: Sequence[tuple[Span, Span]],
    sources: Sources,
) -> Draft:
    text = sources.plan(plan_id).text
    count = f"共{len(items)}项"
    computed = [count]
    wanted = _FIRST.search(question.normal)
    shown = list(items)
    if wanted is not None and (most := _number(wanted[1])) < len(items):
        shown = shown[:most]
        count = f"{count}，前{most}项"
        computed.append(count)
    title = sources.name(plan_id) if len(sources.catalog.entries()) > 1 else ""
    lines = [f"{title}「{_tidy(lead.of(text))}」{count}：{sources.cite(plan_id, section, lead)}"]
    for number, (span, words) in enumerate(shown, start=1):
        mark = sources.cite(plan_id, section, span)
        lines.append(f"{number}. {_tidy(words.of(text)).rstrip('。；;，')}。{mark}")
        computed.append(f"{number}. ")
    return Draft("\n".join(lines), "answered", "list", computed=tuple(computed))


def _write_words(question: Question, hits: Sequence[Hit], sources: Sources) -> Draft | None:
    """Answer from a sentence that enumerates what is asked for: …六大重点领域."""
    best: tuple[float, Hit, Span, WordList] | None = None
    for hit in hits:
        plan = sources.plan(hit.chunk.plan_id)
        around = normalise(hit.chunk.context)
        words = [word for word in asked_words(question) if word not in normalise(plan.title)]
        for span in _sentences(hit, sources):
            said = normalise(span.of(plan.text))
            own = support(words, said)
            if not words or own + 0.5 * support(words, around) < _OF_SENTENCE:
                continue
            for words_list in read_word_lists(plan.text, span):
                if _fits(question, words_list, plan.text) and (best is None or own > best[0]):
                    best = (own, hit, span, words_list)
    if best is None:
        return None
    _, hit, span, words_list = best
    items = [(span, item) for item in words_list.items]
    return _write(question, hit.chunk.plan_id, hit.chunk.section, span, items, sources)


def _sentences(hit: Hit, sources: Sources) -> list[Span]:
    """Return the whole sentences that a chunk holds or cuts."""
    plan_id, chunk = hit.chunk.plan_id, hit.chunk
    section = sources.sections(plan_id)[chunk.section]
    return [
        span
        for span in own_sentences(sources.plan(plan_id).text, section)
        if span.start < chunk.span.end and chunk.span.start < span.end
    ]


def _fits(question: Question, words: WordList, text: str) -> bool:
    """Tell whether it is these items that are asked for, by their number or by their name."""
    if asked_count(question) == len(words.items):
        return True
    noun = _ASKED_NOUN.search(question.normal)
    if noun is None:
        return False
    name = noun[1]
    behind = normalise(words.behind[:14])
    ends = [item[-2:] for item in words.of(text)]
    return name[-2:] in behind or sum(end == name[-2:] for end in ends) * 2 > len(ends)


def _number(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    return next(n for n in range(1, 20) if in_words(n) == numeral.replace("两", "二"))


def _tidy(text: str) -> str:
    return " ".join(text.split())
