"""What a definition calls in this repository, and how much each call tells of what is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.byways import in_handler, is_by_the_way, is_handler
from indexer.answer.declared import may_be, method_on, method_on_made
from indexer.answer.given import Given, Standing, arguments, stands
from indexer.answer.handed import CalledBack, called_back, made_beside
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry
from indexer.answer.overloads import handed_on, overload, overloaded
from indexer.answer.worth import Worth, does_work, only_asks
from indexer.index.calls import form_of, is_foreign, knows_imports
from indexer.index.standard import is_standard
from indexer.index.symbols import Callee, FoundSymbol, callees, find_symbols
from indexer.repo.words import stems
from indexer.types import ReferenceKind, SymbolKind

_CALLED_ON: Final = re.compile(r"\b(?=(\w+)(?:\(\))?\s*(?:\.|->|::)\s*(\w+)\b)")
"""What stands before a dot and behind it, of each dot of a line."""

_RAISES: Final = re.compile(r"\s*(?:\}\s*)?(?:raise|throw|throws)\b")
"""What is made on such a line is what goes wrong."""

_WRONG: Final = re.compile(r"(?:Error|Exception|Warning)$")
"""What is made under such a name is what goes wrong, wherever it is raised."""
MAKERS: Final = ("__init__", "initialize", "constructor", "__construct")
"""How languages call what makes an object, where it does not bear the name of its class."""
_ACCESSOR: Final = re.compile(r"(?:get|is|set)[A-Z]\w*$")
_KEPT: Final = re.compile(r"return [\w.@$]+;?|(?:this|self)\.\w+\s*=\s*[\w.]+;?|@\w+\s*=\s*\w+")
"""A line that gives a value which is kept, or keeps it."""
_ACCESSOR_LINES: Final = 3
"""Lines behind the name of a method that does no more than its name says: in Java's manner of writing."""
_QUESTION_LINES: Final = 8
"""Lines up to which what asks a question by its name is no part of the work."""
_CONDITION: Final = re.compile(r"\s*(?:\}\s*)?(?:if|elif|else if|elsif|unless|while|assert)\b")
_LOGS: Final = re.compile(r"(?:log|_log)(?:[A-Z_]\w*)?$")

_ITSELF: Final = frozenset(("self", "this", "cls", "me"))

_BEARERS: Final = 4
"""Definitions of one name among which a guess is still worth more than silence."""

LEAST: Final = 0.12
"""Share of the question (or worth of the call) below which a call is left out."""

_ASIDE: Final = 0.75
"""What a call loses that is made only when something goes wrong, where nobody asks for that; a third of it
what sounds like that by its name.
"""

_WORKS: Final = 0.1
"""What a call gains whose name says that it does the work, rather than prepares for it."""
_ASKS: Final = 0.1
"""What a call loses that asks for a value, or hands it on in another form."""
_HELPS: Final = 0.25
"""What a call loses of what serves everybody, for each unit by which it does."""
_READS: Final = 0.25
"""What a call loses that only takes something out of what another call gave."""
_GIVES: Final = r"(?:new\s+\w+\([^()]*\)\.|(?!new\b))(?:await\s+)?[\w.]*\b[a-z_]\w*\("
"""A call that gives something; making an object gives nothing yet."""
_CALLED_BACK: Final = 0.15
"""What a call gains by which what is handed over is called back: for that it was made."""
_OWN: Final = 0.12
"""What a call gains that an object makes on itself: its own methods are the parts of its work."""
_STANDS: Final = {Standing.ALONE: 0.1, Standing.WITHIN: -0.15, Standing.OTHER: 0.0}
"""What a call gains by where it stands: what is called for nothing but its effect does something, what is
called among the arguments of another only prepares that.
"""
_OF_MAKING: Final = 0.5
"""What the words count that the making of an object shares with the question."""
_MADE: Final = 0.2
"""What a call loses that makes an object: what is done with it tells more."""
_CLOSING: Final = re.compile(r"_?(?:close|finish|complete|dispose|reset|clear|unlock|release)(?![a-z])")
_CLOSES: Final = 0.2
"""What a call loses that puts away what was used."""
_OF_ANYTHING: Final = ("get", "set", "append", "format", "join", "update")

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
    given: tuple[Given, ...] = ()
    """The lines of several calls of one function, with what tells each from the others."""
    back: CalledBack | None = None
    """How the callee is reached, where the caller hands its object to another function."""


