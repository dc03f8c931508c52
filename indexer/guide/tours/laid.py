"""One step of a tour under way: what it says, what is to be read, and its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.errors import LorebaseError
from indexer.guide.tours import units
from indexer.guide.tours.ground import Ground
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.shapes.onboarding import Reading, SelfCheck, StepKind, TourLine, TourStep
from indexer.types import Citation, Section, Statement

LINES_A_MINUTE: Final = 20
"""Lines of unknown code that a person reads in a minute and understands; the usual 200 to 400 an hour
of a review would be 3 to 7, but here one reads to know the way, not to find faults."""


WORDS_A_MINUTE: Final = 150


SHORTEST: Final = 3


LONGEST: Final = 25


class Laid:
    """One step under way: what it says, what is to be read, and its question."""

    def __init__(self, ground: Ground, kind: StepKind, key: str, title: str) -> None:
        self.ground = ground
        self.inquiry = ground.inquiry()
        self.page = self.inquiry.page
        self.kind = kind
        self.key = key
        self.title = title
        self.reading: list[Reading] = []
        self.introduces: list[str] = []
        self.uses: list[str] = []
        self._matters: TourLine | None = None
        self._check: SelfCheck | None = None

    def read(self, title: str, path: str, start: int, end: int, symbol: str = "") -> bool:
        """Add lines to read, unless they are there already or cannot be cited."""
        source = self.ground.sources.file(path)
        if source is None or not source.lines:
            return False
        start, end = max(start, 1), min(end, len(source.lines))
        known = [each.anchor for each in self.reading if each.anchor.path == path]
        if any(
            each.start_line == start or each.start_line <= start <= end <= each.end_line for each in known
        ):
            return False
        try:
            anchor = self.ground.anchors.anchor(f"{path}:{start}-{max(start, end)}")
        except LorebaseError:
            return False
        self.reading.append(Reading(title, replace(anchor, symbol=symbol)))
        return True

    def read_symbol(self, symbol: FoundSymbol) -> bool:
        """Add a definition to read: all of it, or what its first whole blocks are where it is long."""
        source = self.ground.sources.file(symbol.path)
        if source is None:
            return False
        start, end, whole = units.of_symbol(source.lines, symbol, self._defined(symbol.path))
        title = symbol.qualified if whole else f"{symbol.qualified}, its beginning"
        return self.read(title, symbol.path, start, end, symbol.qualified)

    def read_around(self, title: str, path: str, line: int) -> bool:
        """Add the section, rule or block to read that holds a line, unless some of it is there already."""
        source = self.ground.sources.file(path)
        if source is None or not 0 < line <= len(source.lines):
            return False
        start, end = units.around(source.lines, line, self._defined(path))
        known = [each.anchor for each in self.reading if each.anchor.path == path]
        if any(each.start_line <= line <= each.end_line for each in known):
            return False
        return self.read(title, path, start, end)

    def read_head(self, title: str, path: str, line: int = 1) -> bool:
        """Add what a file begins with, from a line on, to read: all of it where it is short."""
        source = self.ground.sources.file(path)
        if source is None:
            return False
        start, end = units.head(source.lines, self._defined(path), line)
        return self.read(title, path, start, end)

    def fact(self, text: str, query: str, rests_on: Sequence[str], cited: Sequence[Citation] = ()) -> bool:
        """Say something counted."""
        return self.page.fact(Section.WHAT, text, query, rests_on, cited)

    def matters(self, text: str, query: str, rests_on: Sequence[str], cited: Sequence[Citation] = ()) -> None:
        """Say why it matters: something counted again."""
        self._matters = TourLine(Statement(Section.WHAT, text, (*cited, cite_fact(query, rests_on))))

    def ask(
        self,
        question: str,
        answer: str,
        cited: Sequence[Citation | None],
        right: str = "",
        wrong: Sequence[str] = (),
    ) -> None:
        """Set the self-check; with ``right`` and at least two ``wrong`` ones as a choice."""
        citations = tuple(each for each in cited if each is not None)
        if not citations:
            return
        line = TourLine(Statement(Section.WHAT, answer, citations))
        others = [each for each in dict.fromkeys(wrong) if each != right][:3]
        if not right or len(others) < 2:
            self._check = SelfCheck(question, line)
            return
        choices = sorted((right, *others), key=lambda each: _mixed(self.key, each))
        self._check = SelfCheck(question, line, tuple(choices), choices.index(right))

    @property
    def asked(self) -> bool:
        """Whether it has its question."""
        return self._check is not None

    def _defined(self, path: str) -> list[FoundSymbol]:
        source = self.ground.sources.file(path)
        return [] if source is None else definitions_in(self.ground.reader, source.path_id)

    def step(self) -> TourStep | None:
        """Return the step, or None when there is nothing to say or to read."""
        self.ground.dropped += self.page.dropped
        if not self.page.statements:
            return None
        order = (Section.WHAT, Section.WHY, Section.MISSING)
        lines = tuple(TourLine(each) for section in order for each in self.page.of(section))
        return TourStep(
            key=self.key,
            kind=self.kind,
            title=self.title,
            lines=lines,
            reading=tuple(self.reading),
            matters=self._matters,
            check=self._check,
            minutes=_minutes(lines, self.reading, self._check is not None),
            introduces=tuple(dict.fromkeys(self.introduces)),
            uses=tuple(dict.fromkeys(self.uses)),
        )


def _minutes(lines: Sequence[TourLine], reading: Sequence[Reading], checked: bool) -> int:
    words = sum(len(each.statement.text.split()) for each in lines)
    code = sum(
        min(each.anchor.end_line - each.anchor.start_line + 1, units.WHOLE)
        for each in reading
        if each.anchor.start_line
    )
    minutes = words / WORDS_A_MINUTE + code / LINES_A_MINUTE + (1 if checked else 0)
    return max(SHORTEST, min(round(minutes), LONGEST))


def _mixed(key: str, choice: str) -> bytes:
    """Return what puts choices in an order that tells nothing, the same each time."""
    return blake2b(f"{key}\0{choice}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
