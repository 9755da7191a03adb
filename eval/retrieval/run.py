"""One bench, every system, in one run."""

from assistant.settings import Settings
from eval.retrieval.baselines import bm25_alone, langchain_pipeline
from eval.retrieval.bench import Bench
from eval.retrieval.report import Results
from eval.retrieval.score import run
from eval.retrieval.store import Progress, langchain_folder, open_store
from eval.retrieval.systems import dense_alone, plan_assistant


def compare(bench: Bench, settings: Settings, progress: Progress) -> Results:
    """Take the bench in where that is not done yet, and ask every system all its questions."""
    store = open_store(bench, settings, progress)
    progress("正在准备对照系统……")
    embeddings = store.library.embeddings
    systems = (
        plan_assistant(store),
        bm25_alone(store),
        dense_alone(store),
        langchain_pipeline(bench, embeddings, langchain_folder(bench, store.library)),
    )
    progress(f"正在逐题检索（{len(bench.questions)} 题 × {len(systems)} 个系统）……")
    return {system.name: (system, run(system, bench.questions)) for system in systems}
