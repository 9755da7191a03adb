"""Sections → chunks: passages small enough to embed, cut only where a reader would cut.

A cut falls between sentences. Only a sentence that alone exceeds the budget is cut inside, at a
comma or at least between words, never in a number with its unit or a bracketed phrase, unless that
phrase alone exceeds the budget. A chunk never reaches over its section.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from corpus.model import Chunk, Plan, Section, Span, Table
from corpus.segment import Segmenter, brackets, inside, quantities, sentences

# A header is words, not sentences: longer, and it would crowd out what it stands above.
_MAX_TABLE_CONTEXT = 200
_CLAUSE_ENDS = ",;:、\uff0c\uff1b\uff1a"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that alone exceeds the budget, with its size."""

    span: Span
    tokens: int
    is_sentence: bool


def chunk_sections(
    plan: Plan,
    sections: Sequence[Section],
    segmenter: Segmenter,
    count_tokens: Callable[[str], int],
    *,
    max_tokens: int,
    overlap_tokens: int,
    tables: Sequence[Table] = (),
) -> tuple[Chunk, ...]:
    """Cut every section's own text into chunks of at most `max_tokens`.

    A section that is only a heading above subsections makes none: its heading stands in the
    context of theirs. Where a chunk goes on from another, it repeats whole sentences of it, up to
    `overlap_tokens`; where it goes on in a table, its context repeats the caption and the header.
    """
    parents = {section.parent for section in sections}
    chunks: list[Chunk] = []
    for section in sections:
        after_heading = plan.text[max(section.heading.end, section.own.start) : section.own.end]
        if section.number in parents and not after_heading.strip("。.\n \u3000"):
            continue
        context = " > ".join((plan.title, *section.path))
        pieces = _pieces(plan.text, section.own, segmenter, count_tokens, max_tokens)
        for packed in _pack(pieces, max_tokens, overlap_tokens):
            span = trim(plan.text, packed)
            chunks.append(
                Chunk(
                    plan.id,
                    len(chunks),
                    section.number,
                    span,
                    span.of(plan.text),
                    context + _table_context(plan.text, span, tables),
                )
            )
    return tuple(chunks)


def _table_context(text: str, chunk: Span, tables: Sequence[Table]) -> str:
    """Return caption and header of the table in which the chunk begins, if it lacks them."""
    position = bisect_right(tables, chunk.start, key=lambda table: table.span.start) - 1
    if position < 0 or chunk.start >= tables[position].span.end:
        return ""
    table = tables[position]
    header = [cell for row in table.rows[: table.header_rows] for cell in row]
    if not header or chunk.start < max(cell.end for cell in header):
        return ""
    said = ([table.caption] if table.caption else []) + list(dict.fromkeys(header))
    words = " ".join(" ".join(span.of(text).split()) for span in said)
    return f" > {words[:_MAX_TABLE_CONTEXT]}"


def _pieces(
    text: str,
    own: Span,
    segmenter: Segmenter,
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> list[_Piece]:
    """Return the section's sentences with their size in tokens, over-long ones in parts."""
    pieces: list[_Piece] = []
    section_text = own.of(text)
    for sentence in sentences(section_text):
        words = sentence.of(section_text)
        if not words.strip():
            continue
        tokens = count_tokens(words)
        parts = (
            [Span(0, len(words))]
            if tokens <= max_tokens
            else split_sentence(words, segmenter, count_tokens, max_tokens)
        )
        for part in parts:
            start = own.start + sentence.start
            whole = len(parts) == 1
            size = tokens if whole else count_tokens(part.of(words))
            pieces.append(_Piece(Span(start + part.start, start + part.end), size, whole))
    return pieces


def _pack(pieces: Sequence[_Piece], max_tokens: int, overlap_tokens: int) -> Iterator[Span]:
    """Join neighbouring pieces up to the budget; what lies between them comes along."""
    first, tokens = 0, 0
    for position, piece in enumerate(pieces):
        if position > first and tokens + piece.tokens > max_tokens:
            yield Span(pieces[first].span.start, pieces[position - 1].span.end)
            room = min(overlap_tokens, max_tokens - piece.tokens)
            kept, repeated = position, 0
            while (
                kept - 1 > first
                and pieces[kept - 1].is_sentence
                and repeated + pieces[kept - 1].tokens <= room
            ):
                kept -= 1
                repeated += pieces[kept].tokens
            first, tokens = kept, repeated
        tokens += piece.tokens
    if pieces:
        yield Span(pieces[first].span.start, pieces[-1].span.end)


def split_sentence(
    sentence: str,
    segmenter: Segmenter,
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> list[Span]:
    """Cut one sentence into parts within the budget, without a gap."""
    word_spans = segmenter.words(sentence)
    numbers = inside(word_spans) | inside(quantities(sentence))
    protected = numbers | inside(brackets(sentence))
    # Where a bracketed phrase leaves no room, cut inside it; where a word does, anywhere.
    choices = (
        [
            i
            for i in range(1, len(sentence))
            if i not in protected and sentence[i - 1] in _CLAUSE_ENDS
        ],
        [i for i in range(1, len(sentence)) if i not in protected],
        [i for i in range(1, len(sentence)) if i not in numbers],
        list(range(1, len(sentence))),
    )

    def size_from(start: int, end: int) -> int:
        return count_tokens(sentence[start:end])

    # No vocabulary has pieces of more than a few characters; the window keeps long texts linear.
    window = 8 * max_tokens
    cuts = [0]
    while (
        len(sentence) - cuts[-1] > window or count_tokens(sentence[cuts[-1] :]) > max_tokens
    ) and cuts[-1] < len(sentence) - 1:
        start = cuts[-1]
        for positions in choices:
            low = bisect_right(positions, start)
            near = positions[low : bisect_right(positions, start + window)]
            fitting = bisect_right(near, max_tokens, key=partial(size_from, start))
            if fitting:
                cuts.append(near[fitting - 1])
                break
        else:
            cuts.append(start + 1)
    return [Span(start, end) for start, end in pairwise([*cuts, len(sentence)])]


def trim(text: str, span: Span) -> Span:
    """Return the span without blanks at its edges."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))
