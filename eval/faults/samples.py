"""Verified statements to plant faults in: real answers, and sentences of real documents."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answer.answerer import answer_question
from assistant.answer.draft import Draft
from assistant.answer.model import Citation
from assistant.answer.verify import verify
from assistant.library import Library
from corpus.errors import UnreadableFile
from corpus.model import Indicator, ParsedPlan, Span
from corpus.segment import sentences
from eval.corpus.run import read_plan
from eval.questions import FOLDER, load_suite

SUITES = ("ouhai_dev", "ouhai_dev_second", "ouhai_dev_more")
# Documents of every kind: a plan, reports, policies.
DOCUMENTS = (
    "国家_十二五规划纲要_split.txt",
    "国家_十四五数字经济发展规划_2021_部分.txt",
    "上海_黄浦区城市更新十五五规划_2026.md",
)
FOLDERS = ("政府工作报告2026", "政府工作报告_国务院", "国务院文件2019", "惠企政策", "北京政策")
_FILES_OF_A_FOLDER = 3
_SENTENCES_OF_A_FILE = 12
_INDICATORS_OF_A_FILE = 10
_SHORTEST, _LONGEST = 18, 160


@dataclass(frozen=True, slots=True)
class Sample:
    """A draft with all that it takes to verify it."""

    origin: str
    draft: Draft
    citations: tuple[Citation, ...]
    texts: dict[str, str]

    @property
    def read_text(self) -> Callable[[str], str]:
        """Return how the text of a cited plan is read."""
        return self.texts.__getitem__

    def saying(self, text: str) -> "Sample":
        """Return the sample with another text, which no longer claims to be verbatim."""
        return replace(self, draft=replace(self.draft, text=text, verbatim=False))


def answered(library: Library) -> list[Sample]:
    """Return the different answers to the questions of the development sets."""
    texts = {entry.id: library.catalog.plan(entry.id).text for entry in library.catalog.entries()}
    found: dict[str, Sample] = {}
    for suite in SUITES:
        for question in load_suite(FOLDER / f"{suite}.jsonl"):
            answer = answer_question(question.question, library)
            if answer.status == "answered":
                draft = Draft(answer.text, answer.status, answer.route, computed=answer.computed)
                sample = Sample(suite, draft, answer.citations, texts)
                found.setdefault(answer.text, sample)
    return list(found.values())


def from_documents(folder: Path) -> list[Sample]:
    """Return statements over the documents of a folder, as an answer would put them."""
    return [
        sample
        for path in _paths(folder)
        if (parsed := _read(path)) is not None
        for sample in _of_document(parsed, path.name)
    ]


def _paths(folder: Path) -> list[Path]:
    inner = [sorted((folder / name).glob("*.*"))[:_FILES_OF_A_FOLDER] for name in FOLDERS]
    paths = [folder / name for name in DOCUMENTS] + [path for group in inner for path in group]
    return [path for path in paths if path.is_file()]


def _read(path: Path) -> ParsedPlan | None:
    try:
        return read_plan(path)
    except UnreadableFile:
        return None


def _of_document(parsed: ParsedPlan, name: str) -> Iterator[Sample]:
    text = parsed.plan.text
    for indicator in [i for i in parsed.indicators if i.target is not None][:_INDICATORS_OF_A_FILE]:
        said = _tell(indicator, text)
        marks = "[1]" if indicator.header == indicator.span else "[1][2]"
        spans = list(dict.fromkeys((indicator.span, indicator.header)))
        yield from _sound(
            name, f"{said}{marks[: 3 * len(spans)]}", spans, indicator.section, parsed
        )
    telling = [span for span in _sentences(parsed) if _is_telling(span.of(text))]
    step = max(1, len(telling) // _SENTENCES_OF_A_FILE)
    for span in telling[::step][:_SENTENCES_OF_A_FILE]:
        yield from _sound(name, f"{' '.join(span.of(text).split())}[1]", [span], 0, parsed)


def _tell(indicator: Indicator, text: str) -> str:
    if indicator.origin == "prose":
        return f"{' '.join(indicator.span.of(text).split())}。"
    year = f"{indicator.target_year}年" if str(indicator.target_year) in text[: 10**6] else ""
    year = year if str(indicator.target_year) in indicator.header.of(text) else ""
    attribute = f"，属{indicator.attribute}指标" if indicator.attribute else ""
    target = f"{indicator.target}{indicator.unit}{indicator.bound or ''}"
    return f"{indicator.name}：{year}目标为{target}{attribute}。"


def _sentences(parsed: ParsedPlan) -> Iterator[Span]:
    for section in parsed.sections:
        own = Span(section.heading.end, max(section.heading.end, section.own.end))
        for span in sentences(own.of(parsed.plan.text)):
            yield Span(own.start + span.start, own.start + span.end)


def _is_telling(sentence: str) -> bool:
    words = sentence.strip()
    return _SHORTEST <= len(words) <= _LONGEST and words.endswith("。") and "\n" not in words


def _sound(
    name: str, said: str, spans: Sequence[Span], section: int, parsed: ParsedPlan
) -> Iterator[Sample]:
    """Yield the statement if the strict check of rule-made drafts finds nothing in it."""
    plan = parsed.plan
    citations = tuple(
        Citation(
            n,
            plan.id,
            plan.title,
            " > ".join(parsed.sections[section].path),
            span.of(plan.text),
            span.start,
            span.end,
        )
        for n, span in enumerate(spans, start=1)
    )
    sample = Sample(name, Draft(said, "answered", "passage"), citations, {plan.id: plan.text})
    if not verify(sample.draft, citations, sample.read_text):
        yield sample
