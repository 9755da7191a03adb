"""Looks up indicators by the words of a question, and checks their arithmetic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.library import Library
from assistant.names import NameMatch, match_names
from assistant.question import Question, read_question
from corpus.arithmetic import Check, check_growth
from corpus.model import Indicator
from corpus.normal import normalise

Selection: TypeAlias = Literal[
    "all",
    "binding",
    "expected",
    "failing",
    "falling",
    "cumulative",
    "without_base",
    "without_growth",
    "of_unit",
]

# A name is spoken of when most of it is said; or less of it, if nothing else is.
_RECALL = 0.5
_PRECISION = 0.3
_RECALL_ALONE = 0.75
# A name not said in full must explain more: of 中关村高新技术企业并购重组资金支持多少,
# 高新技术企业数量 explains a fifth.
_PRECISION_AT_LEAST = 0.21
_RECALL_IF_EXPLAINED = 0.12
_RECALL_NEAR = 0.2
_NEAR_BEST = 0.9
# The figure, the year or the standing of something: what a table of indicators answers.
_ASKS_FIGURE = re.compile(
    "多少|几[家件个人位项成倍条名亿万]|百分之几|几个点|目标|基数|基期|基准|起点|底子|年均|增速|增长|涨|提高"
    "|达到|比重|占比|比例|指标|预期性|约束|硬性|刚性|属性|单位|对不对|对得上|对吗|准确|正确|核|算|多高|多大|翻"
)
# What a plan's prose answers, not its table.
_ASKS_MEASURE = re.compile(
    "支持|政策|措施|怎么|如何|怎样|做什么|干什么|补贴|补助|奖励|扶持|申报|申请|认定|享受|优惠|为什么|意义"
)
_SET = re.compile(
    "哪些|哪[几一二两三四五][个项条]|哪个|哪项|多少[项个条]|几[项个条]|所有|全部|全都?|一共|总共|列|都有|有没有|有无"
    "|清单|表|包含|包括|的指标"
)
_OF_INDICATORS = re.compile("指标|目标值|附件1|附表|年均增[长速]|累计数|增速和|基数")
_MAIN_TARGETS = re.compile("(?:主要|总体|发展|量化|核心)目标(?:是|有|包括|$)")
_FAILING = re.compile(
    "对不上|不一致|算错|写错|印错|有误|错误|矛盾|不符|不自洽|算不上|对不齐|站不住|核算|验算|对得上|复核"
    "|有问题|算不对|不对的|印错|验一[遍下]|核一遍|逐项"
)
_FALLING = re.compile(
    "(?:低于|少于|小于|不如|不及)[^,]{0,4}(?:基数|基期|20)|比[^,]{0,6}(?:基数|基期|20\\d\\d年?|现状)[^,]{0,3}[低少小]"
    "|倒退|不升反降|下降的|降低的"
)
_WITHOUT_BASE = re.compile(
    "(?:没有?|无|缺|未|空)[^,]{0,6}(?:基数|基期)|基数[^,]{0,4}(?:没有?|无|缺|未|空)"
)
_WITHOUT_GROWTH = re.compile(
    "(?:没有?|无|缺|未|不)[^,]{0,4}(?:增长|增速)|(?:增长|增速)[^,]{0,6}(?:没有?|空|缺|未|横杠|-)"
)
_SPOKEN_UNITS = {"百分比": "%", "百分数": "%", "百分号": "%", "千分比": "‰"}
_CUMULATIVE = re.compile("累计|方括号|\\[\\]")
# How much of a question the name must explain where no figure is asked for: 高企 2025.
_BARE_PRECISION = 0.3


@dataclass(frozen=True, slots=True)
class CheckedIndicator:
    """An indicator with the check of its arithmetic."""

    indicator: Indicator
    check: Check


@dataclass(frozen=True, slots=True)
class IndicatorLookup:
    """What was found: single rows, or a whole selection of the table.

    `considered` holds all rows that were looked through.
    """

    rows: tuple[CheckedIndicator, ...]
    selection: Selection | None
    considered: tuple[Indicator, ...] = ()


def find_indicators(
    question: Question, library: Library, *, plan_ids: Sequence[str] | None = None
) -> IndicatorLookup:
    """Return the indicators that the question asks about; none if it asks about something else."""
    everything = library.catalog.indicators(plan_ids)
    # A target set in prose for another year answers nothing; its passage may still be found.
    indicators = [
        indicator
        for indicator in everything
        if indicator.origin == "table"
        or not question.years
        or indicator.target_year in question.years
    ]
    matches = match_names(question, [indicator.name for indicator in indicators])
    meant = spoken_of(matches) if _asks_row(question, matches) else []
    rows = tables_first([indicators[match.position] for match in meant])
    rows = _with_figures(question, rows, 1) or rows or _with_figures(question, indicators, 2)
    selection = None if rows else read_selection(question)
    if selection is not None:
        indicators = _set_asked_for(question, everything, library)
        if selection != "all" or "指标" in question.normal or _has_table(indicators):
            checked = [_checked(indicator) for indicator in indicators]
            selected = [row for row in checked if _selected(row, selection, question)]
            return IndicatorLookup(tuple(selected), selection, considered=tuple(indicators))
        # 主要目标 of a report without a table are what its text lists under that name.
    return IndicatorLookup(
        tuple(_checked(row) for row in rows),
        None,
        considered=tuple(indicators),
    )


def _has_table(indicators: Sequence[Indicator]) -> bool:
    return any(indicator.origin == "table" for indicator in indicators)


def _set_asked_for(
    question: Question, indicators: list[Indicator], library: Library
) -> list[Indicator]:
    """Return the indicators of the plans (any word of their titles) and category that are named.

    Of several plans only the tables count, if there are any: what reports set in prose is no set.
    """
    titles = {entry.id: normalise(entry.title) for entry in library.catalog.entries()}
    for word in question.words:
        left = [one for one in indicators if word in titles[one.plan_id]]
        indicators = left or indicators
    of_category = [one for one in indicators if one.category and one.category in question.normal]
    indicators = of_category or indicators
    tables = [one for one in indicators if one.origin == "table"]
    several = len({one.plan_id for one in indicators}) > 1
    return tables if several and tables else tables_first(indicators)


def tables_first(indicators: list[Indicator]) -> list[Indicator]:
    """Return the rows of tables, and of plans that have none here what their prose sets."""
    with_table = {one.plan_id for one in indicators if one.origin == "table"}
    return [one for one in indicators if one.origin == "table" or one.plan_id not in with_table]


def _asks_row(question: Question, matches: list[NameMatch]) -> bool:
    """Tell whether figures are asked for, or nothing but a name (and a year) is said."""
    if not matches:
        return False
    if _ASKS_FIGURE.search(question.normal):
        return True
    bare = bool(question.years) or matches[0].precision >= _BARE_PRECISION
    asks_else = question.wanted == "list" or _ASKS_MEASURE.search(question.normal)
    return bare and not asks_else


def _with_figures(question: Question, indicators: list[Indicator], least: int) -> list[Indicator]:
    """Return the rows that print some of the question's figures: 36.5到55，写着18.53."""
    asked = set(question.figures)
    return [
        indicator
        for indicator in indicators
        if len({indicator.base, indicator.target, indicator.growth} & asked) >= least
    ]


