"""What a call can mean: what it is called on, and what the file that makes it knows of the name.

Two things of one name are no call from one to the other. A bare name means what its file defines or
takes in; a name behind a dot means what the thing before the dot has, when that thing is known: the
object itself, a class or a module of this repository. Anything else stays open.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from indexer.index.standard import is_standard
from indexer.types import SymbolKind

ITSELF: Final = frozenset(("self", "this", "cls", "me", "super", "@", "$this", "parent", "static"))

_EXPLICIT: Final = frozenset(
    ("python", "javascript", "typescript", "tsx", "jsx", "go", "rust", "php", "lua", "c", "perl")
)
"""Languages in which a bare name is never a method of the object at hand."""
_IMPLICIT: Final = frozenset(
    ("java", "csharp", "kotlin", "cpp", "scala", "swift", "groovy", "ruby", "dart", "objc")
)
_BY_FOLDER: Final = frozenset(("go", "java", "kotlin", "csharp", "scala", "groovy", "swift"))
"""Languages in which files of one folder know each other's names."""
_METHODS: Final = frozenset((SymbolKind.METHOD, SymbolKind.FIELD))


class Bearer(Protocol):
    """A definition that bears a name (``symbols.FoundSymbol``)."""

    @property
    def path_id(self) -> int:
        """The file's number in the catalog."""
        ...

    @property
    def path(self) -> str:
        """The file, as it is shown."""
        ...

    @property
    def blob_id(self) -> int:
        """The content's number in the catalog."""
        ...

    @property
    def kind(self) -> SymbolKind:
        """What it is."""
        ...

    @property
    def parent(self) -> str:
        """The qualified name of what it stands in; empty at the top."""
        ...


B = TypeVar("B", bound=Bearer)


@dataclass(frozen=True, slots=True)
class Form:
    """How a name is written at a call: bare, or on something whose last name is ``on`` (empty: unknown).

    ``made``: it is called on what ``on()`` returns.
    """

    bare: bool
    on: str = ""
    made: bool = False


def form_of(line: str, name: str) -> Form:
    """Return how a line writes a name, preferring where it is called."""
    word = re.escape(name)
    found = re.search(rf"(?<![\w$]){word}\s*\(", line) or re.search(rf"(?<![\w$]){word}(?![\w$])", line)
    if found is None:
        return Form(bare=False)
    before = line[: found.start()].rstrip()
    if before.endswith("?"):
        return Form(bare=False)
    dot = re.search(r"(?:\?\.|\.|->|::)$", before)
    if dot is None:
        return Form(bare=True)
    before = before[: dot.start()].rstrip()
    if before.endswith(")"):
        opening = _opening(before)
        maker = re.search(r"([\w$]+)\s*$", before[:opening]) if opening >= 0 else None
        return Form(bare=False, on=maker[1] if maker else "", made=True)
    on = re.search(r"([\w$@]+)$", before)
    return Form(bare=False, on=on[1] if on else "")


def text_of(reader: sqlite3.Connection, blob_id: int, start: int = 1, end: int = 1 << 60) -> list[str]:
    """Return the lines of a content from its pieces, at their own places; what none holds is empty.

    Only pieces that touch ``start`` to ``end`` are read.
    """
    lines: list[str] = []
    for first, text in reader.execute(
        "SELECT start_line, text FROM chunk WHERE blob_id = ? AND start_line <= ? AND end_line >= ?"
        " ORDER BY start_line, id",
        (blob_id, end, start),
    ):
        lines += [""] * (first - 1 - len(lines))
        lines[first - 1 :] = text.split("\n")
    return lines


def knows_imports(language: str) -> bool:
    """Return whether a bare name of a language means what its file defines or takes in, and no method."""
    return language in _EXPLICIT


