"""What a range of commits, or what is staged, changes; and drafts of texts about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from indexer.method import Method
from indexer.types import Contact, Statement, SymbolKind


class RangeKind(StrEnum):
    """How a range is named."""

    COMMITS = "commits"
    """``A..B``: what B has and A has not; ``A...B``: since the two parted; a single commit: itself."""
    BRANCH = "branch"
    """What a branch brings, since it left the line that it will go back to."""
    STAGED = "staged"
    """What the next commit would hold."""
    SINCE_LAST = "since-last"
    """What is new since the same was asked for the last time."""
    DATES = "dates"
    """What came between two times, on HEAD's own line."""


class DraftKind(StrEnum):
    """A text that can be drafted from a summary, for a person to review."""

    PULL_REQUEST = "pr"
    RELEASE_NOTE = "release-note"
    COMMIT_MESSAGE = "commit-message"


class StoryKind(StrEnum):
    """What a commit was for, as its subject says it."""

    FEATURE = "feature"
    FIX = "fix"
    REMOVAL = "removal"
    CHANGE = "change"
    DEPENDENCY = "dependency"
    DOCUMENTATION = "documentation"
    TEST = "test"
    BUILD = "build"
    RELEASE = "release"


class StoryForm(StrEnum):
    """How a commit came to be."""

    PLAIN = "plain"
    MERGE = "merge"
    REVERT = "revert"


class ApiChange(StrEnum):
    """What became of a definition that others can use."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """Its signature is another."""
    MOVED = "moved"
    """It is the same, in another file."""


class SettingKind(StrEnum):
    """What is set, or how data is laid out."""

    KEY = "key"
    """A key of a configuration file, or a setting that the code declares."""
    VARIABLE = "variable"
    """An environment variable that the code reads."""
    DEPENDENCY = "dependency"
    SCHEMA = "schema"
    """A table, a migration, an interface description."""


class RiskKind(StrEnum):
    """Why a change wants a closer look; each is a fact that can be looked up, never a prediction."""

    HOT_SPOT = "hot-spot"
    DEPENDANTS = "many-dependants"
    NO_OWNER = "no-owner-left"
    NO_REASON = "no-recorded-reason"
    NO_TEST = "no-test-changed"
    STILL_USED = "still-used"
    """Removed, or of another signature, and its name is still used."""


@dataclass(frozen=True, slots=True)
class ChangesWanted:
    """What to summarise. ``name`` is the range or the branch; ``after`` and ``before`` are times (0:
    open); ``most`` is how many commits are told for each module, the rest is counted.
    """

    of: RangeKind = RangeKind.COMMITS
    name: str = ""
    after: int = 0
    before: int = 0
    most: int = 5
    drafts: tuple[DraftKind, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """One end of a range. ``commit_id`` is empty for what is staged, and before the first commit."""

    commit_id: str
    name: str
    when: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What the range holds, counted. Lines are -1 where they could not be counted in time."""

    commits: int = 0
    merges: int = 0
    reverts: int = 0
    automatic: int = 0
    """Commits by robots, such as updates of dependencies."""
    authors: int = 0
    files: int = 0
    added: int = 0
    deleted: int = 0
    moved: int = 0
    lines_added: int = -1
    lines_deleted: int = -1
    binary: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One commit, or a merge with those that it brought: ``says`` is its subject, ``why`` what its
    message gives as a reason, verbatim. ``undone_by`` and ``undoes`` are ids of commits.
    """

    commit_id: str
    kind: StoryKind
    form: StoryForm
    author: str
    authored: int
    says: Statement
    why: tuple[Statement, ...] = ()
    commits: int = 1
    number: str = ""
    """Of the pull request, as ``#12``, where the subject names it."""
    undoes: str = ""
    undone_by: str = ""
    marked_breaking: bool = False
    """Its own message says that it breaks something."""


@dataclass(frozen=True, slots=True)
class ApiRow:
    """One definition that changed. ``before`` and ``after`` are signatures, empty where there is none;
    ``path`` and ``line`` are where it is now, or was, when it is gone.
    """

    change: ApiChange
    kind: SymbolKind
    name: str
    path: str
    line: int
    before: str
    after: str
    says: Statement
    used: int = 0
    """Places of the indexed commit that use its name still; counted for what is gone or changed."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, variable, dependency or schema. Values are shown without secrets."""

    kind: SettingKind
    name: str
    path: str
    before: str
    after: str
    says: Statement


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason to look closer, with what it rests on."""

    kind: RiskKind
    says: Statement


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person to ask for review, and the files that they know."""

    contact: Contact
    says: Statement


@dataclass(frozen=True, slots=True)
class ModuleChange:
    """What changed in one module. The ``..._more`` count what is not told here; lines are -1 where they
    could not be counted.
    """

    name: str
    files: int
    lines_added: int
    lines_deleted: int
    commits: int
    facts: tuple[Statement, ...]
    stories: tuple[Story, ...]
    stories_more: int
    api: tuple[ApiRow, ...]
    api_more: int
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to review before anybody sends it. ``convention`` says what its form was learnt from."""

    kind: DraftKind
    title: str
    text: str
    convention: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """What changed between two states, by module, with drafts where they were asked for.

    ``missing`` are statements of what nobody recorded; ``dropped`` counts statements that their
    sources did not bear out.
    """

    of: RangeKind
    start: End
    end: End
    counts: Counts
    lead: tuple[Statement, ...]
    modules: tuple[ModuleChange, ...]
    modules_more: int
    settings: tuple[SettingRow, ...]
    settings_more: int
    tests: tuple[Statement, ...]
    risks: tuple[Risk, ...]
    reviewers: tuple[Reviewer, ...]
    missing: tuple[Statement, ...]
    drafts: tuple[Draft, ...] = ()
    dropped: int = 0
    notices: tuple[str, ...] = ()
    seconds: float = 0.0


CHANGES: Final = Method("changes", ChangesWanted, ChangeSummary)

METHODS: Final[tuple[Method[Any, Any], ...]] = (CHANGES,)
