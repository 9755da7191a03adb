"""The model at work: a LangChain agent that answers from the sources and may look up more."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langchain_openai import ChatOpenAI
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command
from openai import APIStatusError

from assistant.langchain import plan_tools
from assistant.library import Library
from assistant.llm.model import build_model, open_client
from assistant.llm.prompt import INSTRUCTIONS, WITH_TOOLS, fence
from assistant.llm.shelf import Material, Shelf, of_hit, of_indicator, of_match, of_project
from assistant.matching.model import Matching
from assistant.retrieve import Hit
from assistant.tools.indicators import IndicatorLookup
from assistant.tools.projects import ProjectLookup

# How often a model may ask for tools before it must have answered.
_ROUNDS = 4
# How endpoints say that they know no tools.
_REFUSES_TOOLS = (400, 422, 501)
_NOT_THERE = "所选的文件中没有找到。"
_FULL = "来源已满，请根据已有来源作答。"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model has said so far, and the tokens of all calls up to now."""

    text: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    is_cut: bool = False


class NumberedResults(AgentMiddleware):
    """Puts what tools find in the plans asked on the shelf, so that the model can cite it."""

    def __init__(self, shelf: Shelf, plan_ids: Sequence[str] | None) -> None:
        super().__init__()
        self._shelf = shelf
        self._plan_ids = plan_ids

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """Run the tool and number its results."""
        call = request.tool_call.copy()
        if self._plan_ids is not None and len(self._plan_ids) == 1:
            call["args"] = {**call["args"], "plan_id": self._plan_ids[0]}
        result = await handler(request.override(tool_call=call))
        if not isinstance(result, ToolMessage) or result.artifact is None:
            return result
        found = materials_of(result.artifact)
        there = [one for one in found if self._plan_ids is None or one.plan_id in self._plan_ids]
        if found and not there:
            text = _NOT_THERE
        else:
            text = self._shelf.offer(there) if there else fence(str(result.content))
        return result.model_copy(update={"content": text or _FULL, "artifact": None})


def materials_of(artifact: object) -> list[Material]:
    """Return what a tool found as sources."""
    if isinstance(artifact, IndicatorLookup):
        return [of_indicator(row) for row in artifact.rows]
    if isinstance(artifact, ProjectLookup):
        return [of_project(project) for project in artifact.projects]
    if isinstance(artifact, Matching):
        return [of_match(match) for match in artifact.matches if match.verdict != "不符合"]
    if isinstance(artifact, list):
        return [of_hit(hit) for hit in artifact if isinstance(hit, Hit)]
    return []


async def converse(
    message: HumanMessage, library: Library, shelf: Shelf, *, plan_ids: Sequence[str] | None
) -> AsyncGenerator[Reply, None]:
    """Yield the growing reply; where the endpoint refuses tools, that of a plain chain."""
    settings = library.settings
    tools = [] if settings.llm_tools == "off" else plan_tools(library)
    async with open_client(settings) as client:
        model = build_model(settings, client)
        numbered = NumberedResults(shelf, plan_ids)
        try:
            async for reply in _run(model, tools, numbered, message):
                yield reply
        except APIStatusError as error:
            if settings.llm_tools != "auto" or error.status_code not in _REFUSES_TOOLS:
                raise
            async for reply in _run(model, [], numbered, message):
                yield reply


async def _run(
    model: ChatOpenAI, tools: Sequence[BaseTool], numbered: NumberedResults, message: HumanMessage
) -> AsyncGenerator[Reply, None]:
    agent = create_agent(
        model,
        tools,
        system_prompt=INSTRUCTIONS + (WITH_TOOLS if tools else ""),
        middleware=[numbered] if tools else [],
    )
    # Two steps a round, and one for the answer.
    limit = RunnableConfig(recursion_limit=2 * _ROUNDS + 1)
    text, is_cut, current = "", False, None
    # Some endpoints report running totals in every chunk: of each call, the last report counts.
    usage: dict[int, UsageMetadata] = {}
    stream: AsyncIterator[Any] = agent.astream(
        {"messages": [message]}, limit, stream_mode="messages"
    )
    async for chunk, about in stream:
        if not isinstance(chunk, AIMessageChunk):
            continue
        step = about["langgraph_step"]
        if step != current:
            # What was said before a tool was called is no answer.
            current, text = step, ""
        text += chunk.text
        is_cut = chunk.response_metadata.get("finish_reason", "") == "length" or is_cut
        if chunk.usage_metadata:
            usage[step] = chunk.usage_metadata
        yield Reply(
            text,
            sum(used["input_tokens"] for used in usage.values()),
            sum(used["output_tokens"] for used in usage.values()),
            is_cut,
        )
