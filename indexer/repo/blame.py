"""Says who last changed each line of a file, and which commits ever touched a range of lines."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from indexer.repo.log import decode
from indexer.repo.overlay import Overlay
from indexer.types import BlameLine

MAX_LINE_HISTORY = 200
"""Commits given for a range of lines; more than anybody reads."""


def read_blame(overlay: Overlay, commit: str, path: str) -> list[BlameLine]:
    """Return a line's last commit and author, for every line of ``path`` as of ``commit``.

    Raises ObjectProblemError when the file is not there or cannot be followed.
    """
    output = overlay.run(
        "blame", "--porcelain", "--root", "--encoding=none", overlay.require_oid(commit), "--", path
    )
    lines: list[BlameLine] = []
    authors: dict[str, tuple[str, str, int]] = {}
    oid, line, name, email, time = "", 0, "", "", 0
    # By newline only: a file's own line may hold any other character that splitlines() knows.
    for row in output.split(b"\n")[:-1]:
        if row.startswith(b"\t"):
            if oid not in authors:
                authors[oid] = (name, email, time)
            lines.append(BlameLine(line, oid, *authors[oid]))
            oid = ""
        elif not oid:
            fields = row.split(b" ")
            oid, line = fields[0].decode(), int(fields[2])
            name, email, time = "", "", 0
        elif row.startswith(b"author "):
            name = decode(row[7:], b"")
        elif row.startswith(b"author-mail "):
            email = decode(row[12:], b"").strip("<>")
        elif row.startswith(b"author-time "):
            time = int(row[12:]) if row[12:].isdigit() else 0
    return lines


def read_first_writing(
    overlay: Overlay, commit: str, text: str, paths: Sequence[str], seconds: float
) -> str | None:
    """Return the first commit, of those that ``commit`` comes from, after which one of the ``paths`` holds
    ``text`` more often than before; None when there is none, or git has not found it in so many seconds.

    Raises ObjectProblemError when the history cannot be read.
    """
    over = threading.Event()
    with overlay.start(
        "log",
        "--reverse",
        "--format=%H",
        f"-S{text}",
        overlay.require_oid(commit),
        "--",
        *paths,
    ) as process:

        def give_up() -> None:
            over.set()
            process.kill()

        guard = threading.Timer(seconds, give_up)
        guard.start()
        try:
            output = process.read_all()
            status = process.wait()
        finally:
            guard.cancel()
        if over.is_set():
            return None
        if status != 0:
            raise overlay.failure(process, "log")
    first = output.decode("ascii", "replace").partition("\n")[0]
    return first if overlay.is_oid(first) else None


def read_line_history(
    overlay: Overlay, commit: str, path: str, start: int, end: int, seconds: float = 0.0
) -> tuple[list[str], bool]:
    """Return the commits that changed lines ``start`` to ``end`` of ``path``, newest first, and
    whether that is all: after ``seconds`` (0: never) git is ended, and what it found is taken.

    Raises ObjectProblemError when the file or the lines are not there.
    """
    over = threading.Event()
    with overlay.start(
        "log",
        "-s",
        "--format=%H",
        f"--max-count={MAX_LINE_HISTORY}",
        f"-L{int(start)},{int(end)}:{path}",
        overlay.require_oid(commit),
        "--",
    ) as process:

        def give_up() -> None:
            over.set()
            process.kill()

        guard = threading.Timer(seconds, give_up)
        if seconds:
            guard.start()
        try:
            output = process.read_all()
            status = process.wait()
        finally:
            guard.cancel()
        if status != 0 and not over.is_set():
            raise overlay.failure(process, "log")
    # Its last id may have been cut off in the middle.
    ids = [line for line in output.decode("ascii", "replace").split() if overlay.is_oid(line)]
    return ids, not over.is_set()
