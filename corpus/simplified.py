"""Traditional characters → simplified ones, as the plans are written."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc_purepy import OpenCC


def simplify(text: str) -> str:
    """Return the text in simplified characters; the same text if it has no other."""
    # GB 2312 holds no traditional character: the dictionaries (170 ms) are read when needed only.
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return _converter().convert(text)
    return text


@cache
def _converter() -> "OpenCC":
    from opencc_purepy import OpenCC

    return OpenCC("t2s")
