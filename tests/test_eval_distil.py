"""The encoder that is distilled: what it is shown, and that it learns to give the same vectors."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split
from transformers import BertConfig, BertModel

from assistant.models.bundled import PROMPTS
from assistant.models.pairs import BEGIN, END, PAD
from eval.distil import Batches, loss_of, save_layers

TEXTS = [
    "新开茶园补助多少？\n新开茶园每亩补助八百元。",
    "县农业局会同财政局每年公布贷款贴息标准。" * 30,
]


@pytest.fixture
def tokenizer() -> Tokenizer:
    signs = sorted(set("".join(TEXTS) + "".join(PROMPTS.values())))
    vocabulary = {"[unk]": 3} | {sign: number for number, sign in enumerate(signs, 4)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[unk]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    return tokenizer


def _model(layers: int, pieces: int) -> BertModel:
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return BertModel(config)


def test_batches_are_questions_and_pieces_with_their_prompts(tokenizer: Tokenizer) -> None:
    batches = Batches(TEXTS, tokenizer, 600)
    lengths, prompts, asked = set(), set(), set()
    names = {number: sign for sign, number in tokenizer.get_vocab().items()}
    for _ in range(60):
        ids = batches.draw()
        assert (ids[:, 0] == BEGIN).all()
        assert ((ids == END).sum(1) == 1).all()
        lengths.add(ids.shape[1])
        for row in ids.tolist():
            told = "".join(names[token] for token in row if token not in {BEGIN, END, PAD})
            prompts.add(told.split(":")[0])
            asked.add(told.removeprefix("query:"))
    assert prompts == {"query", "passage"}
    assert "新开茶园补助多少？" in asked
    assert {20, 128, 256} <= lengths


def test_a_student_learns_to_give_what_its_teacher_gives(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    torch.manual_seed(1)
    pieces = 4 + tokenizer.get_vocab_size()
    teacher, student = _model(2, pieces).eval(), _model(1, pieces)
    optimizer = torch.optim.AdamW(student.parameters(), 1e-2)
    batches = Batches(TEXTS, tokenizer, 300)
    lost = []
    for _ in range(30):
        ids = batches.draw()
        loss = loss_of(student, teacher, ids, (ids != PAD).long())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        lost.append(loss.item())
    assert lost[-1] < 0.5 * lost[0]
    assert loss_of(teacher, teacher, ids, (ids != PAD).long()).item() == pytest.approx(0, abs=1e-3)
    save_layers(student, tmp_path / "layers.safetensors")
    kept = load_file(tmp_path / "layers.safetensors")
    assert "encoder.layer.0.output.dense.weight" in kept
    assert not any("word_embeddings" in name or "pooler" in name for name in kept)
