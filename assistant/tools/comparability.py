"""In what figures that stand side by side differ beside their values, as lines for the reader."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from assistant.tools.comparison import Series
from assistant.tools.figures import Figure
from assistant.tools.parties import Party
from corpus.normal import normalise
from corpus.terms import Scoping, load_scopes

NOT_STATED = "未载明"
# The words in which the plan prints the figure.
Quote: TypeAlias = Callable[[Figure], str]
# More places than this are counted rather than named.
_MOST_NAMED = 4
# So far behind its name a figure's own words end.
_NEAR_NAME = 12


def find_differences(parties: Sequence[Party], series: Series, quote: Quote) -> list[str]:
    """Return in what the figures of the series differ: unit, scope, bounds, years."""
    figures = [figure for cell in series.figures for figure in cell]
    notes: list[str] = []
    units = list(dict.fromkeys(figure.unit for figure in figures))
    if len(units) > 1:
        notes.append(f"单位不同（{'、'.join(units)}），不能直接比大小")
    notes += _scopes(parties, series, quote)
    bounds = list(dict.fromkeys(figure.bound or "无限定词" for figure in figures))
    if len(bounds) > 1:
        notes.append(f"限定词不同（{'、'.join(bounds)}），比较和计算只用所列数值")
    if any(figure.is_range for figure in figures):
        notes.append("有的目标是区间")
    years = {figure.year for figure in figures if figure.year}
    if len(years) > 1 and not any(party.is_asked for party in parties):
        notes.append("年份不同")
    bases = list(dict.fromkeys(f.indicator.base_year for f in figures if f.indicator.base_year))
    if len(bases) > 1:
        notes.append(f"基期不同（{'、'.join(f'{year}年' for year in bases)}）")
    return notes


def find_missing(parties: Sequence[Party], series: Series) -> list[str]:
    """Return what stands behind the cells without a figure."""
    empty = [party for party, cell in zip(parties, series.figures, strict=True) if not cell]
    absent = dict.fromkeys(party.place for party in empty if not party.plan_ids)
    unreported = [
        f"{party.place}{party.year}年"
        for party in empty
        if party.plan_ids and party.is_asked and not party.reports
    ]
    notes: list[str] = []
    if absent:
        notes.append(f"没有收录{'、'.join(absent)}的文件")
    if unreported:
        notes.append(f"没有收录{'、'.join(unreported)}的报告")
    if any(party.plan_ids for party in empty):
        notes.append(f"{NOT_STATED}表示没有从所收文件中读到这项数值")
    return notes


def _scopes(parties: Sequence[Party], series: Series, quote: Quote) -> list[str]:
    """Say where some figures are marked (常住, 实际, 城镇 …), others otherwise or not at all."""
    notes: list[str] = []
    for scoping in load_scopes():
        found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for party, cell in zip(parties, series.figures, strict=True):
            for figure in cell:
                way, word = _way(scoping, _own_words(figure, quote))
                found.setdefault(way, []).append((word, _title(party, parties)))
        if len(found) > 1:
            notes.append(f"口径写法不同（{_listed(found)}），比较前请核对是否同一口径")
    return notes


def _way(scoping: Scoping, text: str) -> tuple[tuple[str, ...], str]:
    """Return which choice the words make, and the word that makes it."""
    for way in scoping.ways:
        for word in way:
            if word in text:
                return way, word
    return (), ""


def _own_words(figure: Figure, quote: Quote) -> str:
    """Return the figure's name and the words that lead to it: 增加值同比实际增长5%."""
    name = figure.indicator.name
    if figure.indicator.origin == "table":
        return normalise(name)
    before, _, after = quote(figure).partition(name)
    lead = after[: after.find(figure.indicator.target_text)]
    return normalise(name + lead if not before and len(lead) <= _NEAR_NAME else name)


def _listed(found: Mapping[tuple[str, ...], Sequence[tuple[str, str]]]) -> str:
    parts: list[str] = []
    for marked in found.values():
        words = "、".join(f"“{word}”" for word in dict.fromkeys(word for word, _ in marked) if word)
        named = list(dict.fromkeys(title for _, title in marked))
        shown = "、".join(named[:_MOST_NAMED])
        if len(named) > _MOST_NAMED:
            shown += f"等{len(named)}个"
        parts.append(f"{f'写明{words}' if words else '没有写明'}的是{shown}")
    return "；".join(parts)


def _title(party: Party, parties: Sequence[Party]) -> str:
    several = len({one.year for one in parties}) > 1 and party.year is not None
    return f"{party.place}{party.year}年" if several else party.place
