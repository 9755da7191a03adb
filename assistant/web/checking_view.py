"""The findings of the checks as HTML and as a sheet. Pure functions; knows nothing of Gradio."""

from collections.abc import Sequence
from typing import Any, get_args

from assistant.checking.model import KIND_NAMES, OUTCOME_NAMES, Outcome
from assistant.sheets import Cell
from assistant.web.comparison_view import place_of, render_downloads
from assistant.web.render import escape

SHEET_HEAD = ("结论", "类别", "对象", "说明", "出处一", "原文一", "出处二", "原文二")
_SIGNS: dict[Outcome, str] = {"FAIL": "✗", "UNCERTAIN": "?", "PASS": "✓"}
# A page with more of them is read by nobody; the download has all.
_MOST = 100


def render_findings(document: dict[str, Any], outcomes: Sequence[str]) -> str:
    """Return the counts and the findings of these outcomes, each with both sides."""
    found = [one for one in document["findings"] if one["outcome"] in outcomes]
    counts = document["counts"]
    said = "，".join(f"{name}{counts[key]}项" for key, name in OUTCOME_NAMES.items())
    total = sum(counts.values())
    if not total:
        return (
            "<p class='empty' role='status'>没有可以核对的指标、合计或项数。"
            "请先在“文档”中收录带指标的文件。</p>"
        )
    cards = "".join(map(_render_finding, found[:_MOST]))
    rest = len(found) - _MOST
    more = f"<p class='hint'>其余{rest}项见下载的文件。</p>" if rest > 0 else ""
    none = "<p class='hint'>没有这些结论的项目。</p>" if not found else ""
    return (
        f"<p class='tally' role='status'>共核对{total}项：{said}。</p>"
        f"{render_downloads('规划自查', SHEET_HEAD, sheet_rows(found))}{cards}{none}{more}"
    )


def sheet_rows(findings: Sequence[dict[str, Any]]) -> list[tuple[Cell, ...]]:
    """Return one row a finding, with its first two sides."""
    rows: list[tuple[Cell, ...]] = []
    for one in findings:
        sides: list[Cell] = []
        for source in one["evidence"][:2]:
            sides += [f"《{source['plan_title']}》{source['section']}", source["quote"]]
        sides += [None] * (4 - len(sides))
        names = (OUTCOME_NAMES[one["outcome"]], KIND_NAMES[one["kind"]])
        rows.append((*names, one["subject"], one["statement"], *sides))
    return rows


def outcome_choices() -> list[tuple[str, str]]:
    """Return what can be picked, as Gradio's choices."""
    return [(OUTCOME_NAMES[outcome], outcome) for outcome in get_args(Outcome)]


def _render_finding(finding: dict[str, Any]) -> str:
    outcome = finding["outcome"]
    sides = "".join(
        f"<blockquote><q>{escape(' '.join(one['quote'].split()))}</q>"
        f"<small>{place_of(one)}</small></blockquote>"
        for one in finding["evidence"]
    )
    return (
        f"<article class='finding {outcome.lower()}'>"
        f"<p class='verdict'><b>{_SIGNS[outcome]} {OUTCOME_NAMES[outcome]}</b>"
        f"<span>{KIND_NAMES[finding['kind']]}</span></p>"
        f"<p>{escape(finding['statement'])}</p><div class='sides'>{sides}</div></article>"
    )
