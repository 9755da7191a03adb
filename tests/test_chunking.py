"""Chunks: whole sentences within the budget, never over a section, cut only where a reader would.

Tokens are characters here, so that every budget can be counted by eye.
"""

import pytest

from corpus.chunking import chunk_sections, split_sentence, trim
from corpus.model import Chunk, Document, ParsedPlan, Plan, Span
from corpus.outline import build_outline
from corpus.parse import parse_plan
from corpus.segment import base_segmenter, brackets, inside, quantities
from tests.fakes import load_bundled


def chunk(text: str, max_tokens: int, overlap_tokens: int = 0) -> tuple[Chunk, ...]:
    return chunk_sections(
        Plan("0" * 12, "某规划", "规划.txt", "f" * 64, text),
        build_outline(text),
        base_segmenter(),
        len,
        max_tokens=max_tokens,
        overlap_tokens=overlap_tokens,
    )


def texts(text: str, max_tokens: int, overlap_tokens: int = 0) -> list[str]:
    return [found.text for found in chunk(text, max_tokens, overlap_tokens)]


def split(sentence: str, max_tokens: int) -> list[str]:
    spans = split_sentence(sentence, base_segmenter(), len, max_tokens)
    return [part.of(sentence) for part in spans]


@pytest.fixture(scope="module")
def bundled() -> ParsedPlan:
    plan, document = load_bundled()
    parsed, _ = parse_plan(plan, document, base_segmenter(), len, max_tokens=60, overlap_tokens=30)
    return parsed


def test_one_chunk_whole() -> None:
    text = "一、总则\n(一)目标。到2025年。\n"

    assert chunk(text, 50) == (
        Chunk(
            plan_id="0" * 12,
            number=0,
            section=1,
            span=Span(5, 18),
            text="(一)目标。到2025年。",
            context="某规划 > 一、总则 > (一)目标",
        ),
    )


def test_embedded_text_carries_title_and_heading_path() -> None:
    found = chunk("一、总则\n(一)目标。到2025年。\n(二)原则。创新。", 50)

    assert [one.embedded for one in found] == [
        "某规划 > 一、总则 > (一)目标\n(一)目标。到2025年。",
        "某规划 > 一、总则 > (二)原则\n(二)原则。创新。",
    ]


@pytest.mark.parametrize(
    ("max_tokens", "expected"),
    [
        pytest.param(30, ["一二三四。五六七八。九十甲乙。"], id="all fit"),
        pytest.param(15, ["一二三四。五六七八。九十甲乙。"], id="just fit"),
        pytest.param(14, ["一二三四。五六七八。", "九十甲乙。"], id="one over"),
        pytest.param(5, ["一二三四。", "五六七八。", "九十甲乙。"], id="one each"),
    ],
)
def test_sentences_are_packed_whole(max_tokens: int, expected: list[str]) -> None:
    assert texts("一二三四。五六七八。九十甲乙。", max_tokens) == expected


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        pytest.param(0, ["一二。三四。", "五六。七八。"], id="none"),
        pytest.param(2, ["一二。三四。", "五六。七八。"], id="less than a sentence"),
        pytest.param(3, ["一二。三四。", "三四。五六。", "五六。七八。"], id="one sentence"),
        pytest.param(6, ["一二。三四。", "三四。五六。", "五六。七八。"], id="never all of it"),
    ],
)
def test_overlap_is_whole_sentences(overlap: int, expected: list[str]) -> None:
    assert texts("一二。三四。五六。七八。", 6, overlap) == expected


def test_overlap_leaves_room_for_the_next_sentence() -> None:
    assert texts("一二。三四。五六七八九。", 6, 6) == ["一二。三四。", "五六七八九。"]


def test_overlap_never_repeats_a_part_of_a_sentence() -> None:
    # Found by hypothesis: the part before the ； would fit the overlap and the next chunk.
    text = "第一章 研发\n研发投入；高新技术企业高新技术企业高新技术企业科技型中小企业。"

    assert texts(text, 24, 5) == [
        "第一章 研发\n研发投入；",
        "高新技术企业高新技术企业高新技术企业",
        "科技型中小企业。",
    ]


def test_chunk_never_reaches_over_its_section() -> None:
    text = "一、甲乙\n丙。\n二、丁戊\n己。\n附件1\n表\n庚。"

    assert [(one.section, one.text) for one in chunk(text, 100, 50)] == [
        (0, "一、甲乙\n丙。"),
        (1, "二、丁戊\n己。"),
        (2, "附件1\n表\n庚。"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("一、总则\n(一)甲。乙。", ["(一)甲。乙。"], id="heading above subsections"),
        pytest.param(
            "一、总则\n导言。\n(一)甲。乙。", ["一、总则\n导言。", "(一)甲。乙。"], id="lead"
        ),
        pytest.param("一、总则\n二、附则\n", ["一、总则", "二、附则"], id="headings alone"),
        pytest.param("前言。\n一、甲\n乙。", ["前言。", "一、甲\n乙。"], id="before the first"),
        pytest.param("# 一、甲\n## (一)乙。丙。", ["## (一)乙。丙。"], id="markdown"),
        pytest.param("　\n\n 甲。 \n\n　", ["甲。"], id="no blanks at the edges"),
        pytest.param("", [], id="empty"),
    ],
)
def test_what_becomes_a_chunk(text: str, expected: list[str]) -> None:
    assert texts(text, 50) == expected


