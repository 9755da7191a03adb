"""A measure → the rule that an enterprise is held against: demands, sum, notes, how long it holds.

What a measure's own sentence leaves open is looked for in what stands around it: the card or
section that states conditions once for all, its heading, the document.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from corpus.addressees import read_addressee
from corpus.criteria import Asked, Criterion, Located, NoneOf, OneOf, Refused, Scope, Threshold
from corpus.criteria_read import ask, read_block, read_industries
from corpus.criteria_scope import Scopes, read_scopes
from corpus.measure_words import compact_view, joined_view
from corpus.model import Measure, Plan, Section, Span
from corpus.normal import NormalView
from corpus.payments import PaymentRule, read_payment
from corpus.regions import position
from corpus.rule_demands import (
    is_industry,
    opening,
    read_card_receivers,
    read_demands,
    read_receivers,
)
from corpus.unlisted import read_unlisted
from corpus.validity import read_until, speaks_of_itself
from corpus.vocabulary import names_enterprise

_CUMULATION = re.compile(
    r"[^。;；\n]*(?:就高不|不重复享受|不得重复|不再重复|不重复支持|不重复奖励|同一事项)[^。；\n]*"
)
_LABEL = re.compile(r"^[(第]?[一二三四五六七八九十百\d]{1,4}[)条章节.、]*|[。:]$")
# A line that is not full is a title by itself.
_HEAD = re.compile(
    r"^[ \u3000]*\d{1,2}[.．、](?!\d)[ \u3000]*(?P<head>[^。：:，；\n]{6,30}(?=[。：:\n])"
    r"|[^。：:，；]{30,60}?(?=[。：:]|\n[（(]))",
    re.MULTILINE,
)
_SENTENCE = re.compile(r"[^。\n]{6,160}")
# A zone with rules of its own lies in many places.
_ZONE = re.compile("综合保税区|自由贸易试验区|自贸试验区|自贸区")
_MOST_NOTES = 2
# One that tells a sum at its end: 单个项目支持金额不超过500万元。
_NEXT_SENTENCE = re.compile(r"[^。；;]{4,80}元[^。；;]{0,12}[。；;]")


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure with all that it demands of an enterprise.

    `is_direction` tells that the text supports something but promises nothing that could be
    applied for as it stands; `notes` are clauses on cumulation and what another sentence tells of
    the payment; `until` is the last day on which it holds.
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
    read: dict[str, tuple[Criterion, ...]] = field(default_factory=dict)

    def conditions(self, heading: str) -> tuple[Criterion, ...]:
        """Return what its conditions demand of the measures below a heading."""
        title = _LABEL.sub("", compact_view(heading, Span(0, len(heading))).text)
        if title not in self.read:
            self.read[title] = tuple(
                criterion
                for span in self.scope.conditions
                for criterion in read_block(compact_view(self.plan.text, span), title)
            )
        return self.read[title]

    @cached_property
    def who(self) -> tuple[Criterion, ...]:
        """Return of which types and industries those are whom it is for."""
        return tuple(read_card_receivers(joined_view(self.plan.text, self.scope.who)))

    def serves(self, measure: Measure) -> bool:
        """Tell whether it is a card for enterprises, and the measure stands among its services."""
        if not self.scope.who or not self.scope.conditions:
            return False
        is_service = measure.span.end <= self.scope.conditions[0].start
        return is_service and names_enterprise(joined_view(self.plan.text, self.scope.who).text)

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
    is_direction = _is_direction(measure)
    above = scope.who[-1].end if scope.who else 0
    own = read_demands(
        plan,
        measure,
        view,
        is_direction=is_direction,
        item_start=max(section.heading.end, above),
    )
    if is_direction and measure.applicants is None and any(map(is_industry, shared.who)):
        # The industry that it mentions is not whom the card is for: 推动旅游与农业融合.
        own = tuple(one for one in own if not is_industry(one))
    is_told = any(is_industry(one) for one in own)
    found = [*own, *(one for one in shared.who if not (is_told and is_industry(one)))]
    part = _part(plan, scope, measure)
    found += shared.conditions(part.of(plan.text) if part else section.title)
    found += _zone(source, view)
    is_told = any(is_industry(one) for one in found)
    if not is_told and not (plan.metadata.kind == "报告" and not is_direction):
        # In a report of work no heading is for those who could apply.
        found += _industry_around(source, measure, section, shared, part)
    if is_direction and not _is_for_enterprise(measure, found):
        found += tuple(read_industries(view, 0, len(view.text))) or (Refused(measure.span),)
    elif (
        not is_direction
        and not any(map(is_industry, found))
        and _is_task(measure, view.text, shared)
    ):
        found.append(Refused(measure.span))
    if (addressee := read_addressee(view.text, measure)) is not None:
        found.insert(0, Refused(view.back(addressee.start, addressee.end)))
    region = plan.metadata.region
    if region is not None:
        # That one must be where the document holds is told once, of the document.
        found = [one for one in found if not _is_own_place(one, region)]
    if not found:
        # Nothing was read that it is for: only the enterprise can tell.
        found.append(ask(view, *opening(view)))
    own_until = read_until(view.text)
    payment = read_payment(view, measure, _behind(plan, measure, section))
    return Rule(
        measure=measure,
        criteria=_without_repetition(found),
        payment=payment,
        notes=(*_told_behind(payment, measure), *_notes_for(source, scope, measure)),
        is_direction=is_direction,
        until=shared.until or own_until or (None if scope.is_card else source.until),
        heading=" > ".join(section.path),
    )


def _behind(plan: Plan, measure: Measure, section: Section) -> NormalView | None:
    """Return the sentence that follows the measure's own if it ends with a sum."""
    found = _NEXT_SENTENCE.match(plan.text, measure.span.end, section.own.end)
    return None if found is None else compact_view(plan.text, Span(*found.span()))


def _told_behind(payment: PaymentRule | None, measure: Measure) -> Iterator[Span]:
    """Yield the words that tell of the payment outside the measure's own."""
    yield from (span for span in (payment.spans if payment else ()) if not measure.span.holds(span))


def _is_direction(measure: Measure) -> bool:
    return measure.strength not in ("给予", "应当") and measure.cap is None


def _part(plan: Plan, scope: Scope, measure: Measure) -> Span | None:
    """Return the head of the card's numbered item in which the measure stands."""
    if not scope.is_card or scope.title is None:
        return None
    heads = list(_HEAD.finditer(plan.text, scope.title.end, measure.span.end))
    return Span(*heads[-1].span("head")) if heads else None


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


def _industry_around(
    source: _Source, measure: Measure, section: Section, shared: _Shared, part: Span | None
) -> list[Criterion]:
    """Return the industries that the card's part or title or, for a grant, a heading names."""
    if shared.scope.is_card:
        named = read_receivers(compact_view(source.plan.text, part)) if part else ()
        return list(named) or list(shared.title)
    if _is_direction(measure) and measure.applicants is not None:
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
    return names_enterprise(measure.applicants or "")


def _is_task(measure: Measure, text: str, shared: _Shared) -> bool:
    """Tell whether a grant without a sum names nobody who could be an enterprise.

    The services of a card are for whom the card is for, what follows them is how to apply.
    """
    is_budget = "基金" in measure.instruments and measure.condition is None
    is_paid = measure.has_sum and not is_budget
    if measure.applicants is not None or is_paid or shared.serves(measure):
        return False
    return not names_enterprise(text)


def _is_own_place(criterion: Criterion, region: str) -> bool:
    return isinstance(criterion, Located) and position(region, criterion.place) == "inside"


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
