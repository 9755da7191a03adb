"""What stands before a gift → the noun that it ends or opens with, and what is said of that.

「企业首次上榜的」 and 「首次上榜的企业」 are both 企业 on the condition of 首次上榜. Every function
takes a clause's compact view and returns spans of it.
"""

import re
from dataclasses import dataclass
from functools import cache

from corpus.measure_promise import end_of_list, segments
from corpus.measure_words import any_of, beneficiary_pattern, whole_beneficiary, words
from corpus.model import Span

# 符合条件的企业, 有条件的地方: what everybody meets whom the measure is for.
_ANY = re.compile(r"(?:符合|具备|满足|有)(?:上述|以上|相关|相应|规定|一定)?(?:条件|要求)")
_PLACE = re.compile(
    r"(?!注册|在|位于|落户)[^,、的]{2,12}(?:[区市省县园境岛城]内|[区市省县园境岛城]外)"
)
# What ends a condition that no 的 ends.
_MET = re.compile(
    r"(?:(?:[元家人项个%亩吨次间台米户名倍]|人次)(?:\([^()]{0,20}\))?及?以上(?:的)?"
    r"|后|期间|\d[\d.]*[百千万亿]*元[-—–~至]\d[\d.]*[百千万亿]*元"
    r"|(?:不低于|不少于|达到?|超过|突破|满)\d[^,]{1,8}|满?(?<!第)[一二三四五\d]+年(?:以上)?)$"
)
_LINK = re.compile(r"[,、]|如果?|若|凡|对于?|其中|每(?:个|家|户|名)|单(?:个|家)")
# 如符合规划要求,优先……: a condition that no 的 ends.
_FITS = re.compile(r"(?:符合|已?被|获评|入选|列入)[^的]{2,60}$")
# 已被认定为示范基地: what was done to somebody names nobody.
_DONE = re.compile(r"已?被|获评|(?:入选|列入)(?=.{5})|已?经?认定为")


@dataclass(frozen=True, slots=True)
class Parties:
    """Who may apply and what must be fulfilled; None where the clause does not tell."""

    applicants: Span | None = None
    condition: Span | None = None


def without_ways(view: str, span: Span) -> Span | None:
    """Return the target without the ways and times around it: 按……, 2024年起."""
    parts = [
        Span(span.start + part.start, span.start + part.end) for part in segments(span.of(view))
    ]
    while len(parts) > 1 and _is_way(parts[-1].of(view)):
        parts.pop()
    while parts and _is_way(parts[0].of(view)):
        parts.pop(0)
    return Span(parts[0].start, parts[-1].end) if parts else None


def _is_way(text: str) -> bool:
    told = (
        text.endswith("的") or _MET.search(text) or ("的" in text and _ending_noun().search(text))
    )
    return _way().match(text) is not None and not told


def part_target(view: str, target: Span, *, is_address: bool = False) -> Parties:
    """Part the target into the noun and what is said of it."""
    target = _bare(view, target)
    text = target.of(view)
    if text.endswith("的"):
        return _said(view, Span(target.start, target.end - 1), is_whole=True)
    if _ending_noun().search(text) and (not _DONE.match(text) or "的" in text):
        return _described(view, target)
    read = _said(view, target, is_whole=False)
    who = read.applicants
    if is_address and who and not read.condition and _verb().match(view, who.end, target.end):
        return Parties(who, Span(who.end, target.end))
    if read.applicants or read.condition or not is_address:
        return read if read != Parties() else _of_things(view, target)
    if _ANY.match(text):
        return _of_things(view, target)
    return Parties(None, target) if _verb().search(text[:6]) else _of_things(view, target)


def _of_things(view: str, target: Span) -> Parties:
    """Return the condition of 「达到100人以上的会议」, which names nobody."""
    cut = _last_of(target.of(view))
    said = Span(target.start, target.start + max(cut, 0))
    told = _MET.search(said.of(view)) or _ANY.fullmatch(said.of(view))
    return Parties(None, said if told else None)


