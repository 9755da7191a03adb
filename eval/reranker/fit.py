"""`python -m eval.reranker.fit FOLDER`: fits what goes with an exported model, into its folder.

How much the relevance weighs beside retrieval's score, when to refuse, and whether what the model
reads is closer to the answers than what the rules choose. Looked at are the parts of the sets that
it was not trained on and that nothing is reported on.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from assistant.answer.answerer import answer_question
from assistant.models.reranker import READER_FILE, load_reranker
from assistant.reading import Fitted, Reranker
from assistant.retrieve import RERANKED, read_hits, retrieve
from assistant.settings import Settings
from eval.bench.answers import best_f1, said
from eval.bench.load import BENCHES, Bench, load_bench
from eval.bench.retrieval import is_right
from eval.bench.store import cache_root, open_store
from eval.bench.systems import passages_of
from eval.corpus.places import Places
from eval.refusal.fit import fit
from eval.refusal.samples import collect
from eval.splits import split_of

_WEIGHTS = tuple(number / 10 for number in range(11))
# Sets whose questions can be asked of all their documents together.
_SUITES = ("ncpqa", "cmrc2018_trial", "drcd_dev_simplified")
_ASKED = 150
# Mean reciprocal ranks that differ by no more are those of one question or two.
_ALIKE = 0.005
# `wording` is left out: how much of a question recurs in words that are read tells how many those
# are, and it got a negative weight.
_FEATURES = ("passage", "reason", "relevance")
# Of the answers found to any kind of questions. Over a wide range of thresholds about as many
# answers are wrong as are withheld, and whoever asks about his own plan in his own words is refused
# first. Without a reranker so few would let nearly everything pass.
_MOST_WITHHELD = 0.1


@dataclass(frozen=True, slots=True)
class Ranked:
    """One passage of a question: its score by retrieval, its relevance, and whether it is right."""

    score: float
    relevance: float
    is_right: bool


def main(
    folder: Annotated[Path, typer.Argument(help="eval.reranker.export 写出的文件夹")],
    benches: Annotated[Path, typer.Option(help="公开题集所在的文件夹")] = BENCHES,
) -> None:
    """拟合重排模型的权重与拒答阈值。"""
    settings = Settings(reranker=str(folder))
    reranker = load_reranker(folder, threads=settings.threads)
    fitted = Fitted(best_weight(_ranked(benches, reranker)))
    _write(fitted, folder)
    by_rules = _answer_f1(benches, settings)
    _write(replace(fitted, reads=True), folder)
    as_read = _answer_f1(benches, settings)
    _say(f"回答的字符 F1：规则 {by_rules:.3f}，阅读 {as_read:.3f}")
    fitted = replace(fitted, reads=as_read > by_rules)
    _write(fitted, folder)
    # Last: what is refused are the answers as they are told with it.
    samples = collect(benches, settings, _say, part_of=split_of)
    refusal = fit(samples, _FEATURES, most_withheld=_MOST_WITHHELD)
    # Else it tells nothing of whether there is an answer, and the program's own model is as good.
    if refusal.weights["relevance"] > 0:
        _write(replace(fitted, refusal=asdict(refusal)), folder)


def best_weight(questions: Sequence[Sequence[Ranked]]) -> float:
    """Return the weight of the relevance with which right passages come first most.

    Of weights that differ by less than the questions can tell, it is the one next to a half.
    """
    means = {
        weight: fmean(_reciprocal_rank(ranked, weight) for ranked in questions)
        for weight in _WEIGHTS
    }
    least = max(means.values()) - _ALIKE
    alike = [weight for weight, mean in means.items() if mean >= least]
    return min(alike, key=lambda weight: abs(weight - 0.5))


def _reciprocal_rank(passages: Sequence[Ranked], weight: float) -> float:
    order = sorted(passages, key=lambda one: -(1 - weight) * one.score - weight * one.relevance)
    ranks = (rank for rank, passage in enumerate(order, 1) if passage.is_right)
    return 1 / next(ranks, len(order) + 1)


def _ranked(benches: Path, reranker: Reranker) -> list[list[Ranked]]:
    found = []
    for bench in _benches(benches):
        store = open_store(bench, Settings(reranker="off"), _say, cache_root())
        for question in bench.questions:
            text = store.library.catalog.plan(store.plan_ids[question.document_id]).text
            places = Places.of(text)
            gold = [span for words in question.answers for span in places.find_all(words)]
            found_hits = retrieve(question.question, store.library, limit=RERANKED)
            hits = read_hits(question.question, found_hits, reranker)
            passages = passages_of([hit.chunk for hit in hits], store)
            found.append(
                [
                    Ranked(
                        hit.score,
                        hit.relevance,
                        is_right(passage, question.document_id, gold),
                    )
                    for hit, passage in zip(hits, passages, strict=True)
                ]
            )
    return found


def _answer_f1(benches: Path, settings: Settings) -> float:
    scores = [
        best_f1(said(answer_question(question.question, store.library)), question)
        for bench in _benches(benches)
        for store in [open_store(bench, settings, _say, cache_root())]
        for question in bench.questions
    ]
    return fmean(score for score in scores if score is not None)


def _benches(folder: Path) -> Iterator[Bench]:
    for suite in _SUITES:
        bench = load_bench(folder, suite).only("fit")
        step = -(-len(bench.questions) // _ASKED)
        yield replace(bench, questions=bench.questions[::step])


def _write(fitted: Fitted, folder: Path) -> None:
    text = json.dumps(asdict(fitted), ensure_ascii=False, indent=1)
    (folder / READER_FILE).write_text(f"{text}\n", encoding="utf-8")


def _say(step: str) -> None:
    typer.echo(step, err=True)


if __name__ == "__main__":
    typer.run(main)
