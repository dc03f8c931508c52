"""Which definitions have a recorded reason: a sentence that is worded as one, and is about the definition.

It is about it by its place (a comment or docstring of its own, or right above it), by its name (a document
or a message names it), by its history (the message of a commit that rewrote its lines and few others), or
because a person anchored a note there. What is only near does not count.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Final

import msgspec

from indexer.answer.blocks import Role
from indexer.answer.sentences import sentences_of
from indexer.guide.modules.evolution import Evolution
from indexer.guide.modules.said import Said, said_in_files, said_in_messages
from indexer.guide.modules.store import Store
from indexer.guide.modules.survey import Survey
from indexer.guide.modules.symbols import Definition, asks_for_reasons, definitions, uses, weight
from indexer.guide.modules.tree import TreeFile
from indexer.guide.modules.wording import is_reason, reason_at
from indexer.shapes.modules import WhyCount
from indexer.types import AnchorState, ChunkKind, Control, Note

FEW_DEFINITIONS: Final = 2
"""A commit that rewrote more definitions than this gives its reason for one only where it names it."""

FEW_FILES: Final = 6
"""The same for the files that it touched, tests and documents among them."""

FEW_BEARERS: Final = 2
"""A name that more definitions bear than this names none of them."""

BEGINS: Final = 3
"""Characters within which the words of a reason still begin its sentence."""

ABOVE: Final = 2
"""Lines between the end of a comment and the definition that it stands above, at most."""

_INSIDE: Final = frozenset(("python", "notebook", "julia", "elixir", "clojure", "commonlisp", "elisp"))
"""Languages whose docstrings stand within what they document; elsewhere they stand above it."""

KEPT: Final = 4
"""Reasons kept for one definition."""

LOOKED_AT: Final = 60
"""Commits of one definition, the newest first, whose messages are looked at."""

_NAME: Final = re.compile(r"[A-Za-z_]\w*(?:(?:\.|::|#)[A-Za-z_]\w*)*")
_TELLING: Final = re.compile(r"[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|[A-Z]{2}[a-z]|\w-\w+-\w")


class Source(StrEnum):
    """Where a reason is recorded, in the order in which it is shown."""

    NOTE = "note"
    COMMENT = "comment"
    DOCSTRING = "docstring"
    COMMIT = "commit"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A reason. ``id`` is that of a commit or a note; lines are those of the file, message or note."""

    source: Source
    path: str
    id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A definition with its reasons, the most telling first; none: nobody recorded one.

    ``commits`` are numbers of the main line; ``uses`` places that name it, 0 where others bear the name.
    """

    path_id: int
    path: str
    definition: Definition
    commits: tuple[int, ...]
    uses: int
    weight: float
    reasons: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True)
class Whys:
    """All definitions of a state of the index, by file, with what is recorded about the files themselves."""

    asked: Mapping[int, tuple[Asked, ...]]
    counts: Mapping[int, WhyCount]
    of_files: Mapping[int, tuple[Recorded, ...]]
    """Reasons in a file that are about none of its definitions: of its header, of settings, of documents."""
    commits: Mapping[int, tuple[str, bool, int]]
    """The main line: by number, the id, whether it is a merge, how many files it touched."""
    digests: dict[int, str] = field(default_factory=dict)

    def digest(self, path_id: int) -> str:
        """Return what names all that is known of the reasons in a file."""
        known = self.digests.get(path_id)
        if known is None:
            about = (
                [
                    (
                        each.definition.qualified,
                        each.definition.name_line,
                        each.commits,
                        each.uses,
                        each.reasons,
                    )
                    for each in self.asked.get(path_id, ())
                ],
                self.of_files.get(path_id, ()),
            )
            known = blake2b(msgspec.json.encode(about), digest_size=8).hexdigest()
            self.digests[path_id] = known
        return known


def whys(
    reader: sqlite3.Connection,
    survey: Survey,
    store: Store,
    evolution: Evolution,
    notes: Sequence[Note],
    control: Control,
) -> Whys:
    """Find the reasons of every definition."""
    return _Finder(reader, survey, store, evolution, notes, control).found()


class _Finder:
    """Ties sentences to definitions, for one state of the index."""

    def __init__(
        self,
        reader: sqlite3.Connection,
        survey: Survey,
        store: Store,
        evolution: Evolution,
        notes: Sequence[Note],
        control: Control,
    ) -> None:
        parents = {
            oid: tuple(said.split()) for oid, said in reader.execute("SELECT oid, parents FROM commits")
        }
        if survey.head is not None:
            first = {oid: each[0] for oid, each in parents.items() if each}
            evolution.read(survey.head, first, control)
        self._reader = reader
        self._survey = survey
        self._control = control
        self._said = said_in_files(reader, store, survey.files.values(), control)
        self._messages = said_in_messages(reader, store, control)
        self._main = evolution.commits()
        self._inner = _inner_commits(self._main, parents)
        self._files = [file for file in survey.files.values() if asks_for_reasons(file)]
        self._definitions = definitions(reader, self._files)
        self._commits = _rewritten(store, evolution, self._files, self._definitions, control)
        self._touched = Counter(n for each in self._commits.values() for found in each for n in found)
        self._uses = uses(reader)
        self._found: dict[tuple[int, int], list[Recorded]] = defaultdict(list)
        self._of_files: dict[int, list[Recorded]] = defaultdict(list)
        self._bearers: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for file in self._files:
            for at, each in enumerate(self._of(file)):
                self._bearers[each.name].append((file.path_id, at))
        self._notes = notes

    def found(self) -> Whys:
        for file in self._survey.files.values():
            for said in self._said.get(file.blob_id or 0, ()):
                if asks_for_reasons(file):
                    self._by_place(file, said)
                else:
                    self._by_name(file, said)
        self._by_history()
        self._by_notes()
        asked = {file.path_id: tuple(self._asked(file)) for file in self._files if self._of(file)}
        return Whys(
            asked,
            {path_id: count_of(each) for path_id, each in asked.items()},
            {path_id: tuple(each) for path_id, each in self._of_files.items()},
            self._main,
        )

    # ---------------------------------------------------------------------------- private

    def _of(self, file: TreeFile) -> tuple[Definition, ...]:
        return self._definitions.get(file.blob_id or 0, ())

    def _asked(self, file: TreeFile) -> Iterator[Asked]:
        commits = self._commits.get(file.path_id, [])
        for at, each in enumerate(self._of(file)):
            bearers = len(self._bearers[each.name])
            used = self._uses.get(each.name, 0)
            own = tuple(commits[at]) if at < len(commits) else ()
            reasons = sorted(
                self._found.get((file.path_id, at), ()), key=lambda one: list(Source).index(one.source)
            )
            yield Asked(
                path_id=file.path_id,
                path=file.path,
                definition=each,
                commits=own,
                uses=used if bearers == 1 else 0,
                weight=weight(len(own), used / bearers),
                reasons=tuple(reasons[:KEPT]),
            )

    def _by_place(self, file: TreeFile, said: Said) -> None:
        source = Source.DOCSTRING if said.role is Role.DOCSTRING else Source.COMMENT
        recorded = Recorded(source, file.path, "", said.start, said.end, said.text)
        at = placed(self._of(file), said, file.language)
        if at is None:
            self._of_files[file.path_id].append(recorded)
        else:
            self._found[file.path_id, at].append(recorded)

    def _by_name(self, file: TreeFile, said: Said) -> None:
        recorded = Recorded(Source.DOCUMENT, file.path, "", said.start, said.end, said.text)
        self._of_files[file.path_id].append(recorded)
        for place in self._named(said.text):
            self._found[place].append(recorded)

    def _named(self, text: str) -> set[tuple[int, int]]:
        """Return the definitions that a sentence names as what it explains."""
        # "`Till` is slow because of `Coin`" is about the till; "Because of `Coin`, ..." may be about any.
        cue = reason_at(text, Role.COMMENT) or 0
        explained = text[:cue] if cue > BEGINS else text
        found: set[tuple[int, int]] = set()
        for match in _NAME.finditer(explained):
            parts = re.split(r"\.|::|#", match.group())
            bearers = self._bearers.get(parts[-1], ())
            if len(parts) > 1:
                near = [each for each in bearers if self._is_in(each, parts[-2])]
                found.update(near if len(near) <= FEW_BEARERS else ())
            elif _TELLING.search(parts[0]) and len(bearers) <= FEW_BEARERS:
                found.update(bearers)
        return found

    def _is_in(self, place: tuple[int, int], parent: str) -> bool:
        file = self._survey.files[place[0]]
        own = self._of(file)[place[1]].parent.rpartition(".")[2]
        stem = file.path.rpartition("/")[2].partition(".")[0]
        return parent in (own, stem)

    def _by_history(self) -> None:
        for file in self._files:
            commits = self._commits.get(file.path_id, [])
            inner = self._inner_of(file, {n for found in commits for n in found})
            for at, found in enumerate(commits):
                for n in found[:LOOKED_AT]:
                    self._by_commit(file, at, n, inner.get(n, ()))

    def _by_commit(self, file: TreeFile, at: int, n: int, inner: Sequence[str]) -> None:
        oid, _, files = self._main[n]
        alone = self._touched[n] <= FEW_DEFINITIONS and files <= FEW_FILES
        for message in dict.fromkeys((oid, *inner)):
            for said in self._messages.get(message, ()):
                if alone or (file.path_id, at) in self._named(said.text):
                    recorded = Recorded(Source.COMMIT, "", message, said.start, said.end, said.text)
                    if recorded not in self._found[file.path_id, at]:
                        self._found[file.path_id, at].append(recorded)

    def _inner_of(self, file: TreeFile, numbers: set[int]) -> dict[int, list[str]]:
        """Return for each merge the commits that it brought in which touched a file."""
        merges = {n for n in numbers if self._main[n][1]}
        found: dict[int, list[str]] = defaultdict(list)
        if merges:
            rows = self._reader.execute(
                "SELECT c.oid FROM change JOIN commits c ON c.id = change.commit_id"
                " WHERE change.path_id = ? ORDER BY c.sequence DESC",
                (file.path_id,),
            )
            for (oid,) in rows:
                n = self._inner.get(oid)
                if n in merges:
                    found[n].append(oid)
        return found

    def _by_notes(self) -> None:
        by_path = {file.path: file for file in self._files}
        for note in self._notes:
            anchor = note.anchor
            file = by_path.get(anchor.path or "") if anchor is not None else None
            said = _reason_of(note)
            if anchor is None or file is None or said is None or note.state is not AnchorState.CURRENT:
                continue
            recorded = Recorded(Source.NOTE, file.path, note.id, said[0], said[1], said[2])
            for at, each in enumerate(self._of(file)):
                if anchor.symbol in (each.qualified, each.name) or (
                    not anchor.symbol and each.start <= anchor.start_line <= anchor.end_line <= each.own_end
                ):
                    self._found[file.path_id, at].append(recorded)


def count_of(asked: Iterable[Asked]) -> WhyCount:
    """Count definitions, those with a reason, and the share of the weight that these have."""
    definitions_, reasons, total, explained = 0, 0, 0.0, 0.0
    for each in asked:
        definitions_ += 1
        total += each.weight
        if each.reasons:
            reasons += 1
            explained += each.weight
    share = round(explained / total, 4) if total else 0.0
    return WhyCount(definitions_, reasons, share, round(total, 3))


def placed(found: Sequence[Definition], said: Said, language: str) -> int | None:
    """Return which of a file's definitions (in the order of their lines) a sentence stands in, or above."""
    inside = _innermost(found, said)
    if said.role is Role.DOCSTRING and language in _INSIDE:
        return inside
    following = bisect_right([each.start for each in found], said.block_end)
    if following < len(found) and found[following].start <= said.block_end + ABOVE:
        above = found[following]
        # Within a function, what stands above an inner one may be about either: it is the outer one's.
        if inside is None or (above.parent == found[inside].qualified and _holds(found[inside])):
            return following
    return inside


