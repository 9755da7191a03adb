"""Compares what plans of several places or years say of the same indicators."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from assistant.common_names import bare_name, common_name, names_said, unexplained
from assistant.library import Library
from assistant.operation import Operation, read_operation
from assistant.question import Question, read_question
from assistant.tools.figures import Figure, common_unit
from assistant.tools.parties import Party, find_parties, parties_of
from corpus.arithmetic import (
    Incalculable,
    Working,
    difference,
    growth,
    mean,
    multiple,
    total,
)
from corpus.catalog import CatalogEntry
from corpus.model import Change, Indicator, Kind
from corpus.terms import load_near_indicators

# The same name, and the same kind of figure: a level, a rise, a rise a year.
_Measured: TypeAlias = tuple[str, Change | None, bool]

_GROWTH = re.compile("增长|增速|增幅|涨幅|增加值增|下降|降幅")
_ALL_GOALS = re.compile("目标|指标")
# All goals of more plans than this make no table that can be read.
_MOST_PARTIES = 4
_MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sum over the figures of some parties (by position), or why it cannot be done."""

    parties: tuple[int, ...]
    working: Working | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One measured thing: for each party the different figures that its plans print, if any.

    `near` are, for each party without one, its figures of something like it (登记 for 调查失业率):
    worth knowing, and not to be compared.
    """

    name: str
    change: Change | None
    is_annual: bool
    figures: tuple[tuple[Figure, ...], ...]
    outcome: Outcome | None
    near: tuple[tuple[Figure, ...], ...]

    @property
    def title(self) -> str:
        """Return the name, as printed where all print the same, with the kind of figure."""
        printed = {bare_name(figure.indicator.name) for cell in self.figures for figure in cell}
        name = printed.pop() if len(printed) == 1 else self.name
        kind = {"increase": "增长", "decrease": "下降", None: ""}[self.change]
        return f"{name}{'年均' if self.is_annual else ''}{kind}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the parties say of the series; `is_of_all` where all their goals are compared."""

    operation: Operation
    parties: tuple[Party, ...]
    series: tuple[Series, ...]
    is_of_all: bool


def find_comparison(
    question: Question, library: Library, *, plan_ids: Sequence[str] | None = None
) -> Comparison | None:
    """Return the comparison that the question asks for, None if it asks for none."""
    operation = read_operation(question)
    if operation is None or operation in ("gap", "completion"):
        return None
    parties = find_parties(question, _entries(library, plan_ids))
    if len(parties) < 2:
        return None
    indicators = library.catalog.indicators(plan_ids)
    said = [one.name for one in names_said(question, indicators)]
    if not said:
        # What others set a target for may be asked of places that set none.
        said = [one.name for one in names_said(question, library.catalog.indicators())]
    # 两地目标有什么变化 names nothing: all goals are meant; but not those of something unknown.
    is_of_all = not said
    if is_of_all and not _asks_all(question, parties):
        return None
    rows = _rows(parties, indicators, said or None)
    if said and operation != "growth":
        rows = _of_kind(question, rows)
    if said and not rows:
        # That nobody states it is an answer too.
        rows = {(said[0], None, False): ((),) * len(parties)}
    if not rows:
        return None
    series = _series(operation, parties, indicators, rows)
    if is_of_all:
        # What several say comes first.
        series.sort(key=lambda one: -sum(1 for figures in one.figures if figures))
    return Comparison(operation, tuple(parties), tuple(series[:_MOST_ROWS]), is_of_all)


def compare_named(
    names: Sequence[str],
    library: Library,
    *,
    places: Sequence[str] = (),
    years: Sequence[int] = (),
    kind: Kind | None = None,
    plan_ids: Sequence[str] | None = None,
) -> Comparison:
    """Return what the plans of these places and years say of the indicators, by any of their names.

    A name with 增长 means the rise. Without places or years, all that reports and plans are of.
    """
    entries = _entries(library, plan_ids)
    parties = parties_of(entries, places, years, kind)
    indicators = library.catalog.indicators([entry.id for entry in entries])
    series: list[Series] = []
    for name in names:
        question = read_question(name)
        said = [one.name for one in names_said(question, indicators)] or [bare_name(name)]
        rows = _of_kind(question, _rows(parties, indicators, said))
        rows = rows or {(said[0], None, False): ((),) * len(parties)}
        series += _series("compare", parties, indicators, rows)
    return Comparison("compare", tuple(parties), tuple(series), is_of_all=False)


def known_names(library: Library) -> list[str]:
    """Return what can be compared: the names that several plans share, the most shared first."""
    plans: dict[str, set[str]] = {}
    for indicator in library.catalog.indicators():
        plans.setdefault(common_name(indicator), set()).add(indicator.plan_id)
    return sorted(
        (name for name, found in plans.items() if len(found) > 1),
        key=lambda name: (-len(plans[name]), name),
    )


def _entries(library: Library, plan_ids: Sequence[str] | None) -> list[CatalogEntry]:
    return [
        entry
        for entry in library.catalog.entries()
        if entry.superseded_by is None and (plan_ids is None or entry.id in plan_ids)
    ]


