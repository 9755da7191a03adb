"""What the reranker learns from: a question and passages that answer it or do not.

Passages are the chunks that the program itself makes, so that it learns what it will be shown.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

# Of the groups to train further on, so many are of the sources that are new: without old ones a
# model forgets what it could.
_NEW = 0.6


class Candidate(BaseModel):
    """A passage with its context; `start` and `end` are the answer's place in `text`, if known."""

    model_config = ConfigDict(frozen=True)

    text: str
    answers: bool
    same_document: bool
    start: int | None = None
    end: int | None = None


class Group(BaseModel):
    """A question with its passages, the hardest first; without an answer none is right."""

    model_config = ConfigDict(frozen=True)

    source: str
    id: str
    document_id: str
    question: str
    is_answerable: bool
    passages: tuple[Candidate, ...]

    @property
    def right(self) -> tuple[Candidate, ...]:
        """Return the passages that answer."""
        return tuple(passage for passage in self.passages if passage.answers)

    @property
    def wrong(self) -> tuple[Candidate, ...]:
        """Return the passages that do not."""
        return tuple(passage for passage in self.passages if not passage.answers)


def write_groups(groups: Iterable[Group], path: Path) -> int:
    """Write groups as JSON lines; return how many."""
    lines = [group.model_dump_json(exclude_none=True) for group in groups]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def read_groups(path: Path) -> Iterator[Group]:
    """Read what `write_groups` wrote."""
    read = TypeAdapter(Group).validate_json
    with path.open(encoding="utf-8") as lines:
        yield from map(read, lines)


def mostly_new(groups: Sequence[Group], sources: Sequence[str], *, seed: int) -> list[Group]:
    """Return the groups of these sources, with so many drawn of the others that they are `_NEW`.

    Raises:
        ValueError: if a source has no group.
    """
    if missing := set(sources) - {group.source for group in groups}:
        raise ValueError(f"no groups of {', '.join(sorted(missing))}")
    new = [group for group in groups if group.source in sources]
    old = [group for group in groups if group.source not in sources]
    wanted = min(len(old), round(len(new) * (1 - _NEW) / _NEW))
    return new + random.Random(seed).sample(old, wanted)
