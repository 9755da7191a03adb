"""Does everything in an answer stand in its sources? The last step before an answer leaves.

Checked for each statement: it cites; its figures stand with their unit, bound, direction and year
in the words it cites, or code computed them; what it puts in quotation marks or 《》 stands there;
it does not turn round what its source says, and its words are its source's; a verbatim line is its
source's own words; each citation is what its plan says at that place. Knows nothing of how the
answer was made.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from assistant.answer.draft import Draft
from assistant.answer.model import Citation, Removed
from assistant.answer.verification.check import check_meaning, check_words, cited_by
from assistant.answer.verification.cited import cite
from assistant.answer.verification.fault import Fault
from assistant.answer.verification.statements import (
    Statement,
    is_introduction,
    read_statement,
    share_marks,
    split_line,
    without_list_mark,
)

Unsupported: TypeAlias = Literal["drop", "mark"]
Similarity: TypeAlias = Callable[[str, str], float]

MARKED = "（未在原文找到依据）"
_UNCITED = Fault("no citation", "没有注明出处")
# What says that nothing was found needs no source, unless it names a figure.
_FOUND_NOTHING = re.compile(
    "(?:所收|所给|所引|以上|提供的)?(?:资料|文件|来源|原文|材料|规划)(?:中|里)?(?:均|都)?(?:没有|未)"
    "(?:找到|提到|提及|给出|说明|涉及|查到|载明|列出)[^，,；;。]*。?"
)
_LONGEST_HEADING = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What is left of a draft, its marks as they were, and what was taken out of it.

    `answers` tells whether a cited sentence with content is left, not an introduction alone.
    """

    draft: Draft
    removed: tuple[Removed, ...] = ()
    answers: bool = False


def verify(
    draft: Draft, citations: Sequence[Citation], read_text: Callable[[str], str]
) -> list[str]:
    """Return what is wrong with the draft, one English line a fault; empty if nothing is.

    For drafts that rules made: a line is one statement, and introductions need no source.
    """
    faults = [
        f"citation {citation.n} is not what its plan says"
        for citation in citations
        if not _is_sound(citation, read_text)
    ]
    by_number = {citation.n: citation for citation in citations}
    for line in draft.text.split("\n"):
        for part in share_marks(split_line(line)):
            statement = read_statement(part, draft.computed)
            faults.extend(
                f"{_in_english(fault)}: {part}"
                for fault in _strict_faults(statement, draft, by_number)
            )
    return faults


def prove(
    draft: Draft,
    citations: Sequence[Citation],
    read_text: Callable[[str], str],
    *,
    similarity: Similarity | None = None,
    unsupported: Unsupported = "drop",
) -> Proof:
    """Return the draft without the sentences that its citations do not carry, or with them marked.

    `similarity` is the cosine of two texts' embeddings, where the caller has a model at hand.
    """
    sound = {citation.n: citation for citation in citations if _is_sound(citation, read_text)}
    removed: list[Removed] = []
    lines: list[str] = []
    answers = False
    for line in draft.text.split("\n"):
        kept = ""
        for part in split_line(line):
            statement = read_statement(part, draft.computed)
            statement = replace(statement, said=without_list_mark(statement.said))
            fault = _fault(statement, sound, similarity)
            if fault is None:
                kept += part
                answers = answers or bool(statement.numbers and not statement.is_introduction)
                continue
            removed.append(Removed(part.strip(), fault.reason))
            kept += f"{part.rstrip()}{MARKED}" if unsupported == "mark" else ""
        if kept.strip() or not line.strip():
            lines.append(kept.rstrip())
    text = "\n".join(_without_lone_introductions(lines)).strip("\n")
    return Proof(replace(draft, text=text), tuple(removed), answers)


def _is_sound(citation: Citation, read_text: Callable[[str], str]) -> bool:
    return read_text(citation.plan_id)[citation.start : citation.end] == citation.quote


def _in_english(fault: Fault) -> str:
    literal = fault.what.split(" ")[0] in ("number", "quotation")
    return f"{fault.what} is not in the sources" if literal else fault.what


def _strict_faults(
    statement: Statement, draft: Draft, by_number: dict[int, Citation]
) -> list[Fault]:
    if (unknown := _unknown(statement, by_number)) is not None:
        return [unknown]
    cited = cited_by(statement, by_number)
    faults = check_words(statement, cited, is_by_rules=True)
    if draft.verbatim and " ".join(statement.own.split()) not in cited.literal:
        faults.append(Fault("not the sources' own words", "与原文不是逐字一致"))
    if draft.status != "answered" or not statement.own:
        return faults
    if not statement.numbers:
        # A line without a figure or a quotation may introduce; all else must cite.
        return faults if statement.is_introduction else [*faults, _UNCITED]
    if faults or draft.verbatim or statement.is_introduction:
        return faults
    meaning = check_meaning(statement, cited, tuple(by_number.values()), is_by_rules=True)
    return [meaning] if meaning is not None else []


def _fault(
    statement: Statement, sound: dict[int, Citation], similarity: Similarity | None
) -> Fault | None:
    """Return the first fault of a sentence that somebody else wrote, None if there is none."""
    if not statement.own:
        return None
    if (unknown := _unknown(statement, sound)) is not None:
        return unknown
    if not statement.numbers and not _may_stand_alone(statement):
        return _UNCITED
    # An introduction without marks rests on what follows it.
    cited = cited_by(statement, sound) if statement.numbers else cite(tuple(sound.values()))
    faults = check_words(statement, cited)
    if faults or not statement.numbers:
        return faults[0] if faults else None
    return check_meaning(statement, cited, tuple(sound.values()), similarity=similarity)


def _may_stand_alone(statement: Statement) -> bool:
    said = statement.said
    is_heading = statement.text.lstrip().startswith(("#", "**")) and len(said) <= _LONGEST_HEADING
    return (
        statement.is_introduction
        or (is_heading and not said.endswith(("。", "！")))
        or _FOUND_NOTHING.fullmatch(said) is not None
    )


def _unknown(statement: Statement, by_number: dict[int, Citation]) -> Fault | None:
    unknown = [number for number in statement.numbers if number not in by_number]
    if not unknown:
        return None
    return Fault(f"no source {unknown[0]}", f"没有编号为[{unknown[0]}]的出处")


def _without_lone_introductions(lines: Sequence[str]) -> Iterator[str]:
    """Leave out what introduces nothing any more."""
    for place, line in enumerate(lines):
        rest = [other for other in lines[place + 1 :] if other.strip()]
        if is_introduction(line) and not rest:
            continue
        yield line
