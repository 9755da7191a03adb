"""Many questions from a file of JSON lines, each answered or failed on its own."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer.respond import respond_fully
from assistant.documents import answer_document
from assistant.library import Library
from corpus.errors import PlanNotFound


class BatchLine(BaseModel):
    """One line of the input."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    question: str
    plan: str | None = None


def answer_lines(
    lines: Iterable[str], library: Library, *, plan: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield for each line its answer with its id, or `{"id", "line", "error"}`."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer_line(line, number, library, plan)


def _answer_line(line: str, number: int, library: Library, plan: str | None) -> dict[str, Any]:
    try:
        asked = BatchLine.model_validate_json(line)
    except ValidationError:
        reason = '应为 {"id": "…", "question": "…"}，可另加 "plan"'
        return {
            "id": _find_id(line),
            "line": number,
            "error": f"第 {number} 行格式不对：{reason}",
        }
    name = asked.plan or plan
    try:
        plan_id = library.catalog.find_plan(name).id if name else None
    except PlanNotFound as error:
        return {"id": asked.id, "line": number, "error": str(error)}
    answer = respond_fully(asked.question, library, plan_id=plan_id)
    return {"id": asked.id, **answer_document(answer)}


def _find_id(line: str) -> str | int | None:
    try:
        document = json.loads(line)
    except ValueError:
        return None
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, str | int) else None
