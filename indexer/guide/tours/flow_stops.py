"""The stops that follow one real request or job end to end across files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from indexer.answer.inquiry import kind_word, listed, shown_place
from indexer.answer.on_the_way import Registered, condition, registered, runs_once, within
from indexer.answer.way import own_words
from indexer.guide.tours import counting
from indexer.guide.tours.beginnings import beginnings
from indexer.guide.tours.depended import Depended
from indexer.guide.tours.documented import Documented
from indexer.guide.tours.entries import Door, Entry
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.saying import telling_words
from indexer.guide.tours.uses import Uses
from indexer.guide.tours.walk import Left, Passed, Walker
from indexer.index.symbols import FoundSymbol
from indexer.shapes.onboarding import StepKind
from indexer.types import ReferenceKind, Section, Step

_DOES: Final = {
    Door.REQUEST: "is answered by",
    Door.COMMAND: "runs",
    Door.JOB: "runs",
    Door.PROGRAM: "begins in",
}
_MAKES: Final = re.compile(r"^(?:[Nn]ew|[Mm]ake|[Cc]reate|[Dd]efault|[Ww]ith)(?:[A-Z_]|$)")
NO_WORK: Final = 0.4
"""What a walk counts that begins where something is only made: nothing has come in yet."""
HANDS_ON: Final = 0.8
"""What a walk counts that begins in what only hands on to another beginning of its name."""
BEGUN: Final = 0.6
MUCH: Final = 12.0
"""What a walk counts more that begins where documents do, and how much they must use it for all of that."""
TRIED: Final = 60
"""Ways in from which a walk is tried."""
BEEN_THERE: Final = 0.65
"""What a walk counts that begins in a file which an earlier one came by."""

READ: Final = 2
"""Definitions on a way that are read beside the one that it begins in."""
LEAST_WORDS: Final = 4
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
    walker = Walker(ground.inquiry(), ground.control, ground.minor, Uses(ground).called_by)
    central = {each.symbol.path for each in core}
    tried: list[tuple[float, Entry | None, FoundSymbol, list[Passed]]] = []
    begun = {(each.symbol.blob_id, each.symbol.start_line): each for each in shown}
    for entry, symbol, weight in beginnings(ground, ways, offers)[:TRIED]:
        ground.control.checkpoint()
        worth, calls = walker.walk(symbol)
        if len(calls) >= SHORT_WALK and len({each.callee.path for each in calls} | {symbol.path}) > 1:
            files = {each.callee.path for each in calls} | {symbol.path}
            sure = sum(1 for each in calls if each.sure) / len(calls)
            worth += 1.2 * len(files & central)
            documents = begun.get((symbol.blob_id, symbol.start_line))
            users = 1.0 + BEGUN * min(documents.weight / MUCH, 1.0) if documents is not None else 1.0
            users = NO_WORK if _MAKES.match(symbol.name) or _only_makes(ground, symbol, calls) else users
            tried.append((worth * weight * users * (0.5 + 0.5 * sure), entry, symbol, calls))
    begins = {each[2].qualified for each in tried}
    tried = [
        (each[0] * (HANDS_ON if _hands_on(each[2], each[3], begins) else 1.0), *each[1:]) for each in tried
    ]
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
            f"What was registered runs in {_where(ground, runs)}, at"
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


def _where(ground: Ground, runs: Registered) -> str:
    inner = within(_lines_of(ground, runs.holder), runs.holder, runs.line)
    held = f"`{runs.holder.qualified}`"
    if inner is None:
        return held
    return f"`{inner}`, a function within {held}" if inner else f"a function within {held}"


def _hands_on(symbol: FoundSymbol, calls: Sequence[Passed], begins: Collection[str]) -> bool:
    """Whether a definition goes on to one of its own name that a walk may begin in as well."""
    own = [each.callee for each in calls if each.caller == symbol and each.callee.name == symbol.name]
    return any(each.qualified in begins for each in own)


def _only_makes(ground: Ground, symbol: FoundSymbol, calls: Sequence[Passed]) -> bool:
    """Whether what a definition calls is mostly called by a function that it makes, as of a decorator."""
    lines = _lines_of(ground, symbol)
    own = [each for each in calls if each.caller == symbol]
    return 2 * sum(within(lines, symbol, each.line) is not None for each in own) > len(own)


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
    if not says:
        # On a way even what hardly says more than the name spares a look.
        first, stands = own_words(laid.inquiry, callee)
        says, proof = (first, stands) if len(first.split()) >= LEAST_WORDS else ("", None)
    place = shown_place(callee.path, callee.name_line)
    by = f"`{call.caller.name}`"
    lines = _lines_of(laid.ground, call.caller)
    # What stands in a function within its caller runs when that one is called.
    inner = within(lines, call.caller, call.line)
    if inner is not None:
        by = f"`{inner}`, a function within {by}," if inner else f"a function within {by}"
        by = f"once, {by}" if runs_once(lines, call.caller, call.line) else by
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
            only[1] if only is not None else "",
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
