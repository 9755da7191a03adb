"""Chat and what is kept of it, as a user runs the commands."""

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from assistant.answer.correction import correct
from assistant.answer.model import Answer, Approval
from assistant.answer.respond import respond_fully
from assistant.cli import main
from assistant.library import Library
from assistant.records.conversations import Conversations
from assistant.settings import Settings

Command = Callable[..., tuple[int, str, str]]
FIRST, SECOND = "到25年要有几家高企？", "科技型中小企业2025年要有几家？"


@pytest.fixture
def folder(library: Library, tmp_path: Path) -> Path:
    """A data folder with the bundled plan and no conversation yet."""
    without = shutil.ignore_patterns("conversations.sqlite*")
    return Path(shutil.copytree(library.settings.data_dir, tmp_path / "data", ignore=without))


@pytest.fixture
def run(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run a command on that folder, in this process, with bytes on standard input."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, typed: bytes = b"") -> tuple[int, str, str]:
        command = ["plan-assistant", *map(str, arguments), "--data-dir", str(folder)]
        monkeypatch.setattr(sys, "argv", command)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), "utf-8"))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capsys.readouterr()
        return code, out, err

    return run


def only_id(run: Command) -> str:
    (entry,) = json.loads(run("conversations", "list", "--json")[1])["conversations"]
    return str(entry["id"])


def test_a_chat_is_saved_turn_by_turn_and_resumed(run: Command) -> None:
    code, out, err = run("chat", typed=f"{FIRST}\n\n  退出 \n{SECOND}\n".encode())
    assert code == 0
    assert f"问：{FIRST}\n" in out
    assert "2025年目标为550家" in out
    assert "[1] 《瓯海区科技创新发展“十四五”规划_节选》" in out
    assert SECOND not in out
    known = only_id(run)
    assert f"--resume {known}" in err
    assert run("chat", "--resume", known[:15], typed=SECOND.encode())[0] == 0
    code, out, _ = run("conversations", "show", known, "--json")
    turns = json.loads(out)["turns"]
    assert [turn["question"] for turn in turns] == [FIRST, SECOND]
    assert [turn["status"] for turn in turns] == ["answered", "answered"]
    assert turns[0]["citations"][0]["quote"] == "高新技术企业数量 家 218 550 20.3% 预期性"
    assert f"问题2：{SECOND}\n" in run("conversations", "show", known)[1]


def test_bytes_that_are_no_text_do_not_end_a_chat(run: Command) -> None:
    code, out, _ = run("chat", typed=b"\xff\xfe\n" + FIRST.encode() + b"\n")
    assert code == 0
    assert "2025年目标为550家" in out


def test_a_number_asks_the_question_that_was_offered(run: Command, folder: Path) -> None:
    conversations = Conversations(folder / "conversations.sqlite")
    offered = Answer("目标？", "问哪一项？", "clarify", "indicator", choices=(SECOND, FIRST))
    known, _ = conversations.append(offered)
    assert "1. " + SECOND in run("conversations", "show", known)[1]
    assert run("chat", "--resume", known, typed=b"2\n3\n")[0] == 0
    questions = [answer.question for answer in conversations.history(known)]
    assert questions == ["目标？", FIRST, "3"]
    conversations.close()


def test_conversations_are_listed_searched_renamed_and_deleted(run: Command) -> None:
    assert "plan-assistant chat" in run("conversations", "list")[1]
    run("chat", typed=FIRST.encode())
    known = only_id(run)
    assert FIRST in run("conversations", "list", "高企 550")[1]
    assert run("conversations", "list", "没有的词")[1] == "没有找到对话。\n"
    assert run("conversations", "rename", known, "高企的[b]目标[/b]")[0] == 0
    assert "高企的[b]目标[/b]" in run("conversations", "list")[1]
    assert run("conversations", "delete", known)[0] == 0
    assert json.loads(run("conversations", "list", "--json")[1]) == {"conversations": []}


