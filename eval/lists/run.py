"""Asks the list questions, of a data folder that has their documents or of a temporary one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.table import Table

from assistant.answer.answerer import answer_question
from assistant.library import Library
from assistant.settings import Settings
from eval.corpus.run import DocumentsMissing
from eval.lists.judge import ListQuestion, ListScore, ListVerdict, judge_list, score_lists
from eval.score import Share

_ROWS = (
    ("条目齐全", "completeness"),
    ("所列条目正确", "precision"),
    ("项数正确", "count_right"),
    ("一项不漏的问题", "whole"),
    ("无答案而拒答", "refused"),
)


def judge_lists(
    questions: Sequence[ListQuestion], folder: Path, tell: Callable[[str], None]
) -> list[ListVerdict]:
    """Answer and judge all questions.

    Raises:
        DocumentsMissing: if the folder or one of the documents is not there.
    """
    with _library(questions, folder, tell) as library:
        return [judge_list(one, answer_question(one.question, library)) for one in questions]


@contextmanager
def _library(
    questions: Sequence[ListQuestion], folder: Path, tell: Callable[[str], None]
) -> Iterator[Library]:
    names = dict.fromkeys(name for question in questions for name in question.documents)
    settings = Settings()
    if (settings.data_dir / "catalog.sqlite").is_file():
        library = Library(settings)
        sources = [entry.source for entry in library.catalog.entries()]
        if all(any(source.endswith(name) for source in sources) for name in names):
            tell(f"在资料目录 {settings.data_dir} 上评测（{len(sources)}份文件）")
            yield library
            return
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise DocumentsMissing(
            f"文档文件夹 {folder} 里没有 {missing[0]}（共缺{len(missing)}份）；"
            "请用 --documents 指明文档所在的文件夹"
        )
    with TemporaryDirectory() as data_dir:
        library = Library(settings.model_copy(update={"data_dir": Path(data_dir)}))
        tell(f"正在收录{len(names)}份文件……")
        for outcome in library.ingest_all([folder / name for name in names]):
            if outcome.outcome == "failed":
                tell("；".join(outcome.warnings))
        yield library


def scores(verdicts: Sequence[ListVerdict]) -> dict[str, ListScore]:
    """Return the figures of the questions for development and of those held out."""
    return {
        name: score_lists([one for one in verdicts if one.question.heldout == heldout])
        for name, heldout in (("开发", False), ("留出", True))
    }


def as_table(verdicts: Sequence[ListVerdict]) -> Table:
    """Return the figures to print."""
    parts = scores(verdicts)
    numbers = [sum(v.question.heldout == heldout for v in verdicts) for heldout in (False, True)]
    heads = [f"{name}（{number}题）" for name, number in zip(parts, numbers, strict=True)]
    table = Table("", *heads, title="规划问答助手 · 清单问题评测")
    for label, field in _ROWS:
        table.add_row(label, *(_cell(getattr(score, field)) for score in parts.values()))
    return table


def _cell(share: Share) -> str:
    return f"{share.count}/{share.total}  {share.value:.3f}"
