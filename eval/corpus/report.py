"""The figures of the corpus as tables or as one document."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from eval.corpus.outcome import Outcome
from eval.corpus.run import DocumentReport
from eval.corpus.tally import Counts, Ratio

_TOTAL = "合计"
_HELD_OUT = "留出"
_HIT_FIELDS = {
    "target_name": "目标名称",
    "target_year": "目标年份",
    "measure_strength": "举措力度",
    "measure_instruments": "举措方式（Jaccard）",
    "measure_applicants": "申报主体",
    "measure_condition": "条件",
    "measure_amount": "金额",
    "measure_rate": "比例",
    "measure_cap": "上限",
    "measure_duration": "期限",
    "measure_department": "责任部门",
}


def total(reports: Sequence[DocumentReport]) -> Outcome:
    """Return the figures of all documents together."""
    return sum((report.outcome for report in reports), Outcome())


def as_json(reports: Sequence[DocumentReport], *, failures: bool) -> dict[str, Any]:
    """Return the figures as plain values."""
    document: dict[str, Any] = {
        "suite": "corpus",
        "documents": [
            {"file": r.file, "held_out": r.held_out, **_plain(r.outcome)} for r in reports
        ],
        "total": _plain(total(_used(reports))),
        "total_held_out": _plain(total(_held_out(reports))),
        "problems": problems(reports),
    }
    if failures:
        document["failures"] = {r.file: list(r.outcome.failures) for r in _used(reports)}
    return document


def failures(reports: Sequence[DocumentReport]) -> list[str]:
    """Return what was read wrong, a line each; what is held out keeps its failures to itself."""
    return [
        f"{report.file}：{failure}"
        for report in _used(reports)
        for failure in report.outcome.failures
    ]


def _used(reports: Sequence[DocumentReport]) -> list[DocumentReport]:
    return [report for report in reports if not report.held_out]


def _held_out(reports: Sequence[DocumentReport]) -> list[DocumentReport]:
    return [report for report in reports if report.held_out]


def problems(reports: Sequence[DocumentReport]) -> list[str]:
    """Return what could not be judged, a line each."""
    return [f"{report.file}：{problem}" for report in reports for problem in report.problems]


def tables(reports: Sequence[DocumentReport]) -> list[Table]:
    """Return the table of the documents and that of the fields of what was found."""
    documents = Table(title="规划问答助手 · 文档解析评测（P / R / F1）")
    documents.add_column("文档", overflow="fold")
    for heading in ("标题", "末级标题", "指标行", "指标格", "目标", "举措", "入块字符"):
        documents.add_column(heading, justify="right")
    for report in reports:
        mark = f"（{_HELD_OUT}）" if report.held_out else ""
        documents.add_row(f"{report.file}{mark}", *_cells(report.outcome))
    documents.add_section()
    together, apart = total(_used(reports)), total(_held_out(reports))
    documents.add_row(_TOTAL, *_cells(together))
    documents.add_row(f"{_TOTAL}（{_HELD_OUT}）", *_cells(apart))
    fields = Table("已命中条目的字段", "逐字相符", _HELD_OUT, title="目标与举措的字段")
    for name, label in _HIT_FIELDS.items():
        fields.add_row(label, _share(together.shares.get(name)), _share(apart.shares.get(name)))
    return [documents, fields]


def _cells(outcome: Outcome) -> list[str]:
    counts, shares = outcome.counts, outcome.shares
    last = counts.get("last_headings")
    return [
        _three(counts.get("headings")),
        f"{last.f1:.3f}" if last else "—",
        _rows(counts.get("indicator_rows")),
        _share(shares.get("indicator_cells")),
        _three(counts.get("targets")),
        _three(counts.get("measures")),
        f"{shares['characters'].value:.4f}" if "characters" in shares else "—",
    ]


def _three(count: Counts | None) -> str:
    if count is None:
        return "—"
    precision = f"{count.precision:.3f}" if count.hits + count.invented else "—"
    return f"{precision} {count.recall:.3f} {count.f1:.3f}"


def _rows(count: Counts | None) -> str:
    if count is None:
        return "—"
    invented = f" 多 {count.invented}" if count.invented else ""
    return f"{count.hits}/{count.hits + count.missed}{invented}"


def _share(ratio: Ratio | None) -> str:
    return f"{ratio.value:.3f} /{ratio.total}" if ratio and ratio.total else "—"


def _plain(outcome: Outcome) -> dict[str, Any]:
    counts = {
        name: {
            "precision": count.precision,
            "recall": count.recall,
            "f1": count.f1,
            "hits": count.hits,
            "missed": count.missed,
            "invented": count.invented,
        }
        for name, count in outcome.counts.items()
    }
    shares = {
        name: {"value": ratio.value, "sum": ratio.sum, "total": ratio.total}
        for name, ratio in outcome.shares.items()
    }
    return {**counts, **shares}
