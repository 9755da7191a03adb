"""Pictures of text → lines, by RapidOCR if it is installed (its models come with the package)."""

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy
from PIL import Image, ImageSequence, UnidentifiedImageError

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.builder import DocumentBuilder
from corpus.readers.pdf_flow import write_pages
from corpus.readers.pdf_furniture import drop_furniture
from corpus.readers.pdf_layout import Glyph, Line, Page
from corpus.readers.pdf_lines import find_columns
from corpus.shown import shown

INSTALL = "pip install 'plan-assistant[ocr]'"

# What is recognised with less confidence than this is not what stands there.
_CONFIDENCE = 0.7
# Larger pictures are made smaller: a page's characters are still some 30 pixels high.
MAX_SIDE = 3000
_MAX_PIXELS = 100_000_000
_PAGES_SHOWN = 10

Recognise: TypeAlias = Callable[[Image.Image], list[Line]]


def find_recogniser() -> Recognise | None:
    """Return what reads a picture, None where the component is not installed."""
    return recognise if importlib.util.find_spec("rapidocr") else None


def recognise(picture: Image.Image) -> list[Line]:
    """Return the lines of a picture in reading order; positions are in pixels."""
    pixels = numpy.asarray(picture.convert("RGB"))
    found = _engine()(pixels[:, :, ::-1])
    if found.boxes is None or found.txts is None:
        return []
    glyphs = [
        Glyph(
            text,
            float(box[:, 0].min()),
            float(box[:, 0].max()),
            float(box[:, 1].min()),
            float(box[:, 1].max()),
        )
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if score >= _CONFIDENCE and text.strip()
    ]
    return find_columns(glyphs, "scan")


def read_image(path: Path, limits: Limits) -> Document:
    """Read a scanned page; a TIFF may hold several.

    Raises:
        UnreadableFile: if it is no picture, too large, or the component is not installed.
    """
    name = shown(path.name)
    recogniser = find_recogniser()
    if recogniser is None:
        raise UnreadableFile(f"图片需要识别文字，请安装 OCR 组件（{INSTALL}）：{name}")
    pages = []
    try:
        with Image.open(path) as picture:
            if getattr(picture, "n_frames", 1) > limits.pages:
                raise UnreadableFile(f"超过 {limits.pages} 页，请拆分后再收录：{name}")
            for frame in ImageSequence.Iterator(picture):
                pages.append(picture_page(frame, recogniser))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise UnreadableFile(f"图片打不开，请重新扫描或另存一份：{name}") from error
    builder = DocumentBuilder()
    write_pages(drop_furniture(pages), builder)
    return builder.build()


def picture_page(picture: Image.Image, recogniser: Recognise) -> Page:
    """Return the page that a picture shows.

    Raises:
        Image.DecompressionBombError: if it is too large.
    """
    if picture.width * picture.height > _MAX_PIXELS:
        raise Image.DecompressionBombError
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return Page(picture.width, picture.height, tuple(recogniser(picture)))


def scanned_message(pages: list[int]) -> str:
    """Return what to tell of pages (counted from 1) that are pictures and were not read."""
    cure = "图像格式不认识，请另存为 PDF" if find_recogniser() else f"请安装 OCR 组件：{INSTALL}"
    return f"{page_list(pages)}是扫描图像或没有文字编码，未识别；{cure}"


def page_list(pages: list[int]) -> str:
    """Return page numbers for a message: 第3、4页（共 2 页）."""
    listed = "、".join(map(str, pages[:_PAGES_SHOWN])) + ("等" if len(pages) > _PAGES_SHOWN else "")
    return f"第{listed}页（共 {len(pages)} 页）"


@cache
def _engine() -> Any:  # noqa: ANN401 - the component is optional and not typed
    return importlib.import_module("rapidocr").RapidOCR(params={"Global.log_level": "critical"})
