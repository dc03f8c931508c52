"""Files gathered into the folders that hold them, with the sums that a map shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

DEEPEST = 64
"""Folders within each other that are told apart; what lies deeper counts as lying in the last of them."""


@dataclass(slots=True)
class Folder:
    """A folder: those within it, and its own files by number, both in falling size.

    ``path`` ends without a slash; the repository's own is empty. ``name`` is the part of the path below
    the folder around it: more than one step where those between hold nothing else.
    """

    path: str
    name: str
    size: float = 0.0
    count: int = 0
    folders: list[Folder] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    def every_file(self) -> Iterator[int]:
        """Yield the numbers of all files in it, at any depth."""
        yield from self.files
        for each in self.folders:
            yield from each.every_file()


def gather(paths: Sequence[str], sizes: Sequence[int]) -> Folder:
    """Return the folder that holds all ``paths``; a file of no size counts as one line.

    The root stands for the repository even where one folder holds everything.
    """
    made: dict[str, Folder] = {"": Folder("", "")}
    around: dict[str, str] = {}
    for number, path in enumerate(paths):
        place = path.rpartition("/")[0]
        if place.count("/") >= DEEPEST:
            place = "/".join(place.split("/", DEEPEST)[:DEEPEST])
        folder = made.get(place)
        if folder is None:
            folder = _make(place, made, around)
        folder.files.append(number)
        folder.sizes.append(float(sizes[number] or 1))
    for path, parent in around.items():
        made[parent].folders.append(made[path])
    root = made[""]
    _settle(root)
    root.folders = [_shortened(each) for each in root.folders]
    return root


def within(root: Folder, path: str) -> Folder | None:
    """Return the folder at ``path``, or the one that stands for it where it holds nothing else."""
    folder = root
    while folder.path != path:
        for each in folder.folders:
            if each.path == path or path.startswith(f"{each.path}/") or each.path.startswith(f"{path}/"):
                folder = each
                break
        else:
            return None
        if folder.path.startswith(f"{path}/"):
            return folder
    return folder


def _make(path: str, made: dict[str, Folder], around: dict[str, str]) -> Folder:
    parent, _, name = path.rpartition("/")
    if parent not in made:
        _make(parent, made, around)
    folder = made[path] = Folder(path, name)
    around[path] = parent
    return folder


def _settle(root: Folder) -> None:
    """Sum up sizes from the leaves, and put everything in falling size."""
    order: list[Folder] = []
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        order.append(folder)
        waiting += folder.folders
    for folder in reversed(order):
        if len(folder.files) > 1:
            pairs = sorted(zip(folder.sizes, folder.files, strict=True), key=lambda pair: (-pair[0], pair[1]))
            folder.sizes = [pair[0] for pair in pairs]
            folder.files = [pair[1] for pair in pairs]
        folder.size = sum(folder.sizes) + sum(each.size for each in folder.folders)
        folder.count = len(folder.files) + sum(each.count for each in folder.folders)
        folder.folders.sort(key=lambda each: (-each.size, each.path))


def _shortened(folder: Folder) -> Folder:
    """Return ``folder`` with chains of folders that hold one folder only as one."""
    name = folder.name
    while not folder.files and len(folder.folders) == 1:
        folder = folder.folders[0]
        name = f"{name}/{folder.name}"
    folder.name = name
    folder.folders = [_shortened(each) for each in folder.folders]
    return folder
