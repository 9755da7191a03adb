"""Actual values held against the bundled plan: read, matched, judged, written as a report."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import Result
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from assistant.answer.answerer import answer_question
from assistant.cli import app
from assistant.library import Library
from assistant.monitoring.actuals import read_table, read_typed
from assistant.monitoring.documents import monitoring_document
from assistant.monitoring.model import ActualsError, Monitoring
from assistant.monitoring.monitor import monitor, monitored
from assistant.monitoring.report import Stage, write_report
from assistant.monitoring.report_markdown import write_markdown_report
from assistant.monitoring.report_word import write_word_report
from assistant.monitoring.template import HEAD, Form, write_template
from corpus.errors import UnreadableFile
from corpus.model import Plan
from corpus.readers.sheet_rows import FORM_LIMITS, read_rows

NUMBER = re.compile(r"\d+(?:\.\d+)?")
FIRMS = "高新技术企业数量"
HEADS = ["指标", "单位", "年份", "实际值"]


def held(library: Library, *texts: str, year: int | None = None) -> Monitoring:
    actuals, problems = read_typed(texts, year=year)
    return monitor(actuals, library, year=year, problems=problems)


def sheet(path: Path, *rows: Sequence[Any]) -> Path:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


@pytest.fixture(scope="module")
def full(library: Library) -> Monitoring:
    """Some of all standings, and a row that cannot be used."""
    return held(
        library,
        *("高企=245@2021", "高企=280@2022", "高企=300@2023", "科小=1600@2023"),
        *("高新技术产业增加值占规模以上工业增加值比重=51.5%@2023", "技术交易额=13.6@2023"),
        *("本级财政科技拨款占经常性支出比重=5.9@2023", "顶尖人才和领军人才=20@2023"),
        *("PCT申请量=40@2023", "民营企业数量=3@2023"),
    )


# --- values as people give them ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit", "year"),
    [
        ("高企=300@2023", "300", "", 2023),
        ("高企 = 1,234.5 家 @ 2023年", "1234.5", "家", 2023),
        ("高企＝３００家＠２０２３年底", "300", "家", 2023),
        ("占比=47.6%@2023-12-31", "47.6", "%", 2023),
        ("增速=下降2.5%@2023年12月", "-2.5", "%", 2023),
        ("增速=-2.5@2023年度", "-2.5", "", 2023),
        ("高企（家）=300@2023", "300", "家", 2023),
        ("高企=300", "300", "", 2022),
    ],
)
def test_a_typed_value_is_read(text: str, value: str, unit: str, year: int) -> None:
    (actual,), problems = read_typed([text], year=2022)
    assert (actual.value, actual.unit, actual.year, problems) == (Decimal(value), unit, year, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("高企300", "写法不对"),
        ("高企=约300@2023", "不是一个确切的数"),
        ("高企=300-320@2023", "不是一个确切的数"),
        ("高企=很多@2023", "不是一个确切的数"),
        ("高企=12,34@2023", "逗号不在千位上"),
        ("高企=300@2023-06-30", "年中的数"),
        ("高企=300@明年", "读不出来"),
        ("高企=300", "没有写年份"),
        (f"{'高' * 200}=300@2023", "指标名称过长"),
    ],
)
def test_what_is_no_value_is_told_and_not_guessed(text: str, reason: str) -> None:
    actuals, (problem,) = read_typed([text])
    assert actuals == []
    assert reason in problem.message


def test_a_filled_in_table_is_read_and_bad_rows_are_told_by_their_number(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["2023年指标完成情况"],
        HEADS,
        ["高企", "家", 2023, 300],
        [None] * 4,
        ["科小", "家", "2023年", "１，６００"],
        ["PCT", "件", 2023, "=A1*2"],
        ["数字经济增加值", "亿元", 2023, "约61"],
        ["技术交易额", "亿元", 2023, "—"],
    )
    actuals, problems = read_table(path)
    assert [(a.name, str(a.value), a.year, a.place) for a in actuals] == [
        ("高企", "300", 2023, "第3行"),
        ("科小", "1600", 2023, "第5行"),
    ]
    assert [problem.place for problem in problems] == ["第6行", "第7行"]
    assert "是公式" in problems[0].message


def test_one_column_a_year_and_cells_as_they_show(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["指标名称（单位）", "2022年", "2023年实际值"],
        ["占比(%)", 0.453, 0.476],
    )
    workbook = load_workbook(path)
    for cell in ("B2", "C2"):
        workbook.active[cell].number_format = "0.0%"
    workbook.save(path)
    actuals, _ = read_table(path)
    assert [(str(a.value), a.unit, a.year) for a in actuals] == [
        ("45.3", "%", 2022),
        ("47.6", "%", 2023),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_of_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    rows = [HEADS, ["高新技术企业", "家", "2023", "300"], ["科小", "家", "2023", "1600"]]
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    actuals, problems = read_table(path)
    assert ([str(a.value) for a in actuals], problems) == (["300", "1600"], [])


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (FORM_LIMITS.unpacked_bytes + 1))
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b"%PDF-1.7"), "只能读 xlsx 或 csv"),
        (lambda path: path.write_bytes(b"PK\x03\x04broken"), "已损坏"),
        (lambda path: path.write_bytes(b"0" * (FORM_LIMITS.file_bytes + 1)), "文件超过 5 MB"),
        (bomb, "解压后超过"),
        (lambda path: path.write_text("指标,实际值\n" * 5001), "超过 5000 行"),
    ],
    ids=["pdf", "broken", "large", "bomb", "long"],
)
def test_a_hostile_file_is_refused_in_words(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    path = tmp_path / ("a.csv" if reason.endswith("行") else "a.xlsx")
    make(path)
    with pytest.raises(UnreadableFile, match=reason):
        read_rows(path)


def test_a_table_of_something_else_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ActualsError, match="请下载模板"):
        read_table(sheet(tmp_path / "a.xlsx", ["姓名", "电话"], ["甲", 1]))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_template_comes_back_filled_in(library: Library, tmp_path: Path, form: Form) -> None:
    path = tmp_path / f"t.{form}"
    path.write_bytes(write_template(library, form))
    rows = [cells for _, cells in read_rows(path)]
    assert tuple(rows[0]) == HEAD
    assert [row[0] for row in rows[1:]] == [one.name for one in monitored(library)]
    place = {name: number for number, name in enumerate(HEAD)}
    filled = [[*row, *[""] * (len(HEAD) - len(row))] for row in rows]
    for row in filled[1:]:
        # As if the target had been reached in the target year.
        row[place["年份"]], row[place["实际值"]] = "2025", NUMBER.findall(row[place["目标"]])[0]
    actuals, problems = read_table(sheet(tmp_path / "filled.xlsx", *filled))
    found = monitor(actuals, library, problems=problems)
    assert {one.label for one in found.progress} == {"已完成", "符合要求"}
    assert (len(found.progress), found.missing, found.problems) == (14, (), ())


# --- which indicator, and where it stands -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        ("高新技术企业数量", FIRMS),
        ("高企", FIRMS),
        ("R&D经费占GDP比重", "r&d经费占地区生产总值的比重"),
        ("规上工业研发费占营收比重", "规上工业企业研究开发费支出占营业收入比重"),
        ("科小", "科技型中小企业数量"),
        ("财政科技拨款占比", "本级财政科技拨款占经常性支出比重"),
    ],
)
def test_an_indicator_is_found_by_its_name_or_an_alias(
    library: Library, name: str, indicator: str
) -> None:
    (one,) = held(library, f"{name}=3@2023").progress
    assert one.indicator.name == indicator


@pytest.mark.parametrize(
    "name", ["企业", "专利", "民营企业数量", "高新技术企业研发投入", "高新技术产业增加值", "房价"]
)
def test_another_thing_is_never_held_against_a_target(library: Library, name: str) -> None:
    found = held(library, f"{name}=3@2023", "高企=300@2023")
    assert [one.indicator.name for one in found.progress] == [FIRMS]
    assert f"没有叫“{name}”的指标" in found.problems[0].message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("数字经济增加值=0.0061万亿元@2023", "61"),
        ("全社会劳动生产率=180000元/人@2023", "18"),
        ("数字经济增加值=61@2023", "61"),
    ],
)
def test_a_value_is_converted_to_the_unit_of_the_plan(
    library: Library, text: str, value: str
) -> None:
    (one,) = held(library, text).progress
    assert one.value == Decimal(value)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["高企=300亿元@2023"], "高新技术企业数量的单位是家，填的是亿元；请按家填写"),
        (["高新技术产业投资增速=5亿@2023"], "的单位是%，填的是亿"),
        (["高企=300@2023", "高新技术企业=301@2023"], "已有另一个值"),
        (["高企=300@2019"], "早于基期"),
    ],
)
def test_a_value_that_does_not_fit_is_told(library: Library, texts: list[str], reason: str) -> None:
    assert reason in held(library, *texts).problems[0].message


def test_the_latest_year_is_judged_and_a_year_can_be_chosen(library: Library) -> None:
    texts = ("高企=245@2021", "高企=380@2023")
    (latest,), (chosen,) = (held(library, *texts, year=year).progress for year in (None, 2022))
    assert (latest.assessment.year, latest.label) == (2023, "符合进度")
    assert (chosen.assessment.year, chosen.label) == (2021, "慢于进度")
    assert latest.series == ((2021, Decimal(245)), (2023, Decimal(380)))


def test_what_is_behind_comes_first_and_what_lacks_a_value_is_listed(full: Monitoring) -> None:
    standings = [one.assessment.standing for one in full.progress]
    assert standings == sorted(standings, key=("behind", "unknown", "on_course", "ahead").index)
    assert len(full.progress) + len(full.missing) == 14


def test_the_document_shows_every_sum_and_its_source(
    full: Monitoring, library: Library, plan: Plan
) -> None:
    document = monitoring_document(full, library)
    assert json.loads(json.dumps(document)) == document
    (firms,) = (one for one in document["indicators"] if one["name"] == FIRMS)
    assert firms["expected"]["formula"] == "218 × (550 ÷ 218)^(3/5) ≈ 379.8（家）"
    assert (firms["standing"], firms["remaining"]["value"]) == ("behind", "35.4")
    for one in document["indicators"]:
        for source in one["sources"]:
            assert plan.text[source["start"] : source["end"]] == source["quote"]


# --- in the chat ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "高新技术企业2023年已有300家，进度怎么样？",
            ["2023年应达到379.8家", "比此低79.8家", "慢于进度", "余下2年需年均增长35.4%"],
        ),
        ("2023年高企460家，跟得上吗", ["460家比此高80.2家", "快于进度"]),
        ("财政科技拨款占比2022年是5.9%，达标吗", ["目标6%以上各年都要保持", "不符要求"]),
        ("顶尖人才2023年引进20人，进度如何", ["没有给出基数", "无法判断", "平均每年增加4人"]),
        ("2022年合同交易额达到16亿元，完成得怎么样", ["提前完成"]),
        ("2023年末科技型中小企业1500家，2025年能如期完成吗", ["慢于进度"]),
    ],
)
def test_the_chat_tells_whether_a_figure_is_on_course(
    library: Library, question: str, said: list[str]
) -> None:
    answer = answer_question(question, library)
    assert (answer.status, answer.route) == ("answered", "indicator")
    assert [words for words in said if words not in answer.text] == []
    assert answer.citations


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("高企2023年320亿元，进度怎样", "refused"),
        ("现在有320家高企，还差多少完成目标？", "answered"),
        ("2023年有多少家高新技术企业？", "refused"),
    ],
)
def test_the_chat_answers_as_before_without_a_year_and_a_figure(
    library: Library, question: str, status: str
) -> None:
    answer = answer_question(question, library)
    assert answer.status == status
    assert "应达到" not in answer.text


# --- reports -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "title", "heading"),
    [
        ("mid", "中期评估报告", "四、进展滞后的指标及所需年均增速"),
        ("final", "期末评估报告", "四、未完成的指标及差距"),
    ],
)
def test_the_report_has_the_form_that_offices_know(
    full: Monitoring, library: Library, stage: Stage, title: str, heading: str
) -> None:
    report = write_report(full, library, stage)
    assert report.title.endswith(f"实施情况{title}")
    assert [block.text for block in report.blocks if block.kind == "heading"] == [
        "一、总体情况",
        "二、约束性指标",
        "三、预期性指标",
        heading,
        "五、数据来源与计算方法",
        "附表",
    ]


def test_every_number_of_the_report_is_printed_given_or_worked_out(
    full: Monitoring, library: Library, plan: Plan
) -> None:
    document = monitoring_document(full, library)
    known = {*NUMBER.findall(json.dumps(document, ensure_ascii=False))}
    known |= {*NUMBER.findall(plan.title), *map(str, range(1, 20))}
    report = write_report(full, library, "mid")
    tables = [cell for block in report.blocks for row in block.rows for cell in row]
    texts = [block.text for block in report.blocks if block.kind in ("text", "table", "chart")]
    told = {number for text in (*tables, *texts) for number in NUMBER.findall(text)}
    assert "379.8" in told
    assert told - known == set()


def test_charts_of_the_word_report_are_words_own_and_hold_their_figures(
    full: Monitoring, library: Library
) -> None:
    content = write_word_report(write_report(full, library, "mid"))
    assert len(docx.Document(io.BytesIO(content)).tables) == 3
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        charts = sorted(name for name in names if name.startswith("word/charts/chart"))
        relations = archive.read("word/charts/_rels/chart1.xml.rels").decode()
        drawn = archive.read("word/charts/chart1.xml").decode()
        workbook = load_workbook(io.BytesIO(archive.read("word/embeddings/chart1.xlsx")))
        path = archive.read("word/charts/chart2.xml").decode()
    assert len(charts) == 2
    (external,) = re.findall(r'externalData r:id="(\w+)"', drawn)
    assert f'Id="{external}"' in relations
    values = [row[1] for row in workbook.active.iter_rows(min_row=2, values_only=True)]
    completion = {one.assessment.completion for one in full.progress} - {None}
    assert sorted(values) == sorted(float(working.value) for working in completion if working)
    assert '<c:dispBlanksAs val="span"/>' in path


def test_the_markdown_report_names_the_charts_beside_it(full: Monitoring, library: Library) -> None:
    files = write_markdown_report(write_report(full, library, "mid"), "报告")
    text = files["报告.md"].decode()
    named = re.findall(r"!\[[^\n]*\]\(<([^>]+)>\)", text)
    assert set(named) == set(files) - {"报告.md"}
    assert all(files[name].startswith(b"<svg") for name in named)
    assert "| 4 | " in text


def test_a_report_without_values_is_refused(library: Library) -> None:
    with pytest.raises(ActualsError, match="没有可用的实际值"):
        write_report(held(library, "房价=3@2023"), library, "mid")


@pytest.mark.slow
def test_libreoffice_opens_the_word_report(
    full: Monitoring, library: Library, tmp_path: Path
) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "report.docx"
    path.write_bytes(write_word_report(write_report(full, library, "mid")))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "report.pdf").stat().st_size > 20_000


# --- the command ---------------------------------------------------------------------------------


def run(library: Library, *arguments: str) -> Result:
    return CliRunner().invoke(
        app, ["monitor", "--data-dir", str(library.settings.data_dir), *arguments]
    )


def test_the_command_prints_one_json_document(library: Library) -> None:
    result = run(library, "--actual", "高企=300@2023", "--actual", "房价=1@2023", "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [one["label"] for one in document["indicators"]] == ["慢于进度"]
    assert [problem["place"] for problem in document["problems"]] == ["房价=1@2023"]


def test_the_command_writes_the_template_and_the_reports(library: Library, tmp_path: Path) -> None:
    template = tmp_path / "t.xlsx"
    assert run(library, "--template", str(template)).exit_code == 0
    assert load_workbook(template).active["I1"].value == "实际值"
    for name in ("r.docx", "r.md"):
        result = run(
            library, "--actual", "高企=300", "--year", "2023", "--report", str(tmp_path / name)
        )
        assert (result.exit_code, (tmp_path / name).exists()) == (0, True)
    assert (tmp_path / "r-图1.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "请用--actuals或--actual"),
        (["--actual", "高企=1@2023", "--stage", "x"], 2, "--stage"),
        (["--actual", "高企=1@2023", "--report", "r.pdf"], 2, "docx"),
        (["--template", "t.doc"], 2, "xlsx"),
        (["--actual", "房价=1@2023"], 1, "没有叫“房价”的指标"),
        (["--actual", "房价=1@2023", "--report", "r.md"], 1, "没有可用的实际值"),
    ],
)
def test_the_command_says_what_is_wrong(
    library: Library, arguments: list[str], code: int, said: str
) -> None:
    result = run(library, *arguments)
    assert result.exit_code == code
    assert said in re.sub(r"[\s│]", "", result.output)
