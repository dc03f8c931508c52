"""The files of the repository by name, those of its past too, and the packages that it publishes."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from indexer.answer.citations import Sources
from indexer.guide.traces.crates import crates_of, program_of
from indexer.index.catalog import Catalog, indexed_state
from indexer.types import FileMark

MOST_MANIFESTS: Final = 400

_MANIFESTS: Final = (
    "package.json",
    "go.mod",
    "Cargo.toml",
    "composer.json",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A file: of now, or (``current`` False) one that history has and HEAD has not."""

    path_id: int
    path: str
    marks: FileMark = FileMark.NONE
    language: str = ""
    rank: float = 0.0
    current: bool = True
    parts: tuple[str, ...] = ()


@dataclass(slots=True)
class Book:
    """Files by lower-case name, and published names (with the system that they belong to) by folder."""

    key: tuple[object, ...]
    files: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    former: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    paths: dict[str, Place] = field(default_factory=dict)
    published: dict[tuple[str, str], str] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    """Module path of Go by folder."""
    crates: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The first files of a crate, by the name that a trace of Rust gives it."""

    def packages(self, folder: str) -> bool:
        """Return whether a folder is a package of Python, so that no path begins inside of it."""
        return f"{folder}/__init__.py" in self.paths


class Books:
    """Makes the book of the state that is indexed, once for each; callable from several threads."""

    def __init__(self, catalog: Catalog, sources: Sources) -> None:
        self._catalog = catalog
        self._sources = sources
        self._book: Book | None = None
        self._lock = threading.Lock()

    def now(self, reader: sqlite3.Connection) -> Book:
        """Return the book."""
        count = reader.execute("SELECT count(*), coalesce(max(path_id), 0), sum(size) FROM entry").fetchone()
        key = (*indexed_state(reader), *count)
        with self._lock:
            if self._book is None or self._book.key != key:
                self._book = self._made(reader, key)
            return self._book

    def _made(self, reader: sqlite3.Connection, key: tuple[object, ...]) -> Book:
        book = Book(key)
        rows = reader.execute(
            "SELECT p.id, p.shown, e.marks, coalesce(b.language, ''), e.rank, e.path_id IS NOT NULL"
            " FROM path p LEFT JOIN entry e ON e.path_id = p.id LEFT JOIN blob b ON b.id = e.blob_id"
        )
        for path_id, shown, marks, language, rank, current in rows:
            parts = tuple(shown.split("/"))
            place = Place(path_id, shown, FileMark(marks or 0), language, rank or 0.0, bool(current), parts)
            name = parts[-1].lower()
            if current:
                book.files[name].append(place)
                book.stems[name.partition(".")[0]].append(place)
                book.paths[shown] = place
            else:
                book.former[name].append(place)
        self._publish(book)
        for path in book.paths if book.crates else ():
            program = program_of(path)
            if program:
                book.crates[program].append(path)
        return book

    def _publish(self, book: Book) -> None:
        found = [each for name in _MANIFESTS for each in book.files.get(name.lower(), ())]
        found += [each for name, places in book.files.items() if name.endswith(".gemspec") for each in places]
        found.sort(key=lambda each: len(each.parts))
        for place in found[:MOST_MANIFESTS]:
            source = self._sources.file(place.path)
            if source is None:
                continue
            folder = "/".join(place.parts[:-1])
            if place.parts[-1] == "Cargo.toml":
                for name, root in crates_of("\n".join(source.lines[:2000]), folder):
                    book.crates[name].append(root)
            for system, name in _published("\n".join(source.lines[:2000]), place.parts[-1]):
                book.published.setdefault((system, name.lower()), folder)
                if system == "go":
                    book.roots[folder] = name


_CRATE: Final = re.compile(r"^\[package\].*?^name\s*=\s*\"([^\"]+)\"", re.M | re.S)
_MODULE: Final = re.compile(r"^module\s+\"?([^\s\"]+)", re.M)
_GEM: Final = re.compile(r"\.name\s*=\s*[\"']([^\"']+)[\"']")
_PROJECT: Final = re.compile(r"^\s*name\s*=\s*[\"']?([\w.-]+)", re.M)


def _published(text: str, name: str) -> list[tuple[str, str]]:
    """Return (system, name) of what a manifest publishes."""
    if name in ("package.json", "composer.json"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return []
        told = found.get("name") if isinstance(found, dict) else None
        return [("npm" if name == "package.json" else "composer", told)] if isinstance(told, str) else []
    if name.endswith(".gemspec"):
        match = _GEM.search(text)
        return [("gem", match[1] if match else name.removesuffix(".gemspec"))]
    form, system = {
        "go.mod": (_MODULE, "go"),
        "Cargo.toml": (_CRATE, "crate"),
    }.get(name, (_PROJECT, "python"))
    match = form.search(text)
    return [(system, match[1])] if match else []
