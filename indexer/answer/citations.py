"""Citations, built from the source itself and checked against it before anything is shown.

A span is sliced from the blob (or the working copy's file), not from the index, so that what is
quoted is what is there; a statement that its source does not bear out is dropped and counted.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from indexer.answer.markup import LEFT_OUT, plain
from indexer.answer.sentences import comment_text
from indexer.errors import ObjectProblemError
from indexer.index.catalog import Catalog
from indexer.repo.decoding import split_lines, text_of
from indexer.repo.secrets import redact
from indexer.types import Blob, ChunkKind, Citation, CitationKind, Note, Statement

FILES_KEPT: Final = 128
"""Decoded files held between questions; an answer touches some ten."""

QUOTE_LINES: Final = 40
"""No citation is longer: who needs more opens the file."""

FACT_ROOTS: Final = 20
"""Things that a fact names as what it rests on; the fact's query finds the rest."""

# What a line of a comment begins with: signs of a language, COBOL's or JCL's columns, or a field.
_SIGNS: Final = re.compile(
    r"^\s*(?:.{6}[*/](?=\s|$)|//\*|/\*+!?|\*+/?|//+!?|\#+|--+|;+|%+|<!--|[rRuUbB]{0,2}(?:\"\"\"|''')|[-*+]\s|:\w[^:]*:)?"
)


FIRST_SECONDS: Final = 1.5
"""How long is looked for the commit that first wrote a name; over four files of celery it takes .6 s."""


TAG_SECONDS: Final = 1.0
"""How long is looked for the tags that hold a commit; of celery's and redis' 300 tags it takes .3 to .6 s."""


class SourceReader(Protocol):
    """What is needed of a repository to read a source again."""

    def blob(self, oid: str) -> Blob:
        """Return one object."""

    def working_bytes(self, path: str) -> bytes | None:
        """Return a file of the working copy."""

    def message(self, oid: str) -> str | None:
        """Return the whole message of a commit."""

    def first_writing(self, commit: str, name: str, paths: Sequence[str], seconds: float) -> str | None:
        """Return the first commit that added a line with a name to one of the paths."""

    def changed_lines(
        self, commit: str, name: str, paths: Sequence[str], seconds: float
    ) -> list[tuple[str, list[str], list[str]]]:
        """Return (id, lines taken out, lines put in) of the commits that touched a line with a name."""

    def committer(self, oid: str) -> tuple[str, str]:
        """Return the name and the address of who made a commit; empty when it cannot be read."""

    def tags_holding(self, commit: str, seconds: float) -> list[tuple[str, int]] | None:
        """Return the tags whose history holds a commit, the oldest first, with when they were set."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A current file as text. ``shut`` are the lines that a secret was cut out of."""

    path: str
    path_id: int
    blob_id: int
    oid: str
    commit_id: str | None
    """None for the working copy."""
    language: str
    marks: int
    lines: tuple[str, ...]
    shut: frozenset[int]


@dataclass(frozen=True, slots=True)
class SourceCommit:
    """A commit's message, without secrets, with who wrote it and when."""

    oid: str
    author: str
    email: str
    authored: int
    lines: tuple[str, ...]
    shut: frozenset[int]


