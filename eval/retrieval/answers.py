"""The extractive answer against the gold answers of a bench, beside the best passage of others.

Character F1 as SQuAD defines it for words (Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250),
over characters, as CMRC 2018 takes it to Chinese; a refusal of an answerable question scores 0.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.settings import Settings
from eval.retrieval.baselines import langchain_pipeline
from eval.retrieval.bench import Bench, BenchQuestion
from eval.retrieval.store import Progress, langchain_folder, open_store
from eval.retrieval.systems import System, plan_assistant
from eval.score import Share

_MARK = re.compile(r"\[\d+\]")
_NOT_SAID = re.compile(r"[\W_]+")
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """Character F1 of each answerable question by system, and how refusals fell."""

    f1: dict[str, tuple[float, ...]]
    refused_rightly: Share
    refused: int

    @property
    def refusal(self) -> tuple[float, float, float]:
        """Return precision, recall and F1 of the refusals."""
        right, wanted = self.refused_rightly.count, self.refused_rightly.total
        precision = right / self.refused if self.refused else 0.0
        recall = right / wanted if wanted else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


def judge_answers(bench: Bench, settings: Settings, progress: Progress) -> AnswerScores:
    """Ask every question of the bench; those without an answer should be refused."""
    store = open_store(bench, settings, progress)
    embeddings = store.library.embeddings
    stock = langchain_pipeline(bench, embeddings, langchain_folder(bench, store.library))
    own = plan_assistant(store)
    progress(f"正在逐题作答（{len(bench.questions)} 题有答案）……")
    answers = [answer_question(one.question, store.library) for one in bench.questions]
    unanswerable = [one for one in bench.others if not any(one.answers)]
    refused = [
        answer_question(one.question, store.library).status != "answered" for one in unanswerable
    ]
    return AnswerScores(
        {
            "plan-assistant（摘录的回答）": tuple(
                _best(said(answer), question)
                for answer, question in zip(answers, bench.questions, strict=True)
            ),
            "plan-assistant（首个文本块）": _top_passages(own, bench.questions),
            "LangChain 常规做法（首段）": _top_passages(stock, bench.questions),
        },
        Share(sum(refused), len(refused)),
        sum(refused) + sum(answer.status != "answered" for answer in answers),
    )


def said(answer: Answer) -> str:
    """Return what an answer says, without marks; nothing if it refuses."""
    return _MARK.sub("", answer.text) if answer.status == "answered" else ""


def interval(scores: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean."""
    values = np.array(scores)
    random = np.random.default_rng(0)
    means = random.choice(values, (_RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def character_f1(text: str, gold: str) -> float:
    """Return the harmonic mean of the shares of characters that two texts have in common."""
    mine, theirs = (Counter(_NOT_SAID.sub("", words)) for words in (text, gold))
    shared = (mine & theirs).total()
    return 2 * shared / (mine.total() + theirs.total()) if shared else 0.0


def _best(text: str, question: BenchQuestion) -> float:
    return max(character_f1(text, gold) for gold in question.answers)


def _top_passages(system: System, questions: Sequence[BenchQuestion]) -> tuple[float, ...]:
    tops = [next(iter(system.search(question.question, 1)), None) for question in questions]
    return tuple(
        0.0 if top is None else _best(top.span.of(system.text_of(top.document_id)), question)
        for top, question in zip(tops, questions, strict=True)
    )
