"""Actual values → where each indicator stands; what cannot be used is told, the rest is kept."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from assistant.library import Library
from assistant.monitoring.match import find_indicator
from assistant.monitoring.model import Actual, ActualsError, Monitoring, Problem, Progress
from assistant.tools.indicators import tables_first
from corpus.arithmetic import Incalculable
from corpus.catalog import CatalogEntry
from corpus.course import Standing, assess, read_course
from corpus.model import Indicator

_WORST_FIRST: tuple[Standing, ...] = ("behind", "unknown", "on_course", "ahead")


def monitored(library: Library, plan_ids: Sequence[str] | None = None) -> list[Indicator]:
    """Return the indicators of plans that can be monitored: tables, else what the text sets."""
    return tables_first(library.catalog.indicators(plan_ids))


def monitor(
    actuals: Iterable[Actual],
    library: Library,
    *,
    plan_ids: Sequence[str] | None = None,
    year: int | None = None,
    problems: Sequence[Problem] = (),
) -> Monitoring:
    """Hold actual values against the targets of the plans.

    Each indicator is judged by its latest value, or the latest up to `year`. `problems` are of rows
    that could not be read before.
    """
    indicators = monitored(library, plan_ids)
    entries = {entry.id: entry for entry in library.catalog.entries()}
    titles = {plan_id: entry.title for plan_id, entry in entries.items()}
    told = list(problems)
    found: dict[Indicator, dict[int, tuple[Actual, Decimal]]] = {}
    for actual in actuals:
        try:
            indicator, value = find_indicator(actual, indicators, titles)
            _keep(found.setdefault(indicator, {}), actual, value)
        except ActualsError as reason:
            told.append(Problem(actual.place, str(reason)))
    progress: list[Progress] = []
    for indicator, values in found.items():
        try:
            progress.append(judge(indicator, values, entries[indicator.plan_id], year))
        except Incalculable as reason:
            (first, *_) = values.values()
            told.append(Problem(first[0].place, str(reason)))
    missing = [one for one in indicators if one not in found and _is_asked(one, found)]
    return Monitoring(tuple(sorted(progress, key=_order)), tuple(missing), tuple(told))


def _keep(values: dict[int, tuple[Actual, Decimal]], actual: Actual, value: Decimal) -> None:
    before = values.get(actual.year)
    if before is not None and before[1] != value:
        raise ActualsError(
            f"{actual.name}的{actual.year}年已有另一个值（{before[0].place}：{before[0].shown}），"
            "请只留一个"
        )
    values[actual.year] = (actual, value)


def judge(
    indicator: Indicator,
    values: Mapping[int, tuple[Actual, Decimal]],
    entry: CatalogEntry,
    year: int | None = None,
) -> Progress:
    """Hold the latest value, or the latest up to `year`, against the target.

    `values` are those of each year as given, and in the indicator's unit.

    Raises:
        Incalculable: if there is no such value, or nothing to hold it against.
    """
    known = [one for one in sorted(values) if year is None or one <= year]
    if not known:
        raise Incalculable(f"{indicator.name}没有{year}年及以前的实际值")
    actual, value = values[known[-1]]
    course = read_course(indicator, start_year=entry.metadata.start_year)
    series = tuple((one, values[one][1]) for one in known)
    return Progress(indicator, actual, value, course, assess(course, value, known[-1]), series)


def _is_asked(indicator: Indicator, found: Iterable[Indicator]) -> bool:
    """Tell whether the indicator is of a plan of which others have values."""
    return any(one.plan_id == indicator.plan_id for one in found)


def _order(one: Progress) -> tuple[bool, int, str, int]:
    """Put 约束性 first, then what is behind, then as the plans have them."""
    standing = _WORST_FIRST.index(one.assessment.standing)
    is_binding = one.indicator.attribute == "约束性"
    return not is_binding, standing, one.indicator.plan_id, one.indicator.number
