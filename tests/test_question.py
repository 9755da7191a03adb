"""What is read from a question alone."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import expand, read_question


@pytest.mark.parametrize(
    ("text", "years"),
    [
        pytest.param("2025年高企目标", (2025,), id="in full"),
        pytest.param("到25年要有几家高企", (2025,), id="two digits"),
        pytest.param("２０２５年", (2025,), id="full width"),
        pytest.param("高企 2025", (2025,), id="bare"),
        pytest.param("从2020年到2025年", (2020, 2025), id="two years"),
        pytest.param("二〇二三年高企有多少家", (2023,), id="in Chinese numerals"),
        pytest.param("2020-2025", (2020, 2025), id="a range"),
        pytest.param("2025年的目标,就是2025年", (2025,), id="said twice"),
        pytest.param("98年的数据", (), id="the last century is not guessed"),
        pytest.param("达到2000家", (), id="2000 firms"),
        pytest.param("达到 2000 家", (), id="2000 firms, with blanks"),
        pytest.param("能有2000多家吗", (), id="more than 2000"),
        pytest.param("2000余家", (), id="somewhat over 2000"),
        pytest.param("投资2000万元", (), id="a sum"),
        pytest.param("增长2025%", (), id="a percentage"),
        pytest.param("编号12025", (), id="part of a longer number"),
        pytest.param("25年级", (), id="a school year"),
        pytest.param("有550家", (), id="a count"),
    ],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    assert read_question(text).years == years


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("36.5到55,写着18.53", ["36.5", "55", "18.53"]),
        ("2025年达到550家", ["550"]),
        ("２０２５年５５０家", ["550"]),
        ("25年几家", []),
        ("没有数字", []),
    ],
)
def test_figures_are_exact_and_no_years(text: str, figures: list[str]) -> None:
    assert read_question(text).figures == tuple(Decimal(figure) for figure in figures)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("瓯海的高企", ("瓯海",)),
        ("杭州市和宁波哪个多", ("杭州市", "宁波")),
        ("高企有几家", ()),
        ("瓯海区怎样督导各县区的防控", ("瓯海区",)),
    ],
)
def test_places(text: str, places: tuple[str, ...]) -> None:
    assert read_question(text).places == places


@pytest.mark.parametrize(
    ("text", "chapters"),
    [
        ("第十二章讲什么", ("十二",)),
        ("第五部分", ("五",)),
        ("十一章和第三篇", ("十一", "三")),
        ("第三条措施", ()),
    ],
)
def test_chapters(text: str, chapters: tuple[str, ...]) -> None:
    assert read_question(text).chapters == chapters


@pytest.mark.parametrize(
    ("text", "ordinals"),
    [
        ("第三条是什么", ("第三",)),
        ("排第2的平台", ("第2",)),
        ("第十二章", ()),
        ("第二节", ()),
        ("第二十章", ()),
    ],
)
def test_ordinals_are_of_items_not_of_chapters(text: str, ordinals: tuple[str, ...]) -> None:
    assert read_question(text).ordinals == ordinals


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("孵化器投资多少", "money"),
        ("补贴多少钱", "money"),
        ("要投多少亿元", "money"),
        ("占比要到百分之几", "percentage"),
        ("提高几个百分点", "percentage"),
        ("什么时候建成", "date"),
        ("哪一年完成", "date"),
        ("有哪些措施", "list"),
        ("在哪些方面发力", "list"),
        ("实验室在哪里", "place"),
        ("位于哪个园区", "place"),
        ("联系电话是多少", "contact"),
        ("负责人姓名", "person"),
        ("谁来牵头", "person"),
        ("有多少家高企", "amount"),
        ("面积多大", "amount"),
        ("碳达峰方面要做什么", "text"),
    ],
)
def test_the_kind_of_thing_that_is_wanted(text: str, wanted: str) -> None:
    assert read_question(text).wanted == wanted


@pytest.mark.parametrize(
    ("text", "counted_in"),
    [("有几家高企", "家"), ("申请多少件", "件"), ("研发人员多少人", "人"), ("目标多少", None)],
)
def test_the_measure_word_is_kept(text: str, counted_in: str | None) -> None:
    assert read_question(text).counted_in == counted_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("高企有几家", "高新技术企业"),
        ("GDP多少", "地区生产总值"),
        ("做CRO的公司", "合同研发机构"),
        ("ＣＲＯ企业", "合同研发机构"),
        ("劳产率目标", "全社会劳动生产率"),
        ("研发投入强度", "r&d经费占地区生产总值的比重"),
    ],
)
def test_aliases_are_followed_by_the_word_of_the_plans(text: str, name: str) -> None:
    question = read_question(text)
    assert name in question.expanded
    assert name not in question.normal


@pytest.mark.parametrize("text", ["microscope", "across", "gdpr条例"])
def test_an_abbreviation_inside_another_word_is_no_alias(text: str) -> None:
    assert expand(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "您好！",
        "ＨＥＬＬＯ",
        "在吗？",
        "谢谢啊",
        "非常感谢"[2:],
        "再见",
        "你是谁",
        "  你好  ",
    ],
)
def test_smalltalk(text: str) -> None:
    assert read_question(text).is_smalltalk


@pytest.mark.parametrize(
    "text", ["你好，高企有几家", "高企", "谢谢配合的企业有多少", "", "帮助企业的政策"]
)
def test_what_asks_something_is_no_smalltalk(text: str) -> None:
    assert not read_question(text).is_smalltalk


def test_width_and_case_make_no_difference() -> None:
    full, half = read_question("ＰＣＴ申请量，２０２５年？"), read_question("pct申请量,2025年?")
    assert full.text == "ＰＣＴ申请量，２０２５年？"
    assert (full.normal, full.words, full.years) == (half.normal, half.words, half.years)


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    question = read_question(text)
    assert question.text == text
    assert all(2000 <= year < 2100 or 1900 <= year < 2000 for year in question.years)
    assert len(set(question.words)) == len(question.words)
