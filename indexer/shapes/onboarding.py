"""Tours, sessions, and what a mentor sees of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from indexer.method import Method, Nothing
from indexer.types import (
    Anchor,
    AnchorState,
    Contact,
    Gap,
    Person,
    PublishReport,
    Skipped,
    Statement,
    VerdictStatus,
)


class TourRole(StrEnum):
    """For whom a tour is; it decides what is shown, and how much of it."""

    ANY = "any"
    BACKEND = "backend"
    FRONTEND = "frontend"
    OPS = "ops"
    QA = "qa"


class StepKind(StrEnum):
    """What a step is about."""

    PURPOSE = "purpose"
    LAYOUT = "layout"
    RUN = "run"
    ENTRY = "entry"
    CORE = "core"
    FLOW = "flow"
    DATA = "data"
    SETTINGS = "settings"
    TESTS = "tests"
    RELEASE = "release"
    HOT = "hot"
    DECISIONS = "decisions"
    UNWRITTEN = "unwritten"
    OWN = "own"
    """Written by a person."""


# -------------------------------------------------------------------------------------- tours


@dataclass(frozen=True, slots=True)
class TourLine:
    """One sentence of a step. ``state``: whether what it cites still says so; a person's own words
    (``by``) cite nothing, and are theirs alone.
    """

    statement: Statement
    state: AnchorState = AnchorState.CURRENT
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Code to read. ``anchor`` stands where it was found at this moment; ``notice`` tells what moved."""

    title: str
    anchor: Anchor
    state: AnchorState = AnchorState.CURRENT
    notice: str = ""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A question to oneself; ``right`` is the place of the right one of ``choices``, -1 without any."""

    question: str
    answer: TourLine
    choices: tuple[str, ...] = ()
    right: int = -1


@dataclass(frozen=True, slots=True)
class TourStep:
    """One stop. ``key`` stays the same whatever is edited around it. ``introduces`` and ``uses``
    are names and paths: what is used was introduced here or before.
    """

    key: str
    kind: StepKind
    title: str
    lines: tuple[TourLine, ...]
    reading: tuple[Reading, ...] = ()
    matters: TourLine | None = None
    check: SelfCheck | None = None
    minutes: int = 5
    introduces: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tour:
    """A route. ``commit_id`` is of what it was derived from; ``source`` is "derived", "person", or
    the file of the repository that it was read from.
    """

    id: str
    title: str
    area: str
    role: TourRole
    version: int
    written: int
    by: str
    email: str
    commit_id: str | None
    steps: tuple[TourStep, ...]
    source: str = "derived"
    base: int = 0
    """The version that this one was made from; 0 for the first."""
    published: str = ""
    dropped: int = 0
    """Statements that their sources did not bear out when it was derived."""
    notices: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """How long the whole takes, as estimated."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True, slots=True)
class TourHead:
    """A tour in a list; ``sessions`` counts the walks that were begun."""

    id: str
    title: str
    area: str
    role: TourRole
    version: int
    written: int
    by: str
    source: str
    steps: int
    minutes: int
    sessions: int = 0
    published: str = ""


@dataclass(frozen=True, slots=True)
class TourWanted:
    """Derive a tour of ``area`` (a folder, a file, a name; empty for the whole)."""

    area: str = ""
    role: TourRole = TourRole.ANY
    by: Person = field(default_factory=Person)


@dataclass(frozen=True, slots=True)
class TourName:
    """A tour, or the start of its id that is unique; ``version`` 0 is the newest."""

    id: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class TourList:
    """All tours, the last changed first; ``problems`` are files that cannot be read as one."""

    tours: tuple[TourHead, ...]
    problems: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class TourVersions:
    """Every version of a tour, the oldest first."""

    tours: tuple[TourHead, ...]


@dataclass(frozen=True, slots=True)
class TourText:
    """A tour as Markdown, to be edited."""

    id: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class TourEdit:
    """The Markdown of a tour as a person changed it; ``base`` is the version that they began with."""

    id: str
    base: int
    text: str
    by: Person = field(default_factory=Person)


@dataclass(frozen=True, slots=True)
class TourPublish:
    """Write tours into a folder of the work tree; none named: all of one's own."""

    into: str = ""
    tours: tuple[str, ...] = ()


# ----------------------------------------------------------------------------------- sessions


class SessionAct(StrEnum):
    """What somebody does on their way."""

    OPENED = "opened"
    DONE = "done"
    AGAIN = "again"
    """Takes a step back out of those that are done."""
    ASKED = "asked"
    STUCK = "stuck"
    NOTED = "noted"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """One thing that happened. ``text`` is a question, a note, or what is unclear; ``answer`` what
    was answered in short, with its places; ``right`` is for a self-check (None: not marked).
    """

    act: SessionAct
    at: int
    step: str
    text: str = ""
    answer: str = ""
    status: VerdictStatus | None = None
    gap_id: str = ""
    asked_id: str = ""
    chosen: int = -1
    right: bool | None = None
    title: str = ""
    """Of the step, as it was called then."""


