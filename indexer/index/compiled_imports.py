"""Imports of compiled languages: Java and its kin, Go, C and C++, Rust, C#, Swift: a name to a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from indexer.index.files import Edge, Files, Source, Used
from indexer.index.manifests import Manifests
from indexer.types import ReferenceKind

_JVM = (".java", ".kt", ".scala", ".groovy", ".kts")
_TYPE_USE = frozenset((ReferenceKind.TYPE, ReferenceKind.INHERIT))
_GO_USE = frozenset((ReferenceKind.TYPE, ReferenceKind.CALL, ReferenceKind.USE, ReferenceKind.INHERIT))
_WHOLE_PACKAGE = 3
"""Files of an imported Go package that are linked when none defines a name that is used."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """Names defined at the top of current files."""

    types: Mapping[str, Sequence[Source]]
    """Class, interface, struct, enum, trait or type to the files that define it."""
    functions: Mapping[str, Sequence[Source]]
    """Function to the files that define it (Go alone: elsewhere an import says the file)."""


class Jvm:
    """Java, Kotlin, Scala, Groovy: a dotted class is a path; a neighbour's class needs no import."""

    def __init__(self, files: Files, manifests: Manifests, definitions: Definitions) -> None:
        del manifests
        self._files = files
        self._types = definitions.types
        self._folders: dict[str, list[str]] = defaultdict(list)
        for folder in files.by_folder:
            self._folders[folder.rpartition("/")[2]].append(folder)

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield classes that are imported, and those used out of the same or a whole package."""
        packages: list[str] = [dirname(source.path)]
        known: set[str] = set()
        for each in used:
            if each.kind != ReferenceKind.IMPORT:
                continue
            if each.name.endswith((".*", "._")):
                packages += self._package(each.name[:-2], source.path)
            for target in self._classes(each.name.removesuffix(".*"), source.path):
                known.add(each.name.rpartition(".")[2])
                yield Edge(target.path_id, each.line, each.kind)
        for each in used:
            if each.kind in _TYPE_USE and each.name not in known:
                beside = self._neighbour(each.name, packages, source)
                if beside is not None:
                    known.add(each.name)
                    yield Edge(beside.path_id, each.line, ReferenceKind.USE)

    def _classes(self, name: str, path: str) -> list[Source]:
        """Return the file of ``a.b.C``, or of C where a member ``a.b.C.d`` is imported."""
        parts = name.split(".")
        for length in (len(parts), len(parts) - 1, len(parts) - 2):
            if length < 1:
                break
            place = "/".join(parts[:length])
            candidates = [each for suffix in _JVM for each in self._files.ending(place + suffix)]
            if not candidates and length > 1:
                package = "/".join(parts[: length - 1])
                candidates = [
                    each
                    for each in self._types.get(parts[length - 1], ())
                    if each.path.endswith(_JVM) and dirname(each.path).endswith(package)
                ]
            found = self._files.nearest(candidates, path) if length > 1 or len(parts) == 1 else None
            if found is not None:
                return [found]
        return []

    def _package(self, name: str, path: str) -> list[str]:
        del path
        place = name.replace(".", "/")
        last = place.rpartition("/")[2]
        return [each for each in self._folders.get(last, ()) if each == place or each.endswith("/" + place)]

    def _neighbour(self, name: str, packages: list[str], source: Source) -> Source | None:
        for folder in packages:
            for suffix in _JVM:
                found = self._files.by_path.get(f"{folder}/{name}{suffix}" if folder else f"{name}{suffix}")
                if found is not None:
                    return found if found.path_id != source.path_id else None
        inside = [each for each in self._types.get(name, ()) if dirname(each.path) in packages]
        if len(inside) == 1 and inside[0].path_id != source.path_id:
            return inside[0]
        # The same package in another source root: tests see what they test.
        tail = "/".join(packages[0].split("/")[-2:])
        across = [
            each for each in self._files.stem(name) if dirname(each.path).endswith(tail) and "/" in tail
        ]
        across = [each for each in across if each.path.endswith(_JVM)]
        return across[0] if len(across) == 1 and across[0].path_id != source.path_id else None


class Go:
    """Import paths by go.mod, down to the files of the package that define what is used."""

    def __init__(self, files: Files, manifests: Manifests, definitions: Definitions) -> None:
        self._files = files
        self._modules = sorted(manifests.go_modules.items(), key=lambda each: -len(each[0]))
        self._inside: dict[str, dict[str, Source]] = defaultdict(dict)
        """Folder to the names that its files (tests apart) define."""
        for table in (definitions.functions, definitions.types):
            for name, sources in table.items():
                for source in sources:
                    if source.path.endswith(".go") and not source.path.endswith("_test.go"):
                        self._inside[dirname(source.path)].setdefault(name, source)

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the files of imported packages, and of the own one, whose names are used."""
        names = {each.name: each for each in reversed(used) if each.kind in _GO_USE}
        for each in used:
            if each.kind != ReferenceKind.IMPORT:
                continue
            folder = self._folder(each.name)
            if folder is not None:
                for target in self._used(folder, names):
                    yield Edge(target.path_id, each.line, each.kind)
        own = self._inside.get(dirname(source.path), {})
        seen: set[int] = {source.path_id}
        for name, each in names.items():
            beside = own.get(name)
            if beside is not None and beside.path_id not in seen:
                seen.add(beside.path_id)
                yield Edge(beside.path_id, each.line, ReferenceKind.USE)

    def _folder(self, name: str) -> str | None:
        for module, folder in self._modules:
            if name == module or name.startswith(module + "/"):
                place = normpath(join(folder, name[len(module) :].lstrip("/")))
                return "" if place == "." else place
        vendored = f"vendor/{name}"
        return vendored if vendored in self._files.by_folder else None

    def _used(self, folder: str, names: Mapping[str, Used]) -> list[Source]:
        defined = self._inside.get(folder, {})
        hits = {
            defined[name].path_id: defined[name] for name in names if name in defined and name[0].isupper()
        }
        if hits:
            return list(hits.values())
        plain = [
            each
            for each in self._files.by_folder.get(folder, ())
            if each.path.endswith(".go") and not each.path.endswith("_test.go")
        ]
        return plain if len(plain) <= _WHOLE_PACKAGE else []