def search_indicators(
    name: str | None, library: Library, *, plan_ids: Sequence[str] | None = None
) -> list[CheckedIndicator]:
    """Return the indicators that go by a name, an alias or a part of one; all without a name."""
    indicators = library.catalog.indicators(plan_ids)
    if name is None:
        return [_checked(indicator) for indicator in indicators]
    wanted = normalise(name)
    if held := [one for one in indicators if wanted in normalise(one.name)]:
        return [_checked(indicator) for indicator in held]
    matches = match_names(read_question(name), [indicator.name for indicator in indicators])
    return [_checked(indicators[match.position]) for match in spoken_of(matches)]


def read_selection(question: Question) -> Selection | None:
    """Return which part of the table a question about indicators as a set asks for."""
    text = question.normal
    if _MAIN_TARGETS.search(text):
        return "all"
    if not _OF_INDICATORS.search(text) or not (_SET.search(text) or _FAILING.search(text)):
        return None
    if _FAILING.search(text):
        return "failing"
    if _FALLING.search(text):
        return "falling"
    if "约束性" in text:
        return "binding"
    if "预期性" in text:
        return "expected"
    if _CUMULATIVE.search(text):
        return "cumulative"
    if _WITHOUT_BASE.search(text):
        return "without_base"
    if _WITHOUT_GROWTH.search(text):
        return "without_growth"
    return "of_unit" if asked_unit(text) else "all"


def asked_unit(text: str) -> str | None:
    """Return the unit by which indicators are asked for: 单位是亿元的, 以百分比为单位的."""
    match = re.search(
        "单位[是为:]([^的,。?]{1,6})|以([^的,。?]{1,6})(?:为|作)单位|用([^的,。?]{1,6})计",
        text,
    )
    unit = next((group for group in match.groups() if group), None) if match else None
    return _SPOKEN_UNITS.get(unit, unit) if unit else None


def spoken_of(matches: list[NameMatch]) -> list[NameMatch]:
    """Return the matches that a question means: most of the name, or all that it says."""
    likely = [
        match
        for match in matches
        if match.recall == 1
        or (match.recall >= _RECALL_ALONE and match.precision >= _PRECISION_AT_LEAST)
        or (match.recall >= _RECALL and match.precision >= _PRECISION and match.is_told_apart)
    ]
    if likely:
        return [match for match in likely if match.score >= _NEAR_BEST * likely[0].score]
    # 专利目标 says little of two names and nothing else: both are meant.
    return [
        match
        for match in matches
        if match.recall >= _RECALL_IF_EXPLAINED and match.precision > _NEAR_BEST
    ]


def _checked(indicator: Indicator) -> CheckedIndicator:
    return CheckedIndicator(indicator, check_growth(indicator))


def _selected(row: CheckedIndicator, selection: Selection, question: Question) -> bool:
    match selection:
        case "all":
            return True
        case "binding":
            return row.indicator.attribute == "约束性"
        case "expected":
            return row.indicator.attribute == "预期性"
        case "failing":
            return row.check.status == "fail"
        case "falling":
            base, target = row.indicator.base, row.indicator.target
            return base is not None and target is not None and target < base
        case "without_growth":
            return row.indicator.growth is None
        case "of_unit":
            return row.indicator.unit == asked_unit(question.normal)
        case "cumulative":
            return row.indicator.growth_kind == "cumulative"
        case "without_base":
            return row.indicator.base is None
