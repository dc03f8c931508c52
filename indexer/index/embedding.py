"""Turns texts into unit vectors: the packaged model on onnxruntime, any other on PyTorch.

Vectors of two models never share an index: an Embedder's ``fingerprint`` names all that decides
where a text lands (weights, number format, pooling, length, prefix), and the index keeps it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from indexer.errors import ModelError
from indexer.index.packaged import QUESTION_FILE, open_matrix, open_packaged, packaged_folder
from indexer.settings import IndexingSettings
from indexer.types import ChunkKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MAX_TOKENS = 256
"""What all-MiniLM-L6-v2 was trained on; text beyond it adds nothing but time."""

MOST_CHARACTERS = 16_000
"""Cut before tokenizing: 256 tokens never take more, unless a text is nothing but blanks."""

TOKENS_PER_BATCH = 512
ROWS_PER_BATCH = 16
"""Two long texts or sixteen short ones at once. Measured in processor time for texts of 230 tokens:
13.4 ms each alone, 14.3 by four, 15.1 by eight, 16.4 by sixteen: larger batches fall out of the cache.
And the model rounds by the range of a whole batch, so that small ones are nearer to the original too."""

MOST_THREADS = 4
"""More threads than this gain little on batches so small, and take the machine from its user."""


class Embedder(Protocol):
    """Something that gives texts a place; every row that comes out has length one."""

    @property
    def name(self) -> str:
        """What a person calls the model."""

    @property
    def fingerprint(self) -> str:
        """What must be equal for two vectors to be comparable."""

    @property
    def replaces(self) -> frozenset[str]:
        """Fingerprints of earlier files of this model, whose vectors are made anew without asking."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 rows (len(texts), dimensions), in the order of ``texts``."""

    def embed_query(self, text: str) -> Vectors:
        """Return the vector (dimensions,) of a question: it lies near passages that answer it, and is not to
        be compared with other questions, or with lone sentences, whose place ``embed`` gives.
        """


def text_to_embed(kind: ChunkKind, path: str, symbol: str, text: str) -> str:
    """Return what stands for a chunk before the model: where it is, what it is called, itself."""
    del kind
    return "\n".join(part for part in (path, symbol, text) if part)


def digest_of(text: str) -> bytes:
    """Return the 16 bytes under which the vector of ``text`` is known."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def load_embedder(settings: IndexingSettings, threads: int) -> Embedder | None:
    """Return the model that the settings ask for; None when they ask for words only.

    ``threads`` of 0 means as many as there are cores, four at most. Raises ModelError when the
    model is missing or damaged.
    """
    threads = threads or min(os.cpu_count() or 1, MOST_THREADS)
    if settings.model == "none":
        return None
    if settings.model == "packaged":
        return PackagedModel(packaged_folder("model"), threads)
    return TransformerModel(settings.model, settings.device, threads)


class PackagedModel:
    """all-MiniLM-L6-v2 with its upper layers trained on, in int8; pooling and normalisation are in its graph.

    People ask in other words than code is written in: the upper layers were trained on questions in plain
    words and the passages that answer them (assets/training/upper.py), and a question is turned by one
    matrix more towards those (toward.py), which may be learnt anew without embedding anything again.
    """

    name = "all-MiniLM-L6-v2 (int8)"
    dimensions = 384
    replaces = frozenset((
        "1031c7e5c2e07dbbe9b8305aae17d72a3ee72a6cca81a2b5e58fd1712c9244a3",
        "1623377b0a8711c3d707476ac0bad2a6fd9406af90733d8ef1ebc7bc46e03666",
        "c6614c315ef6a4ec0746fc1383e77b873f14ab44eefc66c53daed17f983affc4",
        "cc5fc7bb7ef0db6310b3407ade021f3f11120692939cd86252ea6aa7448a1d58",
        "b29e61932543b42eff2bd5e7ea627b0c5780bd43cb6466401609f0a668bd32a2",
    ))  # fmt: skip
    """Of every file that was packaged before; whoever makes another one adds the last."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._model = open_packaged(folder, MAX_TOKENS)
        self._toward = open_matrix(folder, QUESTION_FILE)
        self.fingerprint = _fingerprint(*self._model.checksums, "int8", "mean", str(MAX_TOKENS), "")
        self._threads = ThreadPoolExecutor(threads, "embedding")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit rows (len(texts), 384); equal lengths go together."""
        import numpy as np  # late, as onnxruntime is: this module is imported by fronts' engines

        ids = self._model.tokens([_clean(text) for text in texts])
        rows = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        batches = _batches(order, ids)

        def run(batch: list[int]) -> None:
            rows[batch] = self._model.run({"input_ids": [ids[index] for index in batch]})[0]

        if len(batches) == 1:
            run(batches[0])
        else:
            # The longest first, so that no thread is left with a long one at the end.
            list(self._threads.map(run, reversed(batches)))
        return rows

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector (384,) of a question, turned towards what answers it."""
        turned: Vectors = self.embed([text])[0] @ self._toward[:-1] + self._toward[-1]
        length = float((turned @ turned) ** 0.5)
        return turned / (length or 1.0)


