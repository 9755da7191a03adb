"""「2023年已有300家，进度怎么样」 → the row, what the year asks for, and where the figure stands.

What stands in no source (a formula, the user's own figure) is listed in `Draft.computed`.
"""

from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.indicators import cite_row, other_region, say_row
from assistant.answer.model import Fact
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.monitoring.wording import GIVEN, say_progress
from assistant.question import Question
from assistant.tools.progress import Asked, find_progress
from corpus.arithmetic import check_growth


def answer_progress(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Return whether the figure that the user gives is on course, None if that is not asked."""
    found = [
        asked
        for asked in find_progress(question, library, plan_ids=plan_ids)
        if not other_region(question, asked.indicator, sources)
    ]
    if not found:
        return None
    lines: list[str] = []
    computed: list[str] = []
    for asked in found:
        row, mark = say_row(None, asked.indicator, sources), cite_row(asked.indicator, sources)
        said = _said(asked)
        lines += [row, *(f"{one}{mark}" for one in said)]
        computed += said
    facts = (Fact(asked.indicator, check_growth(asked.indicator)) for asked in found)
    return Draft(
        "\n".join(lines),
        "answered" if any(asked.progress for asked in found) else "refused",
        "indicator",
        facts=tuple(facts),
        computed=tuple(computed),
    )


def _said(asked: Asked) -> list[str]:
    if asked.progress is None:
        return [f"{asked.refusal}，无法判断进度。"]
    return say_progress(asked.progress, whose=GIVEN)
