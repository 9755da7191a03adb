"""What documents and file names say is text on the page, never markup."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.library import Library
from assistant.tools.indicator_table import (
    IndicatorFilter,
    IndicatorRow,
    IndicatorSource,
    filter_indicators,
)
from assistant.web.document_view import (
    Taking,
    render_facts,
    render_list,
    render_note,
    render_outline,
    render_section,
    render_taking,
)
from assistant.web.indicator_view import render_detail, render_table
from corpus.ingest import Ingested
from corpus.model import Metadata, Plan, Section, Span

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>'\" {{value}} ${alert(3)}"


class Markup(HTMLParser):
    """Collects what a browser would take for an element, an attribute, or text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def pages(library: Library, plan: Plan) -> dict[str, str]:
    """Everything that is made of a document, made of a hostile one."""
    (entry,) = library.catalog.entries()
    metadata = Metadata(region=HOSTILE, number=HOSTILE, issuer=HOSTILE)
    entry = replace(entry, title=HOSTILE, metadata=metadata, warnings=(HOSTILE,))
    row = filter_indicators(IndicatorFilter(words="高新技术企业数量"), library)[0]
    indicator = replace(row.indicator, name=HOSTILE, unit=HOSTILE, category=HOSTILE)
    indicator = replace(indicator, base_text=HOSTILE, target_text=HOSTILE, growth_text=HOSTILE)
    indicator = replace(indicator, span=Span(0, len(HOSTILE)))
    row = IndicatorRow(indicator, entry)
    plan = replace(plan, title=HOSTILE, text=f"{HOSTILE}\n正文")
    whole = Span(0, len(plan.text))
    section = Section(0, None, 1, (HOSTILE,), whole, whole, whole)
    ingested = Ingested(HOSTILE, HOSTILE, "failed", title=HOSTILE, warnings=(HOSTILE,))
    wanted = IndicatorFilter(words=HOSTILE)
    return {
        "table": render_table([row], wanted, 1),
        "detail": render_detail(IndicatorSource(row, plan, (HOSTILE,), None)),
        "list": render_list([entry], 1, ""),
        "facts": render_facts(entry),
        "outline": render_outline([section]),
        "section": render_section(plan, section),
        "taking": render_taking(Taking(0.5, HOSTILE, (ingested,))),
        "note": render_note(HOSTILE),
    }


@pytest.mark.parametrize(
    "name", ["table", "detail", "list", "facts", "outline", "section", "taking", "note"]
)
def test_hostile_words_are_only_text(pages: dict[str, str], name: str) -> None:
    found = Markup(pages[name])
    assert not found.tags & {"img", "script"}
    assert not [one for one in found.attributes if one.startswith("on") or one == "src"]
    assert HOSTILE in found.text
