"""Tables of indicators: exact figures, and whether they add up."""

from decimal import Decimal
from pathlib import Path

import pytest

from corpus.arithmetic import Check, annual_growth, check_growth, round_as
from corpus.figures import Value, is_blank, read_growth, read_value
from corpus.indicators import read_indicators
from corpus.model import Indicator, Metadata, Plan, Span
from corpus.outline import build_outline
from corpus.readers.builder import DocumentBuilder
from corpus.tables import find_tables
from corpus.tables_header import Column, read_column
from tests.fakes import load_bundled

SHARED = Path(__file__).parents[2] / "shared"
HEADER = "指标 单位 2020年基数 2025年目标 年均增长\n[累计提高] 指标\n属性"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_bundled()[0]


@pytest.fixture(scope="module")
def indicators(plan: Plan) -> tuple[Indicator, ...]:
    return read_indicators(plan, build_outline(plan.text))


def plan_of(text: str) -> Plan:
    return Plan("0" * 12, "规划", "规划.txt", "f" * 64, text)


def read(text: str) -> tuple[Indicator, ...]:
    return read_indicators(plan_of(text), build_outline(text), find_tables(text))


def dec(figure: str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


# name, unit, base 2020, target 2025, bound, growth, its kind; all 14 are 预期性.
ROWS = [
    ("r&d经费占地区生产总值的比重", "%", "3.14", "3.5", "左右", None, None),
    ("规上工业企业研究开发费支出占营业收入比重", "%", "3.46", "3.5", None, "0.04", "cumulative"),
    ("高新技术产业增加值占规模以上工业增加值比重", "%", "36.5", "55", None, "18.53", "cumulative"),
    ("每万名就业人员中研发人员", "人年", "158.67", "285", None, "12.4", "annual"),
    ("全社会劳动生产率", "万元/人", "13.3", "25", None, "13.5", "annual"),
    ("国际专利(pct)申请量", "件", "26", "38", None, "7.9", "annual"),
    ("数字经济增加值", "亿元", "38.76", "85", None, "17", "annual"),
    ("高新技术企业数量", "家", "218", "550", None, "20.3", "annual"),
    ("科技型中小企业数量", "家", "1064", "2000", None, "13.5", "annual"),
    ("顶尖人才和领军人才", "人", None, "28", None, None, None),
    ("本级财政科技拨款占经常性支出比重", "%", "6.3", "6", "以上", None, None),
    ("高新技术产业投资增速", "%", "3.1", "10", None, "6.9", "cumulative"),
    ("每万人高价值发明专利拥有量", "件", "9.3", "15", None, "10", "annual"),
    ("技术(合同)交易总额", "亿元", "11.5", "15", "以上", None, None),
]

# The rows as printed, for the spans.
LINES = [
    "r&d经费占地区生产总值的比重 % 3.14 3.5左右 - 预期性",
    "规上工业企业研究开发费支出占营业收入比重 % 3.46 3.5 [0.04] 预期性",
    "高新技术产业增加值占规模以上工业增加值比重 % 36.5 55 [18.53] 预期性",
    "每万名就业人员中研发人员 人年 158.67 285 12.4% 预期性",
    "全社会劳动生产率 万元/人 13.3 25 13.5% 预期性",
    "国际专利(pct)申请量 件 26 38 7.9% 预期性",
    "数字经济增加值 亿元 38.76 85 17% 预期性",
    "高新技术企业数量 家 218 550 20.3% 预期性",
    "科技型中小企业数量 家 1064 2000 13.5% 预期性",
    "顶尖人才和领军人才 人 - 28 - 预期性",
    "本级财政科技拨款占经常性支出比重 % 6.3 6以上 - 预期性",
    "高新技术产业投资增速 % 3.1 10 [6.9] 预期性",
    "每万人高价值发明专利拥有量 件 9.3 15 10% 预期性",
    "技术(合同)交易总额 亿元 11.5 15以上 - 预期性",
]

NO_GROWTH = ("not_applicable", None, None)
# Worked out by hand (logarithms): what is printed, what the figures give at the printed places.
CHECKS = [
    NO_GROWTH,
    ("pass", "0.04", "0.04"),
    ("fail", "18.53", "18.5"),
    ("pass", "12.4", "12.4"),
    ("pass", "13.5", "13.5"),
    ("pass", "7.9", "7.9"),
    ("pass", "17", "17"),
    ("pass", "20.3", "20.3"),
    ("pass", "13.5", "13.5"),
    NO_GROWTH,
    NO_GROWTH,
    ("pass", "6.9", "6.9"),
    ("pass", "10", "10"),
    NO_GROWTH,
]


def test_all_fourteen_rows_are_typed(plan: Plan, indicators: tuple[Indicator, ...]) -> None:
    header = plan.text.index(HEADER)
    section = build_outline(plan.text)[indicators[0].section]

    assert section.path == ("附件1 “十四五”科技创新主要指标",)
    assert indicators == tuple(
        Indicator(
            plan_id="59c2f87e3762",
            number=number,
            section=indicators[0].section,
            name=name,
            unit=unit,
            base=dec(base),
            base_year=2020,
            target=dec(target),
            target_year=2025,
            bound=bound,
            growth=dec(growth),
            growth_kind=kind,
            attribute="预期性",
            span=Span(plan.text.index(line), plan.text.index(line) + len(line)),
            header=Span(header, header + len(HEADER)),
            base_text=line.split()[-4],
            target_text=line.split()[-3],
            growth_text=line.split()[-2],
        )
        for number, ((name, unit, base, target, bound, growth, kind), line) in enumerate(
            zip(ROWS, LINES, strict=True)
        )
    )


def test_figures_are_exact_as_printed(indicators: tuple[Indicator, ...]) -> None:
    printed = [str(indicator.base) for indicator in indicators if indicator.base is not None]

    assert printed == [base for _, _, base, *_ in ROWS if base is not None]


def test_only_one_of_the_fourteen_does_not_add_up(indicators: tuple[Indicator, ...]) -> None:
    checks = [check_growth(indicator) for indicator in indicators]

    assert [(check.status, check.printed, check.computed) for check in checks] == [
        (status, dec(printed), dec(computed)) for status, printed, computed in CHECKS
    ]
    assert [
        i.name for i, check in zip(indicators, checks, strict=True) if check.status == "fail"
    ] == ["高新技术产业增加值占规模以上工业增加值比重"]


def test_check_shows_its_sum(indicators: tuple[Indicator, ...]) -> None:
    assert check_growth(indicators[2]).formula == "55 - 36.5 = 18.5"
    assert check_growth(indicators[7]).formula == "(550 / 218)^(1/5) - 1 = 20.3%"
    assert check_growth(indicators[0]) == Check(
        "not_applicable", None, None, "表中没有给出增长数，无需核算"
    )


def indicator(
    base: str | None = "100",
    target: str | None = "121",
    growth: str | None = "10",
    base_year: int | None = 2020,
    target_year: int | None = 2022,
) -> Indicator:
    return Indicator(
        plan_id="0" * 12,
        number=0,
        section=0,
        name="某指标",
        unit="家",
        base=dec(base),
        base_year=base_year,
        target=dec(target),
        target_year=target_year,
        bound=None,
        growth=dec(growth),
        growth_kind="annual" if growth else None,
        attribute=None,
        span=Span(0, 0),
        header=Span(0, 0),
    )


@pytest.mark.parametrize(
    ("row", "status", "computed"),
    [
        pytest.param(indicator(), "pass", "10", id="10% twice is 21%"),
        pytest.param(indicator(growth="10.0"), "pass", "10.0", id="rounded as printed"),
        pytest.param(indicator(growth="10.1"), "fail", "10.0", id="a tenth off"),
        pytest.param(indicator(target_year=2021), "fail", "21", id="other years"),
        pytest.param(indicator(target="81", growth="-10"), "pass", "-10", id="falling"),
        pytest.param(indicator(base=None), "not_applicable", None, id="no base"),
        pytest.param(indicator(target=None), "not_applicable", None, id="no target"),
        pytest.param(indicator(growth=None), "not_applicable", None, id="no growth"),
        pytest.param(indicator(base_year=None), "not_applicable", None, id="no year"),
        pytest.param(indicator(target_year=2020), "not_applicable", None, id="no time between"),
        pytest.param(indicator(base="0"), "not_applicable", None, id="from nothing"),
        pytest.param(indicator(base="-5"), "not_applicable", None, id="from a loss"),
    ],
)
def test_annual_growth_is_compound(row: Indicator, status: str, computed: str | None) -> None:
    check = check_growth(row)

    assert (check.status, check.computed) == (status, dec(computed))


def test_annual_growth_needs_positive_figures() -> None:
    assert annual_growth(Decimal(100), Decimal(121), 2) == Decimal(10)
    for base, target, years in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        with pytest.raises(ValueError, match="no annual growth"):
            annual_growth(Decimal(base), Decimal(target), years)


@pytest.mark.parametrize(
    ("value", "printed", "rounded"),
    [
        ("13.4536", "13.5", "13.5"),
        ("0.125", "0.11", "0.13"),
        ("17.006", "17", "17"),
        ("18.5", "18.53", "18.50"),
        ("16.5", "20", "17"),
        ("120", "1E+2", "120"),
    ],
)
def test_round_half_up_as_printed(value: str, printed: str, rounded: str) -> None:
    assert str(round_as(Decimal(value), Decimal(printed))) == rounded


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3.5左右", Value(Decimal("3.5"), "左右")),
        ("15以上", Value(Decimal("15"), "以上")),
        ("≥90%", Value(Decimal("90"), "≥", unit="%")),
        ("不低于１２．５", Value(Decimal("12.5"), "不低于")),
        ("1,064", Value(Decimal("1064"), None)),
        ("-2.5", Value(Decimal("-2.5"), None)),
        (" 55 ", Value(Decimal("55"), None)),
        ("3.50", Value(Decimal("3.50"), None)),
        ("-", None),
        ("", None),
        ("家", None),
        ("3.5~4", Value(Decimal("3.5"), None, Decimal(4))),
        ("25%—27%左右", Value(Decimal(25), "左右", Decimal(27), "%")),
        ("[18.53]", Value(Decimal("18.53"), None, is_cumulative=True)),
        ("〔15〕以上", Value(Decimal(15), "以上", is_cumulative=True)),
        ("(15)", Value(Decimal(15), None)),
        ("＞6", Value(Decimal(6), "＞")),
        ("达到1,200万人次", Value(Decimal(1200), None, unit="万人次")),
        ("控制在5.5以内", Value(Decimal("5.5"), "以内")),
        ("下降13.5", Value(Decimal("13.5"), None, change="decrease")),
        ("完成国家下达任务", None),
        ("2027年60%，2028年优化布局", None),
        ("不低于5以上", None),
        ("[5〕", None),
        ("3.5.1", None),
    ],
)
def test_value_of_a_cell(cell: str, value: Value | None) -> None:
    assert read_value(cell) == value


