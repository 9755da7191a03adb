"""What is compared: plan-assistant as it answers, and each half of it alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.library import Library
from assistant.retrieve import retrieve
from corpus.model import Chunk, Span
from eval.bench.store import Store


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document of the bench; the span counts in its own text."""

    document_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class System:
    """One way of finding passages.

    `text_of` gives the text that its spans count in, `passages` all pieces that it can find.
    `answer` is None where it only finds: the text of its first passage stands for an answer then.
    """

    name: str
    search: Callable[[str, int], Sequence[Passage]]
    text_of: Callable[[str], str]
    passages: Sequence[Passage]
    answer: Callable[[str], Answer] | None = None


def plan_assistant(store: Store) -> System:
    """Return this project's own search and answers."""

    def search(question: str, limit: int) -> list[Passage]:
        hits = retrieve(question, store.library, limit=limit)
        return passages_of([hit.chunk for hit in hits], store)

    def answer(question: str) -> Answer:
        return answer_question(question, store.library)

    everything = passages_of(store.library.catalog.chunks(), store)
    return System("plan-assistant", search, text_reader(store), everything, answer)


def without_reranker(store: Store) -> System:
    """Return the same, but nothing reads what was found."""
    library = Library(store.library.settings.model_copy(update={"reranker": "off"}))
    library.embeddings = store.library.embeddings
    return replace(plan_assistant(replace(store, library=library)), name="no reranker")


def dense_alone(store: Store) -> System:
    """Return the search by meaning alone: the same chunks, vectors and index."""
    library = store.library

    def search(question: str, limit: int) -> list[Passage]:
        hits = library.index.search(library.embeddings.embed_query(question), limit=limit)
        chunks = library.catalog.chunks_of([hit.key for hit in hits])
        return passages_of([chunks[hit.key] for hit in hits if hit.key in chunks], store)

    return System("dense", search, text_reader(store), passages_of(library.catalog.chunks(), store))


def passages_of(chunks: Sequence[Chunk], store: Store) -> list[Passage]:
    """Return where the chunks stand in the bench."""
    documents = {plan_id: document_id for document_id, plan_id in store.plan_ids.items()}
    return [Passage(documents[chunk.plan_id], chunk.span) for chunk in chunks]


def text_reader(store: Store) -> Callable[[str], str]:
    """Return what gives a document's text as the library holds it."""
    library: Library = store.library
    return lambda document_id: library.catalog.plan(store.plan_ids[document_id]).text
