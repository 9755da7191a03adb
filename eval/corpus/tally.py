"""Counts and shares that can be added up over documents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were found, overlooked and invented."""

    hits: int = 0
    missed: int = 0
    invented: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return the counts of both."""
        return Counts(
            self.hits + other.hits, self.missed + other.missed, self.invented + other.invented
        )

    @property
    def precision(self) -> float:
        """Return how much of what was found is right, 1 if nothing was found."""
        return Ratio(self.hits, self.hits + self.invented).value

    @property
    def recall(self) -> float:
        """Return how much of what is there was found, 1 if nothing is there."""
        return Ratio(self.hits, self.hits + self.missed).value

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return Ratio(2 * self.hits, 2 * self.hits + self.missed + self.invented).value


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum of scores 0..1 over how many there are."""

    sum: float = 0
    total: int = 0

    def __add__(self, other: "Ratio") -> "Ratio":
        """Return the ratio over both."""
        return Ratio(self.sum + other.sum, self.total + other.total)

    @property
    def value(self) -> float:
        """Return the share, 1 of nothing."""
        return self.sum / self.total if self.total else 1.0


def share(scores: list[bool] | list[float]) -> Ratio:
    """Return the ratio of single scores."""
    return Ratio(sum(scores), len(scores))
