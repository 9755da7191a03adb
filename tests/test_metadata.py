"""What a document says of itself, read where it says so and nowhere else."""

import time

import pytest

from corpus.metadata import read_metadata, read_title
from corpus.model import Document, Metadata

NOTICE = (
    "江城市人民政府办公室关于印发\n《江城市数字经济发展“十五五”规划》的通知\n江政办发〔2026〕12号\n"
    "各县（市、区）人民政府，市政府各部门：\n"
    "现将《江城市数字经济发展“十五五”规划》印发给你们，请认真贯彻执行。"
    "此前印发的文件（江政办发〔2021〕3号）同时废止。\n"
    "江城市人民政府办公室\n2026年3月5日\n（此件公开发布）\n一、总体要求\n到2030年1月1日，取得进展。\n"
)


def title(text: str, name: str = "文件") -> str:
    return read_title(Document(text), name)


def metadata(text: str, name: str = "文件") -> Metadata:
    document = Document(text)
    return read_metadata(document, read_title(document, name), name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        pytest.param("某市规划纲要\n正文。", "1", "某市规划纲要", id="first line"),
        pytest.param(
            NOTICE,
            "1",
            "江城市人民政府办公室关于印发《江城市数字经济发展“十五五”规划》的通知",
            id="two",
        ),
        pytest.param(
            "首页\n>\n政务公开\n打印\n【字号：\n大\n】\n2026年某省政府工作报告\n——2026年1月20日\n",
            "1",
            "2026年某省政府工作报告",
            id="the page around it",
        ),
        pytest.param(
            "报告现场。 某日报记者 张三 摄\n政府工作报告\n"
            "（2026年1月27日在贵州省第十四届人民代表大会第四次会议上）\n",
            "1",
            "2026年贵州省政府工作报告",
            id="a report and its meeting",
        ),
        pytest.param(
            "政 府 工 作 报 告\n各位代表：\n",
            "贵州省_政府工作报告_2026",
            "贵州省_政府工作报告_2026",
            id="name",
        ),
        pytest.param(
            "标题: 某区关于印发《某规划》的通知\n文号: 某府〔2026〕1号\n正文。\n",
            "1",
            "某区关于印发《某规划》的通知",
            id="front matter",
        ),
        pytest.param(
            "实施意见\n正文。", "柳河县_实施意见", "柳河县_实施意见", id="the name says more"
        ),
        pytest.param(
            "某市关于创新的意见\n", "08_某市关于创新的意见", "某市关于创新的意见", id="a number"
        ),
        pytest.param(
            "致驻滨海新区各企业的公开信\n各企业：\n",
            "下载1",
            "致驻滨海新区各企业的公开信",
            id="an open letter",
        ),
        pytest.param("（转载）某市关于创新的意见\n", "1", "某市关于创新的意见", id="a reprint"),
        pytest.param("各位代表：\n现在，我报告工作。", "2014年报告", "2014年报告", id="none"),
        pytest.param("一、关于规划\n正文。", "某文件", "某文件", id="a heading is no title"),
    ],
)
def test_title(text: str, name: str, expected: str) -> None:
    assert title(text, name) == expected


def test_title_of_the_file_itself_comes_before_its_name() -> None:
    document = Document("正文一句。", title="某市人才发展规划")

    assert read_title(document, "下载1") == "某市人才发展规划"
    assert read_title(Document("正文。", title="Microsoft Word - 1"), "下载1") == "下载1"


def test_notice_with_a_plan() -> None:
    text = NOTICE.replace("江城市", "温州市瓯海区")

    assert metadata(text) == Metadata(
        number="江政办发〔2026〕12号",
        issuer="温州市瓯海区人民政府办公室",
        region="温州市瓯海区",
        level="区县",
        kind="规划",
        start_year=2026,
        end_year=2030,
        date="2026-03-05",
    )


def test_work_report() -> None:
    text = (
        "政府工作报告\n——二〇二六年一月二十七日在甘肃省十四届人民代表大会第四次会议上\n省长 某某\n"
        "各位代表：\n现在，我代表省人民政府，向大会报告工作。\n"
    )

    assert metadata(text) == Metadata(
        issuer="甘肃省人民政府",
        region="甘肃省",
        level="省",
        kind="报告",
        start_year=2026,
        end_year=2026,
        date="2026-01-27",
    )


def test_the_place_may_stand_in_the_name_of_the_file_alone() -> None:
    text = "加快重点产业实施意见\n为发展我县旅游业，制定本意见。\n一、总则\n正文。\n"

    assert (metadata(text, "柳河县_旅游意见").region, metadata(text, "下载1").region) == (
        "柳河县",
        None,
    )
    assert metadata(text.replace("加快", "国务院关于加快"), "柳河县_意见").level == "国家"


