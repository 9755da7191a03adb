"""Turns a sentence-transformers model into a folder that onnxruntime runs.

Started as a process of its own (`python -m assistant.models.compile NAME FOLDER THREADS`), because
torch takes 1 GB that the server would never get back. It reports one JSON object a line:
`{"step": …, "fraction": …}` while it works, `{"error": …, "kind": …}` when it fails.
"""

import json
import logging
import math
import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from assistant.models import errors
from assistant.models.cache import (
    MODEL_FILE,
    TOKENIZER_FILE,
    Manifest,
    Progress,
    building,
    digest_of,
    write_manifest,
)
from assistant.models.onnx import ONNX_ERRORS, OnnxEmbeddings
from assistant.models.original import digest_of_weights, load_original
from assistant.models.quantise import Inputs, quantise

SAMPLE_TEXTS = (
    "支持",
    "到2025年,R&D经费占地区生产总值的比重达到3.5%左右。",
    "高新技术企业数量 家 218 550 20.3% 预期性",
    "我们是做CRO的,能享受哪些支持?",
    "鼓励合同研发机构（CRO）、合同外包生产机构（CMO）等医药产业外包服务平台落户,"
    "对新引进的平台按设备投入给予最高30%的补助,单个企业累计不超过500万元。",
    "围绕能源、工业、交通、建筑、农业、居民生活六大重点领域,开展低碳、脱碳以及负碳关键技术研发与推广。"
    * 4,
)

_LEAST_COSINE = {"int8": 0.97, "fp32": 0.999}
_OPSET = 17
_MAX_TOKENS = 512  # For a model that names no limit of its own.

# All that torch, sentence-transformers and onnxruntime raise for a model they cannot handle.
_EXPORT_ERRORS = (
    *ONNX_ERRORS,
    errors.CompiledModelBroken,
    torch.onnx.errors.OnnxExporterError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)


class _Sentence(torch.nn.Module):
    """The model's own modules in a row, then length one: every pooling exports as it is."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features: dict[str, Any] = {
            "input_ids": input_ids,
            "attention_mask": attention_mask,
        }
        for module in self.model:
            features = module(features)
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)


def compile_model(name: str, target: Path, *, threads: int, progress: Progress) -> None:
    """Fill the target folder, or leave it untouched when this raises or is killed."""
    progress("读取模型", 0.05)
    model = load_original(name, threads=threads).eval()
    with building(target) as folder:
        try:
            manifest = _compiled(model, folder, name, threads=threads, progress=progress)
        except errors.ModelNotExportable:
            for path in folder.iterdir():
                path.unlink()
            manifest = _described(model, name)
        write_manifest(folder, manifest)
        progress("完成", 1.0)


def _compiled(
    model: SentenceTransformer,
    folder: Path,
    name: str,
    *,
    threads: int,
    progress: Progress,
) -> Manifest:
    draft = _described(model, name)
    _save_tokenizer(model, folder / TOKENIZER_FILE)
    progress("导出 ONNX", 0.35)
    exported = folder / "fp32"
    exported.mkdir()
    try:
        _export(model, exported / MODEL_FILE)
        progress("量化为 int8", 0.6)
        quantise(exported / MODEL_FILE, folder / MODEL_FILE, _sample_inputs(model, draft))
        progress("与原模型核对", 0.85)
        for runtime in _candidates(exported, folder):
            embeddings = OnnxEmbeddings(folder, draft, threads=threads)
            cosine = _lowest_cosine(model, embeddings, draft)
            if cosine >= _LEAST_COSINE[runtime]:
                return _finished(replace(draft, runtime=runtime, cosine=cosine), folder)
    except _EXPORT_ERRORS as error:
        raise errors.ModelNotExportable(f"模型 {name} 无法导出为 ONNX:{error}") from error
    finally:
        shutil.rmtree(exported, ignore_errors=True)
    raise errors.ModelNotExportable(f"模型 {name} 导出为 ONNX 后与原模型不一致")


def _candidates(exported: Path, folder: Path) -> Iterator[Literal["int8", "fp32"]]:
    """The quantised graph that is in the folder; then, with that replaced, the exported one."""
    yield "int8"
    (folder / MODEL_FILE).unlink()
    for path in exported.iterdir():
        path.rename(folder / path.name)
    yield "fp32"


def _export(model: SentenceTransformer, path: Path) -> None:
    batch = model.tokenizer(list(SAMPLE_TEXTS[:2]), padding=True, return_tensors="pt")
    shape = {0: "batch", 1: "tokens"}
    with torch.inference_mode(), warnings.catch_warnings():
        # The tracer's remarks concern shapes that the comparison afterwards covers.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Sentence(model),
            (batch["input_ids"], batch["attention_mask"]),
            str(path),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding"],
            dynamic_axes={
                "input_ids": shape,
                "attention_mask": shape,
                "sentence_embedding": {0: "batch"},
            },
        )


def _sample_inputs(model: SentenceTransformer, draft: Manifest) -> list[Inputs]:
    encoded = [model.tokenizer(draft.passage_prefix + text) for text in SAMPLE_TEXTS]
    names = ("input_ids", "attention_mask")
    return [{name: np.array([sample[name]]) for name in names} for sample in encoded]


def _save_tokenizer(model: SentenceTransformer, path: Path) -> None:
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise errors.ModelNotExportable("模型没有 tokenizers 格式的分词器")
    tokenizer = Tokenizer.from_str(backend.to_str())
    # A state of the last call, not of the model; it would make the digest a matter of chance.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(path))


def _lowest_cosine(
    model: SentenceTransformer, embeddings: OnnxEmbeddings, draft: Manifest
) -> float:
    texts = list(SAMPLE_TEXTS)
    passages = np.array(embeddings.embed_documents(texts))
    queries = np.array([embeddings.embed_query(text) for text in texts])
    return min(
        float((queries * _original(model, draft.query_prefix)).sum(axis=1).min()),
        float((passages * _original(model, draft.passage_prefix)).sum(axis=1).min()),
    )


def _original(model: SentenceTransformer, prefix: str) -> NDArray[np.float32]:
    vectors = model.encode(
        list(SAMPLE_TEXTS),
        prompt=prefix,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    return np.asarray(vectors, np.float32)


def _described(model: SentenceTransformer, name: str) -> Manifest:
    """The manifest of a model that sentence-transformers has to run."""
    prompts = model.prompts
    return Manifest(
        name=name,
        digest=digest_of_weights(model),
        dimension=cast(int, model.get_embedding_dimension()),
        max_tokens=_max_tokens(model),
        pad_id=getattr(model.tokenizer, "pad_token_id", None) or 0,
        query_prefix=prompts.get("query") or "",
        passage_prefix=prompts.get("passage") or prompts.get("document") or "",
        runtime="sentence-transformers",
        cosine=1.0,
        files={},
    )


def _max_tokens(model: SentenceTransformer) -> int:
    length = model.max_seq_length or math.inf
    return int(length) if math.isfinite(length) else _MAX_TOKENS


def _finished(manifest: Manifest, folder: Path) -> Manifest:
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    sizes = {path.name: path.stat().st_size for path in paths}
    return replace(manifest, digest=digest_of(paths), files=sizes)


def _report(**fields: str | float) -> None:
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main(name: str, target: str, threads: str) -> int:
    """Compile, reporting to the process that started this one."""
    logging.disable(logging.WARNING)
    try:
        compile_model(
            name,
            Path(target),
            threads=int(threads),
            progress=lambda step, fraction: _report(step=step, fraction=fraction),
        )
    except errors.ModelError as error:
        _report(error=str(error), kind=type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
