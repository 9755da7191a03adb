"""Conversations, feedback and exports: what is saved comes back, as it was and only as text."""

import io
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer, Citation, Fact, Removed, Usage
from assistant.library import Library
from assistant.records.conversations import HISTORY, REASON_LIMIT, TITLE_LIMIT, Conversations
from assistant.records.export import export_conversation, feedback_documents
from assistant.records.markdown import escape_markdown
from assistant.records.model import (
    Conversation,
    ConversationError,
    ConversationNotFound,
    PlanVersion,
    Turn,
)
from corpus.arithmetic import Check
from corpus.model import Indicator, Span

HOSTILE = "<img src=x onerror=alert(1)> [x](http://evil.example) **b** `c` www.evil.example | # $x$"
VERSION = PlanVersion("8def0e96a6cf" + "0" * 52, "2021-03-12")
ROW = Indicator(
    plan_id="plan",
    number=1,
    section=1,
    name="高新技术企业数量",
    unit="家",
    base=Decimal("218.0"),
    base_year=2020,
    target=Decimal(550),
    target_year=2025,
    bound=None,
    growth=Decimal("20.30"),
    growth_kind="annual",
    attribute="预期性",
    span=Span(3, 9),
    header=Span(0, 3),
)
FULL = Answer(
    question="那2020年呢？",
    text="2020年为218家。[1]\n按此计算为2.5倍。[1]",
    status="answered",
    route="indicator",
    citations=(
        Citation(1, "plan", "某区规划", "第一章 > 附件1", "数量 家 218\n550", 3, 15, page=7),
    ),
    facts=(Fact(ROW, Check("pass", Decimal("20.30"), Decimal("20.3"), "(550 / 218)")),),
    computed=("550 ÷ 218 ≈ 2.5", "1. "),
    timings_ms={"total": 3.25},
    rewritten="2020年高新技术企业数量是多少？",
    removed=(Removed("还有600家。[1]", "600 不在所引原文中"),),
    notes=("语言模型连不上。",),
    choices=("目标是多少？",),
    usage=Usage("deepseek-chat", 900, 80, 0.002),
)
REFUSED = Answer("房价会涨吗？", "所收文件中没有找到这个问题的答案。", "refused", "passage")


def asked(question: str) -> Answer:
    return Answer(question, f"答：{question}", "answered", "passage")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "新的" / "conversations.sqlite"


@pytest.fixture
def conversations(path: Path) -> Iterator[Conversations]:
    conversations = Conversations(path, version_of={"plan": VERSION}.get)
    yield conversations
    conversations.close()


# Whose


def test_an_owner_sees_and_changes_only_his_own(conversations: Conversations) -> None:
    mine, _ = conversations.append(asked("我的问题"), owner="user:张三")
    other, turn_id = conversations.append(asked("他的问题"), owner="user:李四")
    owner = "user:张三"
    assert [entry.id for entry in conversations.entries(owner=owner)] == [mine]
    assert conversations.entries("他的", owner=owner) == []
    assert conversations.history(other, owner=owner) == []
    for forbidden in (
        lambda: conversations.load(other, owner=owner),
        lambda: conversations.append(asked("又问"), other, owner=owner),
        lambda: conversations.rename(other, "改了", owner=owner),
        lambda: conversations.delete(other, owner=owner),
        lambda: conversations.rate(other, turn_id, "good", owner=owner),
        lambda: conversations.drop_turn(other, turn_id, owner=owner),
    ):
        with pytest.raises(ConversationNotFound):
            forbidden()
    untouched = conversations.load(other)
    assert (untouched.title, len(untouched.turns)) == ("他的问题", 1)
    assert untouched.turns[0].feedback is None
    # The command line, which is nobody's browser, sees all.
    assert {entry.id for entry in conversations.entries()} == {mine, other}


def test_a_turn_is_taken_back_and_with_the_last_one_its_conversation(
    conversations: Conversations,
) -> None:
    conversation_id, first = conversations.append(asked("一"), owner="a")
    _, second = conversations.append(asked("二"), conversation_id, owner="a")
    conversations.drop_turn(conversation_id, second, owner="a")
    assert [answer.question for answer in conversations.history(conversation_id)] == ["一"]
    conversations.drop_turn(conversation_id, first, owner="a")
    with pytest.raises(ConversationNotFound):
        conversations.load(conversation_id)


