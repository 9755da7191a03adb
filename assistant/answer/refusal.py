"""A refusal in plain words: what was searched, what is not mentioned there, what comes nearest.

That nothing was found is no proof that nothing is there, and is not told as one.
"""

import re
from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.passages import nearest_sections
from assistant.answer.sources import Sources
from assistant.question import Question
from assistant.rarity import word_weight
from assistant.retrieve import Hit
from assistant.scope import Scope
from corpus.normal import normalise
from corpus.segment import base_segmenter
from corpus.terms import synonyms

_NAMED = 3
# The share of a question, by the weight of its words, that must be missing to be told.
_MISSING = 0.3
# What a question is about is seldom a common word (家里, 开始) and never one that asks (几年).
_RARE = 0.85
# Chinese only: markup and code in a question must not come back in an answer.
_TELLING = re.compile("(?![几多哪何])[\u3400-\u9fff]{2,}")


def refuse(
    question: Question,
    hits: Sequence[Hit],
    sources: Sources,
    scope: Scope,
    *,
    confidence: float,
) -> Draft:
    """Say that no answer was found, where it was looked for and what is near."""
    missing = not_mentioned(question, hits, sources, scope)
    own = (
        f"{_nothing(sources, scope)}{_searched(sources, scope)}",
        f"其中没有检索到提及{'、'.join(missing)}的内容。"
        if missing
        else "没有检索到不等于文件中一定没有：可以换个说法再问，或核对相近的内容。",
    )
    lines = list(own)
    for plan_id, section in nearest_sections(hits, sources):
        mark = sources.cite(plan_id, section.number, section.heading)
        lines.append(f"相近的内容：《{sources.plan(plan_id).title}》{section.title}{mark}")
    return Draft("\n".join(lines), "refused", "passage", computed=own, confidence=confidence)


def _nothing(sources: Sources, scope: Scope) -> str:
    """Say that there is no answer; of a place that no plan is of, whether any speaks of it."""
    if not scope.elsewhere:
        return "所收文件中没有找到这个问题的答案。"
    places = "、".join(scope.elsewhere)
    if any(_is_mentioned(place, sources, scope) for place in scope.elsewhere):
        return f"所收文件没有一份是{places}的，提到{places}的段落中也没有找到答案。"
    return f"所收文件没有一份是{places}的，也没有检索到提及{places}的内容。"


def _searched(sources: Sources, scope: Scope) -> str:
    """Tell which plans were searched, by name where they are few."""
    count = len(scope.plan_ids)
    names = "".join(sources.name(plan_id) for plan_id in scope.plan_ids[:_NAMED])
    if count <= _NAMED:
        return f"查找范围：{names}。"
    if scope.is_narrowed:
        return f"查找范围：问题所指的{count}份文件，有{names}等。"
    return f"查找范围：所收的全部{count}份文件。"


def not_mentioned(
    question: Question, hits: Sequence[Hit], sources: Sources, scope: Scope
) -> list[str]:
    """Return the words asked about that stand nowhere in the plans searched, if they say much.

    One odd word of a long question tells how it is put, not what it is about. Figures are left
    out: a table may have them where no sentence does.
    """
    found = normalise("\n".join(hit.chunk.embedded for hit in hits))
    missing = [
        word
        for word in question.subject
        if _TELLING.fullmatch(word)
        and word_weight(word) >= _RARE
        # Most stand in the hits, which costs less to see than a search.
        and word not in found
        and not _is_mentioned(word, sources, scope)
    ]
    weight = sum(map(word_weight, missing))
    return missing if weight >= _MISSING * sum(map(word_weight, question.subject)) else []


def _is_mentioned(word: str, sources: Sources, scope: Scope) -> bool:
    """Tell whether the plans have the word, all of its parts or another name of it."""
    catalog = sources.catalog

    def is_found(searched: str) -> bool:
        return bool(catalog.lexical_search([searched], limit=1, plan_ids=scope.plan_ids))

    for name in (word, *synonyms(word)):
        parts = [part for part in base_segmenter().search_words(name) if part != name]
        # 宠物医院 is not mentioned where only 医院 is.
        if is_found(name) or (parts and all(map(is_found, parts))):
            return True
        if not set(scope.plan_ids).isdisjoint(catalog.plans_with(name)):
            return True
    return False
