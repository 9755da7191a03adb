"""「有哪些…」 is answered whole, from the section that lists it, and never from elsewhere."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answer.answerer import answer_question
from assistant.answer.enumerations import lists_within
from assistant.answer.model import Answer
from assistant.answer.word_lists import read_word_lists
from assistant.library import Library
from assistant.settings import Settings
from corpus.model import Section, Span
from tests.fakes import load_bundled

Ask = Callable[[str], Answer]

_LONG = "各有关部门按照职责分工抓好落实，逐项明确进度安排和责任人，每季度通报一次进展情况。" * 12

POLICY = f"""永嘉县促进产业发展若干政策
一、支持范围
（一）种植业。包括粮食、茶叶、果树和中药材的种植与初加工，由县农业农村局认定。
（二）旅游业。包括民宿、研学、露营和乡村旅游，由县文化旅游局认定。
（三）制造业。包括竹木加工和机械制造，由县工业和信息化局认定。
二、品牌创建
（一）绿色食品创建。对新获得绿色食品认证的企业，一次性奖励3万元。（县农业农村局牵头，县财政局配合）
（二）民宿评定。对新评定为甲级民宿的经营者，一次性奖励10万元。（县文化旅游局负责）
三、融资支持
对符合条件的小微企业，给予不超过2%的贷款贴息。对首次贷款的个体工商户，给予500元补贴。
四、民宿提升
改造民宿水电管网。培训民宿管家。（县文化旅游局负责）
五、组织保障
（一）加强组织领导。{_LONG}
（二）强化督促检查。{_LONG}
"""

REPORT = f"""永嘉县2025年政府工作报告
一、2024年工作回顾
过去一年，全县经济平稳增长。
二、2025年工作安排
今年要办好“五件民生实事”。（1）新建公办幼儿园2所。（2）改造供水管网30公里，{_LONG}\
（3）建设社区食堂6个。（4）更新电梯120部。（5）新增停车位800个。民生连着民心。
（一）稳定外贸。今年采取三项举措。一是支持企业参加展会。组织企业赴境外参展。二是扩大信用保险。\
提高赔付比例。三是优化通关服务。压缩通关时间。我们有信心完成任务。
（二）建设新城。围绕交通、产业、生态、文化四大领域，推进新城开发。
加快骨干路网。建成环城路和东大桥。
完善公共服务。新建医院和学校各一所。
提升城市品质。建设三个公园。
"""

OTHER = """苍南县2025年政府工作报告
一、2025年工作安排
今年要办好“两件民生实事”。（1）修建敬老院1所。（2）硬化村道40公里。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("documents")
    many = "\n".join(
        f"（{number}）对购买第{number}类设备的渔业公司，给予{number}万元补贴。"
        for number in range(1, 31)
    )
    texts = {
        "永嘉县政策.txt": POLICY,
        "永嘉县政策.md": f"{POLICY}以正式发布的文本为准。\n",
        "永嘉县报告.txt": REPORT,
        "苍南县报告.txt": OTHER,
        "渔业政策.txt": f"黑石县渔业扶持办法\n一、设备补贴\n{many}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    library = Library(Settings(data_dir=tmp_path_factory.mktemp("lists")))
    assert {one.outcome for one in library.ingest_all([folder])} == {"added"}
    yield library
    library.catalog.close()


@pytest.fixture(scope="module")
def ask(library: Library) -> Ask:
    return lambda question: answer_question(question, library)


def items(answer: Answer) -> list[str]:
    """Return the numbered lines without number and marks."""
    found = re.findall(r"(?m)^\d+\. (.*?)。?(?:\[\d+\])+$", answer.text)
    assert found, answer.text
    return found


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(
            "永嘉县产业政策的支持范围有哪些",
            [
                "种植业。包括粮食、茶叶、果树和中药材的种植与初加工，由县农业农村局认定",
                "旅游业。包括民宿、研学、露营和乡村旅游，由县文化旅游局认定",
                "制造业。包括竹木加工和机械制造，由县工业和信息化局认定",
            ],
            id="headings with the little that stands below them",
        ),
        pytest.param(
            "永嘉县组织保障有哪些措施",
            ["加强组织领导", "强化督促检查"],
            id="headings over chunks, with much below them",
        ),
        pytest.param(
            "永嘉县2025年稳定外贸有哪三项举措",
            [
                "支持企业参加展会。组织企业赴境外参展",
                "扩大信用保险。提高赔付比例",
                "优化通关服务。压缩通关时间",
            ],
            id="marked within a paragraph",
        ),
        pytest.param(
            "永嘉县2025年建设新城有哪些任务",
            [
                "加快骨干路网。建成环城路和东大桥",
                "完善公共服务。新建医院和学校各一所",
                "提升城市品质。建设三个公园",
            ],
            id="titled paragraphs",
        ),
        pytest.param(
            "永嘉县新城开发围绕哪四大领域",
            ["交通", "产业", "生态", "文化"],
            id="words of a sentence",
        ),
        pytest.param(
            "永嘉县品牌创建有哪些奖励",
            [
                "对新获得绿色食品认证的企业，一次性奖励3万元",
                "对新评定为甲级民宿的经营者，一次性奖励10万元",
            ],
            id="measures of a section, taken in twice",
        ),
        pytest.param(
            "永嘉县民宿提升有哪些举措",
            ["改造民宿水电管网", "培训民宿管家"],
            id="sentences of a section without a list",
        ),
        pytest.param(
            "对小微企业有哪些支持",
            ["对符合条件的小微企业，给予不超过2%的贷款贴息"],
            id="measures for an applicant",
        ),
        pytest.param(
            "永嘉县绿色食品创建由哪些部门负责",
            ["县农业农村局牵头，县财政局配合"],
            id="departments of a section",
        ),
        pytest.param(
            "收录了永嘉县的哪些报告",
            ["《永嘉县2025年政府工作报告》（永嘉县，报告）"],
            id="documents",
        ),
    ],
)
def test_a_list_is_whole_and_has_nothing_else(question: str, expected: list[str], ask: Ask) -> None:
    answer = ask(question)
    assert (answer.status, items(answer)) == ("answered", expected)


