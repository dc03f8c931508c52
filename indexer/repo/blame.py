"""Says who last changed each line of a file, and which commits ever touched a range of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.repo.log import decode
from indexer.repo.overlay import Overlay
from indexer.types import BlameLine

MAX_LINE_HISTORY = 200
"""Commits given for a range of lines; more than anybody reads."""

_COMMIT: Final = re.compile(rb"^\x01([0-9a-f]+)$", re.M)
"""The line of a commit: those of its patch begin with another sign."""


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
    overlay: Overlay, commit: str, name: str, paths: Sequence[str], seconds: float
) -> str | None:
    """Return the first commit, of those that ``commit`` comes from, that added a line with ``name`` as a
    word of its own to one of the ``paths``; None when there is none, or git has not found it in so many
    seconds.

    Raises ObjectProblemError when the history cannot be read.
    """
    output, whole = overlay.run_within(
        seconds, "log", "--reverse", "-p", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv",
        "--no-renames", "--format=%x01%H", f"-G{re.escape(name)}", overlay.require_oid(commit), "--", *paths,
    )  # fmt: skip
    if not whole:
        return None
    # Git finds the letters wherever they stand: `RETRY` in `MAX_RETRY` too, and in lines that went.
    wrote = re.compile(rb"^\+(?!\+\+ ).*(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)", re.M)
    found = list(_COMMIT.finditer(output))
    ends = [each.start() for each in found[1:]] + [len(output)] * bool(found)
    for commit_line, end in zip(found, ends, strict=True):
        if wrote.search(output, commit_line.end(), end):
            return commit_line[1].decode()
    return None


def read_changed_lines(
    overlay: Overlay, commit: str, name: str, paths: Sequence[str], seconds: float
) -> list[tuple[str, list[str], list[str]]]:
    """Return (id, lines taken out, lines put in) of the commits, of those that ``commit`` comes from, that
    took out or put in a line of one of the ``paths`` with ``name`` as a word of its own; the newest first,
    merges left out. Nothing where git has not found them all in so many seconds.

    Raises ObjectProblemError when the history cannot be read.
    """
    output, whole = overlay.run_within(
        seconds, "log", "-p", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames",
        "--format=%x01%H", f"-G{re.escape(name)}", overlay.require_oid(commit), "--", *paths,
    )  # fmt: skip
    if not whole:
        return []
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    found = list(_COMMIT.finditer(output))
    ends = [each.start() for each in found[1:]] + [len(output)] * bool(found)
    changes: list[tuple[str, list[str], list[str]]] = []
    for commit_line, end in zip(found, ends, strict=True):
        rows = decode(output[commit_line.end() : end], b"").split("\n")
        out, put = ([row[1:] for row in rows if _is_of_side(row, sign) and word.search(row)] for sign in "-+")
        if out or put:
            changes.append((commit_line[1].decode(), out, put))
    return changes


def _is_of_side(row: str, sign: str) -> bool:
    """Return whether a row of a diff is a line of one side, and not the name of its file."""
    return row.startswith(sign) and not row.startswith(sign * 3)


def read_line_history(
    overlay: Overlay, commit: str, path: str, start: int, end: int, seconds: float = 0.0
) -> tuple[list[str], bool]:
    """Return the commits that changed lines ``start`` to ``end`` of ``path``, newest first, and
    whether that is all: after ``seconds`` (0: never) git is ended, and what it found is taken.

    Raises ObjectProblemError when the file or the lines are not there.
    """
    output, whole = overlay.run_within(
        seconds,
        "log",
        "-s",
        "--format=%H",
        f"--max-count={MAX_LINE_HISTORY}",
        f"-L{int(start)},{int(end)}:{path}",
        overlay.require_oid(commit),
        "--",
    )
    # Its last id may have been cut off in the middle.
    ids = [line for line in output.decode("ascii", "replace").split() if overlay.is_oid(line)]
    return ids, whole
