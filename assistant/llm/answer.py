"""One question → a verified answer in the model's words; where that fails, the one without it."""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import mul

from langchain_core.messages import HumanMessage

from assistant.answer.answerer import answer_question
from assistant.answer.evidence import holds_wanted, support
from assistant.answer.model import Answer, Removed
from assistant.answer.passages import nearest_sections
from assistant.answer.rewrite import asks_for_more
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.llm.agent import Reply, converse
from assistant.llm.background import iterate
from assistant.llm.draft import Proved, Prover
from assistant.llm.errors import MODEL_ERRORS, ModelFailed, explain
from assistant.llm.model import price
from assistant.llm.parse import read_sentences, visible
from assistant.llm.prompt import INSTRUCTIONS, NOT_CARRIED, WITH_TOOLS, ask_model
from assistant.llm.shelf import Shelf, rank
from assistant.question import read_question
from assistant.retrieve import Hit, retrieve
from assistant.scope import entries_within, narrow
from corpus.normal import normalise

_HITS = 12
# The share of the room for sources that is kept for what tools will find.
_FOR_TOOLS = 1 / 3
# Below this share of Chinese characters among its letters, an answer is in another language.
_CHINESE = 0.5
# An answer and its sources hold at least this much of what was asked.
_ABOUT = 0.3
# What is left of an answer must speak of nearly all that the whole of it did.
_TO_THE_POINT = 0.8
_REFUSAL = NOT_CARRIED.rstrip("。")

_log = logging.getLogger(__name__)


