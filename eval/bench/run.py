"""One bench, every system, in one run."""

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.settings import Settings
from eval.bench.answers import Answered, answer_all
from eval.bench.load import Bench, BenchQuestion
from eval.bench.retrieval import Retrieved, search_all
from eval.bench.store import Progress, Store, cache_root, open_store
from eval.bench.systems import System, dense_alone, plan_assistant, without_reranker

# What `eval.bench.baselines` needs; the rest of the program does without.
_EXTRA = ("bm25s", "langchain_chroma", "langchain_text_splitters", "llama_index.core")


@dataclass(frozen=True, slots=True)
class Result:
    """What a system did: `retrieved` for each of the bench's `questions`, `answered` for all."""

    system: str
    passages: int
    retrieved: tuple[Retrieved, ...]
    answered: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class BenchRun:
    """A bench with what every system did, this project's own first."""

    bench: Bench
    results: tuple[Result, ...]


def run_benches(
    benches: Sequence[Bench], settings: Settings, progress: Progress, *, use_cache: bool = True
) -> list[BenchRun]:
    """Run the benches one after the other; without the cache nothing is kept or taken from it."""
    if use_cache:
        return [BenchRun(one, run_bench(one, settings, progress, cache_root())) for one in benches]
    with TemporaryDirectory() as folder:
        cache = Path(folder)
        return [BenchRun(one, run_bench(one, settings, progress, cache)) for one in benches]


def run_bench(
    bench: Bench, settings: Settings, progress: Progress, cache: Path
) -> tuple[Result, ...]:
    """Take the bench in where that is not done yet, and ask every system all its questions."""
    store = open_store(bench, settings, progress, cache)
    documents = {plan_id: document_id for document_id, plan_id in store.plan_ids.items()}
    results: list[Result] = []
    for system in _systems(bench, store, progress):
        progress(f"{bench.name}：{system.name} 正在逐题检索与作答……")
        results.append(
            Result(
                system.name,
                len(system.passages),
                search_all(system, bench.questions),
                answer_all(system, all_questions(bench), documents),
            )
        )
    return tuple(results)


def all_questions(bench: Bench) -> tuple[BenchQuestion, ...]:
    """Return the questions whose answers stand in their documents, then the others."""
    return bench.questions + bench.others


def has_extra() -> bool:
    """Tell whether the packages to compare with are installed."""
    return all(importlib.util.find_spec(package.split(".")[0]) for package in _EXTRA)


def _systems(bench: Bench, store: Store, progress: Progress) -> Iterator[System]:
    yield plan_assistant(store)
    if store.library.reranker is not None:
        yield without_reranker(store)
    yield dense_alone(store)
    if not has_extra():
        progress(
            "没有安装对照系统，只评测 plan-assistant；安装：pip install 'plan-assistant[eval]'"
        )
        return
    # These packages take seconds to import.
    from eval.bench import baselines

    yield baselines.bm25_alone(store)
    yield baselines.langchain_pipeline(bench, store.library.embeddings)
    yield baselines.llama_index_starter(bench, store.library.embeddings)
