"""Measures: what promises something to somebody, its terms, and what only looks like it."""

from pathlib import Path

import pytest

from corpus.measures import read_measures
from corpus.model import Measure, Plan, Section, Span
from corpus.outline import build_outline
from corpus.readers.builder import DocumentBuilder
from tests.fakes import load, load_bundled

SHARED = Path(__file__).parents[2] / "shared"


def plan_of(text: str) -> Plan:
    return Plan("0" * 12, "若干措施", "若干措施.txt", "f" * 64, text)


def read(text: str) -> tuple[Measure, ...]:
    measures = read_measures(plan_of(text), build_outline(text))
    for measure in measures:
        assert measure.text == measure.span.of(text)
    return measures


GRANT = "对首次认定的国家级专精特新“小巨人”企业，给予一次性奖励50万元。"


def test_all_terms_of_one_measure() -> None:
    text = (
        "清河市促进工业发展若干措施\n一、支持技术改造\n"
        "（一）设备补助。对符合条件的规模以上工业企业，按照不超过实际设备投入的15%给予补助，"
        "单个企业每年最高200万元，连续三年。（责任单位：市经信局、市财政局）\n"
    )
    (measure,) = read(text)
    span = Span(text.index("对符合"), text.index("（责任"))

    assert measure == Measure(
        plan_id="0" * 12,
        number=0,
        section=next(part.number for part in build_outline(text) if part.own.holds(span)),
        text=span.of(text),
        strength="给予",
        instruments=("补助",),
        applicants="符合条件的规模以上工业企业",
        condition=None,
        amount=None,
        rate="15%",
        cap="200万元",
        duration="三年",
        department="市经信局、市财政局",
        span=span,
    )


@pytest.mark.parametrize(
    ("sentence", "strength", "applicants"),
    [
        (GRANT, "给予", "国家级专精特新“小巨人”企业"),
        ("税务机关应当对破产企业依法予以减免。", "应当", "破产企业"),
        ("支持符合条件的民营企业上市融资。", "支持", "符合条件的民营企业"),
        ("允许外商投资企业参与标准制定。", "支持", "外商投资企业"),
        ("鼓励高校、科研院所和企业共建实验室。", "鼓励", "高校、科研院所和企业"),
        ("鼓励、支持银行发放信用贷款。", "支持", "银行"),
        ("鼓励各区给予企业房租补贴。", "鼓励", "各区"),
        ("研究支持试点地区企业开展离岸贸易。", "探索", "试点地区企业"),
        ("积极支持试验区内医疗机构引进新技术。", "支持", "试验区内医疗机构"),
        ("在同等条件下，优先安排科技型企业用地。", "给予", None),
        ("将资质审批权限下放至自贸试验区。", "给予", None),
        ("为创业者免费提供办公场所。", "给予", "创业者"),
        ("重大项目落户的，实行“一事一议”。", "给予", None),
    ],
)
def test_strength_and_applicants(sentence: str, strength: str, applicants: str | None) -> None:
    (measure,) = read(sentence)

    assert (measure.strength, measure.applicants) == (strength, applicants)


