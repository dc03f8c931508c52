"""Which definition a frame without a file means: of a crate by its modules, of a program by its function."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.crates import module_of, rest_of
from indexer.guide.traces.lines import made_up, named
from indexer.guide.traces.matched import Matched
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.overloads import fitting_parameters, with_bodies
from indexer.guide.traces.paths import read_path
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.shapes.traces import Mapped, TraceForm
from indexer.types import FileMark

_BUILT: Final = re.compile(r"(?:[-.][\d.]+)?\.(?:exe|dll|dylib|so)(?:\.[\d.]+)?$|\.[\d.]+\.dylib$")
"""What stands behind the name of a program or a library."""

_NATIVE: Final = (".c", ".cc", ".cpp", ".cxx", ".m", ".mm")

_HEADERS: Final = (".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp")

MOST: Final = 300
"""Definitions of one name that are looked at."""

Definitions = Callable[[Place], Sequence[FoundSymbol]]


def defining(name: str, reader: sqlite3.Connection, book: Book) -> list[Place]:
    """Return the files of now that define something of a name."""
    rows = reader.execute(
        "SELECT DISTINCT p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE s.name = ? LIMIT 60",
        (name,),
    ).fetchall()
    return [book.paths[path] for (path,) in rows if path in book.paths]


def implementing(frame: RawFrame) -> list[RawFrame]:
    """Return what a frame of .NET may mean that names an interface in full behind the type that has it: the
    method of that type, of ``A.Till.A.ITill.Take``. None where it does not look like one.
    """
    parts = frame.module.split(".")
    interface = frame.owner
    if frame.form is not TraceForm.DOTNET or not re.match(r"I[A-Z]", interface) or len(parts) < 2:
        return []
    return [
        replace(frame, owner=parts[at], module=".".join(parts[:at]))
        for at in range(1, len(parts))
        if parts[at]
    ]


def of_program(frame: RawFrame, reader: sqlite3.Connection, book: Book) -> Matched:
    """Return the one definition of a function of a program, or of a library, that is made of sources here.

    A program has a source of its name, or a folder of that name with the function in it. A library bears the
    name of the function's file, of a folder of it, or of what the function stands in.
    """
    program = _BUILT.sub("", frame.binary.replace("\\", "/").rpartition("/")[2].lower())
    found = _functions(frame, reader) if frame.name else []
    if frame.name == "main":
        # Every program has one: it is in the source of that name.
        found = [each for each in found if each.path.rpartition("/")[2].partition(".")[0].lower() == program]
    place = book.paths.get(found[0].path) if len(found) == 1 else None
    if place is None or place.marks & FileMark.TEST:
        return Matched(frame)
    if program.startswith("lib"):
        names = (*(part.partition(".")[0] for part in place.parts), *found[0].parent.split("."))
        around = {name.lower().removeprefix("lib") for name in names} - {""}
        ours = (made_up(frame.name) or bool(frame.owner)) and program.removeprefix("lib") in around
    else:
        folders = {part.lower() for part in place.parts[:-1]} if made_up(frame.name) else set()
        ours = program in folders or any(each.path.endswith(_NATIVE) for each in book.stems.get(program, ()))
    if not ours:
        return Matched(frame)
    note = f"The trace gives no file; found by its name, as a function of `{program}`."
    return Matched(frame, Mapped.NAMED, place, 0, found[0], note)


def of_function(frame: RawFrame, reader: sqlite3.Connection, book: Book) -> Matched | None:
    """Return the one function of C that a frame names, whose file is not known: beside frames of ours.

    In one program a name of C stands for one function. None where the name is a plain word, where the frame
    tells of a file or a library of others, or where what is defined here under it stands in for a library's.
    """
    written = read_path(frame.path) if frame.path else None
    if (
        frame.form is not TraceForm.NATIVE
        or frame.owner
        or frame.library
        or not made_up(frame.name)
        or frame.name.startswith("_")
        or (written is not None and (written.whole or written.foreign or len(written.parts) > 1))
    ):
        return None
    found = _functions(frame, reader)
    place = book.paths.get(found[0].path) if len(found) == 1 else None
    if place is None or place.marks & (FileMark.TEST | FileMark.VENDORED):
        return None
    why = f"{frame.path} is not known" if frame.path else "The trace gives no file"
    note = f"{why}; matched by name: `{frame.name}` is defined here alone."
    return Matched(frame, Mapped.NAMED, place, 0, found[0], note)


def of_member(frame: RawFrame, gone: Place, reader: sqlite3.Connection, book: Book) -> Matched | None:
    """Return the one method of a type of C++ that a frame names in full, whose file is no more."""
    if frame.form is not TraceForm.NATIVE or not frame.owner:
        return None
    found = _functions(frame, reader)
    place = book.paths.get(found[0].path) if len(found) == 1 else None
    if place is None or place.marks & (FileMark.TEST | FileMark.VENDORED):
        return None
    note = f"{gone.path} is no more; `{frame.owner}::{frame.name}` is defined here alone."
    return Matched(frame, Mapped.NAMED, place, 0, found[0], note)


def _functions(frame: RawFrame, reader: sqlite3.Connection) -> list[FoundSymbol]:
    """Return what is defined in C or C++ under the name of a frame, within what it tells around that."""
    found = {
        (each.path, each.qualified, each.signature): each
        for each in find_symbols(reader, frame.name, MOST)
        if each.name == frame.name
        and each.path.endswith((*_NATIVE, *_HEADERS))
        and (not frame.owner or frame.owner == each.parent.rpartition(".")[2])
    }
    bodies = with_bodies(list(found.values()))
    bodies = [each for each in bodies if each.end_line > each.start_line or frame.owner]
    return fitting_parameters(bodies, frame.parameters)


def of_crate(frame: RawFrame, reader: sqlite3.Connection, book: Book, definitions: Definitions) -> Matched:
    """Return the definition that a frame of a crate of this repository names, if there is just one.

    A module that is not in its crate any more may be in another one of this repository.
    """
    crate = frame.module.partition("::")[0]
    firsts = [each for each in book.crates.get(crate, ()) if each in book.paths]
    if not frame.name:
        return Matched(frame)
    modules = [part for part in frame.module.split("::")[1:] if part]
    found = _in_module(frame, modules, firsts, reader, book, definitions)
    if len(found) == 1:
        place, symbol = found[0]
        return Matched(frame, Mapped.NAMED, place, 0, symbol, "The trace gives no file; found by its name.")
    folders = {
        name.replace("-", "_"): folder
        for (system, name), folder in book.published.items()
        if system == "crate"
    }
    folder = folders.get(crate)
    if (
        folder is None
        and len(roots := {root for each in firsts if (root := _root_of(each)) is not None}) == 1
    ):
        folder = roots.pop()  # of a program that is called otherwise than its package
    if folder is None:
        return Matched(frame)
    found = _in_folder(frame, modules, folder, reader, book, definitions)
    if not found and modules:
        here = _module_file(book, folder, modules)
        if here is None:
            others = [each for each in folders.values() if each != folder]
            found = [
                each
                for other in others
                for each in _in_folder(frame, modules, other, reader, book, definitions)
            ]
            if len(found) == 1:
                place, symbol = found[0]
                note = f"The trace gives no file; `{'::'.join([crate, *modules])}` is in {place.path} now."
                return Matched(frame, Mapped.NAMED, place, 0, symbol, note)
            places = [each for other in others if (each := _module_file(book, other, modules)) is not None]
            here = places[0] if len(places) == 1 else None
        if here is None:
            return Matched(frame)
        return Matched(frame, Mapped.FILE, here, 0, None, f"`{frame.name}` is not in this file any more.")
    if len(found) != 1:
        return Matched(frame)
    place, symbol = found[0]
    return Matched(frame, Mapped.NAMED, place, 0, symbol, "The trace gives no file; found by its name.")


def _root_of(first: str) -> str | None:
    """Return the folder of the package whose crate begins in a file below ``src``; None for another file."""
    before, found, _ = f"/{first}".rpartition("/src/")
    return before.removeprefix("/") if found else None


def _in_module(
    frame: RawFrame,
    modules: Sequence[str],
    firsts: Sequence[str],
    reader: sqlite3.Connection,
    book: Book,
    definitions: Definitions,
) -> list[tuple[Place, FoundSymbol]]:
    """Return the definitions in the very module that a frame names, of crates that begin in some files."""
    told: dict[int, dict[tuple[str, str], tuple[Place, FoundSymbol]]] = {}
    for first in firsts:
        folder = first.rpartition("/")[0]
        for place in _with_function(frame.name, folder, reader, book):
            module = module_of(place.path, first)
            rest = rest_of(modules, module)
            for each in named(definitions(place), frame) if rest is not None else ():
                parents = each.parent.split(".")
                if all(part in parents for part in (*(rest or ()), *filter(None, [frame.owner]))):
                    told.setdefault(len(module), {})[each.path, each.qualified] = (place, each)
    return list(told[max(told)].values()) if told else []


def _with_function(name: str, folder: str, reader: sqlite3.Connection, book: Book) -> list[Place]:
    """Return the sources of Rust below a folder that define a function of a name."""
    below = f"{folder}/%.rs" if folder else "%.rs"
    rows = reader.execute(
        "SELECT DISTINCT p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE s.name = ? AND s.kind IN ('function', 'method')"
        " AND p.shown LIKE ? ESCAPE '!' LIMIT 60",
        (name, below.replace("_", "!_")),
    ).fetchall()
    return [book.paths[path] for (path,) in rows if path in book.paths]


def _in_folder(
    frame: RawFrame,
    modules: Sequence[str],
    folder: str,
    reader: sqlite3.Connection,
    book: Book,
    definitions: Definitions,
) -> list[tuple[Place, FoundSymbol]]:
    """Return the definitions below the folder of a crate that a frame may name."""
    found: list[tuple[Place, FoundSymbol]] = []
    for place in _with_function(frame.name, f"{folder}/src" if folder else "src", reader, book):
        if modules and modules[-1] not in place.path.replace(".rs", "").split("/"):
            continue
        alike = [
            each for each in named(definitions(place), frame) if not frame.owner or frame.owner in each.parent
        ]
        found += [(place, each) for each in alike]
    return found


def _module_file(book: Book, folder: str, modules: Sequence[str]) -> Place | None:
    """Return the file of a module of a crate."""
    stem = "/".join(part for part in (folder, "src", *modules) if part)
    return book.paths.get(f"{stem}.rs") or book.paths.get(f"{stem}/mod.rs")
