"""The overlay: a bare repository of ours over the user's objects, the only one that git sees.

Git reads the objects through ``objects/info/alternates``, while config, hooks, attributes and
refs are the overlay's own. This is the one file that uses GitPython; it starts the processes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, BinaryIO, cast

from indexer.errors import (
    CancelledError,
    LorebaseError,
    NotARepositoryError,
    ObjectProblemError,
    RepositoryFormatError,
)
from indexer.gitconfig import GitConfig, read_config, read_small_file
from indexer.location import Location
from indexer.repo.alternates import alternate_line, object_folders
from indexer.repo.process import GitProcess

if TYPE_CHECKING:
    from git.cmd import Git

OLDEST_GIT = (2, 30)
"""What Debian 11 ships; ``--end-of-options`` and SHA-256 repositories need 2.29."""

REFTABLE_GIT = (2, 45)
"""The first git that reads refs kept as a reftable."""

MAX_SMALL_BYTES = 4_000_000
"""Of ``shallow`` and ``info/attributes``; a shallow file of 90,000 edges has 4 MB."""

_HEX = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

_CONFIG = """[core]
\trepositoryformatversion = 1
\tbare = true
\tcommitGraph = false
\thooksPath = /dev/null
\tfsmonitor = false
[extensions]
\tobjectFormat = {object_format}
[gc]
\tauto = 0
"""
# commitGraph: that file is part of the hostile repository, and a stale or damaged one makes git
# give wrong parents; without it a walk over celery's 13,145 commits takes 0.05 s more.


class Overlay:
    """A repository for git to run in. Its methods may be called from several threads."""

    def __init__(self, location: Location, folder: Path, config: GitConfig) -> None:
        self.location = location
        self.folder = folder
        self.config = config
        """The source's config, as data."""
        self.object_format = config.text("extensions.objectformat", "sha1").lower()
        self._lock = threading.Lock()
        self._live: set[GitProcess] = set()
        self._closed = threading.Event()
        self._git = _git()

    @classmethod
    def open(cls, location: Location, folder: Path) -> Overlay:
        """Make or renew the overlay of ``location`` in ``folder``, and return it.

        Raises NotARepositoryError when the source is gone, and RepositoryFormatError when git
        is missing, too old for the source, or the source is of a kind that nobody knows.
        """
        overlay = cls(location, folder, read_config(location.common_dir / "config"))
        overlay.check_source()
        overlay.check_format()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in ("objects/info", "objects/pack", "refs", "info"):
            (folder / each).mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        overlay.put("config", _CONFIG.format(object_format=overlay.object_format).encode())
        if not (folder / "HEAD").exists():
            overlay.write_refs(None, {})
        overlay.renew()
        return overlay

    @property
    def hex_length(self) -> int:
        """How many hexadecimal digits an object id has here."""
        return 64 if self.object_format == "sha256" else 40

    def is_oid(self, text: str) -> bool:
        """Say whether ``text`` is a whole object id of this repository."""
        return len(text) == self.hex_length and _HEX.fullmatch(text) is not None

    def require_oid(self, text: str) -> str:
        """Return ``text``, which then is safe as an argument. Raises ObjectProblemError else."""
        if not self.is_oid(text):
            raise ObjectProblemError(f"{text[:80]!r} is not an object id of this repository.")
        return text

    def check_source(self) -> None:
        """Raise NotARepositoryError when the user's repository is no longer where it was."""
        if not (self.location.common_dir / "objects").is_dir():
            raise NotARepositoryError(
                f"The repository {self.location.common_dir} is gone.",
                "Open it where it is now, or bring it back; what is indexed can still be searched.",
            )

    def check_format(self) -> None:
        """Raise RepositoryFormatError for a kind of repository that this git cannot read."""
        if self.object_format not in ("sha1", "sha256"):
            raise RepositoryFormatError(
                f"The repository names its objects with {self.object_format!r}, which is unknown.",
                "Update Lorebase and git.",
            )
        if self.uses_reftable and git_version() < REFTABLE_GIT:
            raise RepositoryFormatError(
                "The repository keeps its branches as a reftable, which needs git 2.45 or newer; "
                f"this is git {'.'.join(map(str, git_version()))}.",
                "Update git, or run `git refs migrate --ref-format=files` there with a newer one.",
            )

    @property
    def uses_reftable(self) -> bool:
        """Whether the source keeps its refs in one binary table in place of files."""
        if self.config.text("extensions.refstorage").lower() == "reftable":
            return True
        return (self.location.common_dir / "reftable" / "tables.list").is_file()

    def renew(self) -> None:
        """Take over what may have changed beside the refs: config, alternates, shallow edge, attributes."""
        common = self.location.common_dir
        self.config = read_config(common / "config")
        folders = object_folders(common / "objects")
        self.put("objects/info/alternates", b"".join(alternate_line(each) for each in folders))
        self.put("info/attributes", read_small_file(common / "info" / "attributes", MAX_SMALL_BYTES))
        self.write_shallow(self.source_shallow())

    def source_shallow(self) -> set[str]:
        """Return the commits at which the source's history was cut when it was cloned."""
        text = read_small_file(self.location.common_dir / "shallow", MAX_SMALL_BYTES)
        return {line for line in text.decode("ascii", "replace").split("\n") if self.is_oid(line)}

    def write_shallow(self, commits: set[str]) -> None:
        """Let history end at ``commits``."""
        if commits:
            self.put("shallow", "".join(f"{each}\n" for each in sorted(commits)).encode())
        else:
            (self.folder / "shallow").unlink(missing_ok=True)

    def write_refs(self, head: str | None, refs: Mapping[str, str]) -> None:
        """Make ``refs`` (name to object id) and ``head`` the overlay's own."""
        lines = [f"{oid} {name}\n" for name, oid in refs.items()]
        lines.sort(key=lambda line: line.partition(" ")[2].encode("utf-8", "surrogateescape"))
        text = "# pack-refs with: sorted \n" + "".join(lines)
        self.put("packed-refs", text.encode("utf-8", "surrogateescape"))
        self.put("HEAD", f"{head}\n".encode() if head else b"ref: refs/heads/unborn\n")

    def put(self, name: str, data: bytes) -> None:
        """Write one file of the overlay whole, unless it holds ``data`` already."""
        file = self.folder / name
        with contextlib.suppress(OSError):
            if file.read_bytes() == data:
                return
        handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(fresh).replace(file)

    def start(
        self,
        *arguments: str,
        given: bytes | None = None,
        pipe: bool = False,
        index: Path | None = None,
        view: Path | None = None,
    ) -> GitProcess:
        """Start git on the overlay, or on ``view``, another folder of ours.

        ``given`` is its whole input, or ``pipe`` to write to it; ``index`` its index file.
        """
        if self._closed.is_set():
            raise self._cancelled()
        environment = _environment(view or self.folder, index)
        with contextlib.ExitStack() as stack:
            source: int | BinaryIO | None = PIPE if pipe else None
            if given is not None:
                # A file, not a pipe: git reads it at its own pace, and nobody waits for anybody.
                file: BinaryIO = stack.enter_context(tempfile.TemporaryFile(dir=self.folder))
                file.write(given)
                file.seek(0)
                source = file
            started = self._git.execute(
                _command(environment, arguments), as_process=True, istream=source, env=environment
            )
        process = GitProcess(cast("Popen[bytes]", started.proc), arguments[0])
        # GitPython's wrapper ends the process when it is collected; ours has taken that over.
        started.proc = None
        with self._lock:
            self._live = {each for each in self._live if not each.closed}
            self._live.add(process)
            if self._closed.is_set():
                process.kill()
        return process

    def run(
        self, *arguments: str, given: bytes | None = None, index: Path | None = None, view: Path | None = None
    ) -> bytes:
        """Run git to its end and return its output; raises what ``failure`` makes of a bad end."""
        with self.start(*arguments, given=given, index=index, view=view) as process:
            output = process.read_all()
            if process.wait() != 0:
                raise self.failure(process, arguments[0])
        return output

    def run_within(self, seconds: float, *arguments: str, index: Path | None = None) -> tuple[bytes, bool]:
        """Run git for so many seconds at most (0: to its end), and return its output and whether that is all,
        and came in time; raises as ``run``.
        """
        over = threading.Event()
        began = time.monotonic()
        with self.start(*arguments, index=index) as process:
            with process.ended_after(seconds, over):
                output = process.read_all()
                status = process.wait()
            if status != 0 and not over.is_set():
                raise self.failure(process, arguments[0])
        late = bool(seconds) and time.monotonic() - began > seconds
        return output, not (late or over.is_set())

    def failure(self, process: GitProcess, what: str) -> LorebaseError:
        """Return the error for a git that ended badly: what was gone or closed, or what it said."""
        if self._closed.is_set():
            return self._cancelled()
        try:
            self.check_source()
        except NotARepositoryError as error:
            return error
        return ObjectProblemError(f"git {what} failed: {process.errors[:2000]}")

    def _cancelled(self) -> CancelledError:
        return CancelledError("The repository was closed while it was read.")

    def close(self) -> None:
        """End every process that is still running, and each that is started from now on."""
        with self._lock:
            self._closed.set()
            live = list(self._live)
        for each in live:
            each.kill()


