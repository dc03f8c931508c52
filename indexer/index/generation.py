"""One generation of Chroma: written once, verified, read afterwards. The only user of Chroma.

Chroma holds ids (digests in hex) and vectors, a collection for each kind of chunk. A folder that is
damaged can crash the process that opens it, so it is opened only after ``generations`` had it
probed in a child. It is never copied: its link lists may be sparse files of enormous size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.types import ChunkKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ROWS_PER_ADD = 1_000
"""Chroma takes 5,461 at most; fewer let a pause or a stop be heard within a second."""

NEIGHBOURS = 16
BUILD_WIDTH = 100
SEARCH_WIDTH = 200
"""Twice what a search asks for at most (100): a healthy store then misses next to nothing."""

VERIFIED_AT = 100
"""A vector that is not among so many nearest to itself goes on the exact list."""

ROWS_PER_READ = 2_000


class GenerationError(Exception):
    """Chroma refused, failed or gave back what cannot be; the store is not to be trusted."""


class Generation:
    """An open generation. Safe for several threads, since nothing is ever written to it."""

    def __init__(self, folder: Path) -> None:
        """Open the store in ``folder``; raises GenerationError."""
        with _guarded("open"):
            self._client = _client(folder)
            self._collections = {
                ChunkKind(each.name): self._client.get_collection(each.name, embedding_function=None)
                for each in self._client.list_collections()
            }

    def count(self, kind: ChunkKind) -> int:
        """Return how many vectors of ``kind`` are stored."""
        with _guarded("count"):
            return int(self._collections[kind].count()) if kind in self._collections else 0

    def search(self, kind: ChunkKind, vector: Vectors, count: int) -> list[tuple[bytes, float]]:
        """Return up to ``count`` digests with their cosine, best first."""
        if kind not in self._collections:
            return []
        with _guarded("query"):
            found = self._collections[kind].query(
                query_embeddings=[vector], n_results=count, include=["distances"]
            )
            return [
                (bytes.fromhex(name), 1.0 - float(distance))
                for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)
            ]

    def missed(self, kind: ChunkKind, digests: Sequence[bytes], rows: Vectors) -> list[bytes]:
        """Return those of ``digests`` that are not found for their own vector."""
        if kind not in self._collections:
            return list(digests)
        with _guarded("query"):
            found = self._collections[kind].query(query_embeddings=rows, n_results=VERIFIED_AT, include=[])
            names: list[list[str]] = found["ids"]
        return [digest for digest, own in zip(digests, names, strict=True) if digest.hex() not in own]

    def vectors(self) -> Iterator[tuple[ChunkKind, list[bytes], Vectors]]:
        """Yield all that is stored, in batches: kind, digests, float32 rows."""
        import numpy as np  # late, as Chroma is

        for kind, collection in self._collections.items():
            for offset in range(0, self.count(kind), ROWS_PER_READ):
                with _guarded("get"):
                    got = collection.get(limit=ROWS_PER_READ, offset=offset, include=["embeddings"])
                    rows = np.asarray(got["embeddings"], np.float32)
                yield kind, [bytes.fromhex(name) for name in got["ids"]], rows

    def close(self) -> None:
        """Let go of the store's files."""
        with _guarded("close"):
            self._client.close()


def write_generation(
    folder: Path,
    counts: dict[ChunkKind, int],
    batches: Iterator[tuple[ChunkKind, list[bytes], Vectors]],
    done: Callable[[int], None],
) -> None:
    """Store ``batches`` of unit rows in ``folder``; ``done`` is told after each how many there are.

    ``counts`` are exact: at that number Chroma saves its graph, once, instead of a log that would be
    replayed at every opening. Raises GenerationError.
    """
    client = _client(folder)
    stored = 0
    collections = {}
    for kind, digests, rows in batches:
        with _guarded("add"):
            if kind not in collections:
                collections[kind] = client.create_collection(
                    kind.value, embedding_function=None, configuration=_configuration(counts[kind])
                )
            for start in range(0, len(digests), ROWS_PER_ADD):
                some = slice(start, start + ROWS_PER_ADD)
                collections[kind].add([digest.hex() for digest in digests[some]], embeddings=rows[some])
                stored += len(digests[some])
                done(stored)
    with _guarded("close"):
        client.close()


def _configuration(count: int) -> dict[str, Any]:
    return {
        "hnsw": {
            # Rows have length one, so the inner product is the cosine.
            "space": "ip",
            "max_neighbors": NEIGHBOURS,
            "ef_construction": BUILD_WIDTH,
            "ef_search": SEARCH_WIDTH,
            "batch_size": max(2, min(count, ROWS_PER_ADD)),
            "sync_threshold": max(2, count),
            # Built in the background, on a machine that its user works on.
            "num_threads": 1,
        }
    }


def _client(folder: Path) -> Any:  # noqa: ANN401 - Chroma's types stay in this file
    # Takes .7 s and native code that must not be loaded by a front.
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))


class _guarded:  # noqa: N801 - reads as a verb where it is used
    """Turns whatever Chroma raises, a panic of its native part too, into a GenerationError."""

    def __init__(self, action: str) -> None:
        self._action = action

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, (KeyboardInterrupt, SystemExit, GenerationError)):
            return
        raise GenerationError(f"{self._action}: {type(error).__name__}: {error}") from error
