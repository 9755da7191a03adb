"""The parts of a docx as XML elements, and the few questions that all its readers ask of them.

Parts are read straight from the zip: python-docx knows neither notes nor numbering, and gives up
on macro-enabled files and on relationships that lead nowhere, which WPS leaves behind.
"""

import posixpath
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from lxml import etree

from corpus.readers.zipped import Element, parse_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# ISO strict files, which Word writes on request, differ in their namespaces alone.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
BROKEN = (BadZipFile, ZlibError, EOFError, NotImplementedError, etree.XMLSyntaxError)


def w(name: str) -> str:
    """Return an element or attribute name of WordprocessingML in full."""
    return _W + name


def child(element: Element | None, *names: str) -> Element | None:
    """Follow a path of WordprocessingML children; None where it breaks off."""
    for name in names:
        if element is None:
            return None
        element = element.find(w(name))
    return element


def value(element: Element | None, *names: str) -> str | None:
    """Return `w:val` of the element at the end of a path of children."""
    element = child(element, *names)
    return None if element is None else element.get(w("val"))


def number(element: Element | None, *names: str) -> int | None:
    """Return `w:val` as a whole number, None where it is missing or none."""
    text = value(element, *names)
    # An untrusted count: more digits than any list has numbers is no number.
    return int(text) if text and text.isdecimal() and len(text) < 8 else None


def is_on(element: Element | None, *names: str) -> bool:
    """Tell whether a switch such as `w:vanish` is there and not turned off."""
    found = child(element, *names)
    return found is not None and found.get(w("val"), "1") not in {"0", "false", "off"}


@dataclass(frozen=True, slots=True)
class Package:
    """An open docx; parts are found by what they are, not by where they usually lie."""

    archive: ZipFile
    names: frozenset[str]

    def main_part(self) -> str:
        """Return the name of the part with the text."""
        found = self._targets("", "_rels/.rels").get("officeDocument")
        return found if found in self.names else "word/document.xml"

    def related(self, part: str, kind: str) -> Element | None:
        """Return the part of one kind (styles, numbering, footnotes) that belongs to another."""
        folder, name = posixpath.split(part)
        target = self._targets(folder, posixpath.join(folder, "_rels", f"{name}.rels")).get(kind)
        return self.read(target) if target else None

    def read(self, name: str) -> Element | None:
        """Return a part's root, None if there is no such part."""
        if name not in self.names:
            return None
        content = self.archive.read(name)
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        return parse_xml(content)

    def _targets(self, folder: str, name: str) -> dict[str, str]:
        relations = self.read(name)
        targets: dict[str, str] = {}
        for relation in () if relations is None else relations.iter(_RELATION):
            kind = relation.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            targets.setdefault(kind, target.lstrip("/"))
        return targets
