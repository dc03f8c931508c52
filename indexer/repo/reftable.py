"""Reads refs that a repository keeps as a reftable: copied into a view of ours, asked of git."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from indexer.errors import ObjectProblemError, RepositoryFormatError
from indexer.gitconfig import read_small_file
from indexer.repo.overlay import Overlay
from indexer.repo.refs import KINDS, Refs, is_ref_name

MAX_TABLE_BYTES = 200_000_000
"""A table of a million refs has about 30 MB."""

TRIES = 5
"""Tables are merged and removed while the repository is used; then we look again."""


def read_reftable(overlay: Overlay) -> Refs:
    """Return the refs of a repository that keeps them in tables; needs git 2.45.

    Raises RepositoryFormatError when the tables cannot be read.
    """
    location = overlay.location
    with tempfile.TemporaryDirectory(dir=overlay.folder, prefix="view-") as folder:
        view = _view(overlay, Path(folder, "common"), location.common_dir / "reftable")
        try:
            listing = overlay.run("for-each-ref", "--format=%(objectname) %(refname)", *KINDS, view=view)
            if location.git_dir != location.common_dir:
                view = _view(overlay, Path(folder, "own"), location.git_dir / "reftable")
            target, head = _head(overlay, view)
        except ObjectProblemError as error:
            raise RepositoryFormatError(
                f"The repository's reftable cannot be read: {error.message}",
                "Run `git refs verify` there.",
            ) from error
    names: dict[str, str] = {}
    for line in listing.decode("utf-8", "surrogateescape").split("\n"):
        oid, _, name = line.partition(" ")
        if is_ref_name(name) and overlay.is_oid(oid):
            names[name] = oid
    if target is None:
        return Refs(head, None, names)
    return Refs(names.get(target), target.removeprefix("refs/heads/"), names)


def _head(overlay: Overlay, view: Path) -> tuple[str | None, str | None]:
    """Return the ref that HEAD stands for, or the commit when it is detached."""
    with suppress(ObjectProblemError):
        return overlay.run("symbolic-ref", "HEAD", view=view).decode("utf-8", "surrogateescape").strip(), None
    return None, overlay.run("rev-parse", "--verify", "HEAD", view=view).decode().strip()


def _view(overlay: Overlay, view: Path, tables: Path) -> Path:
    """Make a repository that has a copy of these tables, and nothing else of the source."""
    for each in ("objects/info", "refs", "reftable"):
        (view / each).mkdir(parents=True)
    shutil.copy(overlay.folder / "objects/info/alternates", view / "objects/info/alternates")
    (view / "HEAD").write_text("ref: refs/heads/.invalid\n")
    (view / "refs/heads").write_text("this repository uses the reftable format\n")
    (view / "config").write_text(
        "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
        f"[extensions]\n\trefStorage = reftable\n\tobjectFormat = {overlay.object_format}\n"
    )
    for _ in range(TRIES):
        listed = read_small_file(tables / "tables.list", MAX_TABLE_BYTES)
        names = [name for name in listed.decode("ascii", "replace").split("\n") if name]
        if all(_copy(tables / Path(name).name, view / "reftable" / Path(name).name) for name in names):
            (view / "reftable/tables.list").write_bytes(listed)
            return view
    raise RepositoryFormatError("The repository's reftable names tables that are not there.", "Try again.")


def _copy(source: Path, target: Path) -> bool:
    data = read_small_file(source, MAX_TABLE_BYTES)
    target.write_bytes(data)
    return bool(data)
