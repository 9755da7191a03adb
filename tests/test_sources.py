"""What stands behind a citation, over HTTP: section, text, page and original."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from assistant.answer.answerer import answer_question
from assistant.library import Library
from assistant.settings import Settings
from assistant.web.scope_picker import Picked, picked_plans, scope_line, years
from assistant.web.sources import clause_address, source_router
from corpus.errors import CorpusError
from corpus.model import Section, Span
from tests.pdf_files import body, make_pdf

HOSTILE = "<script>alert(1)</script>"
COUNTY = f"""青田县2024年住房补贴办法

三、补贴对象

（一）一般规定

1. 总则如下。
2. 硕士毕业生每人每月补贴800元。{HOSTILE}

四、申请程序

{"申请人向县人力社保局提交申请。" * 700}
末尾的话在这里。
"""
FIRST_PAGE = "松阳县2025年茶产业发展规划\n一、总体要求\n坚持绿色发展。"
SECOND_PAGE = (
    "二、支持加工\n对新建的生态茶园，每亩补助900元，连续补助三年，\n由县农业农村局负责审核。"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("originals")
    (folder / "青田.txt").write_text(COUNTY, encoding="utf-8")
    (folder / "网页.html").write_text("<p>龙泉市青瓷办法</p><p>一、奖励</p><p>奖励五万元。</p>")
    make_pdf(folder / "松阳.pdf", [body(FIRST_PAGE), body(SECOND_PAGE)])
    return folder


@pytest.fixture(scope="module")
def taken(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Three small plans of three formats, with the real model."""
    library = Library(Settings(data_dir=tmp_path_factory.mktemp("sources"), workers=1))
    done = list(library.ingest_all([folder]))
    assert {one.outcome for one in done} == {"added"}
    yield library
    library.catalog.close()


@pytest.fixture(scope="module")
def client(taken: Library) -> TestClient:
    app = FastAPI()
    app.include_router(source_router(taken))

    @app.exception_handler(CorpusError)
    def explain(request: object, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=404)

    return TestClient(app)


def place(library: Library, name: str, words: str) -> tuple[str, str, int]:
    """Return a plan's address, and where the words stand in it."""
    plan = library.catalog.plan(library.catalog.find_plan(name).id)
    start = plan.text.index(words)
    return f"/api/sources/{plan.id}", f"start={start}&end={start + len(words)}", start


