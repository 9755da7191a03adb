"""Libraries of any size, made of real documents."""

import re
from itertools import islice
from pathlib import Path

import pytest

from corpus.archive import BUNDLED
from eval.scale import LATENCIES, copies_of, measure_scale, originals_in


def test_copies_differ_in_place_and_figures_only(tmp_path: Path) -> None:
    (original,) = originals_in(BUNDLED)
    first, second = (
        path.read_text(encoding="utf-8")
        for path in islice(copies_of([original], tmp_path / "files"), 2)
    )
    assert first != second

    def without_figures(text: str) -> str:
        return re.sub(r"\d+", "", text.split("\n", 1)[1])

    assert without_figures(first) == without_figures(second) == without_figures(f"\n{original}")


@pytest.mark.slow
def test_a_library_grows_to_each_size_and_is_asked_there(tmp_path: Path) -> None:
    small, large = measure_scale([20, 120], tmp_path / "nothing", tmp_path)
    assert 20 <= small.chunks < large.chunks
    assert large.chunks >= 120
    figures = large.as_json()
    assert all(figures[name] > 0 for name in (*LATENCIES, "memory_mb", "ingest_seconds"))
    assert figures["search_p50_ms"] <= figures["search_p95_ms"]
