"""One name for what several plans measure: 全省生产总值, GDP and 地区生产总值 are the same.

Strict where `names` is lenient: what is compared must be the same thing, so a name is the same
only as a whole, never in part, and a question speaks of it only if nothing else stands around it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from assistant.question import Question
from corpus.model import Indicator
from corpus.normal import normalise
from corpus.segment import base_segmenter
from corpus.terms import (
    load_aspects,
    load_comparison_words,
    load_indicator_names,
    load_places,
    load_terms,
    synonyms,
)

# Whose figure it is goes without saying: the plan is of one place.
_WHOSE = re.compile("^(?:全[国省市区县州旗]|[我本][国省市区县州]|正常年景下)")
_OF_WHOSE = re.compile("(?<=[于占])全[国省市区县]")
_COUNTED = re.compile("(?:数量|总数|增速|增长率|涨幅|增幅)$")
_PARTED = re.compile(r"[\d,.?!;:%、。，？！：；“”\"《》()\s|-]+")


@dataclass(frozen=True, slots=True)
class Said:
    """A common name and where in the (normalised) question it is said."""

    name: str
    start: int


def common_name(indicator: Indicator) -> str:
    """Return the name under which the indicator is compared with those of other plans."""
    bare = bare_name(indicator.name)
    # 经济增长5%: what grows is told by the verb.
    growing = f"{bare}增长" if indicator.change == "increase" else bare
    return _names().get(bare) or _names().get(growing) or bare


def names_said(question: Question, indicators: Iterable[Indicator]) -> list[Said]:
    """Return the common names of the indicators that the question says in full, in its order."""
    forms = _forms(indicators)
    found: dict[int, str] = {}
    text = question.normal
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        start = text.find(form)
        while start != -1:
            found[start] = forms[form]
            text = text[:start] + "|" * len(form) + text[start + len(form) :]
            start = text.find(form)
    said = {found[start]: start for start in sorted(found, reverse=True) if _alone(text, start)}
    return [Said(name, start) for name, start in sorted(said.items(), key=lambda one: one[1])]


def _forms(indicators: Iterable[Indicator]) -> dict[str, str]:
    """Return for each way of saying a name the common one: printed ones before what people say."""
    forms: dict[str, str] = {}
    for indicator in indicators:
        name = common_name(indicator)
        forms |= {normalise(indicator.name): name, bare_name(indicator.name): name, name: name}
    terms = {term.name for term in load_terms()}
    # 高企 is 高新技术企业 rather than its other alias 国家高新技术企业.
    for name in sorted(set(forms.values()), key=lambda name: (name not in terms, name)):
        for alias in synonyms(name):
            forms.setdefault(alias, name)
    return forms


def unexplained(text: str) -> list[str]:
    """Return the words of a (normalised) text that are neither place, year nor way of asking."""
    return [
        word
        for part in _PARTED.split(text)
        for word in base_segmenter().tokenizer.lcut(part)
        if not _is_about(word)
    ]


@cache
def bare_name(name: str) -> str:
    """Return an indicator's name without whose figure it is and how it is counted."""
    text = _OF_WHOSE.sub("", _WHOSE.sub("", normalise(name)))
    return _COUNTED.sub("", text) or text


@cache
def _names() -> dict[str, str]:
    """Return for each name of an indicator the common one."""
    return {
        name: term.name for term in load_indicator_names() for name in (term.name, *term.aliases)
    }


def _alone(text: str, start: int) -> bool:
    """Tell whether the words next to a name (masked by bars) are none that narrow it down."""
    end = start
    while end < len(text) and text[end] == "|":
        end += 1
    before = _PARTED.split(text[:start])[-1]
    after = _PARTED.split(text[end:])[0]
    words = base_segmenter().tokenizer.lcut
    return (not before or _is_about(words(before)[-1])) and (
        not after or _is_about(words(after)[0])
    )


def _is_about(word: str) -> bool:
    if word in load_comparison_words() or word in load_aspects() or word in load_places():
        return True
    # jieba makes one word of 哪个高: its characters count one by one.
    return len(word) > 1 and all(_is_about(character) for character in word)
