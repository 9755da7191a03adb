"""A follow-up → the question in full, in the words of the conversation.

A question that says what it is about is left as it is, character for character.

Example: 高新技术企业的目标是多少; 那基数呢 -> 高新技术企业的基数是多少
"""

import re
from collections.abc import Callable, Sequence

from assistant.answer.fragment import OF_ONE_YEAR, joined, put_in, with_each
from assistant.answer.frame import YEAR, bare, cut, names_subject, places_of
from assistant.answer.matching_dialogue import continue_matching
from assistant.answer.model import Answer
from assistant.answer.smalltalk import turn_back
from assistant.answer.topic import Topic, items_of, read_topic, subjects_of
from assistant.library import Library
from corpus.terms import load_aspects, load_generic

_ASKS = re.compile(
    "咋|啥|甚么|干嘛|多[少大高长快久]|几|什么|哪|怎么|怎样|如何|为何|谁|吗|是不是|是否|有没有|能不能|会不会|何时|？|\\?"
)
_SHORT = 16
_NUMERALS = "一二三四五六七八九十"
_NTH = re.compile(
    "(?:上面|前面|刚才)?(?:的|说的|提到的)?(?:第\\s*([一二三四五六七八九十]{1,3}|\\d{1,2})|(最后)一?)\\s*"
    "(?:个指标|个项目|个平台|个问题|条措施|项措施|[个条项点款种类家位]|方面)(?:的)?"
)
_CHOICE = re.compile(
    "(?:选|就)?(?:第)?\\s*([一二三四五六七八九十]|\\d{1,2})\\s*(?:个|项|条)?(?:吧)?"
)
_TELL = re.compile(
    "(?:请|能)?(?:再)?(?:具体|详细|展开)?(?:地)?(?:说说|讲讲|介绍一?下|解释一?下|说一?下|讲一?下)(?:看)?"
)
_DETAILS = re.compile(
    "(?:请|能|可以|能不能|可不可以)?(?:再)?(?:给我)?(?:具体|详细|展开|细|深入|仔细)(?:地|点|一点|些)?"
    "(?:的?内容)?(?:来?(?:说|讲|介绍|解释|谈)[说讲谈]?)?(?:一下|吗|看|清楚)?(?:是什么|有哪些|是啥)?|(?:再)?(?:说说|讲讲|介绍一?下)(?:看)?|是什么|内容是什么"
)
_MORE = re.compile(
    "(?:那)?(?:还有|还有吗|还有没有|还有什么|还有哪些|还有别的吗?|还有其[他它]的?吗?|其[他它余]的?|别的|继续|接着说|然后|没了吗?|就这些吗?|更多)"
)
_WHY = re.compile(
    "(?:这是|那是|这)?(?:为什么|为啥|为何|凭什么|原因|理由|依据)(?:呢|是什么|这样定?|这么定?)?"
)
_SURE = re.compile("(?:真的|确定|你确定|是真的|是这样|准确|可靠)(?:吗|么)?")
_COMPARED = re.compile(
    "(?:跟|和|与|同|比|对比|相比)(?:起)?(?P<other>[^,，]{2,12}?)(?:相?比(?:较|起来)?)?"
    "(?:怎么样|如何|有什么区别|差别|差多少|高吗?|低吗?|谁高|谁低|哪个高|哪个低)?"
)
_BOTH = re.compile("两者|二者|这两[个项](?:指标|项目)?|它们(?:俩|两个)|他们两个")
_SOME = re.compile("前?(?:[一二两三四五六七八九十几\\d]+)[个项条点]")
_FORMER = re.compile("前者|前一个|前面那个")
_LATTER = re.compile("后者|后一个|后面那个")
_THIS_PLAN = re.compile(
    "(?:这|那|(?<!应)该|(?<![基版])本|上述)(?:个|份|部|项)?(?:规划|报告|文件|计划|纲要|通知|办法|意见|条例|方案)"
)
_THAT = re.compile(
    "(?:(?:这|那)(?:个|项|些|条|家|一?个|几个)|(?<!应)该|(?<![因如从彼为对至])此(?![外前后次类])|上述|上面(?:说)?的?(?:这个|那个)?|刚才(?:说|提到)?的?(?:这个|那个)?)"
    "(?:指标|数字|数据|数|目标|项目|平台|政策|措施|举措|任务|领域|方面|内容|工程|机构)?(?!年|五年|期|规划)"
)
_IT = re.compile(
    "它们?|他们|(?<![尤极与及])其(?![他它余中次实])|(?<![\u4e00-\u9fff])这(?=[是算属由有能怎])"
)
_SWAP = re.compile("^(?:换成|换|改成|如果是|要是|再看看?|再问|看看)")


