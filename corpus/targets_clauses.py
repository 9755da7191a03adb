"""A sentence → its clauses of the form quantity, verb, figure: 地区生产总值增长5%左右.

Knows nothing of what is past and what is to come.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import groupby

from corpus.figures import AFTER, DASH, decimal
from corpus.model import Change, Span
from corpus.segment import plain_segmenter
from corpus.targets_words import any_of, figure_unit, quantity_endings, words

# One character for one: every offset stays.
_NARROW = str.maketrans("０１２３４５６７８９％．～－（）", "0123456789%.~-()")
_BEFORE = (
    "不低于|不少于|不多于|不高于|不超过|不突破|不小于|高于|低于|大于|小于|少于|多于|超过|突破|跨越|超|大约|约|近"
    "|[≥≤>＞<＜]"
)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
# 研究与试验发展(R&D)经费: brackets that stand within a name.
_ABBREVIATED = re.compile(r"(?<=[\u3400-\u9fff])\([A-Za-z&]{1,8}\)(?=[\u3400-\u9fff])")
_ABBREVIATION = 12
# What parts clauses for good; 、 parts them only behind a figure.
_HARD = '，,；;：:。！!？?\n——“”"()[]【】\t'
# The name of a quantity is not longer, with the verb that follows it.
_REACH = 70
_LONGEST_NAME = 36
_COMPARISON = re.compile(
    r"(?:(?:比|较|同|与)[^，。；、]{0,14}?(?:年末?|年底|上年|去年|期末|水平|基数|五期间|五)(?:实际|相比)?"
    r"|在[^，。；、]{0,16}(?:基础上|年底前?|年)|(?:由|从)[^，。；]{1,24})$"
)
# 由2020年的23%提高到…: where the quantity comes from.
_OLD_FIGURE = re.compile(r"[由从](?:(?:(?:19|20)\d\d\s*|去|上)年[底末]?)?的?(?:不足|约)?$")
_OLD_BEFORE = re.compile("[由从][^，。；、]{0,16}$")
_NEW_AFTER = re.compile(
    "[^，。；、]{0,6}(?:提高|提升|增加|增长|上升|扩大|下降|降低|减少|缩小|降|增|升)[到至]"
)
_BARE = re.compile("(?:系数|指数)[^，。；、\\d]{0,10}$")
_POINTS = re.compile(rf"(?:、|和|及|与|，)\s?{_NUMBER}\s?个百分点")
_LIST = ("、", "和", "，", "以及", "及", "与")
# 及 and 和 stand inside of names too (文化及相关产业): 、 alone is tried first.
_JOINTS = tuple(re.compile(f"[^{marks}]+") for marks in ("、", "、和与", "、和与及"))
# So far behind its own figure a quantity may have a second one.
_BORROWED = 12
# Left over from layout: 顶尖人 才.
_STRAY_BLANK = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_JOINED = re.compile("[、和与及]")
_AFTER = AFTER.split("|")
_EACH = re.compile("分别|均|都|各")
_ANNUAL = re.compile("年均|每年|年平均")
_TEMPORAL = re.compile(
    r"(?:到|至|在|力争到|截至)?(?:(?:19|20)\d\d\s*(?:[-—–~至]{1,2}\s*(?:19|20)?\d\d\s*)?年"
    r"|[“\"]?十[一二三四五六七八九]?五[”\"]?)(?:[底末]前?|时期|期间|期末|规划期)?(?:内|，)?"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A quantity and its figure; `span` and `name_span` count from the sentence's start."""

    name_span: Span
    span: Span
    name: str
    number: Decimal
    high: Decimal | None
    unit: str
    bound: str | None
    change: Change | None
    is_annual: bool
    verb: str
    figure_start: int
    whole_name: str
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class _Figure:
    start: int
    end: int
    match: re.Match[str]
    unit: str


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before a figure, cut from the right: bound, verb, quantity."""

    name_start: int
    name_end: int
    bound: str | None
    change: Change | None
    is_annual: bool
    verb: str
    is_split: bool
    bound_start: int


def narrow(text: str) -> str:
    """Return the text with figures and signs of one width, every character in its place."""
    return text.translate(_NARROW)


def read_clauses(sentence: str) -> list[Clause]:
    """Return the clauses in which a quantity has a figure, in order."""
    text = narrow(sentence)
    clauses: list[Clause] = []
    previous_end = 0
    for figure in _figures(text):
        start = _boundary(text, previous_end, figure.start)
        if not _is_old(text, start, figure):
            head = _head(text, start, figure.start)
            clause = _clause(sentence, figure, head, clauses[-1] if clauses else None)
            if clause is not None:
                clauses.append(clause)
            previous_end = figure.end
    return _shared_out(clauses, sentence)


def _shared_out(clauses: Sequence[Clause], sentence: str) -> list[Clause]:
    """Give each quantity of 甲、乙分别增长5%和6%以上, and of 甲、乙均增长5%, its own figure."""
    shared: list[Clause] = []
    for place, run in groupby(clauses, key=lambda clause: clause.name_span):
        group = list(run)
        if len(group) > 1 and group[-1].is_split:
            group = _one_each(group, _parts(place, sentence, len(group)), sentence)
        elif len(group) == 1 and group[0].name == place.of(sentence):
            parts = _alike(place, sentence, group[0])
            group = _one_each(group * len(parts), parts, sentence)
        shared.extend(group)
    return shared


def _one_each(group: Sequence[Clause], parts: Sequence[Span], sentence: str) -> list[Clause]:
    """Return the clauses with a quantity each; the one bound at the end bounds all figures."""
    last = group[-1]
    is_shared = last.bound in _AFTER and all(clause.bound is None for clause in group[:-1])
    return [
        replace(
            clause,
            name_span=part,
            name=(name := _STRAY_BLANK.sub("", part.of(sentence))),
            whole_name=clause.whole_name if last.is_split else name,
            span=Span(part.start, clause.span.end),
            bound=last.bound if is_shared else clause.bound,
        )
        for clause, part in zip(group, parts, strict=True)
    ]


def _parts(place: Span, sentence: str, count: int) -> list[Span]:
    """Return the parts of a list of quantities if there are `count`, else the whole each time."""
    for joint in _JOINTS:
        parts = _cut(joint, place, sentence)
        if len(parts) == count:
            return parts
    return [place] * count


def _alike(place: Span, sentence: str, clause: Clause) -> list[Span]:
    """Return the quantities that have one figure together, each for itself."""
    # 和 alone may stand inside of a name.
    for joint in _JOINTS if clause.is_split else _JOINTS[:1]:
        parts = _cut(joint, place, sentence)
        if len(parts) > 1 and all(is_quantity(part.of(sentence)) for part in parts):
            return parts
    return [place]


def _cut(joint: re.Pattern[str], place: Span, sentence: str) -> list[Span]:
    return [
        Span(place.start + part.start(), place.start + part.end())
        for part in joint.finditer(place.of(sentence))
    ]


@cache
def _figure() -> re.Pattern[str]:
    unit = figure_unit()
    return re.compile(
        rf"(?<![\d.A-Za-z])(?P<number>{_NUMBER})(?![\d])\s?(?P<unit>{unit})?"
        rf"(?:(?:{DASH}|到)(?P<high>{_NUMBER})(?![\d])\s?(?P<unit2>{unit})?)?(?P<after>{AFTER})?"
    )


def _figures(text: str) -> Iterator[_Figure]:
    for match in _figure().finditer(text):
        number, unit = match["number"], _unit(match, text)
        is_year = len(number) == 4 and number[:2] in ("19", "20") and (unit or "年")[0] == "年"
        if not is_year and (unit or _is_coefficient(text, match)):
            yield _Figure(match.start(), match.end(), match, unit)


def _unit(match: re.Match[str], text: str) -> str:
    """Return the figure's unit; 3个和4个百分点 are two figures in 百分点."""
    unit: str = match["unit2"] or match["unit"] or ""
    return "个百分点" if unit == "个" and _POINTS.match(text, match.end()) else unit


