"""Sections → the sentences and ；-clauses that may promise something, without labels and titles.

A text with hard line breaks (from a page of fixed width) is read across them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.measure_words import furniture, words
from corpus.model import Plan, Section, Span, Table
from corpus.segment import brackets, inside

_NUMERAL = "[一二三四五六七八九十百]{1,4}"
# What opens a paragraph and belongs to no sentence: （一） 1. ① 第三条 一是 —— •
_LABEL = re.compile(
    rf"[\s#*>•●■◆▪·—\-]*(?:第{_NUMERAL}条(?![规第所至、的])|[(\uff08](?:{_NUMERAL}|\d{{1,2}})[)\uff09]、?"
    rf"|\d{{1,2}}(?:[.\uff0e](?!\d)|、)|{_NUMERAL}、|[①-⑳]|{_NUMERAL}是(?!否))?\s*"
)
_END = re.compile(r"[。!?\uff01\uff1f;\uff1b]+[”’」』)\uff09]*")
_LEADING_NOTE = re.compile(
    r"\s*[（(][^（(）)]*(?:负责|牵头|配合|落实|参与|分工)[^（(）)]{0,6}[）)]"
)
_CLOSERS = "。！？!?；;：:"
# A sentence that is longer says nothing that could be quoted as one promise.
_LONGEST = 1500
_LONGEST_TITLE = 18
_NOTE_ONLY = re.compile(r"\s*[。；;]?\s*(?:[(\uff08【\[][^\n]*[)\uff09】\]][。；;]?)?\s*")
# Columns, two for a Chinese character: no page of running text is wider.
_WIDEST_PAGE = 100
_NARROWEST_PAGE = 40
_LINE = re.compile(r"[^\n\t\f]+")
# A line of a table of contents: ……支持氢能基础设施建设.......... 87
_LEADERS = re.compile(r"(?:\.{4,}|…{3,}|·{4,})\s*[\dIVXivx]{1,4}\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence or a part of one; `is_whole` tells that a full stop or semicolon ends it."""

    span: Span
    section: int
    is_whole: bool


def read_clauses(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = ()
) -> Iterator[Clause]:
    """Yield the clauses of all sections that may hold measures, in order."""
    width = _page_width(plan.text)
    cells = _cell_starts(tables)
    for section in sections:
        if _is_idle(section):
            continue
        start = _body_start(plan.text, section, width, cells)
        for paragraph in _paragraphs(plan.text, Span(start, section.own.end), width, cells):
            if _LEADERS.search(plan.text, paragraph.start, paragraph.end):
                continue
            for span, is_whole in _clauses(plan.text, paragraph):
                yield Clause(span, section.number, is_whole)


def _is_idle(section: Section) -> bool:
    told = any(word in title for title in section.path for word in words("review"))
    return told or any(word in section.title for word in words("idle"))


def _body_start(text: str, section: Section, width: int | None, cells: frozenset[int]) -> int:
    """Return where the section's text starts: at its heading if that is a sentence by itself.

    In 「（三）支持……开展试点。（负责部门：……）」 the numbered line is the clause itself; so it is
    if nothing, or only a line numbered like it, follows its full stop, or if a page's edge cuts it.
    """
    heading = section.heading
    if heading and width is not None and _goes_on(text, heading, width, section.own.end, cells):
        return heading.start
    rest = text[heading.end : section.own.end]
    line, _, following = rest.partition("\n")
    # 1．演出项目的资助额度：歌剧不超过400万元: the heading says what the figures are.
    if heading and line.startswith(("：", ":")) and line[1:].strip():
        return heading.start
    if not heading or not line.startswith(("。", "；", ";")):
        return heading.end
    has_note = bool(line[1:].strip()) and _NOTE_ONLY.fullmatch(line) is not None
    if has_note or (not line[1:].strip() and _is_followed_by_alike(text, section, following)):
        return heading.start
    # The heading's own full stop is no sentence.
    return heading.end + 1


def _is_followed_by_alike(text: str, section: Section, following: str) -> bool:
    if len(section.heading) <= _LONGEST_TITLE:
        return False
    following = following.strip() or text[section.own.end : section.own.end + 200].strip()
    return not following or _label_kind(following) == _label_kind(section.heading.of(text))


def _label_kind(line: str) -> str:
    """Return the line's label with its numbers made alike: （三）→ （0）."""
    label = _LABEL.match(line)
    return re.sub(r"[一二三四五六七八九十百\d]+|[①-⑳]", "0", label[0].strip()) if label else ""


def _cell_starts(tables: Sequence[Table]) -> frozenset[int]:
    return frozenset(cell.start for table in tables for row in table.rows for cell in row)


def _page_width(text: str) -> int | None:
    """Return the columns of a text that is broken at a fixed width, None if it is not."""
    widths = sorted(_columns(line) for line in text.splitlines() if len(line) > 1)
    if not widths:
        return None
    wide = widths[int(len(widths) * 0.95)]
    return wide if _NARROWEST_PAGE <= wide <= _WIDEST_PAGE else None


def _columns(line: str) -> int:
    return sum(2 if character > "\u2e7f" else 1 for character in line.rstrip())


