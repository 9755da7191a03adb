"""Tables → rows of projects, where a header names the columns (项目名称 建设内容 责任单位 …)."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from corpus.model import Plan, Project, Section, Span, Table
from corpus.normal import normalise
from corpus.project_facts import read_area, read_investment

_LEXICON = Path(__file__).parent / "lexicon" / "project_columns.tsv"
# The header may stand below a title that runs over the whole table.
_DEEPEST_HEADER = 4
# 项目 or 名称 alone heads many a table: only with two more columns is it a list of projects.
_BARE = frozenset({"名称", "项目", "平台", "工程"})
_TOTAL = re.compile(r"(?:合计|小计|总计|共计|总\s*计)")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[((][一二三四五六七八九十]+[))]|\d{1,3}[.、])?"
)


def read_table_projects(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table]
) -> Iterator[Project]:
    """Yield the rows of the tables that list projects; their numbers are all 0."""
    starts = [section.own.start for section in sections]
    for table in tables:
        header = find_header(plan.text, table)
        if header is not None:
            section = sections[max(0, bisect_right(starts, table.span.start) - 1)]
            yield from _read_rows(plan, section, table, *header)


def find_header(text: str, table: Table) -> tuple[int, dict[str, int]] | None:
    """Return the first row below the header and the column of each kind, None if it is no list."""
    for number, row in enumerate(table.rows[:_DEEPEST_HEADER]):
        columns = _columns([cell.of(text) for cell in row])
        if columns is not None:
            return max(number + 1, table.header_rows), columns
    return None


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    columns: dict[str, int] = {}
    names = [_plain(cell) for cell in cells]
    for place, name in enumerate(names):
        kind = _kinds().get(name)
        if kind is not None:
            columns.setdefault(kind, place)
    columns.pop("skip", None)
    if "name" not in columns:
        return None
    # A more telling header wins over a bare one: 项目 | 项目名称.
    for place, name in enumerate(names):
        if _kinds().get(name) == "name" and name not in _BARE:
            columns["name"] = place
            break
    others = len(columns) - 1
    return columns if others >= (2 if names[columns["name"]] in _BARE else 1) else None


def _plain(cell: str) -> str:
    """Return the header's cell without blanks and unit: 总投资（万元） → 总投资."""
    text = re.sub(r"\s+", "", normalise(cell))
    return text if text in _kinds() else re.sub(r"\([^()]*\)|[::]$", "", text)


def _read_rows(
    plan: Plan,
    section: Section,
    table: Table,
    first_row: int,
    columns: dict[str, int],
) -> Iterator[Project]:
    seen = {cell for row in table.rows[:first_row] for cell in row}
    group: str | None = None
    for row in table.rows[first_row:]:
        filled = list(dict.fromkeys(cell for cell in row if cell.of(plan.text).strip()))
        own = [cell for cell in filled if cell not in seen]
        seen.update(own)
        if len(filled) == 1 and own:
            group = _NUMBERING.sub("", own[0].of(plan.text).strip()) or group
            continue
        cells = {kind: row[place].of(plan.text).strip() for kind, place in columns.items()}
        if row[columns["name"]] not in own or not _is_name(cells["name"]):
            continue
        span = Span(min(cell.start for cell in own), max(cell.end for cell in own))
        yield _project(plan, section, cells, span, group)


def _is_name(name: str) -> bool:
    return len(name) > 1 and not _TOTAL.match(name) and name not in _kinds()


def _project(
    plan: Plan, section: Section, cells: dict[str, str], span: Span, group: str | None
) -> Project:
    description = cells.get("description") or span.of(plan.text)
    return Project(
        plan_id=plan.id,
        number=0,
        section=section.number,
        category=cells.get("category") or group,
        name=cells["name"],
        area=cells.get("area") or read_area(description),
        # A unit that stands in the header only is not added: the cell is quoted as it is.
        investment=cells.get("investment") or read_investment(description),
        description=description,
        span=span,
        owner=cells.get("owner") or None,
        place=cells.get("place") or None,
        years=cells.get("years") or None,
    )


@cache
def _kinds() -> dict[str, str]:
    """Return the kind of each header, normalised."""
    rows = [
        line.split("\t")
        for line in _LEXICON.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    return {normalise(name): kind for kind, *names in rows for name in names}
