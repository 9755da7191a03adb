"""One answer against its gold question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer.model import Answer, Citation
from assistant.retrieve import Hit
from corpus.model import Indicator
from eval.questions import Figures, GoldQuestion

_RANKS = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was right about one answer; None where the question does not put it to the test.

    `rank` is that of the first of the top 5 passages that overlaps a gold answer, 0 if none does.
    """

    question: GoldQuestion
    answer: Answer
    right: bool
    figures_exact: bool | None
    rank: int | None
    quotes_literal: bool


def judge(
    question: GoldQuestion,
    answer: Answer,
    hits: Sequence[Hit],
    read_text: Callable[[str], str],
) -> Verdict:
    """Compare an answer, its facts, citations and retrieved passages with the gold question."""
    refused = answer.status != "answered"
    said = "".join(answer.text.split())
    has_all = all("".join(words.split()) in said for words in question.must_contain)
    return Verdict(
        question=question,
        answer=answer,
        right=refused if question.kind == "unanswerable" else has_all and not refused,
        figures_exact=_figures_exact(question.figures, answer),
        rank=_rank(question.answers, hits, read_text) if question.answers else None,
        quotes_literal=all(_is_literal(citation, read_text) for citation in answer.citations),
    )


def _figures_exact(figures: Figures | None, answer: Answer) -> bool | None:
    if figures is None:
        return None
    rows = [as_figures(fact.indicator) for fact in answer.facts]
    return figures in rows


def as_figures(indicator: Indicator) -> Figures:
    """Return an indicator as gold questions write it."""
    return Figures(
        indicator=indicator.name,
        unit=indicator.unit,
        base=None if indicator.base is None else str(indicator.base),
        base_year=indicator.base_year,
        target=None if indicator.target is None else str(indicator.target),
        target_year=indicator.target_year,
        bound=indicator.bound,
        growth=None if indicator.growth is None else str(indicator.growth),
        growth_kind=indicator.growth_kind,
        attribute=indicator.attribute,
    )


def _rank(answers: Sequence[str], hits: Sequence[Hit], read_text: Callable[[str], str]) -> int:
    for rank, hit in enumerate(hits[:_RANKS], start=1):
        text = read_text(hit.chunk.plan_id)
        for answer in answers:
            start = text.find(answer)
            overlaps = start < hit.chunk.span.end and hit.chunk.span.start < start + len(answer)
            if start >= 0 and overlaps:
                return rank
    return 0


def _is_literal(citation: Citation, read_text: Callable[[str], str]) -> bool:
    return read_text(citation.plan_id)[citation.start : citation.end] == citation.quote
