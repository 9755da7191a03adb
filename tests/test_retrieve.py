"""Finding passages, by word and by meaning, alone and through LangChain."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool
from pydantic import ValidationError

from assistant.langchain import PlanRetriever, plan_tools
from assistant.library import Library
from assistant.matching.model import Matching
from assistant.retrieve import Hit, query_words, retrieve
from assistant.settings import Settings
from assistant.tools.indicators import IndicatorLookup
from assistant.tools.projects import ProjectLookup
from corpus.model import Plan
from tests.asked import HIGH_TECH_FIRMS, fields_of

QUERIES = [
    "碳达峰要做什么",
    "眼科医院的研究",
    "高新技术企业 2025",
    "经费怎么花",
    "今天天气",
    "？",
    '"OR" NEAR(*) -- \'',
]
TEA = (
    "松阳县茶产业规划\n一、发展目标\n(一)做强茶叶。到2027年,茶园面积稳定在15万亩,建设茶叶市场3个。"
)
CAVE = "云和县梯田规划\n一、发展目标\n(一)保护梯田。修复古水渠12条,开设梯田课堂,培训讲解员60名。"


@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_spans_of_the_plan_best_first(query: str, library: Library, plan: Plan) -> None:
    hits = retrieve(query, library)
    assert 0 < len(hits) <= 8
    assert all(hit.chunk.text == hit.chunk.span.of(plan.text) for hit in hits)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1.000001 for score in scores)
    assert len({hit.chunk.number for hit in hits}) == len(hits)


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_query_finds_the_same_in_the_same_order(query: str, library: Library) -> None:
    assert retrieve(query, library) == retrieve(query, library)


def test_a_smaller_limit_keeps_the_best(library: Library) -> None:
    query = "科技治理和改革"
    assert retrieve(query, library, limit=2) == retrieve(query, library, limit=8)[:2]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("钠离子电池重点实验室", "浙江省钠离子电池重点实验室"),
        ("宽容失败", "宽容失败的制度环境"),
        ("双碳", "碳达峰科技创新行动方案"),
        ("老人健康", "主动健康与老龄化应对新技术"),
        ("食品安全溯源", "区块链等安全溯源技术"),
    ],
)
def test_the_right_passage_comes_first(query: str, words: str, library: Library) -> None:
    assert words in retrieve(query, library)[0].chunk.text


def test_meaning_finds_what_shares_no_word(library: Library) -> None:
    query = "environmental protection and food safety"
    assert library.catalog.lexical_search(query_words(query), limit=50) == []
    hits = retrieve(query, library, limit=3)
    assert any("保护生态环境" in hit.chunk.text for hit in hits)
    assert all(hit.similarity is not None for hit in hits)


class NoVectors:
    """An index that finds nothing by meaning."""

    def search(self, vector: list[float], **options: object) -> list[Any]:
        return []


def test_words_find_what_meaning_does_not(library: Library) -> None:
    wordy = SimpleNamespace(
        embeddings=library.embeddings,
        catalog=library.catalog,
        index=NoVectors(),
        reranker=None,
    )
    hits = retrieve("泰康之家", wordy)
    assert "泰康之家瓯园项目" in hits[0].chunk.text
    assert [hit.similarity for hit in hits] == [None] * len(hits)
    assert retrieve("博物馆", wordy) == []


def test_aliases_are_searched_as_the_word_of_the_plans() -> None:
    words = query_words("高企怎么认定")
    assert "高企" in words
    assert "高新技术企业" in words
    assert len(words) == len(set(words))


@dataclass(frozen=True)
class TwoPlans:
    library: Library
    tea: str
    cave: str


@pytest.fixture(scope="module")
def two_plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoPlans]:
    folder = tmp_path_factory.mktemp("two")
    (folder / "茶.txt").write_text(TEA, encoding="utf-8")
    (folder / "梯田.txt").write_text(CAVE, encoding="utf-8")
    library = Library(Settings(data_dir=folder / "data"))
    taken = library.ingest_all([folder / "茶.txt", folder / "梯田.txt"])
    plan_ids = {one.name: one.plan_id or "" for one in taken}
    tea, cave = plan_ids["茶.txt"], plan_ids["梯田.txt"]
    yield TwoPlans(library, tea, cave)
    library.catalog.close()


def test_all_plans_are_searched(two_plans: TwoPlans) -> None:
    hits = retrieve("发展目标", two_plans.library)
    assert {hit.chunk.plan_id for hit in hits} == {two_plans.tea, two_plans.cave}


def test_one_plan_alone_can_be_searched(two_plans: TwoPlans) -> None:
    hits = retrieve("茶园面积多少亩", two_plans.library, plan_ids=[two_plans.cave])
    assert hits
    assert {hit.chunk.plan_id for hit in hits} == {two_plans.cave}
    assert retrieve("茶园", two_plans.library, plan_ids=["0" * 12]) == []


def test_the_retriever_gives_langchain_documents(library: Library, plan: Plan) -> None:
    documents = PlanRetriever(library=library, limit=3).invoke("碳达峰要做什么")
    assert len(documents) == 3
    for document in documents:
        place = slice(document.metadata["start"], document.metadata["end"])
        assert document.page_content == plan.text[place]
        assert document.metadata["plan_id"] == plan.id
    assert "碳达峰科技创新行动方案" in documents[0].page_content


def test_the_retriever_keeps_to_one_plan(two_plans: TwoPlans) -> None:
    retriever = PlanRetriever(library=two_plans.library, plan_id=two_plans.tea)
    found = {document.metadata["plan_id"] for document in retriever.invoke("培训讲解员")}
    assert found == {two_plans.tea}


@pytest.fixture(scope="module")
def tools(library: Library) -> dict[str, BaseTool]:
    return {tool.name: tool for tool in plan_tools(library)}


def call(tool: BaseTool, **arguments: object) -> ToolMessage:
    """As an agent would: with a tool call, answered by a message."""
    message = tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    assert message.tool_call_id == "1"
    return message


def test_the_tools_say_what_they_take(tools: dict[str, BaseTool]) -> None:
    assert {name: tuple(tool.args) for name, tool in tools.items()} == {
        "lookup_indicators": ("question", "plan_id"),
        "compare_indicators": ("question", "plan_id"),
        "calculate_indicators": ("question", "plan_id"),
        "monitor_indicators": ("indicator", "value", "year", "plan_id"),
        "check_plan": ("plan_id",),
        "lookup_projects": ("question", "plan_id"),
        "lookup_measures": ("question", "plan_id"),
        "match_policies": (
            "industry",
            "region",
            "types",
            "founded",
            "revenue",
            "research_share",
            "staff",
            "needs",
            "plan_id",
        ),
        "search_plans": ("query", "limit", "plan_id"),
    }
    assert all(tool.description for tool in tools.values())
    limit = tools["search_plans"].args["limit"]
    assert (limit["type"], limit["minimum"], limit["maximum"]) == ("integer", 1, 50)


def test_the_indicator_tool(tools: dict[str, BaseTool]) -> None:
    message = call(tools["lookup_indicators"], question="高企到2025年有几家")
    assert isinstance(message.artifact, IndicatorLookup)
    (row,) = message.artifact.rows
    assert fields_of(row.indicator) == HIGH_TECH_FIRMS.fields
    assert row.check.status == "pass"
    assert all(figure in message.content for figure in ("218", "550", "20.3%"))


def test_the_project_tool(tools: dict[str, BaseTool]) -> None:
    message = call(tools["lookup_projects"], question="创业孵化器投资多少")
    assert isinstance(message.artifact, ProjectLookup)
    assert [project.investment for project in message.artifact.projects] == ["约5200万元"]
    assert "约5200万元" in message.content


def test_the_tool_for_sums(tools: dict[str, BaseTool]) -> None:
    message = call(tools["calculate_indicators"], question="高企目标比基数多多少家")
    (calculation,) = message.artifact
    assert [str(working.value) for working in calculation.workings] == ["332"]
    assert "550 − 218 = 332（家）" in message.content


def test_the_tool_for_monitoring(tools: dict[str, BaseTool]) -> None:
    message = call(tools["monitor_indicators"], indicator="高企", value="300家", year=2023)
    (one,) = message.artifact.progress
    assert one.label == "慢于进度"
    assert "218 × (550 ÷ 218)^(3/5) ≈ 379.8（家）" in message.content
    unknown = call(tools["monitor_indicators"], indicator="房价", value="3", year=2023)
    assert "没有叫“房价”的指标" in unknown.content


def test_the_tool_for_comparisons_needs_two_sides(tools: dict[str, BaseTool]) -> None:
    message = call(tools["compare_indicators"], question="瓯海和宁波的高企目标谁高")
    assert message.artifact.parties[1].plan_ids == ()
    assert message.content == "瓯海区，高新技术企业：550家\n宁波，高新技术企业：未载明"
    assert call(tools["compare_indicators"], question="高企目标多少").artifact is None


def test_the_tool_for_matching_gives_a_matching(tools: dict[str, BaseTool]) -> None:
    message = call(tools["match_policies"], industry="细胞治疗外包", region="瓯海区")
    assert isinstance(message.artifact, Matching)
    assert "综合性医药合同研发和生产服务平台建设" in message.content
    assert "可能符合" in message.content


def test_the_tool_for_matching_says_what_it_cannot_read(tools: dict[str, BaseTool]) -> None:
    message = call(tools["match_policies"], industry="细胞治疗外包", revenue="很多")
    assert message.artifact is None
    assert "营业收入" in message.content


def test_the_search_tool(tools: dict[str, BaseTool], library: Library) -> None:
    message = call(tools["search_plans"], query="碳达峰", limit=2)
    assert message.artifact == retrieve("碳达峰", library, limit=2)
    assert all(isinstance(hit, Hit) for hit in message.artifact)
    assert all(hit.chunk.text in message.content for hit in message.artifact)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("lookup_indicators", "森林覆盖率目标多少"),
        ("lookup_projects", "高铁站投资多少"),
        ("lookup_measures", "养猪场有哪些补贴"),
    ],
)
def test_a_tool_that_finds_nothing_says_so(
    name: str, question: str, tools: dict[str, BaseTool]
) -> None:
    assert str(call(tools[name], question=question).content).startswith("没有找到")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search_plans", {"query": "碳", "limit": 0}),
        ("search_plans", {"query": "碳", "limit": 51}),
        ("search_plans", {"limit": 3}),
        ("lookup_indicators", {}),
        ("lookup_projects", {"question": ["列表"]}),
    ],
)
def test_wrong_arguments_are_refused(
    name: str, arguments: dict[str, object], tools: dict[str, BaseTool]
) -> None:
    with pytest.raises(ValidationError):
        tools[name].invoke(arguments)
