"""What a measure pays: the cap that the next sentence tells, loans, limits of other things."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer.answerer import answer_question
from assistant.llm.shelf import of_match
from assistant.matching.match import match_measures
from assistant.matching.model import Match, Payment, Profile
from tests.policies import taken_in
from tests.taken_in import library_of

TITLE = "合肥市若干措施"
PROFILE = Profile(
    industry="软件开发", region="合肥市", revenue=Decimal(3000), research_share=Decimal(10)
)


def first(folder: Path, clauses: str, profile: Profile = PROFILE) -> Match:
    """Return the first measure of a policy that holds these clauses."""
    text = f"{TITLE}\n一、支持企业发展\n{clauses}\n"
    with taken_in({TITLE: text}, folder) as library:
        matching = match_measures(profile, library)
    return min(matching.matches, key=lambda match: match.measure.span.start)


def paid(folder: Path, clauses: str) -> Payment | None:
    return first(folder, clauses).payment


@pytest.mark.parametrize(
    ("clauses", "low", "high", "formula"),
    [
        pytest.param(
            "对软件企业，按照不超过设备采购额的20%给予补助。单个项目支持金额不超过60万元。",
            0,
            600_000,
            "设备采购额 × 20%，最高60万元",
            id="a share of what only the enterprise knows",
        ),
        pytest.param(
            "对软件企业给予奖励，奖励比例不超过合同额的4%（参照市价）。\n"
            "每家企业年度奖励总额最高不超过90万元人民币。",
            0,
            900_000,
            "合同额 × 4%，最高90万元",
            id="on a line of its own",
        ),
        pytest.param(
            "对软件企业，按年度营业收入的5%给予补助。同一企业当年补助额不超过100万元。",
            1_000_000,
            1_000_000,
            "3000万元 × 5% = 150万元，最高100万元",
            id="more would be due",
        ),
        pytest.param(
            "对软件企业，按研发投入的10%给予补助；单个企业不超过100万元（含）。",
            300_000,
            300_000,
            "3000万元 × 10% × 10% = 30万元，最高100万元",
            id="less is due",
        ),
        pytest.param(
            "对软件企业，按成交额的3%给予奖励。单笔奖励不超过10万元，单家企业年度奖励不超过40万元。",
            0,
            400_000,
            "成交额 × 3%，最高40万元",
            id="of two caps that of an enterprise",
        ),
        pytest.param(
            "对软件企业的新购设备给予补贴。补贴资金最高不超过70万元。",
            0,
            700_000,
            "最高70万元",
            id="no share is told",
        ),
        pytest.param(
            "对软件企业，给予一次性奖励20万元。单个企业累计奖励不超过50万元。",
            200_000,
            200_000,
            "原文定额：20万元",
            id="a fixed sum within the cap",
        ),
    ],
)
def test_the_sentence_behind_tells_the_cap(
    clauses: str, low: int, high: int, formula: str, tmp_path: Path
) -> None:
    payment = paid(tmp_path, clauses)
    assert payment is not None
    assert (payment.low, payment.high, payment.formula) == (low, high, formula)


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param("单个项目总投资不超过60万元。", id="of what is invested"),
        pytest.param("单家企业纳入计算规模的金额不超过60万元。", id="of what is counted"),
        pytest.param("单个项目贷款不超过60万元。", id="of what is borrowed"),
        pytest.param("2．单个项目支持金额不超过60万元。", id="a point of its own"),
        pytest.param(
            "每家企业国际首创产品支持金额不超过60万元，国内首创产品支持金额不超过30万元。",
            id="of two kinds",
        ),
        pytest.param("市级项目支持金额不超过60万元。", id="of one kind only"),
        pytest.param("支持资金用于购置设备。单个项目支持金额不超过60万元。", id="not the next one"),
        pytest.param("对服务机构给予奖励，单个机构奖励不超过60万元。", id="another measure"),
    ],
)
def test_what_tells_no_cap_of_the_measure_leaves_it_quoted(behind: str, tmp_path: Path) -> None:
    assert paid(tmp_path, f"对软件企业，按照设备采购额的20%给予补助。{behind}") is None


def test_a_fixed_sum_above_the_cap_is_not_certain(tmp_path: Path) -> None:
    clauses = "对软件企业，给予一次性奖励80万元。单个企业累计奖励不超过50万元。"
    assert paid(tmp_path, clauses) is None


@pytest.mark.parametrize(
    ("clauses", "high"),
    [
        pytest.param("小微企业可申请最高不超过200万元的创业担保贷款。", 2_000_000, id="behind"),
        pytest.param("软件企业可申请信用贷款，贷款额度最高300万元。", 3_000_000, id="before"),
        pytest.param("支持软件企业申请最高100万元的信用贷款。", 1_000_000, id="supported"),
    ],
)
def test_what_can_be_borrowed_is_told_as_a_loan(clauses: str, high: int, tmp_path: Path) -> None:
    payment = paid(tmp_path, clauses)
    assert payment is not None
    assert (payment.low, payment.high) == (0, high)
    assert payment.formula == f"贷款最高{high // 10_000}万元"


@pytest.mark.parametrize(
    "clauses",
    [
        pytest.param("对单户不超过500万元的贷款，给予软件企业贴息。", id="not its interest"),
        pytest.param("个人可申请最高20万元的贷款，小微企业最高30万元的贷款。", id="two loans"),
        pytest.param("对销售价格不高于30元/公斤的企业给予补贴。", id="a price"),
        pytest.param("对按期开工、投资额不超过300万元的项目给予补助。", id="what is invested"),
        pytest.param("对年收入不超过500万元的企业，给予房租补贴。", id="who is meant"),
        pytest.param("对支出金额大于2万元的项目予以支持。", id="from where on"),
        pytest.param("对软件企业，给予不低于1000万元的奖励。", id="at the least"),
        pytest.param("对报废旧车的企业，给予最高不超过1万元/台补贴。", id="for each"),
    ],
)
def test_a_limit_of_something_else_is_no_sum(clauses: str, tmp_path: Path) -> None:
    assert paid(tmp_path, clauses) is None


def test_what_all_get_together_does_not_change_what_one_gets(tmp_path: Path) -> None:
    payment = paid(
        tmp_path, "对新挂牌的每家企业给予5万元资金奖励，全年奖励资金不超过150万元（含）。"
    )
    assert payment is not None
    assert (payment.low, payment.high) == (50_000, 50_000)


@pytest.mark.parametrize("limit", ["按照最高不超过", "按不超过", "按照最高"])
def test_a_limit_is_no_part_of_the_base(limit: str, tmp_path: Path) -> None:
    payment = paid(tmp_path, f"对软件企业，{limit}成交额的3%给予奖励，最高40万元。")
    assert payment is not None
    assert payment.formula == "成交额 × 3%，最高40万元"


@pytest.mark.parametrize("limit", ["按照不超过", "最高按", "按最高不超过"])
def test_a_share_at_the_most_settles_no_sum(limit: str, tmp_path: Path) -> None:
    """What is known of the base tells no more than the cap: less may be paid."""
    payment = paid(tmp_path, f"对软件企业，{limit}年度营业收入的1%给予补助。单个企业不超过50万元。")
    assert payment is not None
    assert (payment.low, payment.high) == (0, 500_000)


def test_a_rate_of_interest_is_a_share_of_nothing_told(tmp_path: Path) -> None:
    payment = paid(tmp_path, "对软件企业，按照不超过2%的利率给予贴息，单个企业最高不超过60万元。")
    assert payment is not None
    assert payment.formula == "最高60万元"


@pytest.mark.parametrize(
    ("more", "is_settled"),
    [
        pytest.param("。", True, id="nothing more"),
        pytest.param("。对高新技术企业，给予最高50万元奖励。", True, id="another measure"),
        pytest.param("，纳入计算的收入不超过1000万元。", False, id="not all of the base"),
        pytest.param("。单家企业纳入计算规模的金额不超过1000万元。", False, id="the same behind"),
        pytest.param("，其中设备不超过30万元、软件不超过20万元。", False, id="by kinds"),
        pytest.param("，其中设备补助不超过30万元。", False, id="a part of it"),
    ],
)
def test_a_share_with_a_limit_that_is_not_understood_is_quoted(
    more: str, is_settled: bool, tmp_path: Path
) -> None:
    payment = paid(tmp_path, f"对软件企业，按年度营业收入的5%给予补助{more}")
    assert payment is None or payment.high == 1_500_000
    assert (payment is not None) == is_settled


@given(
    rate=st.integers(1, 100),
    cap=st.integers(1, 900),
    revenue=st.integers(0, 40_000),
    is_behind=st.booleans(),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_never_more_than_the_cap_is_paid(
    rate: int,
    cap: int,
    revenue: int,
    is_behind: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    cut = "。" if is_behind else "，"
    profile = Profile(industry="软件开发", region="合肥市", revenue=Decimal(revenue))
    found = first(
        tmp_path_factory.mktemp("policy"),
        f"对软件企业，按年度营业收入的{rate}%给予补助{cut}单个企业补助最高不超过{cap}万元。",
        profile,
    )
    due = min(Decimal(revenue) * rate / 100, Decimal(cap)) * 10_000
    assert found.payment is not None
    assert (found.payment.low, found.payment.high) == (due, due)


BEHIND = "单个项目支持金额不超过60万元。"
POLICY = f"{TITLE}\n一、支持企业发展\n对软件企业，按照设备采购额的20%给予补助。{BEHIND}\n"


def test_the_sentence_behind_is_cited_and_told(tmp_path: Path) -> None:
    library = library_of(tmp_path, {TITLE: POLICY})
    answer = answer_question(
        "我们是合肥一家做软件开发的公司，30人，去年营收2600万，能拿什么？", library
    )
    assert "可得：最高60万元（设备采购额 × 20%，最高60万元）。" in answer.text
    assert any("60万元" in citation.quote for citation in answer.citations)
    assert answer.removed == ()
    (found,) = [
        one for one in match_measures(PROFILE, library).matches if "20%" in one.measure.text
    ]
    plan = library.catalog.plan(found.measure.plan_id)
    assert [note.of(plan.text) for note in found.notes] == [BEHIND]
    # A language model reads the words that its formula rests on.
    assert BEHIND in [span.of(plan.text) for span in of_match(found).spans]
