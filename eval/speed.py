"""How fast on this machine: the figures that the project promises, measured through real processes.

The server is started as a user would start it and asked over HTTP; the cold start is that of a new
process of the command line.
"""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.library import Library
from assistant.models import TextEmbeddings
from assistant.settings import Settings
from corpus.archive import BUNDLED
from eval.bench.load import Bench, BenchDocument
from eval.bench.run import has_extra
from eval.questions import DEFAULT_SUITE, FOLDER, load_suite
from eval.scale import copies_of, originals_in
from eval.server import COMMAND, started
from eval.speed_matching import measure_matching

_COLD_RUNS = 5
# Enough that the second which the parsing processes take to start is not most of it.
_COPIES = 40
_PASSAGES = 256
_PASSAGE_CHARACTERS = 150


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Texts that were taken in, how many chunks they made and the seconds it took."""

    chunks: int
    texts: tuple[str, ...]
    seconds: float
    embeddings: TextEmbeddings

    @property
    def chunks_a_second(self) -> float:
        """Return chunks a second, from file to index."""
        return self.chunks / self.seconds

    @property
    def characters_a_second(self) -> float:
        """Return characters a second: chunks may be long or short."""
        return sum(map(len, self.texts)) / self.seconds


def measure_speed() -> dict[str, Any]:
    """Return the measured figures beside what is wanted of them."""
    questions = [gold.question for gold in load_suite(FOLDER / f"{DEFAULT_SUITE}.jsonl")]
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        library = Library(settings)
        library.set_up()
        rate = _passages_per_second(library)
        cold = _cold_seconds(folder, questions)
        warm, inside, memory = _server_figures(folder, questions)
        # Last, as no library holds forty versions of one plan and is asked of them.
        taken_in = _take_in(library, Path(folder) / "copies")
    with TemporaryDirectory() as folder:
        matching = measure_matching(Path(folder))
    return {
        "processors": os.cpu_count(),
        "rows": [
            _row("问答 p50（服务内）", _ms(inside, 50), "≤ 60 ms"),
            _row("问答 p95（服务内）", _ms(inside, 95), "≤ 120 ms"),
            _row("问答 p50（经 HTTP）", _ms(warm, 50), "≤ 60 ms"),
            _row("问答 p95（经 HTTP）", _ms(warm, 95), "≤ 120 ms"),
            _row("冷启动 ask（中位数）", f"{statistics.median(cold):.2f} s", "≤ 2.5 s"),
            _row(
                f"向量化（{_PASSAGE_CHARACTERS} 字段落）",
                f"{rate:.0f} 段/s",
                "≥ 50 段/s",
            ),
            _row(
                f"政策匹配 {matching.measures} 项措施",
                f"{matching.median * 1000:.0f} ms",
                "≤ 300 ms",
            ),
            _row("政策匹配，首次读出全部条件", f"{matching.first:.1f} s", "—"),
            _row("收录（解析、向量化、入库）", f"{taken_in.chunks_a_second:.0f} 块/s", "≥ 80 块/s"),
            _row("收录", f"{taken_in.characters_a_second:.0f} 字/s", "越快越好"),
            *_beside_langchain(taken_in),
            _row("服务内存", f"{memory:.0f} MB", "≤ 900 MB"),
        ],
    }


def _take_in(library: Library, folder: Path) -> TakenIn:
    """Take in copies of the bundled plan with other figures, as `plan-assistant ingest` does."""
    copies = list(islice(copies_of(originals_in(BUNDLED), folder), _COPIES))
    before = library.catalog.count_chunks()
    started = time.perf_counter()
    for _ in library.ingest_all(copies):
        pass
    seconds = time.perf_counter() - started
    texts = tuple(copy.read_text(encoding="utf-8") for copy in copies)
    return TakenIn(library.catalog.count_chunks() - before, texts, seconds, library.embeddings)


def _beside_langchain(taken_in: TakenIn) -> list[dict[str, str]]:
    """Return how long LangChain's splitter and Chroma take for the same texts, if installed."""
    if not has_extra():
        return []
    # These packages take seconds to import.
    from eval.bench.baselines import langchain_pipeline

    documents = tuple(
        BenchDocument(doc_id=str(number), text=text) for number, text in enumerate(taken_in.texts)
    )
    started = time.perf_counter()
    langchain_pipeline(Bench("speed", "speed", documents, ()), taken_in.embeddings)
    ratio = taken_in.seconds / (time.perf_counter() - started)
    return [_row("收录耗时，LangChain 常规做法为 1", f"{ratio:.2f}", "只切分、不解析")]


def _row(name: str, measured: str, wanted: str) -> dict[str, str]:
    return {"name": name, "measured": measured, "wanted": wanted}


def _ms(seconds: list[float], percentile: int) -> str:
    return f"{statistics.quantiles(seconds, n=100)[percentile - 1] * 1000:.1f} ms"


def _passages_per_second(library: Library) -> float:
    text = library.catalog.plan(library.catalog.entries()[0].id).text
    step = (len(text) - _PASSAGE_CHARACTERS) / _PASSAGES
    starts = [round(number * step) for number in range(_PASSAGES)]
    passages = [text[start : start + _PASSAGE_CHARACTERS] for start in starts]
    library.embeddings.embed_documents(passages[:8])
    started = time.perf_counter()
    library.embeddings.embed_documents(passages)
    return _PASSAGES / (time.perf_counter() - started)


def _cold_seconds(folder: str, questions: list[str]) -> list[float]:
    """Return how long new processes take for questions spread over the set."""
    spread = questions[:: max(1, len(questions) // _COLD_RUNS)][:_COLD_RUNS]
    taken: list[float] = []
    for question in spread:
        started = time.perf_counter()
        subprocess.run(
            [*COMMAND, "ask", question, "--data-dir", folder, "--json"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        taken.append(time.perf_counter() - started)
    return taken


def _server_figures(folder: str, questions: list[str]) -> tuple[list[float], list[float], float]:
    """Return the seconds over HTTP, those inside the server, and its memory in MB."""
    with started(folder) as server:
        for question in questions[:5]:
            server.ask(question)
        over_http: list[float] = []
        inside: list[float] = []
        for question in questions:
            started_at = time.perf_counter()
            document = server.ask(question)
            over_http.append(time.perf_counter() - started_at)
            inside.append(document["timings_ms"]["total"] / 1000)
        return over_http, inside, server.resident_mb()
