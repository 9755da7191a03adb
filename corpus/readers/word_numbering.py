"""Word's automatic numbering: the label that Word shows before a paragraph but does not store."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.readers.word_numerals import format_number
from corpus.readers.word_styles import Styles
from corpus.readers.word_xml import child, is_on, number, value, w
from corpus.readers.zipped import Element

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
# Word leaves a gap after a label; after these it is not needed, and 一、 reads better without.
_CLOSED = tuple("、，。：；．）】〕〉》」)]")
# Bullets of the symbol fonts lie in the private use area; without the font they mean nothing.
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_BULLET = "•"


@dataclass(slots=True)
class _Level:
    """One level of a list: how its number is written and when it starts anew."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    gap: str = "tab"
    restart: int | None = None  # the level (from 1) that starts this one anew; 0: none does
    is_legal: bool = False
    paragraph_style: str | None = None

    @classmethod
    def read(cls, element: Element) -> "_Level":
        restart = number(element, "lvlRestart")
        start = number(element, "start")
        return cls(
            start=0 if start is None else start,
            style=_number_style(element),
            text=value(element, "lvlText") or "",
            gap=value(element, "suff") or "tab",
            restart=restart,
            is_legal=is_on(element, "isLgl"),
            paragraph_style=value(element, "pStyle"),
        )

    def is_reset_by(self, used: int, own: int) -> bool:
        """Tell whether a paragraph on level `used` starts this level, number `own`, anew."""
        if self.restart is None:
            return used < own
        return used < min(self.restart, own)


@dataclass(slots=True)
class _List:
    """A `w:num`: the levels it shows, and the abstract list that it counts on."""

    counter: str
    levels: dict[int, _Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of one document and how far each has counted."""

    styles: Styles
    _lists: dict[int, _List] = field(default_factory=dict)
    _counted: dict[str, list[int | None]] = field(default_factory=dict)
    _started: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def read(cls, root: Element | None, styles: Styles) -> "Numbering":
        """Take the lists from the root of `numbering.xml`."""
        numbering = cls(styles)
        if root is None:
            return numbering
        abstract = {
            item.get(w("abstractNumId"), ""): item for item in root.findall(w("abstractNum"))
        }
        instances = {
            int(item.get(w("numId"), "0")): item
            for item in root.findall(w("num"))
            if item.get(w("numId"), "").isdecimal()
        }
        for identifier, instance in instances.items():
            counter = _follow_links(value(instance, "abstractNumId"), abstract, instances, styles)
            if counter is not None:
                numbering._lists[identifier] = _read_list(counter, abstract[counter], instance)
        return numbering

    def next_label(self, properties: Element | None) -> str:
        """Count a paragraph and return its label with the gap after it; empty without numbering."""
        place = self._place(properties)
        if place is None:
            return ""
        identifier, level_number = place
        numbered = self._lists.get(identifier)
        if numbered is None or level_number not in numbered.levels:
            return ""
        self._count(identifier, numbered, level_number)
        return _label(numbered, level_number, self._counted[numbered.counter])

    def _place(self, properties: Element | None) -> tuple[int, int] | None:
        """Return a paragraph's list and level, its own before those of its styles."""
        chain = self.styles.of(properties)
        holders = [properties, *(child(style, "pPr") for style in chain)]
        identifier = _first(number(holder, "numPr", "numId") for holder in holders)
        if not identifier:  # 0 takes an inherited number away
            return None
        level = _first(number(holder, "numPr", "ilvl") for holder in holders)
        if level is None:
            level = self._level_of_style(identifier, chain)
        return identifier, min(level, _LEVELS - 1)

    def _level_of_style(self, identifier: int, chain: list[Element]) -> int:
        numbered = self._lists.get(identifier)
        owners = {
            level.paragraph_style: level_number
            for level_number, level in (numbered.levels.items() if numbered else ())
        }
        names = (style.get(w("styleId")) for style in chain)
        return next((owners[name] for name in names if name in owners), 0)

    def _count(self, identifier: int, numbered: _List, used: int) -> None:
        counted = self._counted.setdefault(numbered.counter, [None] * _LEVELS)
        # Lists over one abstract list count on together, unless one says where it starts.
        if used in numbered.starts and (identifier, used) not in self._started:
            self._started.add((identifier, used))
            counted[used] = numbered.starts[used] - 1
        now = counted[used]
        counted[used] = numbered.levels[used].start if now is None else now + 1
        for own in range(used + 1, _LEVELS):
            level = numbered.levels.get(own)
            if level is not None and level.is_reset_by(used, own):
                counted[own] = numbered.starts[own] - 1 if own in numbered.starts else None


def _label(numbered: _List, used: int, counted: list[int | None]) -> str:
    level = numbered.levels[used]
    if level.style == "bullet":
        text = _PRIVATE.sub(_BULLET, level.text)
    else:
        text = _PLACE.sub(
            lambda match: _show(numbered, level, int(match[1]) - 1, counted), level.text
        )
    text = text.strip()
    if not text or level.gap == "nothing" or (level.gap == "tab" and text.endswith(_CLOSED)):
        return text
    return f"{text} "


def _show(numbered: _List, level: _Level, place: int, counted: list[int | None]) -> str:
    shown = numbered.levels.get(place)
    if shown is None:
        return ""
    now = counted[place]
    is_decimal = level.is_legal and shown.style not in {"none", "bullet"}
    return format_number(
        shown.start if now is None else now, "decimal" if is_decimal else shown.style
    )


def _read_list(counter: str, abstract: Element, instance: Element) -> _List:
    levels = {
        level_number: _Level.read(element)
        for element in abstract.findall(w("lvl"))
        if (level_number := _level_number(element)) is not None
    }
    starts: dict[int, int] = {}
    for override in instance.findall(w("lvlOverride")):
        level_number = _level_number(override)
        if level_number is None:
            continue
        element = child(override, "lvl")
        if element is not None:
            levels[level_number] = _Level.read(element)
        start = number(override, "startOverride")
        if start is not None:
            starts[level_number] = start
    return _List(counter, levels, starts)


def _level_number(element: Element) -> int | None:
    text = element.get(w("ilvl"), "")
    return int(text) if text.isdecimal() and int(text) < _LEVELS else None


def _number_style(level: Element) -> str:
    """Return the style of the number; one that only newer Words know has its fallback."""
    found = child(level, "numFmt")
    if found is None:
        found = next(iter(level.iter(w("numFmt"))), None)
    style = "decimal" if found is None else found.get(w("val"), "decimal")
    return "decimal" if style == "custom" else style


def _follow_links(
    identifier: str | None,
    abstract: dict[str, Element],
    instances: dict[int, Element],
    styles: Styles,
) -> str | None:
    """Return the abstract list that really has the levels; a list style may stand between."""
    seen: set[str] = set()
    while identifier in abstract and identifier not in seen:
        seen.add(identifier)
        link = value(abstract[identifier], "numStyleLink")
        if link is None:
            return identifier
        ids = (number(style, "pPr", "numPr", "numId") for style in styles.chain(link))
        instance = instances.get(_first(ids) or 0)
        identifier = value(instance, "abstractNumId")
    return None


def _first(numbers: Iterable[int | None]) -> int | None:
    return next((found for found in numbers if found is not None), None)
