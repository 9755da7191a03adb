"""Clauses that are addressed to authorities: who acts and who receives, told from the text.

「各部门要提供便利服务」 is a duty of the departments and 「支持福建先行先试」 a favour to a place:
an enterprise has nothing to apply for. 「各区应当对上市的企业给予补助」 gives it something.
"""

import re
from functools import cache

from corpus.model import Measure, Span
from corpus.regions import place_pattern
from corpus.vocabulary import names_enterprise

_BODY = (
    r"(?:人民政府|政府|部门|机关|管委会|委员会|领导小组|工作组|协调小组|登记机构|登记大厅|政务服务机构|监管机构"
    r"|地方|各地|各地区|地区|各区|各县|各市|各省|区县|市县|乡镇|街道|所在区|法院|海关|税务|[市区县省部]级?[^,、]{0,8}[局委厅办])"
)
# The authorities are the subject of a duty: 各地区、各部门要……, 市发展改革部门应当…….
_DUTY = re.compile(
    rf"(?:^|[,;。:])(?P<who>[^,;。:对为向给将把支鼓]{{0,20}}?{_BODY}"
    rf"(?:(?:、|和|及|以及|会同)[^,;。:对为向给将把支鼓]{{0,16}}?{_BODY}|和单位|和机构|等)*)"
    r"(?:应当|应|要|须|必须|需要?|负责|按照?|根据|结合|依托|定期|牵头|加强|建立|完善|组织)"
)
# How the administration serves the public in general, enterprises or not.
_PUBLIC = re.compile(
    r"企业(?:和|、|及)?群众|群众(?:和|、|及)企业|办事人|政务公开|政务新媒体|政务服务大厅|政策解读|政策查询"
)
# What persons receive: 居民医保人均财政补助标准, 为新生儿免费提供…….
_WELFARE = re.compile(
    r"医保|医疗保险|新农合|低保|最低生活保障|公共卫生|义务教育|养老金|救助|供养|每人每[年月]|孕前|新生儿|住院"
    r"|人均[^,;。]{0,12}(?:补助|标准|经费)|(?:赋予|给予|便利|惠及)(?:广大)?(?:农民|居民|群众|家庭)"
)
# What authorities receive or do among themselves: 审批权限下放至自贸试验区, 赋予地方更多自主权.
_DELEGATED = re.compile(
    r"权限?[^,;。]{0,8}下放|下放[^,;。]{0,16}权限?|赋予[^,;。]{0,10}(?:地方|各地|各省|各市|政府|部门)"
    r"|由地方统筹|转移职能|(?:做好|加强|推进)[^;。]{0,80}信息公开"
)
_SUPPORTS = re.compile(r"(?:支持|扶持|鼓励)(?!力度|政策|资金|体系)[和、]?(?:支持|扶持|引导|帮助)?")
# Whom or what one supports or guides that is no enterprise: 引导农民……, 引导资金投向…….
_OTHERS = re.compile(
    r"(?:支持|扶持|鼓励|引导)(?:和组织)?(?:更多的?|广大)?"
    r"(?P<who>农民(?!专业|合作)|农户|农业劳动力|农村劳动力|居民|人口|群众|社会资金|生产要素|创新要素)"
)
_PLACE_END = r"(?:(?<![园聚小社])区(?![域属块间位])|(?<!城)[省市县](?![场属])|城市群|都市圈)"
_SERVICES = frozenset({"服务", "便利", "其他", "试点", "数据"})


def read_addressee(text: str, measure: Measure) -> Span | None:
    """Return the words of the view that name whom it is addressed to, None if enterprises."""
    is_grant = measure.strength in ("给予", "应当")
    if is_grant and not names_enterprise(text) and (welfare := _WELFARE.search(text)):
        return Span(*welfare.span())
    if is_grant and (served := _PUBLIC.search(text)) and not _gives(measure):
        return Span(*served.span())
    if not measure.has_sum and (delegated := _DELEGATED.search(text)) is not None:
        return Span(*delegated.span())
    if _gives(measure):
        return None
    is_named = names_enterprise(measure.applicants or "")
    # 各部门要为企业提供便捷的服务 is their duty, 各部门要支持企业上市 a support for enterprises.
    if (is_grant or not is_named) and (duty := _DUTY.search(text)) is not None:
        return Span(*duty.span("who"))
    if is_named:
        return None
    if (other := _OTHERS.search(text)) is not None:
        return Span(*other.span("who"))
    return _place(text)


def _gives(measure: Measure) -> bool:
    """Tell whether it gives what can be counted, or something tangible."""
    return measure.has_sum or bool(set(measure.instruments) - _SERVICES)


def _place(text: str) -> Span | None:
    """Return the place that all of what is supported is: 支持香港巩固……."""
    found: Span | None = None
    for cue in _SUPPORTS.finditer(text):
        place = _supported_place().match(text, cue.end())
        if place is None:
            return None
        found = Span(cue.start(), place.end())
    return found


@cache
def _supported_place() -> re.Pattern[str]:
    others = r"(?![^,;。]{0,12}(?:企业|公司|机构|单位|平台|项目|基地|园区|产业|主体|中心|交易所))"
    name = rf"(?:香港|澳门|台湾|{place_pattern()}|[^,;。、的在将把以用]{{2,10}}?{_PLACE_END})"
    return re.compile(rf"(?:{name}(?:、|和|等)?){{1,6}}{others}")
