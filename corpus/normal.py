"""A text as it is matched: one width, one case, no blanks inside Chinese; and the way back.

The canonical text is never edited. What is found in the view is quoted through `NormalView.back`.
"""

import re
import unicodedata
from dataclasses import dataclass

from corpus.model import Span

# Blanks between Chinese characters or figures are left over from layout: 顶尖人 才, 1 200.
_STRAY_BLANK = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def normalise(text: str) -> str:
    """Return the text in compatibility form (NFKC), lower case, without blanks in Chinese."""
    return _STRAY_BLANK.sub("", unicodedata.normalize("NFKC", text).lower())


def character_pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of the normalised text."""
    plain = normalise(text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


@dataclass(frozen=True, slots=True)
class NormalView:
    """A normalised text with the canonical offset of each of its characters."""

    text: str
    offsets: tuple[int, ...]

    def back(self, start: int, end: int) -> Span:
        """Return the canonical span of `text[start:end]`."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"not within the view: {start}..{end}")
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


def normal_view(text: str) -> NormalView:
    """Normalise character by character, so that each one knows where it came from."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for normal in unicodedata.normalize("NFKC", character).lower():
            characters.append(normal)
            offsets.append(offset)
    joined = "".join(characters)
    stray = {i for blank in _STRAY_BLANK.finditer(joined) for i in range(*blank.span())}
    kept = [i for i in range(len(joined)) if i not in stray]
    return NormalView("".join(joined[i] for i in kept), tuple(offsets[i] for i in kept))
