"""Word's docx (and docm, dotx): paragraphs with their automatic numbers, tables, notes."""

from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.builder import DocumentBuilder
from corpus.readers.word_numbering import Numbering
from corpus.readers.word_styles import Styles
from corpus.readers.word_table import TRANSPARENT, find_rows, read_grid
from corpus.readers.word_text import ParagraphReader, choose
from corpus.readers.word_xml import BROKEN, Package, child, value, w
from corpus.readers.zipped import Element, check_zip, local_name

_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CONTENTS_HEADINGS = frozenset({"目录", "目次"})
# A title in the properties counts only if the document itself opens with it.
_OPENING = 3000
_TITLE_LENGTHS = range(4, 101)


def read_word(path: Path, limits: Limits) -> Document:
    """Read a docx.

    Raises:
        UnreadableFile: if it is broken, locked or exceeds a limit.
    """
    names = check_zip(path, limits)
    try:
        with ZipFile(path) as archive:
            return _read_package(Package(archive, names))
    except (*BROKEN, OSError, ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"文件已损坏：{path.name}（请用 Word 或 WPS 打开后另存为 .docx）"
        ) from error


def _read_package(package: Package) -> Document:
    part = package.main_part()
    root = package.read(part)
    body = child(root, "body")
    if root is None or body is None:
        raise ValueError("no body")
    styles = Styles.read(package.related(part, "styles"))
    numbering = Numbering.read(package.related(part, "numbering"), styles)
    reader = _BodyReader(styles, numbering, ParagraphReader.of(root))
    reader.read_blocks(body)
    reader.read_notes(package, part)
    return reader.build(_core_title(package))


def _core_title(package: Package) -> str:
    properties = package.related("", "core-properties")
    found = None if properties is None else properties.findtext(_DC_TITLE)
    return (found or "").strip()


@dataclass(slots=True)
class _BodyReader:
    """Carries a document's blocks, in reading order, over to the builder."""

    styles: Styles
    numbering: Numbering
    paragraphs: ParagraphReader
    _builder: DocumentBuilder = field(default_factory=DocumentBuilder)
    _carried: str = ""
    _held: tuple[str, int | None] | None = None
    _title: str = ""
    _has_title: bool = False  # the title may take several paragraphs, but they follow each other
    _opening: list[str] = field(default_factory=list)
    _opening_length: int = 0

    def read_blocks(self, container: Element) -> None:
        """Read the paragraphs and tables in a body, cell, note or text box."""
        for item in container:
            name = local_name(item)
            if name == "p":
                self._paragraph(item)
            elif name == "tbl":
                self._table(item)
            elif name == "AlternateContent":
                self.read_blocks(choose(item))
            elif name in TRANSPARENT and not _is_contents(item):
                self.read_blocks(item)
            elif name in {"altChunk", "subDoc"}:
                self._builder.warn("嵌入的另一份文件没有读入，请在 Word 中打开后另存为新文件再收录")

    def read_notes(self, package: Package, part: str) -> None:
        """Read the foot- and endnotes that the text refers to, in the order of their marks."""
        parts = {
            kind: {
                note.get(w("id"), ""): note
                for note in (() if root is None else root)
                if local_name(note) in {"footnote", "endnote"}
            }
            for kind in ("footnotes", "endnotes")
            for root in (package.related(part, kind),)
        }
        for kind, identifier in dict.fromkeys(self.paragraphs.notes):
            note = parts[kind].get(identifier)
            if note is not None:
                self.read_blocks(note)

    def build(self, core_title: str) -> Document:
        """Return the document; its title is the one that it opens with."""
        self._add(self._carried, None)
        self._release()
        title = self._title
        if not title and _squash(core_title) in _squash("".join(self._opening)):
            title = core_title
        return self._builder.build(title=title if len(title) in _TITLE_LENGTHS else None)

    def _paragraph(self, paragraph: Element) -> None:
        properties = child(paragraph, "pPr")
        found = self.paragraphs.read(paragraph)
        if found.is_contents or self.styles.is_contents(properties):
            self._held = None
            return
        if child(properties, "rPr", "del") is not None:
            # The paragraph's end is deleted: its text runs on in the next one.
            self._carried += found.text
        else:
            text = self._labelled(found.text, properties)
            self._add(text, self.styles.heading_level(properties))
            self._note_title(text, properties)
        for box in found.boxes:
            self.read_blocks(box)

    def _labelled(self, text: str, properties: Element | None) -> str:
        text, self._carried = self._carried + text, ""
        label = self.numbering.next_label(properties)
        return label + text.lstrip() if label else text

    def _note_title(self, text: str, properties: Element | None) -> None:
        if not text.strip():
            return
        if self._opening_length < _OPENING:
            self._opening.append(text)
            self._opening_length += len(text)
        if not self._has_title and self.styles.is_title(properties):
            self._title += text.strip()
        elif self._title:
            self._has_title = True

    def _add(self, text: str, level: int | None) -> None:
        if not text.strip():
            return
        self._release()
        if level is not None:
            text = "".join(line.strip() for line in text.split("\n"))
        if _squash(text) in _CONTENTS_HEADINGS:
            self._held = (text, level)  # left out if a table of contents follows
        else:
            self._builder.add_paragraph(text, heading_level=level)

    def _release(self) -> None:
        if self._held is not None:
            text, level = self._held
            self._builder.add_paragraph(text, heading_level=level)
            self._held = None

    def _table(self, table: Element) -> None:
        rows = find_rows(table)
        if all(len(row) <= 1 for row in rows):
            # A frame around text, not a table: its paragraphs stay paragraphs.
            for cell in (cell for row in rows for cell in row):
                self.read_blocks(cell)
            return
        self._release()
        grid = read_grid(table)
        texts = [
            [(place.number, "" if place.cell is None else self._cell(place.cell)) for place in row]
            for row in grid.rows
        ]
        self._builder.add_grid(texts, header_rows=grid.header_rows)

    def _cell(self, cell: Element) -> str:
        return " ".join(line.strip() for line in self._lines(cell) if line.strip())

    def _lines(self, container: Element) -> list[str]:
        """Return a cell's paragraphs; a number alone stands, a table inside is flattened."""
        lines: list[str] = []
        for item in container:
            name = local_name(item)
            if name == "p":
                lines += self._cell_paragraph(item)
            elif name == "tbl":
                for row in find_rows(item):
                    lines += [self._cell(cell) for cell in row]
            elif name == "AlternateContent":
                lines += self._lines(choose(item))
            elif name in TRANSPARENT:
                lines += self._lines(item)
        return lines

    def _cell_paragraph(self, paragraph: Element) -> list[str]:
        found = self.paragraphs.read(paragraph)
        lines = [self._labelled(found.text, child(paragraph, "pPr"))]
        for box in found.boxes:
            lines += self._lines(box)
        return lines


def _is_contents(control: Element) -> bool:
    gallery = value(control, "sdtPr", "docPartObj", "docPartGallery")
    return gallery == "Table of Contents"


def _squash(text: str) -> str:
    return "".join(text.split())
