"""What the user has narrowed the search to: some plans, a region, a kind, a year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.scope import covers, is_of, place_stem
from corpus.catalog import CatalogEntry

ALL = "全部文件"
_TITLE_SHOWN = 24
_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked; nothing of one kind leaves it open."""

    plans: tuple[str, ...] = ()
    region: str = ""
    kind: str = ""
    year: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything was picked."""
        return bool(self.plans or self.region or self.kind or self.year)


def picked_plans(picked: Picked, entries: Sequence[CatalogEntry]) -> list[str] | None:
    """Return the ids of the plans to ask; None for all."""
    if not picked.is_narrowed:
        return None
    wanted: list[Callable[[CatalogEntry], bool]] = []
    if picked.plans:
        wanted.append(lambda entry: entry.id in picked.plans)
    if picked.region:
        wanted.append(lambda entry: is_of(place_stem(picked.region), entry))
    if picked.kind:
        wanted.append(lambda entry: entry.metadata.kind == picked.kind)
    if picked.year:
        wanted.append(lambda entry: covers(entry.metadata, int(picked.year)))
    return [entry.id for entry in entries if all(is_wanted(entry) for is_wanted in wanted)]


def scope_line(picked: Picked, entries: Sequence[CatalogEntry]) -> str:
    """Return what was picked in words, as it stands above the box and in the saved turn.

    Example: "地区：浙江省；种类：报告（2 份）"
    """
    ids = picked_plans(picked, entries)
    if ids is None:
        return ""
    titles = [f"《{_short(entry.title)}》" for entry in entries if entry.id in picked.plans]
    said = (
        ("、".join(titles[:2]) + ("等" if len(titles) > 2 else "")),
        f"地区：{picked.region}" if picked.region else "",
        f"种类：{picked.kind}" if picked.kind else "",
        f"年份：{picked.year}" if picked.year else "",
    )
    return "；".join(part for part in said if part) + f"（{len(ids)} 份）"


def regions(entries: Sequence[CatalogEntry]) -> list[str]:
    """Return the regions that there are plans of."""
    return sorted({entry.metadata.region for entry in entries if entry.metadata.region})


def kinds(entries: Sequence[CatalogEntry]) -> list[str]:
    """Return the kinds of plans that there are."""
    return sorted({entry.metadata.kind for entry in entries if entry.metadata.kind})


def years(entries: Sequence[CatalogEntry]) -> list[str]:
    """Return the years that some plan covers, the latest first."""
    starts = [entry.metadata.start_year for entry in entries if entry.metadata.start_year]
    ends = [entry.metadata.end_year for entry in entries if entry.metadata.end_year]
    span = range(min(starts), max(ends) + 1) if starts and ends else range(0)
    there = (
        str(year)
        for year in reversed(span)
        if year in _YEARS and any(covers(entry.metadata, year) for entry in entries)
    )
    return list(there)


def _short(title: str) -> str:
    return title if len(title) <= _TITLE_SHOWN else f"{title[: _TITLE_SHOWN - 1]}…"
