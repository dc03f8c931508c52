r"""Every dataclass, enum and Protocol that crosses a module's edge.

Imports the standard library alone, so that no circle can form through it. Words are those of
the vocabulary in README.md: a *chunk* is a searchable piece, a *hit* is a ranked chunk, a
*citation* is what proves a *statement*.

Conventions that hold everywhere:

* Lines are 1-based and inclusive, and split at ``\n`` alone, so they equal git's.
* Times are seconds since 1970 (int), as recorded, never corrected.
* A ``path`` inside ``repo`` and ``index`` is git's bytes decoded as UTF-8 with
  ``surrogateescape``. Whatever leaves the engine carries ``shown_path(path)`` instead, which
  can always be encoded as UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum
from typing import Protocol, runtime_checkable

# --------------------------------------------------------------------------------- words


class ChunkKind(StrEnum):
    """What a chunk was cut from; each kind has a budget of its own in search."""

    CODE = "code"
    DOC = "doc"
    COMMIT = "commit"
    NOTE = "note"


class SymbolKind(StrEnum):
    """What a named definition is, in words that hold across languages."""

    MODULE = "module"
    CLASS = "class"
    INTERFACE = "interface"
    STRUCT = "struct"
    ENUM = "enum"
    TRAIT = "trait"
    FUNCTION = "function"
    METHOD = "method"
    PROPERTY = "property"
    FIELD = "field"
    VARIABLE = "variable"
    CONSTANT = "constant"
    TYPE = "type"
    MACRO = "macro"
    PROGRAM = "program"
    SECTION = "section"
    PARAGRAPH = "paragraph"
    COPYBOOK = "copybook"
    JOB = "job"
    STEP = "step"
    DATASET = "dataset"
    MAP = "map"
    TABLE = "table"
    KEY = "key"
    RULE = "rule"
    HEADING = "heading"


class ReferenceKind(StrEnum):
    """How a piece of code names something that is defined elsewhere."""

    CALL = "call"
    IMPORT = "import"
    INHERIT = "inherit"
    TYPE = "type"
    USE = "use"
    COPY = "copy"
    """COBOL COPY, C #include of a data layout: the text of another file is taken in."""
    EXECUTE = "execute"
    """A job step starts a program, a program links to a program by its name."""
    READ = "read"
    WRITE = "write"
    DATA = "data"
    """A DD name, a table in SQL, a file: data that is touched without a known direction."""


class ReadAs(StrEnum):
    """How the content of a file was cut into chunks."""

    SYNTAX = "syntax"
    """By a tree-sitter grammar and our queries."""
    RULES = "rules"
    """By our own rules for a format (keys, headings, cells, columns)."""
    LINES = "lines"
    """By lines, since nothing better applied or the parser gave up; ``notice`` says which."""


class FoundBy(StrEnum):
    """Which road led to a hit."""

    WORDS = "words"
    VECTOR = "vector"
    SYMBOL = "symbol"
    PATH = "path"
    NOTE = "note"
    REFERENCE = "reference"


class Section(StrEnum):
    """The three parts of an answer."""

    WHAT = "what"
    WHY = "why"
    MISSING = "missing"


class VerdictStatus(StrEnum):
    """The label of an answer."""

    GROUNDED = "grounded"
    PARTIAL = "partial"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Category(StrEnum):
    """What kind of business context is missing."""

    ARCHITECTURE = "architecture"
    BUSINESS = "business"
    PERFORMANCE = "performance"
    SECURITY = "security"
    OWNERSHIP = "ownership"


class CitationKind(StrEnum):
    """What a citation points at."""

    SPAN = "span"
    COMMIT = "commit"
    NOTE = "note"
    FACT = "fact"


class FileMark(IntFlag):
    """What is known of a file from its path and attributes; ranking and skipping read it."""

    NONE = 0
    TEST = 1
    EXAMPLE = 2
    GENERATED = 4
    VENDORED = 8
    DOCUMENTATION = 16
    CONFIGURATION = 32
    LEGACY = 64
    """A compatibility or deprecated copy, by its path (``compat``, ``legacy``, ``_old``)."""
    STUB = 128
    """Declarations without bodies: ``.d.ts``, ``.pyi``."""


