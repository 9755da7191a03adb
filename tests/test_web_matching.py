"""The tab 政策匹配 in a real browser, over policies made for it."""

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from assistant.web.app import build_web_app
from tests.browser import running
from tests.policies import taken_in

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

HOSTILE = "<img src=x onerror=alert(1)>**b** ${alert(2)} {{value}}"
POLICY = f"""瓯海区关于支持科技企业发展的若干措施

一、研发奖励
对年主营业务收入2000万元以上的企业，给予一次性奖励20万元。
对高新技术企业，给予最高50万元补助。
二、场地支持
对从事餐饮业的企业，给予每年最高10万元房租补贴。
三、其他
对购买{HOSTILE}设备的企业，给予最高3万元补贴。
"""
ELSEWHERE = """柳河县关于支持科技企业发展的若干措施

一、研发奖励
对在本县注册的高新技术企业，给予一次性奖励77万元。
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    texts = {"瓯海区若干措施": POLICY, "柳河县若干措施": ELSEWHERE}
    with (
        taken_in(texts, tmp_path_factory.mktemp("matching")) as library,
        running(build_web_app(library)) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def context(browser: Browser) -> BrowserContext:
    """One for all tests, so that Gradio's assets are fetched once."""
    return browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")


@pytest.fixture(scope="module")
def opened(context: BrowserContext, address: str) -> Iterator[Page]:
    """One page for all tests: to open it takes longer than to match."""
    page = context.new_page()
    visit(page, address)
    yield page
    page.close()


@pytest.fixture
def page(opened: Page) -> Page:
    # What is to be cleared tells when that is done.
    opened.get_by_label("主营业务").fill("待清空")
    opened.get_by_role("button", name="清空", exact=True).click()
    expect(opened.get_by_label("主营业务")).to_have_value("")
    expect(opened.locator("#matching-results")).to_contain_text("没填的不会算作不符合")
    return opened


def visit(page: Page, address: str) -> None:
    page.goto(f"{address}/?tab=matching")
    page.get_by_role("button", name="开始匹配").wait_for()


def fill(page: Page, revenue: str = "2600") -> None:
    page.get_by_label("主营业务").fill("工业软件")
    page.get_by_label("注册地").fill("温州市瓯海区")
    page.get_by_label("上年营业收入（万元）").fill(revenue)


def match(page: Page) -> None:
    page.get_by_role("button", name="开始匹配").click()
    page.locator("#matching-results .understood").wait_for()


def group(page: Page, number: int) -> Locator:
    return page.locator(f"#group-{number}")


def measure(page: Page, number: int, words: str) -> Locator:
    """Return the card of a measure; the words around a neighbour's hold its text as well."""
    own = page.locator(":scope > blockquote").filter(has_text=words)
    return group(page, number).locator("article").filter(has=own)


def type_of_enterprise(page: Page, name: str) -> Locator:
    return page.locator("#match-types fieldset").filter(has_text=name)


def test_measures_come_in_groups_with_reasons_sums_and_sources(page: Page) -> None:
    expect(page.locator("#matching-results")).to_contain_text("没填的不会算作不符合")
    fill(page)
    match(page)
    paid = measure(page, 0, "给予一次性奖励20万元")
    expect(paid).to_contain_text("年主营业务收入2000万元以上")
    expect(paid).to_contain_text("您填写：2600万元 → 符合")
    expect(paid.locator(".sum")).to_contain_text("20万元")
    # Unknown is not failed: whether it is a 高新技术企业 was left open.
    expect(group(page, 1)).to_contain_text("对高新技术企业，给予最高50万元补助")
    failed = group(page, 2)
    expect(failed.locator("article").first).to_be_hidden()
    failed.locator("summary").first.click()
    expect(failed).to_contain_text("77万元")
    expect(failed).to_contain_text("房租补贴")
    paid.locator(".source summary").click()
    expect(paid.locator("mark")).to_have_text(
        "对年主营业务收入2000万元以上的企业，给予一次性奖励20万元。"
    )


def test_a_threshold_that_is_missed_is_told_as_the_reason(page: Page) -> None:
    fill(page, revenue="1999")
    match(page)
    group(page, 2).locator("summary").first.click()
    missed = measure(page, 2, "给予一次性奖励20万元")
    expect(missed.locator("li.failed")).to_contain_text("您填写：1999万元 → 不符合")


