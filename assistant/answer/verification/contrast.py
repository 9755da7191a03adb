"""Does a statement turn round what its source says: rise and fall, must and may, yes and no?

Each clause of the statement is laid beside the clauses of the source that share most with it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.answer.verification.cited import Cited, split_clauses
from assistant.answer.verification.fault import Fault
from assistant.answer.verification.figures import DOWN, UP
from assistant.answer.verification.statements import COMPUTED

_ATTRIBUTES = ("约束性", "预期性")
_UP = f"{UP}|增强|加大|加强|放宽|壮大|扩张|做大|拓宽|延长|加快|提速|(?<!不)(?:多于|优于|高于|快于)"
_DOWN = f"{DOWN}|减轻|削弱|减弱|收紧|压缩|控减|缩短|放缓|减速|弱化|(?<!不)(?:少于|劣于|低于|慢于)"
_MOVE = re.compile(f"(?P<up>{_UP})|(?P<down>{_DOWN})")
_MUST = re.compile("应当|必须|务必|一律|强制|须|严禁")
# What no neutral wording carries, and what does.
_STRICT = re.compile("必须|务必|强制|一律|严禁")
_DUTY = re.compile("应|须|务必|强制|一律|严禁|禁止|不得|不准|不能|要|确保|严格|坚决|坚持|负责|责任")
_MAY = re.compile("鼓励|支持|探索|引导|提倡|倡导|可以|可申请|允许|试行")
_ONLY_MAY = re.compile("鼓励|探索|提倡|倡导|可以|允许")
# 不断, 不仅 … deny nothing.
_NO_DENIAL = (
    "不(?:断|仅|但|同|少|低于|超过|少于|高于|大于|小于|多于|足|良|动产|限|管|论|得低于|得超过|得少于|得高于|过)"
    "|未(?:来|成年)|无(?:人机|人驾驶|障碍|线|论|锡|形|缝|偿|害|废|抵押|还本|纸|烟|疑|穷|限)|非(?:常|公|遗|物质|营利|银行|政府|税|化石|洲|农|粮)"
    "|除非|并非|无非|(?:开|打|召|解|移|推)不"
)
_DENIAL = re.compile(
    f"(?:{_NO_DENIAL})|(?P<denial>不得|不能|不可|不再|不予|不应|不宜|不准|不许|尚未|并未|并不|未能|未|没有|无需|无须|毋须|禁止|严禁|杜绝|拒绝|停止|取消|暂停|暂缓|不|无|勿|非)"
)
ABSENCE = re.compile(
    "(?:表|文件|原文|资料|规划|来源|材料|清单|报告|政策)(?:中|里|内|上)?(?:均|都|也|还)?(?:没有|未)"
    "(?:给出|列出|列有|找到|提到|提及|说明|涉及|载明|查到|写明|明确|规定|公布)?"
)
# What is denied of the figures, or by `_attribute`.
_FRAMED = re.compile(
    "不(?:符|一致|相符)|没有(?:约束性|预期性|以此)|不(?:是|属于?)(?:约束性|预期性)"
)
# How much of a statement's clause a clause of the source must share to be laid beside it, and how
# much, as against the best one, the next best.
_ALIKE = 0.4
_NEXT_BEST = 0.85


def check_contrast(said: str, cited: Cited, *, is_by_rules: bool = False) -> Fault | None:
    """Return what the (normalised) statement turns round, None if nothing.

    Rules say with words of their own that there is nothing: only denials of the source's words
    count.
    """
    for clause in split_clauses(said):
        beside = _beside(clause, cited.clauses)
        fault = _attribute(clause, beside, cited)
        if COMPUTED in clause:
            # A count of what code chose, in words of its own: 目标低于基数的指标共1项.
            if fault is not None:
                return fault
            continue
        if not ABSENCE.search(clause):
            fault = fault or _denial(clause, beside, cited, is_by_rules=is_by_rules)
        for check in (_dropped_denial, _move, _strength):
            fault = fault or check(clause, beside, cited)
        if fault is not None:
            return fault
    return None


def _beside(clause: str, sources: Sequence[str]) -> list[str]:
    """Return the clauses of the source that share most of the clause's character pairs."""
    wanted = _pairs(clause)
    if not wanted:
        return []
    shares = [(len(wanted & _pairs(source)) / len(wanted), source) for source in sources]
    best = max((share for share, _ in shares), default=0.0)
    if best < _ALIKE:
        return []
    return [source for share, source in shares if share >= _NEXT_BEST * best]


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(left + right for left, right in pairwise(re.sub(r"[\s\d]", "", text)))


