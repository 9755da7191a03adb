"""Who may apply for a measure, and on what condition.

A clause is read as 「[对]who,on what condition,given what」: what stands before the gift is the
target, which corpus/measure_target.py parts. Every function takes a clause's compact view and
returns spans of it.
"""

import re
from functools import cache

from corpus.measure_grants import MONEY
from corpus.measure_promise import Promise
from corpus.measure_target import Parties, part_target, without_ways
from corpus.measure_words import any_of, whole_beneficiary, words
from corpus.model import Span

_FOR = re.compile(
    r"(?<![针相面反绝应核校派])(?<!加大)(?<!加强)对于?(?![接象外口标比])|(?:^|(?<=,))凡是?"
)
# 在……前提下, 除……外, 经……后: conditions wherever they stand.
_STATED = re.compile(
    r"在[^,。;]{2,40}?(?:前提|情况|条件)(?:之)?下"
    r"|^除[^,。;]{2,40}?外(?=,)"
    r"|(?:^|(?<=[,。;:]))经[^,。;]{2,40}后(?=,)"
    r"|(?<![\u4e00-\u9fff])[^,。;:对]{2,12}(?:投产|达效|验收|评估)后(?=,)"
)
_STANDARD = re.compile(r"的?(?:资助|补助|补贴|奖励|支持|补偿|核定)(?:资金)?(?:额度|标准|金额|比例)")
# 支持标准:小微企业……: what stands before a colon is a title.
_LEAD = re.compile(r"(?<!\d):|:(?!\d)")
_QUANTITY = re.compile(r"更多的?|一批|一大批")


def read_parties(view: str, promise: Promise) -> Parties:
    """Return who may apply and on what condition."""
    if promise.beneficiary is not None and not promise.is_grant:
        read = Parties(_governed(view, promise.beneficiary))
    else:
        read = _granted(view, promise)
    stated = _STATED.search(view)
    return Parties(read.applicants, Span(*stated.span()) if stated else read.condition)


def _governed(view: str, who: Span) -> Span:
    """Return whom 支持 or 鼓励 names: whom a district serves, or whom 其 stands for."""
    if who.of(view) == "其":
        named = [match.span(1) for match in _acting().finditer(view, 0, who.start)]
        return Span(*named[-1]) if named else who
    served = _served().search(view, who.end)
    if served is not None and _district().search(who.of(view)):
        return Span(*served.span("who"))
    quantity = _QUANTITY.match(view, who.start, who.end)
    return Span(quantity.end(), who.end) if quantity else who


def _granted(view: str, promise: Promise) -> Parties:
    """Return the parties of a clause that gives: of its 对…… if it has one."""
    gift = _gift_start(view, promise)
    standard = _STANDARD.search(view, 0, gift)
    if standard is not None and view[standard.end()] != ":":
        gift = standard.start()
    address = _address(view, gift)
    if address is not None and (way := _gift_behind_comma().search(view, address.end(), gift)):
        gift = way.start()
    if address is None:
        return _unaddressed(view, promise, gift)
    receiver = _receiver(view, address.end())
    target = without_ways(view, Span(address.end(), gift))
    read = part_target(view, target, is_address=True) if target else Parties()
    if read.applicants is None and receiver is None:
        read = Parties(_before(view, promise, address.start()), read.condition)
    return _with_receiver(view, receiver, target, read)


def _unaddressed(view: str, promise: Promise, gift: int) -> Parties:
    """Return the parties of a clause without 对: whom it supports, serves or begins with."""
    receiver = _receiver(view, 0)
    if promise.beneficiary is not None:
        return _supported(view, promise.beneficiary, receiver)
    if (served := _served().search(view)) and not _base().match(view):
        return Parties(Span(*served.span("who")))
    if (organised := _organised().match(view)) is not None:
        return Parties(Span(*organised.span("who")), Span(*organised.span("what")))
    lead = [match.end() for match in _LEAD.finditer(view, 0, gift)]
    target = without_ways(view, Span(lead[-1] if lead else 0, gift))
    return _with_receiver(
        view, receiver, target, part_target(view, target) if target else Parties()
    )


def _with_receiver(view: str, receiver: Span | None, target: Span | None, read: Parties) -> Parties:
    if receiver is not None and target is not None:
        return _given_to(view, receiver, target, read)
    return Parties(read.applicants or receiver or _reached(view), read.condition)


def _address(view: str, gift: int) -> re.Match[str] | None:
    """Return the last 对 that opens a part before the gift, or else the first one."""
    found = list(_FOR.finditer(view, 0, gift))
    opening = [one for one in found if one.start() == 0 or view[one.start() - 1] in ",;:。"]
    return opening[-1] if opening else next(iter(found), None)


