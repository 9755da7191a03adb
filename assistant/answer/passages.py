"""Retrieved passages → the sentences that answer, in the plan's own words, each cited."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.denial import asks_whether, denies
from assistant.answer.draft import Draft
from assistant.answer.evidence import holds_wanted, support
from assistant.answer.sentences import sentences_in
from assistant.answer.sources import Sources
from assistant.answer.verification.statements import is_introduction
from assistant.question import Question
from assistant.retrieve import Hit
from corpus.model import Chunk, Section, Span
from corpus.normal import normalise
from corpus.outline_contents import is_contents_line
from corpus.shown import single_spaced

MAX_SENTENCES = 3
# A sentence goes along with the best one if it says nearly as much of what was asked.
_NEAR_BEST = 0.9
_CONSIDERED = 4
_HEADING_NAMES_IT = 0.6
# A row of a platform is long and holds many a word by chance.
_ROW_SUPPORT = 0.75
# What a sentence, together with its headings, must hold of a question.
_SENTENCE_SUPPORT = 0.35
_SAYS_NO = "文件对此明确作了否定或限制："


@dataclass(frozen=True, slots=True)
class Passage:
    """A hit with how far it supports an answer."""

    hit: Hit
    support: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage, by its span in the plan."""

    hit: Hit
    span: Span
    text: str
    support: float


def of_places(hits: Sequence[Hit], places: Sequence[str]) -> list[Hit]:
    """Return the hits that name all of these places, themselves or by their headings."""
    return [hit for hit in hits if all(place in hit.chunk.embedded for place in places)]


def weigh(question: Question, hits: Sequence[Hit]) -> list[Passage]:
    """Return the hits as passages, those that support an answer best first."""
    passages = [
        Passage(hit, support(question.subject, normalise(hit.chunk.embedded))) for hit in hits
    ]
    passages.sort(key=lambda passage: -(passage.hit.score + passage.support))
    return passages


def newest_first(passages: Sequence[Passage], sources: Sources) -> list[Passage]:
    """Return the passages with those of superseded plans last, else in their order."""
    return sorted(passages, key=lambda passage: sources.is_superseded(passage.hit.chunk.plan_id))


def fitting(question: Question, passages: Sequence[Passage]) -> list[Passage]:
    """Return the best passages that have the kind of thing that is wanted."""
    return [
        passage
        for passage in passages[:_CONSIDERED]
        if holds_wanted(question, passage.hit.chunk.text)
    ]


def choose_sentences(
    question: Question, passages: Sequence[Passage], sources: Sources
) -> list[Sentence]:
    """Return the sentences of these passages that say most of what was asked.

    Whoever asks whether something may be done is told what forbids it before all else.
    """
    found = denying(question, passages, sources) or _candidates(question, passages, sources)
    return _choose(found, sources)


def denying(question: Question, passages: Sequence[Passage], sources: Sources) -> list[Sentence]:
    """Return the sentences of these passages that forbid what is asked for."""
    if not asks_whether(question):
        return []
    return [one for one in _candidates(question, passages, sources) if _says_no(question, one)]


def _candidates(
    question: Question, passages: Sequence[Passage], sources: Sources
) -> list[Sentence]:
    return [
        sentence
        for passage in passages
        for sentence in _sentences(question, passage, sources)
        if holds_wanted(question, sentence.text)
    ]


def write_sentences(
    question: Question, chosen: Sequence[Sentence], sources: Sources, *, confidence: float
) -> Draft:
    """Answer with the sentences, each in the plan's own words."""
    lines = [
        f"{single_spaced(sentence.text)}"
        f"{sources.cite(sentence.hit.chunk.plan_id, sentence.hit.chunk.section, sentence.span)}"
        for sentence in chosen
    ]
    says_no = _says_no(question, chosen[0])
    if says_no:
        lines.insert(0, _SAYS_NO)
    return Draft(
        "\n".join(lines),
        "answered",
        "passage",
        # Not the source's words, and no figure or quotation in it.
        computed=(_SAYS_NO,) if says_no else (),
        verbatim=True,
        confidence=confidence,
    )


def _says_no(question: Question, sentence: Sentence) -> bool:
    return asks_whether(question) and denies(question, sentence.text, sentence.hit.chunk.context)


def _sentences(question: Question, passage: Passage, sources: Sources) -> list[Sentence]:
    """Return the passage's sentences that say something of what was asked."""
    chunk = passage.hit.chunk
    section = sources.sections(chunk.plan_id)[chunk.section]
    headings = normalise(" ".join(section.path))
    # What the heading says, all its sentences are about: the other words tell them apart.
    telling = [word for word in question.subject if word not in headings]
    named = support(question.subject, headings) >= _HEADING_NAMES_IT
    found: list[Sentence] = []
    for span in _quotable(chunk, section, sources):
        text = span.of(sources.plan(chunk.plan_id).text)
        source = normalise(text)
        own = support(question.subject, source)
        if support(question.subject, f"{headings}\n{source}") < _SENTENCE_SUPPORT:
            continue
        if not own and not named:
            continue
        if own < _ROW_SUPPORT and sources.is_project_row(chunk.plan_id, span):
            continue
        score = own + support(telling, source) if telling else 1.0
        found.append(Sentence(passage.hit, span, text, score + 0.2 * passage.hit.score))
    return found


def _quotable(chunk: Chunk, section: Section, sources: Sources) -> list[Span]:
    """Return the spans of a chunk's sentences without headings, contents and rows of indicators.

    A row of figures means nothing without its header; `indicators` answers from tables.
    """
    text = sources.plan(chunk.plan_id).text
    tables = sources.tables(chunk.plan_id)
    offset = chunk.span.start
    spans = [
        Span(offset + sentence.start, offset + sentence.end)
        for sentence in sentences_in(chunk, sources)
    ]
    return [
        span
        for span in spans
        if not sources.is_told(chunk.plan_id, span)
        and span.start >= section.heading.end
        and not any(table.holds(span) for table in tables)
        and not is_introduction(span.of(text))
        and not is_contents_line(span.of(text))
    ]


def _choose(candidates: Sequence[Sentence], sources: Sources) -> list[Sentence]:
    """Return the best sentences, each once: the best plan's first, in the order of its text."""
    ranked = sorted(candidates, key=lambda sentence: -sentence.support)
    chosen: list[Sentence] = []
    for sentence in ranked:
        if len(chosen) == MAX_SENTENCES or sentence.support < _NEAR_BEST * ranked[0].support:
            break
        taken = {(other.hit.chunk.plan_id, other.span) for other in chosen}
        if (sentence.hit.chunk.plan_id, sentence.span) not in taken:
            chosen.append(sentence)
    plans = sorted(
        dict.fromkeys(sentence.hit.chunk.plan_id for sentence in chosen), key=sources.is_superseded
    )
    return sorted(
        chosen, key=lambda sentence: (plans.index(sentence.hit.chunk.plan_id), sentence.span)
    )


def nearest_sections(
    hits: Sequence[Hit], sources: Sources, *, limit: int = 3
) -> list[tuple[str, Section]]:
    """Return the sections of the best hits, each once."""
    found: dict[tuple[str, int], Section] = {}
    for hit in hits:
        section = sources.sections(hit.chunk.plan_id)[hit.chunk.section]
        if section.path:
            found.setdefault((hit.chunk.plan_id, section.number), section)
    return [(plan_id, section) for (plan_id, _), section in found.items()][:limit]
