"""What the tab 文档 does to the library. Only editors may; every function asks who it is."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from assistant.corrections import BadCorrection, check_corrections
from assistant.documents import period_text
from assistant.library import Library
from assistant.web.document_view import Taking, render_note, render_taking
from assistant.web.users import User
from corpus.archive import SourceFile
from corpus.catalog import CatalogEntry
from corpus.errors import CorpusError
from corpus.ingest import Ingested

logger = logging.getLogger(__name__)

NOT_ALLOWED = "只有编辑者可以更改资料，请联系管理员开通。"
FIELDS = ("title", "number", "issuer", "region", "level", "kind", "period", "date")


class Refused(Exception):
    """Something that was not done; its text says why, in Chinese."""


# None is the end.
_News: TypeAlias = Taking | Refused | None


def take_in(paths: Sequence[Path], library: Library, user: User) -> Iterator[str]:
    """Take the uploads in and say again and again how far it is and what became of each file.

    Goes on to the end even if nobody is looking any more.

    Raises:
        Refused: if the user may not, nothing was uploaded, or the data folder cannot be changed.
    """
    _want_editor(user)
    if not paths:
        raise Refused("请先选择或拖入文件。")
    told: SimpleQueue[_News] = SimpleQueue()
    # Stopped with the program: what is stored by then is whole.
    Thread(target=_take_in, args=(paths, library, told.put), daemon=True).start()
    while (news := told.get()) is not None:
        if isinstance(news, Refused):
            raise news
        yield render_taking(news)


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
    """Turn what can go wrong into a line for the user."""
    try:
        yield
    except Refused:
        raise
    except (CorpusError, BadCorrection) as error:
        raise Refused(f"{error}。") from error
    except Exception as error:
        # The page's outermost boundary: whatever broke is logged, and the page stays usable.
        logger.exception("the library could not be changed")
        raise Refused("没能完成，请稍后再试；已收录的不受影响。") from error


def _take_in(paths: Sequence[Path], library: Library, tell: Callable[[_News], None]) -> None:
    progress = _Progress(tell)
    try:
        with _explained():
            for ingested in library.ingest_all(
                paths, are_uploads=True, on_files=progress.start, advance=progress.advance
            ):
                progress.add(ingested)
            for path in paths:
                # Kept in the data folder by now, or refused.
                path.unlink(missing_ok=True)
        progress.end()
    except Refused as refused:
        tell(refused)
    finally:
        tell(None)


class _Progress:
    """How much of all files is done, each weighing as much as its size."""

    def __init__(self, tell: Callable[[_News], None]) -> None:
        self._tell = tell
        self._state = Taking()
        self._weights: dict[str, int] = {}
        self._done: dict[str, float] = {}

    def start(self, files: Sequence[SourceFile]) -> None:
        self._weights = {file.source: max(file.path.stat().st_size, 1) for file in files}

    def advance(self, file: SourceFile, fraction: float) -> None:
        self._done[file.source] = fraction * self._weights[file.source]
        whole = sum(self._done.values()) / sum(self._weights.values())
        self._show(replace(self._state, fraction=whole, name=file.name))

    def add(self, ingested: Ingested) -> None:
        self._show(replace(self._state, done=(*self._state.done, ingested)))

    def end(self) -> None:
        self._show(replace(self._state, is_over=True))

    def _show(self, state: Taking) -> None:
        self._state = state
        self._tell(state)
