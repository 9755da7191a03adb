"""Characters with positions → lines of text in reading order, columns one after the other."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from corpus.readers.pdf_layout import Glyph, Line

# Gaps, in parts of the character size. Words of Latin script stand about .25 apart; the same gap
# between Chinese and figures, or between figures set on a full-width grid, is layout.
_WORD_GAP = 0.2
_WIDE_GAP = 0.8

# A second column has at least so many lines, of so many characters: less is a table without rules.
_COLUMN_LINES = 8
_COLUMN_CHARACTERS = 10
_GUTTER = 1.2
# Broken files give characters without any height.
_LEAST_SIZE = 0.1
_MAX_COLUMNS = 6


def find_lines(glyphs: Sequence[Glyph], block: str) -> list[Line]:
    """Return the lines from top to bottom; `block` names where they stand."""
    return [line for row in _rows(glyphs) if (line := _line(row, block))]


def find_columns(glyphs: Sequence[Glyph], block: str) -> list[Line]:
    """Return the lines in reading order, columns one after the other; see `find_lines`."""
    gutter = _find_gutter(_rows(glyphs))
    if gutter is None:
        return find_lines(glyphs, block)
    return list(_column_lines(_rows(glyphs), gutter, block, _MAX_COLUMNS))


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Group what stands at one height, from left to right."""
    rows: list[list[Glyph]] = []
    largest: Glyph | None = None
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle):
        reach = max(glyph.size, largest.size) / 2 if largest else 0
        if largest is None or glyph.middle - largest.middle >= reach:
            rows.append([])
            largest = glyph
        elif glyph.size > largest.size:
            largest = glyph
        rows[-1].append(glyph)
    for row in rows:
        row.sort(key=lambda glyph: glyph.x0)
    return rows


def _line(row: Sequence[Glyph], block: str) -> Line | None:
    text = _join(row)
    inked = [glyph for glyph in row if glyph.text.strip()]
    if not inked:
        return None
    middle = median(glyph.middle for glyph in inked)
    size = max(median(glyph.size for glyph in inked), _LEAST_SIZE)
    return Line(
        text.strip(),
        min(glyph.x0 for glyph in inked),
        max(glyph.x1 for glyph in inked),
        middle - size / 2,
        middle + size / 2,
        block,
    )


def _join(row: Sequence[Glyph]) -> str:
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in row:
        if before is not None:
            if _is_same_ink(before, glyph):
                continue
            if _is_parted(before, glyph):
                parts.append(" ")
        parts.append(glyph.text)
        before = glyph
    return "".join(parts)


def _is_same_ink(before: Glyph, glyph: Glyph) -> bool:
    """Tell a character that is printed twice, a little apart, to look bold."""
    nearly = 0.3 * max(before.x1 - before.x0, 0.1)
    return before.text == glyph.text and abs(glyph.x0 - before.x0) < nearly


def _is_parted(before: Glyph, glyph: Glyph) -> bool:
    if before.text.isspace() or glyph.text.isspace():
        return False
    is_word = _is_latin(before, glyph) or _is_latin(glyph, before)
    least = _WORD_GAP if is_word else _WIDE_GAP
    return glyph.x0 - before.x1 > least * max(before.size, glyph.size)


def _is_latin(letter: Glyph, beside: Glyph) -> bool:
    # Full-width punctuation has its room within its own box, figures stand on wide grids.
    return letter.text.isascii() and letter.text.isalpha() and beside.text.isascii()


def _find_gutter(rows: Sequence[Sequence[Glyph]]) -> tuple[float, float] | None:
    """Return the blank strip between two columns of prose, if there is one."""
    gaps = [gap for row in rows for gap in _gaps(row)]
    if len(gaps) < _COLUMN_LINES:
        return None
    strip = _busiest_strip(gaps)
    if strip is None:
        return None
    open_rows = [row for row in rows if _is_open(row, strip)]
    sides = [
        (
            sum(len(glyph.text) for glyph in row if glyph.x1 <= strip[1]),
            sum(len(glyph.text) for glyph in row if glyph.x0 >= strip[0]),
        )
        for row in open_rows
    ]
    both = [side for side in sides if all(side)]
    is_prose = (
        len(both) >= _COLUMN_LINES
        and median(left for left, _ in both) >= _COLUMN_CHARACTERS
        and median(right for _, right in both) >= _COLUMN_CHARACTERS
    )
    # Lines across the page are a title or a summary; more, and the strip is chance.
    return strip if is_prose and (len(rows) - len(open_rows)) * 4 <= len(rows) else None


def _gaps(row: Sequence[Glyph]) -> Iterator[tuple[float, float]]:
    inked = [glyph for glyph in row if glyph.text.strip()]
    reach = inked[0].x1 if inked else 0.0
    for glyph in inked[1:]:
        if glyph.x0 - reach > _GUTTER * glyph.size:
            yield reach, glyph.x0
        reach = max(reach, glyph.x1)


def _busiest_strip(gaps: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the strip that the most gaps have in common."""
    # Starts sort before ends at the same place, so that gaps which only touch count as one.
    ends = sorted([(x0, 0) for x0, _ in gaps] + [(x1, 1) for _, x1 in gaps])
    depth, most = 0, 0
    best: tuple[float, float] | None = None
    for number, (x, is_end) in enumerate(ends):
        depth += -1 if is_end else 1
        if depth > most and number + 1 < len(ends):
            most, best = depth, (x, ends[number + 1][0])
    return best if most >= _COLUMN_LINES else None


def _column_lines(
    rows: Sequence[Sequence[Glyph]], gutter: tuple[float, float], block: str, columns: int
) -> Iterator[Line]:
    """Yield bands: lines across the page as they come, what stands between them by column."""
    middle = (gutter[0] + gutter[1]) / 2
    band: list[Glyph] = []
    for row in rows:
        if not _is_open(row, gutter):
            yield from _band_lines(band, middle, block, columns)
            band = []
            if line := _line(row, block):
                yield line
        else:
            band.extend(row)
    yield from _band_lines(band, middle, block, columns)


def _is_open(row: Sequence[Glyph], gutter: tuple[float, float]) -> bool:
    return not any(
        glyph.x0 < gutter[1] - 1 and glyph.x1 > gutter[0] + 1 for glyph in row if glyph.text.strip()
    )


def _band_lines(band: Sequence[Glyph], middle: float, block: str, columns: int) -> Iterator[Line]:
    sides = (
        (f"{block}l", [glyph for glyph in band if glyph.x0 < middle]),
        (f"{block}r", [glyph for glyph in band if glyph.x0 >= middle]),
    )
    for name, side in sides:
        if side and columns > 1:
            rows = _rows(side)
            gutter = _find_gutter(rows)
            if gutter is not None:
                yield from _column_lines(rows, gutter, name, columns // 2)
                continue
        yield from find_lines(side, name)
