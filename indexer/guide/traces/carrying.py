"""Carries a line of one text over to another: by lines that stand once in both, and those beside them."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

NEAR: Final = 30
"""Lines from one that is gone within which those around it must still be there."""

TELLING: Final = 12
"""Letters of a line that stands once, which make it the same wherever it is."""

MOST_BETWEEN: Final = 1_200
"""Lines between two that are sure which are compared all with all."""


class Carrier:
    """Knows which lines of an old text stand where in a new one. Blanks within a line do not count."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old = ["".join(each.split()) for each in old]
        self._new = ["".join(each.split()) for each in new]
        self._left, self._right = Counter(self._old), Counter(self._new)
        self._pairs = self._sure()
        self._starts = [pair[0] for pair in self._pairs]

    def exact(self, line: int) -> int:
        """Return where the very line stands; 0 where it is gone."""
        at = bisect_left(self._starts, line)
        if at < len(self._pairs) and self._starts[at] == line:
            return self._pairs[at][1]
        text = self._old[line - 1]
        if len(text) >= TELLING and self._left[text] == self._right[text] == 1:
            return self._new.index(text) + 1  # it stands once in both, before or behind what it stood by
        before, now = self._pairs[at - 1] if at else (0, 0)
        behind, then = self._pairs[at] if at < len(self._pairs) else (len(self._old) + 1, len(self._new) + 1)
        one, other = self._old[before : behind - 1], self._new[now : then - 1]
        if not self._old[line - 1] or len(one) > MOST_BETWEEN or len(other) > MOST_BETWEEN:
            return 0
        matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
        for start, begun, size in matcher.get_matching_blocks():
            if start < line - before <= start + size:
                return now + begun + line - before - start
        return 0

    def near(self, line: int) -> list[tuple[int, int]]:
        """Return the nearest lines, before and behind one that is gone, that are still there: (old, new);
        none that are far.
        """
        at = bisect_left(self._starts, line)
        around = (*self._pairs[max(at - 1, 0) : at], *self._pairs[at : at + 1])
        close = [pair for pair in around if abs(pair[0] - line) <= NEAR]
        return close if len(close) == 2 else []

    def _sure(self) -> list[tuple[int, int]]:
        """Return (old, new) of lines that are the same for sure, in the order of both."""
        old, new = self._old, self._new
        begin = 0
        while begin < min(len(old), len(new)) and old[begin] == new[begin]:
            begin += 1
        end = 0
        while end < min(len(old), len(new)) - begin and old[-1 - end] == new[-1 - end]:
            end += 1
        pairs = [(at, at) for at in range(1, begin + 1)]
        pairs += self._anchored(begin, len(old) - end, len(new) - end)
        pairs += [(len(old) - each, len(new) - each) for each in range(end - 1, -1, -1)]
        return pairs

    def _anchored(self, begin: int, old_end: int, new_end: int) -> list[tuple[int, int]]:
        """Return pairs between the same beginning and the same end: lines that stand once in both, as many as
        keep their order, and the same lines beside them.
        """
        old, new = self._old, self._new
        left, right = self._left, self._right
        there = {new[at]: at for at in range(begin, new_end) if right[new[at]] == 1}
        single = [
            (at, there[old[at]])
            for at in range(begin, old_end)
            if len(old[at]) > 2 and left[old[at]] == 1 and old[at] in there
        ]
        pairs: list[tuple[int, int]] = []
        kept = _in_order(single)
        for number, (one, other) in enumerate(kept):
            last, last_other = (pairs[-1][0] - 1, pairs[-1][1] - 1) if pairs else (begin - 1, begin - 1)
            if one <= last:
                continue
            back = 0
            while (
                one - back - 1 > last
                and other - back - 1 > last_other
                and (old[one - back - 1] == new[other - back - 1])
            ):
                back += 1
            following = kept[number + 1] if number + 1 < len(kept) else (old_end, new_end)
            on = 1
            while one + on < following[0] and other + on < following[1] and old[one + on] == new[other + on]:
                on += 1
            pairs += [(one + each + 1, other + each + 1) for each in range(-back, on)]
        return pairs


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest row of pairs in which the second parts rise as the first do."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        at = bisect_left(tails, value)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(number)
        else:
            tails[at], ends[at] = value, number
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]