class Calls:
    """Finds what definitions call here; what it learnt it keeps for the next way."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._worth = Worth(inquiry, MINOR)
        self._known: dict[tuple[int, int], list[Call]] = {}

    def of(self, caller: FoundSymbol, seen: Collection[tuple[int, int]]) -> list[Call]:
        """Return what a definition calls that tells something and was not ``seen``, in no order."""
        at = (caller.blob_id, caller.start_line)
        known = self._known.get(at)
        if known is None:
            known = self._known[at] = self._all(caller, frozenset((at,)))
        return [each for each in known if (each.callee.blob_id, each.callee.start_line) not in seen]

    # ---------------------------------------------------------------------------- private

    def _all(self, caller: FoundSymbol, seen: Collection[tuple[int, int]]) -> list[Call]:
        inquiry, out = self._inquiry, list[Call]()
        shared = overloaded(inquiry, caller)
        beside = made_beside(inquiry, caller)
        for used in callees(inquiry.reader, caller.blob_id, caller.name_line, caller.end_line, 60):
            if used.kind not in _CALLS:
                continue
            on = called_on(inquiry, caller, used)
            symbol, sure = self._meant(caller, used, on, seen, own=used.name in shared)
            back = called_back(inquiry, caller, used, symbol, beside)
            out += self._handed(caller, used, back, seen)
            if symbol is None or symbol.kind not in CALLABLE or symbol.marks & MINOR:
                continue
            if (symbol.blob_id, symbol.start_line) in seen or holds(symbol, caller):
                continue
            line = _line_of(inquiry, caller, used)
            if symbol.kind is SymbolKind.CLASS and not _makes(line, used.name):
                continue
            if _only_hands_out(symbol, sure=sure) or _is_asked(symbol, line, sure=sure):
                continue
            if self._is_plain(symbol):
                continue
            value = self._value(caller, used, symbol) - _READS * self._reads(caller, used, on)
            if value >= LEAST:
                out.append(Call(caller, used.line, symbol, value, sure))
        other = handed_on(inquiry, caller) if caller.name in shared else None
        if other is not None and other[1] not in [each.callee for each in out]:
            line_of, symbol = other
            if (symbol.blob_id, symbol.start_line) not in seen:
                used = Callee(symbol.name, ReferenceKind.CALL, line_of, symbol)
                out.append(Call(caller, line_of, symbol, self._value(caller, used, symbol), True))
        # What comes back to an object is told with what it was handed to.
        handed = [each.back.to for each in out if each.back is not None]
        return _without_making(_once([each for each in out if each.callee not in handed]))

    def _meant(
        self, caller: FoundSymbol, used: Callee, on: str, seen: Collection[tuple[int, int]], *, own: bool
    ) -> tuple[FoundSymbol | None, bool]:
        inquiry = self._inquiry
        own = own and (not on or on in _ITSELF)
        symbol = overload(inquiry, caller, used.name, used.line) if own else None
        statement = _statement(inquiry, caller, used)
        given = arguments(statement, used.name)
        number = None if given is None else len(given)
        symbol = symbol or used.symbol or method_on(inquiry, caller, on, used.name, number)
        symbol = symbol or method_on_made(inquiry, caller, statement, used.name)
        sure = symbol is not None
        if symbol is None or (symbol.blob_id, symbol.start_line) in seen:
            symbol, sure = likeliest(inquiry, used, caller, seen), False
        return symbol, sure

    def _handed(
        self, caller: FoundSymbol, used: Callee, back: CalledBack | None, seen: Collection[tuple[int, int]]
    ) -> list[Call]:
        """Return the call back of an object that a call is made on, or is given."""
        if back is None or (back.method.blob_id, back.method.start_line) in seen:
            return []
        as_used = Callee(back.method.name, used.kind, used.line, back.method)
        value = self._value(caller, as_used, back.method) + _CALLED_BACK
        return [Call(caller, used.line, back.method, value, True, back=back)]

    def _value(self, caller: FoundSymbol, used: Callee, symbol: FoundSymbol) -> float:
        """Return how much a call tells: it shares the question's words, does work, leads elsewhere."""
        inquiry = self._inquiry
        # What all methods of a class share with the question tells none from the others.
        parent = symbol.parent if symbol.parent != caller.parent else ""
        words = set(stems(f"{symbol.name} {parent} {symbol.doc[:200]}"))
        value = sum(weight for term, weight in inquiry.evidence.weights.items() if term in words)
        value *= _OF_MAKING if _is_making(symbol) else 1.0
        long = min(symbol.end_line - symbol.start_line, 40) / 40
        value += 0.15 * long + (0.08 if symbol.path != caller.path else 0.0) + (0.05 if symbol.doc else 0.0)
        value += _WORKS * does_work(used.name) - _ASKS * only_asks(used.name)
        value += _OWN * _is_own(caller, symbol)
        value += _STANDS[stands(*_around(inquiry, caller, used), used.name)]
        value -= _HELPS * self._worth.helps(symbol)
        value -= _MADE * _is_making(symbol)
        value -= _CLOSES * (_CLOSING.match(symbol.name) is not None)
        if not asks_of_byways(inquiry):
            source = inquiry.page.sources.file(caller.path)
            lines = () if source is None else source.lines
            value -= _ASIDE * in_handler(lines, caller.name_line, used.line)
            value -= _ASIDE / 3 * is_by_the_way(symbol.name)
        if symbol.name.startswith("__") or used.name.lower() in _OF_ANYTHING:
            value -= 0.3
        return value

    def _is_plain(self, symbol: FoundSymbol) -> bool:
        """Return whether a method only gives what is kept, or keeps it, by whatever name."""
        source = self._inquiry.page.sources.file(symbol.path)
        if source is None or symbol.end_line - symbol.name_line > _ACCESSOR_LINES:
            return False
        body = [line.strip() for line in source.lines[symbol.name_line : symbol.end_line]]
        said = [line for line in body if line not in ("}", "end", "")]
        return bool(said) and all(_KEPT.fullmatch(line) for line in said)

    def _reads(self, caller: FoundSymbol, used: Callee, on: str) -> bool:
        """Return whether a call only takes something out of what another call gave: no step of the work."""
        source = self._inquiry.page.sources.file(caller.path)
        if source is None or not on.isidentifier() or on in _ITSELF or does_work(used.name):
            return False
        line = source.lines[used.line - 1]
        if re.search(rf"\b{re.escape(used.name)}\s*:?=.*\b{re.escape(used.name)}\(\)", line):
            return True
        given = re.compile(rf"(?<![\w.]){re.escape(on)}\s*:?=\s*{_GIVES}")
        return any(given.search(line) for line in source.lines[caller.name_line : used.line - 1])


