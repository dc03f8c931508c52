"""The older texts of a file: by what its paths were, in one asking of git for all of them."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.lineage import with_former_paths
from indexer.guide.traces.book import Place
from indexer.repo.decoding import decode, split_lines
from indexer.repo.repository import Repository

LOOKED_INTO: Final = 240
"""Older versions of a file that are looked into, spread over its history where there are more."""

REWRITTEN: Final = 3
"""How often a file may have been written anew under another ending, or in another folder."""

MOST_LINES: Final = 8_000
"""Longer files are not compared."""

BETWEEN: Final = 6
"""Commits between two versions that were looked into, of which one is to have made a change."""

LARGEST: Final = 1_000_000

_SCRIPTS: Final = frozenset(("js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx", "coffee"))


@dataclass(frozen=True, slots=True)
class Version:
    """An older text of a file. ``tag`` is set where the text of the trace names it."""

    lines: list[str]
    tag: str = ""
    commit: str = ""


class Versions:
    """Reads older texts, until a moment. What was read is kept for as long as the object is."""

    def __init__(self, reader: sqlite3.Connection, repository: Repository, ends: float) -> None:
        self._reader = reader
        self._repository = repository
        self._ends = ends
        self._known: dict[int, list[Version]] = {}
        self._ids: dict[int, list[int]] = {}
        self._texts: dict[str, list[str]] = {}
        self.stopped: set[int] = set()
        """The paths whose history was not looked through to its end."""

    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._ends

    def of(self, place: Place) -> list[Version]:
        """Return older texts of a file, each once, the newest first."""
        known = self._known.get(place.path_id)
        if known is None:
            known = self._known[place.path_id] = self._read(place)
        return known

    def at(self, place: Place, commits: Sequence[tuple[str, str]]) -> list[Version]:
        """Return the texts that a file had at (tag, commit)."""
        found: list[Version] = []
        for tag, commit in commits:
            for path in self.paths(place):
                (oid,) = self._repository.find_in_each([commit], path)
                lines = self._lines([oid]).get(oid) if oid else None
                if lines:
                    found.append(Version(lines, tag))
                    break
        return found

    def dropped(self, place: Place, name: str) -> list[str]:
        """Return the commits of which one took a word out of a file, the newest first; none if too many."""
        word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
        found = self.of(place)
        at = next((at for at, old in enumerate(found) if any(map(word.search, old.lines))), 0)
        if not at:
            return []
        return self.after(place, at)

    def after(self, place: Place, at: int) -> list[str]:
        """Return the commits that made of a version of a file the next one, the newest first; the one that
        took it away where none is newer. None where too many lie between.
        """
        found = self.of(place)
        if not at:
            return self._ended(place) if not place.current else []
        commits = self._commits(place)
        newer, older = commits.index(found[at - 1].commit), commits.index(found[at].commit)
        return commits[newer:older] if older - newer <= BETWEEN else []

    def _ended(self, place: Place) -> list[str]:
        row = self._reader.execute(
            "SELECT c.oid FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id = ? AND status = 'D' AND reachable = 1 ORDER BY sequence DESC LIMIT 1",
            (place.path_id,),
        ).fetchone()
        return [] if row is None else [str(row[0])]

    def gained(self, path: str, name: str, commits: Sequence[str]) -> bool:
        """Return whether a path came to have a word by one of some commits in a row, the newest first."""
        before, after = self.around(path, commits[-1], commits[0])
        word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
        return any(map(word.search, after)) and not any(map(word.search, before))

    def taken_over(self, path: str, old: Sequence[str], commit: str) -> float:
        """Return which share of the lines of a text a path came to have by a commit."""
        before, after = self.around(path, commit, commit)
        wanted, there, now = map(counted, (old, before, after))
        return ((now - there) & wanted).total() / wanted.total() if wanted else 0.0

    def around(self, path: str, oldest: str, newest: str) -> tuple[list[str], list[str]]:
        """Return what a path held before one commit, and after another."""
        row = self._reader.execute("SELECT parents FROM commits WHERE oid = ?", (oldest,)).fetchone()
        parent = str(row[0]).split(" ")[0] if row is not None else ""
        asked = [newest, parent] if parent else [newest]
        oids = self._repository.find_in_each(asked, path)
        texts = self._lines([oid for oid in oids if oid])
        found = [texts.get(oid, []) for oid in oids]
        return (found[1] if parent else []), found[0]

    def last(self, place: Place) -> list[str]:
        """Return the newest text of a file that history has; empty where it cannot be read."""
        row = self._reader.execute(
            "SELECT c.oid FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id = ? AND reachable = 1 AND status <> 'D' ORDER BY c.sequence DESC LIMIT 1",
            (place.path_id,),
        ).fetchone()
        if row is None:
            return []
        (oid,) = self._repository.find_in_each([str(row[0])], place.path)
        return self._lines([oid]).get(oid, []) if oid else []

    def ids(self, place: Place) -> list[int]:
        """Return the paths of a file, and those of files of its name that went as it came."""
        known = self._ids.get(place.path_id)
        if known is not None:
            return known
        ids = with_former_paths(self._reader, [place.path_id])
        for _ in range(REWRITTEN):
            rows = self._reader.execute(
                "SELECT DISTINCT gone.path_id, p.shown FROM change made JOIN change gone"
                " ON gone.commit_id = made.commit_id AND gone.status = 'D'"
                " JOIN path p ON p.id = gone.path_id"
                " WHERE made.path_id IN (SELECT value FROM json_each(?)) AND made.status = 'A' LIMIT 4000",
                (json.dumps(ids),),
            ).fetchall()
            more = [
                path_id
                for path_id, shown in rows
                if path_id not in ids and alike(shown, place.path) and _family(shown) == _family(place.path)
            ]
            if not more:
                break
            ids = [*ids, *with_former_paths(self._reader, more)]
        self._ids[place.path_id] = ids
        return ids

    def follow(self, place: Place, former: Place) -> None:
        """Take over that a file is one of another path, as its renames tell."""
        ids = self.ids(place)
        more = [each for each in self.ids(former) if each not in ids]
        if more:
            self._ids[place.path_id] = [*ids, *more]
            self._known.pop(place.path_id, None)

    def paths(self, place: Place) -> list[str]:
        """Return the paths that a file has had, that of now first."""
        rows = self._reader.execute(
            "SELECT raw, id = ? FROM path WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 2 DESC",
            (place.path_id, json.dumps(self.ids(place))),
        )
        return [raw.decode("utf-8", "surrogateescape") for raw, _ in rows]

    # ---------------------------------------------------------------------------- private

    def _read(self, place: Place) -> list[Version]:
        if self.over():
            self.stopped.add(place.path_id)
            return []
        commits = self._commits(place)
        if len(commits) > LOOKED_INTO:
            # The newer ones the denser: traces are mostly of the last releases.
            last = len(commits) - 1
            steps = (round(last * (at / (LOOKED_INTO - 1)) ** 1.6) for at in range(LOOKED_INTO))
            commits = [commits[at] for at in dict.fromkeys(steps)]
        there: dict[str, str] = {}
        for path in self.paths(place):
            left = [commit for commit in commits if commit not in there]
            if not left:
                break
            asked = self._repository.find_in_each(left, path)
            there.update({commit: oid for commit, oid in zip(left, asked, strict=True) if oid})
        oids = list(dict.fromkeys(there[commit] for commit in commits if commit in there))
        texts = self._lines(oids)
        if len(texts) < len(oids) and self.over():
            self.stopped.add(place.path_id)
        made = {there[commit]: commit for commit in reversed(commits) if commit in there}
        return [Version(texts[oid], commit=made[oid]) for oid in oids if texts.get(oid)]

    def _commits(self, place: Place) -> list[str]:
        rows = self._reader.execute(
            "SELECT DISTINCT c.oid, c.sequence FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id IN (SELECT value FROM json_each(?)) AND reachable = 1 AND status <> 'D'"
            " ORDER BY c.sequence DESC",
            (json.dumps(self.ids(place)),),
        )
        return [str(oid) for oid, _ in rows]

    def _lines(self, oids: Sequence[str]) -> dict[str, list[str]]:
        asked = [oid for oid in oids if oid not in self._texts]
        for blob in self._repository.blobs(asked, LARGEST):
            decoded = decode(blob.data) if blob.data is not None else None
            lines = [] if decoded is None else split_lines(decoded[0])
            self._texts[blob.oid] = lines if len(lines) <= MOST_LINES else []
            if self.over():
                break
        return {oid: self._texts[oid] for oid in oids if oid in self._texts}


def counted(lines: Sequence[str]) -> Counter[str]:
    """Return how often each line stands in a text, without blanks; brackets do not count."""
    return Counter(plain for line in lines if len(plain := "".join(line.split())) > 4)


def alike(one: str, other: str) -> bool:
    """Return whether two files have the same name but for its ending."""
    return _stem(one) == _stem(other)


def _family(path: str) -> str:
    """Return the ending of a file; those between which scripts are rewritten are one."""
    name = path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return "script" if ending in _SCRIPTS else ending


def same_family(one: str, other: str) -> bool:
    """Return whether two files are of one kind by their endings."""
    return _family(one) == _family(other)


def _stem(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    return name.rpartition(".")[0] or name
