"""A file's bytes → the document in them, by one reader for each format."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.kind import find_kind

# The formats that a folder is searched for; what a file is, its bytes say.
_DOCUMENTS = (
    ".txt",
    ".md",
    ".html",
    ".htm",
    ".mht",
    ".mhtml",
    ".docx",
    ".docm",
    ".doc",
    ".wps",
    ".rtf",
    ".odt",
    ".pdf",
    ".ofd",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".et",
    ".csv",
)
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
SUFFIXES = _DOCUMENTS + (_PICTURES if find_spec("rapidocr") else ())

Reader: TypeAlias = Callable[[Path, Limits], Document]

# Module and function by kind, imported when needed: reading a txt file costs no PDF library.
_READERS = {
    "text": ("corpus.readers.text", "read_text"),
    "html": ("corpus.readers.html", "read_html"),
    "csv": ("corpus.readers.sheet", "read_csv"),
    "xlsx": ("corpus.readers.sheet", "read_xlsx"),
    "docx": ("corpus.readers.word", "read_word"),
    "office": ("corpus.readers.office", "read_office"),
    "pdf": ("corpus.readers.pdf", "read_pdf"),
    "image": ("corpus.readers.ocr", "read_image"),
    "ofd": ("corpus.readers.ofd", "read_ofd"),
}
_REFUSED = {
    "zip": ("压缩包不能当作一份文件读取", "请解压后再收录"),
    "slides": ("暂不支持演示文稿", "请另存为 PDF 再收录"),
}


def read_document(path: Path, limits: Limits) -> Document:
    """Read one file of any format that is understood, whatever its suffix says.

    Raises:
        UnreadableFile: if it is of another kind, broken, empty, locked or exceeds a limit.
    """
    kind = find_kind(path, limits, SUFFIXES)
    if kind is None:
        raise UnreadableFile(f"暂不支持这种文件：{path.name}（可收录 {'、'.join(SUFFIXES)}）")
    if kind in _REFUSED:
        reason, cure = _REFUSED[kind]
        raise UnreadableFile(f"{reason}：{path.name}（{cure}）")
    module, name = _READERS[kind]
    read: Reader = getattr(import_module(module), name)
    document = read(path, limits)
    if not document.text.strip():
        raise UnreadableFile(f"文件里没有文字：{path.name}")
    return document
