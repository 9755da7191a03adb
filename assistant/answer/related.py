"""Questions that lead on from an answer: about what stands beside its sources, each tried out."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer, Citation
from assistant.library import Library
from corpus.model import Section
from corpus.outline_labels import read_label

_SHOWN = 3
# Each trial is a whole answer of some tens of milliseconds.
_TRIED = 5
_SHORTEST, _LONGEST = 4, 24


def suggest(
    answer: Answer, library: Library, *, plan_ids: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Return up to three questions that have answers here; none beside what was not answered."""
    if answer.status != "answered" or not answer.citations:
        return ()
    cited = answer.citations[0]
    several = len(library.catalog.entries()) > 1
    opening = f"《{cited.plan_title}》中，" if several else ""
    turns = zip_longest(_about_indicators(answer, library), _about_sections(cited, library))
    likely = dict.fromkeys(
        f"{opening}{question}" for question in chain.from_iterable(turns) if question
    )
    asked = {answer.question, answer.rewritten}
    found: list[str] = []
    for question in [one for one in likely if one not in asked][:_TRIED]:
        tried = answer_question(question, library, plan_ids=plan_ids)
        leads_on = tried.status == "answered" and tried.text != answer.text
        if leads_on and any(one.plan_id == cited.plan_id for one in tried.citations):
            found.append(question)
        if len(found) == _SHOWN:
            break
    return tuple(found)


def _about_indicators(answer: Answer, library: Library) -> Iterator[str]:
    """Yield the growth of the indicator told of, then the targets of those below it."""
    if not answer.facts:
        return
    told = answer.facts[0].indicator
    if told.growth is not None:
        yield (
            f"{told.name}的年均增长对得上吗？"
            if told.growth_kind == "annual"
            else (f"{told.name}的累计提高对得上吗？")
        )
    names = {fact.indicator.name for fact in answer.facts}
    rows = [row for row in library.catalog.indicators([told.plan_id]) if row.origin == "table"]
    for row in rows:
        if row.number > told.number and row.name not in names and row.target is not None:
            yield f"{row.name}的目标是多少？"


def _about_sections(cited: Citation, library: Library) -> Iterator[str]:
    """Yield a question for each section beside the one cited, the next ones first."""
    sections = library.catalog.sections(cited.plan_id)
    holding = [one for one in sections if one.span.start <= cited.start < one.span.end]
    if not holding:
        return
    here = min(holding, key=lambda one: len(one.span))
    beside = [one for one in sections if one.parent == here.parent and one is not here]
    for section in sorted(beside, key=lambda one: (one.number < here.number, one.number)):
        title = _bare_title(section)
        if _SHORTEST <= len(title) <= _LONGEST:
            yield f"{title}有哪些内容？"


def _bare_title(section: Section) -> str:
    """Return the heading without its number."""
    title = section.title
    label = read_label(title, 0, len(title))
    return " ".join(title[label.end if label else 0 :].split()).strip("：:。")
