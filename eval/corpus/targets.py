"""The targets read from running text against the labelled ones."""

from collections.abc import Sequence

from corpus.model import Indicator, Span
from eval.corpus.labels import TargetLabel
from eval.corpus.matching import Match, match
from eval.corpus.outcome import Outcome, shorten
from eval.corpus.places import overlap, squeeze
from eval.corpus.tally import Counts, share


def score_targets(
    indicators: Sequence[Indicator],
    labelled: Sequence[TargetLabel],
    places: Sequence[Span | None],
    stretch: Span,
) -> Outcome:
    """Compare value, unit, change and bound where quotes overlap; names and years on hits.

    An optional target counts neither way.
    """
    read = [
        target
        for target in indicators
        if target.origin == "prose" and stretch.start <= target.span.start < stretch.end
    ]
    found = match(
        [target.span for target in read],
        places,
        [label.optional for label in labelled],
        fits=lambda i, j: _figures(read[i]) == _label_figures(labelled[j]),
        overlaps=lambda left, right: overlap(left, right) > 0,
    )
    hits = [(read[i], labelled[j]) for i, j in found.hits]
    return Outcome(
        counts={"targets": Counts(len(hits), len(found.missed), len(found.invented))},
        shares={
            "target_name": share([_same_name(row.name, label.name) for row, label in hits]),
            "target_year": share([row.target_year == label.target_year for row, label in hits]),
        },
        failures=_failures(read, labelled, places, found),
    )


def _figures(target: Indicator) -> tuple[str, ...]:
    high = target.target_high
    return (
        "" if target.target is None else f"{target.target:f}",
        "" if high is None else f"{high:f}",
        squeeze(target.unit),
        target.change or "",
        squeeze(target.bound or ""),
    )


def _label_figures(label: TargetLabel) -> tuple[str, ...]:
    return (
        squeeze(label.target or ""),
        squeeze(label.target_high or ""),
        squeeze(label.unit or ""),
        label.change or "",
        squeeze(label.bound or ""),
    )


def _same_name(read: str, labelled: str) -> bool:
    one, other = squeeze(read), squeeze(labelled)
    return bool(one and other) and (one in other or other in one)


def _failures(
    read: Sequence[Indicator],
    labelled: Sequence[TargetLabel],
    places: Sequence[Span | None],
    found: Match,
) -> tuple[str, ...]:
    lines: list[str] = []
    for j in found.missed:
        place = places[j]
        instead = [
            _show(_figures(read[i]))
            for i in found.invented
            if place is not None and overlap(read[i].span, place)
        ]
        note = f"，读作 {'；'.join(instead)}" if instead else ""
        if place is None:
            note = "，文件中没有这段文字"
        wanted = _show(_label_figures(labelled[j]))
        lines.append(f"目标漏读：{shorten(labelled[j].quote)}（{wanted}）{note}")
    for i in found.invented:
        lines.append(f"目标多读：{shorten(read[i].name, 30)}（{_show(_figures(read[i]))}）")
    for i, j in found.hits:
        row, label = read[i], labelled[j]
        if not _same_name(row.name, label.name):
            lines.append(f"目标名称不符：应为 {shorten(label.name)}，读作 {shorten(row.name)}")
        if row.target_year != label.target_year:
            years = f"应为 {label.target_year or '空'}，读作 {row.target_year or '空'}"
            lines.append(f"目标年份不符：{shorten(label.quote)} {years}")
    return tuple(lines)


def _show(figures: tuple[str, ...]) -> str:
    return " ".join(part for part in figures if part)