@dataclass(frozen=True, slots=True)
class Session:
    """One person's walk. ``tour_version`` is the one it walks now."""

    id: str
    tour_id: str
    tour_version: int
    title: str
    name: str
    email: str
    begun: int
    last: int
    current: str
    """The key of the step that it stands at; empty when all is done."""
    done: tuple[str, ...]
    steps: int
    events: tuple[SessionEvent, ...] = ()
    finished: int = 0
    """When the last step was done; 0 before."""


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session with its tour as it stands now, and the gaps that it met."""

    session: Session
    tour: Tour
    gaps: tuple[Gap, ...]
    may_know: tuple[Contact, ...] = ()
    """For the step that it stands at."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionStart:
    """Begin a walk of a tour."""

    tour_id: str
    by: Person = field(default_factory=Person)


@dataclass(frozen=True, slots=True)
class SessionName:
    """A session, or the start of its id that is unique; empty for the last one that was walked."""

    id: str = ""


@dataclass(frozen=True, slots=True)
class SessionStep:
    """What somebody does: at ``step`` (empty: where the session stands), which is a key or a number.

    ``text``: what is unclear, a note, or a question that was asked as ``asked_id``. ``chosen``: the
    place of a choice of the self-check, from 0. ``right``: how they judge their own answer.
    """

    id: str
    act: SessionAct
    step: str = ""
    text: str = ""
    asked_id: str = ""
    chosen: int = -1
    right: bool | None = None
    by: Person = field(default_factory=Person)


@dataclass(frozen=True, slots=True)
class SessionList:
    """Sessions, the last walked first, without what happened in them."""

    sessions: tuple[Session, ...]


class ReportForm(StrEnum):
    """How a report is written; a PDF is made of the Markdown, where the desktop is installed."""

    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class ReportWanted:
    """What a mentor reads of one session."""

    id: str
    form: ReportForm = ReportForm.MARKDOWN


@dataclass(frozen=True, slots=True)
class Report:
    """A written report; ``name`` is a file name without its ending."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class StepTrouble:
    """How several people fared at one step. Each is a number of sessions."""

    key: str
    title: str
    reached: int
    done: int
    stuck: int
    asked: int
    checked: int
    wrong: int


@dataclass(frozen=True, slots=True)
class GapAgain:
    """A gap that sessions met, with the steps where, and who could answer it."""

    gap: Gap
    sessions: tuple[str, ...]
    people: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TourTrouble:
    """The steps of one tour, as its walkers fared."""

    tour_id: str
    title: str
    sessions: int
    finished: int
    steps: tuple[StepTrouble, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A mentor's view over all sessions."""

    sessions: tuple[Session, ...]
    tours: tuple[TourTrouble, ...]
    gaps: tuple[GapAgain, ...]


TOUR_NEW: Final = Method("tour_new", TourWanted, Tour, repeatable=False)
TOUR_LIST: Final = Method("tour_list", Nothing, TourList)
TOUR_SHOW: Final = Method("tour_show", TourName, Tour)
TOUR_VERSIONS: Final = Method("tour_versions", TourName, TourVersions)
TOUR_TEXT: Final = Method("tour_text", TourName, TourText)
TOUR_EDIT: Final = Method("tour_edit", TourEdit, Tour, repeatable=False)
TOUR_DELETE: Final = Method("tour_delete", TourName, Nothing)
TOUR_RESTORE: Final = Method("tour_restore", TourName, Nothing)
TOUR_PUBLISH: Final = Method("tour_publish", TourPublish, PublishReport)
SESSION_START: Final = Method("session_start", SessionStart, SessionPage, repeatable=False)
SESSION_SHOW: Final = Method("session_show", SessionName, SessionPage)
SESSION_STEP: Final = Method("session_step", SessionStep, SessionPage, repeatable=False)
SESSION_LIST: Final = Method("session_list", Nothing, SessionList)
SESSION_DELETE: Final = Method("session_delete", SessionName, Nothing)
SESSION_RESTORE: Final = Method("session_restore", SessionName, Nothing)
SESSION_REPORT: Final = Method("session_report", ReportWanted, Report)
SESSION_OVERVIEW: Final = Method("session_overview", Nothing, Overview)

METHODS: Final[tuple[Method[Any, Any], ...]] = (
    TOUR_NEW,
    TOUR_LIST,
    TOUR_SHOW,
    TOUR_VERSIONS,
    TOUR_TEXT,
    TOUR_EDIT,
    TOUR_DELETE,
    TOUR_RESTORE,
    TOUR_PUBLISH,
    SESSION_START,
    SESSION_SHOW,
    SESSION_STEP,
    SESSION_LIST,
    SESSION_DELETE,
    SESSION_RESTORE,
    SESSION_REPORT,
    SESSION_OVERVIEW,
)
