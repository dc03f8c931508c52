"""What a definition calls in this repository, of it what tells most of what is asked, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.answer.byways import in_handler, is_by_the_way
from indexer.answer.declared import may_be, method_on
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry
from indexer.answer.overloads import handed_on, overload, overloaded
from indexer.index.calls import form_of, is_foreign, knows_imports
from indexer.index.standard import is_standard
from indexer.index.symbols import Callee, FoundSymbol, callees, find_symbols
from indexer.repo.words import stems
from indexer.types import ReferenceKind, SymbolKind

STEPS: Final = 9
"""Calls of a walk."""
_LATER: Final = 2

_CALLED_ON: Final = re.compile(r"\b(?=(\w+)(?:\(\))?\s*(?:\.|->|::)\s*(\w+)\b)")
"""What stands before a dot and behind it, of each dot of a line."""

_RAISES: Final = re.compile(r"\s*(?:\}\s*)?(?:raise|throw|throws)\b")
"""What is made on such a line is what goes wrong."""

_ACCESSOR: Final = re.compile(r"(?:get|is|set)[A-Z]\w*$")
_ACCESSOR_LINES: Final = 2
"""Lines behind the name of a method that does no more than its name says: in Java's manner of writing."""
_LOGS: Final = re.compile(r"(?:log|_log)(?:[A-Z_]\w*)?$")

_ITSELF: Final = frozenset(("self", "this", "cls", "me"))

_BEARERS: Final = 4
"""Definitions of one name among which a guess is still worth more than silence."""

_BRANCHES: Final = 4
"""Calls of one definition that are told; the deepest-going one is followed further."""

_STEP_SCORE: Final = 0.12
"""Share of the question (or worth of the call) below which a call is left out."""

_ASIDE: Final = 0.5
"""What a call loses that is made only when something goes wrong, where nobody asks for that; half of it what
sounds like that by its name.
"""

_CALLS: Final = (ReferenceKind.CALL, ReferenceKind.EXECUTE, ReferenceKind.USE)


@dataclass(frozen=True, slots=True)
class Call:
    """A call on the way: from which definition, at which line, to which."""

    caller: FoundSymbol
    line: int
    callee: FoundSymbol
    value: float
    sure: bool
    """False when several bear the name, and the one in the most-used file was taken."""


def chain_of(inquiry: Inquiry, entry: FoundSymbol) -> list[Call]:
    """Return up to STEPS calls from the entry on: the telling ones of each, the best one followed."""
    out: list[Call] = []
    seen = {(entry.blob_id, entry.start_line)}
    current = entry
    while len(out) < STEPS:
        found = _calls(inquiry, current, seen)
        if not found:
            break
        # Further on fewer branches are told, but of what does nothing else than call others.
        many = _BRANCHES if current is entry or len(found) > _BRANCHES else _LATER
        chosen = sorted(found, key=lambda each: -each.value)[: min(many, STEPS - len(out))]
        # What a definition calls is told right after it, as it runs.
        after = next((at for at, each in enumerate(out, 1) if each.callee is current), len(out))
        out[after:after] = sorted(chosen, key=lambda each: each.line)
        seen |= {(each.callee.blob_id, each.callee.start_line) for each in chosen}
        # What a class does when it is made is not the way on; what is called last, with all that was prepared
        # before, mostly is.
        onward = [each for each in chosen if each.callee.kind is not SymbolKind.CLASS]
        if not onward:
            break
        current = max(onward, key=lambda each: each.line).callee
    return out


def _calls(inquiry: Inquiry, caller: FoundSymbol, seen: set[tuple[int, int]]) -> list[Call]:
    out: list[Call] = []
    shared = overloaded(inquiry, caller)
    for used in callees(inquiry.reader, caller.blob_id, caller.name_line, caller.end_line, 60):
        on = called_on(inquiry, caller, used)
        own = used.name in shared and (not on or on in _ITSELF)
        symbol = overload(inquiry, caller, used.name, used.line) if own else None
        symbol = symbol or used.symbol or method_on(inquiry, caller, on, used.name)
        sure = symbol is not None
        if symbol is None or (symbol.blob_id, symbol.start_line) in seen:
            symbol, sure = likeliest(inquiry, used, caller, seen), False
        if used.kind not in _CALLS or symbol is None or symbol.kind not in CALLABLE or symbol.marks & MINOR:
            continue
        if (symbol.blob_id, symbol.start_line) in seen or holds(symbol, caller):
            continue
        if symbol.kind is SymbolKind.CLASS and _RAISES.match(_line_of(inquiry, caller, used)):
            continue
        if _only_hands_out(symbol, sure=sure):
            continue
        value = _worth(inquiry, caller, used, symbol)
        if value >= _STEP_SCORE:
            out.append(Call(caller, used.line, symbol, value, sure))
    other = handed_on(inquiry, caller) if caller.name in shared else None
    if other is not None and other[1] not in [each.callee for each in out]:
        line, symbol = other
        if (symbol.blob_id, symbol.start_line) not in seen:
            used = Callee(symbol.name, ReferenceKind.CALL, line, symbol)
            out.append(Call(caller, line, symbol, _worth(inquiry, caller, used, symbol), True))
    return out


