"""What a measure's own sentence demands of an enterprise: who it is, which conditions, for what.

Knows nothing of what the document says elsewhere: corpus/rules.py adds that.
"""

import re
from collections.abc import Iterator

from corpus.criteria import AnyOf, Asked, Criterion, NoneOf, OneOf, Refused, Threshold
from corpus.criteria_read import (
    ask,
    is_left_out,
    read_industries,
    read_sentence,
    read_types,
    spans_within,
)
from corpus.criteria_thresholds import read_thresholds
from corpus.measure_words import any_of, compact_view, words
from corpus.model import Measure, Plan, Span
from corpus.normal import NormalView
from corpus.vocabulary import applicant_kinds, enterprise_types, industries, names_enterprise

# What everybody is who reads: no condition.
_ANYBODY = re.compile(
    r"^(?:符合|具备|满足)?(?:相关|相应|规定|上述|以上|一定)?(?:条件|要求)(?:的)?(?:企业|项目|单位)?$"
)
_GIFT = re.compile(
    r"给予|予以|奖励|补助|补贴|资助|贴息|免征|减征|免收|减免|返还|可?享受|最高|不超过|一次性"
)
_RECEIVER = re.compile(
    r"(?:、[^,。;、]{1,8}){0,9}[^,。;、的]{0,10}?"
    r"(?:企业|机构|单位|主体|公司|门店|网点|店|基地|园区|景区|项目|活动)"
)
_ITEM = re.compile(
    r"(?:^|\n)[ \u3000]*(?:\d{1,2}[．.、](?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)])"
)
_LONGEST_ITEM = 500
# How much is given is nothing that one could have.
_NO_OCCASION = re.compile(r"(?:额度|金额|比例|标准|原则上|总额的?|按照?[^,]*)$")
_SHORTEST_OCCASION = 8
_LONGEST_OCCASION = 60
_SHORTEST_NAME = 3
_ENGAGED = re.compile(r"从事[^,。;]{2,40}?的")
_INCLUDES = re.compile(r"(?<!不)(?:涵盖|包括|含)")
_LISTED = re.compile(r"[、,;。]|以及|或者?|和(?!服务)|及")
_SENTENCE = re.compile(r"[^。;]+")
# What a word of the list means, and whom it may be applied to besides.
_EXPLAINS = re.compile(r"^(?:其中,)?[^,;。]{2,12}指(?![标导南定引数])|参照执行")
# 高等学校、科研机构等创新主体: what all of the list are.
_SUMMARY = re.compile(r"等[^、,;。]{0,4}(?:主体|单位|机构|组织)$")
_EVERY = ("企业", "企业法人", "企事业单位")
_QUANTITY = re.compile(r"^(?:各类|广大|有关|相关|支持|鼓励)+|等?$")


def read_demands(
    plan: Plan, measure: Measure, view: NormalView, *, is_direction: bool, item_start: int
) -> tuple[Criterion, ...]:
    """Return what the measure demands by itself; a direction demands no occasion.

    What a numbered item says before the measure counts from `item_start` on.
    """
    own = tuple(_told(plan, measure, view))
    if is_direction:
        if measure.applicants is None:
            own += tuple(read_industries(view, 0, len(view.text)))
        return own
    if all(is_industry(one) for one in own):
        own += tuple(_occasion(view))
    if not any(is_industry(one) for one in own):
        gift = _GIFT.search(view.text)
        own += tuple(read_receivers(view, gift.start() if gift else None))
    if measure.applicants is None and not any(is_industry(one) for one in own):
        own += tuple(_before(plan, measure, item_start))
    return own


def is_industry(criterion: Criterion) -> bool:
    """Tell whether the demand settles of which industry one must be, or that none is meant."""
    return isinstance(criterion, Refused) or (
        isinstance(criterion, OneOf) and criterion.kind == "industry"
    )


