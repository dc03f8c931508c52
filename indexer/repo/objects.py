"""Reads objects by their id through ``git cat-file``, checked, in order, and without end in one."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from indexer.errors import ObjectProblemError
from indexer.repo.overlay import Overlay
from indexer.repo.process import GitProcess
from indexer.types import Blob

BATCH = 5_000
"""Objects asked for at once: two processes serve each batch, which takes them 6 ms to start."""

LARGEST_BYTES = 100_000_000
"""What ``ObjectReader.read`` returns at most; more is passed over and said to be too large."""

TOO_LARGE = "too large"
MISSING = "missing"
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class RawObject:
    """An object as git keeps it. ``data`` is None, and ``problem`` says why, when it has none."""

    oid: str
    type: str
    size: int
    data: bytes | None
    problem: str = ""


def object_id(kind: str, data: bytes, object_format: str) -> str:
    """Return the id that git gives to an object of this kind with this content."""
    digest = hashlib.new(object_format, usedforsecurity=False)
    digest.update(f"{kind} {len(data)}\0".encode())
    digest.update(data)
    return digest.hexdigest()


class ObjectReader:
    """Reads objects of one repository; callable from several threads.

    Single objects go through one ``cat-file`` that stays, since starting one takes 3 ms.
    """

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._lock = threading.Lock()
        self._process: GitProcess | None = None

    def read(self, oid: str, max_bytes: int = LARGEST_BYTES) -> RawObject:
        """Return one object. Nothing is raised for one that is missing or damaged."""
        self._overlay.require_oid(oid)
        with self._lock:
            for attempt in (0, 1):
                process = self._started()
                try:
                    process.write(oid.encode() + b"\n")
                    found = self._checked(_read_one(process, max_bytes), process)
                    # What git complains of may not have come yet; a process of its own is awaited.
                    return found if found.problem != MISSING else self.infos([oid])[0]
                except (EOFError, BrokenPipeError):
                    # Git gives up on a damaged object; or the process was ended in the meantime.
                    self._raise_unless_damaged(process)
                    self._end()
                    if attempt:
                        break
        return RawObject(oid, "", 0, None, DAMAGED)

    def stream(self, oids: Iterable[str], max_bytes: int) -> Iterator[RawObject]:
        """Yield the objects in the order asked for; those above ``max_bytes`` without data."""
        asked = iter(oids)
        while batch := list(islice(asked, BATCH)):
            infos = self.infos(batch)
            wanted = [each.oid for each in infos if not each.problem and each.size <= max_bytes]
            contents = self._contents(wanted)
            for info in infos:
                if info.problem:
                    yield info
                elif info.size > max_bytes:
                    yield RawObject(info.oid, info.type, info.size, None, TOO_LARGE)
                else:
                    yield next(contents)

    def infos(self, oids: Sequence[str], suffix: str = "") -> list[RawObject]:
        """Return type and size of each object, without data; ``suffix`` such as ``^{commit}``
        asks for what the object leads to in place of itself.
        """
        found: list[RawObject] = []
        while len(found) < len(oids):
            asked = oids[len(found) :]
            given = "".join(f"{self._overlay.require_oid(oid)}{suffix}\n" for oid in asked).encode()
            with self._overlay.start("cat-file", "--batch-check", "--buffer", given=given) as process:
                answers = _answers(process, asked)
                process.wait()
                found += [_named(each, process.errors) for each in answers]
                if len(answers) < len(asked):
                    self._raise_unless_damaged(process)
                    found.append(RawObject(asked[len(answers)], "", 0, None, DAMAGED))
        return found

    def close(self) -> None:
        """End the process that stays; the next read starts another."""
        process = self._process
        if process is not None:
            process.kill()  # first, so that a read that waits for it lets go of the lock
        with self._lock:
            self._end()

    def _contents(self, oids: list[str]) -> Iterator[RawObject]:
        done = 0
        while done < len(oids):
            given = "".join(f"{oid}\n" for oid in oids[done:]).encode()
            with self._overlay.start("cat-file", "--batch", "--buffer", given=given) as process:
                try:
                    for _ in range(len(oids) - done):
                        found = self._checked(_read_one(process, LARGEST_BYTES), process)
                        done += 1
                        yield found
                except EOFError:
                    # Git ends at a damaged object; it is named, and another goes on behind it.
                    self._raise_unless_damaged(process)
                    yield RawObject(oids[done], "", 0, None, DAMAGED)
                    done += 1

    def _checked(self, found: RawObject, process: GitProcess) -> RawObject:
        """Return ``found``, unless its content is not what its id promises: git does not look."""
        if found.data is None:
            return _named(found, process.errors)
        if object_id(found.type, found.data, self._overlay.object_format) == found.oid:
            return found
        return RawObject(found.oid, found.type, found.size, None, DAMAGED)

    def _raise_unless_damaged(self, process: GitProcess) -> None:
        """Raise what is wrong when git ended for another reason than what it was reading."""
        error = self._overlay.failure(process, "cat-file")
        if not isinstance(error, ObjectProblemError):
            raise error

    def _started(self) -> GitProcess:
        if self._process is None or self._process.closed:
            self._process = self._overlay.start("cat-file", "--batch", pipe=True)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None


def _answers(process: GitProcess, oids: Sequence[str]) -> list[RawObject]:
    """Return what ``--batch-check`` says, up to where git gave up."""
    found: list[RawObject] = []
    for oid in oids:
        try:
            line = process.read_line().decode("ascii", "replace").split(" ")
        except EOFError:
            break
        whole = len(line) == 3 and line[2].isdecimal()
        found.append(
            RawObject(line[0], line[1], int(line[2]), None) if whole else RawObject(oid, "", 0, None, MISSING)
        )
    return found


def as_blob(found: RawObject) -> Blob:
    """Return ``found`` as a Blob; an object of another kind is a problem."""
    if found.type not in ("", "blob"):
        return Blob(found.oid, found.size, None, f"object {found.oid} is a {found.type}, not a file")
    problem = found.problem
    if problem in (MISSING, DAMAGED):
        problem = f"object {found.oid} is {problem}"
    return Blob(found.oid, found.size, found.data, problem)


def require(found: RawObject, kind: str) -> bytes:
    """Return the content of an object of this kind. Raises ObjectProblemError else."""
    if found.data is None or found.type != kind:
        problem = found.problem or f"a {found.type}, not a {kind}"
        raise ObjectProblemError(
            f"The object {found.oid} is {problem}.",
            "Run `git fsck` there, or fetch again from where the repository came from.",
        )
    return found.data


def _read_one(process: GitProcess, max_bytes: int) -> RawObject:
    line = process.read_line().decode("ascii", "replace").split(" ")
    if len(line) != 3:
        return RawObject(line[0], "", 0, None, MISSING)
    oid, kind, size = line[0], line[1], int(line[2])
    if size > max_bytes:
        process.skip(size + 1)
        return RawObject(oid, kind, size, None, TOO_LARGE)
    data = process.read_exactly(size)
    process.skip(1)
    return RawObject(oid, kind, size, data)


def _named(found: RawObject, errors: str) -> RawObject:
    """Return a missing object as damaged when git complained about it by name."""
    if found.problem != MISSING:
        return found
    named = found.oid in errors or f"{found.oid[:2]}/{found.oid[2:]}" in errors
    return RawObject(found.oid, "", 0, None, DAMAGED) if named else found
