"""The tab 政策匹配: a form for the enterprise, and every measure held against it.

Keeps no state: the browser keeps the profile, and a shared link carries it behind its `#`, which
no browser sends to a server.
"""

import base64
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, get_args

import gradio as gr
from gradio.context import Context
from pydantic import TypeAdapter, ValidationError

from assistant.library import Library
from assistant.matching.describe import SECTIONS, plain
from assistant.matching.documents import ProfileError, profile_from_document
from assistant.matching.match import match_measures
from assistant.matching.model import Need, Profile
from assistant.matching.word import write_matching_word
from assistant.web import matching_view
from assistant.web.parts import QUICK
from corpus.vocabulary import enterprise_types

# The types that are asked for; any other may come from a question.
TYPES = (
    "高新技术企业",
    "科技型中小企业",
    "专精特新企业",
    "专精特新“小巨人”企业",
    "规上企业",
    "小微企业",
    "个体工商户",
    "初创企业",
    "上市公司",
    "CRO",
    "CMO",
    "CDMO",
)
# What events fill: the form, then what is kept, passed over and shown, and the two ways to save it.
_FIELDS = 8 + len(TYPES)
_SHOWN = 5
_KNOWN = {"是": True, "否": False}
_UNKNOWN = "不清楚"
_WORDS_LIMIT = 60
# A link may be anybody's: nothing longer is a profile.
_PROFILE_LIMIT = 6000
_FIRST_YEAR = 1900
_PER_CENT = 100
_UNREADABLE = "链接或浏览器里保存的企业情况读不出来，请重新填写。"
# The matching is bound by the processor; more at once would only slow each other down.
_MATCHES_AT_ONCE = 2
_SLOW: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": _MATCHES_AT_ONCE,
    "concurrency_id": "match",
}

_KEEP_JS = "(profile) => { localStorage.setItem('profile', profile) }"
# Only when the tab is first opened: later the form may hold what was typed since.
_KEPT_JS = r"""() => {
  if (window.profileRestored) return ["", ""];
  window.profileRestored = true;
  const shared = /^#profile=([\w-]+)$/.exec(location.hash);
  if (!shared) return [localStorage.getItem("profile") ?? "", ""];
  try {
    const packed = atob(shared[1].replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
    return [new TextDecoder().decode(bytes), "shared"];
  } catch {
    return ["?", "shared"];
  }
}"""
_LINK_JS = """(profile) => {
  const bytes = new TextEncoder().encode(profile);
  const packed = btoa(String.fromCharCode(...bytes));
  const words = packed.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const link = `${location.origin}${location.pathname}?tab=matching#profile=${words}`;
  navigator.clipboard?.writeText(link).catch(() => {});
  return { __type__: "update", value: link, visible: true };
}"""
_SAVE_JS = """(file) => {
  if (!file) return;
  const bytes = Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0));
  const kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: kind }));
  link.download = "政策匹配结果.docx";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""
# A click on an answer comes back as what the button's data-… attributes say; a link to a group of
# measures opens it, as the page's <base> would turn "#…" into another address.
_CLICKS_JS = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-key]");
  if (button) {
    for (const other of element.querySelectorAll("button[data-key]")) other.disabled = true;
    trigger("select", { ...button.dataset });
    return;
  }
  const link = event.target.closest("a.count");
  if (!link) return;
  event.preventDefault();
  const group = element.querySelector(link.getAttribute("href"));
  if (!group) return;
  group.open = true;
  group.scrollIntoView({ block: "start" });
  group.querySelector("summary").focus({ preventScroll: true });
});"""
# The results begin beside the top of the form, or, on a small screen, below it: out of sight.
_SHOW_JS = """() => setTimeout(() => {
  const results = document.querySelector("#matching-results");
  const { top } = results.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.6) results.scrollIntoView();
}, 50)"""

_PROFILE = TypeAdapter(Profile)


