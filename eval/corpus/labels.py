"""What people wrote down of a document: one JSON file each, as GUIDE.md defines it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.model import Attribute, Change, GrowthKind, Strength

FOLDER = Path(__file__).parent / "labels"


class LabelError(ValueError):
    """Labels that cannot be used; the message says which and what to do."""


class _Labelled(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class IndicatorLabel(_Labelled):
    """One row of a table of indicators; a field that is left out is not put to the test."""

    name: str
    category: str | None = None
    unit: str = ""
    base: str | None = None
    base_year: int | None = None
    target: str | None = None
    target_high: str | None = None
    target_year: int | None = None
    bound: str | None = None
    growth: str | None = None
    growth_kind: GrowthKind | None = None
    attribute: Attribute | None = None
    is_cumulative: bool = False
    target_text: str = ""


class TargetLabel(_Labelled):
    """A figure that running text sets for the future."""

    quote: str = Field(min_length=1)
    name: str
    target: str | None = None
    target_high: str | None = None
    unit: str | None = None
    bound: str | None = None
    change: Change | None = None
    target_year: int | None = None
    optional: bool = False


class MeasureLabel(_Labelled):
    """A promise to somebody who may get something; a field left out is not put to the test."""

    quote: str = Field(min_length=1)
    applicants: str | None = None
    condition: str | None = None
    strength: Strength | None = None
    instruments: tuple[str, ...] = ()
    amount: str | None = None
    rate: str | None = None
    cap: str | None = None
    duration: str | None = None
    department: str | None = None
    optional: bool = False


Item = TypeVar("Item")


class Part(_Labelled, Generic[Item]):
    """All that there is of one kind between the words `first` and `last`, in order."""

    first: str | None = Field(default=None, alias="from")
    last: str | None = Field(default=None, alias="to")
    items: tuple[Item, ...]


class Labels(_Labelled):
    """One document's labels; a part that is None was not looked at.

    Rules may be made from the labels that are not `held_out`; the others only measure them.
    """

    file: str
    held_out: bool = False
    headings: Part[tuple[str, ...]] | None = None
    indicators: Part[IndicatorLabel] | None = None
    targets: Part[TargetLabel] | None = None
    measures: Part[MeasureLabel] | None = None


def load_labels(folder: Path = FOLDER) -> Sequence[Labels]:
    """Read all labels, in the order of their files' names.

    Raises:
        LabelError: if there are none or one is not as GUIDE.md says.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise LabelError(f"没有标注文件：{folder}；请按 eval/corpus/GUIDE.md 编写后再评测")
    return [_read(path) for path in paths]


def _read(path: Path) -> Labels:
    try:
        return Labels.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LabelError(f"标注文件 {path.name} 不合 GUIDE.md：{place}：{first['msg']}") from error
