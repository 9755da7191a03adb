"""A file → everything the store needs of it, in one call that can run in another process."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from corpus.archive import SourceFile
from corpus.catalog import Corrections
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.load import load_plan
from corpus.model import Metadata, ParsedPlan, Plan
from corpus.parse import parse_plan
from corpus.segment import Segmenter, base_segmenter

# Raise it whenever parsing reads something else: files are then parsed anew, changed or not.
PARSER = 3


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """How files are parsed. `count_tokens` must be fit to be sent to another process."""

    count_tokens: Callable[[str], int]
    chunk_tokens: int
    overlap_tokens: int
    limits: Limits = DEFAULT_LIMITS

    @property
    def parser(self) -> str:
        """Return what tells whether a file was parsed as it would be now."""
        return f"{PARSER}/{self.chunk_tokens}/{self.overlap_tokens}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed plan; for each chunk the search words of its context and of its text."""

    parsed: ParsedPlan
    words: list[tuple[str, str]]


def prepare(file: SourceFile, options: ParseOptions, corrections: Corrections) -> Prepared:
    """Read and parse one file.

    Raises:
        UnreadableFile: if it cannot be read.
    """
    plan, document = load_plan(file, options.limits)
    parsed, segmenter = parse_plan(
        correct(plan, corrections),
        document,
        base_segmenter(),
        options.count_tokens,
        max_tokens=options.chunk_tokens,
        overlap_tokens=options.overlap_tokens,
    )
    return Prepared(parsed, search_words(parsed, segmenter))


def correct(plan: Plan, corrections: Corrections) -> Plan:
    """Return the plan with what a user has set right of its title and metadata."""
    fields = dict(corrections)
    title = fields.pop("title", None)
    metadata: Metadata = replace(plan.metadata, **fields)  # type: ignore[arg-type]
    return replace(plan, title=str(title or plan.title), metadata=metadata)


def search_words(parsed: ParsedPlan, segmenter: Segmenter) -> list[tuple[str, str]]:
    """Return for each chunk the words that its context and its text are found by."""
    contexts = {
        context: " ".join(segmenter.search_words(context))
        for context in {chunk.context for chunk in parsed.chunks}
    }
    return [
        (contexts[chunk.context], " ".join(segmenter.search_words(chunk.text)))
        for chunk in parsed.chunks
    ]