def _before(view: str, promise: Promise, end: int) -> Span | None:
    """Return who is named before 「对符合条件的，给予……」."""
    if promise.beneficiary is not None and promise.beneficiary.end <= end:
        return promise.beneficiary
    target = without_ways(view, Span(0, end))
    return part_target(view, target).applicants if target else None


def _supported(view: str, who: Span, receiver: Span | None) -> Parties:
    """Return the parties of 「支持企业上市，给予企业补贴」: what is supported is the condition."""
    if receiver is None or receiver.of(view) != who.of(view):
        return Parties(receiver or who)
    end = view.find(",", who.end)
    return Parties(who, Span(who.end, end) if end > who.end else None)


def _given_to(view: str, receiver: Span, target: Span, read: Parties) -> Parties:
    """Return the parties where the gift names who gets it: 对新设立的中心，给予企业50万元."""
    name, text = receiver.of(view), target.of(view)
    if read.applicants is None:
        return Parties(receiver, read.condition)
    if read.applicants != target:
        same = name in read.applicants.of(view)
        return read if same else Parties(receiver, target)
    if text.endswith(name):
        return Parties(
            receiver, Span(target.start, target.end - len(name)) if text != name else None
        )
    return Parties(receiver, None if text.startswith(name) else target)


def _receiver(view: str, start: int) -> Span | None:
    match = _gives_to().search(view, start)
    return Span(*match.span(match.lastgroup or 0)) if match else None


def _reached(view: str) -> Span | None:
    match = _reaches().search(view)
    return Span(*match.span(1)) if match else None


def _gift_start(view: str, promise: Promise) -> int:
    """Return where the first part that promises says what it gives."""
    for segment in promise.segments:
        address = _address(view, segment.end)
        start = max(segment.start, address.end()) if address else segment.start
        if (gift := _gift().search(view, start, segment.end)) is not None:
            return gift.start()
    return promise.segments[0].start


@cache
def _organised() -> re.Pattern[str]:
    return re.compile(
        rf"组织(?P<who>[^,。;的]{{0,8}}?{whole_beneficiary()})(?P<what>[^,。;]{{2,40}})"
    )


@cache
def _district() -> re.Pattern[str]:
    return re.compile(r"(?:地区|地方|各地|各区|区县|市县|乡镇|街道)$")


@cache
def _served() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<![定作成列改设入选视认评])为|向)(?P<who>[^,。;对为]{{0,24}}?{whole_beneficiary()}"
        rf"(?:(?:、[^,。;、]{{0,12}}?|等[^,。;、]{{0,4}}?){whole_beneficiary()})*)[^,。;]{{0,30}}提供"
    )


@cache
def _acting() -> re.Pattern[str]:
    return re.compile(
        r"(?:发挥|引导|组织|依托|推动|对|支持|、[^,、]{2,6}的)"
        rf"([^,。;、的]{{0,20}}?{whole_beneficiary()})"
    )


@cache
def _gift() -> re.Pattern[str]:
    return re.compile(
        rf"(?:可以?|应|将|再|均)?{any_of(words('gift_start'))}(?!的(?!资助|支持)|:)"
        rf"|(?<=后)(?:根据|视|依据)|奖励(?={MONEY}|企业)"
        r"|每[^,。;\d额]{1,12}?(?:奖励|补|资助|给予|支持|不超过)(?!金?额)"
    )


@cache
def _gift_behind_comma() -> re.Pattern[str]:
    return re.compile(r",(?:按照?|分别|给予|予以|一次性|最高)(?![^,。;]*的(?:企业|机构|单位)?,)")


@cache
def _base() -> re.Pattern[str]:
    return re.compile(r"[^,]{0,6}按照?")


@cache
def _gives_to() -> re.Pattern[str]:
    noun = whole_beneficiary()
    some = r"(?:每(?:家|户|个|名)|单(?:个|家)|该)?"
    name = rf"[^,。;()\d的对]{{0,24}}?{noun}(?:[和、等][^,。;()\d的对]{{0,8}}?{noun})*"
    return re.compile(
        rf"(?:给予|奖励|补贴给|补助给|资助|给){some}(?!{MONEY}|[、金其不最])(?P<given>{name})"
        rf"|对{some}(?P<for>{name})进行[^,。;]{{0,4}}(?:奖|补|资助|扶持)"
    )


@cache
def _reaches() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?:扩展|扩大|放宽|覆盖)[至到]|扩大|便利|惠及)"
        rf"([^,。;()对为]{{0,16}}?{whole_beneficiary()})"
    )
