"""How fast an enterprise is held against 5,000 measures: made-up policies, worded as real ones."""

import dataclasses
import statistics
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from assistant.library import Library
from assistant.matching.match import match_measures
from assistant.matching.model import Profile
from assistant.settings import Settings
from corpus.model import ParsedPlan
from corpus.prepare import search_words
from corpus.segment import base_segmenter
from eval.corpus.run import read_plan

_MEASURES = 5000
_RUNS = 9
_TODAY = date(2026, 1, 1)
_POLICY = """支持产业高质量发展若干措施
一、支持企业做大做强
对年主营业务收入2000万元（含）以上的工业企业，一次性奖励10万元，5000万元以上的奖励20万元。
对首次认定的高新技术企业，给予一次性奖励30万元。（责任单位：市科技局）
对职工300人以下且研发投入占营业收入比例不低于5%的制造业企业，按研发投入的10%给予补助，最高100万元。
对注册成立不超过5年的软件企业，给予最高50万元的房租补贴。
对新评定为国家3A、4A、5A级的旅游景区，一次性分别给予10万元、50万元、100万元奖励。
对符合条件的专精特新中小企业，按照实际保费的60%给予补贴，每家企业年度补贴金额不超过50万元。
对餐饮企业（不含快餐）新开门店的，每店补助2万元。
支持新能源、新材料、人工智能等企业开展研发和技术交流，进一步促进产业链优势互补。
对取得发明专利的企业，给予企业20万元的奖励。
对小微企业，给予贷款贴息，单个企业最高30万元。
二、申报条件
申报企业应具有独立法人资格，近三年无失信记录，财务管理制度健全。
"""
_PROFILE = Profile(
    industry="智能装备制造",
    section="C",
    types={"高新技术企业": True},
    region="合肥市",
    founded=2018,
    revenue=Decimal(2600),
    staff=120,
)


@dataclasses.dataclass(frozen=True, slots=True)
class MatchingSpeed:
    """Seconds: reading all rules for the first time, and the median of matching after that."""

    measures: int
    first: float
    median: float


def measure_matching(folder: Path) -> MatchingSpeed:
    """Take in as many policies as it needs, and match."""
    library = Library(Settings(data_dir=folder))
    path = folder / "policy.txt"
    path.write_text(_POLICY, encoding="utf-8")
    parsed = read_plan(path)
    copies = -(-_MEASURES // len(parsed.measures))
    for number in range(copies):
        copy = _copy(parsed, number)
        library.catalog.replace_plan(copy, search_words(copy, base_segmenter()))
    seconds: list[float] = []
    for _ in range(_RUNS + 1):
        started = time.perf_counter()
        match_measures(_PROFILE, library, today=_TODAY)
        seconds.append(time.perf_counter() - started)
    library.catalog.close()
    return MatchingSpeed(copies * len(parsed.measures), seconds[0], statistics.median(seconds[1:]))


def _copy(parsed: ParsedPlan, number: int) -> ParsedPlan:
    """Return the policy as another one: its own name, and nothing of it the same words."""
    plan_id = f"{number:012x}"
    plan = dataclasses.replace(
        parsed.plan,
        id=plan_id,
        title=f"{parsed.plan.title}（{number}）",
        source=f"{number}.txt",
        digest=f"{number:064x}",
    )
    return dataclasses.replace(
        parsed,
        plan=plan,
        chunks=(),
        measures=tuple(
            dataclasses.replace(measure, plan_id=plan_id) for measure in parsed.measures
        ),
    )
