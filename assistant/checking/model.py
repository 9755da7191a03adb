"""The types of the checks: what was compared, where both sides stand, and what came of it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from corpus.catalog import CatalogEntry
from corpus.model import Indicator, Plan, Section, Span

Outcome: TypeAlias = Literal["FAIL", "UNCERTAIN", "PASS"]
CheckKind: TypeAlias = Literal["growth", "agreement", "direction", "unit", "rival", "sum"]

KIND_NAMES: dict[CheckKind, str] = {
    "growth": "增长数核算",
    "agreement": "同一文件前后一致",
    "direction": "目标与基数",
    "unit": "各文件的单位",
    "rival": "各文件的目标",
    "sum": "合计与项数",
}
OUTCOME_NAMES: dict[Outcome, str] = {"FAIL": "不符", "UNCERTAIN": "待人工判断", "PASS": "相符"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a plan that a check rests on."""

    plan_id: str
    section: int
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked: `statement` is one Chinese sentence that says what and how.

    FAIL only where the printed figures contradict each other for certain; UNCERTAIN where rounding
    or another meaning may explain it, so that somebody has to look.
    """

    kind: CheckKind
    outcome: Outcome
    subject: str
    statement: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A plan as the checks read it."""

    entry: CatalogEntry
    plan: Plan
    sections: tuple[Section, ...]
    indicators: tuple[Indicator, ...]

    def evidence(self, indicator: Indicator) -> Evidence:
        """Return the words that state the indicator."""
        return Evidence(self.plan.id, indicator.section, indicator.span)
