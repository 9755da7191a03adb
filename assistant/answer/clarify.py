"""A question that names no subject → one question back, with questions that have answers here."""

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.answer.draft import Draft
from assistant.answer.frame import bare, names_subject
from assistant.library import Library
from assistant.question import Question
from assistant.tools.indicators import read_selection
from corpus.catalog import CatalogEntry
from corpus.model import Indicator

_CHOICES = 4
# Not every question that comes to mind is answered; so many are tried.
_TRIED = 10
_BASE = re.compile("基数|基期|基准|起点|底子")
_GROWTH = re.compile("年均|增速|增长|累计|提高|增幅|涨")
_FIGURE = re.compile("目标|达到|多少|数值|指标值")
_MEASURES = re.compile("政策|措施|举措|支持|扶持|奖励|补贴|补助|优惠|好处")
_WHOLE = re.compile(
    "指标|附件|附表|清单|章|(?:主要|总体|发展|核心)目标|平台|项目|文件|报告|规划|计划"
)
_WHICH_INDICATOR = "请问您问的是哪一项指标？可以从下面选一个问题，或者说出指标的名称。"
_WHICH_PLAN = "请问您问的是哪一份文件、哪一方面？可以从下面选一个问题，或者说得具体一些。"


def ask_back(
    question: Question,
    library: Library,
    entries: Sequence[CatalogEntry],
    is_answered: Callable[[str], bool],
) -> Draft | None:
    """Return a question with choices where the user's names no subject; else None."""
    if not _is_vague(question):
        return None
    if _MEASURES.search(question.normal):
        if len(entries) < 2:
            return None
        asked, likely = _WHICH_PLAN, _about_measures(question, entries)
    elif any(asked.search(question.normal) for asked in (_FIGURE, _BASE, _GROWTH)):
        ids = [entry.id for entry in entries]
        asked, likely = _WHICH_INDICATOR, _about_indicators(question, library, entries, ids)
    else:
        return None
    choices = _first_answered(likely, is_answered)
    if len(choices) < 2:
        return None
    return Draft(asked, "clarify", "passage", choices=choices)


def _is_vague(question: Question) -> bool:
    said = bare(question.normal)
    known = question.figures or question.chapters or question.ordinals
    if known or names_subject(said) or _WHOLE.search(said):
        return False
    return read_selection(question) is None


def _first_answered(likely: Iterator[str], is_answered: Callable[[str], bool]) -> tuple[str, ...]:
    found: list[str] = []
    for tried, choice in enumerate(likely):
        if len(found) == _CHOICES or tried == _TRIED:
            break
        if is_answered(choice):
            found.append(choice)
    return tuple(found)


def _about_measures(question: Question, entries: Sequence[CatalogEntry]) -> Iterator[str]:
    """Yield a question for each plan, those with most measures first."""
    for entry in sorted(entries, key=lambda entry: -entry.measures):
        if entry.measures and entry.superseded_by is None:
            yield f"《{entry.title}》{question.normal}"


def _about_indicators(
    question: Question, library: Library, entries: Sequence[CatalogEntry], ids: Sequence[str]
) -> Iterator[str]:
    """Yield a question for each indicator, from one plan after the other."""
    titles = {entry.id: entry.title for entry in entries}
    tables: dict[str, list[Indicator]] = {}
    for indicator in library.catalog.indicators(ids):
        if indicator.origin == "table" and _has_asked(question, indicator):
            tables.setdefault(indicator.plan_id, []).append(indicator)
    for row in range(max(map(len, tables.values()), default=0)):
        for plan_id, rows in tables.items():
            if row < len(rows):
                title = f"《{titles[plan_id]}》中，" if len(entries) > 1 else ""
                yield f"{title}{rows[row].name}的{_asked(question)}是多少"


def _asked(question: Question) -> str:
    if _BASE.search(question.normal):
        return "基数"
    return "年均增长" if _GROWTH.search(question.normal) else "目标"


def _has_asked(question: Question, indicator: Indicator) -> bool:
    asked = _asked(question)
    if asked == "年均增长":
        return indicator.growth_kind == "annual"
    return (indicator.base if asked == "基数" else indicator.target) is not None
