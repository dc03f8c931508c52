"""An index of a small real repository, with the real parsers, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from indexer.errors import CancelledError
from indexer.index.catalog import Catalog
from indexer.index.sync import Sync
from indexer.repo.parsing import ParsePool
from indexer.repo.repository import Repository
from indexer.repo.words import stems
from indexer.settings import Settings
from indexer.types import IndexReport, Progress
from tests.conftest import Bench, SmallRepository


@dataclass
class Watcher:
    """A control that notes what it is told, and stops the work when ``patience`` is used up."""

    patience: int = -1
    told: list[Progress] = field(default_factory=list)

    def checkpoint(self) -> None:
        if self.patience == 0:
            raise CancelledError("stopped")
        self.patience -= 1

    def report(self, progress: Progress) -> None:
        self.told.append(progress)


@dataclass
class Index:
    """An open index of ``source``. ``parts`` are what `Sync` is built of."""

    source: SmallRepository
    repository: Repository
    catalog: Catalog
    sync: Sync

    def words(self) -> IndexReport:
        """Bring the words up to date."""
        return self.sync.words(Watcher())

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the catalog, as a reader does."""
        return self.catalog.reader().execute(statement, values).fetchall()

    def column(self, statement: str, *values: object) -> list[object]:
        """Return the first column of what the catalog answers."""
        return [row[0] for row in self.rows(statement, *values)]

    def shown(self) -> set[str]:
        """Return the paths that are current."""
        return {str(each) for each in self.column("SELECT shown FROM entry JOIN path ON id = path_id")}

    def found(self, words: str, table: str = "words_code") -> set[str]:
        """Return the paths (or subjects) of current passages that hold any of ``words``."""
        return {
            str(each)
            for each in self.column(
                "SELECT coalesce(path.shown, chunk.symbol) FROM passage JOIN chunk ON chunk.id = chunk_id "
                "LEFT JOIN path ON path.id = path_id WHERE current = 1 AND passage.id IN "
                f"(SELECT rowid FROM {table} WHERE {table} MATCH ?)",
                " OR ".join(f'"{each}"' for each in stems(words)),
            )
        }


OpenIndex = Callable[..., Index]


@pytest.fixture(scope="session")
def pool() -> Iterator[ParsePool]:
    """The real parser processes, started once: that takes longer than most tests do."""
    made = ParsePool(2, 2.0)
    yield made
    made.close()


@pytest.fixture
def open_index(bench: Bench, settings: Settings, pool: ParsePool) -> Iterator[OpenIndex]:
    """Open the index of a repository; keyword arguments change the indexing settings."""
    opened: list[Catalog] = []

    def open_it(source: SmallRepository, **changes: object) -> Index:
        chosen = replace(settings, indexing=replace(settings.indexing, **changes))
        repository = bench.open(source)
        catalog = Catalog.open(bench.locate(source).index_dir)
        opened.append(catalog)
        return Index(source, repository, catalog, Sync(repository, catalog, pool, chosen, None, None))

    yield open_it
    for each in opened:
        each.close()
