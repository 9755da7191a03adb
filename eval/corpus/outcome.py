"""What came of comparing one part of one document with its labels."""

from dataclasses import dataclass, field

from eval.corpus.tally import Counts, Ratio


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts and shares by name, and each difference in one line."""

    counts: dict[str, Counts] = field(default_factory=dict)
    shares: dict[str, Ratio] = field(default_factory=dict)
    failures: tuple[str, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        """Return both together: what has the same name is added up."""
        counts = dict(self.counts)
        for name, count in other.counts.items():
            counts[name] = counts.get(name, Counts()) + count
        shares = dict(self.shares)
        for name, ratio in other.shares.items():
            shares[name] = shares.get(name, Ratio()) + ratio
        return Outcome(counts, shares, self.failures + other.failures)


def shorten(words: str, limit: int = 60) -> str:
    """Return the words on one line, the end cut off where they are long."""
    line = " ".join(words.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