def _series(
    operation: Operation,
    parties: Sequence[Party],
    indicators: Sequence[Indicator],
    rows: Mapping[_Measured, tuple[tuple[Figure, ...], ...]],
) -> list[Series]:
    return [
        Series(
            *key,
            figures,
            _outcome(operation, parties, figures),
            _near(key[0], parties, indicators, figures),
        )
        for key, figures in rows.items()
    ]


def _near(
    name: str,
    parties: Sequence[Party],
    indicators: Sequence[Indicator],
    figures: Sequence[Sequence[Figure]],
) -> tuple[tuple[Figure, ...], ...]:
    """Return of the parties without a figure those of what is like it, but not the same."""
    others = sorted(load_near_indicators().get(name, ()))
    if not others or not any(not cell for cell in figures):
        return ((),) * len(parties)
    return tuple(
        ()
        if cell
        else tuple(
            _figures(
                [one for one in indicators if one.plan_id in party.plan_ids], party.year, others
            )
        )
        for party, cell in zip(parties, figures, strict=True)
    )


def _asks_all(question: Question, parties: Sequence[Party]) -> bool:
    if len(parties) > _MOST_PARTIES or not _ALL_GOALS.search(question.normal):
        return False
    return not unexplained(question.normal)


def _rows(
    parties: Sequence[Party], indicators: Sequence[Indicator], names: Sequence[str] | None
) -> dict[_Measured, tuple[tuple[Figure, ...], ...]]:
    """Return for each thing measured the figures of each party, in the order of the plans."""
    found: dict[_Measured, list[dict[str, Figure]]] = {}
    for position, party in enumerate(parties):
        own = [indicator for indicator in indicators if indicator.plan_id in party.plan_ids]
        figures = _figures(own, party.year, names)
        if not figures and not party.is_asked and names is not None:
            figures = _figures(own, None, names)
        for figure in figures:
            one = figure.indicator
            is_annual = one.growth_kind == "annual" and one.origin == "prose"
            key = (common_name(one), one.change, is_annual)
            cells = found.setdefault(key, [{} for _ in parties])
            cells[position].setdefault(figure.shown, figure)
    return {key: tuple(tuple(cell.values()) for cell in cells) for key, cells in found.items()}


def _figures(
    indicators: Sequence[Indicator], year: int | None, names: Sequence[str] | None
) -> list[Figure]:
    """Return what the indicators of these names print for the year; without one, the targets."""
    figures: list[Figure] = []
    for one in indicators:
        if names is not None and common_name(one) not in names:
            continue
        if year in (None, one.target_year) and (one.target_text or one.target is not None):
            figures.append(Figure(one))
        elif year is not None and year == one.base_year and one.base is not None:
            figures.append(Figure(one, "base"))
    return figures


def _of_kind(
    question: Question, rows: dict[_Measured, tuple[tuple[Figure, ...], ...]]
) -> dict[_Measured, tuple[tuple[Figure, ...], ...]]:
    """Return the rises alone where the question asks for them and as many print them."""
    rises = {key: figures for key, figures in rows.items() if key[1] is not None}
    if not _GROWTH.search(question.normal) or _most(rises) < _most(rows):
        return rows
    return rises


def _most(rows: Mapping[_Measured, Sequence[Sequence[Figure]]]) -> int:
    """Return of how many parties at most a row has figures."""
    return max((sum(1 for cell in cells if cell) for cells in rows.values()), default=0)


def _outcome(
    operation: Operation, parties: Sequence[Party], figures: Sequence[Sequence[Figure]]
) -> Outcome | None:
    """Work out what is asked for over the parties that print something."""
    printed = tuple(position for position, cell in enumerate(figures) if cell)
    if len(printed) < 2:
        return None
    if operation not in ("total", "mean") and len(printed) > 2:
        return None
    try:
        chosen = [_only(figures[position]) for position in printed]
        values = [figure.exact() for figure in chosen]
        unit = common_unit(chosen)
        return Outcome(printed, _work(operation, parties, values, unit))
    except Incalculable as reason:
        return Outcome(printed, refusal=str(reason))


def _only(figures: Sequence[Figure]) -> Figure:
    if len(figures) > 1:
        shown = "、".join(figure.shown for figure in figures)
        raise Incalculable(f"同一文件给出了几个数值（{shown}）")
    return figures[0]


def _work(
    operation: Operation, parties: Sequence[Party], values: Sequence[Decimal], unit: str
) -> Working:
    one, other = values[0], values[1]
    match operation:
        case "total":
            return total(values, unit)
        case "mean":
            return mean(values, unit)
        case "multiple":
            return multiple(one, other)
        case "growth" if unit not in ("%", "‰"):
            return growth(one, other)
        case _:
            # Of two years the later less the earlier one, of two places the higher less the lower.
            if parties[0].place == parties[1].place:
                return difference(other, one, unit)
            return difference(max(one, other), min(one, other), unit)
