"""Where on somebody's machine this repository lay: told by several frames that fit the same folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.files import common
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.paths import read_path

WITNESSES: Final = 2
"""Files of this repository, each with the function that its frame names, that make a folder its own."""


def root_of(
    frames: Sequence[RawFrame], book: Book, names: Callable[[Place, RawFrame], bool]
) -> tuple[str, ...] | None:
    """Return the folder, in parts, that the repository lay in; None where nothing proves one.

    ``names`` tells whether a file has the function that a frame names. A folder under which as many of
    the frames name files that the repository never had is another project's.
    """
    witnesses: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for frame in frames:
        parts = parts_of(frame)
        for place in book.files.get(parts[-1].lower(), ()) if parts else ():
            inside = common(place.parts, parts)
            if inside == len(place.parts) < len(parts) and frame.name and names(place, frame):
                witnesses[parts[:-inside]].add(place.path)
    for root, paths in sorted(witnesses.items(), key=lambda each: -len(each[1])):
        strangers = {
            parts
            for frame in frames
            if (parts := parts_of(frame))[: len(root)] == root and place_in(root, parts, book) is None
        }
        if len(paths) >= WITNESSES and len(paths) > len(strangers):
            return root
    return None


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
    """Return the parts of a path that begins at a root and lies in nobody's library; else none."""
    if frame.outside or not frame.path:
        return ()
    written = read_path(frame.path)
    return written.parts if written.whole and not written.library and not written.foreign else ()
