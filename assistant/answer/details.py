"""「强化创新投入的具体内容是什么」: the section of that heading, sentence by sentence."""

import re
from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.frame import cut
from assistant.answer.sources import Sources
from assistant.question import Question
from corpus.chunking import trim
from corpus.model import Section, Span
from corpus.normal import normalise
from corpus.segment import sentences

_ASKS_DETAILS = re.compile("具体|详细|展开|内容|讲了?(?:什么|啥)|说了?(?:什么|啥)")
_LABEL = re.compile(
    "^(?:[（(][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+[章节篇条]|[一二三四五六七八九十]+、|\\d+[.．、])\\s*"
)
_MOST = 8


def find_details(question: Question, sources: Sources, plan_ids: Sequence[str]) -> Draft | None:
    """Answer with what stands below the heading that the question names in full; else None."""
    if not _ASKS_DETAILS.search(question.normal):
        return None
    name = cut(question.normal).subject
    for plan_id in plan_ids if name else ():
        for section in sources.sections(plan_id):
            if bare_title(section) == name and section.own == section.span:
                return _write(plan_id, section, sources)
    return None


def bare_title(section: Section) -> str:
    """Return a heading, normalised, without its number."""
    return _LABEL.sub("", normalise(section.title)).rstrip("。:")


def _write(plan_id: str, section: Section, sources: Sources) -> Draft | None:
    text = sources.plan(plan_id).text
    start = section.heading.end
    spans = [
        trim(text, Span(start + one.start, start + one.end))
        for one in sentences(text[start : section.own.end])
    ]
    # The mark that ends the heading is no sentence.
    spans = [
        span
        for span in spans
        if any(mark.isalnum() for mark in span.of(text)) and not sources.is_told(plan_id, span)
    ]
    lines = [
        f"{' '.join(span.of(text).split())}{sources.cite(plan_id, section.number, span)}"
        for span in spans[:_MOST]
    ]
    return Draft("\n".join(lines), "answered", "passage", verbatim=True) if lines else None
