"""The rows of indicator tables against the labelled ones, cell by cell."""

from collections.abc import Sequence
from decimal import Decimal

from corpus.model import Indicator, Span
from eval.corpus.labels import IndicatorLabel
from eval.corpus.outcome import Outcome, shorten
from eval.corpus.places import squeeze
from eval.corpus.tally import Counts, Ratio


def score_indicators(
    indicators: Sequence[Indicator], labelled: Sequence[IndicatorLabel], stretch: Span
) -> Outcome:
    """Compare each labelled field of each row; all cells of a row that was not read are wrong."""
    rows = [
        row
        for row in indicators
        if row.origin == "table" and stretch.start <= row.span.start < stretch.end
    ]
    pairs = _pair(rows, labelled)
    cells = Ratio()
    failures: list[str] = []
    for label, row in zip(labelled, pairs, strict=True):
        wrong = _wrong_cells(label, row)
        total = len(label.model_fields_set)
        cells += Ratio(total - len(wrong), total)
        if row is None:
            failures.append(f"指标漏读：{shorten(label.name)}")
        else:
            failures += [f"指标单元格不符：{shorten(label.name, 30)} {cell}" for cell in wrong]
    read = {id(row) for row in pairs if row is not None}
    invented = [row for row in rows if id(row) not in read]
    failures += [f"指标多读：{shorten(row.name)}" for row in invented]
    hits = len(read)
    return Outcome(
        counts={"indicator_rows": Counts(hits, len(labelled) - hits, len(invented))},
        shares={"indicator_cells": cells},
        failures=tuple(failures),
    )


def _pair(rows: Sequence[Indicator], labelled: Sequence[IndicatorLabel]) -> list[Indicator | None]:
    """Give each labelled row the one read for it.

    That is the row of its name; of several the one that agrees in most cells, then the first. What
    is left goes to rows under another name that agree in more than half of the cells.
    """
    pairs: list[Indicator | None] = [None] * len(labelled)
    left = list(rows)
    for by_name in (True, False):
        for place, label in enumerate(labelled):
            if pairs[place] is not None:
                continue
            fitting = [row for row in left if _fits(label, row, by_name=by_name)]
            if fitting:
                best = min(fitting, key=lambda row: len(_wrong_cells(label, row)))
                pairs[place] = best
                left = [row for row in left if row is not best]
    return pairs


def _fits(label: IndicatorLabel, row: Indicator, *, by_name: bool) -> bool:
    if by_name:
        return squeeze(label.name) == squeeze(row.name)
    return 2 * len(_wrong_cells(label, row)) < len(label.model_fields_set)


def _wrong_cells(label: IndicatorLabel, row: Indicator | None) -> list[str]:
    """Return the labelled fields that were not read rightly, each with what stands there."""
    wrong: list[str] = []
    for field in IndicatorLabel.model_fields:
        if field not in label.model_fields_set:
            continue
        wanted = _cell(getattr(label, field))
        read = None if row is None else _cell(getattr(row, field))
        if row is None or wanted != read:
            wrong.append(f"{field}：应为 {wanted or '空'}，读作 {read or '空'}")
    return wrong


def _cell(value: object) -> str:
    """Return a cell as it is compared: figures as printed, without blanks; empty for none."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else squeeze(str(value))
