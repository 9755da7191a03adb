"""Files are read by what they are: encodings, pages, Markdown, wrong suffixes, old formats."""

import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document, Span, StyledHeading
from corpus.readers import read_document
from corpus.readers.encoding import decode

TEXT = "温州市科技创新规划\n一、总则\n研发经费投入强度达到3.5%，新增高新技术企业20家。\n"
NEEDS_OFFICE = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


def read(path: Path, content: bytes | str) -> Document:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path, Limits())


def refusal(path: Path, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path, content)
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="utf-8-bom"),
        pytest.param(TEXT.encode("gb18030"), id="gb18030"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16-bom"),
        pytest.param(TEXT.encode("utf-16-le"), id="utf-16-le"),
        pytest.param(TEXT.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(TEXT.encode("utf-32"), id="utf-32"),
        pytest.param(TEXT.replace("\n", "\r\n").encode("gb18030"), id="crlf"),
    ],
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path / "规划.txt", content) == Document(TEXT)


def test_big5_is_told_apart(tmp_path: Path) -> None:
    text = "臺北市政府為推動創新產業發展，特訂定本要點。補助金額以新臺幣一百萬元為上限。" * 20

    assert read(tmp_path / "要點.txt", text.encode("big5")).text == text


@pytest.mark.parametrize("text", ["臺灣同胞權益保護條例（試行）", "喆昇，垚鑫，赟斌\n", "正"])
def test_rare_characters_in_gb18030(tmp_path: Path, text: str) -> None:
    assert read(tmp_path / "名单.txt", text.encode("gb18030")).text == text


def test_damaged_character_is_told_and_does_not_turn_the_rest_into_mojibake(
    tmp_path: Path,
) -> None:
    # Cut inside of the last full stop.
    document = read(tmp_path / "断.txt", (TEXT * 2).encode()[:-2])

    assert document.text == (TEXT * 2)[:-2] + "\ufffd"
    assert document.warnings == ("有 1 个字符已损坏，显示为 \ufffd",)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")))
@settings(deadline=None)
def test_any_utf8_text_comes_back_unchanged(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_text_or_nothing(content: bytes) -> None:
    text = decode(content)

    assert text is None or ("\0" not in text and "\r" not in text)


@pytest.mark.parametrize(
    ("text", "page_starts"),
    [
        ("一\f二\f三", (0, 2, 4)),
        ("一\f二\f", (0, 2)),
        ("一\f\f三\n\f\n", (0, 2, 3)),
        ("没有分页", ()),
    ],
)
def test_form_feeds_begin_pages(tmp_path: Path, text: str, page_starts: tuple[int, ...]) -> None:
    assert read(tmp_path / "文.txt", text) == Document(text, page_starts=page_starts)


def test_markdown_headings_without_their_marks(tmp_path: Path) -> None:
    text = "# 科技规划\n正文 # 不是\n##  一、总则 ##  \n```\n# 代码\n```\n#没有空格\n### C#\n# \n"
    document = read(tmp_path / "文.md", text)

    assert document.text == text
    assert [(h.span.of(text), h.level) for h in document.headings] == [
        ("科技规划", 1),
        ("一、总则", 2),
        ("C#", 3),
    ]
    assert read(tmp_path / "文.txt", text).headings == ()


def test_markdown_heading_spans_count_from_the_whole_text(tmp_path: Path) -> None:
    assert read(tmp_path / "甲.md", "\n# 甲").headings == (StyledHeading(Span(3, 4), 1),)


def docx_bytes(tmp_path: Path) -> bytes:
    document = docx.Document()
    document.add_paragraph("一、总则")
    document.save(str(tmp_path / "原.docx"))
    return (tmp_path / "原.docx").read_bytes()


def test_wrong_suffix_is_read_by_what_it_is(tmp_path: Path) -> None:
    content = docx_bytes(tmp_path)

    for name in ("规划.txt", "规划.doc", "规划.pdf", "没有后缀"):
        assert read(tmp_path / name, content).text == "一、总则\n"
    assert read(tmp_path / "其实是文本.docx", "一、总则").text == "一、总则"
    page = "<!DOCTYPE html><html><body><p>第一条　为了发展，制定本办法。</p></body></html>"
    assert read(tmp_path / "网页.doc", page).text == "第一条\u3000为了发展，制定本办法。\n"


def zip_with(path: Path, *names: str) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path.read_bytes()


def test_what_cannot_be_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    packed = zip_with(tmp_path / "a.zip", "规划.txt")
    slides = zip_with(tmp_path / "b.zip", "ppt/presentation.xml")
    cure = "（请另存为 UTF-8 文本）"

    assert refusal(tmp_path / "甲.docx", packed) == (
        "压缩包不能当作一份文件读取：甲.docx（请解压后再收录）"
    )
    assert refusal(tmp_path / "甲.pptx", slides) == (
        "暂不支持演示文稿：甲.pptx（请另存为 PDF 再收录）"
    )
    assert refusal(tmp_path / "甲.docx", b"PK\x03\x04") == (
        "文件已损坏：甲.docx（请重新下载或另存一份）"
    )
    assert refusal(tmp_path / "甲.exe", b"MZ\x90\0").startswith(
        "暂不支持这种文件：甲.exe（可收录 .txt、.md、.html"
    )
    assert refusal(tmp_path / "甲.txt", "规划\0正文".encode()) == (
        f"不是文本文件，或编码无法识别：甲.txt{cure}"
    )
    assert refusal(tmp_path / "半.txt", b"\xff\xfe\x00\xd8") == (
        f"不是文本文件，或编码无法识别：半.txt{cure}"
    )
    assert refusal(tmp_path / "空.txt", b" \r\n") == "文件里没有文字：空.txt"


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"读不出文件：.*没有\.txt"):
        read_document(tmp_path / "没有.txt", Limits())


