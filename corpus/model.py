"""The types that travel between the steps: a plan's text and the spans read from it.

Everything is a span of `Plan.text`; nothing here knows how it was read or where it is stored.
"""

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Attribute: TypeAlias = Literal["预期性", "约束性"]
GrowthKind: TypeAlias = Literal["annual", "cumulative"]
Change: TypeAlias = Literal["increase", "decrease"]
Origin: TypeAlias = Literal["table", "prose"]
Level: TypeAlias = Literal["国家", "省", "市", "区县"]
Kind: TypeAlias = Literal["规划", "报告", "政策", "办法"]
Strength: TypeAlias = Literal["应当", "给予", "支持", "鼓励", "探索"]


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

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells; every row has as many columns as the others.

    A merged cell's span stands in every place that it covers; a blank cell is an empty span. Rows
    before `header_rows` are the header. The caption stands outside of `span`, on the line above.
    """

    span: Span
    rows: tuple[tuple[Span, ...], ...]
    header_rows: int = 1
    caption: Span | None = None


@dataclass(frozen=True, slots=True)
class StyledHeading:
    """A paragraph that its file calls a heading (Word's styles, h1 to h6); 1 is the widest."""

    span: Span
    level: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader makes of a file: the canonical text and the layout that text alone loses.

    `page_starts[i]` is the offset at which page i + 1 begins; empty where the format has no pages.
    `tables` and `headings` are those that the format marks as such, in the order of the text.
    """

    text: str
    tables: tuple[Table, ...] = ()
    headings: tuple[StyledHeading, ...] = ()
    page_starts: tuple[int, ...] = ()
    title: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself; None where it does not say.

    `number` is the 文号, `region` the place as the document names it, `date` ISO (2021-03-12).
    """

    number: str | None = None
    issuer: str | None = None
    region: str | None = None
    level: Level | None = None
    kind: Kind | None = None
    start_year: int | None = None
    end_year: int | None = None
    date: str | None = None


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
    metadata: Metadata = Metadata()
    page_starts: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page on which the character stands, None where there are no pages."""
        return bisect_right(self.page_starts, offset) or None


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
    """A target: one row of a table of indicators (主要指标), or a clause that sets one in prose.

    `target` is a level, unless `change` tells that it is itself a rise or fall (增长5%左右: 5,
    unit %, increase); `target_high` is the upper end of a range (25—27). `is_cumulative` marks a
    target that is summed up over the period (〔15〕). `growth` is in per cent a year when
    `growth_kind` is `annual`, in the indicator's own unit over the whole period when it is
    `cumulative`. Figures are exactly as printed, `base_text`, `target_text` and `growth_text` the
    cells they were read from: a cell that is no figure has its text only. `header` is the span in
    which the years stand: the table's header, or the sentence.
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
    category: str | None = None
    target_high: Decimal | None = None
    change: Change | None = None
    is_cumulative: bool = False
    base_text: str = ""
    target_text: str = ""
    growth_text: str = ""
    origin: Origin = "table"


@dataclass(frozen=True, slots=True)
class Measure:
    """A clause that promises something; every text is exactly as it stands in the plan.

    `applicants` is who may apply, `instruments` what is given (奖励, 贴息, 减免 …), `amount` a
    fixed sum, `rate` a share, `cap` the most that is paid: figures alone, or grades from the first
    to the last. `department` may stand outside of `span`, in the note that ends the section
    (责任单位：…); so may the applicants and the condition of a grant, in the section's field
    (支持对象：…, 申报条件：…).
    """

    plan_id: str
    number: int
    section: int
    text: str
    strength: Strength
    instruments: tuple[str, ...]
    applicants: str | None
    condition: str | None
    amount: str | None
    rate: str | None
    cap: str | None
    duration: str | None
    department: str | None
    span: Span

    @property
    def has_sum(self) -> bool:
        """Tell whether it says in figures what is given."""
        return any((self.amount, self.rate, self.cap))


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
    owner: str | None = None
    place: str | None = None
    years: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A plan with everything that was read from it: what the catalog stores as one."""

    plan: Plan
    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]
    indicators: tuple[Indicator, ...]
    projects: tuple[Project, ...]
    measures: tuple[Measure, ...] = ()
    warnings: tuple[str, ...] = ()
