from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.model import Document, Table
from corpus.readers import ocr
from corpus.readers.pdf import read_pdf
from tests.pdf_files import HEIGHT, LEFT, SIZE, Draw, body, make_pdf, set_lines, table

SHARED = Path(__file__).parents[2] / "shared"

FIRST = (
    "到2027年，全市高新技术企业数量达到2400家以上，全社会研究与试验发展经费支出占地区生产总值比重"
    "提高到3.2%左右，形成若干具有较强竞争力的产业集群。"
)
SECOND = "支持龙头企业牵头组建创新联合体，对承担国家重点研发任务的单位给予最高500万元配套资助。"


def read(path: Path, pages: list[Draw], limits: Limits = DEFAULT_LIMITS) -> Document:
    return read_pdf(make_pdf(path / "规划.pdf", pages), limits)


def page_texts(document: Document) -> list[str]:
    ends = [*document.page_starts, len(document.text)]
    return [document.text[start:end] for start, end in pairwise(ends)]


def rows(document: Document, table: Table) -> list[list[str]]:
    return [[cell.of(document.text) for cell in row] for row in table.rows]


def test_lines_become_paragraphs_and_headings_keep_their_line(tmp_path: Path) -> None:
    document = read(tmp_path, [body(f"一、发展目标\n{FIRST}\n（一）创新能力\n{SECOND}")])
    assert document.text.splitlines() == ["一、发展目标", FIRST, "（一）创新能力", SECOND]
    assert document.page_starts == (0,)


def test_a_paragraph_runs_on_over_the_page(tmp_path: Path) -> None:
    lines = set_lines(FIRST)
    half = "".join(lines[:2]).strip()

    def rest(canvas: Canvas) -> None:
        canvas.drawString(LEFT, HEIGHT - 100, lines[2])

    document = read(tmp_path, [body(f"{SECOND}\n{half}"), rest])
    assert document.text.splitlines() == [SECOND, FIRST]
    assert page_texts(document)[1].strip() == lines[2]


def test_headers_footers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [
        body(f"{SECOND}\n{FIRST}", header="某市产业发展规划", footer=f"- {number} -")
        for number in range(7, 11)
    ]
    document = read(tmp_path, pages)
    assert document.text.splitlines() == [SECOND, FIRST] * 4


@pytest.mark.parametrize(
    "footers",
    [["1", "2", "3"], ["第1页 共3页", "第2页 共3页", "第3页 共3页"], ["— 1 —", "— 2 —", "— 3 —"]],
)
def test_page_numbers_of_many_looks(tmp_path: Path, footers: list[str]) -> None:
    document = read(tmp_path, [body(SECOND, footer=footer) for footer in footers])
    assert document.text.splitlines() == [SECOND] * 3


def test_numbered_annexes_on_top_of_pages_stay(tmp_path: Path) -> None:
    document = read(tmp_path, [body(SECOND, header=f"附件{n}") for n in (1, 2, 3)])
    assert [text.splitlines()[0] for text in page_texts(document)] == ["附件1", "附件2", "附件3"]


def test_a_lone_number_in_the_text_stays(tmp_path: Path) -> None:
    document = read(tmp_path, [body("2025\n" + SECOND)])
    assert document.text.splitlines() == ["2025", SECOND]


def test_blank_pages_have_their_number(tmp_path: Path) -> None:
    document = read(tmp_path, [body(SECOND), lambda canvas: None, body(FIRST)])
    assert [text.strip() for text in page_texts(document)] == [SECOND, "", FIRST]


def test_entries_of_a_table_of_contents_stay_apart(tmp_path: Path) -> None:
    entries = [f"第{n}章　发展环境{'.' * 60}{page}" for n, page in (("一", 1), ("二", 12))]

    def draw(canvas: Canvas) -> None:
        for number, entry in enumerate(entries):
            canvas.drawString(LEFT, HEIGHT - 100 - 28 * number, entry)

    assert read(tmp_path, [draw]).text.splitlines() == entries


