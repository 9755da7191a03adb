"""What a policy demands of those who apply, as values that a profile can be held against.

`span` is always the words of the plan that set the demand.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from corpus.model import Span

Subject: TypeAlias = Literal["营业收入", "职工人数", "研发投入占比", "成立年限"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure that must be reached or not passed: revenue in 万元, persons, per cent, years.

    `is_low_open` and `is_high_open` tell that the bound itself does not count (超过, 低于).
    `only_for` are the industries that alone it is set for (餐饮项目……应在200万元以上).
    """

    subject: Subject
    low: Decimal | None
    high: Decimal | None
    span: Span
    is_low_open: bool = False
    is_high_open: bool = False
    only_for: tuple[str, ...] = ()

    def holds(self, value: Decimal) -> bool:
        """Tell whether the value keeps to the bounds."""
        if self.low is not None and (value < self.low or (self.is_low_open and value == self.low)):
            return False
        if self.high is None:
            return True
        return value < self.high or (value == self.high and not self.is_high_open)


@dataclass(frozen=True, slots=True)
class OneOf:
    """An industry, or a type of enterprise: one of the names must fit."""

    kind: Literal["industry", "type"]
    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Industries or types of enterprise that are left out (不含采矿, 除……外)."""

    kind: Literal["industry", "type"]
    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Located:
    """A place in which one must be registered."""

    place: str
    span: Span


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand that no profile answers by itself; `key` is what an answer is kept by."""

    key: str
    question: str
    span: Span
    yes_meets: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """A measure that is for somebody else: persons, departments, schools."""

    span: Span


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives (或): the demands of one of the parts must be met."""

    parts: tuple[tuple["Criterion", ...], ...]
    span: Span


Criterion: TypeAlias = Threshold | OneOf | NoneOf | Located | Asked | Refused | AnyOf


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for all measures of a part of the text.

    `title` is the heading of that part, `who` the lines that say whom it is for, `is_card` tells
    that nothing outside of it counts.
    """

    title: Span | None = None
    who: tuple[Span, ...] = ()
    conditions: tuple[Span, ...] = ()
    validity: Span | None = None
    is_card: bool = False
