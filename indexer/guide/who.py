"""Who most likely knows a file, a folder, some lines, a definition, or what a question is about."""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from indexer.answer.answerer import Matter
from indexer.answer.authorship import Authorship, authorship, log_command, merged
from indexer.answer.citations import Sources, cite_fact
from indexer.answer.contacts import code_owners, contacts, day
from indexer.answer.lineage import with_former_paths
from indexer.errors import UsageError
from indexer.index.activity import activity
from indexer.index.blame_cache import BlameCache
from indexer.index.catalog import Catalog
from indexer.index.history import AuthorShare, commits_of
from indexer.index.passages import file_entry
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.pages import Knower, Meant, WhoKnows, WhoWanted
from indexer.repo.repository import Repository
from indexer.types import Citation, Contact, Freshness, SymbolKind, shown_path

MOST_PEOPLE: Final = 20
MOST_PLACES: Final = 20

MOST_FILES: Final = 200
"""Files of a folder that are looked at, the most used first: each has its renames followed."""

ALWAYS_NAMED: Final = 2
"""People named even for a single commit; further ones must have more to do with it."""

MANY: Final = 10
"""Commits from which a single one tells nothing of who knows a file."""

HISTORY: Final = 0.5
"""What being the first of the contacts counts, against having written all of the lines (1)."""

AT_ONCE: Final = 0.5
"""What lines count that came in one commit."""

_LINES: Final = re.compile(r"^(?P<path>.+?):(?P<start>\d{1,7})(?:-(?P<end>\d{1,7}))?$")
_NOTHING: Final = "Nothing in this repository is about that, so nobody is named."


@dataclass(frozen=True, slots=True)
class _Target:
    """What is meant: files as (id, path), and lines of the first of them (0 to 0: all)."""

    meant: Meant
    files: tuple[tuple[int, str], ...]
    name: str
    start: int = 0
    end: int = 0


class Who:
    """Ranks people; callable from several threads. ``about`` reads a question in words."""

    def __init__(self, catalog: Catalog, repository: Repository, about: Callable[[str], Matter]) -> None:
        self._catalog = catalog
        self._sources = Sources(catalog, repository)
        self._blame = BlameCache(catalog, repository)
        self._about = about

    def knows(self, wanted: WhoWanted) -> WhoKnows:
        """Return people, the best first. Raises UsageError when nothing is asked about."""
        text = wanted.about.strip().strip("`").strip()
        if not text:
            raise UsageError("Nothing was named.", "Name a file, a folder, a function or a subject.")
        limit = min(max(wanted.limit, 1), MOST_PEOPLE)
        unread = Freshness(None, None, -1, False, True, 0, 0)
        with self._catalog.snapshot() as reader:
            target = self._target(reader, text)
            if not target.files:
                return WhoKnows(wanted.about, Meant.NOTHING, (), (), unread, (_NOTHING,))
            people = self._people(reader, target, limit)
        return WhoKnows(wanted.about, target.meant, _places(target), tuple(people), unread)

    # ---------------------------------------------------------------------------- private

    def _target(self, reader: sqlite3.Connection, text: str) -> _Target:
        plain = text.removeprefix("./").rstrip("/")
        entry = file_entry(reader, plain)
        if entry is not None:
            path = shown_path(entry.path)
            return _Target(Meant.FILE, ((entry.path_id, path),), path)
        match = _LINES.match(plain)
        entry = file_entry(reader, match["path"].removeprefix("./")) if match else None
        if match and entry is not None:
            start, end = int(match["start"]), int(match["end"] or match["start"])
            path = shown_path(entry.path)
            return _Target(Meant.LINES, ((entry.path_id, path),), f"{path}:{start}-{end}", start, end)
        folder = "" if text.strip("./") == "" else plain
        files = _beneath(reader, folder)
        if files:
            return _Target(Meant.FOLDER, files, f"{folder}/" if folder else "./")
        return self._named(reader, text)

    def _named(self, reader: sqlite3.Connection, text: str) -> _Target:
        """Return the definition of this name, else the file of this name, else what a question is about."""
        if not any(letter.isspace() for letter in text):
            # A heading has its words from the language, not from the code: "cookies" means all of them.
            symbols = [each for each in find_symbols(reader, text, 5) if each.kind is not SymbolKind.HEADING]
            if symbols:
                return _of_symbol(symbols[0])
            files = _called(reader, text)
            if files:
                return _Target(Meant.FILE, files, files[0][1])
        matter = self._about(text)
        if matter.symbol is not None and matter.symbol.kind is not SymbolKind.HEADING:
            return _of_symbol(matter.symbol)
        return _Target(Meant.QUESTION, matter.files, "")

    def _people(self, reader: sqlite3.Connection, target: _Target, limit: int) -> list[Knower]:
        where = target.name if target.meant is Meant.FOLDER else ""
        found = contacts(reader, self._sources, target.files, most=MOST_PEOPLE, where=where)
        lines = self._lines(target) if target.start else []
        known = {each.name.casefold() for each in found}
        found += [Contact(each.name, each.email, "") for each in lines if each.name.casefold() not in known]
        active = activity(reader)
        ids = with_former_paths(reader, [number for number, _ in target.files[:MOST_FILES]])
        owners = dict(code_owners(self._sources, [path for _, path in target.files]))
        counted = authorship(reader, ids)
        written = {each.name.casefold(): each.commits for each in counted.shares}
        busy = sum(written.values()) >= MANY
        total = sum(each.commits for each in lines)
        own = {each.name.casefold(): each for each in lines}
        ranked: list[tuple[tuple[bool, bool, float], Contact]] = []
        for place, contact in enumerate(found):
            share = own.get(contact.name.casefold())
            if (
                place >= ALWAYS_NAMED
                and busy
                and share is None
                and written.get(contact.name.casefold(), 1) == 1
            ):
                continue  # one commit among many is no knowledge of it
            left = active.has_left(contact.email)
            # Of those who left who wrote most comes first, however long ago: it is who the code is by.
            worth = written.get(contact.name.casefold(), 0) if left else _worth(share, total, place)
            rank = (left, contact.name not in owners, -worth)
            ranked.append((rank, _with_lines(contact, share, total, target)))
        # Stable: without lines to count, the order of the contacts stays.
        ranked.sort(key=lambda each: each[0])
        return [
            Knower(contact, self._proof(reader, contact, counted, owners), rank[0])
            for rank, contact in ranked[:limit]
        ]

    def _lines(self, target: _Target) -> list[AuthorShare]:
        """Return how many of the lines that are meant each person wrote last; no robots."""
        shares = [
            AuthorShare(run.author, run.email, count, run.authored, run.authored)
            for run in self._blame.runs(target.files[0][1])
            if (count := min(run.last_line, target.end) - max(run.first_line, target.start) + 1) > 0
        ]
        return merged(shares)

    def _proof(
        self,
        reader: sqlite3.Connection,
        contact: Contact,
        counted: Authorship,
        owners: dict[str, str],
    ) -> tuple[Citation, ...]:
        place = owners.get(contact.name)
        if place is not None:
            path, _, line = place.rpartition(":")
            rule = self._sources.span(path, int(line), int(line))
            return () if rule is None else (rule,)
        commits = commits_of(reader, contact.name, contact.email, counted.path_ids)
        if commits:
            written_as = counted.written_as(contact.name) or (contact.name,)
            by = " ".join(shlex.quote(f"--author={name}") for name in written_as)
            return (cite_fact(log_command(reader, counted.path_ids, by), commits),)
        anywhere = commits_of(reader, contact.name, contact.email)
        return (cite_fact(f"git log --author={contact.email or contact.name}", anywhere),)


