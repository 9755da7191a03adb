"""What is kept of conversations: questions with their whole answers, and what users thought.

* ConversationError
  - ConversationNotFound
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.answer.model import Answer

Rating: TypeAlias = Literal["good", "bad"]


class ConversationError(Exception):
    """What a user can mend about saved conversations; its text is Chinese and one line."""


class ConversationNotFound(ConversationError):
    """No conversation, or more than one, goes by this id."""


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """Which version of a plan was quoted: a newer one may have taken its place since."""

    digest: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user thought of an answer."""

    rating: Rating
    reason: str
    time: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its whole answer; `versions` are those of the plans cited, by id.

    `scope` says what the search was narrowed to (地区：浙江省), empty for all plans.
    """

    id: int
    answer: Answer
    time: str
    versions: Mapping[str, PlanVersion]
    feedback: Feedback | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its turns, oldest first."""

    id: str
    title: str
    created: str
    updated: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation in the list."""

    id: str
    title: str
    created: str
    updated: str
    turns: int
