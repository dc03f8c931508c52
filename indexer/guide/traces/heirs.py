"""Which definition of now has the lines that a frame stood among, where its function is no more.

Code that is written anew under another name, in another class, seldom keeps most of its lines; the very line
of a frame, or a good part of those around it, still tells where it went.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.citations import Sources
from indexer.guide.traces.bodies import BEHIND, LEAST, spans
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.carrying import TELLING
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.past import Past, Stood
from indexer.guide.traces.versions import counted, same_family
from indexer.index.mentions import files_with
from indexer.index.symbols import FoundSymbol
from indexer.repo.words import stems
from indexer.types import FileMark, SymbolKind

ENOUGH: Final = 0.45
"""Worth from which a definition is taken for the heir: the share of the lines that it has, and what is added
for names, for its own name and for the very line. Of 80 frames of four sets of traces whose function was
not found by its name or its lines, 24 are led to the right definition so and 2 to a wrong one; of the 11
whose code is gone for good none is led anywhere. The same over .35 to .55.
"""
OF_NAMES: Final = 0.7
OF_ITS_NAME: Final = 0.3
OF_THE_LINE: Final = 0.3

NAMES: Final = 0.25
"""Share of the weight of the names that it must have, whatever else speaks for it."""

ONE_OF: Final = 0.2
"""Share of the lines that a single one must be."""

_TWO: Final = 2
_ASKED: Final = 10
"""Names of the lines by which files are chosen, the nearest to the frame's own first."""
_LONG: Final = 5
"""Letters of such a name."""
_COMMON: Final = 120
"""Files that hold a name from which it tells none from another."""
_FILES: Final = 8
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]{2,}")
_CALLED: Final = frozenset((SymbolKind.FUNCTION, SymbolKind.METHOD))


@dataclass(frozen=True, slots=True)
class _Offered:
    """A definition of now, with how many of the lines it has, and which of the names in them."""

    place: Place
    symbol: FoundSymbol
    held: int
    has_line: bool
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What is offered, with what speaks for it: by ``worth`` alone they are told apart."""

    offered: _Offered
    told: float
    """The share of the weight of all names that stand in anything offered; the rarer the more."""
    worth: float


class Heirs:
    """Looks through the files of now that write what the lines of a frame did."""

    def __init__(self, reader: sqlite3.Connection, book: Book, sources: Sources, past: Past) -> None:
        self._reader = reader
        self._book = book
        self._sources = sources
        self._past = past

    def of(self, frame: RawFrame, place: Place) -> tuple[Place, FoundSymbol, str] | None:
        """Return the definition of now that has the lines of a frame, and what is told of it; None where none
        has enough of them, or several do.
        """
        stood = self._past.stood_among(place, frame)
        wanted = counted(stood.lines) if stood is not None else Counter[str]()
        if stood is None or wanted.total() < LEAST:
            return None
        names = frozenset(_NAME.findall("\n".join(stood.lines)))
        offered = [
            each
            for target in self._files(stood, place)
            for each in self._offered(target, place, stood, wanted, names)
        ]
        ranked = _ranked(offered, wanted.total(), frame.name)
        if not ranked or not _is_enough(ranked[0], wanted.total()):
            return None
        rivals = [each for each in ranked[1:] if not _nested(each.offered, ranked[0].offered)]
        if rivals and rivals[0].worth > ranked[0].worth * BEHIND:
            return None
        best = ranked[0].offered
        line = "the line of the trace and " if best.has_line else ""
        gone = f"`{frame.name}` is" if frame.name.strip("<>") else "What the trace names is"
        note = (
            f"{gone} not in {place.path} any more; `{best.symbol.qualified}` in {best.place.path} has {line}"
            f"{best.held} of the {wanted.total()} lines that it stood among, and {len(best.names)} of the"
            f" {len(names)} names in them."
        )
        return best.place, best.symbol, note

    # ---------------------------------------------------------------------------- private

    def _files(self, stood: Stood, place: Place) -> list[Place]:
        """Return the files of now of the same sort that write most of the rarest names of the lines."""
        at = stood.at if stood.at >= 0 else len(stood.lines) // 2
        nearest = sorted(range(len(stood.lines)), key=lambda line: abs(line - at))
        names = dict.fromkeys(name for line in nearest for name in _NAME.findall(stood.lines[line]))
        weight: dict[int, float] = defaultdict(float)
        told = 0
        for name in (each for each in names if len(each) >= _LONG):
            ids = files_with(self._reader, name)
            if not 0 < len(ids) <= _COMMON:
                continue
            for path_id in ids:
                weight[path_id] += 1 / len(ids)
            told += 1
            if told >= _ASKED:
                break
        by_id = {each.path_id: each for each in self._book.paths.values()}
        order = sorted(weight, key=lambda path_id: -weight[path_id])
        found = [by_id[path_id] for path_id in order if path_id in by_id]
        tests = place.marks & FileMark.TEST
        alike = [
            each
            for each in found
            if same_family(each.path, place.path) and (tests or not each.marks & FileMark.TEST)
        ]
        return alike[:_FILES]

    def _offered(
        self, target: Place, place: Place, stood: Stood, wanted: Counter[str], names: frozenset[str]
    ) -> list[_Offered]:
        source = self._sources.file(target.path)
        if source is None:
            return []
        own = "".join(stood.lines[stood.at].split()) if 0 <= stood.at < len(stood.lines) else ""
        own = own if len(own) >= TELLING else ""
        # What stood in the same file before is no heir of what stood beside it.
        before = stood.text if target.parts[-1:] == place.parts[-1:] else ()
        out = []
        for symbol in self._past.defined(target):
            lines = source.lines[symbol.start_line - 1 : symbol.end_line]
            if symbol.kind not in _CALLED or len(lines) < _TWO:
                continue
            held = counted(lines) & wanted
            for first, last in spans(before, symbol.name) if before else ():
                held -= counted(before[first - 1 : last])
            has_line = bool(own) and any("".join(line.split()) == own for line in lines)
            borne = names & frozenset(_NAME.findall("\n".join(lines)))
            out.append(_Offered(target, symbol, held.total(), has_line, borne))
        return out


def _ranked(offered: Sequence[_Offered], total: int, name: str) -> list[_Weighed]:
    """Return what is offered with its worth, the best first. A name of the lines that few of those offered
    have tells more than one that all have.
    """
    bearers = Counter(each for one in offered for each in one.names)
    whole = sum(1 / count for count in bearers.values()) or 1.0
    words = set(stems(name))
    out = []
    for each in offered:
        told = sum(1 / bearers[borne] for borne in each.names) / whole
        own = set(stems(each.symbol.name))
        alike = len(words & own) / len(words | own) if words | own else 0.0
        worth = each.held / total + OF_NAMES * told + OF_ITS_NAME * alike + OF_THE_LINE * each.has_line
        out.append(_Weighed(each, told, worth))
    return sorted(out, key=lambda each: -each.worth)


def _is_enough(best: _Weighed, total: int) -> bool:
    """Return whether what has most of the lines and names has enough of both."""
    some = best.offered.held >= _TWO or best.offered.held >= ONE_OF * total
    return some and best.worth >= ENOUGH and best.told >= NAMES


def _nested(one: _Offered, other: _Offered) -> bool:
    """Return whether one definition stands within the other."""
    a, b = one.symbol, other.symbol
    within = (a.start_line <= b.start_line and b.end_line <= a.end_line) or (
        b.start_line <= a.start_line and a.end_line <= b.end_line
    )
    return one.place is other.place and within
