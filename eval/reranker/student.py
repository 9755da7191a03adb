"""The small model that is trained: the lower layers of the bundled e5, with two heads.

`relevance` tells whether a passage answers a question, `start` and `end` where. One pass gives
all three. The lower layers are kept, as those of a network are the ones of general use (Sajjad et
al. 2020, https://arxiv.org/abs/2004.03844); the upper ones of e5 shape its sentence vectors.

Of the vocabulary stay the Chinese pieces, numbers and signs, and the most frequent Latin ones: any
text can still be written with them, a rare English word takes more pieces.
"""

import json
import math
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from assistant.models.bundled import load_bundled_model
from assistant.models.pairs import ASKED, KINDS

LATIN_PIECES = 8000
_SPECIAL = 4
# About as many as a passage has: untrained, it is as likely relevant as not.
_TOKENS = 150
_NEVER = -1e4


class Student(nn.Module):
    """Encoder and heads; the vectors of the pieces stay as e5 has them.

    A passage is relevant if some token of it looks like an answer: so the three heads learn from
    each other, and far faster than one that sees the first token's vector alone.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        self.heads = nn.Linear(config.hidden_size, 3)
        self.bias = nn.Parameter(torch.tensor(-math.log(_TOKENS)))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    @property
    def device(self) -> torch.device:
        """Return where the weights are."""
        return self.bias.device

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the relevance of each pair, and for each token how likely it starts or ends."""
        hidden = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        start, end, likely = self.heads(self.dropout(hidden)).float().unbind(-1)
        told = likely.masked_fill(token_type_ids == ASKED, _NEVER)
        return torch.logsumexp(told, dim=-1) + self.bias, start, end


def untrained(layers: int) -> tuple[Student, Tokenizer]:
    """Return the student as training finds it, made of e5's own layers."""
    model = load_bundled_model()
    encoder = cast(BertModel, model[0].auto_model)
    tokenizer, kept = _pruned(json.loads(model.tokenizer.backend_tokenizer.to_str()))
    config = BertConfig(**encoder.config.to_dict())
    config.num_hidden_layers = layers
    config.vocab_size = len(kept)
    config.type_vocab_size = KINDS
    # Drawing it takes a third of the time on a processor, and keeps PyTorch's fused attention off.
    config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = "sdpa"
    student = Student(config)
    state = encoder.state_dict()
    words, types = "embeddings.word_embeddings.weight", "embeddings.token_type_embeddings.weight"
    state[words] = state[words][torch.tensor(kept)]
    # Every kind of token starts as e5's only one.
    state[types] = state[types][:1].repeat(KINDS, 1)
    student.bert.load_state_dict(
        {name: weights for name, weights in state.items() if name in student.bert.state_dict()}
    )
    student.bert.embeddings.word_embeddings.weight.requires_grad = False
    return student, tokenizer


def save(student: Student, tokenizer: Tokenizer, folder: Path) -> None:
    """Write a student for `load`."""
    folder.mkdir(parents=True, exist_ok=True)
    student.bert.config.to_json_file(folder / "config.json")
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.save(student.state_dict(), folder / "weights.pt")


def load(folder: Path, *, attention: str = "sdpa") -> tuple[Student, Tokenizer]:
    """Read a student; only `eager` attention can be exported."""
    config = BertConfig.from_json_file(folder / "config.json")
    config._attn_implementation = attention
    student = Student(config)
    student.load_state_dict(
        torch.load(folder / "weights.pt", weights_only=True, map_location="cpu")
    )
    student.bert.embeddings.word_embeddings.weight.requires_grad = False
    return student, Tokenizer.from_file(str(folder / "tokenizer.json"))


def load_mean(folders: Sequence[Path], *, attention: str = "sdpa") -> tuple[Student, Tokenizer]:
    """Read the mean of students that began alike: one as good as all of them asked.

    Wortsman et al. 2022, "Model soups", https://arxiv.org/abs/2203.05482.
    """
    students = [load(folder, attention=attention) for folder in folders]
    states = [student.state_dict() for student, _ in students]
    student, tokenizer = students[0]
    student.load_state_dict(
        {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    )
    return student, tokenizer


def _pruned(record: dict[str, Any]) -> tuple[Tokenizer, list[int]]:
    """Return the tokenizer of the kept pieces, and their numbers in the whole vocabulary."""
    pieces: list[tuple[str, float]] = [(text, score) for text, score in record["model"]["vocab"]]
    latin = [number for number, (text, _) in enumerate(pieces) if _is_latin(text)]
    rare = set(sorted(latin, key=lambda number: -pieces[number][1])[LATIN_PIECES:])
    kept = [
        number
        for number, (text, _) in enumerate(pieces)
        if number < _SPECIAL or (number not in rare and not _is_foreign(text))
    ]
    record["model"]["vocab"] = [pieces[number] for number in kept]
    return Tokenizer.from_str(json.dumps(record)), kept


def _is_latin(piece: str) -> bool:
    letters = piece.strip("▁")
    return len(letters) > 1 and any(c.isascii() and c.isalpha() for c in letters)


def _is_foreign(piece: str) -> bool:
    """Tell whether a piece has letters of a script that neither Chinese nor Latin text uses."""
    return any(
        c.isalpha()
        and not unicodedata.name(c, "").startswith(("CJK", "LATIN", "GREEK", "FULLWIDTH"))
        for c in piece
        if not c.isascii()
    )
