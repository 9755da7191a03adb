"""Profiles and matchings as the plain dicts that `--json`, the HTTP API and forms share."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.documents import measure_document
from assistant.library import Library
from assistant.matching.facts import canonical_type
from assistant.matching.model import Match, Matching, Need, Payment, Profile, Reason

_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(亿|千万|百万|万)?元?$")
_WAN = {
    None: Decimal(1),
    "万": Decimal(1),
    "百万": Decimal(100),
    "千万": Decimal(1000),
    "亿": Decimal(10000),
}
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|人|名|年|年成立)?$")
# 非高新技术企业, 不是规上企业: a type that the enterprise is not of.
_NOT = re.compile(r"^(?:不是|并非|非|不属于)")
_NAMES = {
    "industry": "行业（industry）",
    "section": "国民经济行业分类门类（section，A 到 T 的一个字母）",
    "types": "企业类型（types）",
    "region": "地区（region）",
    "founded": "成立年份（founded，如 2019）",
    "revenue": "营业收入（revenue，如 2600万元）",
    "research_share": "研发投入占比（research_share，0 到 100，如 5%）",
    "staff": "职工人数（staff，如 30）",
    "needs": "需求（needs：资金、场地、人才、研发、融资、成果转化、市场）",
    "answers": "追问的回答（answers，是或否）",
}
_LONGEST = 200


class ProfileError(ValueError):
    """A profile that cannot be read; its text is Chinese, one line, and names the field."""


def _revenue(value: object) -> object:
    """Return a sum in 万元: 2600万元, 1.2亿, 2600."""
    found = _AMOUNT.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return value
    unit = Decimal("0.0001") if found[2] is None and found[0].endswith("元") else _WAN[found[2]]
    return Decimal(found[1].replace(",", "")) * unit


def _figure(value: object) -> object:
    """Return the figure without its unit: 30人, 5%, 2019年."""
    found = _FIGURE.match(value.strip()) if isinstance(value, str) else None
    return value if found is None else found[1]


def _types(value: object) -> object:
    """Return a list of types (非…… for those that the enterprise is not of) as a mapping."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return value
    return {_NOT.sub("", one): not _NOT.search(one) for one in value}


def _answer(value: object) -> object:
    return {"是": True, "有": True, "否": False, "没有": False, "无": False}.get(str(value), value)


_Short = Annotated[str, Field(max_length=_LONGEST)]
_Section = Literal[
    "A",
    "B",
    "C",
    "D",
    "E",
    "F",
    "G",
    "H",
    "I",
    "J",
    "K",
    "L",
    "M",
    "N",
    "O",
    "P",
    "Q",
    "R",
    "S",
    "T",
]


class _ProfileDocument(BaseModel):
    model_config = ConfigDict(extra="forbid")

    industry: _Short = ""
    section: _Section | None = None
    types: Annotated[dict[_Short, bool], BeforeValidator(_types)] = {}
    region: _Short | None = None
    founded: Annotated[int, BeforeValidator(_figure), Field(ge=1800, le=2100)] | None = None
    revenue: Annotated[Decimal, BeforeValidator(_revenue), Field(ge=0, max_digits=15)] | None = None
    research_share: Annotated[Decimal, BeforeValidator(_figure), Field(ge=0, le=100)] | None = None
    staff: Annotated[int, BeforeValidator(_figure), Field(ge=0, le=10_000_000)] | None = None
    needs: Annotated[list[Need], Field(max_length=7)] = []
    answers: dict[_Short, Annotated[bool, BeforeValidator(_answer)]] = {}


def profile_from_document(document: Mapping[str, Any]) -> Profile:
    """Read a profile from outside; types are kept by the names of the vocabulary.

    Raises:
        ProfileError: if a field is unknown or cannot be read.
    """
    try:
        read = _ProfileDocument.model_validate(dict(document))
    except ValidationError as error:
        raise ProfileError(_explained(error)) from error
    return Profile(
        industry=read.industry.strip(),
        section=read.section,
        types={canonical_type(name): is_one for name, is_one in read.types.items()},
        region=read.region or None,
        founded=read.founded,
        revenue=read.revenue,
        research_share=read.research_share,
        staff=read.staff,
        needs=tuple(dict.fromkeys(read.needs)),
        answers=read.answers,
    )


def _explained(error: ValidationError) -> str:
    fields = dict.fromkeys(str(fault["loc"][0]) for fault in error.errors() if fault["loc"])
    unknown = [name for name in fields if name not in _NAMES]
    if unknown:
        return f"企业资料中没有“{'、'.join(unknown)}”这一项；可用的有：{'、'.join(_NAMES)}"
    return f"企业资料有误，请检查：{'；'.join(_NAMES[name] for name in fields)}"


def profile_document(profile: Profile) -> dict[str, Any]:
    """Return a profile so that `profile_from_document` reads it again; figures are strings."""
    return {
        "industry": profile.industry,
        "section": profile.section,
        "types": dict(profile.types),
        "region": profile.region,
        "founded": profile.founded,
        "revenue": None if profile.revenue is None else str(profile.revenue),
        "research_share": None if profile.research_share is None else str(profile.research_share),
        "staff": profile.staff,
        "needs": list(profile.needs),
        "answers": dict(profile.answers),
    }


def matching_document(
    matching: Matching, library: Library, *, with_failed: bool = True
) -> dict[str, Any]:
    """Return a matching; without the measures that do not fit unless they are asked for."""
    groups = ("符合", "可能符合", *(("不符合",) if with_failed else ()))
    return {
        "profile": profile_document(matching.profile),
        "counts": {
            verdict: len(matching.of(verdict)) for verdict in ("符合", "可能符合", "不符合")
        },
        "matches": [
            match_document(match, library) for match in matching.matches if match.verdict in groups
        ],
        "questions": [_question(reason) for reason in matching.questions],
    }


def match_document(match: Match, library: Library) -> dict[str, Any]:
    """Return one measure with what it means for the profile."""
    (source,) = library.rules.of([match.measure.plan_id])
    return {
        "verdict": match.verdict,
        "validity": match.validity,
        "needs_rules": match.needs_rules,
        "heading": match.heading,
        "measure": measure_document(match.measure, source.plan),
        "reasons": [_reason(reason) for reason in match.reasons],
        "payment": _payment(match.payment),
        "notes": [
            {"quote": note.of(source.plan.text), "start": note.start, "end": note.end}
            for note in match.notes
        ],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "subject": reason.subject,
        "quote": reason.quote,
        "start": reason.span.start,
        "end": reason.span.end,
        "given": reason.given,
        "outcome": reason.outcome,
        "question": reason.question,
        "key": reason.key,
    }


def _payment(payment: Payment | None) -> dict[str, Any] | None:
    if payment is None:
        return None
    return {
        "formula": payment.formula,
        "low": f"{payment.low:f}",
        "high": None if payment.high is None else f"{payment.high:f}",
        "spans": [{"start": span.start, "end": span.end} for span in payment.spans],
    }


def _question(reason: Reason) -> dict[str, Any]:
    return {"key": reason.key, "question": reason.question, "quote": reason.quote}
