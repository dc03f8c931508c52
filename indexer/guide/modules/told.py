"""Makes the sentences of a summary: each quoted or counted, cited, and checked before it is taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.answer.citations import Sources, borne_out, cite_fact, cite_note
from indexer.answer.sentences import Sentence, sentences_of
from indexer.guide.modules.reasons import Recorded, Source
from indexer.guide.modules.tree import TreeFile
from indexer.types import ChunkKind, Citation, Note, Section, Statement

FILES_KEPT: Final = 64
"""Files whose sentences are held while one summary is made."""


class Teller:
    """Makes the statements of one summary. ``dropped`` counts those that their sources did not bear out."""

    def __init__(self, reader: sqlite3.Connection, sources: Sources, notes: Sequence[Note]) -> None:
        self._reader = reader
        self._sources = sources
        self._notes = notes
        self._sentences: dict[int, list[Sentence]] = {}
        self.dropped = 0

    def sentences(self, file: TreeFile) -> list[Sentence]:
        """Return the prose of a current file, in order: of comments, docstrings and documents."""
        if file.blob_id is None:
            return []
        known = self._sentences.get(file.blob_id)
        if known is None:
            rows = self._reader.execute(
                "SELECT kind, start_line, text FROM chunk WHERE blob_id = ? ORDER BY start_line",
                (file.blob_id,),
            )
            known = [
                sentence
                for kind, start, text in rows
                for sentence in sentences_of(ChunkKind(kind), file.language, text, start)
            ]
            while len(self._sentences) >= FILES_KEPT:
                self._sentences.pop(next(iter(self._sentences)))
            self._sentences[file.blob_id] = known
        return known

    def title(self, file: TreeFile) -> tuple[int, str] | None:
        """Return the first heading of a document, with its line."""
        row = self._reader.execute(
            "SELECT name_line, name FROM symbol WHERE blob_id = ? AND kind = 'heading'"
            " ORDER BY start_line, name_line LIMIT 1",
            (file.blob_id,),
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def lines(self, file: TreeFile) -> list[tuple[int, str]]:
        """Return the lines of a current file with their numbers; none when it cannot be read."""
        source = self._sources.file(file.path)
        return [] if source is None else list(enumerate(source.lines, start=1))

    def holds(self, file: TreeFile, word: str) -> bool:
        """Say whether the indexed text of a current file has a word: cheaper than reading its lines."""
        row = self._reader.execute(
            "SELECT 1 FROM chunk WHERE blob_id = ? AND instr(text, ?) LIMIT 1", (file.blob_id, word)
        ).fetchone()
        return row is not None

    def quote(self, section: Section, path: str, sentence: Sentence) -> Statement | None:
        """Return a sentence of a file, word by word; None when its lines do not bear it out."""
        citation = self._sources.span(path, sentence.start_line, sentence.end_line)
        return self.checked(section, sentence.text, [citation], quoted=True)

    def recorded(self, section: Section, reason: Recorded) -> Statement | None:
        """Return a recorded reason, word by word."""
        if reason.source is Source.NOTE:
            note = next((each for each in self._notes if each.id == reason.id), None)
            lines = [] if note is None else note.text.split("\n")[reason.start - 1 : reason.end]
            cited = None if note is None else cite_note(note, "\n".join(lines))
        elif reason.source is Source.COMMIT:
            cited = self._sources.message(reason.id, reason.start, reason.end)
        else:
            cited = self._sources.span(reason.path, reason.start, reason.end)
        return self.checked(section, reason.text, [cited], quoted=True)

    def placed(
        self, text: str, places: Iterable[tuple[str, int]], said: tuple[str, Sentence] | None = None
    ) -> Statement | None:
        """Return a computed sentence with the lines that it rests on; ``said``: what it quotes, whence."""
        cited = [self._sources.span(path, line, line) for path, line in places]
        if said is not None:
            cited.append(self._sources.span(said[0], said[1].start_line, said[1].end_line))
        return self.checked(Section.WHAT, text, cited)

    def counted(
        self, text: str, query: str, rests_on: Sequence[str], section: Section = Section.WHAT
    ) -> Statement:
        """Return a sentence that was counted, with how, and what it rests on."""
        return Statement(section, text, (cite_fact(query, rests_on),))

    def checked(
        self, section: Section, text: str, cited: Sequence[Citation | None], *, quoted: bool = False
    ) -> Statement | None:
        """Return a statement that its sources bear out, else None, counted."""
        there = tuple(each for each in cited if each is not None)
        statement = Statement(section, text, there, quoted)
        if len(there) < len(cited) or not borne_out(statement, self._sources, self._notes):
            self.dropped += 1
            return None
        return statement
