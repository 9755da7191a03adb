"""What the rest of the program asks of an embedding model, whichever engine runs it."""

from abc import abstractmethod
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from corpus.tokens import TokenCounter


@dataclass(frozen=True)
class ModelIdentity:
    """Vectors may be compared only when these five agree."""

    name: str
    digest: str
    dimension: int
    query_prefix: str
    passage_prefix: str


class TextEmbeddings(Embeddings):
    """LangChain's `Embeddings` that can also say what it is and count tokens."""

    @property
    @abstractmethod
    def identity(self) -> ModelIdentity:
        """What an index must record to know whether it still fits."""

    @property
    @abstractmethod
    def count_tokens(self) -> TokenCounter:
        """What counts the tokens of a text; ingestion sends it to other processes."""
