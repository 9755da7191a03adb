"""Looks up platforms and projects by the words of a question."""

import re
from dataclasses import dataclass

from langchain_core.tools import StructuredTool
from pydantic import BaseModel, Field

from assistant.library import Library
from assistant.names import match_names
from assistant.question import Question, read_question
from corpus.model import Project

_RECALL = 0.3
_NEAR_BEST = 0.85
_SET = re.compile("平台清单|项目清单|附件2|(?:哪些|几个|多少个?|所有|全部|列出|列一下)[^,]{0,8}(?:平台|项目)"
                  "|(?:平台|项目)[^,]{0,4}(?:哪些|几个|多少个|清单|名单)")


@dataclass(frozen=True, slots=True)
class ProjectLookup:
    """What was found; `is_list` where the question asks for the list itself."""

    projects: tuple[Project, ...]
    is_list: bool


def find_projects(
    question: Question, library: Library, *, plan_id: str | None = None
) -> ProjectLookup:
    """Return the platforms and projects that the question names, or all if it asks for the list."""
    projects = library.catalog.projects(plan_id)
    matches = [
        match
        for match in match_names(question, [project.name for project in projects])
        if match.recall >= _RECALL
    ]
    if matches:
        best = matches[0].recall
        named = [match for match in matches if match.recall >= _NEAR_BEST * best]
        return ProjectLookup(tuple(projects[match.position] for match in named), is_list=False)
    if projects and _SET.search(question.normal):
        return ProjectLookup(tuple(projects), is_list=True)
    return ProjectLookup((), is_list=False)


class ProjectQuery(BaseModel):
    """The arguments of the tool."""

    question: str = Field(description="用户关于平台、项目的问题，或其名称")
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def project_tool(library: Library) -> StructuredTool:
    """Return the look-up as a LangChain tool: text for a model, a `ProjectLookup` beside it."""

    def lookup(question: str, plan_id: str | None = None) -> tuple[str, ProjectLookup]:
        found = find_projects(read_question(question), library, plan_id=plan_id)
        lines = [
            f"{project.name}（{project.category or '未分类'}）：{project.description}"
            for project in found.projects
        ]
        return "\n".join(lines) or "没有找到对应的平台或项目。", found

    return StructuredTool.from_function(
        func=lookup,
        name="lookup_projects",
        description="查规划附件中的平台与项目：名称、类别、面积、投资、举措和目标。",
        args_schema=ProjectQuery,
        response_format="content_and_artifact",
    )
