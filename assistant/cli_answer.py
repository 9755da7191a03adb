"""An answer as the command line shows it."""

import typer

from assistant.answer.model import Answer
from assistant.answer.plain import plain_text


def print_answer(answer: Answer) -> None:
    """Print how the question was read, the answer, what is to be known of it, and its sources."""
    typer.echo(plain_text(answer))
