"""Counts over time: buckets that grow coarser as a log turns out longer, and those that stand out."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

STEPS: Final = (1, 5, 15, 60, 300, 900, 3_600, 10_800, 43_200, 86_400, 604_800, 2_592_000, 31_536_000)
"""Lengths of a bucket in seconds; each counts whole ones of the length before."""

MOST_KEPT: Final = 960
"""Buckets of the whole log, from which on the next length is taken while it is read."""

MOST_SHOWN: Final = 60

OUTLIERS: Final = 0.01
"""Share of the lines that may lie far away in time (a clock not yet set), and stand in no bar."""

LEAST_SPIKE: Final = 5
LEAST_BARS: Final = 12
TIMES_USUAL: Final = 3.0
"""A bucket stands out when it holds so many times what is usual, and more than chance would put there."""


class Clock:
    """The length of a bucket, shared by all groups of a log."""

    def __init__(self) -> None:
        self.step = 0
        self.seen: set[int] = set()

    @property
    def seconds(self) -> int:
        """How long a bucket is at the moment."""
        return STEPS[self.step]

    def coarsen(self, counters: Sequence[Counter[int]]) -> None:
        """Take the next length, and fold what was counted."""
        old = self.seconds
        self.step = min(self.step + 1, len(STEPS) - 1)
        ratio = self.seconds // old
        self.seen = {bucket // ratio for bucket in self.seen}
        for counter in counters:
            folded: Counter[int] = Counter()
            for bucket, count in counter.items():
                folded[bucket // ratio] += count
            counter.clear()
            counter.update(folded)


@dataclass(frozen=True, slots=True)
class Axis:
    """The bars that are shown: from ``start`` on, each ``seconds`` long. ``left_out`` lie far outside."""

    start: int
    seconds: int
    length: int
    ratio: int
    first: int
    left_out: int

    def bars(self, counter: Mapping[int, int]) -> tuple[int, ...]:
        """Return the counts of a group as bars."""
        found = [0] * self.length
        for bucket, count in counter.items():
            place = bucket // self.ratio - self.first
            if 0 <= place < self.length:
                found[place] += count
        return tuple(found)


def axis_of(total: Mapping[int, int], clock: Clock) -> Axis | None:
    """Return the bars for a log, or None without times."""
    if not total:
        return None
    kept, left_out = _without_outliers(sorted(total), total, clock.seconds)
    step = clock.step
    while True:
        ratio = STEPS[step] // clock.seconds
        first, last = kept[0] // ratio, kept[-1] // ratio
        if last - first < MOST_SHOWN or step + 1 == len(STEPS):
            break
        step += 1
    length = min(last - first + 1, MOST_SHOWN)
    return Axis(first * STEPS[step], STEPS[step], length, ratio, first, left_out)


def spikes_of(bars: Sequence[int]) -> tuple[int, ...]:
    """Return which bars stand out against what is usual for this group."""
    if len(bars) < LEAST_BARS:
        return ()
    ordered = sorted(bars)
    usual = ordered[len(ordered) // 2]
    found = []
    for place, count in enumerate(bars):
        others = (sum(bars) - count) / (len(bars) - 1)
        base = max(usual, min(others, usual * 2 + 1))
        if count >= LEAST_SPIKE and count >= TIMES_USUAL * base and count > base + 4 * max(base, 1) ** 0.5:
            found.append(place)
    return tuple(found) if len(found) <= len(bars) // 5 else ()


def _without_outliers(buckets: list[int], total: Mapping[int, int], seconds: int) -> tuple[list[int], int]:
    """Cut off ends that lie far away and hold next to nothing."""
    whole = sum(total.values())
    lines, left_out = 0, 0
    sums = []
    for bucket in buckets:
        lines += total[bucket]
        sums.append(lines)
    low = bisect_right(sums, whole * OUTLIERS / 2)
    high = bisect_right(sums, whole * (1 - OUTLIERS / 2) - 1e-9)
    high = min(high, len(buckets) - 1)
    core = max(buckets[high] - buckets[low], 86_400 // seconds, 1)
    kept = [each for each in buckets if buckets[low] - 3 * core <= each <= buckets[high] + 3 * core]
    left_out = whole - sum(total[each] for each in kept)
    return kept, left_out
