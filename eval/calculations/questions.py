"""The questions on comparisons and sums: JSON lines, see README.md beside this module."""

from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, TypeAdapter

FOLDER = Path(__file__).parent
PARTS = ("development", "held_out")

Kind: TypeAlias = Literal[
    "comparison",
    "change",
    "difference",
    "multiple",
    "growth",
    "annual",
    "increment",
    "gap",
    "completion",
    "total",
    "mean",
    "refusal",
]


class SumQuestion(BaseModel):
    """A question with what its answer must say, worked out by hand from the text.

    Each entry of `table` lists what must stand in one line of the answer, in this order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    where: Literal["bundled", "documents"]
    kind: Kind
    question: str
    must: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...]
    refused: bool
    note: str


def load_questions(part: str) -> list[SumQuestion]:
    """Read one part.

    Raises:
        ValidationError: if a line is not a question.
    """
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    read = TypeAdapter(SumQuestion).validate_json
    return [read(line) for line in lines if line.strip()]
