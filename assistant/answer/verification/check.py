"""One statement against what it cites: first its figures and quotations, then its meaning."""

import re
from collections.abc import Callable, Collection, Sequence

from assistant.answer.model import Citation
from assistant.answer.verification.agreement import check_columns, counts_items, disagreement
from assistant.answer.verification.cited import Cited, cite, pack
from assistant.answer.verification.contrast import check_contrast
from assistant.answer.verification.fault import Fault
from assistant.answer.verification.figures import read_figures
from assistant.answer.verification.statements import Statement
from assistant.answer.verification.support import check_place, check_support
from corpus.normal import normalise

_QUOTED = re.compile('「([^「」]+)」|《([^《》]+)》|“([^“”]+)”|"([^"]+)"|『([^『』]+)』')
# Names with figures in them: pm2.5, co2, t3.
_NAME = re.compile(r"[a-z][a-z+-]*\d[a-z\d.]*")


def check_words(statement: Statement, cited: Cited, *, is_by_rules: bool = False) -> list[Fault]:
    """Return every figure, name and quotation that the sources do not hold as they are written.

    Rules copy figures as they are printed; a numeral among their words is a word of their own.
    """
    said = _without_titles(statement.said, cited.titles)
    text = normalise(said)
    figures = [
        figure for figure in read_figures(text) if figure.digits is not None or not is_by_rules
    ]
    faults = [disagreement(figure, cited) for figure in figures if not counts_items(figure, text)]
    faults += [
        Fault(f"name {name}", f"名称“{name}”不见于所引原文")
        for name in _NAME.findall(text)
        if name not in cited.text
    ]
    for match in _QUOTED.finditer(said):
        words = next(group for group in match.groups() if group)
        if pack(words) not in cited.packed:
            faults.append(Fault(f"quotation {words}", f"引文“{words}”不见于所引原文"))
    found = [fault for fault in faults if fault is not None]
    return found or [fault for fault in (check_columns(figures, cited),) if fault is not None]


def check_meaning(
    statement: Statement,
    cited: Cited,
    citations: Sequence[Citation],
    *,
    similarity: Callable[[str, str], float] | None = None,
    is_by_rules: bool = False,
) -> Fault | None:
    """Return in what the statement says something else than its sources, None if it does not."""
    said = normalise(_without_titles(statement.said, cited.titles))
    # What an introduction calls the items stands with the items.
    held = cite(citations) if statement.is_introduction else cited
    return (
        check_place(said, cited, citations, is_by_rules=is_by_rules)
        or check_contrast(said, held, is_by_rules=is_by_rules)
        or check_support(said, cited, similarity=similarity, is_by_rules=is_by_rules)
    )


def cited_by(statement: Statement, sound: dict[int, Citation]) -> Cited:
    """Return the citations of a statement; those that are not sound count for nothing."""
    return cite([sound[number] for number in statement.numbers if number in sound])


def _without_titles(text: str, titles: Collection[str]) -> str:
    for title in titles:
        text = text.replace(f"《{title}》", "")
    return text
