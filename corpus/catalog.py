"""The one truth: plans and everything read from them, in `catalog.sqlite`.

One transaction per plan, so a plan is there whole or not at all. The vectors in Chroma can always
be made anew from here. Knows nothing about embeddings.
"""

import datetime
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from filelock import FileLock

from corpus import schema
from corpus.errors import PlanNotFound
from corpus.keys import ChunkKey
from corpus.model import (
    Chunk,
    Indicator,
    Measure,
    Metadata,
    ParsedPlan,
    Plan,
    Project,
    Section,
)
from corpus.normal import normalise

# A field of the metadata, or the title, and what a user says it is.
Corrections: TypeAlias = Mapping[str, str | int | None]

_log = logging.getLogger(__name__)
_COUNTED = (
    schema.sections,
    schema.chunks,
    schema.indicators,
    schema.projects,
    schema.measures,
)

# Words are parted by blanks before they are stored; the characters inside a word must not part it.
_FTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS chunk_words USING fts5(context, text, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '.%&+-/‰'\")"
)


# Raise it with every change of the tables: an older catalog is set aside, never misread.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A plan in the list, without its text.

    `superseded_by` is the id of the newer version, if that has been taken in too.
    """

    id: str
    title: str
    source: str
    digest: str
    added_at: str
    metadata: Metadata
    superseded_by: str | None
    parser: str
    characters: int
    pages: int
    sections: int
    chunks: int
    indicators: int
    projects: int
    measures: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What ingestion must know of a plan that is there."""

    id: str
    title: str
    source: str
    digest: str
    parser: str


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
        _set_aside_older(path)
        self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        sa.event.listen(self._engine, "connect", _set_up_connection)
        # Turning WAL on does not wait for another process that opens the new file too.
        with FileLock(path.with_suffix(".lock")):
            schema.metadata.create_all(self._engine)
            with self._engine.begin() as connection:
                connection.execute(sa.text(_FTS))
        self._memory = _Memory(path)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()
        self._memory.close()

    @property
    def is_new(self) -> bool:
        """Tell whether no plan was ever stored here; removing the last one does not count."""
        with self._engine.connect() as connection:
            return bool(connection.execute(sa.text("PRAGMA user_version")).scalar_one() == 0)

    def replace_plan(
        self, parsed: ParsedPlan, words: Sequence[tuple[str, str]], *, parser: str = ""
    ) -> None:
        """Store the plan in place of its old self, if any, in one transaction.

        `words` holds for each chunk the search words of its context and its text, each parted by
        blanks; `parser` names what parsed it.
        """
        plan = parsed.plan
        row = {
            "id": plan.id,
            "title": plan.title,
            "source": plan.source,
            "digest": plan.digest,
            "text": plan.text,
            "page_starts": json.dumps(plan.page_starts),
            **schema.write_row(plan.metadata),
            "warnings": json.dumps(parsed.warnings, ensure_ascii=False),
            "parser": parser,
            "added_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }
        with self._engine.begin() as connection:
            connection.execute(sa.text(f"PRAGMA user_version = {FORMAT}"))
            _delete(connection, plan.id)
            connection.execute(schema.plans.insert(), row)
            sections = [{"plan_id": plan.id, **schema.write_row(one)} for one in parsed.sections]
            _insert(connection, schema.sections, sections)
            _insert(connection, schema.indicators, map(schema.write_row, parsed.indicators))
            _insert(connection, schema.projects, map(schema.write_row, parsed.projects))
            _insert(connection, schema.measures, map(schema.write_row, parsed.measures))
            for chunk, (context_words, text_words) in zip(parsed.chunks, words, strict=True):
                inserted = connection.execute(schema.chunks.insert(), schema.write_row(chunk))
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
        return list(self._memory.recall("entries", self._read_entries))

    def _read_entries(self) -> list[CatalogEntry]:
        counts = [
            sa.select(sa.func.count())
            .select_from(table)
            .where(table.c.plan_id == schema.plans.c.id)
            .scalar_subquery()
            .label(f"{table.name}_count")
            for table in _COUNTED
        ]
        columns = [column for column in schema.plans.c if column.name != "text"]
        characters = sa.func.length(schema.plans.c.text).label("characters")
        query: sa.Select[Any] = sa.select(*columns, characters, *counts)
        query = query.order_by(schema.plans.c.title, schema.plans.c.id)
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def entry(self, plan_id: str) -> CatalogEntry:
        """Return the plan's line of the list.

        Raises:
            PlanNotFound: if it is not there.
        """
        for entry in self.entries():
            if entry.id == plan_id:
                return entry
        raise PlanNotFound(f"文件 {plan_id} 已不在目录中，请重新提问")

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

    def known_by(self, *, source: str | None = None, digest: str | None = None) -> Known | None:
        """Return what is known of the plan read from this source, or with this content."""
        column, value = (
            (schema.plans.c.source, source) if source else (schema.plans.c.digest, digest)
        )
        columns = (schema.plans.c[name] for name in ("id", "title", "source", "digest", "parser"))
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*columns).where(column == value)).first()
        return None if row is None else Known(*row)

    def plan(self, plan_id: str) -> Plan:
        """Return the plan with its text.

        Raises:
            PlanNotFound: if it is not there (any more).
        """
        with self._engine.connect() as connection:
            row = connection.execute(
                schema.plans.select().where(schema.plans.c.id == plan_id)
            ).first()
        if row is None:
            raise PlanNotFound(f"文件 {plan_id} 已不在目录中，请重新提问")
        return Plan(
            row.id,
            row.title,
            row.source,
            row.digest,
            row.text,
            schema.read_row(Metadata, row),
            tuple(json.loads(row.page_starts)),
        )

    def plans_with(self, words: str) -> list[str]:
        """Return the ids of the plans whose text holds these words."""
        query = sa.select(schema.plans.c.id).where(sa.func.instr(schema.plans.c.text, words) > 0)
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(schema.plans.c.id)).scalars())

    def sections(self, plan_id: str) -> tuple[Section, ...]:
        """Return the outline of a plan, in the order of the text."""
        query = schema.sections.select().where(schema.sections.c.plan_id == plan_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(schema.sections.c.number))
            return tuple(schema.read_row(Section, row) for row in rows)

    def chunks(self, plan_id: str | None = None) -> list[Chunk]:
        """Return the chunks of a plan, or of all, in order."""
        query = schema.chunks.select().order_by(schema.chunks.c.plan_id, schema.chunks.c.number)
        if plan_id is not None:
            query = query.where(schema.chunks.c.plan_id == plan_id)
        with self._engine.connect() as connection:
            return [schema.read_row(Chunk, row) for row in connection.execute(query)]

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
        # Joined, as for pairs in a list SQLite reads all chunks there are.
        query = sa.text(
            "SELECT chunks.*, plans.digest FROM json_each(:keys) AS wanted "
            "JOIN chunks ON chunks.plan_id = json_extract(wanted.value, '$[0]') "
            "AND chunks.number = json_extract(wanted.value, '$[1]') "
            "JOIN plans ON plans.id = chunks.plan_id"
        )
        pairs = json.dumps([(key.plan_id, key.number) for key in keys])
        with self._engine.connect() as connection:
            rows = connection.execute(query, {"keys": pairs}).all()
        chunks = [(schema.read_row(Chunk, row), row.digest) for row in rows]
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
        # The + keeps FTS5 from matching row by row: hundreds of times slower over 8,000 chunks.
        within = "AND +rowid IN (SELECT id FROM chunks WHERE plan_id IN :plans)"
        of_plans = "" if plan_ids is None else within
        # The best are chosen by their row numbers alone: texts are read of those only.
        query = sa.text(
            f"SELECT chunks.*, best.score FROM (SELECT rowid AS id, -bm25(chunk_words, 1.0, 1.0) "
            f"AS score FROM chunk_words WHERE chunk_words MATCH :match {of_plans} "
            f"ORDER BY score DESC, rowid LIMIT :limit) AS best JOIN chunks ON chunks.id = best.id "
            f"ORDER BY best.score DESC, chunks.plan_id, chunks.number"
        )
        values: dict[str, Any] = {"match": match, "limit": limit}
        if plan_ids is not None:
            query = query.bindparams(sa.bindparam("plans", expanding=True))
            values["plans"] = list(plan_ids)
        with self._engine.connect() as connection:
            rows = connection.execute(query, values)
            return [LexicalHit(schema.read_row(Chunk, row), row.score) for row in rows]

    def count_chunks(self) -> int:
        """Return the number of chunks of all plans."""
        with self._engine.connect() as connection:
            return connection.execute(
                sa.select(sa.func.count()).select_from(schema.chunks)
            ).scalar_one()

    def indicators(self, plan_ids: Sequence[str] | None = None) -> list[Indicator]:
        """Return the indicators of these plans, or of all, in the order of their tables."""
        return self._records(Indicator, schema.indicators, plan_ids)

    def projects(self, plan_ids: Sequence[str] | None = None) -> list[Project]:
        """Return the platforms and projects of these plans, or of all, in order."""
        return self._records(Project, schema.projects, plan_ids)

    def measures(self, plan_ids: Sequence[str] | None = None) -> list[Measure]:
        """Return the measures of these plans, or of all, in the order of the text."""
        return self._records(Measure, schema.measures, plan_ids)

    def parsed(self, plan_id: str) -> ParsedPlan:
        """Return a plan with everything that was read from it.

        Raises:
            PlanNotFound: if it is not there.
        """
        return ParsedPlan(
            self.plan(plan_id),
            self.sections(plan_id),
            tuple(self.chunks(plan_id)),
            tuple(self.indicators([plan_id])),
            tuple(self.projects([plan_id])),
            tuple(self.measures([plan_id])),
            self.entry(plan_id).warnings,
        )

    def corrections(self, plan_id: str) -> Corrections:
        """Return what a user has set right of a plan's title and metadata."""
        query = sa.select(schema.corrections.c.fields).where(
            schema.corrections.c.plan_id == plan_id
        )
        with self._engine.connect() as connection:
            fields = connection.execute(query).scalar()
        return {} if fields is None else json.loads(fields)

    def save_corrections(self, plan_id: str, fields: Corrections) -> None:
        """Keep these corrections in place of earlier ones."""
        row = {"plan_id": plan_id, "fields": json.dumps(fields, ensure_ascii=False)}
        with self._engine.begin() as connection:
            connection.execute(
                schema.corrections.delete().where(schema.corrections.c.plan_id == plan_id)
            )
            connection.execute(schema.corrections.insert(), row)

    def superseded(self) -> set[str]:
        """Return the ids of the plans of which a newer version is there."""
        query = sa.select(schema.plans.c.id).where(schema.plans.c.superseded_by.is_not(None))
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def mark_superseded(self, newer: Mapping[str, str]) -> None:
        """Note for each plan in `newer` (id to id) which one supersedes it; for others, none."""
        with self._engine.begin() as connection:
            connection.execute(schema.plans.update().values(superseded_by=None))
            for plan_id, successor in newer.items():
                connection.execute(
                    schema.plans.update()
                    .where(schema.plans.c.id == plan_id)
                    .values(superseded_by=successor)
                )

    def _records(
        self, record: type[schema.Record], table: sa.Table, plan_ids: Sequence[str] | None
    ) -> list[schema.Record]:
        by_plan: dict[str, list[schema.Record]] = self._memory.recall(
            table.name, lambda: self._read_records(record, table)
        )
        wanted = by_plan if plan_ids is None else sorted(by_plan.keys() & set(plan_ids))
        return [one for plan_id in wanted for one in by_plan[plan_id]]

    def _read_records(
        self, record: type[schema.Record], table: sa.Table
    ) -> dict[str, list[schema.Record]]:
        """Return the records of each plan, the plans in the order of their ids."""
        by_plan: dict[str, list[schema.Record]] = {}
        query = table.select().order_by(table.c.plan_id, table.c.number)
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                by_plan.setdefault(row.plan_id, []).append(schema.read_row(record, row))
        return by_plan


