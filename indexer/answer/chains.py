"""Which calls of a way are told and which is followed: a line of work in its order, then the call that does
most of what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.byways import has_part
from indexer.answer.calling import LEAST, Call, Calls
from indexer.answer.given import Given, same_block, told_apart
from indexer.answer.inquiry import Inquiry
from indexer.index.symbols import FoundSymbol
from indexer.types import SymbolKind

STEPS: Final = 10
"""Calls of a walk."""

_BRANCHES: Final = 4
"""Calls of one definition that are told."""
_LINE: Final = 7
"""Calls that are told of a body which is a line of work: once on a way, where the work is done."""
_WORK: Final = 5
"""Calls from which a body is one."""

_PAIR: Final = 2
_FAR: Final = 3
"""Calls up to which a body does nothing else than make them, and steps up to which both are told for that."""
_DEEPER: Final = 0.05
"""What one of many calls must tell more for each step that it is further away."""
_TRIED: Final = 3
"""Calls of one definition that are looked behind."""
_ONWARD: Final = 0.5
"""What the most telling call of a definition counts for following the call of it."""
_LONG: Final = 0.3
_MUCH: Final = 60
"""What a definition of so many lines counts more for being followed."""
_GUESSED: Final = 0.6
"""What a call counts that means its callee most likely only: behind it all would be a guess."""
_MAKES: Final = re.compile(r"creat|make|build|new|from|of$")
_PREPARES: Final = re.compile(r"init|setup|prepar|configur|validat|check|verif|normali|ensure|register")
_ASIDE: Final = 0.45
"""What a call counts for being followed that only prepares the work or checks it, or that is made at several
stages of it with something else.
"""
_SECOND: Final = 0.7
"""Share of the worth of the call that led on from which another one of its caller is followed as well."""


def chain_of(inquiry: Inquiry, entry: FoundSymbol, calls: Calls | None = None) -> list[Call]:
    """Return up to STEPS calls from the entry on: the telling ones of each, the best one followed first."""
    calls = calls or Calls(inquiry)
    out: list[Call] = []
    seen = {(entry.blob_id, entry.start_line)}
    open_ones = [_Branching([(1.0, 0, entry)])]
    lined = False
    while open_ones and len(out) < STEPS:
        taken = open_ones[-1].next()
        if taken is None:
            open_ones.pop()
            continue
        depth, current = taken
        found = calls.of(current, seen)
        if len(found) > _PAIR or depth > _FAR:
            found = [each for each in found if each.value >= LEAST + _DEEPER * depth]
        if not found:
            continue
        open_ones[-1].led = True
        line = not lined and len(found) >= _WORK
        lined = lined or line
        many = _LINE if line else _BRANCHES
        chosen = sorted(found, key=lambda each: -each.value)[: min(many, STEPS - len(out))]
        # What a definition calls is told right after it, as it runs.
        after = next((at for at, each in enumerate(out, 1) if each.callee is current), len(out))
        told = _as_it_runs(inquiry, current, chosen, STEPS - len(out))
        out[after:after] = told
        seen |= {(each.callee.blob_id, each.callee.start_line) for each in chosen}
        # What a class does when it is made is not the way on.
        onward = list({id(each.callee): each for each in told}.values())
        onward = [each for each in onward if each.callee.kind is not SymbolKind.CLASS]
        onward = sorted(onward, key=lambda each: -_leads(each) * _share(each))[:_TRIED]
        # Where there is but one way on, nothing needs to be seen of it beforehand.
        beyond = [_beyond(calls, each, seen) if len(onward) > 1 else 0.0 for each in onward]
        worth = [(_leads(each) + more) * _share(each) for each, more in zip(onward, beyond, strict=True)]
        ranked = zip(worth, onward, strict=True)
        open_ones.append(_Branching([(value, depth + 1, each.callee) for value, each in ranked]))
    return out


def _leads(call: Call) -> float:
    """Return what speaks for following a call: what it tells, and how much is done there."""
    long = min(call.callee.end_line - call.callee.name_line, _MUCH) / _MUCH
    return call.value + _LONG * long


def _share(call: Call) -> float:
    """Return what of that counts: behind a guess all would be one, and what prepares is not the work."""
    doubt = 1.0 if call.sure else _GUESSED
    aside = bool(call.given) or has_part(call.callee.name, _PREPARES) or _gives_new(call.callee)
    return doubt * (_ASIDE if aside else 1.0)


def _gives_new(symbol: FoundSymbol) -> bool:
    """Return whether a method gives a new one of its own class, as its name and its head say."""
    kind = symbol.parent.rpartition(".")[2]
    head = symbol.signature.partition(f"{symbol.name}(")[0]
    return (
        kind != ""
        and has_part(symbol.name, _MAKES)
        and re.search(rf"\b{re.escape(kind)}\b", head) is not None
    )


def _beyond(calls: Calls, call: Call, seen: Collection[tuple[int, int]]) -> float:
    """Return what the most telling call beyond one counts for following it: three lines may hand on to all of
    the work.
    """
    if not call.sure:
        return 0.0
    return _ONWARD * max((each.value for each in calls.of(call.callee, seen)), default=0.0)


class _Branching:
    """What one definition calls, to be followed in turn: the best one that leads on, then what is near it."""

    def __init__(self, calls: Sequence[tuple[float, int, FoundSymbol]]) -> None:
        self._calls = sorted(calls, key=lambda each: each[0])
        self._best = 0.0
        self.led = False
        """A call that was taken led on."""

    def next(self) -> tuple[int, FoundSymbol] | None:
        """Return the next definition to follow, and how deep it is; None where none is worth it."""
        if not self._calls or (self.led and self._calls[-1][0] < _SECOND * self._best):
            return None
        value, depth, callee = self._calls.pop()
        self._best = value if not self.led else self._best
        return depth, callee


def _as_it_runs(inquiry: Inquiry, caller: FoundSymbol, chosen: Sequence[Call], most: int) -> list[Call]:
    """Return calls by their lines, one that is made again with something else at each of its places."""
    source = inquiry.page.sources.file(caller.path)
    lines = () if source is None else source.lines
    spread: list[Call] = []
    for each in chosen:
        again = [] if each.back is not None else told_apart(lines, caller, each.line, each.callee.name)
        spread += [replace(each, line=one.line, given=(one,)) for one in again] or [each]
    out: list[Call] = []
    for each in sorted(spread, key=lambda one: (one.line, *_within(lines, one))):
        before = out[-1] if out else None
        if before and before.given and before.callee is each.callee and _runs_too(lines, before, each):
            out[-1] = replace(before, given=(*before.given, *each.given))
        else:
            out.append(each)
    while len(out) > most:
        out.remove(min(out, key=lambda each: each.value))
    return out


def _within(lines: Sequence[str], call: Call) -> tuple[int, int]:
    """Return where a call comes among those of its line: what is given to another call runs before that."""
    line = lines[call.line - 1] if call.line <= len(lines) else ""
    found = re.search(rf"(?<![\w$]){re.escape(call.callee.name)}\b", line)
    before = line[: found.start()] if found is not None else ""
    return before.count(")") - before.count("("), len(before)


def _runs_too(lines: Sequence[str], one: Call, other: Call) -> bool:
    last: Given = one.given[-1]
    return same_block(lines, last.line, other.line)
