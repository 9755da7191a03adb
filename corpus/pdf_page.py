"""One page of a PDF as an image, with where on it given words stand.

Runs as a program of its own (`python -m corpus.pdf_page`), so that no file can harm the server:
a JSON object on stdin, one on stdout.
"""

import base64
import io
import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pypdfium2 as pdfium

from corpus.errors import UnreadableFile

_SECONDS = 20
_MEMORY = 2 * 2**30
# Sharp on a phone's screen, and still some 200 KB.
_PIXELS = 1300
_TALLEST = 3000
# A line of fewer characters stands in too many places of a page.
_LEAST = 4

if sys.platform != "win32":
    import resource


@dataclass(frozen=True, slots=True)
class Box:
    """Where marked words stand, in per cent of the page's width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a PNG, and the boxes of the words on it; none where they were not found."""

    png: bytes
    pages: int
    boxes: tuple[Box, ...]


def show_page(path: Path, page: int, words: str) -> PageImage:
    """Return page `page`, counted from 1, with the places of `words` on it.

    Raises:
        UnreadableFile: if the file has no such page, is broken, or takes too long.
    """
    asked = json.dumps({"path": str(path), "page": page, "words": words})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "corpus.pdf_page"],
            input=asked.encode(),
            capture_output=True,
            timeout=_SECONDS,
            cwd=Path(__file__).parents[1],
            check=True,
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise UnreadableFile(f"这一页显示不出来，请打开原文查看：{path.name}") from error
    boxes = tuple(Box(**box) for box in found["boxes"])
    return PageImage(base64.b64decode(found["png"]), found["pages"], boxes)


def _draw(path: str, number: int, words: str) -> dict[str, object]:
    document = pdfium.PdfDocument(path)
    page = document[number - 1]
    width, height = page.get_size()
    bitmap = page.render(scale=min(_PIXELS / width, _TALLEST / height))
    place = bitmap.get_posconv(page).to_bitmap
    text = page.get_textpage()
    boxes = [
        _box([place(left, top), place(right, bottom)], bitmap.width, bitmap.height)
        for left, bottom, right, top in _lines(text, _find(text.get_text_range(), words))
    ]
    stream = io.BytesIO()
    bitmap.to_pil().quantize(64).save(stream, "PNG", optimize=True)
    png = base64.b64encode(stream.getvalue()).decode()
    return {"png": png, "pages": len(document), "boxes": [asdict(box) for box in boxes]}


def _find(page: str, words: str) -> list[range]:
    """Return where the words stand in the page's text: as a whole, else line by line."""
    kept = [place for place, character in enumerate(page) if _normal(character)]
    # Nearly always one character each; a ligature counts as its first.
    normal = "".join(_normal(page[place])[0] for place in kept)
    for parts in ([words], words.splitlines()):
        found: list[range] = []
        for part in parts:
            wanted = "".join(_normal(character)[:1] for character in part)
            start = normal.find(wanted) if len(wanted) >= _LEAST or len(parts) == 1 else -1
            if start >= 0 and wanted:
                found.append(range(kept[start], kept[start + len(wanted) - 1] + 1))
        if found:
            return found
    return []


def _normal(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return "" if normal.isspace() or not normal.isprintable() else normal


def _lines(
    text: pdfium.PdfTextPage, places: Sequence[range]
) -> Iterator[tuple[float, float, float, float]]:
    """Yield (left, bottom, right, top) for each run of characters on one line."""
    for place in places:
        line: tuple[float, float, float, float] | None = None
        for index in place:
            left, bottom, right, top = text.get_charbox(index, loose=True)
            if right <= left or top <= bottom:
                continue
            if line and line[1] < (bottom + top) / 2 < line[3] and left >= line[0]:
                line = (line[0], min(line[1], bottom), max(line[2], right), max(line[3], top))
                continue
            if line:
                yield line
            line = (left, bottom, right, top)
        if line:
            yield line


def _box(corners: Sequence[tuple[int, int]], width: int, height: int) -> Box:
    left, right = sorted(100 * x / width for x, _ in corners)
    top, bottom = sorted(100 * y / height for _, y in corners)
    return Box(*(round(value, 3) for value in (left, top, right - left, bottom - top)))


def _main() -> None:
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, hard))
    asked = json.load(sys.stdin)
    json.dump(_draw(asked["path"], asked["page"], asked["words"]), sys.stdout)


if __name__ == "__main__":
    _main()
