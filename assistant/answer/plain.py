"""An answer as plain text: for the command line and for clients that show nothing but text."""

from collections.abc import Iterator

from assistant.answer.model import Answer, Citation

_LONGEST_QUOTE = 80
_APPROVED = "人工审定："
_MEANT = "理解为："
_SOURCES = "\n\n来源：\n"


def plain_text(answer: Answer) -> str:
    """Return the answer with how the question was read, what is to be known, and its sources."""
    return plain_beginning(answer) + plain_ending(answer)


def read_plain(question: str, text: str) -> Answer:
    """Return, of an answer as plain text, what a follow-up to it may refer to."""
    if text.startswith(_APPROVED):
        text = text.partition("\n")[2]
    first, _, rest = text.partition("\n")
    is_meant = first.startswith(_MEANT)
    body = (rest if is_meant else text).split(_SOURCES)[0]
    rewritten = first.removeprefix(_MEANT) if is_meant else None
    return Answer(question, body, "answered", "passage", rewritten=rewritten)


def plain_beginning(answer: Answer) -> str:
    """Return who approved the answer, how the question was read, and the answer's text."""
    approval = answer.approval
    approved = f"{_APPROVED}{approval.editor}，{approval.time[:10]}\n" if approval else ""
    meant = f"{_MEANT}{answer.rewritten}\n" if answer.rewritten else ""
    return approved + meant + answer.text


def plain_ending(answer: Answer) -> str:
    """Return what follows the answer's text."""
    return "".join(f"\n{line}" for line in _ending(answer))


def _ending(answer: Answer) -> Iterator[str]:
    for number, choice in enumerate(answer.choices, start=1):
        yield f"  {number}. {choice}"
    for note in answer.notes:
        yield f"说明：{note}"
    for words in answer.approval.written if answer.approval else ():
        yield f"审定人所写，不在所引原文中：{words}"
    for removed in answer.removed:
        yield f"核对时删去：{removed.sentence}（{removed.reason}）"
    if answer.citations:
        yield _SOURCES[1:-1]
    for citation in answer.citations:
        yield _source(citation)


def _source(citation: Citation) -> str:
    quote = " ".join(citation.quote.split())
    shown = quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1] + "…"
    title = f"《{citation.plan_title}》" + ("（已有新版）" if citation.is_superseded else "")
    page = f"（第{citation.page}页）" if citation.page else ""
    return f"[{citation.n}] {title}{citation.section}{page}：{shown}"
