"""The model as the file that ships, and its figures as tables."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.table import Table

from assistant.answer.confidence import Model
from eval.refusal.library import Judged
from eval.refusal.samples import Sample
from eval.refusal.score import f1_interval, refusals, score

_STEPS = tuple(number / 20 for number in range(4, 18))


def as_json(model: Model, samples: Sequence[Sample], made: date) -> dict[str, Any]:
    """Return what `refusal.json` holds: the model, what it was fitted on, its curve."""
    return {
        "weights": dict(model.weights),
        "intercept": model.intercept,
        "threshold": model.threshold,
        "made": made.isoformat(),
        "data": {
            name: {
                "questions": len(group),
                "unanswerable": sum(not sample.is_answerable for sample in group),
            }
            for name, group in groups(samples).items()
        },
        "curve": {
            name: [
                {
                    "threshold": step,
                    "precision": round(found.precision, 3),
                    "recall": round(found.recall, 3),
                    "false_refusals": round(found.false_refusals, 3),
                }
                for step in _STEPS
                for found in [score(model, group, step)]
            ]
            for name, group in groups(samples).items()
        },
    }


def groups(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    """Return the samples by source and half, those fitted on first."""
    found: dict[str, list[Sample]] = {}
    for sample in sorted(samples, key=lambda one: (one.is_held_out, one.source)):
        half = "held out" if sample.is_held_out else "fitted"
        found.setdefault(f"{sample.source} ({half})", []).append(sample)
    return found


def tables(model: Model, samples: Sequence[Sample]) -> list[Table]:
    """Return the figures at the threshold, and the curve."""
    title = f"拒答 · 阈值 {model.threshold}"
    at_threshold = Table(
        "", "题数", "无答案", "准确", "召回", "F1（95% 区间）", "误拒", title=title
    )
    curve = Table("阈值", *groups(samples), title="准确 / 召回 / 误拒")
    for name, group in groups(samples).items():
        found = score(model, group, model.threshold)
        low, high = f1_interval(group, refusals(model, group, model.threshold))
        at_threshold.add_row(
            name,
            str(found.questions),
            str(found.unanswerable),
            f"{found.precision:.3f}",
            f"{found.recall:.3f}",
            f"{found.f1:.3f}（{low:.3f}–{high:.3f}）",
            f"{found.false_refusals:.3f}",
        )
    for step in _STEPS:
        cells = [score(model, group, step) for group in groups(samples).values()]
        curve.add_row(
            f"{step:.2f}",
            *(f"{c.precision:.2f} / {c.recall:.2f} / {c.false_refusals:.2f}" for c in cells),
        )
    return [at_threshold, curve]


def library_table(judged: Sequence[Judged]) -> Table:
    """Return what became of the questions to a library, by kind and half."""
    table = Table(
        "", "题数", "引出应引的原文", "拒答", title="多份文件 · 有答案、原文说不、没有答案"
    )
    groups_of = {(one.question.kind, one.question.is_held_out) for one in judged}
    for kind, held_out in sorted(groups_of):
        group = [
            one
            for one in judged
            if (one.question.kind, one.question.is_held_out) == (kind, held_out)
        ]
        table.add_row(
            f"{kind} ({'held out' if held_out else 'development'})",
            str(len(group)),
            str(sum(one.cites for one in group)),
            str(sum(one.is_refused for one in group)),
        )
    return table