@pytest.mark.parametrize(
    ("cell", "growth"),
    [
        ("12.4%", (Decimal("12.4"), "annual")),
        ("12.4", (Decimal("12.4"), "annual")),
        ("[18.53]", (Decimal("18.53"), "cumulative")),
        ("［0.04］", (Decimal("0.04"), "cumulative")),
        ("〔6.9%〕", (Decimal("6.9"), "cumulative")),
        ("[-1.2]", (Decimal("-1.2"), "cumulative")),
        ("-", None),
        ("[]", None),
        ("[18.53", None),
    ],
)
def test_growth_of_a_cell(cell: str, growth: tuple[Decimal, str] | None) -> None:
    assert read_growth(cell) == growth


@pytest.mark.parametrize(
    ("cell", "blank"),
    [
        ("-", True),
        ("——", True),
        ("/", True),
        ("－", True),
        (" ", True),
        ("0", False),
        ("无", False),
    ],
)
def test_blank_cell_gives_nothing(cell: str, blank: bool) -> None:
    assert is_blank(cell) is blank


@pytest.mark.parametrize(
    ("head", "kind", "year"),
    [
        ("指标", "name", None),
        ("主要指标（单位）", "name", None),
        ("计量单位", "unit", None),
        ("2020年基数", "base", 2020),
        ("“十三五”完成值", "base", 2020),
        ("2025年预计", "base", 2025),
        ("现状值（2020年）", "base", 2020),
        ("2025年\n目标值", "target", 2025),
        ("“十五五”目标", "target", 2030),
        ("２０２８年规划目标", "target", 2028),
        ("2035年远景目标", "distant", 2035),
        ("2025年", "year", 2025),
        ("2025", "year", 2025),
        ("年均增长\n[累计提高]", "growth", None),
        ("五年累计", "cumulative growth", None),
        ("指标\n属性", "attribute", None),
        ("序号", "serial", None),
        ("一级指标", "category", None),
        ("比上年增长", "past", None),
        ("责任单位", "other", None),
        ("", "other", None),
    ],
)
def test_head_of_a_column_names_its_kind_and_year(head: str, kind: str, year: int | None) -> None:
    assert read_column(head) == Column(kind, year)


