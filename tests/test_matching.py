"""Policy matching: what an enterprise is held to, clause by clause, and what it would be paid."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cli import main
from assistant.library import Library
from assistant.matching.documents import (
    ProfileError,
    matching_document,
    profile_document,
    profile_from_document,
)
from assistant.matching.match import match_measures
from assistant.matching.model import Match, Matching, Profile, Reason
from assistant.settings import Settings
from corpus.archive import SourceFile
from corpus.limits import Limits
from corpus.load import load_plan
from corpus.parse import parse_plan
from corpus.prepare import search_words
from corpus.segment import base_segmenter

SHARED = Path(__file__).parents[2] / "shared"
TODAY = date(2026, 6, 30)

CITY = """合肥市支持产业发展若干措施
一、支持企业做大
对年主营业务收入2000万元（含）以上的工业企业，一次性奖励10万元，5000万元以上的奖励20万元。（责任单位：市经信局）
对首次认定的高新技术企业，给予一次性奖励30万元。
对职工300人以下且研发投入占营业收入比例不低于5%的制造业企业，按研发投入的10%给予补助，最高100万元。
对注册成立不超过5年的软件企业，给予最高50万元的房租补贴。
对餐饮企业（不含快餐）新开门店的，每店补助2万元。
二、支持创新
对取得发明专利的企业，给予企业20万元的奖励。
支持新能源产业集聚发展，打造新能源产业基地。（责任单位：市发展改革委）
对引进的博士，给予每人10万元生活补贴。
对小微企业，给予贷款贴息，单个企业最高30万元。
三、附则
同一事项符合多项政策的，按照就高不重复原则执行。
本措施自2025年1月1日起施行，有效期3年。
"""
OLD = """滁州市促进旅游业发展意见
一、奖励
对新评定为国家5A级的旅游景区，一次性给予100万元奖励。
本意见自2019年1月1日起施行，有效期三年。
"""

Match_ = Callable[..., Matching]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Two made-up policies, parsed as any file is; nothing here needs vectors."""
    folder = tmp_path_factory.mktemp("policies")
    library = Library(Settings(data_dir=folder / "data"))
    for name, text in (("合肥市支持产业发展若干措施", CITY), ("滁州市促进旅游业发展意见", OLD)):
        take_in(library, folder / f"{name}.txt", text)
    return library