class Phase(StrEnum):
    """The steps of an index job, in the order in which they begin."""

    SCAN = "scan"
    HISTORY = "history"
    PARSE = "parse"
    LINK = "link"
    EMBED = "embed"
    PUBLISH = "publish"


# ------------------------------------------------------------------------------ repository


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a tree: ``mode`` as git's octal number, ``size`` in bytes or None if unknown."""

    path: str
    oid: str
    mode: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Blob:
    """The content of one object. ``data`` is None when it was not read; ``problem`` says why."""

    oid: str
    size: int
    data: bytes | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PathChange:
    """One path touched by a commit: ``status`` is git's letter (A, M, D, T)."""

    status: str
    path: str
    old_oid: str
    new_oid: str


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """One commit as read from the log; ``parents`` are absent objects at a shallow edge too."""

    oid: str
    parents: tuple[str, ...]
    author: str
    email: str
    authored: int
    committed: int
    message: str
    changes: tuple[PathChange, ...]
    changes_known: bool = True
    """False in a treeless clone, where a message comes without its paths."""


@dataclass(frozen=True, slots=True)
class BlameLine:
    """Who last changed a line, and in which commit."""

    line: int
    commit_id: str
    author: str
    email: str
    authored: int


@dataclass(frozen=True, slots=True)
class WorkingFile:
    """A file of the working copy that differs from HEAD.

    ``data`` None: could not be read, and ``problem`` says why; without a problem its ``oid`` is
    one that the caller said it knows.
    """

    path: str
    oid: str
    mode: int
    data: bytes | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """How the working copy differs from HEAD; untracked files that git ignores are left out."""

    changed: tuple[WorkingFile, ...]
    deleted: tuple[str, ...]
    skipped: tuple[Skipped, ...] = ()
    """What was not looked at: a FIFO, an unreadable folder, the untracked files beyond a limit."""


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """What a person should know of a repository before trusting what is read from it."""

    common_dir: str
    work_tree: str | None
    object_format: str
    head: str | None
    branch: str | None
    """None when HEAD is detached."""
    unborn: bool
    shallow: bool
    partial: bool
    owner: str
    """The user who owns the git folder, when it is not the current user; else empty."""
    submodules: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    """Sentences for Health, such as "history starts 2024-03-01 (shallow clone)"."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path, or an object, that is not searchable by content, and why."""

    path: str
    reason: str


# ----------------------------------------------------------------------------------- chunks


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named definition. ``parent`` is the qualified name around it, empty at the top."""

    name: str
    kind: SymbolKind
    parent: str
    start_line: int
    end_line: int
    name_line: int
    signature: str = ""
    doc: str = ""

    @property
    def qualified(self) -> str:
        """``parent.name``, with a dot whatever the language writes."""
        return f"{self.parent}.{self.name}" if self.parent else self.name


@dataclass(frozen=True, slots=True)
class Reference:
    """A name used at a line; ``inside`` is the qualified symbol that holds it, or empty."""

    name: str
    kind: ReferenceKind
    line: int
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A searchable piece of one file. ``text`` has its secrets cut out already.

    ``symbol`` is the qualified name (code) or the path of headings (docs, joined by " > ");
    ``words`` is ``text`` split and stemmed for the lexical index, joined by spaces.
    """

    kind: ChunkKind
    start_line: int
    end_line: int
    symbol: str
    text: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A secret that was cut out: its type and the lines it stood on, never its value."""

    type: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that is kept of one blob under one language."""

    language: str
    read_as: ReadAs
    encoding: str
    lines: int
    chunks: tuple[Chunk, ...]
    symbols: tuple[Symbol, ...]
    references: tuple[Reference, ...]
    redactions: tuple[Redaction, ...] = ()
    notice: str = ""
    """Why a better way of reading was not used; empty when the best one was."""
    skipped: str = ""
    """Why nothing was kept (binary, minified, LFS pointer ...); empty otherwise."""
    marks: FileMark = FileMark.NONE
    """What only the content says: GENERATED when its header says so, else NONE."""
    late: bool = False
    """The clock kept it from being read as it should be: another time it may be."""


