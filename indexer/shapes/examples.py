"""The best existing examples of a kind of thing, to copy from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from indexer.method import Method
from indexer.types import Citation, Statement


@dataclass(frozen=True, slots=True)
class ExamplesWanted:
    """Of what: "a new endpoint", "a migration", "a test", "a form" ... ``limit`` examples at most."""

    text: str
    limit: int = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to copy from. ``code`` is its beginning as it stands; ``declared`` is where it is made
    known elsewhere (a route, a registration), or None; ``because`` says why it is one of the best.
    """

    name: str
    path: str
    line: int
    end_line: int
    code: Citation
    declared: Citation | None
    because: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Companion:
    """A sort of file that is touched when one is added. ``commits`` of ``of`` did so."""

    role: str
    """"test", "documentation", "migration", "template", "changelog", "the same file" ..."""
    commits: int
    of: int
    paths: tuple[str, ...]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Draft:
    """A skeleton to review: what the examples share, with what varies left open as ``‹...›``."""

    text: str
    language: str
    path: str
    """Where such a file stands, with what varies left open; or empty."""
    made_from: tuple[str, ...]
    """Places (``path:line``) of the examples that it is made from."""


@dataclass(frozen=True, slots=True)
class Examples:
    """What was found. ``kind`` is what was understood; no examples: there are none of it here."""

    kind: str
    count: int
    """How many there are in all."""
    examples: tuple[Example, ...]
    common: tuple[Statement, ...]
    touched: tuple[Companion, ...]
    draft: Draft | None
    commit_id: str | None
    dropped: int = 0
    notices: tuple[str, ...] = ()


EXAMPLES: Final = Method("examples", ExamplesWanted, Examples)
METHODS: Final[tuple[Method[Any, Any], ...]] = (EXAMPLES,)
