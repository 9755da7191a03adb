"""The objects of an OFD page → characters, rules and pictures with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from lxml import etree

from corpus.readers.pdf_glyphs import RawGlyph, clean_character, turn_of
from corpus.readers.pdf_layout import Point, Rule, outline_rules

Element: TypeAlias = etree._Element
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

# OFD measures in millimetres and downwards; the shared steps in points, and a PDF upwards.
POINTS = 72 / 25.4
# How far a character reaches above and below its base line, in parts of its size.
_ASCENT, _DESCENT = 0.86, 0.14
_THIN = 3.0
_SHORTEST = 4.0
_MAX_NUMBERS = 100_000
_FARTHEST = 1e6
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)
_PATH_TOKEN = re.compile(r"[MLQBACS]|[-+.\d][-+.\deE]{0,30}")


@dataclass(slots=True)
class Drawn:
    """What stands on a page, in points counted upwards; `pictures` are (resource, area)."""

    glyphs: list[RawGlyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[tuple[str, float]] = field(default_factory=list)


def read_objects(page: Element) -> Drawn:
    """Read the objects of a page's or template's XML in their order."""
    drawn = Drawn()
    for element in page.iter("{*}TextObject", "{*}PathObject", "{*}ImageObject"):
        name = etree.QName(element).localname
        if name == "TextObject":
            drawn.glyphs.extend(_glyphs(element))
        elif name == "PathObject":
            drawn.rules.extend(_rules(element))
        else:
            _, _, width, height = box_of(element.get("Boundary", ""))
            drawn.pictures.append((element.get("ResourceID", ""), width * height))
    return drawn


def box_of(text: str) -> tuple[float, float, float, float]:
    """Return x, y, width and height of a box as OFD writes it, zeros if it is none."""
    values = _numbers(text)
    return (values[0], values[1], values[2], values[3]) if len(values) >= 4 else (0, 0, 0, 0)


def _numbers(text: str) -> list[float]:
    values: list[float] = []
    for word in text.split()[:_MAX_NUMBERS]:
        try:
            value = float(word)
        except ValueError:
            return []
        # No sheet of paper is so wide; nan and inf are no places either.
        if not abs(value) < _FARTHEST:
            return []
        values.append(value)
    return values


def _deltas(text: str) -> list[float]:
    """Return the steps from character to character; `g 3 4.2` stands for 4.2 three times."""
    words = text.split()[:_MAX_NUMBERS]
    deltas: list[float] = []
    place = 0
    while place < len(words) and len(deltas) < _MAX_NUMBERS:
        if words[place] == "g" and place + 2 < len(words):
            times, step = _numbers(words[place + 1]), _numbers(words[place + 2])
            if not times or not step:
                return deltas
            deltas.extend(step * min(int(times[0]), _MAX_NUMBERS))
            place += 3
            continue
        deltas.extend(_numbers(words[place]))
        place += 1
    return deltas


def _matrix(element: Element) -> Matrix:
    """Return the object's own matrix, moved to where its box stands."""
    x, y, _, _ = box_of(element.get("Boundary", ""))
    values = _numbers(element.get("CTM", ""))
    a, b, c, d, e, f = values if len(values) == 6 else _UPRIGHT
    return a, b, c, d, e + x, f + y


def _on_page(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * POINTS, -(b * x + d * y + f) * POINTS


def _glyphs(element: Element) -> Iterator[RawGlyph]:
    if element.get("Visible") == "false":
        return
    matrix = _matrix(element)
    size = (_numbers(element.get("Size", "")) or [4.2])[0]
    stretch = (_numbers(element.get("HScale", "")) or [1.0])[0]
    turn = turn_of(matrix[0], -matrix[1])
    x = y = 0.0
    for code in element.iterchildren("{*}TextCode"):
        x = (_numbers(code.get("X", "")) or [x])[0]
        y = (_numbers(code.get("Y", "")) or [y])[0]
        across, down = _deltas(code.get("DeltaX", "")), _deltas(code.get("DeltaY", ""))
        right, below = x, y
        for number, character in enumerate((code.text or "").strip("\r\n")):
            width = size * stretch * (0.5 if character.isascii() else 1.0)
            text = clean_character(character)
            if text:
                first = _on_page(matrix, right, below - _ASCENT * size)
                last = _on_page(matrix, right + width, below + _DESCENT * size)
                yield _glyph(text, first, last, turn)
            right += across[number] if number < len(across) else 0 if down else width
            below += down[number] if number < len(down) else 0


def _glyph(text: str, first: Point, last: Point, turn: int) -> RawGlyph:
    return RawGlyph(
        text,
        min(first[0], last[0]),
        min(first[1], last[1]),
        max(first[0], last[0]),
        max(first[1], last[1]),
        turn,
    )


def _rules(element: Element) -> Iterator[Rule]:
    matrix = _matrix(element)
    data = element.find("{*}AbbreviatedData")
    if data is None or not data.text:
        return
    for corners in _outlines(data.text):
        points = [_on_page(matrix, x, y) for x, y in corners]
        is_stroked = element.get("Stroke") != "false"
        yield from outline_rules(points, thin=_THIN, shortest=_SHORTEST, is_stroked=is_stroked)


def _outlines(data: str) -> Iterator[list[Point]]:
    """Yield the corners of each straight-sided part: M x y L x y … C; curves end the reading."""
    corners: list[Point] = []
    numbers: list[float] = []
    for match in islice(_PATH_TOKEN.finditer(data), _MAX_NUMBERS):
        word = match[0]
        if word in "MS":
            if len(corners) > 1:
                yield corners
            corners, numbers = [], []
        elif word == "C" and corners:
            corners.append(corners[0])
        elif word in "QBA":
            return
        elif word not in "LC":
            numbers.extend(_numbers(word))
            if len(numbers) == 2:
                corners.append((numbers[0], numbers[1]))
                numbers = []
    if len(corners) > 1:
        yield corners
