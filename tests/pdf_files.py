"""PDFs for the tests, made with reportlab; Chinese by a font that every PDF reader brings."""

from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = A4
LEFT, SIZE = 80.0, 16.0
# So many Chinese characters fill a line.
LINE = 26

Draw = Callable[[Canvas], None]


def make_pdf(path: Path, pages: Sequence[Draw], size: tuple[float, float] = A4) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=size)
    for draw in pages:
        canvas.setFont(FONT, SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def body(text: str, *, header: str = "", footer: str = "", top: float = 100.0) -> Draw:
    """Return a page of paragraphs, each set off by two characters and filling its lines."""

    def draw(canvas: Canvas) -> None:
        y = HEIGHT - top
        for line in set_lines(text):
            indent = len(line) - len(line.lstrip("\u3000"))
            canvas.drawString(LEFT + indent * SIZE, y, line.lstrip("\u3000"))
            y -= 28
        if header:
            canvas.drawString(LEFT, HEIGHT - 50, header)
        if footer:
            canvas.drawString(WIDTH / 2 - 20, 40, footer)

    return draw


def set_lines(text: str) -> list[str]:
    """Break paragraphs into full lines; a figure is half as wide as a Chinese character."""
    lines = []
    for paragraph in text.strip().split("\n"):
        line, room = "", float(LINE)
        for character in "\u3000\u3000" + paragraph.strip():
            width = 0.5 if character.isascii() else 1.0
            if room < width:
                lines.append(line)
                line, room = "", float(LINE)
            line += character
            room -= width
        lines.append(line)
    return lines


def table(
    canvas: Canvas,
    rows: Sequence[Sequence[str | None]],
    *,
    x: float = LEFT,
    top: float = 120.0,
    width: float = 110.0,
    height: float = 30.0,
    is_open: bool = False,
) -> None:
    """Draw a ruled table; None goes on with the cell to its left, so no rule parts the two."""
    canvas.setFont(FONT, 10)
    columns = len(rows[0])
    y = HEIGHT - top
    for row in rows:
        canvas.line(x, y, x + columns * width, y)
        for number, text in enumerate(row):
            if text is not None and (number or not is_open):
                canvas.line(x + number * width, y, x + number * width, y - height)
            canvas.drawString(x + number * width + 6, y - height / 2 - 4, text or "")
        if not is_open:
            canvas.line(x + columns * width, y, x + columns * width, y - height)
        y -= height
    canvas.line(x, y, x + columns * width, y)
