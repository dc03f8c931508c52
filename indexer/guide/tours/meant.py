"""What a call on a way means: by what it is written on, what the file takes in, which types are declared."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from typing import Final

from indexer.answer.calling import called_on, is_bare
from indexer.answer.declared import is_made_in_place, types_written
from indexer.answer.inquiry import CALLABLE, Inquiry
from indexer.guide.tours.uses import TWO_WORDS, fits
from indexer.index.calls import is_foreign
from indexer.index.standard import is_standard
from indexer.index.symbols import (
    TYPES,
    Callee,
    FoundSymbol,
    bases,
    definitions_in,
    find_symbols,
    references_to,
)
from indexer.types import FileMark, ReferenceKind, SymbolKind

_BUILT_IN: Final = frozenset(
    name for kind in (dict, list, set, str, bytes) for name in dir(kind) if not name.startswith("_")
)
"""What every dict, list, set or text has: called on something unknown it is most likely that."""
_PACKAGE: Final = re.compile(r"^package[ \t]+(\w+)", re.M)
ANCESTORS: Final = 6
"""Classes up which a method is looked for."""
_GENERAL: Final = re.compile(
    r"^(?:save|delete|create|update|get|post|put|filter|all|first|success|error|run|start|stop|close|open"
    r"|read|write"
    r"|send|clean|validate|is_valid|form_valid|form_invalid|get_form|render|apply|call|execute|handle|process"
    r"|clone|copy|build|find|load|dump|init|setup|reset|clear|Error|New|Run|Close)$"
)
"""Names that libraries bear too: with nothing else to go by they mean nothing."""
_REFUSES: Final = re.compile(
    r"raise NotImplemented|throw new (?:UnsupportedOperation|NotImplemented|AbstractMethod)|pass$|\.\.\.$"
)
LONGEST_REFUSAL: Final = 3
"""Lines of a body that does nothing but refuse."""
MADE_UP: Final = re.compile(r"(?:^|/)(?:mocks?|fakes?|stubs?|testing|testutil\w*)(?:/|\.)", re.I)


class Meanings:
    """Says what calls mean; what it learnt of a package it keeps."""

    def __init__(
        self, inquiry: Inquiry, minor: FileMark, called_by: Callable[[str], frozenset[str]] | None = None
    ) -> None:
        """Read with ``inquiry``; ``called_by`` gives the names that files give to what a class makes."""
        self._inquiry = inquiry
        self._minor = minor
        self._called_by = called_by or (lambda _: frozenset())
        self._by_custom = set[tuple[int, int]]()
        self._packages: dict[str, str] = {}

    def meant(self, caller: FoundSymbol, used: Callee, on: str) -> tuple[FoundSymbol | None, bool]:
        """Return what a call most likely means, and whether it can mean nothing else."""
        symbol = used.symbol
        if on in ("self", "this", "cls", "me", "super") and caller.parent:
            return self._of_its_own(caller, used.name), True
        if not on and symbol is not None and symbol.kind is SymbolKind.METHOD:
            return (self._of_its_own(caller, used.name) if caller.parent else None), True
        if self._is_of_others(caller, used, on):
            return None, False
        if symbol is not None and (
            not on
            or is_one(on, symbol.parent)
            or (not symbol.parent and self._is_module_of(on, symbol, caller))
        ):
            return symbol, True
        return self._by_name(caller, used, on)

    def written_on(self, caller: FoundSymbol, used: Callee) -> str:
        """Return the name before the dot; ``?`` for what another call gave."""
        on = called_on(self._inquiry, caller, used)
        source = None if on else self._inquiry.page.sources.file(caller.path)
        if on and caller.path.endswith(".go") and re.match(rf"func \({re.escape(on)}\b", caller.signature):
            return "self"
        line = source.lines[used.line - 1] if source is not None and used.line <= len(source.lines) else ""
        if line and re.search(rf"(?:\.|->)\s*{re.escape(used.name)}\b", line):
            return "?"
        return on

    def type_of(self, caller: FoundSymbol, name: str) -> tuple[str, FoundSymbol | None]:
        """Return the type that a name is declared with in the caller's file, and its definition here."""
        source = self._inquiry.page.sources.file(caller.path)
        if source is None or not name.isidentifier():
            return "", None
        own = source.lines[caller.name_line - 1 : caller.end_line]
        kind = next(types_written(chain(own, source.lines), name), "")
        types = [
            each
            for each in find_symbols(self._inquiry.reader, kind, 5)
            if each.name == kind and each.kind in TYPES and each.path != caller.path
        ]
        return kind, types[0] if len({each.path for each in types}) == 1 else None

    def of_type(self, kind: str, declared: FoundSymbol | None, name: str) -> tuple[FoundSymbol | None, bool]:
        """Return the method that something of a type has under a name, and whether it can be no other: of an
        interface, be it declared here or in a library, it is that of its only implementation here.
        """
        own = [] if declared is None else self._methods(declared, name)
        if own and declared is not None and declared.kind is not SymbolKind.INTERFACE:
            return own[0], True
        made = [method for each in self._implementing(kind) for method in self._methods(each, name)]
        if len({each.path for each in made}) == 1 and not is_made_in_place(self._inquiry, kind):
            return made[0], True
        return (own[0] if own else None), bool(own)

    def doing(self, declared: FoundSymbol, caller: FoundSymbol | None = None) -> list[FoundSymbol]:
        """Return the methods of classes here that build on its class and do what a method only declares, the
        most made class first; none where it does something itself. A class that has its own in place of
        ``caller``, a method of the same object, never comes by there.
        """
        if not declared.parent or not self._only_declares(declared):
            return []
        open_ones, found = [declared.parent.rpartition(".")[2]], dict[tuple[int, int], FoundSymbol]()
        for _ in range(ANCESTORS):
            heirs = [each for kind in open_ones for each in self._implementing(kind)]
            for heir in heirs:
                for each in self._methods(heir, declared.name):
                    if not self._only_declares(each) and not (caller and self._overrides(each, caller)):
                        found.setdefault((each.blob_id, each.start_line), each)
            open_ones = [each.name for each in heirs]
        return sorted(found.values(), key=lambda each: (-self._made(each.parent), each.path))

    def is_only(self, symbol: FoundSymbol) -> bool:
        """Return whether nothing else in this repository bears a name, and hardly any library does; or what
        it was called on is by custom of its class.
        """
        if (symbol.blob_id, symbol.start_line) in self._by_custom:
            return True
        bearers = [
            each
            for each in find_symbols(self._inquiry.reader, symbol.name, 8)
            if each.name == symbol.name and each.kind in CALLABLE and not each.marks & self._minor
        ]
        return len(bearers) == 1 and bool(TWO_WORDS.search(symbol.name))

    def is_known(self, name: str) -> bool:
        """Return whether anything here is defined by a name, or a language has it."""
        if name in _BUILT_IN or is_standard(name):
            return True
        return any(each.name == name for each in find_symbols(self._inquiry.reader, name, 8))

    def is_inner(self, symbol: FoundSymbol, caller: FoundSymbol) -> bool:
        """Whether a definition stands inside a function, and the caller does not: it cannot be meant."""
        if not symbol.parent or caller.qualified.startswith(symbol.parent):
            return False
        around = [
            each
            for each in definitions_in(self._inquiry.reader, symbol.path_id)
            if each.qualified == symbol.parent
        ]
        return bool(around) and around[0].kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)

    # ---------------------------------------------------------------------------- private

    def _overrides(self, method: FoundSymbol, other: FoundSymbol) -> bool:
        """Return whether the class of a method has one of its own under the name of another method."""
        return method.parent != other.parent and any(
            each.name == other.name and each.parent == method.parent
            for each in definitions_in(self._inquiry.reader, method.path_id)
        )

    def _only_declares(self, method: FoundSymbol) -> bool:
        """Whether the body of a method is nothing but its words and a refusal."""
        source = self._inquiry.page.sources.file(method.path)
        if source is None:
            return False
        text = "\n".join(source.lines[method.name_line - 1 : method.end_line])
        text = re.sub(r"(?s)\"{3}.*?\"{3}|'{3}.*?'{3}", "", text)
        _, _, body = text.partition(":\n") if method.path.endswith(".py") else text.partition("\n")
        lines = [each.strip() for each in body.split("\n")]
        said = [each for each in lines if each and not each.startswith("#") and each not in ("end", "}")]
        return len(said) <= LONGEST_REFUSAL and any(_REFUSES.match(each) for each in said)

    def _made(self, parent: str) -> int:
        """Return how many files of code make or name a class."""
        name = parent.rpartition(".")[2]
        users = references_to(self._inquiry.reader, name, 60)
        return len({each.path for each in users if each.name == name and not each.marks & self._minor})

    def _is_of_others(self, caller: FoundSymbol, used: Callee, on: str) -> bool:
        """Whether what is called is a variable, of a library, or what any dict or list has."""
        if not on and _is_local(self._inquiry, caller, used):
            return True
        if on and (used.name in _BUILT_IN or is_foreign(self._inquiry.reader, caller.blob_id, on)):
            return True
        return not on and used.symbol is None and is_bare(self._inquiry, caller, used)

    def _by_name(self, caller: FoundSymbol, used: Callee, on: str) -> tuple[FoundSymbol | None, bool]:
        """Return what a call means of which the name alone is known: nothing says what it is called on."""
        found = [
            each
            for each in find_symbols(self._inquiry.reader, used.name, 8)
            if each.name == used.name
            and each.kind in CALLABLE
            and not each.marks & self._minor
            and (each.parent or not on or self._is_module_of(on, each, caller))
        ]
        if not TWO_WORDS.search(used.name):
            found = [each for each in found if each.parent and fits(on, each.parent)]
        fitting = [each for each in found if each.parent and fits(on, each.parent)]
        # `app.send_task` may well be one of the folder app/.
        fitting = fitting or [
            each for each in found if on and on.strip("_") in re.split(r"[/.]", each.path)[:-1]
        ]
        exact = [each for each in fitting if is_one(on, each.parent)]
        if len(exact) == 1:
            return exact[0], True
        # `app` is by custom what `Celery()` makes, whoever else has a method of that name.
        customary = [
            each for each in found if each.parent and on in self._called_by(each.parent.rpartition(".")[2])
        ]
        if on and len(customary) == 1:
            self._by_custom.add((customary[0].blob_id, customary[0].start_line))
            return customary[0], False
        if is_standard(used.name):
            return None, False
        # `form.save()` may be of any form; a name that only one has here, on a word of its class, is that.
        if len(fitting) == 1 and not _GENERAL.match(used.name):
            return fitting[0], bool(fitting[0].parent) and self.is_only(fitting[0])
        only = len(found) == 1 and not fitting and not _GENERAL.match(used.name)
        return (found[0] if only else None), False

    def _is_module_of(self, on: str, symbol: FoundSymbol, caller: FoundSymbol) -> bool:
        """Whether a name before the dot is the module or package that a free definition stands in."""
        if symbol.path.endswith(".go"):
            if symbol.path not in self._packages:
                source = self._inquiry.page.sources.file(symbol.path)
                found = _PACKAGE.search("\n".join(source.lines)) if source is not None else None
                self._packages[symbol.path] = found[1] if found else ""
            return self._packages[symbol.path] == on
        parts = symbol.path.rpartition(".")[0].split("/")
        if on in parts[-2:]:
            return True
        source = self._inquiry.page.sources.file(caller.path)
        stem = parts[-2] if parts[-1] in ("__init__", "index", "mod") and len(parts) > 1 else parts[-1]
        taken = re.compile(rf"\b(?:import|require|use|from)\b.*\b{re.escape(stem)}\b.*\b{re.escape(on)}\b")
        other = re.compile(rf"\b{re.escape(on)}\b.*\b(?:require|from)\b.*\b{re.escape(stem)}\b")
        lines = source.lines if source is not None else ()
        return any(taken.search(line) or other.search(line) for line in lines if len(line) < 300)

    def _of_its_own(self, caller: FoundSymbol, name: str) -> FoundSymbol | None:
        """Return the method that an object calls on itself: its class's, else one that it inherits."""
        wanted = [caller.parent.rpartition(".")[2]]
        seen: set[str] = set()
        bearers = [
            each
            for each in find_symbols(self._inquiry.reader, name, 40)
            if each.name == name and each.kind in CALLABLE and not each.marks & self._minor
        ]
        for depth in range(ANCESTORS):
            for kind in wanted:
                own = [each for each in bearers if each.parent.rpartition(".")[2] == kind]
                here = [each for each in own if each.path == caller.path] or own
                if here:
                    return here[0]
            seen |= set(wanted)
            wanted = [base for kind in wanted for base in self._bases(kind, caller.path if not depth else "")]
            wanted = [each for each in dict.fromkeys(wanted) if each not in seen]
            if not wanted:
                break
        return None

    def _methods(self, holder: FoundSymbol, name: str) -> list[FoundSymbol]:
        """Return the methods of a type that bear a name and do something."""
        return [
            each
            for each in definitions_in(self._inquiry.reader, holder.path_id)
            if each.name == name and each.parent == holder.qualified and each.end_line > each.start_line
        ]

    def _implementing(self, kind: str) -> list[FoundSymbol]:
        found = []
        for use in references_to(self._inquiry.reader, kind, 60, (ReferenceKind.INHERIT,)):
            if use.name != kind or use.marks & self._minor or MADE_UP.search(use.path):
                continue
            holders = [
                each
                for each in definitions_in(self._inquiry.reader, use.path_id)
                if each.kind in TYPES and each.start_line <= use.line <= each.name_line + 3
            ]
            found += holders[-1:]
        return found

    def _bases(self, kind: str, path: str) -> list[str]:
        found = [
            each
            for each in find_symbols(self._inquiry.reader, kind, 4)
            if each.name == kind and each.kind in TYPES and (not path or each.path == path)
        ]
        return [base for each in found[:2] for base in bases(self._inquiry.reader, each)]


def is_one(on: str, parent: str) -> bool:
    """Return whether a name before the dot is the class's own: `basket` of an AbstractBasket."""
    said = re.sub(r"[^a-z]", "", on.lower())
    name = re.sub(r"^(?:Abstract|Base|Default)(?=[A-Z])", "", parent.rpartition(".")[2])
    return len(said) > 2 and said == re.sub(r"[^a-z]", "", name.lower())


def _is_local(inquiry: Inquiry, caller: FoundSymbol, used: Callee) -> bool:
    """Whether a name that is called was given its value in the caller: a variable, and no definition."""
    source = inquiry.page.sources.file(caller.path)
    if source is None:
        return False
    assigned = re.compile(
        rf"^\s*(?:(?:const|let|var)\s+)?{re.escape(used.name)}\s*:?=(?!=)"
        rf"|[,(]\s*{re.escape(used.name)}\s*[,)=:]"
    )
    return any(assigned.search(line) for line in source.lines[caller.name_line - 1 : used.line - 1])
