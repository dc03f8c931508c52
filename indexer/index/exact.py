"""Vectors in memory, compared one by one: nothing is missed, and nothing has to be built first."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

SHORTEST = 1e-6
"""A vector below this length has no direction."""

FIRST_ROWS = 256
GROWTH = 1.5
"""A full array is copied into one half as large again, so that a row costs three copies at most."""


class ExactRows:
    """Unit vectors under their digests. Safe for several threads that add and search at once.

    A search reads the array that was there when it began; a growing store makes a new one, and
    rows that are there are never changed.
    """

    def __init__(self, dimensions: int) -> None:
        import numpy as np  # late: fronts import types beside this, never an array

        self.dimensions = dimensions
        self.refused = 0
        """Rows that were not taken, since they hold no direction (NaN, infinite, all zero)."""
        self._lock = threading.Lock()
        self._rows: Vectors = np.empty((FIRST_ROWS, dimensions), np.float32)
        self._digests: list[bytes] = []
        self._known: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._digests)

    def __contains__(self, digest: bytes) -> bool:
        return digest in self._known

    def digests(self) -> list[bytes]:
        """Return all digests, in the order in which they came."""
        with self._lock:
            return list(self._digests)

    def add(self, digests: Sequence[bytes], rows: NDArray[np.floating]) -> int:
        """Take rows (len(digests), dimensions) over, made unit length; return how many were new.

        A digest that is there already keeps its row: the same text has the same vector. Raises
        ModelError when the rows are not of this length.
        """
        import numpy as np

        if rows.shape != (len(digests), self.dimensions):
            raise ModelError(
                f"Vectors of shape {rows.shape} do not fit an index of {self.dimensions} dimensions.",
                "The vectors of two models are never mixed; make them anew with one model.",
            )
        rows = rows.astype(np.float32)
        with np.errstate(invalid="ignore", over="ignore"):
            lengths = np.linalg.norm(rows, axis=1)
        sound = np.isfinite(lengths) & (lengths > SHORTEST)
        with self._lock:
            taken: list[int] = []
            for index, digest in enumerate(digests):
                if sound[index] and digest not in self._known:
                    self._known.add(digest)
                    taken.append(index)
            self.refused += int(len(digests) - sound.sum())
            start, end = len(self._digests), len(self._digests) + len(taken)
            if end > len(self._rows):
                grown = np.empty((max(end, int(len(self._rows) * GROWTH)), self.dimensions), np.float32)
                grown[:start] = self._rows[:start]
                self._rows = grown
            self._rows[start:end] = rows[taken] / lengths[taken, None]
            self._digests.extend(digests[index] for index in taken)
        return len(taken)

    def search(self, vector: Vectors, count: int) -> list[tuple[bytes, float]]:
        """Return up to ``count`` digests with their cosine, best first."""
        import numpy as np

        with self._lock:
            rows, total = self._rows, len(self._digests)
        count = min(count, total)
        if count <= 0:
            return []
        # Not `@`: that wakes BLAS's threads, which on a busy machine wait 20 ms for each other.
        scores = np.vecdot(rows[:total], vector)
        best = np.argpartition(scores, total - count)[total - count :]
        best = best[np.argsort(-scores[best], kind="stable")]
        return [(self._digests[index], float(scores[index])) for index in best.tolist()]
