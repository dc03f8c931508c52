"""Finds typed words in a long list of titles, best first, without looking at each title in Python."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Generic, TypeVar

R = TypeVar("R")

MOST_LOOKED: Final = 20_000
"""Lines that are looked at for one word: with one letter typed, nearly every line holds it."""


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
        """Return rows that hold all ``words`` (folded), and how many there are (as far as looked).

        The longest word must stand in the line; the others there or in ``more`` of the row.
        ``fit`` judges a place in a line in another way than `fit_at`.
        """
        judge = fit or fit_at
        lead = max(words, key=len)
        others = [word for word in words if word != lead]
        found: dict[Fit, list[int]] = {each: [] for each in Fit}
        total = looked = at = 0
        text, starts, folded = self._text, self._starts, self._folded
        while (at := text.find(lead, at)) >= 0 and looked < MOST_LOOKED:
            number = bisect_right(starts, at) - 1
            looked += 1
            line = folded[number]
            end = starts[number] + len(line)
            place, at = at - starts[number], end
            if place + len(lead) > len(line):  # a typed word holds no line end, so this cannot be
                continue
            if others and not all(
                word in line or (more and word in more(self.rows[number])) for word in others
            ):
                continue
            if keep is not None and not keep(self.rows[number]):
                continue
            total += 1
            best = self._best(number, lead, place, judge)
            if len(found[best]) < limit:
                found[best].append(number)
        chosen = [(each, number) for each in Fit for number in found[each]][:limit]
        return [
            Match(self.rows[number], each, self._marks(number, words, judge)) for each, number in chosen
        ], total

    def first(self, limit: int, keep: Callable[[R], bool]) -> tuple[list[Match[R]], int]:
        """Return the best rows that are kept, without any word."""
        kept = [row for row in self.rows[:MOST_LOOKED] if keep(row)]
        return [Match(row, Fit.WHOLE, ()) for row in kept[:limit]], len(kept)

    def _best(self, number: int, word: str, place: int, judge: Callable[[str, int, int], Fit]) -> Fit:
        line, folded = self._lines[number], self._folded[number]
        best = judge(line, place, len(word))
        while best > Fit.WORD and (place := folded.find(word, place + 1)) >= 0:
            best = min(best, judge(line, place, len(word)))
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
