"""How a definition is used: what leads to it for certain, what only writes its name, and its tests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.inquiry import MINOR, VALUES, Inquiry, shown_place
from indexer.index.calls import ITSELF, form_of, knows_imports, module_names
from indexer.index.mentions import Mention, files_with, mentions
from indexer.index.symbols import (
    FoundReference,
    FoundSymbol,
    callers,
    definitions_in,
    find_symbols,
    imported_by,
    symbol_at,
)
from indexer.types import FileMark, ReferenceKind, SymbolKind

_USES: Final = 2_000
BEARS: Final = frozenset(
    (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT)
)
"""What another of the same name may be taken for."""
_TYPES: Final = BEARS - {SymbolKind.FUNCTION, SymbolKind.METHOD}
IMPORTS: Final = re.compile(
    r"(?:from\s.*\bimport|import|using|use|require\w*|include|export\s.*\sfrom"
    r"|(?:var|const|let)\s.*=\s*require)\b"
)
"""A line that takes something in, and uses nothing yet."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How a definition is used. ``sure`` lead to it, ``named`` write its name and may mean another."""

    sure: tuple[FoundReference, ...]
    named: tuple[Mention, ...]
    tests: tuple[Mention, ...]
    complete: bool
    """False when the name stands in so much code that not all of it was looked through."""

    def files(self, but: int) -> set[int]:
        """Return the files outside tests that use it or write its name, one left out."""
        sure = {each.path_id for each in self.sure}
        return (sure | {each.path_id for each in self.named}) - {but}

    def places(self) -> list[str]:
        """Return every use outside tests as path:line, those that lead to it first."""
        sure = [shown_place(each.path, each.line) for each in self.sure]
        return sure + [shown_place(each.path, each.line) for each in self.named]


def usage(inquiry: Inquiry, symbol: FoundSymbol, *, sure_alone: bool = False) -> Usage:
    """Return the uses of a definition, by what is resolved and by an exact search for its name.

    Where only what leads to it is wanted, tests are not looked through, and nothing else is put in order.
    """
    written = mentions(inquiry.reader, symbol.name, tests=not sure_alone)
    texts = {(each.path_id, each.line): each.text for each in written.found}
    sure = []
    for each in callers(inquiry.reader, symbol, _USES):
        if each.marks & (FileMark.TEST | FileMark.DOCUMENTATION):
            continue
        text = texts.get((each.path_id, each.line))
        # Beyond what was searched nothing is known better.
        if text is None and written.complete and not _another_case(inquiry, each, symbol.name):
            continue
        if text is None or _leads_to(inquiry, symbol, each, text):
            sure.append(each)
    sure = _beyond_imports(sure, texts)
    known = {(each.path_id, each.line) for each in sure}
    rest = [
        each
        for each in written.found
        if (each.path_id, each.line) not in known and not each.is_test and not _is_own(each, symbol)
    ]
    owner = symbol.parent.rpartition(".")[2]
    if not owner and rest:
        # The table holds a name once for each definition that uses it: further lines are as certain.
        holding = {each.path_id for each in sure}
        # Where a file is told to use it, the line that takes it in says nothing more.
        rest = [each for each in rest if each.path_id not in holding or not IMPORTS.match(each.text)]
        again = [each for each in rest if each.path_id in holding and _is_plain(each.text, symbol.name)]
        sure += [_as_use(inquiry, each, symbol.name) for each in again]
        rest = _without(rest, again)
    if owner and rest and _is_one(inquiry, owner):
        # `OrderCreator().place_order()`, though the class came by its name and by no import.
        leading = [each for each in rest if form_of(each.text, symbol.name).on == owner]
        sure += [_as_use(inquiry, each, symbol.name) for each in leading]
        rest = _without(rest, leading)
    if owner and rest and not sure_alone:
        beside = files_with(inquiry.reader, owner)
        rest.sort(
            key=lambda each: (
                bool(each.marks & MINOR),
                owner not in each.text,
                each.path_id not in beside,
                -each.rank,
                each.path,
                each.line,
            )
        )
    if rest and alone_bears(inquiry, symbol):
        # `require('./utils').compileTrust`: no other bears the name, and the file takes in that of this one,
        # or is that.
        taking = {each.path_id for each in imported_by(inquiry.reader, symbol.path_id, _USES)}
        taking.add(symbol.path_id)
        leading = [
            each
            for each in rest
            if each.path_id in taking and _uses(each.text, symbol.name, held=bool(owner))
        ]
        sure += [_as_use(inquiry, each, symbol.name) for each in leading if not IMPORTS.match(each.text)]
        rest = _without(rest, leading)
    within = _holding_function(inquiry, symbol)
    if within is not None:
        # What is defined in a function is known in it alone: elsewhere the name means another.
        sure = [each for each in sure if _is_own(each, within)]
        sure += [_as_use(inquiry, each, symbol.name) for each in rest if _is_own(each, within)]
        rest = []
    tests = tuple(each for each in written.found if each.is_test)
    return Usage(tuple(sure), tuple(rest), tests, written.complete)


