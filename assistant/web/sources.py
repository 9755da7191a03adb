"""What stands behind a citation: the section around it, the whole text, the page, the original.

A file is named by the id of its plan and never by a path.
"""

import base64
import threading
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse

from assistant.library import Library
from assistant.originals import OriginalMissing, find_original
from corpus.model import Plan, Section
from corpus.outline_labels import read_label
from corpus.pdf_page import show_page

# What is shown at once around the words, and what a reader of the whole text loads at a time.
_AROUND = 3_000
_SECTION = 8_000
_PIECE = 20_000
# Each draws in a process of its own.
_PAGES_AT_ONCE = 2
_PDF = ".pdf"

PlanId = Annotated[str, InPath(pattern=r"^[0-9a-f]{12}$")]
Offset = Annotated[int, Query(ge=0)]


def source_router(library: Library) -> APIRouter:
    """Return the routes that show where an answer's words stand."""
    router = APIRouter(prefix="/api/sources", tags=["原文"])
    drawing = threading.BoundedSemaphore(_PAGES_AT_ONCE)

    @router.get("/{plan_id}", summary="引文所在的章节")
    def show(plan_id: PlanId, start: Offset, end: Offset) -> dict[str, Any]:
        plan = library.catalog.plan(plan_id)
        return _surroundings(plan, library, start, end)

    @router.get("/{plan_id}/text", summary="全文中的一段")
    def read(plan_id: PlanId, start: Offset, end: Offset) -> dict[str, str]:
        text = library.catalog.plan(plan_id).text
        return {"text": text[start : min(end, start + _PIECE)]}

    @router.get("/{plan_id}/page/{number}", summary="PDF 的一页，标出引文")
    def draw(
        plan_id: PlanId,
        number: Annotated[int, InPath(ge=1)],
        start: Offset = 0,
        end: Offset = 0,
    ) -> dict[str, Any]:
        plan = library.catalog.plan(plan_id)
        path = _original(plan, library)
        if path.suffix.lower() != _PDF or number > len(plan.page_starts):
            raise HTTPException(404, "没有这一页；请查看文字")
        with drawing:
            shown = show_page(path, number, _words_on(plan, number, start, end))
        image = base64.b64encode(shown.png).decode()
        boxes = [[box.left, box.top, box.width, box.height] for box in shown.boxes]
        return {"page": number, "pages": shown.pages, "image": image, "boxes": boxes}

    @router.get("/{plan_id}/original", summary="原件")
    def original(plan_id: PlanId) -> Response:
        plan = library.catalog.plan(plan_id)
        path = _original(plan, library)
        is_pdf = path.suffix.lower() == _PDF
        # A browser runs what HTML and SVG hold: only what it merely shows opens in it.
        disposition = "inline" if is_pdf else "attachment"
        name = quote(f"{plan.title}{path.suffix.lower()}", safe="")
        return FileResponse(
            path,
            media_type="application/pdf" if is_pdf else "application/octet-stream",
            headers={
                "Content-Disposition": f"{disposition}; filename*=UTF-8''{name}",
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    return router


def clause_address(section: Section) -> str:
    """Return the numbers of the headings, as a clause is cited; empty where none has one.

    Example: 三、主要任务 > （二）培育企业 > 2. 高企 -> "三、（二）2."
    """
    labels = (read_label(heading, 0, len(heading)) for heading in section.path)
    return "".join(
        "".join(heading[label.start : label.end].split())
        for heading, label in zip(section.path, labels, strict=True)
        if label
    )


def _original(plan: Plan, library: Library) -> Path:
    try:
        return find_original(plan, library.limits)
    except OriginalMissing as error:
        raise HTTPException(404, str(error)) from error


def _surroundings(plan: Plan, library: Library, start: int, end: int) -> dict[str, Any]:
    if not start < end <= len(plan.text):
        raise HTTPException(404, "文件已更新，这段引文不在现在的文字里")
    section = _section_at(library.catalog.sections(plan.id), start)
    first, last = _window(plan, section, start, end)
    missing = ""
    try:
        suffix = find_original(plan, library.limits).suffix.lower()
    except OriginalMissing as error:
        suffix, missing = "", str(error)
    return {
        "title": plan.title,
        "address": clause_address(section) if section else "",
        "path": list(section.path) if section else [],
        "page": plan.page_at(start),
        "pages": len(plan.page_starts),
        "has_image": suffix == _PDF and bool(plan.page_starts),
        "missing": missing,
        "from": first,
        "text": plan.text[first:last],
        "length": len(plan.text),
        "piece": _PIECE,
    }


def _section_at(sections: tuple[Section, ...], start: int) -> Section | None:
    """Return the innermost section that the words stand in."""
    holding = [one for one in sections if one.span.start <= start < one.span.end]
    return min(holding, key=lambda one: len(one.span), default=None)


def _window(plan: Plan, section: Section | None, start: int, end: int) -> tuple[int, int]:
    """Return what to show at once: the section, or of a long one whole lines around the words."""
    if section is not None and len(section.span) <= _SECTION:
        return section.span.start, max(section.span.end, end)
    first = plan.text.rfind("\n", 0, max(0, start - _AROUND)) + 1
    last = plan.text.find("\n", min(len(plan.text), end + _AROUND))
    return first, len(plan.text) if last < 0 else last


def _words_on(plan: Plan, page: int, start: int, end: int) -> str:
    """Return what of the words stands on the page."""
    begins = plan.page_starts[page - 1]
    ends = plan.page_starts[page] if page < len(plan.page_starts) else len(plan.text)
    return plan.text[max(start, begins) : min(end, ends)]
