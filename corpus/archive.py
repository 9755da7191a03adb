"""Files, folders and zips → the files to read, each with the name it is known by."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.limits import Limits
from corpus.readers import SUFFIXES

BUNDLED = Path(__file__).parent / "plans"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read; `source` tells it from all others, `name` is what users see."""

    path: Path
    source: str
    name: str


def shown(name: str) -> str:
    """Return a file's name as one printable line of at most 80 characters."""
    line = "".join(character if character.isprintable() else "\ufffd" for character in name)
    return line if len(line) <= 80 else line[:79] + "…"


def find_files(
    paths: Sequence[Path], workspace: Path, limits: Limits
) -> tuple[list[SourceFile], list[tuple[str, str]]]:
    """Return the readable files at or below the paths, and why others cannot be taken."""
    files: list[SourceFile] = []
    refused: list[tuple[str, str]] = []
    for path in paths:
        if path.is_file():
            files.append(_source_file(path))
        elif path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.is_file())
            files += [_source_file(file) for file in found if file.suffix.lower() in SUFFIXES]
        else:
            refused.append((path.name, f"找不到文件：{shown(str(path))}"))
    return files, refused


def _source_file(path: Path) -> SourceFile:
    resolved = path.resolve()
    # The bundled plan keeps its id wherever the project is installed.
    bundled = resolved.parent == BUNDLED.resolve()
    return SourceFile(path, f"bundled/{resolved.name}" if bundled else str(resolved), path.name)
