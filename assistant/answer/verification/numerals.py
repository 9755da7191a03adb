"""Numbers in Chinese characters → numbers: 三百二十 is 320, 二〇二五 2025, 三点五 3.5."""

from decimal import Decimal

DIGITS = "零一二三四五六七八九"
_SAME = str.maketrans("〇○两", "零零二")
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}


def read_numeral(text: str) -> Decimal:
    """Return what a numeral of 零 to 亿, with or without 点, stands for."""
    whole, _, fraction = text.translate(_SAME).partition("点")
    digits = "".join(str(DIGITS.index(character)) for character in fraction)
    return Decimal(f"{_read_whole(whole)}.{digits}" if digits else _read_whole(whole))


def _read_whole(text: str) -> int:
    if len(text) > 1 and all(character in DIGITS for character in text):
        return int("".join(str(DIGITS.index(character)) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        elif character in _LARGE:
            # 万亿: what stands before multiplies as a whole.
            total = (total + section + digit or 1) * _LARGE[character]
            section = digit = 0
        else:
            digit = DIGITS.index(character)
    return total + section + digit