class TransformerModel:
    """A model that a user named, on PyTorch; ``source`` is a folder or a name on a model hub."""

    replaces = frozenset[str]()

    def __init__(self, source: str, device: str, threads: int) -> None:
        # Takes seconds and 400 MB, which only those pay who chose such a model.
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        is_folder = Path(source).is_dir()
        try:
            try:
                self._model = SentenceTransformer(source, device=device, local_files_only=True)
            except OSError:
                if is_folder:
                    raise
                # The user asked for this very name, so fetching it once is what they want.
                self._model = SentenceTransformer(source, device=device)
        except (OSError, ValueError, RuntimeError, AssertionError, KeyError, ImportError) as error:
            raise ModelError(
                f"The model {source!r} could not be loaded on {device}: {_first_line(error)}",
                "Search by words works without it. Name a folder with a sentence-transformers model, or set "
                'indexing.model to "packaged".',
            ) from error
        self.name = Path(source).name if is_folder else source
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = self._describe()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit rows (len(texts), dimensions)."""
        return self._rows(self._model.encode_document, texts)

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector (dimensions,) of a question, with the model's own prefix for one."""
        query: Vectors = self._rows(self._model.encode_query, [text])[0]
        return query

    def _rows(self, encode: object, texts: Sequence[str]) -> Vectors:
        import numpy as np

        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        assert callable(encode)
        rows = encode(
            [_clean(text) for text in texts],
            batch_size=ROWS_PER_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(rows, np.float32)

    def _describe(self) -> str:
        """Hash the weights themselves, so that a folder and a name with the same weights agree."""
        import torch

        digest = hashlib.sha256()
        formats = set()
        for key, tensor in sorted(self._model.state_dict().items()):
            formats.add(str(tensor.dtype))
            digest.update(key.encode())
            digest.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
        layers = "/".join(type(layer).__name__ for layer in self._model)
        return _fingerprint(
            digest.hexdigest(),
            ",".join(sorted(formats)),
            layers,
            str(self._model.max_seq_length),
            repr(sorted((self._model.prompts or {}).items())),
        )


def _batches(order: list[int], ids: list[list[int]]) -> list[list[int]]:
    """Cut ``order`` (shortest first) so that no batch exceeds the limits with its padding."""
    batches: list[list[int]] = []
    for index in order:
        longest = len(ids[index])
        batch = batches[-1] if batches else None
        if batch and len(batch) < ROWS_PER_BATCH and (len(batch) + 1) * longest <= TOKENS_PER_BATCH:
            batch.append(index)
        else:
            batches.append([index])
    return batches


def _clean(text: str) -> str:
    """Return ``text`` short enough to tokenize at once, and without what UTF-8 cannot write."""
    return text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0] or type(error).__name__
