"""The outcome as a table and as a JSON document."""

from typing import Any

from rich.table import Table

from eval.faults.run import Outcome
from eval.score import Share


def tables(outcome: Outcome) -> list[Table]:
    """Return the faults by kind and the false alarms."""
    names = ("错误种类", "植入：回答", "查出", "比例", "植入：转述", "查出", "比例")
    caught = Table(*names, title="植入的错误")
    for kind, share in (*outcome.caught.items(), ("合计", total(outcome.caught))):
        reworded = outcome.caught_reworded.get(kind) or total(outcome.caught_reworded)
        caught.add_row(kind, *_cells(share), *_cells(reworded))
    alarms = Table("如实的内容", "份数", "误报", "比例", title="误报")
    for kind, share in outcome.alarms.items():
        rate = share.count / share.total if share.total else 0.0
        alarms.add_row(kind, str(share.total), str(share.count), f"{rate:.3f}")
    return [caught, alarms]


def as_json(outcome: Outcome, *, failures: bool) -> dict[str, Any]:
    """Return the counts, and what went wrong if that is asked for."""
    document: dict[str, Any] = {
        name: {kind: {"count": share.count, "total": share.total} for kind, share in group.items()}
        for name, group in (
            ("caught", outcome.caught),
            ("caught_reworded", outcome.caught_reworded),
            ("alarms", outcome.alarms),
        )
    }
    return document | ({"failures": list(outcome.failures)} if failures else {})


def _cells(share: Share) -> tuple[str, str, str]:
    return str(share.total), str(share.count), f"{share.value:.3f}"


def total(shares: dict[str, Share]) -> Share:
    """Return all shares as one."""
    return Share(sum(s.count for s in shares.values()), sum(s.total for s in shares.values()))
