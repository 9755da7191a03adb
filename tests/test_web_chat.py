"""The tab 问答 over the bundled plan, in a real browser: what people do with it all day."""

import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.answer.model import Answer
from assistant.library import Library
from assistant.records.approved import Approvals
from assistant.records.conversations import Conversations
from assistant.settings import Settings
from assistant.web.app import build_web_app
from assistant.web.desk import Desk
from assistant.web.observe import Metrics, Watch
from assistant.web.page import build_page
from assistant.web.render import STOPPED
from assistant.web.server import create_app
from tests.browser import ask, running

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

QUESTION = "到25年要有几家高企？"
OTHER = "碳达峰方面要做什么？"
ROW = "高新技术企业数量 家 218 550 20.3% 预期性"


@pytest.fixture(scope="module")
def own(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The bundled plan in a folder of its own: conversations and approvals are written to it."""
    folder = tmp_path_factory.mktemp("chat") / "data"
    without = shutil.ignore_patterns("conversations.sqlite*")
    shutil.copytree(library.settings.data_dir, folder, ignore=without)
    own = Library(Settings(data_dir=folder))
    yield own
    own.catalog.close()


@pytest.fixture(scope="module")
def address(own: Library) -> Iterator[str]:
    with running(build_web_app(own)) as address:
        yield address


@pytest.fixture(scope="module")
def context(browser: Browser) -> BrowserContext:
    """One for most tests, so that Gradio's assets are fetched once."""
    return browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        permissions=["clipboard-read", "clipboard-write"],
    )


@pytest.fixture
def page(address: str, context: BrowserContext) -> Iterator[Page]:
    page = opened(context, address)
    yield page
    page.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.get_by_label("问题", exact=True).wait_for()
    return page


# The source beside the answer


def test_a_mark_opens_the_whole_text_at_the_words(page: Page, own: Library) -> None:
    ask(page, QUESTION)
    page.locator("a.cite").first.click()
    viewer = page.locator(".viewer")
    expect(viewer.locator("mark")).to_have_text(ROW)
    expect(viewer.locator("mark")).to_be_in_viewport()
    expect(viewer.locator(".where b")).to_have_text("附件1")
    expect(viewer.locator(".steps span")).to_have_text("来源 1 / 2")
    viewer.get_by_role("button", name="下一条来源").click()
    expect(viewer.locator(".steps span")).to_have_text("来源 2 / 2")
    viewer.get_by_role("button", name="展开全文").click()
    expect(viewer.locator("mark")).to_be_in_viewport()
    text = viewer.locator(".text")
    # The beginning of the plan comes once it is scrolled to.
    text.evaluate("element => element.scrollTo(0, 0)")
    plan = own.catalog.plan(own.catalog.entries()[0].id)
    expect(text).to_contain_text(plan.text[:40])
    text.evaluate("element => element.scrollTo(0, element.scrollHeight)")
    expect(text).to_contain_text(plan.text[-40:].strip())
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(page.locator("a.cite").first).to_be_focused()


def test_the_original_can_be_opened(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("a.cite").first.click()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="打开原文").click()
    assert ROW in Path(downloaded.value.path()).read_text(encoding="utf-8")


def test_on_a_phone_the_source_fills_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, QUESTION)
    page.locator("a.cite").first.click()
    expect(page.locator(".viewer mark")).to_be_in_viewport()
    box = page.locator("#viewer").bounding_box()
    assert box is not None and (box["x"], box["y"], box["width"]) == (0, 0, 390)
    page.get_by_role("button", name="返回来源列表").click()
    expect(page.locator(".viewer")).to_have_count(0)


# What can be done with an answer


def test_a_related_question_is_answered_by_a_click(page: Page) -> None:
    ask(page, QUESTION)
    related = page.get_by_role("group", name="相关问题").get_by_role("button")
    first = related.first.inner_text()
    assert 1 <= related.count() <= 3
    related.first.click()
    expect(page.locator(".asked").nth(1)).to_contain_text(first)
    expect(page.locator(".reply.answered")).to_have_count(2)


def test_an_answer_is_copied_with_its_sources(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="复制回答和出处").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    answer, _, sources = copied.partition("\n\n来源：\n")
    assert "2025年目标为550家" in answer and answer.endswith("[1][2]")
    assert sources.split("\n")[0].startswith("[1] 《") and sources.split("\n")[0].endswith(ROW)
    assert "\n[2] 《" in sources and "\n[3]" not in sources


