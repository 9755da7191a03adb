"""Holds each case's actual value against its indicator, and compares with the hand-worked outcome.

A case is right only as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from corpus.arithmetic import Working
from corpus.course import Assessment, Standing, assess, read_course
from corpus.model import Change, GrowthKind, Indicator, Span
from eval.score import Share

FOLDER = Path(__file__).parent
PARTS = ("development", "held_out")


class GivenIndicator(BaseModel):
    """What a case says of its indicator; all else is not printed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    unit: str
    base: Decimal | None = None
    base_year: int | None = None
    target: Decimal | None = None
    target_high: Decimal | None = None
    target_year: int | None = None
    target_text: str = ""
    bound: str | None = None
    growth: Decimal | None = None
    growth_kind: GrowthKind | None = None
    change: Change | None = None
    is_cumulative: bool = False


class Case(BaseModel):
    """An indicator, an actual value and what must come of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: str
    indicator: GivenIndicator
    actual: Decimal
    year: int
    expected: Decimal | None
    standing: Standing
    remaining: str | None
    completion: str | None
    working: str


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """A case with what came out wrong; empty if it is right."""

    part: str
    case: Case
    faults: tuple[str, ...]


def load_cases(part: str) -> list[Case]:
    """Read one part.

    Raises:
        ValidationError: if a line is not a case.
    """
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    read = TypeAdapter(Case).validate_json
    return [read(line) for line in lines if line.strip()]


def judge_cases() -> list[CaseVerdict]:
    """Work all cases."""
    return [
        CaseVerdict(part, case, tuple(judge_case(case)))
        for part in PARTS
        for case in load_cases(part)
    ]


def judge_case(case: Case) -> list[str]:
    """Return what is wrong, one line a fault."""
    found = assess(read_course(_indicator(case.indicator)), case.actual, case.year)
    return [
        f"{name}：应为 {wanted}，得 {got}"
        for name, wanted, got in _compared(case, found)
        if wanted != got
    ]


def shares(verdicts: Sequence[CaseVerdict]) -> dict[str, dict[str, Share]]:
    """Return for each part the share of right cases by kind, `all` last."""
    return {
        part: {
            kind: Share(sum(not v.faults for v in group), len(group))
            for kind, group in _by_kind([v for v in verdicts if v.part == part]).items()
        }
        for part in PARTS
    }


def _compared(case: Case, found: Assessment) -> list[tuple[str, Any, Any]]:
    expected = None if found.expected is None else found.expected.value
    return [
        ("应达到", case.expected, expected),
        ("判断", case.standing, found.standing),
        ("余下每年", case.remaining, _signed(found.remaining)),
        ("完成", case.completion, _signed(found.completion)),
    ]


def _signed(working: Working | None) -> str | None:
    return None if working is None else f"{working.value}{working.unit}"


def _by_kind(verdicts: Sequence[CaseVerdict]) -> dict[str, list[CaseVerdict]]:
    groups: dict[str, list[CaseVerdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.case.kind, []).append(verdict)
    return {**groups, "all": list(verdicts)}


def _indicator(given: GivenIndicator) -> Indicator:
    nowhere = Span(0, 0)
    return Indicator(
        plan_id="case",
        number=0,
        section=0,
        attribute=None,
        span=nowhere,
        header=nowhere,
        **given.model_dump(),
    )
