"""Folders of files into the store: each file for itself, by processes that may be stopped."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.archive import find_files
from corpus.catalog import FORMAT, Catalog
from corpus.index import VectorIndex, Vectors
from corpus.ingest import Ingested, correct_plan, ingest_files, reconcile, update_versions
from corpus.keys import ChunkKey
from corpus.limits import Limits
from corpus.prepare import ParseOptions
from tests.fakes import MODEL, OPTIONS, BigramEmbedder, Store
from tests.test_store import NEW, OLD, TABLE

POLICY = (
    "甲县加快文化产业发展的若干意见\n为加快文化产业发展，制定本意见。\n一、扶持对象\n"
    "在甲县注册并依法纳税的文化企业。\n二、扶持措施\n1.对新建影院给予每块银幕{amount}万元奖励。\n"
    "2.对年营业收入超过500万元的文化企业，给予最高20万元贴息。\n本意见自{date}起施行。\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    catalog = Catalog(tmp_path / "data" / "catalog.sqlite")
    yield Store(tmp_path, catalog, VectorIndex(tmp_path / "chroma", MODEL), BigramEmbedder())
    catalog.close()


def take_in(
    store: Store, folder: Path, options: ParseOptions = OPTIONS, *, workers: int = 2
) -> dict[str, Ingested]:
    files, refused, _ = find_files([folder], store.folder, options.limits)
    assert refused == []
    done = ingest_files(files, store.catalog, store.index, store.embedder, options, workers=workers)
    found = {one.name: one for one in done}
    update_versions(store.catalog)
    reconcile(store.catalog, store.index, store.embedder)
    return found


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(raw)
    return folder


def outcomes(done: dict[str, Ingested]) -> dict[str, str]:
    return {name: one.outcome for name, one in sorted(done.items())}


# File by file


def test_every_file_gets_its_line_and_none_stops_another(store: Store) -> None:
    folder = write(
        store.folder / "文件",
        {"甲.txt": OLD, "乙.txt": TABLE, "丙.txt": OLD, "空.txt": b"", "坏.pdf": b"%PDF-1.7 ?"},
    )

    done = take_in(store, folder, workers=1)
    assert outcomes(done) == {
        "丙.txt": "added",
        "乙.txt": "added",
        "坏.pdf": "failed",
        "甲.txt": "duplicate",
        "空.txt": "failed",
    }
    assert done["空.txt"].warnings == ("文件里没有文字：空.txt",)
    assert "坏.pdf" in done["坏.pdf"].warnings[0]
    assert done["甲.txt"].plan_id == done["丙.txt"].plan_id
    assert {entry.title for entry in store.catalog.entries()} == {"某区创新规划", "某市指标规划"}
    assert store.index.keys() == store.catalog.chunk_keys()


def test_processes_read_what_one_call_reads(store: Store, tmp_path: Path) -> None:
    folder = write(store.folder / "文件", {"甲.txt": OLD, "乙.txt": TABLE})
    take_in(store, folder)
    alone = Store(
        tmp_path / "单",
        Catalog(tmp_path / "单" / "catalog.sqlite"),
        VectorIndex(tmp_path / "单" / "chroma", MODEL),
        BigramEmbedder(),
    )
    for path in folder.iterdir():
        alone.ingest(path)

    assert alone.contents()[1:] == store.contents()[1:]
    alone.catalog.close()


def test_second_run_reads_and_embeds_nothing(store: Store) -> None:
    folder = write(store.folder / "文件", {"甲.txt": OLD, "乙.txt": TABLE})
    take_in(store, folder)
    before = store.contents()
    store.embedder.embedded.clear()

    assert outcomes(take_in(store, folder)) == {"乙.txt": "unchanged", "甲.txt": "unchanged"}
    assert store.contents() == before
    assert store.embedder.embedded == []


def test_other_chunk_sizes_read_a_file_anew(store: Store) -> None:
    folder = write(store.folder / "文件", {"甲.txt": OLD})
    take_in(store, folder)
    smaller = replace(OPTIONS, chunk_tokens=12)

    assert outcomes(take_in(store, folder, smaller)) == {"甲.txt": "replaced"}
    assert outcomes(take_in(store, folder, smaller)) == {"甲.txt": "unchanged"}
    assert store.index.keys() == store.catalog.chunk_keys()


def test_file_that_became_unreadable_keeps_its_old_version(store: Store) -> None:
    folder = write(store.folder / "文件", {"甲.txt": OLD})
    take_in(store, folder)
    before = store.contents()
    write(folder, {"甲.txt": b"\0\0\0"})

    assert outcomes(take_in(store, folder)) == {"甲.txt": "failed"}
    assert store.contents() == before


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        pytest.param(Limits(seconds=0.05), "解析超过 0.05 秒", id="time"),
        pytest.param(Limits(memory_bytes=400 * 2**20), "内存超过 400 MB", id="memory"),
        pytest.param(Limits(characters=1000), "文字超过", id="text"),
    ],
)
def test_file_over_a_limit_is_given_up_and_the_next_goes_in(
    store: Store, limits: Limits, message: str
) -> None:
    long = "".join(f"第{number}条 内容如何，文字各不相同。\n" for number in range(200_000))
    folder = write(store.folder / "文件", {"长.txt": long})
    options = replace(OPTIONS, limits=limits)

    done = take_in(store, folder, options)
    assert outcomes(done) == {"长.txt": "failed"}
    assert message in done["长.txt"].warnings[0]
    (folder / "长.txt").unlink()
    write(folder, {"短.txt": OLD})
    assert outcomes(take_in(store, folder)) == {"短.txt": "added"}


def test_progress_reaches_the_whole_of_every_file(store: Store) -> None:
    folder = write(store.folder / "文件", {"甲.txt": OLD, "乙.txt": TABLE, "空.txt": b""})
    files, _, _ = find_files([folder], store.folder, OPTIONS.limits)
    seen: dict[str, list[float]] = {}

    for _ in ingest_files(
        files,
        store.catalog,
        store.index,
        store.embedder,
        OPTIONS,
        workers=1,
        advance=lambda file, fraction: seen.setdefault(file.name, []).append(fraction),
    ):
        pass

    assert {name: fractions[-1] for name, fractions in seen.items()} == dict.fromkeys(
        ("甲.txt", "乙.txt", "空.txt"), 1.0
    )


# Versions and corrections


def test_newer_version_supersedes_the_older_one(store: Store) -> None:
    old, new = (
        POLICY.format(amount=5, date="2017年3月1日"),
        POLICY.format(amount=8, date="2021年5月1日"),
    )
    done = take_in(store, write(store.folder / "文件", {"旧.txt": old, "新.txt": new}))

    marked = {entry.id: entry.superseded_by for entry in store.catalog.entries()}
    assert marked == {
        done["旧.txt"].plan_id: done["新.txt"].plan_id,
        done["新.txt"].plan_id: None,
    }


def test_same_name_for_another_place_or_year_is_no_version(store: Store) -> None:
    other = POLICY.format(amount=5, date="2017年3月1日").replace("甲县", "乙县")
    report = (
        "政府工作报告\n——{0}年1月9日在甲县人民代表大会上\n一、回顾\n{0}年工作有序推进，成效明显。\n"
    )
    take_in(
        store,
        write(
            store.folder / "文件",
            {
                "甲县意见.txt": POLICY.format(amount=8, date="2021年5月1日"),
                "乙县意见.txt": other,
                "甲县2019年政府工作报告.txt": report.format(2019),
                "甲县2020年政府工作报告.txt": report.format(2020),
            },
        ),
    )

    assert store.catalog.superseded() == set()


def test_repealed_plan_is_superseded_by_the_one_that_says_so(store: Store) -> None:
    repealing = (
        "甲县文化产业促进办法\n第一条 为促进文化产业，制定本办法。\n第二条 本办法自印发之日起施行，"
        "《甲县加快文化产业发展的若干意见》同时废止。\n"
    )
    old = POLICY.format(amount=5, date="2017年3月1日")
    done = take_in(store, write(store.folder / "文件", {"旧.txt": old, "新.txt": repealing}))

    assert store.catalog.entry(done["旧.txt"].plan_id or "").superseded_by == done["新.txt"].plan_id


def test_correction_outlives_a_new_version_of_the_file(store: Store) -> None:
    folder = write(store.folder / "文件", {"甲.txt": OLD})
    plan_id = take_in(store, folder)["甲.txt"].plan_id or ""

    correct_plan(
        plan_id,
        {"title": "乙区创新规划", "region": "丙市乙区", "end_year": 2030},
        store.catalog,
        store.index,
        store.embedder,
    )
    plan = store.catalog.plan(plan_id)
    assert (plan.title, plan.metadata.region, plan.metadata.end_year) == (
        "乙区创新规划",
        "丙市乙区",
        2030,
    )
    assert {chunk.context.split(" > ")[0] for chunk in store.catalog.chunks()} == {"乙区创新规划"}
    assert store.catalog.lexical_search(["乙区"], limit=9) != []

    write(folder, {"甲.txt": NEW})
    assert outcomes(take_in(store, folder)) == {"甲.txt": "replaced"}
    plan = store.catalog.plan(plan_id)
    assert (plan.title, plan.text, plan.metadata.region) == ("乙区创新规划", NEW, "丙市乙区")


# The store itself


def test_catalog_of_another_format_is_set_aside_not_lost(store: Store) -> None:
    store.ingest(store.write(OLD))
    store.catalog.close()
    path = store.folder / "data" / "catalog.sqlite"
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sqlite3; sqlite3.connect({str(path)!r}).execute('PRAGMA user_version = 1')",
        ],
        check=True,
    )

    store.catalog = Catalog(path)
    assert FORMAT != 1
    assert store.catalog.entries() == []
    assert store.catalog.is_new
    assert (store.folder / "data" / "catalog.v1.sqlite").is_file()


class LosingIndex(VectorIndex):
    """Does not find its first vectors, as Chroma may after many deletions, until it is mended."""

    mended_by: str

    def lost(self) -> list[str]:
        return [] if self.mended_by == "done" else self._collection.get(limit=2)["ids"]

    def add(self, keys: Sequence[ChunkKey], vectors: Vectors) -> None:
        super().add(keys, vectors)
        if self.mended_by == "adding":
            self.mended_by = "done"

    def _make_anew(self) -> None:
        super()._make_anew()
        self.mended_by = "done"


@pytest.mark.parametrize("mended_by", ["adding", "making anew"])
def test_vectors_that_are_no_longer_found_are_put_back(store: Store, mended_by: str) -> None:
    store.ingest(store.write(OLD))
    losing = LosingIndex(store.folder / "chroma", MODEL)
    losing.mended_by = mended_by
    keys = losing.keys()
    query = store.embedder.embed_query("碳达峰")
    found = [hit.key for hit in losing.search(query, limit=9)]
    store.embedder.embedded.clear()

    assert reconcile(store.catalog, losing, store.embedder) == 2
    assert store.embedder.embedded == []
    for index in (losing, VectorIndex(store.folder / "chroma", MODEL)):
        assert index.keys() == keys
        assert index.lost() == []
        assert [hit.key for hit in index.search(query, limit=9)] == found


def test_an_index_half_made_anew_is_swept(store: Store) -> None:
    store.ingest(store.write(OLD))
    keys = store.index.keys()
    store.index._create("chunks-half")

    assert reconcile(store.catalog, store.index, store.embedder) == 0
    assert [one.name for one in store.index._client.list_collections()] == ["chunks"]
    assert store.index.keys() == keys
