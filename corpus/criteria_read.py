"""A clause of conditions → what it demands, part by part.

What can be read as a figure, a type, an industry or a place is read; every other part is a
question. Every function takes a compact view (corpus/measure_words.py) with the way back.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from corpus.criteria import AnyOf, Asked, Criterion, Located, NoneOf, OneOf, Threshold
from corpus.criteria_thresholds import read_thresholds
from corpus.model import Span
from corpus.normal import NormalView
from corpus.regions import read_places
from corpus.vocabulary import Named, applicant_kinds, enterprise_types, industries, topics

_PART = re.compile(r"(?:[^,;。()]|\([^()]*\)|[()])+")
_SENTENCE = re.compile(r"[^。;]+")
_LABEL = re.compile(
    r"(?:\(?\d{1,2}\)|\d{1,2}\.(?!\d)|\(?[一二三四五六七八九十]{1,3}\)?、?(?=[^\d年个家]))*"
)
_TOP_LABEL = re.compile(r"\d{1,2}\.(?!\d)")
_HEAD = re.compile(r"[^:。;]{2,40}:")
# 属于……领域, 从事……的企业: the industry is demanded, not only mentioned.
_DEMANDS_INDUSTRY = re.compile(r"属于|从事|主营|领域|行业")
_REGISTERED = re.compile(r"注册|登记|落户|迁入|设立|区域内|区划|范围内")
_OWN_PLACE = re.compile(r"本[省市区县]|我[省市区县]|在京|[省市区县]内|区域性|行政区")
# What is new only now, or what somebody has yet to recognise, no profile tells.
_NEW = re.compile(
    r"初次|首次|新认定|新评|新增|新纳入|当年|上年|新入|新备案|新获|迁入|引进|兼并|收购|控股"
)
# What asks for nothing: how to apply, what is preferred, what a word means, who everybody is.
_IDLE = re.compile(
    r"是指|提供|填写|提交|报送|承诺|申报材料|为准|参照|另行|优先|重点支持|不受|鼓励|负责|其他条件|可以?申|附件"
    r"|^(?:(?:应|须|需)?(?:同时)?(?:符合|满足|具备)?(?:以下|下列|上述|相关|规定|一定)?(?:所有)?(?:条件|要求)(?:之一)?)$"
    r"|^(?:且|并|或|报|可按|方向|其中|以下|原则上|一般应?|按照?|根据|每|同一|单个|经)[^,]*$|^.{0,3}$"
)
# What a word means: “在孵企业”指从业人员在100人以下…….
_MEANS = re.compile(r"(?:其中,)?[“\"][^“”\"。]{2,20}[”\"]是?指[^。]*")
# 申报成长型企业,应符合以下条件: holds for those alone who apply as that.
_KIND = re.compile(
    r"(?:(?<=[。;:])|^)(?![^:。;]*(?:还|之一|基本条件))(?:申报|申请)[^:。;\d(]{2,30}?(?:应当?|须|需)(?:同时)?"
    r"(?:符合|满足|具备)(?:以下|下列)[^:。;]{0,6}条件:"
)
_LISTS_REFUSED = re.compile(r"(?:情形|情况|行为)[^:]*(?:不予|不得|不享受|取消)")
_REFUSED = re.compile(r"不予支持|不予受理|不得申[报请]|不纳入|不适用|不予资助|不予奖励|不享受|除外")
_NOT_ASKED = re.compile(r"不得重复|不重复|就高")
_LEFT_OUT = re.compile(
    r"\((?:不含|不包括|除)[^()]*\)|除[^,。;除]{2,30}?(?:外|以外|之外)(?=[,的])|(?:不含|不包括)[^,。;()]{2,30}"
)
# 发挥融资担保机构作用支持小微企业: whom one acts through gets nothing.
_ACTING = re.compile(r"发挥[^,。;]{0,20}?(?:机构|银行|基金|公司|组织)[^,。;]{0,6}?作用")
_LONGEST_KEY = 60
_MOST_ASKED = 8
_SHORTEST_TITLE = 6


def read_block(view: NormalView, title: str = "") -> tuple[Criterion, ...]:
    """Return what a block of conditions demands: numbered items, each of one or more sentences.

    Where some items are headed as the part of the text that `title` names, only those count. Of
    kinds of applicants that have conditions of their own, one must be of one kind.
    """
    items = _items_for(view.text, title) or [(0, len(view.text))]
    meanings = [match.span() for match in _MEANS.finditer(view.text)]
    sentences = [
        sentence
        for sentence in _sentences(view.text)
        if _is_within(sentence, items) and not _is_within(sentence, meanings)
    ]
    kinds = [
        tuple(one for one in sentences if _is_within(one, [kind])) for kind in _kinds(view.text)
    ]
    kinds = [kind for kind in kinds if kind]
    common = [one for one in sentences if len(kinds) < 2 or not any(one in kind for kind in kinds)]
    found = list(_few(view, common))
    parts = tuple(tuple(_few(view, kind)) for kind in kinds)
    if len(parts) > 1 and all(parts):
        found.append(AnyOf(parts, view.back(kinds[0][0].start, kinds[0][0].end)))
    return tuple(found)


def _is_within(sentence: "_Sentence", ranges: Iterable[tuple[int, int]]) -> bool:
    return any(start <= sentence.start < end for start, end in ranges)


def _few(view: NormalView, sentences: Iterable["_Sentence"]) -> Iterator[Criterion]:
    """Yield what the sentences demand, with no more questions than one can answer."""
    asked = 0
    for criterion in chain.from_iterable(_read(view, sentence) for sentence in sentences):
        asked += isinstance(criterion, Asked)
        if not isinstance(criterion, Asked) or asked <= _MOST_ASKED:
            yield criterion


def _kinds(text: str) -> Iterator[tuple[int, int]]:
    """Yield where conditions for one kind of applicant begin and end."""
    starts = [match.start() for match in _KIND.finditer(text)]
    items = [one.start() for one in _TOP_LABEL.finditer(text) if text[one.start() - 1] in "。;"]
    for start, following in pairwise([*starts, len(text)]):
        yield start, min([following, *(item for item in items if item > start)])


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a block, without its label and the head of its item.

    `only_for` are the industries that its item speaks to; `is_refusal` tells that it is one of the
    cases in which nothing is given, `is_choice` that one of several demands in it must be met.
    """

    start: int
    end: int
    only_for: tuple[str, ...] = ()
    is_refusal: bool = False
    is_choice: bool = False


