"""What the reranker is trained on and how it is fitted: no text of one part in the other."""

import random
import sqlite3
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from assistant.library import Library
from assistant.settings import Settings
from eval.bench.load import BENCHES, Bench, BenchDocument, BenchQuestion, load_bench
from eval.bench.store import open_store
from eval.corpus.places import squeeze
from eval.reranker.augment import augmented
from eval.reranker.batches import drawn
from eval.reranker.data import SYNTHETIC
from eval.reranker.fit import Ranked, best_weight
from eval.reranker.groups import Candidate, Group, mostly_new, read_groups, write_groups
from eval.reranker.headings import heading_groups
from eval.reranker.laws import law_texts
from eval.reranker.leads import lead_groups
from eval.reranker.mine import mine
from eval.reranker.written import QUESTIONS, read_written
from eval.splits import split_of

SUITE = "ncpqa"
TEXTS = (
    "茶园补贴办法。新开茶园每亩补助八百元,由县农业局发放。",
    "梯田保护办法。修复古水渠每条补助三万元,由县水利局验收。",
    "蜂业发展办法。新购蜂箱每只补助六十元,由乡镇登记。",
    "竹林经营办法。竹林道路每公里补助五万元,由县林业局核定。",
)


def bench() -> Bench:
    """Return four documents, two in either part, with a question each and one without answer."""
    ids = {
        part: [f"d{n}" for n in range(60) if split_of(SUITE, f"d{n}") == part][:2]
        for part in ("train", "dev")
    }
    documents = [
        BenchDocument(doc_id=name, title=f"办法{name}", text=text)
        for name, text in zip([*ids["train"], *ids["dev"]], TEXTS, strict=True)
    ]
    sums = ("八百元", "三万元", "六十元", "五万元")
    questions = [
        BenchQuestion(id=f"q{n}", question="补助多少元", answers=(words,), doc_id=one.id)
        for n, (one, words) in enumerate(zip(documents, sums, strict=True))
    ]
    other = BenchQuestion(id="none", question="哪天发放", answers=(), doc_id=documents[0].id)
    return Bench(SUITE, "digest", tuple(documents), tuple(questions), (other,))


def test_groups_of_a_part_hold_its_documents_alone(tmp_path: Path) -> None:
    made = bench()
    store = open_store(made, Settings(), lambda step: None, tmp_path)
    train = list(mine(made, store, "train", lambda step: None))
    dev = list(mine(made, store, "dev", lambda step: None))
    store.library.catalog.close()
    assert {group.id for group in train} == {"q0", "q1", "none"}
    assert {group.id for group in dev} == {"q2", "q3"}
    for groups, others in ((train, TEXTS[2:]), (dev, TEXTS[:2])):
        told = "".join(passage.text for group in groups for passage in group.passages)
        assert told
        assert not any(text[-10:-1] in told for text in others)
    for group in (*train, *dev):
        assert bool(group.right) == (group.id != "none")
        for passage in group.right:
            assert passage.text[passage.start : passage.end] in "八百元三万元六十元五万元"
        assert group.wrong
    path = tmp_path / "groups.jsonl"
    assert write_groups(train, path) == len(train)
    assert list(read_groups(path)) == train


def test_a_heading_is_not_in_the_passage_that_answers_it(tmp_path: Path) -> None:
    body = "新购加工设备的茶农可以申请贷款贴息,贴息标准由县农业局会同财政局每年公布,"
    body += "资金从专项中列支,当年用完为止,不足部分由乡镇自筹解决,跨年不再结转。"
    text = "松阳县茶业规划\n一、扶持办法\n(一)加工设备贷款贴息\n" + body
    text += "\n(二)品牌与市场建设工作\n" + body.replace("贷款贴息", "展销").replace("茶农", "商户")
    path = tmp_path / "茶.txt"
    path.write_text(text, encoding="utf-8")
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert all(one.plan_id for one in library.ingest_all([path]))
    library.catalog.close()
    groups = list(heading_groups(tmp_path / "data", seed=1))
    assert groups == list(heading_groups(tmp_path / "data", seed=1))
    headings = ("加工设备贷款贴息", "品牌与市场建设工作")
    assert len(groups) == 2
    for group in groups:
        heading = next(one for one in headings if one in group.question)
        assert group.right and group.wrong
        assert not any(heading in passage.text for passage in group.passages)


