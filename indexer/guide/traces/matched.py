"""A frame of a trace on the repository."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.guide.traces.book import Place
from indexer.guide.traces.model import RawFrame
from indexer.index.symbols import FoundSymbol
from indexer.shapes.traces import Mapped


@dataclass(frozen=True, slots=True)
class Matched:
    """A frame on the repository. ``place`` None: foreign, or (``gone``) of a file that is no more."""

    frame: RawFrame
    mapped: Mapped = Mapped.FOREIGN
    place: Place | None = None
    line: int = 0
    symbol: FoundSymbol | None = None
    note: str = ""
    compiled: bool = False
    gone: Place | None = None
    guessed: bool = False

    @property
    def own(self) -> bool:
        """Whether it is of this repository."""
        return self.place is not None or self.gone is not None
