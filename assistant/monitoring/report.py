"""The evaluation report on a plan, mid-term or final, as blocks that Word and Markdown write."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.monitoring.model import STANDINGS, ActualsError, Monitoring, Progress
from assistant.monitoring.report_charts import Chart, completion_chart, path_chart
from assistant.monitoring.wording import (
    say_basis,
    say_progress,
    say_remaining,
    shown_expected,
)
from assistant.tools.figures import Figure
from corpus.course import Standing
from corpus.model import Attribute, Indicator

Stage: TypeAlias = Literal["mid", "final"]
BlockKind: TypeAlias = Literal["title", "subtitle", "heading", "text", "table", "chart", "note"]
Row: TypeAlias = tuple[str, ...]

_STAGES: dict[Stage, str] = {"mid": "中期评估报告", "final": "期末评估报告"}
_NUMERALS = "一二三四五六七"
_LAGGING_HEAD: Row = ("序号", "指标", "当年应达到", "实际值", "差额", "余下各年所需")
_SUMS_HEAD: Row = ("序号", "指标", "算式", "余下各年所需")
_ORDER: tuple[Standing, ...] = ("ahead", "on_course", "behind", "unknown")
_METHODS = (
    "有年均增长的指标，按相同的年均增速逐年推算：基数 × (目标 ÷ 基数)^(已过年数/总年数)。",
    "有累计数的指标和没有写明逐年增速的指标，按逐年等量推算："
    "基数 + (目标 − 基数) × 已过年数 ÷ 总年数。",
    "“以内”“不超过”“不低于”等限度，基期已经符合的，各年都按限度衡量；没有基数的，只与目标比较。",
    "完成进度 = (实际值 − 基数) ÷ (目标 − 基数)；没有基数的，为实际值 ÷ 目标。",
    "实际值不差于当年应达到的数值为符合进度；已达到下一年的数值为快于进度；差于当年的为慢于进度。"
    "带“左右”的目标，按目标的小数位数四舍五入后比较。",
    "推算的数值比原文多保留一位小数，百分数形式的增速和进度保留一位小数，均为四舍五入。",
)


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """A part of the report; the first of a table's `rows` is its head, `text` its caption.

    A cell may have a second line, the year of its figure.
    """

    kind: BlockKind
    text: str = ""
    rows: tuple[Row, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its title, which names the file too."""

    title: str
    blocks: tuple[ReportBlock, ...]


def write_report(monitoring: Monitoring, library: Library, stage: Stage) -> Report:
    """Return the report on the one plan that the values are of.

    Raises:
        ActualsError: if there are no values, or those of several plans.
    """
    plan_ids = list(dict.fromkeys(one.indicator.plan_id for one in monitoring.progress))
    if len(plan_ids) != 1:
        raise ActualsError(
            "没有可用的实际值，写不出报告"
            if not plan_ids
            else "实际值分属几份文件，请用 --plan 选定一份"
        )
    writer = _Writer(monitoring, Sources(library.catalog), plan_ids[0], stage)
    title = f"《{writer.sources.plan(plan_ids[0]).title}》实施情况{_STAGES[stage]}"
    return Report(title, tuple(writer.write(title)))


