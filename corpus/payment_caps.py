"""The most that is paid: which of the sums that limit something limit what is given.

Not what a share is counted of, a price, or whom the measure is for: 纳入计算规模的金额不超过……,
价格不高于30元/公斤, 年收入不超过500万元的企业. What can be borrowed is a cap of its own kind.
"""

import re
from collections.abc import Iterator, Sequence

from corpus.model import Span

_SUM = r"\d[\d,.]*[百千万亿]*元|\d[\d,.]*[百千万亿]+"
_LIMIT = r"(?:最高|上限为?|不超过|不高于|不得超过|封顶)"
_CAP = re.compile(rf"{_LIMIT}[^,。;\d]{{0,14}}?(?P<sum>{_SUM})")
_OF_BASE = re.compile(
    r"(?:纳入[^,。;]{0,10}|计算规模|计算基数|投资(?:总?额)?|合同(?:总?额)?|营业额|销售额|收入|价格?|售价|单价)"
    r"(?:的?(?:金额|总额|额度))?(?:原则上)?$"
)
_OF_APPLICANT = re.compile(
    r"的(?=,)|的?[^,。;、\d]{0,12}(?:企业|公司|项目|单位|机构|门店|商户|农户)(?=,|$|给予|予以|按)"
)
_PER_UNIT = re.compile(r"/")
_LENT = r"(?:贷款|授信|融资担保)(?!贴息|利息|贴费|风险|损失|担保费)"
_LENT_AFTER = re.compile(rf"的?[^,。;、\d]{{0,10}}?{_LENT}(?:额度|支持|扶持)?(?=[,。;(]|$)")
_LENT_BEFORE = re.compile(r"(?:贷款|授信)(?:额度|金额|限额|总额)(?:累计)?$")
_PER_ITEM = re.compile(
    r"每(?!年|家|个企业|户|位?企业|个自然年度)[^,。;\d]{1,8}$|(?:每满|每新增|每增加)[^,。;]{0,12}$"
)
_PER_ENTERPRISE = re.compile(
    r"(?:单个|单家|每家|每个|每户|同一|一家|年度)(?:[^,。;\d]{0,8})?企业|企业[^,。;\d]{0,6}(?:年度|累计|总)|"
    r"每家(?!次)|单家"
)
# Where a clause begins with 其中, all of it is about that part.
_PART = re.compile(r"(?<!^)其中[^,。;]{0,44}$")
# 单个项目支持金额不超过500万元。: a sentence that only says how much the one before pays at most.
_GIFT = r"(?:支持|补助|补贴|奖励|资助|奖补|贴息|补偿)"
_FOR_EACH = r"(?:单个|单家|单户|单笔|单项|一个|一家|每个|每家|每户|每笔|每项|同一)"
_OPENS_FOR_EACH = re.compile(rf"[^,。;]{{0,6}}?{_FOR_EACH}")
_TIME = r"(?:每年度?|年度|当年|当期|全年|累计|总|合计|原则上)*"
_ONE = (
    rf"对?{_FOR_EACH}(?:[^,。;\d]{{0,14}}?{_GIFT}[^,。;\d]{{0,6}}?"
    rf"|(?:企业|公司|项目|单位|机构|平台|产品|品种|主体){_TIME})"
)
_MOST = rf"{_LIMIT}+(?:限额|额度)?为?(?:{_SUM})(?:人民币)?(?:\(含\))?"
_BEHIND = re.compile(
    rf"(?:{_TIME}(?:资金)?(?:{_GIFT}(?:资金|标准)?(?:总?金额|总?额度?)?)?{_TIME}{_MOST}"
    rf"|{_ONE}{_MOST}(?:,{_ONE}{_MOST})*)[。;]"
)


def read_caps(text: str) -> list[Span]:
    """Return the sums of a view that are the most to be given."""
    return [
        Span(*match.span("sum"))
        for match in _limits(text)
        if not (_is_lent(text, match) or _OF_APPLICANT.match(text, match.end("sum")))
    ]


def read_lent(text: str) -> list[Span]:
    """Return the sums that are the most to be borrowed: 可申请最高300万元的创业担保贷款."""
    return [Span(*match.span("sum")) for match in _limits(text) if _is_lent(text, match)]


def read_cap_behind(text: str) -> Span | None:
    """Return the cap where all of the sentence tells no more than that."""
    return choose_cap(text, read_caps(text)) if _BEHIND.fullmatch(text) else None


def is_limited(text: str) -> bool:
    """Tell whether the view limits any sum, of whatever."""
    return _CAP.search(text) is not None


def is_limited_behind(text: str) -> bool:
    """Tell whether a sentence limits a sum for each of those that the one before speaks of."""
    return _OPENS_FOR_EACH.match(text) is not None and is_limited(text)


def choose_cap(text: str, caps: Sequence[Span]) -> Span | None:
    """Return the cap that holds for an enterprise, where there is one only."""
    whole = [one for one in caps if not _PART.search(text[: one.start])]
    own = [one for one in whole if _PER_ENTERPRISE.search(_before(text, one, 16))]
    caps = own if len(own) == 1 else whole
    if len(caps) != 1 or text[caps[0].end : caps[0].end + 1] == "、":
        return None
    if is_per_item(text, caps[0].start) and not _PER_ENTERPRISE.search(text):
        return None
    return caps[0]


def is_per_item(text: str, start: int) -> bool:
    """Tell whether the sum that starts here is given for each of some things."""
    return bool(_PER_ITEM.search(text[max(0, start - 16) : start]))


def _limits(text: str) -> Iterator[re.Match[str]]:
    for match in _CAP.finditer(text):
        of_base = _OF_BASE.search(text, max(0, match.start() - 20), match.start())
        if of_base is None and not _PER_UNIT.match(text, match.end("sum")):
            yield match


def _is_lent(text: str, match: re.Match[str]) -> bool:
    return bool(
        _LENT_AFTER.match(text, match.end("sum"))
        or _LENT_BEFORE.search(text, max(0, match.start() - 12), match.start())
    )


def _before(text: str, span: Span, length: int) -> str:
    return text[max(0, span.start - length) : span.start]
