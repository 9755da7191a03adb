"""The commands as a user runs them: what goes where, and what it ends with."""

import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import assistant.models
from assistant.cli import main
from assistant.library import Library
from assistant.models import TextEmbeddings, load_embeddings
from assistant.settings import Settings
from tests.asked import HIGH_TECH_FIRMS, TABLE

PROGRAM = Path(sys.executable).parent / "plan-assistant"
BUNDLED_TITLE = "瓯海区科技创新发展“十四五”规划_节选"
SKILLS = """青田县技能人才发展规划
一、主要目标
(一)壮大石雕队伍。到2027年,新培养石雕技师340名,建成石雕学院1所。
附件1
技能人才主要指标
指标 单位 2022年基数 2027年目标 年均增长 指标属性
持证石雕技师数量 名 860 1200 6.9% 预期性
附件2
技能人才平台清单
序号 平台名称 “十四五”发展举措和发展目标
一、石雕人才平台
1 油竹石雕学院 总规划面积2.6万平方米,总投资额约3100万元,面向石雕从业者开设研修班。"""
ANSWER_FIELDS = [
    "question",
    "answer",
    "status",
    "route",
    "citations",
    "facts",
    "confidence",
    "rewritten",
    "removed",
    "notes",
    "choices",
    "approval",
    "usage",
    "timings_ms",
]
CITATION_FIELDS = [
    "n",
    "plan_id",
    "plan_title",
    "section",
    "quote",
    "start",
    "end",
    "page",
    "is_superseded",
]
FACT_FIELDS = [
    "indicator",
    "category",
    "unit",
    "base",
    "base_year",
    "target",
    "target_year",
    "target_high",
    "target_text",
    "bound",
    "change",
    "is_cumulative",
    "growth",
    "growth_kind",
    "attribute",
    "origin",
    "check",
]


