"""Reads the history: one streamed ``git log`` with the names of the files that changed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from indexer.errors import ObjectProblemError
from indexer.repo.objects import ObjectReader, require
from indexer.repo.overlay import Overlay
from indexer.repo.process import GitProcess
from indexer.types import CommitRecord, PathChange, Skipped

LARGEST_TIME = 2**62
"""Times beyond this are kept as this: SQLite's integers end at 2**63 - 1."""

MAX_BROKEN = 8
"""So many commits in a row whose folders cannot be read mean that none is there, as in a
treeless clone: what is left is then read without names, in one go."""

MAX_BROKEN_EDGES = 1000

Report = Callable[[Skipped], None]
"""Told of everything that could not be read."""

_OPTIONS = ("--pretty=raw", "-z", "--encoding=none", "--no-notes", "--no-color", "--no-show-signature")
_NAMES = ("--raw", "--no-renames", "--no-abbrev", "--root", "--no-ext-diff", "--no-textconv")
_CHANGE = re.compile(rb":[0-7]{6} [0-7]{6} ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])[0-9]*")
_TIME = re.compile(rb" *(-?[0-9]{1,40})")

_CHARSET = re.compile(r"utf-(8|16|32)|ascii|iso|cp\d|euc|shift|gb|big5|koi8|mac|hz|johab|tis|kz|ptcp|hp")
"""Python's codecs hold more than charsets: ``idna`` takes minutes for a long message."""


def read_log(
    overlay: Overlay, objects: ObjectReader, heads: Sequence[str], exclude: Sequence[str], report: Report
) -> Iterator[CommitRecord]:
    """Yield the commits that ``heads`` can reach and ``exclude`` cannot, children before parents.

    A commit whose folders are missing comes without changes and says so; where a commit itself
    is missing or damaged, history ends. Raises ObjectProblemError when one of ``heads`` is no
    commit.
    """
    shallow = overlay.source_shallow()
    revisions = [*map(overlay.require_oid, heads), *(f"^{overlay.require_oid(each)}" for each in exclude)]
    given = "".join(f"{each}\n" for each in revisions).encode()
    done = 0
    try:
        for record in _stream(overlay, (*_NAMES, "--topo-order", "--stdin"), given):
            done += 1
            yield _at_shallow_edge(record) if record.oid in shallow else record
        return
    except ObjectProblemError:
        for head in heads:
            require(objects.read(head), "commit")
    if not done:
        cut_broken_edges(overlay, objects, heads, report)
    listing = overlay.run("rev-list", "--topo-order", "--stdin", given=given)
    remaining = listing.decode().split("\n")[:-1]
    unknown = 0
    for record in _around_broken(overlay, remaining[done:], shallow):
        unknown += not record.changes_known and record.oid not in shallow
        yield record
    if unknown:
        report(Skipped("history", f"{unknown} commits come without the paths they changed"))


def ancestry(overlay: Overlay, objects: ObjectReader, head: str, report: Report) -> Iterator[str]:
    """Yield the ids of ``head`` and all its ancestors, children before parents."""
    given = f"{overlay.require_oid(head)}\n".encode()
    for attempt in (0, 1):
        seen = 0
        with overlay.start("rev-list", "--topo-order", "--stdin", given=given) as process:
            with suppress(EOFError):
                while True:
                    yield process.read_line().decode()
                    seen += 1
            if process.wait() == 0:
                return
            error = overlay.failure(process, "rev-list")
        if seen or attempt or not cut_broken_edges(overlay, objects, [head], report):
            raise error


def cut_broken_edges(overlay: Overlay, objects: ObjectReader, heads: Sequence[str], report: Report) -> int:
    """Let history end above each missing or damaged commit, and return how many those are.

    Git walks all of a history before it gives the first commit in order, and gives none when
    one cannot be read; the commits above are therefore declared to be where a shallow clone ends.
    """
    edges = overlay.source_shallow()
    broken = 0
    known = set(heads)
    level = list(known)
    children: dict[str, list[str]] = {}
    while level and broken < MAX_BROKEN_EDGES:
        below: list[str] = []
        for oid, found in zip(level, objects.stream(level, 1 << 27), strict=True):
            if found.data is None or found.type != "commit":
                broken += 1
                report(Skipped(f"commit {oid}", f"{found.problem or 'not a commit'}; history ends above it"))
                edges.update(children.get(oid, ()))
                continue
            if oid in edges:
                continue
            for parent in _parents(found.data):
                children.setdefault(parent, []).append(oid)
                if parent not in known:
                    known.add(parent)
                    below.append(parent)
        level = below
    if broken:
        overlay.write_shallow(edges)
    return broken


def _around_broken(overlay: Overlay, oids: list[str], shallow: set[str]) -> Iterator[CommitRecord]:
    """Yield these commits, without changes where their folders cannot be read."""
    done = broken = 0
    while done < len(oids):
        names = _NAMES if broken < MAX_BROKEN else ("-s",)
        given = "".join(f"{oid}\n" for oid in oids[done:]).encode()
        try:
            for record in _stream(overlay, (*names, "--no-walk=unsorted", "--stdin"), given):
                broken = broken if broken >= MAX_BROKEN else 0
                done += 1
                plain = not names[0].startswith("--raw")
                yield _at_shallow_edge(record) if plain or record.oid in shallow else record
            return
        except ObjectProblemError:
            if broken >= MAX_BROKEN or done >= len(oids):
                raise
        one = f"{oids[done]}\n".encode()
        for record in _stream(overlay, ("-s", "--no-walk=unsorted", "--stdin"), one):
            yield _at_shallow_edge(record)
        done += 1
        broken += 1