@pytest.mark.parametrize(
    ("sentence", "applicants", "condition"),
    [
        ("对考核优秀的孵化器，给予50万元奖励。", "孵化器", "考核优秀"),
        ("对孵化器首次通过考核的，给予50万元奖励。", "孵化器", "首次通过考核"),
        ("孵化器首次通过考核的，可申请50万元奖励。", "孵化器", "首次通过考核"),
        ("对首次通过考核的，给予孵化器50万元奖励。", "孵化器", "首次通过考核"),
        ("对新设立的市级中心，给予企业50万元奖励。", "企业", "新设立的市级中心"),
        ("对在科创板上市企业，给予企业300万元奖励。", "企业", "在科创板上市"),
        ("年产值达到3亿元以上，一次性给予20万元奖励。", None, "年产值达到3亿元以上"),
        ("鼓励保险公司开发新险种，对符合条件的给予补贴。", "保险公司", "符合条件"),
        ("对符合条件的小微企业给予贴息。", "符合条件的小微企业", None),
        ("对高新区内的民营企业给予贴息。", "高新区内的民营企业", None),
        ("园区内企业，经评定达标的，给予贴息。", "园区内企业", "经评定达标"),
        ("对退役军人，在培训期间再给予生活补贴。", "退役军人", "在培训期间"),
        ("支持企业购买科技保险，给予企业保费补贴。", "企业", "购买科技保险"),
        ("组织青年参加见习，按规定给予见习补贴。", "青年", "参加见习"),
        ("在风险可控的前提下，允许银行发放信用贷款。", "银行", "在风险可控的前提下"),
        ("支持具备检测能力的机构参与标准制定。", "具备检测能力的机构", None),
        ("支持更多高校开放实验室。", "高校", None),
        ("支持困难地区为失业人员提供免费培训。", "失业人员", None),
        ("鼓励银行、保险、信托等金融机构开发产品。", "银行、保险、信托等金融机构", None),
        ("发挥行业协会作用，鼓励其向企业提供咨询。", "行业协会", None),
        ("将补贴范围扩大至灵活就业人员。", "灵活就业人员", None),
        ("资助额度：话剧项目最高不超过90万元。", "话剧项目", None),
    ],
)
def test_applicants_and_their_condition(
    sentence: str, applicants: str | None, condition: str | None
) -> None:
    (measure,) = read(sentence)

    assert (measure.applicants, measure.condition) == (applicants, condition)


@pytest.mark.parametrize(
    ("sentence", "amount", "rate", "cap", "duration"),
    [
        (GRANT, "50万元", None, None, None),
        ("对新建酒店按每间奖励2000元。", "2000元", None, None, None),
        ("市级奖励2万元，省级奖励5万元。", "2万元，省级奖励5万元", None, None, None),
        ("对入会企业每满一百家给予奖励一万元。", "一万元", None, None, None),
        ("对新增种植基地一次性奖励企业100元/亩。", "100元/亩", None, None, None),
        ("对国家级、省级中心分别给予100万元、30万元奖励。", "100万元、30万元", None, None, None),
        ("给予企业10万元—100万元资金支持。", "10万元—100万元", None, None, None),
        (
            "年销售收入2000万元以上的企业，给予5万元奖励。",
            "5万元",
            None,
            None,
            None,
        ),
        (
            "对企业贷款给予不超过2年的贴息支持，总金额不超过500万元。",
            None,
            None,
            "500万元",
            "2年",
        ),
        ("按照租金的50%给予企业补贴，三年内有效。", None, "50%", None, "三年"),
        ("按年度融资额的0.2‰给予平台奖励。", None, "0.2‰", None, None),
        ("按照1：2的比例给予项目配套资助。", None, "1：2", None, None),
        ("给予企业引进成本不低于10%的资金支持。", None, "10%", None, None),
        ("占地比例不低于20%的园区，给予30万元补助。", "30万元", None, None, None),
        ("按规定给予企业补贴，每家不超过60万。", None, None, "60万", None),
        (
            "给予企业最高80万元补助，并根据绩效给予最高20万元奖励。",
            None,
            None,
            "80万元",
            None,
        ),
        ("建设期不超过3年的，给予企业5万元补助。", "5万元", None, None, None),
        ("2024年起，对近两年内新设的机构给予10万元补助。", "10万元", None, None, None),
    ],
)
def test_sums_shares_caps_and_terms(
    sentence: str, amount: str | None, rate: str | None, cap: str | None, duration: str | None
) -> None:
    (measure,) = read(sentence)

    assert (measure.amount, measure.rate, measure.cap, measure.duration) == (
        amount,
        rate,
        cap,
        duration,
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("大力发展数字经济，支持建设一批创新平台。", id="a task of its own"),
        pytest.param("支持在园区设置服务窗口。", id="nobody is named"),
        pytest.param("企业应当依法缴纳税费，不得骗取补贴。", id="a duty"),
        pytest.param("骗取资金的，追回已给予的奖励。", id="a penalty"),
        pytest.param("本办法所称补贴，是指给予企业的财政补助。", id="a definition"),
        pytest.param("一、2023年工作回顾\n支持企业技改，给予企业奖励2亿元。\n", id="a review"),
        pytest.param("去年以来支持企业融资成效明显，同比增长5%。", id="the past"),
        pytest.param("（一）支持企业创新。\n1.总体安排。\n要加强领导。\n", id="a title"),
        pytest.param("支持企业技术改造\n", id="a heading line"),
        pytest.param("推动金融资金支持实体经济，用于企业项目建设。", id="资金支持 is a noun"),
        pytest.param("为6107名困难家庭学生发放资助金5637.2万元。", id="what was paid"),
        pytest.param("拟安排地方政府专项债券3.75万亿元。", id="a budget"),
        pytest.param("支持企业家精神和人才队伍建设。", id="part of another word"),
        pytest.param("", id="empty"),
        pytest.param("申报企业应承诺三年内不迁出，并提供担保。", id="a duty of those who apply"),
        pytest.param("受理申请→专家评审→向企业拨付补助资金。", id="a process"),
        pytest.param("当年未获得同级财政资金支持；", id="a condition"),
        pytest.param("已享受市级补贴的企业，不再给予补贴。", id="a denial"),
    ],
)
def test_what_promises_nothing(text: str) -> None:
    assert read(text) == ()