def take_in(library: Library, path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    plan, document = load_plan(SourceFile(path, str(path), path.name), Limits())
    parsed, _ = parse_plan(plan, document, base_segmenter(), len, max_tokens=192, overlap_tokens=48)
    library.catalog.replace_plan(parsed, search_words(parsed, base_segmenter()))


@pytest.fixture(scope="module")
def match(shelf: Library) -> Match_:
    def of(**told: object) -> Matching:
        return match_measures(profile_from_document(told), shelf, today=TODAY)

    return of


def one(matching: Matching, words: str) -> Match:
    found = [match for match in matching.matches if words in match.measure.text]
    assert len(found) == 1, [match.measure.text for match in found]
    return found[0]


def reason(match: Match, subject: str) -> Reason:
    return next(reason for reason in match.reasons if reason.subject == subject)


MAKER = {"industry": "家电制造", "section": "C", "region": "合肥市"}


@pytest.mark.parametrize(
    ("words", "told", "verdict", "subject"),
    [
        pytest.param("发明专利", {"region": "上海市"}, "不符合", "地区", id="elsewhere"),
        pytest.param(
            "主营业务收入", {"revenue": "1999万元"}, "不符合", "营业收入", id="just below"
        ),
        pytest.param(
            "主营业务收入", {"revenue": "2000万元"}, "符合", "营业收入", id="the bound counts"
        ),
        pytest.param("主营业务收入", {}, "可能符合", "营业收入", id="not told is no failure"),
        pytest.param("研发投入占", {"staff": "301"}, "不符合", "职工人数", id="too many"),
        pytest.param(
            "研发投入占",
            {"research_share": "4.9%"},
            "不符合",
            "研发投入占比",
            id="too little research",
        ),
        pytest.param(
            "高新技术企业",
            {"types": ["非高新技术企业"]},
            "不符合",
            "企业类型",
            id="not of the type",
        ),
        pytest.param("小微企业", {"types": ["小微企业"]}, "符合", "企业类型", id="of the type"),
        pytest.param(
            "小微企业",
            {"types": ["非中小企业"]},
            "不符合",
            "企业类型",
            id="a type rules out another",
        ),
        pytest.param("软件企业", {}, "不符合", "行业", id="another industry"),
        pytest.param("餐饮企业", {}, "不符合", "行业", id="a kitchen is no factory"),
        pytest.param("引进的博士", {}, "不符合", "支持对象", id="for persons"),
    ],
)
def test_one_clause_decides(
    words: str, told: dict[str, object], verdict: str, subject: str, match: Match_
) -> None:
    found = one(match(**(MAKER | told)), words)
    assert found.verdict == verdict
    outcome = {"符合": "met", "可能符合": "unknown", "不符合": "failed"}[verdict]
    assert reason(found, subject).outcome == outcome


@pytest.mark.parametrize(
    ("founded", "verdict"), [(2023, "符合"), (2020, "不符合"), (2021, "可能符合")]
)
def test_the_age_is_known_to_the_year_only(founded: int, verdict: str, match: Match_) -> None:
    """Five years on 30 June 2026: founded in 2021 may be either, so the day is asked for."""
    found = one(match(industry="软件开发", region="合肥市", founded=founded), "软件企业")
    assert found.verdict == verdict
    asked = [reason.subject for reason in found.reasons if reason.outcome == "unknown"]
    assert ("成立年限" in asked) == (founded == 2021)


@pytest.mark.parametrize(
    ("words", "told", "low", "high"),
    [
        ("主营业务收入", {"revenue": "2600万元"}, 100_000, 100_000),
        ("主营业务收入", {"revenue": "5000万元"}, 200_000, 200_000),
        ("发明专利", {}, 200_000, 200_000),
        (
            "研发投入占",
            {"revenue": "2600万元", "research_share": "5%", "staff": 30},
            130_000,
            130_000,
        ),
        ("研发投入占", {"revenue": "3亿元", "research_share": "10"}, 1_000_000, 1_000_000),
        ("研发投入占", {}, 0, 1_000_000),
        ("小微企业", {}, 0, 300_000),
    ],
)
def test_what_is_paid(
    words: str, told: dict[str, object], low: int, high: int, match: Match_
) -> None:
    payment = one(match(**(MAKER | told)), words).payment
    assert payment is not None
    assert (payment.low, payment.high) == (low, high)


def test_the_sum_shows_its_figures(match: Match_) -> None:
    found = one(match(**MAKER, revenue="2600万元", research_share="5%", staff=30), "研发投入占")
    assert found.payment is not None
    assert found.payment.formula == "2600万元 × 5% × 10% = 13万元，最高100万元"
    assert reason(found, "职工人数").given == "30人"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("主营业务收入", {}, id="the revenue is not told"),
        pytest.param("主营业务收入", {"revenue": "100万元"}, id="no grade is reached"),
        pytest.param("餐饮企业", {}, id="for each of how many"),
    ],
)
def test_no_sum_where_rule_and_profile_settle_none(
    words: str, told: dict[str, object], match: Match_
) -> None:
    assert one(match(**(MAKER | told)), words).payment is None


def test_a_direction_is_never_promised(match: Match_) -> None:
    found = one(match(industry="光伏组件", region="合肥市"), "新能源产业集聚")
    assert found.needs_rules
    assert found.verdict == "可能符合"
    assert found.measure.department == "市发展改革委"


def test_a_direction_is_not_for_other_industries(match: Match_) -> None:
    assert one(match(industry="餐饮", region="合肥市"), "新能源产业集聚").verdict == "不符合"


def test_what_has_run_out_is_shown_as_such(match: Match_) -> None:
    found = one(match(industry="旅游景区经营", region="滁州市"), "5A级")
    assert (found.validity, found.verdict) == ("已过期", "可能符合")


