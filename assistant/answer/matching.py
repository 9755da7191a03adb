"""What an enterprise says of itself, and what it can get → the measures that fit, and one question.

Only where it says more of itself than a search for measures could use (its size, age, revenue,
what it has been recognised as); who is named by no more than a word is found measures by words.
"""

import re
from collections.abc import Sequence
from datetime import date

from assistant.answer.draft import Draft
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.matching.describe import count_of, describe_payment, describe_profile
from assistant.matching.match import match_measures
from assistant.matching.model import Match, Matching, Profile, Reason, Verdict
from assistant.matching.read_profile import read_profile, skipped
from corpus.model import Span
from corpus.shown import single_spaced

_SHOWN = 5
_REASONS = 4
# How far from a measure its department may be named.
_NEAR = 3000

_SELF = re.compile(
    "(?:我们|咱们|俺们|本公司|我司|本企业|我公司|本店|我店|我(?=是|开|做|办|在|有|从事))"
    "(?!(?:这个?|那个?)?(?:国家?|省|市|区|县|州|街道|镇|乡|局|委|办))"
)
_ASKS = re.compile(
    "什么|哪|多少|几|怎么|怎样|如何|吗|是不是|是否|能不能|有没有|对不对|一致|谁|？|\\?|呢$"
)
_GETS = re.compile(
    "(?:能|可以?|有(?:没有)?|适合|适用|给)[^，,。；;]{0,10}"
    "(?:拿|领|享|得|申[请报]|支持|政策|补[贴助]|奖|扶持|优惠|资助|好处)"
    "|(?:什么|哪些|哪几|啥)[^，,。；;]{0,6}(?:支持|政策|补[贴助]|奖励|扶持|优惠|资助|好处)"
)
_QUESTION = "还想确认："
_HEADS: dict[Verdict, str] = {
    "符合": "符合条件的",
    "可能符合": "可能符合、还要确认条件的",
}
_OUTCOMES = {"met": "符合", "unknown": "还不知道", "failed": "不符合"}
_REPLIES = ("是", "不是", "不清楚")
# What of a profile a search for measures cannot use.
_HARD = frozenset({"成立年份", "上年营业收入", "研发投入占比", "职工人数", "企业类型", "其他"})


def asks_what_it_gets(text: str) -> bool:
    """Tell whether the text asks what can be got, not something else."""
    return _GETS.search(text) is not None


def asks_otherwise(text: str) -> bool:
    """Tell whether the text asks for anything but what can be got."""
    return _ASKS.search(text) is not None and not asks_what_it_gets(text)


def profile_in(text: str) -> Profile:
    """Return what the text says of the enterprise, this year's date in mind."""
    return read_profile(text, year=date.today().year)


def asked_reason(matching: Matching, text: str) -> Reason | None:
    """Return what is to be asked next: what settles most and the user has not passed over."""
    passed = skipped(text)
    return next((one for one in matching.questions if one.key not in passed), None)


def question_of(answer_text: str) -> str | None:
    """Return what an earlier answer asked the user."""
    lines = [line for line in answer_text.split("\n") if line.startswith(_QUESTION)]
    return lines[-1].removeprefix(_QUESTION) if lines else None


def write_matching(
    text: str, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Answer with the measures that fit; None where the text asks for something else."""
    if not _SELF.search(text) or asks_otherwise(text):
        return None
    profile = profile_in(text)
    facts = describe_profile(profile)
    hard = [name for name, _ in facts if name in _HARD]
    if not hard or (asks_what_it_gets(text) and len(facts) < 2):
        return None
    matching = match_measures(profile, library, plan_ids=plan_ids)
    if not matching.of("符合") and not matching.of("可能符合"):
        return None
    return _write(matching, facts, asked_reason(matching, text), sources)


def _write(
    matching: Matching,
    facts: Sequence[tuple[str, str]],
    asked: Reason | None,
    sources: Sources,
) -> Draft:
    understood = "；".join(f"{name}{value}" for name, value in facts)
    lines = [f"我理解的情况：{understood}。不对的地方，直接告诉我。"]
    computed = [lines[0]]
    number = 0
    for verdict, head in _HEADS.items():
        found = matching.of(verdict)
        if not found:
            continue
        rest = f"，先列{_SHOWN}项" if len(found) > _SHOWN else ""
        lines.append(f"{head}措施{count_of(found)}{rest}：")
        computed.append(lines[-1])
        for match in found[:_SHOWN]:
            number += 1
            lines.extend(_write_match(match, number, sources, computed))
    if failed := len(matching.of("不符合")):
        lines.append(f"不符合的{failed}项没有列出；每一条的理由见网页的“政策匹配”。")
        computed.append(lines[-1])
    if asked is not None:
        lines.append(f"{_QUESTION}{asked.question}")
        computed.append(lines[-1])
    choices = _REPLIES if asked is not None and not _is_field(asked.key) else ()
    return Draft(
        "\n".join(lines), "answered", "matching", computed=tuple(computed), choices=choices
    )


def _is_field(key: str | None) -> bool:
    return key in Profile.__dataclass_fields__


def _write_match(match: Match, number: int, sources: Sources, computed: list[str]) -> list[str]:
    """Return the measure in its own words, then why, what it pays and whom to ask."""
    measure = match.measure
    mark = sources.cite(measure.plan_id, measure.section, measure.span)
    name = f"{sources.name(measure.plan_id)}：" if sources.has_several else ""
    expired = "【已过期】" if match.validity == "已过期" else ""
    computed += [f"{number}. ", expired] if expired else [f"{number}. "]
    lines = [f"{number}. {expired}{name}{single_spaced(measure.text).rstrip('。；;，')}。{mark}"]
    if reasons := [_write_reason(one, match, sources, computed) for one in match.reasons]:
        lines.append(f"条件：{'；'.join(reasons[:_REASONS])}。")
    if match.payment is not None:
        worked = f"可得：{describe_payment(match.payment)}（{match.payment.formula}）。"
        computed.append(worked)
        lines.append(worked + _cite(match, match.payment.spans, sources))
    if match.needs_rules:
        lines.append(_write_direction(match, sources, computed))
    return lines


def _write_reason(reason: Reason, match: Match, sources: Sources, computed: list[str]) -> str:
    mark = _cite(match, [reason.span], sources)
    outcome = _OUTCOMES[reason.outcome]
    said = f"您填写：{reason.given}，{outcome}" if reason.given else outcome
    computed.append(said)
    # A full stop within the quotation would end the sentence before what is said of it.
    return f"「{single_spaced(reason.quote).rstrip('。；;，')}」{mark}{said}"


def _write_direction(match: Match, sources: Sources, computed: list[str]) -> str:
    said = "原文只说明支持的方向，能得多少要看实施细则"
    if (department := _department(match, sources)) is None:
        computed.append(f"{said}。")
        return computed[-1]
    computed.append(f"{said}，可以询问：")
    words = single_spaced(department.of(sources.plan(match.measure.plan_id).text))
    return f"{said}，可以询问：{words}。{_cite(match, [department], sources)}"


def _department(match: Match, sources: Sources) -> Span | None:
    """Return where the department is named: in the measure or the note that ends its section."""
    measure = match.measure
    if not measure.department:
        return None
    text = sources.plan(measure.plan_id).text
    start = text.find(measure.department, measure.span.start, measure.span.end + _NEAR)
    return Span(start, start + len(measure.department)) if start >= 0 else None


def _cite(match: Match, spans: Sequence[Span], sources: Sources) -> str:
    measure = match.measure
    marks = [sources.cite(measure.plan_id, measure.section, span) for span in spans]
    return "".join(dict.fromkeys(marks))
