"""Citations of both ends of a range, and of its commits, which the index need not know."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.citations import QUOTE_LINES, SourceCommit, Sources, borne_out, cite_fact
from indexer.index.catalog import Catalog
from indexer.repo.decoding import decode, split_lines
from indexer.repo.languages import classify
from indexer.repo.repository import Repository
from indexer.repo.secrets import redact
from indexer.types import Citation, CitationKind, CommitRecord, Section, Statement, shown_path

CHARACTERS_KEPT: Final = 20_000_000
"""Of the texts that are held while one range is told."""

LARGEST: Final = 2_000_000
"""Bytes of a file that is quoted from; larger ones are named, and not quoted."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file's content at one end: its lines without secrets, and the lines that one was cut out of."""

    lines: tuple[str, ...]
    shut: frozenset[int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a content stands: ``commit_id`` is empty for what is staged."""

    path: str
    oid: str
    commit_id: str


class RangeSources(Sources):
    """Cites what one range holds; for one call, in one thread."""

    def __init__(self, catalog: Catalog, repository: Repository, records: Mapping[str, CommitRecord]) -> None:
        super().__init__(catalog, repository)
        self._objects = repository
        self._records = records
        self._texts: OrderedDict[str, Text | None] = OrderedDict()
        self._size = 0
        self._checked: tuple[str, list[str]] = "", []
        self._cited: set[tuple[str, str]] = set()
        self.dropped = 0

    def text(self, place: Place) -> Text | None:
        """Return what stands there, or None when it is no text, too large, or may hold secrets."""
        if place.oid in self._texts:
            self._texts.move_to_end(place.oid)
            return self._texts[place.oid]
        text = None
        if not classify(place.path, {}).skip.startswith("may hold secrets"):
            raw = self._raw(place.oid)
            if raw is not None:
                shown, cut = redact(raw)
                shut = {line for each in cut for line in range(each.start_line, each.end_line + 1)}
                text = Text(tuple(split_lines(shown)) if shown else (), frozenset(shut))
        self._texts[place.oid] = text
        self._size += 0 if text is None else sum(map(len, text.lines))
        while self._size > CHARACTERS_KEPT and len(self._texts) > 1:
            _, old = self._texts.popitem(last=False)
            self._size -= 0 if old is None else sum(map(len, old.lines))
        return text

    def lines_at(self, place: Place, start: int, end: int) -> Citation | None:
        """Return the citation of lines at one end, or None when they cannot be cited."""
        text = self.text(place)
        if text is None or not 1 <= start <= end <= len(text.lines):
            return None
        end = min(end, start + QUOTE_LINES - 1)
        if not text.shut.isdisjoint(range(start, end + 1)):
            return None
        path = shown_path(place.path)
        self._cited.add((path, place.oid))
        return Citation(
            kind=CitationKind.SPAN,
            path=path,
            start_line=start,
            end_line=end,
            commit_id=place.commit_id,
            blob_id=place.oid,
            quote="\n".join(text.lines[start - 1 : end]),
        )

    def commit(self, oid: str) -> SourceCommit | None:
        """Return a commit of the range, or one that is indexed."""
        record = self._records.get(oid)
        if record is None:
            return super().commit(oid)
        shown, cut = redact(self._objects.message(oid) or record.message)
        return SourceCommit(
            oid=oid,
            author=record.author,
            email=record.email,
            authored=record.authored,
            lines=tuple(shown.split("\n")),
            shut=frozenset(line for each in cut for line in range(each.start_line, each.end_line + 1)),
        )

    def kept(self, statements: Sequence[Statement | None]) -> tuple[Statement, ...]:
        """Return the statements that their sources bear out at this moment; the others are counted."""
        told = [each for each in statements if each is not None]
        held = tuple(each for each in told if borne_out(each, self))
        self.dropped += len(told) - len(held)
        return held

    def _span_holds(self, citation: Citation) -> bool:
        if (citation.path or "", citation.blob_id or "") not in self._cited:
            return super()._span_holds(citation)
        oid = citation.blob_id or ""
        if oid != self._checked[0]:
            # Read anew, and once for all that is said of it in a row.
            raw = self._raw(oid)
            self._checked = oid, [] if raw is None else split_lines(raw)
        lines = self._checked[1][citation.start_line - 1 : citation.end_line]
        return bool(lines) and "\n".join(lines) == citation.quote

    def _raw(self, oid: str) -> str | None:
        blob = self._objects.blob(oid, LARGEST)
        if blob.data is None:
            return None
        decoded = decode(blob.data)
        return None if decoded is None else decoded[0]


def fact(text: str, query: str, rests_on: Sequence[str], section: Section = Section.WHAT) -> Statement:
    """Return something counted or computed as a statement, with what it rests on."""
    return Statement(section, text, (cite_fact(query, rests_on),))