def test_what_still_holds_is_in_force(match: Match_) -> None:
    assert one(match(**MAKER), "发明专利").validity == "现行"


def test_clauses_on_cumulation_are_quoted(match: Match_, shelf: Library) -> None:
    found = one(match(**MAKER), "发明专利")
    plan = shelf.catalog.plan(found.measure.plan_id)
    assert [note.of(plan.text) for note in found.notes] == [
        "同一事项符合多项政策的，按照就高不重复原则执行"
    ]


def test_the_question_that_settles_most_comes_first(match: Match_) -> None:
    questions = match(industry="家电制造", section="C").questions
    assert questions[0].key == "region"
    assert len({question.key for question in questions}) == len(questions)


def test_an_answer_settles_its_question(match: Match_) -> None:
    asked = one(match(**MAKER), "发明专利")
    (open_,) = [reason for reason in asked.reasons if reason.outcome == "unknown"]
    assert open_.key is not None
    for answer, verdict in ((True, "符合"), (False, "不符合")):
        found = one(match(**MAKER, answers={open_.key: answer}), "发明专利")
        assert found.verdict == verdict


def test_only_what_is_needed_is_listed(match: Match_) -> None:
    texts = [found.measure.text for found in match(**MAKER, needs=["融资"]).matches]
    assert any("贷款贴息" in text for text in texts)
    assert not any("发明专利" in text for text in texts)


def test_a_county_lies_in_its_city_and_a_city_may_be_the_county(tmp_path: Path) -> None:
    library = Library(Settings(data_dir=tmp_path / "data"))
    text = "柳河县若干措施\n一、奖励\n对取得发明专利的企业，给予企业20万元的奖励。\n"
    take_in(library, tmp_path / "柳河县若干措施.txt", text)
    verdicts = {
        region: one(match_measures(Profile(region=region), library), "发明专利").verdict
        for region in ("吉林省通化市柳河县", "柳河", "通化市", "长春市", "浙江省")
    }
    assert verdicts == {
        "吉林省通化市柳河县": "可能符合",
        "柳河": "可能符合",
        "通化市": "可能符合",
        "长春市": "不符合",
        "浙江省": "不符合",
    }


def test_a_card_states_its_conditions_beside_their_label(tmp_path: Path) -> None:
    """As a layout sets it: the label stands within the lines that it names."""
    card = """{title}
依据文件

《{title}办法》

工具分类

资金支持

服务对象

北京市{who}企业

服务内容

给予不超过{sum}万元的资金支持。
1．企业年营业收入在2亿元（含）以下。
2．具有独立法人

条件要求

资格，职工总数不超过{staff}人。

时间/频度

从2023年1月起

联络方式

北京市经济和信息化局：55520971

"""
    first = card.format(title="1.北京市软件发展支持", who="软件", sum=30, staff=100)
    second = card.format(title="2.北京市机器人发展支持", who="机器人", sum=50, staff=500)
    library = Library(Settings(data_dir=tmp_path / "data"))
    take_in(library, tmp_path / "北京市政策导引.txt", f"北京市政策导引\n\n{first}{second}")

    def verdict(industry: str, staff: int, words: str) -> str:
        profile = Profile(industry=industry, region="北京市", staff=staff, revenue=Decimal(900))
        return one(match_measures(profile, library), words).verdict

    assert verdict("软件开发", 100, "30万元") == "可能符合"
    assert verdict("软件开发", 101, "30万元") == "不符合"
    assert verdict("软件开发", 100, "50万元") == "不符合"
    assert verdict("机器人制造", 101, "50万元") == "可能符合"