def _stream(overlay: Overlay, options: Sequence[str], given: bytes) -> Iterator[CommitRecord]:
    with overlay.start("log", *_OPTIONS, *options, given=given) as process:
        yield from _records(process)
        if process.wait() != 0:
            raise overlay.failure(process, "log")


def _records(process: GitProcess) -> Iterator[CommitRecord]:
    """Yield the commits of ``git log --pretty=raw --raw -z``.

    Pieces between NULs are: a commit (its last line the first change, if it has any), then a
    path and a change in turn, an empty piece behind the last path. A message holds no NUL, and
    none of its lines can pass for a change, since each is indented by four spaces.
    """
    head = b""
    changes: list[PathChange] = []
    change: re.Match[bytes] | None = None
    rest = b""
    for chunk in process.chunks():
        pieces = (rest + chunk).split(b"\0")
        rest = pieces.pop()
        for piece in pieces:
            if change is not None:
                changes.append(_change(change, piece))
                change = None
            elif piece.startswith(b":"):
                change = _CHANGE.fullmatch(piece)
            elif piece.startswith(b"commit "):
                if head:
                    yield _record(head, changes)
                head, changes = piece, []
                start = piece.rfind(b"\n\n:")
                if start >= 0 and (change := _CHANGE.fullmatch(piece, start + 2)):
                    head = piece[:start]
    if rest.startswith(b"commit "):
        if head:
            yield _record(head, changes)
        head, changes = rest, []
    if head and change is None:
        yield _record(head, changes)


def _change(found: re.Match[bytes], path: bytes) -> PathChange:
    old, new, status = found.groups()
    return PathChange(status.decode(), path.decode("utf-8", "surrogateescape"), old.decode(), new.decode())


def _record(raw: bytes, changes: list[PathChange]) -> CommitRecord:
    header, _, message = raw.partition(b"\n\n")
    oid = header[7:].partition(b"\n")[0].partition(b" ")[0].decode("ascii", "replace")
    parents: list[str] = []
    author = committer = encoding = b""
    for line in header.split(b"\n"):
        if line.startswith(b"parent "):
            parents.append(line[7:].decode("ascii", "replace"))
        elif line.startswith(b"author ") and not author:
            author = line[7:]
        elif line.startswith(b"committer ") and not committer:
            committer = line[10:]
        elif line.startswith(b"encoding "):
            encoding = line[9:]
    name, email, authored = _ident(author, encoding)
    text = message[4:] if message.startswith(b"    ") else message.replace(b"\n\n    ", b"", 1)
    return CommitRecord(
        oid=oid,
        parents=tuple(parents),
        author=name,
        email=email,
        authored=authored,
        committed=_ident(committer, encoding)[2],
        message=decode(text.replace(b"\n    ", b"\n"), encoding).strip("\n"),
        changes=tuple(changes),
    )


def decode(text: bytes, encoding: bytes) -> str:
    """Return ``text`` by the encoding that its commit names, else UTF-8, else latin-1."""
    if encoding:
        with suppress(LookupError, UnicodeError, ValueError):
            name = codecs.lookup(encoding.decode("ascii").strip()).name
            if _CHARSET.match(name):
                return text.decode(name)
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def message_of(data: bytes) -> str:
    """Return the message of a commit from the object's content: every byte, where ``read_log`` gives
    what git shows, without the blanks at the ends of lines. Both number their lines alike.
    """
    header, _, message = data.partition(b"\n\n")
    named = [line[9:] for line in header.split(b"\n") if line.startswith(b"encoding ")]
    lines = decode(message, named[0] if named else b"").split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    return "\n".join(lines[first:])


def committed_time(data: bytes) -> int:
    """Return when a commit was made, from the object's content; 0 when it does not say."""
    for line in data.partition(b"\n\n")[0].split(b"\n"):
        if line.startswith(b"committer "):
            return _ident(line[10:], b"")[2]
    return 0


def committer_of(data: bytes) -> tuple[str, str]:
    """Return the name and the address of who made a commit, from the object's content; empty without."""
    for line in data.partition(b"\n\n")[0].split(b"\n"):
        if line.startswith(b"committer "):
            name, email, _ = _ident(line[10:], b"")
            return name, email
    return "", ""


def _ident(line: bytes, encoding: bytes) -> tuple[str, str, int]:
    """Return name, email and time of an author line, as much as it has of them."""
    person, _, time = line.rpartition(b">")
    found = _TIME.match(time)
    seconds = max(-LARGEST_TIME, min(LARGEST_TIME, int(found[1]))) if found else 0
    return *_person(person or line, encoding), seconds


@lru_cache(maxsize=50_000)  # a history has few authors for its commits
def _person(text: bytes, encoding: bytes) -> tuple[str, str]:
    name, _, email = text.partition(b"<")
    return decode(name, encoding).strip(), decode(email, encoding).strip("<> ")


def _parents(data: bytes) -> list[str]:
    header = data.partition(b"\n\n")[0]
    return [
        line[7:].decode("ascii", "replace") for line in header.split(b"\n") if line.startswith(b"parent ")
    ]


def _at_shallow_edge(record: CommitRecord) -> CommitRecord:
    """Return ``record`` without changes: against nothing, every file would look added by it."""
    return CommitRecord(
        record.oid,
        record.parents,
        record.author,
        record.email,
        record.authored,
        record.committed,
        record.message,
        (),
        changes_known=False,
    )
