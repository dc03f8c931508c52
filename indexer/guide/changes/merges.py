"""What a merge brought: the commits that its other parents reach and its first one does not."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Final

from indexer.types import CommitRecord

LOOKED_BACK: Final = 2_000
"""Commits that are looked at for where a branch left its line; older branches are told as they are."""


class Line:
    """The commits of a range, newest first, children before their parents."""

    def __init__(self, records: Sequence[CommitRecord]) -> None:
        self._records = records
        self.place = {each.oid: at for at, each in enumerate(records)}

    def brought(self, merge: CommitRecord, most: int) -> list[CommitRecord]:
        """Return what a merge brought, newest first; no further than one more than ``most``.

        Commits are met in the order of the range, so that each is met after all of its children, and
        it is known by then whether the first parent reaches it.
        """
        ours: dict[int, bool] = {}
        heap: list[int] = []

        def meet(oid: str, *, own: bool) -> None:
            at = self.place.get(oid)
            if at is None:
                return
            if at not in ours:
                heappush(heap, at)
            ours[at] = ours.get(at, False) or own

        meet(merge.parents[0], own=True)
        for oid in merge.parents[1:]:
            meet(oid, own=False)
        found: list[CommitRecord] = []
        for _ in range(LOOKED_BACK):
            if len(found) > most or all(ours[at] for at in heap):
                break
            at = heappop(heap)
            record = self._records[at]
            if not ours[at]:
                found.append(record)
            for parent in record.parents:
                meet(parent, own=ours[at])
        return found
