"""Saved conversations and what users thought of the answers, in `conversations.sqlite`.

One transaction per turn, so what was answered is there whole or not at all. Everything that came
from a document is stored as data and never as a statement. Knows nothing about answering.

An `owner` sees and changes only what is his own, as if nothing else were there; None, which is the
command line, all.
"""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa

from assistant.answer.model import Answer
from assistant.records import tables
from assistant.records.database import Database, now
from assistant.records.model import (
    Conversation,
    ConversationEntry,
    ConversationError,
    ConversationNotFound,
    PlanVersion,
    Rating,
    Turn,
)
from corpus.normal import normalise
from corpus.shown import one_line, shown

# What a follow-up can refer to; older turns are kept, not read for every question.
HISTORY = 8
REASON_LIMIT = 500
TITLE_LIMIT = 60
# An approved answer is written by hand.
TURN_LIMIT = 5_000
_TITLE_OF_QUESTION = 30

VersionOf: TypeAlias = Callable[[str], PlanVersion | None]


class Conversations:
    """The open file. Safe to use from several threads and processes."""

    def __init__(self, path: Path, *, version_of: VersionOf = lambda plan_id: None) -> None:
        """Open the file at `path`, making an empty one where there is none.

        Raises:
            ConversationError: if it cannot be read, or is of a newer format.
        """
        self._database = Database(path)
        self._begin = self._database.begin
        self._version_of = version_of

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def append(
        self,
        answer: Answer,
        conversation_id: str | None = None,
        *,
        owner: str | None = None,
        scope: str = "",
    ) -> tuple[str, int]:
        """Save a finished turn; without an id it begins a conversation. Return both ids.

        Raises:
            ConversationNotFound: if the conversation was deleted, or is another's.
        """
        cited = dict.fromkeys(citation.plan_id for citation in answer.citations)
        versions = {plan_id: version for plan_id in cited if (version := self._version_of(plan_id))}
        time = now()
        turn = {**tables.write_turn(answer, versions), "time": time, "scope": scope}
        with self._begin() as connection:
            if conversation_id is None:
                conversation_id = secrets.token_hex(8)
                title = _title_of(answer.question)
                row = {"id": conversation_id, "created": time, "updated": time}
                row["owner"] = owner or ""
                connection.execute(tables.conversations.insert(), row | _titled(title))
            else:
                self._change(connection, conversation_id, {"updated": time}, owner)
            inserted = connection.execute(
                tables.turns.insert(), turn | {"conversation_id": conversation_id}
            )
            return conversation_id, int(inserted.lastrowid)

    def history(self, conversation_id: str | None, *, owner: str | None = None) -> list[Answer]:
        """Return the last answers, oldest first; none of a conversation that is not there."""
        query = (
            sa.select(tables.turns.c.id, tables.turns.c.answer)
            .join_from(tables.turns, tables.conversations)
            .where(tables.turns.c.conversation_id == conversation_id, _is_of(owner))
            .order_by(tables.turns.c.id.desc())
            .limit(HISTORY)
        )
        with self._begin() as connection:
            rows = connection.execute(query).all()
        return [tables.read_answer(row) for row in reversed(rows)]

    def load(self, conversation_id: str, *, owner: str | None = None) -> Conversation:
        """Return a conversation with all its turns.

        Raises:
            ConversationNotFound: if it is not there.
        """
        query = sa.select(tables.conversations).where(
            tables.conversations.c.id == conversation_id, _is_of(owner)
        )
        with self._begin() as connection:
            row = connection.execute(query).first()
            if row is None:
                raise _not_found(conversation_id)
            turns = tables.read_turns(connection, tables.turns.c.conversation_id == conversation_id)
        return Conversation(
            row.id, row.title, row.created, row.updated, tuple(turn for _, turn in turns)
        )

    def find(self, name: str) -> str:
        """Return the whole id of the one conversation whose id begins like this.

        Raises:
            ConversationNotFound: if there is none, or more than one.
        """
        query = sa.select(tables.conversations.c.id).where(
            tables.conversations.c.id.startswith(name.strip().lower(), autoescape=True)
        )
        with self._begin() as connection:
            found = list(connection.execute(query).scalars()) if name.strip() else []
        if not found:
            raise _not_found(name)
        if len(found) > 1:
            raise ConversationNotFound(f"有 {len(found)} 个对话的编号以“{name}”开头，请写全编号")
        return str(found[0])

    def entries(self, words: str = "", *, owner: str | None = None) -> list[ConversationEntry]:
        """Return the conversations that hold all of the words, the one last added to first."""
        query: sa.Select[Any] = (
            sa.select(
                *(tables.conversations.c[name] for name in ("id", "title", "created", "updated")),
                sa.func.count(tables.turns.c.id),
            )
            .join_from(tables.conversations, tables.turns)
            .where(_is_of(owner))
            .group_by(tables.conversations.c.id)
            .order_by(sa.func.max(tables.turns.c.id).desc())
        )
        for word in words.split():
            wanted = normalise(word)
            in_a_turn = sa.exists().where(
                tables.turns.c.conversation_id == tables.conversations.c.id,
                sa.func.instr(tables.turns.c.words, wanted) > 0,
            )
            in_title = sa.func.instr(tables.conversations.c.words, wanted) > 0
            query = query.where(sa.or_(in_title, in_a_turn.correlate(tables.conversations)))
        with self._begin() as connection:
            return [ConversationEntry(*row) for row in connection.execute(query)]

    def rename(self, conversation_id: str, title: str, *, owner: str | None = None) -> None:
        """Give a conversation another title.

        Raises:
            ConversationError: if the title is empty or too long.
            ConversationNotFound: if the conversation is not there.
        """
        title = one_line(" ".join(title.split()))
        if not title or len(title) > TITLE_LIMIT:
            raise ConversationError(f"标题不能为空，也不超过 {TITLE_LIMIT} 字，请改短后再试")
        with self._begin() as connection:
            self._change(connection, conversation_id, _titled(title), owner)

    def delete(self, conversation_id: str, *, owner: str | None = None) -> None:
        """Delete a conversation with its turns and the feedback on them.

        Raises:
            ConversationNotFound: if it is not there.
        """
        with self._begin() as connection:
            deleted = connection.execute(
                tables.conversations.delete().where(
                    tables.conversations.c.id == conversation_id, _is_of(owner)
                )
            )
            if not deleted.rowcount:
                raise _not_found(conversation_id)

    def drop_turn(self, conversation_id: str, turn_id: int, *, owner: str | None = None) -> None:
        """Take one turn back, as its question is asked again.

        Raises:
            ConversationNotFound: if it is not there.
        """
        with self._begin() as connection:
            _find_turn(connection, conversation_id, turn_id, owner)
            connection.execute(tables.turns.delete().where(tables.turns.c.id == turn_id))
            # A conversation without turns would be listed nowhere, and stay for ever.
            is_left = sa.exists().where(tables.turns.c.conversation_id == conversation_id)
            connection.execute(
                tables.conversations.delete().where(
                    tables.conversations.c.id == conversation_id, ~is_left
                )
            )

    def rate(
        self,
        conversation_id: str,
        turn_id: int,
        rating: Rating | None,
        reason: str = "",
        *,
        owner: str | None = None,
    ) -> None:
        """Save what a user thought of an answer in place of what he thought before; None undoes it.

        Raises:
            ConversationError: if the reason is too long.
            ConversationNotFound: if the conversation has no such turn.
        """
        reason = reason.strip()
        if len(reason) > REASON_LIMIT:
            raise ConversationError(
                f"理由有 {len(reason)} 字，请缩短到 {REASON_LIMIT} 字以内再提交"
            )
        with self._begin() as connection:
            _find_turn(connection, conversation_id, turn_id, owner)
            connection.execute(tables.feedback.delete().where(tables.feedback.c.turn_id == turn_id))
            if rating is not None:
                row = {"turn_id": turn_id, "rating": rating, "reason": reason, "time": now()}
                connection.execute(tables.feedback.insert(), row)

    def rated(self) -> list[tuple[str, Turn]]:
        """Return every turn that has feedback with the id of its conversation, oldest first."""
        with self._begin() as connection:
            return tables.read_turns(connection, tables.feedback.c.turn_id.is_not(None))

    def _change(
        self,
        connection: sa.Connection,
        conversation_id: str,
        values: Mapping[str, str],
        owner: str | None,
    ) -> None:
        changed = connection.execute(
            tables.conversations.update()
            .where(tables.conversations.c.id == conversation_id, _is_of(owner))
            .values(**values)
        )
        if not changed.rowcount:
            raise _not_found(conversation_id)


def _is_of(owner: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if owner is None else tables.conversations.c.owner == owner


def _find_turn(
    connection: sa.Connection, conversation_id: str, turn_id: int, owner: str | None
) -> None:
    """See that the turn is there; a conversation may have been deleted in another tab."""
    query = (
        sa.select(tables.turns.c.id)
        .join_from(tables.turns, tables.conversations)
        .where(
            tables.turns.c.id == turn_id,
            tables.turns.c.conversation_id == conversation_id,
            _is_of(owner),
        )
    )
    if connection.execute(query).first() is None:
        raise ConversationNotFound("这一轮问答已被删除，没有保存；请重新提问")


def _titled(title: str) -> dict[str, str]:
    return {"title": title, "words": normalise(title)}


def _title_of(question: str) -> str:
    line = one_line(" ".join(question.split())) or "（空）"
    return line if len(line) <= _TITLE_OF_QUESTION else line[: _TITLE_OF_QUESTION - 1] + "…"


def _not_found(name: str) -> ConversationNotFound:
    return ConversationNotFound(
        f"没有编号为“{shown(name)}”的对话；用 plan-assistant conversations list 查看"
    )
