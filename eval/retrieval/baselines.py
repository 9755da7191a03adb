"""What others would use: BM25 from a package, and LangChain's pipeline as its tutorials have it.

Needs the packages of the extra `eval`.
"""

import os
import shutil
from pathlib import Path

import bm25s
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.model import Span
from corpus.segment import base_segmenter
from eval.retrieval.bench import Bench
from eval.retrieval.store import Store
from eval.retrieval.systems import Passage, System, passages_of, text_reader

_SIZE, _OVERLAP = 500, 50
_BATCH = 1000


def bm25_alone(store: Store) -> System:
    """Return BM25 over the jieba words of the same chunks, their context among them."""
    chunks = store.library.catalog.chunks()
    words = base_segmenter().search_words
    index = bm25s.BM25()
    index.index([words(chunk.embedded) for chunk in chunks], show_progress=False)

    def search(question: str, limit: int) -> list[Passage]:
        found, scores = index.retrieve(
            [words(question)], k=min(limit, len(chunks)), show_progress=False
        )
        hits = [chunks[i] for i, score in zip(found[0], scores[0], strict=True) if score > 0]
        return passages_of(hits, store)

    return System("bm25", search, text_reader(store), len(chunks))


def langchain_pipeline(bench: Bench, embeddings: Embeddings, folder: Path) -> System:
    """Return LangChain's splitter and Chroma with the same embedding model; kept in `folder`."""
    # Chroma reads it when its first client is made: nothing leaves this machine.
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=_SIZE, chunk_overlap=_OVERLAP, add_start_index=True
    )
    pieces = splitter.split_documents(
        [Document(one.text, metadata={"document": one.id}) for one in bench.documents]
    )
    done = folder / f"{_SIZE}-{_OVERLAP}"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
    chroma = Chroma("langchain", embeddings, persist_directory=str(folder))
    if not done.exists():
        for start in range(0, len(pieces), _BATCH):
            chroma.add_documents(pieces[start : start + _BATCH])
        done.touch()

    def search(question: str, limit: int) -> list[Passage]:
        return [_passage(piece) for piece in chroma.similarity_search(question, k=limit)]

    texts = {document.id: document.text for document in bench.documents}
    return System("langchain", search, texts.__getitem__, len(pieces))


def _passage(piece: Document) -> Passage:
    start = int(piece.metadata["start_index"])
    span = Span(start, start + len(piece.page_content))
    return Passage(str(piece.metadata["document"]), span)
