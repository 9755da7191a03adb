"""Files as they come: encodings, line ends, titles, and what is refused."""

import hashlib
from pathlib import Path

import pytest

from corpus.archive import BUNDLED
from corpus.errors import UnreadableFile
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.load import load_plan
from corpus.model import Metadata, Plan
from tests.fakes import file_at, load

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

    assert load(path)[0] == Plan(
        id=hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12],
        title="温州市科技创新规划",
        source=str(path.resolve()),
        digest=hashlib.sha256(content).hexdigest(),
        text=TEXT,
        metadata=Metadata(region="温州市", level="市", kind="规划"),
    )


def test_text_keeps_its_blanks_and_its_width(tmp_path: Path) -> None:
    path = tmp_path / "规划.md"
    path.write_text("\n　　顶尖人 才，ＧＤＰ\u2028（２０２５年）\t\n\n", encoding="utf-8")

    assert load(path)[0].text == "\n　　顶尖人 才，ＧＤＰ\u2028（２０２５年）\t\n\n"


def test_changed_file_keeps_its_id_and_not_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "规划.txt"
    path.write_text("旧版。", encoding="utf-8")
    old, _ = load(path)
    path.write_text("新版。", encoding="utf-8")
    new, _ = load(path)

    assert new.id == old.id
    assert new.digest != old.digest


def test_same_file_by_another_road_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    path = tmp_path / "规划.txt"
    path.write_text("正文。", encoding="utf-8")
    link = tmp_path / "甲" / "链接.txt"
    link.symlink_to(path)

    assert load(tmp_path / "甲" / ".." / "规划.txt")[0].source == str(path.resolve())
    assert load(link)[0].id == load(path)[0].id


def test_bundled_plan_has_the_same_id_everywhere() -> None:
    (path,) = BUNDLED.glob("*.txt")
    plan, _ = load(path)

    assert (plan.id, plan.title, plan.source) == (
        "59c2f87e3762",
        "瓯海区科技创新发展“十四五”规划_节选",
        "bundled/瓯海区科技创新发展“十四五”规划_节选.txt",
    )
    assert plan.text == path.read_text("utf-8")


def test_without_a_title_line_the_file_name_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "惠企政策汇编.txt"
    path.write_text("一、总则。", encoding="utf-8")

    assert load(path)[0].title == "惠企政策汇编"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("空.txt", b"", "文件里没有文字：空.txt", id="empty"),
        pytest.param("空白.txt", b" \n\r\n\t", "文件里没有文字：空白.txt", id="blank"),
        pytest.param("头.txt", b"\xef\xbb\xbf", "文件里没有文字：头.txt", id="only a BOM"),
        pytest.param("零.txt", "规划\0正文".encode(), f"{NO_TEXT}：零.txt", id="null byte"),
        pytest.param("半.txt", b"\xff\xfe\x00\xd8", f"{NO_TEXT}：半.txt", id="half a character"),
    ],
)
def test_refused_file_is_named_with_the_cure(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UnreadableFile) as refused:
        load(path)
    # The cure follows in brackets, where there is one.
    assert str(refused.value).split("（")[0] == message


def test_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "规划.txt"
    path.write_text("正文。", encoding="utf-8")
    file = file_at(path)
    path.unlink()

    with pytest.raises(UnreadableFile, match=r"读不出文件：.*规划\.txt"):
        load_plan(file, DEFAULT_LIMITS)


def test_file_over_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as content:
        content.truncate(2**20 + 1)

    with pytest.raises(UnreadableFile, match="文件超过 1 MB"):
        load_plan(file_at(path), Limits(file_bytes=2**20))