def test_several_bodies_sign() -> None:
    text = (
        "关于印发“十四五”某业发展规划的通知\n工信部联规〔2021〕207 号\n各有关单位：\n请贯彻实施。\n"
        "工业和信息化部\n教育部\n2021年12月21日\n"
    )
    found = metadata(text)

    assert (found.number, found.issuer) == ("工信部联规〔2021〕207号", "工业和信息化部 教育部")
    assert (found.region, found.level, found.date) == (None, "国家", "2021-12-21")


def test_law_is_dated_by_the_meeting_that_passed_it() -> None:
    text = (
        "北京市接诉即办条例\n（2021年9月24日北京市第十五届人\n民代表大会常务委员会通过）\n"
        "第一章 总则\n"
    )
    found = metadata(text)

    assert (found.kind, found.level, found.date) == ("办法", "省", "2021-09-24")


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("某市“十五五”规划", (2026, 2030)),
        ("某市十四五规划", (2021, 2025)),
        ("国民经济和社会发展第一个五年计划", (1953, 1957)),
        ("国民经济和社会发展第三个五年计划", (1966, 1970)),
        ("第十二个五年（２０１１—２０１５年）规划纲要", (2011, 2015)),
        ("某新城总体规划（2018—2035年）", (2018, 2035)),
        ("国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", (2021, 2025)),
        ("某市2026年工作要点", (2026, 2026)),
        ("某指引（2026年版）", (None, None)),
        ("某市人才规划", (None, None)),
    ],
)
def test_period(name: str, years: tuple[int | None, int | None]) -> None:
    found = read_metadata(Document("正文。"), name, name)

    assert (found.start_year, found.end_year) == years


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("广东省人民政府关于某事的意见", ("广东省", "省")),
        ("上海市黄浦区人民政府关于某事的通知", ("上海市黄浦区", "区县")),
        ("阿坝州人民政府办公室关于某事的通知", ("阿坝州", "市")),
        ("内蒙古自治区人民政府关于某事的通知", ("内蒙古自治区", "省")),
        ("义乌市人民政府关于某事的通知", ("义乌市", "区县")),
        ("国务院关于河北雄安新区总体规划的批复", (None, "国家")),
        ("财政部关于某事的通知", (None, "国家")),
        ("北京经济技术开发区管委会关于某事的通知", ("北京经济技术开发区", None)),
        ("致驻滨海新区各企业的公开信", ("滨海新区", "区县")),
        ("致全体市民的公开信", (None, None)),
        ("关于某事的通知", (None, None)),
    ],
)
def test_place(name: str, place: tuple[str | None, str | None]) -> None:
    found = read_metadata(Document("正文。"), name, name)

    assert (found.region, found.level) == place


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("某市国民经济和社会发展规划纲要", "规划"),
        ("某局关于印发《某发展规划（2026—2030年）》的通知", "规划"),
        ("某局关于印发《某资金管理暂行办法》的通知", "办法"),
        ("某市优化营商环境条例", "办法"),
        ("某市促进某业发展若干措施", "政策"),
        ("国务院关于某总体规划的批复", "政策"),
        ("2026年政府工作报告", "报告"),
        ("会议照片", None),
    ],
)
def test_kind(name: str, kind: str | None) -> None:
    assert read_metadata(Document("正文。"), name, name).kind == kind


@pytest.mark.parametrize(
    "line",
    [
        "国发〔2018〕15号",
        "（国发[2018]15号）",
        "国发（2018）15号",
        "国发【2018】15 号",
        "发文字号：国发〔2018〕15号",
    ],
)
def test_number_in_every_bracket(line: str) -> None:
    found = metadata(f"国务院关于某事的意见\n{line}\n正文。\n").number

    assert found is not None
    assert found.startswith("国发")
    assert found.endswith("15号")


def test_nothing_is_read_from_the_text_itself() -> None:
    text = "各位代表：\n根据国发〔2018〕15号文件，2021年3月12日北京市人民政府印发规划。\n"

    assert metadata(text) == Metadata()


def test_page_that_tells_when_it_was_published() -> None:
    text = "某市人才意见\n发布时间：2026-01-09 17:55\n来源：某局\n正文。\n"

    assert metadata(text).date == "2026-01-09"


@pytest.mark.parametrize("date", ["2026年13月1日", "2026年2月30日", "0000-00-00"])
def test_date_that_is_none(date: str) -> None:
    assert metadata(f"某市人才意见\n发布时间：{date}\n正文。\n").date is None


@pytest.mark.parametrize("part", ["关于", "（", "2026年", "〔2018〕", "\n", " ", "市", "a\n"])
def test_hostile_text_takes_little_time(part: str) -> None:
    start = time.process_time()
    metadata(part * 200_000, name=part * 100)

    assert time.process_time() - start < 2
