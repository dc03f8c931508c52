"""One real request or job followed end to end: of all chains of calls, the one that tells the most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.flow import called_on, is_bare
from indexer.answer.inquiry import CALLABLE, Inquiry
from indexer.guide.tours.uses import TWO_WORDS, fits
from indexer.index.calls import is_foreign
from indexer.index.standard import is_standard
from indexer.index.symbols import (
    Callee,
    FoundSymbol,
    callees,
    callers,
    definitions_in,
    find_symbols,
    references_to,
)
from indexer.types import Control, FileMark, ReferenceKind, SymbolKind

STEPS: Final = 8
DEEPEST: Final = 6
"""Calls below the first one that are followed: further on it is plumbing."""

NEARER: Final = 0.92
"""What a call counts for each step that it is further away."""

ONWARD: Final = 0.4
"""What the most telling call of a definition counts beside the call of it."""

TELLING: Final = 1.0
"""Worth from which it is looked where a call leads."""

BRANCHES: Final = 3
"""Calls of one definition that are told."""

LEAST: Final = 0.45
"""Worth below which a call is left out."""

ASIDE: Final = 0.7
"""What a call loses inside a special case that is left with a return or an error."""
WITHIN: Final = 0.35
"""What a call loses that only opens what the work is done in."""

MADE: Final = 0.5
"""What the making of an object loses: what is done with it tells more."""

ACCESSOR: Final = 4
"""Lines up to which what asks for a value, or sets one, does nothing else."""

HELPS: Final = 0.8
"""What a call of a helper of all loses."""

HELPER: Final = 30
"""Lines up to which a definition may be one."""

COMMON: Final = 12
"""Files that call a short function from which it is a helper of all, and no part of one's way."""

_BUILT_IN: Final = frozenset(
    name for kind in (dict, list, set, str, bytes) for name in dir(kind) if not name.startswith("_")
)
"""What every dict, list, set or text has: called on something unknown it is most likely that."""

_GUARD: Final = re.compile(r"^\s*(?:\}\s*)?(?:if|elif|else if|unless|case|when)\b")
_GOES_WELL: Final = re.compile(r"valid|success|\bok\b|authenticated|exists|found", re.I)
_LEAVES: Final = re.compile(r"^\s*(?:return|raise|throw|continue|break)\b")
_PACKAGE: Final = re.compile(r"^package[ \t]+(\w+)", re.M)
_CALLS: Final = (ReferenceKind.CALL, ReferenceKind.EXECUTE)
_DULL: Final = re.compile(
    r"^(?:get|set|add|append|format|join|update|pop|push|close|open|log\w*|debug|info|warn\w*|error|print\w*"
    r"|copy|keys|values|items|lower|upper|strip|split|encode|decode|isinstance|len|repr|str|bool|next|iter"
    r"|raise\w*|assert\w*|deprecat\w*|warn\w*|trans\w*|gettext\w*|_)$",
    re.I,
)
_ERROR: Final = re.compile(r"(?:Error|Exception|Warning|Fault)$")
_ITSELF: Final = ("", "self", "this", "cls", "me", "super")
ANCESTORS: Final = 6
"""Classes up which a method is looked for."""

_GENERAL: Final = re.compile(
    r"^(?:save|delete|create|update|get|post|put|filter|all|first|success|error|run|start|stop|close|open"
    r"|read|write"
    r"|send|clean|validate|is_valid|form_valid|form_invalid|get_form|render|apply|call|execute|handle|process"
    r"|clone|copy|build|find|load|dump|init|setup|reset|clear|Error|New|Run|Close)$"
)
"""Names that libraries bear too: with nothing else to go by they mean nothing."""

_PLUMBING: Final = re.compile(
    r"^(?:API)?(?:Context|Logger|Config\w*|Session|Request|Response|Writer|Reader|Builder)$"
)
"""Types that are handed through everywhere: what is called on them is seldom a part of the way."""

_MADE_UP: Final = re.compile(r"(?:^|/)(?:mocks?|fakes?|stubs?|testing|testutil\w*)(?:/|\.)", re.I)
_BY_THE_WAY: Final = re.compile(
    r"exception|error|fail|rollback|restore|abort|stop|shutdown|terminat|cleanup|clean_up|teardown|delete"
    r"|remove"
    r"|retry|deprecat|warn|debug|trap|revert|undo|banner|version|repr",
    re.I,
)
"""What happens when something goes wrong, or afterwards: no part of a first walk."""
_DECLARED: Final = (
    r"\b([A-Z]\w*)(?:<[^>]*>)?\s+{name}\s*[;=,)]"  # Java, C#, C++
    r"|\b{name}\s*:\s*([A-Z]\w+)"  # TypeScript, Kotlin, Python
    r"|\b{name}\s*=\s*(?:new\s+)?([A-Z]\w+)\("  # Python, JavaScript
    r"|\b{name}\s+\*?(?:\w+\.)?([A-Z]\w+)\s*(?:[,)`/]|$)"  # Go
)
_TYPES: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.TYPE)
)
_ASKS: Final = re.compile(r"^(?:get|is|has|can|should|needs?|to|maybe|must)(?:_|[A-Z])|^(?:Is|Has|Get)[A-Z]")
"""Names of what asks for a value, and does nothing."""

