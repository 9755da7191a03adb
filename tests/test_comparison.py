"""Plans of several places and years side by side: every cell cited, nothing guessed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.common_names import common_name, names_said
from assistant.library import Library
from assistant.question import read_question
from assistant.settings import Settings
from corpus.model import Indicator, Plan
from corpus.outline import build_outline
from corpus.prepare import prepare
from corpus.tables import find_tables
from corpus.targets import read_targets
from tests.fakes import OPTIONS, file_at

# Made up, in the wording of such reports.
REPORTS = {
    "2026年湖北省政府工作报告": (
        "地区生产总值增长6%左右；城镇新增就业70万人以上；一般公共预算收入增长3%；"
        "居民消费价格涨幅2%左右；粮食产量500亿斤以上"
    ),
    "2026年湖南省政府工作报告": (
        "全省生产总值增长5%—5.5%；城镇新增就业65万人左右；一般公共预算支出增长4%；"
        "居民消费价格指数上涨2%；粮食产量3000万吨"
    ),
    "2026年江西省政府工作报告": (
        "经济增长5%；城镇新增就业人数达到40万人；城镇居民人均可支配收入增长5%"
    ),
    "2025年江西省政府工作报告": (
        "地区生产总值增长5.5%；城镇新增就业38万人；全体居民人均可支配收入增长6%"
    ),
}
Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The reports in a catalog; a comparison needs no vectors."""
    folder = tmp_path_factory.mktemp("reports")
    library = Library(Settings(data_dir=folder / "data"))
    for title, goals in REPORTS.items():
        path: Path = folder / f"{title}.txt"
        year = title[:4]
        path.write_text(
            f"{title}\n\n一、{year}年工作目标\n今年经济社会发展的主要预期目标是：{goals}。\n",
            encoding="utf-8",
        )
        prepared = prepare(file_at(path), OPTIONS, {})
        library.catalog.replace_plan(prepared.parsed, prepared.words)
    yield library
    library.catalog.close()


@pytest.fixture(scope="module")
def ask(reports: Library) -> Ask:
    return lambda question: answer_question(question, reports)


def rows(answer: Answer) -> list[tuple[str, ...]]:
    """The rows of the tables, without their heads and marks."""
    lines = [line for line in answer.text.split("\n") if line.startswith("| ")]
    cells = [tuple(cell.split("[")[0].strip() for cell in line[1:-1].split("|")) for line in lines]
    return [row for row in cells if row[0] not in ("地区", "指标", "---")]


@pytest.mark.parametrize(
    ("question", "expected", "said"),
    [
        pytest.param(
            "湖北和湖南2026年城镇新增就业目标谁高",
            [("湖北省", "2026年", "70万人以上"), ("湖南省", "2026年", "65万人左右")],
            "湖北省比湖南省高5万人：70 − 65 = 5（万人）",
            id="two places",
        ),
        pytest.param(
            "比较各省2026年GDP增长目标",
            [
                ("湖北省", "2026年", "6%左右"),
                ("江西省", "2026年", "5%"),
                ("湖南省", "2026年", "5%—5.5%"),
            ],
            "按区间下限比较，最高的是湖北省[1]",
            id="every province, under three names",
        ),
        pytest.param(
            "湖北、湖南2026年CPI目标对比",
            [("湖北省", "2026年", "2%左右"), ("湖南省", "2026年", "2%")],
            "湖北省与湖南省相同：2 − 2 = 0（个百分点）",
            id="an abbreviation",
        ),
        pytest.param(
            "江西省2025年和2026年城镇新增就业目标有什么变化",
            [("江西省", "2025年", "38万人"), ("江西省", "2026年", "40万人")],
            "2026年比2025年增加2万人：40 − 38 = 2（万人）",
            id="two years",
        ),
        pytest.param(
            "湖北、湖南、江西2026年城镇新增就业目标合计多少",
            [
                ("湖北省", "2026年", "70万人以上"),
                ("湖南省", "2026年", "65万人左右"),
                ("江西省", "2026年", "40万人"),
            ],
            "以上3项合计175万人：70 + 65 + 40 = 175（万人）",
            id="a total",
        ),
        pytest.param(
            "湖北2026年城镇新增就业目标是江西的几倍",
            [("湖北省", "2026年", "70万人以上"), ("江西省", "2026年", "40万人")],
            "湖北省是江西省的1.75倍：70 ÷ 40 = 1.75（倍）",
            id="a multiple",
        ),
        pytest.param(
            "湖北和河南2026年城镇新增就业目标谁高",
            [("湖北省", "2026年", "70万人以上"), ("河南", "2026年", "未载明")],
            "没有收录河南的文件",
            id="a place that was not taken in",
        ),
        pytest.param(
            "湖北和江西2026年粮食产量目标对比",
            [("湖北省", "2026年", "500亿斤以上"), ("江西省", "2026年", "未载明")],
            "未载明表示没有从所收文件中读到这项数值",
            id="a figure that is not stated",
        ),
        pytest.param(
            "湖北和湖南2026年粮食产量目标差多少",
            [("湖北省", "2026年", "500亿斤以上"), ("湖南省", "2026年", "3000万吨")],
            "单位不同（亿斤、万吨），不能据此计算",
            id="other units",
        ),
        pytest.param(
            "湖北和湖南2026年一般公共预算收入目标对比",
            [("湖北省", "2026年", "3%"), ("湖南省", "2026年", "未载明")],
            "未载明",
            id="income is not expenditure",
        ),
        pytest.param(
            "江西2025年和2026年城镇居民人均可支配收入目标对比",
            [("江西省", "2025年", "未载明"), ("江西省", "2026年", "5%")],
            "未载明",
            id="town dwellers are not all",
        ),
        pytest.param(
            "江西2025年和2026年目标有什么变化",
            [
                ("地区生产总值增长", "5.5%", "5%", "5 − 5.5 = -0.5（个百分点）"),
                ("城镇新增就业", "38万人", "40万人", "40 − 38 = 2（万人）"),
                ("全体居民人均可支配收入增长", "6%", "未载明", "—"),
                ("城镇居民人均可支配收入增长", "未载明", "5%", "—"),
            ],
            "江西省",
            id="all goals",
        ),
    ],
)
def test_a_comparison_is_a_table_of_what_is_printed(
    question: str, expected: list[tuple[str, ...]], said: str, ask: Ask
) -> None:
    answer = ask(question)
    assert (answer.status, answer.route) == ("answered", "indicator")
    assert sorted(rows(answer)) == sorted(expected)
    assert said in answer.text or said == "江西省"


