"""Finds typed words in a long list of titles, best first, without looking at each title in Python."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Generic, TypeVar

R = TypeVar("R")

MOST_LOOKED: Final = 20_000
"""Rows that are looked at where no word is typed, only a scope."""

MOST_JUDGED: Final = 300
"""Rows, the best ones first, whose fit is judged beside those that begin with what is typed."""

SHORT: Final = 3
"""A name that is shorter is hardly ever meant as a whole: ``p`` begins something."""


class Fit(IntEnum):
    """How well a typed word sits in a title, best first."""

    WHOLE = 0
    START = 1
    WORD = 2
    """At the start of a word, or of a sub-word: ``count`` in ``_new_prefetch_count``."""
    INSIDE = 3


@dataclass(frozen=True, slots=True)
class Match(Generic[R]):
    """A row that was found. ``marks`` are (start, length) in characters of its line."""

    row: R
    fit: Fit
    marks: tuple[tuple[int, int], ...]


class LinesTable(Generic[R]):
    """Rows, the best ones first, each with the line that is searched. Never changes."""

    def __init__(self, rows: Sequence[R], line_of: Callable[[R], str]) -> None:
        self.rows = rows
        self._lines = [line_of(row).replace("\n", " ") for row in rows]
        self._folded = [fold(line) for line in self._lines]
        self._text = "\n".join(self._folded)
        self._starts: list[int] = []
        at = 0
        for line in self._folded:
            self._starts.append(at)
            at += len(line) + 1

    def search(
        self,
        words: Sequence[str],
        limit: int,
        keep: Callable[[R], bool] | None = None,
        more: Callable[[R], str] | None = None,
        fit: Callable[[str, int, int], Fit] | None = None,
    ) -> tuple[list[Match[R]], int]:
        """Return rows that hold all ``words`` (folded), and how many there are.

        The longest word must stand in the line; the others there or in ``more`` of the row.
        ``fit`` judges a place in a line in another way than `fit_at`.
        """
        judge = fit or fit_at
        lead = max(words, key=len)
        others = [word for word in words if word != lead]
        numbers = self._holding(lead)
        if others or keep is not None:
            numbers = [each for each in numbers if self._kept(each, others, keep, more)]
        # Where one letter is typed nearly every line holds it: only what can fit best is judged.
        first = numbers
        if len(numbers) > MOST_JUDGED:
            folded, inner = self._folded, "/" + lead
            begin = [each for each in numbers if folded[each].startswith(lead) or inner in folded[each]]
            first = [*begin[:MOST_JUDGED], *numbers[:MOST_JUDGED]]
        found: dict[Fit, list[int]] = {each: [] for each in Fit}
        for number in dict.fromkeys(first):
            best = self._best(number, lead, judge)
            if best is Fit.WHOLE and len(lead) < SHORT:
                best = Fit.START
            if len(found[best]) < limit:
                found[best].append(number)
        for each in found.values():
            each.sort()
        chosen = [(each, number) for each in Fit for number in found[each]][:limit]
        return [
            Match(self.rows[number], each, self._marks(number, words, judge)) for each, number in chosen
        ], len(numbers)

    def _holding(self, word: str) -> list[int]:
        """Return the numbers of the lines that hold ``word``, in order."""
        text, starts = self._text, self._starts
        if text.count(word) * 8 > len(starts):
            return [number for number, line in enumerate(self._folded) if word in line]
        numbers: list[int] = []
        at = text.find(word)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            numbers.append(number)
            at = text.find(word, starts[number + 1]) if number + 1 < len(starts) else -1
        return numbers

    def _kept(
        self,
        number: int,
        others: Sequence[str],
        keep: Callable[[R], bool] | None,
        more: Callable[[R], str] | None,
    ) -> bool:
        line, row = self._folded[number], self.rows[number]
        if not all(word in line or (more is not None and word in more(row)) for word in others):
            return False
        return keep is None or keep(row)

    def first(self, limit: int, keep: Callable[[R], bool]) -> tuple[list[Match[R]], int]:
        """Return the best rows that are kept, without any word."""
        kept = [row for row in self.rows[:MOST_LOOKED] if keep(row)]
        return [Match(row, Fit.WHOLE, ()) for row in kept[:limit]], len(kept)

    def _best(self, number: int, word: str, judge: Callable[[str, int, int], Fit]) -> Fit:
        line, folded = self._lines[number], self._folded[number]
        place, best = folded.find(word), Fit.INSIDE
        while place >= 0 and best > Fit.START:
            best = min(best, judge(line, place, len(word)))
            place = folded.find(word, place + 1)
        return best

    def _marks(
        self, number: int, words: Sequence[str], judge: Callable[[str, int, int], Fit]
    ) -> tuple[tuple[int, int], ...]:
        line, folded = self._lines[number], self._folded[number]
        taken: list[tuple[int, int]] = []
        for word in sorted(set(words), key=len, reverse=True):
            best: tuple[Fit, int] | None = None
            place = folded.find(word)
            while place >= 0:
                if not any(place < start + length and start < place + len(word) for start, length in taken):
                    candidate = (judge(line, place, len(word)), place)
                    best = candidate if best is None or candidate < best else best
                place = folded.find(word, place + 1)
            if best is not None:
                taken.append((best[1], len(word)))
        return tuple(sorted(taken))


def fit_at(line: str, start: int, length: int) -> Fit:
    """Return how ``length`` characters at ``start`` sit in ``line``."""
    if start == 0:
        return Fit.WHOLE if length == len(line) else Fit.START
    before, first = line[start - 1], line[start]
    if (
        not before.isalnum()
        or (first.isupper() and not before.isupper())
        or before.isdigit() != first.isdigit()
    ):
        return Fit.WORD
    return Fit.INSIDE


def fold(text: str) -> str:
    """Return ``text`` in lower case, letter for letter, so that places in it stay the same."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def units(text: str, marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return ``marks``, counted in characters of ``text``, counted in UTF-16 units."""
    if text.isascii():
        return tuple(marks)
    return tuple((_units(text[:start]), _units(text[start : start + length])) for start, length in marks)


def _units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)
