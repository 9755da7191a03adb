"""Where a part of a clause grants something: a verb that gives, or a word that is a gift by itself.

Knows nothing of who is named or who governs: corpus/measure_promise.py judges that.
"""

import re
from functools import cache

from corpus.measure_words import any_of, beneficiary_pattern, words
from corpus.model import Span

MONEY = r"\d[\d,.]*(?:[-—–~至]\d[\d,.]*)?余?[百千万亿]*(?:美|欧|港|日)?元"
# What a budget sets aside is given to nobody by name.
_BUDGET = re.compile(r"安排[^,]*亿元|专项债券|预算内投资")
# How far a gift may stand behind its verb.
_NEAR = 60


def is_limited(view: str, segment: Span) -> bool:
    """Tell whether the segment says how much is paid at most: 资助额度:歌剧项目不超过400万元."""
    return bool(_limit().search(segment.of(view)) and _standard().search(view, 0, segment.end))


def grant_start(text: str) -> int | None:
    """Return where the first grant begins: a verb with what it gives, or a word that is both."""
    if _BUDGET.search(text):
        return None
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


def is_backed(text: str) -> bool:
    """Tell whether somebody is backed or freed of a limit: 加大对企业的支持, 放宽条件."""
    return bool(_effort().search(text) or _opened().search(text))


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
        r"|按照?[^,]{1,40}?(?:奖励|补助|补贴|贴息|资助)(?![的标资额政力比对])"
        rf"|(?:一次性|分档|分级)[^,]{{0,10}}?(?:奖励|补助|补贴|资助)"
        rf"|设立[^,]{{0,40}}?(?:基金|专项资金|引导资金|风险补偿资金|资金池)"
        rf"|可以?[^,]{{0,10}}?(?:申请|申报|享受)[^,]{{0,30}}?{gift}(?:政策|资金)?$"
        rf"|(?:提供|获得)[^,]{{0,30}}?(?:奖励|补助|补贴|资助|贴息|资金|贷款|担保|融资|厂房|用房|免费|增信)"
        r"|(?:实行|采取|采用|推行|改为|享受|适用)[^,]{0,12}?(?:告知承诺|容缺|委托监管)"
        r"|纳入[^,]{0,12}?(?:保障|救助|补贴|补助|资助)范围"
        rf"|给予[^,]{{0,30}}?{MONEY}"
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
        rf"|便利{beneficiary_pattern()}"
        rf"|取消[^,]{{0,40}}?(?:要求|限制|门槛)|不受[^,]{{0,30}}?(?:限制|约束)"
    )


@cache
def _limit() -> re.Pattern[str]:
    return re.compile(rf"(?:最高|最多|上限|不超过|不高于)[^,\d]{{0,16}}?(?:{MONEY}|\d[\d.]*[%‰])")


@cache
def _standard() -> re.Pattern[str]:
    return re.compile(
        r"(?:资助|补助|补贴|奖励|支持|补偿|贴息|核定)(?:资金|额度|金额|标准|比例)|(?:资助|补贴|奖励)总量"
    )
