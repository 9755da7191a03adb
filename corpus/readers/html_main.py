"""Which part of a web page is the document, and which parts of that are only the page's."""

import re
from dataclasses import dataclass, field

from lxml import etree

from corpus.readers.html_blocks import BLOCKS, SKIPPED, is_hidden, is_layout
from corpus.readers.zipped import Element

_SENTENCE = re.compile("[\uff0c\u3002\uff1b\uff1a\u3001\uff1f\uff01]")
# One piece of text counts no more than this: many paragraphs are a document, one heap is not.
_MOST_PER_PIECE = 200
# What may stand beside the main part: a footer's worth, and not much against the main part.
_MOST_BESIDE = 400
_SHARE_BESIDE = 0.2
# A list of links leads to other pages, unless to files: then they are the document's annexes.
_FEWEST_LINKS = 3
_LINK_SHARE = 0.8
_FILE_LINK = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|et|ofd|zip|rar)(?:$|[?#])", re.IGNORECASE)
_LISTS = frozenset({"ul", "ol", "dl", "div", "table", "section"})


@dataclass(slots=True)
class _Weights:
    """For each element: its prose, all its text, the text of its links and how many they are."""

    prose: dict[Element, int] = field(default_factory=dict)
    text: dict[Element, int] = field(default_factory=dict)
    linked: dict[Element, int] = field(default_factory=dict)
    links: dict[Element, int] = field(default_factory=dict)
    files: set[Element] = field(default_factory=set)


def find_main(body: Element) -> tuple[Element, set[Element]]:
    """Return the element that holds the document, and the lists of links inside of it."""
    weights = _weigh(body)
    main = body
    while (inner := _inner(main, weights)) is not None:
        main = inner
    # The main part of a page that is one large table is not its tbody.
    for table in (*list(main.iterancestors("table")), main):
        if table.tag == "table" and not is_layout(table):
            parent = table.getparent()
            main = body if parent is None else parent
            break
    return main, _link_lists(main, weights)


def _inner(outer: Element, weights: _Weights) -> Element | None:
    """Return the child that has all but a footer's worth of the prose, if it has parts itself."""
    total = weights.prose.get(outer, 0)
    best = max(outer, key=lambda child: weights.prose.get(child, 0), default=None)
    if best is None or not total:
        return None
    beside = total - weights.prose.get(best, 0)
    if beside > min(_MOST_BESIDE, _SHARE_BESIDE * total):
        return None
    has_parts = any(child.tag in BLOCKS or child.tag == "br" for child in best)
    return best if has_parts else None


def _weigh(body: Element) -> _Weights:
    weights = _Weights()
    links = cells = 0
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            links += element.tag == "a"
            cells += element.tag in {"td", "th"}
            skipped = element.tag in SKIPPED or (is_hidden(element) and element is not body)
            if skipped:
                walk.skip_subtree()
            else:
                _count(weights, element, element.text, is_link=links > 0, is_cell=cells > 0)
            continue
        links -= element.tag == "a"
        cells -= element.tag in {"td", "th"}
        parent = element.getparent()
        if element is body or parent is None:
            continue
        _pass_up(weights, element, parent)
        _count(weights, parent, element.tail, is_link=links > 0, is_cell=cells > 0)
    return weights


def _count(
    weights: _Weights, element: Element, text: str | None, *, is_link: bool, is_cell: bool
) -> None:
    text = (text or "").strip()
    length = len(text)
    weights.text[element] = weights.text.get(element, 0) + length
    if is_link:
        weights.linked[element] = weights.linked.get(element, 0) + length
    elif is_cell or _SENTENCE.search(text):
        prose = min(length, _MOST_PER_PIECE)
        weights.prose[element] = weights.prose.get(element, 0) + prose


def _pass_up(weights: _Weights, element: Element, parent: Element) -> None:
    for totals in (weights.prose, weights.text, weights.linked, weights.links):
        totals[parent] = totals.get(parent, 0) + totals.get(element, 0)
    if element.tag == "a":
        weights.links[parent] += 1
        if _FILE_LINK.search(element.get("href", "")):
            weights.files.add(element)
    if element in weights.files:
        weights.files.add(parent)


def _link_lists(main: Element, weights: _Weights) -> set[Element]:
    return {
        element
        for element in main.iterdescendants(*_LISTS)
        if weights.links.get(element, 0) >= _FEWEST_LINKS
        and weights.linked.get(element, 0) >= _LINK_SHARE * weights.text.get(element, 0)
        and element not in weights.files
    }
