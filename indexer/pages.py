"""What the pages of a window are made of: plain data, ready to be painted, from one call each.

Paths are shown paths, times are seconds since 1970, lines are 1-based and inclusive, as in
`indexer.types`. Lists that can be long come in slices with the count of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from indexer.types import Answer, Citation, Contact, Freshness, ReadAs, VerdictStatus

# ------------------------------------------------------------------------------- reading code


class TokenRole(StrEnum):
    """What a piece of highlighted code is; each has a colour in the window."""

    KEYWORD = "keyword"
    STRING = "string"
    COMMENT = "comment"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Token:
    """A coloured piece of one line; ``start`` and ``length`` count UTF-16 units, as Qt does."""

    line: int
    start: int
    length: int
    role: TokenRole


@dataclass(frozen=True, slots=True)
class BlameRun:
    """Neighbouring lines that one commit changed last."""

    start_line: int
    end_line: int
    commit_id: str
    author: str
    authored: int
    subject: str = ""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Lines of one file as it is indexed, secrets cut out, ready to be shown.

    ``lines[0]`` is line ``first_line``; ``total_lines`` is that of the file. ``notices`` says
    what was cut (an over-long line, a file above the limit) or how it was decoded.
    """

    path: str
    blob_id: str
    commit_id: str | None
    language: str
    first_line: int
    total_lines: int
    lines: tuple[str, ...]
    tokens: tuple[Token, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceWanted:
    """Which lines of which file; an empty ``blob_id`` means the file as it is indexed now.

    ``around`` is a line that must be in the page; a file up to 20,000 lines comes whole. With
    ``commit_id`` it is the file as of that commit. Without ``tokens`` the lines come at once, and
    a second call may ask for their colours.
    """

    path: str
    blob_id: str = ""
    around: int = 1
    commit_id: str = ""
    tokens: bool = True


@dataclass(frozen=True, slots=True)
class SpanWanted:
    """Lines of a file at the indexed state: for blame, history, and what mentions it."""

    path: str
    start_line: int
    end_line: int
    blob_id: str = ""


@dataclass(frozen=True, slots=True)
class Blame:
    """Who last changed each line of a file."""

    path: str
    runs: tuple[BlameRun, ...]
    notices: tuple[str, ...] = ()
    """Such as: lines that are not committed yet have no run."""


@dataclass(frozen=True, slots=True)
class NameWanted:
    """A name in code, and where it was clicked (that file's definitions come first)."""

    name: str
    path: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """Where a name is defined or used."""

    path: str
    line: int
    end_line: int
    symbol: str
    kind: str
    text: str
    """The line itself, stripped, secrets cut out."""


@dataclass(frozen=True, slots=True)
class NamePlaces:
    """Definitions and uses of a name; ``uses_total`` counts those beyond the slice."""

    name: str
    definitions: tuple[NamedPlace, ...]
    uses: tuple[NamedPlace, ...]
    uses_total: int
    notices: tuple[str, ...] = ()


# ------------------------------------------------------------------------------ home and search


@dataclass(frozen=True, slots=True)
class Starter:
    """A question to start with, made from this repository's own names."""

    kind: str
    """One of how, where, what, run, why, who, change, which."""
    question: str


@dataclass(frozen=True, slots=True)
class ReadFirst:
    """A file worth reading early: much used and often changed."""

    path: str
    words: str
    """What it says of itself: the first sentence of its docstring or head comment, or empty."""
    used_by: int
    changes: int
    """Commits that touched it in the last 12 months of the history."""
    reasons: float | None
    """Share of its symbols with a recorded reason, 0 to 1; None when it was not computed."""


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document to read first."""

    title: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A question that was asked here, with the label of its last answer."""

    id: str
    question: str
    status: VerdictStatus
    asked: int
    commit_id: str | None
    kept: bool = True
    """False when the answer was let go, so that it can only be asked again."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The home page of one repository."""

    name: str
    branch: str | None
    commit_id: str | None
    committed: int
    files: int
    commits: int
    new_commits: int
    """Commits since the person last looked at this page; -1 the first time."""
    last_looked: int
    starters: tuple[Starter, ...]
    read_first: tuple[ReadFirst, ...]
    documents: tuple[DocumentLink, ...]
    asked: tuple[AskedBefore, ...]
    asked_total: int
    gaps_open: int
    notes: int
    reasons: float | None
    """Share of definitions with a recorded reason, 0 to 1; None when it was not computed."""
    definitions: int
    notices: tuple[str, ...] = ()
    last_commit: str = ""
    """What was HEAD when the person last looked; empty the first time."""


class SuggestionGroup(StrEnum):
    """The groups of the list that opens while typing, in their order."""

    SYMBOL = "symbol"
    FILE = "file"
    DOCUMENT = "document"
    COMMIT = "commit"
    NOTE = "note"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class SuggestWanted:
    """What is typed so far; scopes count as in a query. No ``groups`` means all of them."""

    text: str
    per_group: int = 4
    groups: tuple[SuggestionGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row while typing. ``marked`` are (start, length) of what matched in ``title``, in UTF-16
    units. ``detail`` is a path, an author, or what a symbol is; a place is in ``path`` and ``line``.
    """

    group: SuggestionGroup
    title: str
    detail: str
    path: str | None = None
    line: int = 0
    end_line: int = 0
    commit_id: str | None = None
    note_id: str | None = None
    asked_id: str | None = None
    status: VerdictStatus | None = None
    when: int = 0
    marked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Rows by group, and how many there are of each group in all."""

    text: str
    rows: tuple[Suggestion, ...]
    totals: dict[str, int] = field(default_factory=dict)


# ------------------------------------------------------------------------------------- threads


@dataclass(frozen=True, slots=True)
class AskedWanted:
    """A slice of what was asked before, newest first; ``text`` filters by words."""

    text: str = ""
    start: int = 0
    count: int = 100


@dataclass(frozen=True, slots=True)
class AskedList:
    """A slice of the questions asked."""

    rows: tuple[AskedBefore, ...]
    total: int
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedName:
    """The id of a question asked before."""

    id: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given then."""

    id: str
    asked: int
    answer: Answer


# ------------------------------------------------------------------------------------- history


@dataclass(frozen=True, slots=True)
class TimelineWanted:
    """Bars over the whole history; ``path`` narrows it to a file or folder."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, or another name, of a commit."""

    name: str
    commit_id: str
    when: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Commits a week. ``counts[i]`` belongs to the week that begins at ``first + i * 604,800``."""

    first: int
    counts: tuple[int, ...]
    tags: tuple[Tag, ...]
    starts_here: bool
    """True when the history before is not in this clone (shallow)."""
    notices: tuple[str, ...] = ()
    """Such as: commits whose date is before 1970 or in the future stand at the ends."""


@dataclass(frozen=True, slots=True)
class CommitsWanted:
    """A slice of commits, newest first; ``text`` takes scopes (``who:``, ``path:``)."""

    text: str = ""
    after: int = 0
    before: int = 0
    """Seconds; 0 means open on that side."""
    start: int = 0
    count: int = 200


@dataclass(frozen=True, slots=True)
class CommitRow:
    """One line of the history."""

    commit_id: str
    subject: str
    author: str
    authored: int
    files: int
    merge: bool
    reason: bool
    """True when the message says why."""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitSlice:
    """A slice of the history and how many commits the filter leaves in all."""

    rows: tuple[CommitRow, ...]
    total: int
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitName:
    """A commit's id, or the start of one that is unique."""

    id: str


@dataclass(frozen=True, slots=True)
class CommitPage:
    """All that is known of one commit; ``changes`` are (status, path)."""

    row: CommitRow
    email: str
    committed: int
    parents: tuple[str, ...]
    message: str
    changes: tuple[tuple[str, str], ...]
    changes_total: int
    reachable: bool
    changes_known: bool = True
    """False in a treeless clone, where a message comes without its paths."""


# -------------------------------------------------------------------------------------- health


@dataclass(frozen=True, slots=True)
class SkippedWanted:
    """A slice of what is not searchable by content."""

    start: int = 0
    count: int = 200


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """One path that is left out; a ``searchable`` one is read, but in a lesser way. ``size`` is in
    bytes, -1 when there is no size to tell.
    """

    path: str
    reason: str
    size: int
    searchable: bool
    includable: bool = False
    """It is left out only because nobody wrote it by hand: a person may want it read."""
    included: bool = False
    """A person wanted it read."""


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A secret that was cut out: type and place, never its value."""

    type: str
    path: str
    line: int
    count: int


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """How much of one language there is, and how it was cut."""

    language: str
    read_as: ReadAs
    files: int
    lines: int


@dataclass(frozen=True, slots=True)
class HealthPage:
    """The tables of the health page; ``skipped_total`` counts those beyond the slice."""

    skipped: tuple[SkippedRow, ...]
    skipped_total: int
    secrets: tuple[SecretRow, ...]
    languages: tuple[LanguageRow, ...]
    log: tuple[str, ...]
    """The last lines of the engine's log, redacted."""
    secrets_total: int = 0
    """Secrets cut out in all; ``secrets`` counts some of them in one row, and ends at 1,000 rows."""


@dataclass(frozen=True, slots=True)
class JobList:
    """The jobs that ended while this engine ran, the last one first."""

    jobs: tuple[FinishedJob, ...]


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """A job that ended: one line of "Earlier"."""

    ended: int
    text: str
    good: bool


@dataclass(frozen=True, slots=True)
class KnowledgeCounts:
    """What stands at the rail."""

    gaps_open: int
    notes: int
    stale: int


# -------------------------------------------------------------------------------------- people


class Meant(StrEnum):
    """What a name was taken for when people were asked for."""

    FILE = "file"
    FOLDER = "folder"
    LINES = "lines"
    SYMBOL = "symbol"
    QUESTION = "question"
    NOTHING = "nothing"
    """Nothing here is about it, so nobody is named."""


@dataclass(frozen=True, slots=True)
class WhoWanted:
    """A file, ``path:line-line``, a folder, a symbol's name, or a question in words."""

    about: str
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Knower:
    """A person who most likely knows. ``left``: no commit at all in the last two years of history."""

    contact: Contact
    citations: tuple[Citation, ...]
    left: bool = False


@dataclass(frozen=True, slots=True)
class WhoKnows:
    """Who most likely knows something, the best first, and what it was taken for.

    ``places`` are what was looked at: files, ``path:line-line``, or ``folder/``; 20 at most.
    """

    about: str
    meant: Meant
    places: tuple[str, ...]
    people: tuple[Knower, ...]
    freshness: Freshness
    notices: tuple[str, ...] = ()
