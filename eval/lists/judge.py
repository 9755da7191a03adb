"""One list answer against its labelled items, and the figures of many."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.answer.model import Answer
from eval.score import Share

FOLDER = Path(__file__).parent
_ITEM = re.compile(r"^\d+\. ")
_MARKS = re.compile(r"\[\d+\]")


class ListQuestion(BaseModel):
    """A question with words of each item of the right answer; see README.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: str
    question: str
    documents: tuple[str, ...]
    items: tuple[str, ...]
    count: int | None
    heldout: bool


@dataclass(frozen=True, slots=True)
class ListVerdict:
    """What an answer has: labelled items, its own items, and those of them that are labelled."""

    question: ListQuestion
    answer: Answer
    missing: tuple[str, ...]
    listed: int
    listed_rightly: int

    @property
    def count_right(self) -> bool | None:
        """Tell whether the count is stated and right; None where it is not put to the test."""
        count = self.question.count
        if count is None:
            return None
        return re.search(f"共{count}[项份]", self.answer.text) is not None


@dataclass(frozen=True, slots=True)
class ListScore:
    """The figures of a set of questions."""

    completeness: Share
    precision: Share
    count_right: Share
    whole: Share
    refused: Share


def load_questions(path: Path = FOLDER / "questions.jsonl") -> list[ListQuestion]:
    """Read the questions.

    Raises:
        ValidationError: if a line is not a question.
    """
    read = TypeAdapter(ListQuestion).validate_json
    return [read(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def judge_list(question: ListQuestion, answer: Answer) -> ListVerdict:
    """Compare an answer with the labelled items."""
    said = _bare(answer.text) if answer.status == "answered" else ""
    lines = [line for line in answer.text.split("\n") if answer.status == "answered"]
    items = [line for line in lines if _ITEM.match(line)] or lines
    labels = [_bare(item) for item in question.items]
    right = sum(any(label in _bare(item) for label in labels) for item in items)
    missing = tuple(item for item in question.items if _bare(item) not in said)
    return ListVerdict(question, answer, missing, len(items), right)


def score_lists(verdicts: Sequence[ListVerdict]) -> ListScore:
    """Count items over all questions, so that a long list weighs more than a short one."""
    asked = [verdict for verdict in verdicts if verdict.question.kind != "refused"]
    labelled = sum(len(verdict.question.items) for verdict in asked)
    missing = sum(len(verdict.missing) for verdict in asked)
    counts = [verdict.count_right for verdict in asked if verdict.count_right is not None]
    refusals = [v.answer.status != "answered" for v in verdicts if v.question.kind == "refused"]
    return ListScore(
        completeness=Share(labelled - missing, labelled),
        precision=Share(sum(v.listed_rightly for v in asked), sum(v.listed for v in asked)),
        count_right=Share(sum(counts), len(counts)),
        whole=Share(sum(not verdict.missing for verdict in asked), len(asked)),
        refused=Share(sum(refusals), len(refusals)),
    )


def _bare(text: str) -> str:
    """Return the words without blanks and marks: a heading over two lines is one."""
    return "".join(_MARKS.sub("", text).split())