def _items_for(text: str, title: str) -> list[tuple[int, int]]:
    """Return the numbered items whose heads are the title, or hold it."""
    if len(title) < _SHORTEST_TITLE:
        return []
    labels = [match.start() for match in _TOP_LABEL.finditer(text)]
    starts = [start for start in labels if not start or text[start - 1] in "。;:"]
    items = list(pairwise([*starts, len(text)]))
    heads = [_SENTENCE.match(text, _behind_label(text, start, end), end) for start, end in items]
    return [
        item
        for item, head in zip(items, heads, strict=True)
        if head is not None and title in head[0].partition(":")[0]
    ]


def _read(view: NormalView, sentence: _Sentence) -> Iterator[Criterion]:
    if sentence.is_choice:
        return iter((ask(view, sentence.start, sentence.end),))
    if sentence.is_refusal:
        return _refusal(view, sentence.start, sentence.end, sentence.start)
    return read_sentence(view, sentence.start, sentence.end, only_for=sentence.only_for)


def _sentences(text: str) -> Iterator[_Sentence]:
    """Yield the sentences that speak to an enterprise."""
    only_for: tuple[str, ...] = ()
    is_for_others = is_refusal = holds_on = False
    choice: _Sentence | None = None
    for match in _SENTENCE.finditer(text):
        start = match.start()
        is_labelled = _TOP_LABEL.match(text, start) is not None
        if choice is not None and not is_labelled:
            choice = replace(choice, end=match.end())
            continue
        if choice is not None:
            yield choice
            choice = None
        if is_labelled:
            only_for, is_for_others = (), False
            is_refusal = is_refusal and holds_on
        start = _behind_label(text, start, match.end())
        head = _HEAD.match(text, start, match.end())
        if head is not None and "之一" in head[0]:
            # 符合以下条件之一的优先资助: who does not may still apply.
            is_for_others = "优先" in head[0]
            choice = None if is_for_others else _Sentence(start, match.end(), is_choice=True)
            continue
        if head is not None:
            only_for = _names(industries().find(head[0]))
            is_for_others = _names_others(head[0])
            start = _behind_label(text, head.end(), match.end())
            if _LISTS_REFUSED.search(head[0]):
                # Where no number opens the head, the numbers behind it are its cases.
                is_refusal, holds_on = True, not is_labelled
        if start < match.end() and not is_for_others:
            yield _Sentence(start, match.end(), only_for, is_refusal)
    if choice is not None:
        yield choice


def _behind_label(text: str, start: int, end: int) -> int:
    label = _LABEL.match(text, start, end)
    return label.end() if label else start


def _names_others(words: str) -> bool:
    kinds = {one.name for one in applicant_kinds().find(words)}
    return bool(kinds) and "enterprise" not in kinds


def read_sentence(
    view: NormalView, start: int, end: int, *, only_for: tuple[str, ...] = ()
) -> Iterator[Criterion]:
    """Yield what one sentence of a block demands; `only_for` are the industries it speaks to."""
    text = view.text
    if refused := _REFUSED.search(text, start, end):
        if not _NOT_ASKED.search(text, start, end):
            yield from _refusal(view, start, end, refused.start())
        return
    unread: list[tuple[int, int]] = []
    for part in _PART.finditer(text, start, end):
        first = part.end() - len(part[0].lstrip("且并和及"))
        read = list(_read_part(view, first, part.end(), only_for))
        yield from read
        if not read or _NEW.search(text, first, part.end()):
            unread.append((first, part.end()))
    if not only_for:
        yield from _questions(view, unread)


