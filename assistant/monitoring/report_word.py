"""The report as a Word file in the form that offices know; its charts stay editable."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.monitoring.model import STANDINGS
from assistant.monitoring.report import Report, ReportBlock, Row
from assistant.monitoring.word_chart import add_chart
from assistant.records.word import UNSEEN, set_fonts, without_dates

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_BODY_FONT, _HEAD_FONT = "仿宋", "黑体"
_BODY_SIZE, _HEAD_SIZE, _TITLE_SIZE, _TABLE_SIZE, _NOTE_SIZE = 14, 15, 20, 9, 10.5
# Of the page's 15.6 cm between the margins.
_WIDTHS = {
    10: (0.8, 3.2, 1.3, 1.4, 1.6, 1.5, 1.4, 1.4, 1.7, 1.3),
    6: (0.8, 4.2, 2.2, 2.2, 2.2, 4.0),
    4: (0.8, 3.2, 7.0, 4.6),
}
# Narrower columns hold figures, which stand in the middle.
_NARROW = 2.5
_CELL_MARGIN = 60  # twentieths of a point
_HEAD_SHADE = "E8EEF5"
_COLOURS = {
    "慢于进度": "B3402F",
    "未完成": "B3402F",
    "不符要求": "B3402F",
    STANDINGS["ahead"]: "1D7A4F",
    "提前完成": "1D7A4F",
}


def write_word_report(report: Report) -> bytes:
    """Return the report as the content of a .docx file."""
    # python-docx takes a while to load; only a report needs it.
    from docx import Document

    document = Document()
    set_fonts(document, _BODY_FONT)
    _set_page(document)
    for block in report.blocks:
        _add(document, block)
    document.core_properties.author = "规划问答助手"
    document.core_properties.title = report.title
    document.core_properties.comments = ""
    stream = io.BytesIO()
    document.save(stream)
    return without_dates(stream)


def _set_page(document: "Document") -> None:
    """Set A4 and the margins of official documents, with the page's number below."""
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    paragraph = section.footer.paragraphs[0]
    _centre(paragraph)
    _write(paragraph, "— ", size=_NOTE_SIZE)
    _add_page_number(paragraph)
    _write(paragraph, " —", size=_NOTE_SIZE)


def _add_page_number(paragraph: "Paragraph") -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    field: Any = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )
    paragraph._p.append(field)


def _add(document: "Document", block: ReportBlock) -> None:
    match block.kind:
        case "title":
            paragraph = document.add_heading("", 0)
            _centre(paragraph)
            _without_rule(paragraph)
            _write(paragraph, block.text, font=_HEAD_FONT, size=_TITLE_SIZE)
        case "subtitle":
            paragraph = document.add_paragraph()
            _centre(paragraph)
            _write(paragraph, block.text)
        case "heading":
            paragraph = document.add_heading("", 1)
            _write(paragraph, block.text, font=_HEAD_FONT, size=_HEAD_SIZE)
        case "table":
            _add_table(document, block)
        case "chart":
            assert block.chart is not None
            picture = document.add_paragraph()
            _centre(picture)
            picture.paragraph_format.keep_with_next = True
            add_chart(document, picture, block.chart)
            _add_caption(document, block.text)
        case _:
            _add_text(document, block)


def _without_rule(paragraph: "Paragraph") -> None:
    """Take away the line that python-docx's style draws under a title."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    rule: Any = parse_xml(f'<w:pBdr {nsdecls("w")}><w:bottom w:val="nil"/></w:pBdr>')
    paragraph._p.get_or_add_pPr().append(rule)


def _add_text(document: "Document", block: ReportBlock) -> None:
    from docx.shared import Pt

    is_note = block.kind == "note"
    size = _NOTE_SIZE if is_note else _BODY_SIZE
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2 if is_note else 6)
    # Two characters, as Chinese paragraphs begin.
    paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    paragraph.paragraph_format.line_spacing = 1.3 if is_note else 1.5
    _write(paragraph, block.text, size=size)


def _add_caption(document: "Document", text: str) -> "Paragraph":
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    _centre(paragraph)
    paragraph.paragraph_format.space_after = Pt(8)
    _write(paragraph, text, size=_NOTE_SIZE)
    return paragraph


def _add_table(document: "Document", block: ReportBlock) -> None:
    from docx.shared import Cm

    caption = _add_caption(document, block.text)
    caption.paragraph_format.keep_with_next = True
    widths = _WIDTHS[len(block.rows[0])]
    table = document.add_table(len(block.rows), len(widths), style="Table Grid")
    table.autofit = False
    _narrow_margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for number, (row, texts) in enumerate(zip(table.rows, block.rows, strict=True)):
        _forbid_breaks(row, is_head=number == 0)
        _fill(row.cells, texts, widths, is_head=number == 0)
    document.add_paragraph()


def _narrow_margins(table: "Table") -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = "".join(f'<w:{side} w:w="{_CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    margins: Any = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    properties = table._tbl.tblPr
    # The schema has it before what tells the look of the style.
    (look,) = properties.xpath("w:tblLook")
    look.addprevious(margins)


def _fill(cells: Sequence["_Cell"], texts: Row, widths: Sequence[float], *, is_head: bool) -> None:
    from docx.shared import Cm

    for cell, text, width in zip(cells, texts, widths, strict=True):
        cell.width = Cm(width)
        paragraph = cell.paragraphs[0]
        if is_head or width <= _NARROW:
            _centre(paragraph)
        font = _HEAD_FONT if is_head else _BODY_FONT
        _write(paragraph, text, font=font, size=_TABLE_SIZE, colour=_COLOURS.get(text))
        if is_head:
            _shade(cell)


def _forbid_breaks(row: Any, *, is_head: bool) -> None:  # noqa: ANN401
    """Keep a row on one page, and repeat the head on each."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell: "_Cell") -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    shade: Any = parse_xml(
        f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_HEAD_SHADE}"/>'
    )
    cell._tc.get_or_add_tcPr().append(shade)


def _centre(paragraph: "Paragraph") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _write(
    paragraph: "Paragraph",
    text: str,
    *,
    font: str = _BODY_FONT,
    size: float = _BODY_SIZE,
    colour: str | None = None,
) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(UNSEEN.sub("\ufffd", text))
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    run.font.color.rgb = RGBColor.from_string(colour or "000000")
    run.bold = colour is not None or font == _HEAD_FONT
