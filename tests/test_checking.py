"""Checks of plans: one changed figure is found, and what agrees raises no alarm."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.answer.answerer import answer_question
from assistant.checking.check import check_plans
from assistant.checking.model import CheckKind, Finding, Outcome
from assistant.langchain import check_tool
from assistant.library import Library
from tests.fakes import load_bundled
from tests.taken_in import library_of

TITLE = "瓯海区科技创新发展“十四五”规划"
# What else a plan may state: its table's figures again, shares, a total, things counted.
SUMMARY = """
十五、主要目标摘要
到2025年，高新技术企业数量达到550家；数字经济增加值达到85亿元；国际专利（PCT）申请量达到38件。
到2025年，每万人高价值发明专利拥有量达到15件；科技型中小企业数量达到2000家；全社会劳动生产率达到25万元/人。
三次产业结构调整为1.2:42.3:56.5。抓好以下三个方面：一是壮大企业；二是引育人才；三是建好平台。

| 类别 | 投资（亿元） |
| --- | --- |
| 平台建设 | 12.5 |
| 人才引育 | 8 |
| 企业培育 | 4.5 |
| 合计 | 25 |
"""
RIVAL_TITLE = "瓯海区国民经济和社会发展“十四五”规划纲要"
RIVAL = """瓯海区国民经济和社会发展“十四五”规划纲要
第一章 主要目标
到2025年，高新技术企业数量达到550家；数字经济增加值达到85亿元；国际专利（PCT）申请量达到38件。
到2025年，每万人高价值发明专利拥有量达到15件；科技型中小企业数量达到2000家；全社会劳动生产率达到25万元/人。
"""
# The bundled plan's own known fault, set right, so that every alarm is a planted one.
KNOWN = ("[18.53]", "[18.5]")


def bundled() -> str:
    plan, _ = load_bundled()
    assert KNOWN[0] in plan.text
    return plan.text.replace(*KNOWN) + SUMMARY


def check(folder: Path, text: str, rival: str = RIVAL) -> list[Finding]:
    library = library_of(folder, {TITLE: text, RIVAL_TITLE: rival})
    found = check_plans(library)
    library.catalog.close()
    return found


# In the table: the printed growth, the base, the target. The row, its figure, the one in its place.
ROWS = [
    ("规上工业企业研究开发费支出占营业收入比重 % 3.46 3.5 [0.04]", "[0.04]", "[0.4]"),
    ("规上工业企业研究开发费支出占营业收入比重 % 3.46 3.5 [0.04]", "3.46", "3.64"),
    ("规上工业企业研究开发费支出占营业收入比重 % 3.46 3.5 [0.04]", "3.5", "3.9"),
    ("高新技术产业增加值占规模以上工业增加值比重 % 36.5 55 [18.5]", "[18.5]", "[15.8]"),
    ("高新技术产业增加值占规模以上工业增加值比重 % 36.5 55 [18.5]", "36.5", "35.6"),
    ("高新技术产业增加值占规模以上工业增加值比重 % 36.5 55 [18.5]", " 55 ", " 65 "),
    ("每万名就业人员中研发人员 人年 158.67 285 12.4%", "12.4%", "14.2%"),
    ("每万名就业人员中研发人员 人年 158.67 285 12.4%", "158.67", "185.67"),
    ("每万名就业人员中研发人员 人年 158.67 285 12.4%", "285", "258"),
    ("全社会劳动生产率 万元/人 13.3 25 13.5%", "13.5%", "15.3%"),
    ("全社会劳动生产率 万元/人 13.3 25 13.5%", "13.3", "15.3"),
    ("全社会劳动生产率 万元/人 13.3 25 13.5%", " 25 ", " 35 "),
    ("国际专利(pct)申请量 件 26 38 7.9%", "7.9%", "9.7%"),
    ("国际专利(pct)申请量 件 26 38 7.9%", "26", "28"),
    ("国际专利(pct)申请量 件 26 38 7.9%", "38", "83"),
    ("数字经济增加值 亿元 38.76 85 17%", "17%", "71%"),
    ("数字经济增加值 亿元 38.76 85 17%", "38.76", "36.78"),
    ("数字经济增加值 亿元 38.76 85 17%", "85", "95"),
    ("高新技术企业数量 家 218 550 20.3%", "20.3%", "23%"),
    ("高新技术企业数量 家 218 550 20.3%", "218", "281"),
    ("高新技术企业数量 家 218 550 20.3%", "550", "505"),
    ("科技型中小企业数量 家 1064 2000 13.5%", "13.5%", "15.3%"),
    ("科技型中小企业数量 家 1064 2000 13.5%", "1064", "1046"),
    ("科技型中小企业数量 家 1064 2000 13.5%", "2000", "2200"),
    ("高新技术产业投资增速 % 3.1 10 [6.9]", "[6.9]", "[9.6]"),
    ("高新技术产业投资增速 % 3.1 10 [6.9]", "3.1", "1.3"),
    ("高新技术产业投资增速 % 3.1 10 [6.9]", " 10 ", " 12 "),
    ("每万人高价值发明专利拥有量 件 9.3 15 10%", " 10%", " 12%"),
    ("每万人高价值发明专利拥有量 件 9.3 15 10%", "9.3", "3.9"),
    ("每万人高价值发明专利拥有量 件 9.3 15 10%", "15", "18"),
]
# In the text: what is stated twice, shares, totals, counts. What stands there, what is put there.
WORDS: list[tuple[CheckKind, str, str]] = [
    ("agreement", "高新技术企业数量达到550家", "高新技术企业数量达到580家"),
    ("agreement", "数字经济增加值达到85亿元", "数字经济增加值达到58亿元"),
    ("agreement", "申请量达到38件", "申请量达到83件"),
    ("agreement", "拥有量达到15件", "拥有量达到51件"),
    ("agreement", "中小企业数量达到2000家", "中小企业数量达到2500家"),
    ("agreement", "劳动生产率达到25万元/人", "劳动生产率达到52万元/人"),
    ("sum", "1.2:42.3:56.5", "1.2:43.2:56.5"),
    ("sum", "| 合计 | 25 |", "| 合计 | 26 |"),
    ("sum", "| 人才引育 | 8 |", "| 人才引育 | 9 |"),
    ("sum", "以下三个方面", "以下四个方面"),
    ("sum", "居民生活六大重点领域", "居民生活五大重点领域"),
]
DIRECTIONS = [
    ("r&d经费占地区生产总值的比重 % 3.14 3.5左右", "3.5左右", "3.1左右"),
    ("r&d经费占地区生产总值的比重 % 3.14 3.5左右", "3.14", "4.14"),
]
# In the other plan of the place.
RIVALS = [(old, new) for kind, old, new in WORDS if kind == "agreement"]


def alarms(found: Sequence[Finding], kind: CheckKind) -> list[Finding]:
    return [one for one in found if one.outcome == "FAIL" and one.kind == kind]


def test_a_plan_that_agrees_with_itself_raises_no_alarm(tmp_path: Path) -> None:
    found = check(tmp_path, bundled())

    assert [one.statement for one in found if one.outcome == "FAIL"] == []
    passed = {one.kind for one in found if one.outcome == "PASS"}
    assert passed == {"growth", "agreement", "direction", "rival", "sum"}


@pytest.mark.parametrize("column", [0, 1, 2], ids=["growth", "base", "target"])
def test_a_changed_figure_in_each_row_with_growth(column: int, tmp_path: Path) -> None:
    text = bundled()
    planted = ROWS[column::3]
    for row, figure, wrong in planted:
        assert text.count(row) == 1 and row.count(figure) == 1
        text = text.replace(row, row.replace(figure, wrong))

    # One fault a row: none hides another, and no other row is blamed.
    found = [one.subject for one in alarms(check(tmp_path, text), "growth")]
    assert found == [row.split(" ")[0] for row, _, _ in planted]


@pytest.mark.parametrize(("row", "figure", "planted"), DIRECTIONS)
def test_a_target_on_the_wrong_side_of_its_base(
    row: str, figure: str, planted: str, tmp_path: Path
) -> None:
    found = check(tmp_path, bundled().replace(row, row.replace(figure, planted)))

    (one,) = alarms(found, "direction")
    assert one.subject == row.split(" ")[0]


@pytest.mark.parametrize(("kind", "words", "planted"), WORDS)
def test_a_changed_figure_in_the_text(
    kind: CheckKind, words: str, planted: str, tmp_path: Path
) -> None:
    text = bundled()
    assert text.count(words) == 1
    found = check(tmp_path, text.replace(words, planted))

    (one,) = alarms(found, kind)
    assert one.evidence


@pytest.mark.parametrize(("words", "planted"), RIVALS)
def test_two_plans_of_a_place_with_two_targets(words: str, planted: str, tmp_path: Path) -> None:
    found = check(tmp_path, bundled(), RIVAL.replace(words, planted))

    (one,) = alarms(found, "rival")
    assert len({side.plan_id for side in one.evidence}) == 2


@pytest.mark.parametrize(
    ("words", "harmless"),
    [
        ("高新技术企业数量达到550家", "新增高新技术企业300家"),
        ("数字经济增加值达到85亿元", "其中，数字经济增加值年均增长17%"),
        ("国际专利（PCT）申请量达到38件", "国际专利（PCT）申请量累计达到150件"),
        ("中小企业数量达到2000家", "中小企业数量达到0.2万家"),
        ("居民生活六大重点领域", "居民生活等八大重点领域"),
    ],
    ids=["what is new", "a rise", "the sum of years", "another unit", "an open list"],
)
def test_what_measures_something_else_is_no_contradiction(
    words: str, harmless: str, tmp_path: Path
) -> None:
    text = bundled()
    assert words in text
    found = check(tmp_path, text.replace(words, harmless))

    assert [one.statement for one in found if one.outcome == "FAIL"] == []


@pytest.mark.parametrize(
    ("row", "outcome", "said"),
    [
        ("甲产业增加值 亿元 1.1 2 13.6% 预期性", "UNCERTAIN", "取整前的基数"),
        ("甲产业增加值 亿元 1.1 2 12.7% 预期性", "PASS", "相符"),
        ("甲产业增加值 亿元 1.1 2 25% 预期性", "FAIL", "取整误差解释不了"),
        ("甲企业数量 家 101 203 14.9% 预期性", "UNCERTAIN", "舍去尾数"),
        ("甲企业比重 % 9.4 12.0 [2.7] 预期性", "UNCERTAIN", "四舍五入的误差"),
    ],
)
def test_rounding_is_no_certain_fault(
    row: str, outcome: Outcome, said: str, tmp_path: Path
) -> None:
    head = "指标 单位 2020年基数 2025年目标 年均增长[累计] 指标属性"
    text = f"某县“十四五”规划\n附件1\n主要指标\n{head}\n{row}\n"
    library = library_of(tmp_path, {"某县“十四五”规划": text})
    (one,) = [finding for finding in check_plans(library) if finding.kind == "growth"]

    assert (one.outcome, said in one.statement) == (outcome, True)


def test_units_that_differ_between_plans(tmp_path: Path) -> None:
    texts = {
        f"2026年{place}政府工作报告": (
            f"2026年{place}政府工作报告\n一、2026年目标\n今年的主要预期目标是：粮食产量{output}。\n"
        )
        for place, output in (("湖北省", "500亿斤"), ("湖南省", "3000万吨"))
    }
    (one,) = check_plans(library_of(tmp_path, texts))

    assert (one.kind, one.outcome) == ("unit", "UNCERTAIN")
    assert "500亿斤" in one.statement and "3000万吨" in one.statement


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    text = bundled().replace(KNOWN[1], KNOWN[0]).replace("居民生活六大", "居民生活五大")
    return library_of(tmp_path_factory.mktemp("checking"), {TITLE: text})


@pytest.mark.parametrize(
    "question", ["这个规划有没有自相矛盾的地方？", "规划里的数字前后矛盾吗", "指标之间是否有冲突"]
)
def test_the_findings_are_an_answer_with_every_side_cited(question: str, library: Library) -> None:
    answer = answer_question(question, library)

    assert answer.status == "answered"
    assert "不符2项" in answer.text and "55 - 36.5 = 18.5" in answer.text
    quotes = [citation.quote for citation in answer.citations]
    assert any("[18.53]" in quote for quote in quotes)
    assert any("居民生活五大" in quote for quote in quotes)
    for citation in answer.citations:
        text = library.catalog.plan(citation.plan_id).text
        assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question", ["这份规划的主要矛盾是什么", "高新技术企业数量的目标是多少", "矛盾纠纷怎么化解"]
)
def test_what_a_text_says_of_contradictions_is_no_check(question: str, library: Library) -> None:
    assert "共核对" not in answer_question(question, library).text


def test_the_tool_for_agents(library: Library) -> None:
    message = check_tool(library).invoke(
        {"name": "check_plan", "args": {}, "id": "1", "type": "tool_call"}
    )

    assert "55 - 36.5 = 18.5" in message.content
    assert sum(finding.outcome == "FAIL" for finding in message.artifact) == 2
