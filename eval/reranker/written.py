"""Questions written for the training: to policies, to plans, and what court records do not tell.

The public sets have hardly a question about plans, few about policies, and few that look
answerable and are not. These were written from the text of documents that nothing is reported on:
of the public sets the parts to train on and to fit on (`eval.splits`), of plans all but the one
that comes with the project. `questions/NAME.jsonl` holds a question a line:

- `document`: the id of the document in a public set, or the name of a plan's file,
- `question`, and `answer`: the shortest words that fully answer, as they stand in the document;
  empty where the document does not answer,
- `before`, where the answer's words stand there more than once: what stands directly before them.

`questions/synthetic.*.jsonl` and `questions/court.*.jsonl` are benches (`eval.bench.load`) of texts
that were invented as well, official ones of all kinds and court records: places are real, all else
in them is not.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.library import Library
from eval.bench.load import BenchQuestion
from eval.reranker.groups import Group
from eval.reranker.headings import is_bundled
from eval.reranker.mine import group_of
from eval.splits import Split, split_of

QUESTIONS = Path(__file__).with_name("questions")


class WrittenQuestion(BaseModel):
    """A question and the words that answer it, none where the document has no answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    question: str
    answer: str
    before: str = ""

    def as_asked(self, number: int) -> BenchQuestion:
        """Return it as questions of public sets are."""
        return BenchQuestion(
            id=f"written-{number}",
            question=self.question,
            answers=(self.answer,) if self.answer else (),
            doc_id=self.document,
            before=self.before,
        )


def read_written(name: str) -> list[WrittenQuestion]:
    """Read the questions to a public set or to plans, none if there are none."""
    path = QUESTIONS / f"{name}.jsonl"
    if not path.is_file():
        return []
    read = TypeAdapter(WrittenQuestion).validate_json
    return [read(line) for line in path.read_text(encoding="utf-8").splitlines()]


def written_groups(
    name: str, split: Split, library: Library, plan_ids: dict[str, str], searched: Sequence[str]
) -> Iterator[Group]:
    """Yield the groups of the questions to one part; `plan_ids` tells the plan of each document.

    Questions to documents that are not there are passed over. Wrong passages are of the plans
    `searched`, or of the one asked about if there are none.
    """
    for number, written in enumerate(read_written(name)):
        plan_id = plan_ids.get(written.document)
        if plan_id is None or split_of(name, written.document) != split:
            continue
        group = group_of(
            f"written-{name}",
            written.as_asked(number),
            library,
            plan_id,
            searched or [plan_id],
        )
        if group is not None:
            yield group


def plans_by_file(library: Library) -> dict[str, str]:
    """Return the plans of a library by the names of their files, but for the bundled one."""
    entries = library.catalog.entries()
    return {Path(entry.source).name: entry.id for entry in entries if not is_bundled(entry)}
