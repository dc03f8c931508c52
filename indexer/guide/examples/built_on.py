"""What is made from a type, a module or an interface that is named as the means: those are the models, and
the thing itself is none.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.examples.candidates import CONTAINERS, Candidate
from indexer.guide.examples.definitions import Definitions, candidate_of
from indexer.index.mentions import mentions
from indexer.index.symbols import FoundSymbol
from indexer.types import FileMark, SymbolKind

_LONGEST: Final = 60
"""Lines of a type with its methods behind it that are still one piece to copy."""
_OF_GO: Final = (SymbolKind.STRUCT, SymbolKind.TYPE, SymbolKind.CLASS)


def built_on(name: str, definitions: Definitions) -> list[Candidate]:
    """Return what is made from the thing of this name, those of the code before those of examples and tests;
    the thing itself may come from elsewhere. ``name`` may be written with what holds it.
    """
    last = re.split(r"::|[.\\]", name)[-1]
    own = [
        each
        for each in definitions.where("s.name = ?", (last,))
        if each.name == last and each.kind in (*CONTAINERS, SymbolKind.MODULE)
    ]
    found = {(each.path, each.start_line): candidate_of(each) for each in definitions.heirs.get(last, [])}
    for one in (*_taking_in(last, definitions), *_fitting(own, definitions)):
        found.setdefault((one.path, one.first), one)
    for itself in own:
        found.pop((itself.path, itself.start_line), None)
    _go_on(found, definitions)
    marks = {key: definitions.shelf.sheet(key[0]) for key in found}
    for tier in ("", "example", "test"):
        chosen = [
            each
            for key, each in found.items()
            if (sheet := marks[key]) is not None and sheet.mark == tier and each.last > each.first
        ]
        if chosen:
            return chosen
    return []


def _go_on(found: dict[tuple[str, int], Candidate], definitions: Definitions) -> None:
    """Put in place of types of next to no lines, that others are made from in turn, what is made of them."""
    for _ in range(_DEPTH):
        stubs = {
            key: each.symbol.name
            for key, each in found.items()
            if each.symbol is not None
            and each.last - each.first < _STUB
            and definitions.heirs.get(each.symbol.name)
        }
        if not stubs:
            return
        for key, name in stubs.items():
            del found[key]
            for each in definitions.heirs[name]:
                found.setdefault((each.path, each.start_line), candidate_of(each))


_DEPTH: Final = 3
_STUB: Final = 5
"""Types up which what only others are built on is left behind, and the lines of such a one."""


def _taking_in(name: str, definitions: Definitions) -> list[Candidate]:
    """Return the types that take a module, a trait or an interface in by a line of their own."""
    whole = rf"(?:[\w:.\\]+(?:::|[.\\]))?{re.escape(name)}"
    line = re.compile(
        rf"^\s*(?:include|extend|prepend)[\s(]+(?:[\w:]+,\s*)*{whole}\b(?!::)"
        rf"|^\s*use\s+\\?(?:[\w\\]+,\s*)*{whole}\s*[;,{{]"
        rf"|\bimpl\b.*\b{whole}(?:<[^>]*>)?\s+for\s"
        rf"|^\s*\*?{whole}\s*$"
    )
    found = []
    for each in mentions(definitions.shelf.reader, name).found:
        sheet = definitions.shelf.sheet(each.path) if line.search(each.text) else None
        around = sheet.class_at(each.line) if sheet is not None else None
        if around is not None and around.name_line < each.line:
            found.append(candidate_of(around))
        elif sheet is not None and " for " in each.text:
            implemented = [one for one in sheet.definitions if each.line < one.name_line]
            last = max((one.end_line for one in implemented if one.start_line <= each.line + 1), default=0)
            if last:
                found.append(Candidate(each.text.strip(" {"), each.path, each.line, last, None))
    return found


def _fitting(own: list[FoundSymbol], definitions: Definitions) -> list[Candidate]:
    """Return the types of Go that have all methods of an interface, each with those behind it."""
    found = []
    for each in own:
        if each.kind is not SymbolKind.INTERFACE or not each.path.endswith(".go"):
            continue
        asked = {
            one.name
            for one in definitions.of_file(each.path_id)
            if one.parent == each.qualified and one.kind is SymbolKind.METHOD
        }
        having: dict[tuple[str, str], set[str]] = {}
        methods: dict[tuple[str, str], list[FoundSymbol]] = {}
        for name in asked:
            for one in definitions.where(
                "s.kind = 'method' AND s.name = ? AND s.parent != ?", (name, each.name)
            ):
                key = (one.path.rpartition("/")[0], one.parent)
                having.setdefault(key, set()).add(one.name)
                methods.setdefault(key, []).append(one)
        for (folder, parent), names in having.items():
            if not asked or names != asked:
                continue
            types = definitions.where("s.name = ? AND p.shown LIKE ?", (parent, f"{folder}%.go"))
            found += [
                _with_methods(one, methods[folder, parent])
                for one in types
                if one.kind in _OF_GO and one.path.rpartition("/")[0] == folder
                and not one.marks & FileMark.GENERATED
            ]  # fmt: skip
    return found


def _with_methods(type_: FoundSymbol, methods: list[FoundSymbol]) -> Candidate:
    """Return a type with the methods that stand behind it in its file, as far as they are near."""
    ends = [each.end_line for each in methods if each.path == type_.path and each.start_line > type_.end_line]
    last = max((end for end in ends if end - type_.start_line < _LONGEST), default=type_.end_line)
    return Candidate(type_.qualified, type_.path, type_.start_line, last, type_)
