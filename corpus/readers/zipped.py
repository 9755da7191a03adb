"""Zip containers (docx, xlsx, ofd): checked before a member is read, and their XML read safely."""

from pathlib import Path
from typing import TypeAlias
from zipfile import BadZipFile, ZipFile

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.limits import Limits

Element: TypeAlias = etree._Element

_ENCRYPTED = 0x1  # bit 0 of a member's general purpose flags


def check_zip(path: Path, limits: Limits) -> frozenset[str]:
    """Return the names of the members of a zip that is within the limits.

    The sizes that the zip declares are the most that `zipfile` unpacks, so a bomb cannot lie.

    Raises:
        UnreadableFile: if it is broken, locked or exceeds a limit.
    """
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(f"文件已损坏：{path.name}（请重新下载或另存一份）") from error
    if len(members) > limits.members:
        raise UnreadableFile(
            f"文件的内部部件超过 {limits.members} 个：{path.name}（请拆分后再收录）"
        )
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise UnreadableFile(
            f"文件解压后超过 {limits.unpacked_bytes // 2**20} MB：{path.name}（请拆分后再收录）"
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableFile(f"文件已加密：{path.name}（请解除密码后再收录）")
    return frozenset(member.filename for member in members)


def parse_xml(content: bytes) -> Element:
    """Parse XML without entities, DTDs or the network.

    Raises:
        etree.XMLSyntaxError: if it is not XML, or nested or large beyond reason.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


def local_name(element: Element) -> str:
    """Return the element's name without its namespace: p, tbl, txbxContent."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
