"""Where the window can be: what a link leads to, and what Back and Forward go through."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.types import NoteDraft


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
class HistoryPlace:
    """The timeline, narrowed by text and time (seconds; 0 is open)."""

    text: str = ""
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
    | SourcePlace
    | CommitPlace
    | KnowledgePlace
    | HistoryPlace
    | HealthPlace
    | SettingsPlace
)
