"""What a module offers to the rest, where it is entered, what happens from there, and what tests it."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.inquiry import kind_word, listed
from indexer.answer.readable import is_readable
from indexer.answer.sentences import Sentence
from indexer.guide.modules.reasons import Asked, Whys
from indexer.guide.modules.survey import Survey
from indexer.guide.modules.symbols import HOLDERS, Definition
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import TreeFile
from indexer.guide.overview import is_telling
from indexer.shapes.modules import Named
from indexer.types import FileMark, ReferenceKind, SymbolKind

SHOWN: Final = 8
INSIDE: Final = 0.3
"""What a file of the module itself counts that uses something, beside one outside."""
OF_ITS_OWN: Final = 3
"""Files of the module itself that use something, from which it is told."""
TESTS_SHOWN: Final = 6
FLOWS: Final = 2
STEPS: Final = 5

_OFFERED: Final = frozenset(
    ("class", "interface", "struct", "enum", "trait", "function", "type", "program", "macro", "job", "table")
)
_TELLING: Final = re.compile(r"[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|^[A-Z]\w*[a-z]|^[A-Z][A-Z0-9-]{5,}$")
"""A name that hardly anything else bears: ``send_file``, ``Consumer``, not ``info`` or ``setup``."""

_WALKED: Final = frozenset(("function", "method", "class", "program", "paragraph", "section"))
_CALLS: Final = (ReferenceKind.CALL, ReferenceKind.EXECUTE)
_COMMON: Final = 4
"""Definitions of one name from which it is not told which of them a call means."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A definition that others can use, with how many files of other modules do."""

    asked: Asked
    outside: int
    inside: int
    """Files of the module itself that do, beside its own."""


class Users:
    """Which files name which definitions: for everything that is counted, at once."""

    def __init__(self, reader: sqlite3.Connection, survey: Survey, whys: Whys) -> None:
        names: dict[str, int] = defaultdict(int)
        for asked in whys.asked.values():
            for each in asked:
                if not each.definition.parent:
                    names[each.definition.name] += 1
        self._bearers = names
        self._importers: dict[str, set[int]] = defaultdict(set)
        self._users: dict[str, set[int]] = defaultdict(set)
        rows = reader.execute(
            "SELECT DISTINCT r.name, r.kind, e.path_id FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
        )
        for name, kind, path_id in rows:
            last = name.rpartition(".")[2].rpartition("::")[2]
            if last in names:
                (self._importers if kind == "import" else self._users)[last].add(path_id)
        self._naming: dict[tuple[int, str], set[int]] = defaultdict(set)
        for use in survey.named:
            self._naming[use.target, use.name].add(use.source)
        self._takers: dict[int, set[int]] = defaultdict(set)
        for link in survey.links:
            self._takers[link.target].add(link.source)
        self._files = survey.files

    def counted(self, asked: Asked, inside: frozenset[int]) -> tuple[int, int]:
        """Return how many files of code outside a module use a definition, and how many inside beside its
        own: they take in its file and import the name, or load it by its name; or the name is so telling
        that it is this one's wherever it stands.
        """
        name = asked.definition.name
        takers = self._takers.get(asked.path_id, set())
        users = (self._importers.get(name, set()) & takers) | self._naming.get((asked.path_id, name), set())
        if _TELLING.search(name):
            named = self._users.get(name, set())
            users = users | (named if self._bearers[name] == 1 else named & takers)
        code = {each for each in users if self._files[each].is_code} - {asked.path_id}
        return len(code - inside), len(code & inside)

    def seen(
        self, files: Sequence[TreeFile], whys: Whys, inside: frozenset[int]
    ) -> list[tuple[str, int, int, int]]:
        """Return for what a module offers how many files outside and inside use it."""
        return [
            (each.definition.name, each.path_id, *self.counted(each, inside))
            for file in files
            for each in whys.asked.get(file.path_id, ())
            if is_offered(each)
        ]


def is_offered(asked: Asked) -> bool:
    """Say whether others can use a definition: it stands at the top of its file, and is not private."""
    definition = asked.definition
    return definition.kind in _OFFERED and not definition.parent and not definition.name.startswith("_")


def surface(
    teller: Teller, users: Users, files: Sequence[TreeFile], whys: Whys, inside: frozenset[int]
) -> tuple[list[Named], int]:
    """Return what a module offers, the most used first, and how many such definitions there are."""
    offered = [
        Offered(each, *users.counted(each, inside))
        for file in files
        for each in whys.asked.get(file.path_id, ())
        if is_offered(each)
    ]
    offered.sort(
        key=lambda each: (
            -each.outside - INSIDE * each.inside,
            -each.asked.weight,
            each.asked.path,
            each.asked.definition.start,
        )
    )
    by_id = {file.path_id: file for file in files}
    shown = []
    for each in offered[:SHOWN]:
        made = _offer(teller, by_id[each.asked.path_id], each)
        if made is not None:
            shown.append(made)
    return shown, len(offered)


