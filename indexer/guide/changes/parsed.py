"""Contents parsed once for all ranges that meet them: who moves a range along asks for most of it again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.repo.languages import FileClass, classify
from indexer.repo.parsing import ParseJob, ParsePool
from indexer.repo.repository import Repository
from indexer.types import Control, ParsedFile

SYMBOLS_KEPT: Final = 60_000
"""Definitions that are held between ranges, some 30 MB without what they say of themselves."""

AT_ONCE: Final = 200
"""Contents asked of git together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A content to parse: ``key`` comes back with what was found in it."""

    key: int
    path: str
    oid: str


class Parser:
    """Parses contents in processes that can be ended; callable from several threads."""

    def __init__(self, repository: Repository, pool: ParsePool) -> None:
        self._repository = repository
        self._pool = pool
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], ParsedFile] = OrderedDict()
        self._symbols = 0

    def parse(self, wanted: Sequence[Wanted], max_bytes: int, control: Control) -> dict[int, ParsedFile]:
        """Return what each content holds, by key, without its text; larger ones are left out."""
        found: dict[int, ParsedFile] = {}
        left: list[Wanted] = []
        with self._lock:
            for each in wanted:
                known = self._known.get((each.oid, each.path))
                if known is None:
                    left.append(each)
                else:
                    self._known.move_to_end((each.oid, each.path))
                    found[each.key] = known
        places = {each.key: each for each in left}
        for key, parsed in self._pool.parse(self._jobs(left, max_bytes), control.checkpoint):
            symbols = tuple(replace(each, doc="") for each in parsed.symbols)
            light = replace(parsed, chunks=(), references=(), symbols=symbols)
            found[key] = light
            self._keep(places[key], light)
        return found

    def _jobs(self, wanted: Sequence[Wanted], max_bytes: int) -> Iterable[ParseJob]:
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            blobs = self._repository.blobs([each.oid for each in part], max_bytes)
            for each, blob in zip(part, blobs, strict=True):
                if blob.data is not None:
                    file_class: FileClass = classify(each.path, {})
                    yield ParseJob(each.key, each.path, file_class, blob.data)

    def _keep(self, place: Wanted, parsed: ParsedFile) -> None:
        with self._lock:
            self._known[place.oid, place.path] = parsed
            self._symbols += len(parsed.symbols) + 1
            while self._symbols > SYMBOLS_KEPT and self._known:
                _, old = self._known.popitem(last=False)
                self._symbols -= len(old.symbols) + 1