class Meaning:
    """Says what the names that some lines of a content use can mean."""

    def __init__(self, reader: sqlite3.Connection, blob_id: int, start: int, end: int) -> None:
        self._blob_id = blob_id
        row = reader.execute(
            "SELECT b.language, p.shown FROM blob b JOIN entry e ON e.blob_id = b.id"
            " JOIN path p ON p.id = e.path_id WHERE b.id = ?",
            (blob_id,),
        ).fetchone()
        self._language: str = row[0] if row else ""
        path: str = row[1] if row else ""
        self._folder = path.rpartition("/")[0]
        self._lines = text_of(reader, blob_id, start, end)
        self._taken_in = [
            name
            for (name,) in reader.execute(
                "SELECT DISTINCT name FROM reference WHERE blob_id = ? AND kind IN ('import', 'use')",
                (blob_id,),
            )
        ]
        self._linked = {
            path_id
            for (path_id,) in reader.execute(
                "SELECT g.to_path FROM edge g JOIN entry e ON e.path_id = g.from_path WHERE e.blob_id = ?",
                (blob_id,),
            )
        }
        self._classes = reader.execute(
            "SELECT name, start_line, end_line FROM symbol WHERE blob_id = ?"
            " AND kind IN ('class', 'struct', 'interface', 'trait', 'enum')",
            (blob_id,),
        ).fetchall()

    def candidates(self, name: str, line: int, bearers: Sequence[B]) -> list[B]:
        """Return those bearers of a name that a call at a line can only mean; none when it stays open."""
        if self._language not in _EXPLICIT | _IMPLICIT:
            return self.near(name, bearers)
        form = form_of(self._lines[line - 1] if 0 < line <= len(self._lines) else "", name)
        if form.bare:
            return self._bare(name, bearers)
        if form.on in ITSELF:
            return self._own(line, bearers)
        return self._on(form.on, bearers) if form.on else []

    def near(self, name: str, bearers: Sequence[B]) -> list[B]:
        """Return bearers in the same content, else in a file that is taken in, else the only one."""
        alone = list(bearers) if len(bearers) == 1 and not is_standard(name) else []
        return self._here(bearers) or self._in_linked(bearers) or alone

    # ---------------------------------------------------------------------------- private

    def _bare(self, name: str, bearers: Sequence[B]) -> list[B]:
        implicit = self._language in _IMPLICIT
        fit = [
            each
            for each in bearers
            # What stands inside a function is known in that function's file alone.
            if each.blob_id == self._blob_id or implicit or not each.parent or each.kind is SymbolKind.CLASS
        ]
        fit = [each for each in fit if implicit or each.kind not in _METHODS]
        here = self._here(fit)
        if here:
            return here
        if self._language == "python":
            return self._imported(name, fit)
        taken = name in self._taken_in
        linked = self._in_linked(fit) if taken or not is_standard(name) else []
        if linked:
            return linked
        if self._language in _BY_FOLDER:
            beside = [each for each in fit if each.path.rpartition("/")[0] == self._folder]
            if beside:
                return beside
        if self._language in ("javascript", "typescript", "tsx", "jsx") and not taken:
            return []
        return fit if len(fit) == 1 and not is_standard(name) and self._language != "go" else []

    def _imported(self, name: str, fit: Sequence[B]) -> list[B]:
        """Return what `from module import name` brings, be it defined there or below that package."""
        modules = [each.rpartition(".")[0] for each in self._taken_in if each.rpartition(".")[2] == name]
        if any(each.endswith("*") for each in self._taken_in):
            linked = self._in_linked(fit)
            if linked:
                return linked
        for module in modules:
            plain = "." + module.strip(".") + "."
            relative = module.startswith(".")
            exact = [each for each in fit if _dotted(each.path).endswith(plain)]
            below = [each for each in fit if plain in _dotted(each.path)]
            found = exact or self._in_linked(fit) or ([] if relative and plain == ".." else below)
            if found:
                return found if found is not below or len(below) == 1 else []
        return []

    def _own(self, line: int, bearers: Sequence[B]) -> list[B]:
        around = {name for name, start, end in self._classes if start <= line <= end}
        methods = [each for each in bearers if each.parent]
        here = self._here(methods)
        same = [each for each in here if each.parent.rpartition(".")[2] in around]
        return same or here or self._in_linked(methods)

    def _on(self, on: str, bearers: Sequence[B]) -> list[B]:
        of_class = [each for each in bearers if each.parent.rpartition(".")[2] == on]
        if of_class:
            owners = {(each.path, each.parent) for each in of_class}
            return self._here(of_class) or self._in_linked(of_class) or (of_class if len(owners) == 1 else [])
        in_module = [each for each in bearers if not each.parent and on in module_names(each.path)]
        return self._in_linked(in_module)

    def _here(self, bearers: Sequence[B]) -> list[B]:
        return [each for each in bearers if each.blob_id == self._blob_id]

    def _in_linked(self, bearers: Sequence[B]) -> list[B]:
        return [each for each in bearers if each.path_id in self._linked]


def is_foreign(reader: sqlite3.Connection, blob_id: int, on: str) -> bool:
    """Return whether a name before a dot is taken in from outside: `context` of Go, django's `messages`."""
    row = reader.execute(
        "SELECT 1 FROM reference WHERE blob_id = ? AND kind = 'import' AND"
        " (name = ? OR name LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\') LIMIT 1",
        (blob_id, on, f"%.{_literal(on)}", f"%/{_literal(on)}"),
    ).fetchone()
    if row is None:
        return False
    linked = reader.execute(
        "SELECT p.shown FROM edge g JOIN entry e ON e.path_id = g.from_path JOIN path p ON p.id = g.to_path"
        " WHERE e.blob_id = ?",
        (blob_id,),
    )
    # `require "resque/job"` takes in a file, by whose class `Job.create` is called.
    named = on.lower()
    return not any(
        named in (each.lower() for each in (*module_names(path), *path.split("/"))) for (path,) in linked
    )


def _literal(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def module_names(path: str) -> tuple[str, str]:
    """Return the names under which a file is called as a module: its own, and its folder's."""
    folders, _, name = path.rpartition("/")
    return name.partition(".")[0], folders.rpartition("/")[2]


def _dotted(path: str) -> str:
    """Return a path as Python writes it, between dots."""
    plain = re.sub(r"\.pyi?$|/__init__\.pyi?$", "", path)
    plain = plain.removesuffix("/__init__")
    return "." + plain.replace("/", ".") + "."


def _opening(text: str) -> int:
    """Return where the bracket that ends a text begins, or -1."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return at
    return -1
