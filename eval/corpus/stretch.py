"""The part of a document in which everything is labelled."""

from typing import Any

from corpus.model import Span
from eval.corpus.labels import LabelError, Part
from eval.corpus.places import Places


def find_stretch(places: Places, part: Part[Any]) -> Span:
    """Return where the part's labels hold: from its first words to the end of its last.

    Raises:
        LabelError: if these words are not in the document.
    """
    begin, end = 0, len(places.text)
    if part.first is not None:
        begin = _find(places, part.first, 0).start
    if part.last is not None:
        end = _find(places, part.last, begin).end
    return Span(begin, end)


def _find(places: Places, words: str, start: int) -> Span:
    found = places.find(words, start)
    if found is None:
        raise LabelError(f"文件中找不到标注范围的起止文字“{words}”，请改正标注的 from 或 to")
    return found


def locate(places: Places, quotes: list[str], stretch: Span) -> list[Span | None]:
    """Return where the quotes of a part stand; None for one that is not in the stretch.

    Quotes come in the order of the text, so one that occurs again stands after the one before it.
    """
    found: list[Span | None] = []
    reached = stretch.start
    for quote in quotes:
        span = places.find(quote, reached)
        if span is None or span.end > stretch.end:
            span = places.find(quote, stretch.start)
        if span is not None and span.end <= stretch.end:
            reached = span.start
            found.append(span)
        else:
            found.append(None)
    return found
