"""Where the window can be: what a link leads to, and what Back and Forward go through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a name in an annotation; the first page is painted without the engine's types
    from indexer.types import NoteDraft

MAX_TRAIL = 200
"""Steps that Back can take."""


@dataclass(frozen=True, slots=True)
class HomePlace:
    """The home page of the open repository, or the first page when none is open."""


@dataclass(frozen=True, slots=True)
class AskPlace:
    """An answer: to a new ``question``, or one kept under ``asked_id``; ``number`` is the chip."""

    question: str = ""
    asked_id: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class LogPlace:
    """A log, explained: a file by its path, or the text of a short one."""

    path: str = ""
    text: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Lines of a file, at the indexed state unless ``blob_id`` says otherwise."""

    path: str
    start_line: int = 1
    end_line: int = 1
    blob_id: str = ""
    commit_id: str = ""


@dataclass(frozen=True, slots=True)
class CommitPlace:
    """One commit's page."""

    commit_id: str


@dataclass(frozen=True, slots=True)
class KnowledgePlace:
    """Notes and gaps; with a ``draft`` the editor is open on it."""

    note_id: str = ""
    gap_id: str = ""
    draft: NoteDraft | None = None


@dataclass(frozen=True, slots=True)
class ModulesPlace:
    """A module's summary, or the map or the graph of what lies below ``path``; empty: the repository.

    ``tab`` is "summary", "map" or "graph"; ``number`` the chip of a summary.
    """

    path: str = ""
    tab: str = "summary"
    number: int = 0


@dataclass(frozen=True, slots=True)
class OnboardingPlace:
    """Tours and sessions; a session at a ``step`` (empty: where it stands), or the ``mentor``'s page."""

    session_id: str = ""
    step: str = ""
    mentor: bool = False


@dataclass(frozen=True, slots=True)
class HistoryPlace:
    """The timeline, narrowed by text and time (seconds; 0 is open)."""

    text: str = ""
    after: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class ChangesPlace:
    """What changed: in the range of commits ``name``, else between two times (seconds; 0 is open)."""

    name: str = ""
    after: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class HealthPlace:
    """What is indexed, what is not, and why."""


@dataclass(frozen=True, slots=True)
class SettingsPlace:
    """What the person may choose."""


Place = (
    HomePlace
    | AskPlace
    | LogPlace
    | SourcePlace
    | CommitPlace
    | KnowledgePlace
    | ModulesPlace
    | OnboardingPlace
    | HistoryPlace
    | ChangesPlace
    | HealthPlace
    | SettingsPlace
)


class Trail:
    """Where the person has been in one repository: what Back and Forward go through."""

    def __init__(self, first: object) -> None:
        self._places: list[object] = [first]
        self._at = 0

    @property
    def here(self) -> object:
        """The place that is shown."""
        return self._places[self._at]

    @property
    def can_go_back(self) -> bool:
        """True when there is a place before this one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """True when there is a place to come back to."""
        return self._at < len(self._places) - 1

    def go(self, place: object) -> None:
        """Go to a new place; what lay ahead is forgotten. The same place twice is one step."""
        if place == self.here:
            return
        del self._places[self._at + 1 :]
        self._places.append(place)
        del self._places[: max(0, len(self._places) - MAX_TRAIL)]
        self._at = len(self._places) - 1

    def replace(self, place: object) -> None:
        """Say better what the present place is, without a new step."""
        self._places[self._at] = place

    def back(self) -> object:
        """Go one step back, and return the place."""
        self._at = max(0, self._at - 1)
        return self.here

    def forward(self) -> object:
        """Go one step forward, and return the place."""
        self._at = min(len(self._places) - 1, self._at + 1)
        return self.here
