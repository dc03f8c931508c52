"""What much of the rest depends on: definitions, counted by who names them or calls what only they have."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.inquiry import CALLABLE
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.uses import TWO_WORDS, Uses
from indexer.index.standard import is_standard
from indexer.index.symbols import (
    FoundSymbol,
    callers,
    definitions_in,
    find_symbols,
    references_to,
)
from indexer.types import SymbolKind

TYPES: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.TRAIT, SymbolKind.PROGRAM)
)


LEAST_LINES: Final = 8


BEARERS: Final = 6
"""Definitions of one name among which the longest is still taken to be meant."""


_OF_ALL: Final = frozenset(("object", "Object", "ABC", "abc.ABC", "Generic", "Protocol"))
"""What anything builds on says nothing of it."""


LEAST_CALLERS: Final = 3
"""Files of code from which much depends on a function."""


SHOWN_BY: Final = 6
"""Files of tests, examples and documents from which much depends on what little of the code names: what a
library is used by.
"""
A_FILE: Final = 8
"""Lines of tests, examples and documents that count as a file: many a library has a single file of tests."""
REACHED: Final = 60
"""Definitions whose methods' callers are looked at too, the most named first."""


ELSEWHERE: Final = 0.25
"""What a file of tests, examples or documents counts that names a definition, beside one of code."""


_ERROR: Final = re.compile(r"(?:Error|Exception|Warning|Fault|Mixin|Test\w*)$")


_SMALL: Final = re.compile(
    r"(?:^|/)_?(?:fields|widgets|mixins|utils?|util\w*|helpers?|tools?|compat|typing|types|exceptions?"
    r"|errors?|constants?"
    r"|loading|imports?"
    r"|config\w*|log\w*|i18n|translation)(?:/|\.\w+$)",
    re.I,
)


_GENERAL: Final = re.compile(
    r"^(?:update|get|set|items|keys|values|copy|append|add|pop|close|open|read|write|start|stop|run|send"
    r"|join|split"
    r"|format|save|delete|remove|filter|first|last|all|count|error|exists|create|clear|find|index|insert"
    r"|extend|sort"
    r"|name|id|type|size|length|len|iter|next|load|dump|loads|dumps|call|apply|execute|process|handle"
    r"|build|init"
    r"|reset|register|connect|post|put|patch|head|options|request|response|json|text|data|is_valid|clean"
    r"|render"
    r"|Error|String|Get|Set|Add|Close|Run|New|Open|Read|Write|Start|Stop|List|Update|Delete|Create)$"
)


_OF_ANY_OBJECT: Final = re.compile(
    r"^(?:respond_to(?:_missing)?\??|method_missing|inspect|to_s|to_str|hash|eql\?|is_a\?|kind_of\?|instance_of\?"
    r"|nil\?|dup|clone|freeze|frozen\?|object_id|public_send|__send__|instance_variable_[gs]et|define_method"
    r"|instance_eval|class_eval|const_get|to_proc|to_h|to_a|toString|hashCode|equals|compareTo|finalize|getClass"
    r"|valueOf|hasOwnProperty|toJSON|toLocaleString|constructor|GetHashCode|Equals|ToString|GetType)$"
)


@dataclass(frozen=True, slots=True)
class Depended:
    """A definition with how many files name it: of code, and others (tests, examples, documents)."""

    symbol: FoundSymbol
    code: int
    others: int
    weight: float
    named: str
    """The name that they use, where it is not its own."""
    calling: frozenset[str] = frozenset()
    """Files of code that call a method which nothing else here has."""
    shown: int = 0
    """Files of tests, examples and documents that name it; one that names it all the time counts for more."""
    reached: int = 0
    """Files of code that name it or call such a method."""


