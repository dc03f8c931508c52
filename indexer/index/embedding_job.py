"""Gives every current passage a vector, in the order of what a reader is likeliest to need."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from indexer.errors import ModelError
from indexer.index.catalog import Catalog, get_meta, set_meta
from indexer.index.embedding import Embedder, text_to_embed
from indexer.index.vectors import VectorIndex
from indexer.types import ChunkKind, Control, FileMark, Phase, Progress

if TYPE_CHECKING:
    import numpy as np

WINDOW = 1_536
"""Texts taken together and sorted by length: a batch of equal lengths wastes nothing on padding,
and a window keeps the order of importance roughly as it was."""

BATCH = 32
"""Texts given to the model at once: about half a second, the longest that a question waits."""

VECTORS_PER_COMMIT = 192
"""What a kill costs at most: some three seconds of work."""


class _Pending(NamedTuple):
    """A digest without a vector, and one passage whose text it is of."""

    digest: bytes
    kind: ChunkKind
    passage_id: int


class _Text(NamedTuple):
    """What is given to the model for a digest."""

    text: str
    digest: bytes
    kind: ChunkKind


class EmbeddingJob:
    """One run over what has no vector yet."""

    def __init__(self, catalog: Catalog, embedder: Embedder, vectors: VectorIndex) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._vectors = vectors
        self._made: list[tuple[_Text, np.ndarray]] = []

    def run(self, control: Control) -> int:
        """Store all missing vectors; return how many were made.

        Raises ModelError when the stored vectors are another model's, and CancelledError, in
        which case what was made is stored.
        """
        self._agree_on_model()
        self._take_back()
        pending = self._pending()
        total, done, began = len(pending), 0, time.monotonic()
        control.report(Progress(Phase.EMBED, 0, total, "passages"))
        try:
            for start in range(0, total, WINDOW):
                texts = sorted(self._texts(pending[start : start + WINDOW]), key=_length)
                for first in range(0, len(texts), BATCH):
                    control.checkpoint()
                    done += self._embed(texts[first : first + BATCH])
                    control.report(_progress(done, total, began))
                self._store()
        finally:
            self._store()
        return done

    def _embed(self, texts: list[_Text]) -> int:
        made = self._embedder.embed([each.text for each in texts])
        self._made += zip(texts, made, strict=True)
        if len(self._made) >= VECTORS_PER_COMMIT:
            self._store()
        return len(texts)

    def _store(self) -> None:
        """Commit the vectors that were made; only then may they be found."""
        if not self._made:
            return
        import numpy as np  # heavy; fronts import this package's types, never this function

        made, self._made = self._made, []
        with self._catalog.transaction() as writer:
            writer.executemany(
                "INSERT OR REPLACE INTO vector (digest, value) VALUES (?, ?)",
                ((text.digest, vector.astype("<f2").tobytes()) for text, vector in made),
            )
        for kind in ChunkKind:
            own = [(text.digest, vector) for text, vector in made if text.kind is kind]
            if own:
                self._vectors.add(
                    kind, [digest for digest, _ in own], np.stack([vector for _, vector in own])
                )

    def _pending(self) -> list[_Pending]:
        """Return what has no vector: most-used code first, then docs, then commits, newest first.

        Last comes what is asked for least: made by a program, taken from elsewhere, or in no
        language that we know (a translation's catalogs can be ten times the code).
        """
        rows = self._catalog.writer().execute(
            "SELECT passage.digest, passage.kind, passage.id FROM passage "
            "LEFT JOIN entry ON entry.path_id = passage.path_id "
            "LEFT JOIN blob ON blob.id = entry.blob_id "
            "WHERE current = 1 AND NOT EXISTS (SELECT 1 FROM vector WHERE vector.digest = passage.digest) "
            "ORDER BY CASE WHEN entry.marks & ? OR language = '' THEN 3 "
            "WHEN kind = 'code' THEN 0 WHEN kind = 'doc' THEN 1 ELSE 2 END, "
            "coalesce(rank, 0) DESC, CASE kind WHEN 'commit' THEN (SELECT -sequence FROM chunk "
            "JOIN commits ON commits.id = chunk.commit_id WHERE chunk.id = passage.chunk_id) "
            "ELSE passage.id END",
            (int(FileMark.GENERATED | FileMark.VENDORED),),
        )
        pending: dict[bytes, _Pending] = {}
        for digest, kind, passage_id in rows:
            pending.setdefault(digest, _Pending(digest, ChunkKind(kind), passage_id))
        return list(pending.values())

    def _texts(self, window: list[_Pending]) -> Iterator[_Text]:
        by_passage = {each.passage_id: each for each in window}
        rows = self._catalog.writer().execute(
            "SELECT passage.id, path.raw, symbol, text FROM passage JOIN chunk ON chunk.id = chunk_id "
            "LEFT JOIN path ON path.id = path_id WHERE passage.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(by_passage)),),
        )
        for passage_id, raw, symbol, text in rows:
            own = by_passage[passage_id]
            path = "" if raw is None else bytes(raw).decode("utf-8", "surrogateescape")
            # A commit's subject stands in its text already.
            title = "" if own.kind is ChunkKind.COMMIT else symbol
            yield _Text(text_to_embed(own.kind, path, title, text), own.digest, own.kind)

    def _agree_on_model(self) -> None:
        """Never mix the vectors of two models: distances between them mean nothing.

        Those of an earlier file of the packaged one go: nobody chose it, so nobody has to mend anything.
        """
        writer = self._catalog.writer()
        stored = get_meta(writer, "model")
        if stored == self._embedder.fingerprint:
            return
        if stored in self._embedder.replaces:
            with self._catalog.transaction() as changed:
                changed.execute("DELETE FROM vector")
                set_meta(changed, "model", self._embedder.fingerprint)
            self._vectors.load()
            return
        if stored is not None and writer.execute("SELECT 1 FROM vector LIMIT 1").fetchone():
            raise ModelError(
                f"The index holds vectors of another model than {self._embedder.name}. They are never mixed; "
                "search by words goes on, and the old model still works.",
                "Set the model back, or run `lorebase repair --rebuild` to make all vectors anew.",
            )
        with self._catalog.transaction() as changed:
            set_meta(changed, "model", self._embedder.fingerprint)

    def _take_back(self) -> None:
        """After the catalog was rebuilt, take the vectors of known texts from the last generation."""
        writer = self._catalog.writer()
        if writer.execute("SELECT 1 FROM vector LIMIT 1").fetchone():
            return
        taken = 0
        for digests, array in self._vectors.stored_vectors():
            with self._catalog.transaction():
                taken += writer.executemany(
                    "INSERT OR IGNORE INTO vector (digest, value) SELECT ?1, ?2 "
                    "WHERE EXISTS (SELECT 1 FROM passage WHERE digest = ?1)",
                    (
                        (digest, row.astype("<f2").tobytes())
                        for digest, row in zip(digests, array, strict=True)
                    ),
                ).rowcount
        if taken:
            self._vectors.load()


def _length(text: _Text) -> int:
    return len(text.text)


def _progress(done: int, total: int, began: float) -> Progress:
    rate = done / max(time.monotonic() - began, 0.001)
    left = (total - done) / rate
    return Progress(Phase.EMBED, done, total, "passages", rate=rate, seconds_left=(left * 0.8, left * 1.3))
