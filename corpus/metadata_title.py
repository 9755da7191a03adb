"""A document's title, as its first lines give it, and what kind of document that makes it."""

import re

from corpus.metadata_head import Head
from corpus.metadata_place import is_national, read_place
from corpus.model import Kind

_WORDS = (
    "规划|纲要|计划|报告|意见|措施|办法|方案|条例|建议|通知|决定|批复|规定|细则|规则|要点|指引|导引|指南"
    "|通告|公告|通报|公报|纪要|倡议书|公开信|告知书|政策|清单|目录|决议|白皮书|标准"
)
# What a title ends with; a first line without one of these is taken for body text.
_TITLE = re.compile(
    rf"[^。!?\uff01\uff1f;\uff1b]{{2,120}}(?:{_WORDS})"
    r"(?:[(\uff08][^()\uff08\uff09]{1,20}[)\uff09]|节选|摘要){0,2}"
)
_RUN_IN = re.compile(
    r"[^。,\uff0c;\uff1b《]{8,50}?(?:规划|计划)(?:纲要)?(?=[,\uff0c]?(?:是?根据|依据))"
)
_REPORT = re.compile(r"政府工作(?:的)?报告")
_MEETING = re.compile(
    r"^[^\d一二]*(?P<year>(?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{3})年.{1,12}日(?:在|经)?"
    r"(?P<place>.{0,16}?)(?:第?[一二三四五六七八九十]{1,3}届)?人民代表大会"
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_GOES_ON = re.compile("关于|印发|转发|发布|[和与及、的对在]$")
_YEAR = re.compile(r"^(?:19|20)\d\d年")
_NUMBER = re.compile(r"\d{4}\s?[〕\]】\uff3d\uff09)﹞]\s?第?\s?\d{1,4}\s?号[)\uff09]?$")
_NUMBER_LENGTH = 30
_STARTS = re.compile("关于|.{2,60}(?:关于|印发)|《")
_TITLE_FIELDS = ("标题", "名称", "文件名称")
_TITLE_LINES = 3
_LONGEST = 120
_REPRINT = re.compile(r"^[(\uff08](?:转载|转发|失效|已失效|有效)[)\uff09]\s*")
_TRIM = " \t\u3000·-—_\u2014"

# By the word that ends the title; the first that fits.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("报告", re.compile(r"(?:工作|执行情况的?|情况)?报告$")),
    (
        "规划",
        re.compile(r"规划$|纲要$|五年.{0,12}计划$|[一二三四五六七八九十]五[”\"]?计划$|发展计划$"),
    ),
    ("办法", re.compile(r"(?:办法|条例|规定|细则|规则)$")),
    (
        "政策",
        re.compile(
            r"(?:意见|通知|措施|方案|批复|决定|要点|指引|导引|指南|计划|建议|通告|公告|政策|决议|清单|目录)$"
        ),
    ),
)
_ISSUED = re.compile(
    r"(?:印发|发布|公布|下发|转发|颁布|批转)(?P<inner>.+?)(?:[》〉]?的通知|[》〉]?的公告)$"
)
_NOTE = re.compile(
    r"[(\uff08][^()\uff08\uff09]{1,24}[)\uff09]$|[_\s]*(?:节选|摘要|部分|split|OCR|\d{4})$"
)


def find_title(head: Head) -> str | None:
    """Return the title that the document's first lines give, which may take up to three of them."""
    found = _find_title(head)
    return plain_title(found) if found is not None else None


def plain_title(title: str) -> str:
    """Return the title without the page's remark before it: （转载）."""
    return _REPRINT.sub("", title)


def _find_title(head: Head) -> str | None:
    for field in _TITLE_FIELDS:
        if head.fields.get(field):
            return " ".join(head.fields[field].split())
    lines = head.title_lines
    for place in range(len(lines)):
        for count in range(1, _TITLE_LINES + 1):
            parts = lines[place : place + count]
            joined = "".join(parts).strip(_TRIM)
            if not all(parts) or len(joined) > _LONGEST:
                break
            if _TITLE.fullmatch(joined):
                return parts[-1] if count > 1 and _begins_anew(parts) else joined
    if (above := _above_number(head)) is not None:
        return above
    found = _RUN_IN.match(head.lines[0]) if head.lines else None
    return found[0] if found is not None else None


def _begins_anew(parts: tuple[str, ...]) -> bool:
    """Tell whether the last line is a title of its own, below a line that is none of it."""
    if _GOES_ON.search("".join(parts[:-1])) or _TITLE.fullmatch(parts[-1]) is None:
        return False
    words = _YEAR.sub("", parts[-1])
    return words != parts[-1] or is_national(words) or read_place(words)[0] is not None


def _above_number(head: Head) -> str | None:
    """Return the title that stands right above the 文号, wherever in the head that is."""
    for place, line in enumerate(head.lines):
        if _NUMBER.search(line) is None or len(line) > _NUMBER_LENGTH:
            continue
        for count in range(1, min(_TITLE_LINES, place) + 1):
            joined = "".join(head.lines[place - count : place])
            if _TITLE.fullmatch(joined) and _STARTS.match(joined):
                return joined
    return None


def report_title(head: Head, title: str) -> str:
    """Return the title of a work report with its year and place, if the head tells them."""
    if "".join(title.split()) != "政府工作报告":
        return title
    for line in head.lines[:12]:
        found = _MEETING.search("".join(line.split()))
        if found is None:
            continue
        place = "国务院" if "全国人民代表大会" in line else read_place(found["place"])[0]
        if place:
            return f"{found['year'].translate(_DIGITS)}年{place}政府工作报告"
    return title


def title_kind(title: str) -> Kind | None:
    """Return what kind of document the title names; of a notice, what it is sent round with."""
    for name in (issued_name(title), title):
        if name is None:
            continue
        words = _bare(name)
        for kind, pattern in _KINDS:
            if pattern.search(words):
                return kind
    return None


def issued_name(title: str) -> str | None:
    """Return the name of what a notice is sent round with: 关于印发《…》的通知."""
    found = _ISSUED.search("".join(title.split()))
    return found["inner"].strip("《》〈〉") if found is not None else None


def is_report(title: str) -> bool:
    """Tell whether the title is that of a work report."""
    return _REPORT.search("".join(title.split())) is not None


def _bare(name: str) -> str:
    words = name.strip("《》 \u3000")
    while (shorter := _NOTE.sub("", words).strip("《》_ ")) != words:
        words = shorter
    return words
