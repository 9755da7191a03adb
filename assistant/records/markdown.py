"""A receipt as Markdown in which the words of a document are only words."""

import re
from collections.abc import Iterable, Sequence

from assistant.answer.paragraphs import Row
from assistant.records.receipt import Block

# All that means something to CommonMark or GitHub wherever it stands in a line.
_MARKUP = re.compile(r"[\\`*_\[\]<>&~$|!#@{}]")
# What makes a list, a rule or the underline of a heading at the beginning of a line.
_LINE_START = re.compile(r"^\d*(?=[.)])|^(?=[-+=:])")
_BLANKS = re.compile(r"^[ \t]+|[ \t]+$")
_LINK = re.compile(r"(?i)(www)\.|(https?|ftp|mailto|xmpp)(:)")
# A Markdown reader takes these for the end of a line, or drops them.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


def write_markdown(blocks: Iterable[Block]) -> str:
    """Return the receipt as Markdown."""
    return "\n\n".join(_write(block) for block in blocks) + "\n"


def escape_markdown(line: str) -> str:
    r"""Take its meaning from every sign of one line.

    Example: "1. **b** www.x.cn" -> "1\. \*\*b\*\* www\.x.cn"
    """
    line = _UNSEEN.sub("\ufffd", line)
    line = _MARKUP.sub(lambda sign: f"\\{sign[0]}", line)
    line = _LINK.sub(lambda link: rf"{link[1]}\." if link[1] else rf"{link[2]}\:", line)
    line = _LINE_START.sub(r"\g<0>\\", line)
    # Blanks at the edges of a line would be dropped, or make it code.
    return _BLANKS.sub(lambda blanks: "".join(f"&#{ord(sign)};" for sign in blanks[0]), line)


def _write(block: Block) -> str:
    lines = [escape_markdown(line) for line in block.text.split("\n")]
    # Two blanks keep the line's end an end.
    text = "  \n".join(lines)
    one_line = " ".join(line for line in lines if line)
    match block.kind:
        case "title":
            return f"# {one_line}"
        case "question":
            return f"## {block.label}：{one_line}"
        case "heading":
            return f"### {one_line}"
        case "field":
            return f"**{block.label}：** {one_line}"
        case "source":
            return f"**{escape_markdown(block.label)}** {one_line}"
        case "quote":
            return "\n".join(f"> {line}" for line in text.split("\n"))
        case "table":
            return _write_table(block.rows)
        case "text":
            return text


def _write_table(rows: Sequence[Row]) -> str:
    lines = [f"| {' | '.join(map(escape_markdown, row))} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])
