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


QUESTIONS: tuple[Answered[Any, Any], ...] = (
    Answered(protocol.SEARCH, lambda index, query: index.search(query)),
    Answered(protocol.ASK, lambda index, question: index.ask(question.text, record=question.record)),
    Answered(protocol.WHO, lambda index, wanted: index.who(wanted)),
)
"""These wait until words are searchable, and hold background work back while they run."""

PLAIN: tuple[Answered[Any, Any], ...] = (
    Answered(protocol.NOTE_ADD, lambda index, draft: index.add_note(draft)),
    Answered(protocol.NOTE_EDIT, lambda index, change: index.edit_note(change.id, change.draft)),
    Answered(protocol.NOTE_SHOW, lambda index, name: index.note(name.id)),
    Answered(protocol.NOTE_LIST, lambda index, _: protocol.NoteList(tuple(index.notes()))),
    Answered(protocol.GAPS, _gaps),
    Answered(protocol.DOCTOR, lambda index, _: index.health()),
)
"""These answer whatever state the index is in."""