def most_depended_on(ground: Ground, limit: int) -> list[Depended]:
    """Return the definitions of the area that the most files name, one of a file.

    A class that only stands for another one (`class Product(AbstractProduct): pass`) counts for that.
    """
    rows = ground.reader.execute(
        "WITH own AS (SELECT value AS id FROM json_each(?1)) SELECT r.name,"
        " count(DISTINCT CASE WHEN r.blob_id IN (SELECT id FROM own) THEN r.blob_id END) AS code,"
        " count(DISTINCT CASE WHEN e.marks & ?2 != 0 THEN r.blob_id END) AS others"
        " FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
        " WHERE r.kind IN ('call', 'inherit', 'type', 'use', 'execute', 'copy')"
        " GROUP BY r.name HAVING code + others >= 2 ORDER BY code + others * 0.25 DESC LIMIT 1500",
        (json.dumps(sorted(ground.system_ids)), int(ground.minor)),
    ).fetchall()
    known = {name for name, _, _ in rows}
    rows += [(name, 0, 0) for name, users in ground.named.items() if name not in known and len(users) > 1]
    found: dict[tuple[int, int], Depended] = {}
    for name, code, others in rows:
        ground.control.checkpoint()
        if name in ground.packages or _ERROR.search(name):
            continue
        each = _depended(ground, name, int(code), int(others))
        if each is not None:
            key = (each.symbol.blob_id, each.symbol.start_line)
            if key not in found or found[key].weight < each.weight:
                found[key] = each
    calls = _own_calls(ground)
    for (blob_id, name), _ in sorted(calls.items(), key=lambda each: -len(each[1]))[:REACHED]:
        for symbol in find_symbols(ground.reader, name, BEARERS):
            key = (symbol.blob_id, symbol.start_line)
            if symbol.blob_id == blob_id and symbol.qualified == name and symbol.kind in TYPES:
                found.setdefault(key, Depended(symbol, 0, 0, 0.0, symbol.name))
    called = {
        key: calls.get((each.symbol.blob_id, each.symbol.qualified), frozenset())
        for key, each in found.items()
    }
    likely = sorted(found, key=lambda key: (-found[key].weight - len(called[key]), found[key].symbol.path))
    uses = Uses(ground)
    ranked = [_exactly(ground, uses, found[key], called[key]) for key in likely[:REACHED]]
    ranked.sort(key=lambda each: (-each.weight, -each.symbol.rank, each.symbol.path))
    out: list[Depended] = []
    for each in ranked:
        least = 2 if each.symbol.kind in TYPES else LEAST_CALLERS
        enough = each.reached >= least or (each.reached and each.shown >= SHOWN_BY)
        if enough and each.symbol.path not in {one.symbol.path for one in out}:
            out.append(each)
    return out[:limit]


def by_text(ground: Ground, symbol: FoundSymbol, name: str) -> frozenset[str]:
    """Return the files of code that name a definition in a text alone, from which it is loaded as it runs."""
    if name not in ground.named:
        return frozenset()
    named = {each.path for each in references_to(ground.reader, name, 400)}
    return ground.taken_by_text(name, symbol.path) - named


def is_general(name: str) -> bool:
    """Whether a name is one that libraries' own types bear too, so that its callers tell nothing."""
    return bool(_GENERAL.match(name))


def is_error(name: str) -> bool:
    """Return whether a name is one of an error, a mixin or a test: nobody meets the system by these."""
    return bool(_ERROR.search(name))


def is_of_any_object(name: str) -> bool:
    """Return whether any object of a language has a method of that name, so that a call tells nothing."""
    return bool(_OF_ANY_OBJECT.match(name))


def _depended(ground: Ground, name: str, code: int, others: int) -> Depended | None:
    symbols = [
        each
        for each in find_symbols(ground.reader, name, 8)
        if each.name == name
        and each.blob_id in ground.code_ids
        and each.kind in CALLABLE | TYPES
        and (not each.parent or (each.kind in TYPES and _in_a_namespace(ground, each)))
    ]
    if not symbols or len(symbols) > BEARERS:
        return None
    if is_standard(name) and symbols[0].kind not in TYPES:
        # Who calls `errors.New` or a dictionary's `setdefault` does not depend on a namesake here.
        return None
    symbol = stood_for(ground, max(symbols, key=lambda each: each.end_line - each.start_line))
    lines = symbol.end_line - symbol.start_line + 1
    if lines < LEAST_LINES or symbol.blob_id not in ground.code_ids:
        return None
    if len(symbols) > 1:
        users = callers(ground.reader, symbol, 400)
        code = len({each.path for each in users if not each.marks & ground.minor})
        others //= len(symbols)
    code += len(by_text(ground, symbol, name))
    return Depended(symbol, code, others, _weight(symbol, code, others), name)


def _in_a_namespace(ground: Ground, symbol: FoundSymbol) -> bool:
    """Whether what a type stands in is a module or namespace alone: `Worker` in `module Resque`."""
    around = [
        each for each in definitions_in(ground.reader, symbol.path_id) if each.qualified == symbol.parent
    ]
    return bool(around) and all(each.kind is SymbolKind.MODULE for each in around)


