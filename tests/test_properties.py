"""What holds for every text, whoever wrote it.

Two kinds of text are made: plans as they are written (headings, real words, numbers with units,
closed brackets), and anything at all that a file may hold.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.catalog import Catalog
from corpus.chunking import trim
from corpus.index import VectorIndex
from corpus.indicators import read_indicators
from corpus.ingest import remove_plan
from corpus.model import Document, ParsedPlan, Plan, Section, Span
from corpus.normal import normal_view, normalise
from corpus.outline import build_outline
from corpus.parse import parse_plan
from corpus.segment import Segmenter, base_segmenter, brackets, inside, sentences
from tests.fakes import MODEL, BigramEmbedder, Store, load

# The same examples on every machine and in every run; the texts are not small, the tests are.
settings.register_profile(
    "plans",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PLANS = settings.get_profile("plans")
FEW = settings(PLANS, max_examples=20)

WORDS = [
    *(
        "高新技术企业",
        "科技型中小企业",
        "研发投入",
        "r&d经费",
        "R&D",
        "碳达峰",
        "碳中和",
        "生命健康",
    ),
    *(
        "科技创新",
        "平台建设",
        "人才",
        "加强",
        "推进",
        "支持",
        "培育",
        "到",
        "和",
        "的",
        "全面",
        "治理",
    ),
    *(
        "数字经济",
        "劳动生产率",
        "重点实验室",
        "眼视光",
        "体制改革",
        "组织领导",
        "CRO",
        "GDP",
        "卡拉OK",
    ),
    *("浙江省", "瓯海区", "温州医科大学", "药明康德", "一", "十", "百"),
]
UNITS = ["万元", "亿元", "家", "%", "万平方米", "个百分点", "年", "人年", "万元/人", "件", ""]
HEADINGS = [
    "第一章 {}", "第二节 {}", "一、{}", "十一、{}", "(一){}", "（二）{}", "1.{}", "（3）{}", "①{}",
    "附件1\n{}", "附件2 {}", "专栏1 {}", "(二){}。接着说明。", "　　三、{}", "## 四、{}",
]  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789.%()", "０１２３４５６７８９．％（）")

words = st.sampled_from(WORDS)
phrases = st.lists(words, min_size=1, max_size=5).map("".join)
figures = st.integers(0, 99999).map(str) | st.decimals(0, 999, places=2).map(str)
quantities = st.builds(
    "{}{}{}".format, st.sampled_from(["", "约"]), figures, st.sampled_from(UNITS)
)
short_phrases = st.lists(words, min_size=1, max_size=2).map("".join)
bracketed = st.builds(
    "{0[0]}{1}{2}{0[1]}".format,
    st.sampled_from(["()", "（）", "“”", "《》", "[]", "「」"]),
    short_phrases | quantities,
    st.just("") | st.builds("({})".format, words),
)
tokens = st.one_of(words, words, words, quantities, bracketed, st.sampled_from("，、,;： "))
ends = st.sampled_from(["。", "！", "?", "。”", "；", ""])
sentence = st.builds("{}{}".format, st.lists(tokens, min_size=1, max_size=12).map("".join), ends)
long_sentence = st.builds(
    "{}。".format, st.lists(words | quantities | bracketed, min_size=15, max_size=30).map("".join)
)
paragraph = st.lists(sentence | sentence | long_sentence, min_size=1, max_size=3).map("".join)
heading = st.builds(str.format, st.sampled_from(HEADINGS), phrases)
lines = st.one_of(
    heading,
    paragraph,
    paragraph,
    paragraph.map(lambda line: line.translate(FULL_WIDTH)),
    st.sampled_from(["", "", "　　", " \t"]),
)
plan_texts = st.lists(lines, min_size=1, max_size=8).map("\n".join)

weird_characters = st.sampled_from(
    "()（）[]【】“”‘’《》「」。！？!?,，、;； \t\u3000\n\n一二十章附件第12.①-—~％%"
) | (
    st.sampled_from(
        ["𠮷", "😀", "é", "e\u0301", "ﬁ", "㎡", "İ", "\u200b", "\u2028", "\x0b", "\x85"]
    )
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff")
)
weird_texts = st.lists(
    st.one_of(weird_characters, words, quantities, heading), min_size=1, max_size=80
).map("".join)

budgets = st.integers(24, 80)


def size(text: str) -> int:
    """Count as the fake tokenizer of these tests: every character that can be seen."""
    return sum(not character.isspace() for character in text)


def parse(text: str, budget: int, overlap: int = 0) -> tuple[ParsedPlan, Segmenter]:
    plan = Plan("0" * 12, "某规划", "规划.txt", "f" * 64, text)
    return parse_plan(
        plan, Document(text), base_segmenter(), size, max_tokens=budget, overlap_tokens=overlap
    )


def joined_runs(spans: list[Span]) -> list[Span]:
    """Return the stretches that overlapping spans make together."""
    runs: list[Span] = []
    for span in sorted(spans):
        if runs and span.start < runs[-1].end:
            runs[-1] = Span(runs[-1].start, max(runs[-1].end, span.end))
        else:
            runs.append(span)
    return runs


def parted(spans: list[Span], text: str, cuts: set[int], budget: int) -> list[str]:
    """Return what the cuts part although it would have fitted the budget."""
    runs = [run for run in joined_runs(spans) if size(run.of(text)) <= budget]
    return [
        run.of(text) for run in runs if any(cut in cuts for cut in range(run.start + 1, run.end))
    ]


def bare_headings(text: str, sections: tuple[Section, ...]) -> set[int]:
    """Return the characters of sections that are only a heading above subsections."""
    parents = {section.parent for section in sections}
    bare = [
        section.own
        for section in sections
        if section.number in parents
        and not text[section.heading.end : section.own.end].strip("。. \t\n\u3000")
    ]
    return {i for own in bare for i in range(own.start, own.end)}


@PLANS
@given(plan_texts | weird_texts)
@example("")
@example("\n")
@example("附件1")
@example("附件1\n附件2\n一、")
@example("# 一、甲\n**（一）乙**\n")
def test_outline_is_a_tree_of_spans_over_the_whole_text(text: str) -> None:
    sections = build_outline(text)

    assert "".join(section.own.of(text) for section in sections) == text
    assert [section.number for section in sections] == list(range(len(sections)))
    assert all(left.own.end == right.own.start for left, right in pairwise(sections))
    for section in sections:
        assert section.span.holds(section.own)
        assert section.span.start == section.own.start
        if section.path:
            assert section.own.holds(section.heading)
            assert section.title == " ".join(section.heading.of(text).split()) != ""
        if section.parent is None:
            assert len(section.path) <= 1
        else:
            parent = sections[section.parent]
            assert parent.number < section.number
            assert parent.level < section.level
            assert parent.span.holds(section.span)
            assert section.path[:-1] == parent.path


@PLANS
@given(plan_texts | weird_texts, budgets, st.integers(0, 40))
@example("附件1\n一、总则\n正文。", 24, 0)
def test_chunks_are_spans_that_lose_nothing(text: str, budget: int, overlap: int) -> None:
    parsed, _ = parse(text, budget, overlap)
    covered: set[int] = set()

    for number, chunk in enumerate(parsed.chunks):
        section = parsed.sections[chunk.section]
        assert chunk.number == number
        assert text[chunk.span.start : chunk.span.end] == chunk.text
        assert chunk.text == chunk.text.strip() != ""
        assert size(chunk.text) <= budget
        assert section.own.holds(chunk.span)
        assert chunk.context == " > ".join(("某规划", *section.path))
        covered.update(range(chunk.span.start, chunk.span.end))
    assert all(
        (left.section, left.span) < (right.section, right.span)
        for left, right in pairwise(parsed.chunks)
    )
    seen = {i for i, character in enumerate(text) if not character.isspace()}
    assert seen - covered <= bare_headings(text, parsed.sections)


@PLANS
@given(plan_texts, budgets)
def test_no_cut_inside_a_word_a_number_or_a_bracket(text: str, budget: int) -> None:
    parsed, segmenter = parse(text, budget)
    cuts = {edge for chunk in parsed.chunks for edge in (chunk.span.start, chunk.span.end)}
    units = "|".join(sorted(map(re.escape, filter(None, UNITS)), key=len, reverse=True))
    numbers = [
        Span(*found.span()) for found in re.finditer(rf"\d+(?:[.．]\d+)?(?:{units}|％)?", text)
    ]
    closed = [
        Span(*found.span())
        for found in re.finditer(
            r"“[^“”\n]*”|《[^《》\n]*》|「[^「」\n]*」|\[[^][\n]*\]|\([^()\n]*\)|（[^（）\n]*）",
            text,
        )
    ]

    known = segmenter.words(text)
    assert parted([*known, *numbers], text, cuts, budget) == []
    assert parted([*known, *numbers, *closed, *brackets(text)], text, cuts, budget) == []


@PLANS
@given(plan_texts, budgets, st.integers(0, 40))
@example("第一章 研发\n研发投入；" + "高新技术企业" * 3 + "科技型中小企业。", 24, 5)
def test_sentences_stay_whole_and_only_whole_ones_are_repeated(
    text: str, budget: int, overlap: int
) -> None:
    parsed, _ = parse(text, budget, overlap)

    for section in parsed.sections:
        own = section.own.of(text)
        spans = [
            Span(section.own.start + found.start, section.own.start + found.end)
            for found in sentences(own)
        ]
        chunks = [chunk for chunk in parsed.chunks if chunk.section == section.number]
        cuts = {edge for chunk in chunks for edge in (chunk.span.start, chunk.span.end)}
        # Blanks at a sentence's edges belong to no chunk.
        whole = [trim(text, span) for span in spans if 0 < size(span.of(text)) <= budget]
        assert not cuts & inside(whole)
        for left, right in pairwise(chunks):
            if right.span.start < left.span.end:
                assert size(Span(right.span.start, left.span.end).of(text)) <= overlap
                assert right.span.start in {span.start for span in whole}
                assert left.span.end in {span.end for span in whole}


@PLANS
@given(weird_texts | plan_texts)
@example("人 才ﬁİ㎡")
def test_view_leads_back_to_the_text(text: str) -> None:
    view = normal_view(text)

    assert len(view.offsets) == len(view.text)
    assert list(view.offsets) == sorted(view.offsets)
    for position, character in enumerate(view.text):
        assert character in normalise(view.back(position, position + 1).of(text))


@PLANS
@given(plan_texts)
def test_view_and_normalised_text_are_the_same(text: str) -> None:
    assert normal_view(text).text == normalise(text)
    assert normalise(normalise(text)) == normalise(text)


cells = st.none() | st.decimals(-999, 99999, places=2) | st.integers(0, 9999).map(Decimal)
kinds = st.sampled_from(["annual", "cumulative"])
rows = st.tuples(phrases, cells, cells, cells, kinds, st.sampled_from(["预期性", "约束性"]))


@PLANS
@given(st.lists(rows, min_size=1, max_size=6), plan_texts)
def test_table_that_is_printed_is_read_back(
    table: list[tuple[str, Decimal | None, Decimal | None, Decimal | None, str, str]], before: str
) -> None:
    printed = [
        " ".join(
            (
                name,
                "家",
                "-" if base is None else str(base),
                "-" if target is None else str(target),
                "-" if growth is None else f"{growth}%" if kind == "annual" else f"[{growth}]",
                attribute,
            )
        )
        for name, base, target, growth, kind, attribute in table
    ]
    header = "指标 单位 2020年基数 2025年目标 年均增长\n[累计提高] 指标\n属性"
    text = "\n".join((before, "附件9", "主要指标", header, *printed, "注:以上。"))
    plan = Plan("0" * 12, "某规划", "规划.txt", "f" * 64, text)
    found = read_indicators(plan, build_outline(text))

    assert [
        (one.name, one.base, one.target, one.growth, one.growth_kind, one.attribute)
        for one in found
    ] == [
        (name, base, target, growth, None if growth is None else kind, attribute)
        for name, base, target, growth, kind, attribute in table
    ]
    assert [one.span.of(text) for one in found] == printed
    assert {one.header.of(text) for one in found} == {header}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("store")
    catalog = Catalog(folder / "catalog.sqlite")
    yield Store(folder, catalog, VectorIndex(folder / "chroma", MODEL), BigramEmbedder())
    catalog.close()


def timeless(store: Store) -> tuple[object, ...]:
    """Everything stored but the time at which it was added."""
    return store.contents()[1:]


@FEW
@given(plan_texts | weird_texts, plan_texts)
def test_ingesting_twice_is_ingesting_once(store: Store, text: str, other: str) -> None:
    # A line of its own makes both readable and different, whatever was drawn.
    path = store.write(f"甲{text}")
    done = store.ingest(path)
    once = store.contents()

    assert store.ingest(path).outcome == "unchanged"
    assert store.contents() == once
    # Away and back again leaves nothing of the way.
    store.write(f"乙{other}")
    assert store.ingest(path).outcome == "replaced"
    store.write(f"甲{text}")
    assert store.ingest(path).outcome == "replaced"
    assert timeless(store) == once[1:]

    remove_plan(done.plan_id, store.catalog, store.index)
    assert timeless(store) == ([], [], [], [], [], [], [], set())


@FEW
@given(weird_texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_file_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    path = Path(tmp_path_factory.getbasetemp()) / "规划.txt"
    path.write_bytes(f"规划{text}".encode(encoding))

    assert load(path)[0].text == f"规划{text}"
