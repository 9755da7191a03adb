"""What a user says of a document's title and metadata → the fields to set right, checked."""

import datetime
from collections.abc import Mapping

from corpus.catalog import Corrections
from corpus.years import find_years


class BadCorrection(ValueError):
    """A field that cannot be read; its text says in Chinese how to write it."""


def check_corrections(given: Mapping[str, str]) -> Corrections:
    """Return the corrections; an empty text says that the document has no such thing.

    The period (`period`: 2021-2025, 十四五, 2026) becomes its first and its last year.

    Raises:
        BadCorrection: if a period or a date cannot be read.
    """
    fields: dict[str, str | int | None] = {
        name: text.strip() or None for name, text in given.items() if name != "period"
    }
    if date := fields.get("date"):
        fields["date"] = _read_date(str(date))
    if "period" in given:
        fields["start_year"], fields["end_year"] = _read_period(given["period"].strip())
    return fields


def _read_date(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadCorrection(f"看不懂日期“{text}”，请写成 2021-03-12") from error


def _read_period(text: str) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    # 十四五 as people type it, 2021-2025 and 2026 too.
    years = find_years(f"“{text}”") or find_years(f"{text}年")
    if not years:
        raise BadCorrection(f"看不懂规划期“{text}”，请写成 2021-2025 或 十四五")
    return years[0].first or years[0].last, years[0].last
