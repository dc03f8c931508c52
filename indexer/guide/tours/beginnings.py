"""Where a walk along one request or job may begin: what is asked for, what users call, what does the work."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from indexer.answer.inquiry import CALLABLE
from indexer.guide.tours.entries import Door, Entry
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.uses import Uses
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.shapes.onboarding import TourRole
from indexer.types import FileMark, SymbolKind

LET_IN: Final = 1.5
TURNED_AWAY: Final = 0.5
"""What a route counts to a method that turns away what others bring, and what one of the others does."""
FIRST_LINES: Final = 4
_GUARD: Final = re.compile(r"^\s*if not self\.(\w+):\s*$")
_TURNS: Final = re.compile(r"\s*(?:return|raise)\b")
LEAST_LINES: Final = 8
_SMALL: Final = re.compile(
    r"(?:^|/)_?(?:utils?|util\w*|helpers?|tools?|compat|typing|types|exceptions?|errors?|constants?"
    r"|loading|imports?"
    r"|config\w*|log\w*|i18n|translation)(?:/|\.\w+$)",
    re.I,
)
_WORKS: Final = re.compile(
    r"^(?:wsgi_app|__call__|dispatch|handle|handle_request|process|process_request|execute|run|serve"
    r"|ServeHTTP|routeHTTP|route_request|doPost"
    r"|execute_using_pool|trace_task|on_message|on_task_received|handle_message|consume"
    r"|apply_async|send|request|post|form_valid|checkout|place_order|submit|publish|perform|invoke|service)$"
)
"""Names under which frameworks and people alike keep the one thing that everything goes through."""
_ANSWERS: Final = re.compile(
    r"^(?:post|form_valid|get|put|patch|delete|dispatch|handle|run|execute|process\w*)$"
)
_RUNS: Final = CALLABLE - {SymbolKind.CLASS}
SERVER: Final = 5
"""Requests with a known handler from which a repository is one that answers requests."""
LOOKED_AT: Final = 120
"""Files, the most used first, whose definitions of telling names are tried."""
_DOOR_WEIGHTS: Final = {Door.REQUEST: 1.0, Door.JOB: 0.95, Door.COMMAND: 0.65, Door.PROGRAM: 0.65}
_LOOKS_AFTER: Final = re.compile(
    r"/(?:admin|test|debug|internal|health\w*|metrics|status|nodes?Info|plugins?Info|export|security|search|audit\w*"
    r"|tags?|custom\w*)(?:/|$)|refresh|sync|migrat|invalidat",
    re.I,
)
"""Requests that look after a system, or are the same for all it holds: seldom what it is there for."""
ASIDE: Final = 0.75
"""What a command counts where the system is there for other code, and commands only look after it."""


def beginnings(
    ground: Ground, ways: Sequence[Entry], offers: Sequence[FoundSymbol]
) -> list[tuple[Entry | None, FoundSymbol, float]]:
    """Return definitions that a walk may begin in, with what speaks for each, the likeliest first."""
    found = _Beginnings(ground)
    ops = ground.role is TourRole.OPS
    asked = sum(1 for each in ways if each.door is Door.REQUEST and each.symbol is not None) >= SERVER
    for entry in ways:
        weight = _DOOR_WEIGHTS.get(entry.door, 1.0)
        if entry.name.startswith(("POST", "PUT", "PATCH")):
            weight *= 1.25
        if _LOOKS_AFTER.search(entry.name):
            weight *= ASIDE
        if entry.door is Door.COMMAND and offers and not asked and not ops:
            weight *= ASIDE
        if ops and entry.door in (Door.COMMAND, Door.PROGRAM):
            weight *= 1.5
        if entry.symbol is not None:
            found.take(entry, entry.symbol, weight)
    uses = Uses(ground)
    for symbol in offers:
        found.take(None, symbol, 0.7 if asked else 1.0)
    for file in ground.code[:LOOKED_AT]:
        for symbol in definitions_in(ground.reader, file.path_id):
            long = symbol.end_line - symbol.start_line >= LEAST_LINES - 3
            if (
                long
                and symbol.kind in CALLABLE
                and _WORKS.match(symbol.name)
                and (uses.reaching(symbol) is not None or uses.answers_outside(symbol))
            ):
                found.take(None, symbol, (1.15 if symbol.parent else 1.0) * (0.85 if asked else 1.0))
    return found.ranked()


class _Beginnings:
    """Definitions that a walk may begin in, with what speaks for each."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._found: dict[tuple[int, int], tuple[Entry | None, FoundSymbol, float]] = {}

    def ranked(self) -> list[tuple[Entry | None, FoundSymbol, float]]:
        """Return them, the likeliest first."""
        return sorted(
            self._found.values(),
            key=lambda each: (-each[2], -each[1].rank, each[1].path, each[1].start_line),
        )

    def take(self, entry: Entry | None, symbol: FoundSymbol, weight: float) -> None:
        """Take a definition in; of a class that answers, its methods that do."""
        if symbol.blob_id not in self._ground.code_ids:
            return
        if symbol.kind is SymbolKind.CLASS and entry is not None:
            for each in definitions_in(self._ground.reader, symbol.path_id):
                if each.parent == symbol.qualified and _ANSWERS.match(each.name):
                    self.take(entry, each, weight * (1.25 if each.name in ("post", "form_valid") else 1.0))
            return
        if symbol.kind not in _RUNS:
            return  # nothing runs from one end of a class to the other
        key = (symbol.blob_id, symbol.start_line)
        weight *= 1.0 + 0.12 * math.log1p(_mentions(self._ground, symbol.name))
        lower = symbol.parent[:1].islower() and symbol.path.endswith(".py")
        if "." in symbol.parent or lower:
            weight *= 0.75  # defined inside a function: one sees it only when one knows that
        if _SMALL.search(symbol.path) or symbol.parent.startswith("_"):
            weight *= 0.6
        if entry is not None and (let_in := self._lets_in(entry, symbol)) is not None:
            weight *= LET_IN if let_in else TURNED_AWAY
        known = self._found.get(key)
        if known is None or known[2] < weight:
            self._found[key] = (entry or (known[0] if known else None), symbol, weight)

    def _lets_in(self, entry: Entry, symbol: FoundSymbol) -> bool | None:
        """Return whether a route sets what a method asks for first: `as_view(preview=True)` does where it
        begins with `if not self.preview: return ...`; None where it asks for nothing.
        """
        source = self._ground.sources.file(symbol.path)
        lines = source.lines[symbol.name_line : symbol.end_line] if source is not None else ()
        asked = ""
        for head, then in pairwise(lines[: FIRST_LINES + 1]):
            guard = _GUARD.match(head)
            if guard is not None and _TURNS.match(then):
                asked = guard[1]
        if not asked:
            return None
        route = self._ground.sources.file(entry.path)
        written = route.lines[max(entry.line - 2, 0) : entry.line + 3] if route is not None else ()
        return any(re.search(rf"\b{asked}\s*=\s*True\b", line) for line in written)


def _mentions(ground: Ground, name: str) -> int:
    """Return how many documents speak of a name."""
    if not name.replace("_", "").isalnum():
        return 0
    row = ground.reader.execute(
        "SELECT count(DISTINCT r.blob_id) FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
        " WHERE r.name = ? AND e.marks & ? != 0",
        (name, int(FileMark.DOCUMENTATION | FileMark.EXAMPLE | FileMark.TEST)),
    ).fetchone()
    return min(int(row[0]), 40)
