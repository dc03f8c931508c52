"""Imports of Python, JavaScript and TypeScript, Ruby, PHP, Lua, Perl, shell: a name to a file."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from posixpath import dirname, join, normpath

from indexer.index.files import Edge, Files, Source, Used, shared
from indexer.index.manifests import Aliases, Manifests
from indexer.types import ReferenceKind

_SOURCE_FOLDERS = frozenset(("src", "lib", "python", "source"))
"""Folders from which Python names begin though they are no packages."""

_PYTHON = (".py", ".pyi", ".pyx")
_SCRIPT = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".json")
_WRITTEN_AS = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
"""TypeScript imports its files by the name that they are compiled to."""


class Python:
    """Dotted names to modules: relative ones, packages in any folder, and ``src`` layouts."""

    def __init__(self, files: Files, manifests: Manifests) -> None:
        del manifests
        self._files = files
        self._modules: dict[str, list[Source]] = defaultdict(list)
        packages = {dirname(path) for path in files.by_path if path.endswith("/__init__.py")}
        for source in files.sources:
            if source.path.endswith(_PYTHON):
                for name in _python_names(source.path, packages):
                    self._modules[name].append(source)

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the modules that a file imports; a package only when something of its own is."""
        wanted = [each for each in used if each.kind == ReferenceKind.IMPORT]
        found = {(each.line, each.name): self.find(each.name, source.path) for each in wanted}
        for each in wanted:
            target = found[each.line, each.name]
            if target is None or (_is_package(target) and self._only_passed(each, found)):
                continue
            yield Edge(target.path_id, each.line, each.kind)

    def find(self, name: str, path: str) -> Source | None:
        """Return the module that a name as written in ``path`` stands for, or None."""
        if name.startswith("."):
            return self._relative(name, path)
        candidates = self._modules.get(name, ())
        fitting = [each for each in candidates if _reachable(each.path, name, path)]
        plain = [each for each in fitting if not each.path.endswith(".pyi")]
        return self._files.nearest(plain or fitting, path)

    def _relative(self, name: str, path: str) -> Source | None:
        inner = name.lstrip(".")
        folder = dirname(path)
        for _ in range(len(name) - len(inner) - 1):
            if not folder:
                return None
            folder = dirname(folder)
        place = join(folder, inner.replace(".", "/")) if inner else folder
        candidates = [f"{place}{suffix}" for suffix in _PYTHON] if inner else []
        return self._files.first([*candidates, f"{place}/__init__.py", f"{place}/__init__.pyi"])

    @staticmethod
    def _only_passed(package: Used, found: dict[tuple[int, str], Source | None]) -> bool:
        """Say whether a package is only the way to modules inside it: ``from a import b, c``."""
        before = package.name if package.name.endswith(".") else f"{package.name}."
        inside = [
            target
            for (line, name), target in found.items()
            if line == package.line and name != package.name and name.startswith(before)
        ]
        return bool(inside) and all(target is not None for target in inside)


def _is_package(source: Source) -> bool:
    return source.path.endswith(("/__init__.py", "/__init__.pyi"))


def _python_names(path: str, packages: set[str]) -> set[str]:
    """Return the dotted names that a file can be imported by."""
    parts = path.rpartition(".")[0].split("/")
    root = dirname(path)
    while root in packages:
        root = dirname(root)
    starts = {0, len(root.split("/")) if root else 0}
    starts.update(at + 1 for at, part in enumerate(parts[:-1]) if part in _SOURCE_FOLDERS)
    if parts[-1] == "__init__":
        parts.pop()
    return {".".join(parts[start:]) for start in starts if start < len(parts)}


def _reachable(target: str, name: str, path: str) -> bool:
    """Say whether ``name`` can mean ``target`` for a file at ``path``.

    A lone script in some folder is only found from beside or below it; and a name of the standard
    library means the repository's file only where that stands at a root of names.
    """
    top = name.partition(".")[0]
    stem = target.rpartition(".")[0].removesuffix("/__init__")
    root = stem[: len(stem) - len(name)].strip("/") if stem.endswith(name.replace(".", "/")) else ""
    if not root or root.rpartition("/")[2] in _SOURCE_FOLDERS:
        return True
    if path.startswith(root + "/"):
        return True
    return "." in name and top not in sys.stdlib_module_names


