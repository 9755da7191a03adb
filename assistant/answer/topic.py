"""What a conversation speaks of: the last question in full, its subjects, the items of its list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.frame import Frame, cut
from assistant.answer.model import Answer
from assistant.answer.parts import split_each, split_question
from assistant.names import match_names
from assistant.question import read_question
from corpus.simplified import simplify

_ITEM = re.compile(r"^\d{1,3}[.．]\s*(.+)$", re.MULTILINE)
_MARK = re.compile(r"\[\d{1,3}\]")
_LABEL = re.compile(
    "^(?:[（(][一二三四五六七八九十\\d]+[)）]|第[一二三四五六七八九十\\d]+[章条节篇]|[一二三四五六七八九十]+、|\\d+[.、．])\\s*"
)
_CLAUSE_END = re.compile("[。：:；;，,（(]")
_LONGEST = 40
# The user's own words are kept where they say this much of the indicator's name.
_SAME_NAME = 0.5


@dataclass(frozen=True, slots=True)
class Topic:
    """`question` is the last one in full, `subjects` what it and its answer were about."""

    question: str
    frame: Frame
    subjects: tuple[str, ...]
    answer: Answer

    @property
    def subject(self) -> str:
        """Return what a pronoun stands for, with its place or plan."""
        return self.frame.scope + "和".join(self.subjects) if self.subjects else ""


def read_topic(history: Sequence[Answer]) -> Topic | None:
    """Return what the last answer spoke of; greetings and the like are passed over."""
    told = [answer for answer in history if answer.route != "smalltalk"]
    return _topic(told[-1]) if told else None


def subjects_of(history: Sequence[Answer]) -> tuple[str, ...]:
    """Return two subjects or more, of the last answer or of the last ones: 前者, 后者, 两者."""
    found: dict[str, None] = {}
    for answer in reversed(history):
        if answer.route == "smalltalk":
            continue
        found = dict.fromkeys((*_topic(answer).subjects, *found))
        if len(found) > 1:
            break
    return tuple(found)


def items_of(history: Sequence[Answer], number: int) -> str | None:
    """Return the item of the last numbered list that has so many; -1 is its last one.

    Without such a list, the lines of the last answer count.
    """
    told = [answer for answer in reversed(history) if answer.status == "answered"]
    lists = [_numbered(answer) for answer in told] + [_cited_lines(answer) for answer in told[:1]]
    for items in lists:
        if len(items) >= max(number, 2):
            return items[number - 1] if number > 0 else items[number]
    return None


def _topic(answer: Answer) -> Topic:
    said = simplify(answer.rewritten or answer.question)
    parts = [each for part in split_question(said) for each in split_each(part)]
    names = tuple(dict.fromkeys(fact.indicator.name for fact in answer.facts))
    frames = [cut(part, names) for part in parts]
    subjects = tuple(dict.fromkeys(frame.subject for frame in frames if frame.subject))
    if len(names) == 1 and not _says(subjects, names[0]):
        subjects = names
    elif not subjects and answer.route == "project":
        subjects = _cited_lines(answer)[:1]
    return Topic(parts[-1], frames[-1], subjects, answer)


def _says(subjects: Sequence[str], name: str) -> bool:
    """Tell whether the one subject is another word for the indicator."""
    if len(subjects) != 1:
        return False
    matches = match_names(read_question(subjects[0]), [name])
    return any(match.recall >= _SAME_NAME for match in matches)


def _numbered(answer: Answer) -> tuple[str, ...]:
    """Return what the numbered lines of an answer name."""
    lines = _ITEM.findall(_MARK.sub("", answer.text))
    names = tuple(fact.indicator.name for fact in answer.facts)
    if lines and len(names) == len(lines):
        return names
    return tuple(_first_clause(line) for line in lines)


def _cited_lines(answer: Answer) -> tuple[str, ...]:
    lines = [_MARK.sub("", line) for line in answer.text.split("\n") if _MARK.search(line)]
    return tuple(_first_clause(line) for line in lines)


def _first_clause(line: str) -> str:
    said = _LABEL.sub("", line.strip())
    return _CLAUSE_END.split(said, maxsplit=1)[0][:_LONGEST]
