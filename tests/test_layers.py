"""Imports point one way: corpus ← assistant ← eval, and each library stays in its room.

Every import counts, also one inside a function or for type checkers only.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "assistant", "eval")

# Who (the start of a module's name) must not import what (likewise).
FORBIDDEN = (
    ("corpus", ("assistant", "eval", "app", "tests")),
    ("assistant", ("eval", "app", "tests")),
    ("eval", ("app", "tests")),
    ("app", ("eval", "tests")),
)

# What (the start of a library's name) only these modules may import.
ROOMS = (
    ("chromadb", ("corpus.index",)),
    (
        "sqlalchemy",
        (
            "corpus.catalog",
            "corpus.schema",
            "assistant.records",
            "assistant.cli",
            "assistant.web.api.health",
            "assistant.web.document_events",
        ),
    ),
    ("mcp", ("assistant.mcp_server", "assistant.web.server")),
    ("gradio", ("assistant.web",)),
    (
        "langchain",
        ("assistant.langchain", "assistant.llm", "assistant.models", "eval.bench"),
    ),
    ("langgraph", ("assistant.llm",)),
    ("openai", ("assistant.llm",)),
)


@dataclass(frozen=True)
class Import:
    """One import: who asks for what, and whether it happens when the module is loaded."""

    importer: str
    imported: str
    for_types_only: bool = False

    def __str__(self) -> str:
        return f"{self.importer} imports {self.imported}"


def belongs(module: str, package: str) -> bool:
    """Tell whether the module is the package or in it; langchain stands for langchain_core too."""
    return module == package or module.startswith((f"{package}.", f"{package}_"))


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(module: str, source: str, *, is_package: bool = False) -> Iterator[Import]:
    """Return what the module imports, every `from x import y` as both x and x.y."""
    tree = ast.parse(source)
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and is_type_checking(node)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".") if is_package else module.split(".")[:-1]
            above = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names = [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
        else:
            continue
        for name in names:
            yield Import(module, name, node in typing_only)


def wrong_ways(found: Iterable[Import]) -> list[str]:
    """Return the imports that go against the layers or leave a library's room."""
    wrong: list[str] = []
    for one in found:
        against = any(
            belongs(one.importer, who) and any(belongs(one.imported, what) for what in whats)
            for who, whats in FORBIDDEN
        )
        outside = any(
            belongs(one.imported, library)
            and not any(belongs(one.importer, room) for room in rooms)
            for library, rooms in ROOMS
        )
        # Chroma takes a second to load: in corpus the index is handed over, at most named.
        loads_index = (
            belongs(one.importer, "corpus")
            and belongs(one.imported, "corpus.index")
            and not (one.importer == "corpus.ingest" and one.for_types_only)
        )
        if against or outside or loads_index:
            wrong.append(str(one))
    return wrong


def cycles(found: Iterable[Import], modules: set[str]) -> list[list[str]]:
    """Return the groups of modules that import each other in a ring."""
    needs = {module: set[str]() for module in modules}
    for one in found:
        # A package's own __init__ is loaded before its modules and so always "imported" by them.
        if one.imported in modules and not belongs(one.importer, one.imported):
            needs[one.importer].add(one.imported)
    reached = {module: reachable(module, needs) for module in modules}
    return sorted(
        sorted(other for other in reached[module] if module in reached[other])
        for module in modules
        if module in reached[module]
    )


def reachable(module: str, needs: dict[str, set[str]]) -> set[str]:
    """Return all that the module needs, directly or by way of others."""
    found: set[str] = set()
    waiting = list(needs[module])
    while waiting:
        following = waiting.pop()
        if following not in found:
            found.add(following)
            waiting.extend(needs[following])
    return found


