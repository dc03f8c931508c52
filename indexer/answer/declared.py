"""What a call on a name means, by the type that the name is declared with: `root.getValue()` is of a `node`
where a field is written `root *node`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from indexer.answer.given import arguments
from indexer.answer.inquiry import MINOR, Inquiry
from indexer.index.symbols import TYPES, FoundSymbol, bases, find_symbols, references_to
from indexer.types import ReferenceKind, SymbolKind

BEARERS: Final = 60
"""Definitions of one name that are looked at."""

_ANCESTORS: Final = 4
"""Types up which a method is looked for."""
_METHODS: Final = frozenset((SymbolKind.METHOD, SymbolKind.FUNCTION))
_FIELDS: Final = frozenset((SymbolKind.FIELD, SymbolKind.PROPERTY, SymbolKind.VARIABLE, SymbolKind.CONSTANT))

_DECLARED: Final = (
    r"\b([A-Z]\w*)(?:<[^<>]*>)?\s*[\s*&]\s*\$?{name}\s*(?:[;=,):]|$)"  # Java, PHP
    r"|\b{name}\s*:\s*[\"']?&?(?:'\w+\s+)?(?:mut\s+)?(?:\w+(?:::|\.))*([A-Z]\w+)"  # TypeScript
    r"|\b{name}\s*(?:\|\|)?=\s*(?:\w+::)*([A-Z]\w+)\.new\b"  # Ruby
    r"|\b{name}\s*:?=\s*(?:await\s+)?(?:new\s+|&)?(?:\w+\.)?([A-Z]\w+)(?:\(|\{{|::)"  # what is made
    r"|\b{name}\s*:?=\s*(?:\w+\.)?[Nn]ew([A-Z]\w+)\("  # Go, by its custom
    r"|\b{name}\s+\*(?:\w+\.)?(\w+)"  # Go
    r"|\b{name}\s+(?:\w+\.)?([A-Z]\w+)\s*(?:[,)`/]|$)"
)
_GIVEN: Final = r"\b{name}\s*(?::\s*\w+\s*)?:?=\s*(?:await\s+)?(?:\w+(?:\.|::|->))*(\w+)\("
_MAKER: Final = re.compile(r"(?:(?P<kind>[A-Z]\w*)(?:\.|::))?(?P<name>\b(?(kind)new|[A-Za-z_]\w*))\s*$")
"""What stands before the brackets of a call: in Ruby the type stands before ``new``."""
_RETURNS: Final = re.compile(r"\)\s*(?:->|:)\s*[\"']?&?(?:\w+(?:\.|::))*([A-Z]\w*)|\)\s*\(?\*?([A-Z]\w*)\b")
"""What the head of a function says it gives; in Java it stands before the name."""
_GO_FIELD: Final = re.compile(r"^\w+\s+\*?(?:\w+\.)?(\w+)")


def method_on(
    inquiry: Inquiry, caller: FoundSymbol, on: str, name: str, given: int | None = None
) -> FoundSymbol | None:
    """Return the method ``name`` of the type that ``on`` is declared with, or of what that is built on: in
    the lines of the caller, else as a field of its class, else of its folder.

    None where no type is written, or where several that are so written have such a method and not just one
    of them takes as many arguments as are ``given``.
    """
    bearers = _doing(inquiry, name) if on.isidentifier() else []
    kinds = _kinds(inquiry, caller, on) if bearers else frozenset[str]()
    return _borne(inquiry, caller, bearers, kinds, given) if kinds else None


def method_on_made(inquiry: Inquiry, caller: FoundSymbol, statement: str, name: str) -> FoundSymbol | None:
    """Return the method ``name`` of what a statement makes and calls at once: `new Cleaner(list).clean(it)`,
    `Cleaner.new(list).clean(dirty)`, or of what the function gives whose name stands there.
    """
    start = re.search(rf"\)\s*\??(?:\.|->)\s*{re.escape(name)}\s*\(", statement)
    maker = _MAKER.search(_before_brackets(statement[: start.start() + 1])) if start is not None else None
    if maker is None:
        return None
    bearers = _doing(inquiry, name)
    if not bearers:
        return None
    made = maker["kind"] or (maker["name"] if maker["name"][:1].isupper() else "")
    kinds = frozenset((made,)) if made else _given_by(inquiry, (maker["name"],))
    return _borne(inquiry, caller, bearers, kinds) if kinds else None


def may_be(inquiry: Inquiry, caller: FoundSymbol, on: str, method: FoundSymbol) -> bool:
    """Return whether a call on a name can mean a method, by the type that the name is declared with: it is of
    that type or of one that is built on it, or no type is written.
    """
    kinds = _kinds(inquiry, caller, on) if on.isidentifier() else frozenset[str]()
    wanted = {method.parent.rpartition(".")[2]}
    for _ in range(_ANCESTORS if kinds else 0):
        if wanted & kinds:
            return True
        holders = [
            each
            for kind in wanted
            for each in find_symbols(inquiry.reader, kind, 4)
            if each.name == kind and each.kind in TYPES
        ]
        wanted = {base for each in holders for base in bases(inquiry.reader, each)}
    return not kinds


def _doing(inquiry: Inquiry, name: str) -> list[FoundSymbol]:
    """Return the methods of a name. What has no body only declares it; who does it is another question."""
    return [
        each
        for each in find_symbols(inquiry.reader, name, BEARERS)
        if each.name == name
        and each.parent
        and each.kind in _METHODS
        and each.end_line > each.start_line
        and not each.marks & MINOR
    ]


def _before_brackets(text: str) -> str:
    """Return what stands before the brackets that a text ends with."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return text[:at]
    return ""