@dataclass(frozen=True)
class Run:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401
        """Its standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)

    def assert_failed(self, *words: str, code: int = 1) -> None:
        assert (self.code, self.out) == (code, "")
        assert len(self.err.splitlines()) == 1, self.err
        assert "Traceback" not in self.err
        assert [word for word in words if word not in self.err] == []


Command = Callable[..., Run]


@cache
def opened(*settings: object) -> TextEmbeddings:
    """The real model, opened once for each setting: every command of its own takes 0.8 s."""
    names = ("model_dir", "embedding_model", "embedding_query_prefix", "embedding_passage_prefix")
    return load_embeddings(Settings(**dict(zip(names, settings, strict=True))))


def open_once(settings: Settings, *, progress: object = None) -> TextEmbeddings:
    return opened(
        settings.model_dir,
        settings.embedding_model,
        settings.embedding_query_prefix,
        settings.embedding_passage_prefix,
    )


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process: the console script calls the same `main`."""
    monkeypatch.setattr(assistant.models, "load_embeddings", open_once)

    def run(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["plan-assistant", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return run


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` of the developer's, no data folder of the user's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLAN_DATA_DIR", str(tmp_path / "default"))


def start(*arguments: str | Path, program: tuple[str | Path, ...] = (PROGRAM,)) -> Run:
    """Run a command as a process of its own."""
    done = subprocess.run(
        [*map(str, program), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def filled(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled plan, only to be read."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    return Path(shutil.copytree(library.settings.data_dir, folder))


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A copy of it for a test that changes it."""
    return Path(shutil.copytree(filled, tmp_path / "own"))


@pytest.fixture
def skills(tmp_path: Path) -> Path:
    path = tmp_path / "技能人才.txt"
    path.write_text(SKILLS, encoding="utf-8")
    return path


# Real processes


def test_ask_json_is_one_document_and_imports_nothing_heavy(filled: Path) -> None:
    report = (
        "import sys, runpy\n"
        "from assistant.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    sys.stderr.write(' '.join(sys.modules))\n"
    )
    run = start(
        *("ask", "碳达峰方面要做什么?", "--json", "--data-dir", filled),
        program=(sys.executable, "-c", report),
    )
    assert run.code == 0
    assert list(run.document) == ANSWER_FIELDS
    assert run.document["status"] == "answered"
    loaded = set(run.err.split())
    assert "chromadb" in loaded
    heavy = {"torch", "transformers", "sentence_transformers", "gradio", "fastapi"}
    heavy |= {"langchain", "langchain_openai", "langgraph", "openai"}
    assert loaded & heavy == set()


def test_the_first_command_takes_in_the_bundled_plan_and_stays_quiet(tmp_path: Path) -> None:
    run = start("list", "--json", "--data-dir", tmp_path / "new")
    assert (run.code, run.err) == (0, "")
    (plan,) = run.document["plans"]
    assert plan["plan_title"] == BUNDLED_TITLE
    counts = {name: plan[name] for name in ("characters", "indicators", "projects")}
    assert counts == {"characters": 2644, "indicators": 14, "projects": 1}


def test_a_failure_is_one_line_and_exit_code_1(filled: Path) -> None:
    run = start("ask", "高企目标", "--plan", "没有的规划", "--json", "--data-dir", filled)
    run.assert_failed("没有的规划", "plan-assistant list")


def test_wrong_usage_is_exit_code_2() -> None:
    run = start("ask")
    assert (run.code, run.out) == (2, "")
    assert "--batch" in run.err


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("ask",), id="nothing asked"),
        pytest.param(("ask", "高企", "--batch", "q.jsonl", "--output", "a.jsonl"), id="both"),
        pytest.param(("ask", "--batch", "q.jsonl"), id="a batch without output"),
        pytest.param(("ask", "高企", "--output", "a.jsonl"), id="an output without batch"),
        pytest.param(("search", "高企", "-k", "0"), id="no hits wanted"),
        pytest.param(("search",), id="nothing searched"),
        pytest.param(("ingest",), id="nothing to take in"),
        pytest.param(("verbessern",), id="an unknown command"),
        pytest.param(("list", "--farbe"), id="an unknown option"),
        pytest.param(("eval", "--suite", "nirgends"), id="an unknown suite"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], cli: Command) -> None:
    run = cli(*arguments)
    assert (run.code, run.out) == (2, "")
    assert "Error" in run.err
    assert not Path("default").exists()


def test_a_wrong_setting_is_named(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAN_THREADS", "0")
    monkeypatch.setenv("PLAN_CHUNK_TOKENS", "many")
    cli("list").assert_failed("PLAN_THREADS", "PLAN_CHUNK_TOKENS", code=2)


def test_the_version(cli: Command) -> None:
    run = cli("--version")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("plan-assistant 0.")


def test_every_command_explains_itself(cli: Command) -> None:
    for command in ("setup", "ingest", "list", "remove", "reindex", "search", "ask", "serve"):
        run = cli(command, "--help")
        assert run.code == 0
        assert "--data-dir" in run.out


# Where the data is


def test_the_data_folder_is_that_of_the_option_then_of_the_environment(
    cli: Command, own: Path, filled: Path, skills: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAN_DATA_DIR", str(own))
    assert cli("ingest", skills, "--json").code == 0
    assert len(cli("list", "--json").document["plans"]) == 2
    assert len(cli("list", "--json", "--data-dir", filled).document["plans"]) == 1


def test_what_is_no_data_folder_is_said_in_one_line(cli: Command, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "catalog.sqlite").write_text("no database\n" * 100)
    cli("list", "--json", "--data-dir", broken).assert_failed("--data-dir")
    cli("list", "--json", "--data-dir", broken / "catalog.sqlite").assert_failed("catalog.sqlite")


# Taking in


def test_a_new_folder_is_for_what_is_taken_in(cli: Command, skills: Path, tmp_path: Path) -> None:
    folder = ("--data-dir", tmp_path / "new")
    run = cli("ingest", skills, "--json", *folder)
    assert (run.code, run.err) == (0, "")
    (taken,) = run.document["files"]
    assert taken["path"] == str(skills)
    assert taken["plan_title"] == "青田县技能人才发展规划"
    assert (taken["outcome"], taken["indicators"], taken["projects"]) == ("added", 1, 1)
    (plan,) = cli("list", "--json", *folder).document["plans"]
    assert plan["plan_id"] == taken["plan_id"]


def test_taking_in_again_changes_only_what_changed(
    cli: Command, skills: Path, tmp_path: Path
) -> None:
    folder = ("--data-dir", tmp_path / "new")

    def outcome(path: Path) -> tuple[str, str]:
        (taken,) = cli("ingest", path, "--json", *folder).document["files"]
        return taken["outcome"], taken["plan_id"]

    added, plan_id = outcome(skills)
    assert (added, outcome(skills)) == ("added", ("unchanged", plan_id))
    copy = tmp_path / "副本.txt"
    copy.write_text(SKILLS, encoding="utf-8")
    assert outcome(copy) == ("duplicate", plan_id)
    skills.write_text(SKILLS.replace("1200 6.9%", "1500 11.8%"), encoding="utf-8")
    assert outcome(skills) == ("replaced", plan_id)
    (row,) = cli("indicators", "技师", "--json", *folder).document["indicators"]
    assert (row["target"], row["growth"]) == ("1500", "11.8")
    (hit, *_) = cli("search", "石雕技师数量", "--json", *folder).document["hits"]
    assert "1200" not in hit["text"]


def test_a_folder_is_taken_in_and_what_fails_fails_alone(
    cli: Command, skills: Path, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    (files / "deeper").mkdir(parents=True)
    shutil.copy(skills, files / "deeper" / "甲.md")
    (files / "乙.txt").write_text("缙云县养蜂计划\n一、目标\n养蜂八百箱。", encoding="gb18030")
    (files / "空.txt").write_text(" \n")
    (files / "图.png").write_bytes(b"\x89PNG")
    run = cli(
        *("ingest", files, tmp_path / "无.txt", files / "图.png", "--json"),
        *("--data-dir", tmp_path / "new"),
    )
    assert run.code == 1
    taken = {Path(file["path"]).name: file["outcome"] for file in run.document["files"]}
    assert taken == {"甲.md": "added", "乙.txt": "added"}
    failed = {Path(file["path"]).name: file["error"] for file in run.document["failed"]}
    assert sorted(failed) == ["图.png", "无.txt", "空.txt"]
    assert sorted(run.err.splitlines()) == sorted(failed.values())
    titles = {
        plan["plan_title"]
        for plan in cli("list", "--json", "--data-dir", tmp_path / "new").document["plans"]
    }
    assert titles == {"青田县技能人才发展规划", "缙云县养蜂计划"}


def test_an_empty_folder_is_said(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    run = cli("ingest", tmp_path / "leer", "--data-dir", tmp_path / "new")
    run.assert_failed("leer", "没有可收录的文件")


# Taking out


def test_what_is_removed_is_gone_everywhere(cli: Command, own: Path, skills: Path) -> None:
    folder = ("--data-dir", own)
    cli("ingest", skills, *folder)

    def all_commands() -> str:
        asked = [
            ("search", "石雕技师", "--json"),
            ("indicators", "--json"),
            ("projects", "--json"),
            ("ask", "石雕技师目标多少名", "--json"),
            ("ask", "油竹石雕学院投资多少", "--json"),
            ("list", "--json"),
        ]
        documents = [cli(*arguments, *folder).document for arguments in asked]
        for document in documents:
            document.pop("query", None)
            document.pop("question", None)
        told = json.dumps(documents, ensure_ascii=False)
        # A refusal repeats the words of the question that no plan has (any more).
        return re.sub("其中没有检索到提及[^。]*的内容。", "", told)

    before = all_commands()
    assert before.count("持证石雕技师数量") > 3
    assert before.count("油竹石雕学院") > 3
    removed = cli("remove", "青田", "--json", *folder).document["removed"]
    assert removed["plan_title"] == "青田县技能人才发展规划"
    assert "石雕" not in all_commands()
    assert len(cli("indicators", "--json", *folder).document["indicators"]) == 14
    cli("remove", "青田", *folder).assert_failed("青田")


def test_after_the_last_plan_is_removed_it_stays_removed(cli: Command, own: Path) -> None:
    folder = ("--data-dir", own)
    assert cli("remove", "瓯海", *folder).code == 0
    run = cli("ask", "到25年要有几家高企？", "--json", *folder)
    assert (run.code, run.document["status"], run.document["citations"]) == (0, "refused", [])
    assert "plan-assistant ingest" in run.document["answer"]
    assert cli("list", "--json", *folder).document == {"plans": []}
    assert cli("search", "高企", "--json", *folder).document == {"query": "高企", "hits": []}
    assert cli("indicators", "--json", *folder).document == {"indicators": []}
    assert cli("projects", "--json", *folder).document == {"projects": []}


@pytest.mark.parametrize("name", ["规划", "", "没有"])
def test_a_plan_must_be_named_without_doubt(
    name: str, cli: Command, own: Path, skills: Path
) -> None:
    cli("ingest", skills, "--data-dir", own)
    cli("remove", name, "--data-dir", own).assert_failed()
    assert len(cli("list", "--json", "--data-dir", own).document["plans"]) == 2


# Another model


def test_vectors_of_another_model_are_refused_and_made_anew(
    cli: Command, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("ask", "碳达峰方面要做什么?", "--json", "--data-dir", own)
    monkeypatch.setenv("PLAN_EMBEDDING_QUERY_PREFIX", "Frage: ")
    cli(*asked).assert_failed("plan-assistant reindex")
    cli("search", "碳达峰", "--json", "--data-dir", own).assert_failed("plan-assistant reindex")
    chunks = cli("list", "--json", "--data-dir", own).document["plans"][0]["chunks"]
    run = cli("reindex", "--data-dir", own)
    assert (run.code, run.err) == (0, "")
    assert f" {chunks} " in run.out
    assert cli(*asked).document["status"] == "answered"
    monkeypatch.delenv("PLAN_EMBEDDING_QUERY_PREFIX")
    cli(*asked).assert_failed("plan-assistant reindex")


def test_reindexing_finds_the_same_again(cli: Command, own: Path) -> None:
    asked = ("search", "科研经费", "--json", "--data-dir", own)
    before = cli(*asked).document
    assert cli("reindex", "--data-dir", own).code == 0
    assert cli(*asked).document == before


# Asking


def test_ask_json(cli: Command, filled: Path) -> None:
    run = cli("ask", "到25年要有几家高企？", "--json", "--data-dir", filled)
    assert (run.code, run.err) == (0, "")
    answer = run.document
    assert list(answer) == ANSWER_FIELDS
    assert [list(citation) for citation in answer["citations"]] == [CITATION_FIELDS] * 2
    assert (answer["question"], answer["status"], answer["route"]) == (
        "到25年要有几家高企？",
        "answered",
        "indicator",
    )
    (fact,) = answer["facts"]
    assert list(fact) == FACT_FIELDS
    assert fact == {
        "indicator": HIGH_TECH_FIRMS.name,
        "category": None,
        "unit": "家",
        "base": "218",
        "base_year": 2020,
        "target": "550",
        "target_year": 2025,
        "target_high": None,
        "target_text": "550",
        "bound": None,
        "change": None,
        "is_cumulative": False,
        "growth": "20.3",
        "growth_kind": "annual",
        "attribute": "预期性",
        "origin": "table",
        "check": {
            "status": "pass",
            "printed": "20.3",
            "computed": "20.3",
            "formula": "(550 / 218)^(1/5) - 1 = 20.3%",
        },
    }
    text = Library(Settings(data_dir=filled)).catalog.plan(answer["citations"][0]["plan_id"]).text
    for citation in answer["citations"]:
        assert citation["quote"] == text[citation["start"] : citation["end"]]
        assert (citation["plan_title"], citation["page"]) == (BUNDLED_TITLE, None)
    assert answer["timings_ms"]["total"] > 0


def test_ask_for_people(cli: Command, filled: Path) -> None:
    run = cli("ask", "到25年要有几家高企？", "--data-dir", filled)
    assert (run.code, run.err) == (0, "")
    assert "2025年目标为550家" in run.out
    assert "[1] 《瓯海区科技创新发展“十四五”规划_节选》附件1" in run.out


def test_a_refusal_is_no_failure(cli: Command, filled: Path) -> None:
    run = cli("ask", "明天下雨吗", "--json", "--data-dir", filled)
    assert (run.code, run.document["status"]) == (0, "refused")


def test_ask_one_plan(cli: Command, own: Path, skills: Path) -> None:
    cli("ingest", skills, "--data-dir", own)
    question = ("ask", "有几家高企?", "--json", "--data-dir", own)
    assert cli(*question, "--plan", "瓯海").document["status"] == "answered"
    answer = cli(*question, "--plan", "青田").document
    assert answer["status"] == "refused"
    assert {citation["plan_title"] for citation in answer["citations"]} <= {
        "青田县技能人才发展规划"
    }


def test_a_batch_fails_line_by_line(cli: Command, filled: Path, tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "question": "到25年要有几家高企？", "extra": 1}',
        '{"id": "b", "question": ',
        "",
        '{"id": "c"}',
        '{"id": "d", "question": "高企", "plan": "没有的规划"}',
        '{"id": 5, "question": "保障措施有哪些？", "plan": "瓯海"}',
    ]
    batch, output = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    batch.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    run = cli("ask", "--batch", batch, "--output", output, "--data-dir", filled)
    assert run.out == ""
    assert run.err.splitlines() == ["3 行未能回答，原因见输出文件的 error 字段。"]
    answers = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [(a["id"], a.get("line"), a.get("status")) for a in answers] == [
        ("a", None, "answered"),
        (None, 2, None),
        ("c", 4, None),
        ("d", 5, None),
        (5, None, "answered"),
    ]
    assert list(answers[0]) == ["id", *ANSWER_FIELDS]
    assert [list(a) for a in answers[1:4]] == [["id", "line", "error"]] * 3
    assert "没有的规划" in answers[3]["error"]
    alone = cli("ask", "到25年要有几家高企？", "--json", "--data-dir", filled).document
    assert answers[0]["answer"] == alone["answer"]


def test_a_batch_that_is_not_there(cli: Command, filled: Path, tmp_path: Path) -> None:
    run = cli("ask", "--batch", "nirgends.jsonl", "--output", "a.jsonl", "--data-dir", filled)
    run.assert_failed("nirgends.jsonl")
    assert not (tmp_path / "a.jsonl").exists()


# Looking up


def test_search_json(cli: Command, filled: Path) -> None:
    run = cli("search", "碳达峰", "-k", "3", "--json", "--data-dir", filled)
    assert (run.code, run.err) == (0, "")
    document = run.document
    assert document["query"] == "碳达峰"
    assert [hit["rank"] for hit in document["hits"]] == [1, 2, 3]
    text = Library(Settings(data_dir=filled)).catalog.plan(document["hits"][0]["plan_id"]).text
    for hit in document["hits"]:
        assert list(hit) == [
            "rank",
            "score",
            "plan_id",
            "plan_title",
            "section",
            "text",
            "start",
            "end",
            "page",
        ]
        assert hit["text"] == text[hit["start"] : hit["end"]]
    assert document["hits"][0]["section"].endswith("(三)增强碳达峰碳中和科技支撑")


def test_search_for_people(cli: Command, filled: Path) -> None:
    run = cli("search", "碳达峰", "-k", "1", "--data-dir", filled)
    assert "(三)增强碳达峰碳中和科技支撑" in run.out
    assert "制定实施瓯海区碳达峰科技创新行动方案" in run.out


def test_indicators_json(cli: Command, filled: Path) -> None:
    rows = cli("indicators", "--json", "--data-dir", filled).document["indicators"]
    assert [row["indicator"] for row in rows] == [row.name for row in TABLE]
    assert [row["check"]["status"] for row in rows].count("fail") == 1
    expected = ["plan_id", "plan_title", *FACT_FIELDS, "start", "end"]
    assert list(rows[0]) == expected


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("高企", ["高新技术企业数量"]),
        ("专利", ["国际专利(pct)申请量", "每万人高价值发明专利拥有量"]),
        ("数字经济增加值", ["数字经济增加值"]),
        ("森林覆盖率", []),
    ],
)
def test_indicators_by_name(name: str, found: list[str], cli: Command, filled: Path) -> None:
    rows = cli("indicators", name, "--json", "--data-dir", filled).document["indicators"]
    assert [row["indicator"] for row in rows] == found


def test_indicators_csv(cli: Command, filled: Path) -> None:
    run = cli("indicators", "--csv", "--data-dir", filled)
    assert (run.code, run.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert [row["indicator"] for row in rows] == [row.name for row in TABLE]
    assert [row["base"] for row in rows] == [row.base or "" for row in TABLE]
    assert [row["target"] for row in rows] == [row.target for row in TABLE]
    assert [row["growth"] for row in rows] == [row.annual or row.cumulative or "" for row in TABLE]
    (wrong,) = [row for row in rows if row["check_status"] == "fail"]
    assert wrong["check_formula"] == "55 - 36.5 = 18.5"


def test_indicators_for_people_with_their_checks(cli: Command, filled: Path) -> None:
    plain = cli("indicators", "--data-dir", filled).out
    checked = cli("indicators", "--check", "--data-dir", filled).out
    assert "✗ 不符" not in plain
    assert "[18.53]" in plain
    (line,) = [line for line in checked.splitlines() if "✗ 不符" in line]
    assert "55 - 36.5 = 18.5" in line
    assert checked.count("✓ 一致") == 9


def test_projects_json(cli: Command, filled: Path) -> None:
    (project,) = cli("projects", "--json", "--data-dir", filled).document["projects"]
    shown = {name: project[name] for name in ("category", "name", "area", "investment")}
    assert shown == {
        "category": "世界青年科学家峰会成果主要承接平台",
        "name": "世界青年科学家创业孵化器",
        "area": "4.3万平方米",
        "investment": "约5200万元",
    }


def test_a_port_that_is_taken_is_said_in_one_line(cli: Command, filled: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        cli("serve", "--port", str(port), "--data-dir", filled).assert_failed(str(port), "--port")
