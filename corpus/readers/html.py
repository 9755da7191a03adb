"""Web pages, saved as html or as one mht file: the document without the page around it."""

import email
import email.policy
import re
from functools import cache
from pathlib import Path

import lxml.html
from lxml import etree

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.builder import DocumentBuilder
from corpus.readers.encoding import decode
from corpus.readers.html_blocks import Block, Line, read_blocks
from corpus.readers.html_main import find_main
from corpus.readers.zipped import Element

_FURNITURE = Path(__file__).parents[1] / "lexicon" / "page_furniture.txt"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ARCHIVE = (b"MIME-Version:", b"From: <Saved by")
_LICENCE = re.compile("ICP备|公网安备")
_SITE = re.compile(r"\s*[-_|]+\s*[^-_|]{0,40}(?:网|网站|门户|平台|政府|部|局|委|委员会|厅|办公室)$")
_META_TITLE = ("ArticleTitle", "og:title")
_SHORT = 60
_LONGEST = 300  # that a title is
_OPENING = 1000


def read_html(path: Path, limits: Limits) -> Document:
    """Read a web page: its main text, tables and headings; navigation and the like are left out.

    Raises:
        UnreadableFile: if it is not text or has no page in it.
    """
    root = _parse(_page(path.read_bytes()))
    body = None if root is None else root.find("body")
    if root is None or body is None:
        raise UnreadableFile(f"网页无法解析：{path.name}（请在浏览器中另存为 .html）")
    main, link_lists = find_main(body)
    blocks = [block for block in read_blocks(main, link_lists) if not _is_furniture(block)]
    title = _find_title(root, main)
    builder = DocumentBuilder()
    if title and "".join(title.split()) not in _opening(blocks):
        # The page shows it above the text.
        builder.add_paragraph(title)
    for block in blocks:
        if isinstance(block, Line):
            builder.add_paragraph(block.text, heading_level=block.level)
        else:
            builder.add_grid(block.grid, header_rows=block.header_rows)
    return builder.build(title=title)


def _page(content: bytes) -> str | None:
    """Return the markup; of a saved archive (mht), that of its first page."""
    if content.startswith(_ARCHIVE):
        message = email.message_from_bytes(content, policy=email.policy.default)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                payload = part.get_payload(decode=True)
                charset = part.get_content_charset("")
                return _decode(payload, charset) if isinstance(payload, bytes) else None
        return None
    declared = _CHARSET.search(content[:4096])
    return _decode(content, declared[1].decode() if declared else "")


def _decode(content: bytes, charset: str) -> str | None:
    # Pages are often not in the encoding that they declare, but in one of the usual ones.
    if charset.lower() not in {"", "utf-8", "utf8", "gb2312", "gbk", "gb18030", "gb_2312-80"}:
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(content)


def _parse(markup: str | None) -> Element | None:
    if markup is None or not markup.strip():
        return None
    # lxml takes no text that declares the encoding it no longer has.
    declaration = _DECLARATION.match(markup)
    markup = markup[declaration.end() :] if declaration else markup
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return lxml.html.document_fromstring(markup, parser=parser)
    except etree.ParserError:
        return None


def _is_furniture(block: Block) -> bool:
    if not isinstance(block, Line) or len(block.text) > _SHORT:
        return False
    return bool(_furniture().match(block.text) or _LICENCE.search(block.text))


@cache
def _furniture() -> re.Pattern[str]:
    lines = _FURNITURE.read_text(encoding="utf-8").splitlines()
    words = (re.escape(line) for line in lines if line and not line.startswith("#"))
    # A whole word: 打印 is a button, 打印机 is not.
    return re.compile(f"\\W?(?:{'|'.join(words)})(?![\u3400-\u9fff])")


def _find_title(root: Element, main: Element) -> str | None:
    """Return the title that the page declares, or its only h1, or its window's without the site."""
    names = {meta.get("name") or meta.get("property"): meta for meta in root.iter("meta")}
    headings = list(main.iter("h1")) or list(root.iter("h1"))
    candidates = [names[name].get("content", "") for name in _META_TITLE if name in names]
    if len(headings) == 1:
        candidates.append("".join(headings[0].itertext()))
    candidates.append(_SITE.sub("", " ".join((root.findtext(".//title") or "").split())[:_LONGEST]))
    titles = (" ".join(candidate.split()) for candidate in candidates)
    return next((title for title in titles if 0 < len(title) < _LONGEST), None)


def _opening(blocks: list[Block]) -> str:
    texts: list[str] = []
    length = 0
    for block in blocks:
        if isinstance(block, Line):
            texts.append(block.text)
            length += len(block.text)
        if length > _OPENING:
            break
    return "".join("".join(texts).split())
