"""Documents as HTML: the list, one document's outline and text, what became of uploads.

Pure functions; knows nothing of Gradio.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents import period_text
from assistant.web.indicator_view import render_pager
from assistant.web.render import escape
from corpus.catalog import CatalogEntry
from corpus.ingest import Ingested, Outcome
from corpus.model import Plan, Section

PAGE_ROWS = 20

# A chapter may be as long as a book; what lies deeper is read section by section.
_TEXT_LIMIT = 20_000
_HEAD = (
    *("标题", "地区", "种类", "时期", "页", "章节", "文本块", "指标", "措施", "项目"),
    *("状态", "收录时间"),
)
_OUTCOMES: dict[Outcome, str] = {
    "added": "已收录",
    "replaced": "已更新",
    "unchanged": "未变化",
    "duplicate": "内容相同，已跳过",
    "skipped": "已跳过",
    "failed": "未收录",
}


@dataclass(frozen=True, slots=True)
class Taking:
    """How far taking in has come: how much is done, the file at hand, what became of others."""

    fraction: float = 0
    name: str = ""
    done: tuple[Ingested, ...] = ()
    is_over: bool = False


def render_list(entries: Sequence[CatalogEntry], page: int, chosen: str) -> str:
    """Return one page of the list; `chosen` is the id of the document that is open."""
    if not entries:
        return "<p class='empty' role='status'>没有这样的文件。请换一个词，或上传文件收录。</p>"
    pages = (len(entries) - 1) // PAGE_ROWS + 1
    page = min(max(page, 1), pages)
    titles = {entry.id: entry.title for entry in entries}
    head = "".join(f"<th scope='col'>{name}</th>" for name in _HEAD)
    rows = "".join(
        _render_entry(entry, titles, is_chosen=entry.id == chosen)
        for entry in entries[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    )
    return (
        f"<p class='bar' role='status'><span>共 {len(entries)} 份</span></p>"
        "<div class='table-box' role='region' aria-label='文件列表' tabindex='0'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{render_pager(page, pages)}"
    )


def render_facts(entry: CatalogEntry) -> str:
    """Return what is known of the document that is open, and what of it could not be read."""
    metadata = entry.metadata
    said = (
        ("文号", metadata.number),
        ("发文机关", metadata.issuer),
        ("地区", metadata.region),
        ("层级", metadata.level),
        ("种类", metadata.kind),
        ("规划期", period_text(metadata)),
        ("日期", metadata.date),
        ("字数", str(entry.characters)),
    )
    facts = "".join(
        f"<div><dt>{name}</dt><dd translate='no'>{escape(value)}</dd></div>"
        for name, value in said
        if value
    )
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in entry.warnings)
    unread = (
        f"<div class='warnings'><h3>读不准的地方</h3><ul>{warnings}</ul></div>" if warnings else ""
    )
    return (
        f"<h2 class='opened' translate='no' tabindex='-1'>{escape(entry.title)}</h2>"
        f"<dl class='facts'>{facts}</dl>{unread}"
    )


def render_outline(sections: Sequence[Section]) -> str:
    """Return the headings, each a button, indented as deep as it lies."""
    items = "".join(
        f"<li style='--depth:{max(len(section.path) - 1, 0)}'>"
        f"<button type='button' translate='no' data-section='{section.number}'>"
        f"{escape(section.title) or '（标题之前）'}</button></li>"
        for section in sections
    )
    return f"<nav class='outline' aria-label='目录'><ul>{items}</ul></nav>"


def render_section(plan: Plan, section: Section) -> str:
    """Return the text of a section with all that lies below it."""
    text = section.span.of(plan.text)
    page = plan.page_at(section.span.start)
    where = f"<p class='path'>第 {page} 页</p>" if page else ""
    left = len(text) - _TEXT_LIMIT
    rest = f"<p class='hint'>还有 {left} 字，请在目录中点开下级标题。</p>" if left > 0 else ""
    return (
        f"<article class='section' tabindex='0' aria-label='章节正文'>{where}"
        f"<div class='text' translate='no'>{escape(text[:_TEXT_LIMIT])}</div>{rest}</article>"
    )


def render_no_section() -> str:
    """Return what stands in place of a section before one is chosen."""
    return "<p class='hint'>点击目录中的标题，查看这一节的原文。</p>"


def render_taking(taking: Taking) -> str:
    """Return how far it is and what became of each file so far, the failed ones first."""
    failed_first = sorted(taking.done, key=lambda one: one.outcome != "failed")
    items = "".join(map(_render_ingested, failed_first))
    return f"{_render_progress(taking)}<ul class='outcomes'>{items}</ul>"


def render_note(text: str, *, is_bad: bool = False) -> str:
    """Return one line that says what happened."""
    role, kind = ("alert", "bad") if is_bad else ("status", "good")
    return f"<p class='note {kind}' role='{role}'>{escape(text)}</p>"


def _render_entry(entry: CatalogEntry, titles: dict[str, str], *, is_chosen: bool) -> str:
    metadata = entry.metadata
    said = (metadata.region or metadata.level, metadata.kind, period_text(metadata))
    counts = (
        *(entry.pages, entry.sections, entry.chunks),
        *(entry.indicators, entry.measures, entry.projects),
    )
    cells = "".join(f"<td translate='no'>{escape(word or '—')}</td>" for word in said)
    cells += "".join(f"<td class='count'>{count or '—'}</td>" for count in counts)
    current = " aria-current='true'" if is_chosen else ""
    return (
        f"<tr{current}><th scope='row'><button type='button' translate='no' "
        f"data-plan='{entry.id}'>{escape(entry.title)}</button></th>{cells}"
        f"<td>{_render_status(entry, titles)}</td><td>{_local_time(entry.added_at)}</td></tr>"
    )


def _render_status(entry: CatalogEntry, titles: dict[str, str]) -> str:
    status = "现行"
    if entry.superseded_by:
        newer = escape(titles.get(entry.superseded_by, ""))
        status = f"<span class='old' title='{newer}'>已有新版</span>"
    if entry.warnings:
        status += f"<small>{len(entry.warnings)} 处读不准</small>"
    return status


def _render_progress(taking: Taking) -> str:
    if taking.is_over:
        return f"<p class='bar' role='status'>收录完毕，共处理 {len(taking.done)} 份</p>"
    percent = int(taking.fraction * 100)
    return (
        f"<p class='bar'><span>正在收录</span><span translate='no'>{escape(taking.name)}</span></p>"
        f"<progress max='100' value='{percent}' aria-label='收录进度'></progress>"
    )


def _render_ingested(one: Ingested) -> str:
    counts = (
        ("章节", one.sections),
        ("文本块", one.chunks),
        ("指标", one.indicators),
        ("措施", one.measures),
        ("项目", one.projects),
    )
    said = "，".join(f"{name} {count}" for name, count in counts if count)
    title = f"<p translate='no'>《{escape(one.title)}》</p>" if one.title else ""
    warnings = "".join(f"<p class='warning'>{escape(warning)}</p>" for warning in one.warnings)
    return (
        f"<li class='{one.outcome}'><strong>{_OUTCOMES[one.outcome]}</strong> "
        f"<span translate='no'>{escape(one.name)}</span>{title}"
        f"{f'<p>{said}</p>' if said else ''}{warnings}</li>"
    )


def _local_time(added_at: str) -> str:
    return datetime.datetime.fromisoformat(added_at).astimezone().strftime("%Y-%m-%d %H:%M")
