"""Which list does a question ask for? The one whose lead says what the question says.

A lead is a heading or the sentence before a list; what the plan's own title says of the question
need not be said again by it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.enumerations import Enumeration
from assistant.answer.evidence import support
from assistant.answer.sources import Sources
from assistant.names import name_words
from assistant.question import Question, in_words
from corpus.model import Span
from corpus.normal import normalise
from corpus.terms import load_item_words

_COUNT_WORD = re.compile("[一二两三四五六七八九十几\\d]+[个项条大类种张件点方面步块]*")
_COUNT = re.compile(
    "(?<![第年月\\d])([二两三四五六七八九]|十[一二三四五六七八九]?|\\d{1,2})"
    "(?=[个项条大类种张件点链步样方举重])"
)
_CLAUSE = re.compile('[，,：:；;。、\\s“”"「」（）()—]+')
# Fitted on the questions of eval/lists that are not held out, and on eval/questions/ouhai_dev*.
_OVERALL = 0.7
_NEAR = 0.6
_RECALL = 0.5


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list with the lead that fits the question best, and how well it does."""

    enumeration: Enumeration
    lead: Span
    score: float

    def words(self, sources: Sources) -> str:
        """Return what the lead says."""
        return self.lead.of(sources.plan(self.enumeration.plan_id).text)


def asked_words(question: Question) -> list[str]:
    """Return the words that tell which list is meant."""
    return [
        word
        for word in question.words
        if word not in question.places and not word.isdigit() and word != "年"
    ]


def asked_count(question: Question) -> int | None:
    """Return how many items the question expects: 哪三项, 六大领域."""
    match = _COUNT.search(question.normal)
    if match is None:
        return None
    if match[1].isdigit():
        return int(match[1])
    numeral = match[1].replace("两", "二")
    return next(number for number in range(1, 20) if in_words(number) == numeral)


def choose(
    question: Question, candidates: Sequence[Enumeration], sources: Sources
) -> NamedList | None:
    """Return the list that the question names, None if it names none."""
    named = [found for one in candidates if (found := _fit(question, one, sources)) is not None]
    return max(named, key=lambda found: found.score, default=None)


def _fit(question: Question, one: Enumeration, sources: Sources) -> NamedList | None:
    plan = sources.plan(one.plan_id)
    section = sources.sections(one.plan_id)[one.section]
    title = normalise(f"{plan.title} {plan.metadata.region or ''}")
    asked = asked_words(question)
    best: NamedList | None = None
    for lead in one.leads:
        said = normalise(" ".join(lead.of(plan.text).split()))
        if not any(word[:2] in said for word in asked):
            continue
        around = f"{title} {normalise(' '.join(section.path))} {said}"
        words = [word for word in asked if word in around or not _is_item(word)]
        telling = [word for word in words if word not in title]
        if not telling or support(words, around) < _OVERALL or support(telling, said) < _NEAR:
            continue
        recall = max(_said(clause, question) for clause in _CLAUSE.split(said))
        if recall < _RECALL:
            continue
        score = support(telling, said) + recall + _count_bonus(question, one)
        if best is None or score > best.score:
            best = NamedList(one, lead, score)
    return best


def _is_item(word: str) -> bool:
    return word in load_item_words() or _COUNT_WORD.fullmatch(word) is not None


def _said(clause: str, question: Question) -> float:
    """Return how much of a clause of the lead the question says."""
    return support(list(name_words(clause)), question.expanded)


def _count_bonus(question: Question, one: Enumeration) -> float:
    count = asked_count(question)
    if count is None:
        return 0.0
    return 0.5 if count == len(one.items) else -0.5
