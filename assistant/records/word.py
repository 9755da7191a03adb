"""A receipt as a Word file."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.answer.paragraphs import Row
from assistant.records.receipt import Block

if TYPE_CHECKING:
    from docx.document import Document

# XML knows no such characters, and python-docx refuses them.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEADINGS = {"title": 1, "question": 2, "heading": 3}
# The oldest date that a zip can hold: the same receipt is the same file, byte for byte.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_word(blocks: Iterable[Block]) -> bytes:
    """Return the receipt as the content of a .docx file."""
    # python-docx takes a while to load; only an export needs it.
    from docx import Document

    document = Document()
    set_fonts(document)
    for block in blocks:
        _add(document, block)
    document.core_properties.author = "规划问答助手"
    document.core_properties.comments = ""
    stream = io.BytesIO()
    document.save(stream)
    return without_dates(stream)


def _add(document: "Document", block: Block) -> None:
    from docx.shared import Cm, Pt

    text = UNSEEN.sub("\ufffd", block.text)
    label = f"{block.label}：" if block.label and block.kind != "source" else block.label
    if level := _HEADINGS.get(block.kind):
        document.add_heading(label + " ".join(text.split("\n")), level)
        return
    if block.kind == "table":
        _add_table(document, block.rows)
        return
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    if block.kind == "quote":
        paragraph.paragraph_format.left_indent = Cm(0.8)
        paragraph.paragraph_format.space_after = Pt(10)
    if label:
        paragraph.add_run(label).bold = True
    # python-docx makes a line break of every "\n".
    paragraph.add_run(f" {text}" if block.kind == "source" else text)


def _add_table(document: "Document", rows: Sequence[Row]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, words in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = UNSEEN.sub("\ufffd", text)


def set_fonts(document: "Document", font: str = "宋体") -> None:
    """Name a Chinese font, or Word takes a Japanese one; headings take the body's."""
    from docx.oxml.ns import qn

    for style in document.styles:
        properties = style.element.find(qn("w:rPr"))
        fonts = None if properties is None else properties.find(qn("w:rFonts"))
        if fonts is None:
            continue
        for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(name), None)
        fonts.set(qn("w:eastAsia"), font)


def without_dates(stream: io.BytesIO) -> bytes:
    """Return the zip with its members' dates set to one and the same."""
    written = io.BytesIO()
    with zipfile.ZipFile(stream) as parts, zipfile.ZipFile(written, "w") as dateless:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            dateless.writestr(entry, parts.read(name))
    return written.getvalue()
