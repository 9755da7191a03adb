"""Web pages: the document's text and tables, without the page around them."""

from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers import read_document

SHARED = Path(__file__).parents[2] / "shared" / "plans" / "国务院文件2019"

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>某市人民政府关于印发某市科技规划的通知 - 某市人民政府门户网站</title>
<style>p {{ color: red }}</style></head><body><form id="aspnetForm">
<div class="top"><a href="/">首页</a><a href="/zw">政务公开</a><a href="/fw">办事服务</a></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/gw">公文</a></div>
<div class="main"><h1>某市人民政府关于印发某市科技规划的通知</h1>
<div class="bar">发布时间：2025-03-01 <span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div>
<div id="zoom">{content}</div>
<p>【打印本页】</p><div>责任编辑：李某</div>
<ul><li><a href="/a">关于某项规划的解读</a></li><li><a href="/b">关于另一项规划的解读</a></li>
<li><a href="/c">一图读懂某市科技规划</a></li></ul></div>
<div class="footer"><p>版权所有：某市人民政府办公室　地址：某市某路1号</p>
<p>某ICP备12345678号</p></div>
<script>var text = "不是正文，不应读入。";</script></form></body></html>"""
CONTENT = """<p>　　各区人民政府，市政府各部门：</p>
<p>　　《某市科技规划》已经市政府同意，现印发给你们，请认真贯彻执行。</p>
<h2>一、总体要求</h2>
<p>&nbsp;&nbsp;&nbsp;&nbsp;以创新为动力，<span>坚持</span>
<strong>人才</strong>引领，建设科技强市。<br>到2030年，面积达到12km<sup>2</sup>。</p>
<div style="display: none">隐藏的内容，不显示。</div>
<table><thead><tr><th rowspan="2">指标</th><th colspan="2">目标</th></tr>
<tr><th>2025年</th><th>2030年</th></tr></thead>
<tbody><tr><td>研发经费<br>投入强度</td><td>3.5%</td><td>4%</td></tr></tbody></table>
<p>附件：</p><div><a href="1.docx">1.任务分工表</a><a href="2.pdf">2.项目清单</a
><a href="3.xls">3.名单</a></div>
<p style="text-align: right">某市人民政府</p><p>2025年3月1日</p>"""


def read(path: Path, content: str | bytes) -> Document:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path, Limits())


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "big5-wrong"])
def test_page_gives_its_document(tmp_path: Path, charset: str) -> None:
    encoding = "gb18030" if charset.startswith("gb") else "utf-8"
    page = PAGE.format(charset=charset, content=CONTENT)
    document = read(tmp_path / "页.html", page.encode(encoding))

    assert document.text == (
        "某市人民政府关于印发某市科技规划的通知\n"
        "各区人民政府，市政府各部门：\n"
        "《某市科技规划》已经市政府同意，现印发给你们，请认真贯彻执行。\n"
        "一、总体要求\n"
        "以创新为动力，坚持 人才引领，建设科技强市。\n"
        "到2030年，面积达到12km²。\n"
        "指标\t目标\t\n\t2025年\t2030年\n研发经费 投入强度\t3.5%\t4%\n"
        "附件：\n"
        "1.任务分工表2.项目清单3.名单\n"
        "某市人民政府\n"
        "2025年3月1日\n"
    )
    assert document.title == "某市人民政府关于印发某市科技规划的通知"
    assert [(h.span.of(document.text), h.level) for h in document.headings] == [("一、总体要求", 2)]
    (table,) = document.tables
    assert table.header_rows == 2
    assert [[span.of(document.text) for span in row] for row in table.rows] == [
        ["指标", "目标", "目标"],
        ["指标", "2025年", "2030年"],
        ["研发经费 投入强度", "3.5%", "4%"],
    ]


def test_page_set_by_tables_with_paragraphs_parted_by_breaks(tmp_path: Path) -> None:
    lines = [f"第{number}条　为了促进发展，各部门应当加强协作。" for number in "一二三四五六"]
    page = (
        "<html><body><table><tr><td><a href=1>栏目一</a><br><a href=2>栏目二</a></td>"
        f"<td><table><tr><td><font size=3>{'<BR>'.join(lines)}</font></td></tr></table></td></tr>"
        "<tr><td colspan=2>主办：某局</td></tr></table></body></html>"
    )

    assert read(tmp_path / "旧.htm", page).text == "".join(f"{line}\n" for line in lines)


def test_text_of_several_parts_is_kept_whole(tmp_path: Path) -> None:
    part = "<div>{}</div>"
    first = "".join(f"<p>第一部分第{n}段，说明发展的环境与基础。</p>" for n in range(9))
    second = "".join(f"<p>第二部分第{n}段，说明任务与保障措施。</p>" for n in range(9))
    page = f"<html><body>{part.format(first)}{part.format(second)}</body></html>"

    lines = read(tmp_path / "页.html", page).text.splitlines()
    assert [line[:7] for line in lines] == [
        f"第{part}部分第{n}段" for part in "一二" for n in range(9)
    ]


def test_page_that_is_a_table_stays_one(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>指标{n}</td><td>{n}.5</td><td>预期性</td></tr>" for n in range(30))
    page = (
        "<html><body><div><a href=1>首页</a></div><div><p>附表：主要指标。</p>"
        f"<table><tr><td>名称</td><td>目标</td><td>属性</td></tr>{rows}</table></div></body></html>"
    )

    document = read(tmp_path / "表.html", page)
    assert document.text.startswith("附表：主要指标。\n名称\t目标\t属性\n指标0\t0.5\t预期性\n")
    assert [len(table.rows) for table in document.tables] == [31]


@pytest.mark.parametrize(
    ("cells", "grid"),
    [
        (
            '<tr><td rowspan="0">甲</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr>',
            [["甲", "1"], ["甲", "2"], ["甲", "3"]],
        ),
        (
            '<tr><td>a</td><td rowspan="2" colspan="2">b</td></tr><tr><td>c</td></tr>',
            [["a", "b", "b"], ["c", "b", "b"]],
        ),
        (
            '<tr><td rowspan="99">a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>',
            [["a", "b", ""], ["a", "c", "d"]],
        ),
        ("<tr><td colspan='x'>a</td><td>b</td></tr>", [["a", "b"]]),
    ],
)
def test_spans_of_cells(tmp_path: Path, cells: str, grid: list[list[str]]) -> None:
    page = f"<html><body><p>说明，如下。</p><p>共两段。</p><table>{cells}</table></body></html>"
    document = read(tmp_path / "表.html", page)

    (table,) = document.tables
    assert [[span.of(document.text) for span in row] for row in table.rows] == grid


def test_saved_archive_gives_its_page(tmp_path: Path) -> None:
    page = (
        "<html><body><p>第一条　为了发展，制定本办法。</p>"
        "<p>第二条　本办法自印发之日起施行。</p></body></html>"
    )
    archive = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="b"'
        b"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + page.encode()
        + b"\r\n--b--\r\n"
    )

    assert read(tmp_path / "页.mhtml", archive).text == (
        "第一条\u3000为了发展，制定本办法。\n第二条\u3000本办法自印发之日起施行。\n"
    )


def test_deep_and_large_pages_pass(tmp_path: Path) -> None:
    deep = "<font>" * 1500 + "第一条，正文。" + "</font>" * 1500
    assert (
        read(tmp_path / "深.html", f"<html><body>{deep}</body></html>").text == "第一条，正文。\n"
    )

    large = "<p>第一条　为了促进发展，制定本办法。</p>" * 50_000
    document = read(tmp_path / "大.html", f"<html><body>{large}</body></html>")
    assert document.text.count("\n") == 50_000


@pytest.mark.parametrize("content", ["", "   ", "<html></html>", "<html><body><br></body></html>"])
def test_page_without_text_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableFile, match=r"空\.html"):
        read(tmp_path / "空.html", content)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real pages are not on this machine")
@pytest.mark.parametrize("page", sorted(SHARED.glob("*.html")), ids=lambda path: path.stem)
def test_real_page_gives_the_lines_of_its_text(page: Path) -> None:
    _, *expected = page.with_suffix(".txt").read_text("utf-8").splitlines()
    found = read_document(page, Limits()).text.splitlines()

    assert _squashed(found) == _squashed(expected)


def _squashed(lines: list[str]) -> list[str]:
    return [text for text in ("".join(line.split()) for line in lines) if text]