def asks_for_more(question: str) -> bool:
    """Tell whether the question wants what has not been told yet: 还有呢."""
    return _MORE.fullmatch(bare(question)) is not None


def rewrite(question: str, history: Sequence[Answer], library: Library) -> str:
    """Return the question in full; the same text where it needs nothing of the conversation."""
    if (profile := continue_matching(question, history, library)) is not None:
        return profile
    topic = read_topic(history)
    if topic is None or turn_back(question) is not None:
        return question
    if topic.answer.status == "clarify":
        return _chosen(question, topic) or question
    said = _resolve_former(bare(question), history)
    if (named := _with_plan(said, topic, library)) is not None:
        return named
    for understand in _WAYS:
        if (full := understand(said, question, topic, history)) is not None:
            return full
    return question if said == bare(question) else said


def _chosen(question: str, topic: Topic) -> str | None:
    """Return the choice that is named by its number, or the vague question with its subject."""
    said = bare(question)
    choices = topic.answer.choices
    if match := _CHOICE.fullmatch(said):
        number = _number(match[1])
        return choices[number - 1] if 0 < number <= len(choices) else None
    names = names_subject(said) or places_of(said)
    if not names or _ASKS.search(said) or len(said) > 2 * _SHORT:
        return None
    return joined(said, bare(topic.question))


def _resolve_former(said: str, history: Sequence[Answer]) -> str:
    subjects = subjects_of(history)
    if len(subjects) < 2:
        return said
    said = _BOTH.sub("和".join(subjects), said)
    return _LATTER.sub(subjects[-1], _FORMER.sub(subjects[0], said))


def _nth(said: str, question: str, topic: Topic, history: Sequence[Answer]) -> str | None:
    """第二条具体说说, 第八个的基数是多少."""
    said = _TELL.sub("", said, count=1) if _TELL.match(said) else said
    match = _NTH.match(said)
    rest = said[match.end() :] if match else ""
    if match is None or names_subject(rest):
        return None
    item = items_of(history, -1 if match[2] else _number(match[1]))
    if item is None:
        return None
    if not rest or _DETAILS.fullmatch(rest):
        return f"{item}的具体内容是什么"
    return joined(item, rest)


def _whole(said: str, question: str, topic: Topic, history: Sequence[Answer]) -> str | None:
    """为什么, 还有呢, 具体说说, 真的吗: about the last answer as a whole."""
    about = topic.subject or topic.question
    if _SURE.fullmatch(said):
        return topic.answer.rewritten or topic.answer.question
    if _WHY.fullmatch(said):
        return f"{about}为什么这样定"
    if _MORE.fullmatch(said):
        return f"{about}还有哪些内容"
    if said and _DETAILS.fullmatch(said):
        return f"{about}的具体内容是什么"
    return None


def _compared(said: str, question: str, topic: Topic, history: Sequence[Answer]) -> str | None:
    """跟浙江比呢 -> 上海和浙江……分别是多少."""
    match = _COMPARED.fullmatch(said)
    if match is None or not re.search("比|[区差]别|差多少|[高低]", said):
        return None
    other = match["other"]
    frame = topic.frame
    tail = frame.tail if "分别" in frame.tail else with_each(frame.tail)
    if places_of(other) == [other]:
        ours = frame.scope or _place_of(topic.answer)
        years = (
            "" if frame.scope and frame.scope != "".join(places_of(frame.scope)) else frame.years
        )
        return f"{ours}和{other}{years}{frame.subject}{tail}" if ours else None
    if names_subject(other) and topic.subjects:
        return f"{frame.scope}{frame.years}{topic.subjects[0]}和{other}{tail}"
    return None


