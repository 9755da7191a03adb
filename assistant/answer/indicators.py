"""Rows of indicators → sentences, each figure as printed and each row cited with its header."""

import re
from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.model import Fact
from assistant.answer.sources import Sources
from assistant.question import Question, expand
from assistant.tools.indicators import CheckedIndicator, IndicatorLookup, Selection
from corpus.model import Indicator, Span
from corpus.normal import normalise
from corpus.terms import synonyms

_ASKS_BASE = re.compile("基数|基期|基准|起点|底子|现状|原来|从多少")
_ASKS_TARGET = re.compile("目标|达到|要到|末|到期|最后|提到|涨到|翻到|要有|要做到")
_ASKS_GROWTH = re.compile("年均|增速|增长|每年|涨几|累计|提高|增幅")
_ASKS_CHECK = re.compile(
    "对不对|对得上|对吗|准确|正确|核算|核一|核对|验算|算得|算错|写错|复核|一致"
)
_ASKS_MONEY = re.compile("多少钱|[万亿]元|多少[万亿]|几个?亿|几[百千]?万(?!人)|多少元|单位是[万亿]")
_ASKS_SHARE = re.compile("占比|比重|比例|百分之")
_SUM = re.compile("(?:费|补贴|补助|津贴|奖金|奖励|薪|租金|贴息|额度)$")
_REGION = re.compile("[全我本]([市省])|([市省])里|全(国)")

_SELECTED: dict[Selection, str] = {
    "all": "指标",
    "binding": "约束性指标",
    "expected": "预期性指标",
    "failing": "增长数与基数、目标对不上的指标",
    "falling": "目标低于基数的指标",
    "of_unit": "以此为单位的指标",
    "cumulative": "以累计数表示增长的指标",
    "without_base": "没有给出基数的指标",
    "without_growth": "没有给出年均增长或累计提高的指标",
}


def write_rows(question: Question, lookup: IndicatorLookup, sources: Sources) -> Draft:
    """Answer about single indicators; refuse what their rows do not carry."""
    fitting = [row for row in lookup.rows if _misfit(question, row.indicator, sources) is None]
    if not fitting:
        return _refuse(question, lookup.rows, sources)
    sentences: list[str] = []
    computed: list[str] = []
    for row in fitting:
        sentences.append(say_row(question, row.indicator, sources))
        check = _check_sentence(question, row, sources)
        if check is not None:
            sentences.append(check)
            computed.append(row.check.formula)
    return Draft(
        "\n".join(sentences),
        "answered",
        "indicator",
        facts=_facts(fitting),
        computed=tuple(computed),
    )


def write_selection(lookup: IndicatorLookup, sources: Sources) -> Draft:
    """Answer about the table as a whole, completely, with the count."""
    assert lookup.selection is not None
    name = _SELECTED[lookup.selection]
    if not lookup.rows:
        return _write_none(lookup, name, sources)
    count = f"共{len(lookup.rows)}项"
    captions = {
        (row.indicator.plan_id, row.indicator.section): sources.cite(
            row.indicator.plan_id,
            row.indicator.section,
            sources.sections(row.indicator.plan_id)[row.indicator.section].heading,
        )
        for row in lookup.rows
    }
    titles = "、".join(
        f"「{sources.sections(plan_id)[section].title}」" for plan_id, section in captions
    )
    lines = [f"{titles}中，{name}{count}：{''.join(captions.values())}"]
    computed = [count]
    for number, row in enumerate(lookup.rows, start=1):
        formula = ""
        if lookup.selection == "failing":
            formula = f"；核算：{row.check.formula}，与表中的{row.check.printed}不符"
            computed.append(row.check.formula)
        mark = cite_row(row.indicator, sources)
        lines.append(f"{number}. {_told(row.indicator, sources)}{formula}。{mark}")
        computed.append(f"{number}. ")
    return Draft(
        "\n".join(lines),
        "answered",
        "indicator",
        facts=_facts(lookup.rows),
        computed=tuple(computed),
    )


