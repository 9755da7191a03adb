"""A file's bytes → the document in them, by one reader for each format."""

from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.text import read_text

SUFFIXES = (".txt", ".md")


def read_document(path: Path, limits: Limits) -> Document:
    """Read one file of any format that is understood.

    Raises:
        UnreadableFile: if it is of another kind, broken, empty, locked or exceeds a limit.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableFile(f"暂不支持这种文件：{path.name}（可收录 {'、'.join(SUFFIXES)}）")
    document = read_text(path, limits)
    if not document.text.strip():
        raise UnreadableFile(f"文件里没有文字：{path.name}")
    return document
