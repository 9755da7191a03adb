"""A reranker small enough to read: a passage is relevant if it repeats the question's characters.

What it reads as the answer goes from the first to the last repeated character.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from assistant.models.pairs import REPEATED

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def write_reader(folder: Path, characters: Iterable[str], **fitted: object) -> Path:
    """Write the folder that PLAN_RERANKER takes."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = characters_of(characters)
    tokenizer.save(str(folder / "tokenizer.json"))
    onnx.save(_graph(), folder / "model.onnx")
    record = {"weight": 0.9, "refusal": None, "reads": False} | fitted
    (folder / "reader.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def characters_of(characters: Iterable[str]) -> Tokenizer:
    """Return a tokenizer with a token for each of these characters."""
    pieces = [*_SPECIAL, *sorted({one for one in characters if not one.isspace()})]
    tokenizer = Tokenizer(WordLevel({text: n for n, text in enumerate(pieces)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Split(Regex(r"\S"), "isolated")
    return tokenizer


def _graph() -> onnx.ModelProto:
    numbers = {
        "repeated_kind": np.array(REPEATED, np.int64),
        "tokens": np.array([1], np.int64),
        "axis": np.array(1, np.int64),
        "few": np.array(2.5, np.float32),
        "sure": np.array(100, np.float32),
        "behind": np.array(1000, np.float32),
    }
    nodes = [
        helper.make_node("Equal", ["token_type_ids", "repeated_kind"], ["is_repeated"]),
        helper.make_node("Cast", ["is_repeated"], ["repeated"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["repeated", "sure"], ["scores"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("CumSum", ["mask", "axis"], ["position"]),
        helper.make_node("Sub", ["behind", "position"], ["from_behind"]),
        helper.make_node("Mul", ["scores", "from_behind"], ["start"]),
        helper.make_node("Mul", ["scores", "position"], ["end"]),
        helper.make_node("ReduceSum", ["repeated", "tokens"], ["count"], keepdims=0),
        helper.make_node("Sub", ["count", "few"], ["relevance"]),
    ]
    shape = ["batch", "tokens"]
    names = ("input_ids", "attention_mask", "token_type_ids")
    graph = helper.make_graph(
        nodes,
        "reader",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in names],
        [
            helper.make_tensor_value_info("relevance", TensorProto.FLOAT, ["batch"]),
            helper.make_tensor_value_info("start", TensorProto.FLOAT, shape),
            helper.make_tensor_value_info("end", TensorProto.FLOAT, shape),
        ],
        [numpy_helper.from_array(value, name) for name, value in numbers.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
