"""Squarified treemaps: rectangles whose areas are sizes, as near to squares as they can be.

After Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000). Boxes are plain tuples, since a large
repository has fifty thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.drawing.folders import Folder

Box = tuple[float, float, float, float]
"""Left, top, width, height."""

LEAST_HEADED = 2.4
"""A group lower than this many headers shows none: its tiles would have no room."""

LEAST_HEADED_WIDTH = 30.0
"""A narrower one has room for no name."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Heights and gaps of a plan, in the units of its box."""

    header: float = 18.0
    between_groups: float = 3.0


@dataclass(frozen=True, slots=True)
class Group:
    """A folder with its tiles, which are ``tiles[first:end]`` of the plan.

    ``own`` is true for the files that lie in the shown folder itself. ``header`` is the height of its
    name's line, 0 where there is no room.
    """

    folder: Folder
    own: bool
    box: Box
    header: float
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A laid-out map: ``files[i]`` is the number of the file that tile ``i`` stands for.

    Tiles touch each other; whoever paints them leaves the gap.
    """

    groups: tuple[Group, ...]
    tiles: list[Box]
    files: list[int]


def squarify(sizes: Sequence[float], box: Box) -> list[Box]:
    """Return one box for each size, in order; sizes fall, are above 0, and fill ``box`` together."""
    left, top, width, height = box
    total = sum(sizes)
    if not sizes:
        return []
    if width <= 0 or height <= 0 or total <= 0:
        return [(left, top, 0.0, 0.0)] * len(sizes)
    scale = width * height / total
    boxes: list[Box] = []
    count, start = len(sizes), 0
    while start < count:
        side = min(width, height)
        if side <= 0:
            boxes += [(left, top, 0.0, 0.0)] * (count - start)
            break
        end, filled = _row_end(sizes, start, scale, side)
        depth = filled / side
        if width >= height:
            at = top
            for size in sizes[start:end]:
                length = size * scale / depth
                boxes.append((left, at, depth, length))
                at += length
            left += depth
            width = max(0.0, width - depth)
        else:
            at = left
            for size in sizes[start:end]:
                length = size * scale / depth
                boxes.append((at, top, length, depth))
                at += length
            top += depth
            height = max(0.0, height - depth)
        start = end
    return boxes


def _row_end(sizes: Sequence[float], start: int, scale: float, side: float) -> tuple[int, float]:
    """Return the end of the row that begins at ``start``, and its area: it ends where one tile more would
    make its worst one less square.
    """
    largest = filled = sizes[start] * scale
    square = side * side
    worst = max(square / filled, filled / square)
    end, count = start + 1, len(sizes)
    while end < count:
        area = sizes[end] * scale
        more = filled + area
        ratio = max(square * largest / (more * more), more * more / (square * area))
        if ratio > worst:
            break
        worst, filled = ratio, more
        end += 1
    return end, filled


def plan(root: Folder, box: Box, measures: Measures) -> Plan:
    """Return the map of ``root``: a group for each folder in it and one for its own files; within a group
    the files of one folder lie together.
    """
    tiles: list[Box] = []
    files: list[int] = []
    groups: list[Group] = []
    if not root.folders:
        _fill(root, box, tiles, files)
        return Plan((Group(root, True, box, 0.0, 0, len(tiles)),) if tiles else (), tiles, files)
    parts = sorted(_parts(root), key=lambda part: -part[2])
    for (folder, own, _), outer in zip(parts, squarify([each[2] for each in parts], box), strict=True):
        inner = _within(outer, measures.between_groups)
        headed = inner[3] >= measures.header * LEAST_HEADED and inner[2] >= LEAST_HEADED_WIDTH
        header = measures.header if headed else 0.0
        first = len(tiles)
        body = (inner[0], inner[1] + header, inner[2], inner[3] - header)
        if own:
            tiles += squarify(folder.sizes, body)
            files += folder.files
        else:
            _fill(folder, body, tiles, files)
        groups.append(Group(folder, own, inner, header, first, len(tiles)))
    return Plan(tuple(groups), tiles, files)


def _parts(root: Folder) -> Iterator[tuple[Folder, bool, float]]:
    for each in root.folders:
        yield each, False, each.size
    if root.files:
        yield root, True, float(sum(root.sizes))


def _fill(folder: Folder, box: Box, tiles: list[Box], files: list[int]) -> None:
    """Lay a folder with all that is in it."""
    if not folder.folders:
        tiles += squarify(folder.sizes, box)
        files += folder.files
        return
    parts: list[tuple[float, Folder | int]] = [(each.size, each) for each in folder.folders]
    parts += zip(folder.sizes, folder.files, strict=True)
    parts.sort(key=_size, reverse=True)
    for (_, part), outer in zip(parts, squarify([each[0] for each in parts], box), strict=True):
        if isinstance(part, Folder):
            _fill(part, outer, tiles, files)
        else:
            tiles.append(outer)
            files.append(part)


def _size(part: tuple[float, Folder | int]) -> float:
    return part[0]


def _within(box: Box, gap: float) -> Box:
    """Return the box without the gap at its right and lower edge."""
    left, top, width, height = box
    return (
        left,
        top,
        width - gap if width > gap else width * 0.5,
        height - gap if height > gap else height * 0.5,
    )
