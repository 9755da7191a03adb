"""What a user says of an enterprise, in passing → its profile.

What is not said stays open; what is said again later counts.

Example: 我们是瓯海一家做细胞治疗外包的小公司，30人，去年营收2600万 -> region 瓯海, staff 30 …
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from assistant.matching.model import Need, Profile
from corpus.normal import normalise
from corpus.regions import position, read_places
from corpus.segment import base_segmenter
from corpus.terms import load_places
from corpus.vocabulary import enterprise_types

_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "": 1}
_WORDS = "零〇一二两三四五六七八九十百千"
_FIGURE = rf"(?:\d[\d,]*(?:\.\d+)?|[{_WORDS}]+)"
_COUNT = rf"({_FIGURE}(?:万|千)?)"
_SUM = rf"({_FIGURE}\s*(?:[百千]?万|亿)(?:{_FIGURE}万)?)"
_PART = re.compile(rf"({_FIGURE})\s*([百千]?万|亿|千)?")
_SOME = "(?:多|来|余|左右)?"

_STAFF = re.compile(
    rf"(?<![每\d.]){_COUNT}{_SOME}\s*(?:[名个位号]\s*)?(?:人(?![民均次年才])|员工|职工|从业人员)"
    rf"|(?:员工|职工|团队|人数|从业人员|人员)(?:规模|总数)?(?:有|是|为|共|约|:)*\s*{_COUNT}"
)
_EARNED = "(?:营业收入|主营收入|销售收入|营收|收入|销售额|营业额|流水)"
_REVENUE = re.compile(
    f"{_EARNED}(?:是|有|为|达到?|做到|大概|大约|约|不到|近|:|规模)*\\s*{_SUM}"
    f"|{_SUM}元?(?:以上)?的?(?:年)?{_EARNED}"
)
_SHARE = re.compile(
    r"(?:研发|r&d|科研)[^\d百,，。;；]{0,16}?(?:(\d+(?:\.\d+)?)\s*(?:%|个点|个百分点)"
    rf"|百分之([{_WORDS}]+|\d+(?:\.\d+)?))"
)
_BEGAN = "(?:成立|注册|创办|创立|开业|开办|起步)"
_FOUNDED = re.compile(
    rf"(?P<year>(?:19|20)\d\d)年?(?:\d+月)?(?:才|刚)?{_BEGAN}"
    rf"|{_BEGAN}(?:于|在|时间|年份|是|:|了)*(?P<since>(?:19|20)\d\d)"
    rf"|(?P<lately>今年|去年|前年)(?:才|刚|新)?{_BEGAN}"
    rf"|{_BEGAN}(?:已经|至今|有|了|满|才|刚|快|将近)*(?P<age>{_FIGURE}){_SOME}年"
)
_AGO = {"今年": 0, "去年": 1, "前年": 2}

# What people say of a type of enterprise besides the words of rules.
_SAID: Mapping[str, re.Pattern[str]] = {
    "小微企业": re.compile("小(?:公司|厂|店|作坊)"),
    "初创企业": re.compile("刚(?:刚|才)?(?:起步|创业|成立|注册|创办|开业)"),
    "高新技术企业": re.compile("国高企?|国家高新"),
    "上市公司": re.compile("(?:已经?|没有?|未)上市"),
}
_NOT = re.compile(
    "(?:不是|不算|不属于|没有?评上|没有?认定|没有?拿到|没有?取得|未认定|未评上|还没有?|还未|没有|没|非|并非)"
    "(?:被|国家|认定|为|上|过|成|一家|的)*$"
)
_DOUBT = re.compile(
    "(?:几家|多少家?|是不是|是否|算不算|不清楚|不知道|(?:想|打算|准备|要|正在)(?:评|入|申|认|成为|当)|怎么成为)[^,。]*$"
)
_SMALLER = re.compile("规模以下|规下")

_INDUSTRY = (
    re.compile(
        "(?:(?<![去能要])做|从事|种植?|养殖?|搞(?!研发)|主营|主要经营|专门生产|生产|(?<!准备)经营|卖|研发生产)"
        "(?:的是)?([^,。;?!\\d的]{2,20}?)(?:的|业务|行业|生意|这一?[行块])?"
        "(?=(?:[小大中]|小微|初创|民营|科技|高新)*(?:公司|企业|工厂|厂|店|团队|单位|合作社|农场)|[,。;?!]|$)"
    ),
    re.compile("(?:行业|主业)(?:是|为|:)+([^,。;?!]{2,20})"),
    re.compile(
        "开了?(?:一?[家个间])?([^,。;?!\\d的]{1,8}?(?:店|馆|厂|酒店|民宿|农家乐))(?=[,。;?!的]|$)"
    ),
    re.compile("[家个]([^,。;?!\\d的]{2,16}?)(?:的)?(?:公司|企业|工厂|厂家|店|团队|合作社)"),
    re.compile(
        "(?:我们?|咱们?|本公司|我司|公司)是([^,。;?!\\d的]{2,16}?)(?:的)?(?:公司|企业|工厂|厂家)"
    ),
)
_ABOUT = re.compile(
    "^(?:一?家|一个|位于|在|的|小型|小|大型|大|中型|新|初创|民营|本地|本土|当地|普通|科技型?(?=$))+"
)

_NEEDS: tuple[tuple[Need, str], ...] = (
    ("资金", "资金|补贴|补助|奖励|奖金|奖补|资助"),
    ("场地", "场地|厂房|用地|房租|租金|办公室"),
    ("人才", "人才|招人|招聘|落户"),
    ("研发", "研发(?:支持|补助|补贴|项目|经费)|技术攻关"),
    ("融资", "融资|贷款|担保|贴息|上市(?!公司|企业)"),
    ("成果转化", "成果转化|技术转移"),
    ("市场", "市场|订单|销路|出口|参展|首台套"),
)
_WANTS = re.compile("想要?|需要|缺|希望|求|申请|申报|[能可]以?(?:拿|领|享|得)|有没有|有哪些|有什么")
_ELSEWHERE = re.compile("卖到|出口|销往|市场|客户")
_ANSWER = re.compile("(?:^|[,。;?!])([^,。;?!:]{1,30}):(是|否|不清楚)(?=[,。;?!]|$)")


def read_profile(text: str, *, year: int, before: Profile | None = None) -> Profile:
    """Return `before`, or an empty profile, with what the text says; `year` is the present one."""
    profile = before or Profile()
    said = _ANSWER.sub("", _plain_signs(normalise(text)))
    told = {
        "industry": _industry(said),
        "region": _region(said),
        "founded": _founded(said, year),
        "revenue": _revenue(said),
        "research_share": _share(said),
        "staff": _staff(said),
        "needs": _needs(said),
    }
    types, answers = dict(profile.types), dict(profile.answers)
    types.update(_types(said))
    for key, answer in _answered(text):
        if answer != "不清楚":
            (types if key in enterprise_types().implied else answers)[key] = answer == "是"
    known = {name: value for name, value in told.items() if value}
    return replace(profile, **known, types=types, answers=answers)  # type: ignore[arg-type]


def skipped(text: str) -> frozenset[str]:
    """Return what the user was asked and does not know."""
    return frozenset(key for key, answer in _answered(text) if answer == "不清楚")


def write_answer(key: str, answer: str) -> str:
    """Return an answer to a question as `read_profile` reads it from running text."""
    return f"{key}：{answer}"


def read_number(words: str) -> Decimal:
    """Return a figure in digits or words: 2,600万, 两千六百万, 1亿2000万."""
    return sum(
        (_plain(figure) * _SCALES[scale] for figure, scale in _PART.findall(words)), Decimal(0)
    )


def _plain(figure: str) -> Decimal:
    if figure[0].isdigit():
        return Decimal(figure.replace(",", ""))
    total, digit = 0, 0
    for word in figure:
        if word in _TENS:
            total += (digit or 1) * _TENS[word]
            digit = 0
        else:
            digit = _NUMERALS[word]
    return Decimal(total + digit)


def _last(pattern: re.Pattern[str], said: str) -> re.Match[str] | None:
    return next(iter(list(pattern.finditer(said))[-1:]), None)


def _staff(said: str) -> int | None:
    match = _last(_STAFF, said)
    return int(read_number(match[1] or match[2])) if match else None


def _revenue(said: str) -> Decimal | None:
    """Return the revenue in 万元."""
    match = _last(_REVENUE, said)
    return read_number(match[1] or match[2]) / 10**4 if match else None


def _share(said: str) -> Decimal | None:
    match = _last(_SHARE, said)
    return read_number(match[1] or match[2]) if match else None


def _founded(said: str, year: int) -> int | None:
    match = _last(_FOUNDED, said)
    if match is None:
        return None
    if named := match["year"] or match["since"]:
        return int(named)
    if match["lately"]:
        return year - _AGO[match["lately"]]
    return year - int(read_number(match["age"]))


def _types(said: str) -> Iterator[tuple[str, bool]]:
    found = [(named.name, named.span.start) for named in enterprise_types().find(said)]
    found += [
        (name, match.start()) for name, words in _SAID.items() for match in words.finditer(said)
    ]
    for name, start in found:
        before = said[max(0, start - 12) : start]
        if not _DOUBT.search(before):
            yield name, _NOT.search(before) is None and said[start] not in "没未"
    if _SMALLER.search(said):
        yield "规上企业", False


def _industry(said: str) -> str | None:
    for pattern in _INDUSTRY:
        for match in pattern.finditer(said):
            if name := _bare_industry(match[1]):
                return name
    return None


def _bare_industry(words: str) -> str:
    """Return the words without what else a profile holds: places, types, 小 and 一家."""
    for place in _places(words):
        words = words.replace(place, "")
    types = [named.span for named in enterprise_types().find(words)]
    for span in reversed(types):
        words = words[: span.start] + words[span.end :]
    words = _ABOUT.sub("", words)
    return "" if re.search("[什哪啥几怎]|多少|企业$", words) or len(words) < 2 else words


def _region(said: str) -> str | None:
    """Return the place that the enterprise is said to be in, 北京 with 海淀 behind it."""
    for clause in re.split("[,。;?!]", said):
        places = [] if _ELSEWHERE.search(clause) else _places(clause)
        if places:
            inner = [place for place in places[1:] if position(place, places[0]) == "inside"]
            return "".join([places[0], *inner[:1]])
    return None


def _places(said: str) -> list[str]:
    """Return the places; a short name that is a word as well only behind another or 在."""
    found: list[str] = []
    for word in base_segmenter().content_words(said):
        named = read_places(word)
        is_short = word not in load_places()
        if (
            named
            and (named[-1].startswith(word) or word.endswith(named[-1]))
            and not (is_short and not found and f"在{word}" not in said)
        ):
            found.append(word)
    return found


def _needs(said: str) -> tuple[Need, ...]:
    clauses = [clause for clause in re.split("[,。;?!]", said) if _WANTS.search(clause)]
    return tuple(
        need for need, words in _NEEDS if any(re.search(words, clause) for clause in clauses)
    )


def _answered(text: str) -> list[tuple[str, str]]:
    return _ANSWER.findall(_plain_signs(text))


def _plain_signs(text: str) -> str:
    return re.sub("[，。；？！]", ",", text).replace("：", ":")
