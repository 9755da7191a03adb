"""An answer before it is verified."""

from dataclasses import dataclass

from assistant.answer.model import Fact, Route, Status


@dataclass(frozen=True, slots=True)
class Draft:
    """The text with its `[n]` marks; `computed` are the strings in it that code worked out.

    Every line of a `verbatim` draft is its source's own words. `choices` are the questions that a
    draft which asks back gives to choose from. `confidence` and `notes` as in `Answer`.
    """

    text: str
    status: Status
    route: Route
    facts: tuple[Fact, ...] = ()
    computed: tuple[str, ...] = ()
    verbatim: bool = False
    confidence: float | None = None
    choices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
