"""Catalog, index and ingestion together: each document is there whole or not at all."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from corpus.archive import BUNDLED
from corpus.catalog import Catalog, CatalogEntry
from corpus.errors import IndexMismatch, PlanNotFound, UnreadableFile
from corpus.index import DenseHit, VectorIndex
from corpus.ingest import Ingested, reconcile, remove_plan
from corpus.keys import ChunkKey
from corpus.model import Chunk, ParsedPlan
from corpus.parse import parse_plan
from corpus.segment import base_segmenter
from tests.fakes import MODEL, OPTIONS, BigramEmbedder, Store, load

OLD = "某区创新规划\n一、总则\n培育高新技术企业。支持碳达峰。\n二、附则\n本规划自印发之日起施行。\n"
NEW = "某区创新规划\n一、总则\n培育科技型中小企业。\n"
TABLE = (
    "某市指标规划\n附件1\n主要指标\n指标 单位 2020年基数 2025年目标 年均增长[累计提高] 指标属性\n"
    "高新技术企业数量 家 218 550 20.3% 预期性\n附件2\n平台清单\n序号 平台名称 举措\n一、孵化平台\n"
    "1 甲孵化器 面积4.3万平方米,总投资5200万元\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    catalog = Catalog(tmp_path / "data" / "catalog.sqlite")
    yield Store(tmp_path, catalog, VectorIndex(tmp_path / "chroma", MODEL), BigramEmbedder())
    catalog.close()


def parse(path: Path) -> tuple[ParsedPlan, list[tuple[str, str]]]:
    parsed, segmenter = parse_plan(
        *load(path), base_segmenter(), len, max_tokens=24, overlap_tokens=8
    )
    words = [
        (" ".join(segmenter.search_words(c.context)), " ".join(segmenter.search_words(c.text)))
        for c in parsed.chunks
    ]
    return parsed, words


# Taking in


def test_catalog_gives_back_all_that_was_parsed(store: Store) -> None:
    path = store.write(TABLE)
    parsed, _ = parse(path)

    assert store.ingest(path) == Ingested(
        "规划.txt",
        parsed.plan.source,
        "added",
        parsed.plan.id,
        "某市指标规划",
        sections=len(parsed.sections),
        chunks=len(parsed.chunks),
        indicators=1,
        projects=1,
        measures=len(parsed.measures),
    )
    assert store.catalog.parsed(parsed.plan.id) == parsed
    assert store.embedder.embedded == [chunk.embedded for chunk in parsed.chunks]
    assert store.index.keys() == store.catalog.chunk_keys()
    assert store.index.count() == store.catalog.count_chunks() == len(parsed.chunks)


def test_bundled_plan_comes_back_from_the_catalog(store: Store) -> None:
    (path,) = BUNDLED.glob("*.txt")
    store.ingest(path)
    plan = store.catalog.plan("59c2f87e3762")

    assert (plan, plan.text) == (load(path)[0], path.read_text("utf-8"))
    assert len(store.catalog.indicators()) == 14
    assert str(store.catalog.indicators()[2].growth) == "18.53"
    assert [one.span.of(plan.text) for one in store.catalog.chunks()] == [
        one.text for one in store.catalog.chunks()
    ]
    assert store.catalog.projects()[0].name == "世界青年科学家创业孵化器"


def test_same_file_again_changes_nothing(store: Store) -> None:
    path = store.write(OLD)
    first = store.ingest(path)
    before = store.contents()
    store.embedder.embedded.clear()

    assert store.ingest(path) == Ingested(
        "规划.txt", str(path.resolve()), "unchanged", first.plan_id, "某区创新规划"
    )
    assert store.contents() == before
    assert store.embedder.embedded == []


def test_changed_file_replaces_its_old_self(store: Store) -> None:
    first = store.ingest(store.write(OLD))
    second = store.ingest(store.write(NEW))

    assert (second.plan_id, second.outcome) == (first.plan_id, "replaced")
    assert [entry.id for entry in store.catalog.entries()] == [first.plan_id]
    assert store.catalog.plan(first.plan_id).text == NEW
    assert [section.title for section in store.catalog.sections(first.plan_id)] == ["", "一、总则"]
    assert found_texts(store, "碳达峰") == []
    assert found_texts(store, "科技型中小企业") == ["一、总则\n培育科技型中小企业。"]
    assert store.index.keys() == store.catalog.chunk_keys()
    version = store.catalog.plan(first.plan_id).digest[:16]
    assert all(key.version == version for key in store.catalog.chunk_keys())


def test_changed_back_is_the_first_version_again(store: Store) -> None:
    store.ingest(store.write(OLD))
    before = store.contents()[1:]
    store.ingest(store.write(NEW))
    store.ingest(store.write(OLD))

    assert store.contents()[1:] == before


def test_same_content_under_another_name_is_kept_once(store: Store) -> None:
    first = store.ingest(store.write(OLD, "甲.txt"))
    before = store.contents()

    twin = store.write(OLD, "乙.txt")
    assert store.ingest(twin) == Ingested(
        "乙.txt", str(twin.resolve()), "duplicate", first.plan_id, "某区创新规划"
    )
    assert store.contents() == before


def test_file_that_becomes_a_copy_of_another_loses_its_old_self(store: Store) -> None:
    first = store.ingest(store.write(OLD, "甲.txt"))
    before = store.contents()
    store.ingest(store.write(NEW, "乙.txt"))

    assert store.ingest(store.write(OLD, "乙.txt")).outcome == "duplicate"
    assert [entry.id for entry in store.catalog.entries()] == [first.plan_id]
    assert store.contents() == before


def test_two_plans_live_side_by_side_and_one_goes_everywhere(store: Store) -> None:
    store.ingest(store.write(OLD, "甲.txt"))
    before = store.contents()
    second = store.ingest(store.write(TABLE, "乙.txt"))
    assert len(store.catalog.entries()) == 2
    assert found_texts(store, "孵化器") != []

    remove_plan(second.plan_id, store.catalog, store.index)

    assert store.contents() == before
    assert store.catalog.sections(second.plan_id) == ()
    assert store.catalog.lexical_search(["孵化器"], limit=9) == []
    with pytest.raises(PlanNotFound):
        remove_plan(second.plan_id, store.catalog, store.index)


def test_refused_file_leaves_the_old_version(store: Store) -> None:
    path = store.write(OLD)
    store.ingest(path)
    before = store.contents()
    path.write_bytes(b"")

    with pytest.raises(UnreadableFile):
        store.ingest(path)
    assert store.contents() == before


# Stopped half-way


class StoppingEmbedder(BigramEmbedder):
    """Stops at the second text, as a process does that is killed while it embeds."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        super().embed_documents(texts[:1])
        raise KeyboardInterrupt


