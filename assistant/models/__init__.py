"""Bring an embedding model in, compile it once, run it.

`load_embeddings` is all that the rest of the program needs. sentence-transformers and torch are
imported by the compiling process only, or for a model that cannot be exported.
"""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from assistant.models import errors
from assistant.models.cache import Manifest, Progress, cache_folder, read_manifest
from assistant.models.embeddings import ModelIdentity, TextEmbeddings
from assistant.models.errors import (
    CompiledModelBroken,
    CompileFailed,
    ModelError,
    ModelUnavailable,
)
from assistant.models.onnx import OnnxEmbeddings
from assistant.settings import Settings

__all__ = [
    "ModelError",
    "ModelIdentity",
    "ModelUnavailable",
    "OnnxEmbeddings",
    "Progress",
    "TextEmbeddings",
    "load_embeddings",
]

_log = logging.getLogger(__name__)


def load_embeddings(settings: Settings, *, progress: Progress | None = None) -> TextEmbeddings:
    """The model of the settings, from the cache; compiled first when it is not there yet."""
    folder = cache_folder(settings.model_dir, settings.embedding_model)
    if folder.exists():
        try:
            return _open(folder, settings)
        except CompiledModelBroken as error:
            _log.warning("%s；现在重新编译", error)
            # Publishing keeps a folder that looks complete, so this one must go first.
            (folder / "manifest.json").unlink(missing_ok=True)
    _compile(folder, settings, progress or _silent)
    return _open(folder, settings)


def _open(folder: Path, settings: Settings) -> TextEmbeddings:
    manifest = read_manifest(folder)
    if manifest.runtime == "sentence-transformers":
        return _open_original(manifest, settings)
    return OnnxEmbeddings(
        folder,
        manifest,
        threads=settings.threads,
        query_prefix=settings.embedding_query_prefix,
        passage_prefix=settings.embedding_passage_prefix,
    )


def _open_original(manifest: Manifest, settings: Settings) -> TextEmbeddings:
    # Imports torch, which the usual path must not.
    from assistant.models.original import OriginalEmbeddings, load_original

    _log.warning(
        "模型 %s 无法导出为 ONNX，改由 sentence-transformers 运行：启动约慢 8 秒，多占约 1 GB 内存",
        manifest.name,
    )
    return OriginalEmbeddings(
        load_original(settings.embedding_model, threads=settings.threads),
        manifest,
        query_prefix=settings.embedding_query_prefix,
        passage_prefix=settings.embedding_passage_prefix,
    )


def _compile(folder: Path, settings: Settings, progress: Progress) -> None:
    """Run `compile` in a process of its own; see there for what it reports."""
    progress("启动编译", 0.0)
    command = [sys.executable, "-m", "assistant.models.compile"]
    arguments = [settings.embedding_model, str(folder), str(settings.threads)]
    failure: dict[str, str] = {}
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        with subprocess.Popen(
            command + arguments,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
        ) as process:
            for line in process.stdout or ():
                report = json.loads(line)
                if "error" in report:
                    failure = report
                else:
                    progress(report["step"], report["fraction"])
        complaints.seek(0)
        last_words = complaints.read().strip().rsplit("\n", 1)[-1]
    if failure:
        raise getattr(errors, failure["kind"])(failure["error"])
    if process.returncode != 0:
        raise CompileFailed(
            f"编译模型 {settings.embedding_model} 的进程异常结束（返回码 {process.returncode}）："
            f"{last_words}。请检查内存（约需 3 GB）与磁盘空间（约需 1 GB）后重试"
        )


def _environment() -> dict[str, str]:
    """The child must find this package, keep quiet, and tell no hub about us."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return os.environ | {
        "PYTHONPATH": path,
        "PYTHONIOENCODING": "utf-8",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TOKENIZERS_PARALLELISM": "true",
    }


def _silent(step: str, fraction: float) -> None:
    """Progress for callers that show none."""
