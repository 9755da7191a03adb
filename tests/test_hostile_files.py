"""Files made to do harm: each is refused with one printable line, or read, and soon."""

import codecs
import os
import random
import stat
import struct
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pikepdf
import pytest

from corpus.archive import find_files
from corpus.errors import UnreadableFile
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.model import Document
from corpus.readers import read_document
from tests.ofd_files import NAMESPACE, OfdPage, make_ofd
from tests.pdf_files import body, make_pdf

Build = Callable[[Path], object]

SECONDS = 10
TEXT = "支持企业牵头组建创新联合体，给予最高500万元资助。\n"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def zipped(path: Path, members: dict[str, str | bytes]) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def docx(path: Path, content: str, *, doctype: str = "") -> None:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    zipped(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/'
            '2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="r1" Type="{relation}" Target="word/document.xml"/>'
            "</Relationships>",
            "word/document.xml": f'{doctype}<w:document xmlns:w="{WORD}"><w:body>{content}'
            "</w:body></w:document>",
        },
    )


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(path: Path, content: str, *, doctype: str = "") -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    zipped(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
            "</Types>",
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{office}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'{doctype}<worksheet xmlns="{SHEET}"><sheetData>{content}'
            "</sheetData></worksheet>",
        },
    )


def cell(text: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'


def ofd(path: Path, text: str, *, doctype: str = "") -> None:
    make_ofd(path, [OfdPage().text(20, 30, TEXT.strip())])
    with ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["Doc_0/Pages/Page_0/Content.xml"] = (
        f"{doctype}<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer>"
        f'<ofd:TextObject Boundary="0 0 9 9" Size="4"><ofd:TextCode X="0" Y="4">{text}'
        "</ofd:TextCode></ofd:TextObject></ofd:Layer>"
        "</ofd:Content></ofd:Page>"
    ).encode()
    zipped(path, dict(members))


def pdf(path: Path) -> Path:
    return make_pdf(path, [body(TEXT)])


def changed_pdf(path: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    with pikepdf.open(pdf(path), allow_overwriting_input=True) as file:
        change(file)
        file.save(path)


def looping_pages(path: Path) -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.Root.Pages.Kids.append(file.Root.Pages)
        file.Root.Pages.Count = 1_000_000

    changed_pdf(path, change)


def looping_xobject(path: Path) -> None:
    def change(file: pikepdf.Pdf) -> None:
        form = file.make_stream(b"/F Do", Type=pikepdf.Name.XObject)
        form.Subtype, form.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 9, 9])
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        file.pages[0].Resources.XObject = pikepdf.Dictionary(F=form)
        file.pages[0].contents_add(b"/F Do")

    changed_pdf(path, change)


def claimed_pages(path: Path) -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.Root.Pages.Count = 1_000_000

    changed_pdf(path, change)


def looping_xref(path: Path) -> None:
    content = pdf(path).read_bytes()
    start = content.rindex(b"startxref")
    offset = int(content[start:].split()[1])
    path.write_bytes(
        content.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % offset)
        if b"trailer\n<<" in content
        else content[:start] + b"startxref\n%d\n%%%%EOF" % start
    )


def inflating_pdf(path: Path) -> None:
    def change(file: pikepdf.Pdf) -> None:
        stream = file.make_stream(b"")
        stream.write(zlib.compress(b" " * 200_000_000), filter=pikepdf.Name.FlateDecode)
        file.pages[0].Contents = stream

    changed_pdf(path, change)


def ruled_pdf(path: Path) -> None:
    """A page of rules without end: a lattice of 700 by 700."""
    lines = "".join(f"{n} 0 m {n} 700 l S 0 {n} m 700 {n} l S " for n in range(700))
    changed_pdf(path, lambda file: file.pages[0].contents_add(lines.encode()))


def locked_pdf(path: Path) -> None:
    with pikepdf.open(pdf(path), allow_overwriting_input=True) as file:
        file.save(path, encryption=pikepdf.Encryption(user="secret", owner="owner"))


def locked_zip(path: Path) -> None:
    zipped(path, {"a.txt": TEXT})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def truncated(build: Build) -> Build:
    def cut(path: Path) -> None:
        build(path)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])

    return cut


def nested_zip(levels: int) -> Build:
    def build(path: Path) -> None:
        content, name = TEXT.encode(), "a.txt"
        for _ in range(levels):
            buffer = BytesIO()
            with ZipFile(buffer, "w") as archive:
                archive.writestr(name, content)
            content, name = buffer.getvalue(), "a.zip"
        path.write_bytes(content)

    return build


