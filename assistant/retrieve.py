"""Hybrid retrieval: meaning (Chroma) and wording (FTS5), joined as a convex sum of scores.

Each half's scores are brought to 0..1 by its own best and worst hit before they are added; this
kept more of the right passages on top than reciprocal rank fusion did (measured in the design).
Where a reranker is set, it reads the best of them with the question in mind, and its relevance is
added with a weight that was fitted for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.library import Library
from assistant.reading import Reading, Reranker, Told
from assistant.rerank import read_nearest
from corpus.model import Chunk
from corpus.normal import normalise
from corpus.segment import base_segmenter
from corpus.terms import load_terms

# Chosen on half of the questions of the bench `ncpqa` and confirmed on the other half and on three
# benches of other texts: wording tells more than meaning, and more candidates scale more fairly.
DENSE_WEIGHT = 0.4
CANDIDATES = 100
# Passages that a reranker may read windows of.
RERANKED = 8
# A relevance that leaves no doubt.
CERTAIN = 0.99


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found; `similarity` is the cosine to the question, None if only by words.

    `reading` is what the reranker found in it, None if none has read it.
    """

    chunk: Chunk
    score: float
    similarity: float | None
    reading: Reading | None = None

    @property
    def relevance(self) -> float:
        """Return how likely it answers, 0 if nothing has read it."""
        return self.reading.relevance if self.reading else 0.0


def retrieve(
    question: str, library: Library, *, limit: int = 8, plan_ids: Sequence[str] | None = None
) -> list[Hit]:
    """Return the best chunks, the best first; equal scores in the order of the text."""
    index = library.index  # First, as it opens the model beside.
    vector = library.embeddings.embed_query(question)
    dense_hits = index.search(vector, limit=CANDIDATES, plan_ids=plan_ids)
    known = library.catalog.chunks_of([hit.key for hit in dense_hits])
    similarities = {
        _place(known[hit.key]): hit.similarity for hit in dense_hits if hit.key in known
    }
    lexical_hits = library.catalog.lexical_search(
        query_words(question), limit=CANDIDATES, plan_ids=plan_ids
    )
    chunks = {_place(chunk): chunk for chunk in known.values()}
    chunks |= {_place(hit.chunk): hit.chunk for hit in lexical_hits}
    dense = _scale(similarities)
    lexical = _scale({_place(hit.chunk): hit.score for hit in lexical_hits}, floor=0.0)
    hits = [
        Hit(
            chunk,
            DENSE_WEIGHT * dense.get(place, 0.0) + (1 - DENSE_WEIGHT) * lexical.get(place, 0.0),
            similarities.get(place),
        )
        for place, chunk in chunks.items()
    ]
    hits = _sorted(hits)
    if library.reranker is not None:
        hits = _reranked(question, hits, library.reranker)
    return hits[:limit]


def _sorted(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.plan_id, hit.chunk.number))


def _reranked(question: str, hits: Sequence[Hit], reranker: Reranker) -> list[Hit]:
    """Return the hits in the order of retrieval's and the reranker's score, scaled alike."""
    weight = reranker.fitted.weight
    return _sorted(
        [
            replace(hit, score=(1 - weight) * hit.score + weight * hit.relevance)
            for hit in read_hits(question, hits, reranker)
        ]
    )


def read_hits(question: str, hits: Sequence[Hit], reranker: Reranker) -> list[Hit]:
    """Return the hits, in their order, with what the reranker reads in the best of them."""
    best = hits[:RERANKED]
    told = [Told(hit.chunk.context, hit.chunk.text) for hit in best]
    readings = read_nearest(question, told, [hit.score for hit in best], reranker)
    return [replace(hit, reading=readings.get(number)) for number, hit in enumerate(hits)]


def query_words(question: str) -> list[str]:
    """Return the words to search for: the question's own and what the lexicon knows them as."""
    text = normalise(question)
    segmenter = base_segmenter()
    words = segmenter.search_words(text)
    for term in load_terms():
        for known in (term.name, *term.aliases):
            if known in text:
                words.extend(segmenter.search_words(term.name))
                break
    return list(dict.fromkeys(words))


def _place(chunk: Chunk) -> tuple[str, int]:
    return chunk.plan_id, chunk.number


def _scale(
    scores: Mapping[tuple[str, int], float], *, floor: float | None = None
) -> dict[tuple[str, int], float]:
    """Bring scores to 0..1, the lowest (or `floor`) to 0 and the highest to 1."""
    if not scores:
        return {}
    low = min(scores.values()) if floor is None else floor
    width = max(scores.values()) - low
    return {place: (score - low) / width if width > 0 else 1.0 for place, score in scores.items()}
