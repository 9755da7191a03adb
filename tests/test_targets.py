"""Targets in prose: what is set for the future, and nothing else."""

import time
from decimal import Decimal

import pytest

from corpus.model import Indicator, Metadata, Plan
from corpus.outline import build_outline
from corpus.tables import find_tables
from corpus.targets import read_targets

REPORT = Metadata(kind="报告", start_year=2026, end_year=2026)
PERIOD = Metadata(kind="规划", start_year=2026, end_year=2030)
POLICY = Metadata(kind="政策", date="2026-03-01")


def read(text: str, metadata: Metadata = PERIOD) -> list[Indicator]:
    plan = Plan("0" * 12, "某文件", "文件.txt", "f" * 64, text, metadata)
    tables = find_tables(text)
    found = read_targets(plan, build_outline(text, tables=tables), tables, first_number=3)
    assert [one.number for one in found] == list(range(3, 3 + len(found)))
    for one in found:
        assert one.span.of(text).startswith(one.name) or one.name not in text
        assert one.span.of(text).endswith(one.target_text)
        assert one.origin == "prose"
    return list(found)


def brief(one: Indicator) -> tuple[object, ...]:
    high = None if one.target_high is None else str(one.target_high)
    return (one.name, str(one.target), high, one.unit, one.bound, one.change)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("地区生产总值增长5%左右", ("地区生产总值", "5", None, "%", "左右", "increase")),
        ("城镇新增就业1200万人以上", ("城镇新增就业", "1200", None, "万人", "以上", None)),
        ("居民消费价格涨幅2%左右", ("居民消费价格", "2", None, "%", "左右", "increase")),
        ("经济年均增长保持在6.5%以上", ("经济", "6.5", None, "%", "以上", "increase")),
        ("粮食播种面积1530万亩", ("粮食播种面积", "1530", None, "万亩", None, None)),
        ("劳动生产率从人均8.7万元提高到12万元", ("劳动生产率", "12", None, "万元", None, None)),
        ("城镇调查失业率控制在5.5%以内", ("城镇调查失业率", "5.5", None, "%", "以内", None)),
        ("森林覆盖率达到24.1%", ("森林覆盖率", "24.1", None, "%", None, None)),
        ("单位能耗比2025年降低13.5%", ("单位能耗", "13.5", None, "%", None, "decrease")),
        ("粮食产量1.4万亿斤左右", ("粮食产量", "1.4", None, "万亿斤", "左右", None)),
        ("经济增长5.5%—6%", ("经济", "5.5", "6", "%", None, "increase")),
        ("人均预期寿命提高到８０．５岁", ("人均预期寿命", "80.5", None, "岁", None, None)),
        ("孕产妇死亡率降到12/10万以下", ("孕产妇死亡率", "12", None, "/10万", "以下", None)),
        ("灌溉水有效利用系数提高到0.6", ("灌溉水有效利用系数", "0.6", None, "", None, None)),
        ("劳动生产率不低于25万元/人", ("劳动生产率", "25", None, "万元/人", "不低于", None)),
        ("森林覆盖率由2025年的23%提高到24%", ("森林覆盖率", "24", None, "%", None, None)),
        ("内河港口吞吐量突破2亿吨", ("内河港口吞吐量", "2", None, "亿吨", "突破", None)),
        ("力争使高新技术企业达到500家", ("高新技术企业", "500", None, "家", None, None)),
        ("压减钢铁产能500万吨", ("钢铁产能", "500", None, "万吨", None, "decrease")),
        ("确保新增城镇就业5400人", ("新增城镇就业", "5400", None, "人", None, None)),
    ],
)
def test_clause_is_read_as_printed(clause: str, expected: tuple[object, ...]) -> None:
    (one,) = read(f"第一章 发展目标\n到2030年的主要目标是：{clause}。\n")

    assert brief(one) == expected
    assert one.target_year == 2030


def test_growth_of_every_year() -> None:
    (one,) = read("一、主要目标\n研发经费投入年均增长7%以上。\n")

    assert (one.name, one.target, one.growth_kind, one.growth) == (
        "研发经费投入",
        Decimal(7),
        "annual",
        None,
    )


def test_figures_are_shared_out() -> None:
    found = read(
        "一、主要目标\n一产、二产、三产增加值分别增长3%、4%左右、5%以上，"
        "城乡居民收入分别增长5%和6%，产业规模达到2万亿元、年均增长8%。\n"
    )

    assert [(one.name, str(one.target), one.bound) for one in found] == [
        ("一产", "3", None),
        ("二产", "4", "左右"),
        ("三产增加值", "5", "以上"),
        ("城乡居民收入", "5", None),
        ("城乡居民收入", "6", None),
        ("产业规模", "2", None),
        ("产业规模", "8", None),
    ]


def test_one_bound_at_the_end_is_of_all_figures() -> None:
    found = read("一、主要目标\n省外游客、入境游客分别增长10%、35%以上，消费、投资均增长4%左右。\n")

    assert [(one.name, str(one.target), one.bound) for one in found] == [
        ("省外游客", "10", "以上"),
        ("入境游客", "35", "以上"),
        ("消费", "4", "左右"),
        ("投资", "4", "左右"),
    ]


