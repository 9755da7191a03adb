"""A profile, a sum and a verdict in words, the same in the chat, on the page and in Word."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from assistant.matching.model import Match, Matching, Payment, Profile, Verdict

VERDICTS: Sequence[Verdict] = ("符合", "可能符合", "不符合")

# GB/T 4754-2017, 门类.
SECTIONS = {
    "A": "农、林、牧、渔业",
    "B": "采矿业",
    "C": "制造业",
    "D": "电力、热力、燃气及水生产和供应业",
    "E": "建筑业",
    "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业",
    "H": "住宿和餐饮业",
    "I": "信息传输、软件和信息技术服务业",
    "J": "金融业",
    "K": "房地产业",
    "L": "租赁和商务服务业",
    "M": "科学研究和技术服务业",
    "N": "水利、环境和公共设施管理业",
    "O": "居民服务、修理和其他服务业",
    "P": "教育",
    "Q": "卫生和社会工作",
    "R": "文化、体育和娱乐业",
    "S": "公共管理、社会保障和社会组织",
    "T": "国际组织",
}


def describe_profile(profile: Profile) -> list[tuple[str, str]]:
    """Return what is known of the enterprise, each with its name."""
    known = (
        ("主营", profile.industry),
        ("行业门类", SECTIONS.get(profile.section or "", "")),
        ("注册地", profile.region or ""),
        ("企业类型", "、".join(_types(profile))),
        ("成立年份", f"{profile.founded}年" if profile.founded else ""),
        ("上年营业收入", _figure(profile.revenue, "万元")),
        ("研发投入占比", _figure(profile.research_share, "%")),
        ("职工人数", "" if profile.staff is None else f"{profile.staff}人"),
        ("需要", "、".join(profile.needs)),
        ("其他", "、".join(f"{key}：{_yes(answer)}" for key, answer in profile.answers.items())),
    )
    return [(name, value) for name, value in known if value]


def describe_payment(payment: Payment) -> str:
    """Return the sum, or its limits, in 元 or 万元.

    Example: low=high=200000 -> 20万元; low=0, high=500000 -> 最高50万元
    """
    low, high = payment.low, payment.high
    if high is None:
        return f"不低于{yuan(low)}"
    if low == high:
        return yuan(high)
    return f"{yuan(low)}至{yuan(high)}" if low else f"最高{yuan(high)}"


def yuan(amount: Decimal) -> str:
    """Return a sum as people write it: 20万元, 1.5亿元, 800元."""
    for scale, name in ((10**8, "亿元"), (10**4, "万元")):
        if amount >= scale:
            return f"{plain(amount / scale)}{name}"
    return f"{plain(amount)}元"


def plain(number: Decimal) -> str:
    """Return a figure without an exponent and without idle zeros."""
    return f"{number.normalize():f}"


def open_questions(match: Match) -> list[str]:
    """Return what would have to be known to settle the match, each once."""
    asked = [reason.question for reason in match.reasons if reason.outcome == "unknown"]
    return list(dict.fromkeys(question for question in asked if question))


def count_of(matches: Sequence[Match]) -> str:
    """Return how many they are, and how many of them no longer hold: 12项（其中3项已过期）."""
    ended = Counter(match.validity for match in matches if match.validity != "现行")
    told = "、".join(f"{number}项{validity}" for validity, number in sorted(ended.items()))
    return f"{len(matches)}项" + (f"（其中{told}）" if told else "")


def counts(matching: Matching) -> dict[Verdict, int]:
    """Return how many measures each group holds."""
    return {verdict: len(matching.of(verdict)) for verdict in VERDICTS}


def _types(profile: Profile) -> list[str]:
    return [name if is_one else f"不是{name}" for name, is_one in profile.types.items()]


def _figure(number: Decimal | None, unit: str) -> str:
    return "" if number is None else f"{plain(number)}{unit}"


def _yes(answer: bool) -> str:
    return "是" if answer else "否"
