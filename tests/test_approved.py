"""Answers that an editor has approved: whom they answer, until when, and what is told of them."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer.correction import correct, find_unproved
from assistant.answer.model import Answer, Approval
from assistant.answer.respond import respond_fully
from assistant.cli_answer import print_answer
from assistant.documents import answer_document
from assistant.library import Library
from assistant.records.approved import Approvals
from assistant.records.conversations import Conversations
from assistant.records.model import ConversationError, PlanVersion
from assistant.settings import Settings
from assistant.web import approving
from assistant.web.desk import Desk
from assistant.web.render import render_reply
from assistant.web.users import User

QUESTION = "到25年要有几家高企？"
EDITOR, READER = User("张三", "editor"), User("李四", "reader")
THEN = PlanVersion("1" * 64)


@pytest.fixture(scope="module")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the bundled plan's folder, which may be written to."""
    folder = tmp_path_factory.mktemp("approved") / "data"
    shutil.copytree(library.settings.data_dir, folder)
    return folder


@pytest.fixture
def own(folder: Path) -> Iterator[Library]:
    for file in folder.glob("conversations.sqlite*"):
        file.unlink()
    own = Library(Settings(data_dir=folder))
    yield own
    own.catalog.close()
    own.approvals.close()


def approve(library: Library, question: str, text: str, written: tuple[str, ...] = ()) -> Answer:
    answer = respond_fully(question, library)
    approved = correct(answer, text, Approval(EDITOR.name, "2026-11-25T10:00:00+08:00", written))
    library.approvals.approve(approved)
    return approved


@pytest.mark.parametrize(
    "asked", ["到25年要有几家高企?", " 到２５年要有几家高企 ", "到25年要有幾家高企"]
)
def test_it_answers_its_question_however_that_is_written(own: Library, asked: str) -> None:
    approve(own, QUESTION, "目标为550家。[1]")
    answer = respond_fully(asked, own)
    assert answer.text == "目标为550家。[1]"
    assert answer.question == asked
    assert answer.approval == Approval("张三", "2026-11-25T10:00:00+08:00")
    assert [citation.n for citation in answer.citations] == [1]


def test_it_answers_no_other_question(own: Library) -> None:
    approve(own, QUESTION, "目标为550家。[1]")
    assert respond_fully("科技型中小企业的目标是多少？", own).approval is None


def test_it_answers_a_follow_up_that_means_its_question(own: Library) -> None:
    first = respond_fully(QUESTION, own)
    follow_up = respond_fully("它的基数呢？", own, history=[first])
    assert follow_up.rewritten is not None
    own.approvals.approve(correct(follow_up, "基数为218家。[1]", Approval("张三", "2026-11-25")))
    again = respond_fully("那基数呢？", own, history=[first])
    assert (again.text, again.rewritten) == ("基数为218家。[1]", follow_up.rewritten)
    # The same words mean something else after another question.
    other = respond_fully("科技型中小企业的目标是多少？", own)
    assert respond_fully("它的基数呢？", own, history=[other]).approval is None


def test_it_does_not_answer_for_other_plans(own: Library) -> None:
    approved = approve(own, QUESTION, "目标为550家。[1]")
    plan_id = approved.citations[0].plan_id
    assert respond_fully(QUESTION, own, plan_id=plan_id).approval is not None
    assert respond_fully(QUESTION, own, plan_ids=["000000000000"]).approval is None


def test_a_later_approval_takes_the_place_of_the_earlier(own: Library) -> None:
    approve(own, QUESTION, "目标为550家。[1]")
    approve(own, QUESTION, "2025年目标为550家。[1][2]")
    assert respond_fully(QUESTION, own).text == "2025年目标为550家。[1][2]"
    assert len(own.approvals.entries()) == 1


@pytest.mark.parametrize(
    ("today", "is_stale"),
    [
        pytest.param(THEN, False, id="the same"),
        pytest.param(PlanVersion("2" * 64), True, id="changed"),
        pytest.param(None, True, id="removed"),
    ],
)
def test_it_answers_until_its_source_changes(
    library: Library, tmp_path: Path, today: PlanVersion | None, is_stale: bool
) -> None:
    answer = respond_fully(QUESTION, library)
    approved = correct(answer, "目标为550家。[1]", Approval("张三", "2026-11-25"))
    path = tmp_path / "a.sqlite"
    Approvals(path, version_of=lambda plan_id: THEN).approve(approved)
    approvals = Approvals(path, version_of=lambda plan_id: today)
    assert (approvals.find(QUESTION) is None) == is_stale
    assert [one.is_stale for one in approvals.entries()] == [is_stale]