def test_each_clause_with_its_own_sum_is_a_measure() -> None:
    measures = read(
        "（二）品牌。对获得驰名商标的企业，给予50万元奖励；对获得名牌产品的企业，给予3万元奖励。\n"
    )

    assert [measure.amount for measure in measures] == ["50万元", "3万元"]
    assert [measure.text[-1] for measure in measures] == ["；", "。"]


def test_what_is_denied_takes_nothing_from_what_is_given() -> None:
    (measure,) = read("对小巨人企业给予20万元奖励，已获得其他资金的不予奖励。")

    assert (measure.applicants, measure.amount) == ("小巨人企业", "20万元")


@pytest.mark.parametrize(
    "text",
    [
        "对保险公司给予保费补贴支持。采取后补助支持方式。按照保费的40%给予补贴，最高60万元。",
        "对旅行社进行奖励。奖励标准：按照地接收入的40%给予，最高60万元。",
    ],
)
def test_a_promise_is_read_with_the_sentence_that_says_how_much(text: str) -> None:
    (measure,) = read(text)

    assert (measure.text, measure.rate, measure.cap) == (text, "40%", "60万元")


@pytest.mark.parametrize(
    ("text", "applicants", "condition"),
    [
        (
            "一、贴息\n支持对象：在我区注册的外贸企业。\n申报条件：上年度出口额不低于500万美元。\n"
            "支持标准：给予不超过30万元的贴息支持。\n",
            "在我区注册的外贸企业",
            "上年度出口额不低于500万美元",
        ),
        (
            "一、贴息\n服务对象\t在我区注册的外贸企业\n（一）标准\n给予不超过30万元的贴息支持。\n",
            "在我区注册的外贸企业",
            None,
        ),
        (
            "一、贴息\n支持对象：在我区注册的外贸企业。\n对首次投保的银行给予30万元贴息支持。\n",
            "银行",
            "首次投保",
        ),
        ("一、贴息\n服务对象：全市范围。\n给予不超过30万元的贴息支持。\n", None, None),
        (
            "一、贴息\n支持对象：外贸企业。\n二、补贴\n给予不超过30万元的补贴。\n",
            None,
            None,
        ),
    ],
    ids=["paragraphs", "a cell above", "the sentence first", "nobody", "another section"],
)
def test_a_section_s_fields_complete_its_grants(
    text: str, applicants: str | None, condition: str | None
) -> None:
    (measure,) = read(text)

    assert (measure.applicants, measure.condition) == (applicants, condition)


def test_conditions_before_one_sum_stay_with_it() -> None:
    (measure,) = read("对取得专利的新产品；列入目录的新产品；达产后，给予企业10万元资金支持。")

    assert measure.text.startswith("对取得专利")
    assert measure.amount == "10万元"


def test_a_numbered_line_is_a_measure_if_it_says_all() -> None:
    text = (
        "一、贸易\n（一）支持符合条件的自贸试验区开展汽车平行进口试点。（负责部门：商务部）\n"
        "（二）允许自贸试验区创新推出与国际接轨的税收服务举措。（负责部门：税务总局；适用范围：全国）\n"
        "（三）支持企业创新。对研发机构给予10万元补助。（负责部门：科技部）\n"
    )

    assert [(measure.text[:2], measure.department) for measure in read(text)] == [
        ("支持", "商务部"),
        ("允许", "税务总局"),
        ("对研", "科技部"),
    ]


