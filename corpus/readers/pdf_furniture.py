"""Page headers, footers and page numbers: found by what the pages have in common, and left out."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from corpus.readers.pdf_layout import Line, Page

# Only so many lines on top and at the foot are looked at, within so much of the page's height.
_LINES = 3
_ZONE = 0.15
# A line that so many pages have in the same place belongs to the page, not to the text.
_PAGES = 3
# A header or footer keeps at least its own height away from the text.
_GAP = 1.0

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_DASHES = r"[-\u2010-\u2015\u2212\uff0d\u2500\u30fb\u00b7•~\uff5e_]"
# 12, - 12 -, 第12页, 第 3 页 共 12 页, 3/12, Page 3 of 12
_NUMBER_LINE = re.compile(
    rf"\s*(?P<mark>{_DASHES}*|第|page)\s*(?P<number>\d{{1,4}}|[ivxlc]{{1,7}})\s*"
    rf"(?P<end>{_DASHES}*|页)\s*(?:(?:[/\uff0f,\uff0c]|of)?\s*共?\s*\d{{1,4}}\s*页?)?\s*",
    re.IGNORECASE,
)

_Key: TypeAlias = tuple[str, int, int, int]


def drop_furniture(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without running headers, footers and page numbers."""
    repeated = _repeated(pages)
    numbering = _numbering(pages)
    return [_without(page, repeated, numbering) for page in pages]


def _without(page: Page, repeated: set[_Key], numbering: set[int]) -> Page:
    outer = list(_outer_lines(page))
    numbers = {id(line) for line in outer if _is_page_number(line, numbering)}
    dropped = numbers | {id(line) for line in outer if _key(line) in repeated}
    if all(id(block) in dropped for block in page.blocks):
        # Pages that say the same and nothing else: a form, a slip sheet.
        dropped = numbers
    return replace(page, blocks=tuple(b for b in page.blocks if id(b) not in dropped))


def _outer_lines(page: Page) -> Iterator[Line]:
    lines = sorted((b for b in page.blocks if isinstance(b, Line)), key=lambda line: line.top)
    zone = _ZONE * page.height
    yield from (line for line in lines[:_LINES] if line.top < zone)
    yield from (line for line in lines[-_LINES:] if line.bottom > page.height - zone)


def _key(line: Line) -> _Key:
    """Return what a line looks like and where it stands, to within a character's width."""
    return "".join(line.text.split()), round(line.top / 6), round(line.x0 / 6), round(line.size)


def _repeated(pages: Sequence[Page]) -> set[_Key]:
    seen: defaultdict[_Key, int] = defaultdict(int)
    for page in pages:
        for key in {_key(line) for line in _set_apart(page)}:
            seen[key] += 1
    return {key for key, times in seen.items() if times >= _PAGES}


def _set_apart(page: Page) -> Iterator[Line]:
    """Yield the outer lines that a gap parts from the text."""
    blocks = sorted(page.blocks, key=lambda block: block.top)
    outer = {id(line) for line in _outer_lines(page)}
    for order in (blocks[: _LINES + 1], blocks[: -_LINES - 2 : -1]):
        waiting: list[Line] = []
        for block, inner in pairwise(order):
            if not isinstance(block, Line) or id(block) not in outer:
                break
            waiting.append(block)
            if max(inner.top - block.bottom, block.top - inner.bottom) > _GAP * block.size:
                yield from waiting
                waiting = []


def _numbering(pages: Sequence[Page]) -> set[int]:
    """Return the heights at which page numbers stand: those that count on with the pages."""
    heights: defaultdict[int, set[int]] = defaultdict(set)
    times: defaultdict[int, int] = defaultdict(int)
    for index, page in enumerate(pages):
        for line in _outer_lines(page):
            number = _page_number(line)
            if number is not None:
                times[number - index] += 1
                heights[number - index].add(_height(line))
    return {height for shift, found in heights.items() if times[shift] >= 2 for height in found}


def _height(line: Line) -> int:
    return round((line.top + line.bottom) / 12)


def _page_number(line: Line) -> int | None:
    match = _NUMBER_LINE.fullmatch(line.text)
    if match is None:
        return None
    number = match["number"]
    return int(number) if number.isdigit() else _roman(number.lower())


def _roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )


def _is_page_number(line: Line, numbering: set[int]) -> bool:
    match = _NUMBER_LINE.fullmatch(line.text)
    if match is None:
        return False
    return bool(match["mark"] and match["end"]) or _height(line) in numbering
