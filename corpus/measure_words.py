"""The word lists by which measures are read, as sets and regular expressions over a compact view.

The compact view of a clause has one width, lower case and no blanks: a full-width comma is ","
and （ is "(" there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from corpus.model import Span
from corpus.normal import NormalView

# 企业家, 企业孵化器, 人才队伍: the noun is not the one who gets something.
_NOT_AFTER = (
    r"(?!家精神|文化|标准|队伍|培养|培育|工程|高地|孵化|加速器|强国|强市|强省|建设(?:$|[,、和的及])|体系|数量|规模"
    r"|结构|名录|目录|清单|登记|注册|管理|政策|化|法|间|周边|改革|经济|型)"
)
_FOLDER = Path(__file__).parent / "lexicon"


def compact_view(text: str, span: Span) -> NormalView:
    """Return the span's characters without blanks (a hard line break parts no word).

    A page's number and the label of a form's row, which a layout sets between two lines, are no
    part of the sentence either.
    """
    characters: list[str] = []
    offsets: list[int] = []
    passed = {
        offset
        for match in furniture().finditer(text, span.start, span.end)
        for offset in range(*match.span())
    }
    for offset in range(span.start, span.end):
        if offset in passed:
            continue
        if "\u4e00" <= text[offset] <= "\u9fff":
            # Nine characters in ten, and none of them has another form.
            characters.append(text[offset])
            offsets.append(offset)
            continue
        for character in unicodedata.normalize("NFKC", text[offset]).lower():
            if not character.isspace():
                characters.append(character)
                offsets.append(offset)
    return NormalView("".join(characters), tuple(offsets))


def joined_view(text: str, spans: Iterable[Span]) -> NormalView:
    """Return the compact view of words that other ones of the layout part."""
    views = [compact_view(text, span) for span in spans]
    return NormalView(
        "".join(view.text for view in views),
        tuple(offset for view in views for offset in view.offsets),
    )


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for one of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=_longest)) + ")"


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


@cache
def words(kind: str) -> frozenset[str]:
    """Return the words of one kind in measure_words.tsv."""
    return dict(_rows("measure_words.tsv"))[kind]


@cache
def furniture() -> re.Pattern[str]:
    """Return a pattern for a line that holds a page's number or a form's label alone."""
    return re.compile(rf"\n\s*(?:{any_of(words('form'))}|\d{{1,4}})[ \t]*\n\s*")


@cache
def instrument_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each instrument with the words that name it."""
    return tuple(_rows("measure_instruments.tsv"))


@cache
def beneficiary_pattern() -> str:
    """Return a pattern for the nouns that end a beneficiary's name."""
    noun = any_of(cells[0] for cells in _cells("measure_beneficiaries.txt"))
    # “小巨人”企业, 龙头企业: the nouns stand one behind the other.
    # 残疾人服务机构: a noun may only say whom an institution serves.
    kind = (
        "(?:养老|医疗|卫生|教育|专业|合作|经济|福利){0,2}"
        "(?:(?:服务|咨询|检测|培训)?(?:机构|组织)|(?:投资|管理|运营|研究)(?:机构|公司)|服务(?:平台|中心))"
    )
    return rf"{noun}(?:[”\"]?{noun}){{0,2}}(?:{kind})?"


@cache
def whole_beneficiary() -> str:
    """Return a pattern for such a noun where it is no part of another word."""
    return beneficiary_pattern() + _NOT_AFTER


def _rows(name: str) -> Iterator[tuple[str, frozenset[str]]]:
    for kind, *found in _cells(name):
        yield kind, frozenset(found)


def _cells(name: str) -> Iterator[list[str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip().lower() for cell in line.split("\t")]
