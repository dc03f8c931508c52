"""Modules of a repository, their summaries, and its map."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from indexer.method import Method
from indexer.types import Contact, FileMark, Statement

# ------------------------------------------------------------------------------------ the tree


class ModuleKind(StrEnum):
    """What makes a part of the repository a module."""

    WHOLE = "whole"
    """The repository itself; its path is empty."""
    BUILD = "build"
    """A folder that a build tool knows as a unit: Maven, Gradle, npm, Go, Cargo, Python ..."""
    PACKAGE = "package"
    """A folder that the language takes for a unit."""
    FOLDER = "folder"
    GROUP = "group"
    """Files of one large flat folder that belong together by imports and history."""


class ModuleUse(StrEnum):
    """What a module is for, by the marks of most of its files."""

    CODE = "code"
    TESTS = "tests"
    EXAMPLES = "examples"
    DOCUMENTS = "documents"
    CONFIGURATION = "configuration"
    GENERATED = "generated"
    VENDORED = "vendored"


class ReviewState(StrEnum):
    """Whether a person has looked through a summary."""

    NONE = "none"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"
    """The module changed since a person had marked it."""


@dataclass(frozen=True, slots=True)
class WhyCount:
    """How much of some code has a recorded reason. ``definitions`` and ``reasons`` count symbols;
    ``share`` (0 to 1) weighs them by how often they change and are used.
    """

    definitions: int
    reasons: int
    share: float
    weight: float = 0.0
    """What ``share`` is a share of: shares of several are averaged by it."""

    @property
    def without(self) -> int:
        """Definitions that nobody recorded a reason for."""
        return self.definitions - self.reasons


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """One line of the tree. Counts cover everything below; ``own_files`` and ``own_lines`` what lies in
    the module itself, not in a module below it.

    ``path`` is a shown path without a slash at its end, empty for the whole repository, and
    ``folder#name`` for a group.
    """

    path: str
    name: str
    parent: str | None
    """The path of the module around it; None for the whole repository."""
    depth: int
    kind: ModuleKind
    use: ModuleUse
    build: str
    """The tool that builds it ("Maven", "npm", "Go" ...), or empty."""
    language: str
    own_files: int
    own_lines: int
    files: int
    lines: int
    changes: int
    """Commits in the 12 months before the newest commit that touched it."""
    authors: int
    """People who ever wrote a commit that touched it; no robots."""
    one_author: bool
    """Nobody but one person wrote anything of it."""
    why: WhyCount
    says: str
    """Its purpose in one sentence, or empty where its summary was not made yet."""
    review: ReviewState = ReviewState.NONE
    written: bool = False
    """A person wrote a paragraph at its top."""


@dataclass(frozen=True, slots=True)
class ModulesWanted:
    """Which modules: all of them, or those at and below ``path``."""

    path: str = ""
    renewed: bool = False
    """Make every summary that is missing or outdated first, so that each row says its purpose."""


@dataclass(frozen=True, slots=True)
class ModuleTree:
    """Modules, each after the one around it, in the order of their paths."""

    rows: tuple[ModuleRow, ...]
    commit_id: str | None
    made: int = 0
    """Summaries that were made for this call; the others were as they should be."""
    notices: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------- the map


@dataclass(frozen=True, slots=True)
class MapWanted:
    """Which files: those at and below the module or folder ``path``; all of them when it is empty."""

    path: str = ""
    months: int = 12
    """Over how many months before the newest commit changes are counted; 0: over all of history."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One rectangle of the treemap, one row of the table beside it."""

    path: str
    module: str
    """The path of the module that it belongs to."""
    language: str
    lines: int
    changes: int
    """Commits of the months asked for."""
    last_changed: int
    """When a commit last touched it; 0 when none is known."""
    authors: int
    why: WhyCount
    marks: FileMark = FileMark.NONE

    @property
    def one_author(self) -> bool:
        """Whether nobody but one person wrote it."""
        return self.authors == 1


@dataclass(frozen=True, slots=True)
class FileMap:
    """Files in the order of their paths; those without lines (binary, empty) are left out and counted."""

    rows: tuple[FileRow, ...]
    commit_id: str | None
    left_out: int = 0
    notices: tuple[str, ...] = ()


# --------------------------------------------------------------------------------- dependencies


@dataclass(frozen=True, slots=True)
class DependenciesWanted:
    """Between which modules: those below ``path`` (all when it is empty).

    At most ``limit`` nodes: the tree is opened from the top, the largest first, until there are so many.
    """

    path: str = ""
    limit: int = 40
    minor: bool = False
    """Tests, examples, documents, vendored and generated code too."""


