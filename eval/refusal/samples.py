"""Questions with and without an answer → the evidence that the program finds for each.

Four sources. `cail2019` asks of one court record what it tells and what it does not (questions
made to look answerable). `ncpqa` asks of a library of policies, each question twice: with and
without the document that answers it. To the same library go questions written for the project
(`eval.reranker.written`), some of which nothing answers. The project's own development sets ask of
the bundled plan. Only what passages have to answer is sampled; tables and lists need no such
judgement.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from assistant.answer.answerer import answer_question
from assistant.answer.choice import HITS, choose_answer, read_of_places
from assistant.answer.confidence import Evidence
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.question import read_question
from assistant.retrieve import retrieve
from assistant.scope import narrow
from assistant.settings import Settings
from corpus.catalog import CatalogEntry
from eval.bench.load import load_bench, stands_in
from eval.bench.store import Progress, cache_root, open_store
from eval.questions import FOLDER, load_suite
from eval.reranker.written import read_written
from eval.splits import Split

OWN = "ouhai_dev"
_OWN_SUITES = ("ouhai_dev", "ouhai_dev_second", "ouhai_dev_more")

PartOf: TypeAlias = Callable[[str, str], Split]


@dataclass(frozen=True, slots=True)
class Sample:
    """One question; `evidence` is None where no sentence was found to answer with."""

    source: str
    id: str
    is_answerable: bool
    is_held_out: bool
    evidence: Evidence | None


def collect(
    benches: Path,
    settings: Settings,
    progress: Progress,
    *,
    part_of: PartOf = lambda suite, document_id: "dev" if is_held_out(document_id) else "fit",
) -> list[Sample]:
    """Ask all questions of the sources; benches not taken in yet are taken in first.

    `part_of` tells of a bench's document what its questions are for: those to train on are left
    out, those of `dev` are held out.
    """
    return [
        *_of_records(benches, settings, progress, part_of),
        *_of_policies(benches, settings, progress, part_of),
        *_of_own(settings),
    ]


def evidence_of(text: str, library: Library, entries: Sequence[CatalogEntry]) -> Evidence | None:
    """Return the evidence that passages of these plans give for an answer."""
    question = read_question(text)
    sources = Sources(library.catalog)
    scope = narrow(question, entries)
    hits = retrieve(text, library, limit=HITS, plan_ids=scope.plan_ids)
    read = read_of_places(question, hits, scope.elsewhere, sources, library.reranker)
    plan_ids = [entry.id for entry in entries]
    return choose_answer(question, hits, read, library, sources, scope, plan_ids).evidence


def is_held_out(document_id: str) -> bool:
    """Tell which half a document's questions belong to, by the hash of its id."""
    return hashlib.sha256(document_id.encode()).digest()[-1] % 2 == 1


def _of_records(
    benches: Path, settings: Settings, progress: Progress, part_of: PartOf
) -> Iterator[Sample]:
    bench = load_bench(benches, "cail2019")
    store = open_store(bench, settings, progress, cache_root())
    entries = {entry.id: entry for entry in store.library.catalog.entries()}
    progress(f"正在提问 {bench.name}……")
    for question in (*bench.questions, *bench.others):
        part = part_of(bench.name, question.document_id)
        if part == "train":
            continue
        record = entries[store.plan_ids[question.document_id]]
        yield Sample(
            bench.name,
            question.id,
            any(question.answers),
            part == "dev",
            evidence_of(question.question, store.library, [record]),
        )


def _of_policies(
    benches: Path, settings: Settings, progress: Progress, part_of: PartOf
) -> Iterator[Sample]:
    bench = load_bench(benches, "ncpqa")
    store = open_store(bench, settings, progress, cache_root())
    entries = store.library.catalog.entries()
    progress(f"正在提问 {bench.name}……")
    for question in bench.questions:
        part = part_of(bench.name, question.document_id)
        if part == "train":
            continue
        held_out = part == "dev"
        found = evidence_of(question.question, store.library, entries)
        yield Sample(bench.name, question.id, True, held_out, found)
        answered_by = {
            document.id
            for document in bench.documents
            if stands_in(question.answers, document.text)
        }
        without = {store.plan_ids[document_id] for document_id in answered_by}
        left = [entry for entry in entries if entry.id not in without]
        found = evidence_of(question.question, store.library, left)
        yield Sample(bench.name, f"{question.id}-without", False, held_out, found)
    for number, written in enumerate(read_written(bench.name)):
        if part_of(bench.name, written.document) == "fit":
            found = evidence_of(written.question, store.library, entries)
            source, answerable = f"written-{bench.name}", bool(written.answer)
            yield Sample(source, f"{source}-{number}", answerable, False, found)


def _of_own(settings: Settings) -> Iterator[Sample]:
    with TemporaryDirectory() as folder:
        library = Library(settings.model_copy(update={"data_dir": Path(folder)}))
        library.set_up()
        entries = library.catalog.entries()
        for suite in _OWN_SUITES:
            for gold in load_suite(FOLDER / f"{suite}.jsonl"):
                if answer_question(gold.question, library).route == "passage":
                    found = evidence_of(gold.question, library, entries)
                    yield Sample(OWN, gold.id, gold.kind != "unanswerable", False, found)
        library.catalog.close()
