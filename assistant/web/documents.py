"""The tab 文档: what has been taken in, its outline and text; for editors, changing all of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import gradio as gr

from assistant.library import Library
from assistant.web import document_events, document_view
from assistant.web.document_events import FIELDS, Refused
from assistant.web.page import Event, LaidOut
from assistant.web.parts import CLICKS_JS, QUICK
from assistant.web.users import user_of
from corpus.catalog import CatalogEntry
from corpus.errors import PlanNotFound
from corpus.model import Kind, Level
from corpus.normal import normalise

_SHOW_JS = """() => setTimeout(() => {
  const opened = document.querySelector("#document-facts .opened");
  opened?.scrollIntoView({ block: "start" });
  opened?.focus({ preventScroll: true });
}, 50)"""
_LABELS = {
    "title": "标题",
    "number": "文号",
    "issuer": "发文机关",
    "region": "地区",
    "level": "层级",
    "kind": "种类",
    "period": "规划期",
    "date": "日期",
}
_HINTS = {"period": "如 2021-2025 或 十四五", "date": "如 2021-03-12"}
_CHOICES = {"level": get_args(Level), "kind": get_args(Kind)}
# Waits for what it shows; several may be at it, only the library lets one at a time write.
_LONG: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": 4}


@dataclass(frozen=True, slots=True)
class _View:
    """How the list is looked at, and the id of the document that is open: kept for the visit."""

    words: str = ""
    page: int = 1
    plan_id: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that the events move."""

    view: gr.State
    words: gr.Textbox
    listed: gr.HTML
    opened: gr.Column
    facts: gr.HTML
    outline: gr.HTML
    section: gr.HTML
    editing: gr.Column
    form: Sequence[gr.Textbox | gr.Dropdown]
    note: gr.HTML

    @property
    def shown(self) -> list[Any]:
        """Return what shows the list and the document that is open."""
        fixed = [self.view, self.listed, self.opened, self.facts, self.outline, self.section]
        return [*fixed, *self.form]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Something that is done only after it has been confirmed."""

    button: gr.Button
    question: gr.Row
    yes: gr.Button
    no: gr.Button


def lay_out(library: Library) -> LaidOut:
    """Put the list, the outline and the editors' tools into the tab that is open."""
    with gr.Column(visible=False, elem_id="document-upload") as uploading:
        files = gr.File(
            label="拖入或选择文件：可以一次多份，也可以是 zip 压缩包",
            file_count="multiple",
            height=150,
            elem_id="document-files",
        )
        take = gr.Button("收录", variant="primary", elem_id="document-take", scale=0)
        outcome = _html("", "document-outcome")
    parts, save, removing = _lay_out_list()
    with gr.Column(visible=False, elem_id="document-index") as indexing:
        reindexing = _lay_out_asked(
            "重建索引", "用当前模型重建全部向量，期间检索可能不全。", "document-reindex"
        )

    def refresh(view: _View, request: gr.Request) -> tuple[Any, ...]:
        may = gr.Column(visible=user_of(request).is_editor)
        return may, may, may, *_shown(view, library)

    changes = [
        _connect_uploading(files, take, outcome, parts, library),
        _connect_saving(save, parts, library),
        _connect_asked(removing, parts, library, _remove),
        _connect_asked(reindexing, parts, library, _reindex),
    ]
    _connect_reading(parts, library)
    shown = [uploading, indexing, parts.editing, *parts.shown]
    return LaidOut(refresh, [parts.view], shown, changes)


