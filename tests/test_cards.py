"""Cards of a collection of policies: whom each is for and on what condition, as layouts set it."""

from decimal import Decimal
from pathlib import Path

import pytest

from assistant.matching.match import match_measures
from assistant.matching.model import Match, Profile
from corpus.criteria_cards import read_cards
from corpus.model import Span
from tests.taken_in import library_of

WHO = "在本市注册并从事机器人整机制造的企业，以及从事机器人核心零部件生产和集成的企业"
HEAD = "1.合肥市专项扶持\n依据文件\n\n《办法》\n\n发布日期\n\n2023-08-30\n"
REST = """
1．对新建生产线的，给予不超过30万元的资金支持。
服务内容

2．对购置设备的，给予不超过20万元的资金支持。
3．对参加展会的，给予不超过10万元的资金支持。
企业职工总数不超过300人。

条件要求

企业注册满一年。
企业有固定的经营场所。
提交资料→专家评审→
服务流程

公示结果。
时间/频度

每年8月
"""


def card(who: str, rest: str = REST) -> str:
    return f"{HEAD}{who}\n{rest}"


def words(text: str, spans: tuple[Span, ...]) -> str:
    return "".join("".join(span.of(text).split()) for span in spans)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(f"\n工具分类\n\n资金支持\n\n服务对象\n\n{WHO}\n", id="below its label"),
        pytest.param(
            f"{WHO[:18]}\n\n工具分类\n\n资金支持\n\n服务对象\n\n{WHO[18:]}\n",
            id="around both labels and the cell beside it",
        ),
        pytest.param(
            f"{WHO[:18]}\n\n工具分类\n\n资金支持 服务对象 {WHO[18:]}",
            id="behind a cell, on one line",
        ),
        pytest.param(
            f"{WHO[:18]}\n\n工具分类\n\n资金支持 服务对象\n\n{WHO[18:]}\n",
            id="behind a cell, alone",
        ),
        pytest.param(
            f"{WHO[:18]}\n\n工具分类\n\n资金\n\n服务\n\n支持\n\n对象\n\n{WHO[18:]}\n",
            id="the label on two lines, as the cell beside it",
        ),
        pytest.param(
            f"服务\n\n工具分类\n\n资金支持\n\n{WHO[:18]}\n\n对象\n\n{WHO[18:]}\n",
            id="between the two lines of its label",
        ),
        pytest.param(
            f"项目支\n\n工具分类\n\n持、资金\n\n服务对象\n\n支持\n\n{WHO[:18]}\n{WHO[18:]}\n",
            id="the cell beside it on three lines",
        ),
        pytest.param(
            f"\n工具分类\n\n资质认定\n\n服务内容\n\n服务对象\n\n{WHO}\n",
            id="the label below comes first",
        ),
    ],
)
def test_whom_a_card_is_for_is_read_from_any_layout(row: str) -> None:
    text = card(row)
    ((_, scope),) = read_cards(text)
    assert words(text, scope.who) == WHO


def test_where_a_card_names_nobody_nothing_is_made_up() -> None:
    ((_, scope),) = read_cards(card(""))
    assert scope.who == ()


FIRST = "企业职工总数不超过300人，并有固定的经营场所。"
SECOND = "企业注册满一年。"
FLOW = "提交资料→专家评审→\n服务流程\n\n公示结果→\n签约。\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            f"申报企业应符合以下条件：\n1．{FIRST[:14]}\n\n条件要求\n\n{FIRST[14:]}\n2．{SECOND}\n{FLOW}",
            f"申报企业应符合以下条件：1．{FIRST}2．{SECOND}",
            id="the label amid a sentence",
        ),
        pytest.param(
            f"{FIRST}\n\n条件要求\n\n{SECOND}\n{SECOND}\n1．申报\n企业提交\n服务流程\n资料。\n2．评审\n",
            f"{FIRST}{SECOND}{SECOND}",
            id="the course of an application is numbered, the conditions are not",
        ),
        pytest.param(
            f"1．{FIRST}\n\n条件要求\n\n2．{SECOND}\n31\n\n（2）{SECOND}\n{FLOW}",
            f"1．{FIRST}2．{SECOND}31（2）{SECOND}",
            id="over the page",
        ),
    ],
)
def test_the_conditions_are_the_lines_that_their_label_stands_amid(
    rows: str, expected: str
) -> None:
    services = "对新建生产线的，给予不超过30\n服务内容\n\n万元的资金支持。\n每年一次。\n"
    text = card(
        "\n工具分类\n\n资金支持\n\n服务对象\n\n机器人企业\n",
        f"{services}{rows}时间/频度\n\n每年8月\n",
    )
    ((_, scope),) = read_cards(text)
    assert words(text, scope.conditions).replace("条件要求", "") == expected


