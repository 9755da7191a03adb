"""The dialogue suite tells what was understood and answered rightly from what was not."""

from assistant.library import Library
from eval.dialogues.dialogues import PARTS, Dialogue, Rewritten, Turn, load_dialogues
from eval.dialogues.run import failures, hold, summarise


def dialogue(rewrite: Rewritten | None, *, words: str = "218家", documents: str = "") -> Dialogue:
    first = Turn(question="高企目标多少", rewrite=None, status="answered", must_contain=("550",))
    then = Turn(question="那基数呢", rewrite=rewrite, status="answered", must_contain=(words,))
    titles = (documents,) if documents else ()
    return Dialogue(id="d", documents=titles, turns=(first, then))


def test_a_right_follow_up_counts(library: Library) -> None:
    right = Rewritten(holds=("高企", "基数"), lacks=("呢",))
    scores = summarise(list(hold([dialogue(right)], library, None)))
    assert {name: (share.count, share.total) for name, share in scores.items()} == {
        "rewritten_right": (2, 2),
        "follow_ups_right": (1, 1),
        "untouched": (1, 1),
        "answered_right": (2, 2),
        "quotes_literal": (2, 2),
    }


def test_a_wrong_follow_up_is_told(library: Library) -> None:
    for rewrite in (
        None,
        Rewritten(holds=("上海",), lacks=()),
        Rewritten(holds=(), lacks=("高企",)),
    ):
        (wrong,) = failures(list(hold([dialogue(rewrite)], library, None)))
        assert (wrong["question"], wrong["rewritten"]) == ("那基数呢", "高企的基数是多少")
        assert not wrong["rewritten_right"]


def test_a_wrong_answer_is_told(library: Library) -> None:
    right = Rewritten(holds=("高企",), lacks=())
    scores = summarise(list(hold([dialogue(right, words="999家")], library, None)))
    assert (scores["rewritten_right"].count, scores["answered_right"].count) == (2, 1)


def test_dialogues_over_documents_that_are_not_there_are_passed_over(library: Library) -> None:
    assert not list(hold([dialogue(None, documents="某省报告")], library, library))


def test_the_sets_are_large_enough_and_have_a_held_out_part() -> None:
    sets = {part: load_dialogues(part) for part in PARTS}
    ids = [one.id for found in sets.values() for one in found]
    assert len(ids) == len(set(ids)) >= 40
    assert len(sets["held_out"]) >= 15
    assert all(2 <= len(one.turns) <= 5 for found in sets.values() for one in found)