_FIGURES = {
    "founded": "成立年份应是四位数字的年份，如 2019",
    "revenue": "营业收入应是不小于0的数，如 2600 或 1.2亿元",
    "research_share": "研发投入占营业收入的比例应在0到100之间，如 6",
    "staff": "职工人数应是不小于0的整数，如 30",
}


class _Unfit(Exception):
    """What is wrong with what was filled in, in Chinese."""


@dataclass(frozen=True, slots=True)
class _Form:
    """The fields of the form, in the order in which events take and fill them."""

    industry: gr.Textbox
    section: gr.Dropdown
    region: gr.Textbox
    founded: gr.Textbox
    revenue: gr.Textbox
    research_share: gr.Textbox
    staff: gr.Textbox
    needs: gr.CheckboxGroup
    types: tuple[gr.Radio, ...]

    @property
    def fields(self) -> list[Any]:
        """Return all of them."""
        return [
            *(self.industry, self.section, self.region, self.founded, self.revenue),
            *(self.research_share, self.staff, self.needs),
            *self.types,
        ]


def lay_out(library: Library) -> None:
    """Put form and results into the tab that is open."""
    with gr.Row(elem_id="matching"):
        with gr.Column(elem_id="matching-form", scale=4, min_width=280):
            form = _lay_out_form()
            with gr.Row(elem_id="matching-do"):
                start = gr.Button("开始匹配", variant="primary", elem_id="match", min_width=120)
                clear = gr.Button("清空", elem_id="match-clear", min_width=72, scale=0)
        with gr.Column(scale=7, min_width=280):
            with gr.Row(visible=False, elem_id="matching-keep") as keep:
                link = gr.Button("生成分享链接", elem_id="match-link", min_width=120, scale=0)
                word = gr.Button("导出 Word", elem_id="match-word", min_width=120, scale=0)
            shared = gr.Textbox(
                label="分享链接（已复制）",
                info="企业情况写在 # 之后，不会发送到服务器，也不进入日志；谁拿到链接谁就能看到。",
                visible=False,
                interactive=False,
                elem_id="match-shared",
            )
            results = gr.HTML(
                matching_view.EMPTY,
                elem_id="matching-results",
                js_on_load=_CLICKS_JS,
                apply_default_css=False,
            )
    # Not states: what a state holds stays on the server.
    kept, passed, origin, file = (gr.Textbox("", visible=False) for _ in range(4))
    everything = [*form.fields, kept, passed, results, keep, shared]

    def match(kept: str, *values: Any) -> tuple[Any, ...]:  # noqa: ANN401
        return _matched(values, kept, library)

    def answer(event: gr.EventData, kept: str, passed: str) -> tuple[Any, ...]:
        return _answered(event._data, kept, passed, library)

    def restore(kept: str, origin: str) -> tuple[Any, ...]:
        return _restored(kept, origin, library)

    def export(kept: str) -> str:
        return _exported(kept, library)

    begun = start.click(lambda: matching_view.WORKING, None, [results], **QUICK)
    matched = begun.then(match, [kept, *form.fields], everything, **_SLOW)
    matched.then(None, None, None, js=_SHOW_JS)
    results.select(answer, [kept, passed], everything, **_SLOW)
    clear.click(_cleared, None, everything, **QUICK)
    kept.change(None, [kept], None, js=_KEEP_JS, **QUICK)
    link.click(None, [kept], [shared], js=_LINK_JS, **QUICK)
    word.click(export, [kept], [file], **_SLOW).then(None, [file], None, js=_SAVE_JS)
    # Not when the page loads: fields of a tab that was never opened may miss what they are sent.
    tab = Context.block
    assert isinstance(tab, gr.Tab), "a section is laid out in a tab"
    tab.select(restore, [kept, origin], everything, js=_KEPT_JS, **QUICK)


