"""Lays down what people recorded about a question: every voice, and whether it still holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.citations import cite_note
from indexer.answer.contacts import day
from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry, listed
from indexer.answer.sentences import Sentence
from indexer.types import AnchorState, ChunkKind, Citation, Note, Section

VOICES: Final = 3
"""Notes that are quoted; those beyond are named."""

SENTENCES: Final = 2
"""Sentences of the only note; of several, each has one."""

SPEAKS: Final = 0.5
"""Worth from which a note that was not written for the question is quoted."""


def say_notes(inquiry: Inquiry) -> None:
    """Quote what people recorded about this, before anything else; say where they may differ."""
    chosen = _chosen(inquiry)
    quoted: list[Note] = []
    for note, sentences in chosen[:VOICES]:
        most = SENTENCES if len(chosen) == 1 else 1
        if sum([inquiry.page.quote(Section.WHY, each) for each in sentences[:most]]):
            quoted.append(note)
    told = [note for note, _ in chosen]
    unquoted = [note for note in told if note not in quoted]
    if unquoted:
        names = listed([f"{note.id} by {_signed(note)}" for note in unquoted])
        more = "More notes speak" if len(unquoted) > 1 else "One more note speaks"
        inquiry.page.tell(Section.WHY, f"{more} of this: {names}.", [_cited(note) for note in unquoted])
    if len({(note.author, note.email, note.updated) for note in told}) > 1:
        inquiry.page.tell(Section.WHY, _side_by_side(told), [_cited(note) for note in told])
    for note in told:
        if note.state in (AnchorState.STALE, AnchorState.ORPHANED):
            inquiry.page.tell(Section.WHY, _no_longer(note), [_cited(note)])


def aged(inquiry: Inquiry) -> str:
    """Return the sentence that warns of notes written for code that has changed since; else nothing."""
    old = [note for note, _ in _chosen(inquiry) if note.state in (AnchorState.STALE, AnchorState.ORPHANED)]
    if not old:
        return ""
    which = "The note is" if len(old) == 1 else f"{len(old)} of the notes are"
    return f" {which} stale: the code has changed since; confirm that it still holds."


def _chosen(inquiry: Inquiry) -> list[tuple[Note, list[Found]]]:
    """Return the notes that speak of this with their sentences, those written for the question first."""
    if not inquiry.notes:
        return []  # comparing all sentences by meaning is not worth it then
    notes = {note.id: note for note in inquiry.notes}
    by_note: dict[str, list[Found]] = {}
    for found in inquiry.evidence.found:
        if found.hit.kind is ChunkKind.NOTE and (found.hit.score >= 1 or found.worth >= SPEAKS):
            by_note.setdefault(found.hit.note_id or "", []).append(found)
    for hit in inquiry.evidence.of_kind(ChunkKind.NOTE):
        # One whose text has no sentence (a table, a piece of code) still speaks.
        if hit.score >= 1 and hit.note_id and hit.note_id not in by_note:
            line = next((each for each in enumerate(hit.text.split("\n"), 1) if each[1].strip()), (1, ""))
            sentence = Sentence(line[1].strip(), line[0], line[0], Role.NOTE)
            by_note[hit.note_id] = [Found.of(sentence, hit)]
    order = {hit.note_id: at for at, hit in enumerate(inquiry.evidence.of_kind(ChunkKind.NOTE))}
    chosen = [(notes[note_id], found) for note_id, found in by_note.items() if note_id in notes]
    return sorted(chosen, key=lambda each: order.get(each[0].id, len(order)))


def _side_by_side(notes: Sequence[Note]) -> str:
    who = listed(list(dict.fromkeys(_signed(note) for note in notes)))
    people = len({(note.author, note.email) for note in notes})
    by = f"{people} people" if people > 1 else "one person at different times"
    return f"This was recorded by {by}, and may differ: {who}. Each is quoted as it stands."


def _signed(note: Note) -> str:
    name = note.author or "an unknown person"
    when = day(note.updated) if note.updated else ""
    return f"{name} ({when})" if when else name


def _no_longer(note: Note) -> str:
    anchor = note.anchor
    place = (anchor.path or anchor.symbol) if anchor is not None else ""
    if anchor is not None and anchor.path and anchor.start_line:
        place = f"{anchor.path}:{anchor.start_line}-{anchor.end_line}"
    if note.state is AnchorState.ORPHANED:
        what = f"the code that it was written for ({place}) is gone"
    else:
        what = f"the code that it was written for ({place}) has changed since"
    return (
        f"The note of {_signed(note)} is stale: {what}. `lorebase note show {note.id}` shows both versions."
    )


def _cited(note: Note) -> Citation:
    line = next((each for each in note.text.split("\n") if each.strip()), note.text)
    return cite_note(note, line)
