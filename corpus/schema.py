"""The catalog's tables, and each row as the type it holds. Knows nothing of transactions."""

import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from corpus.model import Chunk, Indicator, Project, Section, Span

metadata = sa.MetaData()

plans = sa.Table(
    "plans",
    metadata,
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


sections = sa.Table(
    "sections",
    metadata,
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
chunks = sa.Table(
    "chunks",
    metadata,
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
indicators = sa.Table(
    "indicators",
    metadata,
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
projects = sa.Table(
    "projects",
    metadata,
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


def section_row(plan_id: str, section: Section) -> dict[str, Any]:
    """Return what is stored of a section."""
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


def read_section(row: sa.Row[Any]) -> Section:
    """Read what `section_row` wrote."""
    return Section(
        number=row.number,
        parent=row.parent,
        level=row.level,
        path=tuple(json.loads(row.path)),
        heading=Span(row.heading_start, row.heading_end),
        own=Span(row.own_start, row.own_end),
        span=Span(row.start, row.end),
    )


def chunk_row(chunk: Chunk) -> dict[str, Any]:
    """Return what is stored of a chunk."""
    return {
        "plan_id": chunk.plan_id,
        "number": chunk.number,
        "section": chunk.section,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "text": chunk.text,
        "context": chunk.context,
    }


def read_chunk(row: sa.Row[Any]) -> Chunk:
    """Read what `chunk_row` wrote."""
    span = Span(row.start, row.end)
    return Chunk(row.plan_id, row.number, row.section, span, row.text, row.context)


def indicator_row(indicator: Indicator) -> dict[str, Any]:
    """Return what is stored of an indicator; figures as text, never as floats."""
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


def read_indicator(row: sa.Row[Any]) -> Indicator:
    """Read what `indicator_row` wrote."""
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


def project_row(project: Project) -> dict[str, Any]:
    """Return what is stored of a project."""
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


def read_project(row: sa.Row[Any]) -> Project:
    """Read what `project_row` wrote."""
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
