"""Tables of indicators: exact figures, and whether they add up."""

from decimal import Decimal

import pytest

from corpus.arithmetic import Check, annual_growth, check_growth, round_as
from corpus.figures import Value, is_blank, read_growth, read_value
from corpus.indicators import Column, read_header, read_indicators
from corpus.load import BUNDLED, find_files, load_plan
from corpus.model import Indicator, Plan, Span
from corpus.outline import build_outline

HEADER = "指标 单位 2020年基数 2025年目标 年均增长\n[累计提高] 指标\n属性"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(find_files(BUNDLED)[0])


@pytest.fixture(scope="module")
def indicators(plan: Plan) -> tuple[Indicator, ...]:
    return read_indicators(plan, build_outline(plan.text))


def plan_of(text: str) -> Plan:
    return Plan("0" * 12, "规划", "规划.txt", "f" * 64, text)


def read(text: str) -> tuple[Indicator, ...]:
    return read_indicators(plan_of(text), build_outline(text))


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

    assert indicators == tuple(
        Indicator(
            plan_id="59c2f87e3762",
            number=number,
            section=11,
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
        ("≥90%", Value(Decimal("90"), "≥")),
        ("不低于１２．５", Value(Decimal("12.5"), "不低于")),
        ("1,064", Value(Decimal("1064"), None)),
        ("-2.5", Value(Decimal("-2.5"), None)),
        (" 55 ", Value(Decimal("55"), None)),
        ("3.50", Value(Decimal("3.50"), None)),
        ("-", None),
        ("", None),
        ("家", None),
        ("3.5~4", None),
        ("[18.53]", None),
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
    ("header", "columns"),
    [
        (
            HEADER,
            (
                Column("name", None),
                Column("unit", None),
                Column("base", 2020),
                Column("target", 2025),
                Column("growth", None),
                Column("attribute", None),
            ),
        ),
        (
            "主要指标 2023年实际 ２０２８年目标值 类型",
            (
                Column("name", None),
                Column("base", 2023),
                Column("target", 2028),
                Column("attribute", None),
            ),
        ),
        ("指标名称 目标", (Column("name", None), Column("target", None))),
        ("指标 单位", ()),
        ("单位 指标 目标", ()),
        ("指标 目标 目标", ()),
        ("指标 目标 责任单位", ()),
        ("指标体系与2025年目标", ()),
        ("", ()),
    ],
)
def test_header_names_its_columns(header: str, columns: tuple[Column, ...]) -> None:
    assert read_header(header) == columns


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
