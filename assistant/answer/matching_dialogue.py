"""What is said after a matching answer → all that is known of the enterprise, in one question.

Example: 我们是瓯海的高企，能拿什么？; 研发占比6% -> 我们是瓯海的高企，能拿什么，研发占比6%
"""

import re
from collections.abc import Sequence

from assistant.answer.matching import (
    asks_otherwise,
    asks_what_it_gets,
    profile_in,
    question_of,
)
from assistant.answer.model import Answer
from assistant.library import Library
from assistant.matching.describe import describe_profile
from assistant.matching.match import match_measures
from assistant.matching.read_profile import write_answer

_YES = re.compile("(?:是|是的|有|有的|对|对的|符合|满足|可以|能)[的了啊呀]?")
_NO = re.compile("(?:不是|没有|没|否|不|无|不符合|不满足|不能)[的了啊呀]?")
_UNKNOWN = re.compile("(?:不清楚|不知道|不确定|说不好|还没定|跳过|下一个)[的了啊呀]?")
_SIGNS = "，,。；;？?！! "
# How a bare figure or name is said in full, by what was asked.
_IN_FULL = {
    "research_share": "研发占比{}",
    "revenue": "营业收入{}",
    "staff": "员工{}",
    "founded": "成立于{}",
    "region": "在{}",
    "industry": "从事{}",
}
# A bare figure says by its unit what it is.
_FIGURES = (
    (re.compile("[\\d.]+\\s*[%％]"), "research_share"),
    (re.compile(".*[万亿]元?"), "revenue"),
)
_LONGEST_REPLY = 20


def continue_matching(question: str, history: Sequence[Answer], library: Library) -> str | None:
    """Return the earlier words with the new ones; None where it is not about the enterprise."""
    told = [answer for answer in history if answer.route != "smalltalk"]
    if not told or told[-1].route != "matching":
        return None
    said = question.strip(_SIGNS)
    if not said or asks_otherwise(said):
        return None
    before = (told[-1].rewritten or told[-1].question).rstrip(_SIGNS)
    reply = _as_reply(said, before, told[-1], library)
    if reply is not None:
        return f"{before}，{reply}"
    is_about = describe_profile(profile_in(said)) or asks_what_it_gets(said)
    return f"{before}，{said}" if is_about else None


def _as_reply(said: str, before: str, last: Answer, library: Library) -> str | None:
    """Return a short reply in full, by what the last answer asked."""
    asked = question_of(last.text)
    if asked is None or len(said) > _LONGEST_REPLY or describe_profile(profile_in(said)):
        return None
    matching = match_measures(profile_in(before), library)
    reason = next((one for one in matching.questions if one.question == asked), None)
    if reason is None or reason.key is None:
        return None
    for answer, words in (("是", _YES), ("否", _NO), ("不清楚", _UNKNOWN)):
        if words.fullmatch(said):
            return write_answer(reason.key, answer)
    unit = next((key for figure, key in _FIGURES if figure.fullmatch(said)), reason.key)
    full = _IN_FULL.get(unit)
    return full.format(said) if full and not asks_what_it_gets(said) else None
