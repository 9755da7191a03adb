"""A number as Word writes it in an automatic label: 3 → 三, ③, III, 丙.

The styles and where they end are those of ECMA-376, 17.18.59 (ST_NumberFormat); past its end, and
for a style that is not listed here, Word and this module write plain digits.
"""

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
# A label is short; whoever counts on with letters gets no line of a million of them.
_MOST_LETTERS = 780
_MOST_ROMAN = 4999


def format_number(number: int, style: str) -> str:
    """Return the number in a style of `w:numFmt`; `none` and `bullet` are empty."""
    write = _STYLES.get(style, str)
    return write(number)


def _of_list(symbols: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        return symbols[number - 1] if 1 <= number <= len(symbols) else str(number)

    return write


def _by_digits(digits: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        return "".join(digits[int(digit)] for digit in str(number)) if number >= 0 else str(number)

    return write


def _by_units(digits: str, units: str, *, spoken_ten: bool) -> Callable[[int], str]:
    """Write up to 9999 in words: 一百零三; `spoken_ten` makes it 十二 rather than 一十二."""

    def write(number: int) -> str:
        if not 1 <= number <= 9999:
            return str(number)
        words, has_gap = "", False
        for place in range(3, -1, -1):
            digit = number // 10**place % 10
            if not digit:
                has_gap = bool(words)
                continue
            words += (digits[0] if has_gap else "") + digits[digit] + units[place].strip()
            has_gap = False
        return words[1:] if spoken_ten and 10 <= number <= 19 else words

    return write


_THOUSANDS = _by_units("零一二三四五六七八九", " 十百千", spoken_ten=True)
_COUNTED = _by_digits("○一二三四五六七八九")


def _chinese_counting(number: int) -> str:
    return _THOUSANDS(number) if number < 100 else _COUNTED(number)


def _japanese_counting(number: int) -> str:
    if not 1 <= number <= 9999:
        return str(number)
    words = ""
    for place, unit in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**place % 10
        if digit:
            words += (_DIGITS[digit] if digit > 1 or not place else "") + unit
    return words


def _roman(number: int) -> str:
    if not 1 <= number <= _MOST_ROMAN:
        return str(number)
    letters = ""
    for value, symbol in _ROMAN:
        letters += symbol * (number // value)
        number %= value
    return letters


def _letters(number: int) -> str:
    # After z comes aa, then bb: Word repeats the letter.
    if not 1 <= number <= _MOST_LETTERS:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _full_width(number: int) -> str:
    return str(number).translate(_FULL_WIDTH)


_STYLES: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _of_list("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedCircleChinese": _of_list("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedFullstop": _of_list("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "decimalEnclosedParen": _of_list("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "chineseCounting": _chinese_counting,
    "taiwaneseCounting": _chinese_counting,
    "chineseCountingThousand": _THOUSANDS,
    "taiwaneseCountingThousand": _THOUSANDS,
    "japaneseCounting": _japanese_counting,
    "ideographDigital": _by_digits(_DIGITS),
    "taiwaneseDigital": _by_digits("○一二三四五六七八九"),
    "japaneseDigitalTenThousand": _by_digits(_DIGITS),
    "chineseLegalSimplified": _by_units("零壹贰叁肆伍陆柒捌玖", " 拾佰仟", spoken_ten=False),
    "ideographLegalTraditional": _by_units("零壹貳參肆伍陸柒捌玖", " 拾佰仟", spoken_ten=False),
    "ideographTraditional": _of_list("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _of_list("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _of_list("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
}
