"""Boxes (专栏3 重大工程) → the numbered items that name a project each."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from corpus.model import Plan, Project, Section, Span
from corpus.project_facts import read_area, read_investment, read_owner, read_place, read_years

_NOUNS = Path(__file__).parent / "lexicon" / "project_nouns.txt"
_BOX = re.compile(r"专栏\s*[\d一二三四五六七八九十]")
_BLANK = r"[ \t\u3000]"
_LABEL = re.compile(
    rf"^{_BLANK}*(?:(?P<arabic>\d{{1,2}}(?:[.\uff0e](?!\d)|、))|(?P<bracket>[(\uff08]\d{{1,2}}[)\uff09])"
    rf"|(?P<circled>[①-⑳])|(?P<chinese>[(\uff08][一二三四五六七八九十]{{1,3}}[)\uff09])){_BLANK}*",
    re.M,
)
_LONGEST_NAME = 40
# An item's text ends at the next label; lines behind it that carry none belong to it.
_LONGEST_ITEM = 1000


def read_box_projects(plan: Plan, sections: Sequence[Section]) -> Iterator[Project]:
    """Yield the items of all boxes that name a project; their numbers are all 0."""
    boxes: dict[int, str] = {}
    style: dict[int, str] = {}
    box_of: dict[int, int] = {}
    for section in sections:
        box = _box_of(section, box_of)
        if box is None:
            continue
        box_of[section.number] = box
        boxes.setdefault(box, _category(section.title))
        yield from _read_items(plan, section, boxes[box], style, box)


def _box_of(section: Section, box_of: dict[int, int]) -> int | None:
    if _BOX.match(section.title):
        return section.number
    return box_of.get(section.parent) if section.parent is not None else None


def _category(title: str) -> str:
    return re.sub(r"^专栏\s*[\d一二三四五六七八九十]+[\s:：.、]*", "", title)


def _read_items(
    plan: Plan, section: Section, category: str, style: dict[int, str], box: int
) -> Iterator[Project]:
    own = section.own.of(plan.text)
    labels = list(_LABEL.finditer(own))
    for number, label in enumerate(labels):
        # Items of a box are numbered alike; another numbering is the text around the box.
        if style.setdefault(box, label.lastgroup or "") != label.lastgroup:
            continue
        end = labels[number + 1].start() if number + 1 < len(labels) else len(own)
        item = own[label.end() : min(end, label.end() + _LONGEST_ITEM)].rstrip()
        name = _name().match(item)
        if name is not None:
            yield _project(
                plan,
                section,
                category,
                name[1],
                Span(section.own.start + label.end(), section.own.start + label.end() + len(item)),
            )


def _project(plan: Plan, section: Section, category: str, name: str, span: Span) -> Project:
    item = span.of(plan.text)
    return Project(
        plan_id=plan.id,
        number=0,
        section=section.number,
        category=category or None,
        name=name,
        area=read_area(item),
        investment=read_investment(item),
        description=item,
        span=span,
        owner=read_owner(item),
        place=read_place(item),
        years=read_years(item),
    )


@cache
def _name() -> re.Pattern[str]:
    """Return a pattern for a name that a full stop, a colon or the line's end ends."""
    lines = _NOUNS.read_text(encoding="utf-8").splitlines()
    nouns = "|".join(re.escape(line) for line in lines if line.strip() and line[0] != "#")
    return re.compile(
        rf"([^。\uff1a:\n，,；;]{{1,{_LONGEST_NAME}}}?(?:{nouns}))(?=[。\uff1a:\n]|$)"
    )