def test_asked_again_the_answer_takes_the_place_of_the_old_one(page: Page, own: Library) -> None:
    ask(page, QUESTION)
    ask(page, OTHER)
    again = page.get_by_role("button", name="重新回答")
    # Only the last question can be asked again.
    expect(again).to_have_count(1)
    old = own.conversations.load(own.conversations.entries()[0].id).turns
    again.click()
    page.locator("#send[disabled]").wait_for()
    page.locator("#send:not([disabled])").wait_for()
    expect(page.locator(".asked")).to_have_text([QUESTION, OTHER])
    new = own.conversations.load(own.conversations.entries()[0].id).turns
    assert [turn.answer.question for turn in new] == [QUESTION, OTHER]
    assert new[0].id == old[0].id and new[1].id > old[1].id


def test_the_scope_stands_above_the_box_and_in_the_turn(page: Page, own: Library) -> None:
    page.get_by_role("button", name="查询范围：全部文件").click()
    page.get_by_label("种类").click()
    page.get_by_role("option", name="规划").click()
    line = "种类：规划（1 份）"
    expect(page.get_by_role("button", name=f"查询范围：{line}")).to_be_visible()
    ask(page, QUESTION)
    expect(page.locator(".reply .meant")).to_have_text(f"查询范围：{line}")
    assert own.conversations.load(own.conversations.entries()[0].id).turns[0].scope == line
    page.reload()
    expect(page.locator(".reply .meant")).to_have_text(f"查询范围：{line}")


def test_an_editor_approves_what_he_has_corrected(page: Page, own: Library) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="审定", exact=True).click()
    text = page.get_by_label("回答（保留 [1] 这样的出处编号）")
    text.fill("到2025年，高新技术企业达到550家。[1][2]\n另有600家在培育。[1]")
    approve = page.locator("#approving-yes")
    approve.click()
    expect(page.locator(".unproved li")).to_contain_text(["另有600家在培育"])
    assert own.approvals.entries() == []
    page.get_by_label("我已核对").check()
    approve.click()
    expect(page.locator("#note")).to_contain_text("已审定")
    ask(page, QUESTION)
    expect(page.locator(".approved")).to_contain_text("人工审定")
    expect(page.locator(".reply").last.locator(".remark")).to_contain_text("审定人所写")
    page.get_by_role("button", name="人工审定的回答").click()
    page.get_by_role("button", name=f"撤销：{QUESTION}").click()
    expect(page.locator("#note")).to_contain_text("已撤销")
    ask(page, QUESTION)
    expect(page.locator(".approved")).to_have_count(1)


# The list of conversations


def test_conversations_are_found_opened_renamed_and_deleted(page: Page, own: Library) -> None:
    ask(page, "瓯海区的青瓷产业怎么样？")
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".asked")).to_have_count(0)
    ask(page, QUESTION)
    listed = page.locator("#conversations")
    expect(listed.locator("li[aria-current]")).to_contain_text(QUESTION)
    page.get_by_label("搜索对话").fill("青瓷 瓯海")
    expect(listed.locator("li")).to_have_count(1)
    listed.locator(".open").first.click()
    expect(page.locator(".asked")).to_have_text("瓯海区的青瓷产业怎么样？")
    page.get_by_label("搜索对话").fill("")
    expect(listed.locator("li").nth(1)).to_be_visible()
    expect(listed.locator("li[aria-current]")).to_contain_text("青瓷产业")
    listed.locator("li[aria-current]").get_by_role("button", name="改名").click()
    title = page.get_by_label("新标题")
    expect(title).to_have_value("瓯海区的青瓷产业怎么样？")
    title.fill("<b>双碳</b>")
    page.locator("#rename-yes").click()
    expect(listed.locator("li[aria-current] .open span")).to_have_text("<b>双碳</b>")
    listed.locator("li[aria-current]").get_by_role("button", name="删除").click()
    expect(page.locator("#delete-question")).to_contain_text("不能恢复")
    before = len(own.conversations.entries())
    page.locator("#delete-yes").click()
    expect(listed.get_by_text("双碳")).to_have_count(0)
    # It was open: the page is empty now.
    expect(page.locator(".asked")).to_have_count(0)
    assert len(own.conversations.entries()) == before - 1