@pytest.mark.parametrize(
    "header",
    [
        "指标 单位",
        "单位 指标 目标",
        "指标 目标 目标",
        "指标 目标 责任单位",
        "指标体系与2025年目标",
    ],
)
def test_line_that_is_no_header_opens_no_table(header: str) -> None:
    assert read(f"{header}\n甲 家 1 2\n") == ()


def test_row_that_does_not_fit_ends_the_table() -> None:
    rows = read(f"附件1\n指标表\n{HEADER}\n甲 家 1 2 [1] 预期性\n小计 三项\n乙 家 1 2 [1] 预期性\n")

    assert [row.name for row in rows] == ["甲"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("甲 家 1 2 [1] 必成性", id="unknown attribute"),
        pytest.param("甲 家 1 大幅提高 [1] 预期性", id="target in words"),
        pytest.param("甲 家 1 2 [1]", id="a cell short"),
    ],
)
def test_row_is_never_guessed_at(row: str) -> None:
    assert read(f"{HEADER}\n{row}\n") == ()


def test_name_with_a_blank_stays_whole_and_the_span_has_no_edges() -> None:
    text = f"{HEADER}\n  国际专利 (pct) 申请量  件 26 ≥1,000 7.9% 约束性 \n"
    (row,) = read(text)

    assert (row.name, row.unit, row.target, row.bound, row.attribute) == (
        "国际专利 (pct) 申请量",
        "件",
        Decimal(1000),
        "≥",
        "约束性",
    )
    assert row.span.of(text) == "国际专利 (pct) 申请量  件 26 ≥1,000 7.9% 约束性"
    assert row.header.of(text) == HEADER


