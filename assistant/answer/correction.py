"""An answer as an editor has corrected it, and what of it its sources do not carry."""

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.answer.draft import Draft
from assistant.answer.model import Answer, Approval, Removed
from assistant.answer.verify import prove

_MARK = re.compile(r"\[(\d{1,3})\]")


def find_unproved(
    answer: Answer, text: str, read_text: Callable[[str], str]
) -> tuple[Removed, ...]:
    """Return the sentences that the answer's citations do not carry, each with the reason."""
    draft = Draft(text, "answered", answer.route, computed=answer.computed)
    return prove(draft, answer.citations, read_text).removed


def correct(answer: Answer, text: str, approval: Approval) -> Answer:
    """Return the answer with the editor's text, and of its citations those that it names."""
    named = {int(number) for number in _MARK.findall(text)}
    return replace(
        answer,
        text=text,
        status="answered",
        citations=tuple(citation for citation in answer.citations if citation.n in named),
        computed=tuple(words for words in answer.computed if words in text),
        choices=(),
        removed=(),
        notes=(),
        usage=None,
        approval=approval,
    )
