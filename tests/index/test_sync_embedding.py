"""Vectors: made once for each text, in batches that a stop keeps, and taken back after a loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from indexer.errors import CancelledError, ModelError
from indexer.index import embedding_job
from indexer.index.catalog import Catalog, set_meta
from indexer.index.embedding import Embedder, load_embedder
from indexer.index.sync import Sync
from indexer.index.vectors import VectorIndex
from indexer.repo.parsing import ParsePool
from indexer.repo.repository import Repository
from indexer.settings import IndexingSettings
from indexer.types import ChunkKind
from tests.conftest import Bench, SmallRepository
from tests.index.conftest import Watcher


@pytest.fixture(scope="module")
def model() -> Embedder:
    """The packaged model itself."""
    made = load_embedder(IndexingSettings(), threads=1)
    assert made is not None
    return made


@dataclass
class Embedded:
    """An index with vectors, and what it is made of."""

    source: SmallRepository
    repository: Repository
    catalog: Catalog
    vectors: VectorIndex
    sync: Sync


@pytest.fixture
def embedded(
    bench: Bench, small_repository: SmallRepository, pool: ParsePool, model: Embedder
) -> Iterator[Embedded]:
    """The index of the small repository, with words but no vectors yet."""
    made = opened(bench, small_repository, pool, model)
    made.sync.words(Watcher())
    yield made
    made.catalog.close()


def opened(bench: Bench, source: SmallRepository, pool: ParsePool, model: Embedder) -> Embedded:
    folder = bench.locate(source).index_dir
    repository, catalog = bench.open(source), Catalog.open(folder)
    vectors = VectorIndex(folder, catalog.path, model.dimensions, smallest=1)
    vectors.load()
    return Embedded(
        source, repository, catalog, vectors, Sync(repository, catalog, pool, bench.settings, model, vectors)
    )


def kinds_with_vectors(catalog: Catalog) -> set[str]:
    rows = catalog.reader().execute("SELECT DISTINCT kind FROM passage JOIN vector USING (digest)")
    return {str(kind) for (kind,) in rows}


def test_every_passage_gets_a_vector_and_is_found_by_meaning(embedded: Embedded, model: Embedder) -> None:
    report = embedded.sync.embed(Watcher())
    assert report.embedded == 5
    assert report.vectors_complete
    nearest = embedded.vectors.search(ChunkKind.CODE, model.embed_query("say hello to somebody"), 1)
    text = "SELECT text FROM passage JOIN chunk ON chunk.id = chunk_id WHERE digest = ?"
    assert "HELLO" in embedded.catalog.reader().execute(text, (nearest[0][0],)).fetchone()[0]


def test_nothing_is_embedded_twice(embedded: Embedded) -> None:
    embedded.sync.embed(Watcher())
    assert embedded.sync.embed(Watcher()).embedded == 0
    source = embedded.source
    source.git("switch", "--quiet", "other")
    embedded.sync.words(Watcher())
    first = embedded.sync.embed(Watcher())
    source.git("switch", "--quiet", "main")
    embedded.sync.words(Watcher())
    second = embedded.sync.embed(Watcher())
    assert (first.embedded, second.embedded) == (1, 0)
    assert second.reused == 5


def test_what_was_made_before_a_stop_is_kept(embedded: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_job, "BATCH", 1)
    with pytest.raises(CancelledError):
        embedded.sync.embed(Watcher(patience=2))
    assert embedded.sync.embed(Watcher()).embedded == 3


def test_code_comes_first_then_documents_then_commits(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_job, "BATCH", 1)
    monkeypatch.setattr(embedding_job, "WINDOW", 1)
    seen = []
    for _ in range(3):
        with pytest.raises(CancelledError):
            embedded.sync.embed(Watcher(patience=1))
        seen.append(kinds_with_vectors(embedded.catalog))
    assert seen == [{"code"}, {"code", "doc"}, {"code", "doc", "commit"}]
    embedded_commits = (
        "SELECT symbol FROM passage JOIN vector USING (digest) JOIN chunk ON chunk.id = chunk_id "
        "WHERE path_id = 0"
    )
    assert embedded.catalog.reader().execute(embedded_commits).fetchall() == [("Shout",)]


def test_S14_vectors_of_another_model_are_never_mixed_in(embedded: Embedded) -> None:
    embedded.sync.embed(Watcher())
    with embedded.catalog.transaction() as writer:
        set_meta(writer, "model", "another")
    with pytest.raises(ModelError) as raised:
        embedded.sync.embed(Watcher())
    assert raised.value.hint
    assert embedded.sync.words(Watcher()).words_complete


def test_S14_vectors_of_an_earlier_file_of_the_packaged_model_are_made_anew(
    embedded: Embedded, model: Embedder
) -> None:
    embedded.sync.embed(Watcher())
    with embedded.catalog.transaction() as writer:
        writer.execute("UPDATE vector SET value = zeroblob(length(value))")
        set_meta(writer, "model", min(model.replaces))
    report = embedded.sync.embed(Watcher())
    assert (report.embedded, report.vectors_complete) == (5, True)
    stored = embedded.catalog.reader().execute("SELECT value FROM meta WHERE key = 'model'").fetchone()
    assert stored == (model.fingerprint,)
    assert embedded.vectors.search(ChunkKind.CODE, model.embed_query("say hello to somebody"), 1)[0][1] > 0.1


def test_S9_vectors_of_a_lost_catalog_are_taken_back_from_the_generation(
    embedded: Embedded, bench: Bench, pool: ParsePool, model: Embedder
) -> None:
    embedded.sync.run(Watcher())
    assert sum(len(digests) for digests, _ in embedded.vectors.stored_vectors()) == 5
    embedded.catalog.close()
    embedded.catalog.path.write_bytes(b"\xa5" * 50_000)
    again = opened(bench, embedded.source, pool, model)
    report = again.sync.words(Watcher())
    assert report.words_complete
    after = again.sync.embed(Watcher())
    assert (after.embedded, after.reused, after.vectors_complete) == (0, 5, True)
    nearest = again.vectors.search(ChunkKind.CODE, model.embed_query("say hello to somebody"), 1)
    assert nearest[0][1] > 0.1
    again.catalog.close()
