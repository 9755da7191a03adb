"""Stand-ins that several tests share, small enough to read."""

import math
import zlib
from dataclasses import dataclass
from pathlib import Path

from corpus.archive import BUNDLED, SourceFile, find_files
from corpus.catalog import Catalog
from corpus.index import VectorIndex
from corpus.ingest import Ingested, ingest_file
from corpus.limits import DEFAULT_LIMITS
from corpus.load import load_plan
from corpus.model import Document, Plan
from corpus.prepare import ParseOptions

MODEL: dict[str, str | int] = {"name": "bigrams", "dimension": 64}


OPTIONS = ParseOptions(len, chunk_tokens=24, overlap_tokens=8)


def file_at(path: Path) -> SourceFile:
    """Return the one file at a path, as ingestion names it."""
    (file,), refused, _ = find_files([path], path.parent, DEFAULT_LIMITS)
    assert not refused
    return file


def load(path: Path) -> tuple[Plan, Document]:
    return load_plan(file_at(path), DEFAULT_LIMITS)


def load_bundled() -> tuple[Plan, Document]:
    (path,) = BUNDLED.glob("*.txt")
    return load(path)


class BigramEmbedder:
    """Counts character pairs in 64 boxes: texts that share wording come out close."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        counts = [0.0] * 64
        for left, right in zip(text, text[1:] + " ", strict=True):
            counts[zlib.crc32((left + right).encode()) % 64] += 1
        length = math.sqrt(sum(count * count for count in counts))
        return [count / length for count in counts]


@dataclass
class Store:
    """The data folder of one test."""

    folder: Path
    catalog: Catalog
    index: VectorIndex
    embedder: BigramEmbedder

    def write(self, text: str, name: str = "规划.txt") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def ingest(self, path: Path) -> Ingested:
        return ingest_file(file_at(path), self.catalog, self.index, self.embedder, OPTIONS)

    def contents(self) -> tuple[object, ...]:
        """Return all that is stored: two equal answers mean that nothing has changed."""
        plans = [self.catalog.plan(entry.id) for entry in self.catalog.entries()]
        return (
            self.catalog.entries(),
            plans,
            [self.catalog.sections(plan.id) for plan in plans],
            self.catalog.chunks(),
            self.catalog.indicators(),
            self.catalog.projects(),
            self.catalog.measures(),
            self.catalog.lexical_search(["企业", "高新技术企业", "碳达峰", "孵化器"], limit=99),
            self.index.keys(),
        )
