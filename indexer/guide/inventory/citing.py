"""Places of an inventory made into citations; what cannot be cited is dropped, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from indexer.answer.citations import Sources
from indexer.guide.inventory.routing import Place
from indexer.types import Citation

MOST_LINES: Final = 6
"""Lines of a declaration that are quoted: the rest is the body of a handler, which has a place of its own."""


@dataclass
class Citer:
    """Cites places, and counts those that could not be."""

    sources: Sources
    dropped: int = 0

    def cite(self, places: Iterable[Place]) -> tuple[Citation, ...] | None:
        """Return the citations of places, the first of which must hold; None when it does not."""
        found: list[Citation] = []
        for index, place in enumerate(places):
            last = max(place.first, min(place.last, place.first + MOST_LINES - 1))
            citation = self.sources.span(place.path, place.first, last)
            if citation is None and last > place.first:
                citation = self.sources.span(place.path, place.first, place.first)
            if citation is None or not self.sources.holds(citation):
                if index == 0:
                    self.dropped += 1
                    return None
                continue
            found.append(citation)
        return tuple(found)
