"""A bench: documents and questions whose answers stand in them, as two files of JSON lines."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from eval.corpus.places import squeeze

# Beside the repository, as people who work on it keep the benches.
BENCHES = Path(__file__).parents[3] / "shared" / "bench"
DEFAULT_BENCH = "ncpqa"

_DOCUMENTS, _QUESTIONS = ".docs.jsonl", ".qa.jsonl"


class BenchMissing(Exception):
    """There is no such bench; the message says which there are and where they were looked for."""


class BenchDocument(BaseModel):
    """One document as it was published."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(alias="doc_id")
    title: str
    text: str


class BenchQuestion(BaseModel):
    """A question and the words of its document that answer it, each of them alone."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    answers: tuple[str, ...]
    document_id: str = Field(alias="doc_id")


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench that can be scored; no answer to the `others` stands in a text.

    Either there is none at all, or it is a yes or no.
    """

    name: str
    digest: str
    documents: tuple[BenchDocument, ...]
    questions: tuple[BenchQuestion, ...]
    others: tuple[BenchQuestion, ...] = ()

    @property
    def left_out(self) -> int:
        """Return how many questions cannot be scored."""
        return len(self.others)


def load_bench(folder: Path, name: str) -> Bench:
    """Read a bench; documents of the same text are one.

    Raises:
        BenchMissing: if it is not there.
    """
    if not (folder / f"{name}{_DOCUMENTS}").is_file():
        names = sorted(path.name.removesuffix(_DOCUMENTS) for path in folder.glob(f"*{_DOCUMENTS}"))
        known = f"可选：{'、'.join(names)}" if names else "请用 --documents 指明题集所在的文件夹"
        raise BenchMissing(f"{folder} 中没有检索题集 {name}；{known}")
    documents_file, questions_file = (
        (folder / f"{name}{suffix}").read_bytes() for suffix in (_DOCUMENTS, _QUESTIONS)
    )
    read_document = TypeAdapter(BenchDocument).validate_json
    documents = [read_document(line) for line in documents_file.splitlines() if line.strip()]
    read_question = TypeAdapter(BenchQuestion).validate_json
    questions = [read_question(line) for line in questions_file.splitlines() if line.strip()]
    by_text: dict[str, BenchDocument] = {}
    for document in documents:
        by_text.setdefault(document.text, document)
    kept = {document.id: by_text[document.text] for document in documents}
    placed = [
        question.model_copy(update={"document_id": kept[question.document_id].id})
        for question in questions
    ]
    texts = {document.id: document.text for document in by_text.values()}
    scored: list[BenchQuestion] = []
    others: list[BenchQuestion] = []
    for question in placed:
        stands = stands_in(question.answers, texts[question.document_id])
        (scored if stands else others).append(question)
    return Bench(
        name,
        hashlib.sha256(documents_file + questions_file).hexdigest(),
        tuple(by_text.values()),
        tuple(scored),
        tuple(others),
    )


def stands_in(answers: tuple[str, ...], text: str) -> bool:
    """Tell whether one of the answers stands in the text, blanks aside."""
    visible = squeeze(text)
    return any(words and words in visible for words in map(squeeze, answers))
