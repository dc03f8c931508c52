"""Puts tours as files into the user's work tree, when asked to and only there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from indexer.errors import UsageError
from indexer.guide.lore_file import digest_of
from indexer.guide.tours.tour_file import written
from indexer.repo.placing import RefusedError, put_file
from indexer.repo.trees import is_safe_path
from indexer.shapes.onboarding import Tour
from indexer.types import PublishedFile, PublishOutcome

SLUG: Final = 60


def put_tour(root: Path, folder: str, home: str, tour: Tour, known: set[str]) -> tuple[PublishedFile, str]:
    """Write one tour and return what became of it, with the digest of what stands there now (empty
    where it was refused). Raises OSError.
    """
    path = home or f"{folder}/{_name(tour)}"
    text = written(tour)

    def ours(old: bytes) -> bool:
        digest = digest_of(old.decode("utf-8", "surrogateescape"))
        return digest in known or digest == digest_of(text)

    try:
        old = put_file(root, path, text.encode("utf-8", "backslashreplace"), ours)
    except RefusedError as error:
        why = str(error)
        if why.endswith("holds something else"):
            why = (
                f"{path} was changed since it was published, and is left as it is. Commit it and run"
                " `lorebase index`: its words are then the tour's newest version"
            )
        return PublishedFile(tour.id, tour.title, path, PublishOutcome.REFUSED, f"{why}."), ""
    if old is None:
        outcome = PublishOutcome.WRITTEN
    else:
        same = digest_of(old.decode("utf-8", "surrogateescape")) == digest_of(text)
        outcome = PublishOutcome.UNCHANGED if same else PublishOutcome.UPDATED
    return PublishedFile(tour.id, tour.title, path, outcome), digest_of(text)


def tour_folder(into: str) -> str:
    """Return a folder inside the work tree. Raises UsageError."""
    folder = into.strip().removeprefix("./").rstrip("/")
    bad = not folder or folder.startswith(("/", "~")) or "\\" in folder or not is_safe_path(folder)
    if bad or any(each.endswith((".", " ")) or each.startswith("-") for each in folder.split("/")):
        raise UsageError(
            f"{into!r} is no folder inside the work tree.",
            "Give one from the root of the repository, such as docs/tours.",
        )
    return folder


def _name(tour: Tour) -> str:
    plain = unicodedata.normalize("NFKD", tour.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG].strip("-")
    return f"{slug}-{tour.id}.md" if slug else f"tour-{tour.id}.md"
