"""How likely do the passages that were found answer the question? What refusal goes by.

A logistic model over a few features; `refusal.json` has its weights and the threshold, and
`python -m eval.refusal` fits them anew. Here is plain arithmetic only. Tried and left out, as they
did not help on texts that the model was not fitted to: the cosine of the best passage (no better
than chance between a record's answered and unanswered questions), its distance to the next, the
rank in retrieval, the number of passages that agree.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answer.evidence import support
from assistant.answer.passages import Passage, Sentence
from assistant.question import Question
from assistant.reading import Reranker
from corpus.normal import normalise

MODEL_FILE = Path(__file__).with_name("refusal.json")

_KIND = re.compile(
    "国务院|政府|(?:政府)?(?:工作)?报告|工作|第.个|五年|(?:五年)?(?:规划|计划)|纲要|条例|办法"
)
_ASKS_REASON = re.compile("为何|为什么|为啥|因何|原因|缘由|理由")
_REASON = re.compile("因(?!此)|由于|原因|缘由|理由|鉴于|为了|导致|所以|旨在|以便")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer; every feature is within 0..1, and more is better.

    `passage` is the share of the question's words (by weight) that the best passage holds,
    `wording` the share of its pairs of characters in the chosen sentences: order and verbs, which
    single words lose. `reason` is 0 where a reason is asked for and the sentences give none.
    `relevance` is what the reranker makes of the best passage, 0 where none is set.
    """

    passage: float
    wording: float
    reason: float
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted model: below `threshold` an answer is refused."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float

    def confidence(self, evidence: Evidence) -> float:
        """Return the likelihood that this evidence is an answer."""
        features = asdict(evidence)
        total = sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-(self.intercept + total)))


@cache
def load_model() -> Model:
    """Read the model that comes with the program."""
    return _model(json.loads(MODEL_FILE.read_text(encoding="utf-8")))


def model_for(reranker: Reranker | None) -> Model:
    """Return the model that was fitted with this reranker, else the one without."""
    fitted = reranker.fitted.refusal if reranker is not None else None
    return load_model() if fitted is None else _model(fitted)


def _model(record: Mapping[str, Any]) -> Model:
    return Model(record["weights"], record["intercept"], record["threshold"])


def gather(
    question: Question,
    passages: Sequence[Passage],
    chosen: Sequence[Sentence],
    *,
    titles: Sequence[str] = (),
) -> Evidence | None:
    """Return the evidence for an answer from these sentences; None if there are none.

    `titles` are those of the plans that the question chose. 政府工作报告 and the like chose them,
    as places do, and tell nothing of a passage: every one stands below its title.
    """
    if not chosen:
        return None
    told = normalise("\n".join(sentence.text for sentence in chosen))
    named = normalise(" ".join(titles))
    telling = [
        word for word in question.subject if not (_KIND.fullmatch(word) and word in named)
    ] or question.subject
    found = [*(passage.hit for passage in passages), *(sentence.hit for sentence in chosen)]
    lacks_reason = _ASKS_REASON.search(question.normal) and not _REASON.search(told)
    return Evidence(
        passage=max(support(telling, normalise(hit.chunk.embedded)) for hit in found),
        wording=_shared_pairs(question.normal, told),
        reason=0.0 if lacks_reason else 1.0,
        relevance=max(hit.relevance for hit in found),
    )


def _shared_pairs(asked: str, told: str) -> float:
    """Return the share of the pairs of characters of `asked` that stand in `told`."""
    pairs = {asked[i : i + 2] for i in range(len(asked) - 1)}
    return sum(pair in told for pair in pairs) / len(pairs) if pairs else 0.0
