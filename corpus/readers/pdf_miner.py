"""A PDF page's characters as pdfminer reads them.

Some ten times slower than PDFium, which however loses what is set in Chinese fonts that the file
neither embeds nor maps (Adobe-GB1 by number alone): pdfminer brings the tables for these.
"""

import io
import logging
from collections.abc import Iterator

import pypdfium2 as pdfium
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTItem
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException

from corpus.readers.pdf_glyphs import UNKNOWN, RawGlyph, clean_character, turn_of

# What pdfminer raises on files that are not as the standard has it.
_ERRORS = (
    PDFException,
    PSException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class SecondReader:
    """Opens the document when the first page asks for it, and reads pages one by one."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        # It tells of every oddity; what could not be read, the pages show.
        logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
        self._document = document
        self._pages: list[PDFPage] | None = None
        resources = PDFResourceManager()
        self._device = PDFPageAggregator(resources, laparams=None)
        self._interpreter = PDFPageInterpreter(resources, self._device)

    def glyphs(self, index: int) -> list[RawGlyph]:
        """Return the characters of a page, none if it cannot be read."""
        try:
            pages = self._load()
            if index >= len(pages):
                return []
            self._interpreter.process_page(pages[index])
            return list(_glyphs(self._device.get_result()))
        except _ERRORS:
            return []

    def _load(self) -> list[PDFPage]:
        if self._pages is None:
            self._pages = []
            # Saved anew by PDFium, which mends broken cross-references and ends loops.
            copy = io.BytesIO()
            self._document.save(copy)
            self._pages = list(PDFPage.create_pages(PDFDocument(PDFParser(copy))))
        return self._pages


def _glyphs(item: LTItem) -> Iterator[RawGlyph]:
    if isinstance(item, LTChar):
        # A character without a mapping comes as (cid:123); a ligature as its letters.
        text = item.get_text()
        text = UNKNOWN if text.startswith("(cid:") else "".join(map(clean_character, text))
        if text:
            cosine, sine = item.matrix[0], item.matrix[1]
            yield RawGlyph(text, item.x0, item.y0, item.x1, item.y1, turn_of(cosine, sine))
    elif isinstance(item, LTContainer):
        for inner in item:
            yield from _glyphs(inner)
