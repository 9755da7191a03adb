"""What a measure gives: 奖励, 贴息, 减免 …, named by the words of measure_instruments.tsv."""

import re
from collections.abc import Iterable
from functools import cache

from corpus.measure_promise import Promise
from corpus.measure_words import any_of, beneficiary_pattern, instrument_words, words
from corpus.model import Span

# What somebody is only supported or encouraged to do is no service to him, and no relief.
_ONLY_GRANTED = frozenset(
    ("补贴", "补助", "返还", "减免", "税收优惠", "用地", "贷款", "担保", "优先")
)
# What a share is taken of and where the money comes from is not what is given.
_BASE = re.compile(
    r"按照?[^,。;]{0,40}?(?:\d[\d.]*[%‰]|比例|总额|标准|确定)|\([^()]{0,80}\)|由[^,。;]{2,16}?(?:资金|基金)"
    r"|贷款(?=贴息|利息|实际利息|余额|总额)"
)


def read_instruments(view: str, promise: Promise, named: Iterable[Span | None]) -> tuple[str, ...]:
    """Return what the promise gives, in its order; 其他 if it is none of the known.

    `named` (who gets it, on what condition) and what shares are taken of give nothing.
    """
    told = list(view)
    for span in named:
        if span is not None:
            told[span.start : span.end] = " " * len(span)
    promised = _BASE.sub(" ", _names().sub(" ", "".join(told)))
    gives = promise.is_grant or promise.beneficiary is None
    found = [
        (match.start(), name)
        for name, pattern in _instruments()
        if (gives or name not in _ONLY_GRANTED) and (match := pattern.search(promised)) is not None
    ]
    return tuple(name for _, name in sorted(found)) or ("其他",)


@cache
def _names() -> re.Pattern[str]:
    return re.compile(
        rf"{any_of(words('name'))}"
        rf"|(?:融资|担保|贷款|服务|培训|技术|人才|咨询|土地)[^,。;、的]{{0,6}}{beneficiary_pattern()}"
    )


@cache
def _instruments() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # 提供…服务: the dots stand for what is served.
    return tuple(
        (name, re.compile(any_of(found).replace("…", "[^,。;]{0,40}?")))
        for name, found in instrument_words()
    )
