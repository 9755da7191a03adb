"""The indicators as a file: what the table shows under the same filter."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response

from assistant.library import Library
from assistant.sheets import write_csv, write_xlsx
from assistant.tools.indicator_table import (
    SHEET_HEAD,
    IndicatorFilter,
    filter_indicators,
    sheet_rows,
)

_TITLE = "指标"
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download_router(library: Library) -> APIRouter:
    """Return the routes that save the table of indicators as a file."""
    router = APIRouter()

    @router.get("/api/indicators/export.{form}")
    def export(
        form: Literal["csv", "xlsx"], wanted: Annotated[IndicatorFilter, Depends()]
    ) -> Response:
        rows = sheet_rows(filter_indicators(wanted, library), library)
        is_csv = form == "csv"
        content = write_csv(SHEET_HEAD, rows) if is_csv else write_xlsx(_TITLE, SHEET_HEAD, rows)
        name = quote(f"{_TITLE}.{form}", safe="")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        }
        return Response(content, media_type=_MEDIA[form], headers=headers)

    return router
