"""Older office formats (doc, wps, rtf, xls, et, odt): converted by LibreOffice, if it is there."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import olefile

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.sheet import read_xlsx
from corpus.readers.word import read_word

_SHEET_SUFFIXES = frozenset({".xls", ".et", ".ods", ".xlsb"})
_SHEET_STREAMS = ("Workbook", "Book")
_WORD_STREAM = "WordDocument"
_WORD_ENCRYPTED = 0x01  # fEncrypted, in the second byte of the flags at offset 10 of the FIB
# Whoever watches over the whole reading allows `Limits.seconds`; the converter ends before that.
_SHARE_OF_TIME = 0.75


def read_office(path: Path, limits: Limits) -> Document:
    """Convert a file to docx or xlsx and read that.

    Raises:
        UnreadableFile: if there is no LibreOffice, or the file is broken, locked or too slow.
    """
    target = _find_target(path)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnreadableFile(
            f"读取旧格式需要 LibreOffice：{path.name}（请安装它，或用 Word、WPS 另存为 .{target}）"
        )
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        converted = _convert(program, path, Path(folder), target, limits)
        try:
            return (read_word if target == "docx" else read_xlsx)(converted, limits)
        except UnreadableFile as error:
            raise UnreadableFile(str(error).replace(converted.name, path.name)) from error


def _find_target(path: Path) -> str:
    if not olefile.isOleFile(str(path)):
        return "xlsx" if path.suffix.lower() in _SHEET_SUFFIXES else "docx"
    try:
        with olefile.OleFileIO(str(path)) as container:
            return _ole_target(container, path)
    except OSError as error:
        raise UnreadableFile(f"文件已损坏：{path.name}（请重新下载或另存一份）") from error


def _ole_target(container: "olefile.OleFileIO[str]", path: Path) -> str:
    is_locked = container.exists("EncryptedPackage")
    if container.exists(_WORD_STREAM):
        with container.openstream(_WORD_STREAM) as stream:
            head = stream.read(12)
        is_locked = is_locked or (len(head) == 12 and bool(head[11] & _WORD_ENCRYPTED))
    if is_locked:
        raise UnreadableFile(f"文件已加密：{path.name}（请解除密码后再收录）")
    if container.exists("PowerPoint Document"):
        raise UnreadableFile(f"暂不支持演示文稿：{path.name}（请另存为 PDF 再收录）")
    return "xlsx" if any(container.exists(name) for name in _SHEET_STREAMS) else "docx"


def _convert(program: str, path: Path, folder: Path, target: str, limits: Limits) -> Path:
    source = folder / "source" / path.name
    source.parent.mkdir()
    shutil.copyfile(path, source)
    command = [
        program,
        # A profile of its own: no settings or macros of the user, and no other office to wait for.
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        target,
        "--outdir",
        str(folder),
        str(source),
    ]
    if not _run(command, limits.seconds * _SHARE_OF_TIME):
        raise UnreadableFile(
            f"转换太久，已放弃：{path.name}（请用 Word 或 WPS 另存为 .{target} 再收录）"
        )
    converted = folder / f"{path.stem}.{target}"
    if not converted.is_file():
        raise UnreadableFile(
            f"无法转换：{path.name}（可能已损坏或加密，请用 Word 或 WPS 另存为 .{target}）"
        )
    return converted


def _run(command: list[str], seconds: float) -> bool:
    """Run to the end and tell whether it came in time; nothing of it is left running."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        # soffice is a script whose child does the work: the whole group has to end.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return True
