"""Sums and counts: do parts make the whole, and does a list hold what it counts?"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from assistant.answer.verification.numerals import read_numeral
from assistant.checking.model import Checked, Evidence, Finding, Outcome
from corpus.figures import read_value
from corpus.model import Section, Span, Table
from corpus.tables import find_tables

_NUMBER = r"\d+(?:\.\d+)?"
# 三次产业结构调整为8.3∶41.4∶50.3
_RATIO = re.compile(
    rf"(?:三次产业|产业结构|一二三产)[^。；\n]{{0,24}}?(?P<ratio>({_NUMBER})[∶:：]({_NUMBER})[∶:：]({_NUMBER}))"
)
# 能源、工业、交通、建筑、农业、居民生活六大重点领域
_COUNTED = re.compile(
    r"(?P<list>(?:[^，。；：:、,;\n“”\"《》（）()]{1,16}、){1,14}[^，。；：:、,;\n“”\"《》（）()]{1,16}?)"
    r"(?P<count>[二三四五六七八九十两]{1,3})(?P<word>大(?!类)|个方面|个领域|项(?:重点)?任务|大类)"
    r"(?P<what>[\u4e00-\u9fff]{0,4})"
)
_OPEN = re.compile("等$|等[一二三四五六七八九十两]?$")
_JOINED = re.compile("和|与|及|以及")
# What stands between a list and a count that is not of it.
_NO_COUNT = re.compile("(?:的|第|党的|入选.*|评为.*|年度|全国|全球|世界)$")
_WRAPPED = 18
_ENDS = "。！？!?；;：:”》"
# Nobody counts out more by hand.
_MOST_LISTED = 10
# 以下五个方面：一是…；二是…
_ANNOUNCED = re.compile(
    "(?:以下|下列|如下|抓好|做好|实施|突出)(?P<count>[二三四五六七八九十两]{1,3})"
    "(?:个方面|项(?:重点)?(?:工作|任务)|件(?:大事|实事)|方面)[^。\\n]{0,12}[:：。]"
)
_ORDINALS = "一二三四五六七八九十"
_TOTAL_ROW = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计)\s*$")
_MOST_OFF = Decimal("0.15")


def check_sums(checked: Checked) -> Iterator[Finding]:
    """Check every ratio of the three sectors, every counted list and every total row."""
    text = checked.plan.text
    place = _places(checked.sections)
    for find in (_ratios, _lists, _announced, _totals):
        for outcome, subject, statement, spans in find(text):
            evidence = tuple(Evidence(checked.plan.id, place(span), span) for span in spans)
            yield Finding("sum", outcome, subject, statement, evidence)


_Found = tuple[Outcome, str, str, tuple[Span, ...]]


def _ratios(text: str) -> Iterator[_Found]:
    for match in _RATIO.finditer(text):
        parts = [Decimal(part) for part in match.group(2, 3, 4)]
        whole = sum(parts, Decimal(0))
        working = f"{' + '.join(map(str, parts))} = {whole}"
        outcome: Outcome
        if whole == 100:
            outcome, remark = "PASS", "，等于100"
        elif abs(whole - 100) <= _MOST_OFF:
            outcome, remark = "UNCERTAIN", "，与100的差额不超过各数四舍五入的误差"
        else:
            outcome, remark = "FAIL", "，应为100，差额超过四舍五入的误差"
        statement = f"三次产业的比重相加：{working}{remark}。"
        yield outcome, "三次产业比重", statement, (Span(*match.span()),)


def _lists(text: str) -> Iterator[_Found]:
    for match in _COUNTED.finditer(text):
        items = [item for item in match["list"].split("、") if item.strip()]
        # 以滇池、抚仙湖为重点的九大湖泊, 位居世界第三大: what is counted is not what is listed.
        if len(items) < 2 or _NO_COUNT.search(items[-1]) or _is_cut(text, match.start()):
            continue
        named = int(read_numeral(match["count"]))
        if _OPEN.search(items[-1]) and named > len(items):
            continue
        label = f"{match['count']}{match['word']}{match['what']}"
        count, outcome, remark = _count(items, named)
        statement = f"“{label}”前面列出{count}项（以顿号分开），与所写的数{remark}。"
        yield outcome, label, statement, (Span(*match.span()),)


def _is_cut(text: str, start: int) -> bool:
    """Tell whether the line before goes on here, so that the list may have begun there."""
    line_start = text.rfind("\n", 0, start) + 1
    above = text[:line_start].rstrip()
    width = len(above) - above.rfind("\n") - 1
    # A shorter line is a heading.
    return not text[line_start:start].strip() and width >= _WRAPPED and above[-1] not in _ENDS


def _count(items: Sequence[str], named: int) -> tuple[int, Outcome, str]:
    """Count the items, and judge whether they are as many as named."""
    # 甲链、乙链五链体系和丙、丁、戊三大活动: behind a 和 in the middle another list begins.
    joints = [i for i, item in enumerate(items[:-1]) if _JOINED.search(item)]
    counts = {len(items), *(len(items) - i for i in joints)}
    if _JOINED.search(items[-1]):
        # 甲、乙和丙三大: the last joint may be within a name too.
        counts |= {count + 1 for count in counts}
    if named in counts:
        return named, "PASS", "一致"
    if len(counts) > 1 or named > _MOST_LISTED or len(items) == 2:
        return len(items), "UNCERTAIN", "不一致；列举中可能有并列或省略，请核对"
    return len(items), "FAIL", "不一致"


def _announced(text: str) -> Iterator[_Found]:
    for match in _ANNOUNCED.finditer(text):
        end = text.find("\n", match.end())
        paragraph = text[match.end() : end if end != -1 else len(text)]
        last, position = 0, 0
        for number, ordinal in enumerate(_ORDINALS, start=1):
            found = paragraph.find(f"{ordinal}是", position)
            if found == -1:
                break
            last, position = number, found + 2
        named = int(read_numeral(match["count"]))
        if last < 2:
            continue
        outcome: Outcome = "PASS" if last == named else "FAIL"
        relation = "一致" if last == named else "不一致"
        start = match.end() + paragraph.find(f"{_ORDINALS[last - 1]}是")
        listed = f"从“一是”列到“{_ORDINALS[last - 1]}是”共{last}项"
        statement = f"写明{match['count']}项，后文{listed}，{relation}。"
        spans = (Span(*match.span()), Span(start, min(start + 30, match.end() + len(paragraph))))
        yield outcome, match[0].rstrip("：:。"), statement, spans


def _totals(text: str) -> Iterator[_Found]:
    for table in find_tables(text):
        yield from _total_rows(text, table)


def _total_rows(text: str, table: Table) -> Iterator[_Found]:
    """Compare each total row, column by column, with the sum of the rows since the last one."""
    parts: list[Sequence[Span]] = []
    for row in table.rows[table.header_rows :]:
        if not any(_TOTAL_ROW.match(cell.of(text)) for cell in row):
            parts.append(row)
            continue
        for column, cell in enumerate(row):
            printed = read_value(cell.of(text))
            values = [read_value(part[column].of(text)) for part in parts]
            numbers = [value.number for value in values if value is not None]
            if printed is None or len(numbers) < 2 or len(numbers) < len(values):
                continue
            yield _total(printed.number, numbers, (cell, parts[0][column], parts[-1][column]))
        parts = []


def _total(printed: Decimal, numbers: Sequence[Decimal], spans: tuple[Span, ...]) -> _Found:
    whole = sum(numbers, Decimal(0))
    working = f"{' + '.join(map(str, numbers))} = {whole}"
    places = max(0, -int(printed.as_tuple().exponent))
    slack = Decimal(1).scaleb(-places) / 2 * len(numbers) if places else Decimal(0)
    outcome: Outcome
    if whole == printed:
        outcome, remark = "PASS", "相符"
    elif abs(whole - printed) <= slack:
        outcome, remark = "UNCERTAIN", "相差不超过各数四舍五入的误差"
    else:
        outcome, remark = "FAIL", "不符"
    return outcome, "合计", f"各行相加：{working}，与合计行所印的{printed}{remark}。", spans


def _places(sections: Sequence[Section]) -> Callable[[Span], int]:
    starts = [section.own.start for section in sections]
    return lambda span: max(0, bisect_right(starts, span.start) - 1)