def test_the_department_of_a_heading_or_a_sentence() -> None:
    text = (
        "（一）融资服务（牵头单位：市金融办）\n对首次贷款的企业给予贴息。\n"
        "（二）人才服务\n由市人社局牵头，对青年人才发放租房补贴。\n"
    )

    assert [measure.department for measure in read(text)] == ["市金融办", "市人社局"]


def test_lines_broken_at_the_edge_of_the_page_are_read_on() -> None:
    text = (
        "为充分发挥政策集成效应，更好服务各类企业，打通政策落地最后一公里问题，进一步激发市场\n"
        "主体活力，对符合条件的改造项目，按照固定资产投资总额30%的比例安排市级固定资产投资补\n"
        "助资金，最高不超过5000万元。\n"
        "另外，各区要加强政策宣传解读，及时总结经验，重大事项按程序报告，确保各项工作取得\n实效。\n"
    )
    (measure,) = read(text)

    assert (measure.rate, measure.cap) == ("30%", "5000万元")
    assert "补\n助资金" in measure.text


def test_a_form_s_labels_and_page_numbers_part_no_sentence() -> None:
    text = (
        "为充分发挥政策集成效应，更好服务各类企业，打通政策落地最后一公里问题，进一步激发市场\n"
        "主体活力，营造公平竞争环境，各区要加强统筹协调，认真抓好落实，及时总结经验做法。\n"
        "对当年新获评的市级示范园区和当年首次上规模的工业园区，经主管部门评审后，按照实际投\n"
        "服务内容\n\n"
        "入的25%给予补助，单个园区补助不超过800万元，所需资金由市区两级财政按照现行体制共同\n"
        "71\n\n"
        "承担。\n"
    )
    (measure,) = read(text)

    assert measure.text.endswith("共同\n71\n\n承担。")
    assert (measure.rate, measure.cap, measure.instruments) == ("25%", "800万元", ("补助",))


def test_a_cell_of_a_table_is_a_clause() -> None:
    builder = DocumentBuilder()
    builder.add_table([["政策", "标准"], ["新认定企业", "给予企业一次性奖励20万元"]])
    document = builder.build()
    text = document.text
    (measure,) = read_measures(plan_of(text), build_outline(text), document.tables)

    assert (measure.text, measure.amount) == ("给予企业一次性奖励20万元", "20万元")


@pytest.mark.parametrize(
    ("sentence", "instruments"),
    [
        ("对参训企业给予培训补贴和税收减免。", ("补贴", "减免")),
        ("对融资担保机构给予奖励。", ("奖励",)),
        ("对合格的机构给予资金支持。", ("资助",)),
        ("鼓励学校开展检测认证服务。", ("其他",)),
        ("为创业者提供法律咨询服务。", ("服务",)),
        ("重大项目落户的，实行“一事一议”。", ("其他",)),
        ("综合保税区内企业可享受税收政策。", ("税收优惠",)),
    ],
)
def test_instruments_are_what_is_given(sentence: str, instruments: tuple[str, ...]) -> None:
    (measure,) = read(sentence)

    assert measure.instruments == instruments


@pytest.mark.parametrize(
    "unit",
    ["给予", "支持企业、", "对企业", "（", "责任单位：", "1", "企业总部", "为", "支持\n"],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    whole = Span(0, len(text))

    assert read_measures(plan_of(text), [Section(0, None, 0, (), Span(0, 0), whole, whole)]) == ()


def test_the_bundled_plan_keeps_its_words() -> None:
    plan, document = load_bundled()

    for measure in read_measures(plan, build_outline(plan.text), document.tables):
        assert measure.text == measure.span.of(plan.text)


def test_a_real_policy() -> None:
    path = SHARED / "plans/惠企政策/柳河县_加快重点产业实施意见.txt"
    if not path.exists():
        pytest.skip("the shared documents are not here")
    plan, _ = load(path)
    measures = read_measures(plan, build_outline(plan.text))
    (upgraded,) = [measure for measure in measures if "新增并纳入统计" in measure.text]

    assert len(measures) > 25
    assert (upgraded.amount, upgraded.applicants, upgraded.condition) == (
        "5万元",
        "规模以上工业企业",
        "新增并纳入统计范围",
    )