def _lay_out_form() -> _Form:
    industry = gr.Textbox(
        label="主营业务",
        info="用自己的话写",
        placeholder="如：细胞治疗外包",
        max_length=_WORDS_LIMIT,
        elem_id="match-industry",
    )
    section = gr.Dropdown(
        [("不选", ""), *((f"{letter} {name}", letter) for letter, name in SECTIONS.items())],
        value="",
        label="行业门类",
        info="国民经济行业分类，知道再选",
        elem_id="match-section",
    )
    region = gr.Textbox(
        label="注册地",
        info="写到区县最准",
        placeholder="如：温州市瓯海区",
        max_length=_WORDS_LIMIT,
        elem_id="match-region",
    )
    with gr.Row(elem_classes="pair"):
        founded = _figure("成立年份（年）", "如：2019")
        staff = _figure("职工人数（人）", "上年末，如：30")
    with gr.Row(elem_classes="pair"):
        revenue = _figure("上年营业收入（万元）", "如：2600")
        research_share = _figure("研发投入占营业收入（%）", "如：6")
    needs = gr.CheckboxGroup(
        list(get_args(Need)),
        label="需要什么",
        info="都不选，就看所有的支持",
        elem_id="match-needs",
    )
    with gr.Column(elem_id="match-types"):
        gr.HTML(
            "<p class='legend'>企业类型<small>不清楚的不用改</small></p>",
            js_on_load=None,
            apply_default_css=False,
        )
        types = tuple(
            gr.Radio([*_KNOWN, _UNKNOWN], value=_UNKNOWN, label=name, elem_classes="type")
            for name in TYPES
        )
    return _Form(
        *(industry, section, region, founded, revenue, research_share, staff, needs), types
    )


def _figure(label: str, placeholder: str) -> gr.Textbox:
    """Return a field for a figure; a field of numbers alone cannot be empty in Gradio."""
    return gr.Textbox(label=label, placeholder=placeholder, max_length=20, min_width=120)


def _matched(values: Sequence[Any], kept: str, library: Library) -> tuple[Any, ...]:
    """Match what is filled in; what was answered before counts as long as the form is not empty."""
    try:
        profile = _profile_of(values, _read(kept) or Profile())
    except _Unfit as error:
        return _alerted(str(error))
    return _shown(profile, frozenset(), library)


def _answered(clicked: dict[str, str], kept: str, passed: str, library: Library) -> tuple[Any, ...]:
    """Take in the answer to a question, or that there is none, and match anew."""
    try:
        profile = _read(kept) or Profile()
    except _Unfit as error:
        return _alerted(str(error))
    key, answer = clicked["key"], clicked["answer"]
    skipped = frozenset(json.loads(passed or "[]"))
    if answer not in _KNOWN:
        return _shown(profile, skipped | {key}, library)
    is_type = key in enterprise_types().implied
    known = profile.types if is_type else profile.answers
    told = {**known, key: _KNOWN[answer]}
    profile = replace(profile, types=told) if is_type else replace(profile, answers=told)
    return _shown(profile, skipped, library)


def _restored(kept: str, origin: str, library: Library) -> tuple[Any, ...]:
    """Fill in what the browser kept; match at once what a shared link brings."""
    try:
        profile = _read(kept)
    except _Unfit as error:
        return _alerted(str(error))
    if profile is None:
        # Nothing to bring back; the user may be faster than this and have begun to type.
        return (gr.skip(),) * (_FIELDS + _SHOWN)
    if origin:
        return _shown(profile, frozenset(), library)
    return (*_fill(profile), kept, *[gr.skip()] * (_SHOWN - 1))


def _cleared() -> tuple[Any, ...]:
    return (
        *_fill(Profile()),
        *("", "", matching_view.EMPTY, gr.Row(visible=False), gr.Textbox(visible=False)),
    )


def _exported(kept: str, library: Library) -> str:
    """Return the Word file in base64, for the browser to save: nothing is left on the server."""
    matching = match_measures(_read(kept) or Profile(), library)
    now = datetime.datetime.now().astimezone()
    return base64.b64encode(write_matching_word(matching, library, time=now)).decode()


