"""The one truth: plans and everything read from them, in `catalog.sqlite`.

One transaction per plan, so a plan is there whole or not at all. The vectors in Chroma can always
be made anew from here. Knows nothing about embeddings.
"""

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from corpus.errors import PlanNotFound
from corpus.keys import ChunkKey
from corpus.model import Chunk, Indicator, ParsedPlan, Plan, Project, Section, Span
from corpus.normal import normalise

_metadata = sa.MetaData()

_plans = sa.Table(
    "plans",
    _metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
)


def _plan_column() -> sa.Column[str]:
    return sa.Column(
        "plan_id",
        sa.Text,
        sa.ForeignKey("plans.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    )


def _int(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


_sections = sa.Table(
    "sections",
    _metadata,
    _plan_column(),
    _int("number"),
    _int("parent", nullable=True),
    _int("level"),
    _text("path"),
    _int("heading_start"),
    _int("heading_end"),
    _int("own_start"),
    _int("own_end"),
    _int("start"),
    _int("end"),
    sa.UniqueConstraint("plan_id", "number"),
)
_chunks = sa.Table(
    "chunks",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _plan_column(),
    _int("number"),
    _int("section"),
    _int("start"),
    _int("end"),
    _text("text"),
    _text("context"),
    sa.UniqueConstraint("plan_id", "number"),
)
_indicators = sa.Table(
    "indicators",
    _metadata,
    _plan_column(),
    _int("number"),
    _int("section"),
    _text("name"),
    _text("unit"),
    _text("base", nullable=True),
    _int("base_year", nullable=True),
    _text("target", nullable=True),
    _int("target_year", nullable=True),
    _text("bound", nullable=True),
    _text("growth", nullable=True),
    _text("growth_kind", nullable=True),
    _text("attribute", nullable=True),
    _int("start"),
    _int("end"),
    _int("header_start"),
    _int("header_end"),
    sa.UniqueConstraint("plan_id", "number"),
)
_projects = sa.Table(
    "projects",
    _metadata,
    _plan_column(),
    _int("number"),
    _int("section"),
    _text("category", nullable=True),
    _text("name"),
    _text("area", nullable=True),
    _text("investment", nullable=True),
    _text("description"),
    _int("start"),
    _int("end"),
    sa.UniqueConstraint("plan_id", "number"),
)

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
        _metadata.create_all(self._engine)
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
            connection.execute(_plans.insert(), row)
            _insert(
                connection,
                _sections,
                [_section_row(plan.id, s) for s in parsed.sections],
            )
            _insert(connection, _indicators, [_indicator_row(i) for i in parsed.indicators])
            _insert(connection, _projects, [_project_row(p) for p in parsed.projects])
            for chunk, (context_words, text_words) in zip(parsed.chunks, words, strict=True):
                inserted = connection.execute(_chunks.insert(), _chunk_row(chunk))
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
            .where(table.c.plan_id == _plans.c.id)
            .scalar_subquery()
            for table in (_sections, _chunks, _indicators, _projects)
        ]
        columns = (
            _plans.c.id,
            _plans.c.title,
            _plans.c.source,
            _plans.c.digest,
            _plans.c.added_at,
        )
        query = sa.select(*columns, sa.func.length(_plans.c.text), *counts).order_by(_plans.c.title)
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
            raise PlanNotFound(f"没有收录“{name}”;用 plan-assistant list 查看已收录的文件")
        titles = "、".join(f"{entry.title}({entry.id})" for entry in found[:5])
        raise PlanNotFound(f"“{name}”对应多份文件,请用编号指定:{titles}")

    def plan_with(self, *, source: str | None = None, digest: str | None = None) -> Plan | None:
        """Return the plan read from this source, or with this content, if there is one."""
        column, value = (_plans.c.source, source) if source else (_plans.c.digest, digest)
        return next(self._plans_where(column == value), None)

    def plan(self, plan_id: str) -> Plan:
        """Return the plan with its text.

        Raises:
            PlanNotFound: if it is not there (any more).
        """
        plan = next(self._plans_where(_plans.c.id == plan_id), None)
        if plan is None:
            raise PlanNotFound(f"文件 {plan_id} 已不在目录中,请重新提问")
        return plan

    def sections(self, plan_id: str) -> tuple[Section, ...]:
        """Return the outline of a plan, in the order of the text."""
        query = _sections.select().where(_sections.c.plan_id == plan_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_sections.c.number))
            return tuple(_read_section(row) for row in rows)

    def chunks(self, plan_id: str | None = None) -> list[Chunk]:
        """Return the chunks of a plan, or of all, in order."""
        query = _chunks.select().order_by(_chunks.c.plan_id, _chunks.c.number)
        if plan_id is not None:
            query = query.where(_chunks.c.plan_id == plan_id)
        with self._engine.connect() as connection:
            return [_read_chunk(row) for row in connection.execute(query)]

    def chunk_keys(self) -> set[ChunkKey]:
        """Return the key of every chunk: the vectors that the index should hold."""
        query = sa.select(_plans.c.id, _plans.c.digest, _chunks.c.number).join_from(_chunks, _plans)
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return {ChunkKey(plan_id, digest[:16], number) for plan_id, digest, number in rows}

    def chunks_of(self, keys: Sequence[ChunkKey]) -> dict[ChunkKey, Chunk]:
        """Return the chunks with these keys, as far as they are (still) there."""
        wanted = sa.tuple_(_chunks.c.plan_id, _chunks.c.number).in_(
            [(key.plan_id, key.number) for key in keys]
        )
        query = sa.select(_chunks, _plans.c.digest).join_from(_chunks, _plans).where(wanted)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all() if keys else []
        chunks = [(_read_chunk(row), row.digest) for row in rows]
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
            f"WHERE chunk_words MATCH :match {of_plans} ORDER BY score DESC, chunks.id LIMIT :limit"
        )
        values: dict[str, Any] = {"match": match, "limit": limit}
        if plan_ids is not None:
            query = query.bindparams(sa.bindparam("plans", expanding=True))
            values["plans"] = list(plan_ids)
        with self._engine.connect() as connection:
            rows = connection.execute(query, values)
            return [LexicalHit(_read_chunk(row), row.score) for row in rows]

    def count_chunks(self) -> int:
        """Return the number of chunks of all plans."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(_chunks)).scalar_one()

    def indicators(self, plan_ids: Sequence[str] | None = None) -> list[Indicator]:
        """Return the indicators of these plans, or of all, in the order of their tables."""
        query = _indicators.select().order_by(_indicators.c.plan_id, _indicators.c.number)
        if plan_ids is not None:
            query = query.where(_indicators.c.plan_id.in_(plan_ids))
        with self._engine.connect() as connection:
            return [_read_indicator(row) for row in connection.execute(query)]

    def projects(self, plan_ids: Sequence[str] | None = None) -> list[Project]:
        """Return the platforms and projects of these plans, or of all, in the order of their lists."""
        query = _projects.select().order_by(_projects.c.plan_id, _projects.c.number)
        if plan_ids is not None:
            query = query.where(_projects.c.plan_id.in_(plan_ids))
        with self._engine.connect() as connection:
            return [_read_project(row) for row in connection.execute(query)]

    def _plans_where(self, condition: sa.ColumnElement[bool]) -> Iterator[Plan]:
        columns = (
            _plans.c.id,
            _plans.c.title,
            _plans.c.source,
            _plans.c.digest,
            _plans.c.text,
        )
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).where(condition)).all()
        return (Plan(*row) for row in rows)


def _set_up_connection(connection: Any, _record: object) -> None:
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
    connection.execute(_plans.delete().where(_plans.c.id == plan_id))


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _section_row(plan_id: str, section: Section) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "number": section.number,
        "parent": section.parent,
        "level": section.level,
        "path": json.dumps(section.path, ensure_ascii=False),
        "heading_start": section.heading.start,
        "heading_end": section.heading.end,
        "own_start": section.own.start,
        "own_end": section.own.end,
        "start": section.span.start,
        "end": section.span.end,
    }


def _read_section(row: Any) -> Section:
    return Section(
        number=row.number,
        parent=row.parent,
        level=row.level,
        path=tuple(json.loads(row.path)),
        heading=Span(row.heading_start, row.heading_end),
        own=Span(row.own_start, row.own_end),
        span=Span(row.start, row.end),
    )


def _chunk_row(chunk: Chunk) -> dict[str, Any]:
    return {
        "plan_id": chunk.plan_id,
        "number": chunk.number,
        "section": chunk.section,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "text": chunk.text,
        "context": chunk.context,
    }


def _read_chunk(row: Any) -> Chunk:
    span = Span(row.start, row.end)
    return Chunk(row.plan_id, row.number, row.section, span, row.text, row.context)


def _indicator_row(indicator: Indicator) -> dict[str, Any]:
    figures = {
        name: None if value is None else str(value)
        for name, value in (
            ("base", indicator.base),
            ("target", indicator.target),
            ("growth", indicator.growth),
        )
    }
    return {
        "plan_id": indicator.plan_id,
        "number": indicator.number,
        "section": indicator.section,
        "name": indicator.name,
        "unit": indicator.unit,
        "base_year": indicator.base_year,
        "target_year": indicator.target_year,
        "bound": indicator.bound,
        "growth_kind": indicator.growth_kind,
        "attribute": indicator.attribute,
        "start": indicator.span.start,
        "end": indicator.span.end,
        "header_start": indicator.header.start,
        "header_end": indicator.header.end,
        **figures,
    }


def _read_indicator(row: Any) -> Indicator:
    return Indicator(
        plan_id=row.plan_id,
        number=row.number,
        section=row.section,
        name=row.name,
        unit=row.unit,
        base=_decimal(row.base),
        base_year=row.base_year,
        target=_decimal(row.target),
        target_year=row.target_year,
        bound=row.bound,
        growth=_decimal(row.growth),
        growth_kind=row.growth_kind,
        attribute=row.attribute,
        span=Span(row.start, row.end),
        header=Span(row.header_start, row.header_end),
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _project_row(project: Project) -> dict[str, Any]:
    return {
        "plan_id": project.plan_id,
        "number": project.number,
        "section": project.section,
        "category": project.category,
        "name": project.name,
        "area": project.area,
        "investment": project.investment,
        "description": project.description,
        "start": project.span.start,
        "end": project.span.end,
    }


def _read_project(row: Any) -> Project:
    return Project(
        plan_id=row.plan_id,
        number=row.number,
        section=row.section,
        category=row.category,
        name=row.name,
        area=row.area,
        investment=row.investment,
        description=row.description,
        span=Span(row.start, row.end),
    )
