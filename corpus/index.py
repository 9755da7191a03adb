"""The vectors of the chunks, in Chroma; always rebuildable from the catalog.

Holds keys and vectors only: what a key stands for, the catalog tells. A vector whose key the
catalog does not know is a leftover and counts for nothing.

Several processes may have the same index open, in a folder or on a Chroma server. A client of a
folder never sees what another process puts in (seen with Chroma 1.5.9: the new vectors count but
are not found), so whoever changes it leaves a mark there, and the others open it anew.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit
from uuid import uuid4

import chromadb
import httpx
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.types import Where
from chromadb.config import Settings
from chromadb.errors import NotFoundError
from numpy.typing import NDArray

from corpus.errors import IndexMismatch, IndexUnreachable, StoreBusy
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

# Opening a folder anew reads all its vectors: while another process takes in many files, not for
# each of its changes.
_REOPEN_SECONDS = 2.0
_MARK = "changed"

# One row a text.
Vectors: TypeAlias = Sequence[Sequence[float]] | NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DenseHit:
    """A chunk found by meaning; `similarity` is the cosine of the two vectors."""

    key: ChunkKey
    similarity: float


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A Chroma server, and the collection there that is this catalog's own."""

    url: str
    collection: str
    token: str | None = None


Place: TypeAlias = Path | ChromaServer
_Result = TypeVar("_Result")


