"""Does an indicator's printed growth follow from its base and target?

Formulas: compound annual growth rate g = (target / base) ** (1 / years) - 1, as used by the
National Bureau of Statistics for 年均增长 (水平法); cumulative change = target - base.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal, TypeAlias

from corpus.model import Indicator

CheckStatus: TypeAlias = Literal["pass", "fail", "not_applicable"]


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