def _paragraphs(text: str, span: Span, width: int | None, cells: frozenset[int]) -> Iterator[Span]:
    """Yield the lines (or cells), those joined that a page's edge has parted."""
    start: int | None = None
    reached = span.start
    for line in _LINE.finditer(text, span.start, span.end):
        if line.start() < reached:
            continue
        if not line[0].strip():
            start = None
            continue
        begin = line.start() if start is None else start
        if width is not None and _goes_on(text, Span(*line.span()), width, span.end, cells):
            start = begin
            reached = _behind_furniture(text, line.end(), span.end)
            continue
        start = None
        yield Span(begin, line.end())


def _behind_furniture(text: str, end: int, limit: int) -> int:
    """Return where the next line of the text starts, behind page numbers and the form's labels."""
    match = furniture().match(text, end, limit)
    return match.end() if match else end + 1


def _goes_on(text: str, line: Span, width: int, end: int, cells: frozenset[int]) -> bool:
    """Tell whether the line is full and the next one has no label or cell of its own."""
    if line.end >= end or text[line.end] != "\n" or line.end + 1 in cells:
        return False
    following = _behind_furniture(text, line.end, end)
    if following >= end:
        return False
    words_ = line.of(text).rstrip()
    # The line may be read from behind its heading; pages of one file differ in width.
    whole = text[text.rfind("\n", 0, line.start + 1) + 1 : line.end]
    if words_[-1] in _CLOSERS or _columns(whole) < width * 0.7:
        return False
    label = _LABEL.match(text, following, end)
    return text[following] not in "\n\f" and (label is None or not label[0].strip())


def _clauses(text: str, paragraph: Span) -> Iterator[tuple[Span, bool]]:
    """Yield the paragraph's clauses; one that only lists what is promised for stays whole."""
    content = paragraph.of(text)
    label = _LABEL.match(content)
    start = label.end() if label else 0
    ends = [match.end() for match in _END.finditer(content, start)]
    if ends and ends[0] < len(content):
        protected = inside(brackets(content.replace("\n", " ")))
        ends = [end for end in ends if end == len(content) or end not in protected]
    stops = (
        [start, *ends] if ends and not content[ends[-1] :].strip() else [start, *ends, len(content)]
    )
    parts = [(first, last) for first, last in pairwise(stops) if content[first:last].strip()]
    pending: int | None = None
    for number, (first, last) in enumerate(parts):
        is_title = number == 0 and len(parts) > 1 and _is_title(content[first:last])
        if is_title:
            continue
        # （省商务厅负责） behind a full stop is about the sentence before it.
        note = _LEADING_NOTE.match(content, first, last) if number else None
        first = note.end() if note else first
        if not content[first:last].strip():
            continue
        begin = first if pending is None else pending
        pending = None
        following = content[last : parts[number + 1][1]] if number + 1 < len(parts) else ""
        if following and _is_told_later(content[begin:last], content[first:last], following):
            pending = begin
            continue
        span = _trimmed(content, begin, last)
        if len(span) <= _LONGEST:
            yield (
                Span(paragraph.start + span.start, paragraph.start + span.end),
                content[span.end - 1] in "。；;！？!?”’)\uff09",
            )


def _is_title(words_: str) -> bool:
    """Tell whether the sentence is a title that runs into its paragraph: 强化金融支持。"""
    words_ = words_.strip()
    return (
        len(words_) <= _LONGEST_TITLE
        and words_.endswith("。")
        and not re.search(r"[,，\d]|^对.+(?:给予|予以|进行)", words_)
    )


# 对取得新药证书的企业；通过评价的企业；……给予资金支持: the promise stands at the end.
_OPEN_LIST = re.compile(r"\s*(?:对|对于|凡|凡是)[^。]*[;\uff1b]\s*")
_PROMISE = re.compile(
    r"给予|予以|奖励|补助|补贴|资助|支持|免|减|享受|返还|优先|实行|执行|按|可|应|要|进行|加大|提供"
)


def _is_told_later(words_: str, last_sentence: str, following: str) -> bool:
    """Tell whether the next sentence says what is promised in this one, or how much of it."""
    if _is_open_list(words_):
        return True
    is_open = _PROMISE_MADE.search(words_) and not _FIGURE.search(words_)
    return bool(_METHOD.fullmatch(last_sentence) or (is_open and _FIGURES_FOLLOW.match(following)))


# 采取后补助支持方式。按照……: how it is given, before how much.
_METHOD = re.compile(r"[^。,，]{0,8}采[取用][^。,，;；]{2,14}方式\s*[。:：]\s*")
_PROMISE_MADE = re.compile(r"给予|予以|申请奖励|进行奖励|进行补")
_FIGURE = re.compile(r"\d[\d.]*\s*(?:[%％‰]|[百千万亿]*元)")
_FIGURES_FOLLOW = re.compile(
    r"\s*(?:采[取用][^。,，;；]{2,14}方式|每满|自认定|(?:奖励|补助|补贴|资助|支持|具体)(?:标准|额度)(?:为|[:：]))"
)


def _is_open_list(words_: str) -> bool:
    return bool(_OPEN_LIST.fullmatch(words_)) and not _PROMISE.search(words_)


def _trimmed(content: str, start: int, end: int) -> Span:
    if (above := furniture().match("\n" + content[start:end])) is not None:
        start += above.end() - 1
    while start < end and content[start].isspace():
        start += 1
    while end > start and content[end - 1].isspace():
        end -= 1
    return Span(start, end)
