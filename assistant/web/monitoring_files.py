"""The form to fill in and the evaluation report, as files; the values come with the request."""

import io
from typing import Annotated, Literal, TypeAlias
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fastapi import APIRouter, Form, HTTPException, Query, Response
from pydantic import StringConstraints, TypeAdapter, ValidationError

from assistant.library import Library
from assistant.monitoring.actuals import read_given
from assistant.monitoring.model import ActualsError
from assistant.monitoring.monitor import monitor
from assistant.monitoring.report import Stage, write_report
from assistant.monitoring.report_markdown import write_markdown_report
from assistant.monitoring.report_word import write_word_report
from assistant.monitoring.template import write_template

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}
_Cell: TypeAlias = Annotated[str, StringConstraints(max_length=100)]
# Name, value and year of one actual value, as they were filled in.
Given: TypeAlias = tuple[_Cell, _Cell, _Cell]
_VALUES = TypeAdapter(list[Given])
_LONGEST = 200_000


def read_values(written: str) -> list[Given]:
    """Read the values as the page sends them.

    Raises:
        ValidationError: if they are not what the page sends.
    """
    return _VALUES.validate_json(written)


def monitoring_router(library: Library) -> APIRouter:
    """Return the routes that save the form and the report as files."""
    router = APIRouter()

    @router.get("/api/monitoring/template.{form}")
    def template(form: Literal["csv", "xlsx"], plan: Annotated[str, Query()]) -> Response:
        plan_id = library.catalog.find_plan(plan).id
        content = write_template(library, form, plan_ids=[plan_id])
        return _file(f"{library.catalog.plan(plan_id).title}_实际值", form, content)

    @router.post("/api/monitoring/report.{form}")
    def report(
        form: Literal["docx", "zip"],
        plan: Annotated[str, Form()],
        values: Annotated[str, Form(max_length=_LONGEST)],
        stage: Annotated[Stage, Form()] = "mid",
    ) -> Response:
        try:
            found, problems = read_given(read_values(values))
            plan_id = library.catalog.find_plan(plan).id
            held = monitor(found, library, plan_ids=[plan_id], problems=problems)
            written = write_report(held, library, stage)
        except ValidationError as error:
            raise HTTPException(422, "实际值的格式不对，请在页面上重新评估后再下载") from error
        except ActualsError as error:
            raise HTTPException(422, str(error)) from error
        if form == "docx":
            return _file(written.title, form, write_word_report(written))
        return _file(written.title, form, _zip(write_markdown_report(written, "报告")))

    return router


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content)
    return stream.getvalue()


def _file(title: str, form: str, content: bytes) -> Response:
    name = quote(f"{title}.{form}", safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=_MEDIA[form], headers=headers)
