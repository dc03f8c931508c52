"""Lists the files of a commit's tree, and says which of its paths nobody should ever use."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass

from indexer.errors import ObjectProblemError
from indexer.repo.objects import LARGEST_BYTES, ObjectReader, RawObject
from indexer.repo.overlay import Overlay
from indexer.types import Skipped, TreeEntry

SUBMODULE = 0o160000
LINK = 0o120000
FOLDER = 0o040000

MAX_PATH_BYTES = 4096
"""What an operating system takes; longer paths can stand in a tree, but nowhere else."""

MAX_SINGLE = 50
"""Up to so many folders are read one by one, which saves starting two processes."""

UNSAFE = "unsafe path"

_SHORT_NAME = re.compile(r"git~\d+", re.IGNORECASE)
_NTFS_TAIL = re.compile(r"[ .]*(?::.*)?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Tree:
    """The files, links and submodules of a commit in git's order, and what was left out."""

    entries: tuple[TreeEntry, ...]
    skipped: tuple[Skipped, ...]


def read_tree(overlay: Overlay, objects: ObjectReader, commit: str) -> Tree:
    """Return the tree of ``commit``; a damaged folder is named in ``skipped``, the rest is there.

    Raises ObjectProblemError when not even the commit or its root folder can be read.
    """
    overlay.require_oid(commit)
    try:
        listing = overlay.run("ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", commit)
        return _sorted_out(_parse_listing(listing), [])
    except (ObjectProblemError, ValueError):
        # Git gives up at the first folder that it cannot read: ours goes on around it.
        return _walk(objects, commit)


def find_file(objects: ObjectReader, commit: str, path: str) -> str | None:
    """Return the object id of one file of a commit, folder by folder; None where it has no such file."""
    found = objects.read(commit)
    oid = found.data[5:].split(b"\n", 1)[0].decode("ascii", "replace") if found.data else ""
    folders, _, _ = path.rpartition("/")
    prefix = ""
    for part in (*folders.split("/"), "") if folders else ("",):
        entries: list[TreeEntry] = []
        try:
            below = dict(_read_folder(prefix, objects.read(oid), entries, []))
        except ObjectProblemError:
            return None
        if not part:
            return next((each.oid for each in entries if each.path == path and each.mode != LINK), None)
        prefix = f"{prefix}{part}/"
        oid = below.get(prefix, "")
    return None


def is_safe_path(path: str) -> bool:
    """Say whether ``path`` stays inside the work tree and out of ``.git`` on every system."""
    if "\0" in path or len(path.encode("utf-8", "surrogateescape")) > MAX_PATH_BYTES:
        return False
    plain = path.isascii() and "git" not in path.lower() and os.name != "nt"
    if plain:  # nearly all paths, and a tree may have a million
        return not {"", ".", ".."}.intersection(path.split("/"))
    if os.name == "nt" and ("\\" in path or ":" in path):
        return False
    return all(_is_safe_part(part) for part in path.split("/"))


def _is_safe_part(part: str) -> bool:
    if part in ("", ".", ".."):
        return False
    # HFS+ ignores some characters of a name, NTFS what follows it; git refuses both as `.git`.
    visible = "".join(letter for letter in part if unicodedata.category(letter) != "Cf")
    visible = _NTFS_TAIL.sub("", visible)
    return visible.lower() != ".git" and not _SHORT_NAME.fullmatch(visible)


def _parse_listing(listing: bytes) -> list[TreeEntry]:
    entries: list[TreeEntry] = []
    text = listing.decode("utf-8", "surrogateescape")
    for record in text.split("\0")[:-1]:
        head, _, path = record.partition("\t")
        mode, _, oid, size = head.split()
        entries.append(TreeEntry(path, oid, int(mode, 8), int(size) if size.isdecimal() else None))
    return entries


def _sorted_out(entries: list[TreeEntry], skipped: list[Skipped]) -> Tree:
    kept: dict[str, TreeEntry] = {}
    for entry in entries:
        if not is_safe_path(entry.path):
            skipped.append(Skipped(entry.path, UNSAFE))
        elif entry.path in kept:
            skipped.append(Skipped(entry.path, "a second file with the same path"))
        else:
            kept[entry.path] = entry
    return Tree(tuple(kept.values()), tuple(skipped))


def _walk(objects: ObjectReader, commit: str) -> Tree:
    """List a tree folder by folder, a level at a time, around what cannot be read."""
    root = objects.infos([commit], "^{tree}")[0]
    if root.problem:
        raise ObjectProblemError(
            f"The tree of commit {commit} is {root.problem}.",
            "Run `git fsck` there, or fetch again from where the repository came from.",
        )
    entries: list[TreeEntry] = []
    skipped: list[Skipped] = []
    level = [("", root.oid)]
    for _ in range(MAX_PATH_BYTES):
        if not level:
            break
        below: list[tuple[str, str]] = []
        oids = [oid for _, oid in level]
        few = len(oids) <= MAX_SINGLE  # a hostile tree may be one folder in another, 4,000 deep
        contents = map(objects.read, oids) if few else objects.stream(oids, LARGEST_BYTES)
        for (prefix, _), found in zip(level, contents, strict=True):
            below += _read_folder(prefix, found, entries, skipped)
        level = below
    files = [each.oid for each in entries if each.mode != SUBMODULE]
    sizes = {each.oid: each.size for each in objects.infos(files) if not each.problem}
    sized = [TreeEntry(each.path, each.oid, each.mode, sizes.get(each.oid)) for each in entries]
    return _sorted_out(sorted(sized, key=lambda each: each.path), skipped)


def _read_folder(
    prefix: str, found: RawObject, entries: list[TreeEntry], skipped: list[Skipped]
) -> list[tuple[str, str]]:
    """Add the files of one folder to ``entries`` and return the folders in it."""
    name = prefix.rstrip("/") or "."
    if found.data is None or found.type != "tree":
        skipped.append(Skipped(name, f"object {found.oid} is {found.problem or 'no folder'}"))
        return []
    folders: list[tuple[str, str]] = []
    data, at, width = found.data, 0, len(found.oid) // 2
    while at < len(data):
        space, end = data.find(b" ", at), data.find(b"\0", at)
        if not at < space < end or end + 1 + width > len(data) or not _is_octal(data[at:space]):
            skipped.append(Skipped(name, f"object {found.oid} is damaged from byte {at} on"))
            break
        mode = int(data[at:space], 8)
        path = prefix + data[space + 1 : end].decode("utf-8", "surrogateescape")
        oid = data[end + 1 : end + 1 + width].hex()
        at = end + 1 + width
        if mode == FOLDER:
            folders.append((f"{path}/", oid))
        else:
            entries.append(TreeEntry(path, oid, mode, None))
    return folders


def _is_octal(text: bytes) -> bool:
    return len(text) <= 6 and re.fullmatch(rb"[0-7]+", text) is not None
