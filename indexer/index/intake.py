"""The writing side of content: parsed blobs, the paths they stand at, and the words of both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from indexer.index.embedding import digest_of, text_to_embed
from indexer.index.lexical import columns
from indexer.types import ChunkKind, ParsedFile, shown_path

_WORDS_TABLES = {ChunkKind.CODE: "words_code", ChunkKind.DOC: "words_doc", ChunkKind.COMMIT: "words_commit"}


class StoredChunk(NamedTuple):
    """A chunk as it stands in the catalog; a tuple, since a first load makes ten thousands."""

    id: int
    kind: ChunkKind
    symbol: str
    text: str
    words: str


class Intake:
    """Gathers rows in memory, and writes them in one go with ``flush``, inside a transaction.

    Ids are given here, without asking the database, since nobody else writes. One intake serves
    one run: what was gathered and not flushed is forgotten with it.
    """

    def __init__(self, writer: sqlite3.Connection) -> None:
        self._path_ids: dict[str, int] = {
            bytes(raw).decode("utf-8", "surrogateescape"): path_id
            for path_id, raw in writer.execute("SELECT id, raw FROM path")
        }
        self._next_path = _next_id(writer, "path")
        self._next_blob = _next_id(writer, "blob")
        self._next_chunk = _next_id(writer, "chunk")
        self._next_passage = _next_id(writer, "passage")
        self._rows: dict[str, list[tuple[object, ...]]] = {statement: [] for statement in _STATEMENTS}
        self.pending = 0

    def path_id(self, path: str) -> int:
        """Return the id of ``path``; an unknown one is given an id and a row."""
        known = self._path_ids.get(path)
        if known is None:
            known = self._path_ids[path] = self._next_path
            self._next_path += 1
            self._rows["path"].append((known, path.encode("utf-8", "surrogateescape"), shown_path(path)))
        return known

    def known_path_id(self, path: str) -> int | None:
        """Return the id of ``path`` if it has one."""
        return self._path_ids.get(path)

    def add_blob(self, oid: str, asked: str, size: int, parsed: ParsedFile) -> tuple[int, list[StoredChunk]]:
        """Gather all rows of one blob. Return its id and its chunks."""
        blob_id = self._next_blob
        self._next_blob += 1
        rows = self._rows
        rows["blob"].append(
            (
                blob_id,
                oid,
                asked,
                parsed.language,
                parsed.read_as.value,
                parsed.encoding,
                size,
                parsed.lines,
                int(parsed.marks),
                parsed.notice,
                parsed.skipped,
            )
        )
        stored = []
        chunk_id = self._next_chunk
        for chunk in parsed.chunks:
            rows["chunk"].append(
                (
                    chunk_id,
                    chunk.kind.value,
                    blob_id,
                    None,
                    chunk.start_line,
                    chunk.end_line,
                    chunk.symbol,
                    chunk.text,
                    chunk.words,
                )
            )
            stored.append(StoredChunk(chunk_id, chunk.kind, chunk.symbol, chunk.text, chunk.words))
            chunk_id += 1
        self._next_chunk = chunk_id
        rows["symbol"] += [
            (
                blob_id,
                each.name,
                each.kind.value,
                each.parent,
                each.start_line,
                each.end_line,
                each.name_line,
                each.signature,
                each.doc,
            )
            for each in parsed.symbols
        ]
        rows["reference"] += [
            (blob_id, each.name, each.kind.value, each.line, each.inside) for each in parsed.references
        ]
        rows["redaction"] += [
            (blob_id, None, each.type, each.start_line, each.end_line) for each in parsed.redactions
        ]
        self.pending += len(parsed.chunks) + 1
        return blob_id, stored

    def place(self, path: str, chunks: Iterable[StoredChunk], *, current: bool) -> None:
        """Gather passages and words for ``chunks`` standing at ``path``."""
        path_id = self.path_id(path)
        passage_id = self._next_passage
        for chunk in chunks:
            digest = digest_of(text_to_embed(chunk.kind, path, chunk.symbol, chunk.text))
            stem, folders = columns(path, chunk.symbol)
            self._rows["passage"].append(
                (passage_id, chunk.kind.value, path_id, chunk.id, digest, int(current))
            )
            self._rows[_WORDS_TABLES[chunk.kind]].append((passage_id, stem, folders, chunk.words))
            passage_id += 1
        self.pending += passage_id - self._next_passage
        self._next_passage = passage_id

    def add_commit_chunk(self, commit_id: int, chunk: MessageChunk, *, current: bool) -> None:
        """Gather one chunk of a commit's message, its passage and its words."""
        digest = digest_of(text_to_embed(ChunkKind.COMMIT, "", "", chunk.text))
        kind = ChunkKind.COMMIT.value
        chunk_id, passage_id = self._next_chunk, self._next_passage
        self._next_chunk += 1
        self._next_passage += 1
        lines = (chunk.start_line, chunk.end_line)
        rows = self._rows
        rows["chunk"].append(
            (chunk_id, kind, None, commit_id, *lines, chunk.subject, chunk.text, chunk.words)
        )
        rows["passage"].append((passage_id, kind, 0, chunk_id, digest, int(current)))
        rows["words_commit"].append((passage_id, chunk.subject_words, "", chunk.body_words))
        self.pending += 1

    def add_row(self, table: str, row: tuple[object, ...]) -> None:
        """Gather a row of a table that holds no chunk: commits, change, person, redaction, entry."""
        self._rows[table].append(row)
        self.pending += 1

    def flush(self, writer: sqlite3.Connection) -> None:
        """Write all that was gathered. The caller holds the transaction."""
        for table, rows in self._rows.items():
            if rows:
                writer.executemany(_STATEMENTS[table], rows)
                rows.clear()
        self.pending = 0