def test_locked_zip_is_refused(tmp_path: Path) -> None:
    content = bytearray(zip_with(tmp_path / "a.zip", "word/document.xml"))
    # The flag for encryption in the central directory.
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert refusal(tmp_path / "密.docx", bytes(content)) == (
        "文件已加密：密.docx（请解除密码后再收录）"
    )


def ole_file(*streams: str) -> bytes:
    """Return an OLE2 container with empty streams of these names."""
    sector, free, end, fat = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    signature = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    sizes = (0x3E, 3, 0xFFFE, 9, 6)
    places = (0, 1, 1, 0, 4096, end, 0, end, 0)
    header = struct.pack("<8s16x5H6x9I", signature, *sizes, *places) + struct.pack(
        "<109I", 0, *[free] * 108
    )

    def entry(name: str, kind: int, right: int, child: int) -> bytes:
        encoded = name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII16sIQQIQ", encoded, len(encoded), kind, 1, free, right, child, b"", 0, 0, 0,
            end, 0,
        )  # fmt: skip

    entries = entry("Root Entry", 5, free, 1 if streams else free)
    for number, name in enumerate(streams, 1):
        entries += entry(name, 2, number + 1 if number < len(streams) else free, free)
    table = struct.pack("<128I", fat, end, *[free] * 126)
    return header + table + entries.ljust(sector, b"\0")


def test_old_formats_say_what_is_wrong(tmp_path: Path) -> None:
    assert refusal(tmp_path / "密.docx", ole_file("EncryptedPackage")) == (
        "文件已加密：密.docx（请解除密码后再收录）"
    )
    assert refusal(tmp_path / "讲.doc", ole_file("PowerPoint Document")) == (
        "暂不支持演示文稿：讲.doc（请另存为 PDF 再收录）"
    )


def test_old_formats_need_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refusal(tmp_path / "旧.rtf", b"{\\rtf1 a}") == (
        "读取旧格式需要 LibreOffice：旧.rtf（请安装它，或用 Word、WPS 另存为 .docx）"
    )
    assert refusal(tmp_path / "旧.xls", ole_file("Workbook")) == (
        "读取旧格式需要 LibreOffice：旧.xls（请安装它，或用 Word、WPS 另存为 .xlsx）"
    )


def convert(source: Path, target: str) -> bytes:
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(source.parent / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(source.parent / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    converted = source.parent / "out" / f"{source.stem}.{target}"
    if not converted.is_file():
        pytest.skip(f"this LibreOffice does not write .{target}: a part of it is not installed")
    return converted.read_bytes()


@NEEDS_OFFICE
@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        ("doc", "旧 文件.wps"),
        pytest.param("rtf", "旧.rtf", marks=pytest.mark.slow),
        pytest.param("odt", "旧.odt", marks=pytest.mark.slow),
    ],
)
def test_old_word_files_are_converted(tmp_path: Path, suffix: str, name: str) -> None:
    document = docx.Document()
    document.add_heading("一、总则", level=1)
    document.add_paragraph("研发经费投入强度达到3.5%。")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("指标", "目标", "企业（家）", "20"), strict=True):
        cell.text = text
    document.add_paragraph("二、保障")
    document.save(str(tmp_path / "原.docx"))

    found = read(tmp_path / name, convert(tmp_path / "原.docx", suffix))
    assert found.text == (
        "一、总则\n研发经费投入强度达到3.5%。\n指标\t目标\n企业（家）\t20\n二、保障\n"
    )
    assert [(h.span.of(found.text), h.level) for h in found.headings] == [("一、总则", 1)]
    assert len(found.tables) == 1


@NEEDS_OFFICE
def test_old_spreadsheets_are_converted(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["指标", "目标"])
    sheet.append(["强度", 0.035])
    sheet["B2"].number_format = "0.0%"
    workbook.save(tmp_path / "原.xlsx")

    found = read(tmp_path / "旧.xls", convert(tmp_path / "原.xlsx", "xls"))
    assert found.text == "指标\t目标\n强度\t3.5%\n"


@NEEDS_OFFICE
def test_broken_old_file_and_a_slow_one_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "坏.doc", ole_file("WordDocument")).startswith("无法转换：坏.doc")
    path = tmp_path / "慢.rtf"
    path.write_bytes(b"{\\rtf1 a}")
    with pytest.raises(UnreadableFile, match=r"转换太久，已放弃：慢\.rtf"):
        read_document(path, Limits(seconds=0.01))
