"""A text whose lines were broken at a fixed width → the same text with its sentences whole.

Every character keeps its place: only line breaks inside of sentences become blanks.
"""

import re
from collections import Counter

_NARROWEST, _WIDEST = 20, 60
# So many of a wrapped text's longer lines have the same width, a few characters more or less.
_SHARE = 0.4
_SLACK = 4
_MANY = 10
_BREAK = re.compile(r"(?P<line>[^\n]+)(?P<break>\n)(?=[^\s#*|—●·(（第①-⑳])")
_ENDED = re.compile("[。！？!?；;：:]\\W*$")


def unwrap(text: str) -> str:
    """Return the text with the line breaks that part no sentence turned into blanks."""
    width = _width(text)
    if width is None:
        return text
    characters = list(text)
    for match in _BREAK.finditer(text):
        line = match["line"].rstrip()
        if len(line) >= width - _SLACK and not _ENDED.search(line):
            characters[match.start("break")] = " "
    return "".join(characters)


def _width(text: str) -> int | None:
    """Return the width at which the lines were broken, None where they were not."""
    lengths = Counter(len(line.rstrip()) for line in text.split("\n"))
    filled = {length: count for length, count in lengths.items() if length >= _NARROWEST // 2}
    if not filled or max(filled) > 3 * _WIDEST:
        return None
    fitting = [length for length in filled if _NARROWEST <= length <= _WIDEST]
    near = {
        length: sum(filled.get(one, 0) for one in range(length - _SLACK, length + 1))
        for length in fitting
    }
    width = max(near, key=lambda length: (near[length], length), default=None)
    if width is None or near[width] < max(_MANY, _SHARE * sum(filled.values())):
        return None
    return width
