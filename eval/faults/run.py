"""Plants the faults and counts what verification finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from assistant.answer.verify import prove, verify
from eval.faults.paraphrases import Paraphrase
from eval.faults.plant import KINDS
from eval.faults.samples import Sample
from eval.score import Share

# Any number will do, so long as it stays the same.
_SEED = 20251125


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares caught by kind, false alarms by kind of statement, and the texts that went wrong.

    `caught` is of faults in answers that rules gave, `caught_reworded` of those in sentences as a
    language model writes them.
    """

    caught: dict[str, Share]
    caught_reworded: dict[str, Share]
    alarms: dict[str, Share]
    failures: tuple[str, ...]


def plant_faults(samples: Sequence[Sample], paraphrases: Sequence[Paraphrase]) -> Outcome:
    """Plant one fault of each kind in each sample that can bear it, and judge all of them."""
    caught, missed = _catch(samples)
    reworded, missed_reworded = _catch([paraphrase.sample for paraphrase in paraphrases])
    strict = [s for s in samples if verify(s.draft, s.citations, s.read_text)]
    alarms = {"未改动的回答（逐行核对）": Share(len(strict), len(samples))}
    groups = {"未改动的回答（逐句核对）": list(samples)}
    for paraphrase in paraphrases:
        groups.setdefault(f"如实转述（{paraphrase.part}）", []).append(paraphrase.sample)
    failures = [*missed, *missed_reworded]
    for name, honest in groups.items():
        wrong = [(sample, reason) for sample in honest if (reason := _removed(sample))]
        alarms[name] = Share(len(wrong), len(honest))
        failures += [f"{name}，误报：{reason}｜{sample.draft.text}" for sample, reason in wrong]
    return Outcome(caught, reworded, alarms, tuple(failures))


def _catch(samples: Sequence[Sample]) -> tuple[dict[str, Share], list[str]]:
    """Return the share caught of each kind, and a line for each fault that was missed."""
    # Where the untouched statement is an alarm already, nothing planted in it proves anything.
    sound = [sample for sample in samples if not _removed(sample)]
    caught: dict[str, Share] = {}
    failures: list[str] = []
    for kind, plant in KINDS.items():
        random = Random(f"{_SEED}{kind}")
        planted = [
            spoilt for sample in sound if (spoilt := plant(sample, sound, random)) is not None
        ]
        missed = [sample for sample in planted if not _removed(sample)]
        caught[kind] = Share(len(planted) - len(missed), len(planted))
        failures += [f"{kind}，没有发现：{sample.draft.text}" for sample in missed]
    return caught, failures


def _removed(sample: Sample) -> str:
    proof = prove(sample.draft, sample.citations, sample.read_text)
    return "；".join(f"{one.sentence}→{one.reason}" for one in proof.removed)
