"""Which plans are older versions of others: the same document again, or one that is repealed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from corpus.catalog import Catalog, CatalogEntry
from corpus.model import Plan
from corpus.normal import normalise

# 关于印发《X》的通知 hands X on; the place before and the marks behind it make no other document.
_HANDED_ON = re.compile("印发[<《](.+?)[>》]")
_AROUND = re.compile(
    r"^关于|的?通知$|\((?:[^()]*(?:试行|暂行|修[订改]|意见稿|版)[^()]*)\)|[《》<>“”\"\s]"
)
_REPEALED = re.compile("《([^《》]{4,80})》[^。《》]{0,40}(?:同时)?(?:废止|停止执行)")
_IN_FORCE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|执行|实施|生效)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_SHINGLE = 12
# Two plans of one name share at least this much of the shorter one's wording if they are versions;
# measured on plans of like names for different places and years, which share less than 0.1.
_SHARED = 0.2


@dataclass(frozen=True, slots=True)
class _Version:
    entry: CatalogEntry
    title: str
    plan: Plan

    def is_of(self, other: "_Version") -> bool:
        """Tell whether the two are versions of one document."""
        mine, theirs = self.entry.metadata, other.entry.metadata
        same_place = mine.region is None or theirs.region is None or mine.region == theirs.region
        same_period = mine.end_year == theirs.end_year or None in (mine.end_year, theirs.end_year)
        return same_place and same_period and _shared(self.plan.text, other.plan.text) >= _SHARED

    @property
    def age(self) -> tuple[str, str, str]:
        """Return what tells the newer of two: the date, the day it came in force, its last year."""
        in_force = ["-".join(part.zfill(2) for part in found) for found in self._in_force]
        years = _YEAR.findall(normalise(self.plan.text))
        return (self.entry.metadata.date or "", max(in_force, default=""), max(years, default=""))

    @property
    def _in_force(self) -> list[tuple[str, ...]]:
        return _IN_FORCE.findall(normalise(self.plan.text))


def find_superseded(catalog: Catalog) -> dict[str, str]:
    """Return for each superseded plan (by id) the plan that takes its place.

    Where nothing tells which of two versions is the newer one, neither is superseded.
    """
    entries = catalog.entries()
    titles = {entry.id: bare_title(entry) for entry in entries}
    superseded = _repealed(catalog, titles)
    groups: dict[str, list[CatalogEntry]] = {}
    for entry in entries:
        # A report is made every year; last year's is not superseded by this year's.
        if entry.metadata.kind != "报告":
            groups.setdefault(titles[entry.id], []).append(entry)
    for title, group in groups.items():
        if len(group) > 1:
            superseded |= _older(_Version(entry, title, catalog.plan(entry.id)) for entry in group)
    return superseded


def bare_title(entry: CatalogEntry) -> str:
    """Return the name of the document itself, without its place and the marks of a version.

    Example: 甲县人民政府关于印发《甲县产业扶持意见（试行）》的通知 -> 产业扶持意见
    """
    title = normalise(entry.title)
    if handed_on := _HANDED_ON.search(title):
        title = handed_on[1]
    title = _AROUND.sub("", title)
    region = normalise(entry.metadata.region or "")
    return title.removeprefix(region) if region else title


def _older(versions: Iterable[_Version]) -> dict[str, str]:
    older: dict[str, str] = {}
    for one, other in combinations(sorted(versions, key=lambda version: version.age), 2):
        # Sorted by age: `other` is the newer one, or as old.
        if one.age < other.age and one.is_of(other):
            older[one.entry.id] = other.entry.id
    return older


def _repealed(catalog: Catalog, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the plans that others repeal by name."""
    ids = {title: plan_id for plan_id, title in titles.items()}
    repealed: dict[str, str] = {}
    for plan_id in catalog.plans_with("废止"):
        for name in _REPEALED.findall(catalog.plan(plan_id).text):
            old = ids.get(_AROUND.sub("", normalise(name)))
            if old is not None and old != plan_id:
                repealed[old] = plan_id
    return repealed


def _shared(one: str, other: str) -> float:
    """Return how much of the shorter text's wording stands in the other, 0..1."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def _shingles(text: str) -> set[str]:
    joined = re.sub(r"\W", "", normalise(text))
    return {joined[i : i + _SHINGLE] for i in range(0, len(joined) - _SHINGLE + 1)}