def test_a_file_of_the_first_format_loses_nothing(path: Path) -> None:
    before = Conversations(path, version_of={"plan": VERSION}.get)
    conversation_id, turn_id = before.append(FULL)
    before.rate(conversation_id, turn_id, "good", "清楚")
    saved = before.load(conversation_id)
    before.close()
    with sqlite3.connect(path) as connection:
        # As the program before this one has written it.
        connection.execute("DROP INDEX ix_conversations_owner")
        connection.execute("ALTER TABLE conversations DROP COLUMN owner")
        connection.execute("ALTER TABLE turns DROP COLUMN scope")
        connection.execute("DROP TABLE approvals")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    after = Conversations(path)
    assert after.load(conversation_id) == saved
    assert after.entries(owner="browser:x") == []
    again, _ = after.append(asked("新的"), owner="browser:x", scope="种类：规划")
    assert after.load(again, owner="browser:x").turns[0].scope == "种类：规划"


# Saving


def test_a_turn_comes_back_whole(conversations: Conversations, path: Path) -> None:
    conversation_id, first = conversations.append(FULL)
    _, second = conversations.append(REFUSED, conversation_id)
    again = Conversations(path).load(conversation_id)
    assert [turn.answer for turn in again.turns] == [FULL, REFUSED]
    assert [turn.id for turn in again.turns] == [first, second]
    assert again.title == FULL.question
    # The version that was quoted, whatever stands in the catalog when it is looked at.
    assert [turn.versions for turn in again.turns] == [{"plan": VERSION}, {}]


def test_a_real_answer_comes_back_whole(conversations: Conversations, library: Library) -> None:
    answer = answer_question("高新技术产业增加值占比的累计提高对得上吗？", library)
    assert answer.facts and answer.citations
    conversation_id, _ = conversations.append(answer)
    assert conversations.history(conversation_id) == [answer]


def test_the_history_is_the_last_answers_oldest_first(conversations: Conversations) -> None:
    conversation_id = None
    for number in range(HISTORY + 3):
        conversation_id, _ = conversations.append(asked(f"问{number}"), conversation_id)
    questions = [answer.question for answer in conversations.history(conversation_id)]
    assert questions == [f"问{number}" for number in range(3, HISTORY + 3)]
    assert conversations.history("0123456789abcdef") == conversations.history(None) == []


def test_what_is_deleted_takes_no_more_turns(conversations: Conversations) -> None:
    kept, _ = conversations.append(asked("留"))
    gone, turn = conversations.append(asked("删"))
    conversations.rate(gone, turn, "good")
    conversations.delete(gone)
    with pytest.raises(ConversationNotFound, match=gone):
        conversations.append(asked("再问"), gone)
    with pytest.raises(ConversationNotFound, match="已被删除"):
        conversations.rate(gone, turn, "bad")
    with pytest.raises(ConversationNotFound, match=gone):
        conversations.delete(gone)
    assert conversations.rated() == []
    assert [entry.id for entry in conversations.entries()] == [kept]
    # A new turn must not be mistaken for the one that is gone.
    assert conversations.append(asked("新"), kept)[1] > turn


_WRITER = """
import sys
from pathlib import Path
from assistant.answer.model import Answer
from assistant.records.conversations import Conversations
conversations, known = Conversations(Path(sys.argv[1])), None
for number in range(100_000):
    known, _ = conversations.append(Answer(f"问{number}", "答" * 999, "answered", "passage"), known)
    print(known, number, flush=True)
"""


