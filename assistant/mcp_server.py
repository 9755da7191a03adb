"""The assistant as tools of the Model Context Protocol, for other assistants to call.

Kept apart from the HTTP side: over stdio it runs without a server, and without Gradio.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from typing import Annotated, Any, TypeAlias, TypeVar

from anyio import to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

from assistant.answer.model import Answer
from assistant.answer.respond import respond_fully
from assistant.document_types import (
    AnswerDocument,
    IndicatorsDocument,
    MeasuresDocument,
    ProjectsDocument,
    SearchDocument,
)
from assistant.documents import answer_document, search_document
from assistant.library import Library
from assistant.lookups import indicators_document, measures_document, projects_document
from assistant.matching.documents import ProfileError, matching_document, profile_from_document
from assistant.matching.match import match_measures
from assistant.retrieve import retrieve
from corpus.errors import CorpusError

_Document = TypeVar("_Document", bound=BaseModel | dict[str, Any])
Ask: TypeAlias = Callable[[str, Sequence[str] | None], Awaitable[Answer]]

_INSTRUCTIONS = (
    "回答关于中国政府规划、工作报告和政策文件的问题。每个数字和每段引文都与原文逐字一致，"
    "并注明出处（文件标题、章节、页码、原文位置）。引用时请照抄 citations 中的 quote，"
    "不要改动数字；status 为 refused 表示资料中没有依据，请如实转告。"
)
_READS_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Question = Annotated[str, Field(min_length=1, max_length=500, description="完整的中文问题")]
Plan = Annotated[
    str | None, Field(max_length=200, description="只查这一份文件：编号或标题中的字；不填查全部")
]


def build_mcp(library: Library, *, ask: Ask | None = None) -> MCPServer:
    """Return the server; `ask` answers in place of the library itself, where others ask too."""
    server = MCPServer(
        "plan-assistant",
        title="规划问答助手",
        instructions=_INSTRUCTIONS,
        version=version("plan-assistant"),
        log_level="WARNING",
    )
    answer = ask or partial(_ask, library)
    _add_answers(server, library, answer)
    _add_lookups(server, library)
    _add_matching(server, library)
    return server


def _add_answers(server: MCPServer, library: Library, answer: Ask) -> None:
    @server.tool(title="提问", annotations=_READS_ONLY)
    async def ask(question: Question, plan: Plan = None) -> AnswerDocument:
        """就规划、工作报告和政策提问，回答逐句注明出处；没有依据时拒答。"""
        with _explained():
            found = await answer(question, _plan_ids(library, plan))
        return AnswerDocument.model_validate(answer_document(found))

    @server.tool(title="比较", annotations=_READS_ONLY)
    async def compare(
        indicator: Annotated[str, Field(min_length=1, max_length=60, description="指标名称")],
        places: Annotated[
            list[Annotated[str, Field(min_length=1, max_length=30)]],
            Field(min_length=2, max_length=10, description="要比较的地区，如 浙江省"),
        ],
        year: Annotated[int | None, Field(ge=1900, le=2200, description="年份")] = None,
    ) -> AnswerDocument:
        """比较几个地区的同一指标：各自的目标、差额，逐格注明出处，由程序计算。"""
        when = "" if year is None else f"{year}年"
        with _explained():
            found = await answer(f"比较{'和'.join(places)}{when}的{indicator}目标", None)
        return AnswerDocument.model_validate(answer_document(found))


def _add_lookups(server: MCPServer, library: Library) -> None:
    @server.tool(title="查找原文", annotations=_READS_ONLY)
    async def search(
        query: Annotated[str, Field(min_length=1, max_length=500, description="要查找的内容")],
        limit: Annotated[int, Field(ge=1, le=50, description="最多几段")] = 5,
        plan: Plan = None,
    ) -> SearchDocument:
        """按意思和用词查找原文段落，附标题、章节、页码和位置。"""

        def find() -> SearchDocument:
            hits = retrieve(query, library, limit=limit, plan_ids=_plan_ids(library, plan))
            return SearchDocument.model_validate(search_document(query, hits, library))

        return await _in_thread(find)

    @server.tool(title="查指标", annotations=_READS_ONLY)
    async def indicators(
        name: Annotated[
            str | None, Field(max_length=100, description="指标名称或别称；不填列出全部")
        ] = None,
        plan: Plan = None,
    ) -> IndicatorsDocument:
        """查规划中的指标：基数、目标、增长、属性，并核算增长数是否对得上。"""
        return await _in_thread(
            lambda: IndicatorsDocument.model_validate(
                indicators_document(name, library, plan_ids=_plan_ids(library, plan))
            )
        )

    @server.tool(title="平台和项目", annotations=_READS_ONLY)
    async def projects(plan: Plan = None) -> ProjectsDocument:
        """列出平台与项目：名称、类别、面积、投资、举措和目标。"""
        return await _in_thread(
            lambda: ProjectsDocument.model_validate(
                projects_document(library, plan_ids=_plan_ids(library, plan))
            )
        )

    @server.tool(title="支持措施", annotations=_READS_ONLY)
    async def measures(plan: Plan = None) -> MeasuresDocument:
        """列出支持措施：对象、条件、方式、金额、期限、责任部门，均为原文。"""
        return await _in_thread(
            lambda: MeasuresDocument.model_validate(
                measures_document(library, plan_ids=_plan_ids(library, plan))
            )
        )


def _add_matching(server: MCPServer, library: Library) -> None:
    @server.tool(title="政策匹配", annotations=_READS_ONLY)
    async def match(
        industry: Annotated[str, Field(max_length=200, description="做什么，用自己的话")] = "",
        types: Annotated[
            list[str] | None, Field(max_length=20, description="高新技术企业、非小微企业……")
        ] = None,
        region: Annotated[str | None, Field(max_length=200, description="注册地")] = None,
        founded: Annotated[int | None, Field(description="成立年份")] = None,
        revenue: Annotated[
            str | None, Field(max_length=30, description="上年营业收入，如 2600万元")
        ] = None,
        research_share: Annotated[
            str | None, Field(max_length=30, description="研发投入占营业收入，如 5%")
        ] = None,
        staff: Annotated[int | None, Field(description="职工人数")] = None,
        needs: Annotated[
            list[str] | None,
            Field(max_length=7, description="资金、场地、人才、研发、融资、成果转化、市场"),
        ] = None,
        plan: Plan = None,
    ) -> dict[str, Any]:
        """企业能享受哪些支持措施：逐条给出原文、符合与否的理由、金额和还需确认的事项。"""
        said = {
            "industry": industry,
            "types": types,
            "region": region,
            "founded": founded,
            "revenue": revenue,
            "research_share": research_share,
            "staff": staff,
            "needs": needs,
        }

        def find() -> dict[str, Any]:
            given = {name: value for name, value in said.items() if value is not None}
            profile = profile_from_document(given)
            matching = match_measures(profile, library, plan_ids=_plan_ids(library, plan))
            return matching_document(matching, library, with_failed=False)

        return await _in_thread(find)


async def _ask(library: Library, question: str, plan_ids: Sequence[str] | None) -> Answer:
    return await to_thread.run_sync(partial(respond_fully, question, library, plan_ids=plan_ids))


async def _in_thread(look_up: Callable[[], _Document]) -> _Document:
    with _explained():
        return await to_thread.run_sync(look_up)


@contextmanager
def _explained() -> Iterator[None]:
    """Tell the client what can be mended; what else breaks, MCP keeps to itself."""
    try:
        yield
    except (CorpusError, ProfileError) as error:
        raise ToolError(str(error)) from error


def _plan_ids(library: Library, plan: str | None) -> list[str] | None:
    return None if plan is None else [library.catalog.find_plan(plan).id]