class Sources:
    """Reads current files and commit messages for citing; callable from several threads."""

    def __init__(self, catalog: Catalog, repository: SourceReader) -> None:
        self._catalog = catalog
        self._repository = repository
        self._kept: OrderedDict[tuple[str, str], SourceFile] = OrderedDict()
        self._lock = threading.Lock()

    def reader(self) -> sqlite3.Connection:
        """Return the connection by which this thread reads the index."""
        return self._catalog.reader()

    def first_writing(self, name: str, paths: Sequence[str]) -> str | None:
        """Return the first commit of HEAD's history that wrote ``name`` into one of the paths (raw names);
        None when there is none, or it would take too long to find.
        """
        head = self._catalog.get("head")
        if head is None or not paths:
            return None
        try:
            return self._repository.first_writing(head, name, paths, FIRST_SECONDS)
        except ObjectProblemError:
            return None

    def changed_lines(self, name: str, paths: Sequence[str]) -> list[tuple[str, list[str], list[str]]]:
        """Return (id, lines taken out, lines put in) of the commits of HEAD's history that took a line with
        ``name`` out of one of the paths (raw names) or put one in, the newest first; nothing where it would
        take too long to find them.
        """
        head = self._catalog.get("head")
        if head is None or not paths:
            return []
        try:
            return self._repository.changed_lines(head, name, paths, FIRST_SECONDS)
        except ObjectProblemError:
            return []

    def committer(self, oid: str) -> tuple[str, str]:
        """Return the name and the address of who made a commit; empty when it cannot be read."""
        return self._repository.committer(oid)

    def tags_holding(self, oid: str) -> list[tuple[str, int]] | None:
        """Return the tags whose history holds a commit, the oldest first, with when they were set; None when
        it would take too long to find them.
        """
        try:
            return self._repository.tags_holding(oid, TAG_SECONDS)
        except ObjectProblemError:
            return None

    def file(self, path: str) -> SourceFile | None:
        """Return the current file at a shown path, or None when its content cannot be read."""
        row = (
            self._catalog.reader()
            .execute(
                "SELECT p.id, p.raw, e.oid, e.working, e.marks, b.id, b.language, b.encoding"
                " FROM path p JOIN entry e ON e.path_id = p.id JOIN blob b ON b.id = e.blob_id"
                " WHERE p.shown = ? AND b.skipped = ''",
                (path,),
            )
            .fetchone()
        )
        if row is None:
            return None
        path_id, raw, oid, working, marks, blob_id, language, encoding = row
        key = (path, oid)
        with self._lock:
            known = self._kept.get(key)
            if known is not None and not working:
                self._kept.move_to_end(key)
                return known
        data = self._data(raw, oid, working=bool(working))
        if data is None:
            return None
        text, cut = redact(text_of(data, encoding))
        source = SourceFile(
            path=path,
            path_id=path_id,
            blob_id=blob_id,
            oid=oid,
            commit_id=None if working else self._catalog.get("head"),
            language=language,
            marks=marks,
            lines=tuple(split_lines(text)) if text else (),
            shut=frozenset(line for each in cut for line in range(each.start_line, each.end_line + 1)),
        )
        with self._lock:
            self._kept[key] = source
            while len(self._kept) > FILES_KEPT:
                self._kept.popitem(last=False)
        return source

    def commit(self, oid: str) -> SourceCommit | None:
        """Return a commit that is indexed."""
        reader = self._catalog.reader()
        row = reader.execute(
            "SELECT c.id, p.name, p.email, c.authored FROM commits c JOIN person p ON p.id = c.person_id"
            " WHERE c.oid = ?",
            (oid,),
        ).fetchone()
        if row is None:
            return None
        commit_id, author, email, authored = row
        text = self._repository.message(oid)
        if text is None:
            # Pruned since it was indexed: what was kept of it is all that there is.
            rows = reader.execute(
                "SELECT text FROM chunk WHERE commit_id = ? ORDER BY start_line", (commit_id,)
            ).fetchall()
            text = "\n".join(piece for (piece,) in rows)
        shown, cut = redact(text)
        return SourceCommit(
            oid=oid,
            author=author,
            email=email,
            authored=authored,
            lines=tuple(shown.split("\n")),
            shut=frozenset(line for each in cut for line in range(each.start_line, each.end_line + 1)),
        )

    def span(self, path: str, start: int, end: int) -> Citation | None:
        """Return the citation of lines of a current file, or None when they cannot be cited.

        That is when they are not there, or when a secret was cut out of one of them.
        """
        source = self.file(path)
        if source is None or not 1 <= start <= end <= len(source.lines):
            return None
        end = min(end, start + QUOTE_LINES - 1)
        if not source.shut.isdisjoint(range(start, end + 1)):
            return None
        return Citation(
            kind=CitationKind.SPAN,
            path=path,
            start_line=start,
            end_line=end,
            commit_id=source.commit_id,
            blob_id=source.oid,
            quote="\n".join(source.lines[start - 1 : end]),
        )

    def message(self, oid: str, start: int, end: int) -> Citation | None:
        """Return the citation of lines of a commit's message, or None as for ``span``."""
        source = self.commit(oid)
        if source is None or not 1 <= start <= end <= len(source.lines):
            return None
        if not source.shut.isdisjoint(range(start, end + 1)):
            return None
        return Citation(
            kind=CitationKind.COMMIT,
            path=None,
            start_line=start,
            end_line=end,
            commit_id=oid,
            blob_id=None,
            quote="\n".join(source.lines[start - 1 : end]),
            author=source.author,
            authored=source.authored,
        )

    def holds(self, citation: Citation, notes: Sequence[Note] = ()) -> bool:
        """Return whether the quote is, byte for byte, what its source says at this moment."""
        if citation.kind is CitationKind.FACT:
            return bool(citation.fact)
        if citation.kind is CitationKind.NOTE:
            note = next((each for each in notes if each.id == citation.note_id), None)
            return note is not None and citation.quote in note.text
        if citation.kind is CitationKind.COMMIT:
            again = self.message(citation.commit_id or "", citation.start_line, citation.end_line)
            return again is not None and again.quote == citation.quote
        return self._span_holds(citation)

    def _span_holds(self, citation: Citation) -> bool:
        """Read the object anew, past every cache, and compare the lines' bytes."""
        row = (
            self._catalog.reader()
            .execute(
                "SELECT p.raw, e.oid, e.working, b.encoding FROM path p"
                " JOIN entry e ON e.path_id = p.id JOIN blob b ON b.id = e.blob_id"
                " WHERE p.shown = ?",
                (citation.path,),
            )
            .fetchone()
        )
        if row is None or row[1] != citation.blob_id:
            return False
        data = self._data(row[0], row[1], working=bool(row[2]))
        if data is None:
            return False
        lines = split_lines(text_of(data, row[3]))[citation.start_line - 1 : citation.end_line]
        return "\n".join(lines) == citation.quote

    def _data(self, raw: bytes, oid: str, *, working: bool) -> bytes | None:
        if working:
            return self._repository.working_bytes(bytes(raw).decode("utf-8", "surrogateescape"))
        return self._repository.blob(oid).data


