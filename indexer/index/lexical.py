"""Queries over the words of passages (FTS5), and what stands in each column.

Nothing of a user's text reaches FTS5's query language: it is split into words first, and each
word goes in quoted, so that `AND`, `*`, `NEAR(` or a lone quote are words or nothing (T8).
"""

from __future__ import annotations

import json
import math
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from indexer.repo.words import stems
from indexer.types import ChunkKind

_TABLES = {
    ChunkKind.CODE: "words_code",
    ChunkKind.DOC: "words_doc",
    ChunkKind.COMMIT: "words_commit",
}

# Weights of the columns stem (file name and symbol, or a commit's subject), dirs, body. A name says
# more than a line does; more than 2 lets a file win by its name alone (measured: 2 to 3 is flat).
_WEIGHTS = "bm25(2.0, 1.0, 1.0)"

# Words asked for at once. A pasted page has hundreds; its rarest words find the same passages.
_MAX_TERMS = 32

# A word in more than this share of the passages of a kind orders nothing and costs the most to
# score. It is left out while at least this many rarer words remain.
_COMMON = 0.3
_ENOUGH = 2

# Rows that may be scored for one question, about 60 ms. Only past half a million lines of code does
# it leave out words, the commonest first, which order least.
_MOST_SCORED = 100_000

_DRIFT = 1.02
_MAX_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class WordHit:
    """A passage that holds words of the query; a higher ``score`` (BM25) is better.

    ``commit_id`` is the catalog's id of the commit (0 for a passage of a file), ``path_id`` 0 for
    a commit.
    """

    passage_id: int
    path_id: int
    blob_id: int
    commit_id: int
    start_line: int
    end_line: int
    symbol: str
    score: float


def columns(path: str, symbol: str) -> tuple[str, str]:
    """Return what goes into the columns stem and dirs for a passage at ``path``.

    The stem holds the words of the file's name without its endings, and of the symbol.
    """
    folders, _, name = path.rpartition("/")
    stem, _, ending = name.partition(".")
    named = dict.fromkeys([*stems(stem or ending), *stems(symbol)])
    return " ".join(named), " ".join(stems(folders.replace("/", " ")))


def terms_of(text: str) -> list[str]:
    """Return the different words of a query, in order."""
    return list(dict.fromkeys(stems(text)))


class Lexicon:
    """How rare words are, remembered between questions; asking SQLite each time costs 30 ms.

    Counts may lag behind a growing index by a fiftieth, which changes no order that matters.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = -1
        self._rows: dict[ChunkKind, int] = {}
        self._found: dict[tuple[ChunkKind, str], int] = {}
        self._alone: dict[tuple[ChunkKind, str, str], bool] = {}

    def rows(self, reader: sqlite3.Connection, kind: ChunkKind) -> int:
        """Return how many rows the lexical index of ``kind`` has, those not current included."""
        self._renew(reader)
        known = self._rows.get(kind)
        if known is None:
            statement = f"SELECT count(*) FROM {_TABLES[kind]}_docsize"  # noqa: S608
            known = self._rows[kind] = int(reader.execute(statement).fetchone()[0])
        return known

    def found(self, reader: sqlite3.Connection, kind: ChunkKind, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many rows of ``kind`` each term stands."""
        self._renew(reader)
        statement = f"SELECT count(*) FROM {_TABLES[kind]} WHERE {_TABLES[kind]} MATCH ?"  # noqa: S608
        out: dict[str, int] = {}
        for term in terms:
            known = self._found.get((kind, term))
            if known is None:
                known = int(reader.execute(statement, (_quoted(term),)).fetchone()[0])
                self._found[kind, term] = known
            out[term] = known
        return out

    def stands_alone(self, reader: sqlite3.Connection, kind: ChunkKind, word: str, part: str) -> bool:
        """Return whether ``word`` mostly stands in rows that do not hold ``part``, a part of it."""
        count = self.found(reader, kind, [word])[word]
        if not count:
            return False
        known = self._alone.get((kind, word, part))
        if known is None:
            statement = f"SELECT count(*) FROM {_TABLES[kind]} WHERE {_TABLES[kind]} MATCH ?"  # noqa: S608
            asked = f"{_quoted(word)} NOT {_quoted(part)}"
            known = self._alone[kind, word, part] = (
                2 * int(reader.execute(statement, (asked,)).fetchone()[0]) > count
            )
        return known

    def _renew(self, reader: sqlite3.Connection) -> None:
        newest = int(reader.execute("SELECT coalesce(max(id), 0) FROM passage").fetchone()[0])
        with self._lock:
            drifted = not self._newest <= newest <= self._newest * _DRIFT
            if drifted or len(self._found) > _MAX_REMEMBERED:
                self._newest = newest
                self._rows, self._found, self._alone = {}, {}, {}