def project_sources() -> dict[str, Path]:
    """Return every module of the project by its dotted name."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {module_name(path): path for path in [*paths, ROOT / "app.py"]}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# Parsed while pytest collects: with a server's thread about, CPython 3.11's parser fails at times
# (python/cpython#106905).
PROJECT = {
    module: list(imports(module, path.read_text("utf-8"), is_package=path.name == "__init__.py"))
    for module, path in project_sources().items()
}
TESTS = {
    path.name: list(imports(f"tests.{path.stem}", path.read_text("utf-8")))
    for path in sorted((ROOT / "tests").glob("*.py"))
}


def test_all_modules_are_looked_at() -> None:
    assert {"app", "assistant.cli", "assistant.web", "corpus", "corpus.index", "eval"} <= set(
        PROJECT
    )
    assert Import("corpus.ingest", "corpus.index", for_types_only=True) in PROJECT["corpus.ingest"]


def test_every_import_points_the_right_way() -> None:
    assert wrong_ways(one for found in PROJECT.values() for one in found) == []


def test_no_modules_import_each_other() -> None:
    assert cycles((one for found in PROJECT.values() for one in found), set(PROJECT)) == []


def test_only_the_tests_of_eval_import_it() -> None:
    importers = {
        name for name, found in TESTS.items() for one in found if belongs(one.imported, "eval")
    }

    assert {name for name in importers if not name.startswith("test_eval")} == set()


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("corpus.load", "import assistant", ["corpus.load imports assistant"]),
        (
            "corpus.load",
            "def f():\n    from assistant.settings import Settings",
            [
                "corpus.load imports assistant.settings",
                "corpus.load imports assistant.settings.Settings",
            ],
        ),
        (
            "corpus.load",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import eval.score",
            ["corpus.load imports eval.score"],
        ),
        ("corpus.load", "import app", ["corpus.load imports app"]),
        ("assistant.cli", "import eval.score as score", ["assistant.cli imports eval.score"]),
        (
            "assistant.cli",
            "from importlib import import_module\nimport_module('eval.score')",
            ["assistant.cli imports eval.score"],
        ),
        ("assistant.web.page", "import app", ["assistant.web.page imports app"]),
        ("app", "import eval", ["app imports eval"]),
        ("corpus.catalog", "import chromadb.api", ["corpus.catalog imports chromadb.api"]),
        ("corpus.index", "import sqlalchemy", ["corpus.index imports sqlalchemy"]),
        ("assistant.library", "import gradio", ["assistant.library imports gradio"]),
        (
            "assistant.answer.draft",
            "import langchain_core.tools",
            ["assistant.answer.draft imports langchain_core.tools"],
        ),
        (
            "corpus.ingest",
            "import corpus.index",
            ["corpus.ingest imports corpus.index"],
        ),
        (
            "corpus.ingest",
            "from . import index",
            ["corpus.ingest imports corpus.index"],
        ),
        (
            "corpus.catalog",
            "if TYPE_CHECKING:\n    import corpus.index",
            ["corpus.catalog imports corpus.index"],
        ),
        ("corpus.ingest", "if TYPE_CHECKING:\n    import corpus.index", []),
        ("corpus.index", "import chromadb", []),
        ("corpus.catalog", "import sqlalchemy as sa", []),
        ("assistant.models.embeddings", "import langchain_core.embeddings", []),
        ("assistant.langchain", "import langchain.agents, langchain_openai", []),
        ("assistant.web.server", "import gradio as gr", []),
        ("assistant.library", "import corpus.index", []),
        ("eval.score", "import assistant.library, corpus.model", []),
        ("app", "import assistant.cli", []),
        ("corpus.load", "import evaluate, apps, chromadbx", []),
    ],
)
def test_checker_knows_right_from_wrong(module: str, source: str, wrong: list[str]) -> None:
    assert wrong_ways(imports(module, source)) == wrong


def test_checker_finds_a_ring() -> None:
    ring = [Import("a.x", "a.y"), Import("a.y", "b"), Import("b", "a.x"), Import("c", "b")]

    assert cycles(ring, {"a.x", "a.y", "b", "c"}) == [["a.x", "a.y", "b"]] * 3
    assert cycles(ring[:2], {"a.x", "a.y", "b", "c"}) == []
