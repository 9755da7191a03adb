"""What the rest of the program asks of an embedding model, whichever engine runs it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from corpus.tokens import TokenCounter


@dataclass(frozen=True)
class ModelIdentity:
    """Vectors may be compared only when these five agree."""

    name: str
    digest: str
    dimension: int
    query_prefix: str
    passage_prefix: str


class TextEmbeddings(ABC):
    """LangChain's `Embeddings` that can also say what it is and count tokens.

    It has their methods but not their base: importing it costs every command a tenth of a second.
    """

    @abstractmethod
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""

    @abstractmethod
    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""

    @property
    @abstractmethod
    def identity(self) -> ModelIdentity:
        """What an index must record to know whether it still fits."""

    @property
    @abstractmethod
    def count_tokens(self) -> TokenCounter:
        """What counts the tokens of a text; ingestion sends it to other processes."""
