"""What the tab 文档 does to the library. Only editors may; every function asks who it is."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from sqlalchemy.exc import DatabaseError

from assistant.corrections import BadCorrection, check_corrections
from assistant.documents import period_text
from assistant.library import Library
from assistant.web.document_view import render_ingested, render_note
from assistant.web.users import User
from corpus.archive import SourceFile
from corpus.catalog import CatalogEntry
from corpus.errors import CorpusError
from corpus.ingest import Ingested

logger = logging.getLogger(__name__)

Show: TypeAlias = Callable[[float, str], None]

NOT_ALLOWED = "只有编辑者可以更改资料，请联系管理员开通。"
FIELDS = ("title", "number", "issuer", "region", "level", "kind", "period", "date")


class Refused(Exception):
    """Something that was not done; its text says why, in Chinese."""


def take_in(paths: Sequence[Path], library: Library, user: User, *, show: Show) -> Iterator[str]:
    """Take the uploads in and say, after each file, what became of all so far.

    `show` is told how much of the whole is done, and with which file.

    Raises:
        Refused: if the user may not, nothing was uploaded, or the data folder cannot be changed.
    """
    _want_editor(user)
    if not paths:
        raise Refused("请先选择或拖入文件。")
    done: list[Ingested] = []
    progress = _Progress(show)
    with _explained():
        for ingested in library.ingest_all(
            paths, are_uploads=True, on_files=progress.start, advance=progress.advance
        ):
            done.append(ingested)
            yield render_ingested(done, max(progress.total, len(done)))
    for path in paths:
        # Kept in the data folder by now, or refused.
        path.unlink(missing_ok=True)


def correct(plan_id: str, form: Mapping[str, str], library: Library, user: User) -> str:
    """Set right what differs from what is known; return what was done."""
    _want_editor(user)
    with _explained():
        entry = library.catalog.entry(plan_id)
        before = form_of(entry)
        changed = {name: text for name, text in form.items() if text.strip() != before[name]}
        if not changed:
            return render_note("没有改动。")
        if not form["title"].strip():
            raise Refused("标题不能为空。")
        library.correct(plan_id, check_corrections(changed))
    return render_note("已更正；同一文件以后更新时沿用。")


def remove(plan_id: str, library: Library, user: User) -> str:
    """Remove a document and everything read from it; return what was done."""
    _want_editor(user)
    with _explained():
        title = library.catalog.entry(plan_id).title
        library.remove(plan_id)
    return render_note(f"已移除《{title}》。")


def reindex(library: Library, user: User) -> str:
    """Make all vectors anew; return what was done."""
    _want_editor(user)
    with _explained():
        return render_note(f"已重建 {library.reindex()} 个文本块的向量。")


def form_of(entry: CatalogEntry) -> dict[str, str]:
    """Return the fields that can be set right, as the form shows them."""
    metadata = entry.metadata
    said = {
        "title": entry.title,
        "number": metadata.number,
        "issuer": metadata.issuer,
        "region": metadata.region,
        "level": metadata.level,
        "kind": metadata.kind,
        "period": period_text(metadata),
        "date": metadata.date,
    }
    return {name: said[name] or "" for name in FIELDS}


def _want_editor(user: User) -> None:
    if not user.is_editor:
        raise Refused(NOT_ALLOWED)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what can go wrong with the data folder into a line for the user."""
    try:
        yield
    except (CorpusError, BadCorrection) as error:
        raise Refused(f"{error}。") from error
    except (DatabaseError, OSError) as error:
        logger.exception("the data folder could not be changed")
        raise Refused("资料目录无法读写，请联系管理员检查磁盘空间和权限。") from error


class _Progress:
    """How much of all files is done, each weighing as much as its size."""

    def __init__(self, show: Show) -> None:
        self.total = 0
        self._show = show
        self._weights: dict[str, int] = {}
        self._done: dict[str, float] = {}

    def start(self, files: Sequence[SourceFile]) -> None:
        self.total = len(files)
        self._weights = {file.source: max(file.path.stat().st_size, 1) for file in files}

    def advance(self, file: SourceFile, fraction: float) -> None:
        self._done[file.source] = fraction * self._weights[file.source]
        self._show(sum(self._done.values()) / sum(self._weights.values()), file.name)
