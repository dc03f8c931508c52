"""What a program is told by the MCP server, as plain data: the schemas are made from these.

Fields may be added to them, never renamed or removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from indexer.pages import Meant
from indexer.types import Category, ChunkKind, CitationKind, FoundBy, Section, VerdictStatus


@dataclass(frozen=True, slots=True)
class Fenced:
    """How repository text is marked in this reply."""

    begins: Annotated[str, Meta(description="What stands before each passage.")]
    ends: Annotated[str, Meta(description="What stands behind it.")]
    notice: str


@dataclass(frozen=True, slots=True)
class State:
    """Of which state of the repository the reply speaks."""

    commit_id: str | None
    commits_behind: Annotated[
        int, Meta(description="Commits of HEAD that are not read yet; -1 when that is not known.")
    ]
    uncommitted_changes: Annotated[bool, Meta(description="Whether the working copy was read too.")]
    passages: int
    passages_by_meaning: Annotated[int, Meta(description="How many of them can be found by meaning too.")]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitationReply:
    """A place that proves a statement: lines of a file, a commit, a note, or something counted."""

    number: int
    kind: CitationKind
    path: str | None
    start_line: int
    end_line: int
    commit_id: Annotated[str | None, Meta(description="Null for uncommitted changes.")]
    blob_id: str | None
    note_id: str | None
    author: str
    date: str
    counted: Annotated[str, Meta(description="How a fact was counted, as a command or in words.")]
    rests_on: Annotated[tuple[str, ...], Meta(description="Commits or places it was counted over; some.")]
    quote: Annotated[str, Meta(description="Its lines, fenced; empty where the statement is the quote.")]


@dataclass(frozen=True, slots=True)
class StatementReply:
    """A sentence of the answer, or a few lines of quoted code."""

    section: Section
    text: Annotated[str, Meta(description="Fenced repository text.")]
    quoted: Annotated[bool, Meta(description="True: verbatim from its first citation. False: computed.")]
    citations: Annotated[tuple[int, ...], Meta(description="Numbers of citations.")]


@dataclass(frozen=True, slots=True)
class ContactReply:
    """A person who most likely knows, and why."""

    name: str
    email: str
    reason: str


@dataclass(frozen=True, slots=True)
class VerdictReply:
    """The label of the answer."""

    status: VerdictStatus
    means: str
    category: Annotated[Category | None, Meta(description="What kind of context is missing.")]
    reason: str
    searched: tuple[str, ...]
    contacts: tuple[ContactReply, ...]


@dataclass(frozen=True, slots=True)
class AskReply:
    """A cited answer with its label."""

    verdict: VerdictReply
    statements: tuple[StatementReply, ...]
    citations: tuple[CitationReply, ...]
    question_to_send: Annotated[str, Meta(description="For the first contact; fenced, may be empty.")]
    follow_ups: tuple[str, ...]
    mode: str
    state: State
    untrusted: Fenced


@dataclass(frozen=True, slots=True)
class HitReply:
    """One passage that was found."""

    number: int
    kind: ChunkKind
    path: str | None
    start_line: int
    end_line: int
    symbol: str
    language: str
    commit_id: str | None
    blob_id: str | None
    note_id: str | None
    found_by: tuple[FoundBy, ...]
    score: float
    text: Annotated[str, Meta(description="Fenced repository text.")]
    cut: Annotated[bool, Meta(description="True: there is more; open_source shows it.")]


@dataclass(frozen=True, slots=True)
class SearchReply:
    """Passages, best first."""

    hits: tuple[HitReply, ...]
    notices: tuple[str, ...]
    state: State
    untrusted: Fenced


@dataclass(frozen=True, slots=True)
class SourceReply:
    """Lines of one file."""

    path: str
    commit_id: Annotated[str | None, Meta(description="Null for uncommitted changes.")]
    blob_id: str
    language: str
    start_line: int
    end_line: int
    total_lines: int
    next_line: Annotated[int | None, Meta(description="Where to go on; null at the end that was asked for.")]
    text: Annotated[str, Meta(description="Fenced repository text.")]
    notices: tuple[str, ...]
    untrusted: Fenced


@dataclass(frozen=True, slots=True)
class PersonReply:
    """A person who most likely knows, why, and what proves it."""

    name: str
    email: str
    reason: str
    left: Annotated[bool, Meta(description="No commit at all in the last two years of the history.")]
    citations: tuple[CitationReply, ...]


@dataclass(frozen=True, slots=True)
class WhoReply:
    """Who most likely knows something, the best first."""

    meant: Meant
    places: Annotated[tuple[str, ...], Meta(description="What was looked at, as path or path:line-line.")]
    people: tuple[PersonReply, ...]
    notices: tuple[str, ...]
    state: State
    untrusted: Fenced


@dataclass(frozen=True, slots=True)
class GapReply:
    """A question that nobody's record answers."""

    id: str
    question: Annotated[str, Meta(description="Fenced text of whoever asked.")]
    missing: Annotated[str, Meta(description="What is not recorded; fenced.")]
    category: Category | None
    asked: int
    last_asked: str
    contacts: tuple[ContactReply, ...]
    paths: tuple[str, ...]
    note_id: Annotated[str | None, Meta(description="The note that answers it, if one does.")]


@dataclass(frozen=True, slots=True)
class GapsReply:
    """Open questions, the most asked first."""

    gaps: tuple[GapReply, ...]
    total: int
    untrusted: Fenced
