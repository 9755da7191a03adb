"""Files into the store, and out of it.

The order makes it safe to stop at any moment: vectors of the new version first, then the catalog's
one transaction, then the old version's vectors go. What an interrupted run leaves in the index is
unknown to the catalog and swept by `reconcile`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from corpus.catalog import Catalog
from corpus.keys import ChunkKey
from corpus.limits import Limits
from corpus.load import load_plan
from corpus.model import ParsedPlan
from corpus.parse import parse_plan
from corpus.segment import Segmenter, base_segmenter

if TYPE_CHECKING:
    from corpus.index import VectorIndex

Outcome: TypeAlias = Literal["added", "replaced", "unchanged", "duplicate"]

# A rebuild stores its vectors in steps: one that is stopped goes on from where it was.
_BATCH = 256


class PassageEmbedder(Protocol):
    """What ingestion needs of an embedding model."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""

    def count_tokens(self, text: str) -> int:
        """Return the size of a text in the model's own tokens."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file; `counts` are empty where nothing was read anew."""

    plan_id: str
    title: str
    outcome: Outcome
    sections: int = 0
    chunks: int = 0
    indicators: int = 0
    projects: int = 0


def ingest_file(
    path: Path,
    catalog: Catalog,
    index: "VectorIndex",
    embedder: PassageEmbedder,
    *,
    chunk_tokens: int,
    overlap_tokens: int,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Ingested:
    """Take one file in; a file whose content is there already changes nothing.

    Raises:
        UnreadableFile: if the file cannot be read; the store is left as it was.
    """
    plan, document = load_plan(path, limits)
    same = catalog.plan_with(digest=plan.digest)
    if same is not None and same.source == plan.source:
        return Ingested(same.id, same.title, "unchanged")
    old = catalog.plan_with(source=plan.source)
    if same is not None:
        # What this file said before, it says no more.
        if old is not None:
            remove_plan(old.id, catalog, index)
        return Ingested(same.id, same.title, "duplicate")
    parsed, segmenter = parse_plan(
        plan,
        document,
        base_segmenter(),
        embedder.count_tokens,
        max_tokens=chunk_tokens,
        overlap_tokens=overlap_tokens,
    )
    old_keys = _keys_of(catalog, old.id, old.digest) if old else []
    keys = [ChunkKey.of(chunk, plan.digest) for chunk in parsed.chunks]
    index.add(keys, embedder.embed_documents([chunk.embedded for chunk in parsed.chunks]))
    catalog.replace_plan(parsed, _search_words(parsed, segmenter))
    index.delete(old_keys)
    return Ingested(
        plan.id,
        plan.title,
        "replaced" if old else "added",
        sections=len(parsed.sections),
        chunks=len(parsed.chunks),
        indicators=len(parsed.indicators),
        projects=len(parsed.projects),
    )


def remove_plan(plan_id: str, catalog: Catalog, index: "VectorIndex") -> None:
    """Remove a plan from the catalog and its vectors from the index.

    Raises:
        PlanNotFound: if it is not there.
    """
    keys = _keys_of(catalog, plan_id, catalog.plan(plan_id).digest)
    catalog.remove_plan(plan_id)
    index.delete(keys)


def reconcile(catalog: Catalog, index: "VectorIndex", embedder: PassageEmbedder) -> int:
    """Make the index hold exactly the catalog's chunks; return how many vectors changed."""
    wanted, present = catalog.chunk_keys(), index.keys()
    index.delete(present - wanted)
    missing = sorted(wanted - present, key=str)
    for start in range(0, len(missing), _BATCH):
        chunks = catalog.chunks_of(missing[start : start + _BATCH])
        index.add(list(chunks), embedder.embed_documents([c.embedded for c in chunks.values()]))
    return len(present ^ wanted)


def _keys_of(catalog: Catalog, plan_id: str, digest: str) -> list[ChunkKey]:
    return [ChunkKey.of(chunk, digest) for chunk in catalog.chunks(plan_id)]


def _search_words(parsed: ParsedPlan, segmenter: Segmenter) -> list[tuple[str, str]]:
    contexts = {
        context: " ".join(segmenter.search_words(context))
        for context in {chunk.context for chunk in parsed.chunks}
    }
    return [
        (contexts[chunk.context], " ".join(segmenter.search_words(chunk.text)))
        for chunk in parsed.chunks
    ]
