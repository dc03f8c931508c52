"""The definitions of the current files, and which types are there to be built on, or built on the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final

from indexer.guide.examples.candidates import CONTAINERS, Candidate, bases_of
from indexer.guide.inventory.sheets import Shelf
from indexer.index.symbols import FoundSymbol, symbols_where
from indexer.types import FileMark, SymbolKind

_HEIRS: Final = 2
"""A type that so many are made from is there to be built on; it is not one to copy."""
UNWANTED: Final = FileMark.GENERATED | FileMark.VENDORED | FileMark.STUB
_ABSTRACT: Final = re.compile(
    r"(?:^|_)(?:Base|Abstract|I(?=[A-Z][a-z]))(?=[A-Z_]|$)|(?:Base|Mixin)$|^abstract_"
)
_HOLDS: Final = (*CONTAINERS, SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MODULE)
_RECEIVER: Final = re.compile(r"func\s*\(")
"""A method of Go stands beside its type, which may be in another file."""
_UNDONE: Final = re.compile(r"\braise NotImplementedError|\babstractmethod\b|\babstract class\b")


class Definitions:
    """The definitions of the current files, read from the index when first needed."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._inside: dict[int, list[FoundSymbol]] = {}

    def where(self, condition: str, values: Sequence[Any] = ()) -> list[FoundSymbol]:
        """Return the definitions in files that a person wrote which satisfy a condition on the tables."""
        return symbols_where(
            self.shelf.reader, f"({condition}) AND e.marks & ? = 0", (*values, int(UNWANTED))
        )

    @cached_property
    def types(self) -> list[FoundSymbol]:
        """All types."""
        kinds = ",".join(f"'{each}'" for each in CONTAINERS)
        return self.where(f"s.kind IN ({kinds})")

    @cached_property
    def bearers(self) -> Counter[str]:
        """How many types have each name."""
        return Counter(each.name for each in self.types)

    @cached_property
    def bases(self) -> list[tuple[FoundSymbol, set[str]]]:
        """All types, with the names of what they are made from."""
        return [(each, set(bases_of(each))) for each in self.types]

    @cached_property
    def heirs(self) -> dict[str, list[FoundSymbol]]:
        """The types that are made from a name, those of tests with the rest."""
        found: dict[str, list[FoundSymbol]] = defaultdict(list)
        for each, bases in self.bases:
            for base in bases:
                found[base].append(each)
        return found

    def of_file(self, path_id: int) -> list[FoundSymbol]:
        """Return what a file defines."""
        if path_id not in self._inside:
            self._inside[path_id] = self.where("e.path_id = ?", (path_id,))
        return self._inside[path_id]

    def holder(self, symbol: FoundSymbol) -> FoundSymbol | None:
        """Return the definition that one stands in, if it stands in any that is not a mere value."""
        if not symbol.parent:
            return None
        inside = self.of_file(symbol.path_id)
        held = [each for each in inside if each.qualified == symbol.parent and each.kind in _HOLDS]
        return next((each for each in held if each.start_line <= symbol.start_line <= each.end_line), None)

    def stands_alone(self, symbol: FoundSymbol) -> bool:
        """Say whether a definition stands in none, or only in a module."""
        if _RECEIVER.match(symbol.signature):
            return False
        holder = self.holder(symbol)
        return holder is None or (holder.kind is SymbolKind.MODULE and self.stands_alone(holder))

    def is_namespace(self, symbol: FoundSymbol) -> bool:
        """Say whether a module does no more than hold types and other modules."""
        return symbol.kind is SymbolKind.MODULE and any(
            each.parent == symbol.qualified and each.kind in (*CONTAINERS, SymbolKind.MODULE)
            for each in self.of_file(symbol.path_id)
        )


def foundations(definitions: Definitions, symbols: Iterable[FoundSymbol]) -> set[tuple[str, int]]:
    """Return which types are there to be built on: (path, line) of bases, mixins and abstract ones."""
    found = set[tuple[str, int]]()
    for each in symbols:
        if each.kind not in CONTAINERS:
            continue
        # Where several have the name, only what is made in the same folder is surely made from this one.
        alone = definitions.bearers[each.name] == 1
        heirs = definitions.heirs.get(each.name, [])
        near = [heir for heir in heirs if alone or folder_of(heir) == folder_of(each)]
        own = [heir.name for heir in near if not heir.marks & FileMark.TEST]
        named = _ABSTRACT.search(each.name) is not None
        # ``PersistentScheduler`` is a sort of ``Scheduler``, and not the other way round.
        extended = any(heir != each.name and heir.endswith(each.name) for heir in own)
        abstract = each.kind in (SymbolKind.INTERFACE, SymbolKind.TRAIT)
        if named or extended or abstract or len(own) >= _HEIRS:
            found.add((each.path, each.start_line))
        elif near:
            sheet = definitions.shelf.sheet(each.path)
            text = "" if sheet is None else "\n".join(sheet.lines[each.start_line - 1 : each.end_line])
            if _UNDONE.search(text):
                found.add((each.path, each.start_line))
    return found


def kindred(definitions: Definitions, chosen: Sequence[Candidate]) -> list[Candidate]:
    """Return the types that are made from what most of the chosen are made from, where that is defined here
    and in the folder of one of them: some say what they are, and their brothers do not.
    """
    bases = Counter(
        (base, folder_of(each.symbol))
        for each in chosen
        if each.symbol is not None
        for base in bases_of(each.symbol)
    )
    known = {(each.path, each.first) for each in chosen}
    found = []
    for (base, folder), count in bases.items():
        if count < max(2, 0.5 * len(chosen)):
            continue
        homes = {folder_of(each) for each in definitions.types if each.name == base}
        for each in definitions.types if folder in homes else ():
            same = folder_of(each) == folder and base in bases_of(each)
            if same and (each.path, each.start_line) not in known:
                found.append(candidate_of(each))
    return found


def candidate_of(symbol: FoundSymbol) -> Candidate:
    """Return a definition as one that can be copied."""
    return Candidate(symbol.qualified, symbol.path, symbol.start_line, symbol.end_line, symbol)


def folder_of(symbol: FoundSymbol) -> str:
    """Return the folder that a definition stands in, without a slash at its end."""
    return symbol.path.rpartition("/")[0]