def stream_model_answer(
    text: str,
    library: Library,
    *,
    plan_id: str | None = None,
    plan_ids: Sequence[str] | None = None,
    history: Sequence[Answer] = (),
) -> Iterator[Answer]:
    """Yield the answer as it grows; the last one is complete.

    What is shown on the way has been verified like the end. Small talk and questions that need
    asking back never reach the model; a follow-up does as the standalone question it stands for.
    """
    within = plan_ids if plan_id is None else [plan_id]
    plain = answer_question(text, library, plan_ids=within, history=history)
    if plain.status == "clarify" or (asks_for_more(text) and plain.status == "refused"):
        yield plain
        return
    question = plain.rewritten or text
    sources = Sources(library.catalog)
    count_tokens = library.embeddings.count_tokens
    spent = count_tokens(INSTRUCTIONS + WITH_TOOLS) + count_tokens(question)
    shelf = Shelf(sources, count_tokens, library.settings.llm_context_tokens - spent)
    hits = _find(question, library, within)
    if asks_for_more(text):
        hits = _untold(hits, history)
    reserve = 0 if library.settings.llm_tools == "off" else int(shelf.tokens_left * _FOR_TOOLS)
    shown = shelf.offer(rank(plain, hits, shelf), reserve=reserve)
    if not shelf.offered:
        yield plain
        return
    prover = Prover(shelf, _similarity(library), library.settings.llm_unsupported)
    turn = _Turn(question, plain, hits, prover, library, time.perf_counter())
    yield from turn.stream(ask_model(question, shown), within)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One question put to the model, and what there is to fall back on."""

    question: str
    plain: Answer
    hits: Sequence[Hit]
    prover: Prover
    library: Library
    started: float

    def stream(self, message: HumanMessage, plan_ids: Sequence[str] | None) -> Iterator[Answer]:
        reply, known, shown = Reply(), 0, ""
        try:
            with closing(self._replies(message, plan_ids)) as replies:
                for reply in replies:
                    said = read_sentences(visible(reply.text), is_whole=False)
                    if len(said) == known:
                        continue
                    known = len(said)
                    proved = self.prover.prove(said)
                    if proved.answers and proved.text != shown:
                        shown = proved.text
                        yield self._answer(proved)
            yield self._finish(reply)
        except ModelFailed as failure:
            cause = type(failure.__cause__ or failure).__name__
            _log.warning("answered without the language model: %s (%s)", failure, cause)
            yield self._fall_back(reply, str(failure))

    def _replies(
        self, message: HumanMessage, plan_ids: Sequence[str] | None
    ) -> Generator[Reply, None, None]:
        make = partial(converse, message, self.library, self.prover.shelf, plan_ids=plan_ids)
        try:
            yield from iterate(make, seconds=self.library.settings.llm_timeout_seconds)
        except MODEL_ERRORS as error:
            raise ModelFailed(explain(error)) from error

    def _finish(self, reply: Reply) -> Answer:
        text = visible(reply.text).strip()
        if not text and reply.is_cut:
            raise ModelFailed("思考用完了输出上限，请调大 PLAN_LLM_MAX_OUTPUT_TOKENS")
        if not text:
            raise ModelFailed("没有返回内容")
        if not _is_chinese(text):
            raise ModelFailed("没有用中文作答")
        sentences = read_sentences(text, is_whole=not reply.is_cut)
        said = [sentence for sentence in sentences if _REFUSAL not in sentence.text]
        if not said and sentences:
            return self._refuse(reply)
        proved = self.prover.prove(said)
        if not any(sentence.numbers for sentence in said):
            raise ModelFailed("没有注明出处")
        if not self._answers(proved):
            return self._fall_back(reply, "回答未能在原文中核实", removed=proved.removed)
        answer = replace(self._with_usage(self._answer(proved), reply), removed=proved.removed)
        if reply.is_cut:
            return replace(answer, notes=("大模型的回答达到长度上限，后面的内容没有显示。",))
        return answer

    def _answers(self, proved: Proved) -> bool:
        """Tell whether what is left speaks of what was asked."""
        question = read_question(self.question)
        cited = "".join(citation.section + citation.quote for citation in proved.citations)
        if not proved.answers or support(question.subject, normalise(proved.text + cited)) < _ABOUT:
            return False
        if not proved.removed or question.wanted in ("list", "text"):
            return True
        # Where the sentence with the figure or name fell, the rest beats about the bush.
        fell = "".join(one.sentence for one in proved.removed)
        kept = support(question.subject, normalise(proved.text))
        whole = support(question.subject, normalise(proved.text + fell))
        return kept >= _TO_THE_POINT * whole and holds_wanted(question, proved.text)

    def _answer(self, proved: Proved) -> Answer:
        cited = {(citation.plan_id, citation.start) for citation in proved.citations}
        return Answer(
            question=self.plain.question,
            text=proved.text,
            status="answered",
            route="llm",
            citations=proved.citations,
            facts=tuple(
                fact
                for fact in self.plain.facts
                if (fact.indicator.plan_id, fact.indicator.span.start) in cited
            ),
            computed=proved.computed,
            timings_ms=self._timings(),
            rewritten=self.plain.rewritten,
        )

    def _refuse(self, reply: Reply) -> Answer:
        """Return what the model's refusal comes to: figures found by look-up stand against it."""
        if self.plain.status == "refused":
            return self._with_usage(self.plain, reply)
        if self.plain.route != "passage":
            note = "大模型在所给来源中没有找到答案，以上是按表格和目录查到的结果。"
            return replace(self._with_usage(self.plain, reply), notes=(*self.plain.notes, note))
        sources = Sources(self.library.catalog)
        lines = ["所收文件中没有找到这个问题的答案。"]
        for plan_id, section in nearest_sections(self.hits, sources):
            mark = sources.cite(plan_id, section.number, section.heading)
            lines.append(f"相近的内容：《{sources.plan(plan_id).title}》{section.title}{mark}")
        refusal = replace(
            self.plain,
            text="\n".join(lines),
            status="refused",
            route="llm",
            citations=tuple(sources.citations),
            facts=(),
            computed=(),
        )
        return self._with_usage(refusal, reply)

    def _fall_back(self, reply: Reply, reason: str, *, removed: tuple[Removed, ...] = ()) -> Answer:
        note = f"没有用上大模型（{reason}），以上是不经大模型的回答。"
        answer = replace(self.plain, notes=(*self.plain.notes, note), removed=removed)
        return self._with_usage(answer, reply)

    def _with_usage(self, answer: Answer, reply: Reply) -> Answer:
        """Return the answer with what it took; None where the endpoint does not report tokens."""
        if not reply.input_tokens:
            return replace(answer, timings_ms=self._timings())
        used = price(
            self.library.settings,
            input_tokens=reply.input_tokens,
            output_tokens=reply.output_tokens,
        )
        return replace(answer, usage=used, timings_ms=self._timings())

    def _timings(self) -> dict[str, float]:
        passed = (time.perf_counter() - self.started) * 1000
        total = self.plain.timings_ms.get("total", 0.0) + passed
        return {**self.plain.timings_ms, "model": round(passed, 2), "total": round(total, 2)}


def _find(question: str, library: Library, plan_ids: Sequence[str] | None) -> list[Hit]:
    """Return the passages for the model, from the plans that the question is about."""
    entries = entries_within(library, plan_ids)
    if not entries:
        return []
    scope = narrow(read_question(question), entries)
    wanted = scope.plan_ids if scope.is_narrowed or plan_ids is not None else None
    hits = retrieve(question, library, limit=_HITS, plan_ids=wanted)
    # Of a place that no plan is about, only what names it can tell.
    return [hit for hit in hits if all(place in hit.chunk.embedded for place in scope.elsewhere)]


def _untold(hits: Sequence[Hit], history: Sequence[Answer]) -> list[Hit]:
    """Leave out the passages that earlier answers have cited from: 还有吗 asks for others."""
    told = [citation for answer in history for citation in answer.citations]
    return [
        hit
        for hit in hits
        if not any(
            citation.plan_id == hit.chunk.plan_id
            and citation.start < hit.chunk.span.end
            and hit.chunk.span.start < citation.end
            for citation in told
        )
    ]


def _similarity(library: Library) -> Callable[[str, str], float]:
    """Return the cosine of two texts, each embedded once an answer."""
    embed = cache(library.embeddings.embed_query)
    return lambda left, right: sum(map(mul, embed(left), embed(right)))


def _is_chinese(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    chinese = sum("\u3400" <= letter <= "\u9fff" for letter in letters)
    return not letters or chinese >= _CHINESE * len(letters)