def test_a_figure_at_the_line_end_is_not_parted(tmp_path: Path) -> None:
    lines = ["全市规模以上工业企业研发经费支出占营业收入比重达到", "2.5%以上。"]

    def draw(canvas: Canvas) -> None:
        canvas.drawString(
            LEFT, HEIGHT - 100, "全市规模以上工业企业研发经费支出占营业收入比重上升。"
        )
        canvas.drawString(LEFT, HEIGHT - 128, lines[0])
        canvas.drawString(LEFT, HEIGHT - 156, lines[1])

    assert "".join(lines) in read(tmp_path, [draw]).text


def test_figures_on_a_wide_grid_have_no_blanks(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for number, character in enumerate("2001年增长8.5%"):
            canvas.drawString(LEFT + number * SIZE, HEIGHT - 100, character)

    assert read(tmp_path, [draw]).text == "2001年增长8.5%\n"


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [f"左栏第{n}行介绍产业发展的总体情况" for n in "一二三四五六七八九十"]
    right = [f"右栏第{n}行说明政策措施的具体内容" for n in "一二三四五六七八九十"]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(
            60, HEIGHT - 60, "本市国民经济和社会发展第十五个五年规划纲要草案公开征求意见说明文字"
        )
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(60, HEIGHT - 100 - 20 * number, one)
            canvas.drawString(310, HEIGHT - 100 - 20 * number, other)

    text = read(tmp_path, [draw]).text
    assert (
        text.index("说明文字") < text.index(left[0]) < text.index(left[-1]) < text.index(right[0])
    )
    assert text.index(right[0]) < text.index(right[-1])


def test_a_ruled_table_with_merged_cells(tmp_path: Path) -> None:
    grid = [
        ["指标", "2025年", "2030年", None],
        ["高新技术企业（家）", "1800", "2400", "预期性"],
        ["森林覆盖率（%）", "61.2", "61.5", "约束性"],
    ]

    def draw(canvas: Canvas) -> None:
        canvas.drawString(LEFT, HEIGHT - 100, "表1 主要指标")
        table(canvas, grid)

    document = read(tmp_path, [draw])
    (found,) = document.tables
    assert rows(document, found) == [
        ["指标", "2025年", "2030年", "2030年"],
        ["高新技术企业（家）", "1800", "2400", "预期性"],
        ["森林覆盖率（%）", "61.2", "61.5", "约束性"],
    ]
    assert document.text.startswith("表1 主要指标\n")
    assert document.text.count("2030年") == 1


def test_a_table_open_at_its_sides_keeps_its_outer_columns(tmp_path: Path) -> None:
    grid = [["指标", "单位", "目标"], ["研发投入", "亿元", "120"], ["专利", "件", "3500"]]
    document = read(tmp_path, [lambda canvas: table(canvas, grid, is_open=True)])
    (found,) = document.tables
    assert rows(document, found) == grid


def test_marked_words_are_no_cells(tmp_path: Path) -> None:
    grid = [["指标", "单位", "目标"], ["研发投入", "亿元", "120"]]

    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(LEFT + 6, HEIGHT - 172, 30, 14, stroke=0, fill=1)
        canvas.setFillGray(0)
        table(canvas, grid)

    document = read(tmp_path, [draw])
    assert rows(document, document.tables[0]) == grid


def test_rows_without_rules_between_them_are_rows(tmp_path: Path) -> None:
    columns = [["指标", "研发投入", "专利"], ["单位", "亿元", "件"], ["目标", "120", "3500"]]

    def draw(canvas: Canvas) -> None:
        for place in range(4):
            canvas.line(LEFT + place * 110, 600, LEFT + place * 110, 700)
        canvas.line(LEFT, 700, LEFT + 330, 700)
        canvas.line(LEFT, 600, LEFT + 330, 600)
        for place, column in enumerate(columns):
            for number, text in enumerate(column):
                canvas.drawString(LEFT + place * 110 + 6, 675 - number * 28, text)

    document = read(tmp_path, [draw])
    assert rows(document, document.tables[0]) == [
        ["指标", "单位", "目标"],
        ["研发投入", "亿元", "120"],
        ["专利", "件", "3500"],
    ]


def test_a_table_over_two_pages_is_one_without_its_second_header(tmp_path: Path) -> None:
    head = ["序号", "项目名称", "总投资"]
    first = [head, *([str(n), f"项目{n}", "12亿元"] for n in range(1, 4))]
    second = [head, *([str(n), f"项目{n}", "8亿元"] for n in range(4, 6))]
    document = read(
        tmp_path, [lambda canvas: table(canvas, first), lambda canvas: table(canvas, second)]
    )
    (found,) = document.tables
    assert rows(document, found) == [*first, *second[1:]]
    assert page_texts(document)[1] == "4\t项目4\t8亿元\n5\t项目5\t8亿元\n"


def test_two_tables_of_different_columns_stay_two(tmp_path: Path) -> None:
    first = [["甲", "乙", "丙"], ["1", "2", "3"]]
    second = [["丁", "戊"], ["4", "5"]]
    document = read(
        tmp_path, [lambda canvas: table(canvas, first), lambda canvas: table(canvas, second)]
    )
    assert [rows(document, found) for found in document.tables] == [first, second]


def test_long_text_in_a_framed_cell_is_read_as_paragraphs(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        y = HEIGHT - 100
        for line in (y, y - 30, y - 330):
            canvas.line(LEFT, line, LEFT + 480, line)
        for place in (0, 50, 480):
            canvas.line(LEFT + place, y, LEFT + place, y - 330)
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(LEFT + 6, y - 20, "依据")
        canvas.drawString(LEFT + 56, y - 20, "《某市促进产业发展办法》")
        canvas.drawString(LEFT + 6, y - 120, "内容")
        for number, line in enumerate(set_lines(f"1．{SECOND}\n2．{FIRST}")):
            indent = len(line) - len(line.lstrip("\u3000"))
            canvas.drawString(LEFT + 56 + indent * 16, y - 60 - number * 26, line.lstrip("\u3000"))

    document = read(tmp_path, [draw])
    assert document.text.splitlines() == [
        "依据\t《某市促进产业发展办法》",
        "内容",
        f"1．{SECOND}",
        f"2．{FIRST}",
    ]


def test_a_page_that_lies_on_its_side_is_read_upright(tmp_path: Path) -> None:
    grid = [["指标", "单位", "目标"], ["研发投入", "亿元", "120"]]

    def draw(canvas: Canvas) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        canvas.drawString(60, 500, "附表一：主要指标")
        table(canvas, grid, top=HEIGHT - 480)

    document = read(tmp_path, [draw])
    assert document.text.splitlines()[0] == "附表一：主要指标"
    assert rows(document, document.tables[0]) == grid


def test_a_diagonal_watermark_is_left_out(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        body(SECOND)(canvas)
        canvas.translate(200, 300)
        canvas.rotate(40)
        canvas.drawString(0, 0, "内部资料")

    assert read(tmp_path, [draw]).text.splitlines() == [SECOND]


def test_words_of_latin_script_keep_their_blanks(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(LEFT, HEIGHT - 100, "Contract Research Organization")

    assert read(tmp_path, [draw]).text == "Contract Research Organization\n"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (800, 1100), "white")
    ImageDraw.Draw(picture).rectangle((50, 50, 400, 80), fill="black")
    picture.save(tmp_path / "scan.png")
    return tmp_path / "scan.png"


def test_scanned_pages_are_named_when_nothing_can_read_them(
    tmp_path: Path, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(str(scan), 0, 0, 595, 842)

    document = read(tmp_path, [body(SECOND), draw, draw])
    assert document.warnings == (
        "第2、3页（共 2 页）是扫描图像或没有文字编码，未识别；"
        "请安装 OCR 组件：pip install 'plan-assistant[ocr]'",
    )
    assert document.text.splitlines() == [SECOND]
    assert len(document.page_starts) == 3
    with pytest.raises(UnreadableFile, match="扫描图像"):
        read(tmp_path, [draw])
    with pytest.raises(UnreadableFile, match="OCR 组件"):
        ocr.read_image(scan, DEFAULT_LIMITS)


def test_fonts_that_do_not_say_their_characters_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None)

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 16)
        canvas.drawString(LEFT, HEIGHT - 100, "Plan")

    path = make_pdf(tmp_path / "规划.pdf", [draw, body(FIRST)])
    with pikepdf.open(path, allow_overwriting_input=True) as file:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name("/Unknown"),
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.CIDFontType2,
                    BaseFont=pikepdf.Name("/Unknown"),
                    CIDSystemInfo=pikepdf.Dictionary(
                        Registry="Adobe", Ordering="Identity", Supplement=0
                    ),
                )
            ],
        )
        fonts = file.pages[1].Resources.Font
        for name in list(fonts.keys()):
            if "STSong" in str(fonts[name].BaseFont):
                fonts[name] = file.make_indirect(font)
        file.save(path)
    document = read_pdf(path, DEFAULT_LIMITS)
    assert document.text.splitlines() == ["Plan"]
    assert document.warnings[0].startswith("第2页（共 1 页）是扫描图像或没有文字编码")


