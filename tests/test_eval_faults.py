"""Planted faults: verification finds them, and leaves honest sentences alone."""

import pytest

from assistant.library import Library
from eval.faults.paraphrases import load_paraphrases
from eval.faults.plant import KINDS
from eval.faults.run import plant_faults
from eval.faults.samples import answered


def test_faults_in_rewordings_are_caught_and_rewordings_are_not() -> None:
    outcome = plant_faults([], load_paraphrases())
    assert set(outcome.caught_reworded) == set(KINDS)
    caught = sum(share.count for share in outcome.caught_reworded.values())
    planted = sum(share.total for share in outcome.caught_reworded.values())
    assert planted > 800
    assert caught / planted >= 0.99
    wrong = sum(outcome.alarms[name].count for name in outcome.alarms)
    assert sum(outcome.alarms[name].total for name in outcome.alarms) > 150
    assert wrong <= 1


@pytest.mark.slow
def test_faults_in_answers_are_caught(library: Library) -> None:
    samples = answered(library)
    outcome = plant_faults(samples, [])
    caught = sum(share.count for share in outcome.caught.values())
    assert caught / sum(share.total for share in outcome.caught.values()) >= 0.99
    assert outcome.alarms["未改动的回答（逐行核对）"].count == 0
