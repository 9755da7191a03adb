"""Sums over printed figures, in decimals; and does a plan's printed growth follow from its rows?

Formulas: compound annual growth rate g = (target / base) ** (1 / years) - 1, as used by the
National Bureau of Statistics for 年均增长 (水平法); growth = (target - base) / base (增长率);
cumulative change = target - base, of percentages in percentage points (百分点); completion =
actual / target (完成率), of the rise alone (actual - base) / (target - base).

What a plan expects on the way: with 年均增长 base * (target / base) ** (passed / years), the same
compound rate in every year; with 累计 base + (target - base) * passed / years, the same part of the
change in every year, as mid-term evaluations hold the time that has passed against what is done
(时间进度).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal, TypeAlias

from corpus.model import Indicator

CheckStatus: TypeAlias = Literal["pass", "fail", "not_applicable"]


_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")
# A quotient of figures in a unit with more decimal places than this is rounded.
_PLACES = 4
_NUMERALS = "〇一两三四五六七八九十"


class Incalculable(ValueError):
    """A sum that cannot be done; its text says in Chinese what is missing."""


@dataclass(frozen=True, slots=True)
class Working:
    """A sum; `formula` ends in its outcome, `is_rounded` tells that this is not exact.

    Example: 550 − 218 = 332（家）
    """

    value: Decimal
    unit: str
    formula: str
    is_rounded: bool = False

    @property
    def shown(self) -> str:
        """Return the outcome with its unit and without its sign: 332家."""
        return f"{abs(self.value)}{self.unit}"

    @property
    def stated(self) -> str:
        """Return the formula, and how its outcome was rounded if it was."""
        if not self.is_rounded:
            return self.formula
        return f"{self.formula}，四舍五入保留{_NUMERALS[places(self.value)]}位小数"


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome for one indicator.

    `computed` is rounded to the places that are printed; `formula` shows the sum in figures, or
    says in Chinese why there is nothing to check.
    """

    status: CheckStatus
    printed: Decimal | None
    computed: Decimal | None
    formula: str


def annual_growth(base: Decimal, target: Decimal, years: int) -> Decimal:
    """Return the compound annual growth rate in per cent.

    Raises:
        ValueError: if a figure is not positive or there is no year between them.
    """
    if base <= 0 or target <= 0 or years <= 0:
        raise ValueError(f"no annual growth from {base} to {target} over {years} years")
    with localcontext(prec=40):
        return ((target / base) ** (Decimal(1) / years) - 1) * 100


def round_as(value: Decimal, printed: Decimal) -> Decimal:
    """Round half up to as many decimal places as `printed` has.

    Example: value=Decimal("13.4536"), printed=Decimal("13.5") -> Decimal("13.5")
    """
    return value.quantize(
        Decimal(1).scaleb(min(int(printed.as_tuple().exponent), 0)), ROUND_HALF_UP
    )


def check_growth(indicator: Indicator) -> Check:
    """Work out the growth anew and compare it with the printed one, rounding as printed."""
    base, target, growth = indicator.base, indicator.target, indicator.growth
    if growth is None:
        return Check("not_applicable", None, None, "表中没有给出增长数，无需核算")
    if base is None or target is None:
        return Check("not_applicable", growth, None, "缺少基数或目标，无法核算")
    if indicator.growth_kind == "cumulative":
        computed = target - base
        formula = f"{target} - {base} = {computed}"
        rounded = round_as(computed, growth)
        return Check("pass" if rounded == growth else "fail", growth, computed, formula)
    if indicator.base_year is None or indicator.target_year is None:
        return Check("not_applicable", growth, None, "缺少基期或目标年份，无法核算")
    years = indicator.target_year - indicator.base_year
    if base <= 0 or target <= 0 or years <= 0:
        return Check("not_applicable", growth, None, "基数、目标或年数不是正数，无法核算年均增长")
    rounded = round_as(annual_growth(base, target, years), growth)
    formula = f"({target} / {base})^(1/{years}) - 1 = {rounded}%"
    return Check("pass" if rounded == growth else "fail", growth, rounded, formula)


def difference(one: Decimal, other: Decimal, unit: str) -> Working:
    """Return one - other; of percentages in percentage points."""
    unit = points(unit)
    # 7.5 − 7.5 is 0, not 0.0.
    value = one - other or Decimal(0)
    return Working(value, unit, f"{one} − {_inner(other)} = {value}（{unit}）")


def multiple(one: Decimal, other: Decimal) -> Working:
    """Return how many times the other the one is, rounded to two places.

    Raises:
        Incalculable: if the other is zero.
    """
    if not other:
        raise Incalculable("作比较的数是0，算不出倍数")
    return _quotient(f"{one} ÷ {_inner(other)}", one / other, "倍", 2)


def growth(base: Decimal, target: Decimal) -> Working:
    """Return the growth over the whole period in per cent, rounded to one place.

    Raises:
        Incalculable: if the base is not positive.
    """
    if base <= 0:
        raise Incalculable(f"基数是{base}，不是正数，算不出增长率")
    return _percentage(f"({target} − {base}) ÷ {base}", (target - base) / base)


