"""Looks up indicators by the words of a question, and checks their arithmetic."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from langchain_core.tools import StructuredTool
from pydantic import BaseModel, Field

from assistant.library import Library
from assistant.names import NameMatch, match_names
from assistant.question import Question, read_question
from corpus.arithmetic import Check, check_growth
from corpus.model import Indicator

Selection: TypeAlias = Literal[
    "all", "binding", "expected", "failing", "cumulative", "without_base"
]

# A name is spoken of when most of it is said; or less of it, if nothing else is.
_RECALL = 0.6
_RECALL_IF_EXPLAINED = 0.3
_NEAR_BEST = 0.9
# The figure, the year or the standing of something: what a table of indicators answers.
_ASKS_FIGURE = re.compile(
    "多少|几[家件个人位项成倍条名亿万]|百分之几|几个点|目标|基数|基期|基准|起点|底子|年均|增速|增长|涨|提高"
    "|达到|比重|占比|比例|指标|预期性|约束性|属性|单位|对不对|对得上|对吗|准确|正确|核|算|多高|多大|翻"
)
_SET = re.compile(
    "(?:哪些|哪几[个项条]|哪个|多少[项个]|几[项个]|所有|全部|全都?|一共|总共|列|都有|有没有|有无|清单|表)"
)
_OF_INDICATORS = re.compile("指标|目标值|附件1|附表")
_FAILING = re.compile(
    "对不上|不一致|算错|写错|有误|错误|矛盾|不符|不自洽|算不上|对不齐|站不住|核算|验算|对得上|复核|有问题"
)


@dataclass(frozen=True, slots=True)
class CheckedIndicator:
    """An indicator with the check of its arithmetic."""

    indicator: Indicator
    check: Check


@dataclass(frozen=True, slots=True)
class IndicatorLookup:
    """What was found: single rows, or a whole selection of the table.

    `near` holds the best rows that do not quite fit, to be offered in a refusal.
    """

    rows: tuple[CheckedIndicator, ...]
    selection: Selection | None
    near: tuple[CheckedIndicator, ...] = ()
    considered: int = 0


def find_indicators(
    question: Question, library: Library, *, plan_id: str | None = None
) -> IndicatorLookup:
    """Return the indicators that the question asks about; none if it asks about something else."""
    indicators = library.catalog.indicators(plan_id)
    if not indicators or not _ASKS_FIGURE.search(question.normal):
        return IndicatorLookup((), None)
    matches = match_names(question, [indicator.name for indicator in indicators])
    spoken_of = _spoken_of(matches)
    if not spoken_of and (selection := read_selection(question)) is not None:
        checked = [_checked(indicator) for indicator in indicators]
        rows = tuple(row for row in checked if _selected(row, selection))
        return IndicatorLookup(rows, selection, considered=len(indicators))
    return IndicatorLookup(
        tuple(_checked(indicators[match.position]) for match in spoken_of),
        None,
        near=tuple(
            _checked(indicators[match.position])
            for match in matches[:2]
            if match.recall >= _RECALL_IF_EXPLAINED and match not in spoken_of
        ),
        considered=len(indicators),
    )


def read_selection(question: Question) -> Selection | None:
    """Return which part of the table a question about indicators as a set asks for."""
    text = question.normal
    if not _OF_INDICATORS.search(text) or not (_SET.search(text) or _FAILING.search(text)):
        return None
    if _FAILING.search(text):
        return "failing"
    if "约束性" in text:
        return "binding"
    if "预期性" in text:
        return "expected"
    if re.search("累计|方括号|\\[\\]", text):
        return "cumulative"
    if re.search("(?:没有?|无|缺|未)[^,]{0,4}基数", text):
        return "without_base"
    return "all"


def _spoken_of(matches: list[NameMatch]) -> list[NameMatch]:
    likely = [match for match in matches if match.recall >= _RECALL]
    if not likely:
        likely = [
            match
            for match in matches
            if match.recall >= _RECALL_IF_EXPLAINED and match.precision > _NEAR_BEST
        ]
    return [match for match in likely if match.score >= _NEAR_BEST * likely[0].score]


def _checked(indicator: Indicator) -> CheckedIndicator:
    return CheckedIndicator(indicator, check_growth(indicator))


def _selected(row: CheckedIndicator, selection: Selection) -> bool:
    match selection:
        case "all":
            return True
        case "binding":
            return row.indicator.attribute == "约束性"
        case "expected":
            return row.indicator.attribute == "预期性"
        case "failing":
            return row.check.status == "fail"
        case "cumulative":
            return row.indicator.growth_kind == "cumulative"
        case "without_base":
            return row.indicator.base is None


class IndicatorQuery(BaseModel):
    """The arguments of the tool."""

    question: str = Field(description="用户关于指标的问题，或指标名称")
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def indicator_tool(library: Library) -> StructuredTool:
    """Return the look-up as a LangChain tool: text for a model, an `IndicatorLookup` beside it."""

    def lookup(question: str, plan_id: str | None = None) -> tuple[str, IndicatorLookup]:
        found = find_indicators(read_question(question), library, plan_id=plan_id)
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
