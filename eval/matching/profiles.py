"""The labelled profiles: JSON lines written from the texts alone, see eval/matching/README.md."""

from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assistant.matching.model import Profile, Validity

FOLDER = Path(__file__).parent
# To develop on; to measure; to measure, and looked into since.
PARTS = ("dev", "held_out", "held_out_second")


class Label(BaseModel):
    """A measure, found by words of it; `high` and `low` are what it pays, in 元.

    A `direction` only says what is to be supported, so that it needs an 实施细则 to be claimed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    quote: str
    validity: Validity | None = None
    direction: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


class LabelledProfile(BaseModel):
    """An enterprise, the measures that it can get, and those that it must not be offered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    note: str
    profile: Profile
    applies: tuple[Label, ...]
    excluded: tuple[Label, ...] = Field(alias="not")


def load_profiles(part: str) -> list[LabelledProfile]:
    """Read one part.

    Raises:
        ValidationError: if a line is not a labelled profile.
    """
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    read = TypeAdapter(LabelledProfile).validate_json
    return [read(line) for line in lines if line.strip()]
