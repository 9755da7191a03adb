"""Whether the server is alive, and ready to answer."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DatabaseError

from assistant.library import Library
from corpus.errors import CorpusError


def health_router(library: Library) -> APIRouter:
    """Return the route that load balancers and service managers ask."""
    router = APIRouter(tags=["运行"])

    @router.get("/healthz", summary="存活；?ready=true 另查目录与向量索引能否读取")
    def healthz(ready: bool = False) -> JSONResponse:
        if not ready:
            return JSONResponse({"status": "ok"})
        parts = {
            "catalog": _works(lambda: library.catalog.count_chunks()),
            "index": _works(lambda: library.index.count()),
        }
        is_ready = all(parts.values())
        said = {name: "ok" if works else "failed" for name, works in parts.items()}
        document = {"status": "ok" if is_ready else "failed", **said}
        return JSONResponse(document, status_code=200 if is_ready else 503)

    return router


def _works(look: Callable[[], int]) -> bool:
    try:
        look()
    except (CorpusError, DatabaseError, OSError):
        return False
    return True
