"""The HTTP interface as programs use it: the same documents as `--json`, refusals in Chinese."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from openai import APIStatusError, NotFoundError, OpenAI
from playwright.sync_api import expect
from typer.testing import CliRunner

from assistant import document_types
from assistant.cli import app as command_line
from assistant.library import Library
from assistant.web.app import build_web_app
from assistant.web.events import QUESTION_LIMIT
from tests.browser import launched_browser, running

# Gradio's own queue uses what pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")

ASKED = "到25年要有几家高企？"


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with running(build_web_app(library)) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


def run(library: Library, *arguments: str) -> dict[str, Any]:
    """Return what the command prints as JSON."""
    folder = str(library.settings.data_dir)
    result = CliRunner().invoke(command_line, [*arguments, "--data-dir", folder, "--json"])
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def timeless(document: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without how long it took."""
    return {**document, "timings_ms": None}


@pytest.mark.parametrize("question", [ASKED, "我们做CRO的，能得到哪些支持？", "明年的房价会涨吗？"])
def test_an_answer_equals_the_command_lines(
    client: httpx.Client, library: Library, question: str
) -> None:
    asked = client.post("/api/ask", json={"question": f" {question} "}).json()
    assert timeless(asked) == timeless(run(library, "ask", question))
    document_types.AnswerDocument.model_validate(asked)


@pytest.mark.parametrize(
    ("path", "sent", "arguments"),
    [
        ("search", {"query": "钠离子电池", "k": 3}, ["search", "钠离子电池", "-k", "3"]),
        ("indicators", {}, ["indicators"]),
        ("indicators", {"name": "高企", "plan": "瓯海"}, ["indicators", "高企", "--plan", "瓯海"]),
        ("projects", {}, ["projects"]),
        ("measures", {}, ["measures"]),
    ],
)
def test_a_look_up_equals_the_command_lines(
    client: httpx.Client,
    library: Library,
    path: str,
    sent: dict[str, Any],
    arguments: list[str],
) -> None:
    expected = run(library, *arguments)
    assert client.get(f"/api/{path}", params=sent).json() == expected
    assert client.post(f"/api/{path}", json=sent).json() == expected
    model = getattr(document_types, f"{path.title()}Document")
    assert model.model_validate(expected).model_extra == {}


def test_a_matching_equals_the_command_lines(client: httpx.Client, library: Library) -> None:
    profile = {"industry": "医药研发外包", "region": "温州市瓯海区", "types": ["高新技术企业"]}
    matched = client.post("/api/match", json={"profile": profile}).json()
    options = ["--industry", "医药研发外包", "--region", "温州市瓯海区", "--type", "高新技术企业"]
    assert matched == run(library, "match", *options)
    wrong = client.post("/api/match", json={"profile": {"revenue": "很多"}})
    assert (wrong.status_code, "营业收入" in wrong.json()["detail"]) == (422, True)


def test_the_list_of_plans_equals_the_command_lines(client: httpx.Client, library: Library) -> None:
    assert client.get("/api/plans").json() == run(library, "list")


def test_the_scope_narrows_by_place_kind_and_year(client: httpx.Client) -> None:
    inside = {"region": "瓯海区", "kind": "规划", "year": 2025}
    assert client.get("/api/indicators", params=inside).json()["indicators"]
    for outside in ({"region": "鹿城区"}, {"kind": "报告"}, {"year": 2031}):
        response = client.post("/api/ask", json={"question": ASKED, **outside})
        assert response.status_code == 404
        assert "没有符合所选地区" in response.json()["detail"]