def test_killed_writers_lose_no_finished_turn(path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, str(path)]
    writers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(2)
    ]
    finished: dict[str, int] = {}
    for writer in writers:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(25)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.read().splitlines()
        writer.stdout.close()
        writer.wait()
        known, number = lines[-1].split()
        finished[known] = int(number)
    conversations = Conversations(path)
    for known, number in finished.items():
        questions = [turn.answer.question for turn in conversations.load(known).turns]
        # The one after the last that was reported may have been finished too.
        assert len(questions) - (number + 1) in (0, 1)
        assert questions == [f"问{one}" for one in range(len(questions))]
    conversations.close()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda path: path.write_bytes(b"no database\n" * 100), id="no database"),
        pytest.param(lambda path: path.mkdir(), id="a folder"),
        pytest.param(
            lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 99"), id="newer"
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_left_alone(make: object, tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    assert callable(make)
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ConversationError, match=r"conversations\.sqlite"):
        Conversations(path)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("written", ["{}", "[", '{"question": "问", "status": "vielleicht"}'])
def test_an_answer_of_another_version_is_named(
    conversations: Conversations, path: Path, written: str
) -> None:
    known, _ = conversations.append(asked("问"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE turns SET answer = ?", (written,))
    connection.close()
    for read in (conversations.load, conversations.history):
        with pytest.raises(ConversationError, match="读不出来"):
            read(known)
    assert [entry.title for entry in conversations.entries()] == ["问"]


# Finding


def test_conversations_are_found_by_their_words(conversations: Conversations) -> None:
    first, _ = conversations.append(asked("研发投入强度"))
    conversations.append(asked("ＰＣＴ专利"), first)
    second, _ = conversations.append(asked("100%的企业"))

    def found(words: str) -> list[str]:
        return [entry.id for entry in conversations.entries(words)]

    assert found("") == [second, first]
    assert found("研发") == found("pct 研发 投入") == [first]
    assert found("pct 企业") == found("%研") == found("'; DROP TABLE turns; --") == []
    assert found("100%") == [second]
    conversations.rename(first, "  科技　投入\n二〇二五 ")
    assert found("科技") == [first]
    conversations.append(asked("再问"), first)
    assert [(one.title, one.turns) for one in conversations.entries()] == [
        ("科技 投入 二〇二五", 3),
        ("100%的企业", 1),
    ]


def test_an_id_may_be_cut_short_while_it_is_clear(conversations: Conversations) -> None:
    ids = [conversations.append(asked("问"))[0] for _ in range(17)]
    assert conversations.find(ids[0]) == conversations.find(f" {ids[0][:-1].upper()} ") == ids[0]
    shared = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    with pytest.raises(ConversationNotFound, match="请写全编号"):
        conversations.find(shared)
    for name in ("", "%", "_", "没有", HOSTILE):
        with pytest.raises(ConversationNotFound, match="conversations list"):
            conversations.find(name)


@pytest.mark.parametrize("title", ["", " \n ", "长" * (TITLE_LIMIT + 1)])
def test_a_bad_title_changes_nothing(conversations: Conversations, title: str) -> None:
    known, _ = conversations.append(asked("问"))
    with pytest.raises(ConversationError, match="标题"):
        conversations.rename(known, title)
    assert conversations.load(known).title == "问"


# Feedback


def test_the_last_rating_counts(conversations: Conversations) -> None:
    known, turn = conversations.append(FULL)
    other, _ = conversations.append(REFUSED)
    conversations.rate(known, turn, "good")
    conversations.rate(known, turn, "bad", f" {HOSTILE} ")
    with pytest.raises(ConversationError, match=str(REASON_LIMIT)):
        conversations.rate(known, turn, "good", "长" * (REASON_LIMIT + 1))
    with pytest.raises(ConversationNotFound):
        conversations.rate(other, turn, "good")
    (document,) = feedback_documents(conversations.rated())
    document = json.loads(json.dumps(document, ensure_ascii=False))
    assert (document["conversation"], document["turn"]) == (known, turn)
    assert (document["rating"], document["reason"]) == ("bad", HOSTILE)
    assert (document["question"], document["rewritten"]) == (FULL.question, FULL.rewritten)
    assert (document["answer"], document["status"]) == (FULL.text, "answered")
    assert [one["quote"] for one in document["citations"]] == ["数量 家 218\n550"]
    conversations.rate(known, turn, None)
    assert conversations.rated() == []


# Export

TIME = "2026-11-25T14:03:09+08:00"


def conversation(*answers: Answer) -> Conversation:
    turns = (
        Turn(number, answer, TIME, {"plan": VERSION}) for number, answer in enumerate(answers, 1)
    )
    return Conversation("0123456789abcdef", "标题", TIME, TIME, tuple(turns))


def text_of(content: bytes, form: str) -> str:
    """Return the words of an export as a reader sees them."""
    if form == "md":
        return Seen.of(MarkdownIt().enable("table").render(content.decode())).text
    return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)


class Seen(HTMLParser):
    """The words and the tags of a rendered page."""

    text = ""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    @classmethod
    def of(cls, page: str) -> "Seen":
        seen = cls()
        seen.feed(page)
        return seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("form", ["md", "docx"])
def test_a_receipt_says_what_was_asked_answered_and_quoted(form: str) -> None:
    said = text_of(export_conversation(conversation(FULL), form), form)  # type: ignore[arg-type]
    for words in (
        "问题1：那2020年呢？",
        "理解为：2020年高新技术企业数量是多少？",
        "2026-11-25 14:03:09（UTC+08:00）",
        "已回答",
        "2020年为218家。[1]\n按此计算为2.5倍。[1]",
        "由程序算出：550 ÷ 218 ≈ 2.5\n",
        "核对时删去：还有600家。[1]（600 不在所引原文中）",
        "语言模型连不上。",
        "[1] 《某区规划》 · 第一章 > 附件1 · 第 7 页 · 版本 8def0e96a6cf，成文日期 2021-03-12",
        "数量 家 218\n550",
    ):
        assert words in said.replace("： ", "：")


COMPARED = replace(
    FULL,
    text="| 地区 | 目标 |\n| --- | --- |\n| 甲省 | 5%左右[1] |\n| 乙省 | 未载明 |\n注：年份相同。",
)


def test_a_table_in_an_answer_is_a_table_in_word() -> None:
    content = export_conversation(conversation(COMPARED), "docx")
    (table,) = docx.Document(io.BytesIO(content)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["地区", "目标"],
        ["甲省", "5%左右[1]"],
        ["乙省", "未载明"],
    ]


def test_a_table_in_an_answer_is_a_table_in_markdown() -> None:
    content = export_conversation(conversation(COMPARED), "md").decode()
    page = MarkdownIt().enable("table").render(content)
    assert page.count("<tr>") == 3
    assert "<td>5%左右[1]</td>" in page
    assert "注：年份相同。" in page


@pytest.mark.parametrize("form", ["md", "docx"])
def test_a_refusal_says_so(form: str) -> None:
    said = text_of(export_conversation(conversation(REFUSED), form), form)  # type: ignore[arg-type]
    assert "未回答：所收文件中没有依据" in said
    assert "来源" not in said


def test_one_answer_alone_is_a_receipt_too() -> None:
    whole = conversation(FULL, REFUSED)
    alone = export_conversation(whole, "md", turn=2).decode()
    assert alone.startswith("## 问题2：房价会涨吗？\n")
    assert "218" not in alone
    with pytest.raises(ConversationError, match="只有 2 轮，没有第 3 轮"):
        export_conversation(whole, "md", turn=3)


def test_the_same_conversation_is_the_same_file() -> None:
    for form in ("md", "docx"):
        first, second = (
            export_conversation(conversation(FULL), form)  # type: ignore[arg-type]
            for _ in range(2)
        )
        assert first == second


# Two lines each in title, question, its reading, answer, note, heading and quote; a plan's title.
HOSTILE_PLACES = 15


def hostile() -> Conversation:
    """Markup wherever a document or a user could have put it."""
    lines = f"{HOSTILE}\n# {HOSTILE}\n- x\n1. y\n    code\n\n```\n===\n| a |\n|---|\n\x00\x1b&lt;"
    citation = replace(FULL.citations[0], plan_title=HOSTILE, section=lines, quote=lines)
    answer = replace(
        FULL, question=lines, rewritten=lines, text=lines, citations=(citation,), notes=(lines,)
    )
    return replace(conversation(answer), title=lines)


def test_markup_of_a_document_is_only_text_in_markdown() -> None:
    page = MarkdownIt().enable("table").render(export_conversation(hostile(), "md").decode())
    seen = Seen.of(page)
    assert seen.tags == {"h1", "h2", "h3", "p", "strong", "blockquote", "br"}
    assert seen.text.count(HOSTILE) == page.count("onerror") == HOSTILE_PLACES
    assert "http\\:" in export_conversation(hostile(), "md").decode()


def test_markup_of_a_document_is_only_text_in_word() -> None:
    content = export_conversation(hostile(), "docx")
    document = docx.Document(io.BytesIO(content))
    assert text_of(content, "docx").count(HOSTILE) == HOSTILE_PLACES
    assert not document.tables
    assert "hyperlink" not in document.element.xml
    assert "\x00" not in document.element.xml


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_every_line_reads_as_it_was_written(line: str) -> None:
    # A word before and after, as a blank at the very edge of a paragraph is nobody's.
    page = MarkdownIt().enable("table").render(f"问  \n{escape_markdown(line)}  \n答")
    seen = Seen.of(page)
    assert seen.tags == {"p", "br"}
    assert seen.text.rstrip("\n") == f"问\n{line}\n答"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on PATH")
def test_the_word_file_opens_in_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "对话.docx").write_bytes(export_conversation(conversation(FULL, REFUSED), "docx"))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "txt:Text (encoded):UTF8"),
            *("--outdir", str(tmp_path), str(tmp_path / "对话.docx")),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    said = (tmp_path / "对话.txt").read_text("utf-8")
    assert "数量 家 218\n550" in said
    assert "未回答：所收文件中没有依据" in said
