"""A model of sentence vectors made here: random vectors for a dozen words, two pairs of which mean the same."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from groundswell import Groundswell
from groundswell.errors import BadInputError, GroundswellError, NotFoundError, UsageError
from groundswell.model import Article, Origin
from groundswell.ports import Vectors
from groundswell.sources.sentence_model import (
    MAX_CACHED_VECTORS,
    MAX_TOKENS_PER_TEXT,
    SentenceModel,
    load_sentence_model,
)
from groundswell.stories.batch import cluster
from groundswell.stories.detector import OnlineStoryDetector, Tuning
from groundswell.stories.repair.embeddings import compute_meaning_similarities

from ..vectors import WordVectors

START = datetime(2024, 9, 18, 8, tzinfo=UTC)
WORDS = ["[UNK]", "lender", "bank", "collapses", "fails", "overnight", "suddenly", "hail", "ruins", "harvest", "nan"]
SAME = {"bank": "lender", "fails": "collapses", "suddenly": "overnight"}
WIDTH = 16


def embedding() -> np.ndarray:
    vectors = np.random.default_rng(7).standard_normal((len(WORDS), WIDTH)).astype(np.float32)
    for word, other in SAME.items():
        vectors[WORDS.index(word)] = vectors[WORDS.index(other)]
    vectors[0] = 0
    vectors[WORDS.index("nan")] = np.nan
    return vectors


def write_model(path: Path, inputs: tuple[str, ...] = ("input_ids", "attention_mask"), kind: int = TensorProto.INT64):
    """Looks each token up, and hides those that the mask leaves out."""
    nodes = [helper.make_node("Gather", ["vectors", "input_ids"], ["looked_up"])]
    if "attention_mask" in inputs:
        nodes += [
            helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
            helper.make_node("Mul", ["looked_up", "wide"], ["out"]),
        ]
    else:
        nodes.append(helper.make_node("Identity", ["looked_up"], ["out"]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, ["batch", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["batch", "tokens", WIDTH])],
        [numpy_helper.from_array(embedding(), "vectors"), numpy_helper.from_array(np.array([-1]), "last")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(made)
    path.write_bytes(made.SerializeToString())


def write_tokenizer(path: Path) -> None:
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_padding(length=300)
    tokenizer.save(str(path))


def pin(folder: Path) -> None:
    digests = [
        (hashlib.sha256((folder / name).read_bytes()).hexdigest(), name) for name in ("model.onnx", "tokenizer.json")
    ]
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in digests), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "model"
    made.mkdir()
    write_model(made / "model.onnx")
    write_tokenizer(made / "tokenizer.json")
    pin(made)
    return made


@pytest.fixture
def model(folder: Path) -> SentenceModel:
    return load_sentence_model(folder)


def article(key: str, title: str, hours: float = 0, text: str = "") -> Article:
    at = START + timedelta(hours=hours)
    return Article(key, "f", title, text, "P", None, at, at, False, Origin.FILE)


@pytest.fixture(params=["real", "fake"])
def vectors(request: pytest.FixtureRequest) -> Vectors:
    """Every implementation of the port."""
    return WordVectors() if request.param == "fake" else request.getfixturevalue("model")


class TestContract:
    """What every implementation of ``ports.Vectors`` does."""

    TEXTS = ("Bank fails overnight", "Hail ruins harvest", "bank FAILS overnight", "")

    def test_a_text_has_a_row_of_length_one_and_a_meaningless_text_zeros(self, vectors: Vectors) -> None:
        rows = vectors.embed(self.TEXTS)
        assert (rows.dtype, len(rows)) == (np.float32, len(self.TEXTS))
        assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1, 0], abs=1e-6)

    def test_a_vector_depends_only_on_its_text(self, vectors: Vectors) -> None:
        together = vectors.embed(self.TEXTS)
        for text, row in zip(self.TEXTS, together, strict=True):
            assert vectors.embed([text])[0] == pytest.approx(row, abs=1e-6)

    def test_similar_texts_have_similar_vectors(self, vectors: Vectors) -> None:
        first, other, same, _ = vectors.embed(self.TEXTS)
        assert first @ same > first @ other


def test_a_vector_is_the_mean_of_its_tokens_of_length_one(model: SentenceModel) -> None:
    (found,) = model.embed(["Bank fails suddenly"])
    mean = embedding()[[WORDS.index(word) for word in ("bank", "fails", "suddenly")]].mean(axis=0)
    assert found == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "nothing known", "🚀", "\ud800", "nan bank"])
def test_a_text_without_sense_has_no_direction(model: SentenceModel, text: str) -> None:
    assert not model.embed([text]).any()


def test_a_vector_depends_on_its_text_alone(folder: Path) -> None:
    texts = ["bank fails", "hail ruins harvest " * 200, "lender"]
    together = load_sentence_model(folder).embed(texts)
    alone = load_sentence_model(folder)
    for text, row in zip(reversed(texts), reversed(together), strict=True):
        assert (alone.embed([text])[0] == row).all()


def test_only_the_beginning_is_read(model: SentenceModel) -> None:
    told = "bank " * MAX_TOKENS_PER_TEXT
    assert (model.embed([told])[0] == model.embed([told + "hail " * 50])[0]).all()


def test_vectors_are_kept_within_measure(model: SentenceModel, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_CACHED_VECTORS >= 10_000  # all that a mend looks at
    monkeypatch.setattr("groundswell.sources.sentence_model.MAX_CACHED_VECTORS", 2)
    model.embed(["bank", "hail", "lender", "bank", "harvest"])
    assert list(model._cache) == ["bank", "harvest"]


@pytest.mark.parametrize("inputs", [("input_ids",), ("input_ids", "attention_mask", "token_type_ids")])
@pytest.mark.parametrize("kind", [TensorProto.INT64, TensorProto.INT32])
def test_models_ask_for_different_inputs(folder: Path, inputs: tuple[str, ...], kind: int) -> None:
    before = load_sentence_model(folder).embed(["bank fails"])
    write_model(folder / "model.onnx", inputs, kind)
    pin(folder)
    assert load_sentence_model(folder).embed(["bank fails"]) == pytest.approx(before, abs=1e-6)


def spoil_model(folder: Path) -> None:
    (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes() + b"\x00")


def spoil_pins(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text("abc  model.onnx\n", encoding="utf-8")


def unpin_tokenizer(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    (folder / "SHA256SUMS").write_text(lines[0] + "\n", encoding="utf-8")


def no_model_at_all(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"<html>not found</html>")
    pin(folder)


def no_tokenizer_at_all(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    pin(folder)


def strange_input(folder: Path) -> None:
    write_model(folder / "model.onnx", ("input_ids", "pixels"))
    pin(folder)


UNUSABLE = [
    (spoil_model, BadInputError, r"model\.onnx does not match SHA256SUMS; restore it"),
    (spoil_pins, BadInputError, r"model\.onnx does not match SHA256SUMS"),
    (unpin_tokenizer, BadInputError, r"SHA256SUMS has no line for tokenizer\.json; add it"),
    (no_model_at_all, BadInputError, r"model\.onnx cannot be used: .*; put an ONNX model there"),
    (no_tokenizer_at_all, BadInputError, r"tokenizer\.json cannot be used: "),
    (strange_input, BadInputError, r"model\.onnx asks for pixels; put an ONNX model there"),
    (
        lambda folder: (folder / "model.onnx").unlink(),
        NotFoundError,
        r"no file .*model\.onnx; the setting dense must name",
    ),
    (
        lambda folder: (folder / "SHA256SUMS").unlink(),
        NotFoundError,
        r"no file .*SHA256SUMS; the setting dense must name",
    ),
]


@pytest.mark.parametrize(("spoil", "kind", "told"), UNUSABLE)
def test_an_unusable_folder_is_told_in_one_line(folder: Path, spoil, kind: type[GroundswellError], told: str) -> None:
    spoil(folder)
    with pytest.raises(kind, match=told) as caught:
        load_sentence_model(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_missing_packages_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=r"pip install 'groundswell\[dense\]'"):
        load_sentence_model(folder)


def test_the_view_is_symmetric_and_without_a_theme(model: SentenceModel) -> None:
    titles = ["Bank fails suddenly", "Lender collapses overnight", "Hail ruins harvest", ""]
    found = compute_meaning_similarities([article(str(n), title) for n, title in enumerate(titles)], model)
    assert found == pytest.approx(found.T)
    assert found[0, 1] == pytest.approx(1, abs=1e-6)
    assert found.sum() - found.trace() == pytest.approx(0, abs=1e-5)
    assert found[3, 0] == found[3, 1] == found[3, 2] < 0


PARAPHRASES = [
    article("a", "Bank fails suddenly"),
    article("b", "Hail ruins harvest", 0.5),
    article("c", "Lender collapses overnight", 1),
]


def test_stories_in_other_words_come_together_only_with_the_model(model: SentenceModel) -> None:
    assert cluster(PARAPHRASES) == {"a": "a", "b": "b", "c": "c"}
    assert cluster(PARAPHRASES, OnlineStoryDetector(vectors=model)) == {"a": "a", "b": "b", "c": "a"}


def test_repairs_on_the_way_see_it_too(model: SentenceModel) -> None:
    detector = OnlineStoryDetector(tuning=Tuning(busy_repair_articles=1, min_group_similarity=0.3), vectors=model)
    repairs = []
    for one in PARAPHRASES:
        detector.assign(one)
        repairs += detector.repair()
    assert [(repair.source, repair.target) for repair in repairs] == [("c", "a")]


def test_the_command_takes_the_folder_from_the_settings(folder: Path, tmp_path: Path) -> None:
    rows = [{"id": one.id, "title": one.title, "published": one.at.isoformat()} for one in PARAPHRASES]
    (tmp_path / "docs.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "groundswell",
        "stories",
        "cluster",
        "docs.jsonl",
        "-o",
        "out.jsonl",
    ]
    environment = {**os.environ, "GROUNDSWELL_DENSE": str(folder), "COLUMNS": "400"}

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    assert run().returncode == 0
    a, b, c = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert a["story"] == c["story"] != b["story"]
    spoil_model(folder)
    refused = run()
    assert refused.returncode != 0
    assert "does not match SHA256SUMS" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_store_uses_the_model_it_is_opened_with(folder: Path, tmp_path: Path) -> None:
    from groundswell.app.ingest import ArticleIngest

    def ingest_of(opened: Groundswell) -> ArticleIngest:
        return opened._ingest

    with Groundswell.open(str(tmp_path / "with.db"), dense=folder) as opened:
        assert isinstance(ingest_of(opened)._make_detector().vectors, SentenceModel)
    with Groundswell.open(str(tmp_path / "without.db")) as opened:
        assert ingest_of(opened)._make_detector().vectors is None
    spoil_model(folder)
    with pytest.raises(BadInputError, match="does not match SHA256SUMS"):
        Groundswell.open(str(tmp_path / "never.db"), dense=folder)
    assert not (tmp_path / "never.db").exists()
