"""The whole of the web side over a library: which tabs there are, and what stands behind them."""

from collections.abc import Sequence
from functools import partial

from fastapi import FastAPI

from assistant.answer.model import Answer
from assistant.answer.related import suggest
from assistant.library import Library
from assistant.mcp_server import build_mcp
from assistant.web import about, checking, comparison, documents, indicators, matching, monitoring
from assistant.web.answering import Answerer, watched
from assistant.web.api.answers import answer_router
from assistant.web.api.conversations import conversation_router
from assistant.web.api.health import health_router
from assistant.web.api.lookups import lookup_router
from assistant.web.api.matching import matching_router
from assistant.web.api.openai import openai_router
from assistant.web.api.plans import plan_router
from assistant.web.desk import Desk
from assistant.web.downloads import download_router
from assistant.web.monitoring_files import monitoring_router
from assistant.web.observe import Metrics, Watch
from assistant.web.page import Tab, build_page
from assistant.web.server import create_app
from assistant.web.sources import source_router

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
    metrics = Metrics(count_chunks=lambda: library.catalog.count_chunks())
    watch = Watch(metrics, log_questions=library.settings.log_questions)
    answerer = Answerer(library, watch)
    desk = Desk(
        watched(library, watch),
        lambda plan_id: library.catalog.plan(plan_id).text,
        library.conversations,
        library.approvals,
        library.catalog.entries,
        lambda answer, plan_ids: suggest(answer, library, plan_ids=plan_ids),
    )
    sections = (
        Tab("monitoring", "监测", partial(monitoring.lay_out, library)),
        Tab("comparison", "比较", partial(comparison.lay_out, library)),
        Tab("checking", "规划自查", partial(checking.lay_out, library)),
    )
    tabs = (
        Tab("matching", "政策匹配", partial(matching.lay_out, library)),
        Tab("indicators", "指标", partial(indicators.lay_out, library, sections)),
        Tab("documents", "文档", partial(documents.lay_out, library)),
        Tab("about", "关于", partial(about.lay_out, library)),
    )
    page = build_page(desk, examples=EXAMPLES, subtitle=partial(_subtitle, library), tabs=tabs)
    routers = (
        answer_router(library, answerer),
        lookup_router(library),
        plan_router(library),
        matching_router(library),
        conversation_router(library.conversations),
        openai_router(answerer),
        health_router(library),
        download_router(library),
        source_router(library),
        monitoring_router(library),
    )

    async def ask(question: str, plan_ids: Sequence[str] | None) -> Answer:
        return await answerer.answer(question, plan_ids=plan_ids)

    mcp = build_mcp(library, ask=ask)
    return create_app(page, library.settings, watch, routers=routers, mcp=mcp)


def _subtitle(library: Library) -> str:
    entries = library.catalog.entries()
    titles = "、".join(f"《{entry.title}》" for entry in entries[:3])
    return f"已收录 {len(entries)} 份：{titles}{'等' if len(entries) > 3 else ''}"
