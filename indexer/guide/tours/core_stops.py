"""The stops on what much of the rest depends on."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.flow import own_words
from indexer.answer.inquiry import CALLABLE, kind_word, listed, shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.ground import Ground, Laid
from indexer.guide.tours.reasons_near import in_code
from indexer.guide.tours.uses import TWO_WORDS, Uses
from indexer.index.standard import is_standard
from indexer.index.symbols import (
    FoundReference,
    FoundSymbol,
    callers,
    definitions_in,
    find_symbols,
    references_to,
)
from indexer.shapes.onboarding import StepKind
from indexer.types import ReferenceKind, Section, SymbolKind

TYPES: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.TRAIT, SymbolKind.PROGRAM)
)
LEAST_LINES: Final = 8
BEARERS: Final = 6
"""Definitions of one name among which the longest is still taken to be meant."""
HEIRS: Final = 4
"""Classes built on another that are named."""
MOST_HEIRS: Final = 200
_OF_ALL: Final = frozenset(("object", "Object", "ABC", "abc.ABC", "Generic", "Protocol"))
"""What anything builds on says nothing of it."""
LEAST_CALLERS: Final = 3
"""Files of code from which much depends on a function."""
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
_ACCESSOR: Final = re.compile(r"^(?:get|set|is)[A-Z]\w*$|^(?:toString|hashCode|equals)$")


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
    packages = {part for each in ground.code for part in each.path.split("/")[:-1]}
    found: dict[tuple[int, int], Depended] = {}
    for name, code, others in rows:
        ground.control.checkpoint()
        if name in packages or _ERROR.search(name):
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
        if each.reached >= least and each.symbol.path not in {one.symbol.path for one in out}:
            out.append(each)
    return out[:limit]


def core(ground: Ground, depended: Depended, others: Sequence[Depended]) -> Laid:
    """One definition that much depends on."""
    symbol = depended.symbol
    laid = Laid(ground, StepKind.CORE, f"core:{symbol.qualified}", _title(depended))
    says, proof = own_words(laid.inquiry, symbol)
    if proof is not None and _is_inner(ground, symbol, proof.start_line):
        says, proof = "", None  # that speaks of its first method
    told = f": “{says}”" if says else ", which says nothing of itself."
    laid.page.tell(
        Section.WHAT,
        f"`{symbol.qualified}` is {kind_word(symbol.kind)} in"
        f" {shown_place(symbol.path, symbol.name_line)}{told}",
        [laid.inquiry.signature(symbol), proof],
    )
    bases = _bases(ground, symbol)
    if bases:
        laid.page.tell(
            Section.WHAT,
            f"It builds on {listed([f'`{each}`' for each, _ in bases])}.",
            [ground.sources.span(symbol.path, line, line) for _, line in bases[:2]],
        )
        laid.uses += [each for each, _ in bases]
    users = Uses(ground).of(symbol, depended.named)
    paths = list(
        dict.fromkeys(
            each.path for each in users if not each.marks & ground.minor and each.path != symbol.path
        )
    )
    texts = _by_text(ground, symbol, depended.named)
    paths += sorted(texts - set(paths))
    heirs = _heirs(ground, symbol, depended.named)
    if heirs:
        laid.fact(
            f"{counting.counted(len(heirs), 'class builds', 'classes build')} on it"
            f"{', directly or through another' if len(heirs) > 1 else ''}:"
            f" {listed([f'`{each.qualified}`' for each in heirs[:HEIRS]])}"
            + (" and others." if len(heirs) > HEIRS else "."),
            f"classes that build on {symbol.qualified}",
            [shown_place(each.path, each.name_line) for each in heirs[:20]],
        )
    if paths:
        do = "does" if depended.others == 1 else "do"
        also = f"; so {do} {counting.files(depended.others)} of tests, examples and documents"
        also = also if depended.others else ""
        alias = f" as `{depended.named}`" if depended.named != symbol.name else ""
        where = f", first of all {listed(paths[:3])}" if len(paths) > 1 else f", {paths[0]}"
        laid.fact(
            f"{counting.files(len(paths))} of code name{'s' if len(paths) == 1 else ''} it{alias}"
            f"{where}{_in_a_text(texts, len(paths))}{also}.",
            f"uses of {depended.named}",
            [shown_place(each.path, each.line) for each in users[:20]],
        )
    calling = depended.calling - set(paths)
    if calling:
        laid.fact(
            f"{len(calling)} more file{' of code calls' if len(calling) == 1 else 's of code call'} methods"
            f" that it alone has here: {listed(sorted(calling)[:3])}.",
            f"calls of methods that {symbol.qualified} alone has",
            [shown_place(each, 1) for each in sorted(calling)[:20]],
        )
    methods = _methods(ground, symbol)
    for method, count in methods[:3]:
        said, shown = own_words(laid.inquiry, method)
        called = (
            f"{counting.files(count)} call{'s' if count == 1 else ''} one of that name, " if count else ""
        )
        laid.page.tell(
            Section.WHAT,
            f"`{method.name}` ({called}{shown_place(method.path, method.name_line)})"
            + (f": “{said}”" if said else "."),
            [laid.inquiry.signature(method), shown],
        )
    for reason in sorted(
        in_code(ground, symbol.path, symbol.start_line, symbol.end_line, symbol.qualified),
        # What is said of the whole tells more of it than what is said within one method.
        key=lambda each: (not each.plain, each.about != f"`{symbol.qualified}`"),
    )[:1]:
        inner = f" (in {reason.about})" if reason.about != f"`{symbol.qualified}`" else ""
        laid.page.tell(Section.WHY, f"“{reason.text}”{inner}", [reason.citation])
        ground.quoted.add(reason.text)
    laid.read_symbol(symbol)
    if methods:
        laid.read_symbol(methods[0][0], 40)
    changes = ground.file(symbol.path)
    laid.matters(
        f"What changes here reaches {counting.files(depended.reached)} of code; {symbol.path} changed"
        f" {counting.times(changes.changes if changes else 0)} in the last 12 months.",
        f"uses of {symbol.name}; git log --since=1.year -- {symbol.path}",
        [shown_place(each.path, each.line) for each in users[:10]],
    )
    _ask_core(laid, symbol, bases, methods, others)
    laid.introduces += [symbol.name, f"{symbol.path}#{symbol.qualified}"]
    return laid


def _is_inner(ground: Ground, symbol: FoundSymbol, line: int) -> bool:
    """Whether a line stands within something that is defined inside a definition."""
    return any(
        each.name_line <= line <= each.end_line
        for each in definitions_in(ground.reader, symbol.path_id)
        if each.parent == symbol.qualified and each.kind in CALLABLE
    )


def _by_text(ground: Ground, symbol: FoundSymbol, name: str) -> frozenset[str]:
    """Return the files of code that name it in a text alone, from which it is loaded as it runs."""
    if name not in ground.named:
        return frozenset()
    named = {each.path for each in references_to(ground.reader, name, 400)}
    return ground.taken_by_text(name, symbol.path) - named


def _in_a_text(texts: frozenset[str], among: int) -> str:
    number = len(texts)
    if number and among == 1:
        return ", which loads it by a text"
    return f"; {number:,} of these load{'s' if number == 1 else ''} it by a text" if number else ""


def is_general(name: str) -> bool:
    """Whether a name is one that libraries' own types bear too, so that its callers tell nothing."""
    return bool(_GENERAL.match(name))


