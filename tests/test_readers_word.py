"""Word files: numbering as Word shows it, tables, revisions, contents, notes."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document, Table
from corpus.readers import read_document
from corpus.readers.word_numerals import format_number

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="urn:wps"'
)
KINDS = ("styles", "numbering", "footnotes", "endnotes")


def write_docx(path: Path, body: str, *, core_title: str = "", **parts: str) -> Path:
    """Write the smallest docx: a body and the inner XML of other parts by kind."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
            '<Relationship Type="http://x/core-properties" Target="docProps/core.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "docProps/core.xml",
            f'<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{core_title}</dc:title></p>',
        )
        # WPS leaves relationships behind that lead nowhere.
        links = "".join(
            f'<Relationship Type="{RELATIONS}/{kind}" Target="{kind}.xml"/>' for kind in parts
        )
        dead = f'<Relationship Type="{RELATIONS}/image" Target="NULL"/>'
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{links}{dead}</Relationships>',
        )
        archive.writestr(
            "word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
        )
        for kind, inner in parts.items():
            archive.writestr(f"word/{kind}.xml", f"<w:{kind} {SPACES}>{inner}</w:{kind}>")
    return path


def read(tmp_path: Path, body: str, *, core_title: str = "", **parts: str) -> Document:
    path = write_docx(tmp_path / "规划.docx", body, core_title=core_title, **parts)
    return read_document(path, Limits())


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def numbered(text: str, number: int, level: int = 0) -> str:
    return paragraph(
        text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def level(index: int, style: str, text: str, extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(identifier: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{identifier}">{"".join(levels)}</w:abstractNum>'


def instance(identifier: int, abstract_id: int, overrides: str = "") -> str:
    return (
        f'<w:num w:numId="{identifier}"><w:abstractNumId w:val="{abstract_id}"/>{overrides}</w:num>'
    )


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table_of(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def cells_of(document: Document, table: Table) -> list[list[str]]:
    return [[span.of(document.text) for span in row] for row in table.rows]


def test_numbering_of_an_official_document(tmp_path: Path) -> None:
    numbering = (
        abstract(
            1,
            level(0, "chineseCountingThousand", "第%1章", '<w:suff w:val="space"/>'),
            level(1, "japaneseCounting", "%2、"),
            level(2, "chineseCounting", "（%3）"),
            level(3, "decimal", "%4."),
            level(4, "decimalEnclosedCircle", "%5", '<w:suff w:val="nothing"/>'),
        )
        + abstract(2, level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"))
        + instance(1, 1)
        + instance(2, 2)
    )
    places = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 3), (1, 4), (1, 4), (1, 2), (1, 0), (1, 1)]
    places += [(2, 0), (2, 1), (2, 1), (2, 0), (2, 1)]
    body = "".join(numbered("正文。", number, depth) for number, depth in places)

    document = read(tmp_path, body + paragraph("不编号。"), numbering=numbering)
    assert [line.removesuffix("正文。") for line in document.text.splitlines()] == [
        "第一章 ",
        "一、",
        "二、",
        "（一）",
        "1. ",
        "①",
        "②",
        "（二）",
        "第二章 ",
        "一、",
        "1 ",
        "1.1 ",
        "1.2 ",
        "2 ",
        "2.1 ",
        "不编号。",
    ]


def labels(tmp_path: Path, numbering: str, *places: tuple[int, int]) -> list[str]:
    body = "".join(numbered("文", number, depth) for number, depth in places)
    text = read(tmp_path, body, numbering=numbering).text
    return [line.removesuffix("文").strip() for line in text.splitlines()]


def test_lists_over_one_abstract_list_count_on_unless_one_says_where_it_starts(
    tmp_path: Path,
) -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        abstract(1, level(0, "decimal", "%1、")) + instance(1, 1) + instance(2, 1)
    ) + instance(3, 1, override)

    found = labels(tmp_path, numbering, (1, 0), (1, 0), (2, 0), (3, 0), (3, 0), (1, 0))
    assert found == ["1、", "2、", "3、", "1、", "2、", "3、"]


def test_restarts_starts_and_legal_numbers(tmp_path: Path) -> None:
    numbering = (
        abstract(
            1,
            level(0, "chineseCounting", "%1、", start=3),
            level(1, "decimal", "%1.%2", "<w:isLgl/>"),
            level(2, "upperRoman", "%3.", '<w:lvlRestart w:val="0"/>'),
            level(3, "lowerLetter", "%4)", '<w:lvlRestart w:val="1"/>'),
        )
    ) + instance(1, 1)

    depths = [0, 1, 2, 3, 1, 2, 3, 0, 1, 2, 3]
    assert labels(tmp_path, numbering, *((1, depth) for depth in depths)) == [
        "三、",
        "3.1",
        "I.",
        "a)",
        "3.2",
        "II.",
        "b)",
        "四、",
        "4.1",
        "III.",
        "a)",
    ]


def test_numbers_come_through_styles_and_zero_takes_them_away(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="heading 2"/>'
        '<w:basedOn w:val="A"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="节"/><w:basedOn w:val="B"/>'
        "</w:style>"
    )
    numbering = abstract(
        1, level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）")
    ) + instance(1, 1)
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>{extra}')
        for text, style, extra in (
            ("总体要求", "A", ""),
            ("指导思想", "B", ""),
            ("基本原则", "C", ""),
            ("前言", "A", none),
            ("主要目标", "A", '<w:outlineLvl w:val="9"/>'),
        )
    )

    document = read(tmp_path, body, styles=styles, numbering=numbering)
    assert document.text == "一、总体要求\n（一）指导思想\n（二）基本原则\n前言\n二、主要目标\n"
    assert [(h.span.of(document.text), h.level) for h in document.headings] == [
        ("一、总体要求", 1),
        ("（一）指导思想", 2),
        ("（二）基本原则", 2),
        ("前言", 1),
    ]


@pytest.mark.parametrize(
    ("style", "numbers"),
    [
        (
            "chineseCounting",
            {1: "一", 10: "十", 19: "十九", 20: "二十", 99: "九十九", 105: "一○五"},
        ),
        ("chineseCountingThousand", {11: "十一", 100: "一百", 101: "一百零一", 1010: "一千零一十"}),
        ("japaneseCounting", {10: "十", 23: "二十三", 110: "百十"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("chineseLegalSimplified", {12: "壹拾贰", 205: "贰佰零伍"}),
        ("decimalFullWidth", {12: "１２"}),
        ("decimalZero", {3: "03", 12: "12"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 28: "bb"}),
        ("lowerRoman", {4: "iv", 1999: "mcmxcix", 0: "0"}),
        ("none", {7: ""}),
        ("hindiVowels", {7: "7"}),
    ],
)
def test_number_styles(style: str, numbers: dict[int, str]) -> None:
    assert {number: format_number(number, style) for number in numbers} == numbers


def test_merged_cells_stand_in_every_place(tmp_path: Path) -> None:
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    wide = '<w:gridSpan w:val="2"/>'
    body = table_of(
        row(cell("指标", restart), cell("2025年", wide), cell("属性", restart)),
        row(cell("", go_on), cell("目标值"), cell("年均"), cell("", go_on)),
        row(cell("研发经费投入强度（%）"), cell("3.5"), cell("〔1.1〕"), cell("预期性")),
    )

    document = read(tmp_path, paragraph("表1") + body)
    (table,) = document.tables
    assert cells_of(document, table) == [
        ["指标", "2025年", "2025年", "属性"],
        ["指标", "目标值", "年均", "属性"],
        ["研发经费投入强度（%）", "3.5", "〔1.1〕", "预期性"],
    ]
    assert table.rows[0][0] == table.rows[1][0]
    assert table.header_rows == 2
    assert document.text.startswith("表1\n指标\t2025年\t\t属性\n\t目标值\t年均\t\n研发经费")


def test_cells_with_numbers_alone_and_tables_inside(tmp_path: Path) -> None:
    numbering = abstract(1, level(0, "decimal", "%1")) + instance(1, 1)
    number = f"<w:tc>{numbered('', 1)}</w:tc>"
    inner = f"<w:tc>{table_of(row(cell('甲'), cell('乙')))}{paragraph('丙')}</w:tc>"
    body = table_of(
        row(cell("序号"), cell("项目")),
        row(number, cell("实验室")),
        row(number, inner),
        row(number, cell("已删"), properties="<w:del/>"),
    )

    document = read(tmp_path, body, numbering=numbering)
    assert cells_of(document, document.tables[0]) == [
        ["序号", "项目"],
        ["1", "实验室"],
        ["2", "甲 乙 丙"],
    ]


def test_frame_of_one_column_is_text_and_not_a_table(tmp_path: Path) -> None:
    frame = table_of(row(cell("专栏1 重点工程")), row(cell("实施强基工程。")))

    document = read(tmp_path, paragraph("一、总则") + frame)
    assert document.text == "一、总则\n专栏1 重点工程\n实施强基工程。\n"
    assert document.tables == ()


def test_revisions_hidden_text_and_marks(tmp_path: Path) -> None:
    deleted = f"<w:del>{run('八').replace('w:t', 'w:delText')}</w:del>"
    hidden = run("草稿", "<w:vanish/>")
    raised = run("2", '<w:vertAlign w:val="superscript"/>')
    body = (
        f"<w:p>{run('增长')}{deleted}<w:ins>{run('六')}</w:ins>{run('%')}{hidden}"
        f"<w:hyperlink>{run('（网址）')}</w:hyperlink>"
        f"<w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt><w:r><w:br/><w:t>新行</w:t></w:r>"
        f"<w:r><w:tab/><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t></w:r></w:p>"
        + paragraph("前半", "<w:rPr><w:del/></w:rPr>")
        + paragraph("后半。")
        + f"<w:p>{run('面积5km')}{raised}</w:p>"
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath></w:p>"
    )

    assert read(tmp_path, body).text == (
        "增长六%（网址）控件\n新行\tA-B\n前半后半。\n面积5km²\n3/4\n"
    )


def test_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('框内文字')}</w:txbxContent>"
    body = (
        f"<w:p>{run('正文。')}<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx>"
        f"</mc:Choice><mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback>"
        f"</mc:AlternateContent></w:r></w:p>"
    )

    assert read(tmp_path, body).text == "正文。\n框内文字\n"


def field_of(code: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    return (
        f"{mark('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{mark('separate')}"
        f"{result}{mark('end')}"
    )


def test_contents_are_left_out_with_their_heading(tmp_path: Path) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 2"/></w:style>'
    entries = f"{run('一、总则 1')}</w:p><w:p>{run('二、目标 3')}"
    body = (
        paragraph("目  录")
        + f"<w:p>{field_of(' TOC ', entries)}</w:p>"
        + paragraph("（一）原则 2", '<w:pStyle w:val="T"/>')
        + f"<w:p>{run('见第')}{field_of('PAGEREF a', run('3'))}{run('页')}</w:p>"
        + paragraph("目录")
        + paragraph("以上目录由本办法附表规定。")
    )

    assert read(tmp_path, body, styles=styles).text == (
        "见第3页\n目录\n以上目录由本办法附表规定。\n"
    )


def test_contents_that_never_end_do_not_swallow_the_document(tmp_path: Path) -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'

    assert read(tmp_path, f"<w:p>{begin}</w:p>" + paragraph("正文。")).text == "正文。\n"


def test_notes_stand_at_the_end_without_marks_in_the_text(tmp_path: Path) -> None:
    body = (
        f'<w:p>{run("达到50")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("亿元。")}'
        '<w:r><w:endnoteReference w:id="1"/></w:r></w:p>'
    ) + paragraph("二、保障")
    notes = {
        "footnotes": f'<w:footnote w:id="1">{paragraph("分隔")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("按2020年价格。")}</w:footnote>',
        "endnotes": f'<w:endnote w:id="1">{paragraph("来源：统计局。")}</w:endnote>',
    }

    assert read(tmp_path, body, **notes).text == (
        "达到50亿元。\n二、保障\n按2020年价格。\n来源：统计局。\n"
    )


@pytest.mark.parametrize(
    ("core_title", "title"),
    [("某市科技创新规划", "某市科技创新规划"), ("Word 文档", None), ("", None), ("模板标题", None)],
)
def test_title_of_the_properties_counts_if_the_text_opens_with_it(
    tmp_path: Path, core_title: str, title: str | None
) -> None:
    body = paragraph("某市科技\u3000创新规划") + paragraph("一、总则")

    assert read(tmp_path, body, core_title=core_title).title == title


def test_title_style_is_the_title(tmp_path: Path) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    title = '<w:pStyle w:val="T"/>'
    body = paragraph("关于印发某市", title) + paragraph("科技规划的通知", title)
    body += paragraph("各区：") + paragraph("附件：名单", title)

    assert read(tmp_path, body, styles=styles).title == "关于印发某市科技规划的通知"


def test_heading_with_a_soft_break_is_one_line(tmp_path: Path) -> None:
    body = (
        '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
        f"{run('第一章 ')}<w:r><w:br/></w:r>{run('发展环境')}</w:p>"
    )

    document = read(tmp_path, body)
    assert document.text == "第一章发展环境\n"
    assert [(h.span.of(document.text), h.level) for h in document.headings] == [
        ("第一章发展环境", 1)
    ]


def test_iso_strict_file_reads_the_same(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "甲.docx", paragraph("正文。"))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "乙.docx", "w") as archive:
        for name, content in members.items():
            strict = content.replace(
                W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
            )
            archive.writestr(name, strict)

    assert read_document(tmp_path / "乙.docx", Limits()) == read_document(path, Limits())


def broken(members: Sequence[tuple[str, str]], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
)


@pytest.mark.parametrize(
    ("content", "limits", "message"),
    [
        ("<w:document>", Limits(), "文件已损坏：甲.docx（请用 Word 或 WPS 打开后另存为 .docx）"),
        ("<a/>", Limits(), "文件已损坏：甲.docx（请用 Word 或 WPS 打开后另存为 .docx）"),
        (BOMB, Limits(), "文件里没有文字：甲.docx"),
        ("<a/>", Limits(members=0), "文件的内部部件超过 0 个：甲.docx（请拆分后再收录）"),
        (
            " " * (2**20 + 1),
            Limits(unpacked_bytes=2**20),
            "文件解压后超过 1 MB：甲.docx（请拆分后再收录）",
        ),
    ],
)
def test_broken_and_hostile_files_are_refused(
    tmp_path: Path, content: str, limits: Limits, message: str
) -> None:
    path = broken([("word/document.xml", content)], tmp_path / "甲.docx")

    with pytest.raises(UnreadableFile) as refused:
        read_document(path, limits)
    assert str(refused.value) == message
