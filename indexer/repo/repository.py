"""The reader of one git repository: what is in it, told in our own types."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import ObjectProblemError, UsageError
from indexer.gitconfig import read_config, read_small_file
from indexer.location import Location
from indexer.repo.attributes import read_attributes
from indexer.repo.beneath import Vanished, read_file
from indexer.repo.blame import read_blame, read_changed_lines, read_first_writing, read_line_history
from indexer.repo.differences import FileChange, TreeDifference, empty_tree, renames, tree_difference
from indexer.repo.line_changes import CommitLines, read_line_changes
from indexer.repo.log import ancestry, committed_time, committer_of, message_of, read_log
from indexer.repo.objects import LARGEST_BYTES, ObjectReader, as_blob
from indexer.repo.overlay import Overlay
from indexer.repo.refs import Refs, head_token, read_refs
from indexer.repo.reftable import read_reftable
from indexer.repo.revisions import merge_base, resolve, tags_holding
from indexer.repo.staged import staged_difference
from indexer.repo.trees import SUBMODULE, Tree, find_file, read_tree
from indexer.repo.walk import MAX_IGNORE_BYTES
from indexer.repo.working_copy import WorkTree
from indexer.types import (
    BlameLine,
    Blob,
    CommitRecord,
    RepositoryFacts,
    Skipped,
    TreeEntry,
    WorkingCopy,
)

MAX_WORKING_BYTES = 10_000_000
"""What ``working_bytes`` reads at most; larger files are searchable by name alone."""

MAX_NOTICES = 20
"""Losses that are named in ``facts``; ``losses`` gives all."""


class Repository:
    """One opened repository. All methods may be called from several threads."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._location = overlay.location
        self._objects = ObjectReader(overlay)
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._refs = Refs(None, None, {})
        self._token = ""
        self._tags: dict[str, str] = {}
        self._head_problem = ""
        self._tree: tuple[str, Tree] | None = None
        self._losses: dict[str, Skipped] = {}
        self._work_tree = None
        if self._location.work_tree is not None:
            self._work_tree = WorkTree(
                self._location.work_tree, self._location.git_dir, overlay.folder, overlay.object_format
            )

    @classmethod
    def open(cls, location: Location, overlay: Path) -> Repository:
        """Open the repository through an overlay in the folder ``overlay``, made if need be.

        Raises NotARepositoryError when it is gone, RepositoryFormatError when git cannot read it.
        """
        repository = cls(Overlay.open(location, overlay))
        repository.refresh()
        return repository

    def refresh(self) -> str | None:
        """Take over what HEAD, branches and tags are now, and return HEAD's commit.

        None: there is no commit yet, or HEAD's cannot be read, which ``facts`` then says.
        Raises NotARepositoryError when the repository is gone.
        """
        with self._lock:
            self._overlay.check_source()
            token = self.head_hint()
            if token == self._token:
                return self._refs.head
            self._overlay.check_format()
            self._overlay.renew()
            refs = self._source_refs()
            self._objects.close()  # it may hold packs that are no longer there
            names = list(dict.fromkeys([*refs.names.values(), *([refs.head] if refs.head else [])]))
            names = [oid for oid in names if self._overlay.is_oid(oid)]
            infos = self._objects.infos(names, "^{}")
            there = {oid: info for oid, info in zip(names, infos, strict=True) if not info.problem}
            self._head_problem = ""
            head = refs.head
            if head is not None and (head not in there or there[head].type != "commit"):
                problem = dict(zip(names, infos, strict=True))[head].problem if head in names else "no id"
                self._head_problem = f"HEAD's commit {head} is {problem or 'no commit'}"
                head = None
            elif head is not None:
                head = there[head].oid
            elif refs.branch is None:
                self._head_problem = "HEAD cannot be read"
            kept = {name: oid for name, oid in refs.names.items() if oid in there}
            self._overlay.write_refs(head, kept)
            self._tags = {
                name.removeprefix("refs/tags/"): there[oid].oid
                for name, oid in kept.items()
                if name.startswith("refs/tags/") and there[oid].type == "commit"
            }
            self._refs = Refs(head, refs.branch, kept)
            # What could not be read may be there again in a moment, though no reference moves.
            self._token = "" if self._head_problem else token
            self._losses = {}
            return head

    @property
    def head_problem(self) -> str:
        """Return why HEAD's commit could not be read when it was last asked for; empty where it could, or
        where there is none yet.
        """
        return self._head_problem

    def head_hint(self) -> str:
        """Return a text that changes when HEAD, a branch or a tag does; no process is started."""
        return head_token(self._location.git_dir, self._location.common_dir)

    def facts(self) -> RepositoryFacts:
        """Return what a person should know of this repository."""
        head = self.refresh()
        notices: list[str] = []
        submodules: tuple[str, ...] = ()
        if self._head_problem:
            kept = "what was indexed before stays; without it the files of the working copy can be searched"
            notices.append(f"{self._head_problem}; {kept}.")
        if head is not None:
            try:
                tree = self.read_tree(head)
                submodules = tuple(each.path for each in tree.entries if each.mode == SUBMODULE)
            except ObjectProblemError as error:
                notices.append(error.message)
        shallow = self._overlay.source_shallow()
        if shallow:
            notices.append(self._shallow_notice(shallow))
        notices += [f"{each.path}: {each.reason}" for each in self.losses()[:MAX_NOTICES]]
        partial = _is_partial(self._overlay)
        if partial:
            notices.append("Partial clone: content that was never fetched is listed, not searchable.")
        owner = _other_owner(self._location.common_dir)
        if owner:
            notices.append(f"The repository belongs to {owner}, not to you.")
        return RepositoryFacts(
            common_dir=str(self._location.common_dir),
            work_tree=None if self._location.work_tree is None else str(self._location.work_tree),
            object_format=self._overlay.object_format,
            head=head,
            branch=self._refs.branch,
            unborn=head is None and not self._head_problem,
            shallow=bool(shallow),
            partial=partial,
            owner=owner,
            submodules=submodules,
            notices=tuple(notices),
        )

    def tree(self, commit: str) -> list[TreeEntry]:
        """Return the files, links and submodules of ``commit``; ``read_tree`` says what is missing."""
        return list(self.read_tree(commit).entries)

    def read_tree(self, commit: str) -> Tree:
        """Return the tree of ``commit`` with what had to be left out: unsafe paths, damaged folders."""
        cached = self._tree
        if cached is None or cached[0] != commit:
            cached = (commit, read_tree(self._overlay, self._objects, commit))
            self._tree = cached
        return cached[1]

    def find_file(self, commit: str, path: str) -> str | None:
        """Return the object id of one file of ``commit``, without listing the others; None for no such."""
        return find_file(self._objects, commit, path)

    def find_in_each(self, commits: Sequence[str], path: str) -> list[str]:
        """Return the object id of one path in each of many commits, in one asking; empty where it is not."""
        try:
            path.encode()
        except UnicodeEncodeError:
            return [self.find_file(each, path) or "" for each in commits]
        if "\n" in path:
            return [self.find_file(each, path) or "" for each in commits]
        found = self._objects.infos(commits, f":{path}")
        return [each.oid if not each.problem and each.type == "blob" else "" for each in found]

    def blobs(self, oids: Iterable[str], max_bytes: int) -> Iterator[Blob]:
        """Yield the blobs in the order asked for; one with a ``problem`` has no data."""
        for found in self._objects.stream(oids, max_bytes):
            yield as_blob(found)

    def blob(self, oid: str, max_bytes: int = LARGEST_BYTES) -> Blob:
        """Return one blob; a larger one comes without data."""
        return as_blob(self._objects.read(oid, max_bytes))

    def message(self, oid: str) -> str | None:
        """Return the whole message of one commit as it is kept, or None when it cannot be read."""
        found = self._objects.read(oid)
        return None if found.data is None or found.type != "commit" else message_of(found.data)

    def committed(self, oid: str) -> int:
        """Return when a commit was made; 0 when it cannot be read."""
        found = self._objects.read(oid)
        return committed_time(found.data) if found.data is not None and found.type == "commit" else 0

    def committer(self, oid: str) -> tuple[str, str]:
        """Return the name and the address of who made a commit; empty when it cannot be read."""
        found = self._objects.read(oid)
        readable = found.data is not None and found.type == "commit"
        return committer_of(found.data or b"") if readable else ("", "")

    def commits(self, head: str | Sequence[str], exclude: Sequence[str] = ()) -> Iterator[CommitRecord]:
        """Yield the commits that ``head`` reaches (one, or several) and ``exclude`` does not, children first.

        Raises ObjectProblemError when ``head`` is no commit that can be read.
        """
        there = [each for each in exclude if self._overlay.is_oid(each)]
        infos = self._objects.infos(there)
        kept = [oid for oid, info in zip(there, infos, strict=True) if info.type == "commit"]
        heads = [head] if isinstance(head, str) else head
        return read_log(self._overlay, self._objects, heads, kept, self._lost)

    def ancestry(self, head: str) -> Iterator[str]:
        """Yield the ids of ``head`` and its ancestors, children first."""
        return ancestry(self._overlay, self._objects, head, self._lost)

    def losses(self) -> tuple[Skipped, ...]:
        """Return what of the history could not be read so far, each with its reason."""
        return tuple(self._losses.values())

    def count_between(self, old: str, new: str) -> int:
        """Return how many commits ``new`` reaches that ``old`` does not; -1 if that is unknown."""
        if not (self._overlay.is_oid(old) and self._overlay.is_oid(new)):
            return -1
        try:
            return int(self._overlay.run("rev-list", "--count", "--end-of-options", new, f"^{old}"))
        except ObjectProblemError:
            return -1

    def resolve(self, name: str) -> str:
        """Return the commit that a branch, a tag, ``HEAD~2`` or the beginning of an id means.

        Raises UsageError for what cannot be a name, NotFoundError when there is no such commit.
        """
        self.refresh()
        return resolve(self._overlay, name)

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the newest commit that both come from; None: their histories are unrelated."""
        return merge_base(self._overlay, one, other)

    def difference(self, old: str | None, new: str) -> TreeDifference:
        """Return how the files of ``new`` differ from those of ``old`` (None: from no files at all)."""
        return tree_difference(self._overlay, old or empty_tree(self._overlay), new)

    def renames(self, old: str, new: str, seconds: float) -> list[FileChange]:
        """Return which files moved from ``old`` to ``new`` by git's own likeness; none where it takes longer
        than so many seconds. Raises ObjectProblemError.
        """
        return renames(self._overlay, old, new, seconds)

    def staged(self) -> TreeDifference:
        """Return how what is staged differs from HEAD. Raises UsageError in a bare repository."""
        if self._location.work_tree is None:
            raise UsageError(
                "A bare repository has no files checked out, so nothing can be staged.",
                "Name a range of commits: `lorebase changes A..B`.",
            )
        with self._working:
            return staged_difference(self._overlay, self._location.git_dir, self.refresh())

    def branches(self) -> dict[str, str]:
        """Return the branches, remote ones too, by their full names, with the ids that they stand at."""
        self.refresh()
        return {
            name: oid
            for name, oid in self._refs.names.items()
            if name.startswith(("refs/heads/", "refs/remotes/"))
        }

    def attributes(self, commit: str, paths: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return what ``.gitattributes`` sets for ``paths`` as of ``commit``: "set", "unset", a value.

        Paths without any attribute that matters to us are left out.
        """
        return read_attributes(self._overlay, self._objects, self.read_tree(commit).entries, paths)

    def working_copy(
        self, entries: Mapping[str, TreeEntry], known: Collection[str] = frozenset()
    ) -> WorkingCopy:
        """Return how the working copy differs from ``entries``; a bare repository never does.

        Unchanged is what has the same content, or had it before a checkout's changes (CRLF,
        ``$Id$``, an encoding); a path with a filter is never called changed, since no command is
        run. A changed file whose id is in ``known`` comes without data and without a problem.
        """
        if self._work_tree is None:
            return WorkingCopy((), ())
        exclude = read_small_file(self._location.common_dir / "info" / "exclude", MAX_IGNORE_BYTES)
        with self._working:
            return self._work_tree.compare(
                entries,
                lambda paths: read_attributes(self._overlay, self._objects, entries.values(), paths),
                exclude,
                known,
                sparse=self._is_sparse(),
            )

    def working_bytes(self, path: str) -> bytes | None:
        """Return the content of a file of the working copy (a link's text), None without one."""
        if self._location.work_tree is None:
            return None
        try:
            data, _ = read_file(self._location.work_tree, path, MAX_WORKING_BYTES + 1)
        except (Vanished, OSError):
            return None
        return data if len(data) <= MAX_WORKING_BYTES else None

    def blame(self, commit: str, path: str) -> list[BlameLine]:
        """Return who last changed each line of ``path`` as of ``commit``.

        Raises ObjectProblemError when there is no such file, or its history cannot be read.
        """
        return read_blame(self._overlay, commit, path)

    def first_writing(self, commit: str, name: str, paths: Sequence[str], seconds: float) -> str | None:
        """Return the first commit that added a line with ``name``, as a word of its own, to one of the paths.

        None when there is none, or it is not found in so many seconds. Raises ObjectProblemError.
        """
        return read_first_writing(self._overlay, commit, name, paths, seconds)

    def changed_lines(
        self, commit: str, name: str, paths: Sequence[str], seconds: float
    ) -> list[tuple[str, list[str], list[str]]]:
        """Return (id, lines taken out, lines put in) of the commits that touched a line with ``name``.

        The newest first; nothing where it takes more than so many seconds. Raises ObjectProblemError.
        """
        return read_changed_lines(self._overlay, commit, name, paths, seconds)

    def line_history(self, commit: str, path: str, start: int, end: int) -> list[str]:
        """Return the commits that changed these lines, newest first. Raises as ``blame`` does."""
        return read_line_history(self._overlay, commit, path, start, end)[0]

    def line_history_within(
        self, seconds: float, commit: str, path: str, start: int, end: int
    ) -> tuple[list[str], bool]:
        """Return as ``line_history`` what is found in so many seconds, and whether that is all."""
        return read_line_history(self._overlay, commit, path, start, end, seconds)

    def line_changes(
        self, head: str, exclude: str | None = None, seconds: float = 0.0
    ) -> Iterator[CommitLines]:
        """Yield which lines each commit of the main line changed, from ``head`` back, without those that
        ``exclude`` reaches. After ``seconds`` (0: never) what is left is not read.
        """
        return read_line_changes(self._overlay, head, exclude, seconds)

    def tags(self) -> dict[str, str]:
        """Return the tags that lead to a commit, with the id of that commit."""
        return dict(self._tags)

    def tags_holding(self, commit: str, seconds: float) -> list[tuple[str, int]] | None:
        """Return the tags whose history holds a commit, the oldest first, each with when it was set; None
        where that takes more than so many seconds. Raises ObjectProblemError.
        """
        return tags_holding(self._overlay, commit, seconds)

    def close(self) -> None:
        """End every process that was started here."""
        self._objects.close()
        self._overlay.close()

    def _lost(self, what: Skipped) -> None:
        self._losses[what.path] = what

    def _source_refs(self) -> Refs:
        if self._overlay.uses_reftable:
            return read_reftable(self._overlay)
        return read_refs(self._location.git_dir, self._location.common_dir)

    def _is_sparse(self) -> bool:
        # Read anew each time: turning it on changes no ref, and would make files look deleted.
        files = (self._location.common_dir / "config", self._location.git_dir / "config.worktree")
        return any(read_config(file).flag("core.sparsecheckout") for file in files)

    def _shallow_notice(self, shallow: set[str]) -> str:
        edges = self._objects.stream(sorted(shallow), LARGEST_BYTES)
        times = [committed_time(found.data) for found in edges if found.data]
        if not times:
            return "Shallow clone: history is cut off."
        try:
            start = datetime.fromtimestamp(min(times), UTC).date().isoformat()
        except (OverflowError, ValueError, OSError):
            return "Shallow clone: history is cut off."
        return f"history starts {start} (shallow clone)"


def _is_partial(overlay: Overlay) -> bool:
    config = overlay.config
    if config.text("extensions.partialclone"):
        return True
    return any(key.startswith("remote.") and key.endswith(".promisor") for key in config.keys())  # noqa: SIM118


def _other_owner(folder: Path) -> str:
    if not hasattr(os, "getuid"):
        return ""
    try:
        owner = folder.stat().st_uid
        if owner == os.getuid():
            return ""
        import pwd  # POSIX only

        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return f"user {owner}"
    except OSError:
        return ""
