"""Answers a question: reads it, gathers evidence, lays down cited statements, and labels them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from indexer.answer.changes import say_authors, say_changes, say_impact
from indexer.answer.citations import SourceReader, Sources
from indexer.answer.commands import say_commands, say_settings
from indexer.answer.contacts import contacts
from indexer.answer.evidence import Searcher, SentenceEmbedder, gather
from indexer.answer.extract import say_lines, say_meaning, say_nearest, say_place, say_sentences
from indexer.answer.flow import say_mechanism
from indexer.answer.inquiry import Inquiry
from indexer.answer.legacy import say_job
from indexer.answer.overview import say_examples, say_parts
from indexer.answer.page import Page
from indexer.answer.questions import OF_PEOPLE, Need, read_question
from indexer.answer.reasons import reasons, say_reasons
from indexer.answer.subjects import namings, nearest_names, subjects
from indexer.answer.verdict import Label, missing_sentence, rule, searched
from indexer.errors import UsageError
from indexer.index.catalog import Catalog
from indexer.index.lexical import Lexicon
from indexer.index.people import AskedQuestion
from indexer.types import (
    Answer,
    ChunkKind,
    Citation,
    CitationKind,
    Contact,
    Freshness,
    Gap,
    Note,
    Section,
    Verdict,
    VerdictStatus,
)


class NoteShelf(Protocol):
    """What is needed of the notes."""

    def show(self, note_id: str) -> Note:
        """Return one note."""

    def count(self) -> int:
        """Return how many there are."""

    def record_gap(self, gap: Gap) -> Gap:
        """Keep a question that nobody's record answers."""

    def record_asked(self, asked: AskedQuestion) -> None:
        """Keep that a question was asked."""


class Answerer:
    """Composes answers from one index; callable from several threads."""

    def __init__(
        self,
        searcher: Searcher,
        catalog: Catalog,
        repository: SourceReader,
        notes: NoteShelf,
        embedder: SentenceEmbedder | None = None,
    ) -> None:
        self._searcher = searcher
        self._catalog = catalog
        self._notes = notes
        self._sources = Sources(catalog, repository)
        self._rarities = Lexicon()
        self._embedder = embedder

    def ask(self, question: str) -> Answer:
        """Return the answer. Raises UsageError when the question holds nothing that can be read."""
        if not any(letter.isalnum() for letter in question):
            raise UsageError(
                "The question holds no word.", "Ask in a sentence, or name a function, file or topic."
            )
        began = time.perf_counter()
        with self._catalog.snapshot():
            inquiry = self._inquire(question)
            known = reasons(inquiry)
            self._compose(inquiry, known)
            label = rule(inquiry, inquiry.page.statements, known)
            answer = self._labelled(inquiry, label)
        now = int(time.time())
        answer = self._kept(answer, label, inquiry, now)
        return _timed(answer, time.perf_counter() - began)

    # ---------------------------------------------------------------------------- private

    def _inquire(self, question: str) -> Inquiry:
        asked = read_question(question)
        evidence = gather(asked, self._searcher, self._catalog, self._rarities, self._embedder)
        reader = self._catalog.reader()
        notes = tuple(
            self._notes.show(hit.note_id) for hit in evidence.of_kind(ChunkKind.NOTE) if hit.note_id
        )
        return Inquiry(
            asked=asked,
            evidence=evidence,
            subjects=tuple(subjects(evidence, reader)),
            namings=tuple(namings(evidence, reader)),
            reader=reader,
            page=Page(self._sources, notes),
            notes=notes,
        )

    def _compose(self, inquiry: Inquiry, known: Sequence) -> None:  # type: ignore[type-arg]
        _say_notes(inquiry)
        if any(part.need in _DATA_FLOW for part in inquiry.asked.parts) and say_job(inquiry):
            return
        for part in inquiry.asked.parts:
            if part.need is Need.REASON:
                say_reasons(inquiry, list(known))
                say_nearest(inquiry)
            elif part.need in OF_PEOPLE:
                say_nearest(inquiry, 3)
            else:
                _COMPOSERS.get(part.need, say_meaning)(inquiry)

    def _labelled(self, inquiry: Inquiry, label: Label) -> Answer:
        page = inquiry.page
        people: list[Contact] = []
        draft = ""
        if label.status is not VerdictStatus.GROUNDED:
            page.tell(Section.MISSING, missing_sentence(label, inquiry), [])
        if label.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING):
            people = contacts(inquiry.reader, self._sources, _files_of(inquiry))
        reason = _why(label, inquiry)
        verdict = Verdict(
            label.status,
            label.category,
            reason,
            tuple(searched(inquiry.evidence, self._notes.count())),
            tuple(people),
        )
        return Answer(
            question=inquiry.asked.text,
            commit_id=self._catalog.get("head"),
            verdict=verdict,
            statements=tuple(page.statements),
            follow_ups=(),
            mode="extracted",
            freshness=Freshness(self._catalog.get("head"), None, -1, False, True, 0, 0),
            dropped=page.dropped,
            draft=draft,
        )

    def _kept(self, answer: Answer, label: Label, inquiry: Inquiry, now: int) -> Answer:
        return answer


def _say_notes(inquiry: Inquiry) -> None:
    """Quote what people recorded about this, before anything else."""
    for found in [each for each in inquiry.evidence.found if each.hit.kind is ChunkKind.NOTE][:4]:
        if found.hit.score >= 0.5 or found.support >= 0.5:
            inquiry.page.quote(Section.WHY, found)


_COMPOSERS: Final[dict[Need, Callable[[Inquiry], None]]] = {
    Need.PLACE: say_place,
    Need.MEANING: say_meaning,
    Need.MECHANISM: say_mechanism,
    Need.AUTHOR: say_authors,
    Need.CHANGE: say_changes,
    Need.IMPACT: say_impact,
    Need.COMMAND: say_commands,
    Need.SETTING: say_settings,
    Need.EXAMPLE: say_examples,
    Need.PARTS: say_parts,
}


# "Which job posts them, and what does it read?" is one walk, not two answers.
_DATA_FLOW: Final = frozenset((Need.PLACE, Need.MEANING, Need.MECHANISM))


def _files_of(inquiry: Inquiry) -> list[tuple[int, str]]:
    return inquiry.files()


def _why(label: Label, inquiry: Inquiry) -> str:
    return missing_sentence(label, inquiry) if label.status is not VerdictStatus.GROUNDED else "Answered."


def _timed(answer: Answer, seconds: float) -> Answer:
    from dataclasses import replace

    return replace(answer, seconds=seconds)