def test_a_conversation_is_exported_by_the_name_of_the_file(run: Command, tmp_path: Path) -> None:
    run("chat", typed=f"{FIRST}\n{SECOND}".encode())
    known = only_id(run)
    assert run("conversations", "export", known, "-o", "对话.md")[:2] == (0, "")
    written = (tmp_path / "对话.md").read_text("utf-8")
    assert "> 高新技术企业数量 家 218 550 20.3% 预期性" in written
    assert "· 版本 " in written
    assert run("conversations", "export", known, "-o", "回执.docx", "--turn", "2")[0] == 0
    said = [one.text for one in docx.Document(str(tmp_path / "回执.docx")).paragraphs]
    assert said[0] == f"问题2：{SECOND}"


def test_feedback_is_exported_as_json_lines(run: Command, folder: Path, tmp_path: Path) -> None:
    run("chat", typed=f"{FIRST}\n{SECOND}".encode())
    known = only_id(run)
    conversations = Conversations(folder / "conversations.sqlite")
    second = conversations.load(known).turns[1]
    conversations.rate(known, second.id, "bad", "答非所问")
    conversations.close()
    code, out, err = run("feedback", "export")
    assert (code, err) == (0, "")
    (line,) = map(json.loads, out.splitlines())
    assert (line["question"], line["rating"], line["reason"]) == (SECOND, "bad", "答非所问")
    assert run("feedback", "export", "--output", "评价.jsonl")[1] == ""
    assert json.loads((tmp_path / "评价.jsonl").read_text("utf-8")) == line


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("chat", "--resume", "ffff"), 1, "conversations list"),
        (("chat", "--plan", "没有的规划"), 1, "没有的规划"),
        (("conversations", "show", "ffff"), 1, "ffff"),
        (("conversations", "delete", "ffff"), 1, "ffff"),
        (("conversations", "export", "ffff", "-o", "a.txt"), 2, ".docx"),
        (("conversations", "export", "ffff"), 2, "--output"),
        (("conversations", "weg"), 2, "weg"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_what_goes_wrong_is_said(
    arguments: tuple[str, ...], code: int, words: str, run: Command
) -> None:
    done, out, err = run(*arguments)
    assert (done, out) == (code, "")
    assert words in err
    assert "Traceback" not in err


def test_a_broken_file_stops_only_what_needs_it(run: Command, folder: Path) -> None:
    (folder / "conversations.sqlite").write_bytes(b"no database\n" * 100)
    code, _, err = run("conversations", "list")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "conversations.sqlite" in err
    assert run("ask", FIRST)[0] == 0


def test_a_chat_as_json_is_one_document(run: Command) -> None:
    code, out, _ = run("chat", "--json", typed=f"{FIRST}\n{SECOND}\n".encode())
    turns = json.loads(out)["turns"]
    assert (code, [turn["question"] for turn in turns]) == (0, [FIRST, SECOND])
    assert [turn["status"] for turn in turns] == ["answered"] * 2
    assert json.loads(out)["id"] == only_id(run)
    assert json.loads(run("chat", "--json", typed=b"")[1]) == {"turns": []}


def test_approved_answers_are_listed_and_withdrawn(run: Command, folder: Path) -> None:
    library = Library(Settings(data_dir=folder))
    answer = correct(
        respond_fully(FIRST, library), "目标为550家。[1]", Approval("张三", "2026-11-25")
    )
    number = library.approvals.approve(answer)
    code, out, _ = run("approvals", "list")
    assert (code, "目标为550家" in out, "张三" in out, "有效" in out) == (0, True, True, True)
    (row,) = json.loads(run("approvals", "list", "--json")[1])["approvals"]
    assert (row["id"], row["is_stale"], row["approval"]["editor"]) == (number, False, "张三")
    assert "人工审定：张三" in run("ask", FIRST)[1]
    assert run("approvals", "withdraw", str(number))[0] == 0
    assert "人工审定" not in run("ask", FIRST)[1]
    code, _, err = run("approvals", "withdraw", str(number))
    assert (code, len(err.splitlines())) == (1, 1)
