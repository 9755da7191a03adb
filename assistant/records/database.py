"""The open file `conversations.sqlite`. Safe to use from several threads and processes."""

import datetime
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock

from assistant.records import tables
from assistant.records.model import ConversationError


class Database:
    """One file, opened; every `begin` is a transaction."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, making an empty one where there is none.

        Raises:
            ConversationError: if it cannot be read, or is of a newer format.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        sa.event.listen(self._engine, "connect", _set_up_connection)
        # Turning WAL on does not wait for another process that opens the new file too.
        with FileLock(path.with_suffix(".lock")), self.begin() as connection:
            found = connection.execute(sa.text("PRAGMA user_version")).scalar_one()
            if found > tables.FORMAT:
                raise ConversationError(f"{path} 由更新的版本写成，请先升级本程序")
            if found < tables.FORMAT:
                tables.create(connection)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Run one transaction: all of it is saved, or nothing.

        Raises:
            ConversationError: if the file cannot be read or written.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.DatabaseError as error:
            raise ConversationError(
                f"无法读写 {self._path}：{error.orig}；请检查磁盘空间和文件权限，"
                "文件损坏时可将其改名后重试"
            ) from error


def now() -> str:
    """Return the time with its zone, so that it means the same on another machine."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _set_up_connection(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
