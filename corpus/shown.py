"""Untrusted names and messages → one printable line."""

import unicodedata

_LENGTH = 80
_TAIL = 20
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def shown(name: str) -> str:
    """Return a name as one short printable line, for messages."""
    line = one_line(name)
    return line if len(line) <= _LENGTH else f"{line[: _LENGTH - _TAIL - 1]}…{line[-_TAIL:]}"


def one_line(text: str) -> str:
    """Return the text with a mark for each character that cannot be seen or would break the line.

    That covers marks that turn the writing direction, and bytes of a file name that are no UTF-8.
    """
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join("\ufffd" if unicodedata.category(c) in _HIDDEN else c for c in readable)


def single_spaced(text: str) -> str:
    """Return the text on one line, one blank wherever it had blanks or ended a line."""
    return " ".join(text.split())
