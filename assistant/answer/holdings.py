"""「收录了哪些文件」 → the documents that have been taken in, all or those of a place or kind."""

import re
from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.sources import Sources
from assistant.question import Question
from assistant.scope import Scope
from corpus.catalog import CatalogEntry
from corpus.chunking import trim
from corpus.model import Kind, Level, Span

_WHICH = "(?:哪些|哪[几一二两三四五六七八九十]|什么|有啥|多少|几[份个篇])"
_DOCUMENTS = "(?:文件|文档|资料|报告|规划纲要|规划|政策文件|条例|办法)"
_ASKS = re.compile(
    f"(?:收录|入库|库里|资料库|已有|现有|手头)[^，,。]*{_WHICH}[^，,。]*"
    f"|^(?:你们?|现在|目前|这里)?(?:都?有|能查|可以查){_WHICH}[^，,。、]{{0,12}}{_DOCUMENTS}[吗呢啊]?[?？]?$"
    f"|{_WHICH}[^，,。、]{{0,8}}{_DOCUMENTS}(?:被收录|已收录|可以?查|能查)"
)
_LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("国家", re.compile("国家|国务院|中央|全国")),
    ("省", re.compile("(?:些|个|几|各)省|省级|省份")),
    ("市", re.compile("(?:些|个|几|各)市|市级|城市")),
    ("区县", re.compile("(?:些|个|几|各)[区县]|区级|县级")),
)
_KINDS: tuple[Kind, ...] = ("报告", "规划")


def write_holdings(
    question: Question, scope: Scope, entries: Sequence[CatalogEntry], sources: Sources
) -> Draft | None:
    """Answer with the documents themselves; None where the question asks what they say."""
    if not _ASKS.search(question.normal):
        return None
    if scope.elsewhere:
        place = "、".join(scope.elsewhere)
        return Draft(
            f"没有收录{place}的文件。可以先问收录了哪些文件。",
            "refused",
            "list",
        )
    level = next((level for level, asked in _LEVELS if asked.search(question.normal)), None)
    kind = next((kind for kind in _KINDS if kind in question.normal), None)
    wanted = set(scope.plan_ids)
    found = [
        entry
        for entry in entries
        if entry.id in wanted
        and (level is None or entry.metadata.level == level)
        and (kind is None or entry.metadata.kind == kind)
    ]
    if not found:
        return Draft("没有收录这样的文件。可以先问收录了哪些文件。", "refused", "list")
    count = f"共{len(found)}份"
    lines = [f"已收录的文件{count}："]
    computed = [count]
    for number, entry in enumerate(found, start=1):
        about = "，".join(part for part in (entry.metadata.region, entry.metadata.kind) if part)
        lines.append(f"{number}. {sources.name(entry.id)}{f'（{about}）' if about else ''}")
        lines[-1] += _cite_opening(entry.id, sources)
        computed.append(f"{number}. ")
    return Draft("\n".join(lines), "answered", "list", computed=tuple(computed))


def _cite_opening(plan_id: str, sources: Sources) -> str:
    """Cite the document's first line, where it says what it is."""
    text = sources.plan(plan_id).text
    first = trim(text, Span(0, min(len(text), 200)))
    end = text.find("\n", first.start, first.end)
    return sources.cite(plan_id, 0, Span(first.start, end if end > 0 else first.end))
