"""Finds the chunks whose vectors are nearest to a question's."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import ModelError
from indexer.index.exact import ExactRows
from indexer.types import ChunkKind, Control, Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ROWS_PER_READ = 4_096


class VectorIndex:
    """All vectors of one index, by kind. Every method may be called from any thread."""

    def __init__(self, index_dir: Path, catalog_path: Path, dimensions: int) -> None:
        self._folder = index_dir / "vectors"
        self._catalog_path = catalog_path
        self._dimensions = dimensions
        self._lock = threading.Lock()
        self._exact = self._empty()
        self._recent: list[tuple[ChunkKind, Sequence[bytes], NDArray[np.floating]]] | None = None
        self._loaded = False

    @property
    def generation(self) -> str:
        """Id of the published generation that is searched; empty while search is exact."""
        return ""

    def load(self) -> None:
        """Read what the catalog holds; what is added meanwhile is not lost.

        Raises ModelError when a stored vector has another length than the model's.
        """
        with self._lock:
            self._recent = []
        exact = self._empty()
        try:
            for kind, digests, rows in _stored(self._catalog_path, self._dimensions):
                exact[kind].add(digests, rows)
        finally:
            with self._lock:
                recent, self._recent = self._recent or [], None
        with self._lock:
            for kind, digests, rows in recent:
                exact[kind].add(digests, rows)
            self._exact = exact
            self._loaded = True

    def add(self, kind: ChunkKind, digests: Sequence[bytes], rows: NDArray[np.floating]) -> None:
        """Make rows (len(digests), dimensions) findable at once; the catalog has them already."""
        with self._lock:
            if self._recent is not None:
                self._recent.append((kind, digests, rows))
            exact = self._exact[kind]
        exact.add(digests, rows)

    def search(self, kind: ChunkKind, vector: Vectors, k: int) -> list[tuple[bytes, float]]:
        """Return up to ``k`` digests with their cosine, best first.

        They are of all that is stored: the caller drops those that it does not want any more.
        """
        with self._lock:
            exact = self._exact[kind]
        return exact.search(self._query(vector), k)

    def complete(self, kind: ChunkKind) -> bool:
        """Return whether everything that the catalog held at the last load can be found."""
        return self._loaded and not self._exact[kind].refused

    def count(self, kind: ChunkKind) -> int:
        """Return how many vectors of ``kind`` can be found."""
        return len(self._exact[kind])

    def stored_vectors(self) -> Iterator[tuple[Sequence[bytes], Vectors]]:
        """Yield digests with their rows from the published generation, for a catalog that lost them."""
        yield from ()

    def build_generation(self, control: Control) -> None:
        """Build, verify and publish a new generation when enough has changed since the last."""
        control.checkpoint()

    def check(self) -> list[Finding]:
        """Return what the doctor should tell of the vectors."""
        refused = sum(exact.refused for exact in self._exact.values())
        if refused:
            return [Finding("vectors", Severity.DAMAGED, f"{refused} vectors hold no direction.")]
        return [Finding("vectors", Severity.OK, "Search by meaning is exact.")]

    def forget(self) -> None:
        """Drop every vector, in memory and in generations; the catalog's are the caller's."""
        with self._lock:
            self._exact = self._empty()
            self._loaded = False

    def _empty(self) -> dict[ChunkKind, ExactRows]:
        return {kind: ExactRows(self._dimensions) for kind in ChunkKind}

    def _query(self, vector: Vectors) -> Vectors:
        import numpy as np

        if vector.shape != (self._dimensions,):
            raise ModelError(
                f"The question's vector has shape {vector.shape}, the index {self._dimensions} dimensions.",
                "The index was made with another model; set that one again, or make the vectors anew.",
            )
        return np.asarray(vector, np.float32)


def _stored(catalog: Path, dimensions: int) -> Iterator[tuple[ChunkKind, list[bytes], NDArray[np.float16]]]:
    """Yield the catalog's vectors in batches: kind, digests, float16 rows (n, dimensions)."""
    import numpy as np

    if not catalog.exists():
        return
    connection = sqlite3.connect(f"file:{catalog.as_posix()}?mode=ro", uri=True)
    try:
        for kind in ChunkKind:
            rows = connection.execute(
                "SELECT digest, value FROM vector WHERE digest IN (SELECT digest FROM passage WHERE kind = ?)",
                (kind,),
            )
            while batch := rows.fetchmany(ROWS_PER_READ):
                if any(len(value) != 2 * dimensions for _, value in batch):
                    raise ModelError(
                        f"The index holds vectors of another length than {dimensions}.",
                        "It was made with another model; set that one again, or make the vectors anew.",
                    )
                array = np.frombuffer(b"".join(value for _, value in batch), "<f2")
                yield kind, [digest for digest, _ in batch], array.reshape(len(batch), dimensions)
    finally:
        connection.close()
