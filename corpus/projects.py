"""Sections and tables → projects: rows of lists (序号 平台名称 …) and tables, items of boxes."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.model import Plan, Project, Section, Span, Table
from corpus.normal import normalise
from corpus.project_boxes import read_box_projects
from corpus.project_facts import read_area, read_investment
from corpus.project_tables import read_table_projects

_HEADER = re.compile(r"序号\s*(?:平台|项目|工程)(?:\(?名称\)?)?")
_BLANK = r"[ \t\u3000]"
_ROW = re.compile(
    rf"^{_BLANK}*(?P<row>\d{{1,3}}{_BLANK}+(?P<name>\S{{2,60}}){_BLANK}+(?P<description>\S[^\n]*))",
    re.M,
)


def read_projects(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = ()
) -> tuple[Project, ...]:
    """Return the projects and platforms that the plan lists, in order."""
    listed = list(_read_lists(plan, sections))
    gridded = list(read_table_projects(plan, sections, tables))
    # Cells parted by tabs are told apart by the table alone; blanks are read as they stand.
    listed = [row for row in listed if "\t" not in row.span.of(plan.text)] if gridded else listed
    found = listed + _apart(gridded, listed)
    found += _apart(read_box_projects(plan, sections), found)
    found.sort(key=lambda project: project.span)
    return tuple(replace(project, number=number) for number, project in enumerate(found))


def _apart(projects: Iterable[Project], others: Sequence[Project]) -> list[Project]:
    """Return the projects that share no text with the others."""
    taken = sorted(other.span for other in others)
    starts = [span.start for span in taken]
    apart: list[Project] = []
    for project in projects:
        before = bisect_left(starts, project.span.end) - 1
        if before < 0 or taken[before].end <= project.span.start:
            apart.append(project)
    return apart


def _read_lists(plan: Plan, sections: Sequence[Section]) -> Iterator[Project]:
    listed: set[int] = set()
    for section in sections:
        # The header may stand in the annex, the rows in its numbered categories.
        if section.parent in listed or _HEADER.search(normalise(section.own.of(plan.text))):
            listed.add(section.number)
            yield from _read_rows(plan, section, section.parent in listed)


def _read_rows(plan: Plan, section: Section, is_category: bool) -> Iterator[Project]:
    for row in _ROW.finditer(section.own.of(plan.text)):
        description = row["description"].rstrip(" \t\u3000")
        start = section.own.start + row.start("row")
        end = section.own.start + row.start("description") + len(description)
        yield Project(
            plan_id=plan.id,
            number=0,
            section=section.number,
            category=re.sub(r"^[一二三四五六七八九十]+、", "", section.title)
            if is_category
            else None,
            name=row["name"],
            area=read_area(description),
            investment=read_investment(description),
            description=description,
            span=Span(start, end),
        )