def _fragment(said: str, question: str, topic: Topic, history: Sequence[Answer]) -> str | None:
    """那2025年呢, 上海呢, 换成基数, R&D呢: one part of the last question, put in its place."""
    swapped = _SWAP.sub("", said)
    opened = question.strip() != said or swapped != said
    if not swapped or re.search("[,，]", swapped) or _ASKS.search(swapped):
        return None
    if len(swapped) > 2 * _SHORT or _SOME.fullmatch(swapped):
        return None
    if not opened and (names_subject(swapped) or len(swapped) > _SHORT // 2):
        return None
    if not (_asks_on(question) or swapped != said) and names_subject(swapped):
        return None
    return put_in(_THAT.sub("", swapped) or swapped, topic)


def _asks_on(question: str) -> bool:
    """Tell whether the fragment is put as a question: 那高企呢, 高企呢, 那高企."""
    return bool(re.search("呢\\s*[?？。]?$", question.strip())) or question.strip().startswith("那")


def _with_plan(said: str, topic: Topic, library: Library) -> str | None:
    """这份报告的目标有哪些 -> 《……》的目标有哪些, where there are several plans."""
    match = _THIS_PLAN.search(said)
    titles = dict.fromkeys(citation.plan_title for citation in topic.answer.citations)
    if match is None or not titles or places_of(said) or len(library.catalog.entries()) < 2:
        return None
    return said.replace(match[0], f"《{next(iter(titles))}》", 1)


def _pronoun(said: str, question: str, topic: Topic, history: Sequence[Answer]) -> str | None:
    """它的基数是多少, 这个指标是约束性的吗."""
    match = _THAT.search(said) or _IT.search(said)
    if match is None or not topic.subject:
        return None
    rest = said[: match.start()] + said[match.end() :]
    if rest and not _ASKS.search(rest) and not names_subject(rest):
        return put_in(rest.strip("的"), topic)
    named = cut(rest).subject
    if match[0] not in said[: len(match[0])] and named:
        return None
    if named and rest.startswith(named):
        # 这个孵化器: named again by a part of its name; else another thing is spoken of.
        if named not in topic.subject:
            return None
        rest = rest[len(named) :]
        return joined(topic.subject, rest)
    return said[: match.start()] + joined(topic.subject, said[match.end() :])


def _ellipsis(said: str, question: str, topic: Topic, history: Sequence[Answer]) -> str | None:
    """年均增长多少, 是不是约束性的, 上海和浙江的分别是多少: the subject is left out."""
    if not said or not topic.subject or names_subject(said) or _stands_alone(said):
        return None
    frame = topic.frame
    keeps = not YEAR.search(said) and not OF_ONE_YEAR.search(said)
    about = f"{frame.years if keeps else ''}{'和'.join(topic.subjects)}"
    if not places_of(said):
        return joined(f"{frame.scope}{about}", said)
    part = cut(said)
    tail = said.partition(part.scope)[2].removeprefix("的")
    if not _asks_aspect(tail):
        tail = with_each(frame.tail or "是多少") if "分别" in said else frame.tail or tail
    return joined(f"{part.scope}{about}", tail) if part.scope else None


def _asks_aspect(said: str) -> bool:
    return any(word in said for word in load_aspects() | load_generic() if len(word) > 1)


def _stands_alone(said: str) -> bool:
    """Tell whether the question is about a plan as a whole: 主要指标有哪些."""
    return (
        re.search(
            "哪[几些两三][项个条]|指标|附件|附表|清单|主要目标|总体目标|章|规划|报告|文件|平台|项目",
            said,
        )
        is not None
    )


_WAYS: tuple[Callable[[str, str, Topic, Sequence[Answer]], str | None], ...] = (
    _nth,
    _whole,
    _compared,
    _pronoun,
    _fragment,
    _ellipsis,
)


def _place_of(answer: Answer) -> str:
    """Return the place of the plan that was cited."""
    for citation in answer.citations:
        if places := places_of(citation.plan_title):
            return places[0]
    return ""


def _number(text: str) -> int:
    """Read a small number: 二, 十二, 12."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    value = (_NUMERALS.find(tens) + 1 or 1) * 10 if ten else 0
    return value + (_NUMERALS.find(ones) + 1 if ones else 0)