def _is_coefficient(text: str, match: re.Match[str]) -> bool:
    """Tell whether the figure needs no unit: 农业灌溉用水有效利用系数提高到0.53."""
    after = text[match.end() : match.end() + 1]
    is_end = not after or after in _HARD + "、"
    return is_end and _BARE.search(text, max(0, match.start() - 24), match.start()) is not None


def _is_old(text: str, start: int, figure: _Figure) -> bool:
    """Tell whether the figure is where a quantity comes from."""
    if _OLD_FIGURE.search(text, start, figure.start):
        return True
    is_from = _OLD_BEFORE.search(text, start, figure.start) is not None
    return is_from and _NEW_AFTER.match(text, figure.end) is not None


def _boundary(text: str, floor: int, end: int) -> int:
    """Return where the clause of the figure at `end` starts."""
    start = max(floor, end - _REACH)
    for position in range(end - 1, start - 1, -1):
        if text[position] in _HARD and not _is_within_name(text, position):
            return position + 1
    return start


def _is_within_name(text: str, position: int) -> bool:
    """Tell whether the sign is within a number or around an abbreviation: 专利(PCT)申请量."""
    if text[position] not in "()":
        return _is_within_number(text, position)
    around = text[max(0, position - _ABBREVIATION) : position + _ABBREVIATION]
    return any(
        text[position] in match[0] and match.start() <= min(position, _ABBREVIATION) < match.end()
        for match in _ABBREVIATED.finditer(around)
    )


