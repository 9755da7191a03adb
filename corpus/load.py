"""A file → its plan and the layout that the later steps read."""

import hashlib
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.metadata import read_metadata, read_title
from corpus.model import Document, Plan
from corpus.readers import SUFFIXES, read_document

BUNDLED = Path(__file__).parent / "plans"


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


def load_plan(path: Path, limits: Limits) -> tuple[Plan, Document]:
    """Read one file.

    Raises:
        UnreadableFile: if it is missing, of another kind, empty, broken or exceeds a limit.
    """
    digest = file_digest(path, limits)
    document = read_document(path, limits)
    if len(document.text) > limits.characters:
        raise UnreadableFile(
            f"文字超过 {limits.characters // 10_000} 万字，请拆分后再收录：{path.name}"
        )
    source = _source(path)
    title = read_title(document, path.stem)
    plan = Plan(
        id=hashlib.sha256(source.encode()).hexdigest()[:12],
        title=title,
        source=source,
        digest=digest,
        text=document.text,
        metadata=read_metadata(document, title),
        page_starts=document.page_starts,
    )
    return plan, document


def file_digest(path: Path, limits: Limits) -> str:
    """Return the SHA-256 of a file that is not too large to read.

    Raises:
        UnreadableFile: if it cannot be read or is too large.
    """
    try:
        if path.stat().st_size > limits.file_bytes:
            raise UnreadableFile(
                f"文件超过 {limits.file_bytes // 2**20} MB，请拆分后再收录：{path.name}"
            )
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(f"读不出文件：{path}（{error.strerror}）") from error


def _source(path: Path) -> str:
    resolved = path.resolve()
    # The bundled plan keeps its id wherever the project is installed.
    if resolved.parent == BUNDLED.resolve():
        return f"bundled/{resolved.name}"
    return str(resolved)
