"""Reads each labelled document as ingestion does and compares the two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.archive import SourceFile
from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.load import load_plan
from corpus.model import ParsedPlan, Section, Span
from corpus.parse import parse_plan
from corpus.segment import base_segmenter
from eval.corpus.headings import score_headings
from eval.corpus.indicators import score_indicators
from eval.corpus.labels import LabelError, Labels, Part
from eval.corpus.measures import score_measures
from eval.corpus.outcome import Outcome
from eval.corpus.places import Places
from eval.corpus.stretch import find_stretch, locate
from eval.corpus.tally import Ratio
from eval.corpus.targets import score_targets

# Beside the repository, as people who work on it keep the real documents.
DOCUMENTS = Path(__file__).parents[3] / "shared" / "plans"

# Sizes count characters: nothing here is embedded, and any size must cover the text.
_MAX_SIZE = 300
_OVERLAP = 72


class DocumentsMissing(Exception):
    """There is nothing to read; the message says where documents were looked for."""


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One document's figures; `problems` say what could not be judged and why."""

    file: str
    outcome: Outcome
    problems: tuple[str, ...] = ()
    held_out: bool = False


def judge_documents(labels: Sequence[Labels], folder: Path) -> list[DocumentReport]:
    """Read and judge every labelled document.

    Raises:
        DocumentsMissing: if the folder is not there.
    """
    if not folder.is_dir():
        raise DocumentsMissing(
            f"没有文档文件夹：{folder}；请用 --documents 指明标注所对应的文档在哪个文件夹"
        )
    by_file: dict[str, list[Labels]] = {}
    for one in labels:
        by_file.setdefault(one.file, []).append(one)
    return [
        report
        for file, written in by_file.items()
        for report in _judge_document(file, written, folder)
    ]


def _judge_document(file: str, labels: Sequence[Labels], folder: Path) -> list[DocumentReport]:
    """Read one document and compare it with its labels, those that are held out by themselves."""
    by_use = {
        held_out: [one for one in labels if one.held_out is held_out] for held_out in (False, True)
    }
    try:
        parsed = read_plan(folder / file)
    except UnreadableFile as error:
        return [DocumentReport(file, Outcome(), (str(error),))]
    return [
        _judge(parsed, DocumentReport(file, Outcome(), held_out=held_out), written)
        for held_out, written in by_use.items()
        if written
    ]


def _judge(parsed: ParsedPlan, report: DocumentReport, labels: Sequence[Labels]) -> DocumentReport:
    places = Places.of(parsed.plan.text)
    outcome = Outcome(shares={"characters": covered(parsed)})
    problems: list[str] = []
    for score in [score for one in labels for score in _scores(one, parsed, places)]:
        try:
            outcome += score()
        except LabelError as error:
            problems.append(str(error))
    return replace(report, outcome=outcome, problems=tuple(problems))


def read_plan(path: Path) -> ParsedPlan:
    """Return what is read from a file on its way into the catalog.

    Raises:
        UnreadableFile: if it cannot be read.
    """
    plan, document = load_plan(SourceFile(path, str(path), path.name), Limits())
    parsed, _ = parse_plan(
        plan, document, base_segmenter(), len, max_tokens=_MAX_SIZE, overlap_tokens=_OVERLAP
    )
    return parsed


def covered(parsed: ParsedPlan) -> Ratio:
    """Return how many of the text's characters, blanks aside, are embedded with some chunk.

    A heading counts where it stands in a chunk's own text or in the path that is its context.
    """
    text = parsed.plan.text
    inside = bytearray(len(text))
    for chunk in parsed.chunks:
        section: Section | None = parsed.sections[chunk.section]
        spans = [chunk.span]
        while section is not None:
            if section.title in chunk.context:
                spans.append(section.heading)
            section = None if section.parent is None else parsed.sections[section.parent]
        for span in spans:
            inside[span.start : span.end] = b"\1" * len(span)
    visible = [place for place, character in enumerate(text) if not character.isspace()]
    return Ratio(sum(inside[place] for place in visible), len(visible))


def _scores(labels: Labels, parsed: ParsedPlan, places: Places) -> list[Callable[[], Outcome]]:
    """Return one comparison for each part that is labelled."""
    scores: list[Callable[[], Outcome]] = []
    if (headings := labels.headings) is not None:
        scores.append(
            lambda: score_headings(parsed.sections, headings.items, find_stretch(places, headings))
        )
    if (indicators := labels.indicators) is not None:
        scores.append(
            lambda: score_indicators(
                parsed.indicators, indicators.items, find_stretch(places, indicators)
            )
        )
    if (targets := labels.targets) is not None:
        scores.append(
            lambda: score_targets(parsed.indicators, targets.items, *_located(places, targets))
        )
    if (measures := labels.measures) is not None:
        scores.append(
            lambda: score_measures(parsed.measures, measures.items, *_located(places, measures))
        )
    return scores


def _located(places: Places, part: Part[Any]) -> tuple[list[Span | None], Span]:
    stretch = find_stretch(places, part)
    return locate(places, [item.quote for item in part.items], stretch), stretch
