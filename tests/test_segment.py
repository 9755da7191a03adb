"""Words, sentences, and the places where a text must not be cut."""

from pathlib import Path

import pytest

from corpus.model import Span
from corpus.segment import (
    base_segmenter,
    brackets,
    inside,
    plain_segmenter,
    quantities,
    sentences,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("高新技术企业数量", ["高新技术企业", "数量"]),
        ("规上工业企业研发费用", ["规上工业企业", "研发费用"]),
        ("R&D经费占比3.5%", ["R&D经费", "占比", "3.5%"]),
        ("r&d经费占比3.5%", ["r&d经费", "占比", "3.5%"]),
        ("", []),
    ],
)
def test_words_are_those_of_jieba_and_the_lexicon(text: str, words: list[str]) -> None:
    assert [word.of(text) for word in base_segmenter().words(text)] == words


@pytest.mark.parametrize("cached", [None, b"", b"broken"])
def test_jiebas_dictionary_is_kept_in_the_users_cache_and_mended(
    cached: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    file = tmp_path / "cache" / "jieba-0.42.1.cache"
    if cached is not None:
        file.parent.mkdir()
        file.write_bytes(cached)
    text = "高新技术企业数量增加值占比"
    expected = plain_segmenter().words(text)
    for _ in range(2):
        assert plain_segmenter.__wrapped__().words(text) == expected
        assert file.stat().st_size > 2**20


def test_words_follow_each_other_over_the_whole_text() -> None:
    text = "  2025年,GDP\n（ＣＲＯ）𠮷“卡脖子”\r\n\u3000😀完"
    words = base_segmenter().words(text)

    assert "".join(word.of(text) for word in words) == text
    assert [word.start for word in words] == [0, *(word.end for word in words[:-1])]


def test_added_terms_leave_the_first_segmenter_alone() -> None:
    text = "碳中和技术创新研究院"
    taught = plain_segmenter().with_terms([text])

    assert [word.of(text) for word in taught.words(text)] == [text]
    assert len(plain_segmenter().words(text)) > 1


def test_search_words_are_normalised_with_parts_and_without_stopwords() -> None:
    found = base_segmenter().search_words("请问Ｒ＆Ｄ经费的目标?")

    assert found == ["经费", "r&d", "r&d经费", "目标"]


def test_content_words_come_once_and_whole() -> None:
    words = base_segmenter().content_words("高新技术企业和高新技术企业数量")

    assert words == ["高新技术企业", "数量"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024—2026年建成4.3万平方米", ["2024—2026年", "4.3万平方米"]),
        ("投资约5200万元以上", ["约5200万元以上"]),
        ("占比3.5左右", ["3.5左右"]),
        ("1,064家,占36.5%", ["1,064家", "36.5%"]),
        ("提高10个百分点", ["10个百分点"]),
        ("3.5~4.0亿元", ["3.5~4.0亿元"]),
        ("25万元/人", ["25万元/人"]),
        ("５２００万元", ["５２００万元"]),
        ("约１０．００％", ["约１０．００％"]),
        ("158.67 人年", ["158.67 人年"]),
        ("“十四五”规划", []),
    ],
)
def test_quantity_is_a_number_with_its_unit(text: str, found: list[str]) -> None:
    assert [quantity.of(text) for quantity in quantities(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("突破“卡脖子”技术(cro)", ["“卡脖子”", "(cro)"]),
        ("《规划》（试行）【甲】「乙」", ["《规划》", "（试行）", "【甲】", "「乙」"]),
        ("见(附件(一))", ["(附件(一))"]),
        ("“甲‘乙’(丙)丁”", ["“甲‘乙’(丙)丁”"]),
        ("(没有闭合,下一句", []),
        ("没有打开)下一句", []),
        ("(甲\n乙)", []),
        ("“甲(乙”丙)", ["“甲(乙”"]),
        ("((甲)", ["(甲)"]),
        ("[甲)乙]", ["[甲)乙]"]),
        ("", []),
    ],
)
def test_brackets_are_the_outermost_that_close(text: str, found: list[str]) -> None:
    assert [bracket.of(text) for bracket in brackets(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲。乙!丙?丁", ["甲。", "乙!", "丙?", "丁"]),
        ("甲！？乙", ["甲！？", "乙"]),
        ("称“好。”完", ["称“好。”", "完"]),
        ("(见表。下页)后。", ["(见表。下页)后。"]),
        ("(没有闭合。后文。", ["(没有闭合。", "后文。"]),
        ("甲\n\n乙。\n", ["甲\n\n", "乙。", "\n"]),
        ("增长3.5%。4", ["增长3.5%。", "4"]),
        ("", []),
    ],
)
def test_sentences_leave_no_gap_and_open_no_bracket(text: str, found: list[str]) -> None:
    spans = sentences(text)

    assert [sentence.of(text) for sentence in spans] == found
    assert "".join(found) == text


def test_inside_is_where_a_cut_would_part_a_span() -> None:
    assert inside([Span(0, 3), Span(3, 4), Span(6, 6), Span(7, 9)]) == {1, 2, 8}
