"""Charts of Word's own, with their figures in a workbook inside: python-pptx makes them.

python-docx knows no charts. PowerPoint's are the same DrawingML, so the part is made on a slide
that nobody sees and put into the package of the document.
"""

from typing import TYPE_CHECKING, Any

from assistant.monitoring.report_charts import Chart

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_WIDTH, _HEIGHT = 15.2, 5.8  # cm
_BAR = 0.62  # cm a bar of a ranking, and what stands around them
_AROUND = 2.2
_COLOURS = ("3B7CC4", "D9822B")
_FONT_SIZE = 9
_CHART_URI = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def add_chart(document: "Document", paragraph: "Paragraph", chart: Chart) -> None:
    """Put the chart into the paragraph."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    drawn = _draw(chart)
    package = document.part.package
    number = sum(rel.reltype == RELATIONSHIP_TYPE.CHART for rel in document.part.rels.values()) + 1
    part = Part(
        PackURI(f"/word/charts/chart{number}.xml"),
        CONTENT_TYPE.DML_CHART,
        drawn.part.blob,
        package,
    )
    workbook = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        drawn.part.chart_workbook.xlsx_part.blob,
        package,
    )
    # The first of a part is rId1, by which the chart names its workbook.
    part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph.add_run()._r.append(_drawing(chart, relation, number))


def _height(chart: Chart) -> float:
    return _AROUND + _BAR * len(chart.categories) if chart.kind == "ranking" else _HEIGHT


def _drawing(chart: Chart, relation: str, number: int) -> Any:  # noqa: ANN401
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Cm

    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'r')}>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{Cm(_WIDTH)}" cy="{Cm(_height(chart))}"/><wp:docPr id="{100 + number}"/>'
        f'<a:graphic><a:graphicData uri="{_CHART_URI}">'
        f'<c:chart xmlns:c="{_CHART_URI}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    (properties,) = drawing.xpath(".//wp:docPr")
    properties.set("name", f"图{number}")
    properties.set("descr", chart.title)
    return drawing


def _draw(chart: Chart) -> Any:  # noqa: ANN401
    """Return python-pptx's chart, styled, on a slide of its own."""
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Cm

    figures = CategoryChartData()
    figures.categories = chart.categories
    for name, values in chart.series.items():
        figures.add_series(name, [None if value is None else float(value) for value in values])
    kind = XL_CHART_TYPE.BAR_CLUSTERED if chart.kind == "ranking" else XL_CHART_TYPE.LINE_MARKERS
    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[6])
    frame = slide.shapes.add_chart(kind, 0, 0, Cm(_WIDTH), Cm(_height(chart)), figures)
    _style(frame.chart, chart)
    return frame.chart


def _style(drawn: Any, chart: Chart) -> None:  # noqa: ANN401
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    drawn.font.size = Pt(_FONT_SIZE)
    drawn.has_title = True
    drawn.chart_title.text_frame.text = chart.title
    drawn.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(_FONT_SIZE + 2)
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
        drawn.legend.include_in_layout = False
    drawn.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("D9DEE4")
    for series, colour in zip(drawn.plots[0].series, _COLOURS, strict=False):
        _paint(series, RGBColor.from_string(colour), is_line=chart.kind == "line")
    if chart.kind == "ranking":
        _label_bars(drawn, chart)
    else:
        # Years without a value are no break in the way.
        (blanks,) = drawn._chartSpace.xpath("c:chart/c:dispBlanksAs")
        blanks.set("val", "span")


def _paint(series: Any, colour: Any, *, is_line: bool) -> None:  # noqa: ANN401
    from pptx.util import Pt

    if not is_line:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour
        return
    series.smooth = False
    series.format.line.color.rgb = colour
    series.format.line.width = Pt(2)
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour
    series.marker.format.line.color.rgb = colour


def _label_bars(drawn: Any, chart: Chart) -> None:  # noqa: ANN401
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    plot = drawn.plots[0]
    plot.gap_width = 60
    plot.has_data_labels = True
    plot.data_labels.number_format = f'0.0"{chart.unit}"'
    plot.data_labels.number_format_is_linked = False
    plot.data_labels.show_value = True
    # The first on top, and names out of the way of bars that go to the left.
    drawn.category_axis.reverse_order = True
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    drawn.value_axis.visible = False
