"""A clause → whether it promises something to somebody, and how firmly.

A clause is judged comma by comma: in 「支持企业申报项目，对符合条件的给予奖励」 the second part
grants, in 「鼓励各区给予企业补贴」 the government itself only encourages.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from corpus.measure_grants import MONEY, grant_start, is_backed, is_limited
from corpus.measure_words import any_of, beneficiary_pattern, whole_beneficiary, words
from corpus.model import Span, Strength

_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))|(?<!\d):|:(?!\d)|[\u3002;]")
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
_CUES_IN_A_ROW = re.compile(
    rf"(?:{_CUE.pattern})(?:[、和并]?(?:引导|帮助|推荐|指导|组织|{_CUE.pattern}))*"
)
# 鼓励企业设立专卖店，并给予流量支持: it is still the companies who give.
_SAME_SUBJECT = re.compile(
    r"并|[^,]{0,12}设立|(?:在同等条件下)?优先(?:采购|使用|录用|聘用|选用|招用)"
)
# A sum or a number of people counted to the last digit was paid, not promised.
_COUNTED = re.compile(r"\d{3,}\.\d+[万亿]?元|为\d{4,}余?[名户人]")
# 已获得资金支持的；: an item of a list of conditions.
_ITEM = re.compile(r"的[;。]?$")
# 除禁止进境的外: what is left out of a promise refuses nothing of it.
_ASIDE = re.compile(r"除[^,]{1,40}?外(?=,|$)|\([^()]*\)")
_SUM = re.compile(rf"{MONEY}|\d[%‰]")
# 在京单位: no place where something is done.
_RESIDENT = re.compile(r"^在[京沪津渝](?![津沪、])")
_DUTY = re.compile(r"应当|必须|(?<![供对响相适反效感])应(?=[^用对急收届邀聘变])")


@dataclass(frozen=True, slots=True)
class Promise:
    """How firmly a clause promises, and which part of its compact view does.

    `is_grant` tells that the government itself gives; else it lets or supports the beneficiary do.
    """

    strength: Strength
    segments: tuple[Span, ...]
    beneficiary: Span | None

    @property
    def is_grant(self) -> bool:
        """Tell whether something is given, not merely supported."""
        return self.strength in ("给予", "应当")


def read_promise(view: str) -> Promise | None:
    """Return what the compact view of a clause promises, None if it promises nothing."""
    if _preamble().match(view) or _COUNTED.search(view) or _ITEM.search(view):
        return None
    if _refusal().search(_ASIDE.sub("", view)) or _owed().search(view):
        return None
    is_denied = bool(_denial().search(view))
    is_past = bool(_past().search(view))
    found: list[_Part] = []
    for segment in segments(view):
        part = None if _denial().search(segment.of(view)) else _judge(view, segment)
        # 比上年增长10%的企业给予奖励 is none of the past.
        if part is None or (is_past and not part.is_grant):
            continue
        if part.is_service:
            # 鼓励保险公司创新产品，为企业提供保险: it is the companies who serve.
            if any(other.who for other in found):
                continue
            part = replace(part, strength=_strength_before(view, segment))
        if found and found[-1].strength == "鼓励" and _SAME_SUBJECT.match(segment.of(view)):
            part = replace(part, strength="鼓励")
        found.append(part)
    # 已享受奖励的,不再重复: without a sum of its own the first part grants nothing.
    if not found or (is_denied and not any(_SUM.search(one.segment.of(view)) for one in found)):
        return None
    strength = min((part.strength for part in found), key=_ORDER.index)
    who = next((part.who for part in found if part.who is not None), None)
    return Promise(strength, tuple(part.segment for part in found), who)


def _strength_before(view: str, segment: Span) -> Strength:
    """Return how firmly the parts before promise, though they name nobody: 给予 if not at all."""
    for before in segments(view[: segment.start]):
        if re.match(any_of(words("explore")), before.of(view)):
            return "探索"
        if (governs := _governor(before.of(view))) is not None:
            return governs[0]
    return "给予"


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
    grant = grant_start(text)
    if grant is not None and not _is_given_by_others(text, grant, governs, named):
        strength = _grant_strength(view, segment, grant)
        return _Part(segment, strength, who, is_grant=True)
    if governs and (who is not None or grant is not None or _is_free(text, governs[1])):
        return _Part(segment, governs[0], who, is_grant=grant is not None)
    if is_backed(text):
        return _Part(segment, "给予")
    if _is_served(view, segment):
        return _Part(segment, "给予", is_service=True)
    may = _may().match(text) or (_may_go_on().match(text) and _names_somebody(view, segment))
    if may or (_goes_to_apply().match(text) and _may().match(view)):
        return _Part(segment, "给予" if _enjoyed().search(text) else "支持")
    return _Part(segment, "给予", is_grant=True) if is_limited(view, segment) else None


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
    if re.compile("其(?![他中])").match(text, start):
        return Span(start, start + 1)
    noun = _beneficiary().search(text, start, start + 80)
    if noun is None:
        return None
    between = _RESIDENT.sub("", text[start : noun.start()])
    # 允许在符合条件的综合保税区内查验: that is where.
    if between.startswith("在") and text.startswith("内", noun.end()):
        return None
    if _acts().search(between[between.rfind("的") + 1 :]):
        return None
    if _task().match(between) and not between.endswith("的"):
        described = between.rfind("的")
        place = between.startswith(("将", "把"))
        if place or described < 0 or len(between) - described > 8:
            return None
    return Span(start, end_of_list(text, noun.end(), len(text)))


def end_of_list(text: str, end: int, limit: int) -> int:
    """Return where the list of beneficiaries ends: 企业、高校和科研院所."""
    while (more := _next_beneficiary().match(text, end, limit)) is not None:
        end = more.end()
    # “魔搭社区”: the closing quote belongs to the name.
    return end + (text[end : end + 1] == "”")


def _is_free(text: str, start: int) -> bool:
    """Tell whether 允许 governs: it lets somebody do something, whoever that is."""
    return text[max(0, start - 2) : start] in ("允许", "准许")


def _is_served(view: str, segment: Span) -> bool:
    """Tell whether somebody is given a service, not merely owed a duty."""
    return bool(_service().search(segment.of(view))) and not _DUTY.search(view[: segment.end])


@cache
def _beneficiary() -> re.Pattern[str]:
    return re.compile(whole_beneficiary())


@cache
def _next_beneficiary() -> re.Pattern[str]:
    return re.compile(
        r"(?:\([^()]{1,20}\))?(?:(?:、[^、,在按将把为向对]{1,12}){1,8}等[^、,的]{0,6}?|(?:、|和|及|以及|或)[^、,在按将把为向建共]{0,14}?|等[^、,在按将把为向建共]{0,4}?"
        r"|内的?[^,在按将为向]{0,16}?)"
        rf"{whole_beneficiary()}"
    )


@cache
def _governed() -> re.Pattern[str]:
    before = any_of(words("adverb") | words("agent") | words("link"))
    return re.compile(before + "$")


@cache
def _refusal() -> re.Pattern[str]:
    return re.compile(any_of(words("refusal")))


@cache
def _denial() -> re.Pattern[str]:
    return re.compile(any_of(words("denial")) + r"(?![^,]*的[^,]{1,20}(?:给予|予以|进行))")


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
def _service() -> re.Pattern[str]:
    return re.compile(
        rf"(?:为|向|给(?!予)|帮助|协助)[^,]{{0,40}}?{beneficiary_pattern()}[^,]{{0,30}}?"
        r"(?:提供|开辟|配备|开放)[^,]{1,40}"
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
        r"可以?(?:申请|享受|申报|按[^,]{1,20}?享受|在[^,]{2,30}?(?:借入|开展|办理)|凭|免|直接|不再?[^,可得]{0,4}?(?:办理|提交|提供))"
    )


@cache
def _enjoyed() -> re.Pattern[str]:
    return re.compile(
        rf"享受|可以?(?:不|免)|(?:申请|获得|领取)[^,]{{0,20}}?{any_of(words('gift'))}"
    )


@cache
def _goes_to_apply() -> re.Pattern[str]:
    return re.compile(r"(?:申请)?享受")


@cache
def _owed() -> re.Pattern[str]:
    """Return what tells a duty of those who get something: 担保机构应采取追偿措施."""
    return re.compile(
        rf"{beneficiary_pattern()}[^,。;]{{0,24}}?(?:应|需|须)(?:采取|通过|具备|满足|符合|在\d|承诺|提供|提交|签署|完成|达到)"
    )