# ----------------------------------------------------------------------------------- search


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for. ``text`` may hold scopes (``path:``, ``lang:``, ``kind:``, ``sym:``,
    ``who:``, ``since:``); retrieval parses them out.
    """

    text: str
    limit: int = 10
    kinds: tuple[ChunkKind, ...] = ()
    """Empty: all kinds."""
    even: bool = False
    """True: code, documents and history get equal shares of ``limit``, as who reads all of the hits
    wants them; False: they are laid into one list for a person, who reads the first ones."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked chunk. ``path`` is None for a commit or a note; ``commit_id`` None for those
    that are no commit and for the working copy.
    """

    path: str | None
    start_line: int
    end_line: int
    kind: ChunkKind
    symbol: str
    commit_id: str | None
    score: float
    found_by: tuple[FoundBy, ...]
    text: str
    blob_id: str | None = None
    note_id: str | None = None
    language: str = ""
    passage_id: int = 0
    """The catalog's id, for further look-ups within one engine; 0 for a note."""
    likeness: float = 0.0
    """Cosine of the passage and of what would answer the question; 0 where it is not among the nearest."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of what state of the repository an answer speaks, and how complete the index is."""

    commit_id: str | None
    head_id: str | None
    behind: int
    """Commits of HEAD's ancestry that are not indexed yet; -1 when it could not be counted."""
    working_copy: bool
    words_complete: bool
    passages: int
    embedded: int
    """How many of ``passages`` can be found by vector."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in order, best first."""

    query: str
    hits: tuple[Hit, ...]
    freshness: Freshness
    seconds: float = 0.0
    notices: tuple[str, ...] = ()
    """What the reader should know: an unknown scope, words only, a nothing-left query."""


# ---------------------------------------------------------------------------------- answers


@dataclass(frozen=True, slots=True)
class Citation:
    """What proves a statement. ``quote`` is the exact text of the lines as decoded from the blob,
    with secrets cut out; ``commit_id`` is empty for the working copy; a FACT carries the query
    that was counted and up to 20 things it rests on.
    """

    kind: CitationKind
    path: str | None
    start_line: int
    end_line: int
    commit_id: str | None
    blob_id: str | None
    quote: str
    note_id: str | None = None
    author: str = ""
    authored: int = 0
    fact: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on a walk along calls: the definition that is reached, and what leads there.

    ``name`` and ``caller`` are qualified; ``called_at`` is the line of the call in the caller's file.
    Where the walk begins there is no caller, and 0 for the line.
    """

    name: str
    path: str
    line: int
    says: str = ""
    """What the definition says of itself, verbatim; empty when it says nothing worth telling."""
    caller: str = ""
    called_at: int = 0
    sure: bool = True
    """False when several bear the name, and the likeliest was taken."""
    when: str = ""
    """The condition under which the call is made, as it is written; empty where it always is."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer (or a short piece of quoted code), with what proves it."""

    section: Section
    text: str
    citations: tuple[Citation, ...]
    quoted: bool = False
    """True: ``text`` is verbatim from its first citation. False: a computed fact."""
    step: Step | None = None
    """Where this sentence tells a step of a walk: the same in parts, for whoever draws it."""
    hinted: bool = False
    """True for a reason that is only hinted at: its wording does not say plainly that it is one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who most likely knows, and why we think so. ``email`` may be empty."""

    name: str
    email: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The label, decided from evidence; ``category`` only when something is missing."""

    status: VerdictStatus
    category: Category | None
    reason: str
    searched: tuple[str, ...]
    contacts: tuple[Contact, ...]


class ReviewMark(StrEnum):
    """What a person says of an answer."""

    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    """Takes the same person's earlier mark back; never shown."""


