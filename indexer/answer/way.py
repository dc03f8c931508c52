"""Tells a way along calls: where it begins, each call with its condition, and where it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer.calling import Call
from indexer.answer.citations import letters
from indexer.answer.ends import comment_above, leaving, raised_at_end, steps_said
from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry, listed, shown_place
from indexer.answer.on_the_way import condition
from indexer.answer.readable import is_readable
from indexer.index.symbols import FoundSymbol
from indexer.types import Citation, Section, Step, SymbolKind

_RAISING: Final = 2
"""Calls told of a body from which it is told too what ends it."""
_FEW: Final = 3
"""Calls up to which what a body says of its own steps is told."""
_STEPS: Final = 3
"""Comments of a body from which they tell its steps."""
_MUCH: Final = 15
"""Lines of a definition at the end of a way from which what it says of its steps is told."""
_MOST: Final = 8
"""Comments of a body that are told."""
_TRIED: Final = 4
"""Definitions of a way that are looked at for the library that it leaves for."""


def leads_on(inquiry: Inquiry, entry: FoundSymbol) -> bool:
    """Return whether a definition that calls nothing of this repository still has steps to be told."""
    return leaving(inquiry, entry, 0) is not None or len(_steps(inquiry, entry)) >= _STEPS


def say_way(inquiry: Inquiry, entry: FoundSymbol, calls: Sequence[Call]) -> bool:
    """Tell where a way begins, its calls in their order, what ends a body and which library it leaves for.
    Return whether more than the calls was told of it.
    """
    _say_entry(inquiry, entry)
    for call in calls:
        _say_call(inquiry, call)
    before = inquiry.page.room(Section.WHAT)
    _say_steps(inquiry, entry, calls)
    _say_raised(inquiry, calls)
    _say_leaving(inquiry, entry, calls)
    return inquiry.page.room(Section.WHAT) < before


def _told(inquiry: Inquiry, symbol: FoundSymbol, most: int) -> list[Found]:
    """Return the first sentences of a definition's documentation that say more than its name."""
    return [
        each
        for each in inquiry.documentation(symbol)
        if is_readable(each.sentence.text) and letters(each.sentence.text) not in letters(symbol.name)
    ][:most]


def _say_entry(inquiry: Inquiry, entry: FoundSymbol) -> None:
    says, proof = own_words(inquiry, entry)
    inquiry.page.tell(
        Section.WHAT,
        f"It begins in `{entry.qualified}`, {shown_place(entry.path, entry.name_line)}{_told_after(says)}",
        [inquiry.signature(entry), proof],
        step=Step(entry.qualified, entry.path, entry.name_line, says),
    )


def _say_call(inquiry: Inquiry, call: Call) -> None:
    callee = call.callee
    says, proof = own_words(inquiry, callee)
    place = shown_place(callee.path, callee.name_line)
    source = inquiry.page.sources.file(call.caller.path)
    lines = source.lines if source is not None else ()
    spans = inquiry.page.sources.span
    cited = [spans(call.caller.path, call.line, call.line)]
    if call.back is not None:
        told = (
            f"`{call.caller.name}` hands a `{call.back.kind.qualified}` to `{call.back.to.qualified}`,"
            f" which calls back `{callee.qualified}`, {place}"
        )
        cited.append(spans(call.back.by.path, call.back.line, call.back.line))
    else:
        verb = "performs" if callee.kind in (SymbolKind.PARAGRAPH, SymbolKind.SECTION) else "calls"
        verb = verb if call.sure else f"{verb} `{callee.name}`, most likely"
        told = f"`{call.caller.name}` {verb} `{callee.qualified}`, {place}"
    if call.given:
        each_with = (f"with {listed([f'`{one}`' for one in each.told])}" for each in call.given)
        told += f", {', then '.join(each_with)}"
        cited += [spans(call.caller.path, each.line, each.line) for each in call.given[1:]]
    only = condition(lines, call.caller, call.line, innermost=True)
    if only is not None:
        told = f"If `{only[1]}`, {told}"
        cited.append(spans(call.caller.path, only[0], only[0]))
    above = comment_above(lines, call.caller, call.line) if not says else None
    if above is not None:
        told += f", under the comment “{above[1]}”."
        cited.append(spans(call.caller.path, above[0], above[0]))
    else:
        told += _told_after(says)
    inquiry.page.tell(
        Section.WHAT,
        told,
        [*cited, inquiry.signature(callee), proof],
        step=Step(
            callee.qualified,
            callee.path,
            callee.name_line,
            says,
            call.caller.qualified,
            call.line,
            call.sure,
            only[1] if only is not None else "",
        ),
    )


