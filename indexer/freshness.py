"""Of what state of the repository the index speaks, told without waiting for anything."""

from __future__ import annotations

import sqlite3
import threading
import time

from indexer.errors import LorebaseError
from indexer.index import contents
from indexer.index.catalog import Catalog, get_meta
from indexer.repo.repository import Repository
from indexer.types import Freshness

COUNT_EVERY = 2.0
"""Seconds between two counts while the index grows: a count takes as long as a search."""


class FreshnessReader:
    """Remembers what is dear to find out: how far HEAD has moved, and how much is embedded."""

    def __init__(self, repository: Repository, catalog: Catalog, *, working_copy: bool) -> None:
        self._repository = repository
        self._catalog = catalog
        self._working_copy = working_copy
        self._lock = threading.Lock()
        self._hint = ""
        self._head: str | None = None
        self._distance: tuple[str | None, str | None, int] = (None, None, 0)
        self._counted: float | None = None
        self._version = (0, 0)
        self._counts = (0, 0)

    def read(self) -> Freshness:
        """Return it as of now."""
        with self._lock:
            reader = self._catalog.reader()
            indexed = get_meta(reader, "head")
            complete = get_meta(reader, "words_complete") == "1"
            notices: tuple[str, ...] = ()
            try:
                head = self._current_head()
                problem = self._repository.head_problem
                if head is None and indexed is not None and problem:
                    # The index was kept: that it is at HEAD's commit must not be believed.
                    notices = (f"{problem}. Answers are from the index as it was.",)
                    head = indexed
            except LorebaseError as error:
                head = indexed
                notices = (f"{error.message} Answers are from the index as it was.",)
            passages, embedded = self._count(reader)
            return Freshness(
                commit_id=indexed,
                head_id=head,
                behind=self._behind(indexed, head),
                working_copy=self._working_copy,
                words_complete=complete,
                passages=passages,
                embedded=embedded,
                notices=notices,
            )

    def forget_counts(self) -> None:
        """Count anew at the next reading: a step of a job has ended."""
        self._counted = None

    def _current_head(self) -> str | None:
        hint = self._repository.head_hint()
        if hint != self._hint:
            self._head = self._repository.refresh()
            # What could not be read may be there again in a moment, though no reference moves.
            self._hint = "" if self._repository.head_problem else hint
        return self._head

    def _behind(self, indexed: str | None, head: str | None) -> int:
        if indexed == head or head is None:
            return 0
        if indexed is None:
            return -1
        if self._distance[:2] != (indexed, head):
            self._distance = (indexed, head, self._repository.count_between(indexed, head))
        return self._distance[2]

    def _count(self, reader: sqlite3.Connection) -> tuple[int, int]:
        # The number rises, for one connection, whenever another one has committed.
        version = (id(reader), int(reader.execute("PRAGMA data_version").fetchone()[0]))
        now = time.monotonic()
        if self._counted is None or (version != self._version and now - self._counted > COUNT_EVERY):
            with self._catalog.snapshot() as snapshot:
                self._counts = (contents.passage_count(snapshot), contents.embedded_count(snapshot))
            self._version = version
            self._counted = time.monotonic()
        return self._counts
