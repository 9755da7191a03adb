from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest

from corpus.errors import UnreadableFile
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.readers import ocr
from corpus.readers.ofd import read_ofd
from tests.ofd_files import LEFT, SIZE, OfdPage, make_ofd

FIRST = (
    "到二〇三〇年，全市高新技术企业数量明显增加，全社会研究与试验发展经费支出占地区生产总值"
    "比重稳步提高，形成若干具有较强竞争力的产业集群。"
)
SECOND = "支持龙头企业牵头组建创新联合体，对承担国家重点研发任务的单位给予配套资助。"


def test_text_in_paragraphs_with_pages_and_title(tmp_path: Path) -> None:
    pages = [
        OfdPage().paragraphs(f"一、发展目标\n{FIRST}"),
        OfdPage(),
        OfdPage().paragraphs(SECOND),
    ]
    document = read_ofd(make_ofd(tmp_path / "规划.ofd", pages, title="某市规划"), DEFAULT_LIMITS)
    assert document.text.splitlines() == ["一、发展目标", FIRST, SECOND]
    assert document.title == "某市规划"
    starts = [*document.page_starts, len(document.text)]
    assert [document.text[a:b].strip() for a, b in pairwise(starts)] == [
        f"一、发展目标\n{FIRST}",
        "",
        SECOND,
    ]


def test_objects_out_of_order_are_read_from_top_to_bottom(tmp_path: Path) -> None:
    page = OfdPage().text(LEFT, 60, "第二行。").text(LEFT, 30, "第一行。")
    page.text(LEFT + 4 * SIZE, 30, "仍是第一行。")
    document = read_ofd(make_ofd(tmp_path / "规划.ofd", [page]), DEFAULT_LIMITS)
    assert document.text.splitlines() == ["第一行。仍是第一行。", "第二行。"]


def test_a_ruled_table(tmp_path: Path) -> None:
    grid = [["指标", "单位", "目标"], ["研发投入", "亿元", "120"]]
    document = read_ofd(
        make_ofd(tmp_path / "规划.ofd", [OfdPage().text(LEFT, 45, "表1").table(grid)]),
        DEFAULT_LIMITS,
    )
    (table,) = document.tables
    assert [[cell.of(document.text) for cell in row] for row in table.rows] == grid


def test_running_headers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [
        OfdPage().paragraphs(f"{SECOND}\n{FIRST}", top=40).text(100, 280, f"— {number} —", size=4)
        for number in (1, 2, 3)
    ]
    document = read_ofd(make_ofd(tmp_path / "a.ofd", pages, header="某市规划"), DEFAULT_LIMITS)
    assert document.text.splitlines() == [SECOND, FIRST] * 3


def test_scanned_pages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None)
    pages = [OfdPage().paragraphs(SECOND), OfdPage().picture(7)]
    document = read_ofd(make_ofd(tmp_path / "a.ofd", pages), DEFAULT_LIMITS)
    assert document.text.splitlines() == [SECOND]
    assert document.warnings[0].startswith("第2页（共 1 页）是扫描图像或没有文字编码，未识别")
    with pytest.raises(UnreadableFile, match="扫描图像"):
        read_ofd(make_ofd(tmp_path / "b.ofd", [OfdPage().picture(7)]), DEFAULT_LIMITS)


def test_a_missing_page_is_told(tmp_path: Path) -> None:
    whole = make_ofd(tmp_path / "a.ofd", [OfdPage().paragraphs(SECOND), OfdPage()])
    with ZipFile(whole) as source, ZipFile(tmp_path / "b.ofd", "w") as target:
        for name in source.namelist():
            if "Page_1" not in name:
                target.writestr(name, source.read(name))
    document = read_ofd(tmp_path / "b.ofd", DEFAULT_LIMITS)
    assert document.warnings == ("文件缺少 1 个部件，有的页可能读不全，请核对原文",)
    assert len(document.page_starts) == 2


def test_what_is_no_ofd_says_so(tmp_path: Path) -> None:
    path = tmp_path / "规划.ofd"
    path.write_bytes(b"PK not a zip")
    with pytest.raises(UnreadableFile, match=r"损坏.*规划\.ofd"):
        read_ofd(path, DEFAULT_LIMITS)
    with ZipFile(path, "w") as package:
        package.writestr("OFD.xml", "<ofd:OFD")
    with pytest.raises(UnreadableFile, match=r"损坏.*规划\.ofd"):
        read_ofd(path, DEFAULT_LIMITS)
    make_ofd(path, [OfdPage()] * 3)
    with pytest.raises(UnreadableFile, match="超过 2 页"):
        read_ofd(path, Limits(pages=2))
