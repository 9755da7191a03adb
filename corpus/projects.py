"""Sections → rows of lists of platforms and projects (序号 平台名称 …)."""

import re
from collections.abc import Iterator, Sequence

from corpus.model import Plan, Project, Section, Span, Table
from corpus.normal import normalise

_HEADER = re.compile(r"序号\s*(?:平台|项目|工程)(?:\(?名称\)?)?")
_BLANK = r"[ \t\u3000]"
_ROW = re.compile(
    rf"^{_BLANK}*(?P<row>\d{{1,3}}{_BLANK}+(?P<name>\S{{2,60}}){_BLANK}+(?P<description>\S.*?)){_BLANK}*$",
    re.M,
)
_AMOUNT = r"(?:约|达|不低于|不少于)*\d[\d,.]*"
_AREA = re.compile(rf"面积(?:为|约为|达到)?({_AMOUNT}[万亿]?(?:平方米|平方公里|公顷|亩|m2))")
_INVESTMENT = re.compile(rf"投资(?:总?额)?(?:为|约为|达到)?({_AMOUNT}[百千万亿]*元)")


def read_projects(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = ()
) -> tuple[Project, ...]:
    """Return the rows of every list of platforms or projects in the plan, in order."""
    projects: list[Project] = []
    listed: set[int] = set()
    for section in sections:
        # The header may stand in the annex, the rows in its numbered categories.
        if section.parent in listed or _HEADER.search(normalise(section.own.of(plan.text))):
            listed.add(section.number)
            projects.extend(_read_rows(plan, section, len(projects), section.parent in listed))
    return tuple(projects)


def _read_rows(plan: Plan, section: Section, number: int, is_category: bool) -> Iterator[Project]:
    for row in _ROW.finditer(section.own.of(plan.text)):
        description = row["description"]
        yield Project(
            plan_id=plan.id,
            number=number,
            section=section.number,
            category=re.sub(r"^[一二三四五六七八九十]+、", "", section.title)
            if is_category
            else None,
            name=row["name"],
            area=_find(_AREA, description),
            investment=_find(_INVESTMENT, description),
            description=description,
            span=Span(section.own.start + row.start("row"), section.own.start + row.end("row")),
        )
        number += 1


def _find(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None
