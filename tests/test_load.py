"""Files as they come: encodings, line ends, titles, and what is refused."""

import hashlib
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.load import BUNDLED, MAX_BYTES, find_files, find_title, load_plan
from corpus.model import Plan

NO_TEXT = "不是文本文件，或编码无法识别"
TEXT = "温州市科技创新规划\n一、总则\n研发经费3.5%,𠮷祥。\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="utf-8-bom"),
        pytest.param(TEXT.encode("gb18030"), id="gb18030"),
        pytest.param(b"\xff\xfe" + TEXT.encode("utf-16-le"), id="utf-16-le"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="cr"),
        pytest.param(TEXT.replace("\n", "\r\n").encode("gb18030"), id="gb18030-crlf"),
    ],
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "规划.txt"
    path.write_bytes(content)

    assert load_plan(path) == Plan(
        id=hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12],
        title="温州市科技创新规划",
        source=str(path.resolve()),
        digest=hashlib.sha256(content).hexdigest(),
        text=TEXT,
    )


def test_text_keeps_its_blanks_and_its_width(tmp_path: Path) -> None:
    path = tmp_path / "规划.md"
    path.write_text("\n　　顶尖人 才，ＧＤＰ\u2028（２０２５年）\t\n\n", encoding="utf-8")

    assert load_plan(path).text == "\n　　顶尖人 才，ＧＤＰ\u2028（２０２５年）\t\n\n"


def test_changed_file_keeps_its_id_and_not_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "规划.txt"
    path.write_text("旧版。", encoding="utf-8")
    old = load_plan(path)
    path.write_text("新版。", encoding="utf-8")
    new = load_plan(path)

    assert new.id == old.id
    assert new.digest != old.digest


def test_same_file_by_another_road_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    path = tmp_path / "规划.txt"
    path.write_text("正文。", encoding="utf-8")
    link = tmp_path / "甲" / "链接.txt"
    link.symlink_to(path)

    assert load_plan(tmp_path / "甲" / ".." / "规划.txt").source == str(path.resolve())
    assert load_plan(link).id == load_plan(path).id


def test_bundled_plan_has_the_same_id_everywhere() -> None:
    (path,) = find_files(BUNDLED)
    plan = load_plan(path)

    assert (plan.id, plan.title, plan.source) == (
        "59c2f87e3762",
        "瓯海区科技创新发展“十四五”规划_节选",
        "bundled/瓯海区科技创新发展“十四五”规划_节选.txt",
    )
    assert plan.text == path.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("瓯海区科技创新发展“十四五”规划\n一、总则", "瓯海区科技创新发展“十四五”规划"),
        ("\n\n  政府工作报告(2025年)  \n各位代表", "政府工作报告(2025年)"),
        ("# 关于支持企业研发的若干措施（试行）\n正文", "关于支持企业研发的若干措施（试行）"),
        ("温州市“十四五”规划纲要", "温州市“十四五”规划纲要"),
        ("(二)推动生命健康领域科技创新。坚持规划\n", None),
        ("规划\n正文", None),
        ("各位代表:\n现在报告工作", None),
        ("", None),
    ],
)
def test_title_is_the_first_line_that_reads_like_one(text: str, title: str | None) -> None:
    assert find_title(text) == title


def test_without_a_title_line_the_file_name_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "惠企政策汇编.txt"
    path.write_text("一、总则。", encoding="utf-8")

    assert load_plan(path).title == "惠企政策汇编"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("空.txt", b"", "文件里没有文字：空.txt", id="empty"),
        pytest.param("空白.txt", b" \n\r\n\t", "文件里没有文字：空白.txt", id="blank"),
        pytest.param("头.txt", b"\xef\xbb\xbf", "文件里没有文字：头.txt", id="only a BOM"),
        pytest.param(
            "图.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", f"{NO_TEXT}：图.txt", id="png"
        ),
        pytest.param("零.txt", "规划\0正文".encode(), f"{NO_TEXT}：零.txt", id="null byte"),
        pytest.param("半.txt", b"\xff\xfe\x00\xd8", f"{NO_TEXT}：半.txt", id="half a character"),
        pytest.param("规.docx", b"PK\x03\x04", "暂不支持这种文件：规.docx", id="another kind"),
        pytest.param("无后缀", "正文".encode(), "暂不支持这种文件：无后缀", id="no suffix"),
    ],
)
def test_refused_file_is_named_with_the_cure(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UnreadableFile) as refused:
        load_plan(path)
    # The cure follows in brackets, where there is one.
    assert str(refused.value).split("（")[0] == message


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"读不出文件：.*没有\.txt"):
        load_plan(tmp_path / "没有.txt")
    (tmp_path / "文件夹.txt").mkdir()
    with pytest.raises(UnreadableFile, match=r"读不出文件：.*文件夹\.txt"):
        load_plan(tmp_path / "文件夹.txt")


def test_file_over_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    with pytest.raises(UnreadableFile, match="文件超过 50 MB"):
        load_plan(path)


def test_folder_gives_its_readable_files_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "c.pdf", "下级/d.txt", "下级/e.TXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("正文", encoding="utf-8")
    (tmp_path / "假.txt").mkdir()

    found = [str(path.relative_to(tmp_path)) for path in find_files(tmp_path)]
    assert found == ["a.MD", "b.txt", "下级/d.txt", "下级/e.TXT"]
    assert find_files(tmp_path / "b.txt") == [tmp_path / "b.txt"]


def test_folder_with_nothing_and_nothing_at_all_are_refused(tmp_path: Path) -> None:
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    with pytest.raises(UnreadableFile, match=r"文件夹中没有可收录的文件（\.txt、\.md）"):
        find_files(tmp_path)
    with pytest.raises(UnreadableFile, match="找不到文件"):
        find_files(tmp_path / "没有")
