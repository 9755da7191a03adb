"""What follows a label: a title alone on its line, one that runs into its paragraph, or neither."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.outline_labels import BLANKS, WEAK, Label
from corpus.outline_lines import MAX_LINE, Line

_WORDS = Path(__file__).parent / "lexicon" / "clause_words.txt"

_MAX_RUN_IN = 40
_MAX_SENTENCE = 32
_MAX_COMMAS = 2
# What comes after two blanks is the paragraph if it is this long.
_PARAGRAPH = 25
# 总  则 is one title; what has so many characters before two blanks is a title of its own.
_SHORTEST_PART = 4

_STOP = re.compile("[。!?\uff01\uff1f;\uff1b:\uff1a]|\\*\\*")
_END = re.compile("[。!?\uff01\uff1f;\uff1b]")
_UNFINISHED = re.compile("[,\uff0c、]$")
_COMMAS = re.compile("[,\uff0c]")
_PUNCTUATION = re.compile("[,\uff0c。;\uff1b:\uff1a“]")
_WIDE_BLANK = re.compile(rf"[{BLANKS}]{{2,}}")
# A blank beside Latin letters, figures or punctuation only sets them off.
_CJK = "\u4e00-\u9fff”\uff09)》"
_BLANK = re.compile(rf"(?<=[{_CJK}])[{BLANKS}](?=[\u4e00-\u9fff“《])")
_NOTE = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]")
_WORD = re.compile(r"[^\W_]")
_CLOSERS = "*#" + BLANKS


@dataclass(frozen=True, slots=True)
class Title:
    """Where a title ends; `is_sentence` marks a sentence that is all there is of its paragraph."""

    end: int
    is_sentence: bool = False


def read_title_after(text: str, label: Label, line: Line) -> Title | None:
    """Return the title after the label; None if what follows is a clause or an item of a list."""
    if label.kind == "article":
        return Title(label.end)
    words = text[label.end : min(line.until, label.end + 4 * MAX_LINE)]
    start = label.end + len(words) - len(words.lstrip(BLANKS + "\uff1a:\uff0c,"))
    words = words[start - label.end :].rstrip()
    if not _WORD.search(words):
        return None
    return _alone(words, start, line, label) or _run_in(words, start)


def is_item(text: str, line: Line) -> bool:
    """Tell whether the line ends as the items of an enumeration do."""
    return text[line.words : line.end].rstrip(_CLOSERS).endswith((";", "\uff1b"))


def is_bare_title(words: str) -> bool:
    """Tell whether a line without a label can be the title of what its own line only numbers."""
    return 0 < len(words) <= MAX_LINE and not _STOP.search(words) and not _UNFINISHED.search(words)


def _alone(words: str, start: int, line: Line, label: Label) -> Title | None:
    """Return the title that is the whole line."""
    whole = words.rstrip(_CLOSERS)
    if len(whole) > MAX_LINE or _END.search(whole) or _UNFINISHED.search(whole) or "**" in whole:
        return None
    # A broken line without an end is more often a sentence than a title, if it is but an item.
    if line.until > line.end and (label.kind in WEAK or len(_COMMAS.findall(whole)) > 1):
        return None
    wide = _WIDE_BLANK.search(whole)
    if wide is not None and (
        len(whole) - wide.end() > _PARAGRAPH
        or _PUNCTUATION.search(whole, wide.end())
        # One blank after the label and more after the title: a line of three parts.
        or (start - label.end == 1 and wide.start() >= _SHORTEST_PART)
    ):
        return None
    return Title(start + len(whole.rstrip(":\uff1a" + BLANKS)))


def _run_in(words: str, start: int) -> Title | None:
    """Return the title that is the beginning of a paragraph."""
    wide = _WIDE_BLANK.search(words, 2)
    stop = _STOP.search(words)
    is_first = wide is not None and (stop is None or wide.start() < stop.start())
    if wide is not None and is_first and _is_phrase(words[: wide.start()]):
        return Title(start + wide.start())
    blank = _BLANK.search(words, 2, stop.start() if stop is not None else len(words))
    if blank is not None and _is_before_sentence(words, blank, stop):
        return Title(start + blank.start())
    if stop is not None and _is_phrase(words[: stop.start()]):
        return _stopped(words, stop, start)
    return None


def _is_before_sentence(words: str, blank: re.Match[str], stop: re.Match[str] | None) -> bool:
    """Tell whether a blank parts a title from the sentence after it."""
    title = words[: blank.start()]
    if not _is_phrase(title) or _COMMAS.search(title) or len(title) > MAX_LINE // 2:
        return False
    return _COMMAS.search(words, blank.end(), stop.start() if stop else len(words)) is not None


def _stopped(words: str, stop: re.Match[str], start: int) -> Title | None:
    """Return the title that its stop ends, unless it is a clause."""
    title = words[: stop.start()].rstrip(_CLOSERS)
    if stop[0] in ";\uff1b" or any(word in title for word in _clause_words()):
        return None
    rest = words[stop.end() :].strip(_CLOSERS + "\n")
    is_sentence = stop[0] not in ":\uff1a*" and (not rest or _NOTE.fullmatch(rest) is not None)
    if is_sentence and len(title) > _MAX_SENTENCE:
        return None
    return Title(start + len(title), is_sentence)


def _is_phrase(title: str) -> bool:
    return (
        0 < len(title) <= _MAX_RUN_IN
        and len(_COMMAS.findall(title)) <= _MAX_COMMAS
        and _WORD.search(title) is not None
    )


@cache
def _clause_words() -> tuple[str, ...]:
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
