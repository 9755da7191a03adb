"""How well do words of a source support an answer to a question?

Support is the share of the question's content words that stand in the source, itself or by an
alias of the lexicon, each weighted by its rarity in general Chinese (jieba's word counts): that
碳达峰 is there says much, that 推进 is there says little.
"""

import re
from collections.abc import Sequence

from assistant.question import Question, Wanted
from assistant.rarity import word_weight
from corpus.normal import normalise
from corpus.segment import base_segmenter
from corpus.terms import synonyms

# What a passage must hold to answer a question of this kind.
_MUST_HOLD: dict[Wanted, re.Pattern[str]] = {
    "money": re.compile("[\\d一二三四五六七八九十百千]\\s*[十百千万亿]*元"),
    "percentage": re.compile("\\d\\s*(?:%|‰|个?百分点)|百分之|[一二三四五六七八九]成"),
    "amount": re.compile(
        "\\d|[一二两三四五六七八九十百千万]+[个家项条件名人位处所户间平公里倍张批类种大支座]"
    ),
    "date": re.compile("\\d{4}年|\\d{1,2}月|年底|年末|前完成|中期|期末|每年|每月|季度|年度"),
    # Hotlines have five digits: 12345, 95598.
    "contact": re.compile(
        "电话[:\uff1a]?\\d|\\d{7,}|(?<!\\d)(?:12|9[56])\\d{3}(?!\\d)|@|https?:|www\\."
    ),
    "place": re.compile("位于|坐落|选址|地处|落户|设在|园区|街道|片区|路\\d"),
}
# Asked for by name: the name itself must be there.
_NAMED = re.compile(
    "负责人|联系人|法人代表|[局组院区市县镇处科校董事会]长|书记|主席|主任|邮箱|网址|地址"
)
_ASKS_YEAR = re.compile("哪一?年|何年|几几年")
_YEAR = re.compile("(?:19|20)\\d\\d")


def support(words: Sequence[str], source: str) -> float:
    """Return the weighted share of the words that the (normalised) source holds, 0..1."""
    weights = [word_weight(word) for word in words]
    held = sum(weight * _held(word, source) for word, weight in zip(words, weights, strict=True))
    return held / sum(weights) if words else 0.0


def holds_wanted(question: Question, text: str) -> bool:
    """Tell whether the text has the kind of thing that the question wants to know."""
    source = normalise(text)
    named = _NAMED.search(question.normal)
    if named is not None and named[0] not in source:
        return False
    if any(ordinal not in source for ordinal in question.ordinals):
        return False
    pattern = _MUST_HOLD.get(question.wanted)
    if question.wanted == "date" and _ASKS_YEAR.search(question.normal):
        pattern = _YEAR
    if question.wanted == "amount" and question.counted_in is not None:
        pattern = re.compile(f"[\\d一二两三四五六七八九十百千万亿][多余]?{question.counted_in}")
    return pattern is None or pattern.search(source) is not None


def _held(word: str, source: str) -> float:
    if word in source:
        return 1.0
    if any(other in source for other in synonyms(word)):
        return 1.0
    if len(word) < 3 or word.isascii():
        return 0.0
    # A compound counts by the parts that are there: 土壤污染 in 水、土壤等污染, 大恼 for 大脑.
    parts = [part for part in base_segmenter().search_words(word) if part != word]
    by_parts = sum(part in source for part in parts) / len(parts) if parts else 0.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    by_pairs = sum(pair in source for pair in pairs) / len(pairs)
    return max(0.9 * by_parts, 0.7 * by_pairs)
