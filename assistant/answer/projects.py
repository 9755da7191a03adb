"""Rows of platforms and projects → sentences in the plan's own words."""

import re

from assistant.answer.draft import Draft
from assistant.answer.sources import Sources
from assistant.question import Question, Wanted
from assistant.tools.projects import ProjectLookup
from corpus.model import Project

# What a row must say to answer a question of this kind.
_ANSWERS: dict[Wanted, re.Pattern[str]] = {
    "contact": re.compile(r"电话|\d{7,}|邮箱|网址|地址"),
    "person": re.compile("负责人|责任人|联系人"),
    "place": re.compile("位于|坐落|选址|地处|街道|大道|路\\d"),
    "date": re.compile(r"(?:19|20)\d\d年|\d+月|年底"),
}
_ASKS_AREA = re.compile("面积|多大|占地|多少(?:平|亩)")
_ASKS_MONEY = re.compile("投资|投了|多少钱|资金|金额|造价|花了?多少")
_ASKS_CATEGORY = re.compile("哪一?[类种]|类别|分类|属于|归[在到入]|列在")


def write_projects(question: Question, lookup: ProjectLookup, sources: Sources) -> Draft | None:
    """Answer about the list or the rows named; None where the rows do not carry the answer."""
    if lookup.is_list:
        return _write_list(lookup, sources)
    lines: list[str] = []
    for project in lookup.projects:
        sentence = _write_row(question, project, sources)
        if sentence is None:
            return None
        lines.append(sentence)
    return Draft("\n".join(lines), "answered", "project")


def _write_row(question: Question, project: Project, sources: Sources) -> str | None:
    text = question.normal
    pattern = _ANSWERS.get(question.wanted)
    if pattern is not None and not pattern.search(project.description):
        return None
    mark = sources.cite(project.plan_id, project.section, project.span)
    parts: list[str] = []
    if _ASKS_CATEGORY.search(text) and project.category:
        heading = sources.sections(project.plan_id)[project.section].heading
        mark += sources.cite(project.plan_id, project.section, heading)
        parts.append(f"列入“{project.category}”")
    if _ASKS_AREA.search(text):
        if project.area is None:
            return None
        parts.append(f"面积{project.area}")
    if _ASKS_MONEY.search(text):
        if project.investment is None:
            return None
        parts.append(f"投资{project.investment}")
    if not parts and question.wanted == "amount":
        return None
    if parts:
        return f"{project.name}：{'，'.join(parts)}。{mark}"
    return f"{project.name}：{project.description.rstrip('。')}。{mark}"


def _write_list(lookup: ProjectLookup, sources: Sources) -> Draft:
    count = f"共{len(lookup.projects)}项"
    lines = [f"清单所列平台和项目{count}："]
    computed = [count]
    for number, project in enumerate(lookup.projects, start=1):
        mark = sources.cite(project.plan_id, project.section, project.span)
        figures = [
            f"{label}{value}"
            for label, value in (("面积", project.area), ("投资", project.investment))
            if value
        ]
        shown = f"（{'，'.join(figures)}）" if figures else ""
        lines.append(f"{number}. {project.name}{shown}。{mark}")
        computed.append(f"{number}. ")
    return Draft("\n".join(lines), "answered", "project", computed=tuple(computed))