class StoppingCatalog(Catalog):
    """Stops when the new version's vectors are stored and its rows are not yet."""

    def replace_plan(
        self, parsed: ParsedPlan, words: Sequence[tuple[str, str]], *, parser: str = ""
    ) -> None:
        raise KeyboardInterrupt


class StoppingIndex(VectorIndex):
    """Stops when the new version is in the catalog and the old vectors are not gone yet."""

    def delete(self, keys: object) -> None:
        raise KeyboardInterrupt


def test_stopped_while_embedding_leaves_all_as_it_was(store: Store) -> None:
    path = store.write(OLD)
    store.ingest(path)
    before = store.contents()
    store.write(NEW)

    with pytest.raises(KeyboardInterrupt):
        replace(store, embedder=StoppingEmbedder()).ingest(path)
    assert store.contents() == before
    assert store.ingest(path).outcome == "replaced"


def test_stopped_before_the_catalog_leaves_only_vectors_to_sweep(store: Store) -> None:
    path = store.write(OLD)
    store.ingest(path)
    before = store.contents()
    store.write(NEW)
    stopping = StoppingCatalog(store.folder / "data" / "catalog.sqlite")

    with pytest.raises(KeyboardInterrupt):
        replace(store, catalog=stopping).ingest(path)
    stopping.close()

    left_over = store.index.keys() - store.catalog.chunk_keys()
    assert store.contents()[:-1] == before[:-1]
    assert len(left_over) > 0
    assert store.catalog.chunks_of(sorted(left_over, key=str)) == {}
    assert reconcile(store.catalog, store.index, store.embedder) == len(left_over)
    assert store.contents() == before


