"""Where a repository, its work tree, its index and its engine's socket are; git is not run."""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from indexer.errors import EngineUnavailableError, NotARepositoryError
from indexer.gitconfig import read_config, read_small_file
from indexer.settings import Settings
from indexer.settings import index_dir as index_dir_of
from indexer.settings import people_dir as people_dir_of

MAX_POINTER_BYTES = 8192
"""A ``.git`` file and ``commondir`` hold one path; git's own limit is a little above 4,096."""

MAX_SOCKET_BYTES = 100
"""A socket's path may have 103 bytes on macOS and 107 on Linux."""


@dataclass(frozen=True, slots=True)
class Location:
    """One checkout of one repository, and the folder of its index.

    ``common_dir`` holds the objects and refs; ``work_tree`` is None for a bare repository.
    ``git_dir`` holds HEAD: it is ``common_dir`` itself except in a linked worktree, which has an
    index of its own, since what is current there differs. ``people_dir`` holds what people made,
    which all worktrees of a repository share.
    """

    common_dir: Path
    work_tree: Path | None
    index_dir: Path
    git_dir: Path
    people_dir: Path


def locate(folder: Path, settings: Settings) -> Location:
    """Return the repository that ``folder`` is in, or is itself when bare.

    Raises NotARepositoryError when there is none around it. A bare repository counts only when
    it is what was asked for: one that lies buried in a checkout must not take its place.
    """
    try:
        start = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise NotARepositoryError(
            f"The folder {folder} does not exist, or cannot be read.",
            "Name the folder of a git repository, for instance with --repo DIR.",
        ) from error
    if start.name != ".git" and _is_git_dir(start):
        return _location(start, None, settings)
    for each in (start, *start.parents):
        git_dir = _git_dir_in(each)
        if git_dir is not None:
            return _location(git_dir, each, settings)
    raise NotARepositoryError(
        f"{start} is not inside a git repository.",
        "Go to the folder of a repository, or name one with --repo DIR.",
    )


def socket_path(location: Location, runtime_dir: str | None = None) -> str:
    """Return where the engine of this index listens; its folder exists then, and is ours alone.

    ``runtime_dir`` is the user's XDG_RUNTIME_DIR, if there is one. Raises EngineUnavailableError
    when somebody else owns the folder, or others may enter it.
    """
    name = blake2b(os.fsencode(location.index_dir.absolute()), digest_size=8).hexdigest() + ".sock"
    user = os.getuid() if hasattr(os, "getuid") else 0
    folders = [Path(tempfile.gettempdir(), f"lorebase-{user}"), Path("/tmp", f"lorebase-{user}")]  # noqa: S108
    if runtime_dir and Path(runtime_dir).is_dir():
        folders.insert(0, Path(runtime_dir, "lorebase"))
    folder = next(
        (each for each in folders if len(os.fsencode(each / name)) <= MAX_SOCKET_BYTES), folders[-1]
    )
    _make_private(folder, user)
    return str(folder / name)


def _location(git_dir: Path, work_tree: Path | None, settings: Settings) -> Location:
    git_dir = git_dir.resolve()
    common_dir = git_dir
    pointer = _pointer(git_dir / "commondir")
    if pointer:
        common_dir = (git_dir / pointer).resolve()
    elif work_tree is not None and not _owns_work_tree(git_dir, work_tree):
        work_tree = None
    index, people = index_dir_of(settings, git_dir), people_dir_of(settings, common_dir)
    return Location(common_dir, work_tree, index, git_dir, people)


def _owns_work_tree(git_dir: Path, work_tree: Path) -> bool:
    """Say whether the folder around ``.git`` holds the checked-out files.

    Not in a bare repository, and not where ``core.worktree`` names another folder: that one is
    not followed, since a repository could name any folder of the machine there.
    """
    config = read_config(git_dir / "config")
    if config.flag("core.bare"):
        return False
    named = config.text("core.worktree")
    return not named or (git_dir / named).resolve() == work_tree.resolve()


def _git_dir_in(folder: Path) -> Path | None:
    dot_git = folder / ".git"
    try:
        mode = dot_git.stat().st_mode
    except (OSError, RuntimeError):
        return None
    if stat.S_ISDIR(mode):
        return dot_git if _is_git_dir(dot_git) else None
    if not stat.S_ISREG(mode):
        return None
    text = read_small_file(dot_git, MAX_POINTER_BYTES)
    if not text.startswith(b"gitdir:"):
        return None
    target = folder / _path_in(text.removeprefix(b"gitdir:"))
    if _is_git_dir(target):
        return target
    raise NotARepositoryError(
        f"{dot_git} points to {target}, which is not a git repository.",
        "Run `git worktree repair` or `git submodule update` there, or name another folder.",
    )


def _is_git_dir(folder: Path) -> bool:
    """Say whether ``folder`` has the three things that git asks for, as git does."""
    if not os.path.lexists(folder / "HEAD"):
        return False
    pointer = _pointer(folder / "commondir")
    common = folder / pointer if pointer else folder
    return (common / "objects").is_dir() and ((common / "refs").is_dir() or (common / "reftable").is_dir())


def _pointer(file: Path) -> str:
    return _path_in(read_small_file(file, MAX_POINTER_BYTES))


def _path_in(text: bytes) -> str:
    """Return the path that ``text`` holds, up to a NUL, which no path can have."""
    return os.fsdecode(text.split(b"\0")[0].strip())


def _make_private(folder: Path, user: int) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    wrong = not stat.S_ISDIR(state.st_mode) or (hasattr(os, "getuid") and state.st_uid != user)
    if wrong or (os.name == "posix" and state.st_mode & 0o077):
        raise EngineUnavailableError(
            f"The folder {folder} is not private to you, so the engine cannot listen there.",
            f"Remove {folder}, or set XDG_RUNTIME_DIR to a folder that only you can enter.",
        )
