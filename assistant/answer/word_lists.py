"""Short enumerations inside a sentence: 围绕能源、工业、交通、建筑、农业、居民生活六大重点领域.

Finds where the first item begins and the last one ends; every item stays the text's own words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from assistant.question import in_words
from corpus.model import Span
from corpus.segment import brackets, plain_segmenter

_CLAUSE = re.compile("[^，,。；;：:！!？?\n]+")
# What stands before the first item; of several the one whose rest is most like the other items.
_BEFORE = re.compile(
    "围绕|面向|聚焦|包括|包含|涵盖|覆盖|其中|分为|设为|设置为|承接|成为|建成|通过|构建|打造|推进|推动|开展|重点领域|重点"
    "|瞄准|实施|坚持|下放|加强|突出|培育|形成|支持|健全|完善|提升|建设|涉及|抓好|确保|即|以(?!及)|从(?=[^事业严快重优轻])|将|把|在(?!线)|对|由|为|是|的"
)
_AFTER = re.compile("(?<![平高均同])等(?![级于同分待])")
_JOINED = re.compile("以及|[和及与]")
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class WordList:
    """The items of one enumeration; `behind` is what the clause says after them."""

    items: tuple[Span, ...]
    behind: str

    def begun_at(self, place: int) -> "WordList":
        """Return the list with its first item cut to begin at a place within it."""
        first, *others = self.items
        return replace(self, items=(Span(place, first.end), *others))

    def of(self, text: str) -> list[str]:
        """Return the items' words."""
        return [item.of(text) for item in self.items]


def read_word_lists(text: str, sentence: Span) -> list[WordList]:
    """Return the enumerations of a sentence in their order."""
    return [
        words
        for match in _CLAUSE.finditer(text, sentence.start, sentence.end)
        for clause in _counted_parts(text, Span(match.start(), match.end()))
        if (words := _read(text, clause)) is not None
    ]


def _counted_parts(text: str, clause: Span) -> list[Span]:
    """Part a clause where one list ends and the next begins: …、品牌链五链体系和路演日、…"""
    for place, match in enumerate(re.finditer("[^、]+", clause.of(text)), start=1):
        if clause.start + match.end() < clause.end and (end := _AFTER.search(match[0], 1)):
            middle = clause.start + match.start() + end.end()
            return [Span(clause.start, middle), Span(middle, clause.end)]
        counted = _counted(match[0], place) if place > 1 else None
        joined = _JOINED.search(match[0], counted or 0)
        if counted and joined and clause.start + match.end() < clause.end:
            middle = clause.start + match.start() + joined.end()
            return [Span(clause.start, middle - len(joined[0])), Span(middle, clause.end)]
    return [clause]


def _read(text: str, clause: Span) -> WordList | None:
    found = re.finditer("[^、]+", clause.of(text))
    parts = [Span(clause.start + match.start(), clause.start + match.end()) for match in found]
    if len(parts) < 2:
        return None
    parts = _end(text, parts)
    parts = [_begin(text, parts), *parts[1:]]
    if any(not 0 < len(part) <= _LONGEST for part in parts) or _cuts_bracket(text, clause, parts):
        return None
    return WordList(tuple(parts), text[parts[-1].end : clause.end])


def _cuts_bracket(text: str, clause: Span, parts: Sequence[Span]) -> bool:
    """Tell whether an item has one of two brackets or quotation marks: “看家护院|、|邻里互助”."""
    for pair in brackets(clause.of(text)):
        inside = range(clause.start + pair.start + 1, clause.start + pair.end)
        if any((part.start in inside) != (part.end in inside) for part in parts):
            return True
    return False


def _end(text: str, parts: list[Span]) -> list[Span]:
    """Cut off what follows the last item, and part it where 和 joins two."""
    *others, last = parts
    words = last.of(text)
    end = _AFTER.search(words)
    cut = end.start() if end else _counted(words, len(parts))
    joined = _JOINED.search(words[: cut or len(words)], 1)
    if cut is None and joined is not None:
        cut = _counted(words, len(parts) + 1)
    if cut is None and len(words) > 2 * max(len(other) for other in others[1:] or others):
        cut = _usual_end(words, others, joined.end() if joined else 0)
    last = Span(last.start, last.start + (cut or len(words)))
    if joined is None or not 1 < joined.start() < len(last) or joined.end() >= len(last) - 1:
        return [*others, last]
    first, second = last.start + joined.start(), last.start + joined.end()
    return [*others, Span(last.start, first), Span(second, last.end)]


def _usual_end(words: str, others: Sequence[Span], start: int) -> int:
    """Return where an item that begins at `start` would end if it were like the others."""
    usual = median(len(other) for other in others)
    ends = (start + place for place in _boundaries(words[start:]))
    return min(ends, key=lambda end: abs(end - start - usual))


def _counted(words: str, number: int) -> int | None:
    """Return where the items are counted up: 居民生活|六大重点领域."""
    for numeral in (in_words(number), str(number)):
        place = words.rfind(numeral)
        if place > 1 and len(words) - place <= _LONGEST // 2:
            return place
    return None


def _begin(text: str, parts: Sequence[Span]) -> Span:
    """Cut off what stands before the first item."""
    first, *others = parts
    words = first.of(text)
    named = [other.of(text) for other in others]
    ends = {match.end() for match in _BEFORE.finditer(words)}
    usual = median(len(other) for other in others)

    def likeness(place: int) -> tuple[bool, bool, bool, float]:
        # What merely opens another item is none: 金融|支持、…、支持复产.
        opened = [name for name in named if name.startswith(words[place])]
        is_like = bool(opened) and not any(name.startswith(words[place:]) for name in opened)
        is_clean = _BEFORE.match(words, place) is None
        return is_like, is_clean, place in ends, -abs(len(words) - place - usual)

    least = 1 if any(len(other) == 1 for other in others) else 2
    places = {place for place in (0, *_boundaries(words), *ends) if place <= len(words) - least}
    best = max(sorted(places), key=likeness) if places else 0
    if best not in ends and not likeness(best)[0] and len(words) <= 2 * usual:
        best = 0
    return Span(first.start + best, first.end)


def _boundaries(words: str) -> list[int]:
    return [span.end for span in plain_segmenter().words(words)] or [len(words)]