def test_a_question_is_answered_by_a_click_and_matched_anew(page: Page) -> None:
    fill(page)
    match(page)
    asked = page.locator("#matching-results .question").filter(has_text="高新技术企业")
    asked.get_by_role("button", name="是", exact=True).click()
    expect(group(page, 0)).to_contain_text("对高新技术企业，给予最高50万元补助")
    expect(asked).to_have_count(0)
    expect(type_of_enterprise(page, "高新技术企业").get_by_label("是")).to_be_checked()


def test_a_question_that_cannot_be_answered_is_not_asked_again(page: Page) -> None:
    fill(page)
    match(page)
    asked = page.locator("#matching-results .question").filter(has_text="高新技术企业")
    asked.get_by_role("button", name="不清楚").click()
    expect(asked).to_have_count(0)
    expect(group(page, 1)).to_contain_text("对高新技术企业，给予最高50万元补助")


def test_the_browser_keeps_the_profile_until_it_is_cleared(page: Page) -> None:
    fill(page)
    type_of_enterprise(page, "小微企业").get_by_label("否").check()
    match(page)
    page.reload()
    expect(page.get_by_label("注册地")).to_have_value("温州市瓯海区")
    expect(page.get_by_label("上年营业收入（万元）")).to_have_value("2600")
    expect(type_of_enterprise(page, "小微企业").get_by_label("否")).to_be_checked()
    page.get_by_role("button", name="清空", exact=True).click()
    expect(page.get_by_label("注册地")).to_have_value("")
    page.reload()
    page.get_by_role("button", name="开始匹配").wait_for()
    expect(page.get_by_label("注册地")).to_have_value("")


def test_a_shared_link_matches_at_once_and_tells_the_server_nothing(
    page: Page, browser: Browser
) -> None:
    fill(page)
    match(page)
    page.get_by_role("button", name="生成分享链接").click()
    shared = page.get_by_label("分享链接（已复制）")
    expect(shared).to_be_visible()
    link = shared.input_value()
    packed = link.split("#profile=")[1]
    told = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    assert told["region"] == "温州市瓯海区" and told["revenue"] == "2600"

    other = browser.new_context(locale="zh-CN").new_page()
    addresses: list[str] = []
    other.on("request", lambda request: addresses.append(request.url))
    other.goto(link)
    expect(other.locator("#group-0")).to_contain_text("给予一次性奖励20万元")
    expect(other.get_by_label("主营业务")).to_have_value("工业软件")
    assert addresses and not any(packed in one.split("#")[0] for one in addresses)
    other.context.close()


@pytest.mark.parametrize("packed", ["eyJzdGFmZiI6Ii0zIn0", "AAAA"])
def test_a_broken_link_is_told(packed: str, context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/?tab=matching#profile={packed}")
    expect(page.get_by_role("alert")).to_contain_text("请")
    expect(page.get_by_label("主营业务")).to_have_value("")
    page.close()


def test_figures_that_cannot_be_are_refused_in_plain_words(page: Page) -> None:
    fill(page)
    page.get_by_label("研发投入占营业收入（%）").fill("600")
    page.get_by_role("button", name="开始匹配").click()
    expect(page.get_by_role("alert")).to_contain_text("应在0到100之间")
    expect(page.get_by_label("主营业务")).to_have_value("工业软件")


def test_the_result_is_saved_as_a_word_file(page: Page, tmp_path: Path) -> None:
    fill(page)
    match(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Word").click()
    assert download.value.suggested_filename == "政策匹配结果.docx"
    download.value.save_as(tmp_path / "saved.docx")
    content = io.BytesIO((tmp_path / "saved.docx").read_bytes())
    text = "\n".join(paragraph.text for paragraph in Document(content).paragraphs)
    assert "对年主营业务收入2000万元以上的企业，给予一次性奖励20万元。" in text
    assert "上年营业收入：2600万元" in text and "温州市瓯海区" in text


def test_markup_in_a_document_is_only_text(page: Page) -> None:
    dialogs: list[Dialog] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))
    fill(page)
    match(page)
    quote = page.locator("#matching-results article blockquote").filter(has_text="设备的企业")
    expect(quote.first).to_contain_text(HOSTILE)
    assert page.locator("#matching-results img").count() == 0
    assert dialogs == []


def test_nothing_found_says_what_to_do(page: Page) -> None:
    page.get_by_label("注册地").fill("北京市海淀区")
    match(page)
    expect(page.locator("#matching-results")).to_contain_text("没有这家企业可以申请的措施")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_it_reads_well_at_every_width_and_for_everybody(
    width: int, scheme: str, browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
    )
    page = context.new_page()
    visit(page, address)
    fill(page)
    page.get_by_role("button", name="开始匹配").press("Enter")
    page.locator("#matching-results .understood").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context="#tab-matching", options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
    context.close()
