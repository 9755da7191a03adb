"""The terms of a measure: who may apply, on what condition, how much, how long, and what is given.

Every function takes a clause's compact view and returns spans of it.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache

from corpus.measure_promise import MONEY, Promise
from corpus.measure_words import any_of, beneficiary_pattern, instrument_words, words
from corpus.model import Span

_PER = r"(?:每(?!年|月|季|次)[^,。;每\d]{1,8}?|每人每月|每人每年|每年每\S{1,4}?)"
_UNIT = r"(?:/[^\s,。;/、)]{1,5}|每[年月人亩户个台套间辆吨]|的?标准)?"
_SUM = rf"{MONEY}(?:/[^\s,。;/、)给的]{{1,4}})?"
_AMOUNT = re.compile(rf"(?:{_PER}[^,。;\d]{{0,10}}?)?{_SUM}(?:(?:、|和|或|及|[-—–~至]+){_SUM})*")
_LIMIT = r"(?:最高|最多|上限|不超过|不高于|不得超过|不多于|封顶)"
_CAP = re.compile(
    r"(?:(?:单个|单家|单户|单项|单笔|单台|每个|每家|每户|每年|每人|每项|年度|累计|总额|总金额|同一|合计|两项)"
    rf"[^,。;\d]{{0,20}}?)?{_LIMIT}[^,。;\d]{{0,14}}?{_SUM}"
    rf"|{_SUM}封顶"
)
_PERCENT = r"\d+(?:\.\d+)?%(?:[-—–~至]\d+(?:\.\d+)?%)?"
_RATE = re.compile(
    rf"(?:按照?|以)[^,。;%]{{0,60}}?{_PERCENT}(?:的(?:比例|标准|额度))?"
    rf"|(?:不超过|不低于|最高)?[^,。;%、给予]{{0,16}}?的?(?:不超过|不低于|最高)?{_PERCENT}(?:的(?:比例|标准))?"
)
_THRESHOLD_AFTER = re.compile(r"\(?(?:含[^)]{0,8}\)?)?(?:及?以上|及?以下|以内|左右)")
_THRESHOLD_BEFORE = re.compile(
    r"(?:达到?|达|超过?|不低于|不少于|高于|大于|满|突破|规模|收入|投资额?|总额|注册资本|金额在?|未达到?|年销售额"
    r"|增信担保|贡献额?)(?:达到|为|在)?$"
)
_YEARS = r"(?:\d+|[一二三四五六七八九十两]+)(?:个)?(?:年|个?月)"
_DURATION = re.compile(
    rf"(?:自[^,。;]{{1,20}}?起,?)?(?:连续|为期|期限(?:为|不超过|最长)?|最长(?:期限)?(?:不超过)?|不超过|给予|前|共)?"
    rf"{_YEARS}(?:之?内|以内|期)?"
    r"|有效期(?:至|为|到)?[^,。;]{1,20}"
    r"|自[^,。;]{1,20}?起至?[^,。;]{0,16}?(?:年|日|止)"
    r"|至\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日|底)?(?:止)?"
)
_DURATION_SIGN = re.compile(r"连续|为期|期限|最长|不超过|给予|^前|共|内|期|起|至|有效期")
_NOT_DURATION_AFTER = re.compile(r"(?:及?以上|以下|前|后|来|度|均|\d|\(?试行)")
_FOR = re.compile(r"(?<![针相面反绝应核校派])对于?(?![接象外口标比])")
# Between 对 and the noun there is no room for another promise.
_SECOND_PROMISE = re.compile(r"限制|允许|鼓励|支持|取消|放宽")
_CONDITION_WORDS = (
    r"符合|满足|达|首次|初次|新|获|被|认定|取得|入选|通过|超过|以上|具备|列入|纳入|年|注册|投资|完成"
    r"|引进|实现"
)
_CONDITION = re.compile(
    r"(?:在)?(?:符合|满足|具备)[^,。;]{0,40}?(?:前提下|条件下|情况下|条件|要求|规定|标准|资格)(?:的前提下|的情况下)?"
    r"|在[^,。;]{1,40}?(?:前提|基础|情况|条件|范围|框架)(?:之)?下"
    r"|有条件|[^,。;]{0,20}需求的"
)


def read_amount(view: str, promise: Promise, taken: Iterable[Span]) -> Span | None:
    """Return the fixed sum, with what it is paid for each time (每间2000元)."""
    return _first(_AMOUNT, view, promise.segments, tuple(taken), is_amount=True)


def read_cap(view: str) -> Span | None:
    """Return the most that is paid, with the words that say so (最高50万元)."""
    return _first(_CAP, view, (Span(0, len(view)),), ())


def read_rate(view: str, promise: Promise) -> Span | None:
    """Return the share, with what it is a share of (按实际投资额的30%)."""
    found = _first(_RATE, view, promise.segments, (), is_amount=True)
    if found is None:
        return None
    verb = _given().match(found.of(view))
    return Span(found.start + verb.end(), found.end) if verb else found


def read_duration(view: str) -> Span | None:
    """Return how long it is given, or until when."""
    for match in _DURATION.finditer(view):
        calendar = re.match(r"\d{4}年", match[0])
        if calendar or not _DURATION_SIGN.search(match[0]):
            continue
        is_past = view[max(0, match.start() - 1) : match.start()] in ("近", "去", "满")
        if not is_past and not _NOT_DURATION_AFTER.match(view, match.end()):
            found = match[0]
            skip = 2 if found.startswith("给予") else 0
            return Span(match.start() + skip, match.end())
    return None


def read_applicants(view: str, promise: Promise) -> Span | None:
    """Return who may apply: 对…的企业, the object of 支持, or the one who may do something."""
    for read in (_addressed, lambda _: promise.beneficiary, _subject, _receiver):
        reader: Callable[[str], Span | None] = read
        if (found := reader(view)) is not None and len(found) > 1:
            return found
    return None


def read_condition(view: str, applicants: Span | None) -> Span | None:
    """Return the condition: 符合条件, …的 before the comma, or what describes the applicants."""
    said = _CONDITION.search(applicants.of(view)) if applicants else None
    if applicants is not None and said is not None:
        return Span(applicants.start + said.start(), applicants.start + said.end())
    if applicants is not None and (described := _describing(view, applicants)) is not None:
        return described
    if (clause := _conditional().search(view)) is not None:
        return Span(*clause.span("condition"))
    found = _CONDITION.search(view)
    return Span(*found.span()) if found else None


def read_instruments(view: str, promise: Promise) -> tuple[str, ...]:
    """Return what the promise gives, in its order; 其他 if it is none of the known."""
    promised = ",".join(segment.of(view) for segment in promise.segments)
    found = [
        (match.start(), name)
        for name, pattern in _instruments()
        if (match := pattern.search(promised)) is not None
    ]
    return tuple(name for _, name in sorted(found)) or ("其他",)


def _first(
    pattern: re.Pattern[str],
    view: str,
    places: Iterable[Span],
    taken: tuple[Span, ...],
    *,
    is_amount: bool = False,
) -> Span | None:
    """Return the first match inside of one of the places that is no threshold and not taken."""
    for place in places:
        for match in pattern.finditer(view, place.start, place.end):
            span = Span(*match.span())
            if any(span.start < other.end and other.start < span.end for other in taken):
                continue
            if not (is_amount and _is_threshold(view, span)):
                return span
    return None


def _is_threshold(view: str, span: Span) -> bool:
    if _THRESHOLD_AFTER.match(view, span.end):
        return True
    return bool(_THRESHOLD_BEFORE.search(view[max(0, span.start - 12) : span.start]))


def _addressed(view: str) -> Span | None:
    """Return X of 「对X，给予……」 where X ends with a beneficiary."""
    for match in _FOR.finditer(view):
        for ends in (_address_end(), _first_stop()):
            end = ends.search(view, match.end(), match.end() + 160)
            target = view[match.end() : end.start()] if end else ""
            length = 0 if _SECOND_PROMISE.search(target) else _target_length(target)
            if length:
                return Span(match.end(), match.end() + length)
    return None


def _target_length(target: str) -> int:
    """Return how much of the target names a beneficiary: all if one ends it, else a short first."""
    if (last := _ends_in_beneficiary().search(target)) is not None:
        return last.end(1)
    first = _beneficiary().search(target)
    return first.end() if first and first.end() <= 10 and "的" not in target[: first.end()] else 0


def _subject(view: str) -> Span | None:
    match = _can().match(view)
    return Span(*match.span(1)) if match else None


def _first_stop() -> re.Pattern[str]:
    return re.compile(r"[,。;:]")


def _receiver(view: str) -> Span | None:
    match = _gives_to().search(view)
    return Span(*match.span(1)) if match else None


def _describing(view: str, applicants: Span) -> Span | None:
    """Return what stands before the last 的 of the applicants if it sets a condition."""
    text = applicants.of(view)
    end = text.rfind("的")
    if end <= 0 or not re.search(_CONDITION_WORDS + "|条件", text[:end]):
        return None
    return Span(applicants.start, applicants.start + end)


@cache
def _beneficiary() -> re.Pattern[str]:
    return re.compile(beneficiary_pattern())


@cache
def _ends_in_beneficiary() -> re.Pattern[str]:
    return re.compile(rf"({beneficiary_pattern()})(?:\([^)]*\)|等|的|,)*$")


@cache
def _given() -> re.Pattern[str]:
    return re.compile(rf"(?:按照?|以)?{any_of(words('give'))}(?:企业|一次性|其|资金)*")


@cache
def _address_end() -> re.Pattern[str]:
    return re.compile(
        r",?(?:分别|给予|予以|实行|一次性|按照?|优先|免征|免收|减|进行|提供|发放|取消|最高|每"
        r"|实施|授予|开展|执行|不再|可|由|单个)|[。;:]"
    )


@cache
def _can() -> re.Pattern[str]:
    return re.compile(
        rf"((?![为向给按将由])[^,。;可对]{{0,80}}{beneficiary_pattern()})"
        r"(?:[^,。;可]{0,6}可(?!能|持续|靠)|,?(?:不受|免|享受|优先|按|给予|分别|一次性|予以|最高|每))"
    )


@cache
def _gives_to() -> re.Pattern[str]:
    return re.compile(
        rf"(?:给予|奖励|补贴|补助|资助|(?<![定作成列改设入选视])为|向|给)"
        rf"(?!{MONEY}|[、金])([^,。;()\d]{{0,40}}?{beneficiary_pattern()})"
    )


@cache
def _conditional() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|[,。;:])(?P<condition>(?:[^,。;:()]|\([^()]{0,80}\)){2,120}?"
        r"(?:的(?=,)|[元家人项个%亩吨次间台](?:\([^()]{0,20}\))?及?以上"
        r"(?=,(?:给予|予以|一次性|分别|按|每|最高|奖励|补|免|可|享受|优先|由|在|且|并))))"
    )


@cache
def _instruments() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(any_of(found))) for name, found in instrument_words())
