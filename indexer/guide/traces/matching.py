"""Lays the frames of a trace on this repository: file, line and definition, or foreign."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.citations import SourceFile, Sources
from indexer.guide.traces.bodies import LEAST
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.by_name import (
    defining,
    implementing,
    of_crate,
    of_function,
    of_member,
    of_program,
)
from indexer.guide.traces.companions import at_callers, followed
from indexer.guide.traces.files import ROOTS, Candidate, candidates, common, remembered
from indexer.guide.traces.heirs import Heirs
from indexer.guide.traces.lines import TYPES, in_no_style, made_up, named
from indexer.guide.traces.matched import Matched
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.modules import FormerModules
from indexer.guide.traces.moves import Moves
from indexer.guide.traces.namespaces import akin, declares_type, namespace_of
from indexer.guide.traces.past import Past
from indexer.guide.traces.paths import read_path
from indexer.guide.traces.placing import Placer
from indexer.guide.traces.raising import Raised
from indexer.guide.traces.roots import parts_of, place_in, root_of
from indexer.index.symbols import FoundSymbol
from indexer.shapes.traces import Mapped, TraceForm
from indexer.types import FileMark

_ANYWHERE: Final = frozenset(("lib", "main", "mod", "index", "app", "__init__", "__main__"))
"""Names of files that every project has: below somebody's folder they say nothing of whose they are."""

_DEEP: Final = 2
"""Folders and a file that two packages of one name do not share by chance."""

_MOST_TOGETHER: Final = 400
"""Frames of one text that are looked through for where the repository lay."""

_TELLING: Final = 8
"""Letters of a function's name that two projects seldom share: ``init``, ``cleanup`` they do."""