def test_a_list_that_runs_over_chunks_is_whole_and_counted(ask: Ask) -> None:
    answer = ask("永嘉县2025年要办好哪些民生实事")
    assert "「今年要办好“五件民生实事”」共5项" in answer.text
    assert [item[:4] for item in items(answer)] == [
        "新建公办",
        "改造供水",
        "建设社区",
        "更新电梯",
        "新增停车",
    ]
    # The last item ends where the others do: what follows it is no item.
    assert "民生连着民心" not in "".join(citation.quote for citation in answer.citations)


def test_the_first_items_are_given_when_they_are_asked_for(ask: Ask) -> None:
    answer = ask("永嘉县2025年的民生实事，前两项是哪些")
    assert "共5项，前2项" in answer.text
    assert len(items(answer)) == 2


def test_only_the_place_that_is_named_is_searched(ask: Ask) -> None:
    answer = ask("苍南县2025年民生实事有哪些")
    assert items(answer) == ["修建敬老院1所", "硬化村道40公里"]
    assert {citation.plan_title for citation in answer.citations} == {"苍南县2025年政府工作报告"}


@pytest.mark.parametrize(
    "question",
    ["海南省2025年民生实事有哪些", "海南省对企业有哪些奖励政策", "收录了哪些海南省的文件"],
)
def test_of_a_place_without_documents_that_is_said(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.status == "refused"
    assert "海南" in answer.text


def test_of_very_many_measures_the_best_are_shown_and_the_rest_is_counted(ask: Ask) -> None:
    answer = ask("渔业公司能享受哪些补贴")
    assert "共30项，先列最相关的20项" in answer.text
    assert "可以缩小范围：" in answer.text
    assert len(items(answer)) == 20
    assert "《黑石县渔业扶持办法》还有10项。" in answer.text


def test_all_documents_are_listed(ask: Ask) -> None:
    answer = ask("收录了哪些文件")
    assert "共5份" in answer.text
    assert len(items(answer)) == 5


def test_every_item_is_cited_word_for_word(ask: Ask, library: Library) -> None:
    answer = ask("永嘉县2025年要办好哪些民生实事")
    for citation in answer.citations:
        text = library.catalog.plan(citation.plan_id).text
        assert citation.quote == text[citation.start : citation.end]
    for line in answer.text.split("\n"):
        marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", line)]
        (quote,) = [citation.quote for citation in answer.citations if citation.n in marks]
        said = re.sub(r"^\d+\. |\[\d+\]$", "", line).rstrip("。")
        assert said in quote or f"「{quote.rstrip('。')}」" in line


def test_the_bundled_plan_names_the_five_chains() -> None:
    plan, _ = load_bundled()
    start = plan.text.index("通过创新链")
    words, more = read_word_lists(plan.text, Span(start, plan.text.index(",全方位", start)))
    assert words.of(plan.text) == ["创新链", "产业链", "资本链", "政策链", "品牌链"]
    assert more.of(plan.text) == ["路演日", "商务周", "成长营", "思享会"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("重点承接高校、科研院所、医疗机构等非首都功能。", ["高校", "科研院所", "医疗机构"]),
        (
            "梳理形成以应用倒逼基础清单、以基础引领应用清单等两张清单。",
            ["以应用倒逼基础清单", "以基础引领应用清单"],
        ),
        (
            "建设成为绿色新城区、创新引领区、开放先行区。",
            ["绿色新城区", "创新引领区", "开放先行区"],
        ),
        ("窗口设置为综合窗口、受理窗口、缴费窗口3类。", ["综合窗口", "受理窗口", "缴费窗口"]),
        (
            "坚持目标导向、需求导向、问题导向和企业导向四个导向。",
            ["目标导向", "需求导向", "问题导向", "企业导向"],
        ),
        ("将牛、羊、家禽等其他品种纳入补助范围。", ["牛", "羊", "家禽"]),
        ("二是在线推送检修指引、机械化技术等信息。", ["在线推送检修指引", "机械化技术"]),
        ("“看家护院、邻里互助”防控系统上线。", []),
        (
            "覆盖金融支持、稳定就业、减轻负担、支持复产等四大方面。",
            ["金融支持", "稳定就业", "减轻负担", "支持复产"],
        ),
        ("推进项目建设。", []),
    ],
)
def test_words_of_a_list_begin_and_end_rightly(sentence: str, expected: list[str]) -> None:
    found = read_word_lists(sentence, Span(0, len(sentence)))
    assert [word for words in found for word in words.of(sentence)] == expected