def _attribute(clause: str, beside: Sequence[str], cited: Cited) -> Fault | None:
    for attribute in _ATTRIBUTES:
        if attribute not in clause:
            continue
        denied = re.search(f"(?:不是|没有|并非|不属于?|非|无){attribute}", clause) is not None
        if denied == (attribute in cited.text):
            told = next((other for other in _ATTRIBUTES if other in cited.text), "没有写明")
            return Fault(f"attribute {attribute}", f"指标属性不符：所引原文是{told}")
    return None


def _denials(text: str) -> Iterator[tuple[int, int]]:
    for match in _DENIAL.finditer(text):
        if match["denial"]:
            yield match.span()


def _denial(clause: str, beside: Sequence[str], cited: Cited, *, is_by_rules: bool) -> Fault | None:
    """Find a denial that the source does not have before the same words."""
    for start, end in _denials(clause):
        head = clause[end : end + 2]
        if _FRAMED.match(clause, start) or (is_by_rules and head not in cited.text):
            continue
        if any(_denies(source, head) for source in (beside or cited.clauses)):
            continue
        # Other words: 不收费 for 免费.
        if not beside and head not in cited.text and _denies_anything(cited.text):
            continue
        return Fault(
            f"denial {clause[start:end]}{head}",
            f"否定不符：原文没有“{clause[start:end]}{head}”的意思",
        )
    return None


def _denies(source: str, head: str) -> bool:
    """Tell whether the source denies what begins with these characters."""
    return any(head in source[end : end + 2 + len(head)] for _, end in _denials(source))


def _denies_anything(text: str) -> bool:
    return "免" in text or any(True for _ in _denials(text))


def _dropped_denial(clause: str, beside: Sequence[str], cited: Cited) -> Fault | None:
    """Find a denial of the source whose words the statement affirms."""
    if any(not any(True for _ in _denials(source)) for source in beside):
        return None
    for source in beside:
        for start, end in _denials(source):
            head = source[end : end + 2]
            if len(head) == 2 and _affirms(clause, head):
                return Fault(
                    f"denial {source[start:end]}{head}",
                    f"否定不符：原文是“{source[start:end]}{head}”",
                )
    return None


def _affirms(clause: str, head: str) -> bool:
    """Tell whether the clause says so, and does not only name who does it: 提供…的单位."""
    if head not in clause or _denies(clause, head):
        return False
    who = rf"{re.escape(head)}.{{0,15}}的(?:$|[\u4e00-\u9fff]{{0,4}}(?:人|者|单位|企业|主体)$)"
    return re.search(who, clause) is None


def _move(clause: str, beside: Sequence[str], cited: Cited) -> Fault | None:
    """Find a rise that the source calls a fall, of the same thing."""
    moves = [move for source in cited.clauses for move in _moves(source)]
    near = [move for source in beside for move in _moves(source)]
    for side, word, keys in _moves(clause):
        same = [other for other, _, theirs in moves if keys & theirs]
        if side in same:
            continue
        sides = {other for other, _, _ in near}
        if same or (near and side not in sides):
            return Fault(f"direction {word}", f"方向相反：原文不是“{word}”")
        if not near and moves and side not in {other for other, _, _ in moves}:
            return Fault(f"direction {word}", f"方向相反：原文没有“{word}”")
    return None


@lru_cache(maxsize=4096)
def _moves(text: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Return the words of rise and fall, each with the pairs of characters next to it."""
    found = []
    for match in _MOVE.finditer(text):
        before = re.sub(r"[\d\s]", "", text[: match.start()])[-2:]
        behind = re.sub("^[了到至的为]+", "", text[match.end() :])[:2]
        keys = frozenset(
            f"{place}{pair}"
            for place, pair in (("<", before), (">", behind))
            if len(pair) == 2 and re.fullmatch("[\u4e00-\u9fff]{2}", pair)
        )
        found.append(("up" if match["up"] else "down", match[0], keys))
    return tuple(found)


def _strength(clause: str, beside: Sequence[str], cited: Cited) -> Fault | None:
    """Find a duty that the source only encourages, and the other way round."""
    sources = "\n".join(beside or [cited.text])
    if (strict := _STRICT.search(clause)) and not _DUTY.search(sources):
        return Fault(f"strength {strict[0]}", f"力度不符：原文没有“{strict[0]}”的意思")
    if not beside:
        return None
    must, may = _MUST.search(clause), _ONLY_MAY.search(clause)
    if must and not _MUST.search(sources) and _MAY.search(sources):
        return Fault(f"strength {must[0]}", f"力度不符：原文不是“{must[0]}”")
    if may and not must and not _MAY.search(sources) and _MUST.search(sources):
        return Fault(f"strength {may[0]}", f"力度不符：原文不是“{may[0]}”")
    return None
