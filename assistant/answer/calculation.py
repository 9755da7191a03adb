"""Sums that a question asks for → their figures, each cited, and the formula with its outcome.

What stands in no source (a formula, the user's own figure) is listed in `Draft.computed`.
"""

from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.indicators import other_region, say_mismatch, say_row
from assistant.answer.model import Fact
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.question import Question
from assistant.tools.calculation import Calculation, find_calculations
from assistant.tools.figures import Figure
from assistant.tools.indicators import CheckedIndicator
from corpus.arithmetic import Working, check_growth


def answer_calculation(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Return the answer with the sum that the question asks for, None if it asks for none."""
    calculations = [
        calculation
        for calculation in find_calculations(question, library, plan_ids=plan_ids)
        if not any(other_region(question, f.indicator, sources) for f in calculation.figures)
    ]
    return write_calculations(calculations, sources) if calculations else None


def write_calculations(calculations: Sequence[Calculation], sources: Sources) -> Draft:
    """Answer with the rows and the sums over them; refuse where none can be done."""
    lines: list[str] = []
    computed: list[str] = []
    for calculation in calculations:
        rows = dict.fromkeys(figure.indicator for figure in calculation.figures)
        marks = _marks(calculation.figures, sources)
        if calculation.refusal:
            said = f"{calculation.refusal}，无法计算。可供参考的是："
            lines.append(f"{said}{marks}")
            computed.append(said)
            lines += [say_row(None, row, sources) for row in rows]
            continue
        lines += [say_row(None, row, sources) for row in rows]
        for outcome, working in say_sums(calculation):
            said = f"{outcome}：{working.stated}。"
            lines.append(f"{said}{marks}")
            computed.append(said)
        for row in (CheckedIndicator(row, check_growth(row)) for row in rows):
            if row.check.status == "fail":
                lines.append(say_mismatch(row, sources))
                computed.append(row.check.formula)
    facts = [Fact(f.indicator, check_growth(f.indicator)) for c in calculations for f in c.figures]
    return Draft(
        "\n".join(lines),
        "refused" if all(calculation.refusal for calculation in calculations) else "answered",
        "indicator",
        facts=tuple(dict.fromkeys(facts)),
        computed=tuple(computed),
    )


def say_sums(calculation: Calculation) -> list[tuple[str, Working]]:
    """Return what each working comes to in words, with the working."""
    first, *others = calculation.workings
    said = [(_outcome(calculation, first), first)]
    return said + [(f"按从基数到目标的增量计算，完成{one.shown}", one) for one in others]


def _outcome(calculation: Calculation, working: Working) -> str:
    """Say in words what the working comes to."""
    figures = calculation.figures
    if calculation.given is not None:
        return _outcome_with_given(calculation, working)
    names = list(dict.fromkeys(figure.indicator.name for figure in figures))
    if len(names) > 1:
        return _outcome_of_several(calculation, working, names)
    target, base = figures
    match calculation.operation:
        case "multiple":
            return f"{target.label}是{base.label}的{working.shown}"
        case "annual":
            return f"按{base.label}和{target.label}计算，年均增速为{working.value}%"
        case "increment":
            way = "增加" if working.value >= 0 else "减少"
            return f"从{base.label}到{target.label}，平均每年{way}{working.shown}"
        case "growth" if working.unit == "%":
            return f"从{base.label}到{target.label}，总增幅为{working.value}%"
    if not working.value:
        return f"{target.label}与{base.label}相同"
    return f"{target.label}比{base.label}{'高' if working.value > 0 else '低'}{working.shown}"


def _outcome_of_several(calculation: Calculation, working: Working, names: Sequence[str]) -> str:
    figures = calculation.figures
    if calculation.operation == "total":
        return (
            f"{'、'.join(f'{f.indicator.name}（{f.label}）' for f in figures)}合计{working.shown}"
        )
    if calculation.operation == "mean":
        return (
            f"{'、'.join(f'{f.indicator.name}（{f.label}）' for f in figures)}平均{working.shown}"
        )
    one, other = (f"{f.indicator.name}（{f.label}）" for f in figures)
    if calculation.operation == "multiple":
        return f"{one}是{other}的{working.shown}"
    if not working.value:
        return f"{one}与{other}相同"
    return f"{one}比{other}{'高' if working.value > 0 else '低'}{working.shown}"


def _outcome_with_given(calculation: Calculation, working: Working) -> str:
    assert calculation.given is not None
    given = f"您给出的{calculation.given.shown}"
    target = calculation.figures[0].label + ("的下限" if calculation.figures[0].is_range else "")
    if calculation.operation == "completion":
        return f"以{given}计算，{target}完成{working.shown}"
    if not working.value:
        return f"{given}与{target}相同"
    if calculation.is_ceiling:
        return f"{given}比{target}{'低' if calculation.is_reached else '高'}{working.shown}"
    if calculation.is_reached:
        return f"{given}已达到{target}，相差{working.shown}"
    return f"{given}离{target}还差{working.shown}"


def _marks(figures: Sequence[Figure], sources: Sources) -> str:
    marks: list[str] = []
    for figure in figures:
        one = figure.indicator
        marks.append(sources.cite(one.plan_id, one.section, one.span))
        marks.append(sources.cite(one.plan_id, one.section, one.header))
    return "".join(dict.fromkeys(marks))
