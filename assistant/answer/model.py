"""The answer to one question. Knows nothing about LangChain, Gradio or how it was found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from corpus.arithmetic import Check
from corpus.model import Indicator

Status: TypeAlias = Literal["answered", "refused", "clarify"]
Route: TypeAlias = Literal[
    "indicator", "project", "list", "passage", "matching", "smalltalk", "llm"
]


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a source: `quote` is `plan.text[start:end]`, character for character."""

    n: int
    plan_id: str
    plan_title: str
    section: str
    quote: str
    start: int
    end: int
    page: int | None = None
    is_superseded: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """An indicator that the answer speaks of, with the check of its arithmetic."""

    indicator: Indicator
    check: Check


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that verification took out of an answer, and why, in Chinese."""

    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model used; `cost` is in yuan, None where no price is set."""

    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved an answer, and when (ISO); `written` are his own sentences in it.

    Those say more than the sources do: he has been told so, and has confirmed them.
    """

    editor: str
    time: str
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves the program, after `verify`. `[n]` in `text` points to `citations`.

    `computed` holds the figures in `text` that code worked out (a count, a sum): the only ones
    that need not stand in a citation. `rewritten` is the standalone question that was answered
    where it is not the one that was asked. `notes` are lines for the user beside the answer (the
    language model could not be used …), `choices` the questions to choose from of a `clarify`.
    `confidence` is how likely the passages that were found answer the question, 0..1, also of a
    refusal; None where nothing had to be judged: looked up in tables or lists, or asked back.
    `approval` stands where an editor has approved it, in place of what would be found.
    """

    question: str
    text: str
    status: Status
    route: Route
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    computed: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    rewritten: str | None = None
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    usage: Usage | None = None
    confidence: float | None = None
    approval: Approval | None = None


Ask: TypeAlias = Callable[[str], Answer]
# A question, what was said before it (oldest first), the plans to ask (None: all) → the growing
# answer.
StreamAnswer: TypeAlias = Callable[[str, Sequence[Answer], Sequence[str] | None], Iterator[Answer]]