def test_labels_that_stand_before_their_text_are_read_so() -> None:
    text = f"""1.合肥市机器人扶持
依据文件
《办法》。
服务对象
机器人企业。
服务内容
给予不超过30万元的资金支持。
条件要求
1．{FIRST}
2．{SECOND}
服务流程
提交资料。
"""
    ((_, scope),) = read_cards(text)
    assert words(text, scope.who) == "机器人企业。"
    assert words(text, scope.conditions) == f"1．{FIRST}2．{SECOND}"


def offered(tmp_path: Path, text: str, profile: Profile) -> list[str]:
    tmp_path.mkdir(exist_ok=True)
    library = library_of(tmp_path, {"合肥市政策导引": text})
    matches: list[Match] = list(match_measures(profile, library).matches)
    return ["".join(one.measure.text.split()) for one in matches if one.verdict != "不符合"]


MACHINES = card(
    f"{WHO[:18]}\n\n工具分类\n\n资金\n\n服务\n\n支持\n\n对象\n\n{WHO[18:]}\n",
)
LISTED = card(
    "\n工具分类\n\n资金支持\n\n服务对象\n\n合肥市行政区域内的企业、高等学校、科研院所\n",
    """
经认定的新产品，可享受政府采购支持。
服务内容

给予不超过30万元的资金支持。
企业注册满一年，
条件要求
有固定场所。
时间/频度

每年8月
""",
)


def test_what_a_card_gives_is_for_those_whom_it_names(tmp_path: Path) -> None:
    other = Profile(industry="餐饮", region="合肥市", staff=20)
    assert offered(tmp_path / "other", MACHINES, other) == []
    maker = Profile(industry="机器人制造", region="合肥市", staff=20)
    found = offered(tmp_path / "maker", MACHINES, maker)
    assert sorted(one.partition("超过")[2][:2] for one in found) == ["10", "20", "30"]
    assert offered(tmp_path / "big", MACHINES, Profile(industry="机器人制造", staff=301)) == []


def test_a_list_with_enterprises_of_any_kind_is_for_any(tmp_path: Path) -> None:
    """高等学校 beside 企业 does not ask for an enterprise in education."""
    found = offered(tmp_path, LISTED, Profile(industry="餐饮", region="合肥市"))
    assert found == ["给予不超过30万元的资金支持。", "经认定的新产品，可享受政府采购支持。"]


PARTS = card(
    "\n工具分类\n\n资金支持\n\n服务对象\n\n合肥市行政区域内的企业\n",
    """
1．支持初创企业建设研发中心
（1）给予不超过30万元的资金支持。
2．支持标准化服务机构提供专业服务
（1）给予不超过20万元的资金支持。
服务内容

（2）给予不超过25万元的资金支持。
3．支持规模以上企业开展技术改造
（1）给予不超过10万元的资金支持。
每家企业每年只能申请一次，不得重复申请。
1．支持初创企业建设研发中心。
（1）企业职工总数不超过50人。
2．支持标准化服务机构提供专业服务。

条件要求

（1）企业职工总数不超过60人。
3．支持规模以上企业开展技术改造。
（1）企业职工总数不低于100人。
（2）企业注册满一年。
提交资料→专家评审→
服务流程
公示结果→签约。
时间/频度

每年8月
""",
)


