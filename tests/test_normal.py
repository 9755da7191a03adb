"""The view that is matched, and the way back to the text that is quoted."""

import pytest

from corpus.model import Span
from corpus.normal import normal_view, normalise


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Ｒ＆Ｄ经费", "r&d经费"),
        ("R&D", "r&d"),
        ("（２０２５年）３．５％", "(2025年)3.5%"),
        ("顶尖人 才", "顶尖人才"),
        ("顶尖人\n　才", "顶尖人才"),
        ("指标 26 38", "指标 26 38"),
        ("GDP 总量", "gdp 总量"),
        ("㎡", "m2"),
        ("", ""),
    ],
)
def test_normalise_and_view_read_alike(text: str, normal: str) -> None:
    assert normalise(text) == normal
    assert normal_view(text).text == normal


@pytest.mark.parametrize(
    ("text", "found", "quoted"),
    [
        ("顶尖人 才、研发", "顶尖人才", "顶尖人 才"),
        ("顶尖人 才、研发", "人才", "人 才"),
        ("顶尖人 才、研发", "研发", "研发"),
        ("Ｒ＆Ｄ经费", "r&d", "Ｒ＆Ｄ"),
        ("总面积4㎡以上", "m2", "㎡"),
        ("总面积4㎡以上", "2以", "㎡以"),
        ("İzmir,研发", "研发", "研发"),
    ],
)
def test_what_is_found_in_the_view_is_quoted_from_the_text(
    text: str, found: str, quoted: str
) -> None:
    view = normal_view(text)
    start = view.text.index(found)

    assert view.back(start, start + len(found)).of(text) == quoted


def test_every_character_of_the_view_knows_its_place() -> None:
    view = normal_view("人 才ﬁ")

    assert (view.text, view.offsets) == ("人才fi", (0, 2, 3, 3))
    assert view.back(0, 2) == Span(0, 3)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (1, 1), (2, 1), (-1, 1), (0, 3)])
def test_nothing_outside_the_view_has_a_way_back(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not within the view"):
        normal_view("甲乙").back(start, end)
