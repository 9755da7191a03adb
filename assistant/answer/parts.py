"""Several questions in one → one by one: 基数是多少？目标又是多少？, 甲和乙的目标分别是多少."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer.frame import bare, cut, places_of
from assistant.answer.model import Answer
from corpus.segment import brackets, inside

_ASKS = re.compile(
    "多少|几[家个件项条人年成亿万]|百分之几|什么|哪|怎么|怎样|如何|为何|谁|吗|是不是|是否|有没有|能不能|会不会|何时"
)
_END = re.compile("[?？;；!！。\\n]+")
_COMMA = re.compile("[,，]\\s*")
_ALSO = re.compile("^(?:还有|以及|另外|同时|再有)[,，]?")
_EACH = re.compile("(?:分别|各自|各)(?=是|为|有|要|达|多少|怎)|分别")
_FIGURE = re.compile("多少|几|怎么样")
_AND = re.compile("以及|[和与跟及、]")
_MOST = 6


def split_question(text: str) -> list[str]:
    """Return the questions in the text, in order; the text itself if there is but one."""
    parts: list[str] = []
    waiting = ""
    for sentence in _sentences(text):
        waiting += sentence
        # What asks nothing leads up to what does: 我们做CRO。能得到哪些支持？
        if _ASKS.search(sentence):
            parts.extend(_clauses(waiting))
            waiting = ""
    if not parts or len(parts) > _MOST:
        return [text]
    if waiting.strip():
        parts[-1] += waiting
    if len(parts) > 1:
        return [part.strip() for part in parts]
    return [text]


def join_answers(text: str, answers: Sequence[Answer]) -> Answer:
    """Return one answer to all, each part headed by its question; the sources are shared.

    The last of the answers has the citations of all: they are numbered through.
    """
    last = answers[-1]
    if len(answers) == 1:
        return replace(last, question=text)
    best = next((answer for answer in answers if answer.status == "answered"), answers[0])
    heads = [f"{bare(answer.question)}：" for answer in answers]
    rewritten = dict.fromkeys(
        f"{bare(answer.rewritten or answer.question)}？" for answer in answers
    )
    return Answer(
        question=text,
        text="\n".join(f"{head}\n{a.text}" for head, a in zip(heads, answers, strict=True)),
        status=best.status,
        route=best.route,
        citations=last.citations,
        facts=tuple(dict.fromkeys(fact for answer in answers for fact in answer.facts)),
        computed=(*heads, *(figure for answer in answers for figure in answer.computed)),
        rewritten="".join(rewritten) if any(answer.rewritten for answer in answers) else None,
        notes=tuple(dict.fromkeys(note for answer in answers for note in answer.notes)),
        choices=next((answer.choices for answer in answers if answer.choices), ()),
    )


def _sentences(text: str) -> list[str]:
    protected = inside(brackets(text))
    ends = [match.end() for match in _END.finditer(text) if match.end() not in protected]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _clauses(sentence: str) -> list[str]:
    """Cut at a comma where a clause that asks goes on with one more question (还有、另外)."""
    found = [""]
    for clause in _COMMA.split(sentence):
        if _ALSO.search(clause) and _ASKS.search(found[-1]) and _ASKS.search(clause):
            found.append(_ALSO.sub("", clause))
        else:
            found[-1] += f"，{clause}" if found[-1] else clause
    return found if len(found) > 1 else [sentence]


def split_each(text: str) -> list[str]:
    """Return one question for each of the places or subjects of a 分别; else the question."""
    each = _EACH.search(text)
    if each is None or not _FIGURE.search(text):
        return [text]
    whole = text[: each.start()] + text[each.end() :]
    frame = cut(whole)
    places = places_of(frame.scope)
    if len(places) > 1:
        return [whole.replace(frame.scope, place, 1) for place in places]
    subjects = [name for name in _AND.split(frame.subject) if name]
    if len(subjects) > 1:
        return [f"{frame.head}{name}{frame.tail}" for name in subjects]
    return [text]