class VectorIndex:
    """The open index, made by one embedding model. Safe to use from several threads."""

    def __init__(self, place: Place, model: Mapping[str, str | int]) -> None:
        """Open the index in a folder or on a server; `model` tells what makes its vectors.

        Raises:
            IndexMismatch: if the vectors in it were made by another model.
            IndexUnreachable: if the server does not answer.
        """
        self._place = place
        self._name = _name(place)
        self._model = dict(model)
        # A client must not be closed while another thread asks it.
        self._lock = threading.RLock()
        self._mark = _read_mark(place)
        self._opened = time.monotonic()
        self._client = _connect(place)
        self._collection = self._create(self._name)
        self._check_model()

    @staticmethod
    def clear(place: Place) -> None:
        """Drop all vectors of this index, whichever model made them."""
        client = _connect(place)
        try:
            client.delete_collection(_name(place))
        except NotFoundError:
            return
        finally:
            client.close()
            _write_mark(place)

    def close(self) -> None:
        """Give the client back: only then a folder can be opened anew."""
        with self._lock:
            self._client.close()

    def add(self, keys: Sequence[ChunkKey], vectors: Vectors) -> None:
        """Store the vectors; one that is there under the same key is replaced."""
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            upsert = methodcaller(
                "upsert",
                ids=[str(key) for key in batch],
                embeddings=np.asarray(vectors[start : start + _BATCH], dtype=np.float32),
                metadatas=[{"plan_id": key.plan_id} for key in batch],
            )
            self._change(upsert)

    def delete(self, keys: Iterable[ChunkKey]) -> None:
        """Remove these vectors, as far as they are there."""
        ids = [str(key) for key in keys]
        for start in range(0, len(ids), _BATCH):
            self._change(methodcaller("delete", ids=ids[start : start + _BATCH]))

    def keys(self) -> set[ChunkKey]:
        """Return the keys of all vectors."""
        found = self._ask(lambda collection: collection.get(include=[]))
        return {ChunkKey.parse(key) for key in found["ids"]}

    def mend(self) -> int:
        """Make stored vectors that a search no longer finds reachable (chroma-core/chroma#7758).

        They are put in again; if that does not help, the whole index is made anew from its own
        vectors. Returns how many were lost. Of a very large index a sample is looked at.
        """
        self._sweep()
        lost = self.lost()
        if lost:
            stored = self._ask(lambda found: found.get(ids=lost, include=["embeddings"]))
            self._change(lambda collection: collection.delete(ids=lost))
            self.add([ChunkKey.parse(key) for key in stored["ids"]], _vectors(stored))
            if self.lost():
                self._make_anew()
        return len(lost)

    def lost(self) -> list[str]:
        """Return the ids of stored vectors that a search does not find, each looked for itself."""
        ids = self._ask(lambda collection: collection.get(include=[]))["ids"]
        sample = random.Random(0).sample(ids, min(len(ids), _SAMPLE))
        return [
            key
            for start in range(0, len(sample), _PROBES)
            for key in self._not_found(sample[start : start + _PROBES])
        ]

    def _not_found(self, ids: list[str]) -> list[str]:
        stored = self._ask(lambda collection: collection.get(ids=ids, include=["embeddings"]))
        found = self._ask(
            lambda collection: collection.query(
                query_embeddings=_vectors(stored), n_results=1, include=["distances"]
            )
        )
        # Equal texts have equal vectors: any of them will do.
        return [
            key
            for key, distances in zip(stored["ids"], found["distances"] or [], strict=True)
            if not distances or distances[0] > _SAME
        ]

    def _sweep(self) -> None:
        """Drop what a run left that was stopped while it made the index anew."""
        with self._lock:
            for other in self._client.list_collections():
                # On a server there may be others that are none of ours.
                if other.name.startswith(f"{self._name}-"):
                    self._client.delete_collection(other.name)

    def _make_anew(self) -> None:
        """Copy all vectors into a new collection that takes the place of this one.

        Stopped half-way, the old one is still there, or none: then `reconcile` embeds anew.
        """
        with self._lock:
            fresh = self._create(f"{self._name}-{uuid4().hex}")
            old = self._collection
            ids = old.get(include=[])["ids"]
            self._collection = fresh
            for start in range(0, len(ids), _BATCH):
                stored = old.get(ids=ids[start : start + _BATCH], include=["embeddings"])
                self.add([ChunkKey.parse(key) for key in stored["ids"]], _vectors(stored))
            self._client.delete_collection(self._name)
            fresh.modify(name=self._name)
            self._mark = _write_mark(self._place)

    def count(self) -> int:
        """Return the number of vectors."""
        return self._ask(lambda collection: collection.count())

    def search(
        self, vector: Sequence[float], *, limit: int, plan_ids: Sequence[str] | None = None
    ) -> list[DenseHit]:
        """Return the nearest chunks, the most similar first."""
        where: Where | None = None
        if plan_ids is not None:
            one_of: dict[Literal["$in", "$nin"], list[str | int | float | bool]]
            one_of = {"$in": list(plan_ids)}
            where = {"plan_id": one_of}
        found = self._ask(
            lambda collection: collection.query(
                query_embeddings=np.asarray([vector], dtype=np.float32),
                n_results=limit,
                where=where,
                include=["distances"],
            )
        )
        distances = found["distances"] or [[]]
        return [
            DenseHit(ChunkKey.parse(key), 1 - distance)
            for key, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def _ask(self, request: Callable[[chromadb.Collection], _Result]) -> _Result:
        """Return what the collection answers, as it is now.

        Raises:
            StoreBusy: if another process is just making it anew.
            IndexMismatch: if another process has made it anew with another model.
            IndexUnreachable: if the server does not answer.
        """
        with self._lock:
            if _read_mark(self._place) != self._mark:
                self._open_again()
            try:
                return request(self._collection)
            except NotFoundError:
                # Another process has made it anew: the name is the same, the collection is not.
                self._open_again(at_once=True)
                return request(self._collection)
            except httpx.TransportError as error:
                raise _unreachable(self._place) from error

    def _change(self, request: Callable[[chromadb.Collection], Any]) -> None:
        with self._lock:
            self._ask(request)
            self._mark = _write_mark(self._place)

    def _open_again(self, *, at_once: bool = False) -> None:
        if not at_once and time.monotonic() - self._opened < _REOPEN_SECONDS:
            return
        mark = _read_mark(self._place)
        self._client.close()
        self._client = _connect(self._place)
        try:
            self._collection = self._client.get_collection(self._name, embedding_function=None)
        except NotFoundError as error:
            # Not made here: it would be marked as this model's.
            raise StoreBusy("向量索引正在重建，请稍后再试") from error
        self._check_model()
        self._mark, self._opened = mark, time.monotonic()

    def _check_model(self) -> None:
        made_by = self._collection.metadata or {}
        if {name: made_by.get(name) for name in self._model} != self._model:
            raise IndexMismatch(
                f"向量索引由模型 {made_by.get('name')} 建立，与当前模型 {self._model.get('name')} "
                "不一致（名称相同则是重新编译过或换了前缀）；请运行 plan-assistant reindex 重建，"
                "或改回原来的模型设置"
            )

    def _create(self, name: str) -> chromadb.Collection:
        return self._client.get_or_create_collection(
            name,
            metadata=self._model,
            configuration={"hnsw": _GRAPH},
            embedding_function=None,
        )


def _connect(place: Place) -> Client:
    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        place.mkdir(parents=True, exist_ok=True)
        return cast(Client, chromadb.PersistentClient(path=place, settings=settings))
    url = urlsplit(place.url)
    is_https = url.scheme == "https"
    try:
        client = chromadb.HttpClient(
            host=url.hostname or "",
            port=url.port or (443 if is_https else 80),
            ssl=is_https,
            headers={"Authorization": f"Bearer {place.token}"} if place.token else None,
            settings=settings,
        )
    except (ValueError, httpx.HTTPError) as error:
        # Chroma makes a ValueError of whatever keeps it from connecting.
        raise _unreachable(place) from error
    # What Chroma promises of them leaves `close` out.
    return cast(Client, client)


def _unreachable(place: Place) -> IndexUnreachable:
    return IndexUnreachable(
        f"连不上 Chroma 服务 {getattr(place, 'url', place)}；请检查它是否在运行、PLAN_CHROMA_URL "
        "和 PLAN_CHROMA_TOKEN 是否正确"
    )


def _name(place: Place) -> str:
    return _COLLECTION if isinstance(place, Path) else place.collection


def _read_mark(place: Place) -> str:
    """Return the mark that the last change left; a server needs none."""
    if not isinstance(place, Path):
        return ""
    try:
        return (place / _MARK).read_text()
    except FileNotFoundError:
        return ""


def _write_mark(place: Place) -> str:
    if not isinstance(place, Path):
        return ""
    mark, fresh = uuid4().hex, place / f"{_MARK}.{uuid4().hex}"
    fresh.write_text(mark)
    fresh.replace(place / _MARK)
    return mark


def _vectors(stored: chromadb.GetResult) -> NDArray[np.float32]:
    return np.asarray(stored["embeddings"], dtype=np.float32)