def test_only_the_enumeration_that_is_read_is_told(tmp_path: Path) -> None:
    text = "松阳县茶园防寒简报\n一、近况\n至此，县里茶苗、茶树、茶种已全部转入防寒大棚。"
    text += "县农技站和浙江农大、省茶科所两支农技队共54名农技人员进驻防寒大棚。\n"
    text += "二、补助\n从今年开始，将大棚、风机、地膜等其他农资纳入防寒物资省级补助范围。\n"
    text += "三、科研\n加强霜冻、干旱等灾害监测和茶园防寒技术研发。\n"
    (tmp_path / "一.txt").write_text(text, encoding="utf-8")
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert {one.outcome for one in library.ingest_all([tmp_path / "一.txt"])} == {"added"}
    answers = [
        answer_question(question, library)
        for question in (
            "有哪些农技人员进驻防寒大棚",
            "今年开始哪些农资纳入防寒物资省级补助",
            "要加强哪些技术研发",
        )
    ]
    library.catalog.close()
    staff, goods, research = answers
    assert "浙江农大、省茶科所" in staff.text
    assert "茶树" not in staff.text
    assert items(goods) == ["大棚", "风机", "地膜"]
    # 霜冻、干旱 are what it is about.
    assert "茶园防寒技术研发" in research.text


FLAT = """文成县施工现场应急预案
一、总则 本预案适用于全县施工现场。 （一）发热人员的处置流程 1.发热人员应立即报告项目部。 \
2.项目部应在半小时内安排隔离。 3.医生到场前，禁止他人探望。 \
（二）密切接触者的处置流程 1.密切接触者应居家。 2.社区应每天上门一次。 \
二、保障措施 5.建立专项资金池，主要用于购置防护用品，由县财政局管理。 \
6.加强医疗保障。对一线人员每人每天补助200元。 7.加强信贷支持。对停工企业展期还款。
"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(
            "发热人员的处置流程是什么",
            [
                "发热人员应立即报告项目部",
                "项目部应在半小时内安排隔离",
                "医生到场前，禁止他人探望",
            ],
            id="numbered steps",
        ),
        pytest.param(
            "有哪些保障措施",
            [
                "建立专项资金池，主要用于购置防护用品，由县财政局管理",
                "加强医疗保障。对一线人员每人每天补助200元",
                "加强信贷支持。对停工企业展期还款",
            ],
            id="the first is a sentence without a title",
        ),
    ],
)
def test_a_list_is_whole_where_the_text_has_no_lines(
    question: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "一.txt").write_text(FLAT, encoding="utf-8")
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert {one.outcome for one in library.ingest_all([tmp_path / "一.txt"])} == {"added"}
    answer = answer_question(question, library)
    library.catalog.close()
    assert items(answer) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("要做好两件事。第一，修路。第二，架桥。", ["修路。", "架桥。"]),
        (
            "任务是：\n——修路。先修东路。\n——架桥。再架西桥。\n",
            ["修路。先修东路。", "架桥。再架西桥。"],
        ),
        ("具体是：\n1.修路。\n2.架桥。\n3.植树。\n", ["修路。", "架桥。", "植树。"]),
        ("其中之一是修路，第二是架桥。", []),
    ],
)
def test_marked_items_are_read(body: str, expected: list[str]) -> None:
    text = f"一、工作\n{body}"
    section = Section(0, None, 1, ("一、工作",), Span(0, 4), Span(0, len(text)), Span(0, len(text)))
    found = [item.span.of(text) for one in lists_within("a", text, section) for item in one.items]
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)
