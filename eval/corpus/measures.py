"""The measures that were read against the labelled ones."""

from collections.abc import Sequence

from corpus.model import Measure, Span
from eval.corpus.labels import MeasureLabel
from eval.corpus.matching import Match, match
from eval.corpus.outcome import Outcome, shorten
from eval.corpus.places import overlap, squeeze
from eval.corpus.tally import Counts, Ratio, share

# Compared word for word; the instruments are a set and compared as one.
FIELDS = (
    "strength",
    "applicants",
    "condition",
    "amount",
    "rate",
    "cap",
    "duration",
    "department",
)


def score_measures(
    measures: Sequence[Measure],
    labelled: Sequence[MeasureLabel],
    places: Sequence[Span | None],
    stretch: Span,
) -> Outcome:
    """Match by half of the shorter span, then compare the fields of those that match.

    An optional measure counts neither way.
    """
    read = [one for one in measures if stretch.start <= one.span.start < stretch.end]
    found = match(
        [measure.span for measure in read],
        places,
        [label.optional for label in labelled],
        fits=lambda _i, _j: True,
        overlaps=lambda left, right: 2 * overlap(left, right) >= min(len(left), len(right)) > 0,
    )
    hits = [(read[i], labelled[j]) for i, j in found.hits]
    shares = {
        f"measure_{field}": share(
            [
                _same(measure, label, field)
                for measure, label in hits
                if field in label.model_fields_set
            ]
        )
        for field in FIELDS
    }
    shares["measure_instruments"] = _instruments(hits)
    return Outcome(
        counts={"measures": Counts(len(hits), len(found.missed), len(found.invented))},
        shares=shares,
        failures=_failures(read, labelled, places, found),
    )


def _same(measure: Measure, label: MeasureLabel, field: str) -> bool:
    return squeeze(getattr(measure, field) or "") == squeeze(getattr(label, field) or "")


def _instruments(hits: Sequence[tuple[Measure, MeasureLabel]]) -> Ratio:
    """Return the mean Jaccard index of the two sets of instruments."""
    return share(
        [
            _jaccard(set(measure.instruments), set(label.instruments))
            for measure, label in hits
            if "instruments" in label.model_fields_set
        ]
    )


def _jaccard(left: set[str], right: set[str]) -> float:
    return len(left & right) / len(left | right) if left | right else 1.0


def _failures(
    read: Sequence[Measure],
    labelled: Sequence[MeasureLabel],
    places: Sequence[Span | None],
    found: Match,
) -> tuple[str, ...]:
    lines: list[str] = []
    for j in found.missed:
        note = "（文件中没有这段文字）" if places[j] is None else ""
        lines.append(f"举措漏读：{shorten(labelled[j].quote)}{note}")
    lines += [f"举措多读：{shorten(read[i].text)}" for i in found.invented]
    for i, j in found.hits:
        lines += _field_failures(read[i], labelled[j])
    return tuple(lines)


def _field_failures(measure: Measure, label: MeasureLabel) -> list[str]:
    wrong = {
        field: (getattr(label, field), getattr(measure, field))
        for field in FIELDS
        if field in label.model_fields_set and not _same(measure, label, field)
    }
    wanted, read = label.instruments, measure.instruments
    if "instruments" in label.model_fields_set and set(wanted) != set(read):
        wrong["instruments"] = ("、".join(wanted), "、".join(read))
    return [
        f"举措字段不符：{shorten(label.quote, 30)} {field}："
        f"应为 {shorten(right or '空')}，读作 {shorten(given or '空')}"
        for field, (right, given) in wrong.items()
    ]
