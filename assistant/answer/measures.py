"""Measures → every one in its own words, under its document and section, with the count."""

from collections import Counter
from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.sources import Sources
from assistant.tools.measures import MeasureLookup
from corpus.model import Measure
from corpus.shown import single_spaced

# More than this is no longer read; the rest is counted by document.
MAX_SHOWN = 20
_MAX_PLANS = 10


def write_measures(lookup: MeasureLookup, sources: Sources) -> Draft:
    """Answer with all measures; of very many the best in full and the others counted."""
    shown = lookup.measures[:MAX_SHOWN]
    rest = lookup.measures[MAX_SHOWN:]
    count = f"共{len(lookup.measures)}项"
    computed = [count]
    if rest:
        lines = [
            f"所收文件中符合的支持措施{count}，先列最相关的{MAX_SHOWN}项；"
            "问题里写明地区、文件、行业或所需支持（如奖励、贷款、用地），可以缩小范围："
        ]
        computed.append(f"{MAX_SHOWN}项")
    else:
        lines = [f"所收文件中符合的支持措施{count}："]
    number = 0
    for plan_id, section, measures in _grouped(shown):
        heading = sources.sections(plan_id)[section]
        mark = sources.cite(plan_id, section, heading.heading)
        name = (
            f"「{single_spaced(heading.heading.of(sources.plan(plan_id).text))}」"
            if heading.path
            else ""
        )
        lines.append(f"{sources.name(plan_id)}{name}：{mark}")
        for measure in measures:
            number += 1
            mark = sources.cite(plan_id, section, measure.span)
            lines.append(f"{number}. {single_spaced(measure.text).rstrip('。；;，')}。{mark}")
            computed.append(f"{number}. ")
    lines.extend(_count_rest(rest, sources, computed))
    return Draft("\n".join(lines), "answered", "list", computed=tuple(computed))


def _grouped(measures: Sequence[Measure]) -> list[tuple[str, int, list[Measure]]]:
    """Return the measures by plan and section, those of the best first, within it by the text."""
    groups: dict[tuple[str, int], list[Measure]] = {}
    plans = list(dict.fromkeys(measure.plan_id for measure in measures))
    for measure in sorted(measures, key=lambda one: (plans.index(one.plan_id), one.span)):
        groups.setdefault((measure.plan_id, measure.section), []).append(measure)
    return [(plan_id, section, found) for (plan_id, section), found in groups.items()]


def _count_rest(rest: Sequence[Measure], sources: Sources, computed: list[str]) -> list[str]:
    """Say how many more each document has; the citation opens the first of them."""
    lines = []
    counts = Counter(measure.plan_id for measure in rest)
    for plan_id, number in counts.most_common(_MAX_PLANS):
        first = next(measure for measure in rest if measure.plan_id == plan_id)
        mark = sources.cite(plan_id, first.section, first.span)
        lines.append(f"{sources.name(plan_id)}还有{number}项。{mark}")
        computed.append(f"还有{number}项")
    if others := counts.most_common()[_MAX_PLANS:]:
        first = next(measure for measure in rest if measure.plan_id == others[0][0])
        mark = sources.cite(first.plan_id, first.section, first.span)
        more = f"其余{len(others)}份文件还有{sum(number for _, number in others)}项"
        lines.append(f"{more}。{mark}")
        computed.append(more)
    return lines