class Matcher:
    """Matches the frames of one text; what it read of files is kept until it is done.

    ``called`` are the names that the repository goes by.
    """

    def __init__(
        self,
        reader: sqlite3.Connection,
        book: Book,
        sources: Sources,
        past: Past,
        called: Iterable[str] = (),
    ) -> None:
        self._called = {each.rpartition("/")[2].lower() for each in called}
        self._reader = reader
        self._book = book
        self._sources = sources
        self._past = past
        self._moves = Moves(reader, book, sources, past)
        self._heirs = Heirs(reader, book, sources, past)
        self._placer = Placer(past, self._file_of)
        self._modules = FormerModules(book, past)
        self._packages: set[str] = set()
        """Packages that were proven to be this repository's."""
        self._known: dict[RawFrame, Matched] = {}
        self._raised: dict[RawFrame, Raised] = {}

    def match(self, frame: RawFrame, raised: Raised | None = None) -> Matched:
        """Return where a frame is; a frame that was seen already is not looked for again.

        ``raised`` is what came up in it, where it is the deepest of its error.
        """
        key = _key(frame)
        if raised is not None:
            self._raised[key] = raised
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._match(frame)
        return replace(found, frame=frame)

    # ---------------------------------------------------------------------------- private

    def _match(self, frame: RawFrame) -> Matched:
        frame = self._modules.as_now(frame)
        found = [(each, self._source(each.place)) for each in candidates(frame, self._book)]
        for candidate, source in found:
            if candidate.place.current and source is not None and self._means(candidate, source, frame):
                return self._placed(candidate, source, frame)
        for candidate, _ in found:
            if not candidate.place.current:
                went = self._moved_away(candidate, frame)
                if went is not None:
                    return went
        if not frame.path and not frame.outside:
            return self._by_name(frame)
        return self._remembered(frame) or self._in_package(frame) or Matched(frame)

    def _in_package(self, frame: RawFrame) -> Matched | None:
        """Return a frame of a package that is called as this repository is, and had its files: a package may
        have had another owner, or its name is written in no file here. Once one of its files was proven by
        what it holds, the paths of others are enough.
        """
        written = read_path(frame.path)
        called = re.split(r"[/:]", written.library)[-1].lower()
        if not called or called not in self._called or called in ROOTS:
            return None
        path = "/".join(written.parts)
        former = [each for each in self._book.former.get(written.name.lower(), ()) if each.path == path]
        for place in (*filter(None, (self._book.paths.get(path),)), *former):
            source = self._source(place)
            # A path of some folders that is ours from end to end needs no function that is still there.
            proven = written.library in self._packages or (place.current and len(place.parts) > _DEEP)
            if (
                not proven
                and not self._names(place, frame)
                and not (source and self._has_line(source, frame))
            ):
                continue
            self._packages.add(written.library)
            candidate = Candidate(place, sure=True, common=len(place.parts))
            return self._placed(candidate, source, frame) if source else self._moved_away(candidate, frame)
        return None

    def _remembered(self, frame: RawFrame, *, beside: bool = False) -> Matched | None:
        """Return a frame of a file that only history knows, by what that file held."""
        former = remembered(frame, self._book)
        for candidate in former:
            if self._past.held(candidate.place, frame, beside=beside):
                return self._moved_away(candidate, frame)
        return of_member(frame, former[0].place, self._reader, self._book) if former else None

    def _means(self, candidate: Candidate, source: SourceFile, frame: RawFrame) -> bool:
        """Return whether a file is the one meant: by its path alone, else by what is in it."""
        if frame.form is TraceForm.JVM and not candidate.sure:
            return self._declares(source, frame)
        if candidate.sure:
            return True
        has_code = bool(frame.code) and self._has_line(source, frame)
        if candidate.strict:
            return (
                has_code
                or self._is_class(candidate.place, source, frame)
                or self._is_function(candidate.place, frame)
            )
        definitions = self._past.defined(candidate.place)
        has_name = bool(named(definitions, frame))
        if frame.code:
            return has_code or (has_name and candidate.common >= 3)
        if not frame.name:
            if candidate.place.parts[-1].partition(".")[0] in _ANYWHERE and read_path(frame.path).whole:
                return False
            return not candidate.compiled and frame.line <= len(source.lines) and candidate.common >= 1
        return has_name

    def _is_class(self, place: Place, source: SourceFile, frame: RawFrame) -> bool:
        """Return whether a file has the very class of PHP, with its namespace, and the method of a frame; of
        none the name of the class must be telling.
        """
        return (
            frame.form is TraceForm.PHP
            and bool(frame.owner and (frame.module or len(frame.owner) >= _TELLING))
            and namespace_of(source.lines) == frame.module.replace("\\", ".")
            and any(each.parent.endswith(frame.owner) for each in named(self._past.defined(place), frame))
        )

    def _is_function(self, place: Place, frame: RawFrame) -> bool:
        """Return whether a file of C defines what a frame names, whose path begins in some folder of a build:
        functions of C have one name for a whole program. Below a root another project may have a copy of it.
        The same of a function of PHP's whose name is made up.
        """
        telling = len(frame.name) >= _TELLING and not frame.owner
        # PHP has one name for a whole program too, and is run from any folder.
        php = frame.form is TraceForm.PHP and made_up(frame.name) and not frame.module
        native = frame.form is TraceForm.NATIVE and not read_path(frame.path).whole
        return telling and (php or native) and bool(named(self._past.defined(place), frame))

    def _declares(self, source: SourceFile, frame: RawFrame) -> bool:
        told, own = frame.module.replace("\\", "."), namespace_of(source.lines)
        if not told and frame.form is TraceForm.JVM:
            # jshell leaves packages away: the one class of that name is meant, with that method.
            return self._is_only_class(source, frame)
        return bool(own) and (told == own or told.startswith(own + "."))

    def _is_only_class(self, source: SourceFile, frame: RawFrame) -> bool:
        """Return whether a file is the only one of its name here, and has the class and the method."""
        files = self._book.files.get(source.path.rpartition("/")[2].lower(), ())
        place = self._book.paths.get(source.path)
        alone = len(files) == 1 and place is not None and len(frame.owner) >= _TELLING
        return (
            alone
            and place is not None
            and any(frame.owner in each.parent.split(".") for each in named(self._past.defined(place), frame))
        )

    def _has_line(self, source: SourceFile, frame: RawFrame) -> bool:
        code = "".join(frame.code.split())
        return len(code) > 3 and any("".join(line.split()) == code for line in source.lines)

    def _file_of(self, frame: RawFrame) -> tuple[Place, SourceFile] | None:
        """Return the file of now that a frame is of by its path."""
        for candidate in candidates(frame, self._book):
            source = self._source(candidate.place)
            if source is not None and not candidate.compiled and self._means(candidate, source, frame):
                return candidate.place, source
        return None

    def _placed(self, candidate: Candidate, source: SourceFile, frame: RawFrame, note: str = "") -> Matched:
        place = candidate.place
        definitions = self._past.defined(place)
        if candidate.compiled:
            alike = named(definitions, frame)
            told = "The trace is of compiled code: its lines are not those of this source."
            symbol = alike[0] if len(alike) == 1 else None
            return Matched(
                frame, Mapped.NAMED if symbol else Mapped.FILE, place, 0, symbol, told, compiled=True
            )
        at = self._placer.spot(frame, place, source, definitions, self._raised.get(_key(frame)))
        if frame.name and at.symbol is None:
            # A line that a version shows is in its file still; else the function may have left it.
            alike = named(definitions, frame)
            elsewhere = (
                self._of_several(frame, place, alike)
                if alike
                else self._restyled(frame, place, definitions) or self._elsewhere(frame, place)
            )
            if elsewhere is not None:
                return replace(elsewhere, note=f"{note} {elsewhere.note}".strip())
        elif at.symbol is None and at.mapped is Mapped.FILE and frame.line:
            went = self._heirs.of(frame, place)
            if went is not None:
                target, symbol, told = went
                return self._in(frame, target, symbol, f"{note} {told}".strip())
        return Matched(
            frame, at.mapped, place, at.line, at.symbol, " ".join(each for each in (note, at.note) if each),
            guessed=at.guessed,
        )  # fmt: skip

    def _of_several(self, frame: RawFrame, place: Place, alike: Sequence[FoundSymbol]) -> Matched | None:
        """Return which of several methods is of the type that the line stood in, or of a base."""
        went = self._moves.in_own_base(frame, place, alike)
        if went is None and self._moves.left(frame, place):
            return self._elsewhere(frame, place)
        return self._in(frame, *went) if went is not None else None

    def _restyled(self, frame: RawFrame, place: Place, definitions: Sequence[FoundSymbol]) -> Matched | None:
        """Return the one function of a file whose name has the same words, written in another style."""
        wanted = in_no_style(frame.name)
        found = [each for each in definitions if len(wanted) > 3 and in_no_style(each.name) == wanted]
        if len({each.qualified for each in found}) != 1:
            return None
        note = f"`{frame.name}` is not in this file any more; `{found[0].name}` has the same words."
        return self._in(frame, place, found[0], note)

    def _elsewhere(self, frame: RawFrame, place: Place) -> Matched | None:
        """Return a function that went to another file, or to a base of its type."""
        went = (
            self._moves.of(frame, place)
            or self._moves.by_body(frame, place, [place])
            or self._moves.by_name(frame, place)
            or self._moves.in_base_of_file(frame, place)
            or self._heirs.of(frame, place)
        )
        if went is None:
            return None
        target, symbol, note = went
        return self._in(frame, target, symbol, note)

    def _in(self, frame: RawFrame, place: Place, symbol: FoundSymbol, note: str) -> Matched:
        """Return a frame in a definition of another file: its old line says nothing there."""
        source = self._source(place)
        if source is not None and (frame.callee or frame.code):
            bare = replace(frame, line=0)
            at = self._placer.spot(bare, place, source, [symbol], self._raised.get(_key(frame)))
            if at.line and not at.guessed:
                told = f"{note} The line is the one that " + (
                    "the trace shows." if frame.code else f"calls `{frame.callee}` there."
                )
                return Matched(frame, Mapped.MOVED, place, at.line, symbol, told)
        return Matched(frame, Mapped.NAMED, place, 0, symbol, note)

    def _moved_away(self, candidate: Candidate, frame: RawFrame) -> Matched | None:
        """Follow a file that HEAD has not to where its content went; None where it says nothing."""
        if not candidate.sure:
            return None
        gone = candidate.place
        landed: Place | None = None
        went = self._past.went(gone, self._book)
        renamed = self._past.renamed(gone)
        for place in [*went, *self._of_same_class(gone, frame)]:
            source = self._source(place)
            if source is None:
                continue
            same = place is renamed or (
                place.parts[-1].partition(".")[0].lower() == gone.parts[-1].partition(".")[0].lower()
            )
            # Of another name, made when this one was taken away: a plain word would stand in many such.
            if (
                (frame.name and (same or made_up(frame.name)) and named(self._past.defined(place), frame))
                or self._has_line(source, frame)
                or (same and not frame.name.strip("<>"))
            ):
                moved = Candidate(place, sure=True, common=candidate.common)
                told = "has moved to" if same else "is no more; what the frame names is in"
                return self._placed(moved, source, frame, f"{gone.path} {told} {place.path}.")
            if same and landed is None:
                landed = place
        landed = landed or self._called_so(gone)
        found = self._moves.of_name(frame, gone) if landed is None else self._moves.of(frame, landed)
        homes = [landed] if landed is not None else []
        found = found or self._moves.of(frame, gone) or self._moves.by_body(frame, gone, homes)
        found = found or self._moves.by_name(frame, landed or gone)
        if found is not None:
            place, symbol, told = found
            if landed is not None:
                told = f"{gone.path} has moved to {landed.path}. {told}"
            return self._in(frame, place, symbol, told)
        if landed is not None:
            source = self._source(landed)
            moved = Candidate(landed, sure=True, common=candidate.common)
            if source is not None:
                return self._placed(moved, source, frame, f"{gone.path} has moved to {landed.path}.")
        went_on = self._heirs.of(frame, gone)
        return self._in(frame, *went_on) if went_on is not None else self._gone(gone, frame)

    def _called_so(self, gone: Place) -> Place | None:
        """Return the one file of now that is called as one which is gone, or its source in another script."""
        stem = gone.parts[-1].lower().partition(".")[0]
        named_so = [each for each in self._book.files.get(gone.parts[-1].lower(), ()) if each.current]
        if len(named_so) == 1 and stem not in _ANYWHERE and len(stem) >= _TELLING:
            return named_so[0]
        sources = [
            each
            for each in self._book.stems.get(stem, ())
            if each.path.endswith((".ts", ".tsx", ".mts"))
            and not each.path.endswith(".d.ts")
            and not each.marks & FileMark.TEST
        ]
        return sources[0] if gone.path.endswith((".js", ".mjs", ".cjs")) and len(sources) == 1 else None

    def _gone(self, gone: Place, frame: RawFrame) -> Matched:
        """Return a frame of a file that is no more: in the file that its function went to, or in none."""
        further = self._past.successor(gone, frame.name, self._book) if frame.name.isidentifier() else None
        if further is not None:
            told = f"{gone.path} is gone; `{frame.name}` went to {further.place.path} by commit"
            note = f"{told} {further.commit[:10]}, and is not in it any more."
            return Matched(frame, Mapped.FILE, further.place, 0, None, note)
        commit = self._past.gone_in(gone)
        note = f"{gone.path} is no more at this commit."
        if commit:
            note = f"{gone.path} was taken away in commit {commit[:10]}."
        if self._past.stopped:
            note += " Where it went was not looked for to the end: that took too long."
        return Matched(frame, Mapped.FILE, None, 0, None, note, gone=gone)

    def _of_same_class(self, gone: Place, frame: RawFrame) -> list[Place]:
        """Return files of the same class that came as this one went, in another language of the JVM, or in
        another package.
        """
        if frame.form is not TraceForm.JVM:
            return []
        found = [
            each
            for each in self._book.stems.get(gone.parts[-1].lower().partition(".")[0], ())
            if each.path.endswith((".java", ".kt", ".scala", ".groovy")) and not each.marks & FileMark.TEST
        ]
        shared = [(common(each.parts[:-1], gone.parts[:-1]), each) for each in found]
        shared.sort(key=lambda pair: -pair[0])
        return [each for _, each in shared[:4] if self._past.continues(gone, each)]

    def below(self, others: Sequence[Matched], frames: Sequence[RawFrame] = ()) -> list[Matched]:
        """Return the frames, those that were foreign laid on files of the folder that others prove ours, be
        it those of another error among the ``frames`` of the same text.
        """
        others = at_callers(followed(others, self._past.defined))
        own = [each.frame for each in others]
        root = root_of(own, self._book, self._names, self._called)
        if root is None and not all(each.own for each in others) and len(own) < len(frames) <= _MOST_TOGETHER:
            root = root_of(frames, self._book, self._names, self._called)
        if root is None:
            return list(others)
        told: list[Matched] = []
        for each in others:
            parts = () if each.own else parts_of(each.frame)
            # Below the empty folder lies only what is written without one.
            place = place_in(root, parts, self._book) if root or not each.frame.path.startswith("/") else None
            place = place or self._only_one(root, parts)
            told.append(each if place is None else self._below(place, each))
        return told

    def _only_one(self, root: tuple[str, ...], parts: tuple[str, ...]) -> Place | None:
        """Return the one file of the repository of a name, for a path below its folder that is none of its:
        what is made of another file is told to lie where it was made from.
        """
        if not root or parts[: len(root)] != root or len(parts) <= len(root):
            return None
        name = parts[-1].lower()
        found = self._book.files.get(name, [])
        telling = len(name.partition(".")[0]) > 1 and name.partition(".")[0] not in _ANYWHERE
        return found[0] if len(found) == 1 and telling and name.count(".") > 1 else None

    def _below(self, place: Place, matched: Matched) -> Matched:
        candidate = Candidate(place, sure=True, common=len(place.parts))
        source = self._source(place) if place.current else None
        if source is not None:
            return self._placed(candidate, source, matched.frame)
        return self._moved_away(candidate, matched.frame) or matched

    def _names(self, place: Place, frame: RawFrame) -> bool:
        if not place.current:
            return self._past.held(place, frame)
        return bool(named(self._past.defined(place), frame))

    def neighbour(self, frame: RawFrame, others: Sequence[Matched]) -> Matched | None:
        """Return a frame by what other frames of its trace are: of a file that one of them was found in by
        that path, of one of the past, or, without a file that is known, a function of one name here.
        """
        if frame.path and not frame.outside:
            place = next(
                (each.place for each in others if each.place and each.frame.path == frame.path), None
            )
            source = self._source(place) if place is not None else None
            if place is not None and source is not None:
                return self._placed(Candidate(place, sure=True, common=1), source, frame)
        if not any(each.own and not each.frame.after for each in others):
            return None
        if (packaged := self._in_package(frame)) is not None:
            return packaged
        return self._remembered(frame, beside=True) or of_function(frame, self._reader, self._book)

    def _by_name(self, frame: RawFrame) -> Matched:
        """Return the definition that a frame without a file names, if there is just one such."""
        if frame.form is TraceForm.RUST:
            crate = of_crate(frame, self._reader, self._book, self._past.defined)
            if crate.symbol is not None:
                return crate
            if crate.place is None:
                return self._of_past_module(frame) or crate
            return self._elsewhere(frame, crate.place) or crate
        if frame.binary:
            return of_program(frame, self._reader, self._book)
        for each in implementing(frame):
            found = self._by_type(each)
            if found.symbol is not None:
                return replace(found, frame=frame)
        return self._by_type(frame)

    def _of_past_module(self, frame: RawFrame) -> Matched | None:
        """Return a function of a module of a crate of ours that is in another folder now, or is no more."""
        crate, _, modules = frame.module.partition("::")
        last = modules.rpartition("::")[2]
        if not last or crate not in self._book.crates or not frame.name:
            return None
        for gone in self._book.former.get(f"{last.lower()}.rs", ()):
            if self._past.lost(gone, frame)[0]:
                return self._moved_away(Candidate(gone, sure=True, common=1), frame)
        return None

    def _by_type(self, frame: RawFrame) -> Matched:
        """Return the method of a type, or of a base of it, that a frame without a file names in full."""
        if not frame.name or not frame.owner or not frame.module:
            return Matched(frame)
        last = frame.owner.rpartition(".")[2]
        typed: list[Place] = []
        beside: dict[str, list[Place]] = defaultdict(list)
        for place in defining(last, self._reader, self._book):
            source = self._source(place)
            if source is None:
                continue
            has_type = any(each.name == last and each.kind in TYPES for each in self._past.defined(place))
            if self._declares(source, frame):
                found = self._of_type(frame, place, last)
                if found is not None:
                    return found
                typed += [place] if has_type else []
            elif has_type and frame.form is TraceForm.DOTNET and not place.marks & FileMark.TEST:
                space = namespace_of(source.lines)
                if akin(frame.module, space):
                    beside[space].append(place)
        if not typed and len(beside) == 1:
            # A type of that name is in one namespace alone, which was part of the one that is told.
            ((space, typed),) = beside.items()
            found = next((each for place in typed if (each := self._of_type(frame, place, last))), None)
            if found is not None:
                return replace(found, note=f"{found.note} `{last}` is in the namespace `{space}` now.")
        for place in typed:
            went = self._moves.in_base(frame, place) or self._moves.of(frame, place)
            if went is not None:
                target, symbol, note = went
                return Matched(frame, Mapped.NAMED, target, 0, symbol, f"The trace gives no file. {note}")
        return self._of_past_type(frame, last, typed)

    def _of_type(self, frame: RawFrame, place: Place, last: str) -> Matched | None:
        """Return the method of a type that a file may have all of, or a part."""
        alike = named(self._past.defined(place), frame)
        named_so = place.parts[-1].partition(".")[0].lower() == last.lower()
        of_it = any(last in each.parent.split(".") or each.name == last for each in alike)
        if not alike or not (named_so or of_it):
            return None
        note = "The trace gives no file; found by its name."
        if len(alike) > 1:
            note = f"The trace gives no line; {len(alike)} definitions here are called `{frame.name}`."
        return Matched(frame, Mapped.NAMED, place, 0, alike[0], note, guessed=len(alike) > 1)

    def _of_past_type(self, frame: RawFrame, last: str, typed: Sequence[Place]) -> Matched:
        """Return a method that its type has no more, by the file that had it, or that had the type."""
        for place in typed:
            if len(self._past.lost(place, frame)[0]) >= LEAST:
                went = self._moves.by_body(frame, place, typed) or self._moves.by_name(frame, place)
                if went is not None:
                    target, symbol, note = went
                    return Matched(frame, Mapped.NAMED, target, 0, symbol, f"The trace gives no file. {note}")
                note = f"The trace gives no file; `{frame.name}` was in this one, and is no more."
                return Matched(frame, Mapped.FILE, place, 0, None, note)
        if len(typed) == 1:
            note = f"The trace gives no file; `{last}` is here, `{frame.name}` is not in it any more."
            return Matched(frame, Mapped.FILE, typed[0], 0, None, note)
        for gone in self._book.former.get(f"{last.lower()}.cs", ()) if not typed else ():
            if any(declares_type(lines, frame.module, last) for lines in self._past.texts(gone)):
                return self._moved_away(Candidate(gone, sure=True, common=1), frame) or Matched(frame)
        return Matched(frame)

    def _source(self, place: Place) -> SourceFile | None:
        return self._sources.file(place.path) if place.current else None


def _key(frame: RawFrame) -> RawFrame:
    return replace(frame, repeated=0, written="")
