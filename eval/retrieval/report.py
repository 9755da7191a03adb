"""The figures of a bench as a table or as one document."""

from typing import Any

from rich.table import Table

from eval.retrieval.bench import Bench
from eval.retrieval.score import DEPTHS, Found
from eval.retrieval.systems import System

Results = dict[str, tuple[System, Found]]

_NAMES = {
    "plan-assistant": "plan-assistant（混合检索）",
    "bm25": "仅 BM25（bm25s + jieba，同样的文本块）",
    "dense": "仅向量（同样的模型与文本块）",
    "langchain": "LangChain 常规做法（500/50 + Chroma）",
}


def as_json(bench: Bench, results: Results) -> dict[str, Any]:
    """Return the figures as plain values."""
    return {
        "suite": "retrieval",
        "bench": bench.name,
        "documents": len(bench.documents),
        "questions": len(bench.questions),
        "left_out": bench.left_out,
        "systems": {name: _plain(*result) for name, result in results.items()},
    }


def _plain(system: System, found: Found) -> dict[str, Any]:
    low, high = found.interval()
    return {
        **{f"R@{depth}": round(found.recall(depth), 4) for depth in DEPTHS},
        "MRR": round(found.reciprocal_rank, 4),
        "R@5_interval": [round(low, 4), round(high, 4)],
        "passages": system.passages,
        "p50_ms": round(found.median_seconds * 1000, 1),
    }


def table(bench: Bench, results: Results) -> Table:
    """Return one row for each system."""
    left_out = f"，另有 {bench.left_out} 题的答案不在原文中而不计" if bench.left_out else ""
    made = Table(
        title=f"检索评测 · {bench.name}：{len(bench.documents)} 份文件，"
        f"{len(bench.questions)} 题{left_out}"
    )
    made.add_column("系统")
    headings = [f"R@{depth}" for depth in DEPTHS]
    for heading in (*headings, "MRR@10", "R@5 的 95% 区间", "文本块", "p50"):
        made.add_column(heading, justify="right")
    for name, (system, found) in results.items():
        low, high = found.interval()
        made.add_row(
            _NAMES[name],
            *(f"{found.recall(depth):.3f}" for depth in DEPTHS),
            f"{found.reciprocal_rank:.3f}",
            f"{low:.3f}–{high:.3f}",
            str(system.passages),
            f"{found.median_seconds * 1000:.1f} ms",
        )
    return made
