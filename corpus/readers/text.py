"""Plain text and Markdown: the file's characters are the canonical text, unchanged."""

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document, Span, StyledHeading
from corpus.readers.encoding import decode

_MARKDOWN = frozenset({".md", ".markdown"})
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def read_text(path: Path, limits: Limits) -> Document:
    """Read a text file, whatever its encoding.

    Form feeds, as pdftotext sets them, begin pages; `#` lines of a Markdown file are headings.

    Raises:
        UnreadableFile: if it is not text.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise UnreadableFile(f"不是文本文件，或编码无法识别：{path.name}（请另存为 UTF-8 文本）")
    damaged = text.count("\ufffd")
    return Document(
        text,
        headings=tuple(_headings(text)) if path.suffix.lower() in _MARKDOWN else (),
        page_starts=_page_starts(text),
        warnings=(f"有 {damaged} 个字符已损坏，显示为 \ufffd",) if damaged else (),
    )


def _page_starts(text: str) -> tuple[int, ...]:
    """Return where pages begin; the form feed after the last page begins none."""
    end = len(text.rstrip())
    starts = [match.end() for match in re.finditer("\f", text) if match.end() < end]
    return (0, *starts) if "\f" in text else ()


def _headings(text: str) -> Iterator[StyledHeading]:
    start = 0
    fence: str | None = None
    for line in text.split("\n"):
        if match := _FENCE.match(line):
            fence = None if fence == match[1] else fence or match[1]
        elif fence is None and (match := _HEADING.match(line)):
            end = _end_of_title(line)
            if end > match.end():
                yield StyledHeading(Span(start + match.end(), start + end), len(match[1]))
        start += len(line) + 1


def _end_of_title(line: str) -> int:
    """Return where the title ends; `## 总则 ##` closes with marks that are not part of it."""
    title = line.rstrip()
    unmarked = title.rstrip("#")
    return len(unmarked.rstrip() if unmarked[-1:] in {" ", "\t"} else title)
