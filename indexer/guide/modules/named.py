"""What files take of others by its name alone, for a survey; the texts of a content are looked for once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

import msgspec

from indexer.guide.by_name import ByName, Definitions, Given, given_in, taken
from indexer.guide.modules.store import Store
from indexer.guide.modules.tree import TreeFile
from indexer.types import FileMark

_GIVEN: Final = "given"
_PASSED: Final = FileMark.GENERATED | FileMark.VENDORED | FileMark.DOCUMENTATION
_PROSE: Final = frozenset(("markdown", "rst", "asciidoc", "text", "csv", "json"))
_LIST: Final = msgspec.msgpack.Decoder(list[tuple[int, str, str]])


def named(reader: sqlite3.Connection, store: Store, files: Mapping[int, TreeFile]) -> tuple[ByName, ...]:
    """Return every use by name between current files; ``files``: all of them, by the id of the path."""
    reading = {
        path_id: file
        for path_id, file in files.items()
        if file.blob_id is not None
        and file.language
        and file.language not in _PROSE
        and not file.marks & _PASSED
    }
    known = store.read_all(_GIVEN)
    fresh: dict[str, bytes] = {}
    given: dict[int, list[Given]] = {}
    for path_id, file in reading.items():
        key = f"{file.oid}:{file.language}"
        packed = fresh.get(key) or (known[key][1] if key in known else None)
        if packed is None and file.blob_id is not None:
            found = given_in(reader, file.blob_id, file.path)
            rows = [(each.line, each.home, each.name) for each in found]
            packed = fresh[key] = msgspec.msgpack.encode(rows)
        if packed is not None and len(packed) > 1:
            given[path_id] = [Given(*each) for each in _LIST.decode(packed)]
    store.write(_GIVEN, [(key, "", value) for key, value in fresh.items()])
    gone = known.keys() - {f"{file.oid}:{file.language}" for file in reading.values()}
    if len(gone) > len(reading):
        store.forget(_GIVEN, sorted(gone))
    definitions = Definitions(reader, {path_id: file.path for path_id, file in files.items() if file.is_code})
    return tuple(taken(definitions, given))
