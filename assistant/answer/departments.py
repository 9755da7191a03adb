"""「由哪些部门负责」 → the notes in which a section names its departments, word for word."""

import re
from collections.abc import Iterator, Sequence

from assistant.answer.draft import Draft
from assistant.answer.enumerations import Enumeration, Item
from assistant.answer.named_lists import choose
from assistant.answer.sources import Sources
from assistant.question import Question
from corpus.model import Section, Span
from corpus.shown import single_spaced

_ASKS = re.compile(
    "责任(?:单位|部门)|负责(?:单位|部门)|牵头(?:单位|部门)|主管部门|配合(?:单位|部门)"
    "|(?:哪些|哪[几个]{1,2}|什么)(?:部门|单位|机构)[^,，。]{0,4}(?:负责|牵头|管|落实|承担)"
)
# （省商务厅牵头，合肥海关配合）; 责任单位：….
_NOTES = (
    re.compile("[（(]([^（）()\n]*(?:负责|牵头|配合|参与|指导|落实)[^（）()\n]*)[)）]"),
    re.compile("(?:责任|牵头|负责|配合)(?:单位|部门)[:：]([^\n（）()；;]+)"),
)


def write_departments(
    question: Question, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Answer with the departments of the section that the question names; None if it names none."""
    if not _ASKS.search(question.normal):
        return None
    found = choose(question, list(_candidates(sources, plan_ids)), sources)
    if found is None:
        return None
    one = found.enumeration
    text = sources.plan(one.plan_id).text
    mark = sources.cite(one.plan_id, one.section, found.lead)
    title = sources.name(one.plan_id) if sources.has_several else ""
    lines = [f"{title}「{single_spaced(found.lead.of(text))}」的责任单位：{mark}"]
    computed = []
    for number, item in enumerate(one.items, start=1):
        cited = sources.cite(one.plan_id, one.section, item.span)
        lines.append(f"{number}. {single_spaced(item.shown.of(text))}。{cited}")
        computed.append(f"{number}. ")
    return Draft("\n".join(lines), "answered", "list", computed=tuple(computed))


def _candidates(sources: Sources, plan_ids: Sequence[str]) -> Iterator[Enumeration]:
    for plan_id in plan_ids:
        text = sources.plan(plan_id).text
        for section in sources.sections(plan_id):
            items = tuple(_notes(text, section)) if section.path else ()
            if items:
                yield Enumeration(plan_id, section.number, (section.heading,), items)


def _notes(text: str, section: Section) -> Iterator[Item]:
    """Yield the notes of a section's own text with the sentence that each belongs to."""
    for pattern in _NOTES:
        for match in pattern.finditer(text, section.own.start, section.own.end):
            before = text[section.own.start : match.start()].rstrip("。\n")
            start = section.own.start + max(before.rfind("。"), before.rfind("\n")) + 1
            yield Item(Span(start, match.end()), Span(match.start(1), match.end(1)))
