"""Searches the passages of the plans."""

from langchain_core.tools import StructuredTool
from pydantic import BaseModel, Field

from assistant.library import Library
from assistant.retrieve import Hit, retrieve


class SearchQuery(BaseModel):
    """The arguments of the tool."""

    query: str = Field(description="要查找的内容")
    limit: int = Field(default=5, ge=1, le=50, description="最多返回几段")
    plan_id: str | None = Field(default=None, description="只查这一份规划")


def search_tool(library: Library) -> StructuredTool:
    """Return the search as a LangChain tool: text for a model, the hits beside it."""

    def search(query: str, limit: int = 5, plan_id: str | None = None) -> tuple[str, list[Hit]]:
        hits = retrieve(query, library, limit=limit, plan_id=plan_id)
        return "\n\n".join(hit.chunk.embedded for hit in hits) or "没有找到相关内容。", hits

    return StructuredTool.from_function(
        func=search,
        name="search_plans",
        description="按意思和用词查找规划原文段落。",
        args_schema=SearchQuery,
        response_format="content_and_artifact",
    )
