"""Types of monitoring: actual values as given, where each stands, and rows that cannot be used."""

from dataclasses import dataclass
from decimal import Decimal

from corpus.course import Assessment, Course, Standing
from corpus.model import Indicator

STANDINGS: dict[Standing, str] = {
    "behind": "慢于进度",
    "on_course": "符合进度",
    "ahead": "快于进度",
    "unknown": "无法判断",
}
_AT_THE_END: dict[Standing, str] = {**STANDINGS, "behind": "未完成", "on_course": "已完成"}
_AT_A_LIMIT: dict[Standing, str] = {**STANDINGS, "behind": "不符要求", "on_course": "符合要求"}


@dataclass(frozen=True, slots=True)
class Actual:
    """An actual value as it was given; `place` tells the user where (第3行), `plan` which plan."""

    name: str
    value: Decimal
    unit: str
    year: int
    place: str
    plan: str = ""

    @property
    def shown(self) -> str:
        """Return the value as an answer repeats it."""
        return f"{self.value}{self.unit}"


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be used, and what to do about it."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    """One indicator with its latest actual value, in the indicator's own unit.

    `series` are all the years that were given, oldest first.
    """

    indicator: Indicator
    actual: Actual
    value: Decimal
    course: Course
    assessment: Assessment
    series: tuple[tuple[int, Decimal], ...]

    @property
    def label(self) -> str:
        """Return the standing in words: 慢于进度; of the target year, 未完成."""
        if self.course.kind == "limit":
            return _AT_A_LIMIT[self.assessment.standing]
        if self.assessment.is_final:
            return _AT_THE_END[self.assessment.standing]
        return "提前完成" if self.assessment.is_reached else STANDINGS[self.assessment.standing]


@dataclass(frozen=True, slots=True)
class Monitoring:
    """All that was held against its target, 约束性 first; `missing` lacks an actual value."""

    progress: tuple[Progress, ...]
    missing: tuple[Indicator, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of_standing(self, standing: Standing) -> list[Progress]:
        """Return those that stand so."""
        return [one for one in self.progress if one.assessment.standing == standing]


class ActualsError(ValueError):
    """Actual values that cannot be used; its text says in Chinese what to do."""
