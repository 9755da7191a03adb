import os
import stat
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from corpus.archive import BUNDLED, SourceFile, find_files
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.shown import one_line, shown


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "规划").mkdir()
    return tmp_path / "规划"


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def names(files: list[SourceFile]) -> list[str]:
    return [file.name for file in files]


def test_a_folder_is_searched_in_a_fixed_order(folder: Path, workspace: Path) -> None:
    (folder / "b").mkdir()
    for name in ("c.txt", "a.md", "b/d.txt", ".hidden.txt", "~$a.docx", "Thumbs.db", ".DS_Store"):
        (folder / name).write_text("正文", encoding="utf-8")
    files, problems, _ = find_files([folder], workspace, DEFAULT_LIMITS)
    assert names(files) == ["a.md", "c.txt", "d.txt"]
    assert [file.source for file in files] == [
        str(folder / name) for name in ("a.md", "c.txt", "b/d.txt")
    ]
    assert problems == []


def test_other_files_are_told_with_a_cure_or_summed_up(folder: Path, workspace: Path) -> None:
    for name in ("a.txt", "b.rar", "c.mp4", "d.MP4", "e.exe", "f.pptx"):
        (folder / name).write_text("正文", encoding="utf-8")
    files, problems, skipped = find_files([folder], workspace, DEFAULT_LIMITS)
    assert names(files) == ["a.txt"]
    assert problems == [
        ("b.rar", "请改用 zip 或先解压"),
        ("f.pptx", "请用 WPS 或 Word 另存为 pdf 后再收录"),
    ]
    assert skipped == [("规划", "另有 3 个文件不是可收录的文档（.mp4、.exe），已跳过")]


def test_an_empty_folder_and_a_missing_file_are_told(folder: Path, workspace: Path) -> None:
    files, problems, _ = find_files([folder, folder / "无.txt"], workspace, DEFAULT_LIMITS)
    assert files == []
    assert problems[0] == ("规划", "文件夹中没有可收录的文件")
    assert problems[1][0].endswith("无.txt")
    assert problems[1][1] == "找不到文件，请检查路径"


def test_a_file_given_twice_is_taken_once(folder: Path, workspace: Path) -> None:
    (folder / "a.txt").write_text("正文", encoding="utf-8")
    files, _, _ = find_files([folder, folder / "a.txt"], workspace, DEFAULT_LIMITS)
    assert names(files) == ["a.txt"]


def test_the_bundled_plan_keeps_its_source(workspace: Path) -> None:
    plan = next(path for path in sorted(BUNDLED.iterdir()) if path.suffix == ".txt")
    files, _, _ = find_files([plan], workspace, DEFAULT_LIMITS)
    assert files == [SourceFile(plan, f"bundled/{plan.name}", plan.name)]


def test_links_stay_inside_the_folder(folder: Path, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("机密", encoding="utf-8")
    (tmp_path / "other").mkdir()
    (folder / "a.txt").write_text("正文", encoding="utf-8")
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "c").symlink_to(tmp_path / "other")
    (folder / "d.txt").symlink_to(folder / "a.txt")
    (folder / "e.txt").symlink_to(folder / "e.txt")
    files, problems, _ = find_files([folder], workspace, DEFAULT_LIMITS)
    assert [file.path for file in files] == [folder / "a.txt"]
    assert problems == [(n, "是指向文件夹之外的链接，已跳过") for n in ("b.txt", "c", "e.txt")]


def test_special_files_are_never_opened(folder: Path, workspace: Path) -> None:
    os.mkfifo(folder / "a.txt")
    assert find_files([folder], workspace, DEFAULT_LIMITS) == (
        [],
        [("a.txt", "不是普通文件，已跳过")],
        [],
    )


def test_members_of_a_zip_say_where_they_come_from(folder: Path, workspace: Path) -> None:
    path = make_zip(
        folder / "政策.zip",
        {"二/b.txt": b"b", "一/a.txt": b"a", "__MACOSX/._a.txt": b"x", "一/.DS_Store": b"x"},
    )
    files, problems, _ = find_files([path], workspace, DEFAULT_LIMITS)
    assert [(file.name, file.source) for file in files] == [
        ("a.txt", f"{path}!/一/a.txt"),
        ("b.txt", f"{path}!/二/b.txt"),
    ]
    assert [file.path.read_bytes() for file in files] == [b"a", b"b"]
    assert [file.path.name for file in files] == ["a.txt", "b.txt"]
    assert problems == []


