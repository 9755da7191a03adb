"""The suite of policy matching: its labels are sound, and it tells right from wrong."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.matching.model import Profile
from eval.cli import app
from eval.matching.profiles import PARTS, Label, LabelledProfile, load_profiles
from eval.matching.run import faults, judge_profiles, missing, score, take_in

DOCUMENTS = Path(__file__).parents[2] / "shared" / "plans"
POLICY = """瓯海区关于支持科技企业发展的若干措施

一、研发奖励
对年主营业务收入2000万元以上的企业，给予一次性奖励20万元。
二、场地支持
对从事餐饮业的企业，给予每年最高10万元房租补贴。
"""
REWARD = "对年主营业务收入2000万元以上的企业，给予一次性奖励20万元"
RENT = "给予每年最高10万元房租补贴"


def label(quote: str, **more: Decimal) -> Label:
    return Label(document="措施.txt", quote=quote, **more)


def labelled(
    revenue: int, applies: tuple[Label, ...], excluded: tuple[Label, ...]
) -> LabelledProfile:
    profile = Profile(industry="工业软件", region="瓯海区", revenue=Decimal(revenue))
    given = {"id": "a", "note": "", "profile": profile, "applies": applies, "not": excluded}
    return LabelledProfile.model_validate(given)


def test_the_profiles_are_there_and_no_measure_is_both() -> None:
    profiles = {part: load_profiles(part) for part in PARTS}
    everyone = [one for part in PARTS for one in profiles[part]]
    assert len(everyone) == 96 and len({one.id for one in everyone}) == 96
    assert [len(profiles[part]) for part in PARTS] == [43, 43, 10]
    for one in everyone:
        both = Counter((each.document, each.quote) for each in (*one.applies, *one.excluded))
        assert max(both.values()) == 1, one.id
    assert sum(each.high is not None for one in everyone for each in one.applies) >= 100


def test_every_quote_stands_in_its_document(tmp_path: Path) -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip("the labelled documents are not there: shared/plans")
    read: dict[str, str] = {}
    for one in (one for part in PARTS for one in load_profiles(part)):
        for each in (*one.applies, *one.excluded):
            if each.document not in read:
                text = (DOCUMENTS / each.document).read_text(encoding="utf-8")
                read[each.document] = "".join(text.split())
            assert "".join(each.quote.split()) in read[each.document], each.quote


def test_what_is_found_offered_and_paid_is_counted(tmp_path: Path) -> None:
    (tmp_path / "措施.txt").write_text(POLICY, encoding="utf-8")
    right = labelled(
        2600, (label(REWARD, low=Decimal(200000), high=Decimal(200000)),), (label(RENT),)
    )
    # The labels are wrong on purpose: the matcher is right.
    wrong_sum = labelled(2600, (label(REWARD, high=Decimal(77)),), ())
    wrongly_barred = labelled(2600, (), (label(REWARD),))
    wrongly_due = labelled(1999, (label(REWARD), label(RENT)), ())
    everyone = [right, wrong_sum, wrongly_barred, wrongly_due]
    shelf = take_in(everyone, tmp_path, tmp_path / "data")
    verdicts = list(judge_profiles(everyone, shelf))
    figures = score(verdicts)
    assert (figures.found.count, figures.found.total) == (2, 4)
    assert (figures.wrongly_offered.count, figures.wrongly_offered.total) == (1, 3)
    assert (figures.amounts_exact.count, figures.amounts_exact.total) == (1, 2)
    assert figures.reasons_literal.value == 1 and figures.reasons_literal.total > 0
    told = [fault["wrong"] for fault in faults(verdicts)]
    assert told == ["金额", "误列", "没有找到", "没有找到"]


def test_what_is_not_there_is_named_and_left_out(tmp_path: Path) -> None:
    here = labelled(2600, (label(REWARD),), ())
    shelf = take_in([here], tmp_path, tmp_path / "data")
    assert missing([here], shelf) == ["措施.txt"]
    (verdict,) = judge_profiles([here], shelf)
    assert verdict.labels == ()


def test_the_command_says_which_documents_are_missing(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["--suite", "matching", "--documents", str(tmp_path), "--json"]
    )
    assert result.exit_code == 0
    assert "没有" in result.stderr and "柳河县" in result.stderr
    assert '"held_out"' in result.stdout