def _is_within_number(text: str, position: int) -> bool:
    return text[position] == "," and text[position - 1 : position].isdigit()


@cache
def _cuts() -> tuple[re.Pattern[str], ...]:
    between = any_of("between")
    return (
        re.compile(rf"(?P<bound>{_BEFORE})?\s*$"),
        re.compile(rf"(?P<rise>{any_of('rise')})$|(?P<fall>{any_of('fall')})$"),
        re.compile(rf"(?P<rise>{any_of('swing up')})$|(?P<fall>{any_of('swing down')})$"),
        re.compile(rf"(?P<level>{any_of('level')})$"),
        # 人均 is part of a name, 均 alone is not.
        re.compile(rf"(?<!人){between}$"),
    )


def _head(text: str, start: int, end: int) -> _Head:
    bound_cut, change_cut, swing_cut, level_cut, _ = _cuts()
    piece = text[start:end]
    bound = None
    if (match := bound_cut.search(piece)) is not None:
        bound = match["bound"]
        piece = piece[: match.start()]
    bound_start = end if bound is None else start + len(piece)
    change: Change | None = None
    verb = ""
    piece = piece.rstrip()
    if match := level_cut.search(piece):
        piece, verb = piece[: match.start()], match[0]
    elif match := change_cut.search(piece):
        change = "increase" if match["rise"] else "decrease"
        piece, verb = piece[: match.start()], match[0]
    modifiers = piece
    piece = _without_modifiers(piece)
    if change is None and (match := (change_cut if verb else swing_cut).search(piece)):
        # 余额预期增长均为12%左右, 居民消费价格涨幅2%左右
        change = "increase" if match["rise"] else "decrease"
        piece = _without_modifiers(piece[: match.start()])
    name_start, name_end = _trim_name(text, start, start + len(piece))
    if not verb and bound is None:
        change = _opening_change(text[start:name_start])
        verb = "" if change else _opening_verb(text[start:name_start])
    is_split = _EACH.search(modifiers[len(piece) :]) is not None
    is_annual = _ANNUAL.search(modifiers[len(piece) :]) is not None
    return _Head(name_start, name_end, bound, change, is_annual, verb, is_split, bound_start)


def _opening_change(lead: str) -> Change | None:
    """Return the fall that the verb in front of a quantity makes: 压减钢铁产能5000万吨."""
    match = _cuts()[1].search(lead.rstrip())
    return "decrease" if match is not None and match["fall"] else None


def _opening_verb(lead: str) -> str:
    """Return the word in front of a quantity that sets a bare figure: 确保粮食播种面积1530万亩."""
    return next((verb for verb in words("sets") if lead.rstrip().endswith(verb)), "")


