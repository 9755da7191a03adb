"""What LangChain is given of the assistant: a retriever and tools with typed arguments.

The same functions that answer without an LLM, for chains and agents. Kept in one module because
importing LangChain takes a second that an answer without an LLM need not wait for.
"""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from assistant.checking.check import check_plans
from assistant.checking.model import OUTCOME_NAMES, Finding
from assistant.library import Library
from assistant.matching.documents import ProfileError, profile_from_document
from assistant.matching.match import match_measures
from assistant.matching.model import Matching, Need
from assistant.question import read_question
from assistant.retrieve import Hit, retrieve
from assistant.tools.calculation import Calculation, find_calculations
from assistant.tools.comparability import NOT_STATED, find_differences
from assistant.tools.comparison import Comparison, find_comparison
from assistant.tools.figures import Figure
from assistant.tools.indicators import (
    CheckedIndicator,
    IndicatorLookup,
    find_indicators,
)
from assistant.tools.measures import MeasureLookup, find_measures
from assistant.tools.projects import ProjectLookup, find_projects

# No model reads more of them in one go.
_MEASURES = 20
_FINDINGS = 20
_MATCHES = 8


class PlanRetriever(BaseRetriever):
    """`retrieve` as LangChain knows it: documents whose metadata say where the text stands."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    limit: int = 8
    plan_id: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        hits = retrieve(query, self.library, limit=self.limit, plan_ids=_only(self.plan_id))
        return [as_document(hit) for hit in hits]


def as_document(hit: Hit) -> Document:
    """Return the hit as a LangChain document."""
    chunk = hit.chunk
    return Document(
        page_content=chunk.text,
        metadata={
            "plan_id": chunk.plan_id,
            "number": chunk.number,
            "context": chunk.context,
            "start": chunk.span.start,
            "end": chunk.span.end,
            "score": hit.score,
        },
    )


class IndicatorQuery(BaseModel):
    """The arguments of the tool."""

    question: str = Field(description="用户关于指标的问题，或指标名称")
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def indicator_tool(library: Library) -> StructuredTool:
    """Return the look-up as a LangChain tool: text for a model, an `IndicatorLookup` beside it."""

    def lookup(question: str, plan_id: str | None = None) -> tuple[str, IndicatorLookup]:
        found = find_indicators(read_question(question), library, plan_ids=_only(plan_id))
        lines = [_line(row) for row in found.rows]
        return "\n".join(lines) or "没有找到对应的指标。", found

    return StructuredTool.from_function(
        func=lookup,
        name="lookup_indicators",
        description="按名称、别称或问题查规划中的指标：基数、目标、年均增长或累计、属性，并核算增长数。",
        args_schema=IndicatorQuery,
        response_format="content_and_artifact",
    )


def _line(row: CheckedIndicator) -> str:
    indicator = row.indicator
    growth = ""
    if indicator.growth is not None:
        growth = (
            f"，年均增长{indicator.growth}%"
            if indicator.growth_kind == "annual"
            else f"，累计[{indicator.growth}]"
        )
    return (
        f"{indicator.name}（{indicator.unit}）：{indicator.base_year}年基数{indicator.base}，"
        f"{indicator.target_year}年目标{indicator.target}{indicator.bound or ''}{growth}，"
        f"{indicator.attribute or '属性未注明'}；核算：{row.check.status} {row.check.formula}"
    )


class ProjectQuery(BaseModel):
    """The arguments of the tool."""

    question: str = Field(description="用户关于平台、项目的问题，或其名称")
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def project_tool(library: Library) -> StructuredTool:
    """Return the look-up as a LangChain tool: text for a model, a `ProjectLookup` beside it."""

    def lookup(question: str, plan_id: str | None = None) -> tuple[str, ProjectLookup]:
        found = find_projects(read_question(question), library, plan_ids=_only(plan_id))
        lines = [
            f"{project.name}（{project.category or '未分类'}）：{project.description}"
            for project in found.projects
        ]
        return "\n".join(lines) or "没有找到对应的平台或项目。", found

    return StructuredTool.from_function(
        func=lookup,
        name="lookup_projects",
        description="查规划附件中的平台与项目：名称、类别、面积、投资、举措和目标。",
        args_schema=ProjectQuery,
        response_format="content_and_artifact",
    )


class MeasureQuery(BaseModel):
    """The arguments of the tool."""

    question: str = Field(
        description="谁（如小微企业）想得到什么支持（如贷款贴息、奖励），用于什么事"
    )
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def measure_tool(library: Library) -> StructuredTool:
    """Return the look-up as a LangChain tool: text for a model, a `MeasureLookup` beside it."""

    def lookup(question: str, plan_id: str | None = None) -> tuple[str, MeasureLookup]:
        plan_ids = _only(plan_id) or [entry.id for entry in library.catalog.entries()]
        found = find_measures(read_question(question), library, plan_ids=plan_ids)
        lines = [measure.text for measure in found.measures[:_MEASURES]]
        count = f"共{len(found.measures)}项" if found.measures else "没有找到对应的支持措施。"
        return "\n".join([count, *lines]), found

    return StructuredTool.from_function(
        func=lookup,
        name="lookup_measures",
        description="查政策中的支持措施（奖励、补贴、贷款、减免等），按申请人、支持方式和事项，逐条给出原文。",
        args_schema=MeasureQuery,
        response_format="content_and_artifact",
    )


class SumQuery(BaseModel):
    """The arguments of the tools that compare and calculate."""

    question: str = Field(
        description="含地区、年份和指标名称的完整问题，如：浙江和贵州2026年的城镇新增就业目标谁高"
    )
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def compare_tool(library: Library) -> StructuredTool:
    """Return the comparison as a LangChain tool: text for a model, a `Comparison` beside it."""

    def compare(question: str, plan_id: str | None = None) -> tuple[str, Comparison | None]:
        found = find_comparison(read_question(question), library, plan_ids=_only(plan_id))
        if found is None:
            return "没有可以比较的地区、年份或指标。", None
        lines = [
            f"{party.place}{party.year or ''}，{series.title}："
            + ("；".join(figure.shown for figure in cell) or NOT_STATED)
            for series in found.series
            for party, cell in zip(found.parties, series.figures, strict=True)
        ]
        plans = {
            figure.indicator.plan_id: library.catalog.plan(figure.indicator.plan_id)
            for series in found.series
            for cell in series.figures
            for figure in cell
        }

        def quote(figure: Figure) -> str:
            return figure.indicator.span.of(plans[figure.indicator.plan_id].text)

        for series in found.series:
            lines += find_differences(found.parties, series, quote)
            lines += [
                f"{party.place}没有写明{series.name}，但写有口径不同的"
                f"{figure.indicator.name}{figure.shown}"
                for party, cell in zip(found.parties, series.near, strict=True)
                for figure in cell
            ]
        outcomes = [series.outcome for series in found.series if series.outcome is not None]
        lines += [one.working.formula if one.working else one.refusal for one in outcomes]
        return "\n".join(lines), found

    return StructuredTool.from_function(
        func=compare,
        name="compare_indicators",
        description="比较几个地区或年份的同一指标：各自的目标、差额、倍数、合计或平均，由程序计算。",
        args_schema=SumQuery,
        response_format="content_and_artifact",
    )


class CheckQuery(BaseModel):
    """The arguments of the tool."""

    plan_id: str | None = Field(default=None, description="只查这一份规划；不给则查全部")


def check_tool(library: Library) -> StructuredTool:
    """Return the checks as a LangChain tool: text for a model, the `Finding`s beside it."""

    def check(plan_id: str | None = None) -> tuple[str, list[Finding]]:
        found = check_plans(library, plan_ids=_only(plan_id))
        lines = [
            f"{OUTCOME_NAMES[one.outcome]}：{one.statement}"
            for one in found
            if one.outcome != "PASS"
        ]
        count = f"共核对{len(found)}项，其中{len(lines)}项不符或待人工判断。"
        return "\n".join([count, *lines[:_FINDINGS]]), found

    return StructuredTool.from_function(
        func=check,
        name="check_plan",
        description="自查规划：增长数核算、前后不一、目标低于基数、单位不同、两份规划的目标不同、合计与项数。",
        args_schema=CheckQuery,
        response_format="content_and_artifact",
    )


def calculate_tool(library: Library) -> StructuredTool:
    """Return the sums as a LangChain tool: text for a model, `Calculation`s beside it."""

    def calculate(question: str, plan_id: str | None = None) -> tuple[str, list[Calculation]]:
        found = find_calculations(read_question(question), library, plan_ids=_only(plan_id))
        lines: list[str] = []
        for one in found:
            lines += [f"{f.indicator.name}，{f.label}：{f.shown}" for f in one.figures if f.value]
            lines += [working.formula for working in one.workings]
            lines += [one.refusal] if one.refusal else []
        return "\n".join(lines) or "没有可以计算的指标。", found

    return StructuredTool.from_function(
        func=calculate,
        name="calculate_indicators",
        description="按规划中的基数、目标和用户给出的实际值计算：差额、倍数、总增幅、年均增速、"
        "每年增量、还差多少、完成率、合计、平均。",
        args_schema=SumQuery,
        response_format="content_and_artifact",
    )


class SearchQuery(BaseModel):
    """The arguments of the tool."""

    query: str = Field(description="要查找的内容")
    limit: int = Field(default=5, ge=1, le=50, description="最多返回几段")
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def search_tool(library: Library) -> StructuredTool:
    """Return the search as a LangChain tool: text for a model, the hits beside it."""

    def search(query: str, limit: int = 5, plan_id: str | None = None) -> tuple[str, list[Hit]]:
        hits = retrieve(query, library, limit=limit, plan_ids=_only(plan_id))
        return "\n\n".join(hit.chunk.embedded for hit in hits) or "没有找到相关内容。", hits

    return StructuredTool.from_function(
        func=search,
        name="search_plans",
        description="按意思和用词查找规划原文段落。",
        args_schema=SearchQuery,
        response_format="content_and_artifact",
    )


class ProfileQuery(BaseModel):
    """The arguments of the tool."""

    industry: str = Field(default="", description="企业做什么，用它自己的话，如：细胞治疗外包")
    region: str | None = Field(default=None, description="注册地，如：温州市瓯海区")
    types: list[str] = Field(
        default=[], description="企业类型，如高新技术企业、小微企业；不是的写成“非高新技术企业”"
    )
    founded: int | None = Field(default=None, description="成立年份")
    revenue: str | None = Field(default=None, description="上年营业收入，如：2600万元")
    research_share: str | None = Field(default=None, description="研发投入占营业收入，如：5%")
    staff: int | None = Field(default=None, description="职工人数")
    needs: list[Need] = Field(default=[], description="需要的支持；不说就是全部")
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def match_tool(library: Library) -> StructuredTool:
    """Return policy matching as a LangChain tool: text for a model, a `Matching` beside it."""

    def match(plan_id: str | None = None, **told: object) -> tuple[str, Matching | None]:
        given = {name: value for name, value in told.items() if value is not None}
        try:
            profile = profile_from_document(given)
        except ProfileError as error:
            return str(error), None
        found = match_measures(profile, library, plan_ids=_only(plan_id))
        return matching_text(found), found

    return StructuredTool.from_function(
        func=match,
        name="match_policies",
        description="按企业的行业、类型、地区、规模等，逐条判断能享受哪些政策措施，"
        "给出理由、金额和还需确认的问题。",
        args_schema=ProfileQuery,
        response_format="content_and_artifact",
    )


def matching_text(matching: Matching) -> str:
    """Return what a model reads of a matching: the best of both groups and the next question."""
    lines: list[str] = []
    for verdict in ("符合", "可能符合"):
        group = matching.of(verdict)
        lines.append(f"{verdict}{len(group)}项")
        for match in group[:_MATCHES]:
            open_ = [reason.quote for reason in match.reasons if reason.outcome == "unknown"]
            paid = f"；金额：{match.payment.formula}" if match.payment else ""
            asked = f"；待确认：{'、'.join(open_)}" if open_ else ""
            rules = "；只提出方向，需实施细则" if match.needs_rules else ""
            lines.append(f"《{match.plan_title}》{match.measure.text}{paid}{asked}{rules}")
    lines += [f"可以追问：{reason.question}" for reason in matching.questions[:1]]
    return "\n".join(lines)


def plan_tools(library: Library) -> list[BaseTool]:
    """Return all tools for an agent."""
    return [
        indicator_tool(library),
        compare_tool(library),
        calculate_tool(library),
        check_tool(library),
        project_tool(library),
        measure_tool(library),
        match_tool(library),
        search_tool(library),
    ]


def _only(plan_id: str | None) -> list[str] | None:
    return None if plan_id is None else [plan_id]
