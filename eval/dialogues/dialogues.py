"""The dialogues: JSON lines written from the texts alone, see eval/dialogues/README.md."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.answer.model import Status

FOLDER = Path(__file__).parent
# What is only measured, never looked at to find faults.
PARTS = ("dev", "held_out")


class Rewritten(BaseModel):
    """What the question in full must hold, and what it must not hold any more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holds: tuple[str, ...]
    lacks: tuple[str, ...]


class Turn(BaseModel):
    """One question; `rewrite` is None where it must be left as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    rewrite: Rewritten | None
    status: Status
    must_contain: tuple[str, ...]
    starts_with: str = ""


class Dialogue(BaseModel):
    """Questions asked one after the other; `documents` are titles, none for the bundled plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    documents: tuple[str, ...]
    turns: tuple[Turn, ...]


def load_dialogues(part: str) -> Sequence[Dialogue]:
    """Read one part of the dialogues.

    Raises:
        ValidationError: if a line is not a dialogue.
    """
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    read = TypeAdapter(Dialogue).validate_json
    return [read(line) for line in lines if line.strip()]