@pytest.mark.parametrize(
    ("words", "held"),
    [
        pytest.param("30万元", ["员工不超过50人"], id="the first part's own item"),
        pytest.param("60万元", ["员工不超过80人"], id="the second part's own item"),
        pytest.param("90万元", ["员工不超过50人", "员工不超过80人"], id="no item is headed so"),
    ],
)
def test_an_item_headed_as_a_part_holds_for_that_part(
    words: str, held: list[str], tmp_path: Path
) -> None:
    library = Library(Settings(data_dir=tmp_path / "data"))
    text = """合肥市若干措施
一、支持措施
（一）支持企业建设研发中心
对建设研发中心的企业，给予企业30万元的奖励。
（二）支持企业开展技术改造
对开展技术改造的企业，给予企业60万元的奖励。
（三）支持企业开拓市场
对参加展会的企业，给予企业90万元的奖励。
二、申报条件
1.支持企业建设研发中心：员工不超过50人。
2.支持企业开展技术改造：员工不超过80人。
"""
    take_in(library, tmp_path / "合肥市若干措施.txt", text)
    found = one(match_measures(Profile(region="合肥市"), library), words)
    staff = [reason.quote for reason in found.reasons if reason.subject == "职工人数"]
    assert staff == held


def test_of_conditions_of_which_one_must_be_met_none_is_failed_alone(tmp_path: Path) -> None:
    library = Library(Settings(data_dir=tmp_path / "data"))
    text = """合肥市若干措施
一、支持措施
对参加展会的企业，给予企业90万元的奖励。
二、申报条件
1.具有独立法人资格。
2.满足以下条件之一：
（1）员工不超过50人；
（2）营业收入不超过100万元。
"""
    take_in(library, tmp_path / "合肥市若干措施.txt", text)
    profile = Profile(region="合肥市", staff=51, revenue=Decimal(101))
    found = one(match_measures(profile, library), "90万元")
    assert found.verdict == "可能符合"
    assert any("条件之一" in reason.quote for reason in found.reasons)


def test_cases_in_which_nothing_is_given_are_asked_the_other_way_round(tmp_path: Path) -> None:
    library = Library(Settings(data_dir=tmp_path / "data"))
    text = """合肥市若干措施
一、支持措施
对参加展会的企业，给予企业90万元的奖励。
二、申报条件
有下列情形的不予支持：
1.纳入联合惩戒黑名单的；
2.产品不符合安全标准的。
"""
    take_in(library, tmp_path / "合肥市若干措施.txt", text)

    def outcome(answer: bool) -> str:
        profile = Profile(region="合肥市", answers={"失信记录": answer})
        reasons = one(match_measures(profile, library), "90万元").reasons
        return next(reason.outcome for reason in reasons if "黑名单" in reason.quote)

    assert (outcome(True), outcome(False)) == ("failed", "met")


def test_of_two_versions_the_old_one_is_said_to_be_old(tmp_path: Path) -> None:
    library = Library(Settings(data_dir=tmp_path / "data"))
    text = "合肥市若干措施\n一、奖励\n对取得发明专利的企业，给予企业{}万元的奖励。\n"
    for year, amount in ((2021, 20), (2024, 50)):
        take_in(library, tmp_path / f"合肥市若干措施{year}.txt", text.format(amount))
    entries = {entry.source[-8:-4]: entry.id for entry in library.catalog.entries()}
    library.catalog.mark_superseded({entries["2021"]: entries["2024"]})
    matching = match_measures(Profile(region="合肥市"), library, today=TODAY)
    assert {
        match.measure.amount: (match.validity, match.verdict) for match in matching.matches
    } == {"20万元": ("已有新版", "可能符合"), "50万元": ("现行", "可能符合")}


figures = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from(
            ["家电制造", "软件开发", "餐饮", "光伏", "旅游景区", "钢琴调律"]
        ),
        "region": st.sampled_from(["合肥市", "滁州市", "安徽省", "北京市"]),
        "revenue": st.integers(0, 40_000),
        "research_share": st.integers(0, 100),
        "staff": st.integers(0, 2_000),
        "founded": st.integers(1990, 2026),
        "types": st.dictionaries(
            st.sampled_from(["高新技术企业", "小微企业", "规上企业"]), st.booleans()
        ),
    },
)
RANK = {"不符合": 0, "可能符合": 1, "符合": 2}


@given(told=figures)
@settings(max_examples=40, deadline=None)
def test_every_quote_stands_in_the_text(
    told: dict[str, object], match: Match_, shelf: Library
) -> None:
    texts = {entry.id: shelf.catalog.plan(entry.id).text for entry in shelf.catalog.entries()}
    for found in match(**told).matches:
        text = texts[found.measure.plan_id]
        assert all(reason.quote == reason.span.of(text) for reason in found.reasons)


