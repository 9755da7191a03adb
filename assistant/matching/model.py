"""The types of policy matching: what an enterprise says of itself, and what a measure makes of it.

What a profile leaves open is None or absent, which is not the same as no.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from corpus.model import Measure, Span

Need: TypeAlias = Literal["资金", "场地", "人才", "研发", "融资", "成果转化", "市场"]
Verdict: TypeAlias = Literal["符合", "可能符合", "不符合"]
Outcome: TypeAlias = Literal["met", "unknown", "failed"]
Validity: TypeAlias = Literal["现行", "已有新版", "已过期"]


@dataclass(frozen=True, slots=True)
class Profile:
    """An enterprise as it describes itself.

    `industry` is in its own words, `section` the letter (A to T) of GB/T 4754, 国民经济行业分类.
    `types` maps a type of enterprise (高新技术企业, 规上企业, 小微企业 …) to whether it is one.
    `revenue` is last year's in 万元, `research_share` R&D spending in per cent of it, `founded` the
    year, `staff` persons. `answers` are the answers to further questions, by the words that the
    question asked about (上市, 入驻园区 …).
    """

    industry: str = ""
    section: str | None = None
    types: Mapping[str, bool] = field(default_factory=dict)
    region: str | None = None
    founded: int | None = None
    revenue: Decimal | None = None
    research_share: Decimal | None = None
    staff: int | None = None
    needs: tuple[Need, ...] = ()
    answers: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause of a measure held against the profile.

    `subject` names what is compared (企业类型, 地区, 营业收入 …), `quote` is the clause, literally
    `span` of the plan's text; `given` what the profile says, None where it says nothing. `question`
    asks for what is unknown, `key` is the profile's field or the word in `Profile.types` or
    `Profile.answers` that an answer to it sets.
    """

    subject: str
    quote: str
    span: Span
    given: str | None
    outcome: Outcome
    question: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """What a measure pays this enterprise, in 元, where its rule and the profile settle it.

    `formula` shows the sum with its figures (2600万元 × 5% = 130万元，最高100万元). `low` and
    `high` are equal where the sum is one figure; `high` is None where nothing caps it. `spans` are
    the words of the rule.
    """

    formula: str
    low: Decimal
    high: Decimal | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What one measure means for the profile.

    `needs_rules` tells that the text gives a direction only (支持…建设), so that an 实施细则 is
    needed; `notes` are clauses on cumulation (同一事项不重复享受, 就高不就低) and a cap that the
    next sentence tells, quoted.
    """

    measure: Measure
    plan_title: str
    heading: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    payment: Payment | None = None
    needs_rules: bool = False
    validity: Validity = "现行"
    notes: tuple[Span, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """All measures held against a profile, the most useful first, and what to ask next.

    `questions` are unknown reasons, one for each `key`, the one that settles most measures first.
    """

    profile: Profile
    matches: tuple[Match, ...]
    questions: tuple[Reason, ...]

    def of(self, verdict: Verdict) -> tuple[Match, ...]:
        """Return the matches of one group."""
        return tuple(match for match in self.matches if match.verdict == verdict)
