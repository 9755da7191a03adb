"""The vectors of the chunks, in Chroma; always rebuildable from the catalog.

Holds keys and vectors only: what a key stands for, the catalog tells. A vector whose key the
catalog does not know is a leftover and counts for nothing.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import chromadb
import numpy as np
from chromadb.api.types import Where
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from corpus.errors import IndexMismatch
from corpus.keys import ChunkKey

_COLLECTION = "chunks"
_BATCH = 2000
# How many vectors are looked for to see whether the index still finds them, at once and in all.
_PROBES = 200
_SAMPLE = 2000
_SAME = 1e-3  # Cosine distance of a vector to itself, rounding included.


@dataclass(frozen=True, slots=True)
class DenseHit:
    """A chunk found by meaning; `similarity` is the cosine of the two vectors."""

    key: ChunkKey
    similarity: float


class VectorIndex:
    """The open index, made by one embedding model."""

    def __init__(self, path: Path, model: Mapping[str, str | int]) -> None:
        """Open the index at `path`; `model` tells which embedding model makes its vectors.

        Raises:
            IndexMismatch: if the vectors in it were made by another model.
        """
        path.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(
            path=path, settings=Settings(anonymized_telemetry=False)
        )
        self._model = dict(model)
        self._collection = self._open()
        made_by = self._collection.metadata or {}
        if {name: made_by.get(name) for name in self._model} != self._model:
            raise IndexMismatch(
                f"向量索引由模型 {made_by.get('name')} 建立，与当前模型 {self._model.get('name')} "
                "不一致（名称相同则是重新编译过或换了前缀）；请运行 plan-assistant reindex 重建，"
                "或改回原来的模型设置"
            )

    def clear_all(self) -> None:
        """Drop all vectors; the same model goes on."""
        self._client.delete_collection(_COLLECTION)
        self._collection = self._open()

    @staticmethod
    def clear(path: Path) -> None:
        """Drop all vectors at `path`, whichever model made them."""
        path.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=path, settings=Settings(anonymized_telemetry=False))
        try:
            client.delete_collection(_COLLECTION)
        except NotFoundError:
            return

    def add(self, keys: Sequence[ChunkKey], vectors: Sequence[Sequence[float]]) -> None:
        """Store the vectors; one that is there under the same key is replaced."""
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            self._collection.upsert(
                ids=[str(key) for key in batch],
                embeddings=np.asarray(vectors[start : start + _BATCH], dtype=np.float32),
                metadatas=[{"plan_id": key.plan_id} for key in batch],
            )

    def delete(self, keys: Iterable[ChunkKey]) -> None:
        """Remove these vectors, as far as they are there."""
        ids = [str(key) for key in keys]
        for start in range(0, len(ids), _BATCH):
            self._collection.delete(ids=ids[start : start + _BATCH])

    def keys(self) -> set[ChunkKey]:
        """Return the keys of all vectors."""
        return {ChunkKey.parse(found) for found in self._collection.get(include=[])["ids"]}

    def lost(self) -> bool:
        """Tell whether some vectors are stored but no longer found (chroma-core/chroma#7758).

        Each of a sample (all of a small index) must be found by itself.
        """
        ids = self._collection.get(include=[])["ids"]
        sample = random.Random(0).sample(ids, min(len(ids), _SAMPLE))
        for start in range(0, len(sample), _PROBES):
            if not self._are_found(sample[start : start + _PROBES]):
                return True
        return False

    def _are_found(self, ids: list[str]) -> bool:
        stored = self._collection.get(ids=ids, include=["embeddings"])
        vectors = np.asarray(stored["embeddings"], dtype=np.float32)
        found = self._collection.query(query_embeddings=vectors, n_results=1, include=["distances"])
        distances = found["distances"] or []
        # Equal texts have equal vectors: any of them will do.
        return len(distances) == len(ids) and all(
            nearest and nearest[0] < _SAME for nearest in distances
        )

    def count(self) -> int:
        """Return the number of vectors."""
        return self._collection.count()

    def search(
        self, vector: Sequence[float], *, limit: int, plan_ids: Sequence[str] | None = None
    ) -> list[DenseHit]:
        """Return the nearest chunks, the most similar first."""
        where: Where | None = None
        if plan_ids is not None:
            one_of: dict[Literal["$in", "$nin"], list[str | int | float | bool]]
            one_of = {"$in": list(plan_ids)}
            where = {"plan_id": one_of}
        found = self._collection.query(
            query_embeddings=np.asarray([vector], dtype=np.float32),
            n_results=limit,
            where=where,
            include=["distances"],
        )
        distances = found["distances"] or [[]]
        return [
            DenseHit(ChunkKey.parse(key), 1 - distance)
            for key, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def _open(self) -> chromadb.Collection:
        return self._client.get_or_create_collection(
            _COLLECTION,
            metadata=self._model,
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )
