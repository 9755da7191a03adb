"""The names of chunks, shared by the catalog and the index. Knows neither of them."""

import re
from dataclasses import dataclass

from corpus.model import Chunk

_KEY = re.compile(r"([0-9a-f]{12})-([0-9a-f]{16})-(\d+)")


@dataclass(frozen=True, slots=True)
class ChunkKey:
    """Names one chunk of one version of a plan; `version` is the start of the file's digest."""

    plan_id: str
    version: str
    number: int

    def __str__(self) -> str:
        """Return the form that Chroma stores."""
        return f"{self.plan_id}-{self.version}-{self.number}"

    @staticmethod
    def of(chunk: Chunk, digest: str) -> "ChunkKey":
        """Return the key of a chunk of the plan's version with this digest."""
        return ChunkKey(chunk.plan_id, digest[:16], chunk.number)

    @staticmethod
    def parse(text: str) -> "ChunkKey":
        """Read what `str` wrote."""
        match = _KEY.fullmatch(text)
        if match is None:
            raise ValueError(f"not a chunk key: {text}")
        return ChunkKey(match[1], match[2], int(match[3]))
