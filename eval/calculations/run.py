"""Asks the questions on comparisons and sums, and judges the answers.

Those over real documents are asked where these are kept; they are parsed and put in the catalog of
a temporary data folder, without vectors, which no sum needs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.library import Library
from assistant.settings import Settings
from corpus.prepare import search_words
from corpus.segment import base_segmenter
from eval.calculations.questions import PARTS, SumQuestion, load_questions
from eval.corpus.run import read_plan
from eval.score import Share

# What the questions are about, under the folder of the real documents.
_FILES = (
    "政府工作报告2026/*.txt",
    "政府工作报告_国务院/*.txt",
    "政府工作报告_海拉尔区/*.txt",
    "上海_黄浦区城市更新十五五规划_2026.md",
)
_NUMERIC = re.compile(r"[\d.]")


@dataclass(frozen=True, slots=True)
class SumVerdict:
    """An answer, and what of the expected it lacks; empty if it is exactly right."""

    part: str
    question: SumQuestion
    answer: Answer
    lacks: tuple[str, ...]


def judge_sums(documents: Path, workspace: Path) -> list[SumVerdict]:
    """Ask all questions; those over documents only where there are any under the folder."""
    libraries = {"bundled": _bundled(workspace / "bundled")}
    paths = sorted(path for pattern in _FILES for path in documents.glob(pattern))
    if paths:
        libraries["documents"] = take_in(paths, workspace / "documents")
    return [
        judge_answer(part, question, answer_question(question.question, libraries[question.where]))
        for part in PARTS
        for question in load_questions(part)
        if question.where in libraries
    ]


def shares(verdicts: Sequence[SumVerdict]) -> dict[str, dict[str, Share]]:
    """Return for each part the share of exactly right answers by kind, `all` last."""
    found: dict[str, dict[str, Share]] = {}
    for part in PARTS:
        of_part = sorted((v for v in verdicts if v.part == part), key=lambda v: v.question.kind)
        groups = {
            str(kind): list(group) for kind, group in groupby(of_part, lambda v: v.question.kind)
        }
        groups["all"] = of_part
        found[part] = {
            kind: Share(sum(not verdict.lacks for verdict in group), len(group))
            for kind, group in groups.items()
        }
    return found


def judge_answer(part: str, question: SumQuestion, answer: Answer) -> SumVerdict:
    """Compare an answer with what is expected of it."""
    lacks: list[str] = []
    if (answer.status != "answered") != question.refused:
        lacks.append("应拒答" if question.refused else "应回答")
    said = _squeeze(answer.text)
    lacks += [words for words in question.must if not _says(said, words)]
    lines = [_squeeze(line) for line in answer.text.split("\n")]
    for cells in question.table:
        if not any(_says_all(line, cells) for line in lines):
            lacks.append("、".join(cells))
    lacks += [f"不应有{words}" for words in question.absent if _says(said, words)]
    return SumVerdict(part, question, answer, tuple(lacks))


def _says_all(line: str, cells: Sequence[str]) -> bool:
    position = 0
    for cell in cells:
        found = _find(line, cell, position)
        if found == -1:
            return False
        position = found + len(cell)
    return True


def _says(text: str, words: str) -> bool:
    return _find(text, words, 0) != -1


def _find(text: str, words: str, start: int) -> int:
    """Return where the words stand as they are, no number among them cut out of a longer one."""
    position = text.find(words, start)
    while position != -1:
        before, after = text[:position][-1:], text[position + len(words) :][:1]
        cut_before = _NUMERIC.match(words[0]) and _NUMERIC.match(before)
        cut_after = _NUMERIC.match(words[-1]) and _NUMERIC.match(after)
        if not cut_before and not cut_after:
            return position
        position = text.find(words, position + 1)
    return -1


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _bundled(folder: Path) -> Library:
    library = Library(Settings(data_dir=folder))
    library.set_up()
    return library


def take_in(paths: Sequence[Path], folder: Path) -> Library:
    """Return a new library in the folder with the files in its catalog, without vectors."""
    library = Library(Settings(data_dir=folder))
    for path in paths:
        parsed = read_plan(path)
        library.catalog.replace_plan(parsed, search_words(parsed, base_segmenter()))
    return library
