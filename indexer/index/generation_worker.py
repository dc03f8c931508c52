"""The child process that writes a generation, or tries whether one can be opened.

A damaged store can crash whoever opens it, and a runaway one can fill a disk or the memory; here
that costs a child. It speaks JSON lines: a request on stdin, progress on stdout, each answered by
a line before it goes on (so that it pauses with its parent, and ends when its parent is gone).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.index.exact import SHORTEST
from indexer.index.generation import ROWS_PER_ADD, Generation, GenerationError, write_generation
from indexer.index.stored import read_digests, stored_vectors
from indexer.types import ChunkKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DATABASE = "chroma.sqlite3"
SAMPLE = 200
"""Vectors of each kind that a probe looks for; the files' checksums cover the rest."""

MOST_MISSED = 0.02
"""A store that misses more of its own vectors than this is not worth its place."""

_MIB = 1 << 20


def main() -> int:
    """Serve one request; 0 when it was done, 1 with a reason on stdout when it was not."""
    request = json.loads(sys.stdin.readline())
    _limit(int(request["rows"]), int(request["dimensions"]))
    tasks = {"build": _build, "verify": _verify, "probe": _probe}
    try:
        result = tasks[request["task"]](request)
    except (GenerationError, OSError, sqlite3.Error, MemoryError, KeyError, ValueError) as error:
        _say({"failed": f"{type(error).__name__}: {error}"})
        return 1
    _say({"done": result})
    return 0


def _build(request: dict[str, Any]) -> dict[str, Any]:
    """Write the catalog's vectors to a fresh folder; the digests that went in, beside it."""
    folder, catalog, dimensions = Path(request["folder"]), Path(request["catalog"]), request["dimensions"]
    sound: dict[ChunkKind, set[bytes]] = {}
    for kind, digests, _ in _unit_rows(catalog, dimensions):
        sound.setdefault(kind, set()).update(digests)
    for kind, own in sound.items():
        (folder / f"{kind}.digests").write_bytes(b"".join(sorted(own)))
    counts = {kind: len(own) for kind, own in sound.items()}
    write_generation(folder / "chroma", counts, _unit_rows(catalog, dimensions, sound), _progress)
    return {"counts": counts}


def _verify(request: dict[str, Any]) -> dict[str, Any]:
    """Look for every vector by itself, in a process that knows only what reached the disk."""
    folder, catalog, dimensions = Path(request["folder"]), Path(request["catalog"]), request["dimensions"]
    wanted = {kind: read_digests(folder / f"{kind}.digests") for kind in ChunkKind}
    missed: dict[str, list[str]] = {}
    generation = Generation(folder / "chroma")
    looked = 0
    for kind, digests, rows in _unit_rows(catalog, dimensions, wanted):
        for start in range(0, len(digests), ROWS_PER_ADD):
            some = slice(start, start + ROWS_PER_ADD)
            lost = generation.missed(kind, digests[some], rows[some])
            missed.setdefault(kind, []).extend(digest.hex() for digest in lost)
            looked += len(digests[some])
            _progress(looked)
    generation.close()
    if sum(map(len, missed.values())) > MOST_MISSED * max(looked, 1) + 1:
        raise GenerationError(f"{sum(map(len, missed.values()))} of {looked} vectors are not found")
    return {"missed": missed, "sha256": _sums(folder / "chroma")}


def _probe(request: dict[str, Any]) -> dict[str, Any]:
    """Try whether the store is what was published, and opens and answers."""
    import numpy as np  # late: only when there is something to open

    folder = Path(request["folder"])
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if _sums(folder / "chroma") != manifest["sha256"]:
        raise GenerationError("a file is not what was published")
    with closing(sqlite3.connect(f"{(folder / 'chroma' / DATABASE).as_uri()}?mode=ro", uri=True)) as reader:
        if reader.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise GenerationError("its database is damaged")
    generation = Generation(folder / "chroma")
    for name, count in manifest["counts"].items():
        if generation.count(ChunkKind(name)) != count:
            raise GenerationError(f"{name} does not hold {count} vectors")
    seen: dict[ChunkKind, int] = {}
    for kind, digests, rows in generation.vectors():
        if seen.setdefault(kind, 0) < SAMPLE:
            if not np.isfinite(rows).all():
                raise GenerationError("a vector holds no direction")
            lost = generation.missed(kind, digests[:SAMPLE], rows[:SAMPLE])
            listed = set(manifest["missed"].get(kind, ()))
            if any(digest.hex() not in listed for digest in lost):
                raise GenerationError(f"{kind} does not find its own vectors")
        seen[kind] += len(digests)
    if seen != {ChunkKind(name): count for name, count in manifest["counts"].items()}:
        raise GenerationError("not every vector can be read")
    generation.close()
    return {}


def _unit_rows(
    catalog: Path, dimensions: int, wanted: dict[ChunkKind, set[bytes]] | None = None
) -> Iterator[tuple[ChunkKind, list[bytes], NDArray[np.float32]]]:
    """Yield the catalog's rows as float32 of length one; those of ``wanted`` alone, when given.

    Rows without a direction (NaN, infinite, zero) are left out, as they are in exact search.
    """
    import numpy as np

    for kind, digests, rows in stored_vectors(catalog, dimensions):
        whole = rows.astype(np.float32)
        lengths = np.linalg.norm(whole, axis=1)
        usable = (np.isfinite(lengths) & (lengths > SHORTEST)).tolist()
        keep = [
            index
            for index, digest in enumerate(digests)
            if usable[index] and (wanted is None or digest in wanted.get(kind, ()))
        ]
        if keep:
            yield kind, [digests[index] for index in keep], whole[keep] / lengths[keep, None]


def _sums(chroma: Path) -> dict[str, str]:
    """Return the sha256 of each file of the vector index; the database changes when it is opened."""
    found = {}
    for file in sorted(chroma.rglob("*")):
        if file.is_file() and not file.name.startswith(DATABASE):
            with file.open("rb") as content:
                found[file.relative_to(chroma).as_posix()] = hashlib.file_digest(
                    content, "sha256"
                ).hexdigest()
    return found


def _progress(done: int) -> None:
    _say({"progress": done})
    if not sys.stdin.readline():
        # The parent is gone; what was written so far was never published.
        os._exit(1)


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _limit(rows: int, dimensions: int) -> None:
    """Run at low priority; cap files and memory to several times what such a store takes."""
    if hasattr(os, "nice"):
        os.nice(19)
    if sys.platform != "linux":
        return
    import resource

    vectors = rows * dimensions * 4
    # A file beyond the limit fails with EFBIG (Python ignores the signal that goes with it).
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * _MIB + 6 * vectors,) * 2)
    # Address space, not memory: threads and libraries reserve gigabytes that they never touch.
    resource.setrlimit(resource.RLIMIT_AS, (8_192 * _MIB + 8 * vectors,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
