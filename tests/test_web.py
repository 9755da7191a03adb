"""The page and its endpoints, through a real server and a real browser."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from assistant.answer.model import Answer, Citation, Fact, Removed
from assistant.records.approved import Approvals
from assistant.records.conversations import Conversations
from assistant.records.model import Conversation
from assistant.settings import Settings
from assistant.web.api.conversations import conversation_router
from assistant.web.desk import Desk
from assistant.web.events import QUESTION_LIMIT
from assistant.web.observe import Metrics, Watch
from assistant.web.page import build_page
from assistant.web.render import FAILED, escape, render_reply, render_sources, surroundings
from assistant.web.server import create_app
from corpus.arithmetic import check_growth
from corpus.model import Indicator, Span
from tests.browser import ask, launched_browser, running

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script> [x](http://evil.example) **b** `c` "
    "$x$ $$y$$ ![](http://evil.example/i.png) http://evil.example {{value}} ${alert(3)} &lt;i&gt;"
)
TITLE = "某区科技创新规划"
TEXT = (
    "第一章 主要目标\n"
    + "创新体系更加完善。" * 20
    + "到2025年,高新技术企业达到550家。研发经费占比稳步提高。\n"
    + "科技型中小企业达到2000家。"
    + "创新生态更加优化。" * 20
    + f"\n第二章 {HOSTILE} 尾声。"
)
TEXTS = {"plan": TEXT}
EXAMPLES = ("高新技术企业目标多少?", "科技型中小企业呢?")
SUBTITLE = "依据规划原文作答。"


def cite(number: int, quote: str, page: int | None = None) -> Citation:
    """Point to the first place of `quote` in the text."""
    start = TEXT.index(quote)
    section = "第一章 主要目标 > 第一节"
    return Citation(number, "plan", TITLE, section, quote, start, start + len(quote), page)


def indicator(name: str, growth: str, **more: str) -> Indicator:
    """An indicator from 218 in 2020 to 550 in 2025: 20.3 % a year."""
    values: dict[str, Any] = {
        "unit": "家",
        "bound": "以上",
        "growth_kind": "annual",
        "attribute": "预期性",
        **more,
    }
    return Indicator(
        plan_id="plan",
        number=1,
        section=1,
        name=name,
        base=Decimal(218),
        base_year=2020,
        target=Decimal(550),
        target_year=2025,
        growth=Decimal(growth),
        span=Span(0, 1),
        header=Span(0, 1),
        **values,
    )


RIGHT, WRONG = indicator("高新技术企业数量", "20.3"), indicator("虚报的数量", "21.0")
ODD = indicator(HOSTILE, "21.0", unit=HOSTILE, bound=HOSTILE)
QUOTE_1, QUOTE_2 = "到2025年,高新技术企业达到550家。", "科技型中小企业达到2000家。"


def stream_answer(
    question: str, history: Sequence[Answer], plan_ids: Sequence[str] | None
) -> Iterator[Answer]:
    """Answer the way the assistant does: whole, growing, the last one complete."""
    if question == "坏":
        raise RuntimeError("secret detail")
    if question == "慢":
        for _ in range(100):
            time.sleep(0.1)
            yield Answer(question, "还在找。", "answered", "passage")
    elif question == "天气":
        yield Answer(question, "资料里没有天气。", "refused", "passage")
    elif question == "它":
        choices = ("指标", f"指标{HOSTILE}")
        yield Answer(question, "您问的是哪一项?", "clarify", "indicator", choices=choices)
    elif question == "前面问了什么?":
        meant = f"接着“{history[-1].question}”问" if history else None
        yield Answer(question, "答。", "answered", "passage", rewritten=meant)
    elif question == "模型":
        removed = (Removed(HOSTILE, "数字不在原文中"),)
        notes = (f"{HOSTILE}连不上",)
        yield Answer(question, "答。", "answered", "passage", removed=removed, notes=notes)
    elif question == HOSTILE:
        citation = Citation(1, HOSTILE, HOSTILE, f"{HOSTILE} > {HOSTILE}", HOSTILE, 0, 9)
        whole = TEXT.index(HOSTILE)
        known = Citation(2, "plan", HOSTILE, "", HOSTILE, whole, whole + len(HOSTILE))
        odd = (Fact(ODD, check_growth(ODD)),)
        text = f"{HOSTILE}[1]\n\n    {HOSTILE}[2][9]"
        yield Answer(question, text, "answered", "passage", (citation, known), odd)
    elif question == "指标":
        facts = tuple(Fact(row, check_growth(row)) for row in (RIGHT, WRONG))
        yield Answer(
            question,
            f"{QUOTE_1}[1]",
            "answered",
            "indicator",
            (cite(1, QUOTE_1),),
            facts,
        )
    else:
        yield Answer(question, QUOTE_1, "answered", "passage")
        citations = (cite(1, QUOTE_1, page=3), cite(2, QUOTE_2))
        yield Answer(question, f"{QUOTE_1}[1]\n{QUOTE_2}[2]", "answered", "passage", citations)


@pytest.fixture(scope="module")
def conversations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversations]:
    conversations = Conversations(tmp_path_factory.mktemp("web") / "conversations.sqlite")
    yield conversations
    conversations.close()


@pytest.fixture(scope="module")
def address(
    conversations: Conversations, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    approvals = Approvals(tmp_path_factory.mktemp("approved") / "a.sqlite", version_of={}.get)
    desk = Desk(stream_answer, TEXTS.__getitem__, conversations, approvals)
    page = build_page(desk, examples=EXAMPLES, subtitle=SUBTITLE)
    watch = Watch(Metrics(count_chunks=lambda: 0))
    routers = [conversation_router(conversations)]
    settings = Settings(data_dir=folder)
    with running(create_app(page, settings, watch, routers=routers)) as address:
        yield address


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """One for all tests, so that Gradio's assets are fetched once."""
    with launched_browser() as browser:
        yield browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")


