"""`python -m eval.reranker.export FOLDER STUDENT…`: the student as the program runs it, int8 ONNX.

What `eval.reranker.fit` fits for it is written by that; until then half of a score is retrieval's.
"""

import json
import warnings
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import torch
import typer
from tokenizers import Tokenizer

from assistant.models.cache import MODEL_FILE, TOKENIZER_FILE
from assistant.models.pairs import Pair, encode_pair
from assistant.models.quantise import quantise
from assistant.models.reranker import READER_FILE
from assistant.reading import Fitted
from eval.reranker.student import Student, load_mean

SAMPLES = (
    (
        "研发投入强度的目标是多少？",
        "到2025年，R&D经费占地区生产总值的比重达到3.5%左右，高新技术企业数量达到550家。",
    ),
    (
        "我们做CRO的，能得到哪些支持？",
        "鼓励合同研发机构（CRO）、合同外包生产机构（CMO）落户，对新引进的平台按设备投入给予补助。",
    ),
    (
        "婚生子出生日期为何时？",
        "经审理查明，原、被告于2010年11月5日登记结婚，2012年2月10日生育一子。",
    ),
)
_OPSET = 17
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OUTPUTS = ("relevance", "start", "end")


def main(
    folder: Annotated[Path, typer.Argument(help="写入导出模型的文件夹，供 PLAN_RERANKER 使用")],
    students: Annotated[
        list[Path], typer.Argument(help="eval.reranker.train 的文件夹；几个则取权重的平均")
    ],
) -> None:
    """导出重排模型。"""
    model, tokenizer = load_mean(students, attention="eager")
    export(model.eval(), tokenizer, folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    typer.echo(f"{folder}：{size / 2**20:.1f} MB", err=True)


def export(student: Student, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the folder that `OnnxReranker` opens."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = [encode_pair(tokenizer, *sample) for sample in SAMPLES]
    tokenizer.save(str(folder / TOKENIZER_FILE))
    with TemporaryDirectory() as workspace:
        whole = Path(workspace) / MODEL_FILE
        _export(student, pairs[0], whole)
        quantise(whole, folder / MODEL_FILE, [_inputs(pair) for pair in pairs])
    (folder / READER_FILE).write_text(f"{json.dumps(asdict(Fitted()))}\n", encoding="utf-8")


def _export(student: Student, pair: Pair, path: Path) -> None:
    inputs = tuple(torch.from_numpy(numbers) for numbers in _inputs(pair).values())
    shape = {0: "batch", 1: "tokens"}
    with torch.inference_mode(), warnings.catch_warnings():
        # The tracer's remarks concern shapes that are dynamic.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            student,
            inputs,
            str(path),
            dynamo=False,
            opset_version=_OPSET,
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes={
                **dict.fromkeys((*_INPUTS, "start", "end"), shape),
                "relevance": {0: "batch"},
            },
        )


def _inputs(pair: Pair) -> dict[str, np.ndarray]:
    ids = np.array([pair.ids])
    return {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "token_type_ids": np.array([pair.kinds]),
    }


if __name__ == "__main__":
    typer.run(main)