def _holding_function(inquiry: Inquiry, symbol: FoundSymbol) -> FoundSymbol | None:
    """Return the function that a function is defined in, or None."""
    if not symbol.parent or symbol.kind is not SymbolKind.FUNCTION:
        return None
    for each in definitions_in(inquiry.reader, symbol.path_id):
        holds = each.start_line < symbol.start_line and symbol.end_line <= each.end_line
        if (
            holds
            and each.qualified == symbol.parent
            and each.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)
        ):
            return each
    return None


def _another_case(inquiry: Inquiry, use: FoundReference, name: str) -> bool:
    """Whether a use writes a name in another case, in a language to which that is the same: `Retry` is not
    `retry` but in COBOL, SQL and the like.
    """
    if use.name == name:
        return False
    source = inquiry.page.sources.file(use.path)
    return source is not None and source.language in _ANY_CASE


_ANY_CASE: Final = frozenset(
    (
        "cobol",
        "copybook",
        "jcl",
        "sql",
        "plsql",
        "ddl",
        "fortran",
        "pascal",
        "vb",
        "vbnet",
        "ada",
        "vhdl",
        "php",
    )
)
_QUOTED: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")


def _uses(text: str, name: str, *, held: bool) -> bool:
    """Whether a line writes a name as code, and not as a word of a text: what a class holds is written behind
    a sign, or called.
    """
    bare = _QUOTED.sub('""', text)
    word = rf"(?<![\w$]){re.escape(name)}(?![\w$])"
    form = rf"(?:\.|->|::)\s*{word}|{word}\s*\(" if held else word
    return re.search(form, bare) is not None


def _beyond_imports(sure: list[FoundReference], texts: Mapping[tuple[int, int], str]) -> list[FoundReference]:
    """Leave out the lines that take a name in, of files that are told to use it further down."""
    taking = {
        (each.path_id, each.line)
        for each in sure
        if not each.inside and IMPORTS.match(texts.get((each.path_id, each.line), ""))
    }
    using = {each.path_id for each in sure if (each.path_id, each.line) not in taking}
    return [each for each in sure if (each.path_id, each.line) not in taking or each.path_id not in using]


def _is_own(each: Mention | FoundReference, symbol: FoundSymbol) -> bool:
    """Whether a line is the definition's own, or within it: that it calls itself concerns nobody else."""
    return each.path_id == symbol.path_id and symbol.name_line <= each.line <= symbol.end_line


def _without(lines: Sequence[Mention], some: Sequence[Mention]) -> list[Mention]:
    gone = {(each.path_id, each.line) for each in some}
    return [each for each in lines if (each.path_id, each.line) not in gone]


def _is_one(inquiry: Inquiry, owner: str) -> bool:
    """Whether one class alone bears a name, tests and examples aside."""
    found = [
        each
        for each in find_symbols(inquiry.reader, owner, 100)
        if each.name == owner and each.kind in _TYPES and not each.marks & MINOR
    ]
    return len(found) == 1


def alone_bears(inquiry: Inquiry, symbol: FoundSymbol) -> bool:
    """Return whether no other definition bears the name, tests and examples aside."""
    # What a module sets is known by its name; an object may be given an attribute of any name, by anybody.
    kinds = BEARS | VALUES if symbol.kind in VALUES and not symbol.parent else BEARS
    found = [
        each
        for each in find_symbols(inquiry.reader, symbol.name, 100)
        if each.name == symbol.name and each.kind in kinds and not each.marks & MINOR
    ]
    return len(found) == 1


def _is_plain(text: str, name: str) -> bool:
    """Whether a line writes a name bare, and in no text: `__all__` may name anything."""
    if IMPORTS.match(text) or text.rstrip(",") == name:
        return False
    return form_of(text, name).bare and not re.search(rf"[\"'`]{re.escape(name)}[\"'`]", text)


def _as_use(inquiry: Inquiry, each: Mention, name: str) -> FoundReference:
    around = symbol_at(inquiry.reader, each.path_id, each.line)
    inside = around.qualified if around is not None else ""
    return FoundReference(
        each.path_id, each.path, each.blob_id, name, ReferenceKind.USE, each.line, inside, each.rank,
        each.marks,
    )  # fmt: skip


def _leads_to(inquiry: Inquiry, symbol: FoundSymbol, use: FoundReference, text: str) -> bool:
    """Whether what a line calls a name on is known to be what holds the definition."""
    form = form_of(text, symbol.name)
    owner = symbol.parent.rpartition(".")[2]
    if form.bare:
        source = inquiry.page.sources.file(use.path) if owner else None
        return source is None or not knows_imports(source.language)
    if form.on in ITSELF:
        return use.path_id == symbol.path_id and bool(owner) and use.inside.startswith(symbol.parent + ".")
    if owner:
        return form.on == owner
    return bool(form.on) and form.on in module_names(symbol.path)