@dataclass(frozen=True, slots=True)
class ModuleEdge:
    """How one module leans on another. ``imports`` are pairs of files; ``together`` are commits of the
    last 24 months that touched both (large ones left out): the same in both directions.
    """

    source: str
    target: str
    imports: int
    together: int
    places: tuple[str, ...] = ()
    """Some lines that import, as ``path:line``."""
    named: int = 0
    """Those of ``imports`` in which no import leads from one file to the other, but a name in a text."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """``nodes`` are modules that hold everything below them that is no node itself."""

    nodes: tuple[ModuleRow, ...]
    edges: tuple[ModuleEdge, ...]
    circles: tuple[tuple[str, ...], ...]
    """Modules that reach each other by imports, in groups."""
    commit_id: str | None
    left_out: int = 0
    """Modules that did not fit or had no file of the kind asked for."""


# ----------------------------------------------------------------------------------- the summary


@dataclass(frozen=True, slots=True)
class Named:
    """One line of a list: a thing with its place, and the sentence about it with what proves that."""

    name: str
    kind: str
    """What it is, in words: "class", "route", "command", "table", "environment variable" ..."""
    path: str
    line: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class ModuleLink:
    """Another module that this one uses, is used by, or changes together with."""

    path: str
    imports: int
    together: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class ModuleFlow:
    """What happens from an entry point on, step by step; each statement carries its ``step``."""

    name: str
    path: str
    line: int
    steps: tuple[Statement, ...]


class PersonRole(StrEnum):
    """Why a person is named."""

    OWNER = "owner"
    """Named by CODEOWNERS."""
    RECENT = "recent"
    """Wrote commits to it, and is still there."""
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class ModulePerson:
    """Somebody who knows the module. ``commits`` and ``last`` are of commits that touched it."""

    role: PersonRole
    contact: Contact
    commits: int
    last: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class Heat:
    """How often it changes. ``months`` are commits of the last 24 months before the newest commit, the
    oldest first; ``statement`` says how that stands to its size and to the whole.
    """

    changes: int
    earlier: int
    """Commits in the 12 months before those."""
    lines: int
    months: tuple[int, ...]
    ends: int
    """The time of the newest commit, where the last month ends."""
    statement: Statement


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A definition without a recorded reason. ``changes`` are commits that rewrote lines of it,
    ``uses`` are places that name it.
    """

    name: str
    path: str
    line: int
    changes: int
    uses: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class WhyMeter:
    """How much of a module has a recorded reason; the most changed and used without one are named."""

    count: WhyCount
    whole: WhyCount
    """The same of the whole repository."""
    statement: Statement
    worst: tuple[Unexplained, ...]


@dataclass(frozen=True, slots=True)
class OwnParagraph:
    """What a person wrote at the top of a summary: Markdown."""

    text: str
    by: str
    email: str
    when: int
    commit_id: str | None


@dataclass(frozen=True, slots=True)
class ModuleReview:
    """A person's mark on a summary. ``changed`` are the files of the module that are not what they were
    then; the mark is withdrawn when there are any.
    """

    by: str
    email: str
    when: int
    commit_id: str | None
    changed: tuple[str, ...] = ()
    changed_count: int = 0


@dataclass(frozen=True, slots=True)
class ModulePage:
    """The summary of one module; what it rests on is cited sentence by sentence."""

    row: ModuleRow
    commit_id: str | None
    """The commit that it was made from."""
    made: int
    """When it was made."""
    fresh: bool
    """True: made for this call; False: kept from before, since nothing that it rests on changed."""
    paragraph: OwnParagraph | None
    review: ModuleReview | None
    purpose: tuple[Statement, ...]
    surface: tuple[Named, ...]
    entries: tuple[Named, ...]
    uses: tuple[ModuleLink, ...]
    used_by: tuple[ModuleLink, ...]
    together: tuple[ModuleLink, ...]
    """Modules that change together with it, without an import either way."""
    data: tuple[Named, ...]
    flows: tuple[ModuleFlow, ...]
    tests: tuple[Named, ...]
    people: tuple[ModulePerson, ...]
    heat: Heat | None
    decisions: tuple[Named, ...]
    """Recorded reasons, each with the definition or the file that it is about."""
    why: WhyMeter | None
    missing: tuple[Statement, ...]
    """What was looked for and is not there; each says so."""
    below: tuple[str, ...] = ()
    """Paths of the modules in it."""
    totals: dict[str, int] = field(default_factory=dict)
    """How many there are of what is shown in part: "surface", "entries", "data", "tests", "decisions" ..."""
    dropped: int = 0
    """Statements that their sources did not bear out, and that are not shown."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleWanted:
    """Which module: its path, or the path of a file or folder in it ("" or "." is the whole)."""

    path: str


@dataclass(frozen=True, slots=True)
class ModuleMark:
    """Marks a summary as reviewed as it is now, or takes the mark back."""

    path: str
    reviewed: bool
    by: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ModuleText:
    """Puts a paragraph at the top of a summary; an empty text takes it away."""

    path: str
    text: str
    by: str = ""
    email: str = ""


MODULES: Final = Method("modules", ModulesWanted, ModuleTree)
MODULE: Final = Method("module", ModuleWanted, ModulePage)
MODULE_MARK: Final = Method("module_mark", ModuleMark, ModulePage)
MODULE_TEXT: Final = Method("module_text", ModuleText, ModulePage, repeatable=False)
FILE_MAP: Final = Method("file_map", MapWanted, FileMap)
DEPENDENCIES: Final = Method("dependencies", DependenciesWanted, Dependencies)

METHODS: Final[tuple[Method[Any, Any], ...]] = (
    MODULES,
    MODULE,
    MODULE_MARK,
    MODULE_TEXT,
    FILE_MAP,
    DEPENDENCIES,
)