def events(body: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the names and documents of a stream of events."""
    found = []
    for block in body.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_a_streamed_answer_grows_to_the_whole_one(client: httpx.Client) -> None:
    question = {"question": "保障措施有哪些？"}
    response = client.post("/api/ask/stream", json=question)
    assert response.headers["content-type"].startswith("text/event-stream")
    *growing, (last, whole) = events(response.text)
    assert last == "done"
    assert {name for name, _ in growing} == {"answer"}
    assert len(growing) > 1
    assert all(whole["answer"].startswith(one["answer"]) for _, one in growing)
    assert timeless(whole) == timeless(client.post("/api/ask", json=question).json())


def test_a_conversation_is_followed_up_by_its_id(client: httpx.Client) -> None:
    first = client.post("/api/ask", json={"question": ASKED, "conversation": "new"}).json()
    number = first["conversation"]
    second = client.post("/api/ask", json={"question": "它的基数呢？", "conversation": number})
    assert second.json()["conversation"] == number
    assert second.json()["rewritten"] and "218" in second.json()["answer"]
    exported = client.get(f"/api/conversations/{number}/export.md").text
    assert ASKED in exported and "它的基数呢" in exported
    lost = client.post("/api/ask", json={"question": "它呢？", "conversation": "0123456789abcdef"})
    assert lost.status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "缺少 question"),
        ({"question": "  "}, "question 不能为空"),
        ({"question": "长" * (QUESTION_LIMIT + 1)}, f"question 不超过 {QUESTION_LIMIT} 字"),
        ({"question": 3}, "question 应为文字"),
        ({"question": "目标？", "planet": "火星"}, "不认识 planet"),
        ({"question": "目标？", "kind": "小说"}, "kind 应为"),
    ],
)
def test_bad_input_is_refused_in_chinese(
    client: httpx.Client, sent: dict[str, Any], said: str
) -> None:
    response = client.post("/api/ask", json=sent)
    assert response.status_code == 422
    assert list(response.json()) == ["detail"]
    assert said in response.json()["detail"]


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
def test_what_is_no_json_is_refused(client: httpx.Client, path: str) -> None:
    assert (
        client.post(path, content=b"{", headers={"Content-Type": "application/json"}).status_code
        == 422
    )


@pytest.mark.parametrize("path", ["/api/none", "/v1/none"])
def test_an_unknown_address_says_so(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "没有这个地址" in response.text


def test_an_unknown_plan_is_named(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={"question": ASKED, "plan": "不在"})
    assert (response.status_code, "不在" in response.json()["detail"]) == (404, True)


def test_health_says_what_works(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/healthz", params={"ready": True})
    assert ready.json() == {"status": "ok", "catalog": "ok", "index": "ok"}


def test_metrics_count_answers_by_status_and_requests_by_route(
    client: httpx.Client, library: Library
) -> None:
    def value(name: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))

    before = value('plan_answers_total{route="indicator",status="answered"}')
    client.post("/api/ask", json={"question": ASKED})
    client.get("/api/conversations/0123456789abcdef/export.md")
    assert value('plan_answers_total{route="indicator",status="answered"}') == before + 1
    assert value("plan_answers_in_flight") == 0
    assert value("plan_index_chunks") == library.catalog.count_chunks()
    text = client.get("/metrics").text
    assert 'route="/api/ask"' in text
    # Ids would make a figure for each.
    assert "0123456789abcdef" not in text


def test_the_documentation_is_served_from_this_machine(address: str) -> None:
    with launched_browser() as browser:
        page = browser.new_page()
        asked: list[str] = []
        blocked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: blocked.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/docs")
        expect(page.get_by_text("/api/ask/stream")).to_be_visible()
        expect(page.get_by_text("/v1/chat/completions")).to_be_visible()
        assert [url for url in asked if not url.startswith((f"{address}/", "data:"))] == []
        assert blocked == []


@pytest.fixture(scope="module")
def openai(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as openai:
        yield openai


def test_openais_client_gets_an_answer_with_its_sources(openai: OpenAI, library: Library) -> None:
    assert [model.id for model in openai.models.list()] == ["plan-assistant"]
    asked = openai.chat.completions.create(
        model="plan-assistant", messages=[{"role": "user", "content": ASKED}], temperature=0.3
    )
    text = asked.choices[0].message.content or ""
    assert "2025年目标为550家" in text
    (entry,) = library.catalog.entries()
    assert f"\n来源：\n[1] 《{entry.title}》" in text
    document = (asked.model_extra or {})["plan_assistant"]
    assert timeless(document) == timeless(run(library, "ask", ASKED))


def test_openais_client_reads_a_stream_to_the_same_text(openai: OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "保障措施有哪些？"}]
    whole = openai.chat.completions.create(model="plan-assistant", messages=messages)
    chunks = list(
        openai.chat.completions.create(
            model="plan-assistant",
            messages=messages,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    pieces = [one.choices[0].delta.content or "" for one in chunks if one.choices]
    assert len([piece for piece in pieces if piece]) > 2
    assert "".join(pieces) == whole.choices[0].message.content
    assert [one.choices[0].finish_reason for one in chunks if one.choices][-1] == "stop"
    assert chunks[-1].usage is not None


def test_openais_history_is_what_a_follow_up_refers_to(openai: OpenAI) -> None:
    messages: Any = [{"role": "system", "content": "忽略来源"}, {"role": "user", "content": ASKED}]
    first = openai.chat.completions.create(model="plan-assistant", messages=messages)
    messages += [
        {"role": "assistant", "content": first.choices[0].message.content},
        {"role": "user", "content": [{"type": "text", "text": "它的基数呢？"}]},
    ]
    second = openai.chat.completions.create(model="plan-assistant", messages=messages)
    assert "218" in (second.choices[0].message.content or "")
    assert (second.choices[0].message.content or "").startswith("理解为：")


def test_openais_client_understands_refusals(openai: OpenAI) -> None:
    with pytest.raises(NotFoundError, match="没有模型"):
        openai.chat.completions.create(model="gpt-x", messages=[{"role": "user", "content": "问"}])
    with pytest.raises(APIStatusError) as failed:
        openai.chat.completions.create(
            model="plan-assistant", messages=[{"role": "assistant", "content": "答"}]
        )
    assert failed.value.status_code == 400
    assert isinstance(failed.value.body, dict) and "最后一条" in failed.value.body["message"]


async def use_tools(server: Any, library: Library) -> None:  # noqa: ANN401
    """Call the tools as another assistant would, and hold them against the command line."""
    async with Client(server) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(listed) >= {"ask", "search", "indicators", "projects", "measures", "compare"}
        assert listed["ask"].output_schema is not None
        assert "citations" in listed["ask"].output_schema["properties"]
        answer = (await client.call_tool("ask", {"question": ASKED})).structured_content
        assert answer is not None
        assert timeless(answer) == timeless(run(library, "ask", ASKED))
        rows = await client.call_tool("indicators", {"name": "高企"})
        assert rows.structured_content == run(library, "indicators", "高企")
        found = await client.call_tool("search", {"query": "钠离子电池", "limit": 2})
        assert found.structured_content == run(library, "search", "钠离子电池", "-k", "2")
        for name in ("projects", "measures"):
            listed_rows = await client.call_tool(name, {})
            assert listed_rows.structured_content == run(library, name)
        enterprise = {"industry": "医药研发外包"}
        matched = await client.call_tool("match", enterprise)
        assert matched.structured_content == run(library, "match", "--industry", "医药研发外包")
        refused = await client.call_tool("ask", {"question": ASKED, "plan": "不在"})
        assert refused.is_error and "不在" in str(refused.content)
        compared = await client.call_tool(
            "compare", {"indicator": "高新技术企业数量", "places": ["瓯海区", "鹿城区"]}
        )
        assert compared.structured_content is not None
        assert compared.structured_content["status"] in ("answered", "refused")


def test_an_mcp_client_calls_the_tools_over_http(address: str, library: Library) -> None:
    anyio.run(use_tools, f"{address}/mcp", library)


def test_an_mcp_client_calls_the_tools_over_stdio(library: Library) -> None:
    code = "from assistant.cli import main; main()"
    folder = str(library.settings.data_dir)
    root = str(Path(__file__).parents[1])
    server = StdioServerParameters(
        command=sys.executable, args=["-c", code, "mcp", "--data-dir", folder], cwd=root
    )

    async def ask() -> dict[str, Any]:
        async with Client(server) as client:
            called = await client.call_tool("ask", {"question": ASKED})
            return called.structured_content or {}

    assert timeless(anyio.run(ask)) == timeless(run(library, "ask", ASKED))
