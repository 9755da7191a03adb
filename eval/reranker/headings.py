"""Headings of plans as questions: the passages below one answer it, other passages do not.

What a heading is to its paragraph, a question is to what answers it, and plans are what the
program is asked about. The plan that comes with the project stays out: its questions measure.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.library import Library
from assistant.settings import Settings
from corpus.catalog import CatalogEntry
from corpus.model import Chunk
from eval.reranker.groups import Candidate, Group
from eval.splits import split_of

SOURCE = "headings"
PLANS = "plans"
_OURS = "瓯海"
_LABEL = re.compile(
    r"^(第[\d一二三四五六七八九十百零]+[篇章节条]|[（(]?[\d一二三四五六七八九十]+[)）、.．])\s*"
)
_SHORTEST, _LONGEST = 6, 40
_SHORTEST_TEXT = 60
_EACH_PLAN = 30
_WRONG = 4
# How people ask for what a heading names.
_WAYS = ("{}", "{}", "如何{}？", "{}有哪些内容？", "在{}方面有什么要求？")


def heading_groups(data_dir: Path, *, seed: int) -> Iterator[Group]:
    """Yield groups of the plans in a data folder, at most so many of each plan."""
    library = Library(Settings(data_dir=data_dir))
    chance = random.Random(seed)
    for entry in library.catalog.entries():
        if not is_trained_on(entry):
            continue
        chunks = [c for c in library.catalog.chunks(entry.id) if len(c.text) >= _SHORTEST_TEXT]
        groups = list(_of_plan(entry.id, chunks, library, chance))
        chance.shuffle(groups)
        yield from groups[:_EACH_PLAN]


def is_bundled(entry: CatalogEntry) -> bool:
    """Tell whether it is the plan that comes with the project."""
    return _OURS in entry.title


def is_trained_on(entry: CatalogEntry) -> bool:
    """Tell whether a plan is in the part that is trained on."""
    return not is_bundled(entry) and split_of(PLANS, Path(entry.source).name) == "train"


def _of_plan(
    plan_id: str, chunks: Sequence[Chunk], library: Library, chance: random.Random
) -> Iterator[Group]:
    sections = library.catalog.sections(plan_id)
    below: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        path = sections[chunk.section].path
        heading = _LABEL.sub("", path[-1]).strip() if path else ""
        if _SHORTEST <= len(heading) <= _LONGEST:
            below[heading].append(chunk)
    for heading, own in below.items():
        body = [text for text in (_without(chunk, heading) for chunk in own) if text]
        if not body:
            continue
        others = [c for c in chunks if c not in own and heading not in c.embedded]
        near = sorted(others, key=lambda c: abs(c.number - own[0].number))[: 3 * _WRONG]
        wrong = chance.sample(near, min(_WRONG, len(near)))
        yield Group(
            source=SOURCE,
            id=f"{plan_id}/{own[0].number}",
            document_id=plan_id,
            question=chance.choice(_WAYS).format(heading),
            is_answerable=True,
            passages=(
                *(Candidate(text=text, answers=True, same_document=True) for text in body[:3]),
                *(Candidate(text=c.text, answers=False, same_document=True) for c in wrong),
            ),
        )


def _without(chunk: Chunk, heading: str) -> str | None:
    """Return the chunk's text without its heading, None where too little is left."""
    lines = [line for line in chunk.text.split("\n") if heading not in line]
    text = "\n".join(lines).strip()
    return text if len(text) >= _SHORTEST_TEXT else None
