"""Files, folders and zips → the files to read, and a line for each that cannot be taken.

Nothing outside of what was given is touched: links that lead out are refused, special files are
never opened, and a zip's members are unpacked under names of our own making.
"""

import os
import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from zipfile import BadZipFile, ZipFile, ZipInfo

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.readers import SUFFIXES
from corpus.readers.zipped import check_zip
from corpus.shown import one_line, shown

BUNDLED = Path(__file__).parent / "plans"

_ARCHIVE = ".zip"
_JUNK = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
# Files that people take for documents, and what to do about each.
_SAVE_AS = "请用 WPS 或 Word 另存为 {} 后再收录"
_CURES = {
    **dict.fromkeys((".wpt", ".dot", ".dotx", ".pages"), _SAVE_AS.format("docx")),
    **dict.fromkeys((".ods", ".numbers", ".xlsb"), _SAVE_AS.format("xlsx")),
    **dict.fromkeys((".ppt", ".pptx", ".dps", ".odp", ".key"), _SAVE_AS.format("pdf")),
    **dict.fromkeys((".ceb", ".caj", ".mobi", ".epub", ".xps"), "请转换为 PDF 后再收录"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"), "请改用 zip 或先解压"),
}
_UTF8_NAME = 0x800  # bit 11 of a member's flags
_END_RECORD = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LONGEST_COMMENT = 2**16
# A zip's list of members takes about 100 bytes a member; so much for each is beyond reason.
_MEMBER_BYTES = 2**10
# A zip whose content shrank more than this much is a bomb; small ones may.
_RATIO_FLOOR = 64 * 2**20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `source` says where it came from: folder/a.zip!/inner/b.pdf for a member."""

    path: Path
    source: str
    name: str


def find_files(
    paths: Sequence[Path], workspace: Path, limits: Limits
) -> tuple[list[SourceFile], list[tuple[str, str]], list[tuple[str, str]]]:
    """Return all readable files at and below the paths, and (name, reason) for those that are not.

    The last list holds what a folder or a zip has beside documents: (name, what was passed over).
    The order is that of the paths, within folders and zips that of the names. Members of zips are
    unpacked into `workspace`, which must exist.
    """
    search = _Search(workspace, limits)
    for path in paths:
        search.add_given(path)
    return search.files, search.problems, search.skipped


@dataclass(slots=True)
class _Search:
    """What was found so far."""

    workspace: Path
    limits: Limits
    files: list[SourceFile] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    _sources: set[str] = field(default_factory=set)
    _unpacked: int = 0

    def add_given(self, path: Path) -> None:
        """Add what the user named: a link is followed, an unknown kind gets its own line."""
        try:
            resolved = path.resolve(strict=True)
            mode = resolved.stat().st_mode
        except (OSError, RuntimeError, ValueError):
            self._refuse(str(path), "找不到文件，请检查路径")
            return
        if stat.S_ISDIR(mode):
            self._add_folder(resolved)
        elif not self._add_file(resolved, mode):
            kinds = "、".join((*SUFFIXES, _ARCHIVE))
            self._refuse(path.name, f"暂不支持这种文件（可收录 {kinds}）")

    def _add_folder(self, folder: Path) -> None:
        others: Counter[str] = Counter()
        found = self._found
        for path in self._walk(folder):
            if path.is_symlink() and not self._is_inside(path, folder):
                self._refuse(path.name, "是指向文件夹之外的链接，已跳过")
                continue
            try:
                mode = path.stat().st_mode
            except OSError:
                self._refuse(path.name, "读不出文件，请检查权限")
                continue
            # A link to a folder inside is walked where that folder stands.
            if not stat.S_ISDIR(mode) and not self._add_file(path.resolve(), mode):
                others[path.suffix.lower() or "无后缀"] += 1
        self._sum_up(folder.name, others)
        if found == self._found:
            self._refuse(folder.name, "文件夹中没有可收录的文件")

    def _walk(self, folder: Path) -> Iterator[Path]:
        def refuse(error: OSError) -> None:
            self._refuse(Path(str(error.filename)).name, "打不开文件夹，请检查权限")

        for place, folders, names in os.walk(folder, onerror=refuse):
            folders[:] = sorted(name for name in folders if not _is_junk(name))
            links = [name for name in folders if (Path(place) / name).is_symlink()]
            for name in sorted([*names, *links]):
                if not _is_junk(name):
                    yield Path(place) / name

    def _is_inside(self, path: Path, folder: Path) -> bool:
        try:
            return path.resolve(strict=True).is_relative_to(folder)
        except (OSError, RuntimeError):
            return False

    def _add_file(self, path: Path, mode: int) -> bool:
        """Take a file, or say why not; return False if that is for the caller to say."""
        suffix = path.suffix.lower()
        if not stat.S_ISREG(mode):
            self._refuse(path.name, "不是普通文件，已跳过")
        elif suffix in (*SUFFIXES, _ARCHIVE) and path.stat().st_size > self.limits.file_bytes:
            self._refuse(path.name, self._too_large())
        elif suffix == _ARCHIVE:
            self._unpacked = 0
            self._add_zip(path, _source(path), path.name, depth=1)
        elif suffix in SUFFIXES:
            self._take(path)
        elif suffix in _CURES:
            self._refuse(path.name, _CURES[suffix])
        else:
            return False
        return True

    def _add_zip(self, path: Path, source: str, name: str, *, depth: int) -> None:
        try:
            if depth > self.limits.depth:
                raise UnreadableFile(f"压缩包嵌套超过 {self.limits.depth} 层，请先解压")
            self._check(path)
            with ZipFile(path) as archive:
                members = sorted(
                    ((_member_name(info), info) for info in archive.infolist()),
                    key=lambda member: member[0],
                )
                self._add_members(archive, members, source, name, depth)
        except UnreadableFile as error:
            self._refuse(name, _reason(error))
        except (BadZipFile, OSError, ValueError, NotImplementedError):
            self._refuse(name, "压缩包已损坏，请重新下载或重新打包")

    def _check(self, path: Path) -> None:
        """Refuse what is made to keep us busy, before and after looking into it."""
        if _directory_bytes(path) > self.limits.members * _MEMBER_BYTES:
            raise UnreadableFile(f"压缩包内的文件超过 {self.limits.members} 个，请拆分后再收录")
        check_zip(path, self.limits)
        with ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        self._unpacked += unpacked
        is_bomb = unpacked > max(_RATIO_FLOOR, self.limits.ratio * path.stat().st_size)
        if is_bomb or self._unpacked > self.limits.unpacked_bytes:
            raise UnreadableFile("压缩包解压后过大，请拆分后再收录")

    def _add_members(
        self,
        archive: ZipFile,
        members: Sequence[tuple[str, ZipInfo]],
        source: str,
        name: str,
        depth: int,
    ) -> None:
        others: Counter[str] = Counter()
        for member, info in members:
            parts = PurePosixPath(member).parts
            suffix = PurePosixPath(member).suffix.lower()
            if info.is_dir() or any(map(_is_junk, parts)):
                continue
            problem = self._problem(member, info)
            if problem:
                self._refuse(member, problem)
            elif f"{source}!/{member}" in self._sources:
                self._refuse(member, "压缩包内有同名文件，只收录第一个")
            elif suffix not in (*SUFFIXES, _ARCHIVE):
                others[suffix or "无后缀"] += 1
            else:
                self._add_member(archive, info, f"{source}!/{member}", depth)
        self._sum_up(name, others)

    def _problem(self, member: str, info: ZipInfo) -> str | None:
        """Return why a member is not unpacked, None if it may be."""
        if not _is_safe(member):
            return "压缩包内的路径不安全，已跳过"
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            return "压缩包内的链接或特殊文件，已跳过"
        if info.file_size > self.limits.file_bytes:
            return self._too_large()
        return _CURES.get(PurePosixPath(member).suffix.lower())

    def _add_member(self, archive: ZipFile, info: ZipInfo, source: str, depth: int) -> None:
        self._sources.add(source)
        name = source.rpartition("/")[2]
        target = self._place(name)
        try:
            with archive.open(info) as packed, target.open("wb") as file:
                copyfileobj(packed, file)
        except (BadZipFile, EOFError, OSError, RuntimeError, zlib.error):
            self._refuse(name, "压缩包内的文件已损坏，请重新打包")
            return
        if target.suffix.lower() == _ARCHIVE:
            self._add_zip(target, source, name, depth=depth + 1)
        else:
            self.files.append(SourceFile(target, source, shown(name)))

    def _take(self, path: Path) -> None:
        source = _source(path)
        if source in self._sources:
            return
        self._sources.add(source)
        if one_line(str(path)) != str(path):
            # Readers name the file in their messages: they are given a name that can be shown.
            link = self._place(path.name)
            link.symlink_to(path)
            self.files.append(SourceFile(link, source, shown(path.name)))
        else:
            self.files.append(SourceFile(path, source, path.name))

    @property
    def _found(self) -> int:
        return len(self.files) + len(self.problems) + len(self.skipped)

    def _place(self, name: str) -> Path:
        """Return where in the workspace the file that was found last goes."""
        target = self.workspace / f"{len(self._sources):05d}" / safe_name(name)
        target.parent.mkdir()
        return target

    def _sum_up(self, name: str, others: Counter[str]) -> None:
        if others:
            kinds = "、".join(shown(kind) for kind, _ in others.most_common(5))
            passed_over = f"另有 {others.total()} 个文件不是可收录的文档（{kinds}），已跳过"
            self.skipped.append((shown(name), passed_over))

    def _too_large(self) -> str:
        return f"文件超过 {self.limits.file_bytes // 2**20} MB，请拆分后再收录"

    def _refuse(self, name: str, reason: str) -> None:
        self.problems.append((shown(name), reason))


def _is_junk(name: str) -> bool:
    is_hidden = name.startswith((".", "~$")) and name not in (".", "..")
    return is_hidden or name.lower() in _JUNK


def _source(path: Path) -> str:
    # The bundled plan keeps its id wherever the project is installed.
    if path.parent == BUNDLED.resolve():
        return f"bundled/{path.name}"
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _reason(error: UnreadableFile) -> str:
    """Return the message without the name that readers end it with."""
    return str(error).rpartition("：")[0] or str(error)


def _directory_bytes(path: Path) -> int:
    """Return the size of a zip's list of members as the zip declares it, 0 if it is no zip."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LONGEST_COMMENT - _END_RECORD.size))
        tail = file.read()
    start = tail.rfind(_END_MARK)
    if start < 0 or len(tail) - start < _END_RECORD.size:
        return 0
    return int(_END_RECORD.unpack_from(tail, start)[5])


def _member_name(info: ZipInfo) -> str:
    """Return the path of a member; Windows packs Chinese names as GBK without saying so."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        packed = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = packed.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_safe(member: str) -> bool:
    is_absolute = member.startswith("/") or re.match(r"[A-Za-z]:", member)
    return not is_absolute and ".." not in PurePosixPath(member).parts


def safe_name(name: str) -> str:
    """Return a name that every file system takes, with the same suffix."""
    path = PurePosixPath(shown(name))
    stem = re.sub(r'[<>:"|?*\ufffd]', "_", path.stem)[:60].strip(" .")
    return f"{stem or 'file'}{PurePosixPath(name).suffix.lower()}"