def _say_steps(inquiry: Inquiry, entry: FoundSymbol, calls: Sequence[Call]) -> None:
    """Tell what a body says of its own steps where the calls do not: of the call that tells most where there
    are few, else of the long one that the way ends in.
    """
    few = len(calls) <= _FEW
    for symbol in _ends(entry, calls) if few else _deepest(entry, calls):
        steps = _steps(inquiry, symbol)
        if len(steps) >= (_STEPS if few else _STEPS - 1):
            said = "; ".join(f"“{text}” (line {at})" for at, text in steps)
            cited = [inquiry.page.sources.span(symbol.path, at, at) for at, _ in steps]
            inquiry.page.tell(Section.WHAT, f"Its steps, as `{symbol.qualified}` notes them: {said}.", cited)
            return


def _deepest(entry: FoundSymbol, calls: Sequence[Call]) -> list[FoundSymbol]:
    """Return the long definition that is the furthest away of those of which no call is told; none of several
    that nobody goes on from where the way begins.
    """
    depths = {(entry.blob_id, entry.start_line): 0}
    for each in calls:
        above = depths.get((each.caller.blob_id, each.caller.start_line), 0)
        depths.setdefault((each.callee.blob_id, each.callee.start_line), above + 1)
    callers = {(each.caller.blob_id, each.caller.start_line) for each in calls}
    found = [
        each.callee
        for each in calls
        if (each.callee.blob_id, each.callee.start_line) not in callers
        and each.callee.end_line - each.callee.name_line >= _MUCH
    ]
    return sorted(found, key=lambda each: -depths[each.blob_id, each.start_line])[:1]


def _steps(inquiry: Inquiry, symbol: FoundSymbol) -> list[tuple[int, str]]:
    return list(steps_said(inquiry, symbol))[:_MOST]


def _ends(entry: FoundSymbol, calls: Sequence[Call]) -> list[FoundSymbol]:
    """Return the definitions of a way that tell most, and where it begins."""
    telling = sorted(calls, key=lambda each: -each.value)[:_TRIED]
    return [*(each.callee for each in telling if each.callee.kind is not SymbolKind.CLASS), entry]


def _say_raised(inquiry: Inquiry, calls: Sequence[Call]) -> None:
    """Tell what the body that most of a way goes out from raises at its end, and when."""
    made = Counter((each.caller.blob_id, each.caller.start_line) for each in calls)
    most = max(calls, key=lambda each: made[each.caller.blob_id, each.caller.start_line], default=None)
    if most is None:
        return
    own = [each for each in calls if each.caller == most.caller]
    last = max((one.line for each in own for one in each.given), default=0)
    raised = raised_at_end(inquiry, most.caller, max(last, *(each.line for each in own)))
    if len(own) < _RAISING or raised is None:
        return
    path, spans = most.caller.path, inquiry.page.sources.span
    source = inquiry.page.sources.file(path)
    only = condition(source.lines, most.caller, raised.line) if source is not None else None
    cited = [spans(path, raised.line, raised.line)]
    cited += [spans(path, raised.made, raised.made)] if raised.made != raised.line else []
    cited += [spans(path, only[0], only[0])] if only is not None else []
    when = f"If `{only[1]}`, " if only is not None else ""
    told = f"{when}`{most.caller.name}` ends by raising `{raised.what}`."
    inquiry.page.tell(Section.WHAT, told, cited)


def _say_leaving(inquiry: Inquiry, entry: FoundSymbol, calls: Sequence[Call]) -> None:
    """Tell for which library a way leaves this code, where one of its definitions ends with that."""
    for symbol in _ends(entry, calls):
        after = max((each.line for each in calls if each.caller == symbol), default=0)
        left = leaving(inquiry, symbol, after)
        if left is None:
            continue
        spans = inquiry.page.sources.span
        cited = [spans(symbol.path, left.line, left.line), spans(symbol.path, left.taken, left.taken)]
        made = ""
        if left.maker:
            cited.insert(1, spans(symbol.path, left.made, left.made))
            made = f" on what `{left.maker}` made at {shown_place(symbol.path, left.made)}"
        inquiry.page.tell(
            Section.WHAT,
            f"There the way leaves this code for `{left.library}`: `{symbol.qualified}` ends by calling"
            f" `{left.written}`{made}.",
            cited,
        )
        return


def own_words(inquiry: Inquiry, symbol: FoundSymbol) -> tuple[str, Citation | None]:
    """Return what a definition says of itself, and its proof; nothing where it cannot be proven."""
    return next(all_words(inquiry, symbol, 1), ("", None))


def all_words(inquiry: Inquiry, symbol: FoundSymbol, most: int) -> Iterator[tuple[str, Citation]]:
    """Yield the first sentences that a definition says of itself, in their order, each with its proof."""
    for found in _told(inquiry, symbol, most):
        proof = inquiry.page.cite(found)
        if proof is not None and not _names_a_person(inquiry, proof):
            yield found.sentence.text, proof


def _names_a_person(inquiry: Inquiry, proof: Citation) -> bool:
    """Whether a sentence stands behind ``@author``: the name would be read as a part of it."""
    source = inquiry.page.sources.file(proof.path or "")
    return source is not None and any(
        "@author" in line for line in source.lines[proof.start_line - 1 : proof.end_line]
    )


def _told_after(says: str) -> str:
    return f": “{says}”" if says else "."
