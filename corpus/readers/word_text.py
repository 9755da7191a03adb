"""The text of one Word paragraph as Word shows it, without what it hides, deletes or generates."""

from dataclasses import dataclass, field

from corpus.readers.word_xml import is_on, value, w
from corpus.readers.zipped import Element, local_name

SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")

# Deleted and moved text, field codes, the small reading over a character, all properties.
_SKIPPED = frozenset(
    ("del", "moveFrom", "instrText", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr", "trPr", "tcPr")
)
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Formulas: without the mark between them 3 over 4 would read 34.
_FORMULAS = {"f": "/", "sSup": "^"}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """A paragraph's own text and the text boxes anchored in it."""

    text: str
    boxes: tuple[Element, ...]
    is_contents: bool


@dataclass(slots=True)
class ParagraphReader:
    """Reads paragraph after paragraph; a table of contents is one field over many of them.

    `notes` collects the foot- and endnotes referred to, as (kind, id), in the order of the text.
    Their marks are left out: a small number after a figure would make another figure.
    """

    _begins: set[Element]
    _ends: set[Element]
    notes: list[tuple[str, str]] = field(default_factory=list)
    _depth: int = 0
    _parts: list[str] = field(default_factory=list)
    _boxes: list[Element] = field(default_factory=list)

    @classmethod
    def of(cls, root: Element) -> "ParagraphReader":
        """Find the tables of contents of a document; a field that never ends is none."""
        begins: set[Element] = set()
        ends: set[Element] = set()
        open_fields: list[tuple[Element, list[str]]] = []
        for element in root.iter(w("fldChar"), w("instrText")):
            kind = element.get(w("fldCharType"))
            if kind == "begin":
                open_fields.append((element, []))
            elif kind == "end" and open_fields:
                begin, code = open_fields.pop()
                if _is_contents("".join(code)):
                    begins.add(begin)
                    ends.add(element)
            elif kind is None and open_fields:
                open_fields[-1][1].append(element.text or "")
        return cls(begins, ends)

    def read(self, paragraph: Element) -> ParagraphText:
        """Return the paragraph's text."""
        self._parts, self._boxes = [], []
        is_contents = self._depth > 0
        self._walk(paragraph, is_raised=False)
        text = "".join(self._parts)
        is_contents = not text.strip() and (is_contents or self._depth > 0)
        return ParagraphText(text, tuple(self._boxes), is_contents)

    def _walk(self, element: Element, *, is_raised: bool) -> None:
        for child in element:
            name = local_name(child)
            if name == "t":
                self._add(child.text or "", is_raised=is_raised)
            elif name in _CHARACTERS:
                self._add(_CHARACTERS[name])
            elif name in _FORMULAS:
                self._formula(child, _FORMULAS[name])
            elif name == "r":
                self._run(child)
            elif name not in _SKIPPED:
                self._other(child, name, is_raised=is_raised)

    def _other(self, element: Element, name: str, *, is_raised: bool) -> None:
        if name == "fldChar":
            self._depth += (element in self._begins) - (element in self._ends)
        elif name in _NOTES:
            if not self._depth:
                self.notes.append((_NOTES[name], element.get(w("id"), "")))
        elif name == "txbxContent":
            self._boxes.append(element)
        elif name == "AlternateContent":
            self._walk(choose(element), is_raised=is_raised)
        elif name != "fldSimple" or not _is_contents(element.get(w("instr"), "")):
            self._walk(element, is_raised=is_raised)

    def _run(self, run: Element) -> None:
        properties = run.find(w("rPr"))
        if is_on(properties, "vanish"):
            # Hidden text is not read, but a field may begin or end in it.
            for mark in run.iter(w("fldChar")):
                self._other(mark, "fldChar", is_raised=False)
            return
        self._walk(run, is_raised=value(properties, "vertAlign") == "superscript")

    def _formula(self, element: Element, mark: str) -> None:
        for number, part in enumerate(item for item in element if len(item) and _holds_text(item)):
            if number:
                self._add(mark)
            self._walk(part, is_raised=False)

    def _add(self, text: str, *, is_raised: bool = False) -> None:
        if self._depth:
            return
        if is_raised:
            text = text.translate(SUPERSCRIPTS)
        self._parts.append(text)


def choose(alternate: Element) -> Element:
    """Return the one branch of an `mc:AlternateContent` that is read; itself if none has text.

    The same text box stands in both, as a shape for new Words and as a drawing for old ones.
    """
    branches = [branch for branch in alternate if local_name(branch) in {"Choice", "Fallback"}]
    return next((branch for branch in branches if _holds_text(branch)), alternate)


def _holds_text(element: Element) -> bool:
    return any(local_name(item) == "t" for item in element.iter())


def _is_contents(code: str) -> bool:
    return code.split()[:1] == ["TOC"]
