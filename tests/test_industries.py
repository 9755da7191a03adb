"""Which industry the words of a measure demand, and what an enterprise's own words leave open."""

from pathlib import Path

import pytest

from assistant.matching.match import match_measures
from assistant.matching.model import Outcome, Profile
from corpus.vocabulary import industries
from tests.policies import taken_in


def industry_of(folder: Path, clause: str, industry: str, heading: str = "奖励") -> Outcome | None:
    """Return how the industry fits, None where the clause demands none."""
    text = f"合肥市若干措施\n一、{heading}\n{clause}\n"
    with taken_in({"合肥市若干措施": text}, folder) as library:
        (found,) = match_measures(Profile(industry=industry, region="合肥市"), library).matches
    return next((one.outcome for one in found.reasons if one.subject == "行业"), None)


@pytest.mark.parametrize(
    ("named", "industry", "outcome"),
    [
        pytest.param("演艺企业", "话剧演出", "met", id="the same"),
        pytest.param("演艺企业", "电影放映", "failed", id="another of the same wider one"),
        pytest.param("演艺企业", "文化产业", "unknown", id="only the wider one is told"),
        pytest.param("文化企业", "电影放映", "met", id="the wider one is demanded"),
        pytest.param("氢能企业", "钠离子储能电池", "failed", id="hydrogen is no battery"),
        pytest.param("氢能企业", "燃料电池", "met", id="a fuel cell"),
        pytest.param("储能企业", "新能源", "unknown", id="new energy may be storage"),
        pytest.param("新能源企业", "光伏组件", "met", id="solar is new energy"),
        pytest.param("书店企业", "超市", "unknown", id="a shop that may sell books"),
        pytest.param("融资租赁企业", "医疗器械制造", "failed", id="an enterprise for a company"),
        pytest.param("融资租赁公司", "融资租赁", "met", id="a trade without its ending"),
        pytest.param("物流公司", "快递", "met", id="a company for an enterprise"),
    ],
)
def test_the_narrowest_industry_that_is_named_decides(
    named: str, industry: str, outcome: Outcome, tmp_path: Path
) -> None:
    assert industry_of(tmp_path, f"对{named}给予10万元奖励。", industry) == outcome


@pytest.mark.parametrize(
    ("heading", "outcome"),
    [
        pytest.param("发挥融资担保机构作用支持小微企业", None, id="through whom"),
        pytest.param("支持融资担保机构做大做强", "failed", id="for whom"),
    ],
)
def test_whom_a_heading_acts_through_is_not_whom_it_is_for(
    heading: str, outcome: Outcome | None, tmp_path: Path
) -> None:
    clause = "对新招用职工的小微企业，给予1万元奖励。"
    assert industry_of(tmp_path, clause, "餐饮", heading) == outcome


def test_no_word_stands_in_the_row_of_a_wider_industry_too() -> None:
    vocabulary = industries()
    for word, names in vocabulary.names.items():
        wider = {one for name in names for one in vocabulary.closure([name]) - {name}}
        assert not wider & set(names), word