def _read_part(
    view: NormalView, start: int, end: int, only_for: tuple[str, ...]
) -> Iterator[Criterion]:
    pieces = _alternatives(view.text, start, end)
    read = [tuple(_read_piece(view, first, last, only_for)) for first, last in pieces]
    if len(read) > 1 and all(read):
        yield AnyOf(tuple(read), view.back(start, end))
    else:
        yield from chain.from_iterable(read)


def _alternatives(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts between 或, if what follows it is a demand of its own and no other noun."""
    middle = text.find("或", start, end)
    while middle >= 0:
        sides = (start, middle), (middle + 1, end)
        if all(any(read_thresholds(text, *side)) for side in sides) or (
            any(read_thresholds(text, *sides[0])) and enterprise_types().find(text, *sides[1])
        ):
            return list(sides)
        middle = text.find("或", middle + 1, end)
    return [(start, end)]


def _read_piece(
    view: NormalView, start: int, end: int, only_for: tuple[str, ...]
) -> Iterator[Criterion]:
    text = view.text
    named = _names(industries().find(text, start, end))
    thresholds = list(read_thresholds(text, start, end))
    for one in thresholds:
        span = view.back(one.span.start, one.span.end)
        yield Threshold(
            one.subject,
            one.low,
            one.high,
            span,
            one.is_low_open,
            one.is_high_open,
            named or only_for,
        )
    if thresholds or only_for:
        return
    yield from read_types(view, start, end)
    if named and _DEMANDS_INDUSTRY.search(text, start, end):
        yield OneOf("industry", named, view.back(start, end))
    yield from _place(view, start, end)
    yield from _topics(view, start, end)


def read_types(view: NormalView, start: int, end: int) -> Iterator[OneOf]:
    """Yield the types of enterprise of which one must fit."""
    found = enterprise_types().find(view.text, start, end)
    if found and "其他" not in view.text[start:end]:
        span = view.back(found[0].span.start, found[-1].span.end)
        yield OneOf("type", _names(found), span)


def _place(view: NormalView, start: int, end: int) -> Iterator[Located]:
    """Yield the place of registration unless it is the document's own (本市)."""
    words = view.text[start:end]
    if _REGISTERED.search(words) and not _OWN_PLACE.search(words):
        places = read_places(words)
        if places:
            yield Located("".join(places), view.back(start, end))


def _topics(view: NormalView, start: int, end: int) -> Iterator[Asked]:
    for topic in topics():
        if any(word in view.text[start:end] for word in topic.words):
            yield Asked(topic.key, topic.question, view.back(start, end), topic.yes_meets)


def _refusal(view: NormalView, start: int, end: int, sign: int) -> Iterator[Criterion]:
    """Yield who gets nothing: the common cases by name, another one as a question."""
    named = list(_topics(view, start, end))
    if named:
        yield from (Asked(one.key, one.question, one.span, yes_meets=False) for one in named)
        return
    begin = max(start, view.text.rfind(",", start, sign) + 1)
    quote = view.text[begin:end]
    question = f"贵企业是否属于这种情形：“{quote}”？"
    yield Asked(quote[:_LONGEST_KEY], question, view.back(begin, end), yes_meets=False)


def _questions(view: NormalView, parts: list[tuple[int, int]]) -> Iterator[Asked]:
    """Yield a question for each run of parts that nothing was read from."""
    wanted = [part for part in parts if _asks(view.text[part[0] : part[1]])]
    runs: list[tuple[int, int]] = []
    for start, end in wanted:
        if runs and start <= runs[-1][1] + 2 and end - runs[-1][0] <= 60:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    for start, end in runs:
        yield ask(view, start, end)


def _asks(words: str) -> bool:
    is_of_place = _OWN_PLACE.search(words) and not _NEW.search(words)
    return not _IDLE.search(words) and not is_of_place


def ask(view: NormalView, start: int, end: int) -> Asked:
    """Return the question for a clause that no field of a profile answers."""
    words = view.text[start:end].removesuffix("的")
    return Asked(words[:_LONGEST_KEY], f"贵企业是否符合：“{words}”？", view.back(start, end))


def read_industries(view: NormalView, start: int, end: int) -> Iterator[OneOf | NoneOf]:
    """Yield the industries that the words name, and those that they leave out."""
    for match in _LEFT_OUT.finditer(view.text, start, end):
        if found := industries().find(view.text, *match.span()):
            yield NoneOf("industry", _names(found), view.back(*match.span()))
    found = industries().find(view.text, start, end)
    named = [one for one in found if not is_left_out(view.text, one.span)]
    if named:
        span = view.back(named[0].span.start, named[-1].span.end)
        yield OneOf("industry", _names(named), span)


def is_left_out(text: str, span: Span) -> bool:
    """Tell whether the words stand in an exclusion, (不含采矿、选矿), or name who only acts."""
    return any(
        match.start() <= span.start < match.end()
        for pattern in (_LEFT_OUT, _ACTING)
        for match in pattern.finditer(text)
    )


def _names(found: Sequence[Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in found))


def spans_within(text: str, words: str | None, span: Span) -> Span | None:
    """Return where the words stand within the span, None if they are from elsewhere."""
    if not words:
        return None
    start = text.find(words, span.start, span.end)
    return Span(start, start + len(words)) if start >= 0 else None
