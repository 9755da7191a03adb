"""Holds every labelled profile against the documents, and compares with its labels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from assistant.library import Library
from assistant.matching.match import match_measures
from assistant.matching.model import Match, Matching
from assistant.settings import Settings
from corpus.archive import BUNDLED
from corpus.model import Plan, Span
from corpus.prepare import search_words
from corpus.segment import base_segmenter
from eval.corpus.places import Places, overlap
from eval.corpus.run import read_plan
from eval.matching.profiles import Label, LabelledProfile
from eval.score import Share, share

_ROWS = (
    ("应找到的措施", "found"),
    ("误列", "wrongly_offered"),
    ("金额准确", "amounts_exact"),
    ("理由逐字", "reasons_literal"),
    ("已过期注明", "validity_told"),
    ("方向性注明", "directions_told"),
)
# The bundled plan, as the labels name it.
_BUNDLED_FILE = "seed/瓯海区科技创新发展“十四五”规划_节选.txt"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents that are there, by the name that labels use."""

    library: Library
    plans: Mapping[str, Plan]

    @property
    def plan_ids(self) -> tuple[str, ...]:
        """Return what is matched against."""
        return tuple(plan.id for plan in self.plans.values())


@dataclass(frozen=True, slots=True)
class LabelVerdict:
    """What the matcher made of one label; None where there was nothing to judge."""

    label: Label
    applies: bool
    offered: bool
    amount_exact: bool | None = None
    validity_told: bool | None = None
    direction_told: bool | None = None


@dataclass(frozen=True, slots=True)
class ProfileVerdict:
    """A profile with its judged labels; `literal` tells for each reason whether it is."""

    profile: LabelledProfile
    labels: tuple[LabelVerdict, ...]
    literal: tuple[bool, ...]
    unlabelled: int


@dataclass(frozen=True, slots=True)
class MatchingScore:
    """One part's figures; `unlabelled` are the offered measures that no label speaks of."""

    found: Share
    wrongly_offered: Share
    amounts_exact: Share
    reasons_literal: Share
    validity_told: Share
    directions_told: Share
    unlabelled: int


def take_in(profiles: Sequence[LabelledProfile], documents: Path, workspace: Path) -> Shelf:
    """Parse what the labels speak of, as far as it is there, into a catalog without vectors."""
    library = Library(Settings(data_dir=workspace))
    names = dict.fromkeys(
        label.document for one in profiles for label in (*one.applies, *one.excluded)
    )
    plans: dict[str, Plan] = {}
    for name in names:
        path = _bundled() if name == _BUNDLED_FILE else documents / name
        if path.is_file():
            parsed = read_plan(path)
            library.catalog.replace_plan(parsed, search_words(parsed, base_segmenter()))
            plans[name] = parsed.plan
    return Shelf(library, plans)


def missing(profiles: Sequence[LabelledProfile], shelf: Shelf) -> list[str]:
    """Return the documents that the labels speak of and that are not there."""
    labels = [label for one in profiles for label in (*one.applies, *one.excluded)]
    return [
        name
        for name in dict.fromkeys(label.document for label in labels)
        if name not in shelf.plans
    ]


def judge_profiles(profiles: Sequence[LabelledProfile], shelf: Shelf) -> Iterator[ProfileVerdict]:
    """Match and judge each profile on the documents that are there."""
    places = {name: Places.of(plan.text) for name, plan in shelf.plans.items()}
    for labelled in profiles:
        matching = match_measures(labelled.profile, shelf.library, plan_ids=shelf.plan_ids)
        yield _judge(labelled, matching, shelf, places)


def score(verdicts: Sequence[ProfileVerdict]) -> MatchingScore:
    """Count what was right."""
    labels = [label for verdict in verdicts for label in verdict.labels]
    offered = [label for label in labels if label.offered]
    return MatchingScore(
        found=share([label.offered for label in labels if label.applies]),
        wrongly_offered=share([not label.applies for label in offered]),
        amounts_exact=_share_of(label.amount_exact for label in labels),
        reasons_literal=share([literal for verdict in verdicts for literal in verdict.literal]),
        validity_told=_share_of(label.validity_told for label in labels),
        directions_told=_share_of(label.direction_told for label in labels),
        unlabelled=sum(verdict.unlabelled for verdict in verdicts),
    )


