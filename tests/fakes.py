"""Stand-ins that several tests share, small enough to read."""

import math
import zlib

MODEL: dict[str, str | int] = {"name": "bigrams", "dimension": 64}


class BigramEmbedder:
    """Counts character pairs in 64 boxes: texts that share wording come out close."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        counts = [0.0] * 64
        for left, right in zip(text, text[1:] + " ", strict=True):
            counts[zlib.crc32((left + right).encode()) % 64] += 1
        length = math.sqrt(sum(count * count for count in counts))
        return [count / length for count in counts]

    def count_tokens(self, text: str) -> int:
        return len(text)
