"""Looks up measures (what a policy promises) by who applies, what is given and what it is for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assistant.library import Library
from assistant.question import Question
from assistant.rarity import word_weight
from corpus.catalog import CatalogEntry
from corpus.model import Kind, Measure, Section
from corpus.normal import normalise
from corpus.terms import load_support_words

# The outlines of the plans whose headings count.
Headings: TypeAlias = Mapping[str, Sequence[Section]]

# What is given, and the instruments and words by which a measure gives it.
_GIVEN: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile("奖励|奖补|奖金"), re.compile("奖")),
    (
        re.compile("补贴|补助|资助|资金支持|多少钱"),
        re.compile("补贴|补助|奖补|资助|资金支持|经费|补偿"),
    ),
    (re.compile("贴息"), re.compile("贴息")),
    (
        re.compile("减免|减税|降费|免费|免征"),
        re.compile("减免|免征|减征|免收|减收|减半|免费|减税|降费"),
    ),
    (re.compile("税收优惠|退税"), re.compile("税|退还|返还")),
    (re.compile("担保|融资|贷款"), re.compile("担保|融资|贷款|信贷|授信|贴息|上市|挂牌")),
    (re.compile("用地|场地|厂房|租金"), re.compile("用地|土地|场地|厂房|租金|房租|用房")),
)
_ASKS = re.compile(
    "支持|政策|扶持|优惠|奖励|奖补|补贴|补助|资助|贴息|减免|减税|退税|降费|好处|享受|担保|贷款|用地"
)
_ASKS_WHICH = re.compile("哪些|哪[几一二两三四五六七八九十]|什么|有啥|列出|列举|列一下|得到|能享受")
_ASKS_SEVERAL = re.compile("哪些|哪[几一二三四五六七八九十]|有什么|有啥|分别|列|享受|得到")
# 对小微企业有哪些支持; 小微企业能享受哪些政策; 我们是小微企业，….
_APPLICANT = (
    re.compile("(?:对|给|支持|针对|面向)([\u4e00-\u9fff]{2,10}?)(?:都?有|能|可以|给|提供|的)"),
    re.compile("(?:我们?是|作为)(?:一家|一个|一名|做)?([\u4e00-\u9fff]{2,12})"),
    re.compile(
        "(?:^|[，,。]|省|市|区|县)([\u4e00-\u9fff]{2,8}?)(?:都?(?:能|可以?)(?:够)?)(?:享|得|拿|申|获)"
    ),
)
_HELD = 0.75
_NEAR_BEST = 0.9
_WEIGHTS = {"给予": 4, "应当": 3, "支持": 2, "鼓励": 1, "探索": 0}


@dataclass(frozen=True, slots=True)
class MeasureLookup:
    """The measures that fit, the best first."""

    measures: tuple[Measure, ...]


def asks_measures(question: Question) -> bool:
    """Tell whether the question wants to know what is given."""
    return bool(_ASKS.search(question.normal) and _ASKS_WHICH.search(question.normal))


def asks_several(question: Question) -> bool:
    """Tell whether the question wants more than one: 补贴政策是什么 wants one."""
    return _ASKS_SEVERAL.search(question.normal) is not None


def names_gifts(question: Question, heading: str) -> bool:
    """Tell whether a heading itself says what the question calls support: 支持范围."""
    return all(word in heading for word in _ASKS.findall(question.normal))


def find_measures(
    question: Question, library: Library, *, plan_ids: Sequence[str], near: Headings | None = None
) -> MeasureLookup:
    """Return the measures asked for; of the plans in `near` the headings count as well.

    To read the headings of a whole library would take longer than all the rest of an answer. Of a
    plan that has a newer version here only that one counts.
    """
    applicant = read_applicant(question)
    about = _subject(question, applicant)
    if not applicant and not about and not _given(question):
        return MeasureLookup(())
    fitting: list[tuple[float, Measure]] = []
    seen: set[str] = set()
    entries = library.catalog.entries()
    for measure, headings in _with_headings(library, entries, plan_ids, near or {}):
        text = normalise(measure.text)
        if not _gives(question, measure) or (applicant and not _is_for(applicant, measure, text)):
            continue
        held = _held(about, f"{headings}\n{text}")
        # The same policy may have been taken in as text and as a web page.
        if held < _HELD or (alike := "".join(text.split())) in seen:
            continue
        seen.add(alike)
        fitting.append((held, measure))
    best = max((held for held, _ in fitting), default=0.0)
    chosen = [measure for held, measure in fitting if held >= _NEAR_BEST * best]
    kinds = {entry.id: entry.metadata.kind for entry in entries}
    return MeasureLookup(tuple(_ranked(chosen, applicant, kinds)))


def read_applicant(question: Question) -> str | None:
    """Return who is said to apply: 对小微企业有哪些支持 -> 小微企业."""
    for pattern in _APPLICANT:
        match = pattern.search(question.normal)
        if match and match[1] not in ("我们", "你们", "大家") and not _ASKS.search(match[1]):
            return match[1]
    return None


def _subject(question: Question, applicant: str | None) -> list[str]:
    """Return the words that tell what the measures are for."""
    return [
        word
        for word in question.words
        if not (applicant and (word in applicant or applicant in word or word[1:] in applicant))
        and word not in load_support_words()
        and word not in question.places
        and not word[0].isdigit()
        and not _ASKS.fullmatch(word)
        and word != "年"
    ]


def _given(question: Question) -> list[re.Pattern[str]]:
    return [gives for asked, gives in _GIVEN if asked.search(question.normal)]


def _gives(question: Question, measure: Measure) -> bool:
    patterns = _given(question)
    told = f"{measure.text} {' '.join(measure.instruments)}"
    return not patterns or any(pattern.search(told) for pattern in patterns)


def _is_for(applicant: str, measure: Measure, text: str) -> bool:
    return applicant in text or applicant in normalise(measure.applicants or "")


def _held(words: Sequence[str], source: str) -> float:
    weights = {word: word_weight(word) for word in words}
    total = sum(weights.values())
    return sum(weights[word] for word in words if word in source) / total if total else 1.0


def _with_headings(
    library: Library, entries: Sequence[CatalogEntry], plan_ids: Sequence[str], near: Headings
) -> list[tuple[Measure, str]]:
    headings = {
        plan_id: [normalise(" ".join(section.path)) for section in sections]
        for plan_id, sections in near.items()
    }
    titles = {entry.id: normalise(entry.title) for entry in entries}
    superseded = library.catalog.superseded()
    current = [plan_id for plan_id in plan_ids if plan_id not in superseded]
    measures = library.catalog.measures(current or plan_ids)
    return [
        (
            measure,
            titles[measure.plan_id]
            + (headings[measure.plan_id][measure.section] if measure.plan_id in headings else ""),
        )
        for measure in measures
    ]


def _ranked(
    measures: list[Measure], applicant: str | None, kinds: Mapping[str, Kind | None]
) -> list[Measure]:
    """Return the surest and most telling first, policies before plans and reports."""

    def worth(measure: Measure) -> tuple[bool, bool, int, bool]:
        named = applicant is not None and applicant in normalise(measure.applicants or "")
        is_policy = kinds[measure.plan_id] in ("政策", "办法")
        return named, is_policy, _WEIGHTS[measure.strength], measure.has_sum

    return sorted(measures, key=worth, reverse=True)
