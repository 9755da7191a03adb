"""What an answer receipt says, block by block. Knows nothing of Markdown or Word."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from assistant.answer.model import Answer, Citation
from assistant.answer.paragraphs import Row, TextTable, read_paragraphs
from assistant.records.model import Conversation, Turn

Kind: TypeAlias = Literal[
    "title", "question", "heading", "field", "text", "table", "source", "quote"
]

_STATUS = {
    "answered": "已回答",
    "refused": "未回答：所收文件中没有依据",
    "clarify": "未回答：需要补充说明",
}
_DIGEST_SHOWN = 12
# Numbers of list items and lines of a refusal are the program's too, but no sums.
_SUM = re.compile(r"[=≈÷×]")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a receipt; `label` is the program's own word before a field's text.

    A table has `rows`, the head first, and no text.
    """

    kind: Kind
    text: str
    label: str = ""
    rows: tuple[Row, ...] = ()


def conversation_blocks(conversation: Conversation) -> Iterator[Block]:
    """Yield a whole conversation, oldest turn first."""
    yield Block("title", conversation.title)
    yield Block("field", conversation.id, "对话编号")
    yield Block("field", _shown_time(conversation.created), "开始时间")
    for number, turn in enumerate(conversation.turns, start=1):
        yield from turn_blocks(turn, number)


def turn_blocks(turn: Turn, number: int) -> Iterator[Block]:
    """Yield one question with its answer and the sources that carry it."""
    answer = turn.answer
    yield Block("question", answer.question, f"问题{number}")
    if answer.rewritten:
        yield Block("field", answer.rewritten, "理解为")
    if turn.scope:
        yield Block("field", turn.scope, "查询范围")
    yield Block("field", _shown_time(turn.time), "时间")
    yield Block("field", _STATUS[answer.status], "状态")
    yield Block("heading", "回答")
    yield from _text_blocks(answer.text)
    yield from _remarks(answer)
    if answer.citations:
        yield Block("heading", "来源")
    for citation in answer.citations:
        yield Block("source", _shown_source(citation, turn), f"[{citation.n}]")
        yield Block("quote", citation.quote)


def _text_blocks(text: str) -> Iterator[Block]:
    parts = read_paragraphs(text)
    for is_table, group in groupby(parts, key=lambda part: isinstance(part, TextTable)):
        if is_table:
            for table in group:
                assert isinstance(table, TextTable)
                yield Block("table", "", rows=(table.head, *table.rows))
        else:
            yield Block("text", "\n".join(map(str, group)))


def _remarks(answer: Answer) -> Iterator[Block]:
    for choice in answer.choices:
        yield Block("field", choice, "可以问")
    if sums := [words for words in answer.computed if _SUM.search(words)]:
        yield Block("field", "；".join(sums), "由程序算出")
    if approval := answer.approval:
        yield Block("field", f"{approval.editor}，{_shown_time(approval.time)}", "人工审定")
        for words in approval.written:
            yield Block("field", words, "审定人所写，不在所引原文中")
    for note in answer.notes:
        yield Block("field", note, "说明")
    for removed in answer.removed:
        yield Block("field", f"{removed.sentence}（{removed.reason}）", "核对时删去")
    if usage := answer.usage:
        yield Block("field", usage.model, "语言模型")


def _shown_source(citation: Citation, turn: Turn) -> str:
    title = f"《{citation.plan_title}》" + ("（已有新版）" if citation.is_superseded else "")
    parts = [title, citation.section]
    if citation.page:
        parts.append(f"第 {citation.page} 页")
    if version := turn.versions.get(citation.plan_id):
        dated = f"，成文日期 {version.date}" if version.date else ""
        parts.append(f"版本 {version.digest[:_DIGEST_SHOWN]}{dated}")
    return " · ".join(part for part in parts if part)


def _shown_time(time: str) -> str:
    """Write a stored time as people read it, with its zone.

    Example: "2026-11-25T14:03:09+08:00" -> "2026-11-25 14:03:09（UTC+08:00）"
    """
    moment = datetime.datetime.fromisoformat(time)
    return f"{moment:%Y-%m-%d %H:%M:%S}（{moment.tzname()}）"
