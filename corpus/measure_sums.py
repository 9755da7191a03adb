"""The figures of a measure: how much is given, what share, at the most, and for how long.

Every function takes a clause's compact view and returns spans of it: the figure alone, or grades
from the first to the last (「100万元、省级奖励30万元」).
"""

import re
from collections.abc import Iterable, Iterator

from corpus.measure_grants import MONEY
from corpus.model import Span

_LIMIT = r"(?:最高|最多|上限为?|不超过|不高于|不得超过|不多于|封顶)"
_PER = r"(?:(?:/[^\s,。;/、)给的奖补\d]{1,4})*)"
_SUM = rf"(?:{MONEY}|(?<!第)[一二两三四五六七八九十百][一二两三四五六七八九十百千万亿]*元){_PER}"
# A limit may leave out the last character: 不超过1000万.
_MOST = rf"(?:{MONEY}{_PER}|\d[\d,.]*[百千万亿]+(?:美元|欧元|港元)?(?![人户家亩吨个件平公]))"
_CAP = re.compile(
    rf"{_LIMIT}[^,。;\d]{{0,14}}?(?P<sum>{_MOST})(?:、[^,。;\d]{{0,12}}{_MOST})*|(?P<before>{_SUM})封顶"
)
_PERCENT = r"\d+(?:\.\d+)?[%‰]"
_SHARE = rf"{_PERCENT}(?:[-—–~至]{_PERCENT})?|(?<=按)\d:\d|(?<=按照)\d:\d"
# Between two grades stands who gets the next one: 30万元,省级奖励10万元.
_GETS = r"(?:按照?|奖励|给予|补助|补贴)"
_NEXT = (
    rf"(?:、(?:[^,。;\d%最超再另对、]{{1,8}}{_GETS})?|和|或|及|至|[-—–~]"
    rf"|[^,。;\d最超再另]{{0,6}},[^,。;\d%最超再另对]{{1,8}}{_GETS})"
)
_SUMS = re.compile(rf"{_SUM}(?:{_NEXT}{_SUM})*")
_SHARES = re.compile(rf"(?:{_SHARE})(?:{_NEXT}(?:{_SHARE}))*")
_THRESHOLD_AFTER = re.compile(
    r"\(?(?:含[^)]{0,8}\)?)?(?:的,|之间|及?以上|及?以下|以内|左右)(?!的?(?:增信|担保|资金|贷款|奖励|补))"
)
_THRESHOLD_BEFORE = re.compile(
    r"(?:达到?|超过?|不低于|不少于|高于|大于|满|突破|规模|收入|投资额?|总额|注册资本|金额在?|销售额|贡献额?"
    r"|投入|人数|有|之和|在)(?:达到|为|在)?$"
)
# 不低于10%的资金支持, 不低于1亿元的引导资金: what is given, however much at the least.
_GIVEN_AFTER = re.compile(r"的?[^,。;的]{0,8}(?:资金|支持|奖励|补助|补贴|补偿|贴息)")
_SHARE_THRESHOLD_BEFORE = re.compile(
    r"(?:达到?|(?<!不)超过?|不低于|不少于|高于|大于|低于|满|增长|增幅|占比|增速)(?:达到|为|在)?$"
)
_YEARS = r"(?:\d+|[一二三四五六七八九十两]+)(?:个)?(?:年|个?月)"
_DURATION = re.compile(
    rf"(?:连续|为期|期限(?:为|不超过|最长)?|最长(?:期限)?(?:不超过)?|最高不超过|不超过|给予(?:[^,。;\d]{{0,8}})|共)"
    rf"(?P<years>{_YEARS})"
    rf"|(?P<within>{_YEARS})(?:之?内|以内|期)"
)
_NOT_DURATION_AFTER = re.compile(r"(?:及?以上|以下|前|后|来|度|均|期以上|\(?试行|只能|以内)")
_NOT_DURATION_BEFORE = re.compile(r"(?:近|去|满|建设期|工期|成立(?:时间)?|注册(?:时间)?)$")
_DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"
_DATES = re.compile(
    rf"\d{{4}}年\d{{1,2}}月\d{{1,2}}日[至到-]{_DAY}"
    r"|有效期(?:至|为|到)?[^,。;]{1,20}"
    r"|自[^,。;]{1,20}?起至[^,。;]{0,16}?(?:年|日|止)"
    r"|至\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日|底)?止"
)


def read_cap(view: str) -> Span | None:
    """Return the first sum that is the most to be paid."""
    return next(_caps(view), None)


def read_amount(view: str, start: int, conditions: Iterable[Span | None]) -> Span | None:
    """Return the fixed sums behind `start` that set no condition."""
    taken = [Span(*match.span()) for match in _CAP.finditer(view)]
    taken += [condition for condition in conditions if condition]
    for match in _SUMS.finditer(view, start):
        found = Span(*match.span())
        if not _meets(found, taken) and not _is_threshold(view, found, _THRESHOLD_BEFORE):
            return found
    return None


def read_rate(view: str, conditions: Iterable[Span | None]) -> Span | None:
    """Return the share, without what it is a share of."""
    taken = [condition for condition in conditions if condition]
    for match in _SHARES.finditer(view):
        found = Span(*match.span())
        if not _meets(found, taken) and not _is_threshold(view, found, _SHARE_THRESHOLD_BEFORE):
            return found
    return None


def read_duration(view: str) -> Span | None:
    """Return for how long it is given, or from when until when."""
    if (dates := _DATES.search(view)) is not None:
        return Span(*dates.span())
    for match in _DURATION.finditer(view):
        group = "years" if match["years"] else "within"
        # 近两年内新设: the years that have passed.
        if _NOT_DURATION_BEFORE.search(view[max(0, match.start() - 8) : match.start()]):
            continue
        if not _NOT_DURATION_AFTER.match(view, match.end(group)):
            return Span(*match.span(group))
    return None


def _caps(view: str) -> Iterator[Span]:
    for match in _CAP.finditer(view):
        yield Span(*match.span("sum" if match["sum"] else "before"))


def _meets(found: Span, taken: Iterable[Span]) -> bool:
    return any(found.overlaps(other) for other in taken)


def _is_threshold(view: str, found: Span, words_before: re.Pattern[str]) -> bool:
    if _THRESHOLD_AFTER.match(view, found.end):
        return True
    before = view[max(0, found.start - 12) : found.start]
    return bool(words_before.search(before)) and not _GIVEN_AFTER.match(view, found.end)