class _Writer:
    """Writes the report part by part, numbering headings, tables and charts as they come."""

    def __init__(
        self, monitoring: Monitoring, sources: Sources, plan_id: str, stage: Stage
    ) -> None:
        self.sources = sources
        self._monitoring = monitoring
        self._plan_id = plan_id
        self._stage = stage
        self._headings = self._tables = self._charts = 0
        self._numbers = {one: place for place, one in enumerate(monitoring.progress, start=1)}

    def write(self, title: str) -> Iterator[ReportBlock]:
        """Yield the report from its title to the table of sums."""
        years = sorted({one.assessment.year for one in self._monitoring.progress})
        span = f"{years[0]}年" if len(years) == 1 else f"{years[0]}—{years[-1]}年"
        yield ReportBlock("title", title)
        yield ReportBlock("subtitle", f"（实际值所属年份：{span}）")
        yield from self._overview()
        yield from self._of_attribute("约束性指标", "约束性")
        yield from self._of_attribute("预期性指标", "预期性")
        if any(one.indicator.attribute is None for one in self._monitoring.progress):
            yield from self._of_attribute("未注明属性的指标", None)
        yield from self._lagging()
        yield from self._basis()
        yield from self._sums()

    def _overview(self) -> Iterator[ReportBlock]:
        yield self._heading("总体情况")
        progress, missing = self._monitoring.progress, self._monitoring.missing
        counts = [
            f"{self._standing_name(standing)}{len(found)}项"
            for standing in _ORDER
            if (found := self._monitoring.of_standing(standing))
        ]
        count = len(progress) + len(missing)
        yield ReportBlock(
            "text",
            f"《{self.sources.plan(self._plan_id).title}》可监测的指标{count}项，"
            f"有实际值的{len(progress)}项，其中{'、'.join(counts)}。",
        )
        binding = [one for one in progress if one.indicator.attribute == "约束性"]
        if binding:
            behind = [one for one in binding if one.assessment.standing == "behind"]
            names = f"：{'、'.join(one.indicator.name for one in behind)}" if behind else ""
            said = f"{self._standing_name('behind')}的{len(behind)}项{names}"
            yield ReportBlock("text", f"约束性指标有实际值的{len(binding)}项，{said}。")
        if missing:
            names = "、".join(one.name for one in missing)
            yield ReportBlock("text", f"没有实际值、未作评估的{len(missing)}项：{names}。")
        if (chart := completion_chart(self._numbers)) is not None:
            yield self._chart(chart, [one.indicator for one in progress])

    def _of_attribute(self, title: str, attribute: Attribute | None) -> Iterator[ReportBlock]:
        yield self._heading(title)
        found = [one for one in self._numbers if one.indicator.attribute == attribute]
        if not found:
            listed = any(one.attribute == attribute for one in self._monitoring.missing)
            nothing = "没有填报实际值" if listed else f"规划中没有列出{title}"
            yield ReportBlock("text", f"{nothing}。")
            return
        dates = _Dates.of(found)
        rows = [self._row(one, dates) for one in found]
        yield self._table(f"{title}进展情况", dates.head, rows)

    def _row(self, one: Progress, dates: "_Dates") -> Row:
        indicator, assessment = one.indicator, one.assessment
        completion = assessment.completion
        base, target = Figure(indicator, "base"), Figure(indicator)
        return (
            str(self._numbers[one]),
            indicator.name,
            indicator.unit,
            _dated(base, None if dates.base else base.year),
            _dated(target, None if dates.target else target.year),
            "—" if assessment.expected is None else str(assessment.expected.value),
            str(one.value) if dates.actual else f"{one.value}\n{assessment.year}年",
            "—" if completion is None else f"{completion.value}%",
            one.label,
            self._cite(indicator),
        )

    def _lagging(self) -> Iterator[ReportBlock]:
        is_mid = self._stage == "mid"
        yield self._heading("进展滞后的指标及所需年均增速" if is_mid else "未完成的指标及差距")
        behind = self._monitoring.of_standing("behind")
        if not behind:
            yield ReportBlock("text", "有实际值的指标中没有进展滞后的。")
            return
        rows = [self._lagging_row(one) for one in behind]
        yield self._table("进展滞后的指标" if is_mid else "未完成的指标", _LAGGING_HEAD, rows)
        for one in behind:
            said = "".join(say_progress(one))
            name = f"{self._numbers[one]}. {one.indicator.name}（{one.label}）"
            yield ReportBlock("text", f"{name}：{said}{self._cite(one.indicator)}")
            if (chart := path_chart(one)) is not None:
                yield self._chart(chart, [one.indicator])

    def _lagging_row(self, one: Progress) -> Row:
        return (
            str(self._numbers[one]),
            one.indicator.name,
            shown_expected(one),
            f"{one.value}{one.indicator.unit}",
            f"{one.assessment.gap.value}{one.assessment.gap.unit}",
            say_remaining(one) or "—",
        )

    def _basis(self) -> Iterator[ReportBlock]:
        yield self._heading("数据来源与计算方法")
        yield ReportBlock(
            "text",
            "目标、基数和年均增长出自规划原文，出处如下；实际值为填报数，本报告没有核实其来源。",
        )
        # Cited by now is all that the report rests on.
        for citation in self.sources.citations:
            page = f"（第{citation.page}页）" if citation.page else ""
            quote = " ".join(citation.quote.split())
            where = f"《{citation.plan_title}》{citation.section}{page}"
            yield ReportBlock("note", f"[{citation.n}] {where}：{quote}")
        yield ReportBlock("text", "计算方法：")
        for number, method in enumerate(_METHODS, start=1):
            yield ReportBlock("note", f"（{number}）{method}")
        if self._monitoring.problems:
            yield ReportBlock("text", "没有采用的填报数据：")
        for problem in self._monitoring.problems:
            yield ReportBlock("note", f"{problem.place}：{problem.message}")

    def _sums(self) -> Iterator[ReportBlock]:
        yield ReportBlock("heading", "附表")
        rows = [self._sum_row(one) for one in self._numbers]
        yield ReportBlock("table", "附表 各指标的推算与核算", (_SUMS_HEAD, *rows))

    def _sum_row(self, one: Progress) -> Row:
        assessment = one.assessment
        has_way = one.course.kind in ("compound", "linear") and not assessment.is_final
        shown = assessment.expected.formula if has_way and assessment.expected else ""
        sums = [say_basis(one), shown, assessment.gap.formula]
        if assessment.completion is not None:
            sums.append(assessment.completion.formula)
        need = say_remaining(one)
        formula = f"：{assessment.remaining.formula}" if assessment.remaining else ""
        return (
            str(self._numbers[one]),
            one.indicator.name,
            "；".join(filter(None, sums)),
            f"{need}{formula}" or ("已达到目标" if assessment.is_reached else "—"),
        )

    def _heading(self, text: str) -> ReportBlock:
        self._headings += 1
        return ReportBlock("heading", f"{_NUMERALS[self._headings - 1]}、{text}")

    def _table(self, caption: str, head: Row, rows: Sequence[Row]) -> ReportBlock:
        self._tables += 1
        return ReportBlock("table", f"表{self._tables} {caption}", (head, *rows))

    def _chart(self, chart: Chart, indicators: Sequence[Indicator]) -> ReportBlock:
        self._charts += 1
        places = dict.fromkeys(self._place(indicator) for indicator in indicators)
        source = "；".join(places)
        return ReportBlock(
            "chart",
            f"图{self._charts} {chart.title}（资料来源：{source}，填报的实际值）",
            chart=chart,
        )

    def _place(self, indicator: Indicator) -> str:
        plan = self.sources.plan(indicator.plan_id)
        path = " > ".join(self.sources.sections(plan.id)[indicator.section].path)
        page = plan.page_at(indicator.span.start)
        return f"《{plan.title}》{path}" + (f"第{page}页" if page else "")

    def _cite(self, indicator: Indicator) -> str:
        spans = dict.fromkeys((indicator.span, indicator.header))
        cite = self.sources.cite
        return "".join(cite(indicator.plan_id, indicator.section, span) for span in spans)

    def _standing_name(self, standing: Standing) -> str:
        if self._stage == "final":
            return {**STANDINGS, "behind": "未完成", "on_course": "已完成"}[standing]
        return STANDINGS[standing]


@dataclass(frozen=True, slots=True)
class _Dates:
    """The years that all rows of a table share and its head tells; None where they differ."""

    base: int | None
    target: int | None
    actual: int | None

    @classmethod
    def of(cls, progress: Sequence[Progress]) -> "_Dates":
        return cls(
            _shared(one.indicator.base_year for one in progress if one.indicator.base is not None),
            _shared(one.indicator.target_year for one in progress),
            _shared(one.assessment.year for one in progress),
        )

    @property
    def head(self) -> Row:
        base, target, actual = (
            f"{y}年" if y else "" for y in (self.base, self.target, self.actual)
        )
        years = (f"{base}基数", f"{target}目标", f"{actual or '当年'}应达到", f"{actual}实际值")
        return ("序号", "指标", "单位", *years, "完成进度", "判断", "出处")


def _shared(years: Iterable[int | None]) -> int | None:
    found = set(years)
    return found.pop() if len(found) == 1 else None


def _dated(figure: Figure, year: int | None) -> str:
    if figure.value is None:
        return "—"
    # The unit has a column of its own.
    shown = figure.shown.replace(figure.unit, "", 1) if figure.unit else figure.shown
    return f"{shown}\n{year}年" if year else shown
