"""Small documents in a catalog, without vectors: for what needs no search."""

from collections.abc import Mapping
from pathlib import Path

from assistant.library import Library
from assistant.settings import Settings
from corpus.prepare import prepare
from tests.fakes import OPTIONS, file_at


def library_of(folder: Path, texts: Mapping[str, str]) -> Library:
    """Take in one text file for each title."""
    library = Library(Settings(data_dir=folder / "data"))
    for title, text in texts.items():
        path = folder / f"{title}.txt"
        path.write_text(text, encoding="utf-8")
        prepared = prepare(file_at(path), OPTIONS, {})
        library.catalog.replace_plan(prepared.parsed, prepared.words)
    return library
