"""Verdicts → the figures of the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from eval.judge import Verdict


@dataclass(frozen=True, slots=True)
class Share:
    """How many out of how many."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """Return the share, 1 of nothing."""
        return self.count / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """One suite's results; `false_refusals` count answerable questions that were not answered."""

    right_by_kind: dict[str, Share]
    figures_exact: Share
    recall_at_1: Share
    recall_at_5: Share
    quotes_literal: Share
    refused: Share
    false_refusals: Share


def score(verdicts: Sequence[Verdict]) -> Score:
    """Count what was right."""
    by_kind = sorted(verdicts, key=lambda verdict: verdict.question.kind)
    answerable = [v for v in verdicts if v.question.kind != "unanswerable"]
    unanswerable = [v for v in verdicts if v.question.kind == "unanswerable"]
    exact = [v.figures_exact for v in verdicts if v.figures_exact is not None]
    ranks = [v.rank for v in verdicts if v.rank is not None]
    return Score(
        right_by_kind={
            kind: share([verdict.right for verdict in group])
            for kind, group in groupby(by_kind, key=lambda verdict: verdict.question.kind)
        },
        figures_exact=share(exact),
        recall_at_1=share([rank == 1 for rank in ranks]),
        recall_at_5=share([rank > 0 for rank in ranks]),
        quotes_literal=share([v.quotes_literal for v in verdicts]),
        refused=share([v.right for v in unanswerable]),
        false_refusals=share([v.answer.status != "answered" for v in answerable]),
    )


def share(outcomes: Sequence[bool]) -> Share:
    """Return how many of the outcomes are good."""
    return Share(sum(outcomes), len(outcomes))
