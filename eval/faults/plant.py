"""One fault of a kind, planted in a verified statement."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TypeAlias

from corpus.normal import normalise
from eval.faults.samples import Sample

Plant: TypeAlias = Callable[[Sample, Sequence[Sample], Random], Sample | None]

_MARK = re.compile(r"\[\d+\]")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_MAGNITUDE = re.compile(r"(?<=\d)(?:万|亿)")
_QUOTED = re.compile("[「“《]([^「」“”《》]{3,})[」”》]")

_UNITS: Mapping[str, str] = {
    "%": "个百分点",
    "个百分点": "%",
    "家": "个百分点",
    "人年": "%",
    "人": "家",
    "件": "%",
    "万元/人": "万元",
    "亿元": "亿吨",
    "万元": "万吨",
    "元": "吨",
    "平方米": "亩",
    "平方公里": "公里",
    "公里": "平方公里",
    "亿斤": "亿元",
    "吨": "元",
    "项": "%",
    "个": "%",
    "日": "个月",
    "年": "个月",
}
_BOUNDS: Mapping[str, str] = {
    "以上": "以下",
    "以下": "以上",
    "以内": "以上",
    "左右": "以上",
    "不低于": "不超过",
    "不少于": "不超过",
    "不超过": "不低于",
    "超过": "低于",
    "约": "超过",
    "最高": "最低",
}
_DIRECTIONS: Mapping[str, str] = {
    "提高": "降低",
    "增长": "下降",
    "增加": "减少",
    "提升": "降低",
    "上升": "下降",
    "扩大": "缩小",
    "增强": "削弱",
    "降低": "提高",
    "下降": "上升",
    "减少": "增加",
}
_ATTRIBUTES: Mapping[str, str] = {"预期性": "约束性", "约束性": "预期性"}
_DENIALS: Mapping[str, str] = {
    "不得": "可以",
    "不再": "继续",
    "达到": "未达到",
    "建立": "不建立",
    "支持": "不支持",
    "给予": "不给予",
    "推进": "不推进",
    "加强": "不加强",
    "实施": "不实施",
    "建设": "不建设",
    "推动": "不推动",
    "完善": "不完善",
    "开展": "不开展",
    "加快": "不加快",
    "打造": "不打造",
    "属预期性": "不属预期性",
    "目标为": "目标不为",
}
_STRENGTHS: Mapping[str, str] = {
    "应当": "可以",
    "必须": "可以",
    "鼓励": "必须",
    "支持": "必须",
    "探索": "必须",
    "可以": "必须",
}
_INVENTED = (
    "对首次落户的企业一次性奖励20万元。",
    "相关部门将在三个工作日内办结。",
    "该项工作由市长亲自负责。",
    "符合条件的居民可以免费乘坐地铁。",
    "这一比例在全国排名第一。",
    "企业需要提前缴纳保证金。",
    "此外还将新建两座民用机场。",
    "外籍人士不适用本条规定。",
    "上述资金全部由银行贷款解决。",
    "未完成任务的单位将被通报批评。",
    "该政策已于去年废止。",
    "中小学将全面推行双语教学。",
    "专家普遍认为这一目标难以实现。",
    "预计可带动就业超过十万人。",
    "申请人须具有硕士以上学历。",
    "游客满意度连年位居榜首。",
    "同时取消购房的户籍限制。",
    "高铁站将迁往新城区。",
    "每位老人每月可以领取营养补贴。",
    "海外仓储企业享受关税减免。",
)


def _digit(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
    """Change one digit of a figure so that the cited sources do not hold the new one."""
    text = sample.draft.text
    places = [match for match in _DIGITS.finditer(text) if not _in_mark(text, match.start())]
    random.shuffle(places)
    held = set(_DIGITS.findall(normalise(_quotes(sample)).replace(",", "")))
    for match in places:
        place = random.choice([i for i, sign in enumerate(match[0]) if sign != "."])
        digit = random.choice([d for d in "123456789" if d != normalise(match[0][place])])
        new = match[0][:place] + digit + match[0][place + 1 :]
        if new not in held and not _is_computed(sample, match.start()):
            return sample.saying(text[: match.start()] + new + text[match.end() :])
    return None


def _unit(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
    units = "|".join(sorted(_UNITS, key=len, reverse=True))
    pattern = re.compile(rf"(?<=\d)(?:{units})(?![次\u4e00-\u9fff]?/|均)")
    return _swap(sample, pattern, lambda word: _UNITS[word], random)


def _words(table: Mapping[str, str], *, near_figures: bool = False) -> Plant:
    longest = "|".join(sorted(table, key=len, reverse=True))
    beside = rf"(?:{longest})(?=\d)|(?<=[\d%家元人个件米])(?:{longest})"
    pattern = re.compile(beside if near_figures else longest)

    def plant(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
        return _swap(sample, pattern, lambda word: table[word], random)

    return plant


def _year(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
    """Move a year, half the time to another one that the sources name."""

    def other(year: str) -> str:
        named = [found for found in set(_YEAR.findall(_quotes(sample))) if found != year]
        moved = str(int(year) + random.choice((-5, -3, -2, -1, 1, 2, 3, 5)))
        return random.choice(sorted(named)) if named and random.random() < 0.5 else moved

    return _swap(sample, _YEAR, other, random)


def _magnitude(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
    return _swap(sample, _MAGNITUDE, lambda word: "亿" if word == "万" else "万", random)


def _citation(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
    """Let one line cite what another statement rests on."""
    lines = sample.draft.text.split("\n")
    cited = [place for place, line in enumerate(lines) if _MARK.search(line)]
    quotes = {citation.quote for citation in sample.citations}
    foreign = [
        other.citations[0]
        for other in others
        if other is not sample and not _overlap(other.citations[0].quote, quotes)
    ]
    if not cited or not foreign:
        return None
    wrong = random.choice(foreign)
    number = len(sample.citations) + 1
    place = random.choice(cited)
    lines[place] = f"{_MARK.sub('', lines[place])}[{number}]"
    texts = next(other.texts for other in others if wrong in other.citations)
    return replace(
        sample.saying("\n".join(lines)),
        citations=(*sample.citations, replace(wrong, n=number)),
        texts=sample.texts | texts,
    )


def _overlap(quote: str, quotes: set[str]) -> bool:
    """Tell whether one holds the other: to cite it would be no fault."""
    return any(quote in other or other in quote for other in quotes)


def _invented(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
    mark = _MARK.findall(sample.draft.text)
    sentence = random.choice(_INVENTED)
    return sample.saying(f"{sample.draft.text}\n{sentence}{mark[-1]}") if mark else None


def _quotation(sample: Sample, others: Sequence[Sample], random: Random) -> Sample | None:
    """Alter a character of a quotation; where there is none, of one that is put in."""
    text = sample.draft.text
    found = list(_QUOTED.finditer(text))
    if found and random.random() < 0.5:
        match = random.choice(found)
        place = random.randrange(match.start(1), match.end(1))
        return sample.saying(text[:place] + _other(text[place], random) + text[place + 1 :])
    pieces = re.findall("[\u4e00-\u9fff]{8,24}", sample.citations[0].quote)
    if not pieces:
        return None
    piece = random.choice(pieces)
    place = random.randrange(len(piece))
    altered = piece[:place] + _other(piece[place], random) + piece[place + 1 :]
    return sample.saying(f"{text}\n原文写明“{altered}”。[1]")


KINDS: Mapping[str, Plant] = {
    "改动数字": _digit,
    "改动单位": _unit,
    "以上与以下互换": _words(_BOUNDS, near_figures=True),
    "升降反转": _words(_DIRECTIONS),
    "挪动年份": _year,
    "引用错位": _citation,
    "添加杜撰句": _invented,
    "引文改字": _quotation,
    "万亿互换": _magnitude,
    "指标属性反转": _words(_ATTRIBUTES),
    "加减否定": _words(_DENIALS),
    "力度改变": _words(_STRENGTHS),
}


def _swap(
    sample: Sample, pattern: re.Pattern[str], change: Callable[[str], str], random: Random
) -> Sample | None:
    text = sample.draft.text
    places = [
        match
        for match in pattern.finditer(text)
        if not _in_mark(text, match.start()) and not _is_computed(sample, match.start())
    ]
    if not places:
        return None
    match = random.choice(places)
    return sample.saying(text[: match.start()] + change(match[0]) + text[match.end() :])


def _in_mark(text: str, place: int) -> bool:
    return any(mark.start() <= place < mark.end() for mark in _MARK.finditer(text))


def _is_computed(sample: Sample, place: int) -> bool:
    """Tell whether a place of the text lies in what code worked out."""
    text = sample.draft.text
    return any(
        match.start() <= place < match.end()
        for computed in sample.draft.computed
        for match in re.finditer(re.escape(computed), text)
    )


def _quotes(sample: Sample) -> str:
    return "\n".join(citation.quote for citation in sample.citations)


def _other(character: str, random: Random) -> str:
    return random.choice([other for other in "与新大市工民发重高和区中" if other != character])
