"""Policy matching over HTTP: what an enterprise is offered, clause by clause."""

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse
from pydantic import Field

from assistant.library import Library
from assistant.matching.documents import ProfileError, matching_document, profile_from_document
from assistant.matching.match import match_measures
from assistant.web.api.scope import Scope, plan_ids

_EXAMPLE = {"industry": "细胞治疗外包", "region": "温州市瓯海区", "types": ["高新技术企业"]}


class Enterprise(Scope):
    """An enterprise, and the policies to hold it against."""

    profile: dict[str, Any] = Field(
        description="企业情况，各项都可不填：industry、section、types、region、founded、revenue、"
        "research_share、staff、needs、answers",
        examples=[_EXAMPLE],
    )
    with_failed: bool = Field(default=False, description="也列出不符合的措施")


def matching_router(library: Library) -> APIRouter:
    """Return the route that matches policies."""
    router = APIRouter(prefix="/api", tags=["政策匹配"])

    @router.post("/match", summary="企业能享受哪些措施：理由、金额和还需确认的事项")
    def match(enterprise: Enterprise) -> JSONResponse:
        try:
            profile = profile_from_document(enterprise.profile)
        except ProfileError as error:
            raise HTTPException(422, str(error)) from error
        matching = match_measures(profile, library, plan_ids=plan_ids(enterprise, library))
        document = matching_document(matching, library, with_failed=enterprise.with_failed)
        return JSONResponse(document)

    return router
