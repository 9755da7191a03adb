"""What stands behind the chat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assistant.answer.model import Answer, StreamAnswer
from assistant.records.approved import Approvals
from assistant.records.conversations import Conversations
from assistant.web.render import ReadText
from corpus.catalog import CatalogEntry

# An answer, the plans that were asked → questions that lead on.
Suggest: TypeAlias = Callable[[Answer, Sequence[str] | None], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Desk:
    """The library as the chat uses it; tests put small fakes in its place."""

    stream_answer: StreamAnswer
    read_text: ReadText
    conversations: Conversations
    approvals: Approvals
    entries: Callable[[], Sequence[CatalogEntry]] = tuple
    suggest: Suggest = lambda answer, plan_ids: ()