def types_written(lines: Iterable[str], name: str) -> Iterator[str]:
    """Yield the types that lines of code declare a name with, in their order."""
    declared = _declared(name)
    for line in lines:
        if name in line:
            for found in declared.finditer(line):
                yield next(each for each in found.groups() if each)


@lru_cache(maxsize=512)
def _declared(name: str) -> re.Pattern[str]:
    return re.compile(_DECLARED.format(name=re.escape(name)))


def _kinds(inquiry: Inquiry, caller: FoundSymbol, on: str) -> frozenset[str]:
    for look in (_in_lines, _as_own_field, _in_folder):
        if kinds := look(inquiry, caller, on):
            return kinds
    return frozenset()


def _borne(
    inquiry: Inquiry,
    caller: FoundSymbol,
    bearers: Sequence[FoundSymbol],
    kinds: frozenset[str],
    given: int | None = None,
) -> FoundSymbol | None:
    """Return the one method that types have, or inherit; None where there is none, or more than one."""
    seen = set[str]()
    for _ in range(_ANCESTORS):
        found = _nearest(caller, [each for each in bearers if each.parent.rpartition(".")[2] in kinds])
        if len(found) > 1 and given is not None:
            found = [each for each in found if len(arguments(each.signature, each.name) or ()) == given]
        if len(found) > 1 and given is not None and all(each.path.endswith(".rb") for each in found):
            # Ruby has no overloads: a class method of the same name only hands on to the one that does it.
            found = sorted(found, key=lambda each: each.start_line - each.end_line)[:1]
        if len(found) == 1:
            return _done_by(inquiry, bearers, found[0])
        if found:
            return None
        seen |= kinds
        above = [
            base
            for kind in kinds
            for each in find_symbols(inquiry.reader, kind, 4)
            if each.name == kind and each.kind in TYPES
            for base in bases(inquiry.reader, each)
        ]
        kinds = frozenset(above) - seen
        if not kinds:
            break
    return None


def _done_by(inquiry: Inquiry, bearers: Sequence[FoundSymbol], method: FoundSymbol) -> FoundSymbol | None:
    """Return a method, of an interface that of its only implementation here; None where there are several."""
    kind = method.parent.rpartition(".")[2]
    declares = any(
        each.name == kind and each.kind is SymbolKind.INTERFACE and each.path_id == method.path_id
        for each in find_symbols(inquiry.reader, kind, 4)
    )
    if not declares or has_body(inquiry, method):
        return method
    if is_made_in_place(inquiry, kind):
        return None
    building = references_to(inquiry.reader, kind, BEARERS, (ReferenceKind.INHERIT,))
    files = {each.path_id for each in building if each.name == kind and not each.marks & MINOR}
    found = [each for each in bearers if each.path_id in files and each.parent != method.parent]
    return found[0] if len(found) == 1 else None


