"""More passages for a group: the answer within fewer sentences, and its passage without the answer.

With the same few windows in every epoch a small model learns them by heart. A passage whose answer
was cut out is the hardest wrong one there is: all that the question names, but not what it asks.
"""

import random
import re
from collections.abc import Iterator

from corpus.model import Span
from eval.corpus.places import squeeze
from eval.reranker.groups import Candidate, Group

_CROPS = 2
_SENTENCE_END = re.compile(r"[。；！？\n]+[”』」）]?")
# The words above a passage's window stay with it.
_CONTEXT = re.compile(r"[^\n]{1,120}\n")
_SHORTEST = 60
# Of a single character nobody can tell whether it answers elsewhere too.
_SHORTEST_ANSWER = 2


def augmented(group: Group, *, seed: int) -> Group:
    """Return the group with passages added whose answer's place is known; the same for a seed."""
    chance = random.Random(f"{seed}/{group.source}/{group.id}")
    told = [one for one in group.right if one.start is not None]
    crops = [crop for one in told for crop in _crops(one, chance)]
    cut = [left for one in told[:1] for left in [_without_answer(one)] if left is not None]
    passages = (*group.right, *crops, *cut, *group.wrong)
    return group.model_copy(update={"passages": passages})


def _sentences(text: str) -> list[Span]:
    """Return what stands between ends of sentences, the context above the window left out."""
    context = _CONTEXT.match(text)
    starts = [context.end() if context else 0]
    starts.extend(match.end() for match in _SENTENCE_END.finditer(text, starts[0]))
    return [Span(a, b) for a, b in zip(starts, [*starts[1:], len(text)], strict=True) if a < b]


def _crops(right: Candidate, chance: random.Random) -> Iterator[Candidate]:
    """Yield the passage begun at a later sentence and ended at an earlier one."""
    assert right.start is not None and right.end is not None
    sentences = _sentences(right.text)
    begins = [one.start for one in sentences if one.start <= right.start]
    ends = [one.end for one in sentences if one.end >= right.end]
    if not begins or not ends:
        return
    kept = right.text[: sentences[0].start]
    seen = {right.text}
    for _ in range(_CROPS):
        begin, end = chance.choice(begins), chance.choice(ends)
        text = kept + right.text[begin:end]
        if text in seen or end - begin < _SHORTEST:
            continue
        seen.add(text)
        moved = begin - len(kept)
        yield right.model_copy(
            update={"text": text, "start": right.start - moved, "end": right.end - moved}
        )


def _without_answer(right: Candidate) -> Candidate | None:
    """Return the passage without the sentences of the answer; None if it may still answer."""
    assert right.start is not None and right.end is not None
    answer = Span(right.start, right.end)
    sentences = _sentences(right.text)
    left = [one for one in sentences if one.end <= answer.start or one.start >= answer.end]
    body = "".join(one.of(right.text) for one in left)
    kept = right.text[: sentences[0].start]
    words = squeeze(answer.of(right.text))
    is_left = any(words in squeeze(part) for part in (kept, body))
    if len(words) < _SHORTEST_ANSWER or len(body) < _SHORTEST or is_left:
        return None
    return Candidate(text=kept + body, answers=False, same_document=right.same_document)
