"""Paragraphs that open with what they are about: it is a question to which the rest is the answer.

「（三）推动消费回升。稳就业促增收…」 answers 如何推动消费回升？ from 稳就业 on. Questions about
plans are answered by such paragraphs, and of the question sets hardly any is about plans.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from jieba import posseg

from assistant.library import Library
from assistant.settings import Settings
from eval.reranker.groups import Candidate, Group
from eval.reranker.headings import is_trained_on

SOURCE = "leads"
_NUMBER = r"[\d一二三四五六七八九十百]"
_LABEL = rf"(?:(?:第?[（(]?{_NUMBER}+[)）篇章节条、.．]|{_NUMBER}是|——)\s*)?"
_LEAD = r"[\u4e00-\u9fff“”（）]{5,26}"
_HEADING = re.compile(rf"[ \u3000]*{_LABEL}{_LEAD}")
_PARAGRAPH = re.compile(
    rf"[ \u3000]*{_LABEL}(?P<lead>{_LEAD})[。：\n][ \u3000]*(?P<body>[^\n]{{20,220}}[。；])"
)
_EACH_PLAN = 60
_LONGEST = 360
_WRONG = 4
_SHORTEST_WRONG = 40
# A paragraph as near as this is the likeliest to be found instead.
_NEAR = 12
_WAYS = ("如何{}？", "怎样{}？", "{}有哪些举措？", "在{}方面有什么要求？", "{place}如何{}？")


def lead_groups(data_dir: Path, *, seed: int) -> Iterator[Group]:
    """Yield groups of the plans in a data folder, at most so many of each plan."""
    library = Library(Settings(data_dir=data_dir))
    chance = random.Random(seed)
    for entry in library.catalog.entries():
        if not is_trained_on(entry):
            continue
        place = entry.metadata.region or ""
        paragraphs = _paragraphs(library.catalog.plan(entry.id).text)
        found = [
            (number, match)
            for number, paragraph in enumerate(paragraphs)
            for match in [_PARAGRAPH.fullmatch(paragraph)]
            if match and _is_deed(match["lead"])
        ]
        for number, match in chance.sample(found, min(_EACH_PLAN, len(found))):
            yield Group(
                source=SOURCE,
                id=f"{entry.id}/{number}",
                document_id=entry.id,
                question=chance.choice(_WAYS).format(match["lead"], place=place),
                is_answerable=True,
                passages=(
                    _right(paragraphs, number, match, chance),
                    *_wrong(paragraphs, number, match["lead"], chance),
                ),
            )


def _paragraphs(text: str) -> list[str]:
    """Return the lines, a short one that nothing ends with the line it stands above."""
    lines = [line for line in text.split("\n") if line.strip()]
    joined: list[str] = []
    for line in lines:
        if joined and _HEADING.fullmatch(joined[-1]):
            joined[-1] += f"\n{line}"
        else:
            joined.append(line)
    return joined


def _is_deed(lead: str) -> bool:
    """Tell whether it says what is to be done, which can be asked for with 如何."""
    first = next(iter(posseg.cut(lead)))
    return bool(first.flag.startswith(("v", "ad", "d")))


def _right(
    paragraphs: list[str], number: int, match: re.Match[str], chance: random.Random
) -> Candidate:
    """Return the paragraph within some of those around it."""
    before, after = "", ""
    above, below = number - 1, number + 1
    own = match[0]
    while True:
        is_above = chance.random() < 0.5
        at = above if is_above else below
        added = paragraphs[at] if 0 <= at < len(paragraphs) else ""
        if not added or len(before) + len(own) + len(after) + len(added) > _LONGEST:
            break
        if is_above:
            before, above = f"{added}\n{before}", above - 1
        else:
            after, below = f"{after}\n{added}", below + 1
    start = len(before) + match.start("body")
    return Candidate(
        text=f"{before}{own}{after}",
        answers=True,
        same_document=True,
        start=start,
        end=len(before) + match.end("body"),
    )


def _wrong(
    paragraphs: list[str], number: int, lead: str, chance: random.Random
) -> Iterator[Candidate]:
    near = [
        text[:_LONGEST]
        for text in paragraphs[max(0, number - _NEAR) : number + _NEAR + 1]
        if lead not in text and len(text) >= _SHORTEST_WRONG
    ]
    for text in chance.sample(near, min(_WRONG, len(near))):
        yield Candidate(text=text, answers=False, same_document=True)
