"""PDF: text with its places by PDFium, tables by their rules, scanned pages by OCR."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.builder import DocumentBuilder
from corpus.readers.ocr import MAX_SIDE, find_recogniser, page_list, scanned_message
from corpus.readers.pdf_flow import write_pages
from corpus.readers.pdf_furniture import drop_furniture
from corpus.readers.pdf_glyphs import UNKNOWN, RawGlyph, read_glyphs
from corpus.readers.pdf_layout import Page
from corpus.readers.pdf_miner import SecondReader
from corpus.readers.pdf_objects import Drawn, read_objects
from corpus.readers.pdf_page import lay_out, upright
from corpus.shown import shown

# A page with less text than this and a picture over most of it is a scan with a stamp or number.
_SCAN_CHARACTERS = 20
_SCAN_SHARE = 0.5
_BLANK = Page(0, 0, ())
_OCR_SCALE = 2.0  # pixels a point: 144 dpi


def read_pdf(path: Path, limits: Limits) -> Document:
    """Read a PDF; `page_starts` counts the pages of the file, blank ones too.

    Raises:
        UnreadableFile: if it is broken, locked, has too many pages or too much text, or is all
            scans and the OCR component is not installed.
    """
    name = shown(path.name)
    document = _open(path, name)
    try:
        count = len(document)
        if not count:
            raise UnreadableFile(f"PDF 里没有页面：{name}")
        if count > limits.pages:
            raise UnreadableFile(f"超过 {limits.pages} 页，请拆分后再收录：{name}")
        pages, unread = _Reader(document).read(limits, name)
    finally:
        document.close()
    if not any(page.blocks for page in pages):
        if unread.scans:
            raise UnreadableFile(f"{scanned_message(unread.scans)}：{name}")
        if unread.broken:
            raise UnreadableFile(f"PDF 的页面已损坏，请重新下载或另存一份：{name}")
    builder = DocumentBuilder()
    if unread.scans:
        builder.warn(scanned_message(unread.scans))
    if unread.broken:
        builder.warn(f"{page_list(unread.broken)}已损坏，未能读取，请核对原文")
    write_pages(drop_furniture(pages), builder)
    return builder.build()


def _open(path: Path, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except (pdfium.PdfiumError, OSError) as error:
        if raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise UnreadableFile(f"PDF 已加密，请解除密码后再收录：{name}") from error
        raise UnreadableFile(f"PDF 已损坏，请重新下载或另存一份：{name}") from error


@dataclass(slots=True)
class _Unread:
    """Numbers, from 1, of the pages that are scans, and of those that are broken."""

    scans: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)


class _Reader:
    """Reads page after page, and remembers the fonts of which no reader gets more."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document
        self._second = SecondReader(document)
        self._silent: frozenset[str] = frozenset()
        self._recognise = find_recogniser()
        self._characters = 0

    def read(self, limits: Limits, name: str) -> tuple[list[Page], _Unread]:
        """Return the pages, blank for those that cannot be read, and which these are."""
        pages: list[Page] = []
        unread = _Unread()
        for index in range(len(self._document)):
            try:
                page = self._read_page(index)
            except pdfium.PdfiumError:
                unread.broken.append(index + 1)
                page = _BLANK
            if page is None:
                unread.scans.append(index + 1)
            pages.append(page or _BLANK)
            if self._characters > limits.characters:
                raise UnreadableFile(
                    f"文字超过 {limits.characters // 10_000} 万字，请拆分后再收录：{name}"
                )
        return pages, unread

    def _read_page(self, index: int) -> Page | None:
        """Return a page, None if it is a scan that cannot be recognised."""
        page = self._document[index]
        try:
            glyphs, heard = read_glyphs(page)
            drawn = read_objects(page, heard)
            if drawn.silent_fonts - self._silent or _is_unknown(glyphs):
                glyphs = self._ask_again(index, glyphs, drawn.silent_fonts)
            self._characters += len(glyphs)
            if _is_picture(glyphs, drawn):
                return self._recognise_page(page)
            return lay_out(upright(glyphs, drawn.rules, page.get_mediabox()))
        finally:
            page.close()

    def _ask_again(
        self, index: int, glyphs: list[RawGlyph], fonts: frozenset[str]
    ) -> list[RawGlyph]:
        """Return what the second reader gets of a page if that is more."""
        others = self._second.glyphs(index)
        unknown = any(glyph.text == UNKNOWN for glyph in others)
        if _inked(others) > _inked(glyphs) or (unknown and not _inked(glyphs)):
            return others
        if not unknown:
            # Often a font of which a page has blanks only: it is not asked about again.
            self._silent |= fonts
        return glyphs

    def _recognise_page(self, page: pdfium.PdfPage) -> Page | None:
        if self._recognise is None:
            return None
        scale = min(_OCR_SCALE, MAX_SIDE / max(*page.get_size(), 1))
        picture = page.render(scale=scale).to_pil()
        return Page(picture.width, picture.height, tuple(self._recognise(picture)))


def _is_picture(glyphs: Sequence[RawGlyph], drawn: Drawn) -> bool:
    """Tell a scan, and a page whose fonts do not say which characters they draw."""
    is_scan = drawn.picture_share >= _SCAN_SHARE and len(glyphs) < _SCAN_CHARACTERS
    return is_scan or _is_unknown(glyphs)


def _is_unknown(glyphs: Sequence[RawGlyph]) -> bool:
    return sum(glyph.text == UNKNOWN for glyph in glyphs) > _inked(glyphs)


def _inked(glyphs: Sequence[RawGlyph]) -> int:
    return sum(not glyph.text.isspace() and glyph.text != UNKNOWN for glyph in glyphs)
