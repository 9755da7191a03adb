"""The types that travel between the steps: a plan's text and the spans read from it.

Everything is a span of `Plan.text`; nothing here knows how it was read or where it is stored.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Attribute: TypeAlias = Literal["预期性", "约束性"]
GrowthKind: TypeAlias = Literal["annual", "cumulative"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse what no text can hold."""
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        """Return the number of characters."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters that the span covers."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Tell whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Plan:
    """One document: its canonical text and where it came from.

    `id` depends on the source alone, so a changed file keeps it; `digest` (SHA-256 of the file)
    tells the versions apart.
    """

    id: str
    title: str
    source: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered chapter, clause or annex.

    `span` reaches to the next heading of the same or a higher level, `own` only to the first
    subsection; both begin with the heading's line. `path` holds the headings from the outermost to
    this one, as they stand in the text.
    """

    number: int
    parent: int | None
    level: int
    path: tuple[str, ...]
    heading: Span
    own: Span
    span: Span

    @property
    def title(self) -> str:
        """Return the section's own heading, empty for text before the first one."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage that is embedded and found. `context` is searched with it but never quoted."""

    plan_id: str
    number: int
    section: int
    span: Span
    text: str
    context: str

    @property
    def embedded(self) -> str:
        """Return what the embedding model and the lexical index see."""
        return f"{self.context}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of a table of indicators (主要指标).

    `growth` is in per cent a year when `growth_kind` is `annual`, in the indicator's own unit over
    the whole period when it is `cumulative`. Figures are exactly as printed. `header` is the span
    of the table's header, where the years stand.
    """

    plan_id: str
    number: int
    section: int
    name: str
    unit: str
    base: Decimal | None
    base_year: int | None
    target: Decimal | None
    target_year: int | None
    bound: str | None
    growth: Decimal | None
    growth_kind: GrowthKind | None
    attribute: Attribute | None
    span: Span
    header: Span


@dataclass(frozen=True, slots=True)
class Project:
    """One row of a list of platforms or projects; figures as printed, with their units."""

    plan_id: str
    number: int
    section: int
    category: str | None
    name: str
    area: str | None
    investment: str | None
    description: str
    span: Span


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A plan with everything that was read from it: what the catalog stores as one."""

    plan: Plan
    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]
    indicators: tuple[Indicator, ...]
    projects: tuple[Project, ...]
