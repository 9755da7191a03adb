"""Honest sentences in words of their own, as a language model would write them, with their source.

Written from the quotes alone, before any was verified: `paraphrases_held_out.jsonl` is measured on
and never tuned to.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.answer.draft import Draft
from assistant.answer.model import Citation
from eval.faults.samples import Sample

FOLDER = Path(__file__).parent
_PARTS = {"开发": "paraphrases.jsonl", "留出": "paraphrases_held_out.jsonl"}
_TITLE = "某区“十四五”规划"


class Line(BaseModel):
    """One source and what may honestly be said of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quotes: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A sentence over its source; `part` is 开发 or 留出."""

    part: str
    sample: Sample


def load_paraphrases() -> list[Paraphrase]:
    """Return all sentences of both parts."""
    return [
        Paraphrase(part, _sample(line.quotes, said))
        for part, name in _PARTS.items()
        for line in _read(FOLDER / name)
        for said in line.said
    ]


def _read(path: Path) -> list[Line]:
    read = TypeAdapter(Line).validate_json
    return [read(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _sample(quotes: tuple[str, ...], said: str) -> Sample:
    text = "\n".join(quotes)
    citations = tuple(
        Citation(n, "p", _TITLE, "", quote, text.index(quote), text.index(quote) + len(quote))
        for n, quote in enumerate(quotes, start=1)
    )
    return Sample("转述", Draft(said, "answered", "passage"), citations, {"p": text})
