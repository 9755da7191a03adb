"""The command that holds an enterprise against the policies taken in."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli_library import AsJson, DataDir, PlanName, open_library, print_json
from assistant.library import Library
from assistant.matching.describe import count_of
from assistant.matching.documents import ProfileError, matching_document, profile_from_document
from assistant.matching.match import match_measures
from assistant.matching.model import Match, Matching, Outcome, Reason, Verdict

_OUTCOMES: dict[Outcome, str] = {"met": "符合", "unknown": "待确认", "failed": "不符合"}
_TITLES: dict[Verdict, str] = {
    "符合": "符合",
    "可能符合": "可能符合（还需确认）",
    "不符合": "不符合",
}
_MOST_SHOWN = 20
_MOST_QUESTIONS = 3


def match(
    profile: Annotated[
        Path | None, typer.Option(help="企业资料文件（JSON），与下列各项二选一")
    ] = None,
    industry: Annotated[
        str | None, typer.Option(help="做什么，用自己的话，如 细胞治疗外包")
    ] = None,
    section: Annotated[str | None, typer.Option(help="国民经济行业分类门类：A 到 T")] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="企业类型，可多次：高新技术企业、规上企业、非小微企业……"),
    ] = None,
    region: Annotated[str | None, typer.Option(help="注册地，如 温州市瓯海区")] = None,
    founded: Annotated[str | None, typer.Option(help="成立年份，如 2019")] = None,
    revenue: Annotated[str | None, typer.Option(help="上年营业收入，如 2600万元")] = None,
    research_share: Annotated[str | None, typer.Option(help="研发投入占营业收入，如 5%")] = None,
    staff: Annotated[str | None, typer.Option(help="职工人数，如 30")] = None,
    needs: Annotated[
        list[str] | None,
        typer.Option(
            "--need", help="需要什么，可多次：资金、场地、人才、研发、融资、成果转化、市场"
        ),
    ] = None,
    answers: Annotated[
        list[str] | None, typer.Option("--answer", help="回答追问，可多次，如 失信记录=否")
    ] = None,
    plan: PlanName = None,
    show_all: Annotated[bool, typer.Option("--all", help="列出全部，包括不符合的")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """政策匹配：企业能享受哪些措施，逐条说明理由、金额和还需确认的事项。"""
    told = {
        "industry": industry,
        "section": section,
        "types": types,
        "region": region,
        "founded": founded,
        "revenue": revenue,
        "research_share": research_share,
        "staff": staff,
        "needs": needs,
        "answers": answers,
    }
    try:
        enterprise = profile_from_document(_read(profile, told))
    except ProfileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    with open_library(data_dir) as library:
        plan_ids = None if plan is None else [library.catalog.find_plan(plan).id]
        matching = match_measures(enterprise, library, plan_ids=plan_ids)
        if as_json:
            print_json(matching_document(matching, library, with_failed=show_all))
        else:
            _print(matching, library, show_all=show_all)


def _read(path: Path | None, told: dict[str, Any]) -> dict[str, Any]:
    """Return the document of the file, or of the options that were given."""
    given = {name: value for name, value in told.items() if value is not None}
    if path is None:
        if not given:
            raise ProfileError("请说明企业情况，例如 --industry 细胞治疗外包 --region 瓯海区")
        if "answers" in given:
            given["answers"] = _read_answers(given["answers"])
        return given
    if given:
        raise ProfileError("--profile 与逐项填写只能选一种")
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ProfileError(f"读不出企业资料 {path}：请检查文件是否存在、是否为 JSON") from error
    if not isinstance(document, dict):
        raise ProfileError(f"企业资料 {path} 应是一个 JSON 对象")
    return document


def _read_answers(answers: list[str]) -> dict[str, str]:
    read: dict[str, str] = {}
    for answer in answers:
        key, sign, value = answer.rpartition("=")
        if not sign or value not in ("是", "否"):
            raise ProfileError(f"看不懂回答“{answer}”，请写成 失信记录=否")
        read[key] = value
    return read


def _print(matching: Matching, library: Library, *, show_all: bool) -> None:
    for verdict, title in _TITLES.items():
        group = matching.of(verdict)
        typer.echo(f"{title}：{count_of(group)}")
        if verdict == "不符合" and not show_all:
            continue
        for number, one in enumerate(group if show_all else group[:_MOST_SHOWN], start=1):
            _print_match(number, one, library)
        if len(group) > _MOST_SHOWN and not show_all:
            typer.echo(f"  ……另有{len(group) - _MOST_SHOWN}项，用 --all 全部列出\n")
    if matching.questions:
        typer.echo("还想了解：")
    for reason in matching.questions[:_MOST_QUESTIONS]:
        typer.echo(f"  {reason.question}（{_answered_by(reason)}）")


def _answered_by(reason: Reason) -> str:
    option = {"founded": "--founded", "revenue": "--revenue", "staff": "--staff"} | {
        "research_share": "--research-share",
        "industry": "--industry",
        "region": "--region",
    }
    if reason.subject == "企业类型":
        return f"用 --type {reason.key} 或 --type 非{reason.key} 回答"
    return f"用 {option.get(reason.key or '', f'--answer {reason.key}=是')} 回答"


def _print_match(number: int, match: Match, library: Library) -> None:
    state = "" if match.validity == "现行" else f"【{match.validity}】"
    typer.echo(f"\n  {number}. {state}{_line(match.measure.text)}")
    page = f"（第{match.page}页）" if match.page else ""
    typer.echo(f"     出处：《{match.plan_title}》{match.heading}{page}")
    if match.payment is not None:
        typer.echo(f"     金额：{match.payment.formula}")
    for reason in match.reasons:
        given = reason.given or "未填写"
        outcome = _OUTCOMES[reason.outcome]
        typer.echo(f"     条件：{_line(reason.quote)}；您填写：{given} → {outcome}")
    if match.needs_rules:
        whom = f"，请询问{_line(match.measure.department)}" if match.measure.department else ""
        typer.echo(f"     说明：原文只提出方向，需有实施细则才能申报{whom}")
    elif match.measure.department:
        typer.echo(f"     部门：{_line(match.measure.department)}")
    if match.notes:
        text = library.rules.of([match.measure.plan_id])[0].plan.text
        for note in match.notes:
            typer.echo(f"     注意：{_line(note.of(text))}")


def _line(text: str) -> str:
    return "".join(text.split())