def test_two_tables_are_numbered_through() -> None:
    text = (
        "附件1\n表一\n指标 单位 2025年目标\n甲 家 5\n乙 家 -\n"
        "附件2\n表二\n指标 单位 2020年基数 2030年目标\n丙 家 1 9\n"
    )
    rows = read(text)

    assert [(r.number, r.section, r.name, r.base_year, r.target_year, r.target) for r in rows] == [
        (0, 0, "甲", None, 2025, Decimal(5)),
        (1, 0, "乙", None, 2025, None),
        (2, 1, "丙", 2020, 2030, Decimal(9)),
    ]
    assert [row.span.of(text) for row in rows] == ["甲 家 5", "乙 家 -", "丙 家 1 9"]


def test_text_without_a_table_has_no_rows() -> None:
    assert read("一、目标\n指标稳步提升。到2025年达到 550 家。\n") == ()


UNKNOWN = Metadata()
PERIOD = Metadata(start_year=2026, end_year=2030)


def read_grid(
    *rows: list[str], metadata: Metadata = UNKNOWN, caption: str = "", after: str = ""
) -> list[Indicator]:
    """Read a table as a file marks it; equal cells with = beside or below each other are merged."""
    builder = DocumentBuilder()
    builder.add_paragraph(caption)
    numbers: dict[tuple[int, int], int] = {}
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            above = i and rows[i - 1][j] == cell and cell.startswith("=")
            left = j and row[j - 1] == cell and cell.startswith("=")
            place = (i - 1, j) if above else (i, j - 1) if left else None
            numbers[i, j] = numbers[place] if place else i * 100 + j
    builder.add_grid(
        [
            [(numbers[i, j], cell.removeprefix("=")) for j, cell in enumerate(row)]
            for i, row in enumerate(rows)
        ]
    )
    builder.add_paragraph(after)
    document = builder.build()
    plan = Plan("0" * 12, "规划", "规划.txt", "f" * 64, document.text, metadata)
    tables = find_tables(document.text, document.tables)
    found = read_indicators(plan, build_outline(document.text, tables=tables), tables)
    for row in found:
        assert row.name in row.span.of(document.text)
        assert row.target_text in row.span.of(document.text)
    return list(found)


