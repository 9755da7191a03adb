"""One part of the last question exchanged: another year, place, figure, subject or aspect.

Example: 2025年高企的目标是多少; 科小 -> 2025年科小的目标是多少
"""

import re

from assistant.answer.frame import YEAR, Frame, cut, places_of
from assistant.answer.topic import Topic
from corpus.terms import load_aspects, load_generic

_PERIOD = re.compile(
    '[“"]?(?:[六七八九]五|十[一二三四五]?五)[”"]?(?=规划|计划|时期|期间|纲要|的|$)'
)
_FIGURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?\s*(?:[万亿千百]*[%‰家个件项人名元倍座处])(?!年)")
_COUNTED = re.compile("(?:多少|几)(?:[万亿]?[家件个项人名座处元条]|万人|亿元|万元)")
OF_ONE_YEAR = re.compile("基数|基期|基准|起点|底子|年均|累计|增速|每年")
_WANTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("人$|部门|单位$|牵头"), "是谁"),
    (re.compile("时间|期限|时限"), "是什么时候"),
    (re.compile("政策|措施|举措|支持|扶持|奖励|补贴|条件|任务|材料|重点|内容|领域"), "有哪些"),
    (re.compile("原因|理由|依据|作用|意义|背景|性质|属性|定义|含义|流程|标准"), "是什么"),
)
_FOLLOWS = re.compile("^(?:分别|[是有为在属能会要达到怎如哪谁由几多对算和与跟从什\\d]|为什么)")


def put_in(said: str, topic: Topic) -> str:
    """Return the last question with what is said put in the place of its like."""
    frame = topic.frame
    if _FIGURE.fullmatch(said):
        return _FIGURE.sub(said, topic.question, count=1)
    if _PERIOD.match(said) and _PERIOD.search(topic.question):
        return _PERIOD.sub(_PERIOD.findall(said)[0], topic.question, count=1)
    part = cut(said)
    question = topic.question
    if part.scope:
        question = _with_place(part.scope, topic)
        frame = cut(question, topic.subjects)
    if years := YEAR.findall(said):
        question = _with_year(years[0], question, frame, topic)
        frame = cut(question, topic.subjects)
    if part.subject:
        tail = _COUNTED.sub("多少", frame.tail) if topic.answer.facts else frame.tail
        return f"{frame.head}{part.subject}{_after(said, part.subject)}{tail}"
    asked = YEAR.sub("", said).replace(part.scope, "", 1).strip("的，, ")
    if asked and (asked in load_aspects() | load_generic() or (not part.scope and not years)):
        return _with_aspect(asked, frame, topic)
    return question


def _after(said: str, subject: str) -> str:
    """Return what is said of a new subject beyond its name: 食品安全方面 -> 方面."""
    rest = said.partition(subject)[2]
    return rest if rest in load_aspects() | load_generic() else ""


def _with_place(place: str, topic: Topic) -> str:
    frame = topic.frame
    places = places_of(frame.scope)
    if not places:
        return f"{place}{topic.question}"
    if len(places) == 1 or frame.scope != "".join(places):
        return topic.question.replace(places[-1], place, 1)
    return topic.question.replace(frame.scope, place, 1)


def _with_year(year: str, question: str, frame: Frame, topic: Topic) -> str:
    if YEAR.search(question):
        return YEAR.sub(year, question, count=1)
    if topic.answer.facts:
        return joined(frame.phrase, f"{year}是多少")
    return f"{year}{question}"


def _with_aspect(asked: str, frame: Frame, topic: Topic) -> str:
    wants = next((wants for pattern, wants in _WANTS if pattern.search(asked)), "是多少")
    years = "" if OF_ONE_YEAR.search(asked) else frame.years
    subject = "和".join(topic.subjects) or frame.subject
    return joined(f"{frame.scope}{years}{subject}", f"{asked}{wants}")


def joined(subject: str, rest: str) -> str:
    """Put a subject before what is asked of it, with 的 where it takes one."""
    rest = rest.strip()
    if not rest or rest.startswith("的"):
        return f"{subject}{rest}"
    ascii_first = subject[-1:].isascii() and rest[0].isdigit()
    return f"{subject}的{rest}" if ascii_first or not _FOLLOWS.match(rest) else f"{subject}{rest}"


def with_each(tail: str) -> str:
    """Return what is asked with 分别: asked of several."""
    return re.sub("(?=是?(?:多少|几|什么))", "分别", tail, count=1) if tail else "分别怎么样"