WORK_REPORT = """政府工作报告
各位代表：
一、2025年工作回顾
地区生产总值增长5.2%，城镇新增就业31万人。（一）经济稳中有进。粮食产量达到500万吨。
（二）落实重大任务
森林覆盖率达到23%。
二、“十五五”时期主要目标
地区生产总值年均增长5%左右，城镇化率达到70%。
三、2026年重点工作
今年发展主要预期目标是：地区生产总值增长5%以上，居民收入增长与经济增长同步。
（一）扩大内需
社会消费品零售总额增长6%。今年已完成投资300亿元。新建公路100公里。
对年收入超过1亿元的企业给予奖励50万元。去年出口增长9%。到2027年，绿电占比达到40%。
"""


def test_report_looks_back_before_it_looks_ahead() -> None:
    found = read(WORK_REPORT, REPORT)

    assert [(one.name, str(one.target), one.target_year) for one in found] == [
        ("地区生产总值", "5", 2030),
        ("城镇化率", "70", 2030),
        ("地区生产总值", "5", 2026),
        ("社会消费品零售总额", "6", 2026),
        ("绿电占比", "40", 2027),
    ]
    assert found[0].header.of(WORK_REPORT) == "二、“十五五”时期主要目标"
    assert found[2].header.of(WORK_REPORT).startswith("今年发展主要预期目标是")


def test_report_without_numbered_headings() -> None:
    text = (
        "各位代表：\n过去一年工作回顾\n出口增长9%。\n“十五五”时期的主要目标\n城镇化率达到70%。\n"
        "2026年重点工作\n主要预期目标是：出口增长10%以上。进口增长8%。\n"
    )

    assert [(one.name, str(one.target), one.target_year) for one in read(text, REPORT)] == [
        ("城镇化率", "70", 2030),
        ("出口", "10", 2026),
        ("进口", "8", 2026),
    ]


def test_plan_tells_its_past_from_its_goals() -> None:
    text = (
        "第一章 发展基础\n2025年，产值达到300亿元，企业增长20%。\n"
        "第二章 发展目标\n到2030年，产值达到500亿元，利用率明显提高。到2035年，产值突破800亿元。\n"
        "第三章 优化发展环境\n办理时限压缩50%以上。\n"
    )

    assert [(one.name, str(one.target), one.target_year) for one in read(text)] == [
        ("产值", "500", 2030),
        ("产值", "800", 2035),
        ("办理时限", "50", 2030),
    ]


def test_policy_has_targets_only_where_it_says_so() -> None:
    text = (
        "一、工作目标\n到2027年，产业规模达到100亿元。\n二、支持条件\n"
        "年营业收入不低于2亿元，研发投入占比不低于5%。\n按投资额的10%给予补助，最高500万元。\n"
        "三、工作要求\n到2028年底，覆盖率达到90%。\n"
    )

    assert [(one.name, str(one.target), one.target_year) for one in read(text, POLICY)] == [
        ("产业规模", "100", 2027),
        ("覆盖率", "90", 2028),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "五年来，产值增长20%",
        "建成公园50个",
        "培育企业100家",
        "完成三大工程、5个方面30项任务",
        "预计全国产量达到5亿吨",
        "2025年产值达到300亿元",
        "居全国第3位",
        "2026年3月15日前报送",
    ],
)
def test_no_target(sentence: str) -> None:
    assert read(f"第三章 重点任务\n{sentence}。\n") == []


def test_sentences_broken_at_a_width_are_whole() -> None:
    words = (
        "各地区各部门要结合实际认真贯彻落实本规划提出的各项目标任务，" * 12
        + "到二〇三〇年，其中中心城区再生资源回收率达到45%以上。"
    )
    lines = [words[start : start + 22] for start in range(0, len(words), 22)]
    text = "第一章 主要目标\n" + "\n".join(lines)
    (one,) = read(text)

    assert one.name == "中心城区再生资源回收率"
    assert one.span.of(text) == "中心城区再\n生资源回收率达到45%以上"
    assert one.target_year == 2030


@pytest.mark.parametrize(
    ("between", "names"),
    [
        ("、", ["粮食播种面积", "粮食总产量"]),
        ("，力争农业机械化水平稳步提升，", ["粮食播种面积", "总产量"]),
    ],
    ids=["the crop stands just before", "too far away to be meant"],
)
def test_a_bare_yield_is_that_of_the_crop_before_it(between: str, names: list[str]) -> None:
    found = read(f"第一章 主要目标\n到2030年，确保粮食播种面积1530万亩{between}总产量125亿斤。\n")

    assert [one.name for one in found] == names


def test_tables_are_not_read_twice() -> None:
    text = "第一章 目标\n指标 单位 2030年目标\n城镇化率 % 达到70\n失业率 % 5以内\n"

    assert read(text) == []


@pytest.mark.parametrize(
    "piece",
    ["产值增长5%", "1", "到2030年", "，增长5%、", "分别增长5%", "比上年", "年均均年均", "5%。"],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = "第一章 主要目标\n" + piece * (400_000 // len(piece))
    start = time.perf_counter()
    read_targets(
        Plan("0" * 12, "规划", "规划.txt", "f" * 64, text, PERIOD), build_outline(text), ()
    )

    assert time.perf_counter() - start < 30
