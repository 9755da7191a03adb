"""`python -m eval.distil DATA FILE`: the bundled encoder's layers, distilled from e5's twelve.

The student starts as four of the twelve layers and learns to give what all of them give: each
token's vector (as DistilBERT's hidden states, Sanh et al. 2019, https://arxiv.org/abs/1910.01108),
the text's, and how near the texts of a batch are to each other (Tung & Mori 2019,
https://arxiv.org/abs/1907.09682). Texts are what `eval.reranker.data` wrote, cut at random;
nothing says what they are about.
"""

import random
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Annotated, cast

import torch
import typer
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from assistant.models.bundled import PROMPTS, load_bundled_model
from assistant.models.pairs import BEGIN, END, PAD
from eval.reranker.data import SEED, read_texts
from eval.reranker.optimize import learn, optimizer_for, schedule_for

LAYERS = (0, 4, 8, 11)
_LENGTHS = (20, 48, 96, 128, 160, 192, 256)
_QUESTION_TOKENS = 64
_QUESTION_CHARACTERS = 60
# Of the batches, how many are of questions; of the others, how many are asked as if they were.
_QUESTIONS, _AS_QUESTIONS = 0.2, 0.15
_COMPARED = 512
_TEMPERATURE = 0.03
_TEXT_WEIGHT = 10.0
_TOLD_EVERY = 100


def main(
    data: Annotated[Path, typer.Argument(help="eval.reranker.data 写出的文件夹")],
    file: Annotated[Path, typer.Argument(help="写入各层权重的 .safetensors 文件")],
    steps: Annotated[int, typer.Option(help="总步数")] = 4000,
    tokens: Annotated[int, typer.Option(help="每步的词元数")] = 32768,
    rate: Annotated[float, typer.Option(help="最高学习率")] = 6e-4,
) -> None:
    """把随附向量模型的各层蒸馏为四层。"""
    torch.manual_seed(SEED)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    teacher, tokenizer = _encoder()
    student = deepcopy(teacher)
    student.encoder.layer = nn.ModuleList([student.encoder.layer[number] for number in LAYERS])
    student.embeddings.word_embeddings.weight.requires_grad = False
    nn.Module.to(teacher, device).train(False)
    nn.Module.to(student, device).train(True)
    for module in student.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    batches = Batches(read_texts(data), tokenizer, tokens)
    optimizer = optimizer_for(student, (), rate=rate)
    schedule = schedule_for(optimizer, steps)
    for step in range(1, steps + 1):
        ids = batches.draw().to(device)
        with torch.autocast(device.type, torch.bfloat16):
            loss = loss_of(student, teacher, ids, (ids != PAD).long())
        learn(loss, student, optimizer, schedule)
        if step % _TOLD_EVERY == 0:
            typer.echo(f"{step}/{steps}：{loss.item():.3f}", err=True)
    save_layers(student, file)


def _encoder() -> tuple[BertModel, Tokenizer]:
    model = load_bundled_model()
    tokenizer: Tokenizer = model.tokenizer.backend_tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return cast(BertModel, model[0].auto_model), tokenizer


class Batches:
    """Draws rows of tokens: questions, or pieces of the texts, all of one length."""

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer, tokens: int) -> None:
        """Take the texts; a question is the first line of one and ends with a question mark."""
        self._chance = random.Random(SEED)
        self._tokens = tokens
        firsts = [text.split("\n", 1)[0] for text in texts]
        asked = [one for one in firsts if one.endswith("？") and len(one) < _QUESTION_CHARACTERS]
        self._asked, told, prompts = (
            [one.ids for one in tokenizer.encode_batch(some, add_special_tokens=False)]
            for some in (
                asked,
                list(texts),
                [PROMPTS[kind].strip() for kind in ("query", "passage")],
            )
        )
        self._query, self._passage = prompts
        self._chance.shuffle(told)
        self._told = torch.tensor([token for ids in told for token in ids])

    def draw(self) -> Tensor:
        """Return the next batch, padded."""
        if self._asked and self._chance.random() < _QUESTIONS:
            return self._questions(max(2, self._tokens // _QUESTION_TOKENS))
        length = self._chance.choice(_LENGTHS)
        prompt = self._query if self._chance.random() < _AS_QUESTIONS else self._passage
        return self._pieces(prompt, length, max(2, self._tokens // length))

    def _questions(self, count: int) -> Tensor:
        drawn = [self._chance.choice(self._asked)[:_QUESTION_TOKENS] for _ in range(count)]
        rows = [torch.tensor([BEGIN, *self._query, *ids, END]) for ids in drawn]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)

    def _pieces(self, prompt: Sequence[int], length: int, count: int) -> Tensor:
        width = length - 2 - len(prompt)
        starts = torch.randint(0, len(self._told) - width, (count, 1))
        begin = torch.tensor([[BEGIN, *prompt]]).expand(count, -1)
        end = torch.full((count, 1), END)
        return torch.cat([begin, self._told[starts + torch.arange(width)], end], dim=1)


def loss_of(student: BertModel, teacher: BertModel, ids: Tensor, mask: Tensor) -> Tensor:
    """Return how far the student's vectors are from the teacher's."""
    with torch.no_grad():
        wanted, wanted_text = _vectors(teacher, ids, mask)
    found, found_text = _vectors(student, ids, mask)
    shown = mask[..., None]
    off = ((found - wanted).square() * shown).sum() / (wanted.square() * shown).sum()
    compared = found_text[:_COMPARED] @ found_text[:_COMPARED].T / _TEMPERATURE
    as_wanted = wanted_text[:_COMPARED] @ wanted_text[:_COMPARED].T / _TEMPERATURE
    near = functional.kl_div(
        compared.log_softmax(-1), as_wanted.log_softmax(-1), log_target=True, reduction="batchmean"
    )
    return off + _TEXT_WEIGHT * (1 - (found_text * wanted_text).sum(-1)).mean() + near


def _vectors(model: BertModel, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    tokens = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    text = (tokens * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return tokens, functional.normalize(text, dim=-1)


def save_layers(student: BertModel, file: Path) -> None:
    """Write all but the vectors of the pieces, in half precision, for the program to run."""
    left_out = ("embeddings.word_embeddings", "pooler")
    state = {
        name: weights.half().cpu().contiguous()
        for name, weights in student.state_dict().items()
        if not name.startswith(left_out)
    }
    save_file(state, file)


if __name__ == "__main__":
    typer.run(main)
