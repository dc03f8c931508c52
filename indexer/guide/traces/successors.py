"""What a function is called since a commit took its name away: what came then with most of its lines."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.guide.traces.bodies import OTHER_NAME, SAME_NAME, spans, taken_over
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.versions import Versions, counted, same_family
from indexer.types import FileMark

STEPS: Final = 5
"""Names that are followed, one after another."""

MOST_FILES: Final = 40
"""Files of a commit that are looked into; one that changed more says little of each."""

SHORT: Final = 2
"""Lines of a function that is known again by its name and all of them."""

_WORD: Final = re.compile(r"[A-Za-z_$][\w$]*[?!]?")


@dataclass(frozen=True, slots=True)
class Successor:
    """A function of now, and the commit since which it is what another one was; ``share`` of its lines."""

    place: Place
    name: str
    commit: str
    share: float


@dataclass(frozen=True, slots=True)
class _Changed:
    """A file before and after the commits that took a name away."""

    place: Place
    before: Sequence[str]
    after: Sequence[str]


class Successors:
    """Follows functions from name to name; callable until the time of its versions is up."""

    def __init__(self, reader: sqlite3.Connection, versions: Versions, book: Book) -> None:
        self._reader = reader
        self._versions = versions
        self._book = book

    def of(self, place: Place, name: str) -> Successor | None:
        """Return the function of now that one became which was in a file, of now or of the past; without a
        name where it is no more in the file that it went to.
        """
        last: Successor | None = None
        seen = {(place.path_id, name)}
        for _ in range(STEPS):
            found = None if self._versions.over() else self._next(place, name)
            if found is None or (found.place.path_id, found.name) in seen:
                break
            place, name, last = found.place, found.name, found
            seen.add((place.path_id, name))
            texts = self._versions.of(place) if place.current else []
            if texts and spans(texts[0].lines, name):
                return found
        return replace(last, name="") if last is not None and last.place.current else None

    # ---------------------------------------------------------------------------- private

    def _next(self, place: Place, name: str) -> Successor | None:
        texts = self._versions.of(place)
        with_it = ((at, found) for at, old in enumerate(texts) if (found := spans(old.lines, name)))
        at, found = next(with_it, (-1, []))
        if len(found) != 1:
            return None
        first, last = found[0]
        body = texts[at].lines[first:last]
        commits = self._versions.after(place, at)
        if not commits:
            return None
        files = list(self._changed(place, at, commits))
        offered = [
            (each, word, each.after[begin - 1 : end])
            for each in files
            for word in _new_words(each, name)
            for begin, end in _one_span(each.after, word)
        ]
        wanted = [(lines, SAME_NAME if word == name else OTHER_NAME) for _, word, lines in offered]
        best, share = taken_over(body, wanted)
        if best < 0:
            # A short one is known again where all of it came elsewhere under its name.
            same = [at for at, (_, word, lines) in enumerate(offered) if word == name and _whole(body, lines)]
            best, share = (same[0], 1.0) if len(same) == 1 else (-1, 0.0)
        if best < 0:
            return None
        changed, word, _ = offered[best]
        return Successor(changed.place, word, commits[0], share)

    def _changed(self, place: Place, at: int, commits: Sequence[str]) -> Iterator[_Changed]:
        """Return the file itself, and those of its kind that the commits changed beside it."""
        texts = self._versions.of(place)
        if at:
            yield _Changed(place, texts[at].lines, texts[at - 1].lines)
        rows = self._reader.execute(
            "SELECT DISTINCT p.shown FROM change JOIN commits c ON c.id = change.commit_id"
            " JOIN path p ON p.id = change.path_id"
            " WHERE c.oid IN (SELECT value FROM json_each(?)) AND change.status <> 'D' AND path_id <> ?"
            " LIMIT ?",
            (json.dumps(list(commits)), place.path_id, 20 * MOST_FILES),
        ).fetchall()
        paths = [shown for (shown,) in rows if same_family(shown, place.path)]
        for path in paths if len(paths) <= MOST_FILES else ():
            other = self._book.paths.get(path) or next(
                (
                    each
                    for each in self._book.former.get(path.rpartition("/")[2].lower(), ())
                    if each.path == path
                ),
                None,
            )
            tests = other is not None and other.marks & FileMark.TEST and not place.marks & FileMark.TEST
            if other is not None and not tests and not self._versions.over():
                yield _Changed(other, *self._versions.around(path, commits[-1], commits[0]))


def _new_words(changed: _Changed, name: str) -> list[str]:
    """Return the names that a file came to have, and the name itself where it was not defined there."""
    before = set(_WORD.findall("\n".join(changed.before)))
    found = [word for word in dict.fromkeys(_WORD.findall("\n".join(changed.after))) if word not in before]
    known = name in before and bool(spans(changed.before, name))
    return found if known or name in found else [name, *found]


def _whole(body: Sequence[str], lines: Sequence[str]) -> bool:
    """Return whether all lines of a function that say something are in another one, two or more."""
    wanted = counted(body)
    return wanted.total() >= SHORT and wanted <= counted(lines)


def _one_span(lines: Sequence[str], name: str) -> list[tuple[int, int]]:
    found = spans(lines, name)
    return found if len(found) == 1 else []
