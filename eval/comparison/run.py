"""Compares the labelled reports and judges each cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.library import Library
from assistant.tools.comparison import compare_named
from assistant.tools.figures import Figure
from eval.calculations.run import take_in
from eval.score import Share

FOLDER = Path(__file__).parent
PARTS = ("development", "held_out")


class CellLabel(BaseModel):
    """What a report states of an indicator for its year, as printed; None where nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    region: str
    year: int
    indicator: str
    value: str | None
    quote: str
    note: str


@dataclass(frozen=True, slots=True)
class CellVerdict:
    """A labelled cell, what the comparison shows in it, and whether it is cited from the quote."""

    part: str
    label: CellLabel
    shown: tuple[str, ...]
    is_cited: bool

    @property
    def is_right(self) -> bool:
        """Tell whether exactly what is stated is shown, with the words that state it."""
        expected = () if self.label.value is None else ("".join(self.label.value.split()),)
        return self.shown == expected and self.is_cited


def load_cells(part: str) -> list[CellLabel]:
    """Read one part.

    Raises:
        ValidationError: if a line is not a label.
    """
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    read = TypeAdapter(CellLabel).validate_json
    return [read(line) for line in lines if line.strip()]


def judge_comparisons(documents: Path, workspace: Path) -> list[CellVerdict]:
    """Compare all labelled reports under the folder; those that are not there are left out."""
    verdicts: list[CellVerdict] = []
    for part in PARTS:
        labels = [one for one in load_cells(part) if (documents / one.file).is_file()]
        files = sorted({documents / one.file for one in labels})
        library = take_in(files, workspace / part)
        for name, group in groupby(sorted(labels, key=_indicator), _indicator):
            verdicts += _judge(part, name, list(group), library)
    return verdicts


def shares(verdicts: list[CellVerdict]) -> Mapping[str, Mapping[str, Share]]:
    """Return for each part the right cells: those with a figure, those without, by indicator."""
    found: dict[str, dict[str, Share]] = {}
    for part in PARTS:
        of_part = [one for one in verdicts if one.part == part]
        groups = {
            "载明": [one for one in of_part if one.label.value is not None],
            "未载明": [one for one in of_part if one.label.value is None],
            **{
                name: [one for one in of_part if one.label.indicator == name]
                for name in dict.fromkeys(one.label.indicator for one in of_part)
            },
        }
        found[part] = {
            name: Share(sum(one.is_right for one in group), len(group))
            for name, group in groups.items()
        }
    return found


def _indicator(label: CellLabel) -> str:
    return label.indicator


def _judge(part: str, name: str, labels: list[CellLabel], library: Library) -> list[CellVerdict]:
    comparison = compare_named([name], library, kind="报告")
    cells: dict[tuple[str, int | None], list[Figure]] = {}
    for series in comparison.series:
        for party, figures in zip(comparison.parties, series.figures, strict=True):
            cells.setdefault((party.place, party.year), []).extend(figures)
    verdicts: list[CellVerdict] = []
    for label in labels:
        found = cells[label.region, label.year]
        is_cited = all(_is_cited(label, figure, library) for figure in found)
        verdicts.append(CellVerdict(part, label, tuple(one.shown for one in found), is_cited))
    return verdicts


def _is_cited(label: CellLabel, figure: Figure, library: Library) -> bool:
    text = library.catalog.plan(figure.indicator.plan_id).text
    start = text.find(label.quote)
    span = figure.indicator.span
    return start != -1 and start < span.end and span.start < start + len(label.quote)
