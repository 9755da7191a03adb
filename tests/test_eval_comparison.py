"""The suite of comparisons: its labels, and what it finds on the real reports."""

from decimal import Decimal
from pathlib import Path

import pytest

from eval.comparison.run import PARTS, judge_comparisons, load_cells, shares

DOCUMENTS = Path(__file__).parents[2] / "shared" / "plans"


def test_the_suite_judges_every_labelled_cell(tmp_path: Path) -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip(f"no documents in {DOCUMENTS}")
    found = shares(judge_comparisons(DOCUMENTS, tmp_path))
    stated = found["development"]["载明"]
    assert (stated.count, stated.total) == (63, 63)
    assert found["development"]["未载明"].value == 1
    assert found["held_out"]["载明"].value >= Decimal("0.97")


def test_the_labels_are_whole() -> None:
    cells = [cell for part in PARTS for cell in load_cells(part)]
    assert len({(cell.file, cell.indicator) for cell in cells}) == len(cells) == 130
    assert all(cell.value is None or cell.value in cell.quote for cell in cells)