class Script:
    """Module specifiers of JavaScript and TypeScript."""

    def __init__(self, files: Files, manifests: Manifests) -> None:
        self._files = files
        self._manifests = manifests

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the files that a file imports or exports from."""
        for each in used:
            if each.kind != ReferenceKind.IMPORT:
                continue
            target = self.find(each.name.partition("?")[0], source.path)
            if target is not None:
                yield Edge(target.path_id, each.line, each.kind)

    def find(self, name: str, path: str) -> Source | None:
        """Return the file that a specifier means, or None for a package from elsewhere."""
        if name.startswith("."):
            return self._file(normpath(join(dirname(path), name)))
        aliases = self._aliases(dirname(path))
        if aliases is not None:
            found = self._aliased(aliases, name)
            if found is not None:
                return found
        if name.startswith("/"):
            return self._file(name.lstrip("/"))
        return self._package(name)

    def _file(self, place: str) -> Source | None:
        if place.startswith(".."):
            return None
        place = "" if place == "." else place
        exact = self._files.by_path.get(place)
        if exact is not None:
            return exact
        options: list[str] = []
        for suffix, sources in _WRITTEN_AS.items():
            if place.endswith(suffix):
                options += [place.removesuffix(suffix) + each for each in sources]
        options += [place + suffix for suffix in _SCRIPT]
        folder = f"{place}/" if place else ""
        options += [f"{folder}index{suffix}" for suffix in _SCRIPT]
        return self._files.first(options)

    def _aliases(self, folder: str) -> Aliases | None:
        while True:
            found = self._manifests.aliases.get(folder)
            if found is not None and (found.patterns or found.base is not None):
                return found
            if found is not None and found.extends in self._manifests.aliases and found.extends != folder:
                return self._manifests.aliases[found.extends]
            if not folder:
                return None
            folder = dirname(folder)

    def _aliased(self, aliases: Aliases, name: str) -> Source | None:
        for pattern, targets in aliases.patterns:
            before, star, after = pattern.partition("*")
            if star and name.startswith(before) and name.endswith(after):
                middle = name[len(before) : len(name) - len(after)]
                places = [target.replace("*", middle, 1) for target in targets]
            elif name == pattern:
                places = targets
            else:
                continue
            found = next((file for place in places if (file := self._file(place)) is not None), None)
            if found is not None:
                return found
        return self._file(join(aliases.base, name)) if aliases.base is not None else None

    def _package(self, name: str) -> Source | None:
        """Return the source file of a package of this repository, by its name and inner path."""
        parts = name.split("/")
        for length in range(min(len(parts), 3), 0, -1):
            folder = self._manifests.packages.get("/".join(parts[:length]))
            if folder is None:
                continue
            inner = "/".join(parts[length:])
            if inner:
                places = [f"{folder}/{inner}", f"{folder}/src/{inner}", f"{folder}/lib/{inner}"]
            else:
                places = [f"{folder}/src", f"{folder}/src/main", folder]
                places += [join(folder, entry) for entry in self._manifests.entries.get(folder, ())]
            return next((file for place in places if (file := self._file(normpath(place))) is not None), None)
        return None


class BySuffix:
    """Languages whose names are paths in other clothes: Ruby, PHP, Lua, Perl, shell, CSS."""

    def __init__(self, files: Files, manifests: Manifests, written: Callable[[str], list[str]]) -> None:
        self._files = files
        self._manifests = manifests
        self._written = written

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield the files that are required, used or sourced."""
        for each in used:
            if each.kind not in (ReferenceKind.IMPORT, ReferenceKind.COPY):
                continue
            target = self.find(each.name, source.path)
            if target is not None and target.path_id != source.path_id:
                yield Edge(target.path_id, each.line, each.kind)

    def find(self, name: str, path: str) -> Source | None:
        """Return the file beside ``path``, by the project's own prefixes, or by its ending."""
        for prefix, folder in self._manifests.namespaces:
            if "\\" in name and name.startswith(prefix):
                inner = name[len(prefix) :].replace("\\", "/")
                found = self._files.at(join(folder, f"{inner}.php"))
                if found is not None:
                    return found
        options = self._written(name)
        for option in options:
            beside = self._files.at(join(dirname(path), option))
            if beside is not None:
                return beside
        for option in options:
            candidates = self._files.ending(normpath(option).lstrip("./"))
            near = [
                each
                for each in candidates
                if "/" in option or shared(each.path, path) > 0 or len(candidates) == 1
            ]
            if near and not option.startswith(".."):
                return self._files.nearest(near, path)
        return None


def ruby_paths(name: str) -> list[str]:
    """Return the paths that ``require`` can mean."""
    return [name if name.endswith(".rb") else f"{name}.rb"]


def php_paths(name: str) -> list[str]:
    """Return the paths that a class name or an included path can mean."""
    plain = name.lstrip("\\/")
    return [f"{plain.replace(chr(92), '/')}.php"] if not plain.endswith((".php", ".inc")) else [plain]


def lua_paths(name: str) -> list[str]:
    """Return the paths that ``require`` can mean."""
    place = name.replace(".", "/")
    return [f"{place}.lua", f"{place}/init.lua"]


def perl_paths(name: str) -> list[str]:
    """Return the paths that ``use`` or ``require`` can mean."""
    return [name] if name.endswith((".pl", ".pm")) else [f"{name.replace('::', '/')}.pm"]


def plain_paths(name: str) -> list[str]:
    """Return a path as written, without what a shell would put in; for shell, CSS and R."""
    plain = name.rpartition("}")[2] if "}" in name else name
    return [plain.lstrip("/")] if plain and "$" not in plain else []
