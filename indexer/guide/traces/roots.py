"""Where on somebody's machine this repository lay: told by several frames that fit the same folder."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Final

from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.files import ROOTS, common
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.paths import read_path
from indexer.shapes.traces import TraceForm

WITNESSES: Final = 2
"""Files of this repository that make a folder its own: such as have the function that their frame names,
and, beside one of those, such as history has."""


_VERSION: Final = re.compile(r"(?:[-_.]?(?:master|main|trunk|git|src|[vV]?\d[\w.+~-]*|[0-9a-f]{7,40}))+$")
"""What stands behind a name where something was unpacked."""


def root_of(
    frames: Sequence[RawFrame],
    book: Book,
    names: Callable[[Place, RawFrame], bool],
    called: Collection[str] = (),
) -> tuple[str, ...] | None:
    """Return the folder, in parts, that the repository lay in; None where nothing proves one.

    ``names`` tells whether a file has, or had, the function that a frame names; of a frame without a name a
    path that is one of ours to its end counts as much. In a folder that bears one of the names which the
    repository is ``called`` by, one file is enough, of now or of the past. A folder under which as many of
    the frames name files that the repository never had is another project's. The empty folder stands for
    paths that begin in the repository.
    """
    witnesses: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for frame in frames:
        parts = parts_of(frame)
        for place in _of_name(parts, book):
            inside = common(place.parts, parts)
            whole = inside == len(parts) and not read_path(frame.path).whole
            below = inside == len(place.parts) and (inside < len(parts) or whole)
            of_that_name = below and _name_of(parts[:-inside]) in called
            if not below or not (place.current or of_that_name):
                continue
            if not frame.name:
                # A list of places alone: a path that is one of ours to its end says as much as a function.
                if inside > 1 and sum(part.lower() not in ROOTS for part in place.parts) > 1:
                    witnesses[parts[:-inside]].add(place.path)
                continue
            # Below a folder of that name, a path with a folder needs no function that is still there.
            if (of_that_name and inside > 1) or names(place, frame):
                witnesses[parts[:-inside]].add(place.path)
    for root, paths in sorted(witnesses.items(), key=lambda each: -len(each[1])):
        longer = {parts: frame for frame in frames if len(parts := parts_of(frame)) > len(root)}
        placed = {parts: place_in(root, parts, book) for parts in longer if parts[: len(root)] == root}
        strangers = sum(place is None for place in placed.values())
        former = {
            place.path
            for parts, place in placed.items()
            # One that lies in no folder of the repository has a name that many have.
            if place is not None
            and not place.current
            and (len(parts) - len(root) > 1 or names(place, longer[parts]))
        }
        name = _name_of(root)
        least = 1 if (name in called and name not in ROOTS) or _is_crate(root, paths, frames) else WITNESSES
        if len(paths) + len(former) >= least and len(paths) + len(former) > strangers:
            return root
    return None


def _is_crate(root: tuple[str, ...], paths: Collection[str], frames: Sequence[RawFrame]) -> bool:
    """Return whether Rust alone wrote the paths, and one of them is a file of ours below two folders: only
    what is built where it lies has a path without a root there.
    """
    rust = all(frame.form is TraceForm.RUST for frame in frames)
    return not root and rust and any(path.count("/") > 1 for path in paths)


def _of_name(parts: tuple[str, ...], book: Book) -> Sequence[Place]:
    name = parts[-1].lower() if parts else ""
    return (*book.files.get(name, ()), *book.former.get(name, ()))


def _name_of(root: tuple[str, ...]) -> str:
    """Return what the folder of a project is called, without its version."""
    return _VERSION.sub("", root[-1].lower()) if root else ""


def place_in(root: tuple[str, ...], parts: tuple[str, ...], book: Book) -> Place | None:
    """Return the file, of now or of the past, that a path below a folder is."""
    if not parts or parts[: len(root)] != root or len(parts) == len(root):
        return None
    inside = parts[len(root) :]
    current = book.paths.get("/".join(inside))
    if current is not None:
        return current
    return next((each for each in book.former.get(inside[-1].lower(), ()) if each.parts == inside), None)


def parts_of(frame: RawFrame) -> tuple[str, ...]:
    """Return the parts of a path that lies in nobody's library, and begins at a root or in a folder of
    something; else none.
    """
    if frame.outside or not frame.path:
        return ()
    written = read_path(frame.path)
    if written.library or written.foreign or not (written.whole or len(written.parts) > 1):
        return ()
    # A path that leads out of where a program was built says nothing of the folder that it began in.
    relative = frame.path.startswith("../")
    return () if relative else written.parts