def test_a_paragraph_answers_what_it_opens_with(tmp_path: Path) -> None:
    (tmp_path / "办法.txt").write_text(
        """山区茶叶发展办法
一、总体要求
坚持质量优先,到二〇三〇年建成一批标准茶园,让茶农的收入稳步提高。
(一)推进加工改造。对购置杀青机、揉捻机的茶农,按照发票金额的三成给予补助。
1.支持品牌推广
每年春季在县城举办开茶节,组织茶企参加省内外的展销会,展位费用由县财政承担。
(二)主要目标。新建标准茶园两千亩,改造低产茶园五千亩,培育龙头企业三家。
""",
        encoding="utf-8",
    )
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert all(one.plan_id for one in library.ingest_all([tmp_path / "办法.txt"]))
    library.catalog.close()
    groups = list(lead_groups(tmp_path / "data", seed=1))
    assert groups == list(lead_groups(tmp_path / "data", seed=1))
    answers = {}
    for group in groups:
        (right,) = group.right
        answers[group.question] = right.text[right.start : right.end]
        assert not any(answers[group.question] in wrong.text for wrong in group.wrong)
    assert {next(w for w in ("加工改造", "品牌推广") if w in asked) for asked in answers} == {
        "加工改造",
        "品牌推广",
    }
    assert set(answers.values()) == {
        "对购置杀青机、揉捻机的茶农,按照发票金额的三成给予补助。",
        "每年春季在县城举办开茶节,组织茶企参加省内外的展销会,展位费用由县财政承担。",
    }


def test_a_training_group_has_one_right_passage_and_the_hardest_wrong_ones() -> None:
    right = [Candidate(text=f"r{n}", answers=True, same_document=True) for n in range(2)]
    wrong = [Candidate(text=f"w{n}", answers=False, same_document=n % 2 == 0) for n in range(14)]
    group = Group(
        source=SUITE,
        id="q",
        document_id="d",
        question="?",
        is_answerable=True,
        passages=(*right, *wrong),
    )
    for seed in range(20):
        chosen = drawn(group, random.Random(seed))
        assert [one.answers for one in chosen] == [True, False, False, False]
        assert {one.same_document for one in chosen[1:]} == {True, False}
        assert all(int(one.text[1:]) < 12 for one in chosen[1:])


_CONTEXT = "茶业规划 > 一、扶持办法\n"
_ABOVE = "新建标准茶园两千亩；改造低产茶园五千亩，由乡镇自筹。\n"
_BODY = "对购置杀青机的茶农，按照发票金额的三成给予补助。补助每年春季由县农业局发放到户。"
_BELOW = "展销会的展位费用由县财政承担！茶企参加省外展销会的，另有差旅补贴，标准每年公布。"


def _group_of(answer: str, text: str = _CONTEXT + _ABOVE + _BODY + _BELOW) -> Group:
    start = text.index(answer)
    end = start + len(answer)
    right = Candidate(text=text, answers=True, same_document=True, start=start, end=end)
    return Group(
        source=SUITE,
        id=answer,
        document_id="d",
        question="?",
        is_answerable=True,
        passages=(right, Candidate(text="wrong", answers=False, same_document=True)),
    )


@pytest.mark.parametrize("answer", ["三成", "由乡镇自筹", "由县农业局发放到户。展销会的展位费用"])
def test_an_answer_is_shown_within_fewer_sentences_and_its_passage_without_it(answer: str) -> None:
    group = _group_of(answer)
    (whole,) = group.right
    lengths = set()
    for seed in range(20):
        more = augmented(group, seed=seed)
        assert more == augmented(group, seed=seed)
        assert set(group.passages) <= set(more.passages)
        for right in more.right:
            assert right.text[right.start : right.end] == answer
            assert right.text.startswith(_CONTEXT)
            assert right.text.removeprefix(_CONTEXT) in whole.text
            lengths.add(len(right.text))
        cut, other = more.wrong
        assert other.text == "wrong"
        assert cut.same_document
        assert answer not in cut.text
        assert cut.text.startswith(_CONTEXT)
    assert len(lengths) > 2


def test_a_passage_that_answers_twice_is_not_taken_for_one_without_answer() -> None:
    group = _group_of("三成", _CONTEXT + _ABOVE + _BODY + _BELOW + "再购的补助也是三成。")
    assert [one.text for one in augmented(group, seed=1).wrong] == ["wrong"]


def test_laws_are_read_article_by_article(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "laws.db") as laws:
        laws.execute("CREATE TABLE articles (id, law_id, law_name, article_text)")
        laws.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?)",
            [
                (2, "b", "茶法", "种茶须登记。"),
                (1, "b", "茶法", "为了茶业。"),
                (3, "a", "水法", "水。"),
            ],
        )
    assert list(law_texts(tmp_path / "laws.db")) == ["水法\n水。", "茶法\n为了茶业。\n种茶须登记。"]
    with pytest.raises(sqlite3.Error):
        list(law_texts(tmp_path / "none.db"))


@pytest.mark.parametrize("name", ["ncpqa", "cail2019", "plans"])
def test_nothing_is_written_to_what_is_reported_on(name: str) -> None:
    written = read_written(name)
    assert len(written) > 1000
    assert all(split_of(name, one.document) != "dev" for one in written)
    assert not any("瓯海" in one.document for one in written)
    assert len({(one.document, one.question) for one in written}) == len(written)


