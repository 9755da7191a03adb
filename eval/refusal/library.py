"""Questions to a library of many plans: what they answer, what they say no to, what they lack.

The questions in `questions.jsonl` were written from the documents' text before any code had been
asked them; whoever has these documents can measure.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.library import Library
from eval.corpus.places import squeeze
from eval.refusal.samples import is_held_out

QUESTIONS = Path(__file__).with_name("questions.jsonl")


class LibraryQuestion(BaseModel):
    """A question; `answer` are words that the answer must cite, None where nothing has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Literal["answered", "denied", "absent"]
    question: str
    answer: str | None

    @property
    def is_held_out(self) -> bool:
        """Tell whether it is only measured on."""
        return is_held_out(self.id)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a question; `cites` tells whether the wanted words stand in a citation."""

    question: LibraryQuestion
    answer: Answer
    cites: bool

    @property
    def is_refused(self) -> bool:
        """Tell whether no answer was given."""
        return self.answer.status != "answered"


def load_questions() -> list[LibraryQuestion]:
    """Read the questions."""
    read = TypeAdapter(LibraryQuestion).validate_json
    return [read(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def ask(library: Library) -> list[Judged]:
    """Ask the library all questions."""
    judged = []
    for question in load_questions():
        answer = answer_question(question.question, library)
        quotes = squeeze("\n".join(citation.quote for citation in answer.citations))
        cites = question.answer is not None and squeeze(question.answer) in quotes
        judged.append(Judged(question, answer, cites and answer.status == "answered"))
    return judged
