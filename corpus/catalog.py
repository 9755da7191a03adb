"""The one truth: plans and everything read from them, in `catalog.sqlite`.

One transaction per plan, so a plan is there whole or not at all. The vectors in Chroma can always
be made anew from here. Knows nothing about embeddings.
"""

import datetime
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from corpus import schema
from corpus.errors import PlanNotFound
from corpus.keys import ChunkKey
from corpus.model import Chunk, Indicator, ParsedPlan, Plan, Project, Section
from corpus.normal import normalise

# Words are parted by blanks before they are stored; the characters inside a word must not part it.
_FTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS chunk_words USING fts5(context, text, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '.%&+-/‰'\")"
)


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A plan in the list, without its text."""

    id: str
    title: str
    source: str
    digest: str
    added_at: str
    characters: int
    sections: int
    chunks: int
    indicators: int
    projects: int


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A chunk found by its words; a higher score is a better match (BM25, negated)."""

    chunk: Chunk
    score: float


class Catalog:
    """The open catalog. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the catalog at `path`, making an empty one where there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        sa.event.listen(self._engine, "connect", _set_up_connection)
        schema.metadata.create_all(self._engine)
        with self._engine.begin() as connection:
            connection.execute(sa.text(_FTS))

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    @property
    def is_new(self) -> bool:
        """Tell whether no plan was ever stored here; removing the last one does not count."""
        with self._engine.connect() as connection:
            return bool(connection.execute(sa.text("PRAGMA user_version")).scalar_one() == 0)

    def replace_plan(self, parsed: ParsedPlan, words: Sequence[tuple[str, str]]) -> None:
        """Store the plan in place of its old self, if any, in one transaction.

        `words` holds for each chunk the search words of its context and its text, each parted by
        blanks.
        """
        plan = parsed.plan
        row = {
            "id": plan.id,
            "title": plan.title,
            "source": plan.source,
            "digest": plan.digest,
            "text": plan.text,
            "added_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }
        with self._engine.begin() as connection:
            connection.execute(sa.text("PRAGMA user_version = 1"))
            _delete(connection, plan.id)
            connection.execute(schema.plans.insert(), row)
            _insert(
                connection,
                schema.sections,
                [schema.section_row(plan.id, s) for s in parsed.sections],
            )
            _insert(
                connection, schema.indicators, [schema.indicator_row(i) for i in parsed.indicators]
            )
            _insert(connection, schema.projects, [schema.project_row(p) for p in parsed.projects])
            for chunk, (context_words, text_words) in zip(parsed.chunks, words, strict=True):
                inserted = connection.execute(schema.chunks.insert(), schema.chunk_row(chunk))
                connection.execute(
                    sa.text("INSERT INTO chunk_words (rowid, context, text) VALUES (:i, :c, :t)"),
                    {"i": inserted.lastrowid, "c": context_words, "t": text_words},
                )

    def remove_plan(self, plan_id: str) -> None:
        """Remove the plan and everything read from it."""
        with self._engine.begin() as connection:
            _delete(connection, plan_id)

    def entries(self) -> list[CatalogEntry]:
        """Return the plans by title."""
        counts = [
            sa.select(sa.func.count())
            .select_from(table)
            .where(table.c.plan_id == schema.plans.c.id)
            .scalar_subquery()
            for table in (schema.sections, schema.chunks, schema.indicators, schema.projects)
        ]
        columns = (
            schema.plans.c.id,
            schema.plans.c.title,
            schema.plans.c.source,
            schema.plans.c.digest,
            schema.plans.c.added_at,
        )
        query = sa.select(*columns, sa.func.length(schema.plans.c.text), *counts).order_by(
            schema.plans.c.title
        )
        with self._engine.connect() as connection:
            return [CatalogEntry(*row) for row in connection.execute(query)]

    def find_plan(self, name: str) -> CatalogEntry:
        """Return the plan with this id, else the one whose title holds `name`.

        Raises:
            PlanNotFound: if there is none, or more than one.
        """
        entries = self.entries()
        wanted = normalise(name).strip()
        found = [entry for entry in entries if entry.id == wanted] or [
            entry for entry in entries if wanted and wanted in normalise(entry.title)
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            raise PlanNotFound(f"没有收录“{name}”；用 plan-assistant list 查看已收录的文件")
        titles = "、".join(f"{entry.title}（{entry.id}）" for entry in found[:5])
        raise PlanNotFound(f"“{name}”对应多份文件，请用编号指定：{titles}")

    def plan_with(self, *, source: str | None = None, digest: str | None = None) -> Plan | None:
        """Return the plan read from this source, or with this content, if there is one."""
        column, value = (
            (schema.plans.c.source, source) if source else (schema.plans.c.digest, digest)
        )
        return next(self._plans_where(column == value), None)

    def plan(self, plan_id: str) -> Plan:
        """Return the plan with its text.

        Raises:
            PlanNotFound: if it is not there (any more).
        """
        plan = next(self._plans_where(schema.plans.c.id == plan_id), None)
        if plan is None:
            raise PlanNotFound(f"文件 {plan_id} 已不在目录中，请重新提问")
        return plan

    def sections(self, plan_id: str) -> tuple[Section, ...]:
        """Return the outline of a plan, in the order of the text."""
        query = schema.sections.select().where(schema.sections.c.plan_id == plan_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(schema.sections.c.number))
            return tuple(schema.read_section(row) for row in rows)

    def chunks(self, plan_id: str | None = None) -> list[Chunk]:
        """Return the chunks of a plan, or of all, in order."""
        query = schema.chunks.select().order_by(schema.chunks.c.plan_id, schema.chunks.c.number)
        if plan_id is not None:
            query = query.where(schema.chunks.c.plan_id == plan_id)
        with self._engine.connect() as connection:
            return [schema.read_chunk(row) for row in connection.execute(query)]

    def chunk_keys(self) -> set[ChunkKey]:
        """Return the key of every chunk: the vectors that the index should hold."""
        query = sa.select(
            schema.plans.c.id, schema.plans.c.digest, schema.chunks.c.number
        ).join_from(schema.chunks, schema.plans)
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return {ChunkKey(plan_id, digest[:16], number) for plan_id, digest, number in rows}

    def chunks_of(self, keys: Sequence[ChunkKey]) -> dict[ChunkKey, Chunk]:
        """Return the chunks with these keys, as far as they are (still) there."""
        wanted = sa.tuple_(schema.chunks.c.plan_id, schema.chunks.c.number).in_(
            [(key.plan_id, key.number) for key in keys]
        )
        query = (
            sa.select(schema.chunks, schema.plans.c.digest)
            .join_from(schema.chunks, schema.plans)
            .where(wanted)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all() if keys else []
        chunks = [(schema.read_chunk(row), row.digest) for row in rows]
        found = {ChunkKey.of(chunk, digest): chunk for chunk, digest in chunks}
        return {key: found[key] for key in keys if key in found}

    def lexical_search(
        self, words: Sequence[str], *, limit: int, plan_ids: Sequence[str] | None = None
    ) -> list[LexicalHit]:
        """Return the chunks that hold any of the words, the best by BM25 first."""
        if not words:
            return []
        # Quoted, so that nothing in a question is read as FTS5 syntax.
        match = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        of_plans = "" if plan_ids is None else "AND chunks.plan_id IN :plans"
        query = sa.text(
            f"SELECT chunks.*, -bm25(chunk_words, 1.0, 1.0) AS score FROM chunk_words "
            f"JOIN chunks ON chunks.id = chunk_words.rowid "
            f"WHERE chunk_words MATCH :match {of_plans} "
            f"ORDER BY score DESC, chunks.id LIMIT :limit"
        )
        values: dict[str, Any] = {"match": match, "limit": limit}
        if plan_ids is not None:
            query = query.bindparams(sa.bindparam("plans", expanding=True))
            values["plans"] = list(plan_ids)
        with self._engine.connect() as connection:
            rows = connection.execute(query, values)
            return [LexicalHit(schema.read_chunk(row), row.score) for row in rows]

    def count_chunks(self) -> int:
        """Return the number of chunks of all plans."""
        with self._engine.connect() as connection:
            return connection.execute(
                sa.select(sa.func.count()).select_from(schema.chunks)
            ).scalar_one()

    def indicators(self, plan_ids: Sequence[str] | None = None) -> list[Indicator]:
        """Return the indicators of these plans, or of all, in the order of their tables."""
        query = schema.indicators.select().order_by(
            schema.indicators.c.plan_id, schema.indicators.c.number
        )
        if plan_ids is not None:
            query = query.where(schema.indicators.c.plan_id.in_(plan_ids))
        with self._engine.connect() as connection:
            return [schema.read_indicator(row) for row in connection.execute(query)]

    def projects(self, plan_ids: Sequence[str] | None = None) -> list[Project]:
        """Return the platforms and projects of these plans, or of all, in order."""
        query = schema.projects.select().order_by(
            schema.projects.c.plan_id, schema.projects.c.number
        )
        if plan_ids is not None:
            query = query.where(schema.projects.c.plan_id.in_(plan_ids))
        with self._engine.connect() as connection:
            return [schema.read_project(row) for row in connection.execute(query)]

    def _plans_where(self, condition: sa.ColumnElement[bool]) -> Iterator[Plan]:
        columns = (
            schema.plans.c.id,
            schema.plans.c.title,
            schema.plans.c.source,
            schema.plans.c.digest,
            schema.plans.c.text,
        )
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).where(condition)).all()
        return (Plan(*row) for row in rows)


def _set_up_connection(connection: sqlite3.Connection, _record: object) -> None:
    # WAL lets the web server read while the command line ingests.
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _delete(connection: sa.Connection, plan_id: str) -> None:
    connection.execute(
        sa.text(
            "DELETE FROM chunk_words WHERE rowid IN (SELECT id FROM chunks WHERE plan_id = :id)"
        ),
        {"id": plan_id},
    )
    connection.execute(schema.plans.delete().where(schema.plans.c.id == plan_id))


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)
