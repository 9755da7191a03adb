"""Uploads lie in a temporary place; their originals are kept, one for each name."""

from pathlib import Path

import pytest

from assistant.originals import drop_original, first_of_each, keep_original, place_upload
from corpus.archive import SourceFile


def uploaded(folder: Path, name: str, text: str = "正文") -> tuple[SourceFile, Path]:
    """Return a file as it is found after an upload, and the upload."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return SourceFile(path, str(path), name), path


def test_the_next_upload_of_a_name_takes_the_place_of_the_first(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    places = []
    for number in (1, 2):
        file, upload = uploaded(tmp_path / f"upload{number}", "规划.txt", f"第{number}版")
        placed = place_upload(file, [upload], data_dir)
        keep_original(placed)
        places.append(Path(placed.source))
    assert places[0] == places[1]
    assert places[0].read_text(encoding="utf-8") == "第2版"
    assert places[0].name == "规划.txt"


def test_members_of_a_zip_are_kept_apart_by_their_way_inside(tmp_path: Path) -> None:
    upload = tmp_path / "a.zip"
    upload.write_bytes(b"")
    members = [
        SourceFile(tmp_path / "x.txt", f"{upload}!/{way}/b.txt", "b.txt") for way in ("甲", "乙")
    ]
    places = {place_upload(member, [upload], tmp_path).source for member in members}
    assert len(places) == 2
    assert {Path(place).name for place in places} == {"b.txt"}


def test_of_two_files_of_one_name_the_first_is_taken(tmp_path: Path) -> None:
    one, first = uploaded(tmp_path / "one", "规划.txt")
    two, second = uploaded(tmp_path / "two", "规划.txt")
    placed = [place_upload(file, [first, second], tmp_path) for file in (one, two)]
    assert first_of_each(placed) == ([placed[0]], [placed[1]])


@pytest.mark.parametrize("name", ["../../出去.txt", "a/b.txt", "规划\n.txt", "..", "CON?.txt"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    file = SourceFile(tmp_path / "x.txt", str(tmp_path / "x.txt"), name)
    place = Path(place_upload(file, [tmp_path / "x.txt"], tmp_path).source)
    assert place.resolve() == place
    assert place.is_relative_to(tmp_path.resolve() / "originals")
    assert len(place.relative_to(tmp_path.resolve() / "originals").parts) == 2


def test_only_what_was_uploaded_is_deleted_with_its_document(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    file, upload = uploaded(tmp_path / "upload", "规划.txt")
    placed = place_upload(file, [upload], data_dir)
    keep_original(placed)
    drop_original(file.source, data_dir)
    drop_original(f"{data_dir.resolve()}/originals/x/../../../upload/规划.txt", data_dir)
    assert upload.exists()
    drop_original(placed.source, data_dir)
    assert not Path(placed.source).exists()