def read_card_receivers(view: NormalView) -> Iterator[Criterion]:
    """Yield the types and industries of those whom a card says it is for.

    Of 高新技术企业及金融机构 one is told by its type, the other by its industry: either will do.
    """
    typed: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for start, end in _listed_enterprises(view.text):
        (typed if enterprise_types().find(view.text, start, end) else others).append((start, end))
    types = [one for start, end in typed for one in read_types(view, start, end)]
    industry = [one for start, end in others for one in read_industries(view, start, end)]
    if typed and others:
        if len(industry) == len(others) and types:
            span = view.back(min(typed[0][0], others[0][0]), max(typed[-1][1], others[-1][1]))
            yield AnyOf((*((one,) for one in types), *((one,) for one in industry)), span)
            return
    elif types:
        names = tuple(dict.fromkeys(name for one in types for name in one.names))
        yield OneOf("type", names, Span(types[0].span.start, types[-1].span.end))
    yield from _alternatives(view)


def _listed_enterprises(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a list that name enterprises, not what a word means or who else."""
    for sentence in _SENTENCE.finditer(text):
        if _EXPLAINS.search(sentence[0]):
            continue
        start = sentence.start()
        for mark in [*_LISTED.finditer(text, start, sentence.end()), None]:
            end = mark.start() if mark else sentence.end()
            whole = _SUMMARY.search(text, start, end)
            last = whole.start() if whole else end
            kinds = {one.name for one in applicant_kinds().find(text, start, last)}
            if "enterprise" in kinds:
                yield start, last
            start = mark.end() if mark else end


def _told(plan: Plan, measure: Measure, view: NormalView) -> Iterator[Criterion]:
    """Yield what the measure's own sentence demands."""
    who = spans_within(plan.text, measure.applicants, measure.span)
    condition = spans_within(plan.text, measure.condition, measure.span)
    if who is not None:
        yield from _applicants(compact_view(plan.text, who))
    if condition is not None:
        told = compact_view(plan.text, condition)
        if who is None and _is_for_persons(told.text, view.text):
            yield Refused(condition)
        elif not _ANYBODY.match(told.text):
            read = tuple(read_sentence(told, 0, len(told.text)))
            yield from read or (ask(told, 0, len(told.text)),)
            yield from read_industries(told, 0, len(told.text))
    for one in _lowest(read_thresholds(view.text, 0, len(view.text))):
        span = view.back(one.span.start, one.span.end)
        if condition is None or not condition.holds(span):
            yield Threshold(one.subject, one.low, one.high, span, one.is_low_open, one.is_high_open)


def _is_for_persons(condition: str, text: str) -> bool:
    """Tell whether only persons are named: 对引进的博士，给予每人10万元."""
    of_condition = {one.name for one in applicant_kinds().find(condition)}
    return of_condition == {"person"} and not names_enterprise(text)


def _occasion(view: NormalView) -> Iterator[Asked]:
    """Yield the question whether there is what a grant is for: 支持企业在新三板挂牌并给予补贴.

    Without a gift to end it, it is what the clause begins with.
    """
    text = view.text
    gift = _GIFT.search(text)
    begin, end = 0, len(text)
    if gift is not None:
        begin = max(text.rfind(mark, 0, gift.start()) for mark in "。;") + 1
        end = gift.start() - text.endswith((",", "并"), 0, gift.start())
    else:
        begin, end = opening(view)
    if end - begin >= _SHORTEST_OCCASION and not _NO_OCCASION.search(text, begin, end):
        key = ask(view, begin, end).key
        question = f"贵企业是否有这样的事项：“{text[begin:end]}”？"
        yield Asked(key, question, view.back(begin, end))


def opening(view: NormalView) -> tuple[int, int]:
    """Return the first parts of a clause, as many as one can take in at a glance."""
    if len(view.text) <= _LONGEST_OCCASION:
        return 0, len(view.text)
    comma = view.text.rfind(",", 0, _LONGEST_OCCASION)
    return 0, comma if comma > 0 else _LONGEST_OCCASION


def read_receivers(view: NormalView, end: int | None = None) -> Iterator[OneOf | NoneOf]:
    """Yield the industries of those whom a clause names: 集成电路设计企业, 洗染门店."""
    for one in read_industries(view, 0, len(view.text) if end is None else end):
        if isinstance(one, NoneOf):
            yield one
    found = [
        one
        for one in industries().find(view.text, 0, end)
        if _RECEIVER.match(view.text, one.span.end) and not is_left_out(view.text, one.span)
    ]
    if found:
        yield from read_industries(view, found[0].span.start, found[-1].span.end)


def _before(plan: Plan, measure: Measure, start: int) -> Iterator[OneOf | NoneOf]:
    """Yield whom the earlier sentences of a numbered item name."""
    start = max(start, measure.span.start - _LONGEST_ITEM)
    labels = [match.end() for match in _ITEM.finditer(plan.text, start, measure.span.start)]
    if labels:
        yield from read_receivers(compact_view(plan.text, Span(labels[-1], measure.span.start)))


def _lowest(thresholds: Iterator[Threshold]) -> list[Threshold]:
    """Return the lowest of the thresholds of grades (2000万元以上……, 5000万元以上……)."""
    found: dict[tuple[str, bool], Threshold] = {}
    for one in thresholds:
        key = (one.subject, one.low is None)
        best = found.get(key)
        if best is None or (one.low is not None and best.low is not None and one.low < best.low):
            found[key] = one
    return list(found.values())


def _applicants(view: NormalView) -> Iterator[Criterion]:
    whole = view.back(0, len(view.text))
    kinds = {one.name for one in applicant_kinds().find(view.text)}
    types = list(read_types(view, 0, len(view.text)))
    named = [] if _is_of_any(view.text) else list(read_industries(view, 0, len(view.text)))
    yield from types
    yield from named
    if types or named or "enterprise" in kinds:
        return
    if kinds:
        yield Refused(whole)
    elif len(view.text) > _SHORTEST_NAME and not _ANYBODY.match(view.text):
        # A thing gets something: 老旧厂房改造项目. Only the enterprise knows whether it has one.
        question = f"贵企业是否有“{view.text}”？"
        yield Asked(ask(view, 0, len(view.text)).key, question, whole)


def _is_of_any(text: str) -> bool:
    """Tell whether one of those listed may be an enterprise of any industry: 企业、高校和科研院所.

    There 高校 is no industry that one must be of.
    """
    start = 0
    for mark in [*_LISTED.finditer(text), None]:
        end = mark.start() if mark else len(text)
        described, _, name = text[start:end].rpartition("的")
        name = _QUANTITY.sub("", name)
        types = enterprise_types().find(name)
        is_every = name in _EVERY or (len(types) > 0 and len(types[0].span) == len(name))
        # What describes the last of a list may describe all of it: 研发、制造的企业.
        if is_every and not (described and industries().find(text, 0, end)):
            return True
        start = mark.end() if mark else end
    return False


def _alternatives(view: NormalView) -> Iterator[OneOf | NoneOf]:
    """Yield the industries of those whom a card is for, unless one of them may be of any."""
    engaged = _ENGAGED.search(view.text)
    if engaged is not None:
        yield from read_industries(view, *engaged.span())
        return
    if _is_of_any(view.text):
        return
    included = _INCLUDES.search(view.text)
    spans: list[tuple[int, int]] = []
    for part in re.finditer(r"[^,;。]+", view.text.replace("以及", ",,")):
        if not names_enterprise(part[0]):
            continue
        if not industries().find(part[0]):
            return
        spans.append(part.span())
    if spans:
        yield from read_industries(view, spans[0][0], len(view.text) if included else spans[-1][1])
    elif re.search(any_of(words("thing")), view.text):
        # Works and projects are of the industry of those who make them.
        yield from read_industries(view, 0, len(view.text))
