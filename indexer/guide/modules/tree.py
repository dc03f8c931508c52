"""Which modules a repository has: folders, what a build tool or a language takes for a unit, and parts of
large flat folders.

A folder is a module when files lie in it, or when several modules do. What is too small to be told of
alone belongs to the module around it, so that every file belongs to exactly one module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.shapes.modules import ModuleKind, ModuleUse
from indexer.types import FileMark

SMALL: Final = 3
"""A folder with fewer files below it is told of with the one around it, unless it is built by itself."""

FEW_LINES: Final = 60
"""A folder with fewer lines below it says too little for a summary of its own."""

FOLDED: Final = frozenset(("migrations", "migrate", "__snapshots__", "snapshots", "fixtures"))
"""Folders that hold the past or the samples of the module around them."""

FLAT: Final = 60
"""Files of code in one folder from which they are split by what belongs together."""

MANIFESTS: Final[Mapping[str, str]] = {
    "pom.xml": "Maven",
    "build.gradle": "Gradle",
    "build.gradle.kts": "Gradle",
    "package.json": "npm",
    "go.mod": "Go",
    "Cargo.toml": "Cargo",
    "pyproject.toml": "Python",
    "setup.py": "Python",
    "composer.json": "Composer",
    "CMakeLists.txt": "CMake",
    "configure.ac": "Autotools",
    "Chart.yaml": "Helm",
    "mix.exs": "Mix",
    "pubspec.yaml": "Dart",
    "Package.swift": "Swift",
    "build.sbt": "sbt",
    "BUILD.bazel": "Bazel",
}
"""What names a folder a unit of a build tool, the surest first."""

_MANIFEST_ENDINGS: Final = {".csproj": ".NET", ".fsproj": ".NET", ".vbproj": ".NET", ".gemspec": "Ruby"}
_PACKAGED: Final = frozenset(("java", "kotlin", "scala", "groovy", "go"))
"""Languages in which a folder with files is a package."""

_USES: Final = (
    (FileMark.VENDORED, ModuleUse.VENDORED),
    (FileMark.TEST, ModuleUse.TESTS),
    (FileMark.EXAMPLE, ModuleUse.EXAMPLES),
    (FileMark.GENERATED, ModuleUse.GENERATED),
    (FileMark.DOCUMENTATION, ModuleUse.DOCUMENTS),
    (FileMark.CONFIGURATION, ModuleUse.CONFIGURATION),
)

MINOR: Final = (
    FileMark.TEST
    | FileMark.EXAMPLE
    | FileMark.GENERATED
    | FileMark.VENDORED
    | FileMark.DOCUMENTATION
    | FileMark.CONFIGURATION
)
"""Marks of files that are no code of the system itself."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A current file. ``path`` is shown text; ``blob_id`` None and ``lines`` 0 where it was not read."""

    path_id: int
    path: str
    oid: str
    marks: FileMark
    rank: float
    blob_id: int | None
    language: str
    lines: int

    @property
    def is_code(self) -> bool:
        """Whether it is code of the system itself."""
        return bool(self.language) and not self.marks & MINOR


