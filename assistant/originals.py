"""The originals of uploaded files, kept in the data folder under names of our own.

An upload lies in a temporary place. What is read from it names, as its source, the place where the
original is kept: the same for every upload of that name, so the next one is its new version.
"""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from corpus.archive import BUNDLED, SourceFile, safe_name
from corpus.errors import CorpusError, UnreadableFile
from corpus.limits import Limits
from corpus.load import file_digest
from corpus.model import Plan
from corpus.shown import shown

_FOLDER = "originals"


class OriginalMissing(CorpusError):
    """The file that a plan was read from is gone or was changed."""


def place_upload(file: SourceFile, uploads: Sequence[Path], data_dir: Path) -> SourceFile:
    """Return the file with the place where its original will be kept as its source.

    Example: /tmp/x/a.zip!/b/c.pdf, of the upload /tmp/x/a.zip -> …/originals/<hash>/c.pdf
    """
    found = (_within(file.source, upload) for upload in uploads)
    name = next((name for name in found if name), file.name)
    key = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return replace(file, source=str(_root(data_dir) / key / safe_name(file.name)))


def first_of_each(files: Sequence[SourceFile]) -> tuple[list[SourceFile], list[SourceFile]]:
    """Return the first file of each source, and those that would take its place at once."""
    first: dict[str, SourceFile] = {}
    again = [file for file in files if first.setdefault(file.source, file) is not file]
    return list(first.values()), again


def keep_original(file: SourceFile) -> None:
    """Keep the file where its source says, in place of its older version."""
    target = Path(file.source)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: the older version stays until this one is there.
    with file.path.open("rb") as upload, NamedTemporaryFile(dir=target.parent, delete=False) as new:
        shutil.copyfileobj(upload, new)
    Path(new.name).replace(target)


def find_original(plan: Plan, limits: Limits) -> Path:
    """Return the file that a plan was read from, as long as it is there and still the same.

    Raises:
        OriginalMissing: if not.
    """
    archive, _, member = plan.source.partition("!/")
    if member:
        raise OriginalMissing(f"原件在压缩包“{shown(Path(archive).name)}”里，请解压后查看")
    path = Path(plan.source)
    if path.parent == Path("bundled"):
        path = BUNDLED / path.name
    try:
        digest = file_digest(path, limits)
    except UnreadableFile as error:
        raise OriginalMissing("原件已不在收录时的位置，这里只有收录的文字") from error
    if digest != plan.digest:
        raise OriginalMissing("原件在收录之后改动过，请重新收录；这里是收录的文字")
    return path


def drop_original(source: str, data_dir: Path) -> None:
    """Delete the original of an upload; a file that lies elsewhere is its owner's."""
    path = Path(source)
    if path.is_relative_to(_root(data_dir)) and ".." not in path.parts:
        shutil.rmtree(path.parent, ignore_errors=True)


def _root(data_dir: Path) -> Path:
    return data_dir.resolve() / _FOLDER


def _within(source: str, upload: Path) -> str | None:
    """Return the name of the upload with the way to the file inside of it."""
    start = str(upload.resolve())
    return upload.name + source.removeprefix(start) if source.startswith(start) else None
