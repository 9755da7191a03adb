"""How much a word tells, by its rarity in general Chinese."""

import math

from corpus.segment import base_segmenter

# The logarithm at which a word counts in full; jieba counts 60 million words.
_FULL_WEIGHT = 12.0


def word_weight(word: str) -> float:
    """Return how much a word tells, 0..1, by its count in jieba's dictionary."""
    tokenizer = base_segmenter().tokenizer
    count = tokenizer.FREQ.get(word) or 0
    return min(1.0, math.log(tokenizer.total / (count + 1)) / _FULL_WEIGHT)
