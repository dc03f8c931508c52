"""What the parts of the guide work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.answer.citations import Sources
    from indexer.guide.notes import Notes
    from indexer.guide.who import Who
    from indexer.guide.window import Pages
    from indexer.index.catalog import Catalog
    from indexer.index.people import People
    from indexer.repo.parsing import ParsePool
    from indexer.repo.repository import Repository
    from indexer.types import Answer, Hit, Query


@dataclass(frozen=True, slots=True)
class Desk:
    """What the parts of the guide work with: the open index, and what people made."""

    folder: Path
    """Of the index: for caches that a part can do without."""
    work_tree: Path | None
    catalog: Catalog
    repository: Repository
    people: People
    notes: Notes
    pages: Pages
    who: Who
    search: Callable[[Query], tuple[Sequence[Hit], Sequence[str]]]
    """Ranked hits, notes among them, and what the search had to do without."""
    ask: Callable[[str], Answer]
    """Answers a question that nobody asked: nothing of it is kept."""
    sources: Sources
    """Cites current files and commits; what it cites was read from the source just now."""
    pool: ParsePool
    """Parses contents that are not those of the index, in processes that can be ended."""
