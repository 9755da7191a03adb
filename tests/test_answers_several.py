"""Answers over several documents of other places and kinds, with the real model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer.answerer import answer_question
from assistant.library import Library
from assistant.settings import Settings

RENEWAL = """黄岩区人民政府办公室关于印发《黄岩区城市更新“十五五”规划》的通知
一、总体目标
“十五五”城市更新主要预期指标一览表
指标\t单位\t目标\t属性
片区更新数量\t个\t2\t预期性
老旧住房修缮面积\t万平方米\t90\t约束性
二、保障措施
加强组织领导。
"""
GUIDE = """丽水市惠企政策指引
目录
一、高新技术企业认定支持..................12
二、高新技术企业并购重组资金支持.14
三、孵化器认定支持......................16
一、高新技术企业认定支持
对首次认定的高新技术企业给予20万元奖励。
二、高新技术企业并购重组资金支持
按照并购交易额的5%给予高新技术企业资金支持，每家企业每年不超过500万元。
三、孵化器认定支持
对新认定的孵化器给予100万元补助。
"""


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("several")
    (folder / "黄岩区.txt").write_text(RENEWAL, encoding="utf-8")
    (folder / "丽水市.txt").write_text(GUIDE, encoding="utf-8")
    library = Library(Settings(data_dir=folder / "data"))
    library.set_up()
    assert {one.outcome for one in library.ingest_all([folder])} >= {"added"}
    yield library
    library.catalog.close()


def test_a_year_that_the_table_does_not_print_is_not_said(several: Library) -> None:
    answer = answer_question("黄岩区城市更新有哪些指标", several)
    assert answer.status == "answered"
    assert "老旧住房修缮面积：目标为90万平方米，属约束性指标" in answer.text
    assert "2030" not in answer.text
    # There is no such column, so nothing is missing from it.
    assert "没有给出年均增长" not in answer.text


@pytest.mark.parametrize("whole", ["全市", "我市", "市里"])
def test_the_whole_city_is_the_citys_own_table_but_no_districts(
    whole: str, several: Library, tmp_path: Path
) -> None:
    title, rest = RENEWAL.split("\n", 1)
    path = tmp_path / "台州市.txt"
    path.write_text(f"{title.replace('黄岩区', '台州市')}\n{rest}", encoding="utf-8")
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert {one.outcome for one in library.ingest_all([path])} == {"added"}
    own = answer_question(f"台州市{whole}的片区更新数量目标是多少", library)
    library.catalog.close()
    assert (own.status, "2个" in own.text) == ("answered", True)
    district = answer_question(f"{whole}的片区更新数量目标是多少", several)
    assert district.status == "refused"
    assert f"没有给出{whole}的数值" in district.text


def test_a_title_may_hold_a_title(several: Library) -> None:
    answer = answer_question("黄岩区片区更新数量的目标是多少", several)
    assert answer.status == "answered"
    assert "片区更新数量：目标为2个" in answer.text


def test_a_table_of_contents_answers_nothing(several: Library) -> None:
    answer = answer_question("丽水市对高新技术企业认定有什么支持", several)
    assert "给予20万元奖励" in answer.text
    assert "...." not in answer.text
    assert ".14" not in answer.text


def test_an_indicator_said_in_part_does_not_stand_in_for_a_measure(several: Library) -> None:
    answer = answer_question("丽水市高新技术企业并购重组资金支持多少", several)
    assert "并购交易额的5%" in answer.text
    assert "550" not in answer.text


def test_no_table_tells_of_a_place_that_no_document_is_of(several: Library) -> None:
    answer = answer_question("广东省的高新技术企业数量目标是多少", several)
    assert answer.status == "refused"
    assert "没有一份是广东的" in answer.text
    assert "550" not in answer.text


def test_a_refused_year_names_the_plan_of_the_row_it_offers(several: Library) -> None:
    answer = answer_question("2030年高新技术企业数量是多少", several)
    assert answer.status == "refused"
    assert (
        "可供参考的是：《瓯海区科技创新发展“十四五”规划_节选》中，高新技术企业数量" in answer.text
    )