@given(told=figures, name=st.sampled_from(["industry", "region", "revenue", "staff", "founded"]))
@settings(max_examples=60, deadline=None)
def test_leaving_a_field_open_fails_nothing(
    told: dict[str, object], name: str, match: Match_
) -> None:
    """What is unknown is never failed: without the field, no measure does worse than with it."""
    fields = {field: value for field, value in told.items() if field != name}
    with_field = {one_.measure: one_.verdict for one_ in match(**told).matches}
    for found in match(**fields).matches:
        failed = {one_.subject for one_ in found.reasons if one_.outcome == "failed"}
        if found.verdict == "不符合" and failed:
            # Of what holds elsewhere the directions are not even listed.
            assert with_field.get(found.measure, "不符合") == "不符合"


@given(told=figures, answer=st.booleans())
@settings(max_examples=40, deadline=None)
def test_an_answer_turns_no_other_measure(
    told: dict[str, object], answer: bool, match: Match_
) -> None:
    before = match(**told)
    for question in before.questions[:3]:
        if question.subject != "条件" or question.key is None:
            continue
        after = match(**told, answers={question.key: answer})
        verdicts = {found.measure: found.verdict for found in after.matches}
        for found in before.matches:
            if question.key not in {one_.key for one_ in found.reasons}:
                assert verdicts[found.measure] == found.verdict


@given(told=figures, less=st.integers(0, 40_000), more=st.integers(0, 40_000))
@settings(max_examples=60, deadline=None)
def test_more_revenue_loses_no_reward_for_revenue(
    told: dict[str, object], less: int, more: int, match: Match_
) -> None:
    low, high = sorted((less, more))
    poorer = one(match(**(told | {"revenue": low})), "主营业务收入")
    richer = one(match(**(told | {"revenue": high})), "主营业务收入")
    assert RANK[richer.verdict] >= RANK[poorer.verdict]


def test_of_nothing_nothing_is_failed_but_what_is_for_others(match: Match_) -> None:
    for found in match().matches:
        failed = [one_.subject for one_ in found.reasons if one_.outcome == "failed"]
        assert set(failed) <= {"支持对象"}


def test_the_bundled_plan_supports_contract_research(library: Library) -> None:
    """支持一批……综合性医药合同研发和生产服务平台建设: a direction, for those of 瓯海 only."""
    words = "综合性医药合同研发和生产服务平台建设"
    here = match_measures(Profile(industry="CRO", region="温州市瓯海区"), library)
    found = one(here, words)
    assert (found.verdict, found.needs_rules) == ("可能符合", True)
    elsewhere = match_measures(Profile(industry="CRO", region="杭州市"), library)
    assert not any(
        words in found.measure.text and found.verdict != "不符合" for found in elsewhere.matches
    )
    cook = match_measures(Profile(industry="餐饮", region="瓯海区"), library)
    assert one(cook, words).verdict == "不符合"


@pytest.mark.parametrize(
    ("document", "profile"),
    [
        ({"revenue": "2600万元"}, Profile(revenue=Decimal(2600))),
        ({"revenue": "1.2亿"}, Profile(revenue=Decimal(12000))),
        ({"revenue": "500000元"}, Profile(revenue=Decimal(50))),
        ({"revenue": 2600}, Profile(revenue=Decimal(2600))),
        ({"staff": "30人", "founded": "2019年"}, Profile(staff=30, founded=2019)),
        ({"research_share": "5%"}, Profile(research_share=Decimal(5))),
        (
            {"types": ["高企", "不是专精特新"]},
            Profile(types={"高新技术企业": True, "专精特新企业": False}),
        ),
    ],
)
def test_a_profile_is_read_as_people_write_it(
    document: dict[str, object], profile: Profile
) -> None:
    assert profile_from_document(document) == profile


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"revenue": "很多"}, "营业收入"),
        ({"staff": -1}, "职工人数"),
        ({"section": "Z"}, "国民经济行业分类"),
        ({"needs": ["钱"]}, "需求"),
        ({"founded": 3000}, "成立年份"),
        ({"industry": "厂" * 201}, "行业"),
        ({"password": "x"}, "password"),
    ],
)
def test_a_bad_profile_is_refused_by_the_name_of_its_field(
    document: dict[str, object], told: str
) -> None:
    with pytest.raises(ProfileError, match=told):
        profile_from_document(document)


