"""The figures of a bench as a table or as one document."""

import math
from typing import Any

from rich.table import Table

from eval.bench.figures import Judged, SystemFigures
from eval.bench.load import Bench

# Below it a difference is called significant.
_LEVEL = 0.05
LEGEND = (
    "括号内为 95% 区间（自助法）；* 与 plan-assistant 之差显著（配对置换检验，p<0.05）；"
    "只检索的系统以首段为回答"
)
NAMES = {
    "R@1": "R@1",
    "R@3": "R@3",
    "R@5": "R@5",
    "R@10": "R@10",
    "MRR": "MRR@10",
    "nDCG@10": "nDCG@10",
    "answer_f1": "回答字符 F1",
    "answer_em": "回答完全相同",
    "numeric_exactness": "数字说全",
    "citation_precision": "引文准确",
    "citation_recall": "引文支持",
    "cites_gold": "引到答案处",
    "refusal_precision": "拒答准确",
    "refusal_recall": "拒答召回",
    "refusal_f1": "拒答 F1",
}


def as_json(judged: Judged, environment: dict[str, str]) -> dict[str, Any]:
    """Return the figures as plain values."""
    return {
        "suite": judged.run.bench.name,
        "part": judged.run.bench.part,
        **counts(judged.run.bench),
        "systems": {system.name: _plain(system) for system in judged.systems},
        "environment": environment,
    }


def counts(bench: Bench) -> dict[str, int]:
    """Return how much was asked of how much."""
    return {
        "documents": len(bench.documents),
        "questions": len(bench.questions),
        "answers_not_in_text": sum(one.is_answerable for one in bench.others),
        "unanswerable": sum(not one.is_answerable for one in bench.others),
    }


def _plain(system: SystemFigures) -> dict[str, Any]:
    return {
        **{name: round(figure.value, 4) for name, figure in system.metrics.items()},
        "passages": system.passages,
        "search_p50_ms": _rounded(system.search_ms),
        "answer_p50_ms": _rounded(system.answer_ms),
        "intervals": {
            name: [_rounded(figure.low, 4), _rounded(figure.high, 4)]
            for name, figure in system.metrics.items()
        },
        "counts": {name: figure.count for name, figure in system.metrics.items()},
        "p_values": {name: round(p, 4) for name, p in system.p_values.items()},
    }


def _rounded(value: float, digits: int = 1) -> float | None:
    """Return the figure for JSON, which knows no NaN."""
    return None if math.isnan(value) else round(value, digits)


def summary(bench: Bench) -> str:
    """Return the title line of a bench's tables."""
    found = counts(bench)
    part = {"all": "", "train": "（训练部分）", "dev": "（开发部分）"}[bench.part]
    more = f"，另有 {found['answers_not_in_text']} 题的答案不是原文中的话"
    return (
        f"{bench.name}{part}：{found['documents']} 份文件，{found['questions']} 题"
        f"{more if found['answers_not_in_text'] else ''}"
        f"{f'，无答案 {count} 题' if (count := found['unanswerable']) else ''}"
    )


def table(judged: Judged) -> Table:
    """Return a row for each figure, a column for each system."""
    systems = judged.systems
    made = Table("", *(system.name for system in systems), title=summary(judged.run.bench))
    for name, label in NAMES.items():
        if any(name in system.metrics for system in systems):
            made.add_row(label, *(cell(system, name) for system in systems))
    made.add_section()
    made.add_row("文本块", *(str(system.passages) for system in systems))
    made.add_row("检索 p50", *(_milliseconds(system.search_ms) for system in systems))
    made.add_row("回答 p50", *(_milliseconds(system.answer_ms) for system in systems))
    made.caption = LEGEND
    return made


def cell(system: SystemFigures, name: str) -> str:
    """Return a figure with its interval and the mark of a significant difference."""
    figure = system.metrics.get(name)
    if figure is None:
        return "—"
    star = "*" if system.p_values.get(name, 1.0) < _LEVEL else ""
    if math.isnan(figure.low):
        return f"{figure.value:.3f}{star}"
    return f"{figure.value:.3f}{star}（{figure.low:.3f}–{figure.high:.3f}）"


def _milliseconds(value: float) -> str:
    return "—" if math.isnan(value) else f"{value:.1f} ms"
