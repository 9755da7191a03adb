"""A file → its plan: bytes decoded into the one canonical text."""

import codecs
import hashlib
import re
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.model import Plan

BUNDLED = Path(__file__).parent / "plans"
SUFFIXES = (".txt", ".md")
MAX_BYTES = 50 * 1024 * 1024

# What a title ends with; a first line without one of these is taken for body text.
_TITLE = re.compile(
    r"^[^。!?\uff01\uff1f;\uff1b]{4,60}(?:规划|纲要|计划|报告|意见|措施|办法|方案|条例|建议|通知|决定|批复)"
    r"(?:[(\uff08][^()\uff08\uff09]{1,20}[)\uff09])?$"
)


def find_files(path: Path) -> list[Path]:
    """Return the readable files at `path`: itself, or all below it in a fixed order.

    Raises:
        UnreadableFile: if there is nothing there.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UnreadableFile(f"找不到文件：{path}")
    found = sorted(
        file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file()
    )
    if not found:
        raise UnreadableFile(f"文件夹中没有可收录的文件（{'、'.join(SUFFIXES)}）：{path}")
    return found


def load_plan(path: Path) -> Plan:
    """Read one file.

    Raises:
        UnreadableFile: if it is missing, too large, of another kind, empty or not text.
    """
    content = _read_bytes(path)
    text = _decode(content, path)
    if not text.strip():
        raise UnreadableFile(f"文件里没有文字：{path.name}")
    source = _source(path)
    return Plan(
        id=hashlib.sha256(source.encode()).hexdigest()[:12],
        title=_title(text, path),
        source=source,
        digest=hashlib.sha256(content).hexdigest(),
        text=text,
    )


def find_title(text: str) -> str | None:
    """Return the first line of the text if it reads like a document's title."""
    first = text.lstrip().split("\n", 1)[0].strip().lstrip("#").strip()
    return first if _TITLE.match(first) else None


def _title(text: str, path: Path) -> str:
    """Return the text's own title, unless the file's name says the same and more (its place)."""
    found = find_title(text)
    return path.stem if found is None or found in path.stem else found


def _read_bytes(path: Path) -> bytes:
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableFile(f"暂不支持这种文件：{path.name}（可收录 {'、'.join(SUFFIXES)}）")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"文件超过 {MAX_BYTES // 2**20} MB，请拆分后再收录：{path.name}")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"读不出文件：{path}（{error.strerror}）") from error


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


def _source(path: Path) -> str:
    resolved = path.resolve()
    # The bundled plan keeps its id wherever the project is installed.
    if resolved.parent == BUNDLED.resolve():
        return f"bundled/{resolved.name}"
    return str(resolved)
