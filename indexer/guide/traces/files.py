"""Which files of the repository a frame may mean, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.inquiry import MINOR
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.paths import WrittenPath, read_path
from indexer.shapes.traces import TraceForm

MOST: Final = 8
"""Candidates that are looked into."""

ROOTS: Final = frozenset(
    ("src", "lib", "source", "sources", "python", "app", "main", "java", "kotlin", "scala", "code", "pkg",
     "packages", "internal", "cmd", "crates", "include", "test", "tests", "server", "client", "js", "ts",
     "php")
)  # fmt: skip
"""Folders that so many projects have that they say nothing of which one it is."""

_BUILT: Final = frozenset(
    ("dist", "build", "out", "lib", "cjs", "esm", "es", "umd", "output", "target", ".next", "_build")
)
_COMPILED_ENDINGS: Final = (".js", ".mjs", ".cjs", ".jsx")
_SOURCE_ENDINGS: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".vue", ".svelte", ".coffee")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that a frame may mean. ``sure``: its path alone says so; else its content must too.

    ``strict``: a name that stands in the file is not enough, the very line must.
    """

    place: Place
    sure: bool
    common: int
    strict: bool = False
    compiled: bool = False


def candidates(frame: RawFrame, book: Book) -> list[Candidate]:
    """Return the files that a frame may mean; none for a foreign one."""
    if frame.outside and not (frame.form is TraceForm.RUST and frame.path):
        # What this repository implements for a type of the runtime is of it all the same.
        return []
    if frame.form is TraceForm.JVM:
        return _of_class(frame, book)
    if not frame.path:
        return []
    written = read_path(frame.path)
    if written.foreign or not written.parts:
        return []
    if frame.form is TraceForm.GO and frame.module and frame.module != "main":
        found = _of_module(frame, written, book)
        if found is not None:
            return found
    if written.library:
        return _of_library(written, book)
    return _of_path(written, book)


def remembered(frame: RawFrame, book: Book) -> list[Candidate]:
    """Return files of the past that a frame may mean, though its path does not say so: what they held must.

    All of a path without a root must be there; of one with a root two folders or more, that others have not.
    """
    if frame.outside or not frame.path or frame.form is TraceForm.JVM:
        return []
    written = read_path(frame.path)
    if written.foreign or written.library or not written.parts:
        return []
    found: list[Candidate] = []
    for place in book.former.get(written.name.lower(), ()):
        shared = common(place.parts, written.parts)
        telling = sum(part.lower() not in ROOTS for part in place.parts[len(place.parts) - shared :])
        if telling >= 2 if written.whole else shared == len(written.parts):
            found.append(Candidate(place, sure=True, common=shared))
    return _ordered(found)


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many parts two paths share at their ends, whatever their case."""
    number = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right and left.lower() != right.lower():
            break
        number += 1
    return number


def _ordered(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(
        found,
        key=lambda each: (
            not each.sure, not each.place.current, -each.common, each.common < len(each.place.parts),
            bool(each.place.marks & MINOR), -each.place.rank, len(each.place.parts), each.place.path,
        ),
    )[:MOST]  # fmt: skip


def _both(book: Book, name: str) -> Iterable[Place]:
    yield from book.files.get(name.lower(), ())
    yield from book.former.get(name.lower(), ())


def _of_path(written: WrittenPath, book: Book) -> list[Candidate]:
    """Return files whose path ends as the written one does."""
    found: list[Candidate] = []
    width = len(written.parts)
    for place in _both(book, written.name):
        shared = common(place.parts, written.parts)
        telling = sum(part.lower() not in ROOTS for part in place.parts[len(place.parts) - shared :])
        whole = shared == len(place.parts) or (shared == width and not written.whole)
        rooted = whole or _is_root(place.parts[: len(place.parts) - shared], book)
        sure = shared >= 2 and telling >= 2 and rooted
        if not place.current and not (whole and telling >= 2):
            continue  # a file of the past is meant only where the whole path says so
        strict = shared == 1 and not (shared == width and not written.whole)
        found.append(Candidate(place, sure, shared, strict))
    if not found:
        found = _compiled(written.parts, "", book)
    return _ordered(found)


def _is_root(folders: Sequence[str], book: Book) -> bool:
    """Return whether names of code may begin below these folders, as below ``src``."""
    if not folders:
        return True
    folder = "/".join(folders)
    return not book.packages(folder) and folders[-1].lower() in ROOTS


def _of_library(written: WrittenPath, book: Book) -> list[Candidate]:
    """Return files of a package that this repository publishes; none for another's."""
    if written.system == "python":
        found = [
            Candidate(place, sure=True, common=len(written.parts))
            for place in _both(book, written.name)
            if common(place.parts, written.parts) == len(written.parts)
            and _begins_package(place.parts[: len(place.parts) - len(written.parts)], place, written, book)
        ]
        return _ordered(found)
    folder = book.published.get((written.system, written.library.lower()))
    if folder is None and written.system == "gem":
        # Long ago a gem's name began with its owner's.
        folder = book.published.get(("gem", written.library.lower().partition("-")[2]))
    if folder is None and written.system == "gem" and _main_file(written.library) in book.paths:
        folder = ""  # whose gemspec is made when it is released
    if folder is None and written.system == "go":
        folder = _same_module(written.library, book)
    if folder is None:
        return []
    return _inside(folder, written.parts, book)


def _main_file(gem: str) -> str:
    """Return the file that a gem of a name is loaded by."""
    return f"lib/{gem.replace('-', '/')}.rb"