def as_table(scores: Mapping[str, MatchingScore]) -> Table:
    """Return the figures to print."""
    table = Table("", *scores, title="规划问答助手 · 政策匹配")
    for label, field in _ROWS:
        table.add_row(label, *(_cell(getattr(found, field)) for found in scores.values()))
    table.add_row("列出而没有标注的措施", *(str(found.unlabelled) for found in scores.values()))
    return table


def faults(verdicts: Sequence[ProfileVerdict]) -> Iterator[dict[str, str]]:
    """Return what went wrong, one entry a label."""
    for verdict in verdicts:
        for label in verdict.labels:
            if wrong := _fault(label):
                yield {
                    "id": verdict.profile.id,
                    "note": verdict.profile.note,
                    "wrong": wrong,
                    "document": label.label.document,
                    "quote": label.label.quote,
                }


def _fault(verdict: LabelVerdict) -> str:
    if verdict.applies and not verdict.offered:
        return "没有找到"
    if not verdict.applies and verdict.offered:
        return "误列"
    told = {
        "金额": verdict.amount_exact,
        "有效期": verdict.validity_told,
        "方向性": verdict.direction_told,
    }
    return "、".join(name for name, right in told.items() if right is False)


def _judge(
    labelled: LabelledProfile,
    matching: Matching,
    shelf: Shelf,
    places: Mapping[str, Places],
) -> ProfileVerdict:
    ids = {name: plan.id for name, plan in shelf.plans.items()}
    texts = {plan.id: plan.text for plan in shelf.plans.values()}

    def hits(label: Label) -> list[Match]:
        # A policy may be printed twice in one document.
        spans = list(places[label.document].find_all(label.quote))
        return [
            match
            for match in matching.matches
            if match.measure.plan_id == ids[label.document]
            and any(_is_same(match.measure.span, span) for span in spans)
        ]

    here = [label for label in labelled.applies if label.document in ids]
    due = [(label, hits(label)) for label in here]
    may_offer = [match for _, found in due for match in found]
    barred = [
        # One measure may hold two labelled clauses, of which the profile can get one.
        (label, [match for match in hits(label) if match not in may_offer])
        for label in labelled.excluded
        if label.document in ids
    ]
    known = [*may_offer, *(match for _, found in barred for match in found)]
    offered = [match for match in matching.matches if match.verdict != "不符合"]
    return ProfileVerdict(
        labelled,
        (
            *(_judge_due(label, found) for label, found in due),
            *(LabelVerdict(label, False, _is_offered(found)) for label, found in barred),
        ),
        tuple(
            reason.quote == reason.span.of(texts[match.measure.plan_id])
            for match in matching.matches
            for reason in match.reasons
        ),
        sum(match not in known for match in offered),
    )


def _judge_due(label: Label, found: Sequence[Match]) -> LabelVerdict:
    offered = [match for match in found if match.verdict != "不符合"]
    if not offered:
        amount = None if label.high is None else False
        return LabelVerdict(label, True, False, amount_exact=amount)
    return LabelVerdict(
        label,
        True,
        True,
        amount_exact=None if label.high is None else any(_pays(label, one) for one in offered),
        validity_told=None
        if label.validity is None
        else all(match.validity == label.validity for match in offered),
        direction_told=all(one.needs_rules and one.verdict == "可能符合" for one in offered)
        if label.direction
        else None,
    )


def _pays(label: Label, match: Match) -> bool:
    payment = match.payment
    return (
        payment is not None
        and payment.high == label.high
        and (label.low is None or payment.low == label.low)
    )


def _is_offered(found: Sequence[Match]) -> bool:
    return any(match.verdict != "不符合" for match in found)


def _is_same(measure: Span, quote: Span) -> bool:
    """Tell whether the measure holds most of the quote, or the quote most of the measure."""
    return 2 * overlap(measure, quote) >= min(len(measure), len(quote))


def _bundled() -> Path:
    return next(BUNDLED.glob("*.txt"))


def _share_of(outcomes: Iterable[bool | None]) -> Share:
    return share([outcome for outcome in outcomes if outcome is not None])


def _cell(found: Share) -> str:
    return f"{found.count}/{found.total}  {found.value:.3f}"
