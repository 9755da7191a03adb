"""A bench taken in as the project takes documents in, kept between runs.

What is kept goes by everything that makes it: the bench, the model, the sizes and the code of
`corpus`; a change of any of them makes it anew.
"""

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

import corpus
from assistant.library import Library
from assistant.settings import Settings
from corpus.load import id_of
from eval.bench.cache import CachedEmbeddings
from eval.bench.load import Bench, BenchError

Progress = Callable[[str], None]

_DONE = "documents.json"
# Titles become file names; these characters are not allowed in one everywhere.
_FORBIDDEN = dict.fromkeys(map(ord, '/\\:*?"<>|\n\r\t\0'), " ")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Store:
    """The library that holds a bench; `plan_ids` tells the plan made of each document."""

    library: Library
    plan_ids: dict[str, str]


def open_store(bench: Bench, settings: Settings, progress: Progress, cache: Path) -> Store:
    """Return the bench's library, taking the documents in where that is not done yet.

    Libraries and vectors are kept in the folder `cache`.
    """
    embeddings = CachedEmbeddings(Library(settings).embeddings, cache / "vectors.sqlite")
    folder = cache / bench.name / _key(bench, settings, embeddings)
    library = Library(settings.model_copy(update={"data_dir": folder / "library"}))
    library.embeddings = embeddings
    done = folder / _DONE
    if not done.is_file():
        if not folder.is_dir():
            _drop_other_versions(folder)
        progress(f"正在收录题集 {bench.name} 的 {len(bench.documents)} 份文件（只需一次）……")
        plan_ids = _take_in(library, write_files(bench, folder / "files"))
        done.write_text(json.dumps(plan_ids), encoding="utf-8")
    return Store(library, json.loads(done.read_text(encoding="utf-8")))


def cache_root() -> Path:
    """Return where the libraries of benches are kept."""
    return platformdirs.user_cache_path("plan-assistant", appauthor=False) / "eval"


def write_files(bench: Bench, folder: Path) -> dict[str, Path]:
    """Write each document as a text file named by its title, as a user would have it."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    taken: set[Path] = set()
    for document in bench.documents:
        name = " ".join(document.title.translate(_FORBIDDEN).split())[:_LONGEST_NAME].strip(" .")
        path, copies = folder / f"{name}.txt", 1
        while path in taken or not name:
            copies += 1
            name = name or document.id
            path = folder / f"{name} ({copies}).txt"
        taken.add(path)
        path.write_text(document.text, encoding="utf-8")
        paths[document.id] = path
    return paths


def _take_in(library: Library, paths: dict[str, Path]) -> dict[str, str]:
    for ingested in library.ingest_all(list(paths.values())):
        if ingested.plan_id is None:
            raise BenchError(f"题集的文件没有收录成功：{'；'.join(ingested.warnings)}")
    return {document_id: id_of(str(path.resolve())) for document_id, path in paths.items()}


def _key(bench: Bench, settings: Settings, embeddings: CachedEmbeddings) -> str:
    model = json.dumps(dataclasses.asdict(embeddings.identity))
    sizes = f"{settings.chunk_tokens} {settings.overlap_tokens}"
    parts = "\n".join((bench.digest, model, sizes, _code_digest()))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def _code_digest() -> str:
    """Return what tells one version of `corpus` from another."""
    found = hashlib.sha256()
    root = Path(corpus.__path__[0])
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".tsv", ".txt"} and path.is_file():
            found.update(path.relative_to(root).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def _drop_other_versions(folder: Path) -> None:
    """Drop what other code or settings made of this bench: each takes tens of megabytes."""
    shutil.rmtree(folder.parent, ignore_errors=True)
