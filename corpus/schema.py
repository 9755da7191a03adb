"""The catalog's tables, and each row as the type it holds. Knows nothing of transactions.

A column stands for each field of the type: a span for two (`header_start`, `header_end`; the span
of the whole is `start`, `end`), a figure as text and never as a float, a tuple as JSON.
"""

import dataclasses
import json
import types
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import sqlalchemy as sa

from corpus.model import Chunk, Indicator, Measure, Metadata, Project, Section, Span

Record = TypeVar("Record", Chunk, Indicator, Measure, Metadata, Project, Section)

metadata = sa.MetaData()


def _columns(record: type[Any]) -> list[sa.Column[Any]]:
    """Return the columns that hold the fields of a type, but for its plan."""
    columns: list[sa.Column[Any]] = []
    for name, hint in get_type_hints(record).items():
        kind, nullable = _kind(hint)
        if name == "plan_id":
            continue
        if kind is Span:
            columns += [sa.Column(part, sa.Integer, nullable=False) for part in _ends(name)]
        else:
            stored = sa.Integer if kind in (int, bool) else sa.Text
            columns.append(sa.Column(name, stored, nullable=nullable))
    return columns


def _kind(hint: object) -> tuple[Any, bool]:
    """Return the type that a hint stands for without its None, and whether None may stand."""
    if get_origin(hint) in (types.UnionType, Union):
        (kind,) = (part for part in get_args(hint) if part is not types.NoneType)
        return kind, True
    return get_origin(hint) or hint, False


def _ends(name: str) -> tuple[str, str]:
    return ("start", "end") if name == "span" else (f"{name}_start", f"{name}_end")


plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("page_starts", sa.Text, nullable=False),
    *_columns(Metadata),
    sa.Column("warnings", sa.Text, nullable=False),
    # What parsed it: another version of the parser or other chunk sizes, and it is parsed anew.
    sa.Column("parser", sa.Text, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
    sa.Column("superseded_by", sa.Text),
)
# What a user has set right; it outlives a new version of the file.
corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("fields", sa.Text, nullable=False),
)


def _of_plan(name: str, record: type[Any]) -> sa.Table:
    key = sa.ForeignKey("plans.id", ondelete="CASCADE")
    plan_column: sa.Column[str] = sa.Column("plan_id", sa.Text, key, nullable=False, index=True)
    # The chunks' words are found by this id in the full-text index.
    ids: list[sa.Column[int]] = (
        [sa.Column("id", sa.Integer, primary_key=True)] if record is Chunk else []
    )
    return sa.Table(
        name,
        metadata,
        *ids,
        plan_column,
        *_columns(record),
        sa.UniqueConstraint("plan_id", "number"),
    )


sections = _of_plan("sections", Section)
chunks = _of_plan("chunks", Chunk)
indicators = _of_plan("indicators", Indicator)
projects = _of_plan("projects", Project)
measures = _of_plan("measures", Measure)


def write_row(record: Record) -> dict[str, Any]:
    """Return what is stored of a record."""
    row: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Span):
            row |= zip(_ends(field.name), (value.start, value.end), strict=True)
        elif isinstance(value, tuple):
            row[field.name] = json.dumps(value, ensure_ascii=False)
        else:
            row[field.name] = str(value) if isinstance(value, Decimal) else value
    return row


def read_row(record: type[Record], row: sa.Row[Any]) -> Record:
    """Read what `write_row` wrote."""
    return record(**{name: read(row) for name, read in _READERS[record].items()})


def _reader(name: str, kind: object) -> Callable[[sa.Row[Any]], Any]:
    """Return how a field is read from its column or columns."""
    if kind is Span:
        start, end = _ends(name)
        return lambda row: Span(getattr(row, start), getattr(row, end))
    if kind is tuple:
        return lambda row: tuple(json.loads(getattr(row, name)))
    if kind is Decimal:
        return lambda row: None if (value := getattr(row, name)) is None else Decimal(value)
    if kind is bool:
        return lambda row: bool(getattr(row, name))
    return lambda row: getattr(row, name)


_READERS: dict[Any, dict[str, Callable[[sa.Row[Any]], Any]]] = {
    record: {name: _reader(name, _kind(hint)[0]) for name, hint in get_type_hints(record).items()}
    for record in (Chunk, Indicator, Measure, Metadata, Project, Section)
}
