"""Which lines each commit of the main line changed: one streamed ``git log -U0`` along first parents.

Along first parents history is a line, and the numbers of lines can be followed through it exactly; a
merge counts as one change, by all that it brought in.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.errors import ObjectProblemError
from indexer.repo.overlay import Overlay

RENAMES: Final = 400
"""Files that a commit adds and deletes beyond which none of them is taken for renamed."""

NO_CODE: Final = (
    "*.po", "*.pot", "*.xlf", "*.svg", "*.csv", "*.tsv", "*.lock", "*.map", "*.min.*", "*.snap", "*.patch",
    "*.diff", "*.dump", "*.ipynb", "*.html.gz", "package-lock.json", "*/package-lock.json", "pnpm-lock.yaml",
)  # fmt: skip
"""Files whose lines nobody writes one by one; translations alone can be nine tenths of a history."""

MAX_BROKEN: Final = 64
"""So many commits that cannot be compared (objects are missing) end the reading."""

Hunk = tuple[int, int, int, int]
"""First line and number of lines before, and the same after, as git writes them: where there is no line,
the first is the one before."""


@dataclass(frozen=True, slots=True)
class FileLines:
    """The lines of one file that a commit changed. ``former`` is its path before, empty when it was added.

    Without ``hunks`` its name or mode changed alone, or it is binary.
    """

    path: str
    former: str
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class CommitLines:
    """A commit of the main line; ``parent`` is its first one, empty at the root. Deleted files are left out.

    Commits that touched nothing of interest are not told of.
    """

    oid: str
    parent: str
    merge: bool
    files: tuple[FileLines, ...]


_LINE: Final = re.compile(
    rb"^(?:\x01([0-9a-f]+) ?([0-9a-f ]*)|diff --git (.+)|(new file|deleted file) mode \d+"
    rb"|rename (from|to) (.+)|@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*)$",
    re.M,
)
# A changed line begins with a plus, a minus or a backslash: it is never taken for one of these.


def read_line_changes(
    overlay: Overlay, head: str, exclude: str | None = None, seconds: float = 0.0
) -> Iterator[CommitLines]:
    """Yield the commits of the main line from ``head`` back, without those that ``exclude`` reaches.

    After ``seconds`` (0: never) git is ended: what comes then is cut off, not wrong. A commit that
    cannot be compared, since objects are missing, comes without files.
    """
    over = threading.Event()
    start = head
    for _ in range(MAX_BROKEN):
        last: CommitLines | None = None
        try:
            for last in _stream(overlay, start, exclude, seconds, over):
                yield last
            return
        except ObjectProblemError:
            if over.is_set():
                return
            broken = start if last is None else last.parent
            if not broken:
                return
            after = overlay.run("rev-list", "--parents", "--max-count=1", broken).decode("ascii").split()[1:]
            yield CommitLines(broken, after[0] if after else "", len(after) > 1, ())
            if not after:
                return
            start = after[0]


def _stream(
    overlay: Overlay, head: str, exclude: str | None, seconds: float, over: threading.Event
) -> Iterator[CommitLines]:
    revisions = [overlay.require_oid(head), *([f"^{overlay.require_oid(exclude)}"] if exclude else [])]
    with overlay.start(
        "log", "--first-parent", "-m", "-p", "--unified=0", f"-l{RENAMES}", "-M", "--no-color",
        "--no-ext-diff", "--no-textconv", "--no-notes", "--no-show-signature", "--format=%x01%H %P",
        *revisions, "--", ".", *(f":(exclude,icase){each}" for each in NO_CODE),
    ) as process:  # fmt: skip
        reader = _Reader()
        with process.ended_after(seconds, over):
            rest = b""
            for chunk in process.chunks():
                text = rest + chunk
                end = text.rfind(b"\n") + 1
                rest = text[end:]
                yield from reader.read(text[:end])
            # What was begun when git failed, or was ended, is not whole.
            if process.wait() != 0:
                raise overlay.failure(process, "log")
        yield from reader.read(rest)
        yield from reader.commit()


class _Reader:
    """Gathers what was read of the commit under way."""

    def __init__(self) -> None:
        self._oid = ""
        self._parents: list[str] = []
        self._files: list[FileLines] = []
        self._path = self._former = ""
        self._deleted = False
        self._hunks: list[Hunk] = []

    def read(self, text: bytes) -> Iterator[CommitLines]:
        for found in _LINE.finditer(text):
            oid, parents, header, state, end, path, *numbers = found.groups()
            if oid is not None:
                yield from self.commit()
                self._oid, self._parents = oid.decode(), parents.decode().split()
            elif header is not None:
                self._finish_file()
                self._path = self._former = _path_of(header)
            elif state is not None:
                self._deleted = state == b"deleted file"
                self._former = "" if not self._deleted else self._former
            elif end == b"from":
                self._former = _plain(path)
            elif end == b"to":
                self._path = _plain(path)
            else:
                old, count, new, after = (1 if each is None else int(each) for each in numbers)
                self._hunks.append((old, count, new, after))

    def commit(self) -> Iterator[CommitLines]:
        """Yield the commit that was gathered, and begin the next."""
        self._finish_file()
        if self._oid:
            parent = self._parents[0] if self._parents else ""
            yield CommitLines(self._oid, parent, len(self._parents) > 1, tuple(self._files))
        self._oid, self._files = "", []

    def _finish_file(self) -> None:
        if self._path and not self._deleted:
            self._files.append(FileLines(self._path, self._former, tuple(self._hunks)))
        self._path = self._former = ""
        self._deleted = False
        self._hunks = []


def _path_of(header: bytes) -> str:
    """Return the path of ``a/PATH b/PATH``, which are the same where no rename says otherwise."""
    return _plain(header[: (len(header) - 1) // 2], b"a/")


def _plain(written: bytes, prefix: bytes = b"") -> str:
    """Return a path without git's quotation marks and escapes."""
    if written.startswith(b'"') and written.endswith(b'"'):
        written = written[1:-1].decode("unicode_escape").encode("latin-1")
    return written.removeprefix(prefix).decode("utf-8", "surrogateescape")
