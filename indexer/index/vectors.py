"""Finds the chunks whose vectors are nearest to a question's: exactly, or in a Chroma generation.

The catalog holds every vector; what is here can be had from it again. A generation answers for
what it covers, the rest (what came since, what Chroma does not find) is searched exactly.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import ModelError, StorageError
from indexer.index.exact import ExactRows
from indexer.index.generation import Generation, GenerationError
from indexer.index.generations import ChildError, Generations, Manifest
from indexer.index.stored import live_digests, model_fingerprint, stored_vectors
from indexer.types import ChunkKind, Control, Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

SMALLEST = 2_000
"""Below so many vectors no generation is built: an exact search takes a fifth of a millisecond."""

EXACT_FACTOR = 10
"""Times ``SMALLEST``: a kind with fewer vectors is searched exactly though a generation holds it too.
Measured: 10,000 vectors .24 ms, 20,000 .9 ms, 40,000 1.8 ms; Chroma 5 ms whatever their number.
"""

LEAST_COVERED = 0.9
"""A generation that covers less of what is live is not searched, and a new one is built."""

LARGE = 50_000
"""From here on the generation is opened before the first search, to hold the vectors once only."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A generation that is searched."""

    manifest: Manifest
    store: Generation
    kinds: frozenset[ChunkKind]
    """Which are searched in it: at least one."""