def link_zip(path: Path) -> None:
    info = ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")


def double_zip(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("a.txt", TEXT)


def many_members(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        for number in range(6000):
            archive.writestr(f"{number}.txt", "x")


def claimed_directory(path: Path) -> None:
    zipped(path, {"a.txt": TEXT})
    content = bytearray(path.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<L", content, end + 12, 2**31)
    path.write_bytes(content)


def write(content: bytes | str) -> Build:
    data = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(data)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300 * 2**20)


def link_out(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def noise(size: int = 100_000) -> bytes:
    return random.Random(7).randbytes(size)


KINDS: dict[str, tuple[str, Build]] = {
    "empty text": ("a.txt", write(b"")),
    "empty pdf": ("a.pdf", write(b"")),
    "blanks only": ("a.txt", write(" \n\t\u3000\n" * 100)),
    "nul bytes": ("a.txt", write(bytes(10_000))),
    "noise as txt": ("a.txt", write(noise())),
    "noise as pdf": ("a.pdf", write(b"%PDF-1.7\n" + noise())),
    "noise as docx": ("a.docx", write(b"PK\x03\x04" + noise())),
    "noise as xlsx": ("a.xlsx", write(noise())),
    "noise as ofd": ("a.ofd", write(noise())),
    "noise as csv": ("a.csv", write(noise())),
    "noise as html": ("a.html", write(b"<html>" + noise())),
    "noise as png": ("a.png", write(b"\x89PNG\r\n\x1a\n" + noise())),
    "utf-16 noise": ("a.txt", write(codecs.BOM_UTF16_LE + noise())),
    "utf-16 cut in a pair": ("a.txt", write(codecs.BOM_UTF16_LE + b"\x00\xd8\x41")),
    "pdf called txt": ("a.txt", pdf),
    "text called pdf": ("a.pdf", write(TEXT)),
    "text called docx": ("a.docx", write(TEXT)),
    "docx called pdf": ("a.pdf", lambda path: docx(path, paragraph(TEXT))),
    "zip called docx": ("a.docx", lambda path: zipped(path, {"a.txt": TEXT})),
    "html called txt": ("a.txt", write(f"<html><body><p>{TEXT}</p></body></html>")),
    "truncated pdf": ("a.pdf", truncated(pdf)),
    "truncated docx": ("a.docx", truncated(lambda path: docx(path, paragraph(TEXT)))),
    "truncated ofd": ("a.ofd", truncated(lambda path: ofd(path, TEXT))),
    "locked pdf": ("a.pdf", locked_pdf),
    "locked zip": ("a.zip", locked_zip),
    "zip bomb": ("a.zip", lambda path: zipped(path, {"a.txt": bytes(150 * 2**20)})),
    "docx bomb": ("a.docx", lambda path: docx(path, paragraph("规" * 30_000_000))),
    "zips in zips": ("a.zip", nested_zip(12)),
    "zip slip": ("a.zip", lambda path: zipped(path, {"../../out.txt": TEXT})),
    "absolute member": ("a.zip", lambda path: zipped(path, {"/tmp/out.txt": TEXT})),
    "link in a zip": ("a.zip", link_zip),
    "members of one name": ("a.zip", double_zip),
    "too many members": ("a.zip", many_members),
    "claimed directory": ("a.zip", claimed_directory),
    "laughs in docx": ("a.docx", lambda path: docx(path, paragraph("&a11;"), doctype=LAUGHS)),
    "laughs in xlsx": ("a.xlsx", lambda path: xlsx(path, cell("&a11;"), doctype=LAUGHS)),
    "laughs in ofd": ("a.ofd", lambda path: ofd(path, "&a11;", doctype=LAUGHS)),
    "laughs in html": ("a.html", write(f"{LAUGHS}<html><body>&a11;{TEXT}</body></html>")),
    "laughs in svg": ("a.svg", write(f"{LAUGHS}<svg><text>&a11;</text></svg>")),
    "outer entity in docx": ("a.docx", lambda path: docx(path, paragraph("&e;"), doctype=EXTERNAL)),
    "outer entity in xlsx": ("a.xlsx", lambda path: xlsx(path, cell("&e;"), doctype=EXTERNAL)),
    "outer entity in ofd": ("a.ofd", lambda path: ofd(path, "&e;", doctype=EXTERNAL)),
    "outer entity in html": ("a.html", write(f"{EXTERNAL}<html><body>&e;{TEXT}</body></html>")),
    "huge attribute": ("a.docx", lambda path: docx(path, f'<w:p w:x="{"x" * 20_000_000}"/>')),
    "deep docx": (
        "a.docx",
        lambda path: docx(
            path,
            "<w:sdt><w:sdtContent>" * 10_000 + paragraph(TEXT) + "</w:sdtContent></w:sdt>" * 10_000,
        ),
    ),
    "deep ofd": ("a.ofd", lambda path: ofd(path, "<x>" * 10_000 + "</x>" * 10_000)),
    "ofd steps without end": (
        "a.ofd",
        lambda path: make_ofd(
            path,
            [
                OfdPage(
                    [
                        '<ofd:TextObject Boundary="0 0 9 9" Size="nan"><ofd:TextCode X="inf" Y="4" '
                        f'DeltaX="{"g 999999999 1 " * 50}">{TEXT}</ofd:TextCode></ofd:TextObject>'
                    ]
                )
            ],
        ),
    ),
    "looping page tree": ("a.pdf", looping_pages),
    "looping xref": ("a.pdf", looping_xref),
    "form that draws itself": ("a.pdf", looping_xobject),
    "claimed pages": ("a.pdf", claimed_pages),
    "inflating stream": ("a.pdf", inflating_pdf),
    "rules without end": ("a.pdf", ruled_pdf),
    "oversize": ("a.txt", sparse),
    "name with newline and markup": (
        "规划\n<img src=x onerror=alert(1)>\u202etxt.pdf",
        write(b"x"),
    ),
    "name that is no utf-8": (os.fsdecode("坏名".encode("gb18030")) + ".pdf", write(b"x")),
    "link out of the folder": ("a.txt", link_out),
    "fifo": ("a.txt", os.mkfifo),
    "folder called pdf": ("a.pdf", Path.mkdir),
    "wide csv": ("a.csv", write(",".join(map(str, range(100_000))) + "\n" + "1," * 100_000)),
    "quotes without end in csv": ("a.csv", write('"' + "a,\n" * 300_000)),
    "deep html": ("a.html", write("<html><body>" + "<div>" * 100_000 + TEXT)),
    "deep html tables": ("a.html", write("<html><body>" + "<table><tr><td>" * 3_000 + TEXT)),
    "wide html tag": (
        "a.html",
        write("<html><p " + " ".join(f"a{n}=1" for n in range(20_000)) + f">{TEXT}</p>"),
    ),
    "cells that span all": (
        "a.html",
        write(
            f'<html><table><tr><td colspan="99999999" rowspan="99999999">{TEXT}</td></tr></table>'
        ),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_hostile_file_is_refused_or_read(kind: str, tmp_path: Path) -> None:
    folder, workspace = tmp_path / "folder", tmp_path / "workspace"
    folder.mkdir()
    workspace.mkdir()
    name, build = KINDS[kind]
    build(folder / name)
    before = sorted(folder.rglob("*"))
    start = time.perf_counter()
    documents, messages = _read_all(folder, workspace)
    assert time.perf_counter() - start < SECONDS
    assert documents or messages
    for message in messages:
        assert message.isprintable()
        assert len(message) < 300
    for document in documents:
        assert len(document.text) < DEFAULT_LIMITS.characters * 2
        assert "root:" not in document.text
        document.text.encode("utf-8")
    assert sorted(folder.rglob("*")) == before
    assert sorted(tmp_path.iterdir()) == [folder, workspace]


def _read_all(folder: Path, workspace: Path) -> tuple[list[Document], list[str]]:
    files, problems, skipped = find_files([folder], workspace, DEFAULT_LIMITS)
    messages = [f"{name}：{reason}" for name, reason in (*problems, *skipped)]
    documents = []
    for file in files:
        try:
            documents.append(read_document(file.path, DEFAULT_LIMITS))
        except UnreadableFile as error:
            messages.append(str(error))
    return documents, messages


def test_what_is_refused_for_its_pages_is_not_read(tmp_path: Path) -> None:
    make_pdf(tmp_path / "a.pdf", [body(TEXT)] * 5)
    with pytest.raises(UnreadableFile, match="超过 3 页"):
        read_document(tmp_path / "a.pdf", Limits(pages=3))