@dataclass(frozen=True, slots=True)
class Review:
    """A person's mark on an answer. ``commit_id`` is of what the answer spoke then.

    ``question`` is how it was worded when it was marked; ``stale``: the answer rests on other
    sources now than those that the person saw.
    """

    mark: ReviewMark
    by: str
    when: int
    comment: str
    commit_id: str | None
    email: str = ""
    question: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model made of an answer's statements, and what was not let through.

    Each of ``sentences`` is in the section of the statements it was written from, and carries
    their citations. The section MISSING is never written: it is the answer's own.
    """

    sentences: tuple[Statement, ...]
    model: str
    dropped: dict[str, int] = field(default_factory=dict)
    """Why sentences were not let through, and how many for each reason."""
    saw: int = 0
    """How many of the ``total`` sources the model can have read."""
    total: int = 0
    cut_off: bool = False
    """The text ends before its end; ``notice`` says why."""
    notice: str = ""
    seconds: float = 0.0

    @property
    def dropped_count(self) -> int:
        """How many sentences were not let through."""
        return sum(self.dropped.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a question. ``mode`` is "extracted" (no model) or "written"."""

    question: str
    commit_id: str | None
    verdict: Verdict
    statements: tuple[Statement, ...]
    follow_ups: tuple[str, ...]
    mode: str
    freshness: Freshness
    dropped: int = 0
    """Citations that did not match their blob, and were dropped with their statements."""
    gap_id: str | None = None
    draft: str = ""
    """A question for the first contact, ready to send; empty when nothing is missing."""
    seconds: float = 0.0
    reviews: tuple[Review, ...] = ()
    """What people said of the answer to this question, the newest first; one for each person."""
    kept_id: str = ""
    """Under which this answer is kept, and can be written out; empty when it is not kept."""
    written: Written | None = None
    """The same in a language model's words. ``statements`` stay as they are."""
    about: str = ""
    """What a question that goes on from another one was read to be about; empty for one that stands alone."""


def sections_shown(statements: Iterable[Statement]) -> tuple[Section, ...]:
    """Return the sections as an answer shows them: a recorded reason that was laid down first leads, since it
    was asked for; what is missing comes last.
    """
    first = next((each for each in statements if each.section is not Section.MISSING), None)
    if first is not None and first.section is Section.WHY and not first.hinted:
        return (Section.WHY, Section.WHAT, Section.MISSING)
    return (Section.WHAT, Section.WHY, Section.MISSING)


