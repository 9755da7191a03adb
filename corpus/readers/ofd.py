"""OFD (GB/T 33190): a zip of XML, with a file for each page."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from lxml import etree
from PIL import Image

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.builder import DocumentBuilder
from corpus.readers.ocr import find_recogniser, picture_page, scanned_message
from corpus.readers.ofd_page import POINTS, Drawn, Element, box_of, read_objects
from corpus.readers.pdf_flow import write_pages
from corpus.readers.pdf_furniture import drop_furniture
from corpus.readers.pdf_layout import Page
from corpus.readers.pdf_page import lay_out, upright
from corpus.readers.zipped import check_zip, parse_xml
from corpus.shown import shown

_ENTRY = "OFD.xml"
# An A4 page in millimetres, where the file does not say.
_A4 = (0.0, 0.0, 210.0, 297.0)
# A page with less text than this and a picture over most of it is a scan.
_SCAN_CHARACTERS = 20
_SCAN_SHARE = 0.5


def read_ofd(path: Path, limits: Limits) -> Document:
    """Read an OFD file: all its documents, page by page.

    Raises:
        UnreadableFile: if it is broken, locked, exceeds a limit, or is all scans and the OCR
            component is not installed.
    """
    name = shown(path.name)
    check_zip(path, limits)
    try:
        with ZipFile(path) as archive:
            package = _Package(archive)
            sources = list(package.pages())
            if len(sources) > limits.pages:
                raise UnreadableFile(f"超过 {limits.pages} 页，请拆分后再收录：{name}")
            reader = _Reader(package)
            pages = [reader.read(number, source) for number, source in enumerate(sources, start=1)]
    except (BadZipFile, ZlibError, etree.XMLSyntaxError, OSError, EOFError, ValueError) as error:
        raise UnreadableFile(f"OFD 已损坏，请重新下载或另存一份：{name}") from error
    if reader.scans and not any(page.blocks for page in pages):
        raise UnreadableFile(f"{scanned_message(reader.scans)}：{name}")
    builder = DocumentBuilder()
    if reader.scans:
        builder.warn(scanned_message(reader.scans))
    if package.missing:
        builder.warn(f"文件缺少 {len(package.missing)} 个部件，有的页可能读不全，请核对原文")
    write_pages(drop_furniture(pages), builder)
    return builder.build(title=package.title)


@dataclass(frozen=True, slots=True)
class _PageSource:
    """A page's own XML, None if it is missing, and what its document says of all pages."""

    content: Element | None
    box: tuple[float, float, float, float]
    templates: dict[str, str]
    pictures: dict[str, str]


@dataclass(slots=True)
class _Package:
    """The parts of the zip, by the paths that they give each other."""

    archive: ZipFile
    title: str | None = None
    missing: set[str] = field(default_factory=set)

    def part(self, name: str) -> Element | None:
        """Return a part's XML, None if it is not there."""
        content = self.content(name)
        return parse_xml(content) if content is not None else None

    def content(self, name: str) -> bytes | None:
        """Return a part as it is."""
        try:
            return self.archive.read(name)
        except KeyError:
            self.missing.add(name)
            return None

    def pages(self) -> Iterator[_PageSource]:
        """Yield the pages of all documents in order."""
        entry = self.part(_ENTRY)
        if entry is None:
            raise BadZipFile(_ENTRY)
        self.title = entry.findtext(".//{*}DocInfo/{*}Title")
        for place in entry.iterfind(".//{*}DocRoot"):
            root = _path("", place.text)
            document = self.part(root)
            if document is not None:
                yield from self._document_pages(root, document)

    def _document_pages(self, root: str, document: Element) -> Iterator[_PageSource]:
        box = box_of(document.findtext(".//{*}CommonData/{*}PageArea/{*}PhysicalBox") or "")
        templates = {
            template.get("ID", ""): _path(root, template.get("BaseLoc"))
            for template in document.iterfind(".//{*}CommonData/{*}TemplatePage")
        }
        pictures: dict[str, str] = {}
        for kind in ("PublicRes", "DocumentRes"):
            for place in document.iterfind(f".//{{*}}CommonData/{{*}}{kind}"):
                pictures.update(self._pictures(_path(root, place.text)))
        for page in document.iterfind(".//{*}Pages/{*}Page"):
            content = self.part(_path(root, page.get("BaseLoc")))
            yield _PageSource(content, box if box[2] and box[3] else _A4, templates, pictures)

    def _pictures(self, name: str) -> Iterator[tuple[str, str]]:
        resources = self.part(name)
        if resources is None:
            return
        base = posixpath.join(posixpath.dirname(name), resources.get("BaseLoc", ""), "x")
        for media in resources.iterfind(".//{*}MultiMedia"):
            yield media.get("ID", ""), _path(base, media.findtext("{*}MediaFile"))


class _Reader:
    """Reads pages, and notes those that are scans and cannot be recognised."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        self._recognise = find_recogniser()
        self.scans: list[int] = []

    def read(self, number: int, source: _PageSource) -> Page:
        """Return a page's lines and tables; `number` counts from 1."""
        if source.content is None:
            return Page(0, 0, ())
        drawn = self._drawn(source.content, source.templates)
        box = box_of(source.content.findtext("{*}Area/{*}PhysicalBox") or "")
        x, y, width, height = box if box[2] and box[3] else source.box
        pictures = sorted(drawn.pictures, key=lambda picture: -picture[1])
        is_scan = sum(area for _, area in pictures) >= _SCAN_SHARE * width * height
        if is_scan and len(drawn.glyphs) < _SCAN_CHARACTERS:
            page = self._scan(source.pictures.get(pictures[0][0]))
            if page is None:
                self.scans.append(number)
            return page or Page(0, 0, ())
        # Downwards from the upper edge in the file, upwards as the shared steps count.
        edges = (x * POINTS, -(y + height) * POINTS, (x + width) * POINTS, -y * POINTS)
        return lay_out(upright(drawn.glyphs, drawn.rules, edges))

    def _drawn(self, content: Element, templates: dict[str, str]) -> Drawn:
        drawn = read_objects(content)
        for use in content.iterfind("{*}Template"):
            template = self._package.part(templates.get(use.get("TemplateID", ""), ""))
            if template is not None:
                below = read_objects(template)
                drawn.glyphs.extend(below.glyphs)
                drawn.rules.extend(below.rules)
        return drawn

    def _scan(self, name: str | None) -> Page | None:
        content = self._package.content(name) if name else None
        if self._recognise is None or content is None:
            return None
        try:
            with Image.open(BytesIO(content)) as picture:
                return picture_page(picture, self._recognise)
        except (OSError, SyntaxError, Image.DecompressionBombError):
            # JBIG2 and other kinds that Pillow does not know.
            return None


def _path(base: str, place: str | None) -> str:
    """Return the member that `place` names, seen from the part `base`."""
    place = (place or "").strip()
    if place.startswith("/"):
        return posixpath.normpath(place).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), place))