def cite_note(note: Note, quote: str) -> Citation:
    """Return the citation of a person's words; its lines are those of the note's own text."""
    before = note.text.partition(quote)[0].count("\n")
    return Citation(
        kind=CitationKind.NOTE,
        path=note.anchor.path if note.anchor is not None else None,
        start_line=before + 1,
        end_line=before + 1 + quote.count("\n"),
        commit_id=None,
        blob_id=None,
        quote=quote,
        note_id=note.id,
        author=note.author,
        authored=note.updated,
    )


def cite_fact(query: str, rests_on: Sequence[str], quote: str = "") -> Citation:
    """Return the citation of something counted or computed: how, and what it rests on.

    ``rests_on`` names commits by their id, and places as ``path:line`` or ``path:line-line``.
    """
    return Citation(
        kind=CitationKind.FACT,
        path=None,
        start_line=0,
        end_line=0,
        commit_id=None,
        blob_id=None,
        quote=quote,
        fact=query,
        rests_on=tuple(rests_on[:FACT_ROOTS]),
    )


def letters(text: str) -> str:
    """Return only the letters and digits of ``text``, folded: what a quotation must share."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def borne_out(statement: Statement, sources: Sources, notes: Sequence[Note] = ()) -> bool:
    """Return whether a statement may be shown: each citation holds, and a quotation is one.

    A quotation may leave out markup and comment signs, and words only where it has the mark of that: its
    letters must stand in the quote in a row, as it is written or with its markup rendered.
    """
    if not all(sources.holds(citation, notes) for citation in statement.citations):
        return False
    if not statement.quoted:
        return True
    if not statement.citations:
        return False
    said = [letters(each) for each in statement.text.split(LEFT_OUT)]
    citation = statement.citations[0]
    return _in_order(said, letters(citation.quote)) or any(
        _in_order(said, letters(each)) for each in _rendered(citation, sources)
    )


def _in_order(parts: Sequence[str], text: str) -> bool:
    """Return whether the parts of a quotation stand in a text one after the other."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _rendered(citation: Citation, sources: Sources) -> Iterator[str]:
    """Yield the quote as plain text: comment signs cut off, then read as prose."""
    bare = "\n".join(_SIGNS.sub("", line) for line in citation.quote.split("\n"))
    yield plain(bare)
    yield plain(citation.quote)
    source = sources.file(citation.path) if citation.path is not None else None
    language = source.language if source is not None else ""
    for kind in (ChunkKind.CODE, ChunkKind.DOC):
        yield comment_text(citation.quote, kind, language)
