"""Word's paragraph styles: what a paragraph inherits along the `basedOn` chain."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.readers.word_xml import child, number, value, w
from corpus.readers.zipped import Element

# The built-in names, which Word stores in English whatever its language; WPS may translate them.
_HEADING = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录) ?(?:[1-9]|heading|标题)?", re.IGNORECASE)
_TITLE = frozenset({"title", "标题"})
_BODY_LEVEL = 9  # of w:outlineLvl, which counts headings from 0


@dataclass(slots=True)
class Styles:
    """The styles of one document."""

    _styles: dict[str, Element] = field(default_factory=dict)
    _default: str | None = None

    @classmethod
    def read(cls, root: Element | None) -> "Styles":
        """Take the styles from the root of `styles.xml`."""
        styles = cls()
        for style in () if root is None else root.iter(w("style")):
            identifier = style.get(w("styleId"))
            if identifier is None:
                continue
            styles._styles.setdefault(identifier, style)
            is_default = style.get(w("default")) in {"1", "true", "on"}
            if is_default and style.get(w("type")) == "paragraph":
                styles._default = identifier
        return styles

    def of(self, properties: Element | None) -> list[Element]:
        """Return a paragraph's style and those it is based on, nearest first."""
        return self.chain(value(properties, "pStyle") or self._default)

    def chain(self, identifier: str | None) -> list[Element]:
        """Return a style and those it is based on, nearest first."""
        found: list[Element] = []
        seen: set[str] = set()
        while identifier in self._styles and identifier not in seen:
            seen.add(identifier)
            found.append(self._styles[identifier])
            identifier = value(found[-1], "basedOn")
        return found

    def heading_level(self, properties: Element | None) -> int | None:
        """Return 1 to 9 for a heading: the paragraph's own word first, then its style's."""
        chain = self.of(properties)
        for holder in (properties, *(child(style, "pPr") for style in chain)):
            level = number(holder, "outlineLvl")
            if level is not None:
                return level + 1 if level < _BODY_LEVEL else None
        for style in chain:
            if match := _HEADING.fullmatch(value(style, "name") or ""):
                return int(match[1])
        return None

    def is_contents(self, properties: Element | None) -> bool:
        """Tell whether the paragraph is a line of a table of contents, or its heading."""
        return self._is_named(properties, _CONTENTS.fullmatch)

    def is_title(self, properties: Element | None) -> bool:
        """Tell whether the paragraph is the document's title."""
        return self._is_named(properties, lambda name: name.lower() in _TITLE)

    def _is_named(self, properties: Element | None, fits: Callable[[str], object]) -> bool:
        identifier = value(properties, "pStyle")
        style = self._styles.get(identifier) if identifier else None
        return bool(fits(value(style, "name") or ""))