@pytest.mark.parametrize("name", ["ncpqa", "cail2019"])
def test_written_answers_stand_in_their_documents(name: str) -> None:
    if not BENCHES.is_dir():
        pytest.skip("the public question sets are not beside the project")
    texts = {one.id: squeeze(one.text) for one in load_bench(BENCHES, name).documents}
    for one in read_written(name):
        if one.answer and one.document in texts:
            assert squeeze(one.before + one.answer) in texts[one.document], one


@pytest.mark.parametrize("name", SYNTHETIC)
def test_answers_to_invented_texts_stand_in_them(name: str) -> None:
    bench = load_bench(QUESTIONS, name)
    texts = {one.id: squeeze(one.text) for one in bench.documents}
    asked = (*bench.questions, *bench.others)
    assert len(texts) > 300 and len(asked) > 5000
    for one in asked:
        assert all(squeeze(one.before + words) in texts[one.document_id] for words in one.answers)
    assert not any(one.is_answerable for one in bench.others)
    assert not any("瓯海" in text for text in texts.values())
    assert {split_of(name, id_) for id_ in texts} == {"train", "fit"}


def test_training_further_keeps_some_of_what_was_known() -> None:
    groups = [
        Group(
            source=source,
            id=str(number),
            document_id="d",
            question="新开茶园补助多少",
            is_answerable=False,
            passages=(),
        )
        for source, count in (("new", 30), ("old", 100))
        for number in range(count)
    ]
    mixed = mostly_new(groups, ["new"], seed=1)
    assert mixed == mostly_new(groups, ["new"], seed=1)
    assert Counter(group.source for group in mixed) == {"new": 30, "old": 20}
    assert len({group.id for group in mixed if group.source == "old"}) == 20
    with pytest.raises(ValueError, match="newer"):
        mostly_new(groups, ["newer"], seed=1)


@pytest.mark.parametrize(
    ("right_relevance", "wrong_relevance", "weighs"), [(0.9, 0.1, True), (0.1, 0.9, False)]
)
def test_the_relevance_weighs_as_far_as_it_is_right(
    right_relevance: float, wrong_relevance: float, weighs: bool
) -> None:
    by_retrieval = (0.4, 0.6) if weighs else (0.6, 0.4)
    questions = [
        [
            Ranked(by_retrieval[0], right_relevance, True),
            Ranked(by_retrieval[1], wrong_relevance, False),
        ]
    ]
    assert (best_weight(questions) == 0.5) == weighs
    assert (best_weight(questions) < 0.2) != weighs


@pytest.mark.slow
def test_a_student_learns_and_is_exported_as_it_is(tmp_path: Path) -> None:
    import torch

    from assistant.models.reranker import load_reranker
    from assistant.reading import Told
    from eval.reranker.batches import Labeller, epoch
    from eval.reranker.export import export
    from eval.reranker.pretrain import Guesser, batches
    from eval.reranker.restore import restored
    from eval.reranker.student import load_mean, save, untrained
    from eval.reranker.train import losses_of

    torch.manual_seed(0)
    student, tokenizer = untrained(1)
    guesser = Guesser(student)
    (ids,) = islice(batches(TEXTS * 20, tokenizer, 2), 1)
    learnt = torch.optim.AdamW(guesser.parameters(), 1e-3)
    guessed = []
    for _ in range(20):
        hidden = torch.arange(ids.numel()).view(ids.shape) % 4 == 1
        guess = torch.nn.functional.cross_entropy(guesser(ids, hidden), ids[hidden])
        learnt.zero_grad()
        guess.backward()
        learnt.step()
        guessed.append(guess.item())
    assert guessed[-1] < guessed[0]
    label = Labeller(tokenizer)
    passages = tuple(
        Candidate(text=text, answers="茶园" in text, same_document=True) for text in TEXTS
    )
    group = Group(
        source=SUITE,
        id="q",
        document_id="d",
        question="新开茶园补助多少",
        is_answerable=True,
        passages=passages,
    )
    optimizer = torch.optim.AdamW(student.parameters(), 1e-3)
    lost = []
    for number in range(20):
        (batch,) = epoch([group], label, seed=1, number=number, size=1)
        relevance, start, end = student(batch.ids, batch.mask, batch.kinds)
        loss = sum(losses_of(relevance, start, end, batch))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lost.append(loss.item())
    assert lost[-1] < 0.5 * lost[0]
    save(student, tokenizer, tmp_path / "student")
    kept, tokenizer = load_mean([tmp_path / "student"] * 2, attention="eager")
    export(kept.eval(), tokenizer, tmp_path / "reader")
    reader = load_reranker(tmp_path / "reader", threads=1)
    readings = reader.read(group.question, [Told("", text) for text in TEXTS])
    assert max(range(4), key=lambda n: readings[n].relevance) == 0
    again, _ = restored(tmp_path / "reader")
    with torch.inference_mode():
        first, second = (one.eval()(batch.ids, batch.mask, batch.kinds)[0] for one in (kept, again))
    assert torch.allclose(first, second, atol=0.5)
