"""Which list does a question ask for? The one whose lead says what the question says.

A lead is a heading or the sentence before a list; what the plan's own title says of the question
need not be said again by it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
_OF_TITLE = 0.75


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
    return _read_count(question.normal)


def _read_count(text: str) -> int | None:
    match = _COUNT.search(text)
    if match is None:
        return None
    if match[1].isdigit():
        return int(match[1])
    numeral = match[1].replace("两", "二")
    return next(number for number in range(1, 20) if in_words(number) == numeral)


def is_counted_right(question: Question, named: NamedList) -> bool:
    """Tell whether the list has as many items as the question expects, if it says so."""
    return asked_count(question) in (None, len(named.enumeration.items))


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
        telling = [word for word in words if not _is_of_title(word, title)]
        if not telling or support(words, around) < _OVERALL or support(telling, said) < _NEAR:
            continue
        recall = max(_said(clause, question) for clause in _CLAUSE.split(said))
        if recall < _RECALL:
            continue
        score = support(telling, said) + recall + _count_bonus(question, said, one)
        if best is None or score > best.score:
            best = NamedList(one, lead, score)
    return best


# Asked anew for every list of a plan.
@lru_cache(maxsize=4096)
def _is_of_title(word: str, title: str) -> bool:
    """Tell whether the plan's title says the word: 产业政策 in 促进产业发展若干政策."""
    return support([word], title) >= _OF_TITLE


def _is_item(word: str) -> bool:
    return word in load_item_words() or _COUNT_WORD.fullmatch(word) is not None


def _said(clause: str, question: Question) -> float:
    """Return how much of a clause of the lead the question says."""
    return support(list(name_words(clause)), question.expanded)


def _count_bonus(question: Question, said: str, one: Enumeration) -> float:
    """Return what it counts that question and lead (五件民生实事) tell the number of the items."""
    number = len(one.items)
    asked = asked_count(question)
    bonus = 0.0 if asked is None else 0.5 if asked == number else -0.5
    return bonus + 0.3 * (_read_count(said) == number)
