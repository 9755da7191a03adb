"""The report as Markdown, its charts as SVG files beside it: what most viewers show."""

from collections.abc import Sequence

from assistant.monitoring.report import Report, ReportBlock, Row
from assistant.monitoring.report_charts import draw_svg
from assistant.records.markdown import escape_markdown


def write_markdown_report(report: Report, name: str) -> dict[str, bytes]:
    """Return the files of the report by their names: `name`.md and its charts."""
    charts: dict[str, bytes] = {}
    parts = [_write(block, name, charts) for block in report.blocks]
    return {f"{name}.md": ("\n\n".join(parts) + "\n").encode(), **charts}


def _write(block: ReportBlock, name: str, charts: dict[str, bytes]) -> str:
    text = escape_markdown(block.text)
    match block.kind:
        case "title":
            return f"# {text}"
        case "heading":
            return f"## {text}"
        case "table":
            return f"**{text}**\n\n{_write_table(block.rows)}"
        case "chart":
            assert block.chart is not None
            file = f"{name}-图{len(charts) + 1}.svg"
            charts[file] = draw_svg(block.chart).encode()
            # Blanks and brackets would end the address.
            return f"![{text}](<{file}>)\n\n*{text}*"
        case _:
            return text


def _write_table(rows: Sequence[Row]) -> str:
    cells = [[escape_markdown(cell.replace("\n", "，")) for cell in row] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])