def _described(view: str, target: Span) -> Parties:
    """Return the parties of 「D的N」: D is a condition unless it only says which or where."""
    text = target.of(view)
    cut = _last_of(text)
    described = text[: max(cut, 0)]
    first = segments(text)[0]
    opens = first.of(text)
    if first.end < cut and _ending_noun().search(opens) and not _describes(opens):
        return Parties(Span(target.start, target.start + first.end))
    if len(described) <= 2 or _is_plain(described):
        return Parties(target)
    return Parties(Span(target.start + cut + 1, target.end), Span(target.start, target.start + cut))


def _describes(text: str) -> bool:
    return "的" in text or _verb().search(text) is not None


def _is_plain(described: str) -> bool:
    """Tell whether what stands before 的 only says which, where, whose, or 符合条件."""
    if _ANY.match(described) and (_ANY.fullmatch(described) or "的" in described):
        return True
    if _PLACE.match(described) or described.endswith("中"):
        return True
    return bool(_ends_in_beneficiary().search(described)) and not _verb().search(described)


def _last_of(text: str) -> int:
    """Return where the last 的 outside of brackets and quotes stands, -1 if there is none."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] in ")”》") - (text[place] in "(“《")
        if depth == 0 and text[place] == "的":
            return place
    return -1


def _said(view: str, span: Span, *, is_whole: bool) -> Parties:
    """Return the parties of 「企业首次上榜」: the noun that opens it, and the rest.

    What no 的 ends (`is_whole`) is a condition only if it sets a threshold.
    """
    who = _opening(view, span)
    rest = _bare(view, Span(who.end, span.end) if who else span)
    is_told = is_whole or _MET.search(rest.of(view)) or _FITS.match(rest.of(view))
    if who is None and is_told and not is_whole:
        thing = _opening_thing().match(view, rest.start, rest.end)
        rest = Span(thing.end(), rest.end) if thing else rest
    return Parties(who, rest if rest and is_told else None)


def _opening(view: str, span: Span) -> Span | None:
    """Return the noun that opens the span: all of its first part, or a name at its start."""
    part = _first_part(view, span)
    if part and ("的" in part.of(view) or not _verb().search(part.of(view))):
        return _described(view, part).applicants
    opening = _opening_noun().match(view, span.start, span.end)
    if opening is not None and not _verb().search(opening["name"]):
        return Span(span.start, end_of_list(view, opening.end(), span.end))
    return part


def _first_part(view: str, span: Span) -> Span | None:
    """Return what stands before the first comma if it names somebody and more follows."""
    first = segments(span.of(view))[0] if span else span
    text = view[span.start : span.start + first.end]
    if len(first) == len(span) or not _ending_noun().search(text) or _DONE.match(text):
        return None
    return Span(span.start, span.start + first.end)


def _bare(view: str, span: Span) -> Span:
    """Return the span without the word or mark that links it to what stands before."""
    link = _LINK.match(view, span.start, span.end)
    return _bare(view, Span(link.end(), span.end)) if link else span


@cache
def _ending_noun() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{beneficiary_pattern()}|{any_of(words('thing'))})(?:\([^()]{{1,30}}\))?\)?等?$"
    )


@cache
def _ends_in_beneficiary() -> re.Pattern[str]:
    return re.compile(rf"{beneficiary_pattern()}$")


@cache
def _opening_thing() -> re.Pattern[str]:
    return re.compile(rf"[^,。;的\d]{{4,14}}?{any_of(words('thing'))}(?:\([^()]{{1,40}}\))?")


@cache
def _opening_noun() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?:符合|注册|具备|具有|从事|取得)[^,。;的]{2,24}的)?"
        rf"(?P<name>(?:[^,。;:的()]|\([^()]{{1,12}}\)){{0,20}}?{whole_beneficiary()})"
        r"(?:\([^()]{1,30}\))?"
    )


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(any_of(words("deed")))


@cache
def _way() -> re.Pattern[str]:
    return re.compile(rf"{any_of(words('way'))}|\d{{4}}年|[^,]{{2,10}}上$")
