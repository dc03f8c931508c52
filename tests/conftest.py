"""Builders of small real git repositories, apart from whatever git is set up to do here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import pytest

from indexer.location import Location, locate
from indexer.repo.repository import Repository
from indexer.settings import Settings

# Deadlines measure the machine, not the code; and a suite that passes once must pass again.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")

try:
    from PySide6 import QtWidgets  # noqa: F401
except ImportError as error:
    # A bare machine may lack what Qt loads (libEGL, libGL ...): then the window cannot run either.
    NO_WINDOW = f"tests/desktop is left out, since Qt cannot be loaded here: {error}"
    collect_ignore = ["desktop"]
else:
    NO_WINDOW = ""

FIRST_DATE = 1_700_000_000
"""The first commit of a built repository; each next one is a minute later."""

AUTHOR = ("Ada Lovelace", "ada@example.com")


def pytest_report_header() -> list[str]:
    """Say what cannot run here, at the top of every run."""
    return [NO_WINDOW] if NO_WINDOW else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it again at the end, where it is read."""
    if NO_WINDOW:
        terminalreporter.write_line(NO_WINDOW, yellow=True)


@dataclass
class SmallRepository:
    """A repository made by git itself, with fixed people and dates, so that ids never change."""

    path: Path
    environment: dict[str, str]
    clock: int = FIRST_DATE

    def git(self, *arguments: str | bytes, given: bytes | None = None, ok: bool = True) -> str:
        """Run git here and return its output without the last newline."""
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            input=given,
            capture_output=True,
            env=self.environment,
            check=False,
            timeout=60,
        )
        if ok and done.returncode != 0:
            raise AssertionError(f"git {arguments} failed: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the work tree, with the folders they need."""
        for name, content in files.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(
        self,
        message: str = "Change something",
        files: Mapping[str, str | bytes] | None = None,
        author: tuple[str, str] = AUTHOR,
        date: int | None = None,
    ) -> str:
        """Write ``files``, stage everything, commit it, and return the commit's id."""
        self.write(files or {})
        self.git("add", "--all")
        self.tick(author, date)
        self.git(
            "commit", "--quiet", "--allow-empty", "--allow-empty-message", "-F", "-", given=message.encode()
        )
        return self.head

    def tick(self, author: tuple[str, str] = AUTHOR, date: int | None = None) -> None:
        """Set who makes the next commit, and when."""
        self.clock = date if date is not None else self.clock + 60
        for role in ("AUTHOR", "COMMITTER"):
            self.environment[f"GIT_{role}_NAME"], self.environment[f"GIT_{role}_EMAIL"] = author
            self.environment[f"GIT_{role}_DATE"] = f"@{self.clock} +0000"

    @property
    def head(self) -> str:
        """The id of HEAD's commit."""
        return self.git("rev-parse", "HEAD")

    def blob(self, data: bytes) -> str:
        """Store a blob and return its id."""
        return self.git("hash-object", "-w", "--stdin", given=data)

    def raw_tree(self, entries: Sequence[tuple[int, bytes, str]]) -> str:
        """Store a tree exactly as given (mode, name, id), however wrong it is."""
        data = b"".join(b"%o %s\0" % (mode, name) + bytes.fromhex(oid) for mode, name, oid in entries)
        return self.raw_object("tree", data)

    def raw_commit(
        self,
        message: bytes,
        *,
        tree: str = "",
        parents: Sequence[str] = (),
        author: bytes | None = b"Ada Lovelace <ada@example.com> 1700000000 +0000",
        committer: bytes = b"Ada Lovelace <ada@example.com> 1700000000 +0000",
        extra: bytes = b"",
    ) -> str:
        """Store a commit exactly as given; ``extra`` are whole header lines."""
        lines = [b"tree " + (tree or self.git("mktree", given=b"")).encode()]
        lines += [b"parent " + parent.encode() for parent in parents]
        lines += [] if author is None else [b"author " + author]
        lines += [b"committer " + committer]
        return self.raw_object("commit", b"\n".join(lines) + b"\n" + extra + b"\n" + message)

    def raw_object(self, kind: str, data: bytes) -> str:
        """Store an object that git itself would refuse to make."""
        return self.git("hash-object", "-w", "--literally", "-t", kind, "--stdin", given=data)

    def point_head_at(self, commit: str) -> None:
        """Make ``commit`` the branch's, past every check of git."""
        branch = self.git("symbolic-ref", "HEAD")
        self.git("update-ref", branch, commit)

    def object_file(self, oid: str) -> Path:
        """Return where a loose object lies."""
        return self.git_dir / "objects" / oid[:2] / oid[2:]

    @property
    def git_dir(self) -> Path:
        """The repository's own folder."""
        inside = self.path / ".git"
        return inside if inside.exists() else self.path


@dataclass
class Bench:
    """Makes, finds and opens repositories in a folder of one test."""

    folder: Path
    settings: Settings
    environment: dict[str, str]
    opened: list[Repository] = field(default_factory=list)

    def make(self, name: str = "repo", *options: str) -> SmallRepository:
        """Make an empty repository; ``options`` go to ``git init``."""
        path = self.folder / name
        path.mkdir(parents=True)
        made = SmallRepository(path, dict(self.environment))
        made.git("init", "--quiet", "--initial-branch=main", *options, ".")
        return made

    def clone(self, source: SmallRepository, name: str, *options: str) -> SmallRepository:
        """Clone ``source`` as over a network, so that nothing is shared between the two."""
        path = self.folder / name
        source.git("config", "uploadpack.allowFilter", "true")
        source.git("clone", "--quiet", "--no-local", *options, source.path.as_uri(), str(path))
        return SmallRepository(path, dict(self.environment))

    def locate(self, place: SmallRepository | Path) -> Location:
        """Return where the repository of a folder is."""
        return locate(place.path if isinstance(place, SmallRepository) else place, self.settings)

    def open(self, place: SmallRepository | Path) -> Repository:
        """Open a repository through an overlay in the folder of its index."""
        location = self.locate(place)
        repository = Repository.open(location, location.index_dir / "overlay")
        self.opened.append(repository)
        return repository


@pytest.fixture(scope="session")
def git_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which git knows nobody and reads no settings but a repository's own."""
    home = tmp_path_factory.mktemp("home")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "XDG_"))}
    return kept | {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": AUTHOR[0],
        "GIT_AUTHOR_EMAIL": AUTHOR[1],
        "GIT_COMMITTER_NAME": AUTHOR[0],
        "GIT_COMMITTER_EMAIL": AUTHOR[1],
        "GIT_AUTHOR_DATE": f"@{FIRST_DATE} +0000",
        "GIT_COMMITTER_DATE": f"@{FIRST_DATE} +0000",
        "GIT_ALLOW_PROTOCOL": "file",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose data folder belongs to one test."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def bench(tmp_path: Path, settings: Settings, git_environment: dict[str, str]) -> Iterator[Bench]:
    """Where a test makes and opens repositories; all are closed behind it."""
    made = Bench(tmp_path, settings, git_environment)
    yield made
    for each in made.opened:
        each.close()


@pytest.fixture
def small_repository(bench: Bench) -> SmallRepository:
    """Three commits, two files in folders, one branch beside, one tag of each kind."""
    made = bench.make("small")
    made.commit("Add a greeting", {"src/greet.py": "def greet(name):\n    return f'Hello {name}'\n"})
    made.commit("Explain it\n\nBecause nobody knew.", {"README.md": "# Small\n\nGreets people.\n"})
    made.git("tag", "v1")
    made.git("branch", "other")
    made.commit("Shout", {"src/greet.py": "def greet(name):\n    return f'HELLO {name}'\n"})
    made.git("tag", "--annotate", "--message", "second", "v2")
    return made


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Give commands that leave a file behind when anybody runs them, and see that nobody did."""
    nest = tmp_path / "canaries"
    nest.mkdir()

    def command(name: str) -> str:
        script = nest / f"{name}.sh"
        script.write_text(f"#!/bin/sh\necho ran > '{nest}/{name}.sang'\ncat\n")
        script.chmod(0o755)
        return str(script)

    yield command
    assert [each.name for each in nest.glob("*.sang")] == []
