"""Writes notes as files into the user's work tree, when asked to and only there, for people to commit."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from indexer.errors import NotFoundError, StorageError, UsageError
from indexer.guide.lore import own_files
from indexer.guide.lore_file import digest_of, written
from indexer.guide.notes import Notes
from indexer.index.people import People, PublishedAs
from indexer.repo.placing import RefusedError, put_file
from indexer.repo.trees import is_safe_path
from indexer.types import Note, PublishedFile, PublishOutcome, PublishReport

SLUG: Final = 60
"""Letters of a title in a file's name; the note's id follows, so that no two are the same."""

_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")


class Publisher:
    """Puts notes below one work tree; None where there is none (a bare repository)."""

    def __init__(self, people: People, notes: Notes, work_tree: Path | None) -> None:
        self._people = people
        self._notes = notes
        self._work_tree = work_tree

    def publish(self, into: str = "", note_ids: Sequence[str] = ()) -> PublishReport:
        """Write these notes, or all of one's own, and say of each file what became of it.

        Asked again it writes nothing. A file that people changed since is left as it is. Raises
        UsageError without a work tree or for a folder outside it, NotFoundError for an unknown
        note, StorageError when the disk refuses.
        """
        if self._work_tree is None:
            raise UsageError(
                "A bare repository has no work tree to write notes into.",
                "Run it in a clone or a worktree of this repository.",
            )
        folder = _folder(into or self._notes.lore.folder)
        chosen = self._chosen(note_ids)
        homes = self._homes([note for note, _ in chosen], folder)
        files = tuple(self._put(self._work_tree, note, version, homes[note.id]) for note, version in chosen)
        read_from = self._notes.lore.folder
        notices: tuple[str, ...] = ()
        if folder != read_from:
            told = f"Notes are read back from {read_from}/ alone" if read_from else "Notes are not read back"
            notices = (f"{told}: `lorebase config set indexing.lore_folder {folder}` changes that.",)
        return PublishReport(folder, files, notices)

    # ---------------------------------------------------------------------------- private

    def _chosen(self, note_ids: Sequence[str]) -> list[tuple[Note, int]]:
        own = {note.id: (note, version) for note, version in self._notes.own()}
        if not note_ids:
            return sorted(own.values(), key=lambda each: (each[0].created, each[0].id))
        for note_id in note_ids:
            if note_id not in own:
                source = self._notes.show(note_id).source  # raises for one that there is not
                if "/" in source:
                    raise UsageError(f"The note {note_id} is a file already: {source}.", "Nothing is to do.")
                raise NotFoundError(f"The note {note_id} was deleted.", "Restore it first.")
        return [own[note_id] for note_id in dict.fromkeys(note_ids)]

    def _homes(self, notes: Sequence[Note], folder: str) -> dict[str, str]:
        """Return the path of each note's file: where it is now, else a new name made of its title."""
        own = {note.id: note for note in notes}
        there = own_files(self._notes.lore.read(), own, self._people.published())
        now = {note_id: path for path, note_id in there.items()}
        homes = {}
        for note in notes:
            known = [path for path in (now.get(note.id, ""), note.published) if path]
            inside = [path for path in known if path.startswith(f"{folder}/")]
            homes[note.id] = inside[0] if inside else f"{folder}/{_name(note)}"
        return homes

    def _put(self, root: Path, note: Note, version: int, path: str) -> PublishedFile:
        text = written(note)
        known = {each.digest for each in self._people.published().get(note.id, ())}

        def ours(old: bytes) -> bool:
            digest = digest_of(old.decode("utf-8", "surrogateescape"))
            return digest in known or digest == digest_of(text)

        try:
            old = put_file(root, path, text.encode("utf-8", "backslashreplace"), ours)
        except RefusedError as error:
            return PublishedFile(note.id, note.title, path, PublishOutcome.REFUSED, _why(str(error), path))
        except OSError as error:
            raise StorageError(
                f"{path} cannot be written: {error.strerror or error}.",
                "Free some space, or mend the folder's permissions; what was written before stays.",
            ) from error
        self._people.keep_published(note.id, PublishedAs(path, digest_of(text), version), int(time.time()))
        if old is None:
            outcome = PublishOutcome.WRITTEN
        else:
            same = digest_of(old.decode("utf-8", "surrogateescape")) == digest_of(text)
            outcome = PublishOutcome.UNCHANGED if same else PublishOutcome.UPDATED
        return PublishedFile(note.id, note.title, path, outcome)


def _why(reason: str, path: str) -> str:
    if reason.endswith("holds something else"):
        return (
            f"{path} was changed since it was published, and is left as it is. Commit it and run"
            " `lorebase index`: its words are then the note's newest version."
        )
    return f"{reason}; nothing was written. Choose another folder with --into."


def _folder(into: str) -> str:
    folder = into.strip().removeprefix("./").rstrip("/")
    parts = folder.split("/")
    bad = not folder or folder.startswith(("/", "~")) or "\\" in folder or not is_safe_path(folder)
    if bad or any(each.endswith((".", " ")) or each.startswith("-") for each in parts):
        raise UsageError(
            f"{into!r} is no folder inside the work tree.",
            "Give one from the root of the repository, such as docs/lore.",
        )
    return folder


def _name(note: Note) -> str:
    """Return a file name that every system takes, and that tells people what stands there."""
    plain = unicodedata.normalize("NFKD", note.title).encode("ascii", "ignore").decode().lower()
    slug = _NO_LETTER.sub("-", plain).strip("-")[:SLUG].strip("-")
    return f"{slug}-{note.id}.md" if slug else f"note-{note.id}.md"
