"""Does the plan contradict itself? → what the checks find, each side cited."""

import re
from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.sources import Sources
from assistant.checking.check import check_plans
from assistant.checking.model import KIND_NAMES, OUTCOME_NAMES, Finding
from assistant.library import Library
from assistant.question import Question

# 主要矛盾, 矛盾纠纷 are what a text speaks of; these words ask about the text itself.
_ASKS = re.compile(
    "自相矛盾|前后(?:不一|矛盾|不符|打架|对不上)|(?:互相|相互)(?:矛盾|打架)"
    "|(?:数字|数据|指标|目标|文件|规划|报告)[^,。?]{0,6}(?:有没有|有无|是否)[^,。?]{0,4}(?:矛盾|冲突|打架)"
    "|规划自查"
)
_MOST = 20
_NONE = "没有发现前后不一或核算不上的地方"


def answer_contradictions(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Return the findings that a reader must look at; None if the question is not about them."""
    if not _ASKS.search(question.normal):
        return None
    current = [one for one in plan_ids if not sources.is_superseded(one)]
    found = check_plans(library, plan_ids=current or plan_ids)
    open_ones = [finding for finding in found if finding.outcome != "PASS"]
    counts = "，".join(
        f"{name}{sum(finding.outcome == outcome for finding in found)}项"
        for outcome, name in OUTCOME_NAMES.items()
    )
    head = f"共核对{len(found)}项：{counts}。"
    if not open_ones:
        # Without a single check nothing was found to hold; that must not read as a clean bill.
        said = f"{_NONE}；{head}" if found else "其中没有可以核对的指标、合计或项数。"
        return Draft(said, "answered" if found else "refused", "indicator", computed=(said,))
    lines, computed = [head], [head]
    for number, finding in enumerate(open_ones[:_MOST], start=1):
        line = f"{number}. {_told(finding)}"
        marks = (sources.cite(one.plan_id, one.section, one.span) for one in finding.evidence)
        lines.append(line + "".join(dict.fromkeys(marks)))
        computed.append(line)
    if len(open_ones) > _MOST:
        lines.append(f"其余{len(open_ones) - _MOST}项请用“规划自查”或 plan-assistant check 查看。")
        computed.append(lines[-1])
    return Draft("\n".join(lines), "answered", "indicator", computed=tuple(computed))


def _told(finding: Finding) -> str:
    return f"{OUTCOME_NAMES[finding.outcome]}（{KIND_NAMES[finding.kind]}）：{finding.statement}"