def _lay_out_list() -> tuple[_Parts, gr.Button, _Asked]:
    words = gr.Textbox(
        label="查找文件",
        placeholder="标题、地区、种类或年份",
        max_length=60,
        elem_id="document-words",
    )
    note = _html("", "document-note")
    listed = _html("", "documents", js_on_load=CLICKS_JS)
    with gr.Column(visible=False, elem_id="document") as opened:
        facts = _html("", "document-facts")
        with gr.Column(visible=False, elem_id="document-editing") as editing:
            form, save = _lay_out_form()
            removing = _lay_out_asked(
                "移除这份文件", "文件、原件和全部索引都会删去，不能恢复。", "document-remove"
            )
        with gr.Row(elem_id="document-reading"):
            with gr.Column(scale=4, min_width=280):
                outline = _html("", "document-outline", js_on_load=CLICKS_JS)
            with gr.Column(scale=7, min_width=280):
                section = _html("", "document-section")
    view = gr.State(_View())
    parts = _Parts(view, words, listed, opened, facts, outline, section, editing, form, note)
    return parts, save, removing


def _lay_out_form() -> tuple[list[gr.Textbox | gr.Dropdown], gr.Button]:
    with gr.Accordion("更正标题和属性", open=False, elem_id="document-form"):
        with gr.Row():
            fields: list[gr.Textbox | gr.Dropdown] = [_field(name) for name in FIELDS]
        save = gr.Button("保存更正", elem_id="document-save", scale=0)
    return fields, save


def _field(name: str) -> gr.Textbox | gr.Dropdown:
    if name in _CHOICES:
        choices = [("（不明）", ""), *((choice, choice) for choice in _CHOICES[name])]
        return gr.Dropdown(choices, value="", label=_LABELS[name], min_width=140)
    return gr.Textbox(
        label=_LABELS[name], placeholder=_HINTS.get(name), max_length=200, min_width=200
    )


def _lay_out_asked(name: str, question: str, elem_id: str) -> _Asked:
    button = gr.Button(name, elem_id=elem_id, elem_classes="plain", scale=0)
    with gr.Row(visible=False, elem_classes="asked-first") as row:
        _html(f"<p class='note bad' role='alert'>{question}</p>", f"{elem_id}-question")
        yes = gr.Button(f"确认{name[:2]}", elem_id=f"{elem_id}-yes", variant="stop", scale=0)
        no = gr.Button("取消", elem_id=f"{elem_id}-no", elem_classes="plain", scale=0)
    return _Asked(button, row, yes, no)


def _html(value: str, elem_id: str, *, js_on_load: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=js_on_load, apply_default_css=False)


def _connect_reading(parts: _Parts, library: Library) -> None:
    def narrow(words: str, view: _View) -> tuple[Any, ...]:
        view = replace(view, words=words, page=1)
        return view, document_view.render_list(_found(view, library), 1, view.plan_id)

    def choose(event: gr.EventData, view: _View) -> tuple[Any, ...]:
        clicked = event._data
        if "page" in clicked:
            view = replace(view, page=int(clicked["page"]))
            listed = document_view.render_list(_found(view, library), view.page, view.plan_id)
            return view, listed, *[gr.skip()] * (len(parts.shown) - 2), gr.skip()
        return *_shown(replace(view, plan_id=clicked.get("plan", "")), library), ""

    def read(event: gr.EventData, view: _View) -> str:
        return _section(view.plan_id, event._data, library)

    parts.words.change(narrow, [parts.words, parts.view], [parts.view, parts.listed], **QUICK)
    chosen = parts.listed.select(choose, [parts.view], [*parts.shown, parts.note], **QUICK)
    chosen.then(None, None, None, js=_SHOW_JS)
    parts.outline.select(read, [parts.view], [parts.section], **QUICK)


