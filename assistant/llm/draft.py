"""What the model said → a draft whose marks point to words of the plans, and its proof."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answer.draft import Draft
from assistant.answer.model import Citation, Removed
from assistant.answer.sources import Sources
from assistant.answer.verify import Unsupported, prove
from assistant.llm.parse import Said
from assistant.llm.quote import best_quote
from assistant.llm.shelf import Material, Shelf

_MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Proved:
    """The sentences of the model that stand, with their citations numbered from one."""

    text: str
    citations: tuple[Citation, ...]
    removed: tuple[Removed, ...]
    computed: tuple[str, ...]
    answers: bool


@dataclass(frozen=True, slots=True)
class Prover:
    """What proving sentences takes."""

    shelf: Shelf
    similarity: Callable[[str, str], float]
    unsupported: Unsupported

    def prove(self, said: Sequence[Said]) -> Proved:
        """Return what is left of the sentences when each has been held against its sources."""
        # The plans that were read stay read: this is done again with each sentence that arrives.
        sources = replace(self.shelf.sources, citations=[])
        invented: list[Removed] = []
        lines: list[str] = []
        for sentence in said:
            unknown = [n for n in sentence.numbers if not 1 <= n <= len(self.shelf.offered)]
            if unknown:
                invented.append(Removed(sentence.text, f"引用了不存在的来源[{unknown[0]}]"))
            elif sentence.numbers or not sentence.text.endswith("："):
                lines.append(f"{sentence.text}{self._cite(sentence, sources)}")
        computed = tuple(sum_ for source in self.shelf.offered for sum_ in source.computed)
        draft = Draft("\n".join(lines), "answered", "llm", computed=computed)
        proof = prove(
            draft,
            sources.citations,
            lambda plan_id: sources.plan(plan_id).text,
            similarity=self.similarity,
            unsupported=self.unsupported,
        )
        text, citations = _renumber(proof.draft.text, sources.citations)
        removed = [
            replace(one, sentence=_MARK.sub("", one.sentence).strip()) for one in proof.removed
        ]
        answers = proof.answers and bool(citations)
        computed = tuple(formula for formula in computed if formula in text)
        return Proved(text, citations, (*invented, *removed), computed, answers)

    def _cite(self, said: Said, sources: Sources) -> str:
        marks = [
            self._cite_material(said.text, self.shelf.offered[number - 1], sources)
            for number in said.numbers
        ]
        return "".join(dict.fromkeys(marks))

    def _cite_material(self, text: str, material: Material, sources: Sources) -> str:
        spans = material.spans
        if len(spans) == 1:
            spans = (best_quote(text, spans[0], sources.plan(material.plan_id).text),)
        return "".join(sources.cite(material.plan_id, material.section, span) for span in spans)


def _renumber(text: str, citations: Sequence[Citation]) -> tuple[str, tuple[Citation, ...]]:
    """Number the citations that are still marked from one, in the order of the text."""
    kept = list(dict.fromkeys(int(mark[1]) for mark in _MARK.finditer(text)))
    numbers = {old: new for new, old in enumerate(kept, start=1)}
    renumbered = _MARK.sub(lambda mark: f"[{numbers[int(mark[1])]}]", text)
    by_number = {citation.n: citation for citation in citations}
    return renumbered, tuple(replace(by_number[old], n=new) for old, new in numbers.items())
