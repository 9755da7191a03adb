"""Files into the store, and out of it.

The order makes it safe to stop at any moment: vectors of the new version first, then the catalog's
one transaction, then the old version's vectors go. What an interrupted run leaves in the index is
unknown to the catalog and swept by `reconcile`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from corpus.archive import SourceFile
from corpus.catalog import Catalog, Corrections
from corpus.errors import UnreadableFile
from corpus.keys import ChunkKey
from corpus.load import file_digest, id_of
from corpus.model import ParsedPlan
from corpus.parse import rename
from corpus.plan_terms import plan_terms
from corpus.prepare import ParseOptions, Prepared, correct, prepare, search_words
from corpus.segment import base_segmenter
from corpus.versions import find_superseded
from corpus.workers import prepare_all

if TYPE_CHECKING:
    from corpus.index import VectorIndex

Outcome: TypeAlias = Literal["added", "replaced", "unchanged", "duplicate", "skipped", "failed"]

# Vectors are made and stored in steps: a long file shows its progress, a rebuild can go on.
_BATCH = 256


class PassageEmbedder(Protocol):
    """What ingestion needs of an embedding model."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file; the counts are 0 where nothing was read anew.

    `warnings` says in Chinese what of it could not be read, or why it failed.
    """

    name: str
    source: str
    outcome: Outcome
    plan_id: str | None = None
    title: str | None = None
    pages: int = 0
    sections: int = 0
    chunks: int = 0
    indicators: int = 0
    projects: int = 0
    measures: int = 0
    warnings: tuple[str, ...] = ()


def ingest_file(
    file: SourceFile,
    catalog: Catalog,
    index: "VectorIndex",
    embedder: PassageEmbedder,
    options: ParseOptions,
) -> Ingested:
    """Take one trusted file in, in this process; one that is there already changes nothing.

    Raises:
        UnreadableFile: if the file cannot be read; the store is left as it was.
    """
    known = _known(file, catalog, index, options)
    if known is not None:
        return known
    prepared = prepare(file, options, _corrections(file, catalog))
    return _store(file, prepared, catalog, index, embedder, options, lambda _: None)


def ingest_files(
    files: Sequence[SourceFile],
    catalog: Catalog,
    index: "VectorIndex",
    embedder: PassageEmbedder,
    options: ParseOptions,
    *,
    workers: int,
    advance: Callable[[SourceFile, float], None] = lambda file, fraction: None,
) -> Iterator[Ingested]:
    """Take files in and yield what became of each as soon as it is safe in the store.

    They are parsed by `workers` processes, each file within the limits of `options`; one that fails
    does not touch the others, nor its own older version. `advance` is told how much of a file is
    done.
    """
    changed: list[SourceFile] = []
    for file in files:
        try:
            known = _known(file, catalog, index, options)
        except UnreadableFile as error:
            known = Ingested(file.name, file.source, "failed", warnings=(str(error),))
        if known is None:
            changed.append(file)
        else:
            advance(file, 1.0)
            yield known
    jobs = ((file, _corrections(file, catalog)) for file in changed)
    # Starting a process takes a while: none that has nothing to parse.
    workers = min(workers, len(changed))
    results = prepare_all(jobs, options, workers=workers) if changed else iter(())
    for file, prepared in results:
        if isinstance(prepared, UnreadableFile):
            advance(file, 1.0)
            yield Ingested(file.name, file.source, "failed", warnings=(str(prepared),))
            continue

        def show(fraction: float, file: SourceFile = file) -> None:
            advance(file, fraction)

        yield _store(file, prepared, catalog, index, embedder, options, show)


def update_versions(catalog: Catalog) -> None:
    """Note which plans are superseded by newer versions among those that are there."""
    catalog.mark_superseded(find_superseded(catalog))


def correct_plan(
    plan_id: str,
    corrections: Corrections,
    catalog: Catalog,
    index: "VectorIndex",
    embedder: PassageEmbedder,
) -> None:
    """Set a plan's title or metadata right, now and for later versions of its file.

    Raises:
        PlanNotFound: if it is not there.
    """
    parsed, parser = catalog.parsed(plan_id), catalog.entry(plan_id).parser
    fields = {**catalog.corrections(plan_id), **corrections}
    corrected = rename(parsed, correct(parsed.plan, fields))
    segmenter = base_segmenter().with_terms(
        plan_terms(corrected.plan.text, corrected.indicators, corrected.projects)
    )
    # The title stands in what is embedded of every chunk.
    if corrected.plan.title != parsed.plan.title:
        _add_vectors(corrected, index, embedder, lambda _: None)
    catalog.save_corrections(plan_id, fields)
    catalog.replace_plan(corrected, search_words(corrected, segmenter), parser=parser)


def remove_plan(plan_id: str, catalog: Catalog, index: "VectorIndex") -> None:
    """Remove a plan from the catalog and its vectors from the index.

    Raises:
        PlanNotFound: if it is not there.
    """
    keys = _keys_of(catalog, plan_id, catalog.plan(plan_id).digest)
    catalog.remove_plan(plan_id)
    index.delete(keys)


def reconcile(catalog: Catalog, index: "VectorIndex", embedder: PassageEmbedder) -> int:
    """Make the index hold exactly the catalog's chunks, all within reach of a search.

    Returns how many vectors changed.
    """
    wanted, present = catalog.chunk_keys(), index.keys()
    index.delete(present - wanted)
    missing = sorted(wanted - present, key=str)
    for start in range(0, len(missing), _BATCH):
        chunks = catalog.chunks_of(missing[start : start + _BATCH])
        index.add(list(chunks), embedder.embed_documents([c.embedded for c in chunks.values()]))
    return len(present ^ wanted) + index.mend()


def _known(
    file: SourceFile, catalog: Catalog, index: "VectorIndex", options: ParseOptions
) -> Ingested | None:
    """Return what became of a file whose content is there already, None if it must be parsed."""
    digest = file_digest(file.path, options.limits)
    same = catalog.known_by(digest=digest)
    if same is None or (same.source == file.source and same.parser != options.parser):
        return None
    outcome: Outcome = "unchanged"
    if same.source != file.source:
        outcome = "duplicate"
        # What this file said before, it says no more.
        if old := catalog.known_by(source=file.source):
            remove_plan(old.id, catalog, index)
    return Ingested(file.name, file.source, outcome, same.id, same.title)


def _corrections(file: SourceFile, catalog: Catalog) -> Corrections:
    return catalog.corrections(id_of(file.source))


def _store(
    file: SourceFile,
    prepared: Prepared,
    catalog: Catalog,
    index: "VectorIndex",
    embedder: PassageEmbedder,
    options: ParseOptions,
    show: Callable[[float], None],
) -> Ingested:
    parsed = prepared.parsed
    plan = parsed.plan
    same = catalog.known_by(digest=plan.digest)
    if same is not None and same.source != plan.source:
        # Its twin was taken in while this one was being parsed.
        return Ingested(file.name, file.source, "duplicate", same.id, same.title)
    old = catalog.known_by(source=plan.source)
    old_keys = set(_keys_of(catalog, old.id, old.digest)) if old else set()
    _add_vectors(parsed, index, embedder, show)
    catalog.replace_plan(parsed, prepared.words, parser=options.parser)
    index.delete(old_keys - set(_keys(parsed)))
    return Ingested(
        file.name,
        file.source,
        "replaced" if old else "added",
        plan.id,
        plan.title,
        pages=len(plan.page_starts),
        sections=len(parsed.sections),
        chunks=len(parsed.chunks),
        indicators=len(parsed.indicators),
        projects=len(parsed.projects),
        measures=len(parsed.measures),
        warnings=parsed.warnings,
    )


def _add_vectors(
    parsed: ParsedPlan,
    index: "VectorIndex",
    embedder: PassageEmbedder,
    show: Callable[[float], None],
) -> None:
    keys = _keys(parsed)
    for start in range(0, len(keys), _BATCH):
        batch = parsed.chunks[start : start + _BATCH]
        vectors = embedder.embed_documents([chunk.embedded for chunk in batch])
        index.add(keys[start : start + _BATCH], vectors)
        show((start + len(batch)) / len(keys))


def _keys(parsed: ParsedPlan) -> list[ChunkKey]:
    return [ChunkKey.of(chunk, parsed.plan.digest) for chunk in parsed.chunks]


def _keys_of(catalog: Catalog, plan_id: str, digest: str) -> list[ChunkKey]:
    return [ChunkKey.of(chunk, digest) for chunk in catalog.chunks(plan_id)]
