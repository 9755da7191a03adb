"""What machine and versions figures come from."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    "plan-assistant",
    "chromadb",
    "onnxruntime",
    "jieba",
    "bm25s",
    "langchain-core",
    "langchain-chroma",
    "langchain-text-splitters",
    "llama-index-core",
)
# Of the many flags, those that matrix kernels choose by.
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "asimddp")


def environment() -> dict[str, str]:
    """Return the names of machine, system and packages with their versions."""
    processor = _processor()
    flags = processor.get("flags", processor.get("Features", "")).split()
    found = {
        "processor": processor.get("model name", platform.processor() or platform.machine()),
        "cores": str(os.cpu_count()),
        "instructions": " ".join(flag for flag in _FLAGS if flag in flags),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    if revision := _revision():
        found["revision"] = revision
    return found


def _processor() -> dict[str, str]:
    """Return what Linux tells of the first processor."""
    file = Path("/proc/cpuinfo")
    if not file.is_file():
        return {}
    first = file.read_text(encoding="utf-8").split("\n\n", 1)[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _revision() -> str:
    """Return the commit that this code is at, with a + where it was changed since."""
    git = shutil.which("git")
    if git is None:
        return ""
    told = subprocess.run(
        [git, "describe", "--always", "--dirty=+"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() if told.returncode == 0 else ""
