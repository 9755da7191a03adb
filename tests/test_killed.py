"""Ingestion killed at random moments: nothing finished is lost, nothing is half there."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from assistant.library import Library
from assistant.settings import Settings

KILLS = 50
FILES = 24

_CHAPTER = (
    "{number}、{subject}\n到20{year}年，{subject}企业达到{count}家以上。"
    "支持企业开展{subject}研发，对首次认定的企业给予{count}万元奖励。\n"
)
_SUBJECTS = ("生物医药", "数字经济", "智能装备", "新材料", "现代物流", "文化旅游", "绿色能源")
_NUMERALS = "一二三四五六七八九"


def write_plans(folder: Path) -> None:
    """Write plans of different lengths, no two alike."""
    folder.mkdir()
    for number in range(FILES):
        chapters = "".join(
            _CHAPTER.format(
                number=_NUMERALS[chapter],
                subject=_SUBJECTS[(number + chapter) % 7],
                year=25 + chapter,
                count=10 * number + chapter + 1,
            )
            for chapter in range(3 + number % 7)
        )
        title = f"第{number}区产业发展规划（2021—2025年）"
        (folder / f"{number:02}.txt").write_text(f"{title}\n{chapters}", encoding="utf-8")


def command(folder: Path, data_dir: Path) -> list[str]:
    code = "from assistant.cli import main; main()"
    return [sys.executable, "-c", code, "ingest", str(folder), "--data-dir", str(data_dir)]


def contents(data_dir: Path) -> dict[str, object]:
    """Return all that is stored, by the plan's title; times aside."""
    library = Library(Settings(data_dir=data_dir))
    catalog = library.catalog
    plans = {entry.id: catalog.parsed(entry.id) for entry in catalog.entries()}
    stored = library.index._collection.get(include=["embeddings"])
    found = {
        "plans": plans,
        "keys": {str(key) for key in catalog.chunk_keys()},
        "vectors": dict(zip(stored["ids"], np.asarray(stored["embeddings"]), strict=True)),
        "hits": [
            (hit.chunk.plan_id, hit.chunk.number)
            for hit in catalog.lexical_search(["生物", "医药", "奖励"], limit=999)
        ],
        "lost": library.index.lost(),
    }
    catalog.close()
    return found


def plan_ids(data_dir: Path) -> set[str]:
    """Return the plans that are stored, each of them whole."""
    library = Library(Settings(data_dir=data_dir))
    entries = library.catalog.entries()
    for entry in entries:
        parsed = library.catalog.parsed(entry.id)
        assert all(chunk.span.of(parsed.plan.text) == chunk.text for chunk in parsed.chunks)
        assert [chunk.number for chunk in parsed.chunks] == list(range(entry.chunks))
        assert parsed.sections[-1].own.end == len(parsed.plan.text)
    library.catalog.close()
    return {entry.id for entry in entries}


@pytest.mark.slow
def test_ingestion_killed_fifty_times_ends_as_if_undisturbed(tmp_path: Path) -> None:
    folder = tmp_path / "规划"
    write_plans(folder)
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    started = time.monotonic()
    subprocess.run(command(folder, undisturbed), check=True, capture_output=True)
    whole = time.monotonic() - started
    chance = random.Random(7)
    finished: set[str] = set()

    for kill in range(KILLS):
        process = subprocess.Popen(
            command(folder, killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.1, 1.0) * whole)
        process.send_signal(signal.SIGKILL if kill % 3 else signal.SIGINT)
        process.wait()
        if (killed / "catalog.sqlite").exists():
            stored = plan_ids(killed)
            assert stored >= finished
            finished = stored
        if kill % 10 == 9:
            # Once most is in, a new version of some files is what the next kills interrupt.
            for path in sorted(folder.iterdir())[kill // 10 :: 4]:
                path.write_text(path.read_text("utf-8") + f"第{kill}次修订。\n", "utf-8")

    subprocess.run(command(folder, undisturbed), check=True, capture_output=True)
    subprocess.run(command(folder, killed), check=True, capture_output=True)
    expected, found = contents(undisturbed), contents(killed)
    for vectors in (expected["vectors"], found["vectors"]):
        assert isinstance(vectors, dict)
        assert vectors.keys() == expected["keys"]
    assert found["plans"] == expected["plans"]
    assert found["hits"] == expected["hits"]
    assert found["keys"] == expected["keys"]
    assert (found["lost"], expected["lost"]) == ([], [])
    expected_vectors, found_vectors = expected["vectors"], found["vectors"]
    assert isinstance(expected_vectors, dict)
    assert isinstance(found_vectors, dict)
    for key, vector in expected_vectors.items():
        assert found_vectors[key] == pytest.approx(vector, abs=1e-5)


@pytest.mark.slow
def test_killed_parent_leaves_no_worker_behind(tmp_path: Path) -> None:
    folder = tmp_path / "规划"
    write_plans(folder)
    process = subprocess.Popen(
        command(folder, tmp_path / "data"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    children: set[int] = set()
    deadline = time.monotonic() + 60
    while len(children) < 2 and time.monotonic() < deadline:
        children = set(_children(process.pid))
        time.sleep(0.05)
    assert children
    process.kill()
    process.wait()

    deadline = time.monotonic() + 30
    while any(_is_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [child for child in children if _is_alive(child)]


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def _is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
