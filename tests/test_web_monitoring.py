"""The section 监测: through a real server and a real browser, over the bundled plan."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.library import Library
from assistant.web.app import build_web_app
from tests.browser import running

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

CHINESE = re.compile("[\u4e00-\u9fff]")
FIRMS = "高新技术企业数量"
RESULT = "#monitoring-result table, #monitoring-result [role=alert]"


@pytest.fixture(scope="module")
def app(library: Library) -> FastAPI:
    return build_web_app(library)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with running(app) as address:
        yield address


@pytest.fixture(scope="module")
def context(browser: Browser) -> BrowserContext:
    """One for all tests, so that Gradio's assets are fetched once."""
    return browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{address}/?tab=indicators")
    page.get_by_role("tab", name="监测").click()
    page.locator("#actuals").wait_for()
    yield page
    page.close()


def evaluate(page: Page, year: str = "2023", **values: str) -> None:
    page.locator("#actuals [name=year]").fill(year)
    for name, value in values.items():
        page.get_by_label(f"{name} 实际值", exact=True).fill(value)
    page.get_by_role("button", name="评估").click()
    page.locator(RESULT).first.wait_for()


def sheet(path: Path, *rows: list[object]) -> Path:
    workbook = Workbook()
    for row in (["指标", "年份", "实际值"], *rows):
        workbook.active.append(row)
    workbook.save(path)
    return path


def upload(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="上传填好的表").click()
    chooser.value.set_files(path)
    page.locator(RESULT).first.wait_for()


def test_what_is_typed_in_is_judged_with_its_sum_and_its_source(page: Page) -> None:
    evaluate(page, **{FIRMS: "300", "数字经济增加值": "很多"})
    row = page.locator("#monitoring-result tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("慢于进度")
    expect(row).to_contain_text("379.8家")
    expect(page.get_by_role("alert")).to_contain_text(
        "数字经济增加值：实际值“很多”不是一个确切的数"
    )
    page.locator("#monitoring-result summary").click()
    detail = page.locator("#monitoring-result details")
    expect(detail).to_contain_text("218 × (550 ÷ 218)^(3/5) ≈ 379.8（家）")
    expect(detail.locator("blockquote")).to_have_text("高新技术企业数量 家 218 550 20.3% 预期性")
    assert "379.8" in detail.locator("svg").inner_html()


def test_the_standing_is_told_in_words_and_in_colour(page: Page) -> None:
    evaluate(page, **{FIRMS: "300", "科技型中小企业数量": "1600"})
    cells = page.locator("#monitoring-result td.standing")
    expect(cells).to_have_text(["▼ 慢于进度", "✓ 符合进度"])
    colours = cells.evaluate_all("(cells) => cells.map((one) => getComputedStyle(one).color)")
    assert len(set(colours)) == 2


def test_a_year_of_a_row_of_its_own_goes_first(page: Page) -> None:
    page.get_by_label(f"{FIRMS} 年份").fill("2021")
    evaluate(page, **{FIRMS: "300"})
    # 218 × (550 ÷ 218)^(1/5) = 262.3
    expect(page.locator("#monitoring-result tbody")).to_contain_text("262.3家")


def test_an_uploaded_table_fills_in_the_form_and_can_be_edited(page: Page, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["高企", 2022, 280],
        ["高企", 2023, 300],
        ["房价", 2023, 3],
        ["科小", 2023, "=1+1"],
    )
    upload(page, path)
    expect(page.get_by_label(f"{FIRMS} 实际值")).to_have_value("300")
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text("第4行：没有叫“房价”的指标")
    expect(problems).to_contain_text("第5行：实际值是公式")
    page.get_by_label(f"{FIRMS} 实际值").fill("380")
    page.get_by_role("button", name="评估").click()
    expect(page.locator("#monitoring-result td.standing")).to_have_text("✓ 符合进度")
    # The earlier year of the table is still drawn.
    page.locator("#monitoring-result summary").click()
    assert "280" in page.locator("#monitoring-result details svg").inner_html()


def test_a_file_that_is_no_table_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7")
    upload(page, path)
    expect(page.get_by_role("alert")).to_contain_text("只能读 xlsx 或 csv")


def test_the_template_and_the_reports_are_saved(page: Page) -> None:
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="下载 Excel 模板").click()
    assert (
        load_workbook(io.BytesIO(downloaded.value.path().read_bytes())).active["I1"].value
        == "实际值"
    )
    evaluate(page, **{FIRMS: "300"})
    page.get_by_label("期末评估").check()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="下载 Word 报告").click()
    assert downloaded.value.suggested_filename.endswith("实施情况期末评估报告.docx")
    words = [p.text for p in docx.Document(str(downloaded.value.path())).paragraphs]
    assert "四、未完成的指标及差距" in words
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="下载 Markdown 报告").click()
    with zipfile.ZipFile(downloaded.value.path()) as archive:
        assert archive.namelist() == ["报告.md", "报告-图1.svg", "报告-图2.svg"]


def test_markup_that_is_typed_in_stays_words(page: Page) -> None:
    evaluate(page, **{FIRMS: "<img src=x onerror=alert(1)>"})
    expect(page.get_by_role("alert")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#monitoring-result img").count() == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_it_is_accessible_and_needs_no_sideways_scrolling(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    evaluate(page, **{FIRMS: "300"})
    page.locator("#monitoring-result summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_an_english_browser_reads_english(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{address}/?tab=indicators")
    page.get_by_role("tab", name="Monitoring").click()
    page.locator("#actuals [name=year]").fill("2023")
    page.locator("#actuals [data-value]").first.fill("3.3")
    page.get_by_role("button", name="Evaluate").click()
    page.locator("#monitoring-result table").wait_for()
    ours = page.locator("#actuals, #monitoring-result").evaluate_all(
        """(roots) => roots.map((root) => {
        for (const one of root.querySelectorAll('[translate=no], svg, small')) one.remove();
        return root.innerText; }).join()"""
    )
    assert "Download report (Word)" in ours
    assert not CHINESE.findall(ours)
    context.close()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        (json.dumps([["高企", "300", "2023"]]), 200),
        (json.dumps([["房价", "300", "2023"]]), 422),
        (json.dumps([["高企", "3" * 200, "2023"]]), 422),
        ("not json", 422),
        ("[[1]]", 422),
    ],
)
def test_the_report_takes_only_what_the_page_sends(
    app: FastAPI, library: Library, values: str, status: int
) -> None:
    client = TestClient(app, base_url="http://127.0.0.1")
    plan = library.catalog.entries()[0].id
    answer = client.post("/api/monitoring/report.docx", data={"plan": plan, "values": values})
    assert answer.status_code == status
    if status == 200:
        assert "中期评估报告.docx" in unquote(answer.headers["content-disposition"])
        assert docx.Document(io.BytesIO(answer.content)).tables