def _write_none(lookup: IndicatorLookup, name: str, sources: Sources) -> Draft:
    """Say that no row is of the kind asked for, and cite the table that shows it."""
    tables: dict[tuple[str, Span], list[Indicator]] = {}
    for indicator in lookup.considered:
        tables.setdefault((indicator.plan_id, indicator.header), []).append(indicator)
    lines: list[str] = []
    computed: list[str] = []
    for (plan_id, header), rows in tables.items():
        mark = sources.cite(plan_id, rows[0].section, Span(header.start, rows[-1].span.end))
        count = f"{len(rows)}项"
        kinds = "、".join(dict.fromkeys(row.attribute for row in rows if row.attribute))
        shown = f"，均为{kinds}指标" if name in ("约束性指标", "预期性指标") else ""
        lines.append(f"表中列有指标{count}{shown}，没有{name}。{mark}")
        computed.append(count)
    return Draft("\n".join(lines), "answered", "indicator", computed=tuple(computed))


def _told(indicator: Indicator, sources: Sources) -> str:
    """Return a row in words; what prose sets is told in its own."""
    if indicator.origin == "table":
        return _figures(indicator, sources)
    words = " ".join(indicator.span.of(sources.plan(indicator.plan_id).text).split())
    return words.rstrip("。；;，,")


def say_row(question: Question | None, indicator: Indicator, sources: Sources) -> str:
    """Return the row in one cited sentence, what was asked first; prose in its own words."""
    mark = cite_row(indicator, sources)
    if indicator.origin == "prose":
        words = " ".join(indicator.span.of(sources.plan(indicator.plan_id).text).split())
        return f"{sources.name(indicator.plan_id)}提出：{words}。{mark}"
    title = f"{sources.name(indicator.plan_id)}中，" if sources.has_several else ""
    return f"{title}{_figures(indicator, sources, question)}。{mark}"


def _figures(indicator: Indicator, sources: Sources, question: Question | None = None) -> str:
    """Return the row in words, what was asked first."""
    base = _base(indicator, sources)
    target = _target(indicator, sources)
    growth = _growth(indicator, sources)
    parts = [target, base, growth]
    if question is not None:
        if _ASKS_GROWTH.search(question.normal) and indicator.growth is not None:
            parts = [growth, base, target]
        elif asks_only_base(question, indicator):
            parts = [base, target, growth]
    attribute = f"属{indicator.attribute}指标" if indicator.attribute else ""
    return f"{indicator.name}：" + "，".join(part for part in (*parts, attribute) if part)


def asks_only_base(question: Question, indicator: Indicator) -> bool:
    """Tell whether it is the base, and not also the target, that is asked for."""
    wants_target = indicator.target_year in question.years or _ASKS_TARGET.search(question.normal)
    wants_base = indicator.base_year in question.years or _ASKS_BASE.search(question.normal)
    return bool(wants_base) and not wants_target


def _base(indicator: Indicator, sources: Sources) -> str:
    year = _year(indicator.base_year, indicator, sources)
    if indicator.base is None:
        return f"表中没有给出{year}基数" if indicator.base_year else ""
    return f"{year}基数为{indicator.base}{indicator.unit}"


def _target(indicator: Indicator, sources: Sources) -> str:
    year = _year(indicator.target_year, indicator, sources)
    if indicator.target is None:
        return (
            f"表中{year}目标为「{text}」"
            if (text := indicator.target_text)
            else (f"表中没有给出{year}目标")
        )
    if indicator.bound and indicator.bound[-1] not in "右上下内":
        return f"{year}目标为{indicator.bound}{indicator.target}{indicator.unit}"
    return f"{year}目标为{indicator.target}{indicator.unit}{indicator.bound or ''}"


def _year(year: int | None, indicator: Indicator, sources: Sources) -> str:
    """Return the year if the table prints it; one that only the plan's title tells is left out."""
    text = sources.plan(indicator.plan_id).text
    printed = normalise(indicator.header.of(text) + indicator.span.of(text))
    return f"{year}年" if year is not None and str(year) in printed else ""