def _shown(profile: Profile, passed: frozenset[str], library: Library) -> tuple[Any, ...]:
    matching = match_measures(profile, library)
    texts: dict[str, str] = {}

    def read_text(plan_id: str) -> str:
        if plan_id not in texts:
            texts[plan_id] = library.catalog.plan(plan_id).text
        return texts[plan_id]

    return (
        *_fill(profile),
        _write(profile),
        json.dumps(sorted(passed), ensure_ascii=False),
        matching_view.render_matching(matching, passed, read_text),
        gr.Row(visible=True),
        gr.Textbox(visible=False),
    )


def _alerted(message: str) -> tuple[Any, ...]:
    """Say what is wrong, and leave all that was filled in."""
    alert = matching_view.render_alert(message)
    hidden = gr.Row(visible=False), gr.Textbox(visible=False)
    return (*[gr.skip()] * (_FIELDS + 2), alert, *hidden)


def _fill(profile: Profile) -> list[Any]:
    """Return the values of the form's fields."""
    words = {known: word for word, known in _KNOWN.items()}
    types = [words[profile.types[name]] if name in profile.types else _UNKNOWN for name in TYPES]
    return [
        *(profile.industry, profile.section or "", profile.region or ""),
        *map(_shown_figure, (profile.founded, profile.revenue, profile.research_share)),
        *(_shown_figure(profile.staff), list(profile.needs), *types),
    ]


def _shown_figure(number: Decimal | int | None) -> str:
    return "" if number is None else plain(Decimal(number))


def _profile_of(values: Sequence[Any], before: Profile) -> Profile:
    """Return what the form says; types and answers that it has no field for stay."""
    industry, section, region, founded, revenue, share, staff, needs, *types = values
    figures = _read_figures(founded=founded, revenue=revenue, research_share=share, staff=staff)
    other = {name: known for name, known in before.types.items() if name not in TYPES}
    told = {name: _KNOWN[word] for name, word in zip(TYPES, types, strict=True) if word in _KNOWN}
    return _checked(
        Profile(
            industry=(industry or "").strip(),
            section=section or None,
            types=told | other,
            region=(region or "").strip() or None,
            founded=figures.founded,
            revenue=figures.revenue,
            research_share=figures.research_share,
            staff=figures.staff,
            needs=tuple(needs or ()),
            answers=before.answers,
        )
    )


def _read_figures(**typed: str | None) -> Profile:
    """Read figures as people write them: 2600, 2600万元, 6%."""
    given = {name: value.strip() for name, value in typed.items() if value and value.strip()}
    for name, value in given.items():
        try:
            profile_from_document({name: value})
        except ProfileError as error:
            raise _Unfit(f"“{value}”不对：{_FIGURES[name]}，请改正后再匹配。") from error
    return profile_from_document(given)


def _read(kept: str) -> Profile | None:
    """Read a profile that the browser kept or a link carried; None of nothing."""
    if not kept.strip():
        return None
    if len(kept) > _PROFILE_LIMIT:
        raise _Unfit(_UNREADABLE)
    try:
        return _checked(_PROFILE.validate_json(kept))
    except ValidationError as error:
        raise _Unfit(_UNREADABLE) from error


def _write(profile: Profile) -> str:
    return _PROFILE.dump_json(profile, exclude_defaults=True).decode()


def _checked(profile: Profile) -> Profile:
    """Return the profile if its figures can be true."""
    this_year = datetime.date.today().year
    if profile.founded is not None and not _FIRST_YEAR <= profile.founded <= this_year:
        raise _Unfit(f"成立年份应在{_FIRST_YEAR}年到{this_year}年之间，请改正后再匹配。")
    for name, number in (("营业收入", profile.revenue), ("职工人数", profile.staff)):
        if number is not None and number < 0:
            raise _Unfit(f"{name}不能是负数，请改正后再匹配。")
    share = profile.research_share
    if share is not None and not 0 <= share <= _PER_CENT:
        raise _Unfit("研发投入占营业收入的比例应在0到100之间，请改正后再匹配。")
    return profile