@pytest.fixture
def requests() -> list[str]:
    """Every address that the page asked for."""
    return []


@pytest.fixture
def page(address: str, context: BrowserContext, requests: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.get_by_label("问题", exact=True).wait_for()
    yield page
    page.close()


def test_a_mark_leads_to_the_exact_words(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    ask(page, "高新技术企业有多少?")
    expect(page.locator(".asked")).to_have_text("高新技术企业有多少?")
    expect(page.locator("a.cite")).to_have_text(["[1]", "[2]"])
    expect(page.locator(".card mark")).to_have_text([QUOTE_1, QUOTE_2])
    page.locator("a.cite").nth(1).click()
    expect(page.locator(".viewer mark")).to_have_text(QUOTE_2)
    expect(page.locator(".viewer mark")).to_be_in_viewport()
    expect(page.locator(".viewer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("a.cite").nth(1)).to_be_focused()
    card = page.locator(".card").nth(1)
    page.get_by_text("查看 2 条来源").click()
    expect(card).to_be_visible()


def test_a_card_says_where_its_words_stand(page: Page) -> None:
    ask(page, "高新技术企业有多少?")
    card = page.locator(".card").first
    expect(card.locator("h3")).to_have_text(TITLE)
    expect(card.locator(".path")).to_have_text("第一章 主要目标 › 第一节")
    expect(card.locator(".page")).to_have_text("第 3 页")
    quoted = card.locator("blockquote").inner_text()
    assert quoted.startswith("…创新体系更加完善。")
    assert quoted.endswith("…")


def test_marks_of_an_earlier_answer_bring_its_own_sources_back(page: Page) -> None:
    ask(page, "高新技术企业有多少?")
    ask(page, "指标")
    expect(page.locator(".card:visible mark")).to_have_text([QUOTE_1])
    page.locator("a.cite").nth(1).click()
    expect(page.locator(".viewer mark")).to_have_text(QUOTE_2)
    page.get_by_role("button", name="返回来源列表").click()
    expect(page.locator(".card:visible mark")).to_have_text([QUOTE_1, QUOTE_2])
    ask(page, "指标")
    expect(page.locator(".card:visible mark")).to_have_text([QUOTE_1])


def test_an_example_is_asked_by_a_click(page: Page) -> None:
    page.get_by_text(EXAMPLES[1]).click()
    expect(page.locator(".asked")).to_have_text(EXAMPLES[1])
    expect(page.locator("a.cite")).to_have_count(2)


def test_indicators_stand_in_a_table_with_their_arithmetic(page: Page) -> None:
    ask(page, "指标")
    rows = page.locator(".table-box tbody tr")
    expect(rows).to_have_count(3)
    right = "高新技术企业数量 家 218 2020 年 550以上 2025 年 20.3% 年均 预期性 ✓"
    assert rows.nth(0).inner_text().split() == right.split()
    assert rows.nth(1).inner_text().split()[-1] == "✗"
    assert "(550 / 218)^(1/5) - 1 = 20.3%" in rows.nth(2).inner_text()


@pytest.mark.parametrize(
    ("question", "status", "label"),
    [("天气", "refused", "资料中没有依据"), ("它", "clarify", "请再说具体一点")],
)
def test_refusing_and_asking_back_look_different(
    page: Page, question: str, status: str, label: str
) -> None:
    ask(page, question)
    expect(page.locator(f".reply.{status} .badge")).to_have_text(label)
    expect(page.locator(".card")).to_have_count(0)


def test_hostile_markup_is_only_text(page: Page, requests: list[str]) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    ask(page, HOSTILE)
    assert page.locator(".asked").text_content() == HOSTILE
    assert page.locator(".reply p").first.text_content() == f"{HOSTILE}[1]"
    # [9] cites nothing and stays text.
    assert page.locator(".reply p").nth(1).text_content() == f"{HOSTILE}[2][9]"
    assert page.locator(".card mark").all_text_contents() == [HOSTILE, HOSTILE]
    assert page.locator(".card h3").all_text_contents() == [HOSTILE, HOSTILE]
    assert page.locator(".card .path").text_content() == f"{HOSTILE} › {HOSTILE}"
    assert page.locator(".table-box th[scope=row]").text_content() == HOSTILE
    born = "img, script, strong, em, i, code, pre, .katex, a:not(.cite, .cite-all, .tool)"
    for place in (".asked", ".reply", "#panel"):
        expect(page.locator(place).locator(born)).to_have_count(0)
    assert dialogs == []
    assert not any("evil" in url for url in requests)


def test_a_failure_is_one_calm_line_and_the_chat_goes_on(page: Page) -> None:
    ask(page, "坏")
    expect(page.locator(".reply.failed p").first).to_have_text(FAILED)
    assert "secret" not in page.content()
    ask(page, "指标")
    expect(page.locator(".reply.answered")).to_have_count(1)


def test_empty_and_overlong_questions_are_not_asked(page: Page) -> None:
    box = page.get_by_label("问题", exact=True)
    box.fill("   ")
    box.press("Enter")
    box.fill("长" * (QUESTION_LIMIT + 1))
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("alert")).to_contain_text(f"问题有 {QUESTION_LIMIT + 1} 字")
    expect(box).to_have_value("长" * (QUESTION_LIMIT + 1))
    expect(page.locator(".asked")).to_have_count(0)


def test_clearing_brings_the_empty_page_back(page: Page) -> None:
    ask(page, "指标")
    page.get_by_role("button", name="新对话").click()
    expect(page.get_by_text(EXAMPLES[0])).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)
    expect(page.get_by_label("问题", exact=True)).to_be_editable()


def test_nothing_can_be_sent_or_cleared_while_an_answer_is_under_way(page: Page) -> None:
    box = page.get_by_label("问题", exact=True)
    box.fill("慢")
    box.press("Enter")
    expect(page.locator(".reply.answered")).to_have_text("还在找。")
    expect(page.get_by_role("button", name="回答中…")).to_be_disabled()
    expect(box).not_to_be_editable()
    clear = page.get_by_role("button", name="新对话")
    expect(clear).to_be_hidden()
    expect(clear).to_be_enabled(timeout=20_000)
    expect(page.get_by_role("button", name="发送")).to_be_enabled()
    expect(box).to_be_editable()
    clear.click()
    expect(page.get_by_text(EXAMPLES[0])).to_be_visible()
    ask(page, "指标")
    expect(page.locator(".reply")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_nothing_overflows_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    ask(page, "指标")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    talk, sources = (
        page.locator("#talk").bounding_box(),
        page.locator("#sources").bounding_box(),
    )
    assert talk is not None and sources is not None
    below = sources["y"] >= talk["y"] + talk["height"]
    assert below == (width == 390)


def test_no_request_leaves_the_machine_and_the_page_is_chinese(
    page: Page, address: str, requests: list[str]
) -> None:
    ask(page, "指标")
    page.wait_for_timeout(500)
    local = (f"{address}/", "data:", "blob:")
    assert [url for url in requests if not url.startswith(local)] == []
    assert page.title() == "规划问答助手"
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert "Gradio" not in page.locator("body").inner_text()


def test_escape_leaves_no_sign_that_means_anything() -> None:
    assert escape("a**b 中。") == "a&#42;&#42;b 中。"
    assert not set(escape(HOSTILE)) & set("<>[]()*`$!:/.{}'\"\n")


@pytest.mark.parametrize(
    ("start", "end", "before", "after"),
    [
        pytest.param(4, 6, "一二三四", "五六", id="a short text whole"),
        pytest.param(0, 8, "", "", id="all of it"),
    ],
)
def test_surroundings_of_a_short_text(start: int, end: int, before: str, after: str) -> None:
    assert surroundings("一二三四引文五六", start, end) == (before, after)


def test_surroundings_are_cut_at_a_sentence_where_one_is_near() -> None:
    text = "甲" * 80 + "。" + "乙" * 80 + "引文" + "丙" * 70 + "。" + "丁" * 80
    before, after = surroundings(text, 161, 163)
    assert before == "…" + "乙" * 80
    assert after == "丙" * 70 + "。…"


def test_a_quote_of_a_changed_plan_stands_alone() -> None:
    answer = Answer("问", "答[1]", "answered", "passage", (cite(1, QUOTE_2),))
    shown = render_sources(answer, 1, lambda plan_id: "换了的正文")
    assert f"<blockquote><mark>{escape(QUOTE_2)}</mark></blockquote>" in shown


# Conversations


def kept(conversations: Conversations) -> Conversation:
    """Return the conversation that was last added to."""
    return conversations.load(conversations.entries()[0].id)


def test_a_follow_up_is_answered_with_what_was_said_before(
    page: Page, conversations: Conversations
) -> None:
    ask(page, "高新技术企业有多少?")
    ask(page, "前面问了什么?")
    expect(page.locator(".reply").nth(1).locator(".meant")).to_have_text(
        "按此理解：「接着“高新技术企业有多少?”问」"
    )
    questions = [turn.answer.question for turn in kept(conversations).turns]
    assert questions == ["高新技术企业有多少?", "前面问了什么?"]


def test_a_reload_brings_the_conversation_back_and_another_tab_begins_its_own(
    page: Page, address: str, context: BrowserContext
) -> None:
    ask(page, "高新技术企业有多少?")
    page.reload()
    expect(page.locator(".asked")).to_have_text("高新技术企业有多少?")
    expect(page.locator(".card mark")).to_have_text([QUOTE_1, QUOTE_2])
    ask(page, "前面问了什么?")
    expect(page.locator(".meant")).to_have_count(1)
    other = context.new_page()
    other.goto(address)
    expect(other.get_by_text(EXAMPLES[0])).to_be_visible()
    ask(other, "前面问了什么?")
    expect(other.locator(".meant")).to_have_count(0)
    other.close()


def test_clearing_begins_another_conversation(page: Page, conversations: Conversations) -> None:
    ask(page, "高新技术企业有多少?")
    before = kept(conversations).id
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".exports")).to_have_count(0)
    ask(page, "前面问了什么?")
    expect(page.locator(".meant")).to_have_count(0)
    assert kept(conversations).id != before
    assert len(conversations.load(before).turns) == 1


def test_a_deleted_conversation_begins_anew(page: Page, conversations: Conversations) -> None:
    ask(page, "高新技术企业有多少?")
    gone = kept(conversations).id
    conversations.delete(gone)
    ask(page, "指标")
    expect(page.locator(".reply.answered")).to_have_count(2)
    assert kept(conversations).id != gone


def test_a_thumb_is_saved_with_its_reason_and_can_be_taken_back(
    page: Page, conversations: Conversations
) -> None:
    def feedback() -> list[tuple[str, str] | None]:
        turns = kept(conversations).turns
        return [turn.feedback and (turn.feedback.rating, turn.feedback.reason) for turn in turns]

    ask(page, "高新技术企业有多少?")
    ask(page, "指标")
    page.get_by_role("button", name="没有帮助").first.click()
    reason = page.get_by_label("评价理由")
    reason.fill(" <b>数字</b>不对 ")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#note")).to_have_text("评价已保存，谢谢。")
    expect(reason).to_be_hidden()
    assert feedback() == [("bad", "<b>数字</b>不对"), None]
    page.get_by_role("button", name="有帮助", exact=True).nth(1).click()
    expect(reason).to_be_visible()
    assert feedback() == [("bad", "<b>数字</b>不对"), ("good", "")]
    ask(page, "指标")
    expect(reason).to_be_hidden()
    expect(page.get_by_role("button", pressed=True)).to_have_count(2)
    page.reload()
    expect(page.get_by_role("button", pressed=True)).to_have_count(2)
    page.get_by_role("button", name="没有帮助").first.click()
    page.wait_for_timeout(500)
    assert feedback() == [None, ("good", ""), None]


def test_a_choice_is_asked_by_a_click(page: Page) -> None:
    ask(page, "它")
    page.get_by_role("button", name=f"指标{HOSTILE}").wait_for()
    page.get_by_role("button", name="指标", exact=True).click()
    expect(page.locator(".asked").nth(1)).to_have_text("指标")
    expect(page.locator(".reply.answered")).to_have_count(1)


def test_notes_and_what_was_taken_out_stand_below_the_answer(page: Page) -> None:
    ask(page, "模型")
    expect(page.locator(".remark")).to_have_text(f"{HOSTILE}连不上")
    expect(page.locator(".removed li")).to_be_hidden()
    page.get_by_text("核对时删去了 1 句").click()
    expect(page.locator(".removed li")).to_contain_text(HOSTILE)
    expect(page.locator(".removed small")).to_have_text("数字不在原文中")
    expect(page.locator(".reply").locator("img, script, strong, em, code")).to_have_count(0)


@pytest.mark.parametrize(
    ("link", "name", "begins"),
    [("Markdown", "高新技术企业有多少_.md", b"# "), ("Word", "高新技术企业有多少_.docx", b"PK")],
)
def test_the_conversation_is_saved_as_a_file(
    page: Page, link: str, name: str, begins: bytes
) -> None:
    ask(page, "高新技术企业有多少?")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name=link).click()
    assert downloaded.value.suggested_filename == name
    assert Path(downloaded.value.path()).read_bytes().startswith(begins)


def test_only_a_conversation_that_is_there_can_be_exported(
    address: str, conversations: Conversations
) -> None:
    known, _ = conversations.append(Answer("问", "答", "answered", "passage"), owner="user:别人")
    for path in ("0123456789abcdef/export.md", f"{known}/export.md", f"{known}/export.exe"):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"{address}/api/conversations/{path}")
        with error.value:
            assert error.value.code == 404
            said = "只能导出" if path.endswith("exe") else "没有编号为"
            assert json.load(error.value)["detail"].startswith(said)


def test_a_table_in_an_answer_is_shown_as_one() -> None:
    quote = "高新技术企业达到550家"
    text = "| 地区 | <b>目标</b> |\n| --- | --- |\n| 甲区 | 550家[1] |\n注：|年份相同|。"
    answer = Answer("比较", text, "answered", "indicator", (cite(1, quote),))
    page = render_reply(answer, 1)
    assert page.count("<tr>") == 2
    assert "<b>" not in page
    assert "<td>550家<a class='cite' href='#a1-s1'" in page
    assert "<p>注：" in page
    assert "---" not in page