@given(told=figures)
@settings(max_examples=40, deadline=None)
def test_a_profile_survives_its_document(told: dict[str, object]) -> None:
    profile = profile_from_document(told)
    assert profile_from_document(json.loads(json.dumps(profile_document(profile)))) == profile


def test_the_document_holds_what_the_matching_does(match: Match_, shelf: Library) -> None:
    matching = match(**MAKER, revenue="2600万元")
    document = json.loads(json.dumps(matching_document(matching, shelf)))
    assert len(document["matches"]) == len(matching.matches)
    (graded,) = [one_ for one_ in document["matches"] if "主营业务收入" in one_["measure"]["text"]]
    assert graded["payment"]["high"] == "100000"
    assert {one_["outcome"] for one_ in graded["reasons"]} == {"met"}
    assert document["questions"][0]["question"].endswith("？")


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["plan-assistant", "match", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out, shown.err


def test_the_command_says_why_and_what_it_pays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shelf: Library
) -> None:
    monkeypatch.setenv("PLAN_DATA_DIR", str(shelf.settings.data_dir))
    code, out, _ = run(
        capsys, monkeypatch, "--industry", "家电制造", "--section", "C", "--region", "合肥市",
        "--revenue", "2600万元", "--type", "高新技术企业",
    )  # fmt: skip
    assert code == 0
    assert "您填写：2600万元 → 符合" in out
    assert "金额：2600万元，适用10万元一档" in out
    assert "《合肥市支持产业发展若干措施》一、支持企业做大" in out
    assert "注意：同一事项符合多项政策的，按照就高不重复原则执行" in out
    assert "还想了解：" in out


def test_the_command_reads_a_file_and_prints_one_document(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    shelf: Library,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PLAN_DATA_DIR", str(shelf.settings.data_dir))
    path = tmp_path / "企业.json"
    path.write_text(json.dumps(MAKER | {"revenue": "2600万元"}), encoding="utf-8")
    code, out, _ = run(capsys, monkeypatch, "--profile", str(path), "--json")
    assert code == 0
    document = json.loads(out)
    assert document["profile"]["revenue"] == "2600"
    assert {one_["verdict"] for one_ in document["matches"]} <= {"符合", "可能符合"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "请说明企业情况"),
        (("--revenue", "很多"), "营业收入"),
        (("--profile", "没有这个文件.json"), "没有这个文件.json"),
        (("--answer", "失信记录"), "看不懂回答"),
        (("--profile", "x.json", "--staff", "3"), "只能选一种"),
    ],
)
def test_wrong_usage_is_one_line(
    arguments: tuple[str, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, out, err = run(capsys, monkeypatch, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err


@pytest.mark.skipif(not SHARED.exists(), reason="needs the documents in ../shared")
def test_a_real_policy_pays_by_its_own_words(tmp_path: Path) -> None:
    path = SHARED / "plans" / "惠企政策" / "柳河县_加快重点产业实施意见.txt"
    library = Library(Settings(data_dir=tmp_path / "data"))
    take_in(library, tmp_path / path.name, path.read_text(encoding="utf-8"))
    profile = Profile(industry="中成药制造", section="C", region="柳河县", revenue=Decimal(8000))
    found = one(match_measures(profile, library), "销售收入超过2000万元的企业")
    assert found.payment is not None
    assert (found.verdict, found.payment.high) == ("可能符合", 200_000)
    poorer = Profile(industry="中成药制造", region="柳河县", revenue=Decimal(2000))
    assert one(match_measures(poorer, library), "销售收入超过2000万元的企业").verdict == "不符合"