# ------------------------------------------------------------------------------------ private


def _depended(ground: Ground, name: str, code: int, others: int) -> Depended | None:
    symbols = [
        each
        for each in find_symbols(ground.reader, name, 8)
        if each.name == name
        and each.blob_id in ground.code_ids
        and each.kind in CALLABLE | TYPES
        and not each.parent
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
    code += len(_by_text(ground, symbol, name))
    return Depended(symbol, code, others, _weight(symbol, code, others), name)


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
    code |= _by_text(ground, symbol, depended.named)
    others = {each.path for each in found if each.marks & ground.minor}
    calling -= {symbol.path}
    reached = len(code | calling)
    return replace(
        depended,
        code=len(code),
        others=len(others),
        weight=_weight(symbol, reached, len(others)),
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
        if TWO_WORDS.search(name) and not is_standard(name) and not is_general(name):
            found[blob_id, parent].add(path)
    return {key: frozenset(paths) for key, paths in found.items()}


def stood_for(ground: Ground, symbol: FoundSymbol) -> FoundSymbol:
    """Return the one base, defined here, that a class without content of its own stands for; else it."""
    if symbol.end_line - symbol.start_line >= LEAST_LINES or symbol.kind not in TYPES:
        return symbol
    bases = [name for name, _ in _bases(ground, symbol)]
    found = [
        each
        for name in bases
        for each in find_symbols(ground.reader, name.rpartition(".")[2], 4)
        if each.blob_id in ground.code_ids and each.kind in TYPES and each.name != symbol.name
    ]
    # `PetType(NamedEntity)` is one of many named ones, and does not stand for all of them.
    telling = [each for each in found if symbol.name.lower() in each.name.lower()]
    return max(telling, key=lambda each: each.end_line - each.start_line, default=symbol)


def _ask_core(
    laid: Laid,
    symbol: FoundSymbol,
    bases: Sequence[tuple[str, int]],
    methods: Sequence[tuple[FoundSymbol, int]],
    others: Sequence[Depended],
) -> None:
    ground = laid.ground
    if len(methods) >= 3 and methods[0][1] > methods[1][1]:
        method, count = methods[0]
        laid.ask(
            f"Which of these methods of `{symbol.name}` do the most files call?",
            f"`{method.name}`: {counting.files(count)} call one of that name.",
            [ground.sources.span(method.path, method.name_line, method.name_line)],
            method.name,
            [each.name for each, _ in methods[1:]],
        )
    elif bases:
        laid.ask(
            f"What does `{symbol.name}` build on?",
            f"`{bases[0][0]}`, as its first line says.",
            [ground.sources.span(symbol.path, bases[0][1], bases[0][1])],
            bases[0][0],
            [each.symbol.name for each in others if each.symbol.name != symbol.name],
        )
    else:
        laid.ask(
            f"In which file is `{symbol.name}` defined?",
            f"In {shown_place(symbol.path, symbol.name_line)}.",
            [laid.inquiry.signature(symbol)],
            symbol.path,
            [each.symbol.path for each in others if each.symbol.path != symbol.path],
        )


def _bases(ground: Ground, symbol: FoundSymbol) -> list[tuple[str, int]]:
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


def _heirs(ground: Ground, symbol: FoundSymbol, named: str) -> list[FoundSymbol]:
    """Return the classes of the system that build on a type, those with the most heirs of their own first."""
    if symbol.kind not in TYPES:
        return []
    uses = Uses(ground)
    found: dict[tuple[int, int], FoundSymbol] = {}
    behind: Counter[tuple[int, int]] = Counter()
    open_ones: list[tuple[FoundSymbol, str, tuple[int, int] | None]] = [(symbol, symbol.name, None)]
    if named != symbol.name:
        open_ones.append((symbol, named, None))
    while open_ones and len(found) < MOST_HEIRS:
        base, name, first = open_ones.pop(0)
        for use in uses.of(base, name):
            heir = _inheriting(ground, use) if use.kind is ReferenceKind.INHERIT else None
            if heir is None or heir.blob_id not in ground.system_ids:
                continue
            key = (heir.blob_id, heir.start_line)
            if key in found or heir.qualified == symbol.qualified:
                continue
            found[key] = heir
            behind[first or key] += 1
            open_ones.append((heir, heir.name, first or key))
    return sorted(found.values(), key=lambda each: (-behind[each.blob_id, each.start_line], each.path))


def _inheriting(ground: Ground, use: FoundReference) -> FoundSymbol | None:
    """Return the class in whose head a base is named."""
    heads = [
        each
        for each in definitions_in(ground.reader, use.path_id)
        if each.kind in TYPES and each.start_line <= use.line <= max(each.name_line + 6, each.start_line)
    ]
    return max(heads, key=lambda each: each.start_line, default=None)


def _methods(ground: Ground, symbol: FoundSymbol) -> list[tuple[FoundSymbol, int]]:
    """Return the public methods of a type with how many files call each, the most called first."""
    out: list[tuple[FoundSymbol, int]] = []
    uses = Uses(ground)
    for each in definitions_in(ground.reader, symbol.path_id):
        if each.parent != symbol.qualified or each.kind not in CALLABLE or each.name.startswith("_"):
            continue
        if each.end_line - each.start_line < 2 or each.name in (symbol.name, *(one.name for one, _ in out)):
            continue
        if _ACCESSOR.match(each.name):
            continue
        # What it does and then hands on to a base that is not here, a library calls by that name too.
        used = (
            set()
            if is_general(each.name) or _hands_on(ground, each)
            else {use.path for use in uses.calls(each)}
        )
        out.append((each, len(used - {symbol.path})))
    out.sort(key=lambda each: (-each[1], -(each[0].end_line - each[0].start_line), each[0].start_line))
    return out[:6]


def _hands_on(ground: Ground, method: FoundSymbol) -> bool:
    """Whether a method calls its own name of its base, and no other class here has one."""
    source = ground.sources.file(method.path)
    lines = source.lines[method.start_line - 1 : method.end_line] if source is not None else ()
    if not any(re.search(rf"\bsuper\b.*\.\s*{re.escape(method.name)}\(", line) for line in lines):
        return False
    bearers = [each for each in find_symbols(ground.reader, method.name, 20) if each.kind in CALLABLE]
    return all(
        each.parent == method.parent or each.marks & ground.minor
        for each in bearers
        if each.name == method.name
    )


def _title(depended: Depended) -> str:
    name = depended.symbol.name
    if depended.reached > 1:
        return f"`{name}`, which {depended.reached:,} files use"
    return f"`{name}`, which much rests on"
