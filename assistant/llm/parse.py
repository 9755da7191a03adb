"""The model's text → its sentences and the sources that each one names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.llm.errors import ModelFailed

_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
# Some chat templates open the thought themselves, so that only its end is sent.
_REST_OF_THOUGHT = re.compile(r"^.*</think>", re.DOTALL)
_MARK = re.compile(r"\s*[\[【［〔](?:来源|source)?\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)[\]】］〕]")
_UNFINISHED_MARK = re.compile(r"[\[【［〔][^\]】］〕]*$")
_BULLET = re.compile(r"^\s*(?:[-*•·#>]+\s+|\d{1,2}[.)、）]\s*(?!\d)|[(（]\d{1,2}[)）]\s*)+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_SENTENCE = re.compile(rf".+?(?:[。！？!?]+[”’」』）)]*|$)(?:{_MARK.pattern})*")
_REPEATED = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence without its marks, and the numbers in them."""

    text: str
    numbers: tuple[int, ...]


def visible(text: str) -> str:
    """Return the text without what the model thought aloud."""
    return _REST_OF_THOUGHT.sub("", _THOUGHT.sub("", text))


def read_sentences(text: str, *, is_whole: bool) -> list[Said]:
    """Return the sentences; of a text still growing, only those that can grow no more.

    A sentence without a mark takes that of the next one in its line: models often cite once a
    paragraph, and what it then claims is checked all the same.

    Raises:
        ModelFailed: if the model says the same over and over.
    """
    lines = (text if is_whole else _UNFINISHED_MARK.sub("", text)).split("\n")
    found = [said for line in lines[:-1] for said in _in_line(line)]
    last = list(_in_line(lines[-1]))
    found += last if is_whole else last[:-1]
    for said in found:
        if found.count(said) >= _REPEATED:
            raise ModelFailed("反复输出同样的内容")
    return list(dict.fromkeys(found))


def _in_line(line: str) -> Iterator[Said]:
    cleaned = _EMPHASIS.sub("", _BULLET.sub("", line)).strip()
    waiting: list[Said] = []
    for match in _SENTENCE.finditer(cleaned):
        said = _split_off_marks(match[0])
        if not said.text:
            continue
        waiting.append(said)
        if said.numbers:
            yield from (replace(one, numbers=said.numbers) for one in waiting)
            waiting = []
    yield from waiting


def _split_off_marks(sentence: str) -> Said:
    numbers = [
        int(number)
        for mark in _MARK.finditer(sentence)
        for number in re.split(r"\s*[,，、]\s*", mark[1])
    ]
    return Said(_MARK.sub("", sentence).strip(), tuple(dict.fromkeys(numbers)))
