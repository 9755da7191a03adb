"""Does a source say no? 「不享受奖励」 answers 「能享受奖励吗」; it is no reason to refuse."""

import re

from assistant.answer.evidence import support
from assistant.question import Question
from corpus.normal import normalise

_ASKS_WHETHER = re.compile(
    "是否|能否|可否|会否|是不是|能不能|可不可以|会不会|要不要|该不该|行不行|有没有|有无|吗|么$"
)
_DENIES = re.compile(
    "不得|不予|不再|不能|不可以|不享受|不适用|不纳入|不属于|不包括|不受理|不给予|不支持"
    "|不允许|不需要|无需|除外|禁止|严禁"
)
_CLAUSE_END = re.compile("[,;:.!?\u3002\u3001]")
# What the denying clause, with the one before it, must hold of what the headings do not.
_SUPPORT = 0.5


def asks_whether(question: Question) -> bool:
    """Tell whether yes or no would answer."""
    return _ASKS_WHETHER.search(question.normal) is not None


def denies(question: Question, sentence: str, headings: str) -> bool:
    """Tell whether the sentence, below these headings, says no about the very thing asked.

    Example: 「失信企业能享受补贴吗」 is denied by 「失信企业，不享受本补贴」, not by
    「企业享受补贴，材料不得造假」.
    """
    above = normalise(headings)
    telling = [word for word in question.subject if word not in above] or question.subject
    clauses = _CLAUSE_END.split(normalise(sentence))
    return any(
        _DENIES.search(clause) is not None
        and support(telling, clause) > 0
        and support(telling, f"{before}\n{clause}") >= _SUPPORT
        for before, clause in zip(["", *clauses], clauses, strict=False)
    )
