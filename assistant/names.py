"""Which of a list of names (indicators, platforms, headings) does a question speak of?

A name counts by the share of its words that the question holds, rare words more than common ones,
and by the share of the question that it explains.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.question import Question, expand
from assistant.rarity import word_weight
from corpus.normal import normalise
from corpus.segment import plain_segmenter
from corpus.terms import load_aspects, load_stopwords

# 占…的比重: what a share is taken of says less about it than what is measured.
_SHARE_OF = re.compile("占(.+?)(?:的)?(?:比重|比例|比率)")
_DENOMINATOR_WEIGHT = 0.35
# Words that tell how something is counted; people rarely say them.
_COUNTED = frozenset(
    [
        "数量",
        "总额",
        "总量",
        "申请量",
        "拥有量",
        "比重",
        "比例",
        "增速",
        "增加值",
        "支出",
        "数",
        "量",
        "额",
        "率",
        "值",
        "主要",
        "工程",
        "实施",
        "推进",
        "加强",
    ]
)
_COUNTED_WEIGHT = 0.4
# One wrong character in four spoils two of the three pairs' neighbours at most.
_SLIP = 0.6
_COVERED = 0.7
_TOLD = 0.5
_TELLING = 0.9


@dataclass(frozen=True, slots=True)
class NameMatch:
    """One name that a question may speak of.

    `recall` is the share of the name that the question holds, `precision` the share of the
    question's words that the name explains, within 0..1. `is_told_apart` says that one of the
    name's most telling words is held: of 高新技术企业数量, 上市企业数量 holds only the others.
    """

    position: int
    recall: float
    precision: float
    is_told_apart: bool

    @property
    def score(self) -> float:
        """Return the F2 measure: a name said in full counts more than a question in few words."""
        both = 4 * self.precision + self.recall
        return 5 * self.precision * self.recall / both if both else 0.0


def match_names(question: Question, names: Sequence[str]) -> list[NameMatch]:
    """Return the names that share a word with the question, the best match first."""
    # Many plans have indicators of the same name: each is judged once.
    times = Counter(names)
    words_of = {name: name_words(name) for name in times}
    counts: Counter[str] = Counter()
    for name, words in words_of.items():
        counts.update(dict.fromkeys(words, times[name]))
    asked = _asked_words(question)
    # Once a word, not once a name: hundreds of names share their words.
    rarity = {word: math.log(1 + (len(names) + 1) / count) for word, count in counts.items()}
    telling = {word: word_weight(word) for word in counts}
    said = {
        word: max(share_held(word, question.expanded), _share_said(word, asked)) for word in counts
    }
    judged: dict[str, tuple[float, float, bool]] = {}
    for name, words in words_of.items():
        weights = {word: rarity[word] * weight * telling[word] for word, weight in words.items()}
        shares = {word: said[word] for word in weights}
        held = sum(weight * shares[word] for word, weight in weights.items())
        if not held or _is_share_of(name, [word for word in shares if shares[word]]):
            continue
        least = _TELLING * max(weights.values())
        known = expand(normalise(name))
        explained = sum(1 for word in asked if _explains(known, words, word))
        judged[name] = (
            held / sum(weights.values()),
            explained / len(asked) if asked else 1.0,
            any(shares[word] >= _TOLD for word, weight in weights.items() if weight >= least),
        )
    matches = [
        NameMatch(position, *judged[name]) for position, name in enumerate(names) if name in judged
    ]
    return sorted(matches, key=lambda match: (-match.score, match.position))


def _is_share_of(name: str, held: Sequence[str]) -> bool:
    """Tell whether all that is held of a name is what its share is taken of: GDP of …占GDP比重."""
    share = _SHARE_OF.search(normalise(name))
    return share is not None and all(word in share[1] for word in held if word not in _COUNTED)


def share_held(word: str, text: str) -> float:
    """Return 1 if the text holds the word, less if it is but a slip away (劳动生产律), else 0."""
    if word in text:
        return 1.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    share = sum(pair in text for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0
    return share if share >= _SLIP else 0.0


def _share_said(word: str, asked: Sequence[str]) -> float:
    """Return how much of a name's word is said by a shorter one: 专利 says half of 发明专利."""
    return max(
        (len(part) / len(word) for part in asked if len(part) > 1 and part in word), default=0
    )


@cache
def name_words(name: str) -> dict[str, float]:
    """Return the words of a name with what each tells about it, 0..1."""
    text = normalise(name)
    share = _SHARE_OF.search(text)
    words: dict[str, float] = {}
    # Without the lexicon, whose long terms would make one word of a whole name.
    for span in plain_segmenter().words(text):
        word, start = span.of(text), span.start
        if len(word) < 2 or word in load_stopwords():
            continue
        weight = _COUNTED_WEIGHT if word in _COUNTED else 1.0
        if share and share.start(1) <= start < share.end(1):
            weight *= _DENOMINATOR_WEIGHT
        words[word] = max(weight, words.get(word, 0.0))
    return words


def _asked_words(question: Question) -> list[str]:
    return [
        word
        for word in question.words
        if word not in load_aspects() and word not in question.places and not word[0].isdigit()
    ]


def _explains(known: str, words: dict[str, float], asked: str) -> bool:
    """Tell whether a word of the question is part of the name, itself or by its alias."""
    if asked in known or any(name in known for name in expand(asked).split()[1:]):
        return True
    # 高新企业 is explained by 高新技术 and 企业, 民营企业 is not by 企业 alone.
    covered = sum(len(word) for word in words if word in asked)
    return covered >= _COVERED * len(asked)