@pytest.mark.slow
def test_scanned_pages_are_recognised(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 16)
        canvas.drawString(90, 700, "Plan 2027: 2400")

    make_pdf(tmp_path / "text.pdf", [draw])
    pypdfium2.PdfDocument(tmp_path / "text.pdf")[0].render(scale=2).to_pil().save(
        tmp_path / "page.png"
    )
    document = read(
        tmp_path, [lambda canvas: canvas.drawImage(str(tmp_path / "page.png"), 0, 0, 595, 842)]
    )
    assert "2400" in document.text
    assert "2400" in ocr.read_image(tmp_path / "page.png", DEFAULT_LIMITS).text


def test_a_locked_file_says_so(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "规划.pdf", [body(SECOND)])
    with pikepdf.open(path, allow_overwriting_input=True) as file:
        file.save(path, encryption=pikepdf.Encryption(user="secret", owner="owner"))
    with pytest.raises(UnreadableFile, match=r"已加密.*规划\.pdf"):
        read_pdf(path, DEFAULT_LIMITS)


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "规划.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing more")
    with pytest.raises(UnreadableFile, match=r"已损坏.*规划\.pdf"):
        read_pdf(path, DEFAULT_LIMITS)


def test_too_many_pages_and_too_much_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="超过 2 页"):
        read(tmp_path, [body(SECOND)] * 3, Limits(pages=2))
    with pytest.raises(UnreadableFile, match="文字超过"):
        read(tmp_path, [body(SECOND)] * 3, Limits(characters=50))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared documents are not here")
@pytest.mark.parametrize(
    ("name", "footers"),
    [("惠企政策/北京市产业政策导引_2024", 4), ("云南省_十五计划纲要_2001", 80)],
)
def test_nothing_is_lost_against_another_reader(name: str, footers: int) -> None:
    path = SHARED / "plans" / f"{name}.pdf"
    document = read_pdf(path, DEFAULT_LIMITS)
    others = path.with_suffix(".txt").read_text(encoding="utf-8").split("\f")
    own = page_texts(document) if len(others) > 1 else [document.text]
    for mine, other in zip(own, others, strict=False):
        # Other marks for the same character are no loss.
        wanted = [c for c in other if c.isalnum()]
        lost = len(wanted) - sum(c.isalnum() for c in mine)
        assert lost <= footers + len(wanted) * 0.01