def _offer(teller: Teller, file: TreeFile, offered: Offered) -> Named | None:
    definition = offered.asked.definition
    said = documentation(teller, file, definition)
    kind = kind_word(SymbolKind(definition.kind))
    files = "file" if offered.outside == 1 else "files"
    used = f", used from {offered.outside} {files} outside" if offered.outside else ""
    if offered.inside >= OF_ITS_OWN:
        used += (
            f" and in {offered.inside} beside it" if used else f", used in {offered.inside} files beside it"
        )
    text = f"`{definition.name}` is {kind} in {file.path.rpartition('/')[2]}:{definition.name_line}{used}"
    quoted = f": “{said.text}”" if said is not None else "."
    statement = teller.placed(
        text + quoted, [(file.path, definition.name_line)], None if said is None else (file.path, said)
    )
    if statement is None:
        return None
    return Named(definition.name, definition.kind, file.path, definition.name_line, statement)


def documentation(teller: Teller, file: TreeFile, definition: Definition) -> Sentence | None:
    """Return the first sentence that a definition says of itself, within it or right above."""
    first_lines = definition.name_line + 12 if definition.kind not in HOLDERS else definition.own_end
    for sentence in teller.sentences(file):
        inside = definition.start <= sentence.start_line <= min(definition.end, first_lines)
        above = definition.start - 3 <= sentence.end_line < definition.start
        docstring = sentence.role is Role.DOCSTRING and (inside or above)
        if docstring or (sentence.role is Role.COMMENT and above):
            telling = is_telling(sentence.text) and is_readable(sentence.text)
            return sentence if telling and not _CODE.match(sentence.text) else None
    return None


_CODE: Final = re.compile(
    r"^(?:class|def|func|function|public|private|protected|static|type|struct)\b|^SET\s+\w+\s*="
)

_MAIN: Final = re.compile(
    r"""^\s*(?:if\s+__name__\s*==\s*['"]__main__['"]|public\s+static\s+void\s+main\s*\(|func\s+main\s*\(\)"""
    r"""|(?:int|void)\s+main\s*\(|fn\s+main\s*\(\))"""
)


def mains(teller: Teller, files: Iterable[TreeFile]) -> Iterator[Named]:
    """Yield where a file is started as a program."""
    for file in files:
        if not file.is_code or file.blob_id is None or not _may_be_started(file):
            continue
        if not teller.holds(file, "main"):
            continue
        for number, line in teller.lines(file):
            if _MAIN.match(line):
                name = file.path.rpartition("/")[2]
                statement = teller.placed(f"`{name}` can be started as a program.", [(file.path, number)])
                if statement is not None:
                    yield Named(name, "program", file.path, number, statement)
                break


def _may_be_started(file: TreeFile) -> bool:
    return file.language in ("python", "java", "kotlin", "go", "c", "cpp", "rust", "csharp")


def tests_of(survey: Survey, inside: frozenset[int]) -> list[tuple[str, int, list[str]]]:
    """Return the files of tests that take in files of a module: path, first line that does, and which."""
    lines: dict[int, int] = {}
    targets: dict[int, set[str]] = defaultdict(set)
    for link in survey.links:
        if link.target not in inside or link.source in inside:
            continue
        test, target = survey.files[link.source], survey.files[link.target]
        if test.marks & FileMark.TEST and not target.marks & FileMark.TEST:
            lines[link.source] = min(lines.get(link.source, link.line), link.line)
            targets[link.source].add(target.path.rpartition("/")[2])
    found = [(survey.files[each].path, lines[each], sorted(names)) for each, names in targets.items()]
    return sorted(found, key=lambda each: (-len(each[2]), each[0]))


def tests(teller: Teller, survey: Survey, inside: frozenset[int]) -> tuple[list[Named], int]:
    """Return the files of tests that take in files of a module, those that take in most of it first."""
    found = tests_of(survey, inside)
    shown = []
    for path, line, names in found[:TESTS_SHOWN]:
        some = [f"`{each}`" for each in names[:3]]
        more = [f"{len(names) - 3} more"] if len(names) > 3 else []
        statement = teller.placed(f"{path} takes in {listed([*some, *more])}.", [(path, line)])
        if statement is not None:
            shown.append(Named(path.rpartition("/")[2], "test", path, line, statement))
    return shown, len(found)