def _only_hands_out(symbol: FoundSymbol, *, sure: bool) -> bool:
    """Return whether a definition only hands out what is kept, or writes to a log: no step of anything.

    Of a getter that many classes have none is the likeliest.
    """
    short = not sure or symbol.end_line - symbol.name_line <= _ACCESSOR_LINES
    return bool(_LOGS.match(symbol.name)) or (short and bool(_ACCESSOR.match(symbol.name)))


def likeliest(
    inquiry: Inquiry, used: Callee, caller: FoundSymbol, seen: set[tuple[int, int]]
) -> FoundSymbol | None:
    """Return the definition of a name: in the caller's class, else one that what it is called on speaks
    of, the longest; none when nothing speaks for it, or too many bear the name.
    """
    on = called_on(inquiry, caller, used)
    found = [
        each
        for each in find_symbols(inquiry.reader, used.name, 10)
        if each.name == used.name and each.kind in CALLABLE and not each.marks & MINOR
    ]
    new = [each for each in found if (each.blob_id, each.start_line) not in seen]
    if on in _ITSELF:
        own = [each for each in new if each.parent == caller.parent and each.path == caller.path]
        # A class may come by name (`get_class`), so that no import leads to what it inherits.
        far = [each for each in new if each.parent] if len(found) == 1 and not is_standard(used.name) else []
        return next(iter(own or far), None)
    if is_standard(used.name) or (on and is_foreign(inquiry.reader, caller.blob_id, on)):
        return None
    if not on and is_bare(inquiry, caller, used):
        # What a file neither defines nor takes in comes from elsewhere, or is a variable.
        return None
    if on:
        # `producer.publish` is no dispatcher's; `adapter.send` may well be an adapter's.
        new = [each for each in new if set(stems(on)) & set(stems(f"{each.parent} {each.path}"))]
    # Of an interface and what carries it out the longer one does the work.
    longest = sorted(new, key=lambda each: each.start_line - each.end_line)
    found = [each for each in longest if not on or may_be(inquiry, caller, on, each)]
    return found[0] if found and len(new) <= _BEARERS else None


def called_on(inquiry: Inquiry, caller: FoundSymbol, used: Callee) -> str:
    """Return the last name before the dot of a call: `adapter` of `self.adapter.send()`; or nothing."""
    line = _line_of(inquiry, caller, used)
    return next((on for on, name in _CALLED_ON.findall(line) if name == used.name), "")


def is_bare(inquiry: Inquiry, caller: FoundSymbol, used: Callee) -> bool:
    """Return whether a name is written with nothing before it, in code that has something before methods."""
    source = inquiry.page.sources.file(caller.path)
    line = _line_of(inquiry, caller, used)
    return bool(line) and knows_imports(source.language if source else "") and form_of(line, used.name).bare


def _line_of(inquiry: Inquiry, caller: FoundSymbol, used: Callee) -> str:
    """Return the line of a call, empty where it is not there any more."""
    source = inquiry.page.sources.file(caller.path)
    lines = () if source is None else source.lines
    return lines[used.line - 1] if 0 < used.line <= len(lines) else ""


def _worth(inquiry: Inquiry, caller: FoundSymbol, used: Callee, symbol: FoundSymbol) -> float:
    """Return how much a call tells: it shares the question's words, does work, leads elsewhere."""
    shared = inquiry.evidence.weights.keys() & set(stems(f"{symbol.name} {symbol.parent} {symbol.doc[:200]}"))
    value = sum(inquiry.evidence.weights[term] for term in shared)
    long = min(symbol.end_line - symbol.start_line, 40) / 40
    value += 0.15 * long + (0.08 if symbol.path != caller.path else 0.0) + (0.05 if symbol.doc else 0.0)
    if symbol.kind is SymbolKind.CLASS:
        value -= 0.1
    if not asks_of_byways(inquiry):
        source = inquiry.page.sources.file(caller.path)
        lines = () if source is None else source.lines
        value -= _ASIDE * in_handler(lines, caller.name_line, used.line)
        value -= _ASIDE / 2 * is_by_the_way(symbol.name)
    if symbol.name.startswith("__") or used.name.lower() in (
        "get",
        "set",
        "append",
        "format",
        "join",
        "update",
    ):
        value -= 0.3
    return value


def asks_of_byways(inquiry: Inquiry) -> bool:
    """Return whether a question is about what happens when something goes wrong."""
    return any(map(is_by_the_way, inquiry.evidence.weights))


def words_of(symbol: FoundSymbol) -> str:
    """Return what a definition tells by its name, its class and the beginning of its documentation."""
    return f"{symbol.name} {symbol.parent} {symbol.doc[:200]}"


def holds(symbol: FoundSymbol, inner: FoundSymbol) -> bool:
    """Return whether a definition stands within another, or is the same."""
    return (
        symbol.blob_id == inner.blob_id
        and symbol.start_line <= inner.start_line
        and symbol.end_line >= inner.end_line
    )
