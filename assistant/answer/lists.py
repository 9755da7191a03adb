"""「有哪些…」 → the whole list from its section, item by item, with the count; never from top-k."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer.draft import Draft
from assistant.answer.enumerations import (
    Enumeration,
    headings_below,
    lists_within,
    own_sentences,
    sentences_of,
)
from assistant.answer.evidence import support
from assistant.answer.named_lists import NamedList, asked_count, asked_words, choose
from assistant.answer.passages import Sentence
from assistant.answer.sources import Sources
from assistant.answer.word_lists import WordList, read_word_lists
from assistant.question import Question, in_words
from assistant.rarity import word_weight
from assistant.retrieve import Hit
from corpus.model import Section, Span
from corpus.normal import normalise
from corpus.shown import single_spaced

_ASKS_LIST = re.compile(
    "哪些|哪[几一二两三四五六七八九十\\d]|有什么|有啥|分别|列出|列举|包括|都是|是什么|几[条项个点方面]"
    "|[大张条项个链类](?:是|叫)|名单|挨个|一个个"
)
_PASSAGES = 4
# How much of a question a section says whose lists are looked at.
_SPEAKS_OF = 0.6
_OF_SENTENCE = 0.55
_ASKED_NOUN = re.compile(
    "哪(?:些|几|[二两三四五六七八九十\\d]+)[大个项条张类种件]?([\\u4e00-\\u9fff]{1,8})"
)
_ASKS_TASKS = re.compile(
    "(?:哪些|哪[几一二两三四五六七八九十]|什么)[^,，。]{0,6}(?:措施|举措|任务|要求|规定|内容|工作|安排|做法)"
    "|(?:做|干|采取)(?:些?什么|哪些)"
)
# What may follow the last item: 等, a count (六大领域), a name in quotation marks (“五个不漏”).
_ENDED = re.compile('等|[的“"]|[一二两三四五六七八九十\\d]|$')
_FIRST = re.compile("前([二两三四五六七八九十]|\\d{1,2})[个项条名]")


@dataclass(frozen=True, slots=True)
class _Lead:
    """Where a list is announced, and what is said of it before its items."""

    plan_id: str
    section: int
    span: Span
    words: str


def asks_list(question: Question) -> bool:
    """Tell whether the question wants items."""
    return _ASKS_LIST.search(question.normal) is not None


def find_named(
    question: Question, hits: Sequence[Hit], sources: Sources, plan_ids: Sequence[str]
) -> NamedList | None:
    """Return the list that the question names; None if it names none or wants no list."""
    if not asks_list(question):
        return None
    candidates = [
        *_headings(sources, plan_ids, introduced=True),
        *_within(question, hits, sources, plan_ids),
    ]
    return choose(question, candidates, sources)


def find_heading(question: Question, sources: Sources, plan_ids: Sequence[str]) -> NamedList | None:
    """Return the headings below the one that the question names; None if it names none."""
    return choose(question, list(_headings(sources, plan_ids, introduced=False)), sources)


def write_named(question: Question, found: NamedList, sources: Sources) -> Draft:
    """Answer with all items of a list."""
    one = found.enumeration
    items = [(item.span, item.shown) for item in one.items]
    lead = _quoted(one.plan_id, one.section, found.lead, sources)
    return _write(question, lead, items, sources)


def find_section(
    question: Question, hits: Sequence[Hit], sources: Sources, plan_ids: Sequence[str]
) -> NamedList | None:
    """Return all that a section says of which the question asks what is to be done."""
    if not _ASKS_TASKS.search(question.normal):
        return None
    hit_in = dict.fromkeys((hit.chunk.plan_id, hit.chunk.section) for hit in hits)
    candidates = []
    for plan_id, number in hit_in:
        sections = sources.sections(plan_id)
        children = [section for section in sections if section.parent == number]
        if plan_id in plan_ids and sections[number].path:
            text = sources.plan(plan_id).text
            found = sentences_of(plan_id, text, sections[number], children)
            candidates += [found] if found is not None else []
    return choose(question, candidates, sources)


def _headings(
    sources: Sources, plan_ids: Sequence[str], *, introduced: bool
) -> Iterator[Enumeration]:
    for plan_id in plan_ids:
        text = sources.plan(plan_id).text
        sections = sources.sections(plan_id)
        children: dict[int | None, list[Section]] = {}
        for section in sections:
            children.setdefault(section.parent, []).append(section)
        for section in sections:
            below = children.get(section.number, []) if section.path else []
            found = headings_below(plan_id, text, section, below, introduced=introduced)
            if found is not None:
                yield found


def _within(
    question: Question, hits: Sequence[Hit], sources: Sources, plan_ids: Sequence[str]
) -> Iterator[Enumeration]:
    hit_in = {(hit.chunk.plan_id, hit.chunk.section) for hit in hits}
    for plan_id in plan_ids:
        text = sources.plan(plan_id).text
        for section in sources.sections(plan_id):
            # To look for lists in every section of a long document would take too long.
            is_hit = (plan_id, section.number) in hit_in
            if is_hit or _speaks_of(question, section.own.of(text)):
                yield from lists_within(plan_id, text, section)


def _speaks_of(question: Question, text: str) -> bool:
    weights = {word: word_weight(word) for word in asked_words(question)}
    held = sum(weight for word, weight in weights.items() if word in text)
    return held >= _SPEAKS_OF * sum(weights.values())


def _quoted(plan_id: str, section: int, span: Span, sources: Sources) -> _Lead:
    title = sources.name(plan_id) if sources.has_several else ""
    words = single_spaced(span.of(sources.plan(plan_id).text)).rstrip("。；;")
    return _Lead(plan_id, section, span, f"{title}「{words}」")


def _write(
    question: Question, lead: _Lead, items: Sequence[tuple[Span, Span]], sources: Sources
) -> Draft:
    """Write the items, each the words shown of the span that is cited for them."""
    text = sources.plan(lead.plan_id).text
    count = f"共{len(items)}项"
    computed = [count]
    wanted = _FIRST.search(question.normal)
    shown = list(items)
    if wanted is not None and (most := _number(wanted[1])) < len(items):
        shown = shown[:most]
        count = f"{count}，前{most}项"
        computed.append(count)
    lines = [f"{lead.words}{count}：{sources.cite(lead.plan_id, lead.section, lead.span)}"]
    for number, (span, words) in enumerate(shown, start=1):
        mark = sources.cite(lead.plan_id, lead.section, span)
        lines.append(f"{number}. {single_spaced(words.of(text)).rstrip('。；;，')}。{mark}")
        computed.append(f"{number}. ")
    return Draft("\n".join(lines), "answered", "list", computed=tuple(computed))


def write_words(
    question: Question, hits: Sequence[Hit], read: Sequence[Sentence], sources: Sources
) -> Draft | None:
    """Answer from a sentence that enumerates what is asked for: …六大重点领域.

    `read` is what a reranker surely reads as the answer, if anything: only if that is the
    enumeration, it is told then, from where the reading begins, and without the sentence around it.
    """
    best: tuple[float, Hit, Span, WordList] | None = None
    for hit in hits[:_PASSAGES] if asks_list(question) else ():
        plan = sources.plan(hit.chunk.plan_id)
        around = normalise(hit.chunk.context)
        words = [word for word in asked_words(question) if word not in normalise(plan.title)]
        for span in _sentences(hit, sources):
            said = normalise(span.of(plan.text))
            own = support(words, said)
            if not words or own + 0.5 * support(words, around) < _OF_SENTENCE:
                continue
            for words_list in read_word_lists(plan.text, span):
                fit = _fit(question, words_list, plan.text)
                if fit and (best is None or own + fit > best[0]):
                    best = (own + fit, hit, span, words_list)
    if best is None:
        return None
    _, hit, span, words_list = best
    plan_id, section = hit.chunk.plan_id, hit.chunk.section
    lead = _quoted(plan_id, section, span, sources)
    if read:
        place = _read_at(words_list, plan_id, read, sources)
        if place is None:
            return None
        lead = replace(lead, words="")
        if words_list.items[0].start < place:
            words_list = words_list.begun_at(place)
    items = [(span, item) for item in words_list.items]
    return _write(question, lead, items, sources)


def _read_at(
    words: WordList, plan_id: str, read: Sequence[Sentence], sources: Sources
) -> int | None:
    """Return where in the plan begins what is read, if little of it is not the items."""
    text = sources.plan(plan_id).text
    first, last = words.items[0], words.items[-1]
    for sentence in read:
        if sentence.hit.chunk.plan_id != plan_id:
            continue
        start = text.find(sentence.text, sentence.span.start)
        told = Span(start, start + len(sentence.text))
        if told.start < first.end - 1 and last.end <= told.end:
            items = last.end - max(first.start, told.start)
            # 空气、水、土壤等污染减排和治理技术研发: what they are of is asked for, not they.
            is_most = 2 * items >= len(told)
            is_ended = _ENDED.match(text, last.end, told.end)
            return start if is_most and is_ended else None
    return None


def _sentences(hit: Hit, sources: Sources) -> list[Span]:
    """Return the whole sentences that a chunk holds or cuts."""
    plan_id, chunk = hit.chunk.plan_id, hit.chunk
    section = sources.sections(plan_id)[chunk.section]
    return [
        span
        for span in own_sentences(sources.plan(plan_id).text, section)
        if span.overlaps(chunk.span)
    ]


def _fit(question: Question, words: WordList, text: str) -> float:
    """Return how surely it is these items that are asked for, by their number and their name."""
    is_counted = asked_count(question) == len(words.items)
    noun = _ASKED_NOUN.search(question.normal)
    name = noun[1][-2:] if noun else ""
    ends = [item.endswith(name) for item in words.of(text)]
    is_named = bool(name) and (name in normalise(words.behind[:14]) or 2 * sum(ends) > len(ends))
    return 0.3 * is_counted + 0.3 * is_named


def _number(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    return next(n for n in range(1, 20) if in_words(n) == numeral.replace("两", "二"))
