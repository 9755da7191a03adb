"""The vectors of the chunks, in Chroma; always rebuildable from the catalog.

Holds keys and vectors only: what a key stands for, the catalog tells. A vector whose key the
catalog does not know is a leftover and counts for nothing.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import uuid4

import chromadb
import numpy as np
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.types import Where
from chromadb.config import Settings
from chromadb.errors import NotFoundError
from numpy.typing import NDArray

from corpus.errors import IndexMismatch
from corpus.keys import ChunkKey

_COLLECTION = "chunks"
_BATCH = 2000
# With Chroma's own 16 neighbours and 100 candidates, 1 to 3 of 8,235 real chunks could not be
# reached from anywhere as soon as they were added; with these none.
_GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "max_neighbors": 32,
    "ef_construction": 200,
}
# How many vectors are looked for to see whether the index still finds them, at once and in all.
_PROBES = 200
_SAMPLE = 20_000
_SAME = 1e-3  # Cosine distance of a vector to itself, rounding included.


# One row a text.
Vectors: TypeAlias = Sequence[Sequence[float]] | NDArray[np.float32]


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

    @staticmethod
    def clear(path: Path) -> None:
        """Drop all vectors at `path`, whichever model made them."""
        path.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=path, settings=Settings(anonymized_telemetry=False))
        try:
            client.delete_collection(_COLLECTION)
        except NotFoundError:
            return

    def add(self, keys: Sequence[ChunkKey], vectors: Vectors) -> None:
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

    def mend(self) -> int:
        """Make stored vectors that a search no longer finds reachable (chroma-core/chroma#7758).

        They are put in again; if that does not help, the whole index is made anew from its own
        vectors. Returns how many were lost. Of a very large index a sample is looked at.
        """
        for other in self._client.list_collections():
            # Left by a run that was stopped while it made the index anew.
            if other.name != _COLLECTION:
                self._client.delete_collection(other.name)
        lost = self.lost()
        if lost:
            stored = self._collection.get(ids=lost, include=["embeddings"])
            self._collection.delete(ids=lost)
            self.add([ChunkKey.parse(key) for key in stored["ids"]], _vectors(stored))
            if self.lost():
                self._make_anew()
        return len(lost)

    def lost(self) -> list[str]:
        """Return the ids of stored vectors that a search does not find, each looked for itself."""
        ids = self._collection.get(include=[])["ids"]
        sample = random.Random(0).sample(ids, min(len(ids), _SAMPLE))
        return [
            key
            for start in range(0, len(sample), _PROBES)
            for key in self._not_found(sample[start : start + _PROBES])
        ]

    def _not_found(self, ids: list[str]) -> list[str]:
        stored = self._collection.get(ids=ids, include=["embeddings"])
        found = self._collection.query(
            query_embeddings=_vectors(stored), n_results=1, include=["distances"]
        )
        # Equal texts have equal vectors: any of them will do.
        return [
            key
            for key, distances in zip(stored["ids"], found["distances"] or [], strict=True)
            if not distances or distances[0] > _SAME
        ]

    def _make_anew(self) -> None:
        """Copy all vectors into a new collection that takes the place of this one.

        Stopped half-way, the old one is still there, or none: then `reconcile` embeds anew.
        """
        fresh = self._create(f"{_COLLECTION}-{uuid4().hex}")
        old = self._collection
        ids = old.get(include=[])["ids"]
        self._collection = fresh
        for start in range(0, len(ids), _BATCH):
            stored = old.get(ids=ids[start : start + _BATCH], include=["embeddings"])
            self.add([ChunkKey.parse(key) for key in stored["ids"]], _vectors(stored))
        self._client.delete_collection(_COLLECTION)
        fresh.modify(name=_COLLECTION)

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
        return self._create(_COLLECTION)

    def _create(self, name: str) -> chromadb.Collection:
        return self._client.get_or_create_collection(
            name,
            metadata=self._model,
            configuration={"hnsw": _GRAPH},
            embedding_function=None,
        )


def _vectors(stored: chromadb.GetResult) -> NDArray[np.float32]:
    return np.asarray(stored["embeddings"], dtype=np.float32)