class _Memory:
    """What was read of the catalog, kept until any process changes it.

    Every question looks through all plans and indicators; reading them was most of its time.
    """

    def __init__(self, path: Path) -> None:
        # Only looks on: SQLite tells a connection of the changes that others have made.
        self._looking = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._version = -1
        self._kept: dict[str, Any] = {}

    def close(self) -> None:
        """Give back the connection."""
        self._looking.close()

    def recall(self, name: str, read: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return what `read` returns, read anew only if something has changed since."""
        with self._lock:
            (version,) = self._looking.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._version, self._kept = version, {}
            kept = self._kept
        # A change that comes while reading leaves this to a version that is past.
        if name not in kept:
            kept[name] = read()
        return kept[name]


def _entry(row: sa.Row[Any]) -> CatalogEntry:
    return CatalogEntry(
        id=row.id,
        title=row.title,
        source=row.source,
        digest=row.digest,
        added_at=row.added_at,
        metadata=schema.read_row(Metadata, row),
        superseded_by=row.superseded_by,
        parser=row.parser,
        characters=row.characters,
        pages=len(json.loads(row.page_starts)),
        sections=row.sections_count,
        chunks=row.chunks_count,
        indicators=row.indicators_count,
        projects=row.projects_count,
        measures=row.measures_count,
        warnings=tuple(json.loads(row.warnings)),
    )


def _set_aside_older(path: Path) -> None:
    """Rename a catalog of an older format; its files must be taken in again."""
    if not path.is_file():
        return
    connection = sqlite3.connect(path)
    try:
        (found,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        # No database at all: opening it says so to the user, and nothing is touched.
        return
    finally:
        connection.close()
    if found in (0, FORMAT):
        return
    kept = path.with_name(f"{path.stem}.v{found}{path.suffix}")
    path.replace(kept)
    _log.warning("资料目录由另一版本建立，已另存为 %s；请重新收录文件", kept.name)


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


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    if values := list(rows):
        connection.execute(table.insert(), values)
