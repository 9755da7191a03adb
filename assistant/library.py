"""The opened data folder: catalog, index and embedding model, each opened when first needed."""

import dataclasses
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings
from corpus.catalog import Catalog
from corpus.ingest import Ingested, ingest_file, reconcile, remove_plan
from corpus.load import BUNDLED, find_files

if TYPE_CHECKING:
    from assistant.models import TextEmbeddings
    from corpus.index import VectorIndex

Progress = Callable[[str, float], None]


class Library:
    """What has been taken in, and the means to search it. Safe to use from several threads."""

    def __init__(self, settings: Settings, *, progress: Progress | None = None) -> None:
        """Name the data folder; nothing is opened yet."""
        self.settings = settings
        self._progress = progress
        # One reader at a time may open what is not open yet.
        self._opening = threading.RLock()

    @cached_property
    def catalog(self) -> Catalog:
        """Return the catalog, empty on a new data folder."""
        with self._opening:
            return Catalog(self._catalog_path)

    @cached_property
    def embeddings(self) -> "TextEmbeddings":
        """Return the embedding model; the first time on a machine this compiles it."""
        # Chroma and onnxruntime take a second to import; a look-up in the catalog needs neither.
        from assistant.models import load_embeddings

        with self._opening:
            return load_embeddings(self.settings, progress=self._progress)

    @cached_property
    def index(self) -> "VectorIndex":
        """Return the vectors.

        Raises:
            IndexMismatch: if another embedding model made them.
        """
        from corpus.index import VectorIndex

        with self._opening:
            return VectorIndex(self._index_path, dataclasses.asdict(self.embeddings.identity))

    def set_up(self) -> list[Ingested]:
        """Take in the plan that comes with the project, if this data folder was never used."""
        if not self.catalog.is_new:
            return []
        return [self.ingest(path) for path in find_files(BUNDLED)]

    def ingest(self, path: Path) -> Ingested:
        """Take in one file.

        Raises:
            UnreadableFile: if it cannot be read; nothing is changed.
        """
        return ingest_file(
            path,
            self.catalog,
            self.index,
            self.embeddings,
            chunk_tokens=self.settings.chunk_tokens,
            overlap_tokens=self.settings.overlap_tokens,
        )

    def remove(self, plan_id: str) -> None:
        """Remove a plan from catalog and index."""
        remove_plan(plan_id, self.catalog, self.index)

    def reconcile(self) -> int:
        """Make the index match the catalog again; return how many vectors changed."""
        return reconcile(self.catalog, self.index, self.embeddings)

    def reindex(self) -> int:
        """Make all vectors anew from the catalog; return how many there are."""
        from corpus.index import VectorIndex

        self.__dict__.pop("index", None)
        VectorIndex.clear(self._index_path)
        return self.reconcile()

    @property
    def _catalog_path(self) -> Path:
        return self.settings.data_dir / "catalog.sqlite"

    @property
    def _index_path(self) -> Path:
        return self.settings.data_dir / "chroma"
