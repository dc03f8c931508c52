"""Which file takes in which: references resolved to files (table ``edge``), and each file's rank.

``link`` after a change resolves again only the files that changed and those that name something
like a path that came or went; ``rank`` is PageRank over the edges.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Protocol

from indexer.index.compiled_imports import ByType, ByUnit, Definitions, Go, Include, Jvm, Rust
from indexer.index.files import Edge, Files, Source, Used, read_files
from indexer.index.legacy_links import Legacy, Named
from indexer.index.manifests import Manifests, is_manifest, read_manifests
from indexer.index.script_imports import (
    BySuffix,
    Python,
    Script,
    lua_paths,
    perl_paths,
    php_paths,
    plain_paths,
    ruby_paths,
)
from indexer.types import ReferenceKind, SymbolKind

DAMPING = 0.85
"""PageRank's own: how often a reader follows a link rather than opening any file."""

ROUNDS = 40
"""Rounds of PageRank; ranks move by less than a thousandth of a per cent after 30."""

FEW = 200
"""Up to so many files are read from the catalog one by one; above that the whole table at once."""

_JVM = frozenset(("java", "kotlin", "scala", "groovy", "gradle"))
_C = frozenset(("c", "cpp", "objc", "cuda"))
_SCRIPTS = frozenset(("javascript", "typescript", "tsx", "vue", "svelte"))
_BY_TYPE = frozenset(("csharp", "swift", "vb"))
_BY_UNIT = frozenset(("fortran", "pascal", "ada"))
_LEGACY = frozenset(("cobol", "jcl", "bms", "asm", "assembler", "ims", "csd", "rexx"))
_SUFFIXES = {
    "ruby": ruby_paths,
    "php": php_paths,
    "lua": lua_paths,
    "perl": perl_paths,
    "bash": plain_paths,
    "r": plain_paths,
    "css": plain_paths,
    "scss": plain_paths,
    "less": plain_paths,
    "jsp": plain_paths,
    "powershell": plain_paths,
}
_TYPES = ("class", "interface", "struct", "enum", "trait", "type", "module")
_NAMED = ("program", "map", "table", "macro", "dataset")


