"""A bench: documents and questions whose answers stand in them, as two files of JSON lines.

`NAME.docs.jsonl` holds a document a line (`doc_id`, `title`, `text`), `NAME.qa.jsonl` a question a
line (`id`, `question`, `answers`, `doc_id`); no answers means that the documents do not tell.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from eval.corpus.places import squeeze
from eval.splits import Split, split_of

# Beside the repository, as people who work on it keep the benches.
BENCHES = Path(__file__).parents[3] / "shared" / "bench"

Part: TypeAlias = Literal["all", "train", "fit", "dev"]

_DOCUMENTS, _QUESTIONS = "docs.jsonl", "qa.jsonl"


class BenchError(Exception):
    """A bench is not there or cannot be read; the message says what to mend."""


class BenchDocument(BaseModel):
    """One document as it was published."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str = Field(alias="doc_id", min_length=1)
    title: str = ""
    text: str = Field(min_length=1)


class BenchQuestion(BaseModel):
    """A question and the words of its document that answer it, each of them alone.

    `before` are the words directly before the answer, where its own stand there more than once.
    """

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str
    question: str
    answers: tuple[str, ...]
    document_id: str = Field(alias="doc_id")
    before: str = ""

    @property
    def is_answerable(self) -> bool:
        """Tell whether the documents answer it."""
        return any(answer.strip() for answer in self.answers)


Record = TypeVar("Record", BenchDocument, BenchQuestion)


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench; an answer to each of `questions` stands in its document.

    No answer to the `others` does: either there is none at all, or it is in words of its own (a yes
    or no).
    """

    name: str
    digest: str
    documents: tuple[BenchDocument, ...]
    questions: tuple[BenchQuestion, ...]
    others: tuple[BenchQuestion, ...] = ()
    part: Part = "all"

    def only(self, part: Part) -> "Bench":
        """Return the questions of one part; all documents are searched all the same."""
        if part == "all":
            return self
        wanted: Split = part

        def kept(questions: tuple[BenchQuestion, ...]) -> tuple[BenchQuestion, ...]:
            return tuple(one for one in questions if split_of(self.name, one.document_id) == wanted)

        return replace(self, questions=kept(self.questions), others=kept(self.others), part=part)


def find_benches(place: Path) -> list[Bench]:
    """Read every bench in a folder and the folders in it, or the one whose files begin like that.

    Examples of what may be given: a folder with `a.docs.jsonl` and `a.qa.jsonl`, a folder with
    `docs.jsonl` and `qa.jsonl`, or `folder/a`.

    Raises:
        BenchError: if there is none, or a line cannot be read.
    """
    if place.is_dir():
        files = sorted(place.rglob(f"*{_DOCUMENTS}"))
    else:
        files = sorted(place.parent.glob(f"{place.name}.{_DOCUMENTS}"))
    if not files:
        raise BenchError(
            f"{place} 中没有题集；题集是一对文件：名称.{_DOCUMENTS}（每行 doc_id、title、text）和 "
            f"名称.{_QUESTIONS}（每行 id、question、answers、doc_id）"
        )
    return [_read(file) for file in files]


def load_bench(folder: Path, name: str) -> Bench:
    """Read the bench of this name.

    Raises:
        BenchError: if it is not there, or a line cannot be read.
    """
    return find_benches(folder / name)[0]


def _read(documents_file: Path) -> Bench:
    stem = documents_file.name.removesuffix(_DOCUMENTS)
    questions_file = documents_file.with_name(f"{stem}{_QUESTIONS}")
    if not questions_file.is_file():
        raise BenchError(f"{documents_file} 旁边没有 {questions_file.name}")
    documents = list(_records(documents_file, BenchDocument))
    # Documents of the same text are one.
    by_text: dict[str, BenchDocument] = {}
    for document in documents:
        by_text.setdefault(document.text, document)
    kept = {document.id: by_text[document.text] for document in documents}
    texts = {document.id: squeeze(document.text) for document in by_text.values()}
    questions: list[BenchQuestion] = []
    others: list[BenchQuestion] = []
    for number, question in enumerate(_records(questions_file, BenchQuestion), start=1):
        if question.document_id not in kept:
            raise BenchError(
                f"{questions_file} 第 {number} 题：{documents_file.name} 中没有文件 "
                f"{question.document_id}"
            )
        if not question.question.strip():
            # Real sets hold a few that ask nothing.
            continue
        placed = question.model_copy(update={"document_id": kept[question.document_id].id})
        stands = _stands(placed.answers, texts[placed.document_id])
        (questions if stands else others).append(placed)
    if not questions and not others:
        raise BenchError(f"{questions_file} 中没有问题")
    digest = hashlib.sha256(documents_file.read_bytes() + questions_file.read_bytes()).hexdigest()
    name = stem.removesuffix(".") or documents_file.resolve().parent.name
    return Bench(name, digest, tuple(by_text.values()), tuple(questions), tuple(others))


def _records(file: Path, kind: type[Record]) -> Iterator[Record]:
    read = TypeAdapter(kind).validate_json
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield read(line)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"]))
            raise BenchError(
                f"{file} 第 {number} 行不合格式：{where} {fault['msg']}；应有 "
                f"{'、'.join(field.alias or name for name, field in kind.model_fields.items())}"
            ) from error


def stands_in(answers: tuple[str, ...], text: str) -> bool:
    """Tell whether one of the answers stands in the text, blanks aside."""
    return _stands(answers, squeeze(text))


def _stands(answers: tuple[str, ...], visible: str) -> bool:
    return any(words and words in visible for words in map(squeeze, answers))
