"""Tells a trace that was laid on the code, in statements that are cited and checked."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.answer.citations import Sources, borne_out, cite_fact
from indexer.answer.contacts import day
from indexer.guide.traces import changes
from indexer.guide.traces.language import said_by_the_language
from indexer.guide.traces.lines import made_up
from indexer.guide.traces.matched import Matched
from indexer.guide.traces.message import Origin, joined_lines, origins
from indexer.guide.traces.past import Past
from indexer.guide.who import Who
from indexer.index.blame_cache import BlameCache
from indexer.index.history import changed_together
from indexer.index.symbols import FoundSymbol, find_symbols, imported_by, references_to
from indexer.pages import WhoWanted
from indexer.shapes.traces import Told, TraceGroup
from indexer.types import Citation, Contact, FileMark, Section, Statement, SymbolKind

MOST_TESTS: Final = 4
MOST_PEOPLE: Final = 3
MOST_CHANGES: Final = 3
SHOWN_AROUND: Final = 3
"""Lines of code on each side of the one that failed."""
LONG_AGO: Final = 180 * 86_400
_CALLABLE: Final = frozenset(
    (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.PROGRAM, SymbolKind.MACRO)
)


@dataclass
class Page:
    """Statements by what they tell; each is checked, and one that does not hold is dropped."""

    sources: Sources
    groups: dict[Told, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    dropped: int = 0

    def tell(
        self, told: Told, text: str, citations: Sequence[Citation | None], *, quoted: bool = False
    ) -> bool:
        """Lay down a sentence with what proves it; say whether it stands."""
        section = Section.MISSING if told is Told.MISSING else Section.WHAT
        given = tuple(each for each in citations if each is not None)
        statement = Statement(section, text, given, quoted)
        if statement in self.groups[told]:
            return True
        if (len(given) < len(citations) and not given) or not borne_out(statement, self.sources):
            self.dropped += 1
            return False
        self.groups[told].append(statement)
        return True

    def all(self) -> tuple[TraceGroup, ...]:
        """Return what was told, in the order in which it is read."""
        return tuple(TraceGroup(told, tuple(self.groups[told])) for told in Told if self.groups[told])


@dataclass(frozen=True, slots=True)
class Matter:
    """What the page is about: the error where it began, its frames, the deepest own one, and all own
    frames from there outwards.
    """

    kind: str
    message: str
    frames: tuple[Matched, ...]
    deepest: Matched | None
    own: tuple[Matched, ...]
    partly: bool = False
    """Whether lines of the text were left out, so that what is counted is the least."""


class Teller:
    """Tells one matter after another; callable from several threads."""

    def __init__(self, sources: Sources, blame: BlameCache, who: Who) -> None:
        self._sources = sources
        self._blame = blame
        self._who = who

    # ------------------------------------------------------------------------ where

    def tell_origin(self, page: Page, matter: Matter) -> None:
        """Tell where in this repository it comes from, with the code."""
        deepest = matter.deepest
        if deepest is None or deepest.place is None:
            return
        path = deepest.place.path
        name = f"`{deepest.symbol.qualified}`" if deepest.symbol is not None else "the module's own lines"
        cited = self.around(deepest)
        place = f"{path}, line {deepest.line}" if deepest.line else path
        at = matter.frames.index(deepest)
        deeper = at + sum(frame.frame.repeated for frame in matter.frames[:at])
        if deeper:
            first = matter.frames[0].frame
            library = (
                f" The error itself came up {_count(deeper, 'frame')} deeper, in foreign code "
                f"({short(first.written)})."
            )
        else:
            library = ""
        page.tell(
            Told.ORIGIN, f"The deepest frame of this repository is {name} in {place}.{library}", [cited]
        )
        if deepest.note:
            page.tell(Told.ORIGIN, f"On that frame: {deepest.note}", [cited])
        if cited is not None and deepest.line:
            page.tell(Told.ORIGIN, cited.quote, [cited], quoted=True)
        elif deepest.symbol is not None:
            head = self._sources.span(
                path, deepest.symbol.start_line, min(deepest.symbol.start_line + 5, deepest.symbol.end_line)
            )
            if head is not None:
                page.tell(Told.ORIGIN, head.quote, [head], quoted=True)
        self._tell_way(page, matter)
        self._tell_recursion(page, matter)

    def _tell_way(self, page: Page, matter: Matter) -> None:
        """Tell through which own definitions it came, from the outermost."""
        names: list[str] = []
        cited: list[str] = []
        for each in reversed(matter.own):
            if each.place is None:
                continue
            name = each.symbol.qualified if each.symbol is not None else each.place.path
            if not names or names[-1] != name:
                names.append(name)
                cited.append(
                    f"{each.place.path}:{each.line or (each.symbol.start_line if each.symbol else 1)}"
                )
        if len(names) < 2:
            return
        shown = names if len(names) <= 7 else [*names[:3], f"… {len(names) - 6} more …", *names[-3:]]
        way = " → ".join(f"`{name}`" if not name.startswith("…") else name for name in shown)
        page.tell(
            Told.ORIGIN,
            f"It came there through this repository's {way}.",
            [cite_fact("the frames of the trace", cited)],
        )

    def _tell_recursion(self, page: Page, matter: Matter) -> None:
        recursion = next((each for each in matter.frames if each.frame.repeated > 10), None)
        if recursion is not None and recursion.place is not None:
            name = recursion.symbol.qualified if recursion.symbol else recursion.place.path
            least = "at least " if matter.partly else ""
            number = f"{least}{recursion.frame.repeated + 1:,}"
            text = f"`{name}` stands {number} times in a row: it calls itself without an end."
            page.tell(Told.ORIGIN, text, [self.around(recursion)])

    def around(self, matched: Matched) -> Citation | None:
        """Return the citation of a frame's lines, or of the head of its definition."""
        if matched.place is None:
            return None
        source = self._sources.file(matched.place.path)
        if source is None:
            return None
        if matched.line:
            first = max(matched.line - SHOWN_AROUND, 1)
            if matched.symbol is not None:
                first = max(first, matched.symbol.start_line)
            while first < matched.line and not source.lines[first - 1].strip():
                first += 1
            last = min(matched.line + SHOWN_AROUND, len(source.lines))
            while last > matched.line and not source.lines[last - 1].strip():
                last -= 1
            return self._sources.span(source.path, first, last) or self._sources.span(
                source.path, matched.line, matched.line
            )
        line = matched.symbol.name_line if matched.symbol is not None else 1
        return self._sources.span(source.path, line, line)

    # ------------------------------------------------------------------------ the message

    def tell_message(self, page: Page, matter: Matter, reader: sqlite3.Connection) -> Origin | None:
        """Tell which line makes the message, and what decides there; return it when it is found."""
        if self._tell_language(page, matter):
            return None
        near = [
            (each.place.path, *self._span(each))
            for each in matter.own
            if each.place is not None and not each.compiled
        ]
        found = origins(matter.message, reader, self._sources, near[:12])
        best = found[0] if found else None
        if best is not None:
            inside = _inside(reader, best)
            line = self._sources.span(best.path, best.line, best.last)
            where = f" in `{inside}`" if inside else ""
            page.tell(
                Told.MESSAGE,
                f"The words of the message are written in {best.path}, line {best.line}{where}.",
                [line],
            )
            first = best.decided or best.line
            code = self._sources.span(best.path, first, max(best.last, best.line))
            if code is not None:
                page.tell(Told.MESSAGE, code.quote, [code], quoted=True)
            if len(found) > 1:
                text = (
                    f"The same words stand in {_count(len(found) - 1, 'other place')} too: "
                    f"{', '.join(joined_lines(found[1:4]))}."
                )
                page.tell(
                    Told.MESSAGE,
                    text,
                    [cite_fact("string literals that fit the message", joined_lines(found))],
                )
        self._tell_type(page, matter, reader)
        if best is None and not page.groups[Told.MESSAGE] and matter.message:
            text = (
                "The words of the message are in no string of this repository: they come from the "
                "language, or from a library."
            )
            page.tell(Told.MESSAGE, text, [cite_fact("string literals that fit the message: none", [])])
        return best

    def _tell_language(self, page: Page, matter: Matter) -> bool:
        """Tell what was nothing, where the language says so of the deepest frame, and that is of here: what
        else writes such words has nothing to do with it.
        """
        said, deepest = said_by_the_language(matter.message), matter.deepest
        if said is None or deepest is None or deepest.place is None or deepest is not matter.frames[0]:
            return False
        source = self._sources.file(deepest.place.path) if deepest.line else None
        code = source.lines[deepest.line - 1] if source is not None else deepest.frame.code
        place = f"{deepest.place.path}, line {deepest.line}" if deepest.line else deepest.place.path
        page.tell(Told.MESSAGE, said.told(code, place), [self.around(deepest)])
        return True

    def _tell_type(self, page: Page, matter: Matter, reader: sqlite3.Connection) -> None:
        name = matter.kind.replace("\\", ".").replace("::", ".").rpartition(".")[2]
        if not name or name in ("panic", "error"):
            return
        kinds = (SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE)
        found = [
            each for each in find_symbols(reader, name, 5)
            if each.name == name and each.kind in kinds and not each.marks & FileMark.TEST
        ]  # fmt: skip
        if not found:
            return
        symbol = found[0]
        cited = self._sources.span(symbol.path, symbol.name_line, symbol.name_line)
        page.tell(
            Told.MESSAGE,
            f"`{name}` is an error of this repository, defined in {symbol.path}, line {symbol.name_line}.",
            [cited],
        )
        if symbol.doc:
            last = min(symbol.end_line, symbol.start_line + 30)
            body = self._sources.span(symbol.path, max(symbol.start_line - 8, 1), last)
            sentence = symbol.doc.strip().split("\n\n")[0].replace("\n", " ")[:300]
            page.tell(Told.MESSAGE, sentence, [body], quoted=True)

    # ------------------------------------------------------------------------ history

    def tell_changes(
        self, page: Page, matter: Matter, newest: int, past: Past, reader: sqlite3.Connection
    ) -> None:
        """Tell the last commits to the deepest own place, and the newest to any place of the way."""
        told: set[str] = set()
        others: list[tuple[int, changes.Touched, Matched]] = []
        seen: set[tuple[str, int]] = set()
        for number, each in enumerate(matter.own[:8]):
            if each.place is None:
                continue
            first, last = self._span(each)
            if (each.place.path, first) in seen:
                continue
            seen.add((each.place.path, first))
            if changes.is_of_file(each):
                # The lines that blame would be asked of are not known: the head of a file is a licence.
                touched = changes.last_of_file(reader, each.place.path_id)
            else:
                touched = changes.last_touched(self._blame, each.place.path, first, last)
            if number == 0:
                for one in touched[:MOST_CHANGES]:
                    told.add(one.oid)
                    self._tell_touched(page, one, each)
                since = self._tell_since(page, touched, past)
                if touched and not since and newest - touched[0].authored > LONG_AGO:
                    text = (
                        f"Nothing there has changed since {day(touched[0].authored)}: "
                        "look at what is passed in, at callers and at libraries, before these lines."
                    )
                    page.tell(
                        Told.CHANGED, text, [cite_fact(f"git blame {each.place.path}", [touched[0].oid])]
                    )
            elif touched:
                others.append((touched[0].authored, touched[0], each))
        others.sort(key=lambda each: -each[0])
        for _, touched_last, each in others[:1]:
            if touched_last.oid not in told:
                self._tell_touched(page, touched_last, each, further=True)

    def _tell_since(self, page: Page, touched: Sequence[changes.Touched], past: Past) -> bool:
        """Tell what changed the lines after the version that ran, if the text names one."""
        ran = past.version()
        after = past.after([each.oid for each in touched], ran[1]) if ran is not None else []
        if ran is None or not after:
            return False
        verb = "commit has" if len(after) == 1 else "commits have"
        text = (
            f"{len(after)} {verb} changed these lines after {ran[0]}, the version that the text names: "
            "look whether it is mended already."
        )
        return page.tell(Told.CHANGED, text, [cite_fact(f"git blame, commits after {ran[0]}", after)])

    def _tell_touched(
        self, page: Page, touched: changes.Touched, matched: Matched, *, further: bool = False
    ) -> None:
        subject = self._sources.message(touched.oid, 1, 1)
        name = (
            matched.symbol.name
            if matched.symbol is not None
            else (matched.place.path if matched.place else "")
        )
        where = f"on the way, in `{name}`" if further else f"of `{name}`"
        said = subject.quote.strip() if subject is not None else ""
        lines = f"{touched.lines} of the {touched.total} lines " if touched.total else "a change "
        text = f"{day(touched.authored)}, {touched.author}: “{said}” ({lines}{where})."
        page.tell(Told.CHANGED, text, [subject])

    def tell_mends(self, page: Page, matter: Matter, reader: sqlite3.Connection) -> None:
        """Tell past commits that mended the same or a near place."""
        for each in changes.mends(reader, matter.own, matter.kind, matter.message):
            subject = self._sources.message(each.commit.oid, 1, 1)
            if subject is None:
                continue
            text = (
                f"{day(each.commit.authored)}, {each.commit.author}: “{subject.quote.strip()}” (it "
                f"{' and '.join(each.shares)})."
            )
            page.tell(Told.FIXED, text, [subject])

    # ------------------------------------------------------------------------ tests and people

    def tell_tests(self, page: Page, matter: Matter, reader: sqlite3.Connection) -> None:
        """Tell which tests to run: those that use what failed, else those that import its file."""
        found: dict[str, int] = {}
        for each in matter.own[:4]:
            if each.symbol is None or each.symbol.kind not in _CALLABLE or len(found) >= MOST_TESTS:
                continue
            self._tell_using(page, each.symbol, reader, found)
        deepest = matter.deepest
        if deepest is None or deepest.place is None or len(found) >= MOST_TESTS:
            return
        for near in imported_by(reader, deepest.place.path_id, 200):
            if len(found) >= MOST_TESTS:
                break
            if near.path not in found and self._is_test(near.path):
                found[near.path] = near.line
                cited = self._sources.span(near.path, near.line, near.line)
                page.tell(Told.TESTS, f"{near.path} takes in {deepest.place.path}.", [cited])
        if not found:
            for other in changed_together(reader, deepest.place.path_id, 20):
                if self._is_test(other.path) and len(found) < 2:
                    found[other.path] = 1
                    fact = cite_fact(
                        f"commits that changed both {deepest.place.path} and {other.path}",
                        [f"{other.path}:1"],
                    )
                    page.tell(
                        Told.TESTS,
                        f"{other.path} changed together with that file in {other.commits} commits.",
                        [fact],
                    )
        if not found:
            text = "No test of this repository names what failed: write one that raises this error first."
            page.tell(Told.TESTS, text, [cite_fact("uses in tests: none", [deepest.place.path])])

    def _tell_using(
        self, page: Page, symbol: FoundSymbol, reader: sqlite3.Connection, found: dict[str, int]
    ) -> None:
        uses: dict[str, list[int]] = defaultdict(list)
        importing = {near.path for near in imported_by(reader, symbol.path_id, 400)}
        for use in references_to(reader, symbol.name, 300):
            meant = made_up(symbol.name) or use.path in importing or _alike(use.path, symbol.path)
            if use.marks & FileMark.TEST and use.path != symbol.path and meant:
                uses[use.path].append(use.line)
        if len(uses) > 40:
            return  # a name that everything bears tells nothing
        ranked = sorted(
            uses.items(), key=lambda each: (not _alike(each[0], symbol.path), -len(each[1]), each[0])
        )
        for path, lines in ranked:
            if len(found) >= MOST_TESTS or path in found:
                continue
            found[path] = lines[0]
            cited = self._sources.span(path, lines[0], lines[0])
            page.tell(Told.TESTS, f"{path} uses `{symbol.name}` {_times(len(lines))}.", [cited])

    def tell_people(self, page: Page, matter: Matter) -> tuple[Contact, ...]:
        """Tell who most likely knows the place, and return them."""
        deepest = matter.deepest
        if deepest is None or deepest.place is None:
            return ()
        first, last = self._span(deepest)
        lines = "" if changes.is_of_file(deepest) else f":{first}-{last}"
        wanted = WhoWanted(f"{deepest.place.path}{lines}", MOST_PEOPLE)
        people = self._who.knows(wanted).people
        for each in people:
            reason = f": {each.contact.reason}" if each.contact.reason else ""
            page.tell(Told.PEOPLE, f"{each.contact.name}{reason}.", each.citations)
        return tuple(each.contact for each in people)

    # ---------------------------------------------------------------------------- private

    def _span(self, matched: Matched) -> tuple[int, int]:
        source = self._sources.file(matched.place.path) if matched.place is not None else None
        return changes.span_of(matched, len(source.lines) if source is not None else 1)

    def _is_test(self, path: str) -> bool:
        source = self._sources.file(path)
        return source is not None and bool(source.marks & FileMark.TEST)


def short(written: str, most: int = 90) -> str:
    """Return a frame as the trace writes it, on one short line."""
    plain = " ".join(written.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _inside(reader: sqlite3.Connection, origin: Origin) -> str:
    row = reader.execute(
        "SELECT s.parent, s.name FROM symbol s JOIN entry e ON e.blob_id = s.blob_id JOIN path p ON "
        "p.id = e.path_id"
        " WHERE p.shown = ? AND s.start_line <= ? AND s.end_line >= ? AND s.kind IN ('function', 'method')"
        " ORDER BY s.end_line - s.start_line LIMIT 1",
        (origin.path, origin.line, origin.line),
    ).fetchone()
    return "" if row is None else (f"{row[0]}.{row[1]}" if row[0] else str(row[1]))


def _alike(test: str, path: str) -> bool:
    stem = path.rpartition("/")[2].partition(".")[0].lower()
    return stem in test.rpartition("/")[2].lower()


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
