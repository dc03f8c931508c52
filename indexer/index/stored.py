"""Reads vectors out of the catalog; of its own, so that a child can read them without the engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import ModelError
from indexer.types import ChunkKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS_PER_READ = 4_096

_DIGESTS = "SELECT digest FROM vector WHERE digest IN (SELECT digest FROM passage WHERE kind = ?)"
_VECTORS = "SELECT digest, value FROM vector WHERE digest IN (SELECT digest FROM passage WHERE kind = ?)"


def live_digests(catalog: Path) -> dict[ChunkKind, set[bytes]]:
    """Return the digests of all stored vectors that some passage has, by kind."""
    if not catalog.exists():
        return {}
    with closing(_reader(catalog)) as reader:
        found = {kind: {bytes(row[0]) for row in reader.execute(_DIGESTS, (kind,))} for kind in ChunkKind}
    return {kind: digests for kind, digests in found.items() if digests}


def stored_vectors(
    catalog: Path, dimensions: int
) -> Iterator[tuple[ChunkKind, list[bytes], NDArray[np.float16]]]:
    """Yield the catalog's vectors in batches: kind, digests, float16 rows (n, dimensions).

    Raises ModelError when one has another length.
    """
    import numpy as np  # late: a front that reads types must not pay for it

    if not catalog.exists():
        return
    with closing(_reader(catalog)) as reader:
        for kind in ChunkKind:
            rows = reader.execute(_VECTORS, (kind,))
            while batch := rows.fetchmany(ROWS_PER_READ):
                if any(len(value) != 2 * dimensions for _, value in batch):
                    raise ModelError(
                        f"The index holds vectors of another length than {dimensions}.",
                        "It was made with another model; set that one again, or make the vectors anew.",
                    )
                array = np.frombuffer(b"".join(value for _, value in batch), "<f2")
                yield kind, [bytes(digest) for digest, _ in batch], array.reshape(len(batch), dimensions)


def model_fingerprint(catalog: Path) -> str:
    """Return what the stored vectors were made with; empty when there are none."""
    if not catalog.exists():
        return ""
    with closing(_reader(catalog)) as reader:
        row = reader.execute("SELECT value FROM meta WHERE key = 'model'").fetchone()
    return str(row[0]) if row else ""


def read_digests(file: Path) -> set[bytes]:
    """Return the 16-byte digests that stand one after another in ``file``; none when it is gone."""
    data = file.read_bytes() if file.exists() else b""
    return {data[start : start + 16] for start in range(0, len(data), 16)}


def _reader(catalog: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{catalog.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
