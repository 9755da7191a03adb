"""Look-ups over HTTP: passages, indicators, projects and measures, each by GET or POST."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints

from assistant.document_types import (
    IndicatorsDocument,
    MeasuresDocument,
    ProjectsDocument,
    SearchDocument,
)
from assistant.documents import search_document
from assistant.library import Library
from assistant.lookups import indicators_document, measures_document, projects_document
from assistant.retrieve import retrieve
from assistant.web.api.scope import Scope, plan_ids
from assistant.web.events import QUESTION_LIMIT

Wanted = TypeVar("Wanted", bound=Scope)


class Passages(Scope):
    """What to look for in the text."""

    query: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_LIMIT),
    ]
    k: int = Field(default=5, ge=1, le=50, description="返回几段")


class Indicators(Scope):
    """Which indicators to list."""

    name: str | None = Field(
        default=None, max_length=100, description="指标名称或别称；不给则列出全部"
    )


def lookup_router(library: Library) -> APIRouter:
    """Return the routes that look things up."""
    router = APIRouter(prefix="/api", tags=["查询"])

    def search(wanted: Passages) -> dict[str, Any]:
        ids = plan_ids(wanted, library)
        hits = retrieve(wanted.query, library, limit=wanted.k, plan_ids=ids)
        return search_document(wanted.query, hits, library)

    def indicators(wanted: Indicators) -> dict[str, Any]:
        return indicators_document(wanted.name, library, plan_ids=plan_ids(wanted, library))

    def projects(wanted: Scope) -> dict[str, Any]:
        return projects_document(library, plan_ids=plan_ids(wanted, library))

    def measures(wanted: Scope) -> dict[str, Any]:
        return measures_document(library, plan_ids=plan_ids(wanted, library))

    _add(router, "/search", "查找相关原文段落", Passages, search, SearchDocument)
    _add(router, "/indicators", "指标及其核算", Indicators, indicators, IndicatorsDocument)
    _add(router, "/projects", "平台和项目", Scope, projects, ProjectsDocument)
    _add(router, "/measures", "支持措施", Scope, measures, MeasuresDocument)
    return router


def _add(
    router: APIRouter,
    path: str,
    summary: str,
    model: type[Wanted],
    look_up: Callable[[Wanted], dict[str, Any]],
    document: type[BaseModel],
) -> None:
    """Add the look-up twice: by query string and by JSON body."""
    responses: dict[int | str, dict[str, Any]] = {200: {"model": document}}

    def by_query(wanted: Any) -> JSONResponse:  # noqa: ANN401
        return JSONResponse(look_up(wanted))

    def by_body(wanted: Any) -> JSONResponse:  # noqa: ANN401
        return JSONResponse(look_up(wanted))

    # Known only here, and FastAPI reads them when the route is added.
    by_query.__annotations__["wanted"] = Annotated[model, Query()]
    by_body.__annotations__["wanted"] = model
    name = path.strip("/")
    router.get(path, summary=summary, responses=responses, operation_id=f"get_{name}")(by_query)
    router.post(path, summary=summary, responses=responses, operation_id=f"post_{name}")(by_body)
