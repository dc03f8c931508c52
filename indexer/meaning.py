"""Search by meaning, loaded when it is first needed, and left out with a notice where it fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from indexer.answer.retrieval import Retriever
from indexer.errors import ModelError
from indexer.index.catalog import Catalog
from indexer.index.embedding import Embedder, PackagedModel, load_embedder
from indexer.index.vectors import VectorIndex
from indexer.settings import EngineSettings, IndexingSettings
from indexer.types import ChunkKind, Hit, Query

if TYPE_CHECKING:
    from indexer.index.embedding import Vectors

PACKAGED = "packaged"

OTHER_MODEL = (
    "The index was made with another embedding model, so this was searched by words only; "
    "`lorebase repair --rebuild` makes it anew."
)
EARLIER_FILE = (
    "The embedding model came anew with the program, and the vectors are made anew for it; until then this is"
    " searched by words only."
)


class LateEmbedder:
    """An Embedder whose model is read (.2 s, 60 MB) by the first text it is given.

    Each method raises ModelError when the model is missing or damaged.
    """

    def __init__(self, indexing: IndexingSettings, engine: EngineSettings) -> None:
        self._indexing = indexing
        self._threads = engine.embed_threads
        self._lock = threading.Lock()
        self._model: Embedder | None = None
        self._asked: tuple[str, Vectors] | None = None

    @property
    def name(self) -> str:
        """See Embedder."""
        if self._model is None:
            return PackagedModel.name if self._indexing.model == PACKAGED else self._indexing.model
        return self._model.name

    @property
    def fingerprint(self) -> str:
        """See Embedder."""
        return self.model().fingerprint

    @property
    def replaces(self) -> frozenset[str]:
        """See Embedder."""
        return self.model().replaces

    @property
    def dimensions(self) -> int:
        """See Embedder."""
        return PackagedModel.dimensions if self._indexing.model == PACKAGED else self.model().dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        return self.model().embed(texts)

    def embed_query(self, text: str) -> Vectors:
        """See Embedder; a question that is searched for and then compared is embedded once."""
        asked = self._asked
        if asked is None or asked[0] != text:
            asked = self._asked = (text, self.model().embed_query(text))
        return asked[1]

    def model(self) -> Embedder:
        """Return the model, read now if it was not yet."""
        with self._lock:
            if self._model is None:
                loaded = load_embedder(self._indexing, self._threads)
                assert loaded is not None, "made for a model that the settings turn off"
                self._model = loaded
            return self._model


class LateVectors:
    """A VectorIndex that is filled from the catalog by the first search."""

    def __init__(self, index: VectorIndex) -> None:
        self.index = index
        self._lock = threading.Lock()
        self._loaded = False

    def load(self) -> None:
        """Fill it now, if it was not yet."""
        with self._lock:
            if not self._loaded:
                self.index.load()
                self._loaded = True

    def search(self, kind: ChunkKind, vector: Vectors, k: int) -> Sequence[tuple[bytes, float]]:
        """See VectorIndex."""
        self.load()
        return self.index.search(kind, vector, k)


class Searcher:
    """Searches by words and meaning; by words alone where there is no model, or the wrong one."""

    def __init__(
        self,
        catalog: Catalog,
        embedder: LateEmbedder | None,
        vectors: LateVectors | None,
        notes_search: Callable[[str, int], list[Hit]],
    ) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._by_words = Retriever(catalog, None, None, notes_search)
        self._full = Retriever(catalog, vectors, embedder, notes_search)

    def search(self, query: Query) -> tuple[list[Hit], list[str]]:
        """Return ranked hits, and notices for the reader."""
        if self._catalog.get("model") is None or self._embedder is None:
            # Nothing has a vector yet: neither the model nor an empty index need be loaded.
            return self._by_words.search(query)
        problem = self.problem()
        try:
            if not problem:
                return self._full.search(query)
        except ModelError as error:
            problem = f"{error.message} {error.hint}".strip()
        hits, notices = self._by_words.search(query)
        return hits, [problem, *notices]

    def problem(self) -> str:
        """Return why meaning cannot be searched although there are vectors; empty if it can."""
        stored = self._catalog.get("model")
        if stored is None or self._embedder is None:
            return ""
        try:
            if stored == self._embedder.fingerprint:
                return ""
            return EARLIER_FILE if stored in self._embedder.replaces else OTHER_MODEL
        except ModelError as error:
            return f"{error.message} {error.hint}".strip()
