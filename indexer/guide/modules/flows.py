"""What happens in a module: of the ways that begin in what it is entered by, those that tell the most."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from indexer.answer.byways import is_by_the_way
from indexer.answer.worth import does_work
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import TreeFile
from indexer.guide.tours.walk import Passed, Walker
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols, symbol_at
from indexer.shapes.modules import ModuleFlow, Named
from indexer.types import Section, Statement, Step

FLOWS: Final = 2
STEPS: Final = 5
LEAST: Final = 3
"""Calls of a way that is worth telling beside another."""

TRIED: Final = 10
"""Definitions that a walk is tried from: each may cost a tenth of a second."""

METHODS: Final = 4
"""Methods of one type that are tried: those whose names say that they do the work, then the longest."""

_RUNS: Final = frozenset(("function", "method", "program", "paragraph", "section"))


def flows(
    walker: Walker,
    reader: sqlite3.Connection,
    teller: Teller,
    starts: Sequence[Named],
    by_path: Mapping[str, TreeFile],
) -> list[ModuleFlow]:
    """Return what happens from entry points on: calls in their order, at least two; ``starts``: the ways in,
    the likeliest first.
    """
    tried: list[tuple[float, FoundSymbol, list[Passed]]] = []
    for symbol in _beginnings(reader, starts, by_path):
        if len(tried) >= TRIED:
            break
        worth, calls = walker.walk(symbol)
        tried.append((worth, symbol, calls))
    # A short one is told only where there is no other.
    tried.sort(key=lambda each: (len(each[2]) < LEAST, -each[0]))
    out: list[ModuleFlow] = []
    told: set[tuple[str, int]] = set()
    for _, symbol, calls in tried:
        met = {(each.callee.path, each.callee.start_line) for each in calls}
        steps = [made for call in calls[:STEPS] if (made := _step(walker, teller, call)) is not None]
        if len(steps) < 2 or len(out) == FLOWS or len(met & told) > 1 or (out and len(calls) < LEAST):
            continue
        told |= met | {(symbol.path, symbol.start_line)}
        out.append(ModuleFlow(symbol.qualified, symbol.path, symbol.name_line, tuple(steps)))
    return out


def _beginnings(
    reader: sqlite3.Connection, starts: Sequence[Named], by_path: Mapping[str, TreeFile]
) -> Iterator[FoundSymbol]:
    """Yield what runs when a module is entered; of a type, the methods that do the most."""
    seen: set[tuple[str, int]] = set()
    for start in starts:
        file = by_path.get(start.path)
        symbol = None if file is None else _defined_at(reader, start, file)
        if symbol is None or file is None:
            continue
        inner = [symbol]
        if symbol.kind.value not in _RUNS:
            inner = [
                each
                for each in definitions_in(reader, file.path_id)
                if each.parent == symbol.qualified and each.name not in ("__init__", symbol.name)
            ]
            inner.sort(
                key=lambda each: (
                    each.name.startswith("_"),
                    is_by_the_way(each.name),
                    not does_work(each.name),
                    each.start_line - each.end_line,
                )
            )
        for each in [one for one in inner if one.kind.value in _RUNS][:METHODS]:
            if (each.path, each.start_line) not in seen:
                seen.add((each.path, each.start_line))
                yield each


def _defined_at(reader: sqlite3.Connection, start: Named, file: TreeFile) -> FoundSymbol | None:
    if not start.name:
        return symbol_at(reader, file.path_id, start.line)
    found = [each for each in find_symbols(reader, start.name, 20) if each.path == start.path]
    return min(found, key=lambda each: abs(each.name_line - start.line), default=None)


def _step(walker: Walker, teller: Teller, call: Passed) -> Statement | None:
    caller, target = call.caller, call.callee
    where = f"{target.path}:{target.name_line}" if target.path != caller.path else f"line {target.name_line}"
    name = f"`{call.via}` of `{target.qualified}`" if call.via else f"`{target.qualified}`"
    likely = "" if call.sure or call.via else "most likely "
    said, proof = walker.words(target)
    made = teller.placed(
        f"`{caller.qualified}` calls {likely}{name} ({where})" + (f": “{said}”" if said else "."),
        [(caller.path, call.line), (target.path, target.name_line)],
    )
    if made is None:
        return None
    step = Step(
        target.qualified,
        target.path,
        target.name_line,
        said,
        caller.qualified,
        call.line,
        call.sure and not call.via,
    )
    cited = made.citations if proof is None else (*made.citations, proof)
    return Statement(Section.WHAT, made.text, cited, step=step)
