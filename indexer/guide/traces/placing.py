"""Where in its file a frame stands now: a line only where something bears it out, else the definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.citations import SourceFile
from indexer.guide.traces.book import Place
from indexer.guide.traces.calling import call_lines, nothing_done, statement, without_words
from indexer.guide.traces.fitting import begins, telling
from indexer.guide.traces.lines import Spot, around, made_up, named, quoted
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.past import Past
from indexer.guide.traces.raising import Raised, raising_line
from indexer.index.symbols import FoundSymbol
from indexer.shapes.traces import Mapped, TraceForm

WITNESSES: Final = 2
"""Frames whose calls stand at their lines today which say that today's text is the one that ran."""

TOLD: Final = 4
"""Lines, or definitions, that are named where one of several was meant."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file of now as frames are laid on it."""

    place: Place
    source: SourceFile
    definitions: Sequence[FoundSymbol]
    words: Sequence[str]
    """Its lines without comments and strings."""


class Placer:
    """Places the frames of one text. ``find`` gives the file of now that a frame is of."""

    def __init__(self, past: Past, find: Callable[[RawFrame], tuple[Place, SourceFile] | None]) -> None:
        self._past = past
        self._find = find
        self._words: dict[tuple[str, TraceForm], list[str]] = {}
        self._shown: dict[str, dict[RawFrame, bool | None]] = {}

    def spot(
        self,
        frame: RawFrame,
        place: Place,
        source: SourceFile,
        definitions: Sequence[FoundSymbol],
        raised: Raised | None = None,
    ) -> Spot:
        """Return where a frame stands, with a note of what is not sure of it."""
        text = Text(place, source, definitions, self._without_words(source, frame.form))
        if raised is not None and not frame.callee and not frame.code:
            frame = replace(frame, callee=raised.not_there)
        shown = quoted(frame, source.lines, definitions)
        if shown is not None and not shown.guessed:
            return shown
        known = self._past.quoted(frame, place, source.lines, definitions)
        if shown is not None:
            return known if known is not None and known.line else shown
        alike = self._narrowed(named(definitions, frame), frame, place, source)
        found = self._borne_out(frame, text, alike, raised)
        if found is not None and found.line:
            return found
        found = known or found
        if found is not None and (len({each.qualified for each in alike}) < 2 or found.symbol in alike):
            return replace(found, note=self._history(found.note, place))
        if alike:
            return self._by_name(frame, alike, text)
        return self._without_name(frame, text, raised)

    # ---------------------------------------------------------------------------- lines

    def _borne_out(
        self, frame: RawFrame, text: Text, alike: Sequence[FoundSymbol], raised: Raised | None
    ) -> Spot | None:
        """Return the line of a frame where something bears it out, else what history knows of it."""
        lines = text.source.lines
        tagged = self._past.at_version(frame, text.place, lines, text.definitions)
        if tagged is not None and self._is_work(tagged.line, text, frame):
            return tagged
        called = self._called(frame, text, alike)
        if called is not None:
            return called
        if frame.code:
            return tagged
        agreed = self._past.agreed(frame, text.place, lines, text.definitions)
        if agreed is not None and self._is_work(agreed.line, text, frame):
            return agreed
        if tagged is None and self._is_of_now(frame, text, alike):
            symbol = _innermost(alike, frame.line) or around(text.definitions, frame.line)
            return Spot(Mapped.LINE, frame.line, symbol)
        if raised is not None and (alike or not frame.name.strip("<>")):
            raising = self._raising(raised, frame, text, alike)
            if raising is not None:
                return raising
        found = tagged or agreed
        return None if found is None else replace(found, mapped=Mapped.NAMED, line=0)

    def _is_work(self, line: int, text: Text, frame: RawFrame) -> bool:
        """Return whether something is done on a line: none that is blank or a comment can fail."""
        return 0 < line <= len(text.words) and not nothing_done(text.words[line - 1], frame.form)

    def _called(self, frame: RawFrame, text: Text, alike: Sequence[FoundSymbol]) -> Spot | None:
        """Return the line that calls what the deeper frame is in: at its own number, or the only one."""
        hits = self._calls(frame, text, alike)
        if not hits:
            return None
        first, last = statement(text.words, frame.line) if frame.line <= len(text.words) else (0, 0)
        at = [line for line in hits if first <= line <= last]
        if at and (not alike or _innermost(alike, frame.line) is not None):
            symbol = _innermost(alike, frame.line) or around(text.definitions, frame.line)
            if self._is_work(frame.line, text, frame):
                return Spot(Mapped.LINE, frame.line, symbol)
        if len(hits) > 1:
            return None
        (line,) = hits
        symbol = _innermost(alike, line) or around(text.definitions, line)
        note = f"Line {frame.line} of the trace has moved; this is the line that calls `{frame.callee}`."
        return Spot(Mapped.MOVED if line != frame.line else Mapped.LINE, line, symbol, note)

    def _calls(self, frame: RawFrame, text: Text, alike: Sequence[FoundSymbol]) -> list[int]:
        """Return the lines of the definitions, else of the file, that call what the deeper frame is in."""
        if not frame.callee or (not alike and (frame.name.strip("<>") or not made_up(frame.callee))):
            return []
        heads = {each.name_line for each in text.definitions if each.name == frame.callee}
        spans = [(each.start_line, each.end_line, each.name_line) for each in alike] or [
            (1, len(text.words), 0)
        ]
        found = {
            at
            for first, last, head in spans
            for at in call_lines(frame.callee, text.words, first, last, frame.form, head)
        }
        return sorted(found - heads)

    def _raising(
        self, raised: Raised, frame: RawFrame, text: Text, alike: Sequence[FoundSymbol]
    ) -> Spot | None:
        spans = [(each.start_line, each.end_line) for each in alike] or [(1, len(text.words))]
        found = {
            line
            for first, last in spans
            if (line := raising_line(raised, text.source.lines, text.words, first, last, named=bool(alike)))
        }
        if len(found) != 1:
            return None
        line = found.pop()
        symbol = _innermost(alike, line) or around(text.definitions, line)
        if line == frame.line:
            return Spot(Mapped.LINE, line, symbol)
        note = f"Line {frame.line} of the trace has moved; this is the line that raises this error."
        return Spot(Mapped.MOVED, line, symbol, note)

    # ---------------------------------------------------------------------------- today's text

    def _is_of_now(self, frame: RawFrame, text: Text, alike: Sequence[FoundSymbol]) -> bool:
        """Return whether the other frames show that a trace was made by the text of now."""
        if not self._is_work(frame.line, text, frame):
            return False
        own = _innermost(alike, frame.line)
        if frame.name.strip("<>") and own is None:
            return False
        shown = self._shows(frame.path, text)
        if False in shown.values():
            return False
        # What stands at its line still below a line, or in one definition with it, holds that line in place.
        holding = [
            each.line
            for each, borne_out in shown.items()
            if borne_out
            and (each.line >= frame.line or (own is not None and own.start_line <= each.line <= own.end_line))
        ]
        if holding:
            return True
        everywhere = [shown]
        for path, frames in self._past.frames.items():
            found = self._find(frames[0]) if path != frame.path else None
            if found is not None:
                place, source = found
                words = self._without_words(source, frames[0].form)
                everywhere.append(self._shows(path, Text(place, source, self._past.defined(place), words)))
        told = [borne_out for each in everywhere for borne_out in each.values()]
        return False not in told and told.count(True) >= WITNESSES

    def _shows(self, path: str, text: Text) -> dict[RawFrame, bool | None]:
        """Return for the frames of a file whether today's text bears each out; None: it tells nothing."""
        known = self._shown.get(path)
        if known is None:
            frames = self._past.frames.get(path, [])
            known = self._shown[path] = {each: self._fits(each, text) for each in frames}
        return known

    def _fits(self, frame: RawFrame, text: Text) -> bool | None:
        lines = text.source.lines
        if not self._is_work(frame.line, text, frame):
            return False
        if frame.code:
            return "".join(lines[frame.line - 1].split()) == "".join(frame.code.split())
        alike = named(text.definitions, frame)
        if telling(frame) and _innermost(alike, frame.line) is None:
            return False
        begun = begins(lines[frame.line - 1], frame)
        if frame.column and begun != 1:
            return begun == 2
        hits = self._calls(frame, text, alike)
        first, last = statement(text.words, frame.line)
        return any(first <= line <= last for line in hits) if hits else None

    # ---------------------------------------------------------------------------- definitions

    def _narrowed(
        self, alike: list[FoundSymbol], frame: RawFrame, place: Place, source: SourceFile
    ) -> list[FoundSymbol]:
        """Return of several definitions of a name those of the type that an older version shows."""
        if len({each.qualified for each in alike}) < 2:
            several = len(alike) > 1 and frame.line > 0
            return self._past.overloads(frame, place, source.lines, alike) or alike if several else alike
        types = self._past.types_of(frame, place, source.lines)
        kept = [each for each in alike if each.parent.rpartition(".")[2] in types]
        if not kept:
            # A function within a function is told apart by that.
            words = self._past.around(frame, place, source.lines)
            kept = [each for each in alike if each.parent.rpartition(".")[2] in words]
        return kept or alike

    def _by_name(self, frame: RawFrame, alike: Sequence[FoundSymbol], text: Text) -> Spot:
        names = list(dict.fromkeys(each.qualified for each in alike))
        if len(names) > 1:
            shown = ", ".join(f"`{name}`" for name in names[:TOLD]) + (" …" if len(names) > TOLD else "")
            note = (
                f"`{frame.name}` is defined {len(names)} times here ({shown}); which is meant is not known."
            )
            return Spot(Mapped.FILE, 0, None, self._history(note, text.place))
        hits = self._calls(frame, text, alike)
        calling = {_innermost(alike, line) for line in hits}
        if len(alike) > 1 and len(calling) == 1:
            # Of several that are told apart by what they are given, the one that makes the call is meant.
            alike = [each for each in calling if each is not None] or alike
        # In Python what is defined last under a name is what runs; what stands before it declares its types.
        first = alike[-1] if frame.form is TraceForm.PYTHON and not frame.owner else alike[0]
        symbol = first if frame.form is TraceForm.PYTHON else _innermost(alike, frame.line) or first
        if not frame.line:
            note = "The trace gives no line; found by name."
        elif frame.code:
            note = "The line that the trace shows is not there any more; the definition is found by its name."
        elif len(hits) > 1:
            lines = ", ".join(map(str, hits[:TOLD])) + (" …" if len(hits) > TOLD else "")
            note = (
                f"Line {frame.line} may be another one in this version: `{frame.callee}` is called on "
                f"lines {lines}."
            )
        else:
            note = f"Line {frame.line} may be another one in this version: nothing bears out which it is."
        if len(alike) > 1:
            note += f" {len(alike)} definitions here are called `{frame.name}`."
        return Spot(Mapped.NAMED, 0, symbol, self._history(note, text.place), guessed=len(alike) > 1)

    def _without_name(self, frame: RawFrame, text: Text, raised: Raised | None) -> Spot:
        if not frame.name.strip("<>") or frame.name.startswith("<"):
            if frame.code:
                note = "The line that the trace shows is not in this file any more."
                return Spot(Mapped.FILE, 0, None, self._history(note, text.place))
            lines = text.source.lines
            symbol = self._past.stood_in(frame, text.place, lines, text.definitions)
            if symbol is not None:
                note = f"Line {frame.line} stood in this definition in the versions that the trace fits."
                return Spot(Mapped.NAMED, 0, symbol, note)
            symbol = self._past.always(frame, text.place, lines, text.definitions, raised)
            if symbol is not None:
                told = raised is not None or frame.column
                which = "that the trace fits best" if told else "that was looked into"
                note = f"Line {frame.line} was in this definition in every version {which}."
                return Spot(Mapped.NAMED, 0, symbol, note)
            note = f"Where line {frame.line} of the trace stands now is not known."
            if not frame.line:
                note = "The trace gives no line."
            return Spot(Mapped.FILE, 0, None, self._history(note, text.place))
        local = _local(frame.name, text.source)
        if local:
            symbol = around(text.definitions, local)
            note = (
                f"`{frame.name}` is a function within it; where in it the call stood is not known any more."
            )
            return Spot(Mapped.NAMED, local, symbol, note)
        note = f"`{frame.name}` is not in this file any more."
        if self._past.by_lines(text.place) and any(frame.name in line for line in text.source.lines):
            note = f"Where in this file `{frame.name}` is defined is not known: it was read line by line."
        return Spot(Mapped.FILE, 0, None, self._history(note, text.place))

    def _history(self, note: str, place: Place) -> str:
        if self._past.unread(place):
            note = f"{note} Its history was not looked through to the end: that took too long."
        return note.strip()

    def _without_words(self, source: SourceFile, form: TraceForm) -> list[str]:
        key = (source.path, form)
        known = self._words.get(key)
        if known is None:
            known = self._words[key] = without_words(source.lines, form)
        return known


def _innermost(alike: Sequence[FoundSymbol], line: int) -> FoundSymbol | None:
    inside = [each for each in alike if each.start_line <= line <= each.end_line]
    return min(inside, key=lambda each: each.end_line - each.start_line, default=None)


def _local(name: str, source: SourceFile) -> int:
    """Return the line of a function that has this name but is no definition of its own; 0 for none."""
    head = re.compile(rf"\b(?:function\*?|def|fn|func|fun|sub)\s+{re.escape(name)}\b")
    hits = [number for number, line in enumerate(source.lines, start=1) if head.search(line)]
    return hits[0] if len(hits) == 1 else 0
