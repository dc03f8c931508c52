"""What should be shown as current: HEAD's tree, with the working copy laid over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from indexer.errors import ObjectProblemError
from indexer.repo.languages import FileClass, classify
from indexer.repo.languages import included as as_included
from indexer.repo.repository import Repository
from indexer.settings import IndexingSettings
from indexer.types import ChunkKind, FileMark, Skipped, TreeEntry, WorkingCopy, WorkingFile, shown_path

LINK_MODE = 0o120000
SUBMODULE_MODE = 0o160000

LINK_LANGUAGE = "link"
"""A symbolic link is read as the text that it holds, by lines; its target is never opened."""


@dataclass(frozen=True, slots=True)
class Target:
    """One path that should be shown. ``skipped`` is why its content is not read, or empty;
    ``size`` is -1 when nobody knows it.
    """

    path: str
    oid: str
    mode: int
    size: int
    working: bool
    file_class: FileClass
    skipped: str

    @property
    def asked(self) -> str:
        """What the path makes of the content: one content can be shown in several ways."""
        wanted = ":included" if self.file_class.included else ""
        return f"{self.file_class.kind}:{self.file_class.language}{wanted}"


@dataclass(frozen=True, slots=True)
class Scan:
    """The state of the repository that a run works towards. ``state`` names all of it."""

    head: str | None
    targets: tuple[Target, ...]
    unsafe: tuple[Skipped, ...]
    state: str
    working_data: dict[str, bytes] = field(default_factory=dict)
    """Content that is in no object of git's yet, by its id."""


@dataclass(frozen=True, slots=True)
class Look:
    """A first, cheap look: enough to tell whether anything changed."""

    head: str | None
    entries: dict[str, TreeEntry]
    unsafe: tuple[Skipped, ...]
    working: WorkingCopy
    state: str
    included: frozenset[str] = frozenset()
    """Paths, as shown, that a person wants read."""

    def same_files(self, working: WorkingCopy) -> bool:
        """Return whether ``working`` is the working copy that was seen, whatever was read of it."""
        return _of_working_copy(working) == _of_working_copy(self.working)


def look(
    repository: Repository,
    settings: IndexingSettings,
    known: Collection[str] = frozenset(),
    included: frozenset[str] = frozenset(),
) -> Look:
    """Return HEAD, its files and how the working copy differs, without classifying anything.

    ``known``: ids of content that need not be read again when the working copy holds it.
    ``included``: paths, as shown, that a person wants read.
    """
    head = repository.refresh()
    entries: dict[str, TreeEntry] = {}
    unsafe: tuple[Skipped, ...] = ()
    if head is not None:
        try:
            tree = repository.read_tree(head)
            entries, unsafe = {entry.path: entry for entry in tree.entries}, tree.skipped
        except ObjectProblemError as error:
            unsafe = (Skipped(".", error.message),)
    working = WorkingCopy((), ())
    if settings.working_copy:
        working = repository.working_copy(entries, known)
    return Look(head, entries, unsafe, working, _state(head, working, included), included)


def scan(repository: Repository, seen: Look, settings: IndexingSettings) -> Scan:
    """Return what each path should show. Costs one look-up of git attributes."""
    changed = {file.path: file for file in seen.working.changed}
    paths = [*seen.entries, *(path for path in changed if path not in seen.entries)]
    attributes = repository.attributes(seen.head, paths) if seen.head is not None and seen.entries else {}
    gone = set(seen.working.deleted)
    targets = []
    for path in paths:
        if path in gone:
            continue
        file_class = classify(path, attributes.get(path, {}))
        if seen.included and shown_path(path) in seen.included:
            file_class = as_included(file_class)
        if path in changed:
            targets.append(_of_working_file(changed[path], file_class, settings))
        else:
            targets.append(_of_entry(seen.entries[path], file_class, settings))
    data = {file.oid: file.data for file in changed.values() if file.data is not None}
    unsafe = seen.unsafe + seen.working.skipped
    return Scan(seen.head, tuple(targets), unsafe, seen.state, data)


def _of_entry(entry: TreeEntry, file_class: FileClass, settings: IndexingSettings) -> Target:
    size = -1 if entry.size is None else entry.size
    file_class, skipped = _reading(entry.mode, size, file_class, settings)
    return Target(entry.path, entry.oid, entry.mode, size, False, file_class, skipped)


def _of_working_file(file: WorkingFile, file_class: FileClass, settings: IndexingSettings) -> Target:
    size = -1 if file.data is None else len(file.data)
    file_class, skipped = _reading(file.mode, size, file_class, settings)
    skipped = skipped or file.problem
    return Target(file.path, file.oid, file.mode, size, True, file_class, skipped)


def _reading(
    mode: int, size: int, file_class: FileClass, settings: IndexingSettings
) -> tuple[FileClass, str]:
    if mode == SUBMODULE_MODE:
        return file_class, "submodule: listed, not entered"
    if mode == LINK_MODE:
        return FileClass(LINK_LANGUAGE, ChunkKind.CODE, FileMark.NONE), ""
    if file_class.skip:
        return file_class, file_class.skip
    if size > settings.lines_bytes:
        return file_class, too_large(settings)
    return file_class, ""


def too_large(settings: IndexingSettings) -> str:
    """Return the reason that stands at a file above the limit."""
    return f"larger than {settings.lines_bytes / 1e6:g} MB; its name is searchable"


def _state(head: str | None, working: WorkingCopy, included: frozenset[str]) -> str:
    """Name the whole state: equal names mean that a run would find nothing to do.

    Only ids enter it. Neither a date nor a clock does, so no jump of a clock can hide a change.
    """
    digest = blake2b(digest_size=16)
    _feed(digest, [head or ""])
    _feed(digest, _of_working_copy(working))
    _feed(digest, [f"{path}\0included" for path in sorted(included)])
    return digest.hexdigest()


def _of_working_copy(working: WorkingCopy) -> list[str]:
    changed = [f"{file.path}\0{file.oid}\0{file.mode}\0{file.problem}" for file in working.changed]
    skipped = [f"{each.path}\0{each.reason}\0skipped" for each in working.skipped]
    return sorted(changed + skipped + [f"{path}\0deleted" for path in working.deleted])


def _feed(digest: blake2b, parts: Iterable[str]) -> None:
    for part in parts:
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0\0")
