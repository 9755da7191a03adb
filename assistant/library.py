"""The opened data folder: catalog, index and embedding model, each opened when first needed."""

import dataclasses
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from assistant.originals import drop_original, first_of_each, keep_original, place_upload
from assistant.records.approved import Approvals
from assistant.records.conversations import Conversations
from assistant.records.model import PlanVersion
from assistant.settings import BUNDLED_MODEL, BUNDLED_RERANKER, Settings
from corpus.archive import BUNDLED, SourceFile, find_files
from corpus.catalog import Catalog, Corrections
from corpus.errors import PlanNotFound, StoreBusy
from corpus.ingest import (
    Ingested,
    correct_plan,
    ingest_file,
    ingest_files,
    reconcile,
    remove_plan,
    update_versions,
)
from corpus.limits import Limits
from corpus.load import id_of
from corpus.prepare import ParseOptions
from corpus.rulebook import RuleBook

if TYPE_CHECKING:
    from assistant.models import TextEmbeddings
    from assistant.reading import Reranker
    from corpus.index import Place, VectorIndex

Progress = Callable[[str, float], None]

# A question never waits for this; only changes of the data folder exclude each other.
_LOCK_SECONDS = 5
_SAME_NAME = "这批文件中有同名文件，只收录第一个；请改名后再传"


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
    def reranker(self) -> "Reranker | None":
        """Return what reads the passages that were found once more, None if it is off.

        Raises:
            RerankerUnavailable: if there is none at the place that is set.
        """
        if self.settings.reranker == "off":
            return None
        from assistant.models.reranker import BUNDLED_FOLDER, load_reranker

        with self._opening:
            is_bundled = self.settings.reranker == BUNDLED_RERANKER
            folder = BUNDLED_FOLDER if is_bundled else Path(self.settings.reranker).expanduser()
            return load_reranker(folder, threads=self.settings.threads)

    @cached_property
    def index(self) -> "VectorIndex":
        """Return the vectors.

        Raises:
            IndexMismatch: if another embedding model made them.
        """
        # numpy and others must not be imported by two threads at once.
        import assistant.models  # noqa: F401

        with self._opening, ThreadPoolExecutor(1) as beside:
            # Chroma takes half a second to import, and a model as long to open: both at once.
            importing = beside.submit(_import_index)
            if self.settings.embedding_model != BUNDLED_MODEL:
                # It may need torch, which is imported alone as well.
                importing.result()
            identity = dataclasses.asdict(self.embeddings.identity)
            return importing.result()(self._index_place, identity)

    @cached_property
    def rules(self) -> RuleBook:
        """Return the rules of the measures, read when an enterprise is first held against them."""
        return RuleBook(self.catalog)

    @cached_property
    def conversations(self) -> Conversations:
        """Return the saved conversations, none on a new data folder."""
        with self._opening:
            path = self.settings.data_dir / "conversations.sqlite"
            return Conversations(path, version_of=self._version_of)

    @cached_property
    def approvals(self) -> Approvals:
        """Return the answers that editors have approved, none on a new data folder."""
        with self._opening:
            path = self.settings.data_dir / "conversations.sqlite"
            return Approvals(path, version_of=self._version_of)

    def set_up(self) -> list[Ingested]:
        """Take in the plan that comes with the project, if this data folder was never used."""
        if not self.catalog.is_new:
            return []
        with self._writing():
            files, _, _ = find_files([BUNDLED], self.settings.data_dir, self.limits)
            return [
                ingest_file(file, self.catalog, self.index, self.embeddings, self._parse_options)
                for file in files
            ]

    def ingest_all(
        self,
        paths: Sequence[Path],
        *,
        corrections: Corrections | None = None,
        are_uploads: bool = False,
        on_files: Callable[[Sequence[SourceFile]], None] = lambda files: None,
        advance: Callable[[SourceFile, float], None] = lambda file, fraction: None,
    ) -> Iterator[Ingested]:
        """Take in files, folders and zips; yield what became of each file once it is stored.

        `on_files` is told all files before the first is read, `advance` how much of a file is done.
        `corrections` are kept for every file, now and for its later versions. Of `are_uploads` the
        originals are kept in the data folder, as the paths are there for a moment only.

        Raises:
            StoreBusy: if another process is taking in files.
        """
        with self._writing(), TemporaryDirectory(prefix="plan-assistant-") as workspace:
            files, problems, skipped = find_files(paths, Path(workspace), self.limits)
            if are_uploads:
                placed = [place_upload(file, paths, self.settings.data_dir) for file in files]
                files, again = first_of_each(placed)
                problems += [(file.name, _SAME_NAME) for file in again]
            on_files(files)
            for name, message in problems:
                yield Ingested(name, name, "failed", warnings=(f"{name}：{message}",))
            for name, message in skipped:
                yield Ingested(name, name, "skipped", warnings=(message,))
            if corrections:
                for file in files:
                    self.catalog.save_corrections(id_of(file.source), corrections)
            by_source = {file.source: file for file in files}
            for ingested in ingest_files(
                files,
                self.catalog,
                self.index,
                self.embeddings,
                self._parse_options,
                workers=self.settings.workers,
                advance=advance,
            ):
                if are_uploads and ingested.outcome in ("added", "replaced", "unchanged"):
                    keep_original(by_source[ingested.source])
                yield ingested
            update_versions(self.catalog)
            self.reconcile()

    def remove(self, plan_id: str) -> None:
        """Remove a plan from catalog and index."""
        with self._writing():
            source = self.catalog.plan(plan_id).source
            remove_plan(plan_id, self.catalog, self.index)
            drop_original(source, self.settings.data_dir)
            update_versions(self.catalog)

    def correct(self, plan_id: str, corrections: Corrections) -> None:
        """Set a plan's title or metadata right, now and for later versions of its file."""
        with self._writing():
            correct_plan(plan_id, corrections, self.catalog, self.index, self.embeddings)
            update_versions(self.catalog)

    def reconcile(self) -> int:
        """Make the index match the catalog again; return how many vectors changed."""
        return reconcile(self.catalog, self.index, self.embeddings)

    def reindex(self) -> int:
        """Make all vectors anew from the catalog; return how many there are."""
        from corpus.index import VectorIndex

        with self._writing():
            if (index := self.__dict__.pop("index", None)) is not None:
                index.close()
            VectorIndex.clear(self._index_place)
            return self.reconcile()

    def _version_of(self, plan_id: str) -> PlanVersion | None:
        try:
            plan = self.catalog.plan(plan_id)
        except PlanNotFound:
            # Removed while its words were being quoted.
            return None
        return PlanVersion(plan.digest, plan.metadata.date)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Let one process at a time change the data folder."""
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.settings.data_dir / "writing.lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise StoreBusy("另一位用户或程序正在更改资料，请等它结束后再试") from error

    @property
    def limits(self) -> Limits:
        """Return what a file may cost."""
        return Limits(
            file_bytes=self.settings.max_file_mb * 2**20,
            unpacked_bytes=self.settings.max_unpacked_mb * 2**20,
            seconds=self.settings.max_parse_seconds,
            memory_bytes=self.settings.max_parse_memory_mb * 2**20,
        )

    @property
    def _parse_options(self) -> ParseOptions:
        return ParseOptions(
            count_tokens=self.embeddings.count_tokens,
            chunk_tokens=self.settings.chunk_tokens,
            overlap_tokens=self.settings.overlap_tokens,
            limits=self.limits,
        )

    @property
    def _catalog_path(self) -> Path:
        return self.settings.data_dir / "catalog.sqlite"

    @property
    def _index_place(self) -> "Place":
        from corpus.index import ChromaServer

        settings = self.settings
        if settings.chroma_url is None:
            return settings.data_dir / "chroma"
        token = settings.chroma_token
        return ChromaServer(
            settings.chroma_url,
            collection_name(settings.data_dir),
            token.get_secret_value() if token else None,
        )


def _import_index() -> "type[VectorIndex]":
    from corpus.index import VectorIndex

    return VectorIndex


def collection_name(data_dir: Path) -> str:
    """Return the name of this catalog's own collection on a server, made when first needed.

    Two catalogs on one server must not take each other's vectors for leftovers.
    """
    path = data_dir / "collection"
    with FileLock(data_dir / "collection.lock"):
        if not path.exists():
            path.write_text(f"plans-{secrets.token_hex(8)}")
        return path.read_text()
