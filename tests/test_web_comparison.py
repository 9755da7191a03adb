"""The tabs 比较 and 规划自查 in a real browser."""

import csv
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from assistant.library import Library
from assistant.web import checking, comparison
from assistant.web.events import Desk
from assistant.web.observe import Metrics, Watch
from assistant.web.page import Tab, build_page
from assistant.web.server import create_app
from tests.browser import running
from tests.taken_in import library_of
from tests.test_comparison import REPORTS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

HOSTILE = "<img src=x onerror=alert(1)>"
TEXTS = {
    **{
        title: f"{title}\n\n一、{title[:4]}年工作目标\n今年的主要预期目标是：{goals}。\n"
        for title, goals in REPORTS.items()
    },
    "甲县“十四五”规划": (
        "甲县“十四五”规划\n一、主要任务\n围绕能源、工业、交通、建筑六大重点领域，开展降碳。\n"
        f"附件1\n主要指标\n指标 单位 2020年基数 2025年目标 年均增长 指标属性\n"
        f"企业{HOSTILE}数量 家 100 200 20.3% 预期性\n"
    ),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("web"), TEXTS)


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    desk = Desk(
        lambda question, history: iter(()),
        lambda plan_id: library.catalog.plan(plan_id).text,
        library.conversations,
        library.approvals,
    )
    tabs = (
        Tab("comparison", "比较", partial(comparison.lay_out, library)),
        Tab("checking", "规划自查", partial(checking.lay_out, library)),
    )
    page = build_page(desk, examples=(), subtitle="", tabs=tabs)
    watch = Watch(Metrics(count_chunks=library.catalog.count_chunks))
    with running(create_app(page, library.settings, watch)) as served:
        yield served


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    foreign: list[str] = []
    opened.on("request", lambda r: foreign.append(r.url) if not _is_own(r.url, address) else None)
    opened.goto(address)
    yield opened
    assert foreign == []
    context.close()


def _is_own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def pick(page: Page, label: str, choice: str) -> None:
    box = page.get_by_label(label)
    box.click()
    page.get_by_role("option", name=choice, exact=True).click()


def compare(page: Page, name: str) -> None:
    open_tab(page, "比较")
    box = page.locator("#comparison-name input")
    box.fill(name)
    box.press("Enter")
    page.locator("#comparison .series").first.wait_for()


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).locator("visible=true").click()
    path: Path = download.value.path()
    return path.read_bytes()


def test_a_comparison_shows_figures_words_warnings_and_a_chart(page: Page) -> None:
    compare(page, "城镇新增就业")

    table = page.get_by_role("region", name="城镇新增就业")
    expect(table.get_by_role("row").filter(has_text="湖北省")).to_contain_text("70万人以上")
    expect(table.locator("q").filter(has_text="城镇新增就业70万人以上")).to_have_count(1)
    expect(table.get_by_role("row").filter(has_text="甲县")).to_contain_text("未载明")
    expect(page.locator("#comparison .warnings").first).to_contain_text("限定词不同")
    assert page.locator("#comparison figure svg").count() >= 1


def test_kind_place_and_year_narrow_a_comparison(page: Page) -> None:
    compare(page, "GDP增长")
    rows = page.locator("#comparison tbody tr")
    expect(rows).to_have_count(5)

    pick(page, "文件种类", "工作报告")
    expect(rows).to_have_count(4)
    pick(page, "地区（不选则全部）", "江西省")
    expect(rows).to_have_count(2)
    pick(page, "年份（不选则全部）", "2025")
    expect(rows).to_have_count(1)


def test_a_comparison_is_downloaded_as_csv_and_excel(page: Page) -> None:
    compare(page, "城镇新增就业")

    lines = list(csv.DictReader(io.StringIO(downloaded(page, "CSV").decode("utf-8-sig"))))
    hubei = next(line for line in lines if line["地区"] == "湖北省")
    assert (hubei["原文数值"], hubei["数值"], hubei["单位"]) == ("70万人以上", "70", "万人")
    unstated = next(line for line in lines if line["地区"].startswith("甲县"))
    assert unstated["原文数值"] == "未载明"
    sheet = load_workbook(io.BytesIO(downloaded(page, "Excel"))).active
    assert sheet is not None
    assert [cell.value for cell in next(sheet.iter_rows())][:4] == [
        "指标",
        "地区",
        "年份",
        "原文数值",
    ]


def test_findings_show_both_sides_and_nothing_runs(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"markup ran: {dialog.message}"))
    open_tab(page, "规划自查")
    pick(page, "核对哪份文件", "甲县“十四五”规划")

    findings = page.locator("#checking .finding")
    expect(findings).to_have_count(2)
    expect(findings.filter(has_text="六大重点领域")).to_contain_text("前面列出4项")
    expect(findings.filter(has_text="(200 / 100)^(1/5) - 1 = 14.9%")).to_contain_text(HOSTILE)
    expect(page.locator("#checking .tally")).to_contain_text("不符2项")
    page.get_by_label("不符").uncheck()
    expect(findings).to_have_count(0)
    expect(page.locator("#checking")).to_contain_text("没有这些结论的项目")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tabs_fit_the_screen_and_can_be_read(
    width: int, scheme: str, browser: Browser, address: str
) -> None:
    context = browser.new_context(
        locale="zh-CN",
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{address}/?__theme={scheme}")
    compare(page, "城镇新增就业")
    checked = [("#comparison", "比较")]
    open_tab(page, "规划自查")
    pick(page, "核对哪份文件", "全部文件")
    page.locator("#checking .finding").first.wait_for()
    checked.append(("#checking", "规划自查"))
    for part, name in checked:
        open_tab(page, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        results = Axe().run(page, context={"include": [[part]]})
        assert results.violations_count == 0, results.generate_report()
    context.close()