def _inside(folder: str, parts: Sequence[str], book: Book) -> list[Candidate]:
    path = "/".join(part for part in (folder, *parts) if part)
    place = book.paths.get(path)
    if place is not None:
        return [Candidate(place, sure=True, common=len(parts))]
    before = tuple(part for part in folder.split("/") if part)
    found = [
        Candidate(place, sure=True, common=len(parts))
        for place in book.former.get(parts[-1].lower(), ())
        if common(place.parts, (*before, *parts)) == len(before) + len(parts) == len(place.parts)
    ]
    if not found:
        found = _compiled(parts, folder, book, published=True)
        written = [each for each in found if "src" in each.place.parts] or found
        if len(written) == 1:
            # Of a package that is published here the one source of that name is meant.
            found = [replace(written[0], sure=True)]
    if not found:
        found = [
            Candidate(place, sure=False, common=common(place.parts, parts))
            for place in _both(book, parts[-1])
            if place.path.startswith(f"{folder}/" if folder else "")
        ]
    return _ordered(found)


def _begins_package(root: Sequence[str], place: Place, written: WrittenPath, book: Book) -> bool:
    if not root:
        return True
    folder = "/".join(root)
    if book.packages(folder):
        return False
    # "tests/foo.py" of somebody's package is not ours below any folder.
    return len(written.parts) > 1 or root[-1].lower() in ROOTS


def _compiled(parts: Sequence[str], folder: str, book: Book, *, published: bool = False) -> list[Candidate]:
    """Return the sources that a file of a build may have been made from, in the folder of a package that is
    ``published`` wherever the build put it.
    """
    if not parts[-1].lower().endswith(_COMPILED_ENDINGS):
        return []
    trimmed = [part for part in parts[:-1] if part.lower() not in _BUILT]
    stem = parts[-1].lower().partition(".")[0]
    found: list[Candidate] = []
    for place in book.stems.get(stem, ()):
        if not place.path.lower().endswith(_SOURCE_ENDINGS) or not place.path.startswith(folder):
            continue
        folders = [part for part in place.parts[:-1] if part.lower() not in ("src", "lib", "source")]
        shared = common(folders, trimmed)
        if shared >= 1 or (published and shared == len(trimmed) == 0):
            found.append(Candidate(place, sure=False, common=shared + 1, compiled=True))
    return found


# ------------------------------------------------------------------------------------ by module


def _same_module(library: str, book: Book) -> str | None:
    """Return the folder of a module that moved to another owner, or to another major version."""
    bare = _unversioned(library)
    for folder, name in book.roots.items():
        own = _unversioned(name)
        if own.lower() == bare.lower() or (own.rpartition("/")[2] == bare.rpartition("/")[2] and "/" in bare):
            return folder
    return None


def _unversioned(module: str) -> str:
    head, _, last = module.rpartition("/")
    return head if _is_version(last) else module


def _is_version(part: str) -> bool:
    """Return whether a part of a module's path is its major version: ``v4``."""
    return part[:1] == "v" and part[1:].isdigit()


def _of_module(frame: RawFrame, written: WrittenPath, book: Book) -> list[Candidate] | None:
    """Return the file of a Go package by its import path; None when that path says nothing here."""
    if not book.roots:
        return None
    # A copy that somebody keeps of a module is that module.
    module = re.split(r"(?:^|/)vendor/", frame.module)[-1].removesuffix("_test").replace("%2e", ".")
    for folder, root in sorted(book.roots.items(), key=lambda each: -len(each[1])):
        for name in dict.fromkeys((root, _unversioned(root))):
            if module == name or module.startswith(name + "/"):
                inner = [part for part in module.removeprefix(name).split("/") if part]
                if name != root and inner and _is_version(inner[0]):
                    del inner[0]  # of another major version
                return _inside(folder, [*inner, written.name], book)
    parts = module.split("/")
    if "." in parts[0] and len(parts) >= 3:
        moved = _same_module("/".join(parts[:3]), book)
        inner = [part for at, part in enumerate(parts[3:]) if at or not _is_version(part)]
        if moved is None:
            return _of_owner("/".join(parts[:2]), [*inner, written.name], book)
        return _inside(moved, [*inner, written.name], book)
    if "." not in parts[0] and len(parts) <= 3:
        return []  # the standard library
    return None


def _of_owner(owner: str, inner: Sequence[str], book: Book) -> list[Candidate]:
    """Return a file at the same place of a module of the same owner: it may have had another name. What the
    file defines must say so.
    """
    paths = [
        "/".join(part for part in (folder, *inner) if part)
        for folder, name in book.roots.items()
        if name.startswith(f"{owner}/")
    ]
    return [
        Candidate(book.paths[path], sure=False, common=len(inner)) for path in paths if path in book.paths
    ]


def _of_class(frame: RawFrame, book: Book) -> list[Candidate]:
    """Return the files of a class of the JVM: its package is its folder, except where Kotlin and Scala
    leave the beginning of it away.
    """
    parts = tuple(frame.path.split("/")) if frame.path else ()
    names = [parts[-1]] if parts else []
    top = frame.owner.partition(".")[0]
    if not names and top:
        stem = top.removesuffix("Kt") or top
        names = [f"{stem}.{ending}" for ending in ("java", "kt", "scala", "groovy")]
    package = tuple(part for part in frame.module.split(".") if part)
    found: list[Candidate] = []
    for name in names:
        for place in _both(book, name):
            shared = common(place.parts, (*package, name))
            if shared == len(package) + 1:
                found.append(Candidate(place, sure=bool(package), common=shared))
            elif place.current or shared > 1:
                found.append(Candidate(place, sure=False, common=shared))
    return _ordered(found)
