"""Does everything in an answer stand in its sources? The last step before an answer leaves.

Checked for each line: it cites; its numbers stand, magnitude and all, in the words it cites, or in
a figure that code computed; what it puts in quotation marks or 《》 stands there character for
character; a verbatim line is its source's own words; each citation is what its plan says at that
place. Knows nothing of how the answer was made.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from assistant.answer.draft import Draft
from assistant.answer.model import Citation, Removed
from corpus.normal import normalise
from corpus.segment import sentences

Unsupported: TypeAlias = Literal["drop", "mark"]
Similarity: TypeAlias = Callable[[str, str], float]

MARKED = "（未在原文找到依据）"

_MARK = re.compile(r"\[(\d{1,3})\]")
# With its magnitude: 5200万 is not 5200亿.
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?([万亿千百]*)")
_QUOTED = re.compile('「([^「」]+)」|《([^《》]+)》|“([^“”]+)”|"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Proof:
    """What is left of a draft, its marks as they were, and what was taken out of it.

    `answers` tells whether a cited sentence with content is left, not an introduction alone.
    """

    draft: Draft
    removed: tuple[Removed, ...] = ()
    answers: bool = False


def prove(
    draft: Draft,
    citations: Sequence[Citation],
    read_text: Callable[[str], str],
    *,
    similarity: Similarity | None = None,
    unsupported: Unsupported = "drop",
) -> Proof:
    """Return the draft without the sentences that its citations do not carry, or with them marked.

    `similarity` is the cosine of two texts' embeddings, where the caller has a model at hand.
    """
    sound = {
        citation.n: citation
        for citation in citations
        if read_text(citation.plan_id)[citation.start : citation.end] == citation.quote
    }
    removed: list[Removed] = []
    lines: list[str] = []
    answers = False
    for line in draft.text.split("\n"):
        kept: list[str] = []
        for span in sentences(line):
            sentence = span.of(line)
            if not _check_sentence(sentence, draft, sound):
                kept.append(sentence)
                answers = answers or bool(_MARK.search(sentence))
                continue
            removed.append(Removed(sentence.strip(), "未在所引原文中找到依据"))
            if unsupported == "mark":
                kept.append(sentence + MARKED)
        if kept or not line.strip():
            lines.append("".join(kept))
    return Proof(replace(draft, text="\n".join(lines)), tuple(removed), answers)


def verify(
    draft: Draft, citations: Sequence[Citation], read_text: Callable[[str], str]
) -> list[str]:
    """Return what is wrong with the draft, one English line a fault; empty if nothing is."""
    faults = [
        f"citation {citation.n} is not what its plan says"
        for citation in citations
        if read_text(citation.plan_id)[citation.start : citation.end] != citation.quote
    ]
    by_number = {citation.n: citation for citation in citations}
    for sentence in draft.text.split("\n"):
        faults.extend(_check_sentence(sentence, draft, by_number))
    return faults


def _check_sentence(sentence: str, draft: Draft, by_number: dict[int, Citation]) -> list[str]:
    numbers = [int(mark) for mark in _MARK.findall(sentence)]
    unknown = [number for number in numbers if number not in by_number]
    if unknown:
        return [f"no source {unknown[0]}: {sentence}"]
    said = _MARK.sub("", sentence)
    for computed in sorted(draft.computed, key=len, reverse=True):
        said = said.replace(computed, "")
    sources = [by_number[number] for number in numbers]
    # A heading over two lines is shown on one.
    quotes = "\n".join(" ".join(citation.quote.split()) for citation in sources)
    titles = {citation.plan_title for citation in sources}
    # A title may hold another one: 《关于印发《甲规划》的通知》.
    own = _without_titles(said, titles)
    faults = [
        f"number {number}{magnitude} is not in the sources: {sentence}"
        for number, magnitude in _numbers(own)
        if not _stands_in(number, magnitude, quotes)
    ]
    if draft.verbatim and " ".join(said.split()) not in quotes:
        faults.append(f"not the sources' own words: {sentence}")
    for match in _QUOTED.finditer(own):
        words = next(group for group in match.groups() if group)
        if words not in quotes and words not in titles:
            faults.append(f"quotation {words} is not in the sources: {sentence}")
    # A line without a figure or a quotation may introduce or refuse; all else must cite.
    if (
        draft.status == "answered"
        and said.strip()
        and not numbers
        and not said.rstrip().endswith("：")
    ):
        faults.append(f"no citation: {sentence}")
    return faults


def _without_titles(text: str, titles: set[str]) -> str:
    for title in titles:
        text = text.replace(f"《{title}》", "")
    return text


def _numbers(text: str) -> list[tuple[str, str]]:
    found = _NUMBER.findall(normalise(text))
    return [(number.replace(",", ""), magnitude) for number, magnitude in found]


def _stands_in(number: str, magnitude: str, quotes: str) -> bool:
    """Tell whether a number stands in the quotes, its magnitude with it or in a unit of its own.

    A table has 亿元 in one cell and 85 in another.
    """
    figures = _numbers(quotes)
    if (number, magnitude) in figures:
        return True
    in_a_cell = re.search(rf"(?<![\d万亿千百]){magnitude}", quotes) is not None
    return bool(magnitude) and (number, "") in figures and in_a_cell
