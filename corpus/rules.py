"""A measure → the rule that an enterprise is held against: demands, sum, notes, how long it holds.

What a measure's own sentence leaves open is looked for in what stands around it: the card or
section that states conditions once for all, its heading, the document.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from corpus.criteria import Asked, Criterion, NoneOf, OneOf, Refused, Threshold
from corpus.criteria_read import (
    ask,
    is_left_out,
    read_block,
    read_industries,
    read_sentence,
    read_types,
    spans_within,
)
from corpus.criteria_scope import Scope, Scopes, read_scopes
from corpus.criteria_thresholds import read_thresholds
from corpus.measure_words import compact_view
from corpus.model import Measure, Plan, Section, Span
from corpus.normal import NormalView
from corpus.payments import PaymentRule, read_payment
from corpus.unlisted import read_unlisted
from corpus.validity import read_until, speaks_of_itself
from corpus.vocabulary import applicant_kinds, industries

_CUMULATION = re.compile(
    r"[^。;；\n]*(?:就高不|不重复享受|不得重复|不再重复|不重复支持|不重复奖励|同一事项)[^。；\n]*"
)
_SENTENCE = re.compile(r"[^。\n]{6,160}")
# What everybody is who reads: no condition.
_ANYBODY = re.compile(
    r"^(?:符合|具备|满足)?(?:相关|相应|规定|上述|以上|一定)?(?:条件|要求)(?:的)?(?:企业|项目|单位)?$"
)
_ENGAGED = re.compile(r"从事[^,。;]{2,40}?的")
_INCLUDES = re.compile(r"涵盖|包括|含")
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
_SHORTEST_OCCASION = 8
_LONGEST_OCCASION = 60
# A zone with rules of its own lies in many places.
_ZONE = re.compile("综合保税区|自由贸易试验区|自贸试验区|自贸区")
_SHORTEST_NAME = 2
_MOST_NOTES = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure with all that it demands of an enterprise.

    `is_direction` tells that the text supports something but promises nothing that could be
    applied for as it stands; `until` is the last day on which it holds.
    """

    measure: Measure
    criteria: tuple[Criterion, ...]
    payment: PaymentRule | None
    notes: tuple[Span, ...]
    is_direction: bool
    until: date | None
    heading: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What all rules of a plan are read from."""

    plan: Plan
    sections: dict[int, Section]
    scopes: Scopes
    notes: tuple[Span, ...]
    until: date | None
    shared: dict[Scope, "_Shared"]


@dataclass(frozen=True)
class _Shared:
    """What holds for all measures of a scope, read once."""

    plan: Plan
    scope: Scope

    @cached_property
    def conditions(self) -> tuple[Criterion, ...]:
        """Return what its conditions demand."""
        return tuple(
            criterion
            for span in self.scope.conditions
            for criterion in read_block(compact_view(self.plan.text, span))
        )

    @cached_property
    def who(self) -> tuple[Criterion, ...]:
        """Return of which types and industries those are whom it is for."""
        if self.scope.who is None:
            return ()
        view = compact_view(self.plan.text, self.scope.who)
        return tuple(read_types(view, 0, len(view.text))) + tuple(_alternatives(view))

    @cached_property
    def title(self) -> tuple[Criterion, ...]:
        """Return the industries that its title names."""
        if self.scope.title is None:
            return ()
        view = compact_view(self.plan.text, self.scope.title)
        return tuple(read_industries(view, 0, len(view.text)))

    @cached_property
    def until(self) -> date | None:
        """Return the last day that it names."""
        if self.scope.validity is None:
            return None
        return read_until(compact_view(self.plan.text, self.scope.validity).text)


def read_rules(
    plan: Plan, sections: Sequence[Section], measures: Sequence[Measure]
) -> tuple[Rule, ...]:
    """Return the rules of a plan's measures and of its other directions, in order."""
    source = _Source(
        plan,
        {section.number: section for section in sections},
        read_scopes(plan, sections),
        tuple(Span(*match.span()) for match in _CUMULATION.finditer(plan.text)),
        _document_until(plan),
        {},
    )
    unlisted = tuple(read_unlisted(plan, sections, measures, source.scopes))
    return tuple(_rule(source, measure) for measure in (*measures, *unlisted))