@cache
def git_path() -> str:
    """Return git's absolute path, found once. Raises RepositoryFormatError without one."""
    found = shutil.which("git")
    if found is None:
        raise RepositoryFormatError("git is not installed.", "Install git 2.30 or newer.")
    return str(Path(found).absolute())


@cache
def git_version() -> tuple[int, ...]:
    """Return git's version. Raises RepositoryFormatError when it is too old for us."""
    output = str(_git().execute([git_path(), "version"]))
    version = tuple(int(each) for each in re.findall(r"\d+", output)[:3])
    if version < OLDEST_GIT:
        raise RepositoryFormatError(
            f"This is git {'.'.join(map(str, version))}; Lorebase needs 2.30 or newer.", "Update git."
        )
    return version


@cache
def _git() -> Git:
    git_path()  # GitPython raises ImportError without a git; our own error names what to do
    from git.cmd import Git  # late: importing it runs git once, to learn its version

    return Git()


def _command(environment: Mapping[str, str], arguments: Sequence[str]) -> list[str]:
    """Return the command line, which starts git with an environment made from nothing.

    GitPython lays what it is given over the whole of ours; ``env -i`` takes that away again.
    """
    clean = shutil.which("env") if os.name == "posix" else None
    prefix = [clean, "-i", *(f"{key}={value}" for key, value in environment.items())] if clean else []
    return [*prefix, git_path(), "--no-pager", "--literal-pathspecs", *arguments]


def _environment(folder: Path, index: Path | None) -> dict[str, str]:
    values = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "LANGUAGE": "C",
        "LC_ALL": "C.UTF-8",
        "GIT_DIR": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_PAGER": "cat",
    }
    if index is not None:
        values["GIT_INDEX_FILE"] = str(index)
    return values


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed an hour ago or more has left half-written."""
    for pattern in (".new-*", "index-*", "view-*"):
        for each in folder.rglob(pattern):
            with contextlib.suppress(OSError):
                if each.lstat().st_mtime < time.time() - 3600:
                    shutil.rmtree(each) if each.is_dir() else each.unlink()