def _innermost(found: Sequence[Definition], said: Said) -> int | None:
    around = [at for at, each in enumerate(found) if each.start <= said.start and said.end <= each.end]
    return max(around, key=lambda at: found[at].start, default=None)


def _holds(definition: Definition) -> bool:
    return definition.own_end < definition.end


def _rewritten(
    store: Store,
    evolution: Evolution,
    files: Sequence[TreeFile],
    found: Mapping[int, Sequence[Definition]],
    control: Control,
) -> dict[int, list[list[int]]]:
    """Return for each file the commits of each of its definitions; kept as long as neither changes."""
    known = store.read_all("lines")
    newest = evolution.last_changes()
    start = evolution.era()
    decode = msgspec.msgpack.Decoder(list[list[int]]).decode
    out: dict[int, list[list[int]]] = {}
    fresh: list[tuple[str, str, bytes]] = []
    for number, file in enumerate(files):
        own = found.get(file.blob_id or 0, ())
        if not own:
            continue
        inputs = f"{start}:{file.oid}:{file.language}:{newest.get(file.path, 0)}"
        kept = known.get(file.path)
        if kept is not None and kept[0] == inputs:
            out[file.path_id] = decode(kept[1])
            continue
        if number % 20 == 0:
            control.checkpoint()
        lines = evolution.rewritten(file.path, [(each.start, each.own_end) for each in own])
        out[file.path_id] = lines
        fresh.append((file.path, inputs, msgspec.msgpack.encode(lines)))
    store.write("lines", fresh)
    return out


def _inner_commits(
    main: Mapping[int, tuple[str, bool, int]], parents: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Return for each commit beside the main line the number of the merge that first brought it in."""
    on_line = {oid for oid, _, _ in main.values()}
    found: dict[str, int] = {}
    for n in sorted(main):
        oid, merge, _ = main[n]
        pending = list(parents.get(oid, ())[1:]) if merge else []
        while pending:
            current = pending.pop()
            if current not in found and current not in on_line and current in parents:
                found[current] = n
                pending += parents[current]
    return found


def _reason_of(note: Note) -> tuple[int, int, str] | None:
    """Return the sentence of a note that gives a reason; where it answers a why, its first one."""
    sentences = sentences_of(ChunkKind.NOTE, "", note.text, 1)
    for each in sentences:
        if is_reason(each.text, Role.NOTE):
            return each.start_line, each.end_line, each.text
    if sentences and note.question.lower().startswith("why"):
        return sentences[0].start_line, sentences[0].end_line, sentences[0].text
    return None
