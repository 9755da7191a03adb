"""The evaluation of list answers: what is counted, and that the labels stand in the documents."""

from pathlib import Path

import pytest

from assistant.answer.model import Answer
from assistant.settings import Settings
from eval.corpus.run import DOCUMENTS, DocumentsMissing
from eval.lists.judge import ListQuestion, judge_list, load_questions, score_lists
from eval.lists.run import judge_lists
from eval.score import Share


def test_a_list_answer_is_judged_by_its_items() -> None:
    question = ListQuestion(
        id="1",
        kind="heading",
        question="?",
        documents=(),
        items=("修路", "架桥"),
        count=2,
        heldout=False,
    )
    text = "「一、工作」共3项：[1]\n1. 修 路。[2]\n2. 植树。[3]\n3. 挖渠。[4]"
    verdict = judge_list(question, Answer("?", text, "answered", "list"))
    assert (verdict.missing, verdict.count_right) == (("架桥",), False)
    score = score_lists([verdict, judge_list(question, Answer("?", text, "refused", "list"))])
    assert (score.completeness, score.precision) == (Share(1, 4), Share(1, 3))
    assert (score.count_right, score.whole) == (Share(0, 2), Share(0, 2))


def test_labelled_items_stand_in_their_documents() -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip(f"the documents are not here: {DOCUMENTS}")
    for question in load_questions():
        texts = [(DOCUMENTS / name).read_text(encoding="utf-8") for name in question.documents]
        said = "".join("".join(texts).split())
        absent = [item for item in question.items if "".join(item.split()) not in said]
        assert not absent or question.kind == "documents", question.id
    held_out = {d for q in load_questions() if q.heldout for d in q.documents}
    assert not held_out & {d for q in load_questions() if not q.heldout for d in q.documents}


def test_a_missing_folder_of_documents_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAN_DATA_DIR", str(tmp_path / "empty"))
    assert not Settings().data_dir.exists()
    with pytest.raises(DocumentsMissing, match="请用 --documents 指明文档所在的文件夹"):
        judge_lists(load_questions(), tmp_path / "nowhere", print)
