"""The question sets: JSON lines written from the plan's text, see eval/questions/README.md."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, TypeAdapter

FOLDER = Path(__file__).parent / "questions"
DEFAULT_SUITE = "ouhai_test"

Kind: TypeAlias = Literal[
    "indicator", "project", "measure", "list", "indicator_set", "unanswerable"
]


class Figures(BaseModel):
    """The row that a question about an indicator is about, exactly as printed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str
    unit: str
    base: str | None
    base_year: int | None
    target: str | None
    target_year: int | None
    bound: str | None
    growth: str | None
    growth_kind: Literal["annual", "cumulative"] | None
    attribute: str | None


class GoldQuestion(BaseModel):
    """A question with the words of the plan that answer it; none where nothing does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Kind
    question: str
    answers: tuple[str, ...]
    figures: Figures | None = None
    must_contain: tuple[str, ...]
    note: str = ""


def suite_names() -> list[str]:
    """Return the names of the sets that come with the project."""
    return sorted(path.stem for path in FOLDER.glob("*.jsonl"))


def load_suite(path: Path) -> Sequence[GoldQuestion]:
    """Read one set.

    Raises:
        ValidationError: if a line is not a question.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    read = TypeAdapter(GoldQuestion).validate_json
    return [read(line) for line in lines if line.strip()]