def test_stopped_after_the_catalog_leaves_old_vectors_to_sweep(store: Store) -> None:
    path = store.write(OLD)
    store.ingest(path)
    old_keys = store.index.keys()
    store.write(NEW)

    with pytest.raises(KeyboardInterrupt):
        replace(store, index=StoppingIndex(store.folder / "chroma", MODEL)).ingest(path)

    assert [store.catalog.plan(entry.id).text for entry in store.catalog.entries()] == [NEW]
    assert store.index.keys() == old_keys | store.catalog.chunk_keys()
    assert reconcile(store.catalog, store.index, store.embedder) == len(old_keys)
    assert store.index.keys() == store.catalog.chunk_keys()
    assert store.ingest(path).outcome == "unchanged"


def test_failed_transaction_leaves_the_old_version(store: Store) -> None:
    path = store.write(OLD)
    store.ingest(path)
    before = store.contents()
    parsed, words = parse(store.write(NEW))

    # The last chunk's words are missing: the failure comes when most rows are written.
    with pytest.raises(ValueError, match="shorter"):
        store.catalog.replace_plan(parsed, words[:-1])
    assert store.contents() == before


# The index from the catalog


def test_reconcile_of_what_matches_embeds_nothing(store: Store) -> None:
    store.ingest(store.write(OLD))
    store.embedder.embedded.clear()

    assert reconcile(store.catalog, store.index, store.embedder) == 0
    assert store.embedder.embedded == []


def test_reconcile_restores_what_is_missing(store: Store) -> None:
    store.ingest(store.write(OLD))
    keys = store.index.keys()
    lost = sorted(keys, key=str)[:2]
    store.index.delete(lost)
    store.embedder.embedded.clear()

    assert reconcile(store.catalog, store.index, store.embedder) == 2
    assert store.index.keys() == keys
    chunks = store.catalog.chunks_of(lost)
    assert store.embedder.embedded == [chunk.embedded for chunk in chunks.values()]


def test_reconcile_is_not_fooled_by_equal_numbers(store: Store) -> None:
    store.ingest(store.write(OLD))
    keys = store.index.keys()
    lost = min(keys, key=str)
    stranger = ChunkKey("f" * 12, "e" * 16, 0)
    store.index.delete([lost])
    store.index.add([stranger], store.embedder.embed_documents(["别处的文字"]))
    assert store.index.count() == store.catalog.count_chunks()

    assert reconcile(store.catalog, store.index, store.embedder) == 2
    assert store.index.keys() == keys


def test_index_is_rebuilt_from_the_catalog_alone(store: Store) -> None:
    path = store.write(OLD)
    store.ingest(path)
    query = store.embedder.embed_query("碳达峰")
    found = store.index.search(query, limit=9)
    path.unlink()

    VectorIndex.clear(store.folder / "chroma")
    rebuilt = VectorIndex(store.folder / "chroma", MODEL)

    assert rebuilt.count() == 0
    assert reconcile(store.catalog, rebuilt, store.embedder) == store.catalog.count_chunks()
    assert [hit.key for hit in rebuilt.search(query, limit=9)] == [hit.key for hit in found]


def test_rebuild_of_a_large_catalog_goes_step_by_step(store: Store) -> None:
    path = store.write("某规划\n" + "".join(f"第{n}条 内容。\n" for n in range(1, 701)))
    store.ingest(path)
    calls: list[int] = []

    class CountingEmbedder(BigramEmbedder):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            calls.append(len(texts))
            return super().embed_documents(texts)

    VectorIndex.clear(store.folder / "chroma")
    rebuilt = VectorIndex(store.folder / "chroma", MODEL)

    assert reconcile(store.catalog, rebuilt, CountingEmbedder()) == 701
    assert calls == [256, 256, 189]
    assert rebuilt.keys() == store.catalog.chunk_keys()