# -------------------------------------------------------------------------- what people made


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks or marks something, as git knows this user, or else the system; may be empty."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who met a gap, how often, and when last."""

    name: str
    email: str
    asked: int
    last_asked: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a note is about. ``quote`` is stored, since the repository may prune the blob."""

    path: str | None
    symbol: str
    start_line: int
    end_line: int
    commit_id: str | None
    blob_id: str | None
    quote: str


class AnchorState(StrEnum):
    """Whether a note still speaks of what is there."""

    CURRENT = "current"
    STALE = "stale"
    ORPHANED = "orphaned"
    UNANCHORED = "unanchored"


@dataclass(frozen=True, slots=True)
class Note:
    """What a person recorded: Markdown, with who said so and when."""

    id: str
    title: str
    text: str
    author: str
    email: str
    created: int
    updated: int
    category: Category | None
    anchor: Anchor | None
    state: AnchorState
    gap_id: str | None = None
    source: str = "person"
    """"person", or the path of a published file it was read from."""
    question: str = ""
    """The question that it answers, where it was written for one."""
    published: str = ""
    """The file of the repository that it was last published as; empty when it never was."""


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What is given to record or to change a note; ``about`` is ``path``, ``path:line``,
    ``path:line-line`` or a symbol's name, and may be empty.
    """

    title: str
    text: str
    about: str = ""
    author: str = ""
    email: str = ""
    category: Category | None = None
    gap_id: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that nobody's record answers, open until a note does."""

    id: str
    question: str
    category: Category | None
    missing: str
    asked: int
    first_asked: int
    last_asked: int
    note_id: str | None
    contacts: tuple[Contact, ...] = ()
    paths: tuple[str, ...] = ()
    askers: tuple[Asker, ...] = ()
    """Who met it, the last one first."""
    wordings: tuple[str, ...] = ()
    """Other words in which it was asked."""
    gone: tuple[str, ...] = ()
    """Those of ``paths`` that the repository does not have any more."""


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What is given to mark an answer. ``asked_id`` names the answer that was read, when it is one
    of the list of questions; else the last one that was given to this question counts.
    """

    question: str
    mark: ReviewMark
    comment: str = ""
    by: str = ""
    email: str = ""
    asked_id: str = ""


@dataclass(frozen=True, slots=True)
class AnchorText:
    """Lines as they were, or are; ``lines`` is empty where they are not there (any more)."""

    path: str | None
    start_line: int
    end_line: int
    commit_id: str | None
    blob_id: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteComparison:
    """A note with what its anchor said when it was written, and what stands there now.

    ``diff`` is a unified one, without a header; empty where nothing changed.
    """

    note: Note
    then: AnchorText | None
    now: AnchorText | None
    diff: tuple[str, ...] = ()


class PublishOutcome(StrEnum):
    """What became of a note's file."""

    WRITTEN = "written"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    """The file holds what people wrote since, or its place cannot be used; ``detail`` says which."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One note's file below the work tree."""

    note_id: str
    title: str
    path: str
    outcome: PublishOutcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was written into the work tree; ``folder`` is where, from its root."""

    folder: str
    files: tuple[PublishedFile, ...]
    notices: tuple[str, ...] = ()


# --------------------------------------------------------------------------------- the engine


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an index job stands. ``rate`` is units a second; the time left is a range."""

    phase: Phase
    done: int
    total: int
    unit: str
    current: str = ""
    rate: float = 0.0
    seconds_left: tuple[float, float] | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """Live chunks of each kind."""

    code: int = 0
    doc: int = 0
    commit: int = 0
    note: int = 0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index job did. ``seconds`` maps phases (and "total") to elapsed seconds."""

    commit: str | None
    files: int
    chunks: ChunkCounts
    embedded: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: dict[str, float]
    words_complete: bool = True
    vectors_complete: bool = True
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The state of an index, for `status`, Health and the status bar."""

    index_id: str
    index_dir: str
    repository: RepositoryFacts
    freshness: Freshness
    files: int
    chunks: ChunkCounts
    skipped: int
    redactions: int
    symbols: int
    commits: int
    languages: dict[str, int]
    model: str
    """Name of the embedding model, or "none"."""
    generation: str
    """Id of the Chroma generation that is searched; empty where every kind is small enough to compare all."""
    disk_bytes: int
    job: Progress | None
    engine_pid: int
    notices: tuple[str, ...] = ()
    left_behind: str = ""
    """Where this repository was when another index of it was made, notes and all, if that place is gone."""


class Severity(StrEnum):
    """How bad a finding of the doctor is."""

    OK = "ok"
    NOTICE = "notice"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the doctor checked."""

    check: str
    severity: Severity
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What `doctor` found, or what `repair` did."""

    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def damaged(self) -> bool:
        """True when anything needs a repair."""
        return any(finding.severity is Severity.DAMAGED for finding in self.findings)


ProgressSink = Callable[[Progress], None]


class Control(Protocol):
    """How a long piece of work is steered: it calls both methods often."""

    def checkpoint(self) -> None:
        """Block while paused or while a question runs; raise CancelledError when stopped."""

    def report(self, progress: Progress) -> None:
        """Tell whoever watches where the work stands."""


@runtime_checkable
class Stoppable(Protocol):
    """A control that tells without waiting whether its work is to stop."""

    def heed(self) -> None:
        """Raise CancelledError when stopped; never block."""


class Unwaiting:
    """A control for work that holds what a question waits for: it heeds a stop, and waits for nobody.

    Work that waits for a question which waits for it would stand still until one of the two gives up.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def checkpoint(self) -> None:
        """See Control."""
        if isinstance(self._control, Stoppable):
            self._control.heed()

    def report(self, progress: Progress) -> None:
        """See Control."""
        self._control.report(progress)


def shown_path(path: str) -> str:
    r"""Return ``path`` with bytes that are not UTF-8 written as ``\xff``; always encodable."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
