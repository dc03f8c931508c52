"""What a page of an export is made of, before it is HTML or Markdown. All text here is plain and hostile."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from indexer.types import Citation

SLUG: Final = 48


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the page's own title: level 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence or line with what proves it; ``label`` stands before it."""

    text: str
    citations: tuple[Citation, ...] = ()
    label: str = ""
    quoted: bool = False
    page: str = ""
    """The slug of a page that ``label`` leads to."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Sentences as a list."""

    lines: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the page that a row's first cell leads to, or empty, in ``pages``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Markdown that a person wrote, with who and when."""

    markdown: str
    by: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of ours: an SVG that holds no text of the repository unescaped."""

    svg: str
    dark: str
    says: str


Block = Heading | Said | Listed | Table | Written | Figure


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``slug`` is its file's name without an ending, ``group`` the part that it belongs to."""

    slug: str
    title: str
    group: str
    blocks: tuple[Block, ...]
    says: str = ""


def slug_of(text: str, prefix: str) -> str:
    """Return a file name that every system takes, different for different texts."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG].strip("-")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{prefix}-{slug}-{digest}" if slug else f"{prefix}-{digest}"


def place_of(citation: Citation) -> str:
    """Return what a citation points at, in a few characters."""
    if citation.path is not None and citation.start_line:
        lines = str(citation.start_line)
        if citation.end_line > citation.start_line:
            lines += f"-{citation.end_line}"
        return f"{citation.path}:{lines}"
    if citation.commit_id:
        return f"commit {citation.commit_id[:10]}"
    if citation.note_id:
        return f"note {citation.note_id}"
    return "counted" if citation.fact else "source"
