"""One page's characters and rules → its lines and tables in reading order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.pdf_glyphs import RawGlyph
from corpus.readers.pdf_grids import find_grids
from corpus.readers.pdf_layout import Block, Glyph, Page, Rule
from corpus.readers.pdf_lines import find_columns

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that stands upright: characters and rules counted from its upper left corner."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]


def upright(glyphs: Sequence[RawGlyph], rules: Sequence[Rule], box: _Box) -> Sheet:
    """Turn the page so that most of its text stands upright; diagonal text is a watermark.

    The text decides, not the page's own rotation: wide tables are set either way.
    """
    turns = Counter(glyph.turn for glyph in glyphs if glyph.turn >= 0)
    turn = turns.most_common(1)[0][0] if turns else 0
    width, height = box[2] - box[0], box[3] - box[1]
    if turn in (90, 270):
        width, height = height, width
    return Sheet(
        width,
        height,
        tuple(
            Glyph(glyph.text, *_turned(glyph.left, glyph.bottom, glyph.right, glyph.top, turn, box))
            for glyph in glyphs
            if glyph.turn >= 0
        ),
        tuple(Rule(*_turned(rule.x0, rule.top, rule.x1, rule.bottom, turn, box)) for rule in rules),
    )


def lay_out(sheet: Sheet) -> Page:
    """Return the page's blocks: the text above, between and below the tables, column by column."""
    grids, rest = find_grids(sheet.rules, sheet.glyphs)
    name = f"page {sheet.width:.0f}"
    blocks: list[Block] = []
    for grid in grids:
        above = [glyph for glyph in rest if glyph.middle < grid.top]
        rest = [glyph for glyph in rest if glyph.middle >= grid.top]
        blocks.extend(find_columns(above, name))
        blocks.append(grid)
    blocks.extend(find_columns(rest, name))
    return Page(sheet.width, sheet.height, tuple(blocks))


def _turned(
    left: float, bottom: float, right: float, top: float, turn: int, box: _Box
) -> tuple[float, float, float, float]:
    """Return x0, x1, top and bottom of a rectangle, counted from the upright page's corner."""
    if turn == 90:
        return bottom - box[1], top - box[1], left - box[0], right - box[0]
    if turn == 180:
        return box[2] - right, box[2] - left, bottom - box[1], top - box[1]
    if turn == 270:
        return box[3] - top, box[3] - bottom, box[2] - right, box[2] - left
    return left - box[0], right - box[0], box[3] - top, box[3] - bottom
