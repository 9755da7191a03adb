"""Counts the tokens of an embedding model, wherever the model itself runs."""

from dataclasses import dataclass

from tokenizers import Tokenizer


@dataclass(frozen=True)
class TokenCounter:
    """A tokenizer that can be sent to another process."""

    tokenizer: Tokenizer

    def __call__(self, text: str) -> int:
        """Return the tokens of the text alone: no prefix, no special tokens, no truncation."""
        return len(self.tokenizer.encode(encodable(text), add_special_tokens=False))


def encodable(text: str) -> str:
    """Return the text without halves of surrogate pairs, at which tokenizers fail."""
    return text.encode("utf-8", "replace").decode("utf-8")
