"""The stops that follow one real request or job end to end across files."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.inquiry import CALLABLE, kind_word, listed, shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.depended import Depended
from indexer.guide.tours.documented import Documented
from indexer.guide.tours.entries import Door, Entry
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.on_the_way import condition, registered, within
from indexer.guide.tours.saying import telling_words
from indexer.guide.tours.uses import Uses
from indexer.guide.tours.walk import Left, Passed, Walker
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.shapes.onboarding import StepKind, TourRole
from indexer.types import FileMark, ReferenceKind, Section, Step, SymbolKind

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
_DOES: Final = {
    Door.REQUEST: "is answered by",
    Door.COMMAND: "runs",
    Door.JOB: "runs",
    Door.PROGRAM: "begins in",
}
_MAKES: Final = re.compile(r"^(?:[Nn]ew|[Mm]ake|[Cc]reate|[Dd]efault|[Ww]ith)(?:[A-Z_]|$)")
NO_WORK: Final = 0.4
"""What a walk counts that begins where something is only made: nothing has come in yet."""
BEGUN: Final = 0.6
MUCH: Final = 12.0
"""What a walk counts more that begins where documents do, and how much they must use it for all of that."""
TRIED: Final = 60
"""Ways in from which a walk is tried."""
BEEN_THERE: Final = 0.65
"""What a walk counts that begins in a file which an earlier one came by."""
ASIDE: Final = 0.75
"""What a command counts where the system is there for other code, and commands only look after it."""

READ: Final = 2
"""Definitions on a way that are read beside the one that it begins in."""
LEAST_WALK: Final = 3
SHORT_WALK: Final = 2
"""Calls of a walk that is worth following, and those without which there is nothing to follow."""


def follow(
    ground: Ground,
    ways: Sequence[Entry],
    offers: Sequence[FoundSymbol],
    core: Sequence[Depended],
    limit: int,
    shown: Sequence[Documented] = (),
) -> list[Laid]:
    """Return walks along real requests or jobs, the most telling first; they share no call.

    What documents show in use is where users begin: a walk from there counts more.
    """
    walker = Walker(ground.inquiry(), ground.control, ground.minor)
    central = {each.symbol.path for each in core}
    tried: list[tuple[float, Entry | None, FoundSymbol, list[Passed]]] = []
    begun = {(each.symbol.blob_id, each.symbol.start_line): each for each in shown}
    for entry, symbol, weight in _beginnings(ground, ways, offers)[:TRIED]:
        ground.control.checkpoint()
        worth, calls = walker.walk(symbol)
        if len(calls) >= SHORT_WALK and len({each.callee.path for each in calls} | {symbol.path}) > 1:
            files = {each.callee.path for each in calls} | {symbol.path}
            sure = sum(1 for each in calls if each.sure) / len(calls)
            worth += 1.2 * len(files & central)
            documents = begun.get((symbol.blob_id, symbol.start_line))
            users = 1.0 + BEGUN * min(documents.weight / MUCH, 1.0) if documents is not None else 1.0
            users = NO_WORK if _MAKES.match(symbol.name) else users
            tried.append((worth * weight * users * (0.5 + 0.5 * sure), entry, symbol, calls))
    # A short one is told only where there is no other.
    tried = [each for each in tried if len(each[3]) >= LEAST_WALK] or tried
    out: list[Laid] = []
    told: set[tuple[int, int]] = set()
    been: set[str] = set()
    while tried and len(out) < limit:
        # The next walk had better begin where the ones before did not come by.
        best = max(
            tried,
            key=lambda each: (each[0] * (BEEN_THERE if each[2].path in been else 1.0), each[2].rank),
        )
        tried.remove(best)
        _, entry, symbol, calls = best
        met = [symbol, *(each.callee for each in calls)]
        ids = {(each.blob_id, each.start_line) for each in met}
        if len(ids & told) > 1:
            continue
        told |= ids
        been |= {each.path for each in met}
        callers = {(each.caller.blob_id, each.caller.start_line) for each in calls}
        ends = [each for each in met if (each.blob_id, each.start_line) not in callers]
        out.append(
            _walk_step(
                ground,
                entry,
                symbol,
                calls,
                walker.leaves(ends),
                begun.get((symbol.blob_id, symbol.start_line)),
            )
        )
    return out


# ------------------------------------------------------------------------------------ private


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
        known = self._found.get(key)
        if known is None or known[2] < weight:
            self._found[key] = (entry or (known[0] if known else None), symbol, weight)


def _beginnings(
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


def _walk_step(
    ground: Ground,
    entry: Entry | None,
    symbol: FoundSymbol,
    calls: Sequence[Passed],
    left: Left | None,
    shown: Documented | None,
) -> Laid:
    named = entry.name if entry is not None and entry.door is not Door.OFFERED else symbol.qualified
    laid = Laid(ground, StepKind.FLOW, f"flow:{symbol.qualified}", f"Followed end to end: `{named}`")
    says, proof = telling_words(laid.inquiry, symbol)
    begins = shown_place(symbol.path, symbol.name_line)
    if entry is not None and entry.door is not Door.OFFERED and entry.path:
        text = f"`{named}` {_DOES[entry.door]} `{symbol.qualified}`, {begins}"
    else:
        text = f"It begins in `{symbol.qualified}`, {begins}"
    cited = [laid.inquiry.signature(symbol), proof]
    if shown is not None:
        text += f", which users call, as {shown_place(shown.path, shown.line)} shows (`{shown.written}`)"
        cited.append(ground.sources.span(shown.path, shown.line, shown.line))
    elif entry is None:
        reached = Uses(ground).reaching(symbol)
        if reached is not None:
            does = "uses" if reached.kind is ReferenceKind.USE else "calls"
            by = f"`{reached.inside}` {does}" if reached.inside else "is called"
            text += f", which {by} at {shown_place(reached.path, reached.line)}"
            cited.append(ground.sources.span(reached.path, reached.line, reached.line))
    laid.page.tell(
        Section.WHAT,
        f"{text}: “{says}”" if says else f"{text}.",
        cited,
        step=Step(symbol.qualified, symbol.path, symbol.name_line, says),
    )
    for call in calls:
        _say_call(laid, call)
    runs = registered(ground.sources, [symbol, *(each.callee for each in calls if each.sure)])
    if runs is not None:
        laid.page.tell(
            Section.WHAT,
            f"What was registered runs in `{runs.holder.qualified}`, at"
            f" {shown_place(runs.holder.path, runs.line)}: `{runs.text}`.",
            [ground.sources.span(runs.holder.path, runs.line, runs.line)],
        )
    if left is not None:
        laid.page.tell(
            Section.WHAT,
            f"`{left.caller.qualified}` calls `{left.written}` at {shown_place(left.caller.path, left.line)}:"
            f" nothing here defines `{left.written.rpartition('.')[2]}`, so there the way leaves this code.",
            [ground.sources.span(left.caller.path, left.line, left.line)],
        )
    unsure = sum(1 for each in calls if not each.sure)
    if unsure:
        laid.page.tell(
            Section.MISSING,
            f"{'One call' if unsure == 1 else f'{unsure} calls'} of these had to be guessed by name: what"
            f" an object is"
            " at run time does not stand in the code.",
            [],
        )
    laid.read_symbol(symbol)
    for each in _hubs(calls):
        laid.read_symbol(each)
    files = list(dict.fromkeys([symbol.path, *(each.callee.path for each in calls)]))
    laid.matters(
        f"This one way crosses {counting.files(len(files))}: {listed(files[:5])}.",
        f"calls from {symbol.qualified} on",
        [shown_place(each.caller.path, each.line) for each in calls],
    )
    _ask_walk(laid, symbol, calls)
    met = [symbol, *(each.callee for each in calls)]
    laid.introduces += [f"{each.path}#{each.qualified}" for each in met]
    laid.uses += [f"{each.path}#{each.parent}" for each in met if each.parent]
    laid.uses += [f"{each.callee.path}#{each.callee.qualified}" for each in calls if each.via]
    return laid


def _hubs(calls: Sequence[Passed]) -> list[FoundSymbol]:
    """Return the definitions to read on a way: those that most of it goes out from, then what tells most."""
    out = Counter((each.caller.blob_id, each.caller.start_line) for each in calls)
    met = sorted(
        calls, key=lambda each: (-out[each.callee.blob_id, each.callee.start_line], -each.worth, each.line)
    )
    return [each.callee for each in met[:READ]]


def _say_call(laid: Laid, call: Passed) -> None:
    callee = call.callee
    says, proof = telling_words(laid.inquiry, callee)
    place = shown_place(callee.path, callee.name_line)
    by = f"`{call.caller.name}`"
    lines = _lines_of(laid.ground, call.caller)
    # What stands in a function within its caller runs when that one is called.
    inner = within(lines, call.caller, call.line)
    if inner is not None:
        by = f"`{inner}`, a function within {by}," if inner else f"a function within {by}"
    only = condition(lines, call.caller, call.line)
    cited = [laid.ground.sources.span(call.caller.path, call.line, call.line)]
    if only is not None:
        by = f"if `{only[1]}`, {by}"
        cited.append(laid.ground.sources.span(call.caller.path, only[0], only[0]))
    if call.via:
        kind = f"{kind_word(callee.kind)} `{callee.qualified}`"
        text = f"{by} calls `{call.via}` of {kind}, {place}, which inherits it"
    elif call.declared is not None:
        likely = "" if call.sure else "most likely "
        one = (
            "the only one here that does it is"
            if call.doing == 1
            else f"one of {call.doing} here that do it is"
        )
        text = (
            f"{by} calls {likely}`{call.declared.qualified}`, which only declares it; {one}"
            f" `{callee.qualified}`, {place}"
        )
    elif call.sure:
        text = f"{by} calls `{callee.qualified}`, {place}"
    else:
        text = f"{by} calls `{callee.name}`, most likely `{callee.qualified}`, {place}"
    laid.page.tell(
        Section.WHAT,
        f"{text[:1].upper()}{text[1:]}: “{says}”" if says else f"{text[:1].upper()}{text[1:]}.",
        [*cited, laid.inquiry.signature(callee), proof],
        step=Step(
            callee.qualified,
            callee.path,
            callee.name_line,
            says,
            call.caller.qualified,
            call.line,
            call.sure and not call.via,
        ),
    )


def _ask_walk(laid: Laid, symbol: FoundSymbol, calls: Sequence[Passed]) -> None:
    sure = [
        each
        for each in calls
        if each.sure
        and not each.via
        and each.declared is None
        and within(_lines_of(laid.ground, each.caller), each.caller, each.line) is None
    ]
    if not sure:
        return
    call = max(sure, key=lambda each: (each.callee.path != each.caller.path, each.worth))
    cited = [laid.ground.sources.span(call.caller.path, call.line, call.line)]
    others = {
        each.qualified: each
        for each in (*(one.caller for one in calls), *(one.callee for one in calls), symbol)
    }
    laid.ask(
        f"Who calls `{call.callee.qualified}` on this way?",
        f"`{call.caller.qualified}`, at {shown_place(call.caller.path, call.line)}.",
        cited,
        call.caller.qualified,
        [
            name
            for name, each in others.items()
            if name not in (call.caller.qualified, call.callee.qualified)
            and not _writes(laid.ground, each, call.callee.name)
        ],
    )


def _lines_of(ground: Ground, symbol: FoundSymbol) -> Sequence[str]:
    source = ground.sources.file(symbol.path)
    return () if source is None else source.lines


def _writes(ground: Ground, symbol: FoundSymbol, name: str) -> bool:
    """Whether a definition writes a name that is called, so that it may call it too."""
    source = ground.sources.file(symbol.path)
    lines = source.lines[symbol.start_line - 1 : symbol.end_line] if source is not None else ()
    return any(re.search(rf"\b{re.escape(name)}\b", line) for line in lines)