class Resolver(Protocol):
    """Turns what a file uses into edges to other files."""

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield edges, possibly one more than once."""
        ...


@dataclass(frozen=True, slots=True)
class _World:
    """The current files with all that resolving needs to know of them."""

    files: Files
    manifests: Manifests
    resolvers: Mapping[str, Resolver]
    fallback: Resolver


def link(writer: sqlite3.Connection, changed: Iterable[int] | None) -> int:
    """Bring ``edge`` up to date and return how many edges were written.

    ``changed`` are the ids of paths that came, went or have other content; None: all. Runs in the
    caller's transaction and commits nothing.
    """
    files = read_files(writer)
    current = {source.path_id: source for source in files.sources}
    todo = list(current.values()) if changed is None else _affected(writer, set(changed), files)
    if changed is None:
        writer.execute("DELETE FROM edge")
    elif not todo and not changed:
        return 0
    else:
        gone = [(path_id,) for path_id in set(changed) - set(current)]
        writer.executemany("DELETE FROM edge WHERE from_path = ?", gone)
        writer.executemany("DELETE FROM edge WHERE to_path = ?", gone)
        writer.executemany("DELETE FROM edge WHERE from_path = ?", [(each.path_id,) for each in todo])
    world = _world(writer, files)
    rows: list[tuple[int, int, int, str]] = []
    for source, used in _uses(writer, todo):
        resolver = world.resolvers.get(source.language, world.fallback)
        seen: set[tuple[int, ReferenceKind]] = set()
        for edge in resolver.edges(source, used):
            # One line is enough to cite; a second mention of the same file adds nothing.
            if edge.to_path != source.path_id and (edge.to_path, edge.kind) not in seen:
                seen.add((edge.to_path, edge.kind))
                rows.append((source.path_id, edge.to_path, edge.line, edge.kind.value))
    writer.executemany(
        "INSERT OR IGNORE INTO edge (from_path, to_path, line, kind) VALUES (?, ?, ?, ?)", rows
    )
    return len(rows)


def rank(writer: sqlite3.Connection) -> None:
    """Write the PageRank of every current file into ``entry.rank``; the highest is 1."""
    edges = writer.execute(
        "SELECT DISTINCT from_path, to_path FROM edge WHERE to_path IN (SELECT path_id FROM entry)"
    ).fetchall()
    linked = sorted({path_id for edge in edges for path_id in edge})
    writer.execute("UPDATE entry SET rank = 0 WHERE rank <> 0")
    if not linked:
        return
    # numpy is late: this module is read by programs that never rank.
    import numpy as np

    place = {path_id: at for at, path_id in enumerate(linked)}
    origins = np.fromiter((place[edge[0]] for edge in edges), dtype=np.int64, count=len(edges))
    targets = np.fromiter((place[edge[1]] for edge in edges), dtype=np.int64, count=len(edges))
    count = len(linked)
    degrees = np.bincount(origins, minlength=count)
    weights = 1.0 / degrees[origins]
    ends = degrees == 0
    score = np.full(count, 1.0 / count)
    for _ in range(ROUNDS):
        flow = np.bincount(targets, weights=score[origins] * weights, minlength=count)
        score = (1 - DAMPING) / count + DAMPING * (flow + score[ends].sum() / count)
    # A file that nobody names has the score of chance, which is no rank.
    score = np.maximum(score - score.min(), 0)
    highest = float(score.max())
    if highest > 0:
        ranks = [
            (round(float(value) / highest, 6), path_id)
            for value, path_id in zip(score, linked, strict=True)
            if value > 0
        ]
        writer.executemany("UPDATE entry SET rank = ? WHERE path_id = ?", ranks)


def _affected(writer: sqlite3.Connection, changed: set[int], files: Files) -> list[Source]:
    """Return the files to resolve again: the changed ones, and those that name a changed one."""
    rows = [
        row[0]
        for part in _parts(sorted(changed))
        for row in writer.execute(f"SELECT raw FROM path WHERE id IN ({part})")  # noqa: S608 - integers
    ]
    paths = [bytes(raw).decode("utf-8", "surrogateescape") for raw in rows]
    if any(is_manifest(path) for path in paths) or len(changed) * 4 > len(files.sources):
        return files.sources
    stems = {_stem(path).lower() for path in paths}
    blobs: set[int] = set()
    query = "SELECT DISTINCT blob_id, name FROM reference WHERE kind IN ('import', 'copy', 'execute', 'use')"
    for blob_id, name in writer.execute(query):
        if not stems.isdisjoint(_words(name)):
            blobs.add(blob_id)
    blobs |= _naming(writer, changed)
    pointing = {
        row[0]
        for part in _parts(sorted(changed))
        for row in writer.execute(f"SELECT from_path FROM edge WHERE to_path IN ({part})")  # noqa: S608 - integers
    }
    again = changed | pointing
    return [each for each in files.sources if each.path_id in again or each.blob_id in blobs]


def _naming(writer: sqlite3.Connection, changed: set[int]) -> set[int]:
    """Return the contents that use a name which a changed file defines, in languages without paths."""
    languages = sorted(_JVM | _BY_TYPE | _BY_UNIT | _LEGACY | {"go"})
    marks = ",".join("?" * len(languages))
    names = {
        row[0]
        for part in _parts(sorted(changed))
        for row in writer.execute(
            "SELECT DISTINCT s.name FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"  # noqa: S608 - integers
            f" JOIN blob b ON b.id = s.blob_id WHERE e.path_id IN ({part}) AND b.language IN ({marks})"
            f" AND s.kind IN {(*_TYPES, *_NAMED, 'function')!r}",
            languages,
        )
    }
    return {
        row[0]
        for name in names
        for row in writer.execute("SELECT DISTINCT blob_id FROM reference WHERE name = ?", (name,))
    }


def _parts(numbers: Sequence[int]) -> Iterator[str]:
    for start in range(0, len(numbers), 500):
        yield ",".join(map(str, numbers[start : start + 500]))


def _stem(path: str) -> str:
    """Return the word by which code names a file: the folder's for ``__init__`` and ``index``."""
    folder, _, name = path.rpartition("/")
    stem = name.lstrip(".").partition(".")[0]
    return folder.rpartition("/")[2] if stem in ("__init__", "index", "mod", "init") else stem


def _words(name: str) -> set[str]:
    plain = name.lower()
    for sign in "./\\:<>@ ":
        if sign in plain:
            plain = plain.replace(sign, "\n")
    return set(plain.split("\n"))


def _uses(writer: sqlite3.Connection, sources: Sequence[Source]) -> Iterator[tuple[Source, list[Used]]]:
    """Yield each file with what it uses; the same content at two paths is read once."""
    if len(sources) <= FEW:
        for source in sources:
            rows = writer.execute(
                "SELECT name, kind, line, inside FROM reference WHERE blob_id = ? ORDER BY line, rowid",
                (source.blob_id,),
            )
            yield source, [Used(name, ReferenceKind(kind), line, inside) for name, kind, line, inside in rows]
        return
    wanted = {source.blob_id for source in sources}
    found: dict[int, list[Used]] = defaultdict(list)
    kinds = {kind.value: kind for kind in ReferenceKind}
    rows = writer.execute(
        "SELECT r.blob_id, r.name, r.kind, r.line, r.inside FROM reference r JOIN blob b ON b.id = r.blob_id"
        " WHERE r.kind IN ('import', 'copy', 'execute', 'use', 'inherit', 'type', 'read', 'write', 'data')"
        " OR b.language IN ('go', 'cobol', 'asm', 'assembler') ORDER BY r.blob_id, r.line, r.rowid"
    )
    for blob_id, name, kind, line, inside in rows:
        if blob_id in wanted:
            found[blob_id].append(Used(name, kinds[kind], line, inside))
    for source in sources:
        if source.blob_id in found:
            yield source, found[source.blob_id]


