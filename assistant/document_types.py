"""What stands in the documents of `assistant.documents`, for OpenAPI and for the tools of MCP.

Figures are strings, exactly as printed in the source; `start` and `end` count characters of the
plan's text.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Document(BaseModel):
    """A field that is added to a document and not here is passed on all the same."""

    model_config = ConfigDict(extra="allow")


class CitationDocument(_Document):
    """Words of a source: `quote` is the text from `start` to `end`, character for character."""

    n: int = Field(description="回答中的 [n]")
    plan_id: str
    plan_title: str
    section: str = Field(description="各级标题，用“ > ”隔开")
    quote: str = Field(description="原文，一字不差")
    start: int
    end: int
    page: int | None = None
    is_superseded: bool = Field(default=False, description="所引文件已有新版")


class CheckDocument(_Document):
    """Whether the growth that is printed follows from base and target."""

    status: Literal["pass", "fail", "not_applicable"]
    printed: str | None
    computed: str | None
    formula: str


class FigureDocument(_Document):
    """An indicator as its table or its sentence prints it."""

    indicator: str
    category: str | None
    unit: str
    base: str | None
    base_year: int | None
    target: str | None
    target_year: int | None
    target_high: str | None
    target_text: str | None
    bound: str | None
    change: str | None
    is_cumulative: bool
    growth: str | None
    growth_kind: str | None
    attribute: str | None
    origin: str
    check: CheckDocument


class RemovedDocument(_Document):
    """A sentence that verification took out."""

    sentence: str
    reason: str


class ApprovalDocument(_Document):
    """Who has approved an answer, when, and what in it are the editor's own sentences."""

    editor: str
    time: str
    written: list[str]


class UsageDocument(_Document):
    """What a language model used; the cost is in yuan."""

    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None


class AnswerDocument(_Document):
    """An answer, every sentence of it verified against `citations`."""

    question: str
    answer: str = Field(description="回答，句后 [n] 指向 citations")
    status: Literal["answered", "refused", "clarify"]
    route: str
    citations: list[CitationDocument]
    facts: list[FigureDocument]
    confidence: float | None
    rewritten: str | None = Field(description="追问补全之后的问题")
    removed: list[RemovedDocument]
    notes: list[str]
    choices: list[str] = Field(description="status 为 clarify 时可选的问题")
    approval: ApprovalDocument | None
    usage: UsageDocument | None
    timings_ms: dict[str, float]


class HitDocument(_Document):
    """A passage that was found."""

    rank: int
    score: float
    plan_id: str
    plan_title: str
    section: str
    text: str
    start: int
    end: int
    page: int | None


class SearchDocument(_Document):
    """The passages found, the best first."""

    query: str
    hits: list[HitDocument]


class IndicatorDocument(FigureDocument):
    """An indicator with where it stands."""

    plan_id: str
    plan_title: str
    start: int
    end: int


class IndicatorsDocument(_Document):
    """Indicators, in the order of their tables."""

    indicators: list[IndicatorDocument]


class ProjectDocument(_Document):
    """A platform or project with where it stands."""

    plan_id: str
    plan_title: str
    category: str | None
    name: str
    area: str | None
    investment: str | None
    owner: str | None
    place: str | None
    years: str | None
    description: str
    start: int
    end: int


class ProjectsDocument(_Document):
    """Platforms and projects, in the order of the text."""

    projects: list[ProjectDocument]


class MeasureDocument(_Document):
    """A measure of support: `text` is the clause itself."""

    plan_id: str
    plan_title: str
    text: str
    strength: str
    instruments: list[str]
    applicants: str | None
    condition: str | None
    amount: str | None
    rate: str | None
    cap: str | None
    duration: str | None
    department: str | None
    start: int
    end: int
    page: int | None


class MeasuresDocument(_Document):
    """Measures, in the order of the text."""

    measures: list[MeasureDocument]


class PlanDocument(_Document):
    """A plan in the catalog."""

    plan_id: str
    plan_title: str
    source: str
    digest: str
    added_at: str
    number: str | None
    issuer: str | None
    region: str | None
    level: str | None
    kind: str | None
    period: str | None
    date: str | None
    superseded_by: str | None
    characters: int
    pages: int
    sections: int
    chunks: int
    indicators: int
    projects: int
    measures: int
    warnings: list[str]


class PlansDocument(_Document):
    """All plans by title."""

    plans: list[PlanDocument]


class RemovedPlanDocument(_Document):
    """The plan that was removed."""

    removed: PlanDocument


class IngestedDocument(_Document):
    """What became of a file that was taken in."""

    path: str
    name: str
    plan_id: str | None
    plan_title: str | None
    outcome: Literal["added", "replaced", "unchanged", "duplicate"]
    pages: int
    sections: int
    chunks: int
    indicators: int
    projects: int
    measures: int
    warnings: list[str]


class FailedDocument(_Document):
    """A file that was not taken in, and why."""

    path: str
    error: str


class SkippedDocument(_Document):
    """A file that was passed over, and why."""

    path: str
    reason: str


class IngestionDocument(_Document):
    """What became of all files."""

    files: list[IngestedDocument]
    failed: list[FailedDocument]
    skipped: list[SkippedDocument]
    seconds: float


class FailureDocument(_Document):
    """Why a request was refused, in Chinese."""

    detail: str
