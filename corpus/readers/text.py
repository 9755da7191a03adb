"""Plain text and Markdown."""

import codecs
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document


def read_text(path: Path, limits: Limits) -> Document:
    """Read a text file, whatever its encoding; its characters are the canonical text.

    Raises:
        UnreadableFile: if it is not text.
    """
    return Document(_decode(path.read_bytes(), path))


def _decode(content: bytes, path: Path) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        # UTF-8 first: GB18030 accepts nearly any bytes, UTF-8 hardly any that are not its own.
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableFile(f"不是文本文件，或编码无法识别：{path.name}（请另存为 UTF-8 文本）")
