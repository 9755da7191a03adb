"""Looks up platforms and projects by the words of a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library import Library
from assistant.names import match_names, name_words
from assistant.question import Question
from corpus.model import Project

_RECALL = 0.3
_NEAR_BEST = 0.85
_OF_THE_LIST = frozenset(
    ["平台", "项目", "清单", "附件", "科技", "创新", "科技创新", "重大", "建设", "举措", "发展"]
)
_SET = re.compile(
    "平台清单|项目清单|附件[2二]|(?:哪些|几个|多少个?|所有|全部|列出|列一下)[^,]{0,8}(?:平台|项目)"
    "|(?:平台|项目)[^,]{0,4}(?:哪些|几个|多少个|清单|名单)"
)


@dataclass(frozen=True, slots=True)
class ProjectLookup:
    """What was found; `is_list` where the question asks for the list itself."""

    projects: tuple[Project, ...]
    is_list: bool


def find_projects(
    question: Question, library: Library, *, plan_ids: Sequence[str] | None = None
) -> ProjectLookup:
    """Return the platforms and projects that the question names, or all if it asks for the list."""
    projects = library.catalog.projects(plan_ids)
    names = [project.name for project in projects]
    matches = match_names(question, names)
    likely = [match.position for match in matches if match.recall >= _RECALL]
    if likely:
        best = max(match.recall for match in matches)
        named = [m.position for m in matches if m.recall >= _NEAR_BEST * best]
    else:
        named = _named_by_kind(question, names)
    if named:
        return ProjectLookup(tuple(projects[position] for position in named), is_list=False)
    if projects and _SET.search(question.normal) and not _other_words(question):
        return ProjectLookup(tuple(projects), is_list=True)
    return ProjectLookup((), is_list=False)


def _named_by_kind(question: Question, names: list[str]) -> list[int]:
    """Return the one project of the kind that the question speaks of: 那个孵化器."""
    kinds = [list(name_words(name))[-1] for name in names]
    return [
        position
        for position, kind in enumerate(kinds)
        if kind in question.normal and kind not in _OF_THE_LIST and kinds.count(kind) == 1
    ]


def _other_words(question: Question) -> list[str]:
    """Return what narrows the question down to something that the list itself does not tell."""
    return [
        word
        for word in question.words
        if word not in _OF_THE_LIST and word not in question.places and not word.isdigit()
    ]
