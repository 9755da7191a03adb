"""An exported model → a student again, to be trained further: the floats are kept nowhere else."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from tokenizers import Tokenizer

from assistant.models.cache import MODEL_FILE, TOKENIZER_FILE
from eval.reranker.student import Student, untrained

# How onnxruntime names what belongs to a matrix of 8-bit integers, and `quantise` a scaled input.
_INTEGERS, _SCALE, _ZERO, _SMOOTH = "_quantized", "_scale", "_zero_point", "_smooth"
_Arrays = Mapping[str, NDArray[Any]]
_Floats = NDArray[np.float32]


def restored(folder: Path) -> tuple[Student, Tokenizer]:
    """Return the student of an exported folder, its weights as exact as 8 bits tell them.

    The vectors of the pieces are e5's own, which no training moves.

    Raises:
        ValueError: if the folder's vocabulary is not the one a student begins with.
    """
    graph = onnx.load(folder / MODEL_FILE).graph
    layers = sum(node.op_type == "Softmax" for node in graph.node)
    student, tokenizer = untrained(layers)
    exported = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    if _vocabulary(exported) != _vocabulary(tokenizer):
        raise ValueError(f"{folder} has another vocabulary than a student begins with")
    state = student.state_dict()
    words = "bert.embeddings.word_embeddings.weight"
    for name, weights in _weights(graph):
        if name in state and name != words:
            state[name] = torch.tensor(weights).reshape(state[name].shape)
    student.load_state_dict(state)
    return student, exported


def _vocabulary(tokenizer: Tokenizer) -> list[object]:
    pieces: list[object] = json.loads(tokenizer.to_str())["model"]["vocab"]
    return pieces


def _weights(graph: onnx.GraphProto) -> Iterator[tuple[str, _Floats]]:
    """Yield each of the student's weights by its name there."""
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    makers = {output: node for node in graph.node for output in node.output}
    for name, array in arrays.items():
        if name.endswith(_INTEGERS):
            yield name.removesuffix(_INTEGERS), _floats(arrays, name)
        elif array.dtype == np.float32:
            yield name, array
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        weights = _floats(arrays, node.input[1])
        rounded = makers[node.input[0]].input[0]
        if rounded.endswith(_SMOOTH):
            # The input is divided by what its weights were multiplied with.
            weights = weights * arrays[makers[rounded].input[1]][:, None]
        module = node.name.split("/MatMul")[0].strip("/").replace("/", ".")
        yield f"{module}.weight", np.ascontiguousarray(weights.T)


def _floats(arrays: _Arrays, name: str) -> _Floats:
    base = name.removesuffix(_INTEGERS)
    integers = arrays[name].astype(np.float32) - arrays[f"{base}{_ZERO}"].astype(np.float32)
    scaled: _Floats = integers * arrays[f"{base}{_SCALE}"]
    return scaled
