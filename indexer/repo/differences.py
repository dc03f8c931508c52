"""How two trees differ: which paths, moved from where, by how many lines; nothing of a repository is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from indexer.errors import ObjectProblemError
from indexer.repo.objects import object_id
from indexer.repo.overlay import Overlay
from indexer.repo.trees import SUBMODULE

RENAMES_COMPARED: Final = 1_000
"""Files on each side that are compared for likeness; files moved as they are, are always found."""

COUNT_SECONDS: Final = 15.0
"""For counting lines, which git does after it has named the paths: a lock file of 200,000 lines takes
0.3 s, a dump of a gigabyte would take minutes and say nothing."""

_OPTIONS: Final = (
    "-r", "-z", "--raw", "--no-abbrev", f"-l{RENAMES_COMPARED}", "--no-ext-diff", "--no-textconv",
    "--no-color",
)  # fmt: skip
_COUNTED: Final = ("-M", "--numstat")
_NAMED: Final = ("-M100%",)
"""Only what moved as it was: for that no content is read, which a partial clone may not have."""
_CHANGE: Final = re.compile(r":([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])([0-9]*)")
_COUNT: Final = re.compile(r"(\d+|-)\t(\d+|-)\t")


@dataclass(frozen=True, slots=True)
class FileChange:
    """One path that differs. ``status`` is git's letter: A, D, M, R (moved), T (other kind), U (in
    conflict); ``old_path`` is the same as ``path`` unless it moved. Ids are all zeros where there is
    nothing. ``added`` and ``deleted`` count lines: None for a binary file, or where time was up.
    """

    status: str
    path: str
    old_path: str
    old_oid: str
    new_oid: str
    old_mode: int
    new_mode: int
    likeness: int = 100
    added: int | None = None
    deleted: int | None = None

    @property
    def mode_only(self) -> bool:
        """Whether nothing but the permission changed."""
        return self.status == "M" and self.old_oid == self.new_oid

    @property
    def submodule(self) -> bool:
        """Whether it is another repository's commit that is pointed at."""
        return SUBMODULE in (self.old_mode, self.new_mode)


@dataclass(frozen=True, slots=True)
class TreeDifference:
    """What differs, in git's order of paths; ``counted``: the lines of all of it were counted in time.

    ``problem`` says which content could not be read, so that no lines were counted, and what moved
    with changes looks removed and added.
    """

    changes: tuple[FileChange, ...]
    counted: bool = True
    problem: str = ""


def empty_tree(overlay: Overlay) -> str:
    """Return the id of the tree without files, which git knows without having it."""
    return object_id("tree", b"", overlay.object_format)


def tree_difference(overlay: Overlay, old: str, new: str) -> TreeDifference:
    """Return how the tree of ``new`` differs from that of ``old`` (ids of commits or trees).

    Raises ObjectProblemError when one of them cannot be read.
    """
    return _read(overlay, "diff-tree", (), (overlay.require_oid(old), overlay.require_oid(new)))


def renames(overlay: Overlay, old: str, new: str, seconds: float) -> list[FileChange]:
    """Return which files moved between two trees, by git's own likeness, without counting their lines.

    Empty where it takes longer than so many seconds. Raises ObjectProblemError.
    """
    command = ("diff-tree", *_OPTIONS, "-M", "--diff-filter=R")
    ends = (overlay.require_oid(old), overlay.require_oid(new))
    output, whole = overlay.run_within(seconds, *command, *ends)
    return _changes(output.decode("utf-8", "surrogateescape"))[0] if whole else []


def index_difference(overlay: Overlay, index: Path, old: str) -> TreeDifference:
    """Return how an index file, a copy of ours, differs from the tree of ``old``."""
    options = ("--cached", "--ita-invisible-in-index")
    return _read(overlay, "diff-index", options, (overlay.require_oid(old), "--"), index)


def _read(
    overlay: Overlay, name: str, options: tuple[str, ...], ends: tuple[str, ...], index: Path | None = None
) -> TreeDifference:
    """Run a command that lists differences; where a content is not there, do without counting lines."""
    try:
        return _listed(overlay, (name, *options, *_OPTIONS, *_COUNTED, *ends), index)
    except ObjectProblemError as error:
        found = _listed(overlay, (name, *options, *_OPTIONS, *_NAMED, *ends), index)
        return replace(found, counted=False, problem=error.message)


def _listed(overlay: Overlay, command: tuple[str, ...], index: Path | None) -> TreeDifference:
    """Return what a command lists; after ``COUNT_SECONDS`` without what is not counted yet."""
    output, whole = overlay.run_within(COUNT_SECONDS, *command, index=index)
    changes, rest = _changes(output.decode("utf-8", "surrogateescape"))
    if not whole and not changes:
        raise ObjectProblemError(
            "Comparing the two states took too long.", "Name a shorter range, or compare a folder less."
        )
    return TreeDifference(tuple(_counted(changes, rest)), whole)


def _changes(text: str) -> tuple[list[FileChange], list[str]]:
    """Return the paths that git names first, and the pieces behind them."""
    pieces = text.split("\0")
    found: list[FileChange] = []
    at = 0
    while at < len(pieces) and (match := _CHANGE.fullmatch(pieces[at])):
        moved = match[5] in "RC"
        if at + 1 + moved >= len(pieces):
            break
        old_path, path = pieces[at + 1], pieces[at + 1 + moved]
        found.append(
            FileChange(
                status=match[5],
                path=path,
                old_path=old_path,
                old_oid=match[3],
                new_oid=match[4],
                old_mode=int(match[1], 8),
                new_mode=int(match[2], 8),
                likeness=int(match[6] or 100),
            )
        )
        at += 2 + moved
    return found, pieces[at:]


def _counted(changes: list[FileChange], pieces: list[str]) -> Iterator[FileChange]:
    """Yield the changes with their lines counted, as far as the counts go."""
    counts: dict[str, tuple[int | None, int | None]] = {}
    at = 0
    while at < len(pieces) - 1:
        match = _COUNT.match(pieces[at])
        if match is None:
            break
        path = pieces[at][match.end() :]
        if not path:  # moved: the two paths stand in pieces of their own
            if at + 2 >= len(pieces):
                break
            path = pieces[at + 2]
            at += 2
        counts[path] = (_number(match[1]), _number(match[2]))
        at += 1
    for change in changes:
        added, deleted = counts.get(change.path, (None, None))
        yield replace(change, added=added, deleted=deleted)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