def _connect_uploading(
    files: gr.File, take: gr.Button, outcome: gr.HTML, parts: _Parts, library: Library
) -> Event:
    def take_in(uploads: list[str] | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        paths = [Path(upload) for upload in uploads or ()]
        free = gr.Button(interactive=True)
        # Nothing may be added meanwhile: what is there at the end is cleared.
        begun = document_view.render_note("正在收录…")
        yield gr.File(interactive=False), begun, gr.Button(interactive=False)
        try:
            for outcome in document_events.take_in(paths, library, user_of(request)):
                yield gr.skip(), outcome, gr.skip()
        except Refused as refused:
            # What was uploaded stays, to be tried again.
            note = document_view.render_note(str(refused), is_bad=True)
            yield gr.File(interactive=True), note, free
        else:
            yield gr.File(value=None, interactive=True), gr.skip(), free

    def show(view: _View) -> tuple[Any, ...]:
        return _shown(view, library)

    taken: Event = take.click(
        take_in, [files], [files, outcome, take], show_progress="hidden", **_LONG
    )
    shown: Event = taken.then(show, [parts.view], parts.shown, **QUICK)
    return shown


def _connect_saving(save: gr.Button, parts: _Parts, library: Library) -> Event:
    def correct(view: _View, request: gr.Request, *values: str | None) -> tuple[Any, ...]:
        form = {name: value or "" for name, value in zip(FIELDS, values, strict=True)}
        try:
            note = document_events.correct(view.plan_id, form, library, user_of(request))
        except Refused as refused:
            # What was typed stays, to be mended.
            bad = document_view.render_note(str(refused), is_bad=True)
            return bad, *[gr.skip()] * len(parts.shown)
        return note, *_shown(view, library)

    saved: Event = save.click(
        correct, [parts.view, *parts.form], [parts.note, *parts.shown], **_LONG
    )
    return saved


def _connect_asked(
    asked: _Asked,
    parts: _Parts,
    library: Library,
    do: Callable[[_View, Library, gr.Request], tuple[str, _View]],
) -> Event:
    """Ask first, do it when the answer is yes."""

    def confirmed(view: _View, request: gr.Request) -> tuple[Any, ...]:
        try:
            note, view = do(view, library, request)
        except Refused as refused:
            note = document_view.render_note(str(refused), is_bad=True)
        return note, gr.Row(visible=False), *_shown(view, library)

    asked.button.click(lambda: gr.Row(visible=True), None, asked.question, **QUICK)
    asked.no.click(lambda: gr.Row(visible=False), None, asked.question, **QUICK)
    done: Event = asked.yes.click(
        confirmed, [parts.view], [parts.note, asked.question, *parts.shown], **_LONG
    )
    return done


def _remove(view: _View, library: Library, request: gr.Request) -> tuple[str, _View]:
    note = document_events.remove(view.plan_id, library, user_of(request))
    return note, replace(view, plan_id="")


def _reindex(view: _View, library: Library, request: gr.Request) -> tuple[str, _View]:
    return document_events.reindex(library, user_of(request)), view


def _shown(view: _View, library: Library) -> tuple[Any, ...]:
    """Return the list, and the document that is open as far as it is still there."""
    found = _found(view, library)
    listed = document_view.render_list(found, view.page, view.plan_id)
    entry = _entry(view.plan_id, library)
    if entry is None:
        closed = replace(view, plan_id="")
        return closed, listed, gr.Column(visible=False), "", "", "", *[""] * len(FIELDS)
    return (
        *(view, listed, gr.Column(visible=True)),
        document_view.render_facts(entry),
        document_view.render_outline(library.catalog.sections(entry.id)),
        document_view.render_no_section(),
        *document_events.form_of(entry).values(),
    )


def _found(view: _View, library: Library) -> list[CatalogEntry]:
    words = normalise(view.words).split()
    return [
        entry for entry in library.catalog.entries() if all(word in _said(entry) for word in words)
    ]


def _said(entry: CatalogEntry) -> str:
    return normalise(" ".join((entry.title, *document_events.form_of(entry).values())))


def _entry(plan_id: str, library: Library) -> CatalogEntry | None:
    return next((entry for entry in library.catalog.entries() if entry.id == plan_id), None)


def _section(plan_id: str, clicked: dict[str, str], library: Library) -> str:
    try:
        plan = library.catalog.plan(plan_id)
        sections = library.catalog.sections(plan_id)
        return document_view.render_section(plan, sections[int(clicked["section"])])
    except (PlanNotFound, IndexError):
        return document_view.render_note("这一节已不在目录中，请重新打开文件。", is_bad=True)
