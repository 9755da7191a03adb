"""The bundled plan's table as printed, and questions to it: shared by the tests that ask."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.answer.model import Status
from corpus.model import Indicator


@dataclass(frozen=True)
class Row:
    """One row of 附件1; `None` where the plan prints a dash."""

    name: str
    unit: str
    base: str | None
    target: str
    bound: str | None = None
    annual: str | None = None
    cumulative: str | None = None

    @property
    def fields(self) -> dict[str, Any]:
        growth = self.annual or self.cumulative
        return {
            "name": self.name,
            "unit": self.unit,
            "base": None if self.base is None else Decimal(self.base),
            "base_year": 2020,
            "target": Decimal(self.target),
            "target_year": 2025,
            "bound": self.bound,
            "growth": None if growth is None else Decimal(growth),
            "growth_kind": "annual" if self.annual else "cumulative" if self.cumulative else None,
            "attribute": "预期性",
        }


def fields_of(indicator: Indicator) -> dict[str, Any]:
    """What is printed in a row, whatever table it was read from."""
    return {name: getattr(indicator, name) for name in TABLE[0].fields}


R_AND_D = Row("r&d经费占地区生产总值的比重", "%", "3.14", "3.5", bound="左右")
R_AND_D_OF_FIRMS = Row(
    "规上工业企业研究开发费支出占营业收入比重", "%", "3.46", "3.5", cumulative="0.04"
)
HIGH_TECH_SHARE = Row(
    "高新技术产业增加值占规模以上工业增加值比重", "%", "36.5", "55", cumulative="18.53"
)
RESEARCHERS = Row("每万名就业人员中研发人员", "人年", "158.67", "285", annual="12.4")
PRODUCTIVITY = Row("全社会劳动生产率", "万元/人", "13.3", "25", annual="13.5")
PCT = Row("国际专利(pct)申请量", "件", "26", "38", annual="7.9")
DIGITAL = Row("数字经济增加值", "亿元", "38.76", "85", annual="17")
HIGH_TECH_FIRMS = Row("高新技术企业数量", "家", "218", "550", annual="20.3")
SMALL_FIRMS = Row("科技型中小企业数量", "家", "1064", "2000", annual="13.5")
TALENT = Row("顶尖人才和领军人才", "人", None, "28")
APPROPRIATION = Row("本级财政科技拨款占经常性支出比重", "%", "6.3", "6", bound="以上")
INVESTMENT = Row("高新技术产业投资增速", "%", "3.1", "10", cumulative="6.9")
PATENTS = Row("每万人高价值发明专利拥有量", "件", "9.3", "15", annual="10")
TRADE = Row("技术(合同)交易总额", "亿元", "11.5", "15", bound="以上")

TABLE = (
    R_AND_D,
    R_AND_D_OF_FIRMS,
    HIGH_TECH_SHARE,
    RESEARCHERS,
    PRODUCTIVITY,
    PCT,
    DIGITAL,
    HIGH_TECH_FIRMS,
    SMALL_FIRMS,
    TALENT,
    APPROPRIATION,
    INVESTMENT,
    PATENTS,
    TRADE,
)

# The question, the row that it is about, what the first line must say.
FIGURES: tuple[tuple[str, Row, str], ...] = (
    ("全社会研发经费投入强度2025年要做到多少", R_AND_D, "3.5%左右"),
    ("研发强度的基数是几", R_AND_D, "3.14%"),
    ("规上企业研发支出占营收的比重,目标定在多少", R_AND_D_OF_FIRMS, "3.5%"),
    ("规上工业企业研发费占营业收入比重2020年是多少", R_AND_D_OF_FIRMS, "3.46%"),
    ("高新产业增加值占规上工业比重到2025年达到多少?", HIGH_TECH_SHARE, "55%"),
    ("高新技术产业增加值占比五年累计提高多少", HIGH_TECH_SHARE, "18.53"),
    ("每万就业人员里科研人员的目标数", RESEARCHERS, "285人年"),
    ("每万名就业人员中研发人员２０２０年有多少", RESEARCHERS, "158.67人年"),
    ("劳产率每年涨百分之几", PRODUCTIVITY, "13.5%"),
    ("全员劳动生产率的目标值是多少", PRODUCTIVITY, "25万元/人"),
    ("PCT专利申请到25年是几件", PCT, "38件"),
    ("ＰＣＴ申请量的年均增速", PCT, "7.9%"),
    ("数字经济规模要达到多少亿元?", DIGITAL, "85亿元"),
    ("2020年数字经济核心产业增加值多少", DIGITAL, "38.76亿元"),
    ("国高企2025年计划有几家", HIGH_TECH_FIRMS, "550家"),
    ("高新技术企业数量 起点", HIGH_TECH_FIRMS, "218家"),
    ("高新技术企业的年均增长率", HIGH_TECH_FIRMS, "20.3%"),
    ("科小到期末多少家", SMALL_FIRMS, "2000家"),
    ("科技型企业2020年有几家", SMALL_FIRMS, "1064家"),
    ("高层次人才目标引进几名", TALENT, "28人"),
    ("区级财政科技投入占经常性支出的比例目标", APPROPRIATION, "6%以上"),
    ("财政科技拨款占比 基期数", APPROPRIATION, "6.3%"),
    ("高新产业投资增速2025年要到多少", INVESTMENT, "10%"),
    ("高技术产业投资增速累计提高几个点", INVESTMENT, "6.9"),
    ("每万人高价值发明专利的目标数", PATENTS, "15件"),
    ("万人高价值发明专利,年均增长多少", PATENTS, "10%"),
    ("技术市场成交额到2025年多少亿元", TRADE, "15亿元以上"),
    ("技术合同额原来多少", TRADE, "11.5亿元"),
)

# The question, words of the plan that the answer must hold.
PASSAGES: tuple[tuple[str, str], ...] = (
    ("钠离子电池方面有什么布局?", "浙江省钠离子电池重点实验室"),
    ("温州科技大脑起什么作用", "以全面应用“温州科技大脑”为突破口"),
    ("科研项目经费包干制下放什么权", "经费用途自主调剂权"),
    ("科技投入靠谁,怎样建立稳定增长机制", "建立财政科技投入稳定增长机制"),
    ("宽容失败的环境怎么营造", "建立健全创新尽职免责机制"),
    ("花卉树种方面研发什么技术", "选育繁种、快速栽培技术"),
    ("区块链用来干什么", "加强区块链等安全溯源技术"),
    ("合同研发机构引进谁", "药明康德、和元生物、泰格医药"),
    ("老龄化和妇儿健康研究什么", "主动健康与老龄化应对新技术"),
    ("规划的中期评估如何开展", "组织开展规划实施中期和期末评估"),
    ("怎样弘扬科学家精神", "激励和引导广大科技人员追求真理"),
)

# The question, what the answer must hold.
LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("保障措施包括什么", ("加强组织领导", "强化创新投入", "加强监测评估", "营造创新氛围")),
    (
        "碳达峰行动方案覆盖哪些领域",
        ("共6项", "1. 能源。", "2. 工业。", "6. 居民生活。"),
    ),
    ("第十一章讲什么", ("深化科技管理体制改革", "推进科技领域数字化改革")),
    ("第十二章有几条", ("共4项", "加强组织领导", "营造创新氛围")),
)

PROJECTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("世界青年科学家创业孵化器总投资是多少", ("约5200万元",)),
    ("青年科学家孵化器占地面积多少平方米?", ("4.3万平方米",)),
    ("科技创新平台清单列了哪些平台", ("世界青年科学家创业孵化器", "4.3万平方米", "约5200万元")),
)

# The question, the names of the rows that make up the whole answer.
SETS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    ("全部指标列出来", TABLE),
    ("预期性指标一共有几项", TABLE),
    ("哪些指标的年均增长或累计提高算错了", (HIGH_TECH_SHARE,)),
    ("目标比基数还低的指标有哪些", (APPROPRIATION,)),
    ("哪几项指标缺2020年基数", (TALENT,)),
    ("哪些指标没有年均增长", (R_AND_D, TALENT, APPROPRIATION, TRADE)),
    ("哪些指标用累计数", (R_AND_D_OF_FIRMS, HIGH_TECH_SHARE, INVESTMENT)),
    ("单位是件的指标有哪些", (PCT, PATENTS)),
    (
        "以百分比为单位的指标一共几项、叫什么",
        (R_AND_D, R_AND_D_OF_FIRMS, HIGH_TECH_SHARE, APPROPRIATION, INVESTMENT),
    ),
    ("有没有约束性指标", ()),
)

# What the plan does not say; the id tells why.
UNANSWERABLE: dict[str, str] = {
    "another city": "宁波市高企2025年要多少家",
    "the city above": "温州市劳动生产率目标",
    "the whole country": "全国研发投入强度是多少",
    "a year between": "2022年科技型中小企业有多少家",
    "a year beyond": "2035年数字经济增加值目标是多少",
    "a short year between": "23年PCT申请量几件",
    "a base that is not printed": "顶尖人才2020年的基数是多少",
    "a sum for talent": "领军人才来了给多少安家费",
    "an indicator of nature": "森林覆盖率2025年目标",
    "an indicator of income": "居民人均可支配收入增长目标多少",
    "an indicator of education": "高中阶段毛入学率目标是多少",
    "a phone number": "科技局的联系电话是多少",
    "a mail address": "孵化器的邮箱是什么",
    "a person in charge": "创业孵化器的负责人叫什么",
    "a date": "浙江碳中和技术创新研究院哪年建成",
    "a place": "钠离子电池重点实验室选址在哪里",
    "a sum for a laboratory": "钠离子电池重点实验室投资多少万元",
    "a missing chapter": "第八章写的是什么",
    "the weather": "后天会下雨吗",
    "a foreign topic": "怎么做红烧肉",
    "a topic of another policy": "二手房公积金贷款额度怎么算",
}
# Named like an indicator of the plan, and not one.
ALMOST_NAMED: dict[str, str] = {
    "listed firms": "上市企业数量2025年目标是多少",
    "private firms": "民营企业数量目标是多少",
    "foreign firms": "外资企业要有多少家",
    "service firms": "规上服务业企业数量达到多少",
    "revenue": "财政收入2025年目标是多少",
    "fixed investment": "固定资产投资增速目标",
    "granted patents": "发明专利授权量目标",
    "kindergartens": "幼儿园数量目标是多少",
}


def every_answerable() -> list[str]:
    """All questions above that the plan answers."""
    return [
        asked[0]
        for table in (FIGURES, PASSAGES, LISTS, PROJECTS, SETS)
        for asked in table  # type: ignore[attr-defined]
    ]


def statuses() -> dict[str, Status]:
    """Every question with what becomes of it."""
    answered: dict[str, Status] = dict.fromkeys(every_answerable(), "answered")
    return answered | dict.fromkeys(UNANSWERABLE.values(), "refused")
