"""What is drawn on a PDF page beside the text: rules, pictures, and text that stays hidden."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.readers.pdf_layout import Point, Rule, outline_rules

# More objects on one page are a map or made to keep us busy; what is beyond them is not looked at.
_MAX_OBJECTS = 100_000
_MAX_SEGMENTS = 5000
_MAX_DEPTH = 5
# A rectangle so thin (points) is a line.
_THIN = 3.0
_SHORTEST = 4.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """The page's rules in the PDF's own coordinates, the share of it under pictures, silent fonts.

    A silent font is one of which a text object gave no character.
    """

    rules: list[Rule]
    picture_share: float
    silent_fonts: frozenset[str]


def read_objects(page: pdfium.PdfPage, heard: set[int]) -> Drawn:
    """Look at every object; `heard` are the addresses of the text objects that gave characters."""
    rules: list[Rule] = []
    fonts: set[str] = set()
    pictures = 0.0
    kinds = [raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE]
    found = page.get_objects(filter=kinds, max_depth=_MAX_DEPTH)
    for drawn in islice(found, _MAX_OBJECTS):
        if drawn.type == raw.FPDF_PAGEOBJ_PATH:
            rules.extend(_rules(drawn))
        elif drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = drawn.get_bounds()
            pictures += (right - left) * (top - bottom)
        elif ctypes.addressof(drawn.raw.contents) not in heard:
            fonts.add(drawn.get_font().get_base_name())
    width, height = page.get_size()
    return Drawn(rules, pictures / max(width * height, 1), frozenset(fonts))


def _rules(path: pdfium.PdfObject) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path.raw, fill, stroke) or not (fill.value or stroke.value):
        return
    for corners in _outlines(path):
        yield from outline_rules(
            corners, thin=_THIN, shortest=_SHORTEST, is_stroked=bool(stroke.value)
        )


def _outlines(path: pdfium.PdfObject) -> Iterator[Sequence[Point]]:
    """Yield the corners of each straight-sided part of a path, on the page."""
    matrix = path.get_matrix()
    container = path.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    x, y = ctypes.c_float(), ctypes.c_float()
    corners: list[Point] = []
    for number in range(min(raw.FPDFPath_CountSegments(path.raw), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path.raw, number)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(corners) > 1:
                yield corners
            corners = []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        corners.append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            corners.append(corners[0])
    if len(corners) > 1:
        yield corners
