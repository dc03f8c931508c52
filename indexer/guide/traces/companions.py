"""Where a frame of a file that is gone may be: with what else the trace names of that file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from indexer.guide.traces.book import Place
from indexer.guide.traces.lines import TYPES, named
from indexer.guide.traces.matched import Matched
from indexer.index.symbols import FoundSymbol
from indexer.shapes.traces import Mapped, TraceForm

Definitions = Callable[[Place], Sequence[FoundSymbol]]


def followed(frames: Sequence[Matched], definitions: Definitions) -> list[Matched]:
    """Return the frames, those of a file that is gone laid on the type that others of it are in now: where
    that is one, and defines what they name.
    """
    return [_beside(each, frames, definitions) if _is_lost(each) else each for each in frames]


def at_callers(frames: Sequence[Matched]) -> list[Matched]:
    """Return the frames, those of the language's own functions laid on what called them: Ruby gives ``getc``
    the place of the line that calls it.
    """
    out = list(frames)
    for at in reversed(range(len(frames) - 1)):
        one, caller = out[at], out[at + 1]
        same = one.place is caller.place is not None and one.frame.line == caller.frame.line
        own = one.symbol is not None and one.frame.form is not TraceForm.RUBY
        if same and one.frame.line and not own and caller.symbol not in (None, one.symbol):
            note = f"`{one.frame.name}` is called there, and defined elsewhere."
            out[at] = replace(caller, frame=one.frame, note=note)
    return out


def _is_lost(matched: Matched) -> bool:
    return matched.gone is not None and matched.place is None and matched.frame.name.isidentifier()


def _beside(lost: Matched, frames: Sequence[Matched], definitions: Definitions) -> Matched:
    others = [each for each in frames if each.frame.path == lost.frame.path and each.symbol is not None]
    types = {(each.place, each.symbol.parent) for each in others if each.place and each.symbol}
    place, parent = types.pop() if len(types) == 1 else (None, "")
    if place is None or lost.gone is None or not parent:
        return lost
    defined = definitions(place)
    bare = replace(lost.frame, owner="")
    alike = [each for each in named(defined, bare) if each.parent == parent and each.kind not in TYPES]
    if len(alike) != 1:
        return lost
    note = f"{lost.gone.path} is gone; what else the trace names of it is in `{parent}` in {place.path} now."
    return Matched(lost.frame, Mapped.NAMED, place, 0, alike[0], note)
