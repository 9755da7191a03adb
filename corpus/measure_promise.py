"""A clause → whether it promises something to somebody, and how firmly.

A clause is judged comma by comma: in 「支持企业申报项目，对符合条件的给予奖励」 the second part
grants, in 「鼓励各区给予企业补贴」 the government itself only encourages.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from corpus.measure_words import any_of, beneficiary_pattern, words
from corpus.model import Span, Strength

MONEY = r"\d[\d,.]*(?:[-—–~至]\d[\d,.]*)?余?[百千万亿]*元"
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))|[:\u3002;]")
_ORDER: tuple[Strength, ...] = ("应当", "给予", "支持", "鼓励", "探索")
_CUES: dict[str, Strength] = {
    "支持": "支持",
    "允许": "支持",
    "准许": "支持",
    "授权": "支持",
    "同意": "支持",
    "鼓励": "鼓励",
}
_CUE = re.compile(
    "(?:"
    + "|".join(_CUES)
    + ")(?!资金|对象|政策|方式|范围|周期|力度|标准|总?金?额|措施|体系|下|的)"
)
_CUES_IN_A_ROW = re.compile(rf"(?:{_CUE.pattern})(?:[、和并]?(?:引导|帮助|{_CUE.pattern}))*")
# 鼓励企业设立专卖店，并给予流量支持: it is still the companies who give.
_SAME_SUBJECT = re.compile(r"并|(?:在同等条件下)?优先(?:采购|使用|录用|聘用|选用|招用)")
# What a budget sets aside is given to nobody by name.
_BUDGET = re.compile(r"安排[^,]*亿元|专项债券|预算内投资")
# A sum or a number of people counted to the last digit was paid, not promised.
_COUNTED = re.compile(r"\d{3,}\.\d+[万亿]?元|为\d{4,}余?[名户人]")
# 除禁止进境的外: what is left out of a promise refuses nothing of it.
_EXCEPT = re.compile(r"除[^,]{1,40}?外(?=,|$)")
# How far a gift may stand behind its verb.
_NEAR = 60
_DUTY = re.compile(r"应当|必须|应(?=[^用对急收届邀聘变])")
# 企业家, 企业孵化器, 人才队伍: the noun is not the one who gets something.
_NOT_AFTER = (
    r"(?!家精神|文化|标准|队伍|培养|培育|工程|高地|孵化|加速器|强国|强市|强省|建设(?:$|[,、和的及])|体系|数量|规模"
    r"|结构|名录|目录|清单|登记|注册|管理|政策|化|法|间|周边|改革|经济|型)"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """How firmly a clause promises, and which part of its compact view does."""

    strength: Strength
    segments: tuple[Span, ...]
    beneficiary: Span | None


def read_promise(view: str) -> Promise | None:
    """Return what the compact view of a clause promises, None if it promises nothing."""
    if _preamble().match(view) or _COUNTED.search(view):
        return None
    if _refusal().search(_EXCEPT.sub("", view)):
        return None
    is_past = bool(_past().search(view))
    found: list[_Part] = []
    for segment in segments(view):
        part = _judge(view, segment)
        # 比上年增长10%的企业给予奖励 is none of the past.
        if part is None or (is_past and not part.is_grant):
            continue
        # 鼓励保险公司创新产品，为企业提供保险: it is the companies who serve.
        if part.is_service and any(other.who for other in found):
            continue
        if found and found[-1].strength == "鼓励" and _SAME_SUBJECT.match(segment.of(view)):
            part = replace(part, strength="鼓励")
        found.append(part)
    if not found:
        return None
    strength = min((part.strength for part in found), key=_ORDER.index)
    who = next((part.who for part in found if part.who is not None), None)
    return Promise(strength, tuple(part.segment for part in found), who)


def segments(view: str) -> tuple[Span, ...]:
    """Return the parts of the view between its commas."""
    cuts = [match.span() for match in _COMMA.finditer(view)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(view)]
    return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True) if start < end)


@dataclass(frozen=True, slots=True)
class _Part:
    segment: Span
    strength: Strength
    who: Span | None = None
    is_grant: bool = False
    is_service: bool = False


def _judge(view: str, segment: Span) -> _Part | None:
    text = segment.of(view)
    governs = _governor(text)
    named = None if governs is None else _object(text, governs[1])
    who = Span(segment.start + named.start, segment.start + named.end) if named else None
    grant = None if _BUDGET.search(text) else _grant_start(text)
    if grant is not None and not _is_given_by_others(text, grant, governs, named):
        strength = _grant_strength(view, segment, grant)
        return _Part(segment, strength, who, is_grant=True)
    if governs and (who is not None or grant is not None or _is_free(text, governs[1])):
        return _Part(segment, governs[0], who, is_grant=grant is not None)
    if _is_backed(text):
        return _Part(segment, "给予")
    if _is_served(view, segment):
        return _Part(segment, "给予", is_service=True)
    may = _may().match(text) or (_may_go_on().match(text) and _names_somebody(view, segment))
    return _Part(segment, "支持") if may else None


def _names_somebody(view: str, segment: Span) -> bool:
    """Tell whether a part before the segment names who it is about: 区内企业进口的……,可不办理……."""
    return _beneficiary().search(view, 0, segment.start) is not None


def _is_given_by_others(
    text: str, grant: int, governs: tuple[Strength, int] | None, named: Span | None
) -> bool:
    """Tell whether those who are encouraged give themselves: 支持银行发放贷款."""
    if governs is None or grant < governs[1]:
        return False
    if governs[0] != "支持":
        return True
    is_own = named is None or "并" in text[named.end : grant]
    return not is_own and not re.search(MONEY, text[grant:])


def _grant_start(text: str) -> int | None:
    """Return where the first grant begins: a verb with what it gives, or a word that is both."""
    grant = _grant().search(text)
    starts = [start for start in (grant and grant.start(), _give_start(text)) if start is not None]
    return min(starts, default=None)


def _give_start(text: str) -> int | None:
    """Return the first verb of giving that a gift follows closely; one pass over the text."""
    verbs: list[re.Match[str]] = []
    for word in _give_or_gift().finditer(text):
        if word["give"]:
            verbs.append(word)
            continue
        near = next((verb for verb in verbs if word.start() - verb.end() <= _NEAR), None)
        if near is not None:
            return near.start()
        verbs.clear()
    return None


def _grant_strength(view: str, segment: Span, grant: int) -> Strength:
    before = view[segment.start : segment.start + grant]
    if _DUTY.search(before + "给"):
        return "应当"
    return "探索" if re.match(any_of(words("explore")), before) else "给予"


def _governor(text: str) -> tuple[Strength, int] | None:
    """Return the first word that governs a promise, not a noun (资金支持), and where it ends."""
    for cue in _CUE.finditer(text):
        before = text[: cue.start()]
        if not before or _governed().search(before):
            cues = _CUES_IN_A_ROW.match(text, cue.start())
            run = cues[0] if cues else cue[0]
            strengths = [strength for word, strength in _CUES.items() if word in run]
            explored = re.search(any_of(words("explore")) + r"$", before)
            strength = "探索" if explored else min(strengths, key=_ORDER.index)
            return strength, cue.start() + len(run)
    return None


def _object(text: str, start: int) -> Span | None:
    """Return who is supported: the noun after the governing word, with what describes it."""
    if text.startswith("其", start):
        return Span(start, start + 1)
    noun = _beneficiary().search(text, start, start + 80)
    if noun is None:
        return None
    between = text[start : noun.start()]
    if _acts().search(between[between.rfind("的") + 1 :]):
        return None
    if _task().match(between) and not between.endswith("的"):
        described = between.rfind("的")
        place = between.startswith(("在", "将", "把"))
        if place or described < 0 or len(between) - described > 8:
            return None
    return Span(start, _object_end(text, noun.end()))


def _object_end(text: str, end: int) -> int:
    """Return where the list of beneficiaries ends: 企业、高校和科研院所."""
    while (more := _next_beneficiary().match(text, end)) is not None:
        end = more.end()
    # “魔搭社区”: the closing quote belongs to the name.
    return end + (text[end : end + 1] == "”")


def _is_free(text: str, start: int) -> bool:
    """Tell whether 允许 governs: it lets somebody do something, whoever that is."""
    return text[max(0, start - 2) : start] in ("允许", "准许")


def _is_backed(text: str) -> bool:
    return bool(_effort().search(text) or _opened().search(text))


def _is_served(view: str, segment: Span) -> bool:
    """Tell whether somebody is given a service, not merely owed a duty."""
    return bool(_service().search(segment.of(view))) and not _DUTY.search(view[: segment.end])


@cache
def _beneficiary() -> re.Pattern[str]:
    return re.compile(beneficiary_pattern() + _NOT_AFTER)


@cache
def _next_beneficiary() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?:、|和|及|以及|或)[^、,在按将把为向建共]{0,14}?|等[^、,在按将把为向建共]{0,4}?"
        r"|内的?[^,在按将为向]{0,16}?)"
        rf"{beneficiary_pattern()}{_NOT_AFTER}"
    )


@cache
def _governed() -> re.Pattern[str]:
    before = any_of(words("adverb") | words("agent") | words("link"))
    return re.compile(before + "$")


@cache
def _refusal() -> re.Pattern[str]:
    return re.compile(any_of(words("refusal")))


@cache
def _preamble() -> re.Pattern[str]:
    return re.compile(any_of(words("preamble")))


@cache
def _past() -> re.Pattern[str]:
    return re.compile(any_of(words("past")))


@cache
def _task() -> re.Pattern[str]:
    return re.compile(any_of(words("task")))


@cache
def _acts() -> re.Pattern[str]:
    return re.compile(any_of(words("act")))


@cache
def _give_or_gift() -> re.Pattern[str]:
    give = rf"(?P<give>{any_of(words('give'))}(?!的)|(?<!申请)(?<!未)享受)"
    return re.compile(rf"{give}|{any_of(words('gift'))}(?!力度|政策的|范围|方式|标准为|工作)")


@cache
def _grant() -> re.Pattern[str]:
    gift = any_of(words("gift"))
    return re.compile(
        rf"(?:奖励|补助|补贴|资助|支持|扶持|贴息|奖补|奖|补|返还)[^,]{{0,14}}?{MONEY}"
        r"|(?:奖励|补助|补贴|资助|扶持|贴息|奖补|返还)(?:[^,重例]){0,14}?\d[\d.]*%"
        r"|(?<!税费)(?<!税收)(?<!费用)(?<!房租)(?<!租金)(?<!、)减免(?!政策|制度|措施|情形|优惠|税\))"
        r"|豁免(?!情形|条件|清单|范围)"
        rf"|{any_of(words('relief'))}(?!范围|情形|进程|政策)"
        rf"|{any_of(words('priority') | words('procedure'))}"
        rf"|一次性[^,]{{0,10}}?(?:奖励|补助|补贴|资助)"
        rf"|设立[^,]{{0,40}}?(?:基金|专项资金|引导资金|风险补偿资金|资金池)"
        rf"|可以?[^,]{{0,10}}?(?:申请|申报|享受)[^,]{{0,30}}?{gift}(?:政策|资金)?$"
        rf"|(?:提供|获得)[^,]{{0,30}}?(?:奖励|补助|补贴|资助|贴息|资金|贷款|担保|融资|厂房|用房|免费|增信)"
        r"|(?:实行|采取|采用|推行|改为|享受|适用)[^,]{0,12}?(?:告知承诺|容缺)"
        rf"|给予[^,]{{0,30}}?{MONEY}"
    )


@cache
def _service() -> re.Pattern[str]:
    return re.compile(
        rf"(?:为|向|给(?!予)|帮助|协助)[^,]{{0,40}}?{beneficiary_pattern()}[^,]{{0,30}}?"
        r"(?:提供|开辟|配备|开放)[^,]{1,40}"
    )


@cache
def _effort() -> re.Pattern[str]:
    return re.compile(
        rf"(?:加大(?:对|向)?|加强对)[^,]{{0,40}}?{beneficiary_pattern()}[^,]{{0,20}}?的?"
        r"(?:支持|扶持|奖励|补助|投放|投入|供给|保障|信贷)"
    )


@cache
def _opened() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!推动)(?<!推进)(?<!逐步)(?<!推动进一步){any_of(words('open'))}"
        rf"[^,]{{0,40}}?(?:{beneficiary_pattern()}|限制|要求|条件|比例|门槛)"
        r"|(?:条件|要求|门槛)[^,]{0,60}?放宽[至到]"
        r"|(?:补贴|补助|奖励|救助|优惠)[^,]{0,8}?范围[^,]{0,40}?扩[大展][至到]"
        r"|降低[^,]{0,20}?(?:费率|收费标准|缴费比例|租金)"
        rf"|取消[^,]{{0,40}}?(?:要求|限制|门槛)|不受[^,]{{0,30}}?(?:限制|约束)"
    )


@cache
def _may() -> re.Pattern[str]:
    return re.compile(
        rf"[^,可]{{0,60}}?{beneficiary_pattern()}[^,可]{{0,12}}?可(?:以)?(?:在[^,]{{1,30}})?"
        r"(?:申请|享受|获得(?!性)|申报|按|根据|凭|先行|一并|选择|自主|免|延|适用|直接|不|办理|领取|参加)"
    )


@cache
def _may_go_on() -> re.Pattern[str]:
    return re.compile(
        r"可以?(?:申请|享受|申报|按[^,]{1,20}?享受|凭|免|直接|不再?[^,可得]{0,4}?(?:办理|提交|提供))"
    )
