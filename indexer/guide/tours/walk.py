"""One real request or job followed end to end: of all chains of calls, the one that tells the most."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.declared import method_on
from indexer.answer.inquiry import CALLABLE, Inquiry
from indexer.answer.on_the_way import registered
from indexer.answer.way import own_words
from indexer.answer.worth import ACCESSOR, Worth, does_work
from indexer.guide.tours.depended import is_of_any_object
from indexer.guide.tours.meant import MADE_UP, Meanings
from indexer.index.symbols import TYPES, FoundSymbol, callees
from indexer.types import Citation, Control, FileMark, ReferenceKind

STEPS: Final = 9
DEEPEST: Final = 6
"""Calls below the first one that are followed: further on it is plumbing."""
NEARER: Final = 0.88
"""What a call counts for each step that it is further away."""
ONWARD: Final = 0.4
"""What the most telling call of a definition counts beside the call of it."""
TELLING: Final = 1.0
"""Worth from which it is looked where a call leads."""
BRANCHES: Final = 3
"""Calls of one definition that are told."""
RUNS_OTHERS: Final = 0.4
"""What a call counts more that comes to where registered code runs: of a framework, that is the point."""
SELDOM: Final = 0.35
"""What a call loses that comes behind one which is made under a condition only."""
LEAST: Final = 0.45
"""Worth below which a call is left out."""
_CALLS: Final = (ReferenceKind.CALL, ReferenceKind.EXECUTE)
_DULL: Final = re.compile(
    r"^(?:get|set|add|append|format|join|update|pop|push|close|open|log\w*|debug|info|warn\w*|error|print\w*"
    r"|copy|keys|values|items|lower|upper|strip|split|encode|decode|isinstance|len|repr|str|bool|next|iter"
    r"|raise\w*|assert\w*|deprecat\w*|warn\w*|trans\w*|gettext\w*|_)$",
    re.I,
)
_ERROR: Final = re.compile(r"(?:Error|Exception|Warning|Fault)$")
_ITSELF: Final = ("", "self", "this", "cls", "me", "super")
_OUT: Final = re.compile(
    r"open|connect|send|recv|read|write|fetch|post|publish|execut|request|commit|query|render|exec|spawn|dump"
    r"|dispatch|listen|serve",
    re.I,
)
"""Names of what a library does for the code that calls it."""
_PLUMBING: Final = re.compile(
    r"^(?:API)?(?:Context|Logger|Config\w*|Session|Request|Response|Writer|Reader|Builder)$"
)
"""Types that are handed through everywhere: what is called on them is seldom a part of the way."""


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
    declared: FoundSymbol | None = None
    """The method that is called, where it only declares what ``callee`` does."""
    doing: int = 0
    """How many methods here do what it declares."""
    sometimes: bool = False
    """It is made under a condition only."""


@dataclass(frozen=True, slots=True)
class Left:
    """A call of what is not defined here: where a way leaves the code."""

    caller: FoundSymbol
    line: int
    written: str


class Walker:
    """Follows calls; what it learnt of a definition it keeps for the next walk."""

    def __init__(
        self,
        inquiry: Inquiry,
        control: Control,
        minor: FileMark,
        called_by: Callable[[str], frozenset[str]] | None = None,
    ) -> None:
        self._inquiry = inquiry
        self._control = control
        self._minor = minor
        self._onward: dict[tuple[int, int], list[Passed]] = {}
        self._meanings = Meanings(inquiry, minor, called_by)
        self._weigh = Worth(inquiry, minor)

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
            if (call.sure or call.only) and depth + 1 < DEEPEST and call.callee.kind not in TYPES:
                less = SELDOM if call.sometimes else 0.0
                onward = [(each.worth - less, depth + 1, each) for each in self.calls(call.callee)]
                open_calls += [each for each in onward if each[0] >= LEAST]
        worth = (
            sum(each.worth for _, each in taken)
            + 0.4 * (len(files) - 1)
            + 0.2 * len({depth for depth, _ in taken})
        )
        return worth, _as_it_runs(entry, [call for _, call in taken])

    def words(self, symbol: FoundSymbol) -> tuple[str, Citation | None]:
        """Return what a definition says of itself, with what proves it; empty where it says nothing."""
        return own_words(self._inquiry, symbol)

    def leaves(self, met: Sequence[FoundSymbol]) -> Left | None:
        """Return the call of what is defined nowhere here that does the work, in the last definition of a way
        that has one.
        """
        for caller in reversed([each for each in met if does_work(each.name)]):
            found: Left | None = None
            for used in callees(self._inquiry.reader, caller.blob_id, caller.name_line, caller.end_line, 60):
                on = self._meanings.written_on(caller, used)
                if (
                    used.kind in _CALLS
                    and on not in (*_ITSELF, "?")
                    and _OUT.search(used.name)
                    and not _DULL.match(used.name)
                    and not _ERROR.search(used.name)
                    and not self._meanings.is_known(used.name)
                ):
                    found = Left(caller, used.line, f"{on}.{used.name}")
            if found is not None:
                return found
        return None

    def calls(self, caller: FoundSymbol) -> list[Passed]:
        """Return what a definition calls in this repository, the most telling first."""
        known = self._onward.get(_id(caller))
        if known is None:
            self._control.checkpoint()
            known = sorted(self._found(caller), key=lambda each: (-each.worth, each.line))
            self._onward[_id(caller)] = known
        return known

    # ---------------------------------------------------------------------------- private

    def _now(self, each: tuple[float, int, Passed], files: set[str]) -> float:
        worth, depth, call = each
        leads = call.sure and worth >= TELLING and depth + 1 < DEEPEST
        onward = self.calls(call.callee) if leads else []
        # What leads on tells more than what ends there: an order is placed beyond the call that says so.
        worth += ONWARD * max((following.worth for following in onward), default=0.0)
        return worth * NEARER**depth + (0.3 if call.callee.path not in files else 0.0)

    def _found(self, caller: FoundSymbol) -> list[Passed]:
        out: dict[tuple[int, int], Passed] = {}
        reader = self._inquiry.reader
        for used in callees(reader, caller.blob_id, caller.name_line, caller.end_line, 60):
            on = self._meanings.written_on(caller, used)
            if used.kind not in _CALLS:
                continue
            foreign = on not in _ITSELF
            typed = method_on(self._inquiry, caller, on, used.name) if foreign else None
            if _tells_nothing(used.name, on) and (typed is None or _is_short(typed)):
                continue
            symbol, sure = (typed, True) if typed is not None else self._meanings.meant(caller, used, on)
            via = ""
            if foreign and not (symbol is not None and sure):
                kind, declared = self._meanings.type_of(caller, on)
                method, only = self._meanings.of_type(kind, declared, used.name) if kind else (None, False)
                if method is not None:
                    symbol, sure = method, only
                elif symbol is None and declared is not None:
                    symbol, via = declared, used.name
            if (
                symbol is None
                or symbol.kind not in (TYPES if via else CALLABLE)
                or symbol.marks & self._minor
                or MADE_UP.search(symbol.path)
                or self._meanings.is_inner(symbol, caller)
                or (via and _PLUMBING.search(symbol.name))
                # An object is made to be handed on: what is done with it is the way.
                or (not via and is_plain_making(symbol))
            ):
                continue
            if _id(symbol) == _id(caller) or _holds(symbol, caller) or _ERROR.search(symbol.name):
                continue
            if symbol.name == caller.name and symbol.parent == caller.parent:
                continue
            declared, doing = None, [] if via else self._meanings.doing(symbol, None if foreign else caller)
            if doing and _id(doing[0]) != _id(caller):
                declared, symbol = symbol, doing[0]
            worth = self._weigh.of(caller, symbol, sure, via or used.name)
            aside = self._weigh.aside(caller, used.line)
            worth -= aside
            worth += RUNS_OTHERS if registered(self._inquiry.page.sources, [symbol]) is not None else 0.0
            if worth >= LEAST and (_id(symbol) not in out or out[_id(symbol)].worth < worth):
                out[_id(symbol)] = Passed(
                    caller, used.line, symbol, sure, worth, via, not via and self._meanings.is_only(symbol),
                    declared, len(doing), aside > 0,
                )  # fmt: skip
        return list(out.values())


def _is_short(symbol: FoundSymbol) -> bool:
    return symbol.end_line - symbol.name_line < ACCESSOR


def _tells_nothing(name: str, on: str) -> bool:
    """Whether a call is one of what any list or text has, or of what only goes wrong. What is called on a
    type or module by its own name (`Resque.push`) is neither.
    """
    dull = _DULL.match(name) is not None and not on[:1].isupper()
    return dull or _ERROR.search(name) is not None or is_of_any_object(name)


def is_plain_making(symbol: FoundSymbol) -> bool:
    """Whether a call of a definition makes an object and does nothing else."""
    return symbol.kind in TYPES or symbol.name in ("__init__", "initialize", "constructor")


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


def _id(symbol: FoundSymbol) -> tuple[int, int]:
    return symbol.blob_id, symbol.start_line


def _holds(symbol: FoundSymbol, inner: FoundSymbol) -> bool:
    return (
        symbol.blob_id == inner.blob_id
        and symbol.start_line <= inner.start_line
        and symbol.end_line >= inner.end_line
    )
