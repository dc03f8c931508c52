"""What is in the index: counts for `status`, and everything that was left out, with its reason."""

from __future__ import annotations

import json
import sqlite3

from indexer.index.catalog import get_meta
from indexer.types import ChunkCounts, ChunkKind, Skipped, shown_path


def chunk_counts(reader: sqlite3.Connection) -> ChunkCounts:
    """Return how many current chunks there are of each kind; notes are not counted here."""
    found = dict(reader.execute("SELECT kind, count(*) FROM passage WHERE current = 1 GROUP BY kind"))
    return ChunkCounts(
        code=found.get(ChunkKind.CODE, 0),
        doc=found.get(ChunkKind.DOC, 0),
        commit=found.get(ChunkKind.COMMIT, 0),
    )


def passage_count(reader: sqlite3.Connection) -> int:
    """Return how many current passages there are."""
    return _number(reader, "SELECT count(*) FROM passage WHERE current = 1")


def embedded_count(reader: sqlite3.Connection) -> int:
    """Return how many current passages have a vector."""
    return _number(
        reader,
        "SELECT count(*) FROM passage WHERE current = 1 AND EXISTS "
        "(SELECT 1 FROM vector WHERE vector.digest = passage.digest)",
    )


def count_files(reader: sqlite3.Connection) -> int:
    """Return how many current files there are, those that are not read included."""
    return _number(reader, "SELECT count(*) FROM entry")


def count_symbols(reader: sqlite3.Connection) -> int:
    """Return how many symbols the current files define."""
    return _number(
        reader,
        "SELECT count(*) FROM symbol WHERE blob_id IN (SELECT blob_id FROM entry WHERE blob_id NOTNULL)",
    )


def count_commits(reader: sqlite3.Connection) -> int:
    """Return how many commits HEAD's ancestry has, as far as it is indexed."""
    return _number(reader, "SELECT count(*) FROM commits WHERE reachable = 1")


def count_redactions(reader: sqlite3.Connection) -> int:
    """Return how many secrets were cut out of what is stored, in files and in messages."""
    return _number(reader, "SELECT count(*) FROM redaction")


def languages(reader: sqlite3.Connection) -> dict[str, int]:
    """Return how many current files each language has, most first; "" is a language unknown."""
    rows = reader.execute(
        "SELECT language, count(*) AS files FROM entry JOIN blob ON blob.id = entry.blob_id "
        "WHERE entry.skipped = '' GROUP BY language ORDER BY files DESC, language"
    )
    return {str(language): int(files) for language, files in rows}


def skipped_list(reader: sqlite3.Connection) -> list[Skipped]:
    """Return each path whose content is not searchable, with the reason; paths as shown."""
    rows = reader.execute(
        "SELECT shown, skipped FROM entry JOIN path ON path.id = entry.path_id "
        "WHERE skipped != '' ORDER BY shown"
    )
    return [Skipped(shown, reason) for shown, reason in rows] + _left_out(reader)


def fallback_list(reader: sqlite3.Connection) -> list[Skipped]:
    """Return each path that is searchable, but was not read in the best way, with the reason."""
    rows = reader.execute(
        "SELECT shown, notice FROM entry JOIN path ON path.id = entry.path_id "
        "JOIN blob ON blob.id = entry.blob_id WHERE notice != '' AND entry.skipped = '' ORDER BY shown"
    )
    return [Skipped(shown, notice) for shown, notice in rows]


def _left_out(reader: sqlite3.Connection) -> list[Skipped]:
    """Return what no path of the index stands for: unsafe paths, lost folders and commits."""
    listed: list[tuple[str, str]] = json.loads(get_meta(reader, "left_out") or "[]")
    return [Skipped(shown_path(path), reason) for path, reason in listed]


def _number(reader: sqlite3.Connection, statement: str) -> int:
    return int(reader.execute(statement).fetchone()[0])
