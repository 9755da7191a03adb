"""The numbered sources that the model of one answer has been shown, within a budget of tokens."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.answer.model import Answer, Citation, Fact
from assistant.answer.sources import Sources
from assistant.llm.prompt import fence
from assistant.matching.model import Match
from assistant.retrieve import Hit
from assistant.tools.indicators import CheckedIndicator
from corpus.model import Measure, Project, Span


@dataclass(frozen=True, slots=True)
class Material:
    """Words of one plan that may be cited; `computed` are sums told beside them, found nowhere."""

    plan_id: str
    section: int
    spans: tuple[Span, ...]
    computed: tuple[str, ...] = ()


@dataclass
class Shelf:
    """What has been offered, number by number. A source is offered whole or not at all."""

    sources: Sources
    count_tokens: Callable[[str], int]
    tokens_left: int
    offered: list[Material] = field(default_factory=list)

    def offer(self, materials: Iterable[Material], *, reserve: int = 0) -> str:
        """Put materials on the shelf, the best first; return what the model reads of them.

        Where one does not fit, it and all that rank lower are left out; `reserve` tokens are kept
        for what is offered later.
        """
        shown: list[str] = []
        for material in materials:
            if material in self.offered:
                shown.append(f"（见来源[{self.offered.index(material) + 1}]）")
                continue
            text = self._render(material, len(self.offered) + 1)
            tokens = self.count_tokens(text)
            if tokens > self.tokens_left - reserve:
                break
            self.tokens_left -= tokens
            self.offered.append(material)
            shown.append(text)
        return "\n".join(shown)

    def of_citation(self, citation: Citation) -> Material:
        """Return what an answer without the model cited."""
        span = Span(citation.start, citation.end)
        holding = [
            section
            for section in self.sources.sections(citation.plan_id)
            if section.span.start <= span.start < section.span.end
        ]
        section = min(holding, key=lambda section: len(section.span)).number if holding else 0
        return Material(citation.plan_id, section, (span,))

    def _render(self, material: Material, number: int) -> str:
        plan = self.sources.plan(material.plan_id)
        path = " > ".join(self.sources.sections(material.plan_id)[material.section].path)
        title = self.sources.name(material.plan_id)
        words = "\n".join(span.of(plan.text) for span in material.spans)
        computed = "".join(f"\n核算：{sum_}" for sum_ in material.computed)
        return (
            f"<source n={number} plan_id={fence(material.plan_id)}>\n"
            f"文件：{fence(title)}\n位置：{fence(path)}\n原文：\n{fence(words)}{fence(computed)}\n"
            "</source>"
        )


def of_indicator(row: CheckedIndicator | Fact, computed: Sequence[str] = ()) -> Material:
    """Return a row of figures together with the header that says what they are, and sums on it."""
    indicator = row.indicator
    # A clause in prose stands within the sentence that has its year.
    is_prose = indicator.header.holds(indicator.span)
    spans = (indicator.header,) if is_prose else (indicator.header, indicator.span)
    check = () if row.check.status == "not_applicable" else (row.check.formula,)
    return Material(indicator.plan_id, indicator.section, spans, (*check, *computed))


def of_project(project: Project) -> Material:
    """Return the row of a platform or project."""
    return Material(project.plan_id, project.section, (project.span,))


def of_measure(measure: Measure) -> Material:
    """Return the clause that promises something."""
    return Material(measure.plan_id, measure.section, (measure.span,))


def of_hit(hit: Hit) -> Material:
    """Return a passage that was found."""
    return Material(hit.chunk.plan_id, hit.chunk.section, (hit.chunk.span,))


def of_match(match: Match) -> Material:
    """Return a measure that may fit, with what it pays where that could be worked out."""
    measure = match.measure
    if match.payment is None:
        return Material(measure.plan_id, measure.section, (measure.span,))
    # The sentence behind the measure's own may tell the cap.
    more = [span for span in match.payment.spans if not measure.span.holds(span)]
    formula = (match.payment.formula,)
    return Material(measure.plan_id, measure.section, (measure.span, *more), formula)


def rank(answer: Answer, hits: Iterable[Hit], shelf: Shelf) -> list[Material]:
    """Return the sources, the best first: figures, what else the rules' answer cites, hits."""
    rows = [of_indicator(fact) for fact in answer.facts]
    passages = [of_hit(hit) for hit in hits]
    cited = [
        material
        for material in map(shelf.of_citation, answer.citations)
        if not any(_holds(other, material) for other in (*rows, *passages))
    ]
    return [*rows, *cited, *passages]


def _holds(material: Material, other: Material) -> bool:
    return material.plan_id == other.plan_id and all(
        any(span.holds(inner) for span in material.spans) for inner in other.spans
    )
