"""The whole knowledge base written out, as pages, as Markdown, or as the text of a book."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from indexer.method import Method


class ExportForm(StrEnum):
    """What is written."""

    HTML = "html"
    """A site that works from the disk, without a server."""
    MARKDOWN = "markdown"
    """One file for each page, for a wiki."""
    BOOK = "book"
    """All pages as one Markdown file, to be printed: ``knowledge-base.md``."""


@dataclass(frozen=True, slots=True)
class ExportWanted:
    """``folder`` is absolute: one that is not there yet, an empty one, or one that an export made."""

    form: ExportForm
    folder: str
    everywhere: bool = False
    """The inventory with what stands in tests, examples and other people's code."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, and where; ``first`` is the file to open."""

    folder: str
    first: str
    files: int
    bytes: int
    commit_id: str | None
    pages: dict[str, int]
    """How many things of each sort: "modules", "notes", "gaps", "decisions", "inventory"."""
    notices: tuple[str, ...] = ()


EXPORT: Final = Method("export", ExportWanted, ExportReport, repeatable=False)
METHODS: Final[tuple[Method[Any, Any], ...]] = (EXPORT,)
