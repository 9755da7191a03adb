"""The whole of the web side over a library: which tabs there are, and what stands behind them."""

from functools import partial
from typing import Any

from fastapi import FastAPI

from assistant.answer.respond import respond, respond_fully
from assistant.documents import answer_document
from assistant.library import Library
from assistant.web import about, documents, indicators, matching
from assistant.web.downloads import download_router
from assistant.web.events import Desk
from assistant.web.page import Tab, build_page
from assistant.web.server import create_app

EXAMPLES = (
    "到25年要有几家高企？",
    "高新技术产业增加值占比，累计提高对得上吗？",
    "我们做CRO的，能得到哪些支持？",
    "保障措施有哪些？",
    "世界青年科学家创业孵化器投资多少？",
    "碳达峰方面要做什么？",
)


def build_web_app(library: Library) -> FastAPI:
    """Put the page and its endpoints over the library."""
    desk = Desk(
        lambda question, history: respond(question, library, history=history),
        lambda plan_id: library.catalog.plan(plan_id).text,
        library.conversations,
    )
    tabs = (
        Tab("matching", "政策匹配", partial(matching.lay_out, library)),
        Tab("indicators", "指标", partial(indicators.lay_out, library)),
        Tab("documents", "文档", partial(documents.lay_out, library)),
        Tab("about", "关于", partial(about.lay_out, library)),
    )
    page = build_page(desk, examples=EXAMPLES, subtitle=partial(_subtitle, library), tabs=tabs)

    def ask_json(question: str, plan: str | None) -> dict[str, Any]:
        plan_id = None if plan is None else library.catalog.find_plan(plan).id
        return answer_document(respond_fully(question, library, plan_id=plan_id))

    return create_app(
        page,
        ask_json,
        library.conversations,
        routers=[download_router(library)],
        max_upload_mb=library.settings.max_file_mb,
    )


def _subtitle(library: Library) -> str:
    entries = library.catalog.entries()
    titles = "、".join(f"《{entry.title}》" for entry in entries[:3])
    return f"已收录 {len(entries)} 份：{titles}{'等' if len(entries) > 3 else ''}"