@pytest.mark.parametrize(
    ("profile", "sums"),
    [
        pytest.param(Profile(industry="餐饮", staff=50), ["30"], id="the first part's conditions"),
        pytest.param(Profile(industry="餐饮", staff=100), ["10"], id="the third part's"),
        pytest.param(
            Profile(industry="标准化服务", staff=60),
            ["20", "25"],
            id="the second part's head names whom it is for",
        ),
    ],
)
def test_a_numbered_part_has_its_own_conditions(
    profile: Profile, sums: list[str], tmp_path: Path
) -> None:
    found = offered(tmp_path, PARTS, profile)
    assert sorted(one.partition("超过")[2][:2] for one in found) == sums


KINDS = """合肥市若干措施
一、支持措施
对认定的试点企业，给予企业90万元的奖励。
二、申报条件
申报领跑型试点企业，应符合以下条件：
（1）营业收入不低于10000万元；
（2）注册满一年。
申报成长型试点企业，应符合以下条件：
（1）营业收入不超过5000万元；
（2）注册满一年。其中，“注册”指取得营业执照；从业人员在10人以下。
"""


@pytest.mark.parametrize(
    ("revenue", "is_offered"),
    [(10000, True), (9999, False), (5001, False), (5000, True)],
    ids=["a leader", "almost a leader", "too big to be growing", "growing"],
)
def test_one_must_be_of_one_of_the_kinds_that_may_apply(
    revenue: int, is_offered: bool, tmp_path: Path
) -> None:
    """What the word in quotes means is no condition: 11 persons are not too many."""
    profile = Profile(industry="餐饮", revenue=Decimal(revenue), staff=11, founded=2010)
    assert bool(offered(tmp_path, KINDS, profile)) is is_offered


BUREAU = "高等学校、科研机构等创新主体。符合条件的注册在其他区域的主体参照执行"
MEANING = "其中，金融服务机构是指经批准设立的总部或企业分支机构"


@pytest.mark.parametrize(
    ("who", "profile", "is_offered"),
    [
        (f"高新技术企业、科技型中小企业，以及{BUREAU}", {"types": {"高新技术企业": True}}, True),
        (f"高新技术企业、科技型中小企业，以及{BUREAU}", {"types": {}}, True),
        (
            f"高新技术企业、科技型中小企业，以及{BUREAU}",
            {"types": {"高新技术企业": False, "中小企业": False}},
            False,
        ),
        (f"高新技术企业及金融服务机构。{MEANING}", {"types": {"高新技术企业": False}}, False),
        (
            f"高新技术企业及金融服务机构。{MEANING}",
            {"industry": "商业银行", "types": {"高新技术企业": False}},
            True,
        ),
        (f"高新技术企业和其他企业，以及{BUREAU}", {"types": {"高新技术企业": False}}, True),
        (
            "软件企业，租用算力资源（不包括安全服务），在旅游等领域应用",
            {"industry": "旅行社"},
            False,
        ),
        ("优秀剧目、影视作品等文艺项目", {"industry": "餐饮"}, False),
        ("优秀剧目、影视作品等文艺项目", {"industry": "影视制作"}, True),
    ],
    ids=[
        "one of the types",
        "not told which",
        "neither type",
        "neither type nor industry",
        "the industry alone",
        "others as well",
        "a field of use",
        "works of another industry",
        "works of this one",
    ],
)
def test_those_listed_are_told_by_type_or_industry(
    who: str, profile: dict[str, object], is_offered: bool, tmp_path: Path
) -> None:
    text = card(f"\n工具分类\n\n资金支持\n\n服务对象\n\n{who}\n")
    given = Profile(**{"industry": "餐饮", "staff": 20, **profile})  # type: ignore[arg-type]
    assert bool(offered(tmp_path, text, given)) is is_offered


def test_an_industry_that_a_direction_mentions_is_not_whom_the_card_is_for(tmp_path: Path) -> None:
    text = card(
        "\n工具分类\n\n资金支持\n\n服务对象\n\n合肥市旅游企业\n",
        REST.replace(
            "对参加展会的，给予不超过10万元的资金支持。", "支持鼓励旅游与农业、体育融合发展。"
        ),
    )
    assert offered(tmp_path, text, Profile(industry="粮食种植", staff=20)) == []
    found = offered(tmp_path, text, Profile(industry="旅行社", staff=20))
    assert "支持鼓励旅游与农业、体育融合发展。" in found
