"""Follow a file back through its renames, so that its history does not begin at the last move."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

MOVES: Final = 4
"""Renames that are followed back."""


def with_former_paths(reader: sqlite3.Connection, path_ids: Sequence[int]) -> list[int]:
    """Return ``path_ids`` and those of the paths that the same files stood at before.

    A file has moved where one commit adds it and deletes one of the same name elsewhere; a module became
    a package where it adds `query/parse.py` and deletes `query.py`, and a package a module where it is the
    other way round. Two of the same name deleted at once tell nothing, and are not followed.
    """
    found = list(path_ids)
    pending = [(path_id, 0) for path_id in path_ids]
    while pending:
        path_id, moves = pending.pop()
        former = _former(reader, path_id)
        if former is not None and former not in found:
            found.append(former)
            if moves < MOVES:
                pending.append((former, moves + 1))
    return found


def _former(reader: sqlite3.Connection, path_id: int) -> int | None:
    row = reader.execute("SELECT shown FROM path WHERE id = ?", (path_id,)).fetchone()
    if row is None:
        return None
    name = str(row[0]).rpartition("/")[2]
    rows = reader.execute(
        "SELECT DISTINCT gone.path_id, p.shown FROM change made JOIN commits c ON c.id = made.commit_id"
        " JOIN change gone ON gone.commit_id = made.commit_id AND gone.status = 'D'"
        " JOIN path p ON p.id = gone.path_id"
        " WHERE made.path_id = ? AND made.status = 'A' AND c.reachable = 1",
        (path_id,),
    ).fetchall()
    same = [former for former, shown in rows if shown.rpartition("/")[2] == name]
    if same:
        return same[0] if len(same) == 1 else None
    before = _otherwise(str(row[0]))
    return next((former for former, shown in rows if shown in before), None)


def _otherwise(path: str) -> frozenset[str]:
    """Return what a file may have been: a module where it is of a package, a package where it is a module."""
    folder, _, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if not dot or not folder:
        return frozenset()
    inside = f"{folder}/{stem}"
    return frozenset((f"{folder}.{ending}", *(f"{inside}/{each}.{ending}" for each in _HEADS)))


_HEADS: Final = ("__init__", "index", "mod")
"""What the file is called that a package is, in the languages that have one."""