class VectorIndex:
    """All vectors of one index, by kind. Every method may be called from any thread."""

    def __init__(
        self, index_dir: Path, catalog_path: Path, dimensions: int, smallest: int = SMALLEST
    ) -> None:
        self._catalog = catalog_path
        self._dimensions = dimensions
        self._smallest = smallest
        self._generations = Generations(index_dir, catalog_path, dimensions)
        self._lock = threading.Lock()
        self._switching = threading.Lock()
        """Held while the generation or the exact rows are replaced, which takes seconds."""
        self._exact = self._empty()
        self._recent: list[tuple[ChunkKind, Sequence[bytes], NDArray[np.floating]]] | None = None
        self._open: _Open | None = None
        self._loaded = False
        self._opener: threading.Thread | None = None
        self._failure = ""
        """Why the last generation could not be built; empty when it was, or none was tried."""

    @property
    def generation(self) -> str:
        """Id of the published generation that is searched; empty while search is exact."""
        opened = self._open
        return opened.manifest.id if opened else ""

    def load(self) -> None:
        """Read what the catalog holds; what is added meanwhile is not lost.

        Search is exact from then on, until the published generation was tried and opened in the
        background. Raises ModelError when a stored vector has another length than the model's.
        """
        live = live_digests(self._catalog)
        manifest = next(iter(self._usable(live)), None)
        large = sum(map(len, live.values())) >= LARGE
        if large and manifest and self._generations.unchanged(manifest) and self._open_published(live):
            return
        self._fill(None)
        if manifest and self._searched_in(manifest):
            with self._lock:
                if self._opener is None or not self._opener.is_alive():
                    # Not a daemon: an interpreter must not end while native code is being loaded.
                    self._opener = threading.Thread(target=self._open_quietly, name="generation")
                    self._opener.start()

    def add(self, kind: ChunkKind, digests: Sequence[bytes], rows: NDArray[np.floating]) -> None:
        """Make rows (len(digests), dimensions) findable at once; the catalog has them already.

        Rows without a direction (NaN, zero) are left out and counted; raises ModelError for rows
        of another length than the model's.
        """
        with self._lock:
            if self._recent is not None:
                self._recent.append((kind, digests, rows))
            exact = self._exact[kind]
        exact.add(digests, rows)

    def search(self, kind: ChunkKind, vector: Vectors, k: int) -> list[tuple[bytes, float]]:
        """Return up to ``k`` digests with their cosine, best first.

        They are of all that is stored: the caller drops those that it does not want any more.
        """
        query = self._query(vector)
        with self._lock:
            exact, opened = self._exact[kind], self._open
        found = exact.search(query, k)
        if opened is None or kind not in opened.kinds:
            return found
        try:
            found += opened.store.search(kind, query, min(k, opened.manifest.counts.get(kind, 0)))
        except GenerationError:
            self._fill(None)
            return self.search(kind, vector, k)
        best: dict[bytes, float] = {}
        for digest, score in found:
            best[digest] = max(score, best.get(digest, score))
        return sorted(best.items(), key=lambda each: -each[1])[:k]

    def complete(self, kind: ChunkKind) -> bool:
        """Return whether everything that the catalog held at the last load can be found."""
        return self._loaded and not self._exact[kind].refused

    def count(self, kind: ChunkKind) -> int:
        """Return how many vectors of ``kind`` can be found."""
        opened = self._open
        stored = opened.manifest.counts.get(kind, 0) if opened and kind in opened.kinds else 0
        return len(self._exact[kind]) + stored

    def stored_vectors(self) -> Iterator[tuple[Sequence[bytes], Vectors]]:
        """Yield digests with their unit rows from a sound generation, for a catalog that lost them.

        Nothing comes when there is none, or when it was made with another model than the
        catalog names.
        """
        model = model_fingerprint(self._catalog)
        for manifest in self._generations.published():
            if manifest.model != model or not self._generations.sound(manifest):
                continue
            try:
                store = Generation(self._generations.chroma(manifest))
                yield from ((digests, rows) for _, digests, rows in store.vectors())
                store.close()
            except GenerationError:
                continue
            self._remember(manifest)
            return

    def build_generation(self, control: Control) -> None:
        """Build, verify and publish a new generation when a tenth has changed since the last.

        Runs in a child; search goes on with what is there. Nothing is lost when it fails or is
        stopped (CancelledError). Raises StorageError when the disk refuses.
        """
        live = live_digests(self._catalog)
        total = sum(map(len, live.values()))
        if total < self._smallest or any(self._usable(live, sound=True)):
            return
        try:
            self._generations.build(model_fingerprint(self._catalog), total, control)
        except ChildError as error:
            self._failure = str(error)  # search stays exact; `check` says so, the next job tries again
            return
        except OSError as error:
            raise StorageError(
                f"The vectors' index could not be written: {error}",
                "Search by meaning still works, exactly. Free some space and index again.",
            ) from error
        self._failure = ""
        self._open_published(live)

    def check(self) -> list[Finding]:
        """Return what the doctor should tell of the vectors."""
        findings = []
        refused = sum(exact.refused for exact in self._exact.values())
        if refused:
            message = f"{refused} vectors hold no direction; their passages are found by words only."
            findings.append(Finding("vectors", Severity.NOTICE, message, "Run `lorebase repair`."))
        if self._generations.quarantined():
            message = "A damaged vector index was set aside. Search is exact until a new one is built."
            findings.append(Finding("generation", Severity.NOTICE, message, "Run `lorebase index`."))
        if self._failure:
            message = f"The last vector index could not be built ({self._failure}); search is exact."
            findings.append(Finding("generation", Severity.NOTICE, message, "Run `lorebase index`."))
        for manifest in self._generations.published():
            if not self._generations.sound(manifest):
                message = f"The vector index {manifest.id} is damaged. The vectors themselves are safe."
                findings.append(Finding("generation", Severity.DAMAGED, message, "Run `lorebase repair`."))
        how = f"in generation {self.generation}" if self.generation else "exactly, one by one"
        return [*findings, Finding("vectors", Severity.OK, f"Meaning is searched {how}.")]

    def forget(self) -> None:
        """Drop every vector, in memory and in generations; the catalog's are the caller's."""
        with self._switching:
            with self._lock:
                self._exact, self._recent, opened, self._open = self._empty(), None, self._open, None
                self._loaded = False
            _close(opened)
            self._generations.forget()

    def close(self) -> None:
        """Wait for what runs in the background, and let go of the files."""
        opener = self._opener
        if opener is not None:
            opener.join()
        with self._switching, self._lock:
            opened, self._open = self._open, None
        _close(opened)
        if opened is not None:
            self._remember(opened.manifest)

    # ---------------------------------------------------------------------------- private

    def _usable(self, live: Mapping[ChunkKind, Set[bytes]], *, sound: bool = False) -> Iterator[Manifest]:
        """Yield the generations that cover enough of ``live``; the damaged ones are set aside."""
        model = model_fingerprint(self._catalog)
        for manifest in self._generations.published():
            if manifest.dimensions != self._dimensions or manifest.model != model:
                continue
            covered = self._generations.covered(manifest)
            total = sum(map(len, live.values()))
            common = sum(len(own & covered.get(kind, set())) for kind, own in live.items())
            gone = sum(map(len, covered.values())) - common
            if common < LEAST_COVERED * total or gone > (1 - LEAST_COVERED) * total:
                continue
            if sound and not self._generations.sound(manifest):
                self._set_aside(manifest)
                continue
            yield manifest

    def _open_quietly(self) -> None:
        # At the edge of a thread: search is exact, and stays so.
        try:
            self._open_published(live_digests(self._catalog))
        except (OSError, ModelError):
            return

    def _open_published(self, live: Mapping[ChunkKind, Set[bytes]]) -> bool:
        """Open the first sound generation that covers enough; return whether one is searched.

        One in which nothing would be searched stays shut: opening it takes half a second of the
        processor, just when the first questions come.
        """
        for manifest in self._usable(live, sound=True):
            if manifest.id == self.generation:
                return True
            kinds = self._searched_in(manifest)
            if not kinds:
                self._generations.point_at(manifest)
                if self._open is not None:
                    self._fill(None)
                return False
            try:
                store = Generation(self._generations.chroma(manifest))
                for kind, count in manifest.counts.items():
                    if store.count(kind) != count:
                        raise GenerationError(f"{kind} does not hold {count} vectors")
            except GenerationError:
                self._set_aside(manifest)
                continue
            self._fill(_Open(manifest, store, kinds))
            self._generations.point_at(manifest)
            self._remember(manifest)
            return True
        return False

    def _searched_in(self, manifest: Manifest) -> frozenset[ChunkKind]:
        """Return the kinds that are searched in a generation; the others are compared one by one."""
        large = EXACT_FACTOR * self._smallest
        return frozenset(kind for kind, count in manifest.counts.items() if count >= large)

    def _set_aside(self, manifest: Manifest) -> None:
        if self.generation == manifest.id:
            self._fill(None)
        self._generations.quarantine(manifest)

    def _remember(self, manifest: Manifest) -> None:
        try:
            self._generations.remember(manifest)
        except OSError:
            return  # it is tried in a child again next time

    def _fill(self, opened: _Open | None) -> None:
        """Replace the exact rows by all that ``opened`` does not cover, and search in it."""
        with self._switching:
            with self._lock:
                self._recent = []
            covered = self._generations.covered(opened.manifest) if opened else {}
            covered = {kind: own for kind, own in covered.items() if opened and kind in opened.kinds}
            exact = self._empty()
            try:
                for kind, digests, rows in stored_vectors(self._catalog, self._dimensions):
                    known = covered.get(kind, set())
                    wanted = [index for index, digest in enumerate(digests) if digest not in known]
                    exact[kind].add([digests[index] for index in wanted], rows[wanted])
            finally:
                with self._lock:
                    recent, self._recent = self._recent or [], None
            with self._lock:
                for kind, own, added in recent:
                    exact[kind].add(own, added)
                self._exact, former, self._open = exact, self._open, opened
                self._loaded = True
        if former is not opened:
            _close(former)

    def _empty(self) -> dict[ChunkKind, ExactRows]:
        return {kind: ExactRows(self._dimensions) for kind in ChunkKind}

    def _query(self, vector: Vectors) -> Vectors:
        import numpy as np  # late: a front that names this type must not pay for it

        if vector.shape != (self._dimensions,):
            raise ModelError(
                f"The question's vector has shape {vector.shape}, the index {self._dimensions} dimensions.",
                "The index was made with another model; set that one again, or make the vectors anew.",
            )
        return np.asarray(vector, np.float32)


def _close(opened: _Open | None) -> None:
    if opened is None:
        return
    try:
        opened.store.close()
    except GenerationError:
        return  # nothing was written, so nothing can be lost
