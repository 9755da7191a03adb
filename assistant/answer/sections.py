"""Questions about a chapter by its number → its headings, item by item."""

import re
from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.sources import Sources
from assistant.question import Question
from corpus.model import Section

_LABEL = "^(?:第{0}(?:章|篇|部分|节)|{0}、)"


def find_chapter(question: Question, sources: Sources, plan_ids: Sequence[str]) -> Draft | None:
    """Answer 「第十二章讲什么」; refuse if no plan has that chapter; None if none is named."""
    if not question.chapters:
        return None
    label = re.compile(_LABEL.format(question.chapters[0]))
    for plan_id in plan_ids:
        for section in sources.sections(plan_id):
            if label.match(section.title) and not _in_annex(section):
                return _write(plan_id, section, sources)
    return _refuse_chapter(question, sources, plan_ids)


def _write(plan_id: str, section: Section, sources: Sources) -> Draft:
    children = [child for child in sources.sections(plan_id) if child.parent == section.number]
    items = children or [section]
    mark = sources.cite(plan_id, section.number, section.heading)
    count = f"共{len(children)}项"
    lines = [f"「{section.title}」{count if children else ''}：{mark}"]
    computed = [count]
    text = sources.plan(plan_id).text
    for number, item in enumerate(items, start=1):
        words = " ".join(item.heading.of(text).split())
        cited = sources.cite(plan_id, item.number, item.heading)
        lines.append(f"{number}. {words}。{cited}")
        computed.append(f"{number}. ")
    return Draft("\n".join(lines), "answered", "list", computed=tuple(computed))


def _refuse_chapter(question: Question, sources: Sources, plan_ids: Sequence[str]) -> Draft:
    asked = f"第{question.chapters[0]}章"
    chapters = [
        (plan_id, section)
        for plan_id in plan_ids[:3]
        for section in sources.sections(plan_id)
        if section.parent is None and section.path
    ]
    lines = [f"所收文件中没有{asked}。现有的章节是："]
    for plan_id, section in chapters[:12]:
        mark = sources.cite(plan_id, section.number, section.heading)
        lines.append(f"{section.title}{mark}")
    return Draft("\n".join(lines), "refused", "list", computed=(asked,))


def _in_annex(section: Section) -> bool:
    return section.path[0].startswith("附")
