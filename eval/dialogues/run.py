"""Dialogues → how many follow-ups were understood and answered rightly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.library import Library
from eval.dialogues.dialogues import Dialogue, Turn
from eval.score import Share, share


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one turn; `follows` tells that it needs the turns before it."""

    dialogue: str
    turn: Turn
    answer: Answer
    is_rewritten_right: bool
    is_answered_right: bool
    is_literal: bool

    @property
    def follows(self) -> bool:
        """Tell whether the question had to be rewritten."""
        return self.turn.rewrite is not None


def hold(
    dialogues: Sequence[Dialogue], bundled: Library, taken_in: Library | None
) -> Iterator[Verdict]:
    """Ask the questions of each dialogue; those over documents that are not there are passed over.

    `bundled` holds the bundled plan alone, `taken_in` whatever the user has taken in.
    """
    titles = {entry.title for entry in taken_in.catalog.entries()} if taken_in else set()
    for dialogue in dialogues:
        if dialogue.documents and not titles.issuperset(dialogue.documents):
            continue
        library = taken_in if dialogue.documents and taken_in else bundled
        history: list[Answer] = []
        for turn in dialogue.turns:
            answer = answer_question(turn.question, library, history=tuple(history))
            history.append(answer)
            yield Verdict(
                dialogue.id,
                turn,
                answer,
                _is_rewritten_right(turn, answer),
                _is_answered_right(turn, answer),
                all(
                    citation.quote
                    == library.catalog.plan(citation.plan_id).text[citation.start : citation.end]
                    for citation in answer.citations
                ),
            )


def _is_rewritten_right(turn: Turn, answer: Answer) -> bool:
    if turn.rewrite is None:
        return answer.rewritten is None
    if answer.rewritten is None:
        return False
    said = answer.rewritten.lower()
    return all(words.lower() in said for words in turn.rewrite.holds) and not any(
        words.lower() in said for words in turn.rewrite.lacks
    )


def _is_answered_right(turn: Turn, answer: Answer) -> bool:
    said = "".join(answer.text.split())
    return (
        answer.status == turn.status
        and said.startswith(turn.starts_with)
        and all("".join(words.split()) in said for words in turn.must_contain)
    )


def summarise(verdicts: Sequence[Verdict]) -> dict[str, Share]:
    """Return the shares of the table, by name."""
    follow = [verdict for verdict in verdicts if verdict.follows]
    alone = [verdict for verdict in verdicts if not verdict.follows]
    return {
        "rewritten_right": share([verdict.is_rewritten_right for verdict in verdicts]),
        "follow_ups_right": share([verdict.is_rewritten_right for verdict in follow]),
        "untouched": share([verdict.is_rewritten_right for verdict in alone]),
        "answered_right": share([verdict.is_answered_right for verdict in verdicts]),
        "quotes_literal": share([verdict.is_literal for verdict in verdicts]),
    }


_LABELS = {
    "rewritten_right": "理解正确（改写或原样）",
    "follow_ups_right": "　其中：追问补全正确",
    "untouched": "　其中：完整的问题原样不动",
    "answered_right": "回答正确",
    "quotes_literal": "引文与原文逐字一致",
}


def table(scores: dict[str, dict[str, Share]]) -> Table:
    """Return the shares of each part side by side."""
    shown = Table("", *scores, title="规划问答助手 · 多轮对话评测")
    for name, label in _LABELS.items():
        cells = [found[name] for found in scores.values()]
        shown.add_row(label, *(f"{c.count}/{c.total}  {c.value:.3f}" for c in cells))
    return shown


def failures(verdicts: Sequence[Verdict]) -> Iterator[dict[str, Any]]:
    """Yield what was wrong, turn by turn."""
    for verdict in verdicts:
        if not (verdict.is_rewritten_right and verdict.is_answered_right):
            yield {
                "dialogue": verdict.dialogue,
                "question": verdict.turn.question,
                "rewritten": verdict.answer.rewritten,
                "rewritten_right": verdict.is_rewritten_right,
                "status": verdict.answer.status,
                "answer": verdict.answer.text,
            }