def _rule(source: _Source, measure: Measure) -> Rule:
    plan, section = source.plan, source.sections[measure.section]
    scope = source.scopes.of(measure.span.start, section)
    shared = source.shared.setdefault(scope, _Shared(plan, scope))
    view = compact_view(plan.text, measure.span)
    is_direction = measure.strength not in ("给予", "应当") and measure.cap is None
    own = tuple(_own(plan, measure, view))
    if not is_direction and all(_is_industry(one) for one in own):
        own += tuple(_occasion(view))
    if not is_direction and not any(_is_industry(one) for one in own):
        gift = _GIFT.search(view.text)
        own += tuple(_receivers(view, gift.start() if gift else None))
    if measure.applicants is None and not is_direction and not any(map(_is_industry, own)):
        own += tuple(_before(plan, measure, section, scope))
    if is_direction and measure.applicants is None:
        own += tuple(read_industries(view, 0, len(view.text)))
    is_told = any(_is_industry(one) for one in own)
    found = [*own, *(one for one in shared.who if not (is_told and _is_industry(one)))]
    found += [*shared.conditions, *_zone(source, view)]
    if not any(_is_industry(one) for one in found):
        found += _industry_around(source, measure, section, shared, is_direction)
    if is_direction and not _is_for_enterprise(measure, found):
        found += tuple(read_industries(view, 0, len(view.text))) or (Refused(measure.span),)
    elif not is_direction and not any(map(_is_industry, found)) and _is_task(measure, view.text):
        found.append(Refused(measure.span))
    own_until = read_until(view.text)
    return Rule(
        measure=measure,
        criteria=_without_repetition(found),
        payment=read_payment(view, measure),
        notes=_notes_for(source, scope, measure),
        is_direction=is_direction,
        until=shared.until or own_until or source.until,
        heading=" > ".join(section.path),
    )


def _own(plan: Plan, measure: Measure, view: NormalView) -> Iterator[Criterion]:
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
    return of_condition == {"person"} and not any(
        one.name == "enterprise" for one in applicant_kinds().find(text)
    )


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
    elif len(text) > _LONGEST_OCCASION:
        comma = text.rfind(",", 0, _LONGEST_OCCASION)
        end = comma if comma > 0 else _LONGEST_OCCASION
    if end - begin >= _SHORTEST_OCCASION:
        key = ask(view, begin, end).key
        question = f"贵企业是否有这样的事项：“{text[begin:end]}”？"
        yield Asked(key, question, view.back(begin, end))


def _receivers(view: NormalView, end: int | None = None) -> Iterator[OneOf | NoneOf]:
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


def _before(
    plan: Plan, measure: Measure, section: Section, scope: Scope
) -> Iterator[OneOf | NoneOf]:
    """Yield whom the earlier sentences of a numbered item name."""
    above = scope.who.end if scope.who else 0
    start = max(section.heading.end, above, measure.span.start - _LONGEST_ITEM)
    labels = [match.end() for match in _ITEM.finditer(plan.text, start, measure.span.start)]
    if labels:
        yield from _receivers(compact_view(plan.text, Span(labels[-1], measure.span.start)))


def _lowest(thresholds: Iterator[Threshold]) -> list[Threshold]:
    """Return the lowest of the thresholds of grades (2000万元以上……, 5000万元以上……)."""
    found: dict[tuple[str, bool], Threshold] = {}
    for one in thresholds:
        key = (one.subject, one.low is None)
        best = found.get(key)
        if best is None or (one.low is not None and best.low is not None and one.low < best.low):
            found[key] = one
    return list(found.values())


def _zone(source: _Source, view: NormalView) -> Iterator[Asked]:
    """Yield the question whether one is in the zone that the clause or the document is about."""
    here = _ZONE.search(view.text)
    if here is not None:
        yield _in_zone(here[0], view.back(*here.span()))
    elif (named := _ZONE.search(source.plan.title)) is not None:
        start = source.plan.text.find(named[0])
        if start >= 0:
            yield _in_zone(named[0], Span(start, start + len(named[0])))