def _once(calls: Sequence[Call]) -> list[Call]:
    """Return calls without a second one of the same definition: the one that tells more is kept."""
    best: dict[tuple[int, int], Call] = {}
    for each in calls:
        at = (each.callee.blob_id, each.callee.start_line)
        if at not in best or best[at].value < each.value:
            best[at] = each
    return list(best.values())


def _without_making(calls: Sequence[Call]) -> list[Call]:
    """Leave out that an object is made where it is told what is done with it."""
    does = {each.callee.parent for each in calls if not _is_making(each.callee)}
    return [
        each
        for each in calls
        if not _is_making(each.callee)
        or (each.callee.qualified if each.callee.kind is SymbolKind.CLASS else each.callee.parent) not in does
    ]


def _is_making(symbol: FoundSymbol) -> bool:
    """Return whether a call of a definition makes an object: of a class, or by its constructor."""
    constructs = symbol.name in MAKERS
    return symbol.kind is SymbolKind.CLASS or constructs or symbol.name == symbol.parent.rpartition(".")[2]


def _is_own(caller: FoundSymbol, symbol: FoundSymbol) -> bool:
    """Return whether an object calls a method of its own class, or of the one that its class stands in."""
    return symbol.parent != "" and f"{caller.parent}.".startswith(f"{symbol.parent}.")


def _only_hands_out(symbol: FoundSymbol, *, sure: bool) -> bool:
    """Return whether a definition only hands out what is kept, or writes to a log: no step of anything.

    Of a getter that many classes have none is the likeliest.
    """
    short = not sure or symbol.end_line - symbol.name_line <= _ACCESSOR_LINES
    return bool(_LOGS.match(symbol.name)) or (short and bool(_ACCESSOR.match(symbol.name)))


def _makes(line: str, name: str) -> bool:
    """Return whether a line makes an object of a class, and neither raises nor catches it, nor only names it
    before a dot.
    """
    if _RAISES.match(line) or is_handler(line) or _WRONG.search(name):
        return False
    named = re.search(rf"(?<![\w$]){re.escape(name)}(?:\.|::)(?!new\b)", line)
    return named is None or re.search(rf"(?<![\w$]){re.escape(name)}\s*[({{]", line) is not None


def _is_asked(symbol: FoundSymbol, line: str, *, sure: bool) -> bool:
    """Return whether a condition only asks something of a definition: `if (this.enabled('etag'))`. Of several
    that bear a name nobody knows which one it is that answers.
    """
    if _CONDITION.match(line) is None or does_work(symbol.name):
        return False
    lines = symbol.end_line - symbol.name_line
    return not sure or lines <= (_QUESTION_LINES if only_asks(symbol.name) else _ACCESSOR_LINES)


def likeliest(
    inquiry: Inquiry, used: Callee, caller: FoundSymbol, seen: Collection[tuple[int, int]]
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


def _statement(inquiry: Inquiry, caller: FoundSymbol, used: Callee) -> str:
    """Return the line of a call, behind the lines above that a line goes on from which begins with a dot."""
    source = inquiry.page.sources.file(caller.path)
    lines = () if source is None else source.lines
    at = used.line if used.line <= len(lines) else 0
    while at > caller.name_line and lines[at - 1].lstrip().startswith((".", "->")):
        at -= 1
    return "".join(each.strip() for each in lines[max(at - 1, 0) : used.line])


def _around(inquiry: Inquiry, caller: FoundSymbol, used: Callee) -> tuple[str, str]:
    """Return the line above that of a call, and its own."""
    source = inquiry.page.sources.file(caller.path)
    lines = () if source is None else source.lines
    at = used.line - 1
    return (lines[at - 1] if 0 < at < len(lines) else "", lines[at] if at < len(lines) else "")


def _line_of(inquiry: Inquiry, caller: FoundSymbol, used: Callee) -> str:
    """Return the line of a call, empty where it is not there any more."""
    source = inquiry.page.sources.file(caller.path)
    lines = () if source is None else source.lines
    return lines[used.line - 1] if 0 < used.line <= len(lines) else ""


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