def brief(row: Indicator) -> tuple[object, ...]:
    return (row.name, row.unit, row.base, row.base_year, row.target, row.target_year)


def test_merged_heads_and_categories() -> None:
    rows = read_grid(
        ["=类别", "=序号", "=指标名称", "=基期", "=目标", "=年均增长〔累计〕", "=属性"],
        ["=类别", "=序号", "=指标名称", "2020年", "2025年", "=年均增长〔累计〕", "=属性"],
        ["=创新驱动", "1", "研发投入强度①（%）", "2.1", "≥2.8", "〔0.7〕", "预期性"],
        ["=创新驱动", "2", "高新技术企业数*（家）", "1,064", "2000左右", "13.5", "预期性"],
        ["民生福祉", "3", "人均预期寿命（岁）", "—", "79.3", "-", "约束性"],
    )

    assert [(row.category, *brief(row)) for row in rows] == [
        ("创新驱动", "研发投入强度", "%", dec("2.1"), 2020, dec("2.8"), 2025),
        ("创新驱动", "高新技术企业数", "家", dec("1064"), 2020, dec("2000"), 2025),
        ("民生福祉", "人均预期寿命", "岁", None, 2020, dec("79.3"), 2025),
    ]
    assert [(row.bound, row.growth, row.growth_kind, row.attribute) for row in rows] == [
        ("≥", dec("0.7"), "cumulative", "预期性"),
        ("左右", dec("13.5"), "annual", "预期性"),
        (None, None, None, "约束性"),
    ]
    assert [row.growth_text for row in rows] == ["〔0.7〕", "13.5", "-"]


def test_years_alone_are_base_and_target() -> None:
    rows = read_grid(
        ["指标", "单位", "2020年", "2025年", "属性"],
        ["=一、经济发展", "=一、经济发展", "=一、经济发展", "=一、经济发展", "=一、经济发展"],
        ["地区生产总值", "亿元", "850", "1200", "预期性"],
        ["粮食产量", "万吨", "25", "25—27", "约束性"],
        ["=二、民生福祉", "=二、民生福祉", "=二、民生福祉", "=二、民生福祉", "=二、民生福祉"],
        ["城镇调查失业率", "%", "/", "控制在5.5以内", "预期性"],
    )

    assert [(row.category, *brief(row), row.target_high, row.bound) for row in rows] == [
        ("经济发展", "地区生产总值", "亿元", dec("850"), 2020, dec("1200"), 2025, None, None),
        ("经济发展", "粮食产量", "万吨", dec("25"), 2020, dec("25"), 2025, dec("27"), None),
        ("民生福祉", "城镇调查失业率", "%", None, 2020, dec("5.5"), 2025, None, "以内"),
    ]


