"""Which place lies in which: 瓯海区 in 温州市, that in 浙江省.

Of counties that share a name all parents are known; the words around it decide.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from corpus.measure_words import any_of

Position: TypeAlias = Literal["inside", "maybe", "outside", "unknown"]

_FOLDER = Path(__file__).parent / "lexicon"
_LEVEL = re.compile("(?:特别行政区|(?:[壮回]族|维吾尔)?自治区|[省市区县旗])$")


def position(place: str, region: str) -> Position:
    """Tell whether a place lies in the region; `maybe` if it is the wider one of the two."""
    mine, theirs = read_places(place), read_places(region)
    if not mine or not theirs:
        return "unknown"
    if theirs[-1] in mine:
        # 南京市鼓楼区 is not 福州市鼓楼区.
        return "inside" if _agree(mine, theirs) else "outside"
    if theirs[-1] in _around(mine):
        # 鼓楼区 alone may be that of another city.
        is_told = len(mine) > 1 or len(_parents().get(mine[-1], ())) < 2
        return "inside" if is_told else "maybe"
    if mine[-1] in _around(theirs):
        return "maybe"
    return "outside"


def read_places(words: str) -> tuple[str, ...]:
    """Return the places that the words name, by their full names: 温州瓯海区 → 温州市, 瓯海区."""
    return tuple(_full_names().get(name, name) for name in _pattern().findall(words))


def _agree(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    around = {*mine, *_around(mine)}
    return all(name in around for name in theirs[:-1]) if len(mine) > 1 else True


def _around(chain: tuple[str, ...]) -> frozenset[str]:
    """Return what the last place of the chain lies in, as far as the chain leaves open."""
    found: set[str] = set(chain[:-1])
    waiting = [chain[-1]]
    while waiting:
        above = _parents().get(waiting.pop(), ())
        named = [name for name in above if name in chain]
        for name in named or above:
            if name not in found or name in named:
                found.add(name)
                waiting += [name] if name not in waiting else []
    return frozenset(found)


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    rows = [line.split("\t") for line in _lines("region_parents.tsv")]
    return {name: tuple(above) for name, *above in rows}


@cache
def _full_names() -> dict[str, str]:
    """Return the full name of each short one: 温州 → 温州市; of two, that of the wider place."""
    full: dict[str, str] = {}
    for name in sorted(_parents(), key=lambda one: (one.endswith(("区", "县")), one)):
        stem = _LEVEL.sub("", name)
        if 1 < len(stem) < len(name):
            full.setdefault(stem, name)
    provinces = {above for names in _parents().values() for above in names}
    return full | {_LEVEL.sub("", name): name for name in sorted(provinces)}


@cache
def place_pattern() -> str:
    """Return a pattern for the full name of a place, or the short one of a province or a city.

    The short names of counties are words of the language too: 资源, 新建.
    """
    short = {name for name, full in _full_names().items() if full.endswith(("省", "自治区", "市"))}
    return any_of({*_parents(), *_full_names().values(), *short})


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(any_of({*_parents(), *_full_names(), *_full_names().values()}))


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
