"""A PDF page's characters with their places, as PDFium reads them."""

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

# Stands for a character of which the font does not say what it is.
UNKNOWN = "\ufffd"
# PDFium gives \x02 for the hyphen at a line's end.
_STAND_INS = {"\t": " ", "\u00a0": " ", "\x02": "-"}


@dataclass(frozen=True, slots=True)
class RawGlyph:
    """A character in the PDF's own coordinates, which run up, and how far it is turned.

    `turn` counts degrees against the clock, -1 where they are no quarter turns: a watermark.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0


def read_glyphs(page: pdfium.PdfPage) -> tuple[list[RawGlyph], set[int]]:
    """Return the characters, and the text objects (by their address) that they come from."""
    textpage = page.get_textpage()
    try:
        return list(_glyphs(textpage.raw)), _sources(textpage.raw)
    finally:
        textpage.close()


def clean_character(text: str) -> str:
    """Return the character as it is written elsewhere, nothing for what cannot be seen.

    Some fonts map 一 to the radical ⼀ (U+2F00) or to a compatibility form: it looks the same.
    """
    if "\u2e80" <= text <= "\u2fdf" or "\uf900" <= text <= "\ufaff":
        return unicodedata.normalize("NFKC", text)
    if text in _STAND_INS:
        return _STAND_INS[text]
    is_hidden = any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} for c in text)
    return "" if is_hidden else text


def turn_of(cosine: float, sine: float) -> int:
    """Return the quarter turn in degrees, -1 if it is none."""
    degrees = round(math.degrees(math.atan2(sine, cosine))) % 360
    quarter = round(degrees / 90) * 90
    return quarter % 360 if abs(degrees - quarter) <= 2 else -1


def _glyphs(textpage: raw.FPDF_TEXTPAGE) -> Iterator[RawGlyph]:
    box = raw.FS_RECTF()
    high = ""
    for index in range(raw.FPDFText_CountChars(textpage)):
        # PDFium adds blanks and line breaks where it thinks best; we have the places.
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        is_known = raw.FPDFText_HasUnicodeMapError(textpage, index) != 1
        text = high + chr(raw.FPDFText_GetUnicode(textpage, index)) if is_known else UNKNOWN
        high = text if "\ud800" <= text <= "\udbff" else ""
        if len(text) == 2:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = clean_character(text)
        if not text or not raw.FPDFText_GetLooseCharBox(textpage, index, box):
            continue
        angle = raw.FPDFText_GetCharAngle(textpage, index)
        turn = turn_of(math.cos(angle), -math.sin(angle)) if angle > 0 else 0
        yield RawGlyph(text, box.left, box.bottom, box.right, box.top, turn)


def _sources(textpage: raw.FPDF_TEXTPAGE) -> set[int]:
    handles = (
        raw.FPDFText_GetTextObject(textpage, index)
        for index in range(raw.FPDFText_CountChars(textpage))
    )
    return {ctypes.addressof(handle.contents) for handle in handles if handle}