def _in_zone(zone: str, span: Span) -> Asked:
    name = "综合保税区" if zone == "综合保税区" else "自由贸易试验区"
    return Asked(name, f"贵企业是否在{name}内？", span)


def _applicants(view: NormalView) -> Iterator[Criterion]:
    whole = view.back(0, len(view.text))
    kinds = {one.name for one in applicant_kinds().find(view.text)}
    types = list(read_types(view, 0, len(view.text)))
    named = list(read_industries(view, 0, len(view.text)))
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


def _alternatives(view: NormalView) -> Iterator[OneOf | NoneOf]:
    """Yield the industries of those whom a card is for, unless one of them may be of any."""
    engaged = _ENGAGED.search(view.text)
    if engaged is not None:
        yield from read_industries(view, *engaged.span())
        return
    included = _INCLUDES.search(view.text)
    spans: list[tuple[int, int]] = []
    for part in re.finditer(r"[^,;。]+", view.text.replace("以及", ",,")):
        if not any(one.name == "enterprise" for one in applicant_kinds().find(part[0])):
            continue
        if not industries().find(part[0]):
            return
        spans.append(part.span())
    if spans:
        yield from read_industries(view, spans[0][0], len(view.text) if included else spans[-1][1])


def _industry_around(
    source: _Source, measure: Measure, section: Section, shared: _Shared, is_direction: bool
) -> list[Criterion]:
    """Return the industries that the card's title or, for a grant, the nearest heading names."""
    if shared.scope.is_card:
        return list(shared.title)
    if is_direction and measure.applicants is not None:
        return []
    current: Section | None = section
    while current is not None:
        view = compact_view(source.plan.text, current.heading) if current.heading else None
        if view is not None and (found := list(read_industries(view, 0, len(view.text)))):
            return list(found)
        current = None if current.parent is None else source.sections[current.parent]
    return []


def _is_for_enterprise(measure: Measure, found: Sequence[Criterion]) -> bool:
    """Tell whether a direction names enterprises, or an industry or type of them."""
    if any(isinstance(one, OneOf | Refused) for one in found):
        return True
    kinds = {one.name for one in applicant_kinds().find(measure.applicants or "")}
    return "enterprise" in kinds


def _is_task(measure: Measure, text: str) -> bool:
    """Tell whether a grant without a sum names nobody who could be an enterprise."""
    is_budget = "基金" in measure.instruments and measure.condition is None
    is_paid = any((measure.amount, measure.rate, measure.cap)) and not is_budget
    if measure.applicants is not None or is_paid:
        return False
    return not any(one.name == "enterprise" for one in applicant_kinds().find(text))


def _is_industry(criterion: Criterion) -> bool:
    return isinstance(criterion, Refused) or (
        isinstance(criterion, OneOf) and criterion.kind == "industry"
    )


def _without_repetition(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """Return each demand once, as the clause nearest to the measure words it."""
    found: dict[object, Criterion] = {}
    for one in criteria:
        found.setdefault(_meaning(one), one)
    return tuple(found.values())


def _meaning(criterion: Criterion) -> object:
    if isinstance(criterion, OneOf | NoneOf):
        return type(criterion), criterion.kind, frozenset(criterion.names)
    if isinstance(criterion, Threshold):
        return criterion.subject, criterion.low, criterion.high, criterion.only_for
    return getattr(criterion, "key", criterion)


def _notes_for(source: _Source, scope: Scope, measure: Measure) -> tuple[Span, ...]:
    """Return the clauses on cumulation: those of the card, or the first of the document."""
    notes = source.notes
    if scope.is_card and scope.title is not None:
        start = scope.title.start
        end = max([span.end for span in scope.conditions], default=measure.span.end)
        notes = tuple(note for note in notes if start <= note.start < max(end, measure.span.end))
    return notes[:_MOST_NOTES]


def _document_until(plan: Plan) -> date | None:
    issued = date.fromisoformat(plan.metadata.date) if plan.metadata.date else None
    for match in _SENTENCE.finditer(plan.text):
        if "年" in match[0] and speaks_of_itself(match[0].replace(" ", "")):
            found = read_until("".join(match[0].split()), issued=issued)
            if found is not None:
                return found
    end_year = plan.metadata.end_year
    return None if end_year is None else date(end_year, 12, 31)