@pytest.mark.parametrize(
    ("sentence", "max_tokens", "parts"),
    [
        pytest.param(
            "支持企业创新,加强监测评估,营造氛围。",
            14,
            ["支持企业创新,加强监测评估,", "营造氛围。"],
            id="at the last comma that fits",
        ),
        pytest.param(
            "支持高新技术企业发展壮大。", 9, ["支持高新技术企业", "发展壮大。"], id="between words"
        ),
        pytest.param(
            "总投资额约5200万元用于孵化。", 8, ["总投资额", "约5200万元", "用于孵化。"], id="number"
        ),
        pytest.param(
            "坚持(目标、需求)导向,再前行。",
            8,
            ["坚持", "(目标、需求)", "导向,再前行。"],
            id="bracketed phrase",
        ),
        pytest.param(
            "全面打造“一张蓝图”工作。", 7, ["全面打造", "“一张蓝图”", "工作。"], id="quoted phrase"
        ),
        pytest.param(
            "见(高新技术企业、科技型企业)。",
            8,
            ["见", "(高新技术企业、", "科技型企业)。"],
            id="bracket over the budget, cut inside it",
        ),
        pytest.param("高新技术企业", 4, ["高新技术", "企业"], id="word over the budget"),
        pytest.param("甲乙", 5, ["甲乙"], id="fits"),
        pytest.param("甲乙丙", 0, ["甲", "乙", "丙"], id="no budget at all"),
    ],
)
def test_over_long_sentence_is_cut_where_a_reader_would(
    sentence: str, max_tokens: int, parts: list[str]
) -> None:
    assert split(sentence, max_tokens) == parts
    assert "".join(parts) == sentence


def test_budget_is_counted_by_the_given_tokenizer() -> None:
    # Two tokens a character: the same budget holds half as much.
    plan = Plan("0" * 12, "某规划", "规划.txt", "f" * 64, "一二。三四。五六。")
    found = chunk_sections(
        plan,
        build_outline(plan.text),
        base_segmenter(),
        lambda words: 2 * len(words),
        max_tokens=12,
        overlap_tokens=0,
    )

    assert [one.text for one in found] == ["一二。三四。", "五六。"]


def test_a_page_without_a_full_stop_is_cut_in_linear_time() -> None:
    counted = 0

    def count_tokens(words: str) -> int:
        nonlocal counted
        counted += len(words)
        return len(words)

    text = "支持企业创新发展" * 5000
    parts = split_sentence(text, base_segmenter(), count_tokens, 100)

    assert max(len(part) for part in parts) <= 100
    # Every cut looks at a window of a few budgets, never at the rest of the text.
    assert counted < 200 * len(text)


def test_trim_takes_blanks_off_the_edges() -> None:
    assert trim("  甲 乙\n", Span(0, 6)) == Span(2, 5)
    assert trim("   ", Span(0, 3)) == Span(3, 3)


def test_bundled_chunks_are_numbered_spans_within_their_section(bundled: ParsedPlan) -> None:
    text = bundled.plan.text

    assert [one.number for one in bundled.chunks] == list(range(len(bundled.chunks)))
    for one in bundled.chunks:
        section = bundled.sections[one.section]
        assert one.text == one.span.of(text) == one.text.strip() != ""
        assert section.own.holds(one.span)
        path = " > ".join((bundled.plan.title, *section.path))
        # Where it goes on in a table, caption and header follow.
        assert one.context == path or one.context.startswith(f"{path} > ")


def test_chunk_that_goes_on_in_a_table_says_what_its_columns_are(bundled: ParsedPlan) -> None:
    rows = [one for one in bundled.chunks if "预期性" in one.text and "属性" not in one.text]

    assert rows
    for one in rows:
        assert "“十四五”科技创新主要指标 指标 单位 2020年基数 2025年目标" in one.context


def test_bundled_chunks_lose_nothing_but_headings_above_subsections(bundled: ParsedPlan) -> None:
    text = bundled.plan.text
    covered = {i for one in bundled.chunks for i in range(one.span.start, one.span.end)}
    lost = "".join(c for i, c in enumerate(text) if i not in covered and not c.isspace())

    assert lost == "十一、实施科技治理能力提升工程十二、保障措施"


def test_bundled_chunks_are_cut_in_no_word_number_or_bracket(bundled: ParsedPlan) -> None:
    text = bundled.plan.text
    _, segmenter = parse_plan(
        bundled.plan,
        Document(bundled.plan.text),
        base_segmenter(),
        len,
        max_tokens=60,
        overlap_tokens=0,
    )
    protected = inside(segmenter.words(text)) | inside(quantities(text)) | inside(brackets(text))
    cuts = {edge for one in bundled.chunks for edge in (one.span.start, one.span.end)}

    assert len(cuts) > 60
    assert cuts & protected == set()
    assert max(len(one.text) for one in bundled.chunks) <= 62


def test_plan_terms_keep_a_platform_whole() -> None:
    text = "建设浙江碳中和技术创新研究院和某中心。"
    plan = Plan("0" * 12, "某规划", "规划.txt", "f" * 64, text)
    parsed, _ = parse_plan(
        plan, Document(text), base_segmenter(), len, max_tokens=12, overlap_tokens=0
    )

    assert [one.text for one in parsed.chunks] == ["建设", "浙江碳中和技术创新研究院", "和某中心。"]