@pytest.mark.parametrize(
    "question",
    ["比较各省2026年GDP增长目标", "江西2025年和2026年目标有什么变化"],
)
def test_every_cell_is_cited(question: str, ask: Ask) -> None:
    answer = ask(question)
    quotes = {citation.n: citation.quote for citation in answer.citations}
    cells = [
        cell.strip()
        for line in answer.text.split("\n")
        if line.startswith("| ")
        for cell in line[1:-1].split("|")
        if "[" in cell
    ]
    assert len(cells) >= 3
    for cell in cells:
        figure, _, mark = cell.rstrip("]").partition("[")
        assert figure in quotes[int(mark)]


def test_what_nobody_states_is_refused(ask: Ask) -> None:
    answer = ask("湖南和江西2026年一般公共预算收入目标对比")
    assert answer.status == "refused"
    assert "没有从所收文件中读到" in answer.text


def test_a_sentence_after_this_years_goals_is_of_this_year() -> None:
    text = (
        "一、今后五年\n“十五五”时期，人均预期寿命达到80岁。\n"
        "今年的主要预期目标是：地区生产总值增长5%；城镇新增就业18万人。\n"
    )
    plan = Plan("0" * 12, "2026年某省政府工作报告", "a.txt", "f" * 64, text)
    tables = find_tables(text)
    found = read_targets(plan, build_outline(text, tables=tables), tables, first_number=0)
    assert {one.name: one.target_year for one in found} == {
        "人均预期寿命": 2030,
        "地区生产总值": 2026,
        "城镇新增就业": 2026,
    }


def named(name: str, *, rises: bool = False) -> Indicator:
    text = f"一、目标\n主要目标是：{name}{'增长' if rises else '达到'}5%。\n"
    plan = Plan("0" * 12, "2026年某省政府工作报告", "a.txt", "f" * 64, text)
    (one,) = read_targets(plan, build_outline(text), (), first_number=0)
    return one


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("全省生产总值", "国内生产总值", True),
        ("规上工业增加值", "规模以上工业增加值", True),
        ("城镇化率", "常住人口城镇化率", True),
        ("城镇常住居民人均可支配收入", "城镇居民人均可支配收入", True),
        ("一般公共预算收入", "一般公共预算支出", False),
        ("全体居民人均可支配收入", "城镇居民人均可支配收入", False),
        ("户籍人口城镇化率", "常住人口城镇化率", False),
        ("城镇登记失业率", "城镇调查失业率", False),
        ("人均地区生产总值", "地区生产总值", False),
        ("数字经济核心产业增加值", "数字经济增加值", False),
        ("固定资产投资", "工业投资", False),
    ],
)
def test_the_same_thing_under_other_names(one: str, other: str, same: bool) -> None:
    assert (common_name(named(one)) == common_name(named(other))) is same


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("浙江GDP增长目标多少", ["地区生产总值"]),
        ("人均GDP目标谁高", []),
        ("浙江GDP能耗谁高", []),
        ("比较经济增长目标", ["地区生产总值"]),
    ],
)
def test_a_question_speaks_of_a_name_only_as_a_whole(question: str, names: list[str]) -> None:
    said = names_said(read_question(question), [named("地区生产总值", rises=True)])
    assert [one.name for one in said] == names
