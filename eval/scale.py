"""How search, answers and memory grow with the library: thousands of documents, made of real ones.

Each is a copy of a real document for another county, with other figures, so that words are as
common and as rare as in life. Vectors are those of real passages with some noise, as embedding
hundreds of thousands would take hours and what is measured is what comes after.
"""

import hashlib
import math
import multiprocessing
import random
import re
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answer.answerer import answer_question
from assistant.library import Library
from assistant.models import TextEmbeddings
from assistant.retrieve import retrieve
from assistant.settings import Settings
from corpus.archive import BUNDLED
from corpus.terms import load_places
from eval.embeddings import DelegatingEmbeddings
from eval.questions import FOLDER, load_suite

LATENCIES = ("search_p50_ms", "search_p95_ms", "answer_p50_ms", "answer_p95_ms")

_QUESTIONS = "ouhai_dev"
_DIGIT = re.compile(r"(?<=\d)\d")
# Cosines of about .9 with the passage that a vector is made of.
_NOISE = 0.025
_POOL = 256


@dataclass(frozen=True, slots=True)
class Scale:
    """What a library of `chunks` took: seconds to take in without embedding, latencies, memory."""

    chunks: int
    documents: int
    ingest_seconds: float
    search_ms: tuple[float, ...]
    answer_ms: tuple[float, ...]
    memory_mb: float

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        search, answers = (
            statistics.quantiles(values, n=100) for values in (self.search_ms, self.answer_ms)
        )
        latencies = (search[49], search[94], answers[49], answers[94])
        return {
            "chunks": self.chunks,
            "documents": self.documents,
            "ingest_seconds": round(self.ingest_seconds, 1),
            **dict(zip(LATENCIES, (round(value, 1) for value in latencies), strict=True)),
            "memory_mb": round(self.memory_mb),
        }


class NoisyEmbeddings(DelegatingEmbeddings):
    """The real model for questions; for passages a real vector with noise, the same every time."""

    def __init__(self, embeddings: TextEmbeddings, passages: Sequence[str]) -> None:
        """Embed the passages that all others are made of."""
        super().__init__(embeddings)
        self._pool = np.array(embeddings.embed_documents(list(passages)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector of length one for each text."""
        vectors: list[list[float]] = [self._vector(text).tolist() for text in texts]
        return vectors

    def _vector(self, text: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        generator = np.random.default_rng(seed)
        vector = self._pool[generator.integers(len(self._pool))]
        noisy = vector + generator.normal(0, _NOISE, len(vector))
        length: NDArray[np.float64] = noisy / np.linalg.norm(noisy)
        return length


def measure_scale(sizes: Sequence[int], documents: Path, workspace: Path) -> Iterator[Scale]:
    """Grow one library to each of the sizes (in chunks, rising) and measure it there."""
    originals = originals_in(documents)
    settings = Settings(data_dir=workspace / "library")
    library = Library(settings)
    library.embeddings = NoisyEmbeddings(library.embeddings, _passages(originals))
    copies = copies_of(originals, workspace / "files")
    taken, seconds = 0, 0.0
    for size in sizes:
        started = time.perf_counter()
        while (missing := size - library.catalog.count_chunks()) > 0:
            # How many chunks a copy makes is known only afterwards.
            mean = library.catalog.count_chunks() / max(taken, 1)
            wanted = math.ceil(missing / max(mean, 1))
            batch = list(islice(copies, min(wanted, max(taken, 4))))
            taken += len(batch)
            for ingested in library.ingest_all(batch):
                if ingested.outcome == "failed":
                    raise RuntimeError(f"{ingested.name}: {ingested.warnings}")
        seconds += time.perf_counter() - started
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            search, answers, memory = process.submit(_ask, settings.data_dir).result()
        yield Scale(library.catalog.count_chunks(), taken, seconds, search, answers, memory)


def _ask(data_dir: Path) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    """Ask a library in a fresh process: milliseconds of searches and answers, MB at the most."""
    library = Library(Settings(data_dir=data_dir))
    questions = [gold.question for gold in load_suite(FOLDER / f"{_QUESTIONS}.jsonl")]
    for question in questions[:3]:
        answer_question(question, library)
    search: list[float] = []
    answers: list[float] = []
    for question in questions:
        # Each half embeds the question anew, as the cache of questions would hide it.
        started = time.perf_counter()
        retrieve(f"{question} ", library)
        search.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        answer_question(question, library)
        answers.append((time.perf_counter() - started) * 1000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return tuple(search), tuple(answers), peak / (2**20 if sys.platform == "darwin" else 2**10)


def originals_in(documents: Path) -> list[str]:
    """Return the texts that copies are made of: those in the folder, else the bundled plan's."""
    files = sorted(documents.rglob("*.txt")) if documents.is_dir() else []
    files = files or sorted(BUNDLED.rglob("*.txt"))
    return [file.read_text(encoding="utf-8", errors="replace") for file in files]


def _passages(originals: Sequence[str]) -> list[str]:
    random_ = random.Random(0)
    lines = [line for text in originals for line in text.splitlines() if len(line) > 40]
    return [line[:300] for line in random_.sample(lines, min(_POOL, len(lines)))]


def copies_of(originals: Sequence[str], folder: Path) -> Iterator[Path]:
    """Yield files of the documents, again and again for other counties and with other figures."""
    folder.mkdir(parents=True)
    random_ = random.Random(0)
    counties = sorted(place for place in load_places() if place.endswith("县"))
    number = 0
    while True:
        county = random_.choice(counties)
        for text in originals:
            number += 1
            changed = _DIGIT.sub(lambda _: random_.choice("0123456789"), text)
            path = folder / f"{county}第{number}号文件.txt"
            path.write_text(f"{county}第{number}号文件\n{changed}", encoding="utf-8")
            yield path