@dataclass(slots=True)
class Module:
    """A module: its own files are those of no module below it."""

    path: str
    parent: str | None
    kind: ModuleKind
    build: str = ""
    depth: int = 0
    own: list[TreeFile] = field(default_factory=list)
    children: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its last part, or more where the folders between hold nothing else."""
        if self.parent is None:
            return self.path
        return self.path.removeprefix(self.parent).lstrip("/#") or self.path

    @property
    def folder(self) -> str:
        """The folder that it lies in: its path, but for a group."""
        return self.path.rpartition("#")[0] if self.kind is ModuleKind.GROUP else self.path


Split = Callable[[str, Sequence[TreeFile]], Mapping[str, str]]
"""From a flat folder and its files to the group of each path; paths without one stay in the folder."""


def nothing_split(folder: str, files: Sequence[TreeFile]) -> Mapping[str, str]:
    """Leave every folder whole."""
    del folder, files
    return {}


class Tree:
    """The modules, each after the one around it, in the order of their paths."""

    def __init__(self, files: Iterable[TreeFile], split: Split = nothing_split) -> None:
        folders = _Folders(files)
        self.modules: dict[str, Module] = {}
        self._of_folder: dict[str, str] = {}
        self._of_file: dict[str, str] = {}
        self._add("", None, folders, split)
        self._finish()

    def module_of(self, path: str) -> str:
        """Return the module that a file, a folder or a module of this path belongs to.

        A path that is not there belongs where a file of that name would.
        """
        path = path.strip("/")
        if path in (".", ""):
            return ""
        if path in self.modules:
            return path
        if path in self._of_file:
            return self._of_file[path]
        folder = path
        while folder and folder not in self._of_folder:
            folder = folder.rpartition("/")[0]
        return self._of_folder.get(folder, "")

    def module(self, path: str) -> Module:
        """Return the module that ``path`` belongs to."""
        return self.modules[self.module_of(path)]

    def around(self, path: str) -> Iterator[Module]:
        """Yield a module and those around it, the innermost first."""
        current: str | None = path
        while current is not None:
            module = self.modules[current]
            yield module
            current = module.parent

    def below(self, path: str) -> Iterator[Module]:
        """Yield a module and all below it, each after the one around it."""
        module = self.modules[path]
        yield module
        for child in module.children:
            yield from self.below(child)

    def files_below(self, path: str) -> Iterator[TreeFile]:
        """Yield all files of a module and of those below it."""
        for module in self.below(path):
            yield from module.own

    # ---------------------------------------------------------------------------- private

    def _add(self, folder: str, parent: str | None, folders: _Folders, split: Split) -> None:
        """Make a module of ``folder``, with what is too small below it, and go on below."""
        module = self.modules[folder] = Module(folder, parent, ModuleKind.FOLDER)
        gathered: list[TreeFile] = []
        inner: list[str] = []
        pending = [folder]
        while pending:
            current = pending.pop()
            self._of_folder[current] = folder
            gathered += folders.own.get(current, ())
            for child in folders.children.get(current, ()):
                if folders.stands_alone(child):
                    inner.append(child)
                else:
                    pending.append(child)
        groups = split(folder, gathered) if len(gathered) >= FLAT else {}
        grouped: dict[str, list[TreeFile]] = {}
        for file in gathered:
            if file.path in groups:
                grouped.setdefault(f"{folder}#{groups[file.path]}", []).append(file)
            else:
                module.own.append(file)
        for path, members in grouped.items():
            self.modules[path] = Module(path, folder, ModuleKind.GROUP, own=members)
        for child in inner:
            self._add(folders.first_of(child, self._of_folder), folder, folders, split)

    def _finish(self) -> None:
        ordered = sorted(self.modules, key=_order)
        self.modules = {path: self.modules[path] for path in ordered}
        for module in self.modules.values():
            module.own.sort(key=lambda each: each.path)
            self._of_file.update((file.path, module.path) for file in module.own)
            if module.parent is not None:
                around = self.modules[module.parent]
                around.children.append(module.path)
                module.depth = around.depth + 1
            if module.kind is not ModuleKind.GROUP:
                module.build = _build_of(module)
                module.kind = _kind_of(module)


class _Folders:
    """Files by folder, with how many lie below each."""

    def __init__(self, files: Iterable[TreeFile]) -> None:
        self.own: dict[str, list[TreeFile]] = {}
        self.children: dict[str, list[str]] = {"": []}
        self._readable: Counter[str] = Counter()
        self._lines: Counter[str] = Counter()
        self._built: set[str] = set()
        for file in files:
            folder, _, name = file.path.rpartition("/")
            self.own.setdefault(folder, []).append(file)
            self._know(folder)
            if _tool_of(name):
                self._built.add(folder)
            if file.blob_id is not None and file.lines:
                self._count(folder, file.lines)
        for children in self.children.values():
            children.sort()

    def stands_alone(self, folder: str) -> bool:
        """Say whether there is enough below a folder to tell of it alone."""
        if folder in self._built:
            return self._readable[folder] > 0
        if folder.rpartition("/")[2].lower() in FOLDED:
            return False
        return self._readable[folder] >= SMALL and self._lines[folder] >= FEW_LINES

    def first_of(self, folder: str, seen: dict[str, str]) -> str:
        """Follow folders that hold nothing but one other, and note that they are that one."""
        passed = []
        while not self.own.get(folder):
            alone = [each for each in self.children.get(folder, ()) if self.stands_alone(each)]
            if len(alone) != 1 or len(self.children[folder]) > 1:
                break
            passed.append(folder)
            folder = alone[0]
        seen.update((each, folder) for each in passed)
        return folder

    def _know(self, folder: str) -> None:
        """Note a folder below the one around it, and that one below its own, up to the root."""
        if folder in self.children:
            return
        self.children[folder] = []
        while folder:
            above = folder.rpartition("/")[0]
            known = above in self.children
            self.children.setdefault(above, []).append(folder)
            if known:
                return
            folder = above

    def _count(self, folder: str, lines: int) -> None:
        while True:
            self._readable[folder] += 1
            self._lines[folder] += lines
            if not folder:
                return
            folder = folder.rpartition("/")[0]


def use_of(files: Iterable[TreeFile]) -> ModuleUse:
    """Return what most of the files (that can be read) are for; code when half of the lines are."""
    lines: Counter[ModuleUse] = Counter()
    for file in files:
        if file.blob_id is None:
            continue
        use = next((use for mark, use in _USES if file.marks & mark), ModuleUse.CODE)
        lines[use] += file.lines + 1
    if not lines:
        return ModuleUse.CODE
    if lines[ModuleUse.CODE] * 3 >= lines.total():
        return ModuleUse.CODE
    return lines.most_common(1)[0][0]


def language_of(files: Iterable[TreeFile]) -> str:
    """Return the language of most lines; code counts before documents and configuration."""
    lines: Counter[str] = Counter()
    minor: Counter[str] = Counter()
    for file in files:
        if file.language:
            (lines if file.is_code else minor)[file.language] += file.lines
    chosen = lines or minor
    return chosen.most_common(1)[0][0] if chosen else ""


def _order(path: str) -> tuple[str, ...]:
    """Sort by folders, so that what is in a module follows it at once."""
    return tuple(path.replace("#", "/#").split("/")) if path else ()


def _tool_of(name: str) -> str:
    known = MANIFESTS.get(name)
    if known is not None:
        return known
    return next((tool for ending, tool in _MANIFEST_ENDINGS.items() if name.endswith(ending)), "")


def _build_of(module: Module) -> str:
    names = {
        file.path.rpartition("/")[2] for file in module.own if file.path.rpartition("/")[0] == module.path
    }
    tools = {_tool_of(name) for name in names} - {""}
    return next((tool for tool in (*MANIFESTS.values(), ".NET", "Ruby") if tool in tools), "")


def _kind_of(module: Module) -> ModuleKind:
    if module.parent is None:
        return ModuleKind.WHOLE
    if module.build:
        return ModuleKind.BUILD
    inside = [file for file in module.own if file.path.rpartition("/")[0] == module.path]
    if any(file.path.endswith("/__init__.py") or file.language in _PACKAGED for file in inside):
        return ModuleKind.PACKAGE
    return ModuleKind.FOLDER
