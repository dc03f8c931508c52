"""Which part of the index answers which method; what needs the job or the engine is in `service`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from indexer import protocol
from indexer.protocol import Method

if TYPE_CHECKING:
    from indexer.knowledge import KnowledgeBase

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Answered(Generic[P, R]):
    """A method with what computes its result, on any thread."""

    method: Method[P, R]
    answer: Callable[[KnowledgeBase, P], R]


def _gaps(index: KnowledgeBase, wanted: protocol.GapFilter) -> protocol.GapList:
    return protocol.GapList(tuple(index.gaps(wanted.answered, wanted.dismissed)))


def _notes(index: KnowledgeBase, _: protocol.Nothing) -> protocol.NoteList:
    return protocol.NoteList(tuple(index.notes()), tuple(index.note_problems()))


def _versions(index: KnowledgeBase, name: protocol.NoteName) -> protocol.NoteList:
    return protocol.NoteList(tuple(index.note_versions(name.id)))


def _include(index: KnowledgeBase, wanted: protocol.Include) -> protocol.Nothing:
    index.including.include(wanted.path, wanted.on)
    return protocol.Nothing()


def _leave(index: KnowledgeBase, _: protocol.Nothing) -> protocol.Nothing:
    index.leave_behind()
    return protocol.Nothing()


QUESTIONS: tuple[Answered[Any, Any], ...] = (
    Answered(protocol.SEARCH, lambda index, query: index.search(query)),
    Answered(
        protocol.ASK,
        lambda index, asked: index.ask(asked.text, asked.by, record=asked.record, follows=asked.follows),
    ),
    Answered(protocol.WHO, lambda index, wanted: index.who(wanted)),
    Answered(protocol.REVIEW, lambda index, draft: index.review(draft)),
)
"""These wait until words are searchable, and hold background work back while they run."""

PLAIN: tuple[Answered[Any, Any], ...] = (
    Answered(protocol.NOTE_ADD, lambda index, draft: index.add_note(draft)),
    Answered(protocol.NOTE_EDIT, lambda index, change: index.edit_note(change.id, change.draft)),
    Answered(protocol.NOTE_SHOW, lambda index, name: index.note(name.id)),
    Answered(protocol.NOTE_LIST, _notes),
    Answered(protocol.NOTE_COMPARE, lambda index, name: index.compare(name.id)),
    Answered(protocol.NOTE_VERSIONS, _versions),
    Answered(protocol.PUBLISH, lambda index, wanted: index.publish_notes(wanted.into, wanted.notes)),
    Answered(protocol.GAPS, _gaps),
    Answered(protocol.INCLUDE, _include),
    Answered(protocol.LEAVE_BEHIND, _leave),
    Answered(protocol.DOCTOR, lambda index, _: index.health()),
)
"""These answer whatever state the index is in."""