def test_names_packed_as_gbk_are_read(folder: Path, workspace: Path) -> None:
    packed = "十五五规划/草案.txt".encode("gb18030")
    stand_in = "x" * len(packed)
    path = make_zip(folder / "a.zip", {stand_in: b"text"})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), packed))
    files, problems, _ = find_files([path], workspace, DEFAULT_LIMITS)
    assert [file.source for file in files] == [f"{path}!/十五五规划/草案.txt"]
    assert problems == []


def test_zips_within_zips_down_to_the_depth(folder: Path, workspace: Path) -> None:
    content = b"text"
    name = "a.txt"
    for level in range(4):
        content = make_zip(folder / "x.zip", {name: content, f"{level}.txt": b"t"}).read_bytes()
        name = f"n{level}.zip"
    files, problems, _ = find_files([folder / "x.zip"], workspace, DEFAULT_LIMITS)
    assert names(files) == ["3.txt", "2.txt", "1.txt"]
    assert files[-1].source.endswith("x.zip!/n2.zip!/n1.zip!/1.txt")
    assert problems == [("n0.zip", "压缩包嵌套超过 3 层，请先解压")]


@pytest.mark.parametrize(
    "name",
    ["../out.txt", "a/../../out.txt", "/out.txt", "C:\\out.txt", "..\\out.txt", "\\out.txt"],
)
def test_members_that_point_elsewhere_are_refused(
    folder: Path, workspace: Path, tmp_path: Path, name: str
) -> None:
    path = make_zip(folder / "a.zip", {name: b"evil", "good.txt": b"good"})
    files, problems, _ = find_files([path], workspace, DEFAULT_LIMITS)
    assert names(files) == ["good.txt"]
    assert [reason for _, reason in problems] == ["压缩包内的路径不安全，已跳过"]
    assert not list(tmp_path.rglob("out.txt"))


def test_a_link_in_a_zip_is_refused(folder: Path, workspace: Path) -> None:
    info = ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    files, problems, _ = find_files([folder / "a.zip"], workspace, DEFAULT_LIMITS)
    assert files == []
    assert problems[0] == ("link.txt", "压缩包内的链接或特殊文件，已跳过")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_the_first_of_two_members_of_one_name_is_taken(folder: Path, workspace: Path) -> None:
    with ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("a.txt", "first")
        archive.writestr("a.txt", "second")
    files, problems, _ = find_files([folder / "a.zip"], workspace, DEFAULT_LIMITS)
    assert [file.path.read_text() for file in files] == ["first"]
    assert problems == [("a.txt", "压缩包内有同名文件，只收录第一个")]


@pytest.mark.parametrize(
    ("limits", "members", "reason"),
    [
        (Limits(members=3), {f"{n}.txt": b"x" for n in range(4)}, "超过 3 个"),
        (Limits(unpacked_bytes=50), {"a.txt": b"x" * 60}, "解压后"),
        (Limits(ratio=5), {"a.txt": bytes(70 * 2**20)}, "解压后过大"),
        (Limits(file_bytes=500), {"a.txt": bytes(600)}, "文件超过"),
    ],
    ids=["members", "bytes", "ratio", "one member"],
)
def test_bombs_are_refused(
    folder: Path, workspace: Path, limits: Limits, members: dict[str, bytes], reason: str
) -> None:
    path = make_zip(folder / "a.zip", members)
    files, problems, _ = find_files([path], workspace, limits)
    assert files == []
    assert reason in problems[0][1]
    assert not list(workspace.iterdir())


def test_the_limit_holds_for_all_zips_within_a_zip(folder: Path, workspace: Path) -> None:
    inner = make_zip(folder / "inner.zip", {"a.txt": bytes(400)}).read_bytes()
    path = make_zip(folder / "a.zip", {f"{n}.zip": inner for n in range(5)})
    files, problems, _ = find_files([path], workspace, Limits(unpacked_bytes=2000))
    assert 0 < len(files) < 5
    assert {reason for _, reason in problems} == {"压缩包解压后过大，请拆分后再收录"}


def test_a_broken_zip_is_told(folder: Path, workspace: Path) -> None:
    (folder / "a.zip").write_bytes(b"PK\x03\x04 no zip")
    files, problems, _ = find_files([folder], workspace, DEFAULT_LIMITS)
    assert files == []
    assert len(problems) == 1
    assert "损坏" in problems[0][1]


def test_names_are_shown_on_one_printable_line() -> None:
    assert shown("a\nb\u202e<script>\x07.txt") == "a\ufffdb\ufffd<script>\ufffd.txt"
    assert shown("规划" * 60 + ".pdf").endswith("规划规划规划规划.pdf")
    assert len(shown("规划" * 60 + ".pdf")) == 80
    assert one_line("坏\udce4名") == "坏\ufffd名"