def _world(writer: sqlite3.Connection, files: Files) -> _World:
    manifests = read_manifests(writer, files)
    languages = files.languages
    definitions = _definitions(writer, files)
    resolvers: dict[str, Resolver] = {}

    def serve(names: frozenset[str], make: type[Jvm | Go | Include | Rust | ByType | ByUnit]) -> None:
        present = names & languages
        resolver = make(files, manifests, definitions) if present else None
        for name in present:
            if resolver is not None:
                resolvers[name] = resolver

    serve(_JVM, Jvm)
    serve(frozenset(("go",)), Go)
    serve(_C, Include)
    serve(frozenset(("rust",)), Rust)
    serve(_BY_TYPE, ByType)
    serve(_BY_UNIT, ByUnit)
    python = Python(files, manifests)
    resolvers["python"] = resolvers["notebook"] = python
    for name in _SCRIPTS & languages:
        resolvers[name] = Script(files, manifests)
    for name, written in _SUFFIXES.items():
        if name in languages:
            resolvers[name] = BySuffix(files, manifests, written)
    if _LEGACY & languages:
        legacy = Legacy(files, *_legacy(writer, files))
        resolvers.update(dict.fromkeys(_LEGACY & languages, legacy))
    return _World(files, manifests, resolvers, _ByPath(files, python))


class _ByPath:
    """Documents and configuration: a path as written, or a documented Python module."""

    def __init__(self, files: Files, python: Python) -> None:
        self._files = files
        self._python = python

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the files that a document links to, takes in or describes."""
        for each in used:
            if each.kind not in (ReferenceKind.USE, ReferenceKind.COPY, ReferenceKind.IMPORT):
                continue
            target = self._find(each.name, source)
            if target is not None:
                yield Edge(target.path_id, each.line, each.kind)

    def _find(self, name: str, source: Source) -> Source | None:
        plain = name.strip().split("#")[0].split("?")[0]
        if not plain or len(plain) > 300 or ":" in plain:
            return None
        folder = dirname(source.path)
        places = [normpath(join(folder, plain)), normpath(plain.lstrip("/"))]
        suffixes = ("", ".rst", ".md", ".adoc", "/README.md", "/action.yml", "/index.md", "/index.rst")
        found = self._files.first(place + suffix for place in places for suffix in suffixes)
        if found is not None or "/" in plain or "." not in plain:
            return found
        parts = plain.split(".")
        for length in range(len(parts), 1, -1):
            found = self._python.find(".".join(parts[:length]), source.path)
            if found is not None:
                return found
        return None


def _definitions(writer: sqlite3.Connection, files: Files) -> Definitions:
    needed = (_JVM | _BY_TYPE | _BY_UNIT | {"go"}) & files.languages
    types: dict[str, list[Source]] = defaultdict(list)
    functions: dict[str, list[Source]] = defaultdict(list)
    if not needed:
        return Definitions(types, functions)
    by_blob: dict[int | None, list[Source]] = defaultdict(list)
    for source in files.sources:
        by_blob[source.blob_id].append(source)
    marks = ",".join("?" * len(needed))
    rows = writer.execute(
        "SELECT s.blob_id, s.name, s.kind FROM symbol s JOIN blob b ON b.id = s.blob_id"  # noqa: S608 - marks
        f" WHERE b.language IN ({marks}) AND (s.kind IN {_TYPES!r}"
        " OR (b.language = 'go' AND s.kind IN ('function', 'constant', 'variable') AND s.parent = ''))",
        sorted(needed),
    )
    for blob_id, name, kind in rows:
        table = types if kind in _TYPES else functions
        table[name] += [each for each in by_blob.get(blob_id, ()) if each not in table[name]]
    return Definitions(types, functions)


def _legacy(writer: sqlite3.Connection, files: Files) -> tuple[list[Named], dict[str, str]]:
    """Return what mainframe code can name, and the program behind each transaction."""
    by_blob = {source.blob_id: source for source in files.sources if source.blob_id is not None}
    named = [
        # Programs name a table with or without its schema, and a grammar keeps it.
        Named(name.rpartition(".")[2] if kind == "table" else name, SymbolKind(kind), by_blob[blob_id])
        for blob_id, name, kind in writer.execute(
            f"SELECT blob_id, name, kind FROM symbol WHERE kind IN {_NAMED!r}"  # noqa: S608 - constants
        )
        if blob_id in by_blob
    ]
    named = [each for each in named if each.kind != SymbolKind.DATASET or each.source.language == "ims"]
    transactions = {
        inside.upper(): name
        for blob_id, name, inside in writer.execute(
            "SELECT r.blob_id, r.name, r.inside FROM reference r JOIN blob b ON b.id = r.blob_id"
            " WHERE r.kind = 'execute' AND b.language = 'csd' AND r.inside <> ''"
        )
        if blob_id in by_blob
    }
    return named, transactions
