"""The tabs beside the chat: through a real server and a real browser, over the bundled plan."""

import csv
import io
import json
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from filelock import FileLock
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.library import Library
from assistant.settings import Settings
from assistant.tools.indicator_table import IndicatorFilter, filter_indicators
from assistant.web.app import build_web_app
from assistant.web.document_events import NOT_ALLOWED
from corpus.model import Plan
from tests.browser import ask, running

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

TABS = ("chat", "indicators", "documents", "about")
ROW = "高新技术企业数量 家 218 550 20.3% 预期性"
SECRET = "sk-very-secret"
CHINESE = re.compile("[\u4e00-\u9fff]")
NOTICE = (
    "某县关于支持新能源产业的若干措施\n\n一、支持对象\n\n"
    "在某县注册的新能源企业。\n\n二、支持措施\n\n"
    "对新建成的储能项目，给予最高{}万元补助。\n"
)
READER_HEADER = "x-user"


@pytest.fixture(scope="module")
def own(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library to be changed."""
    data_dir = tmp_path_factory.mktemp("pages") / "data"
    shutil.copytree(library.settings.data_dir, data_dir)
    settings = Settings(data_dir=data_dir, max_file_mb=1, workers=1, llm_api_key=SECRET)
    own = Library(settings)
    yield own
    own.catalog.close()


@pytest.fixture(scope="module")
def app(own: Library) -> FastAPI:
    return build_web_app(own)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with running(app) as address:
        yield address


@pytest.fixture(scope="module")
def context(browser: Browser) -> BrowserContext:
    """One for all tests, so that Gradio's assets are fetched once."""
    return browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")


@pytest.fixture
def clean(own: Library) -> Iterator[None]:
    """Remove what a test has taken in."""
    yield
    for entry in own.catalog.entries():
        if not entry.source.startswith("bundled"):
            own.remove(entry.id)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


def visit(page: Page, address: str, tab: str) -> None:
    page.goto(f"{address}/?tab={tab}" if tab != "chat" else address)
    shown = {"chat": "#question", "about": "#about dl", "documents": "#documents .bar"}
    page.locator(shown.get(tab, "#indicators .bar")).first.wait_for()


def upload(page: Page, *files: dict[str, Any]) -> None:
    """Choose the files, take them in and wait until nothing is under way."""
    page.locator("#document-files input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]
    for file in files:
        expect(page.locator("#document-files")).to_contain_text(Path(file["name"]).stem)
    page.get_by_role("button", name="收录", exact=True).click()


def text_file(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def open_document(page: Page, title: str) -> None:
    page.locator("#documents").get_by_role("button", name=title).click()
    expect(page.locator("#document-facts .opened")).to_have_text(title)


# --- the page as a whole ---------------------------------------------------------------------


def test_the_open_tab_stands_in_the_address_and_back_goes_back(page: Page, address: str) -> None:
    visit(page, address, "chat")
    page.get_by_role("tab", name="指标", exact=True).click()
    page.wait_for_url("**/?tab=indicators")
    page.get_by_role("tab", name="关于").click()
    page.wait_for_url("**/?tab=about")
    page.go_back()
    expect(page.get_by_role("tab", name="指标", exact=True)).to_have_attribute(
        "aria-selected", "true"
    )
    page.reload()
    expect(page.locator("#indicators .bar")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="问答")).to_have_attribute("aria-selected", "true")
    assert "tab=" not in page.url


def test_dark_follows_the_browser_until_it_is_chosen(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark", locale="zh-CN")
    page = context.new_page()
    visit(page, address, "about")
    ground = "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"{ground} !== '{dark}'")
    light = page.evaluate(ground)
    page.get_by_role("button", name="切换浅色和深色").click()
    page.wait_for_function(f"{ground} === '{dark}'")
    page.reload()
    page.locator("#about dl").first.wait_for()
    page.wait_for_function(f"{ground} === '{dark}'")
    assert light != dark
    context.close()


def test_an_english_browser_reads_english_and_the_plans_stay_as_they_are(
    browser: Browser, address: str, own: Library
) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    visit(page, address, "about")
    expect(page.get_by_role("tab")).to_have_text(
        ["Ask", "Policy matching", "Indicators", "Documents", "About"]
    )
    assert page.locator("html").get_attribute("lang") == "en"
    ours = page.locator("#about").evaluate(
        """(root) => { for (const one of root.querySelectorAll('[translate=no]')) one.remove();
        return root.innerText; }"""
    )
    assert "Settings in force" in ours
    assert not CHINESE.findall(ours)
    page.get_by_role("tab", name="Indicators", exact=True).click()
    page.get_by_role("button", name="高新技术企业数量").click()
    expect(page.locator("#indicator-detail mark")).to_have_text(ROW)
    expect(page.locator("#indicators thead")).to_contain_text("Target")
    expect(page.get_by_placeholder("Words of an indicator or document")).to_be_visible()
    context.close()


def test_no_request_leaves_the_machine_on_any_tab(page: Page, address: str) -> None:
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    visit(page, address, "chat")
    ask(page, "到25年要有几家高企？")
    for tab in TABS[1:]:
        page.locator(f"#tab-{tab}-button").click()
    page.locator("#about dl").first.wait_for()
    page.locator("#tab-indicators-button").click()
    page.get_by_role("button", name="高新技术企业数量").click()
    page.locator("#indicator-detail figure svg").wait_for()
    abroad = [url for url in asked_for if not url.startswith((address, "data:", "blob:"))]
    assert len(asked_for) > 10
    assert abroad == []


@pytest.mark.parametrize("tab", TABS[1:])
def test_axe_finds_nothing_serious(page: Page, address: str, tab: str) -> None:
    visit(page, address, tab)
    if tab == "indicators":
        page.get_by_role("button", name="高新技术企业数量").click()
        page.locator("#indicator-detail figure").wait_for()
    if tab == "documents":
        page.locator("#documents tbody button").first.click()
        page.locator("#document-outline button").first.click()
        page.locator("#document-section .text").wait_for()
        page.get_by_role("button", name="更正标题和属性").click()
    found = Axe().run(page).response["violations"]
    serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.mark.parametrize("tab", TABS[1:])
def test_a_phone_needs_no_sideways_scrolling(page: Page, address: str, tab: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, address, tab)
    widths = "[document.documentElement.scrollWidth, document.querySelector('#tabs').offsetWidth]"
    whole, tabs = page.evaluate(widths)
    assert whole <= 390
    assert tabs <= 390
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.table-box, .filters, .card, .outline')]
        .filter((one) => one.getBoundingClientRect().right > 390).map((one) => one.className)"""
    )
    assert cut == []


def test_every_control_can_be_reached_and_seen_with_the_keyboard(page: Page, address: str) -> None:
    visit(page, address, "indicators")
    page.get_by_label("查找", exact=True).focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.plan ?? ''"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#indicator-detail mark")).to_have_count(1)


# --- indicators ------------------------------------------------------------------------------


def test_a_row_leads_to_its_own_words(page: Page, address: str) -> None:
    visit(page, address, "indicators")
    expect(page.locator("#indicators .bar")).to_contain_text("共 14 项")
    page.get_by_role("button", name="高新技术企业数量").click()
    card = page.locator("#indicator-detail .card")
    expect(card.locator("mark")).to_have_text(ROW)
    expect(card).to_contain_text("附件1")
    expect(card.locator("figure")).to_have_attribute("aria-label", "2020年基数 218，2025年目标 550")
    assert [
        said for said in ("218家", "550家") if said not in card.locator("svg").inner_html()
    ] == []


def test_a_sum_that_does_not_hold_is_marked_and_shown(page: Page, address: str) -> None:
    visit(page, address, "indicators")
    failed = page.locator("#indicators td.check.fail")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("55 - 36.5 = 18.5")
    expect(failed.get_by_role("img", name="核算不符")).to_be_visible()


def test_the_table_is_narrowed_and_sorted(page: Page, address: str) -> None:
    visit(page, address, "indicators")
    page.get_by_label("查找", exact=True).fill("企业数量")
    names = page.locator("#indicators tbody th button")
    expect(names).to_have_text(["高新技术企业数量", "科技型中小企业数量"])
    page.get_by_role("button", name="目标").click()
    page.get_by_role("button", name="目标").click()
    expect(names).to_have_text(["科技型中小企业数量", "高新技术企业数量"])
    head = page.locator("#indicators th", has_text="目标")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.get_by_label("核算", exact=True).click()
    page.get_by_role("option", name="不符", exact=True).click()
    expect(page.locator("#indicators .empty")).to_contain_text("没有符合条件的指标")


def test_what_is_downloaded_is_what_the_table_shows(page: Page, address: str) -> None:
    visit(page, address, "indicators")
    page.get_by_label("查找", exact=True).fill("企业数量")
    expect(page.locator("#indicators tbody tr")).to_have_count(2)
    saved: dict[str, bytes] = {}
    for name in ("下载 CSV", "下载 Excel"):
        with page.expect_download() as downloaded:
            page.get_by_role("link", name=name).click()
        saved[name] = Path(downloaded.value.path()).read_bytes()
    head, *rows = csv.reader(io.StringIO(saved["下载 CSV"].decode("utf-8-sig")))
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["指标"], row["基数"], row["目标"]) for row in found] == [
        ("高新技术企业数量", "218", "550"),
        ("科技型中小企业数量", "1064", "2000"),
    ]
    assert found[0]["原文"] == ROW
    assert found[0]["核算"] == "相符"
    sheet = load_workbook(io.BytesIO(saved["下载 Excel"])).active
    assert sheet is not None
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert cells[0] == head
    assert [row[:6] for row in cells[1:]] == [
        ["高新技术企业数量", None, "家", 218, 2020, "550"],
        ["科技型中小企业数量", None, "家", 1064, 2020, "2000"],
    ]


@pytest.mark.parametrize(
    ("query", "status"),
    [("sort=name;drop", 422), ("form=x&sort=name", 200), ("words=%00", 200)],
)
def test_an_odd_download_is_refused_or_harmless(address: str, query: str, status: int) -> None:
    try:
        with urllib.request.urlopen(f"{address}/api/indicators/export.csv?{query}") as answer:
            assert answer.status == status
    except urllib.error.HTTPError as error:
        assert error.code == status


@pytest.mark.slow
def test_three_thousand_rows_open_in_a_second(
    browser: Browser, own: Library, plan: Plan, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(own.settings.data_dir, data_dir)
    many = Library(Settings(data_dir=data_dir))
    parsed = many.catalog.parsed(plan.id)
    row = parsed.indicators[0]
    rows = tuple(replace(row, number=number, name=f"指标{number:04}") for number in range(3000))
    words = [("", "") for _ in parsed.chunks]
    many.catalog.replace_plan(replace(parsed, indicators=rows), words)
    with running(build_web_app(many)) as address:
        page = browser.new_page(locale="zh-CN")
        visit(page, address, "chat")
        # The page itself is still being set up when the box is there already.
        page.wait_for_timeout(1500)
        started = time.perf_counter()
        page.locator("#tab-indicators-button").click()
        page.locator("#indicators .bar").wait_for()
        seconds = time.perf_counter() - started
        expect(page.locator("#indicators .bar")).to_contain_text("共 3000 项")
        expect(page.locator("#indicators tbody tr")).to_have_count(50)
        page.get_by_role("button", name="下一页").click()
        expect(page.locator(".pager")).to_contain_text("第 2 页，共 60 页")
        expect(page.locator("#indicators tbody button").first).to_have_text("指标0050")
        page.close()
    many.catalog.close()
    assert seconds < 1


# --- documents -------------------------------------------------------------------------------


@pytest.mark.usefixtures("clean")
def test_uploads_are_taken_in_and_each_failure_says_why(
    page: Page, address: str, own: Library
) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("措施/储能.txt", NOTICE.format(300))
        archive.writestr("../外面.txt", "正文")
    visit(page, address, "documents")
    upload(
        page,
        text_file("新能源.txt", NOTICE.format(200)),
        {"name": "合集.zip", "mimeType": "application/zip", "buffer": packed.getvalue()},
        {
            "name": "假的.pdf",
            "mimeType": "application/pdf",
            "buffer": b"MZ\x90\x00\x03\x00\x00\x00\xff\xff" + bytes(range(256)) * 8,
        },
        {"name": "旧.rar", "mimeType": "application/zip", "buffer": b"Rar!\x1a\x07\x00"},
    )
    outcome = page.locator("#document-outcome .outcomes")
    expect(outcome.locator("li.added")).to_have_count(2, timeout=30_000)
    expect(outcome.locator("li.failed")).to_have_count(3)
    said = outcome.inner_text()
    for reason in ("不是文本文件", "请改用 zip 或先解压", "路径不安全"):
        assert reason in said
    # The head of the page and the list know of it without a reload.
    expect(page.locator(".masthead")).to_contain_text("已收录 3 份")
    expect(page.locator("#documents .bar")).to_contain_text("共 3 份")
    taken = [entry for entry in own.catalog.entries() if "新能源" in entry.title]
    kept = sorted(Path(entry.source).read_text(encoding="utf-8") for entry in taken)
    assert kept == [NOTICE.format(200), NOTICE.format(300)]
    for entry in taken:
        own.remove(entry.id)
        assert not Path(entry.source).exists()


@pytest.mark.usefixtures("clean")
def test_a_second_upload_of_a_name_is_its_new_version(
    page: Page, address: str, own: Library
) -> None:
    visit(page, address, "documents")
    for ceiling, outcome in ((200, "added"), (500, "replaced"), (500, "unchanged")):
        upload(page, text_file("补助.txt", NOTICE.format(ceiling)))
        expect(page.locator(f"#document-outcome li.{outcome}")).to_have_count(1, timeout=30_000)
    (entry,) = (entry for entry in own.catalog.entries() if "新能源" in entry.title)
    assert "最高500万元" in own.catalog.plan(entry.id).text
    assert Path(entry.source).read_text(encoding="utf-8") == NOTICE.format(500)
    upload(page, text_file("补助.txt", ""))
    failed = page.locator("#document-outcome li.failed")
    expect(failed).to_contain_text("文件里没有文字", timeout=30_000)
    assert Path(entry.source).read_text(encoding="utf-8") == NOTICE.format(500)


@pytest.mark.slow  # The library waits five seconds before it says so.
@pytest.mark.usefixtures("clean")
def test_who_comes_second_is_told_to_wait_and_loses_nothing(
    page: Page, address: str, own: Library
) -> None:
    visit(page, address, "documents")
    with FileLock(own.settings.data_dir / "writing.lock"):
        upload(page, text_file("等待.txt", NOTICE.format(100)))
        note = page.locator("#document-outcome [role=alert]")
        expect(note).to_contain_text("请等它结束后再试", timeout=15_000)
    page.get_by_role("button", name="收录", exact=True).click()
    expect(page.locator("#document-outcome li.added")).to_have_count(1, timeout=30_000)


def test_the_outline_leads_to_the_text(page: Page, address: str, plan: Plan, own: Library) -> None:
    visit(page, address, "documents")
    open_document(page, plan.title)
    sections = own.catalog.sections(plan.id)
    expect(page.locator("#document-outline button")).to_have_count(len(sections))
    last = sections[-1]
    page.locator("#document-outline button").last.click()
    shown = page.locator("#document-section .text").text_content()
    assert shown == last.span.of(plan.text)
    assert last.title in (shown or "")


def test_metadata_is_set_right_and_what_cannot_be_read_is_told(
    page: Page, address: str, plan: Plan, own: Library
) -> None:
    visit(page, address, "documents")
    open_document(page, plan.title)
    page.get_by_role("button", name="更正标题和属性").click()
    form = page.locator("#document-form")
    # The fields are laid out when they are first shown; what is typed before is overwritten.
    expect(form.get_by_label("标题")).to_have_value(plan.title)
    expect(form.get_by_label("日期")).to_have_value(plan.metadata.date or "")
    # This plan has no date: nothing tells when its empty field is there to stay.
    page.wait_for_timeout(2_000)
    form.get_by_label("日期").fill("去年")
    page.get_by_role("button", name="保存更正").click()
    expect(page.locator("#document-note")).to_contain_text("看不懂日期“去年”，请写成 2021-03-12")
    form.get_by_label("日期").fill("2021-12-01")
    form.get_by_label("发文机关").fill("瓯海区人民政府办公室")
    page.get_by_role("button", name="保存更正").click()
    expect(page.locator("#document-note")).to_contain_text("已更正")
    expect(page.locator("#document-facts")).to_contain_text("瓯海区人民政府办公室")
    metadata = own.catalog.entry(plan.id).metadata
    assert (metadata.date, metadata.issuer) == ("2021-12-01", "瓯海区人民政府办公室")
    assert metadata.region == plan.metadata.region


@pytest.mark.usefixtures("clean")
def test_a_document_goes_only_once_that_is_confirmed(
    page: Page, address: str, own: Library, tmp_path: Path
) -> None:
    (tmp_path / "移除.txt").write_text(NOTICE.format(800), encoding="utf-8")
    (taken,) = own.ingest_all([tmp_path / "移除.txt"], are_uploads=True)
    visit(page, address, "documents")
    open_document(page, str(taken.title))
    page.get_by_role("button", name="移除这份文件").click()
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_role("button", name="确认移除")).not_to_be_visible()
    assert len(own.catalog.entries()) == 2
    page.get_by_role("button", name="移除这份文件").click()
    page.get_by_role("button", name="确认移除").click()
    expect(page.locator("#document-note")).to_contain_text(f"已移除《{taken.title}》")
    expect(page.locator("#document")).not_to_be_visible()
    expect(page.locator(".masthead")).to_contain_text("已收录 1 份")
    assert len(own.catalog.entries()) == 1


def test_rebuilding_the_index_is_asked_first(page: Page, address: str, own: Library) -> None:
    visit(page, address, "documents")
    page.get_by_role("button", name="重建索引").click()
    page.get_by_role("button", name="确认重建").click()
    count = own.catalog.count_chunks()
    expect(page.locator("#document-note")).to_contain_text(
        f"已重建 {count} 个文本块的向量", timeout=30_000
    )
    assert own.index.count() == count


@pytest.fixture
def reader_address(own: Library) -> Iterator[str]:
    """The same documents behind a proxy that says who asks; whom nobody made an editor reads."""
    behind = {"proxy_address": "127.0.0.1", "proxy_user_header": READER_HEADER}
    library = Library(own.settings.model_copy(update=behind))
    with running(build_web_app(library)) as address:
        yield address
    library.catalog.close()


def test_a_reader_sees_no_tools_and_the_server_refuses_all_of_them(
    browser: Browser, reader_address: str, plan: Plan, own: Library
) -> None:
    context = browser.new_context(locale="zh-CN", extra_http_headers={READER_HEADER: "reader"})
    page = context.new_page()
    visit(page, reader_address, "documents")
    open_document(page, plan.title)
    for name in ("收录", "更正标题和属性", "移除这份文件", "重建索引"):
        expect(page.get_by_role("button", name=name, exact=True)).not_to_be_visible()
    context.close()
    before = own.catalog.entries()
    for elem_id in (
        "document-take",
        "document-save",
        "document-remove-yes",
        "document-reindex-yes",
    ):
        assert NOT_ALLOWED in click_as_reader(reader_address, elem_id)
    assert own.catalog.entries() == before


def click_as_reader(address: str, elem_id: str) -> str:
    """Send the event of a button that a reader does not see, and return what comes back."""
    as_reader = {READER_HEADER: "reader"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{address}/config", headers=as_reader)
    ) as answer:
        config = json.load(answer)
    button = next(
        one["id"] for one in config["components"] if one["props"].get("elem_id") == elem_id
    )
    event = next(one for one in config["dependencies"] if [button, "click"] in one["targets"])
    values = {one["id"]: one["props"].get("value") for one in config["components"]}
    body = {
        "data": [values.get(component) for component in event["inputs"]],
        "fn_index": event["id"],
        "session_hash": f"reader{elem_id}",
    }
    headers = {"Content-Type": "application/json", **as_reader}
    join = urllib.request.Request(
        f"{address}/gradio_api/queue/join", json.dumps(body).encode(), headers
    )
    with urllib.request.urlopen(join):
        pass
    data = f"{address}/gradio_api/queue/data?session_hash={quote(body['session_hash'])}"
    with urllib.request.urlopen(urllib.request.Request(data, headers=headers)) as stream:
        said = stream.read().decode()
    # ASCII signs stand as entities, Chinese as JSON's escapes.
    return said.encode().decode("unicode_escape") if "\\u" in said else said


def test_a_file_beyond_the_limit_is_refused(address: str, own: Library) -> None:
    limit = own.settings.max_file_mb * 2**20
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        + b"a" * (limit + 1)
        + b"\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    send = urllib.request.Request(f"{address}/gradio_api/upload", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(send)
    assert refused.value.code == 413


@pytest.mark.parametrize("name", ["catalog.sqlite", "../data/catalog.sqlite"])
def test_nothing_of_the_data_folder_is_served(address: str, own: Library, name: str) -> None:
    path = quote(str(own.settings.data_dir / name))
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/gradio_api/file={path}")
    assert refused.value.code in (403, 404)


# --- about -----------------------------------------------------------------------------------


def test_about_says_what_runs_and_keeps_secrets(page: Page, address: str, own: Library) -> None:
    visit(page, address, "about")
    about = page.locator("#about")
    expect(about).to_contain_text(own.embeddings.identity.name)
    expect(about).to_contain_text("随附的重排与摘答模型")
    expect(about).to_contain_text("Apache-2.0")
    row = about.locator("tr", has_text="PLAN_LLM_API_KEY")
    expect(row).to_contain_text("（已设置，不显示）")
    assert SECRET not in page.content()
    about.locator("summary").click()
    expect(about.locator("tr", has_text="gradio ").first).to_contain_text("Apache-2.0")


def test_the_filter_narrows_by_each_of_its_fields(library: Library, plan: Plan) -> None:
    everything = filter_indicators(IndicatorFilter(), library)
    assert len(everything) == 14
    for narrowed, count in (
        (IndicatorFilter(plan_id=plan.id), 14),
        (IndicatorFilter(attribute="约束性"), 0),
        (IndicatorFilter(attribute="预期性"), 14),
        (IndicatorFilter(check="fail"), 1),
        (IndicatorFilter(origin="prose"), 0),
        (IndicatorFilter(region="别处"), 0),
        (IndicatorFilter(words="企业 数量"), 2),
    ):
        assert len(filter_indicators(narrowed, library)) == count, narrowed


@pytest.mark.parametrize("descending", [False, True])
def test_rows_without_the_figure_stand_last(library: Library, descending: bool) -> None:
    wanted = IndicatorFilter(sort="base", descending=descending)
    bases = [row.indicator.base for row in filter_indicators(wanted, library)]
    known = [base for base in bases if base is not None]
    assert bases == known + [None] * (len(bases) - len(known))
    assert known == sorted(known, reverse=descending)
