"""Which plans a request is about: by name, place, kind and year."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.library import Library
from assistant.scope import is_of, place_stem
from corpus.catalog import CatalogEntry
from corpus.errors import PlanNotFound
from corpus.model import Kind

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Scope(BaseModel):
    """What narrows the plans down; all of it must hold, nothing means all plans."""

    model_config = ConfigDict(extra="forbid")

    plan: Name | None = Field(default=None, description="只查这一份：编号或标题中的字")
    region: Name | None = Field(default=None, description="只查这个地区的，如 温州市瓯海区")
    kind: Kind | None = Field(default=None, description="只查这个种类的")
    year: int | None = Field(default=None, ge=1900, le=2200, description="只查涵盖这一年的")


def plan_ids(scope: Scope, library: Library) -> list[str] | None:
    """Return the ids of the plans, None for all.

    Raises:
        PlanNotFound: if there is none such.
    """
    if scope.plan is not None:
        entries = [library.catalog.find_plan(scope.plan)]
    elif scope.region is None and scope.kind is None and scope.year is None:
        return None
    else:
        entries = library.catalog.entries()
    found = [entry.id for entry in entries if _is_in(entry, scope)]
    if not found:
        raise PlanNotFound("没有符合所选地区、种类和年份的文件；用 GET /api/plans 查看已收录的")
    return found


def _is_in(entry: CatalogEntry, scope: Scope) -> bool:
    metadata = entry.metadata
    return (
        (scope.region is None or is_of(place_stem(scope.region), entry))
        and (scope.kind is None or metadata.kind == scope.kind)
        and (scope.year is None or _covers(entry, scope.year))
    )


def _covers(entry: CatalogEntry, year: int) -> bool:
    start, end, date = (
        getattr(entry.metadata, name) for name in ("start_year", "end_year", "date")
    )
    if start is not None and end is not None:
        return bool(start <= year <= end)
    return bool(date and date.startswith(str(year)))
