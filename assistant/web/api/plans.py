"""The plans over HTTP: listed by all, taken in and removed by editors."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Depends, File, HTTPException, Request, UploadFile
from fastapi.responses import JSONResponse

from assistant.accounts import User
from assistant.document_types import (
    FailureDocument,
    IngestionDocument,
    PlansDocument,
    RemovedPlanDocument,
)
from assistant.documents import entry_document, ingestion_document
from assistant.library import Library
from assistant.lookups import plans_document
from corpus.archive import safe_name

NOT_ALLOWED = "只有编辑可以收录或删除文件，请联系管理员"
# As many as a person picks by hand; more come as a zip.
_MOST_FILES = 100


def want_editor(request: Request) -> None:
    """Refuse whoever may only ask."""
    user = request.scope.get("user")
    if not isinstance(user, User) or not user.is_editor:
        raise HTTPException(403, NOT_ALLOWED)


def plan_router(library: Library) -> APIRouter:
    """Return the routes that list and change the plans."""
    router = APIRouter(prefix="/api/plans", tags=["文件"])

    @router.get("", summary="已收录的文件", responses={200: {"model": PlansDocument}})
    def list_plans() -> JSONResponse:
        return JSONResponse(plans_document(library))

    @router.post(
        "",
        summary="收录上传的文件或 zip（编辑）：同名文件是新版，替换旧版",
        responses={200: {"model": IngestionDocument}, 403: {"model": FailureDocument}},
        dependencies=[Depends(want_editor)],
    )
    def ingest(files: Annotated[list[UploadFile], File(max_length=_MOST_FILES)]) -> JSONResponse:
        started = time.perf_counter()
        with _unpacked(files) as paths:
            done = list(library.ingest_all(paths, are_uploads=True))
        seconds = round(time.perf_counter() - started, 2)
        return JSONResponse({**ingestion_document(done), "seconds": seconds})

    @router.delete(
        "/{plan_id}",
        summary="移除一份文件及其全部索引（编辑）",
        responses={200: {"model": RemovedPlanDocument}, 403: {"model": FailureDocument}},
        dependencies=[Depends(want_editor)],
    )
    def remove(plan_id: str) -> JSONResponse:
        entry = library.catalog.entry(plan_id)
        library.remove(entry.id)
        return JSONResponse({"removed": entry_document(entry)})

    return router


@contextmanager
def _unpacked(files: Sequence[UploadFile]) -> Iterator[list[Path]]:
    """Put the uploads where the library reads them, each in a folder of its own."""
    with TemporaryDirectory(prefix="plan-assistant-") as workspace:
        paths: list[Path] = []
        for number, file in enumerate(files):
            # The name decides nothing but how the file is called: of a path, its end.
            name = safe_name(PurePosixPath((file.filename or "").replace("\\", "/")).name)
            path = Path(workspace) / str(number) / name
            path.parent.mkdir()
            with path.open("wb") as target:
                copyfileobj(file.file, target)
            paths.append(path)
        yield paths