def test_another_browser_sees_none_of_it(
    page: Page, browser: Browser, address: str, own: Library
) -> None:
    ask(page, "世界青年科学家创业孵化器投资多少？")
    mine = own.conversations.entries()[0].id
    with page.expect_download():
        page.get_by_role("link", name="Markdown").click()
    elsewhere = browser.new_context(locale="zh-CN")
    other = opened(elsewhere, address)
    expect(other.locator("#conversations")).to_contain_text("还没有对话")
    other.evaluate("id => sessionStorage.setItem('conversation', id)", mine)
    other.reload()
    other.wait_for_timeout(500)
    expect(other.locator(".asked")).to_have_count(0)
    assert elsewhere.request.get(f"{address}/api/conversations/{mine}/export.md").status == 404
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{address}/api/conversations/{mine}/export.md")
    error.value.close()
    elsewhere.close()
    cookie = next(one for one in page.context.cookies() if one["name"] == "plan_owner")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"


def test_below_three_columns_the_list_comes_in_from_the_side(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, QUESTION)
    expect(page.locator("#list")).to_be_hidden()
    drawer = page.get_by_role("button", name="对话记录", exact=False).first
    drawer.click()
    expect(page.locator("#conversations li").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#list")).to_be_hidden()
    drawer.click()
    page.locator("#conversations .open").first.click()
    expect(page.locator("#list")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, address: str, scheme: str) -> None:
    color = "dark" if scheme == "dark" else "light"
    own_context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", color_scheme=color
    )
    page = opened(own_context, address)
    ask(page, QUESTION)
    page.get_by_role("group", name="相关问题").wait_for()
    page.get_by_role("button", name="查询范围：全部文件").click()
    for is_reading in (False, True):
        if is_reading:
            page.locator("a.cite").first.click()
            page.locator(".viewer mark").wait_for()
        found = Axe().run(page).response["violations"]
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []
    own_context.close()


# Stopping, with an answer whose end comes when a test says so


@dataclass(frozen=True, slots=True)
class Slow:
    """A server whose answers end once `may_end` is set."""

    address: str
    conversations: Conversations
    may_end: threading.Event


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    conversations = Conversations(tmp_path / "conversations.sqlite")
    approvals = Approvals(tmp_path / "conversations.sqlite", version_of=lambda plan_id: None)
    may_end = threading.Event()

    def stream(
        question: str, history: Sequence[Answer], plan_ids: Sequence[str] | None
    ) -> Iterator[Answer]:
        if question != "没有开头":
            yield Answer(question, "第一句。", "answered", "passage")
        may_end.wait(60)
        yield Answer(question, "第一句。\n第二句。", "answered", "passage")

    desk = Desk(stream, lambda plan_id: "", conversations, approvals)
    page = build_page(desk, examples=["例"], subtitle="")
    watch = Watch(Metrics(count_chunks=lambda: 0))
    with running(create_app(page, Settings(data_dir=tmp_path), watch)) as address:
        yield Slow(address, conversations, may_end)
        may_end.set()
    conversations.close()


def test_stopped_an_answer_keeps_what_there_is(slow: Slow, context: BrowserContext) -> None:
    page = opened(context, slow.address)
    box = page.get_by_label("问题", exact=True)
    box.fill("问")
    box.press("Enter")
    expect(page.locator(".reply")).to_contain_text("第一句。")
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".reply .remark")).to_contain_text("停止")
    expect(page.get_by_role("button", name="发送")).to_be_enabled()
    (entry,) = slow.conversations.entries()
    assert slow.conversations.load(entry.id).turns[0].answer.text == "第一句。"
    # The next question is not hurt by the one that was stopped.
    slow.may_end.set()
    ask(page, "再问")
    expect(page.locator(".reply").nth(1)).to_contain_text("第二句。")
    expect(page.locator(".reply").nth(0)).not_to_contain_text("第二句。")
    page.close()


def test_stopped_before_it_began_nothing_is_kept(slow: Slow, context: BrowserContext) -> None:
    page = opened(context, slow.address)
    box = page.get_by_label("问题", exact=True)
    box.fill("没有开头")
    box.press("Enter")
    expect(page.locator(".reply.waiting")).to_be_visible()
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".reply.failed")).to_have_text(STOPPED)
    assert slow.conversations.entries() == []
    page.close()


def test_who_must_wait_is_told_so(slow: Slow, context: BrowserContext) -> None:
    pages = [opened(context, slow.address) for _ in range(3)]
    for page in pages:
        box = page.get_by_label("问题", exact=True)
        box.fill("没有开头")
        box.press("Enter")
        expect(page.locator(".reply.waiting")).to_be_visible()
    expect(pages[2].locator(".reply.queued")).to_contain_text("排队中")
    slow.may_end.set()
    for page in pages:
        expect(page.locator(".reply.answered")).to_contain_text("第二句。")
        page.close()
