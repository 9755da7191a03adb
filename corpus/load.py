"""A file → its plan and the layout that the later steps read."""

import hashlib
from pathlib import Path

from corpus.archive import SourceFile
from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.metadata import read_metadata, read_title
from corpus.model import Document, Plan
from corpus.readers import read_document
from corpus.shown import shown


def load_plan(file: SourceFile, limits: Limits) -> tuple[Plan, Document]:
    """Read one file.

    Raises:
        UnreadableFile: if it is missing, of another kind, empty, broken or exceeds a limit.
    """
    digest = file_digest(file.path, limits)
    document = read_document(file.path, limits)
    if len(document.text) > limits.characters:
        raise UnreadableFile(
            f"文字超过 {limits.characters // 10_000} 万字，请拆分后再收录：{shown(file.name)}"
        )
    name = Path(file.name).stem
    title = read_title(document, name)
    plan = Plan(
        id=id_of(file.source),
        title=title,
        source=file.source,
        digest=digest,
        text=document.text,
        metadata=read_metadata(document, title, name),
        page_starts=document.page_starts,
    )
    return plan, document


def id_of(source: str) -> str:
    """Return the plan's id: it depends on the source alone, so a changed file keeps it."""
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:12]


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
