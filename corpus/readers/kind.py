"""What a file is, by its first bytes; its name decides only what bytes leave open."""

import re
from collections.abc import Collection
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.readers.zipped import check_zip

_HEAD = 4096
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "office"),
    (b"MIME-Version:", "html"),
    (b"From: <Saved by", "html"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"Rar!\x1a\x07", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "zip"),
)
# A member that only this kind of zip has; the first that fits.
_MEMBERS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "office"),
    ("OFD.xml", "ofd"),
    ("ppt/presentation.xml", "slides"),
)
_OPEN_DOCUMENT = frozenset({"mimetype", "content.xml"})
_MARKUP = re.compile(
    rb"(?:<\?xml[^>]{0,200}>|<!--.{0,500}?-->|\s)*<(?:!doctype\s+html|html\b)", re.I | re.S
)
_WORD_XML = b'progid="Word.Document"'
_SUFFIX_KINDS = {".html": "html", ".htm": "html", ".csv": "csv"} | dict.fromkeys(
    (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp"), "image"
)


def find_kind(path: Path, limits: Limits, suffixes: Collection[str]) -> str | None:
    """Return which reader reads the file, or why none does; None if nothing tells.

    A file without any known mark is text, if its suffix is one of those that are read.

    Raises:
        UnreadableFile: if it cannot be opened, or is a zip that is broken or exceeds a limit.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UnreadableFile(f"读不出文件：{path}（{error.strerror}）") from error
    # A PDF may begin after some other bytes.
    if b"%PDF-" in head[:1024]:
        return "pdf"
    kind = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None)
    if kind == "zip" and head.startswith(b"PK"):
        return _zip_kind(path, limits)
    return kind or _markup_kind(head) or _suffix_kind(path, suffixes)


def _zip_kind(path: Path, limits: Limits) -> str:
    names = check_zip(path, limits)
    if names >= _OPEN_DOCUMENT:
        return "office"
    return next((kind for member, kind in _MEMBERS if member in names), "zip")


def _markup_kind(head: bytes) -> str | None:
    if _WORD_XML in head:
        return "office"
    return "html" if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) else None


def _suffix_kind(path: Path, suffixes: Collection[str]) -> str | None:
    suffix = path.suffix.lower()
    return _SUFFIX_KINDS.get(suffix, "text") if suffix in suffixes else None
