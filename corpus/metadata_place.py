"""Who issued a document, for which place, and on which level of government."""

import re
from functools import cache
from pathlib import Path

from corpus.metadata_head import Head
from corpus.model import Level

_FOLDER = Path(__file__).parent / "lexicon"
_LONGEST_NAME = 15
_LEVELS: tuple[Level, ...] = ("省", "市", "区县")

_BODY = (
    "人民政府|政府|办公厅|办公室|委员会|常务委员会|人民代表大会|国务院|中共中央|省委|市委|区委|县委|局|部|厅"
    "|委|署|院|小组|总队|中心|综合司|银行|专班|指挥部|联席会议|管委会|部门"
)
_ISSUER = re.compile(rf"(?:.{{0,40}}(?:{_BODY})|国务院|中共中央)$")
_BEFORE_SUBJECT = re.compile(r"^(.{2,80}?)(?:关于|印发|转发|批转|发布|制定)")
_ISSUER_FIELDS = (
    "发文机关",
    "发布机构",
    "发布单位",
    "发文单位",
    "发文机构",
    "制定机关",
    "印发机关",
)
_SPEAKER = re.compile(r"我(?:谨|受托)?代表(?P<body>[\u4e00-\u9fff]{0,16}?(?:人民政府|政府)|国务院)")
_SHORT_BODY = re.compile(r"^(?P<unit>省|市|区|县|自治区|自治州|旗|州)?(?:人民)?政府$")
_ZONE = re.compile(
    r"^[\u4e00-\u9fff]{0,12}?(?:开发区|新区|高新区|工业园区|产业园区|科技园区|示范区|度假区|试验区)"
)
_CITED = re.compile(r"[《〈“\"]")
_AGENT = re.compile(r"[(\uff08].{2,30}(?:代章|代)[)\uff09]$")


def find_issuer(head: Head, title: str, signature: str | None, region: str | None) -> str | None:
    """Return the body that issued the document, as it names itself."""
    for field in _ISSUER_FIELDS:
        if head.fields.get(field) and _ISSUER.match(head.fields[field]):
            return head.fields[field]
    found = _BEFORE_SUBJECT.match(title)
    if found is not None and _ISSUER.match(found[1].strip()) and not _CITED.search(found[1]):
        return found[1].strip()
    return signature or _speaker(head, region)


def find_signature(lines: tuple[str, ...], date_place: int) -> str | None:
    """Return the bodies that sign in the lines above the date."""
    names: list[str] = []
    for line in reversed(lines[:date_place]):
        name = _AGENT.sub("", line).strip()
        if not name and line:
            continue
        if len(name) > 40 or not _ISSUER.match(name) or re.search("[。,\uff0c:\uff1a、]", name):
            break
        names.append(name)
    return " ".join(reversed(names)) or None


def _speaker(head: Head, region: str | None) -> str | None:
    """Return the government for which a work report speaks."""
    for line in head.lines:
        found = _SPEAKER.search("".join(line.split()))
        if found is None:
            continue
        short = _SHORT_BODY.match(found["body"])
        if short is None:
            return found["body"]
        unit = short["unit"]
        # 省人民政府 is that of the place which the report names, if that is a 省.
        return f"{region}人民政府" if region and unit and region.endswith(unit) else None
    return None


def find_region(*names: str | None) -> tuple[str | None, Level | None]:
    """Return the place and level that the first telling name begins with.

    A national body has a level but no place.
    """
    for name in names:
        if not name:
            continue
        words = _from_place(name)
        if is_national(words):
            return None, "国家"
        region, level = read_place(words)
        if region is not None:
            return region, level
    return None, None


def is_national(name: str) -> bool:
    """Tell whether a body of the state, or the state itself, is what the name begins with."""
    return name.startswith(_national())


def read_place(words: str) -> tuple[str | None, Level | None]:
    """Return the place that the words begin with, 温州市瓯海区, and the level of its last part."""
    names = _regions()
    end = 0
    level: Level | None = None
    while True:
        found = next(
            (
                length
                for length in range(min(_LONGEST_NAME, len(words) - end), 1, -1)
                if words[end : end + length] in names
                and _is_narrower(names[words[end : end + length]], level)
            ),
            0,
        )
        if not found:
            break
        level = names[words[end : end + found]]
        end += found
    if level is None:
        return None, None
    zone = _ZONE.match(words[end:]) if level != "区县" else None
    if zone is not None:
        # A zone lies in the place, but is not it; its level is not told by its name.
        return words[: end + len(zone[0])], None
    return words[:end], level


def _is_narrower(level: Level, than: Level | None) -> bool:
    return than is None or _LEVELS.index(level) > _LEVELS.index(than)


def _from_place(name: str) -> str:
    """Return the name without what stands before its place: 关于印发《2025年, a letter's 致驻."""
    return re.sub(r"^(?:致驻?|关于)?(?:印发|发布)?[《\"“]?(?:(?:19|20)\d\d年)?", "", name)


@cache
def _regions() -> dict[str, Level]:
    names: dict[str, Level] = {}
    for line in _rows("regions.tsv"):
        name, level = line.split("\t")
        names[name] = next(one for one in _LEVELS if one == level)
    return names


@cache
def _national() -> tuple[str, ...]:
    return tuple(_rows("national_bodies.txt"))


def _rows(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
