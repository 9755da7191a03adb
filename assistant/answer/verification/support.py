"""How many of a statement's words do its sources hold, and does another source hold more?"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from assistant.answer.evidence import support
from assistant.answer.model import Citation
from assistant.answer.verification.cited import Cited, split_clauses
from assistant.answer.verification.contrast import ABSENCE
from assistant.answer.verification.fault import Fault
from assistant.answer.verification.figures import without_figures
from assistant.answer.verification.statements import COMPUTED
from assistant.rarity import word_weight
from corpus.normal import normalise
from corpus.segment import base_segmenter
from corpus.terms import load_aspects, load_frame_words, load_places

# Fitted on eval/faults/paraphrases.jsonl.
_ENOUGH = 0.5
_CLAUSE_ENOUGH = 0.3
_CODE_ENOUGH = 0.25
# Where the embeddings of two texts are this near, fewer shared words will do.
_NEAR = 0.9
_LENIENCE = 0.15
# By how much another source must hold more of the words to be the one that was meant.
_BETTER = 0.3
# Fewer words than this weigh too little to judge by.
_LEAST_WEIGHT = 1.0
_CLAUSE_WEIGHT = 1.5


@lru_cache(maxsize=4096)
def told_words(said: str) -> tuple[str, ...]:
    """Return the words of a (normalised) statement that say something, no figures."""
    words = base_segmenter().content_words(without_figures(said))
    return tuple(
        word
        for word in words
        if len(word) > 1
        and not word.startswith(("约束性", "预期性"))
        and word not in load_frame_words()
        and word not in load_aspects()
    )


def check_place(
    said: str, cited: Cited, citations: Sequence[Citation], *, is_by_rules: bool
) -> Fault | None:
    """Return the fault of a statement whose words stand in another source than the one cited."""
    words = told_words(",".join(_own_clauses(said, is_by_rules)))
    other = _meant(words, _support(words, _around(cited)), cited, citations)
    if other is None:
        return None
    return Fault("citation", f"引用错位：内容见于[{other}]，不见于所引原文")


def check_support(
    said: str,
    cited: Cited,
    *,
    similarity: Callable[[str, str], float] | None,
    is_by_rules: bool,
) -> Fault | None:
    """Return the fault of a statement whose words its sources do not hold."""
    source = _around(cited)
    clauses = _own_clauses(said, is_by_rules)
    words = told_words(",".join(clauses))
    held = _support(words, source)
    if is_by_rules:
        # Sums come with words of their own.
        is_enough = COMPUTED in said or held >= _CODE_ENOUGH
        return None if is_enough else _unsupported(words, source)
    if place := _foreign_place(words, source):
        return Fault(f"place {place}", f"地名“{place}”不见于所引原文")
    near = similarity is not None and similarity(said, cited.text) >= _NEAR
    lenience = _LENIENCE if near else 0.0
    if held < _ENOUGH - lenience:
        return _unsupported(words, source)
    for clause in clauses:
        of_clause = told_words(clause)
        weighs = _weight(of_clause) >= _CLAUSE_WEIGHT
        if weighs and _support(of_clause, source) < _CLAUSE_ENOUGH - lenience:
            return _unsupported(of_clause, source)
    return None


def _around(cited: Cited) -> str:
    return f"{cited.text}\n{cited.around}"


def _own_clauses(said: str, is_by_rules: bool) -> list[str]:
    return [clause for clause in split_clauses(said) if not _is_of_code(clause, is_by_rules)]


def _is_of_code(clause: str, is_by_rules: bool) -> bool:
    """Tell whether code worked the clause out, or says with it that there is nothing."""
    return (
        COMPUTED in clause
        or ABSENCE.search(clause) is not None
        or (is_by_rules and clause.startswith(("没有", "未")))
    )


def _unsupported(words: Sequence[str], source: str) -> Fault:
    missing = sorted(words, key=lambda word: support([word], source))[:3]
    return Fault("words", f"所引原文没有说到“{'、'.join(missing)}”")


def _support(words: Sequence[str], source: str) -> float:
    if _weight(words) < _LEAST_WEIGHT:
        return 1.0
    return support(words, source)


def _weight(words: Sequence[str]) -> float:
    return sum(word_weight(word) for word in words)


def _meant(
    words: Sequence[str], held: float, cited: Cited, citations: Sequence[Citation]
) -> int | None:
    """Return the citation that holds the words where those that are cited do not."""
    if held >= 1 - _BETTER:
        return None
    best, number = 0.0, None
    for citation in citations:
        if citation in cited.citations:
            continue
        other = support(words, normalise(citation.quote))
        if other > best:
            best, number = other, citation.n
    return number if best >= max(0.8, held + _BETTER) else None


def _foreign_place(words: Sequence[str], source: str) -> str | None:
    return next((word for word in words if word in load_places() and word not in source), None)
