"""Single figures of indicators: what is compared and worked with."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from corpus.arithmetic import Incalculable
from corpus.model import Indicator

Side: TypeAlias = Literal["base", "target"]


@dataclass(frozen=True, slots=True)
class Figure:
    """The base or the target of an indicator."""

    indicator: Indicator
    side: Side = "target"

    @property
    def value(self) -> Decimal | None:
        """Return the figure, the lower end of a range; None where none is printed."""
        return self.indicator.target if self.side == "target" else self.indicator.base

    @property
    def year(self) -> int | None:
        """Return the year that the figure is for."""
        one = self.indicator
        return one.target_year if self.side == "target" else one.base_year

    @property
    def unit(self) -> str:
        """Return what the figure is counted in."""
        return self.indicator.unit

    @property
    def bound(self) -> str:
        """Return the word that loosens the figure (左右, 以上), empty if there is none."""
        return (self.indicator.bound or "") if self.side == "target" else ""

    @property
    def is_range(self) -> bool:
        """Tell whether two ends are printed: 5%—5.5%."""
        return self.side == "target" and self.indicator.target_high is not None

    @property
    def shown(self) -> str:
        """Return the figure with unit and bound, as it is printed."""
        one = self.indicator
        if self.side == "base":
            return f"{one.base}{one.unit}"
        if one.origin == "prose" or one.target is None or self.is_range:
            return "".join(one.target_text.split())
        if one.bound and one.bound[-1] not in "右上下内":
            return f"{one.bound}{one.target}{one.unit}"
        return f"{one.target}{one.unit}{one.bound or ''}"

    @property
    def label(self) -> str:
        """Return what the figure is called: 2025年目标, 2020年基数."""
        year = f"{self.year}年" if self.year else ""
        return f"{year}{'目标' if self.side == 'target' else '基数'}"

    def exact(self) -> Decimal:
        """Return the figure to work with.

        Raises:
            Incalculable: if there is none, or two ends of a range.
        """
        if self.value is None:
            raise Incalculable(f"文件没有给出{self.indicator.name}的{self.label}")
        if self.is_range:
            raise Incalculable(f"{self.indicator.name}的{self.label}是区间（{self.shown}）")
        return self.value


def common_unit(figures: Sequence[Figure]) -> str:
    """Return the one unit of all figures.

    Raises:
        Incalculable: if they are counted in different ones.
    """
    units = list(dict.fromkeys(figure.unit for figure in figures))
    if len(units) > 1:
        raise Incalculable(f"单位不同（{'、'.join(units)}）")
    return units[0]
