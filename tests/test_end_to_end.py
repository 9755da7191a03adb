"""The real index behind the real page in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant.library import Library
from assistant.web.app import build_web_app
from tests.browser import ask, launched_browser, running

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

ROW = "高新技术企业数量 家 218 550 20.3% 预期性"


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with running(build_web_app(library)) as address:
        yield address


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """One for all tests, so that Gradio's assets are fetched once."""
    with launched_browser() as browser:
        yield browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")


@pytest.fixture
def page(address: str, context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.goto(address)
    page.get_by_label("问题", exact=True).wait_for()
    yield page
    page.close()


def test_a_figure_with_its_row_marked_in_the_text(page: Page, library: Library) -> None:
    (entry,) = library.catalog.entries()
    expect(page.get_by_text(f"《{entry.title}》").first).to_be_visible()
    ask(page, "到25年要有几家高企？")
    reply = page.locator(".reply.answered")
    expect(reply).to_contain_text("2025年目标为550家")
    expect(page.locator("a.cite")).to_have_text(["[1]", "[2]"])
    expect(page.locator(".card mark").first).to_have_text(ROW)
    expect(page.locator(".card h3").first).to_have_text(entry.title)
    cells = page.locator(".table-box tbody tr").first.inner_text().split()
    assert [cell for cell in ("高新技术企业数量", "218", "550", "✓") if cell not in cells] == []


def test_a_sum_that_does_not_hold_is_shown(page: Page) -> None:
    ask(page, "高新技术产业增加值占比的累计提高对得上吗？")
    reply = page.locator(".reply.answered")
    expect(reply).to_contain_text("55 - 36.5 = 18.5")
    expect(reply).to_contain_text("18.53")
    expect(page.locator(".table-box")).to_contain_text("✗")


def test_what_is_not_in_the_plan_is_refused(page: Page) -> None:
    ask(page, "瓯海区明年的房价会涨吗？")
    reply = page.locator(".reply.refused")
    expect(reply).to_have_count(1)
    expect(reply).to_contain_text("所收文件中没有找到这个问题的答案")
    expect(page.locator(".reply.answered")).to_have_count(0)
    ask(page, "到25年要有几家高企？")
    expect(page.locator(".reply.answered")).to_contain_text("550")


def test_the_exported_answer_names_row_and_version(page: Page, library: Library) -> None:
    (entry,) = library.catalog.entries()
    ask(page, "到25年要有几家高企？")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Markdown").click()
    written = Path(downloaded.value.path()).read_text("utf-8")
    assert f"> {ROW}" in written
    assert f"版本 {entry.digest[:12]}" in written