_TOOLBOX: Final = re.compile(
    r"(?:^|/)_?(?:utils?|util\w*|helpers?|tools?|common|compat|lib|shared|exceptions?|errors?|strx"
    r"|osx)(?:/|\.\w+$)",
    re.I,
)
"""Where small things lie that serve everybody."""

_ON_THE_WAY: Final = re.compile(
    r"dispatch|handle|process|execute|run|send|publish|place|submit|save|create|store|apply|call|request"
    r"|full|"
    r"start|perform|render|deliver|commit|persist|insert|load|fetch|post|charge|pay|resolve|validate|trace",
    re.I,
)
"""Names of what does the work, rather than prepares for it."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A call on the way. ``sure``: the name can mean nothing else."""

    caller: FoundSymbol
    line: int
    callee: FoundSymbol
    sure: bool
    worth: float
    via: str = ""
    """The method that is called, where the type that it is called on defines it nowhere here: it
    inherits it from a library.
    """
    only: bool = False
    """It is a guess, but nothing else in this repository bears the name."""


class Walker:
    """Follows calls; what it learnt of a definition it keeps for the next walk."""

    def __init__(self, inquiry: Inquiry, control: Control, minor: FileMark) -> None:
        self._inquiry = inquiry
        self._control = control
        self._minor = minor
        self._onward: dict[tuple[int, int], list[Passed]] = {}
        self._used: dict[tuple[int, int], int] = {}
        self._packages: dict[str, str] = {}

    def walk(self, entry: FoundSymbol) -> tuple[float, list[Passed]]:
        """Return the most telling calls from a definition on, in the order in which they run, with
        what they are worth together.

        The most telling call that is known so far is taken, and what it calls is then known too.
        """
        seen = {_id(entry)}
        files = {entry.path}
        open_calls: list[tuple[float, int, Passed]] = [(call.worth, 0, call) for call in self.calls(entry)]
        taken: list[tuple[int, Passed]] = []
        told: dict[tuple[int, int], int] = {}
        while open_calls and len(taken) < STEPS:
            best = max(open_calls, key=lambda each: (self._now(each, files), -each[1], -each[2].line))
            open_calls.remove(best)
            _, depth, call = best
            if _id(call.callee) in seen or told.get(_id(call.caller), 0) >= BRANCHES:
                continue
            told[_id(call.caller)] = told.get(_id(call.caller), 0) + 1
            seen.add(_id(call.callee))
            files.add(call.callee.path)
            taken.append((depth, call))
            # Behind a guess everything would be one, unless nothing else here bears the name.
            if (call.sure or call.only) and depth + 1 < DEEPEST and call.callee.kind not in _TYPES:
                open_calls += [(each.worth, depth + 1, each) for each in self.calls(call.callee)]
        worth = (
            sum(each.worth for _, each in taken)
            + 0.4 * (len(files) - 1)
            + 0.2 * len({depth for depth, _ in taken})
        )
        return worth, _as_it_runs(entry, [call for _, call in taken])

    # ---------------------------------------------------------------------------- private

    def _now(self, each: tuple[float, int, Passed], files: set[str]) -> float:
        worth, depth, call = each
        leads = call.sure and worth >= TELLING and depth + 1 < DEEPEST
        onward = self.calls(call.callee) if leads else []
        # What leads on tells more than what ends there: an order is placed beyond the call that says so.
        worth += ONWARD * max((following.worth for following in onward), default=0.0)
        return worth * NEARER**depth + (0.3 if call.callee.path not in files else 0.0)

    def calls(self, caller: FoundSymbol) -> list[Passed]:
        """Return what a definition calls in this repository, the most telling first."""
        known = self._onward.get(_id(caller))
        if known is None:
            self._control.checkpoint()
            known = sorted(self._found(caller), key=lambda each: (-each.worth, each.line))
            self._onward[_id(caller)] = known
        return known

    def _found(self, caller: FoundSymbol) -> list[Passed]:
        out: dict[tuple[int, int], Passed] = {}
        reader = self._inquiry.reader
        for used in callees(reader, caller.blob_id, caller.name_line, caller.end_line, 60):
            if used.kind not in _CALLS or _DULL.match(used.name) or _ERROR.search(used.name):
                continue
            on = self._called_on(caller, used)
            foreign = on not in _ITSELF
            symbol, sure = self._meant(caller, used, on)
            via = ""
            if foreign and not (symbol is not None and sure):
                kind, declared = self._type_of(caller, on)
                method, only = self._of_type(kind, declared, used.name) if kind else (None, False)
                if method is not None:
                    symbol, sure = method, only
                elif symbol is None and declared is not None:
                    symbol, via = declared, used.name
            if (
                symbol is None
                or symbol.kind not in (_TYPES if via else CALLABLE)
                or symbol.marks & self._minor
                or _MADE_UP.search(symbol.path)
                or self._is_inner(symbol, caller)
                or (via and _PLUMBING.search(symbol.name))
            ):
                continue
            if _id(symbol) == _id(caller) or _holds(symbol, caller) or _ERROR.search(symbol.name):
                continue
            if symbol.name == caller.name and symbol.parent == caller.parent:
                continue
            worth = self._worth(caller, symbol, sure, via or used.name) - self._aside(caller, used.line)
            if worth >= LEAST and (_id(symbol) not in out or out[_id(symbol)].worth < worth):
                out[_id(symbol)] = Passed(
                    caller, used.line, symbol, sure, worth, via, not via and self._is_only(symbol)
                )  # fmt: skip
        return list(out.values())

    def _is_only(self, symbol: FoundSymbol) -> bool:
        bearers = [
            each
            for each in find_symbols(self._inquiry.reader, symbol.name, 8)
            if each.name == symbol.name and each.kind in CALLABLE and not each.marks & self._minor
        ]
        return len(bearers) == 1 and bool(TWO_WORDS.search(symbol.name))

    def _is_inner(self, symbol: FoundSymbol, caller: FoundSymbol) -> bool:
        """Whether a definition stands inside a function, and the caller does not: it cannot be meant."""
        if not symbol.parent or caller.qualified.startswith(symbol.parent):
            return False
        around = [
            each
            for each in definitions_in(self._inquiry.reader, symbol.path_id)
            if each.qualified == symbol.parent
        ]
        return bool(around) and around[0].kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)

    def _meant(self, caller: FoundSymbol, used: Callee, on: str) -> tuple[FoundSymbol | None, bool]:
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
            or _is_one(on, symbol.parent)
            or (not symbol.parent and self._is_module_of(on, symbol, caller))
        ):
            return symbol, True
        return self._by_name(caller, used, on)

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
        exact = [each for each in fitting if _is_one(on, each.parent)]
        if len(exact) == 1:
            return exact[0], True
        if is_standard(used.name):
            return None, False
        # `form.save()` may be of any form; a name that only one has here, on a word of its class, is that.
        if len(fitting) == 1 and not _GENERAL.match(used.name):
            return fitting[0], bool(fitting[0].parent) and self._is_only(fitting[0])
        only = len(found) == 1 and not fitting and not _GENERAL.match(used.name)
        return (found[0] if only else None), False

    def _called_on(self, caller: FoundSymbol, used: Callee) -> str:
        """Return the name before the dot; ``?`` for what another call gave."""
        on = called_on(self._inquiry, caller, used)
        source = None if on else self._inquiry.page.sources.file(caller.path)
        if on and caller.path.endswith(".go") and re.match(rf"func \({re.escape(on)}\b", caller.signature):
            return "self"
        line = source.lines[used.line - 1] if source is not None and used.line <= len(source.lines) else ""
        if line and re.search(rf"(?:\.|->)\s*{re.escape(used.name)}\b", line):
            return "?"
        return on

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

    def _of_type(self, kind: str, declared: FoundSymbol | None, name: str) -> tuple[FoundSymbol | None, bool]:
        """Return the method that something of a type has under a name, and whether it can be no other: of an
        interface, be it declared here or in a library, it is that of its only implementation here.
        """
        own = [] if declared is None else self._methods(declared, name)
        if own and declared is not None and declared.kind is not SymbolKind.INTERFACE:
            return own[0], True
        made = [method for each in self._implementing(kind) for method in self._methods(each, name)]
        if len({each.path for each in made}) == 1:
            return made[0], True
        return (own[0] if own else None), bool(own)

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
            if use.name != kind or use.marks & self._minor or _MADE_UP.search(use.path):
                continue
            holders = [
                each
                for each in definitions_in(self._inquiry.reader, use.path_id)
                if each.kind in _TYPES and each.start_line <= use.line <= each.name_line + 3
            ]
            found += holders[-1:]
        return found

    def _bases(self, kind: str, path: str) -> list[str]:
        found = [
            each
            for each in find_symbols(self._inquiry.reader, kind, 4)
            if each.name == kind and each.kind in _TYPES and (not path or each.path == path)
        ]
        rows = [
            self._inquiry.reader.execute(
                "SELECT name FROM reference WHERE blob_id = ? AND kind = 'inherit' AND line BETWEEN ? AND ?",
                (each.blob_id, each.start_line, each.name_line + 3),
            ).fetchall()
            for each in found[:2]
        ]
        return [name.rpartition(".")[2] for each in rows for (name,) in each]

    def _type_of(self, caller: FoundSymbol, name: str) -> tuple[str, FoundSymbol | None]:
        """Return the type that a name is declared with in the caller's file, and its definition here."""
        source = self._inquiry.page.sources.file(caller.path)
        if source is None or not name.isidentifier():
            return "", None
        declared = re.compile(_DECLARED.format(name=re.escape(name)))
        for line in source.lines:
            found = declared.search(line)
            kind = next((each for each in found.groups() if each), "") if found else ""
            if kind:
                types = [
                    each
                    for each in find_symbols(self._inquiry.reader, kind, 5)
                    if each.name == kind and each.kind in _TYPES and each.path != caller.path
                ]
                return kind, types[0] if len({each.path for each in types}) == 1 else None
        return "", None

    def _worth(self, caller: FoundSymbol, symbol: FoundSymbol, sure: bool, name: str) -> float:
        lines = symbol.end_line - symbol.start_line + 1
        if lines <= ACCESSOR and (_ASKS.match(name) or name.startswith("set")):
            return 0.0
        other = symbol.path != caller.path
        value = 0.35 + 0.35 * min(lines, 40) / 40 + (0.15 if symbol.doc else 0.0)
        value += 0.5 if other else 0.0
        value += 0.3 if _ON_THE_WAY.search(name) else 0.0
        value -= 0.6 if _BY_THE_WAY.search(name) else 0.0
        value -= 0.2 if name.startswith("_") and not name.startswith("__") else 0.0
        value -= 0.35 if _ASKS.match(name) else 0.0
        value -= 0.4 if _TOOLBOX.search(symbol.path) else 0.0
        if symbol.kind is SymbolKind.CLASS or symbol.name == symbol.parent.rpartition(".")[2]:
            value -= MADE
        if lines <= 3 and not other:
            value -= 0.25
        if symbol.name.startswith("__"):
            value -= 0.3
        if lines <= HELPER and self._common(symbol) >= COMMON:
            value -= HELPS
        return value * (1.0 if sure else 0.6)

    def _aside(self, caller: FoundSymbol, line: int) -> float:
        """Return what a call loses that only runs in a special case, which the rest does not come to."""
        source = self._inquiry.page.sources.file(caller.path)
        if source is None or not 0 < line <= len(source.lines):
            return 0.0
        lines = source.lines
        lost = WITHIN if lines[line - 1].lstrip().startswith(("with ", "async with ")) else 0.0
        at = line
        while at > caller.name_line:
            at -= 1
            if not lines[at - 1].strip() or _indent(lines[at - 1]) >= _indent(lines[line - 1]):
                continue
            line = at
            if _GUARD.match(lines[at - 1]) and not _GOES_WELL.search(lines[at - 1]):
                block = _block(lines, at, caller.end_line)
                after = at + len(block)
                if block and after < caller.end_line - 1 and any(_LEAVES.match(each) for each in block[-4:]):
                    return lost + ASIDE
        return lost

    def _common(self, symbol: FoundSymbol) -> int:
        known = self._used.get(_id(symbol))
        if known is None:
            found = callers(self._inquiry.reader, symbol, 60)
            known = self._used[_id(symbol)] = len(
                {each.path for each in found if not each.marks & self._minor}
            )
        return known


def _as_it_runs(entry: FoundSymbol, calls: list[Passed]) -> list[Passed]:
    """Return calls in order: what a definition calls is told right after it, by lines."""
    out: list[Passed] = []

    def follow(at: FoundSymbol) -> None:
        for call in sorted(
            (each for each in calls if _id(each.caller) == _id(at)), key=lambda each: each.line
        ):
            out.append(call)
            follow(call.callee)

    follow(entry)
    return out


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _block(lines: Sequence[str], header: int, end: int) -> list[str]:
    """Return the lines that stand deeper than line ``header``, right below it."""
    out = []
    for each in lines[header:end]:
        if each.strip() and _indent(each) <= _indent(lines[header - 1]):
            break
        if each.strip():
            out.append(each)
    return out


def _id(symbol: FoundSymbol) -> tuple[int, int]:
    return symbol.blob_id, symbol.start_line


def _holds(symbol: FoundSymbol, inner: FoundSymbol) -> bool:
    return (
        symbol.blob_id == inner.blob_id
        and symbol.start_line <= inner.start_line
        and symbol.end_line >= inner.end_line
    )


def _is_one(on: str, parent: str) -> bool:
    """Whether a name before the dot is the class's own: `basket` of an AbstractBasket."""
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
