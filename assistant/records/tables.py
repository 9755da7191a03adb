"""The tables of `conversations.sqlite`, and each row as the type it holds."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from assistant.answer.model import Answer
from assistant.records.model import ConversationError, Feedback, PlanVersion, Turn
from corpus.normal import normalise

# Raise it with every change of the tables.
FORMAT = 2

_ANSWER = TypeAdapter(Answer)
_VERSIONS = TypeAdapter(dict[str, PlanVersion])

_metadata = sa.MetaData()
conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("updated", sa.Text, nullable=False),
    # Whose it is on the page; empty for those of the command line, and of format 1.
    sa.Column("owner", sa.Text, nullable=False, server_default="", index=True),
)
turns = sa.Table(
    "turns",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "conversation_id",
        sa.Text,
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("versions", sa.Text, nullable=False),
    # Question and answer as they are searched: one width, one case.
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("time", sa.Text, nullable=False),
    # What the search was narrowed to, in the user's words; empty for all plans.
    sa.Column("scope", sa.Text, nullable=False, server_default=""),
    # An id is never given twice: a late rating must not hit the turn that came after a deleted one.
    sqlite_autoincrement=True,
)
feedback = sa.Table(
    "feedback",
    _metadata,
    sa.Column(
        "turn_id",
        sa.Integer,
        sa.ForeignKey("turns.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("rating", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("time", sa.Text, nullable=False),
)

# Answers that an editor has approved; `key` is the question they answer, as it is compared.
approvals = sa.Table(
    "approvals",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("versions", sa.Text, nullable=False),
    sa.Column("time", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)


def create(connection: sa.Connection) -> None:
    """Make the tables, unless another process has done so in the meantime."""
    # The file keeps this: the page and the command line read while the other writes.
    connection.execute(sa.text("PRAGMA journal_mode = WAL"))
    for table in _metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        _add_columns(connection, table)
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
    connection.execute(sa.text(f"PRAGMA user_version = {FORMAT}"))


def _add_columns(connection: sa.Connection, table: sa.Table) -> None:
    """Give a table of an older format the columns that have come since."""
    known = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            written = CreateColumn(column).compile(dialect=connection.dialect)
            connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {written}"))


def read_turns(
    connection: sa.Connection, condition: sa.ColumnElement[bool]
) -> list[tuple[str, Turn]]:
    """Return the turns, oldest first, each with the id of its conversation."""
    query = (
        sa.select(turns, feedback.c.rating, feedback.c.reason, feedback.c.time.label("rated_at"))
        .join_from(turns, feedback, isouter=True)
        .where(condition)
        .order_by(turns.c.id)
    )
    return [(row.conversation_id, _read_turn(row)) for row in connection.execute(query)]


def write_turn(answer: Answer, versions: Mapping[str, PlanVersion]) -> dict[str, str]:
    """Return what is stored of an answer."""
    said = (answer.question, answer.rewritten or "", answer.text)
    return {
        "question": answer.question,
        "answer": _ANSWER.dump_json(answer).decode(),
        "versions": _VERSIONS.dump_json(dict(versions)).decode(),
        "words": normalise("\n".join(said)),
    }


def read_answer(row: sa.Row[Any]) -> Answer:
    """Read the answer that `write_turn` wrote.

    Raises:
        ConversationError: if another version of the program wrote it and it cannot be read.
    """
    try:
        return _ANSWER.validate_json(row.answer)
    except ValidationError as error:
        raise ConversationError(
            f"已保存的第 {row.id} 条回答读不出来，可能由另一版本写成；请升级本程序，或删除该对话"
        ) from error


def write_approval(answer: Answer, versions: Mapping[str, PlanVersion]) -> dict[str, str]:
    """Return what is stored of an approved answer and of the versions that it rests on."""
    turn = write_turn(answer, versions)
    return {name: turn[name] for name in ("question", "answer", "versions")}


def read_versions(row: sa.Row[Any]) -> dict[str, PlanVersion]:
    """Return the versions of the plans cited, by id."""
    return _VERSIONS.validate_json(row.versions)


def _read_turn(row: sa.Row[Any]) -> Turn:
    rated = Feedback(row.rating, row.reason, row.rated_at) if row.rating else None
    return Turn(row.id, read_answer(row), row.time, read_versions(row), rated, row.scope)