def _weight(symbol: FoundSymbol, code: int, others: int) -> float:
    lines = symbol.end_line - symbol.start_line + 1
    weight: float = (code + ELSEWHERE * others) * min(lines, 120) ** 0.5
    weight *= 1.0 if symbol.kind in TYPES else 0.3
    return weight * (0.3 if _SMALL.search(symbol.path) else 1.0)


def _exactly(ground: Ground, uses: Uses, depended: Depended, calling: frozenset[str]) -> Depended:
    """Return it counted line by line: what only bears its name is no use of it."""
    symbol = depended.symbol
    found = [each for each in uses.of(symbol, depended.named) if each.path != symbol.path]
    code = {each.path for each in found if each.blob_id in ground.system_ids}
    code |= by_text(ground, symbol, depended.named)
    others = {each.path for each in found if each.marks & ground.minor}
    calling -= {symbol.path}
    reached = len(code | calling)
    often = sum(1 for each in found if each.marks & ground.minor)
    shown = max(len(others), often // A_FILE)
    return replace(
        depended,
        code=len(code),
        others=len(others),
        shown=shown,
        weight=_weight(symbol, reached, shown),
        calling=calling,
        reached=reached,
    )


def _own_calls(ground: Ground) -> dict[tuple[int, str], frozenset[str]]:
    """Return for each type, by its content and qualified name, the files of code that call a method which
    nothing else here has.
    """
    rows = ground.reader.execute(
        "WITH own AS (SELECT value AS id FROM json_each(?1)),"
        " area AS (SELECT value AS id FROM json_each(?2)),"
        " alone AS (SELECT name, min(parent) AS parent, min(blob_id) AS blob_id FROM symbol"
        " WHERE blob_id IN (SELECT id FROM own) AND kind NOT IN ('field', 'variable', 'key', 'heading')"
        " GROUP BY name HAVING count(*) = 1 AND min(kind) IN ('function', 'method'))"
        " SELECT alone.name, alone.blob_id, alone.parent, p.shown FROM alone"
        " JOIN reference r ON r.name = alone.name JOIN entry e ON e.blob_id = r.blob_id"
        " JOIN path p ON p.id = e.path_id"
        " WHERE alone.parent != '' AND alone.blob_id IN (SELECT id FROM area)"
        " AND r.kind = 'call' AND r.blob_id IN (SELECT id FROM own)",
        (json.dumps(sorted(ground.system_ids)), json.dumps(sorted(ground.code_ids))),
    )
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for name, blob_id, parent, path in rows:
        if (
            TWO_WORDS.search(name)
            and not is_standard(name)
            and not is_general(name)
            and not is_of_any_object(name)
        ):
            found[blob_id, parent].add(path)
    return {key: frozenset(paths) for key, paths in found.items()}


def stood_for(ground: Ground, symbol: FoundSymbol) -> FoundSymbol:
    """Return the one base, defined here, that a class without content of its own stands for; else it."""
    if symbol.end_line - symbol.start_line >= LEAST_LINES or symbol.kind not in TYPES:
        return symbol
    bases = [name for name, _ in bases_of(ground, symbol)]
    found = [
        each
        for name in bases
        for each in find_symbols(ground.reader, name.rpartition(".")[2], 4)
        if each.blob_id in ground.code_ids and each.kind in TYPES and each.name != symbol.name
    ]
    # `PetType(NamedEntity)` is one of many named ones, and does not stand for all of them.
    telling = [each for each in found if symbol.name.lower() in each.name.lower()]
    return max(telling, key=lambda each: each.end_line - each.start_line, default=symbol)


def bases_of(ground: Ground, symbol: FoundSymbol) -> list[tuple[str, int]]:
    """Return what a type builds on, each with its line; nothing that anything builds on."""
    rows = ground.reader.execute(
        "SELECT name, line FROM reference WHERE blob_id = ? AND kind = 'inherit' AND line BETWEEN ? AND ?"
        " ORDER BY line, rowid",
        (symbol.blob_id, symbol.start_line, symbol.name_line + 6),
    ).fetchall()
    inner = [
        each for each in definitions_in(ground.reader, symbol.path_id) if each.parent == symbol.qualified
    ]
    first = min((each.start_line for each in inner if each.kind in CALLABLE), default=symbol.end_line + 1)
    return [
        (name, line)
        for name, line in dict(rows).items()
        if (line < first or line == symbol.name_line) and name not in _OF_ALL
    ][:3]