def test_withdrawn_it_answers_no_more(own: Library) -> None:
    approve(own, QUESTION, "目标为550家。[1]")
    (entry,) = own.approvals.entries()
    own.approvals.withdraw(entry.id)
    assert respond_fully(QUESTION, own).approval is None
    with pytest.raises(ConversationError, match="没有编号为"):
        own.approvals.withdraw(entry.id)


def test_an_answer_without_a_source_is_not_approved(own: Library) -> None:
    with pytest.raises(ConversationError, match="注明出处"):
        approve(own, QUESTION, "目标为550家。")
    assert own.approvals.entries() == []


@pytest.mark.parametrize(
    ("text", "unproved"),
    [
        ("目标为550家，基数为218家。[1]", []),
        ("目标为600家。[1]", ["目标为600家。[1]"]),
        ("目标为550家。[1]\n见“锦囊妙计”。[1]", ["见“锦囊妙计”。[1]"]),
        ("目标为550家。[9]", ["目标为550家。[9]"]),
    ],
)
def test_what_the_sources_do_not_carry_is_found(
    own: Library, text: str, unproved: list[str]
) -> None:
    answer = respond_fully(QUESTION, own)
    found = find_unproved(answer, text, lambda plan_id: own.catalog.plan(plan_id).text)
    assert [one.sentence for one in found] == unproved
    assert all(one.reason for one in found)


# By whom


@pytest.fixture
def desk(own: Library) -> Desk:
    path = own.settings.data_dir / "conversations.sqlite"
    conversations = Conversations(path)
    return Desk(
        lambda question, history, plan_ids: iter(()),
        lambda plan_id: own.catalog.plan(plan_id).text,
        conversations,
        own.approvals,
    )


def test_an_editor_must_confirm_what_is_his_own(own: Library, desk: Desk) -> None:
    saved, turn_id = desk.conversations.append(respond_fully(QUESTION, own), owner="user:张三")
    turn = approving.open_turn(desk, EDITOR, "user:张三", saved, turn_id)
    text = "目标为550家。[1]\n另有600家在培育。[1]"
    unproved = approving.approve(desk, EDITOR, turn, text, is_confirmed=False)
    assert [one.sentence for one in unproved] == ["另有600家在培育。[1]"]
    assert respond_fully(QUESTION, own).approval is None
    assert approving.approve(desk, EDITOR, turn, text, is_confirmed=True) == ()
    answer = respond_fully(QUESTION, own)
    assert answer.approval is not None
    assert answer.approval.written == ("另有600家在培育。[1]",)
    assert answer.approval.editor == "张三"


def test_readers_approve_and_withdraw_nothing(own: Library, desk: Desk) -> None:
    saved, turn_id = desk.conversations.append(respond_fully(QUESTION, own), owner="user:李四")
    turn = desk.conversations.load(saved).turns[0]
    approve(own, QUESTION, "目标为550家。[1]")
    (entry,) = own.approvals.entries()
    for forbidden in (
        lambda: approving.open_turn(desk, READER, "user:李四", saved, turn_id),
        lambda: approving.approve(desk, READER, turn, "目标为600家。[1]", is_confirmed=True),
        lambda: approving.withdraw(desk, READER, entry.id),
    ):
        with pytest.raises(ConversationError, match="只有编辑者"):
            forbidden()
    assert approving.listed(desk, READER) == ()
    assert respond_fully(QUESTION, own).text == "目标为550家。[1]"
    assert "审定" not in render_reply(turn.answer, 1, turn_id=turn_id, can_approve=False)


def test_a_narrowed_question_is_not_approved(own: Library, desk: Desk) -> None:
    saved, turn_id = desk.conversations.append(respond_fully(QUESTION, own), scope="种类：规划")
    with pytest.raises(ConversationError, match="全部文件"):
        approving.open_turn(desk, EDITOR, "", saved, turn_id)


# How it is told


def test_it_is_told_with_name_date_and_what_is_the_editors_own(
    own: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = approve(own, QUESTION, "<b>600</b>家。[1]", written=("<b>600</b>家。[1]",))
    shown = render_reply(answer, 1)
    assert "<b>人工审定</b> 张三，2026&#45;11&#45;25" in shown
    assert "审定人所写" in shown
    assert "<b>600" not in shown
    print_answer(answer)
    printed = capsys.readouterr().out
    assert "人工审定：张三，2026-11-25" in printed
    assert "审定人所写，不在所引原文中：<b>600</b>家。[1]" in printed
    assert answer_document(answer)["approval"]["editor"] == "张三"
    assert answer_document(replace(answer, approval=None))["approval"] is None
