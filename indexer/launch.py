"""Starts an engine as a process of its own, and says what the two tell each other meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import msgspec

from indexer.errors import EngineUnavailableError, LorebaseError, StorageError, error_from
from indexer.location import Location
from indexer.settings import EngineSettings, IndexingSettings, ModelSettings, Settings, people_dir

LOG_NAME = "engine.log"

MAX_LOG_BYTES = 4_000_000
"""A longer log is moved aside when an engine starts; one old log is kept."""

START_SECONDS = 20.0
"""How long a start may take on a machine that is busy; .2 s is usual."""


@dataclass(frozen=True, slots=True)
class Start:
    """All that an engine needs to know; it reads no environment. Paths are the system's bytes."""

    address: str
    common_dir: bytes
    work_tree: bytes | None
    index_dir: bytes
    git_dir: bytes
    data_dir: bytes
    indexing: IndexingSettings
    engine: EngineSettings
    model: ModelSettings

    @property
    def location(self) -> Location:
        """The repository and its index."""
        tree = None if self.work_tree is None else Path(os.fsdecode(self.work_tree))
        common = _path(self.common_dir)
        people = people_dir(self.settings, common)
        return Location(common, tree, _path(self.index_dir), _path(self.git_dir), people)

    @property
    def settings(self) -> Settings:
        """The settings of the user who started the engine."""
        return Settings(_path(self.data_dir), self.indexing, self.engine, model=self.model)


@dataclass(frozen=True, slots=True)
class Ready:
    """An engine's only line on its standard output: it listens, or why it does not."""

    pid: int = 0
    code: str = ""
    message: str = ""
    hint: str = ""


def start_message(location: Location, settings: Settings, address: str) -> Start:
    """Return what an engine of this index must be given."""
    tree = None if location.work_tree is None else os.fsencode(location.work_tree)
    return Start(
        address,
        os.fsencode(location.common_dir),
        tree,
        os.fsencode(location.index_dir),
        os.fsencode(location.git_dir),
        os.fsencode(settings.data_dir),
        settings.indexing,
        settings.engine,
        settings.model,
    )


def start_engine(start: Start) -> Ready:
    """Start an engine as a process of its own, and return when it listens.

    Raises LockedError when another engine holds the index (one that is just starting, mostly),
    StorageError when the index folder cannot be written, EngineUnavailableError for the rest.
    """
    folder = start.location.index_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = _open_log(folder / LOG_NAME)
    except OSError as error:
        raise StorageError(
            f"The index folder {folder} cannot be written: {error.strerror or error}.",
            "Free some space, mend its permissions, or set LOREBASE_DATA to another folder.",
        ) from error
    with log:
        # The working folder is the one that holds our package: `-m` finds it there, and never
        # something of the same name in the folder where the user happens to be.
        process = subprocess.Popen(
            [sys.executable, "-m", "indexer.service"],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    try:
        line, _ = process.communicate(msgspec.json.encode(start), timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        line = b""
    try:
        ready = msgspec.json.decode(line, type=Ready)
    except msgspec.DecodeError as error:
        raise EngineUnavailableError(
            f"The engine could not be started{last_words(folder / LOG_NAME)}",
            f"The whole story is in {folder / LOG_NAME}.",
        ) from error
    if ready.code:
        raise error_from(ready.code, ready.message, ready.hint)
    return ready


def last_words(log: Path) -> str:
    """Return the last line that an engine wrote before it died, ready to end a sentence."""
    with suppress(OSError):
        lines = log.read_bytes()[-2000:].decode("utf-8", "backslashreplace").strip().splitlines()
        if lines:
            return f": {lines[-1][:300]}"
    return "."


def _path(raw: bytes) -> Path:
    return Path(os.fsdecode(raw))


def _open_log(file: Path) -> FileIO:
    with suppress(FileNotFoundError):
        if file.stat().st_size > MAX_LOG_BYTES:
            file.replace(file.with_suffix(".old.log"))
    return file.open("ab", buffering=0)


def main() -> None:
    """Start the engine that standard input describes (a `Start`), and print a `Ready`; for fronts
    that start processes in a way of their own.
    """
    start = msgspec.json.decode(sys.stdin.buffer.read(), type=Start)
    try:
        ready = start_engine(start)
    except LorebaseError as error:
        ready = Ready(code=error.code, message=error.message, hint=error.hint)
    sys.stdout.buffer.write(msgspec.json.encode(ready) + b"\n")


if __name__ == "__main__":
    main()
