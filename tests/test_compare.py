"""The command `compare` and what stands behind it: any name, any place, nothing guessed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answer.answerer import answer_question
from assistant.checking.check import check_plans
from assistant.cli import main
from assistant.documents import comparison_document, findings_document
from assistant.langchain import compare_tool
from assistant.library import Library
from assistant.tools.comparison import compare_named, known_names
from assistant.tools.comparison_chart import draw_series
from tests.taken_in import library_of

GOALS = {
    "湖北省": (
        "地区生产总值增长6%左右；城镇新增就业70万人以上；CPI涨幅2%左右；"
        "粮食播种面积100万亩、总产量500亿斤"
    ),
    "湖南省": (
        "全省生产总值同比实际增长5%—5.5%；新增城镇就业65万人；居民消费价格指数上涨2%；"
        "粮食产量3000万吨"
    ),
    "江西省": (
        "经济增长5%；新增就业40万人；居民消费价格上涨2%；粮食综合生产能力保持在400亿斤；"
        "城镇登记失业率4.5%以内"
    ),
    "安徽省": "地区生产总值增长5.5%；城镇调查失业率5.5%左右",
}
TEXTS = {
    f"2026年{place}政府工作报告": (
        f"2026年{place}政府工作报告\n一、2026年目标\n今年的主要预期目标是：{goals}。\n"
    )
    for place, goals in GOALS.items()
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = library_of(tmp_path_factory.mktemp("compare"), TEXTS)
    yield library
    library.catalog.close()


def table(library: Library, name: str, **more: Any) -> dict[str, str]:  # noqa: ANN401
    """What stands in the only series' row of each place."""
    document = comparison_document(compare_named([name], library, **more), library)
    (series,) = document["series"]
    return {
        row["place"]: "；".join(figure["shown"] for figure in row["figures"]) or "未载明"
        for row in series["rows"]
    }


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ("GDP增长", "地区生产总值增长", "经济增长"),
            ("6%左右", "5%—5.5%", "5%", "5.5%"),
        ),
        (
            ("城镇新增就业", "新增就业", "新增城镇就业"),
            ("70万人以上", "65万人", "40万人", "未载明"),
        ),
        (("CPI", "居民消费价格涨幅"), ("2%左右", "2%", "2%", "未载明")),
        (("粮食产量", "粮食总产量"), ("500亿斤", "3000万吨", "未载明", "未载明")),
        (("调查失业率",), ("未载明", "未载明", "未载明", "5.5%左右")),
    ],
)
def test_one_thing_is_found_under_all_its_names(
    names: tuple[str, ...], expected: tuple[str, ...], library: Library
) -> None:
    for name in names:
        assert table(library, name) == dict(zip(GOALS, expected, strict=True)), name


def test_places_years_and_plans_narrow(library: Library) -> None:
    assert set(table(library, "GDP增长", places=["湖北", "安徽省"])) == {"湖北省", "安徽省"}
    assert table(library, "GDP增长", places=["河南"]) == {"河南": "未载明"}
    assert table(library, "GDP增长", places=["湖北"], years=[2026]) == {"湖北省": "6%左右"}
    one = library.catalog.find_plan("江西").id
    assert table(library, "GDP增长", plan_ids=[one]) == {"江西省": "5%"}
    assert table(library, "GDP增长", kind="规划") == {}


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("粮食产量", "单位不同（亿斤、万吨），不能直接比大小"),
        ("GDP增长", "口径写法不同（没有写明的是安徽省、江西省、湖北省；写明“实际”的是湖南省）"),
        ("城镇新增就业", "没有写明的是江西省；写明“城镇”的是湖北省、湖南省"),
        ("GDP增长", "有的目标是区间"),
    ],
)
def test_what_cannot_be_compared_as_it_stands_is_told(
    name: str, warning: str, library: Library
) -> None:
    (series,) = comparison_document(compare_named([name], library), library)["series"]
    assert warning in "；".join(series["warnings"])


@pytest.mark.parametrize(
    ("name", "place", "near"),
    [("粮食产量", "江西省", "粮食综合生产能力"), ("调查失业率", "江西省", "城镇登记失业率")],
)
def test_what_is_like_it_is_named_and_not_compared(
    name: str, place: str, near: str, library: Library
) -> None:
    (series,) = comparison_document(compare_named([name], library), library)["series"]
    row = next(row for row in series["rows"] if row["place"] == place)
    assert row["figures"] == []
    assert [figure["name"] for figure in row["near"]] == [near]
    asked = answer_question(f"湖北和江西2026年{name}目标对比", library)
    assert f"但写有{near}" in asked.text
    assert any(near in citation.quote for citation in asked.citations)


def test_every_figure_stands_in_its_plan(library: Library) -> None:
    document = comparison_document(compare_named(["GDP", "CPI"], library), library)
    figures = [f for one in document["series"] for row in one["rows"] for f in row["figures"]]
    assert len(figures) == 7
    for figure in figures:
        text = library.catalog.plan(figure["plan_id"]).text
        assert text[figure["start"] : figure["end"]] == figure["quote"]
        assert figure["shown"] in figure["quote"]


def test_the_tool_for_agents_carries_the_same(library: Library) -> None:
    question = "比较各省2026年粮食产量目标"
    message = compare_tool(library).invoke(
        {
            "name": "compare_indicators",
            "args": {"question": question},
            "id": "1",
            "type": "tool_call",
        }
    )
    for said in ("湖北省2026，", "500亿斤", "未载明", "单位不同（亿斤、万吨）", "粮食综合生产能力"):
        assert said in message.content


def test_a_chart_leaves_out_what_shares_no_unit(library: Library) -> None:
    comparison = compare_named(["粮食产量", "GDP增长"], library)
    grain, growth = (draw_series(comparison.parties, one) for one in comparison.series)
    assert grain is None
    assert growth is not None and growth.left_out == ()
    assert growth.svg.startswith("<svg") and "区间上限" in growth.svg


def test_the_names_to_pick_are_those_that_plans_share(library: Library) -> None:
    assert known_names(library)[0] == "地区生产总值"
    assert "粮食综合生产能力" not in known_names(library)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["plan-assistant", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code


def test_the_commands(
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = str(library.settings.data_dir)
    chart = tmp_path / "a.svg"
    run(monkeypatch, "compare", "GDP增长", "--chart", str(chart), "--data-dir", data)
    out = capsys.readouterr().out
    assert "5%—5.5%" in out and "注：有的目标是区间。" in out
    assert chart.read_text(encoding="utf-8").startswith("<svg")
    run(monkeypatch, "compare", "GDP增长", "--region", "湖北", "--json", "--data-dir", data)
    (series,) = json.loads(capsys.readouterr().out)["series"]
    assert [row["figures"][0]["value"] for row in series["rows"]] == ["6"]
    run(monkeypatch, "check", "--json", "--data-dir", data)
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(findings_document(check_plans(library), library)))
    assert printed["counts"]["UNCERTAIN"] == 1
