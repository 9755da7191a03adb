"""Short policies, made up for a test, as a library without vectors: matching needs none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from assistant.library import Library
from assistant.settings import Settings
from corpus.archive import SourceFile
from corpus.limits import Limits
from corpus.load import load_plan
from corpus.parse import parse_plan
from corpus.prepare import search_words
from corpus.segment import base_segmenter


@contextmanager
def taken_in(policies: Mapping[str, str], folder: Path) -> Iterator[Library]:
    """Yield a library that holds the texts under their names."""
    library = Library(Settings(data_dir=folder / "data"))
    for name, text in policies.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        plan, document = load_plan(SourceFile(path, str(path), path.name), Limits())
        parsed, _ = parse_plan(
            plan, document, base_segmenter(), len, max_tokens=192, overlap_tokens=48
        )
        library.catalog.replace_plan(parsed, search_words(parsed, base_segmenter()))
    yield library
    library.catalog.close()