def rarity(found: int, rows: int) -> float:
    """Return the inverse document frequency as BM25 has it, never below 0."""
    return math.log(1 + (rows - found + 0.5) / (found + 0.5)) if rows >= found else 0.0


def telling(terms: Sequence[str], found: dict[str, int], rows: int) -> list[str]:
    """Return the terms that are worth asking for: present, not everywhere, the rarest few."""
    present = [term for term in terms if found.get(term, 0) > 0]
    rare = [term for term in present if found[term] <= _COMMON * rows]
    chosen = rare if len(rare) >= _ENOUGH else present
    kept: set[str] = set()
    scored = 0
    for term in sorted(chosen, key=lambda term: found[term])[:_MAX_TERMS]:
        scored += found[term]
        if scored > _MOST_SCORED and len(kept) >= _ENOUGH:
            break
        kept.add(term)
    return [term for term in chosen if term in kept]


def search(
    reader: sqlite3.Connection,
    kind: ChunkKind,
    terms: Sequence[str],
    limit: int,
    within: Collection[int] | None = None,
    last: Collection[int] = (),
) -> list[WordHit]:
    """Return current passages of ``kind`` that hold any of ``terms``, best first.

    ``within`` keeps only these paths (or commits, for COMMIT), by the catalog's ids; passages of the
    paths ``last`` come after all others.
    """
    if not terms or limit <= 0 or (within is not None and not within):
        return []
    asked = " OR ".join(_quoted(term) for term in terms)
    scope, values = "", list[object]()
    if within is not None:
        column = "chunk.commit_id" if kind is ChunkKind.COMMIT else "passage.path_id"
        scope = f" AND {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        values.append(json.dumps(sorted(within)))
    if not last:
        return _hits(reader, kind, asked, (scope, values), limit)
    side = scope + " AND passage.path_id {} (SELECT value FROM json_each(?))"  # noqa: S608
    values.append(json.dumps(sorted(last)))
    found = _hits(reader, kind, asked, (side.format("NOT IN"), values), limit)
    rest = limit - len(found)
    return [*found, *_hits(reader, kind, asked, (side.format("IN"), values), rest)] if rest else found


def commits_saying(reader: sqlite3.Connection, terms: Sequence[str]) -> list[int]:
    """Return the ids of current commits whose message holds all ``terms``, the last one perhaps only
    begun, in no order.
    """
    if not terms:
        return []
    asked = " AND ".join(_quoted(term) for term in terms) + "*"
    rows = reader.execute(
        "SELECT DISTINCT chunk.commit_id FROM words_commit JOIN passage ON passage.id = words_commit.rowid"
        " JOIN chunk ON chunk.id = passage.chunk_id WHERE words_commit MATCH ? AND passage.current = 1",
        (asked,),
    )
    return [number for (number,) in rows]


def first_commits(reader: sqlite3.Connection, terms: Sequence[str], limit: int) -> list[tuple[str, str]]:
    """Return (id, message) of HEAD's oldest commits whose subject line holds all ``terms``."""
    if not terms:
        return []
    asked = " AND ".join(f"stem : {_quoted(term)}" for term in terms)
    return reader.execute(
        "SELECT commits.oid, chunk.text FROM words_commit JOIN passage ON passage.id = words_commit.rowid"
        " JOIN chunk ON chunk.id = passage.chunk_id JOIN commits ON commits.id = chunk.commit_id"
        " WHERE words_commit MATCH ? AND passage.current = 1 AND commits.reachable = 1"
        " ORDER BY commits.sequence LIMIT ?",
        (asked, limit),
    ).fetchall()


def _hits(
    reader: sqlite3.Connection, kind: ChunkKind, asked: str, scope: tuple[str, list[object]], limit: int
) -> list[WordHit]:
    """Return current passages, best first; ``scope`` is a condition more, with its values."""
    table = _TABLES[kind]
    # The index of words comes first, and gives its rows by rank: those of other branches, which stay in it,
    # are passed over one by one until there are enough.
    rows = reader.execute(
        "SELECT passage.id, passage.path_id, coalesce(chunk.blob_id, 0), coalesce(chunk.commit_id, 0),"  # noqa: S608
        " chunk.start_line, chunk.end_line, chunk.symbol, -words.rank"
        f" FROM {table} AS words CROSS JOIN passage ON passage.id = words.rowid"
        " CROSS JOIN chunk ON chunk.id = passage.chunk_id"
        f" WHERE words.{table} MATCH ? AND words.rank MATCH ?{scope[0]} AND passage.current = 1"
        " ORDER BY words.rank LIMIT ?",
        (asked, _WEIGHTS, *scope[1], limit),
    )
    return sorted((WordHit(*row) for row in rows), key=lambda each: (-each.score, each.passage_id))


def _quoted(term: str) -> str:
    """Return one word as FTS5's string; our words hold no quotes, and one that did is doubled."""
    return '"' + term.replace('"', '""') + '"'