def _without_modifiers(piece: str) -> str:
    """Cut 年均, 分别, 比2020年 … off the end."""
    between_cut = _cuts()[-1]
    while True:
        shorter = _COMPARISON.sub("", between_cut.sub("", piece.rstrip()))
        if shorter == piece:
            return piece
        piece = shorter


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\s|{_TEMPORAL.pattern}|{any_of('lead')}|[、，①-⑳]|\d{{1,2}}[.、\uff0e])+"
    )


def _trim_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut connecting words and years off the front of a name."""
    lead = _lead().match(text, start, end)
    begin = lead.end() if lead else start
    if lead:
        # 内 in front of 内河 and 增加 in front of 增加值 are no words of their own.
        dated = [match.end() for match in _TEMPORAL.finditer(text, start, begin)]
        floor = dated[-1] if dated else start
        begin = floor + _word_start(text[floor:end], begin - floor)
        begin = _with_added(text, floor, begin, end)
    while end > begin and text[end - 1].isspace():
        end -= 1
    return begin, end


def _with_added(text: str, floor: int, begin: int, end: int) -> int:
    """Return where the name starts with its 新增 where that is part of what is measured: jobs."""
    if not text[begin:end].rstrip().endswith(words("added")):
        return begin
    added = text.rfind("新增", floor, begin)
    return begin if added == -1 or text[added + 2 : begin].strip() else added


def _word_start(text: str, position: int) -> int:
    """Return the start of the word that the position is inside of, else the position."""
    segmenter = plain_segmenter()
    for word in segmenter.words(text):
        if word.start < position < word.end and segmenter.tokenizer.FREQ.get(word.of(text)):
            return word.start
    return position


def _clause(sentence: str, figure: _Figure, head: _Head, last: Clause | None) -> Clause | None:
    """Return the clause of the figure; it may borrow its quantity from the clause before."""
    place = Span(head.name_start, head.name_end)
    name = _STRAY_BLANK.sub("", place.of(sentence))
    start = place.start
    if len(name) > _LONGEST_NAME:
        return None
    if name in ("", *_LIST):
        if last is None or figure.start - last.span.end > _BORROWED:
            return None
        if not head.verb:
            # 甲、乙分别增长5%、6%: the second figure has neither quantity nor verb.
            if not _is_list(last) or sentence[last.span.end : figure.start].strip() not in _LIST:
                return None
            head = replace(
                head,
                change=last.change,
                is_annual=last.is_annual,
                verb=last.verb,
                is_split=True,
            )
        name, place, start = last.name, last.name_span, last.name_span.start
    elif name.startswith("占") and last is not None and figure.start - last.span.end < _REACH:
        start = last.name_span.start
        name = last.name + name
    elif owner := _owner(name, last, sentence[last.span.end : figure.start] if last else ""):
        start = last.name_span.start if last else start
        name = owner + name
    return Clause(
        name_span=place,
        span=Span(start, figure.end),
        name=name,
        number=decimal(figure.match["number"]),
        high=decimal(figure.match["high"]) if figure.match["high"] else None,
        unit=figure.unit,
        bound=head.bound or figure.match["after"],
        change=head.change,
        is_annual=head.is_annual,
        verb=head.verb or (head.bound or ""),
        figure_start=head.bound_start,
        whole_name=name,
        is_split=head.is_split,
    )


def _owner(name: str, last: Clause | None, between: str) -> str:
    """Return whose yield a bare one is: in 粮食播种面积1530万亩、总产量125亿斤 that of 粮食."""
    if last is None or name not in words("yield") or len(between) > _BORROWED:
        return ""
    area = next((word for word in words("area") if last.name.endswith(word)), None)
    return last.name.removesuffix(area) if area else ""


def _is_list(clause: Clause) -> bool:
    """Tell whether the clause's figure is the first of one for each of several quantities."""
    return clause.is_split or _JOINED.search(clause.name) is not None


def is_quantity(name: str) -> bool:
    """Tell whether the name is of a quantity that may have a figure without a verb."""
    return re.sub(r"\([^()]*\)$", "", narrow(name)).endswith(quantity_endings())