def compound_growth(base: Decimal, target: Decimal, years: int) -> Working:
    """Return the compound annual growth rate in per cent, rounded to one place.

    Raises:
        Incalculable: if a figure is not positive or there is no year between them.
    """
    if base <= 0 or target <= 0 or years <= 0:
        raise Incalculable("基数、目标或年数不是正数，算不出年均增速")
    rate = annual_growth(base, target, years) / 100
    return _percentage(f"({target} ÷ {base})^(1/{years}) − 1", rate)


def yearly_change(base: Decimal, target: Decimal, years: int, unit: str) -> Working:
    """Return the equal part of the change that falls to each year.

    Raises:
        Incalculable: if there is no year between base and target.
    """
    if years <= 0:
        raise Incalculable("目标年份不晚于基期，算不出每年的增量")
    formula = f"({target} − {_inner(base)}) ÷ {years}"
    return _quotient(formula, (target - base) / years, points(unit), _PLACES)


def completion(actual: Decimal, target: Decimal) -> Working:
    """Return the share of the target that is reached, in per cent, rounded to one place.

    Raises:
        Incalculable: if the target is not positive.
    """
    if target <= 0:
        raise Incalculable(f"目标是{target}，不是正数，算不出完成率")
    return _percentage(f"{actual} ÷ {target}", actual / target)


def completion_of_rise(actual: Decimal, base: Decimal, target: Decimal) -> Working:
    """Return the share of the way from base to target that is done, rounded to one place.

    Raises:
        Incalculable: if base and target are the same.
    """
    if target == base:
        raise Incalculable("目标与基数相同，算不出增量的完成率")
    formula = f"({actual} − {_inner(base)}) ÷ ({target} − {_inner(base)})"
    return _percentage(formula, (actual - base) / (target - base))


def compound_step(base: Decimal, target: Decimal, passed: int, years: int, unit: str) -> Working:
    """Return where the same rate of growth in every year leads to after some of the years.

    Rounded to one place more than is printed; the last year's is the target itself.

    Raises:
        Incalculable: if a figure is not positive or the year is not between the two.
    """
    if base <= 0 or target <= 0:
        raise Incalculable("基数或目标不是正数，不能按年均增速推算")
    with localcontext(prec=40):
        share = Decimal(passed) / _span(passed, years)
        exact = base * (target / base) ** share
    return _step(f"{base} × ({target} ÷ {base})^({passed}/{years})", exact, base, target, unit)


def linear_step(base: Decimal, target: Decimal, passed: int, years: int, unit: str) -> Working:
    """Return where an equal part of the change in every year leads to after some of the years.

    Rounded to one place more than is printed; the last year's is the target itself.

    Raises:
        Incalculable: if the year is not between the two.
    """
    with localcontext(prec=40):
        exact = base + (target - base) * passed / _span(passed, years)
    formula = f"{base} + ({target} − {_inner(base)}) × {passed} ÷ {years}"
    return _step(formula, exact, base, target, unit)


def total(values: Sequence[Decimal], unit: str) -> Working:
    """Return the sum of figures in one unit."""
    value = sum(values, Decimal(0))
    return Working(value, unit, f"{' + '.join(map(_inner, values))} = {value}（{unit}）")


def mean(values: Sequence[Decimal], unit: str) -> Working:
    """Return the arithmetic mean of figures in one unit."""
    formula = f"({' + '.join(map(_inner, values))}) ÷ {len(values)}"
    return _quotient(formula, sum(values, Decimal(0)) / len(values), unit, _PLACES)


def points(unit: str) -> str:
    """Return what two figures in this unit differ in."""
    return {"%": "个百分点", "‰": "个千分点", "百分点": "个百分点"}.get(unit, unit)


def places(value: Decimal) -> int:
    """Return how many decimal places are printed."""
    return max(0, -int(value.as_tuple().exponent))


def _span(passed: int, years: int) -> int:
    if years <= 0 or not 0 <= passed <= years:
        raise Incalculable("年份不在基期与目标年份之间，算不出当年应达到的数值")
    return years


def _step(formula: str, exact: Decimal, base: Decimal, target: Decimal, unit: str) -> Working:
    most = max(places(base), places(target)) + 1
    rounded = exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    is_rounded = rounded != exact.quantize(Decimal(1).scaleb(-most - 12))
    value = rounded if is_rounded else plain(rounded)
    return Working(
        value, unit, f"{formula} {'≈' if is_rounded else '='} {value}（{unit}）", is_rounded
    )


def plain(value: Decimal) -> Decimal:
    """Return the figure without zeros at its end, and without an exponent."""
    return Decimal(f"{value.normalize():f}") if value else Decimal(0)


def _percentage(formula: str, share: Decimal) -> Working:
    rounded = (share * 100).quantize(_TENTH, ROUND_HALF_UP)
    is_rounded = rounded != share * 100
    return Working(rounded, "%", f"{formula} {'≈' if is_rounded else '='} {rounded}%", is_rounded)


def _quotient(formula: str, exact: Decimal, unit: str, most: int) -> Working:
    """Return the quotient as it is, or rounded to two places if it has more than `most`."""
    exact = plain(exact)
    is_short = -int(exact.as_tuple().exponent) <= most
    value = exact if is_short else exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
    sign = "=" if value == exact else "≈"
    return Working(value, unit, f"{formula} {sign} {value}（{unit}）", value != exact)


def _inner(value: Decimal) -> str:
    return f"({value})" if value < 0 else str(value)