def test_index_of_another_model_is_refused_until_cleared(store: Store) -> None:
    folder = store.folder / "chroma"
    other: Mapping[str, str | int] = {**MODEL, "name": "trigrams"}

    with pytest.raises(IndexMismatch, match=r"由模型 bigrams 建立.*trigrams.*reindex"):
        VectorIndex(folder, other)
    # Looking with the wrong model has not claimed the index for it.
    assert VectorIndex(folder, MODEL).count() == 0
    VectorIndex.clear(folder)
    assert VectorIndex(folder, other).count() == 0
    with pytest.raises(IndexMismatch):
        VectorIndex(folder, MODEL)


def test_clearing_where_nothing_is_does_nothing(tmp_path: Path) -> None:
    VectorIndex.clear(tmp_path / "新")

    assert VectorIndex(tmp_path / "新", MODEL).keys() == set()


def test_dense_search_tells_the_cosine_nearest_first(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path, {"name": "plain", "dimension": 2})
    east, north, west = (ChunkKey(plan * 12, "0" * 16, 7) for plan in "abc")
    index.add([east, north, west], [[1, 0], [0, 1], [-1, 0]])

    hits = index.search([3, 4], limit=9)
    assert [hit.key for hit in hits] == [north, east, west]
    assert [hit.similarity for hit in hits] == pytest.approx([0.8, 0.6, -0.6], abs=1e-5)
    assert [hit.key for hit in index.search([3, 4], limit=1)] == [north]
    both = index.search([3, 4], limit=9, plan_ids=["a" * 12, "c" * 12])
    assert [hit.key for hit in both] == [east, west]
    (of_plan,) = index.search([3, 4], limit=9, plan_ids=["c" * 12])
    assert of_plan == DenseHit(west, pytest.approx(-0.6, abs=1e-5))
    # The same key again is one vector, the later one.
    index.add([west], [[0.6, 0.8]])
    assert index.count() == 3
    assert index.search([3, 4], limit=1)[0].key == west


# The catalog alone


def test_catalog_lists_plans_by_title_with_their_counts(store: Store) -> None:
    assert store.catalog.entries() == []
    table = store.ingest(store.write(TABLE, "乙.txt"))
    old = store.ingest(store.write(OLD, "甲.txt"))

    entries = store.catalog.entries()
    plans = [store.catalog.plan(old.plan_id), store.catalog.plan(table.plan_id)]
    assert [replace(entry, added_at="") for entry in entries] == [
        CatalogEntry(
            id=plan.id,
            title=plan.title,
            source=plan.source,
            digest=plan.digest,
            added_at="",
            metadata=plan.metadata,
            superseded_by=None,
            parser=OPTIONS.parser,
            characters=len(plan.text),
            pages=0,
            sections=one.sections,
            chunks=one.chunks,
            indicators=one.indicators,
            projects=one.projects,
            measures=one.measures,
            warnings=(),
        )
        for plan, one in zip(plans, (old, table), strict=True)
    ]


def test_plan_is_found_by_id_or_by_part_of_its_title(store: Store) -> None:
    old = store.ingest(store.write(OLD, "甲.txt"))
    table = store.ingest(store.write(TABLE, "乙.txt"))

    assert store.catalog.find_plan(old.plan_id).title == "某区创新规划"
    assert store.catalog.find_plan(" 指标规划 ").id == table.plan_id
    for name, message in (
        ("没有的", "没有收录“没有的”"),
        ("  ", "没有收录"),
        ("规划", "“规划”对应多份文件，请用编号指定：某区创新规划"),
    ):
        with pytest.raises(PlanNotFound, match=message):
            store.catalog.find_plan(name)


def test_plan_that_is_gone_is_named(store: Store) -> None:
    with pytest.raises(PlanNotFound, match="文件 0123456789ab 已不在目录中"):
        store.catalog.plan("0123456789ab")
    assert store.catalog.known_by(source="没有") is None
    assert store.catalog.known_by(digest="没有") is None


def test_catalog_is_new_until_the_first_plan_and_never_again(store: Store) -> None:
    assert store.catalog.is_new
    done = store.ingest(store.write(OLD))
    assert not store.catalog.is_new
    remove_plan(done.plan_id, store.catalog, store.index)
    assert not store.catalog.is_new


