"""Keeps the catalog from growing for ever: content that nothing shows any more goes, oldest first."""

from __future__ import annotations

import sqlite3

from indexer.index.catalog import Catalog
from indexer.types import Control

HIDDEN_PER_SHOWN = 2.0
"""Hidden passages kept for each shown one: enough for the branches that one switches between."""

HIDDEN_AT_LEAST = 20_000
"""Hidden passages kept in any case: some 60 MB, and a week of saving one file again and again."""

_BLOBS_AT_ONCE = 200


def prune(catalog: Catalog, control: Control) -> int:
    """Remove the longest known of the content that is not current, where there is too much of it.

    Commits stay, reachable or not: they are small, and what a note quotes may be one of them.
    Returns how many blobs went. They are read again, from git, when they come back.
    """
    writer = catalog.writer()
    removed = 0
    while _hidden(writer) > max(HIDDEN_AT_LEAST, HIDDEN_PER_SHOWN * _shown(writer)):
        control.checkpoint()
        blobs = writer.execute(
            "SELECT id FROM blob WHERE id NOT IN (SELECT blob_id FROM entry WHERE blob_id NOTNULL) "
            "ORDER BY id LIMIT ?",
            (_BLOBS_AT_ONCE,),
        ).fetchall()
        if not blobs:
            break  # what is hidden stands at other paths of content that is shown
        with catalog.transaction():
            _remove(writer, blobs)
        removed += len(blobs)
    if removed:
        with catalog.transaction():
            writer.execute("DELETE FROM vector WHERE digest NOT IN (SELECT digest FROM passage)")
            writer.execute(
                "DELETE FROM blame WHERE NOT EXISTS (SELECT 1 FROM entry "
                "WHERE entry.path_id = blame.path_id AND entry.oid = blame.oid)"
            )
    return removed


def _remove(writer: sqlite3.Connection, blobs: list[tuple[int]]) -> None:
    writer.execute("CREATE TEMP TABLE IF NOT EXISTS gone (blob_id INTEGER PRIMARY KEY)")
    writer.execute("CREATE TEMP TABLE IF NOT EXISTS gone_passage (id INTEGER PRIMARY KEY)")
    writer.execute("DELETE FROM gone")
    writer.execute("DELETE FROM gone_passage")
    writer.executemany("INSERT INTO gone VALUES (?)", blobs)
    writer.execute(
        "INSERT INTO gone_passage SELECT passage.id FROM gone JOIN chunk USING (blob_id) "
        "JOIN passage ON passage.chunk_id = chunk.id"
    )
    for table in ("words_code", "words_doc"):
        writer.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT id FROM gone_passage)")  # noqa: S608
    writer.execute("DELETE FROM passage WHERE id IN (SELECT id FROM gone_passage)")
    for table in ("chunk", "symbol", "reference", "redaction"):
        writer.execute(f"DELETE FROM {table} WHERE blob_id IN (SELECT blob_id FROM gone)")  # noqa: S608
    writer.execute("DELETE FROM blob WHERE id IN (SELECT blob_id FROM gone)")


def _hidden(writer: sqlite3.Connection) -> int:
    return _count(writer, "SELECT count(*) FROM passage WHERE current = 0 AND path_id != 0")


def _shown(writer: sqlite3.Connection) -> int:
    return _count(writer, "SELECT count(*) FROM passage WHERE current = 1 AND path_id != 0")


def _count(writer: sqlite3.Connection, statement: str) -> int:
    return int(writer.execute(statement).fetchone()[0])