def _of_symbol(symbol: FoundSymbol) -> _Target:
    files = ((symbol.path_id, symbol.path),)
    return _Target(Meant.SYMBOL, files, f"`{symbol.qualified}`", symbol.start_line, symbol.end_line)


def _places(target: _Target) -> tuple[str, ...]:
    if target.start:
        return (f"{target.files[0][1]}:{target.start}-{target.end}",)
    if target.meant is Meant.FOLDER:
        return (target.name,)
    return tuple(path for _, path in target.files[:MOST_PLACES])


def _worth(share: AuthorShare | None, total: int, place: int) -> float:
    """Return how much somebody's lines and their place among the contacts (recency, commits) say.

    Lines that all came at one time may have been moved there, by somebody who never thought of them.
    """
    lines = 0.0 if share is None else share.commits / total
    if share is not None and share.first == share.last:
        lines *= AT_ONCE
    return lines + HISTORY / (1 + place)


def _with_lines(contact: Contact, share: AuthorShare | None, total: int, target: _Target) -> Contact:
    """Return the contact with how many of the lines are theirs before the other reasons."""
    if share is None:
        return contact
    counted = f"wrote {share.commits} of the {total} lines of {target.name}, the newest on {day(share.last)}"
    return Contact(contact.name, contact.email, f"{counted}; {contact.reason}" if contact.reason else counted)


def _beneath(reader: sqlite3.Connection, folder: str) -> tuple[tuple[int, str], ...]:
    """Return the current files below a folder, the most used first."""
    prefix = f"{folder}/" if folder else ""
    rows = reader.execute(
        "SELECT e.path_id, p.shown FROM entry e JOIN path p ON p.id = e.path_id"
        " WHERE substr(p.shown, 1, ?) = ? ORDER BY e.rank DESC, p.shown LIMIT ?",
        (len(prefix), prefix, MOST_FILES),
    )
    return tuple((number, path) for number, path in rows)


def _called(reader: sqlite3.Connection, name: str) -> tuple[tuple[int, str], ...]:
    """Return the current files of this name, in whatever folder, the most used first."""
    rows = reader.execute(
        "SELECT e.path_id, p.shown FROM entry e JOIN path p ON p.id = e.path_id"
        " WHERE substr(p.shown, -length(?1) - 1) = '/' || ?1 ORDER BY e.rank DESC, p.shown LIMIT 3",
        (name,),
    )
    return tuple((number, path) for number, path in rows)