def test_catalog_outlives_the_process(store: Store) -> None:
    store.ingest(store.write(TABLE))
    before = store.contents()
    store.catalog.close()

    store.catalog = Catalog(store.folder / "data" / "catalog.sqlite")
    assert store.contents() == before
    assert store.catalog.indicators()[0].growth == Decimal("20.3")


def found_texts(store: Store, *words: str, plan_ids: list[str] | None = None) -> list[str]:
    hits = store.catalog.lexical_search(words, limit=9, plan_ids=plan_ids)
    return [hit.chunk.text for hit in hits]


def test_lexical_search_finds_words_the_rarest_first(store: Store) -> None:
    old = store.ingest(store.write(OLD, "甲.txt"))
    table = store.ingest(store.write(TABLE, "乙.txt"))

    assert found_texts(store, "碳达峰") == ["一、总则\n培育高新技术企业。支持碳达峰。"]
    assert found_texts(store, "孵化器", plan_ids=[old.plan_id]) == []
    assert len(found_texts(store, "孵化器", plan_ids=[table.plan_id])) >= 1
    assert found_texts(store, "碳达峰", "不存在") == found_texts(store, "碳达峰")
    assert found_texts(store) == []
    scores = [hit.score for hit in store.catalog.lexical_search(["企业", "碳达峰"], limit=9)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert len(store.catalog.lexical_search(["企业"], limit=1)) == 1


@pytest.mark.parametrize("word", ['"', "碳达峰 OR", "NEAR(", "*", "text:", "' --", "AND", ""])
def test_words_of_a_question_are_never_search_syntax(store: Store, word: str) -> None:
    store.ingest(store.write(OLD))

    assert found_texts(store, word) == []


@pytest.mark.parametrize("word", ["3.5%", "r&d", "人/年", "a-b", "c++", "2‰"])
def test_figures_and_abbreviations_are_words_of_their_own(store: Store, word: str) -> None:
    parsed, _ = parse(store.write("某规划\n一、总则。正文。"))
    words = [("规划", word), *[("规划", "正文")] * (len(parsed.chunks) - 1)]
    store.catalog.replace_plan(parsed, words)

    assert len(found_texts(store, word)) == 1
    # Its parts are no words: 5% is not 3.5%.
    assert found_texts(store, word[0], word[1:], word[-1]) == []


def test_chunks_are_fetched_in_the_order_asked(store: Store) -> None:
    done = store.ingest(store.write(OLD))
    chunks = store.catalog.chunks(done.plan_id)
    digest = store.catalog.plan(done.plan_id).digest
    keys = [ChunkKey.of(chunk, digest) for chunk in reversed(chunks)]
    unknown = ChunkKey(done.plan_id, "0" * 16, 0)

    found: dict[ChunkKey, Chunk] = store.catalog.chunks_of([unknown, *keys])
    assert list(found.items()) == list(zip(keys, reversed(chunks), strict=True))
    assert store.catalog.chunks_of([]) == {}


def test_chunk_key_reads_what_it_wrote() -> None:
    key = ChunkKey("0123456789ab", "0123456789abcdef", 42)

    assert str(key) == "0123456789ab-0123456789abcdef-42"
    assert ChunkKey.parse(str(key)) == key
    for text in ("", "0123456789ab-42", f"{key}x", f"x{key}", str(key).replace("ab-", "AB-")):
        with pytest.raises(ValueError, match="not a chunk key"):
            ChunkKey.parse(text)


def test_processes_may_open_a_new_catalog_at_once(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom corpus.catalog import Catalog\n"
        "print('ready', flush=True)\nsys.stdin.read(1)\nCatalog(Path(sys.argv[1])).entries()"
    )
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    for round_ in range(3):
        command = [sys.executable, "-c", program, str(tmp_path / f"{round_}.sqlite")]
        opening = [subprocess.Popen(command, text=True, **pipes) for _ in range(6)]
        for process in opening:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in opening:
            assert process.stdin is not None
            process.stdin.write("x")
            process.stdin.flush()
        assert [process.communicate()[1] for process in opening] == [""] * 6