class MessageChunk(NamedTuple):
    """A piece of one commit's message, ready to be stored."""

    start_line: int
    end_line: int
    subject: str
    text: str
    words: str
    subject_words: str
    body_words: str


def stored_chunks(reader: sqlite3.Connection, blob_id: int) -> list[StoredChunk]:
    """Return the chunks of a blob that was read earlier."""
    rows = reader.execute(
        "SELECT id, kind, symbol, text, words FROM chunk WHERE blob_id = ? ORDER BY start_line, id",
        (blob_id,),
    )
    return [StoredChunk(row[0], ChunkKind(row[1]), row[2], row[3], row[4]) for row in rows]


_COLUMNS: dict[str, Sequence[str]] = {
    "path": ("id", "raw", "shown"),
    "person": ("id", "name", "email"),
    "blob": (
        "id",
        "oid",
        "asked",
        "language",
        "read_as",
        "encoding",
        "size",
        "lines",
        "marks",
        "notice",
        "skipped",
    ),
    "commits": (
        "id",
        "oid",
        "sequence",
        "parents",
        "person_id",
        "authored",
        "committed",
        "subject",
        "changes_known",
        "reachable",
    ),
    "chunk": ("id", "kind", "blob_id", "commit_id", "start_line", "end_line", "symbol", "text", "words"),
    "symbol": (
        "blob_id",
        "name",
        "kind",
        "parent",
        "start_line",
        "end_line",
        "name_line",
        "signature",
        "doc",
    ),
    "reference": ("blob_id", "name", "kind", "line", "inside"),
    "redaction": ("blob_id", "commit_id", "type", "start_line", "end_line"),
    "change": ("commit_id", "path_id", "status"),
    "passage": ("id", "kind", "path_id", "chunk_id", "digest", "current"),
    "entry": ("path_id", "oid", "mode", "size", "working", "marks", "blob_id", "skipped"),
    "words_code": ("rowid", "stem", "dirs", "body"),
    "words_doc": ("rowid", "stem", "dirs", "body"),
    "words_commit": ("rowid", "stem", "dirs", "body"),
}

# A merge that touches a path twice (a type change) gives two rows of one key: the last one stays.
_STATEMENTS = {
    table: f"INSERT {'OR REPLACE ' if table == 'change' else ''}INTO {table} ({', '.join(columns)}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len(columns))})"
    for table, columns in _COLUMNS.items()
}


def _next_id(writer: sqlite3.Connection, table: str) -> int:
    return int(writer.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608