def has_body(inquiry: Inquiry, method: FoundSymbol) -> bool:
    """Return whether a method of an interface does something itself, as Java's and C#'s default ones do."""
    source = inquiry.page.sources.file(method.path)
    lines = () if source is None else source.lines[method.name_line - 1 : method.end_line]
    return lines != () and lines[-1].rstrip().endswith("}") and any("{" in each for each in lines)


def is_made_in_place(inquiry: Inquiry, kind: str) -> bool:
    """Return whether code makes an interface where it hands it on: such an implementation bears no name, so
    that one which does is not the only one.
    """
    made = references_to(inquiry.reader, kind, BEARERS, (ReferenceKind.CALL,))
    return any(each.name == kind and not each.marks & MINOR for each in made)


def _in_lines(inquiry: Inquiry, caller: FoundSymbol, on: str) -> frozenset[str]:
    source = inquiry.page.sources.file(caller.path)
    if source is None:
        return frozenset()
    lines = source.lines[caller.name_line - 1 : caller.end_line]
    return frozenset(types_written(lines, on)) or _as_given(inquiry, lines, on)


def _as_given(inquiry: Inquiry, lines: Sequence[str], on: str) -> frozenset[str]:
    """Return the types of what a call gives that a name is set to, as the heads of what is called say."""
    given = re.compile(_GIVEN.format(name=re.escape(on)))
    return _given_by(inquiry, {found[1] for line in lines if on in line and (found := given.search(line))})


def _given_by(inquiry: Inquiry, names: Iterable[str]) -> frozenset[str]:
    """Return the types of what functions of these names give, as their heads say."""
    kinds = set[str]()
    for name in sorted(names):
        for each in find_symbols(inquiry.reader, name, BEARERS):
            if each.name == name and each.kind in _METHODS and not each.marks & MINOR:
                returned = _RETURNS.search(each.signature) or re.search(
                    rf"\b([A-Z]\w*)(?:<[^<>]*>)?\s+{re.escape(name)}\s*\(", each.signature
                )
                kinds |= {each for each in returned.groups() if each} if returned else set()
    return frozenset(kinds)


def _as_own_field(inquiry: Inquiry, caller: FoundSymbol, on: str) -> frozenset[str]:
    """Return the types of a field of the caller's class: as it is declared, else as a method sets it."""
    fields = [each for each in _fields(inquiry, caller, on) if each.parent and each.parent == caller.parent]
    if kinds := _types_of(fields, on):
        return kinds
    holder = caller.parent.rpartition(".")[2]
    source = inquiry.page.sources.file(caller.path)
    if not holder or source is None:
        return frozenset()
    written = [f"{before}{on}" for before in ("self.", "this.", "this->", "@")]
    for each in find_symbols(inquiry.reader, holder, BEARERS):
        if each.path == caller.path and each.qualified == caller.parent:
            within = source.lines[each.name_line : each.end_line]
            lines = [line for line in within if on in line and any(one in line for one in written)]
            return frozenset(types_written(lines, on))
    return frozenset()


def _in_folder(inquiry: Inquiry, caller: FoundSymbol, on: str) -> frozenset[str]:
    """Return the types of the fields of that name in the caller's folder: what it has of its neighbours."""
    return _types_of(_fields(inquiry, caller, on), on)


def _fields(inquiry: Inquiry, caller: FoundSymbol, on: str) -> list[FoundSymbol]:
    folder = caller.path.rpartition("/")[0]
    return [
        each
        for each in find_symbols(inquiry.reader, on, BEARERS)
        if each.name == on and each.kind in _FIELDS and each.path.rpartition("/")[0] == folder
    ]


def _types_of(fields: Iterable[FoundSymbol], on: str) -> frozenset[str]:
    kinds = set[str]()
    for each in fields:
        found = _GO_FIELD.match(each.signature) if each.path.endswith(".go") else None
        kinds |= {found[1]} if found else set(types_written([each.signature], on))
    return frozenset(kinds)


def _nearest(caller: FoundSymbol, methods: list[FoundSymbol]) -> list[FoundSymbol]:
    """Return those in the caller's folder where there are any: one name may be a type of several packages."""
    folder = caller.path.rpartition("/")[0]
    near = [each for each in methods if each.path.rpartition("/")[0] == folder]
    return near or methods