class Include:
    """C, C++ and Objective-C: beside the file, then by the ending of the path."""

    def __init__(self, files: Files, manifests: Manifests, definitions: Definitions) -> None:
        del manifests, definitions
        self._files = files

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the headers that a file includes; those of the system are none."""
        for each in used:
            if each.kind in (ReferenceKind.IMPORT, ReferenceKind.COPY):
                target = self.find(each.name, source.path)
                if target is not None and target.path_id != source.path_id:
                    yield Edge(target.path_id, each.line, each.kind)

    def find(self, name: str, path: str) -> Source | None:
        """Return the file for ``x.h`` or ``<x.h>`` as included by ``path``."""
        system = name.startswith("<")
        plain = name.strip("<>").replace("\\", "/")
        if not system:
            beside = self._files.at(join(dirname(path), plain))
            if beside is not None:
                return beside
        inner = plain
        while inner.startswith("../"):
            inner = inner[3:]
        candidates = self._files.ending(inner)
        if system and "/" not in plain:
            # <string.h> is the C library's, unless the project installs a header of that name.
            candidates = [each for each in candidates if dirname(each.path).rpartition("/")[2] in _INCLUDES]
        return self._files.nearest(candidates, path)


_INCLUDES = frozenset(("include", "inc", "public"))


class Rust:
    """Paths of ``use`` and ``mod``, from the crate's root, this module, or a crate beside it."""

    def __init__(self, files: Files, manifests: Manifests, definitions: Definitions) -> None:
        del definitions
        self._files = files
        self._crates = manifests.crates

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the module files that a file declares or uses."""
        for each in used:
            if each.kind != ReferenceKind.IMPORT:
                continue
            target = self.find(each.name, source.path)
            if target is not None and target.path_id != source.path_id:
                yield Edge(target.path_id, each.line, each.kind)

    def find(self, name: str, path: str) -> Source | None:
        """Return the file that holds the longest part of a path that is a module."""
        own = self._own_folder(path)
        if name.startswith("mod "):
            place = join(own, name[4:].strip())
            return self._files.first([f"{place}.rs", f"{place}/mod.rs"])
        parts = name.split("::")
        root = self._root(path)
        if parts[0] == "crate":
            return self._module(root, parts[1:])
        if parts[0] == "self":
            return self._module(own, parts[1:])
        if parts[0] == "super":
            while parts and parts[0] == "super":
                own = dirname(own)
                parts = parts[1:]
            return self._module(own, parts)
        crate = self._crates.get(parts[0])
        return self._module(join(crate, "src"), parts[1:]) if crate is not None else None

    def _module(self, folder: str, parts: Sequence[str]) -> Source | None:
        for length in range(len(parts), 0, -1):
            place = join(folder, *parts[:length])
            found = self._files.first([f"{place}.rs", f"{place}/mod.rs"])
            if found is not None:
                return found
        return self._files.first(
            [f"{folder}.rs", f"{folder}/mod.rs", f"{folder}/lib.rs", f"{folder}/main.rs"]
        )

    @staticmethod
    def _own_folder(path: str) -> str:
        folder, _, name = path.rpartition("/")
        return folder if name in ("mod.rs", "lib.rs", "main.rs") else join(folder, name.removesuffix(".rs"))

    def _root(self, path: str) -> str:
        folder = dirname(path)
        while folder:
            if f"{folder}/lib.rs" in self._files.by_path or f"{folder}/main.rs" in self._files.by_path:
                return folder
            folder = dirname(folder)
        return dirname(path)


class ByType:
    """C#, Swift and Visual Basic name no files: a type that one file alone defines is that file's."""

    def __init__(self, files: Files, manifests: Manifests, definitions: Definitions) -> None:
        del files, manifests
        self._types = definitions.types

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the files whose types are used."""
        seen: set[int] = {source.path_id}
        for each in used:
            if each.kind not in _TYPE_USE:
                continue
            defined = self._types.get(each.name, ())
            alike = [one for one in defined if one.language == source.language]
            if len(alike) == 1 and alike[0].path_id not in seen:
                seen.add(alike[0].path_id)
                yield Edge(alike[0].path_id, each.line, ReferenceKind.USE)


class ByUnit:
    """Fortran, Pascal and Ada name modules: one defined here, or a file of that name."""

    def __init__(self, files: Files, manifests: Manifests, definitions: Definitions) -> None:
        del manifests
        self._files = files
        self._types = definitions.types

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the files of the units that are used."""
        for each in used:
            if each.kind not in (ReferenceKind.IMPORT, ReferenceKind.COPY):
                continue
            name = each.name.lower().replace(".", "-")
            candidates = [
                one
                for one in (*self._types.get(each.name, ()), *self._files.stem(name))
                if one.language == source.language
            ]
            target = self._files.nearest(candidates, source.path)
            if target is not None and target.path_id != source.path_id:
                yield Edge(target.path_id, each.line, each.kind)