def _growth(indicator: Indicator, sources: Sources) -> str:
    if indicator.growth is None:
        table = [
            row for row in sources.indicators(indicator.plan_id) if row.header == indicator.header
        ]
        # A table without such a column leaves nothing out.
        is_asked = any(row.growth_text for row in table)
        return "表中没有给出年均增长或累计提高" if is_asked else ""
    if indicator.growth_kind == "annual":
        return f"年均增长{indicator.growth}%"
    return f"累计提高{indicator.growth}"


def _check_sentence(question: Question, row: CheckedIndicator, sources: Sources) -> str | None:
    """Return the outcome of the check: always where it fails, else where it is asked for."""
    if row.check.status == "fail":
        return say_mismatch(row, sources)
    mark = cite_row(row.indicator, sources)
    if not _ASKS_CHECK.search(question.normal):
        return None
    if row.check.status == "pass":
        return f"核算：{row.check.formula}，与表中的{row.check.printed}一致。{mark}"
    return f"核算：{row.check.formula}。{mark}"


def say_mismatch(row: CheckedIndicator, sources: Sources) -> str:
    """Return that the printed growth does not follow from base and target."""
    outcome = f"{row.check.formula}，与表中的{row.check.printed}不符"
    return f"核算：{outcome}，请以发布单位解释为准。{cite_row(row.indicator, sources)}"


def _misfit(question: Question, indicator: Indicator, sources: Sources) -> str | None:
    """Return why the row does not answer the question, None where it does."""
    if other := other_region(question, indicator, sources):
        return f"这份文件没有给出{other}的数值"
    years = {indicator.base_year, indicator.target_year}
    missing = [year for year in question.years if year not in years]
    if missing:
        return f"表中没有{'、'.join(f'{year}年' for year in missing)}的数值"
    if asks_only_base(question, indicator) and indicator.base is None:
        return f"表中没有给出{indicator.base_year}年基数"
    if _ASKS_MONEY.search(question.normal) and "元" not in indicator.unit:
        return "表中没有给出金额"
    if sums := _sums_not_named(question, indicator):
        return f"表中没有给出{sums[0]}"
    asks_share = _ASKS_SHARE.search(question.normal) and not _ASKS_GROWTH.search(question.normal)
    if asks_share and indicator.unit not in ("%", "‰"):
        return "表中没有给出占比"
    return None


def other_region(question: Question, indicator: Indicator, sources: Sources) -> str | None:
    """Return the place that the question is about where it is not the plan's."""
    plan = sources.plan(indicator.plan_id)
    others = [place for place in question.places if place not in plan.title]
    match = _REGION.search(question.normal)
    # 全市 asks of a district's plan for what is not its own, of the city's for what is.
    if match and not (plan.metadata.region or "").endswith(match[match.lastindex or 0]):
        others.append(match[0])
    return others[0] if others else None


def _sums_not_named(question: Question, indicator: Indicator) -> list[str]:
    """Return the sums of money that are asked for and are not what the indicator measures."""
    known = expand(normalise(indicator.name))
    return [
        word
        for word in question.words
        if _SUM.search(word) and not any(part in known for part in (word, *synonyms(word)))
    ]


def _refuse(question: Question, rows: Sequence[CheckedIndicator], sources: Sources) -> Draft:
    row = rows[0]
    reason = _misfit(question, row.indicator, sources)
    text = f"{reason}，无法回答。可供参考的是：{say_row(None, row.indicator, sources)}"
    asked = tuple(f"{year}年" for year in question.years)
    return Draft(text, "refused", "indicator", facts=_facts(rows[:1]), computed=asked)


def cite_row(indicator: Indicator, sources: Sources) -> str:
    """Cite the row and the header, where the years stand."""
    return sources.cite(indicator.plan_id, indicator.section, indicator.span) + sources.cite(
        indicator.plan_id, indicator.section, indicator.header
    )


def _facts(rows: Sequence[CheckedIndicator]) -> tuple[Fact, ...]:
    return tuple(Fact(row.indicator, row.check) for row in rows)