def get(client: TestClient, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_the_section_around_the_words_with_its_address(client: TestClient, taken: Library) -> None:
    words = "硕士毕业生每人每月补贴800元。"
    address, query, start = place(taken, "青田", words)
    found = get(client, f"{address}?{query}")
    assert found["text"][start - found["from"] :].startswith(words)
    assert found["address"] == "三、（一）"
    assert "总则" in found["text"] and "申请程序" not in found["text"]
    assert found["path"][0] == "三、补贴对象"
    assert (found["page"], found["has_image"], found["missing"]) == (None, False, "")
    # Said as data, and written as text by the page.
    assert HOSTILE in found["text"]


def test_of_a_long_section_only_what_is_near(client: TestClient, taken: Library) -> None:
    address, query, start = place(taken, "青田", "末尾的话")
    found = get(client, f"{address}?{query}")
    assert found["from"] <= start < found["from"] + len(found["text"])
    assert len(found["text"]) < found["length"] or found["length"] < 20_000
    whole = get(client, f"{address}/text?start=0&end={found['length']}")["text"]
    assert whole == taken.catalog.plan(address.rpartition("/")[2]).text[: found["piece"]]


def test_words_that_are_no_longer_there(client: TestClient, taken: Library) -> None:
    address, _, _ = place(taken, "青田", "总则")
    response = client.get(f"{address}?start=5&end=9999999")
    assert response.status_code == 404
    assert "文件已更新" in response.json()["detail"]


def test_the_page_with_the_words_marked(client: TestClient, taken: Library) -> None:
    words = "每亩补助900元，连续补助三年，由县农业农村局负责审核"
    plan = taken.catalog.plan(taken.catalog.find_plan("松阳").id)
    start = plan.text.index("每亩补助900元")
    end = plan.text.index("审核") + 2
    assert "".join(plan.text[start:end].split()) == words
    address = f"/api/sources/{plan.id}"
    source = get(client, f"{address}?start={start}&end={end}")
    assert (source["page"], source["pages"], source["has_image"]) == (2, 2, True)
    page = get(client, f"{address}/page/2?start={start}&end={end}")
    assert page["image"].startswith("iVBORw0KGgo")
    # Two lines below the middle of nothing: each within the page, the second further down.
    assert len(page["boxes"]) >= 2
    assert all(0 <= value <= 100 for box in page["boxes"] for value in box)
    assert page["boxes"][0][1] < page["boxes"][-1][1]
    other = get(client, f"{address}/page/1?start={start}&end={end}")
    assert other["boxes"] == []
    assert other["image"] != page["image"]


@pytest.mark.parametrize(
    "path", ["page/9", "page/0", "page/x", "../../../etc/passwd", "original/../../x"]
)
def test_nothing_but_pages_of_the_plan(client: TestClient, taken: Library, path: str) -> None:
    address, _, _ = place(taken, "松阳", "总体要求")
    assert client.get(f"{address}/{path}").status_code in (404, 422)


@pytest.mark.parametrize(
    "plan_id",
    ["000000000000", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "松阳.pdf", "A" * 12],
)
@pytest.mark.parametrize("rest", ["", "/text", "/original", "/page/1"])
def test_a_file_is_named_by_its_plan_alone(client: TestClient, plan_id: str, rest: str) -> None:
    response = client.get(f"/api/sources/{plan_id}{rest}?start=0&end=5")
    assert response.status_code in (404, 422)
    assert "root:" not in response.text


@pytest.mark.parametrize(
    ("name", "media", "disposition"),
    [
        ("松阳", "application/pdf", "inline"),
        ("青田", "application/octet-stream", "attachment"),
        ("龙泉", "application/octet-stream", "attachment"),
    ],
)
def test_the_original_is_never_run_by_the_browser(
    client: TestClient, taken: Library, name: str, media: str, disposition: str
) -> None:
    entry = taken.catalog.find_plan(name)
    response = client.get(f"/api/sources/{entry.id}/original")
    assert response.headers["content-type"] == media
    assert response.headers["content-disposition"].startswith(f"{disposition}; filename*=UTF-8''")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"].startswith("sandbox")
    assert response.content == Path(taken.catalog.plan(entry.id).source).read_bytes()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda path: path.unlink(), "原件已不在", id="gone"),
        pytest.param(lambda path: path.write_bytes(b"%PDF-1.4 other"), "改动过", id="changed"),
    ],
)
def test_where_the_original_is_not_the_same_the_text_stays(
    client: TestClient,
    taken: Library,
    folder: Path,
    tmp_path: Path,
    change: Callable[[Path], object],
    said: str,
) -> None:
    path = folder / "松阳.pdf"
    shutil.copy(path, tmp_path)
    change(path)
    try:
        address, query, _ = place(taken, "松阳", "总体要求")
        found = get(client, f"{address}?{query}")
        assert said in found["missing"]
        assert not found["has_image"]
        assert "总体要求" in found["text"]
        for rest in ("original", "page/1"):
            response = client.get(f"{address}/{rest}")
            assert (response.status_code, said in response.json()["detail"]) == (404, True)
    finally:
        shutil.copy(tmp_path / path.name, path)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (("三、主要任务", "（二）培育企业", "2. 高企"), "三、（二）2."),
        (("第三章 保障", "第一节 组织"), "第三章第一节"),
        (("前言",), ""),
    ],
)
def test_a_clause_address(path: tuple[str, ...], address: str) -> None:
    span = Span(0, 1)
    assert clause_address(Section(1, None, 1, path, span, span, span)) == address


# Which plans are asked


@pytest.mark.parametrize(
    ("picked", "titles"),
    [
        (Picked(), None),
        (Picked(region="青田县"), ["青田"]),
        (Picked(kind="规划"), ["松阳"]),
        (Picked(year="2025"), ["松阳"]),
        (Picked(kind="办法", year="2031"), []),
    ],
)
def test_what_is_picked(taken: Library, picked: Picked, titles: list[str] | None) -> None:
    entries = taken.catalog.entries()
    ids = picked_plans(picked, entries)
    found = None if ids is None else [one.title for one in entries if one.id in ids]
    if titles is None or found is None:
        assert found == titles
    else:
        assert len(found) == len(titles)
        assert all(name in title for name, title in zip(titles, found, strict=True))


def test_what_was_picked_is_told(taken: Library) -> None:
    entries = taken.catalog.entries()
    picked = Picked(region="青田县", kind="办法")
    assert scope_line(picked, entries) == "地区：青田县；种类：办法（1 份）"
    assert scope_line(Picked(), entries) == ""
    assert "2025" in years(entries)


def test_a_question_is_answered_within_the_plans_picked(taken: Library) -> None:
    ids = {name: taken.catalog.find_plan(name).id for name in ("青田", "松阳", "龙泉")}
    question = "每亩补助多少元"
    within = answer_question(question, taken, plan_ids=[ids["松阳"], ids["龙泉"]])
    assert "900元" in within.text
    without = answer_question(question, taken, plan_ids=[ids["青田"], ids["龙泉"]])
    assert "900元" not in without.text
    assert {one.plan_id for one in without.citations} <= {ids["青田"], ids["龙泉"]}
    nothing = answer_question(question, taken, plan_ids=["000000000000"])
    assert (nothing.status, "改选查询范围" in nothing.text) == ("refused", True)
