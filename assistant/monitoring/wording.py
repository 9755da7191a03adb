"""Where an indicator stands, in sentences; each sum beside the words that it comes to."""

from assistant.monitoring.model import Progress
from assistant.tools.figures import Figure
from corpus.arithmetic import Working
from corpus.model import Indicator

GIVEN = "您给出的"
ACTUAL = "实际值"


def say_progress(one: Progress, *, whose: str = ACTUAL) -> list[str]:
    """Return the sentences on one indicator; what they say stands in no source.

    `whose` says whose figure the actual value is.
    """
    assessment = one.assessment
    said = [f"{_say_expected(one)}{_say_actual(one, whose)}，{one.label}。"]
    if assessment.completion is not None and not assessment.is_final:
        way = "从基数到目标的变化" if one.course.base else "目标"
        completion = assessment.completion
        said.append(f"{way}已完成{_signed(completion)}：{completion.stated}。")
    if assessment.remaining is not None:
        need = say_remaining(one)
        said.append(f"余下{assessment.years_left}年需{need}：{assessment.remaining.stated}。")
    return said


def say_remaining(one: Progress) -> str:
    """Return what each remaining year needs: 年均增长35.4%, 平均每年增加8家; empty if nothing."""
    remaining = one.assessment.remaining
    if remaining is None:
        return ""
    rises = remaining.value >= 0
    if one.course.kind == "compound" and remaining.unit == "%":
        return f"年均{'增长' if rises else '下降'}{remaining.shown}"
    is_share = remaining.unit.startswith("个百分点")
    way = ("提高" if is_share else "增加") if rises else ("降低" if is_share else "减少")
    return f"平均每年{way}{remaining.shown}"


def say_basis(one: Progress) -> str:
    """Return how the expected value was worked out."""
    indicator, course = one.indicator, one.course
    match course.kind:
        case "compound":
            return "按年均增速逐年推算"
        case "limit":
            return "各年都要保持"
        case "end":
            return f"{_lacking(indicator)}，只与目标比较"
        case "linear" if indicator.growth_kind == "cumulative" or course.base == 0:
            return "按累计数逐年等量推算"
        case _:
            return "原文没有写明逐年增速，按逐年等量推算"


def shown_expected(one: Progress) -> str:
    """Return the expected value with its unit, a dash where the year asks for nothing yet."""
    expected = one.assessment.expected
    return "—" if expected is None else f"{expected.value}{expected.unit}"


def _say_expected(one: Progress) -> str:
    year, expected = one.assessment.year, one.assessment.expected
    target = Figure(one.indicator).shown
    if expected is None:
        return f"{_lacking(one.indicator)}，不能推算{year}年应达到多少；"
    if one.course.kind == "limit":
        return f"目标{target}各年都要保持；"
    if one.assessment.is_final:
        return f"目标为{target}；"
    verb = "应不高于" if one.course.is_ceiling else "应达到"
    return f"{say_basis(one)}，{year}年{verb}{shown_expected(one)}：{expected.stated}；"


def _say_actual(one: Progress, whose: str) -> str:
    assessment = one.assessment
    gap, shown = assessment.gap, f"{whose}{one.value}{one.indicator.unit}"
    of = "目标" if assessment.expected is None else ""
    if not gap.value:
        return f"{shown}与{of or '此'}相同"
    return f"{shown}比{of or '此'}{'高' if gap.value > 0 else '低'}{gap.shown}：{gap.formula}"


def _lacking(indicator: Indicator) -> str:
    if indicator.base is None and indicator.change is None:
        return "原文没有给出基数"
    if indicator.base_year is None and indicator.change is None:
        return "原文没有给出基期"
    return "原文没有写明各年的要求"


def _signed(completion: Working) -> str:
    return f"{completion.value}{completion.unit}"
