"""Bytes → characters, whatever wrote them: UTF-8, GB18030, UTF-16, and what can be told apart."""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    # UTF-32's mark begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_READABLE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u2010-\u203f\x20-\x7e\r\n\t]")
_SAMPLE = 200_000
# Of real Chinese text about 97 % is in the first level of GB 2312, of mojibake about half.
_COMMON_SHARE = 0.8
_READABLE_SHARE = 0.9
# A file cut in the middle of a character is still what it was; one wrong in many places is not.
_MOST_DAMAGED = 0.001
_FEW = 50  # characters, among which none may be damaged


def decode(content: bytes) -> str | None:
    """Return the text, its line breaks as in Unix; None if the bytes are not text.

    A damaged character becomes U+FFFD.
    """
    text = _decode(content)
    if text is None or "\0" in text:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _leniently(content, encoding)
    # UTF-8 first: GB18030 accepts nearly any bytes, UTF-8 hardly any that are not its own.
    text = _strictly(content, "utf-8")
    if text is not None and "\0" not in text:
        return text
    if b"\0" in content:
        return _wide(content)
    return _chinese(content) or _detected(content)


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _wide(content: bytes) -> str | None:
    """Read UTF-16 without a mark: in the right byte order it is Chinese or Latin throughout."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strictly(content, encoding)
        if text and _is_readable(text) and _is_common(text):
            return text
    return None


def _chinese(content: bytes) -> str | None:
    """Read GB18030 if it makes common characters, or UTF-8 and GB18030 with a few damaged ones."""
    text = _strictly(content, "gb18030")
    if text is not None and _is_common(text):
        return text
    for encoding in ("utf-8", "gb18030"):
        text = _leniently(content, encoding)
        if text is not None and _is_common(text):
            return text
    return None


def _leniently(content: bytes, encoding: str) -> str | None:
    text = content.decode(encoding, errors="replace")
    most = max(1, int(len(text) * _MOST_DAMAGED)) if len(text) >= _FEW else 0
    return text if text.count("\ufffd") <= most else None


def _detected(content: bytes) -> str | None:
    best = from_bytes(content[:_SAMPLE]).best()
    # Rare characters only, as in a list of names, are still most likely GB18030.
    for encoding in (best.encoding if best else "gb18030", "gb18030"):
        text = _strictly(content, encoding)
        if text and _is_readable(text):
            return text
    return None


def _is_readable(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_READABLE.findall(sample)) >= _READABLE_SHARE * len(sample)


def _is_common(text: str) -> bool:
    characters = _HAN.findall(text[:_SAMPLE])
    common = sum(_is_first_level(character) for character in characters)
    return common >= _COMMON_SHARE * len(characters)


def _is_first_level(character: str) -> bool:
    """Tell whether the character is one of the 3,755 most common of GB 2312 (rows 16 to 55)."""
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