def test_years_come_from_the_caption_else_from_the_plan() -> None:
    table = ["指标", "单位", "现状", "目标"], ["公园数量", "座", "3", "10"]

    (row,) = read_grid(*table, caption="表1 “十四五”主要指标")
    assert (row.base_year, row.target_year) == (2020, 2025)
    (row,) = read_grid(*table, metadata=PERIOD)
    assert (row.base_year, row.target_year) == (2025, 2030)
    (row,) = read_grid(*table)
    assert (row.base_year, row.target_year) == (None, None)


def test_brackets_mean_what_the_note_says() -> None:
    table = ["指标", "2020年", "2025年目标"], ["新增就业（万人）", "〔12〕", "〔15〕"]

    (row,) = read_grid(*table, after="注：〔 〕内为五年累计数。")
    assert (row.target, row.is_cumulative, row.unit) == (Decimal(15), True, "万人")
    (row,) = read_grid(*table, after="注：〔 〕内为预计数。")
    assert (row.target, row.is_cumulative) == (Decimal(15), False)


def test_target_in_words_keeps_its_text() -> None:
    rows = read_grid(
        ["指标", "单位", "2020年基期", "2025年目标", "属性"],
        ["单位地区生产总值能耗降低", "%", "-", "完成国家下达任务", "约束性"],
        ["参保人数", "人", "1.1万", "1.2万", "预期性"],
        ["森林覆盖率", "/", "23%", "24.1%左右", "约束性"],
    )

    assert [(row.name, row.unit, row.target, row.target_text) for row in rows] == [
        ("单位地区生产总值能耗降低", "%", None, "完成国家下达任务"),
        ("参保人数", "人", None, "1.2万"),
        ("森林覆盖率", "%", Decimal("24.1"), "24.1%左右"),
    ]


def test_later_target_and_looking_back_are_told_apart() -> None:
    (row,) = read_grid(
        ["指标", "单位", "“十三五”目标", "“十三五”完成", "“十四五”目标", "2035年远景目标"],
        ["城镇化率", "%", "60", "62.5", "66", "72"],
    )

    assert brief(row) == ("城镇化率", "%", dec("62.5"), 2020, dec("66"), 2025)


def test_tables_of_other_things_are_left_alone() -> None:
    assert (
        read_grid(["项目名称", "建设内容", "总投资"], ["污水处理厂", "日处理5万吨", "3亿元"]) == []
    )
    assert read_grid(["任务", "目标", "责任单位"], ["改造管网", "100公里", "住建局"]) == []
    assert (
        read_grid(
            ["指标", "单位", "2023年", "2024年", "比上年增长"], ["产值", "亿元", "1", "2", "9%"]
        )
        == []
    )


def test_table_goes_on_over_a_page() -> None:
    builder = DocumentBuilder()
    builder.add_table([["指标", "单位", "2030年目标"], ["甲类面积", "亩", "1"]])
    builder.add_paragraph("— 12 —")
    builder.add_table([["乙类面积", "亩", "2"], ["丙类面积", "亩", "3"]])
    document = builder.build()
    plan = plan_of(document.text)
    rows = read_indicators(plan, build_outline(document.text), document.tables)

    assert [(row.name, row.target, row.target_year) for row in rows] == [
        ("甲类面积", Decimal(1), 2030),
        ("乙类面积", Decimal(2), 2030),
        ("丙类面积", Decimal(3), 2030),
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared documents here")
def test_table_with_one_cell_a_line() -> None:
    path = SHARED / "plans" / "上海_黄浦区城市更新十五五规划_2026.md"
    if not path.is_file():
        pytest.skip("the document is not here")
    rows = read(path.read_text(encoding="utf-8"))

    assert [row.unit for row in rows] == [
        *(
            "个",
            "个",
            "万平方米",
            "万平方米",
            "座",
            "处",
            "%",
            "万平方米",
            "%",
            "公里",
            "公里",
            "个",
        )
    ]
    assert [row.target_text for row in rows][6:8] == ["2027年60%，2028年进一步优化布局", "5"]
    assert {row.target_year for row in rows} == {2030}
    assert [row.category for row in rows][:4] == ["促发展"] * 3 + ["惠民生"]
