"""The sentences of a passage, parted from what opens them and is none of theirs.

Where a text came without its line breaks, the title of the document, the heading of a section, the
label of a paragraph and an agency's line stand before a sentence as if they were its first words.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.answer.sources import Sources
from corpus.chunking import trim
from corpus.model import Chunk, Span
from corpus.segment import sentences

# 新华社北京2月15日电（记者 申铖）, 【优惠内容】
_OPENING = re.compile(
    r"(?:新华社|新华网|中新社|中新网|人民网|央视网)\S{0,12}?\d{1,2}月\d{1,2}日[电讯]"
    r"(?:\s*[（(][^（）()\n]{1,40}[)）])?"
    r"|【[^【】\n]{1,12}】"
)


def parts_of(chunk: Chunk, sources: Sources) -> list[Span]:
    """Return the sentences of a chunk's text, and apart from them what opens them.

    None has blanks at its edges.
    """
    return _parts(chunk, list(_openings(chunk, sources)))


def sentences_in(chunk: Chunk, sources: Sources) -> list[Span]:
    """Return the sentences alone."""
    openings = list(_openings(chunk, sources))
    return [
        part
        for part in _parts(chunk, openings)
        if not any(opening.holds(part) for opening in openings)
    ]


def _parts(chunk: Chunk, openings: Sequence[Span]) -> list[Span]:
    cuts = {edge for opening in openings for edge in (opening.start, opening.end)}
    parts = [
        trim(chunk.text, Span(start, end))
        for one in sentences(chunk.text)
        for start, end in pairwise(
            [one.start, *sorted(cut for cut in cuts if one.start < cut < one.end), one.end]
        )
    ]
    return [part for part in parts if len(part)]


def _openings(chunk: Chunk, sources: Sources) -> Iterator[Span]:
    plan = sources.plan(chunk.plan_id)
    title = len(plan.text) - len(plan.text.lstrip())
    heading = sources.sections(chunk.plan_id)[chunk.section].heading
    found = [heading] if len(heading) else []
    if plan.title and plan.text.startswith(plan.title, title):
        found.append(Span(title, title + len(plan.title)))
    for one in found:
        start, end = one.start - chunk.span.start, one.end - chunk.span.start
        if 0 <= start < end <= len(chunk.text):
            yield Span(start, end)
    for match in _OPENING.finditer(chunk.text):
        yield Span(match.start(), match.end())
