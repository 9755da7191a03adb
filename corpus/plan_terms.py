"""A plan's own words, by which jieba's dictionary is extended before the plan is cut."""

import re
from collections.abc import Iterable

from corpus.model import Indicator, Project

_ORGANISATION = re.compile(
    "[\u4e00-\u9fff]{3,20}?"
    "(?:研究院|研究所|重点实验室|实验室|大学|学院|医院|集团总部|集团|公司|委员会|孵化器|药谷)"
)
_VERBS = re.compile(
    "^(?:充分发挥|支持|推进|推动|建设|发挥|依托|打造|布局|引进|联合|加快|组建|加强|与|和|由|在)+"
)
_QUOTED = re.compile("“([\u4e00-\u9fff]{2,10})”")
_CHINESE = re.compile("[\u4e00-\u9fff]{2,}")


def plan_terms(
    text: str, indicators: Iterable[Indicator], projects: Iterable[Project]
) -> tuple[str, ...]:
    """Return the names of indicators, platforms and organisations and the terms in quotes."""
    names = [indicator.name for indicator in indicators] + [project.name for project in projects]
    # jieba never joins over a bracket, so a name with one counts as its Chinese parts.
    found = [part for name in names for part in _CHINESE.findall(name)]
    found += [_VERBS.sub("", name) for name in _ORGANISATION.findall(text)]
    found += _QUOTED.findall(text)
    return tuple(dict.fromkeys(term for term in found if len(term) > 1))
