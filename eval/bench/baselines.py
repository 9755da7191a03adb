"""What others would use, each from its own package and with its documented defaults.

Needs the packages of the extra `eval`. The embedding model is the project's own in all of them, as
none of theirs can be had without a network.
"""

import os
from collections.abc import Sequence
from typing import cast

import bm25s
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from llama_index.core import Document as LlamaDocument
from llama_index.core import VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.schema import TextNode
from pydantic import PrivateAttr

from assistant.models import TextEmbeddings
from corpus.model import Span
from corpus.segment import base_segmenter
from eval.bench.load import Bench
from eval.bench.store import Store
from eval.bench.systems import Passage, System, passages_of, text_reader

# As LangChain's tutorial on retrieval has them.
_SIZE, _OVERLAP = 1000, 200
_BATCH = 1000


def bm25_alone(store: Store) -> System:
    """Return BM25 (bm25s' defaults) over the jieba words of the same chunks with their context."""
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

    return System("BM25", search, text_reader(store), passages_of(chunks, store))


def langchain_pipeline(bench: Bench, embeddings: TextEmbeddings) -> System:
    """Return LangChain's splitter and Chroma."""
    # Chroma reads it when its first client is made: nothing leaves this machine.
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=_SIZE, chunk_overlap=_OVERLAP, add_start_index=True
    )
    pieces = splitter.split_documents(
        [Document(one.text, metadata={"document": one.id}) for one in bench.documents]
    )
    chroma = Chroma(f"langchain-{bench.digest[:16]}", cast(Embeddings, embeddings))
    # Chroma's clients in memory share their collections: a second run begins anew.
    chroma.reset_collection()
    for start in range(0, len(pieces), _BATCH):
        chroma.add_documents(pieces[start : start + _BATCH])

    def search(question: str, limit: int) -> list[Passage]:
        return [_piece(found) for found in chroma.similarity_search(question, k=limit)]

    texts = {document.id: document.text for document in bench.documents}
    return System("LangChain", search, texts.__getitem__, [_piece(piece) for piece in pieces])


def _piece(piece: Document) -> Passage:
    start = int(piece.metadata["start_index"])
    span = Span(start, start + len(piece.page_content))
    return Passage(str(piece.metadata["document"]), span)


class _LlamaEmbedding(BaseEmbedding):
    """The project's embedding model as LlamaIndex wants it."""

    _embeddings: TextEmbeddings = PrivateAttr()

    def __init__(self, embeddings: TextEmbeddings) -> None:
        super().__init__(model_name=embeddings.identity.name, embed_batch_size=_BATCH)
        self._embeddings = embeddings

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embeddings.embed_query(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._embeddings.embed_query(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._embeddings.embed_documents([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embeddings.embed_documents(texts)


def llama_index_starter(bench: Bench, embeddings: TextEmbeddings) -> System:
    """Return the retriever of LlamaIndex's starter: `VectorStoreIndex.from_documents`."""
    index = VectorStoreIndex.from_documents(
        [LlamaDocument(text=one.text, doc_id=one.id) for one in bench.documents],
        embed_model=_LlamaEmbedding(embeddings),
    )

    def search(question: str, limit: int) -> Sequence[Passage]:
        found = index.as_retriever(similarity_top_k=limit).retrieve(question)
        return [_node(one.node) for one in found if isinstance(one.node, TextNode)]

    texts = {document.id: document.text for document in bench.documents}
    nodes = [node for node in index.docstore.docs.values() if isinstance(node, TextNode)]
    return System("LlamaIndex", search, texts.__getitem__, [_node(node) for node in nodes])


def _node(node: TextNode) -> Passage:
    start, end = node.start_char_idx or 0, node.end_char_idx or 0
    return Passage(node.ref_doc_id or "", Span(start, end))
