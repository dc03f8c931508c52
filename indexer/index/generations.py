"""The folder of generations: built by a child, published by a pointer, probed before opening.

``vectors/current`` names the generation to open. A build works in a folder of its own and is
renamed and named there only when it was verified, so that a kill at any moment costs the build
and nothing else. Two are kept; one damaged one is kept aside until the next build succeeds.
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import indexer
from indexer.index.stored import read_digests
from indexer.types import ChunkKind, Control, Phase, Progress

FORMAT = 1
KEPT = 2
POINTER = "current"
QUARANTINE = "damaged"
BUILDING = "building-"
PREFIX = "g-"

PROBE_SECONDS = 60.0
"""Opening takes two seconds at 100,000 vectors; a store that takes this long never opens."""
STALL_SECONDS = 180.0
"""Longest silence of a build: storing 1,000 vectors, or saving the graph, on a machine in need."""
CHECKPOINT_SECONDS = 0.2

# What a child needs to find Python, its libraries and a temporary folder; nothing else is passed.
_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "USERPROFILE",
    "LOCALAPPDATA",
    "APPDATA",
)


class ChildError(Exception):
    """A child failed, crashed or fell silent; the message says which."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was when it was published. ``missed`` are digests that Chroma does not find."""

    id: str
    dimensions: int
    model: str
    counts: dict[ChunkKind, int]
    missed: dict[ChunkKind, frozenset[bytes]]


class Generations:
    """The generations of one index; one process, the engine, calls this at a time."""

    def __init__(self, index_dir: Path, catalog: Path, dimensions: int) -> None:
        self.folder = index_dir / "vectors"
        self._catalog = catalog
        self._dimensions = dimensions

    # ---------------------------------------------------------------------------- reading

    def published(self) -> list[Manifest]:
        """Return the generations that may be opened: the named one first, then the newest."""
        try:
            named = (self.folder / POINTER).read_text("ascii", "replace").strip()
        except OSError:
            named = ""
        found = [each for each in map(self._manifest, self._folders()) if each]
        return sorted(found, key=lambda each: (each.id == named, each.id), reverse=True)

    def chroma(self, manifest: Manifest) -> Path:
        """Return the folder that Chroma opens."""
        return self.folder / manifest.id / "chroma"

    def covered(self, manifest: Manifest) -> dict[ChunkKind, set[bytes]]:
        """Return the digests that a search in this generation can find."""
        return {
            kind: read_digests(self.folder / manifest.id / f"{kind}.digests")
            - manifest.missed.get(kind, frozenset())
            for kind in manifest.counts
        }

    def sound(self, manifest: Manifest) -> bool:
        """Return whether it can be opened without danger; a child tries it when a file has changed."""
        if self.unchanged(manifest):
            return True
        request = {"task": "probe", "folder": str(self.folder / manifest.id)}
        try:
            if _oversized(self.folder / manifest.id):
                return False
            self._child(request, sum(manifest.counts.values()), None, PROBE_SECONDS)
        except ChildError:
            return False
        self.remember(manifest)
        return True

    def unchanged(self, manifest: Manifest) -> bool:
        """Return whether every file is as it was when the generation was last found sound."""
        try:
            seen = json.loads((self.folder / manifest.id / "seen.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return bool(seen == _state(self.chroma(manifest)))

    def remember(self, manifest: Manifest) -> None:
        """Note the state of the files, after an opening that went well (it touches the database)."""
        _write(self.folder / manifest.id / "seen.json", json.dumps(_state(self.chroma(manifest))))

    # ---------------------------------------------------------------------------- writing

    def build(self, model: str, rows: int, control: Control) -> Manifest:
        """Build, verify and publish a generation of what the catalog holds.

        Raises ChildError when it cannot be had, CancelledError when it was stopped, OSError when
        the disk refuses. Whatever happens, what was published before is still there.
        """
        self.sweep()
        name = self._next_id()
        work = self.folder / f"{BUILDING}{name}"
        work.mkdir(parents=True, mode=0o700)
        request = {"folder": str(work), "catalog": str(self._catalog)}
        try:
            built = self._child({**request, "task": "build"}, rows, control, STALL_SECONDS)
            verified = self._child({**request, "task": "verify"}, rows, control, STALL_SECONDS)
            content = {
                "format": FORMAT,
                "id": name,
                "dimensions": self._dimensions,
                "model": model,
                "counts": built["counts"],
                "missed": verified["missed"],
                "sha256": verified["sha256"],
                "bytes": sum(size for size, *_ in _state(work / "chroma").values()),
            }
            _write(work / "manifest.json", json.dumps(content))
            _write(work / "seen.json", json.dumps(_state(work / "chroma")))
            _sync_tree(work)
            control.checkpoint()
            work.rename(self.folder / name)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        manifest = self._manifest(self.folder / name)
        if manifest is None:
            raise ChildError("what was built cannot be read back")
        self.point_at(manifest)
        self._prune(manifest)
        return manifest

    def point_at(self, manifest: Manifest) -> None:
        """Name ``manifest`` as the one to open; after a crash the pointer is the old or the new one."""
        _write(self.folder / POINTER, manifest.id + "\n")

    def quarantine(self, manifest: Manifest) -> None:
        """Move a damaged generation aside, in place of the one that is there."""
        aside = self.folder / QUARANTINE
        shutil.rmtree(aside, ignore_errors=True)
        try:
            (self.folder / manifest.id).rename(aside)
        except OSError:
            shutil.rmtree(self.folder / manifest.id, ignore_errors=True)

    def quarantined(self) -> bool:
        """Return whether a damaged generation is kept aside."""
        return (self.folder / QUARANTINE).is_dir()

    def sweep(self) -> None:
        """Remove what a killed build left behind."""
        for left in self.folder.glob(f"{BUILDING}*"):
            shutil.rmtree(left, ignore_errors=True)

    def forget(self) -> None:
        """Remove every generation."""
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---------------------------------------------------------------------------- private

    def _folders(self) -> list[Path]:
        return sorted(self.folder.glob(f"{PREFIX}*")) if self.folder.is_dir() else []

    def _next_id(self) -> str:
        numbers = [int(part) for each in self._folders() if (part := each.name.split("-")[1]).isdigit()]
        return f"{PREFIX}{max(numbers, default=0) + 1:06d}-{secrets.token_hex(4)}"

    def _manifest(self, folder: Path) -> Manifest | None:
        try:
            content = json.loads((folder / "manifest.json").read_text("utf-8"))
            if content["format"] != FORMAT or content["id"] != folder.name:
                return None
            return Manifest(
                content["id"],
                int(content["dimensions"]),
                content["model"],
                {ChunkKind(kind): int(count) for kind, count in content["counts"].items()},
                {
                    ChunkKind(kind): frozenset(map(bytes.fromhex, all_))
                    for kind, all_ in content["missed"].items()
                },
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _prune(self, newest: Manifest) -> None:
        others = [folder for folder in self._folders() if folder.name != newest.id]
        for folder in others[: len(others) - (KEPT - 1)]:
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.folder / QUARANTINE, ignore_errors=True)

    def _child(
        self, request: dict[str, Any], rows: int, control: Control | None, silence: float
    ) -> dict[str, Any]:
        """Have a child do ``request``; its progress is reported, and it waits where ``control`` does."""
        child = subprocess.Popen(
            [sys.executable, "-m", "indexer.index.generation_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=Path(indexer.__file__).resolve().parents[1],
            env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
            | {"OMP_NUM_THREADS": "1"},
        )
        assert child.stdin
        assert child.stdout
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        reader = threading.Thread(target=_read_lines, args=(child.stdout, lines), daemon=True)
        reader.start()
        try:
            _send(child.stdin, json.dumps({**request, "rows": rows, "dimensions": self._dimensions}))
            waited = 0.0
            while True:
                if control is not None:
                    control.checkpoint()
                try:
                    line = lines.get(timeout=CHECKPOINT_SECONDS)
                except queue.Empty:
                    waited += CHECKPOINT_SECONDS
                    if waited > silence:
                        raise ChildError(f"{request['task']}: no sign of life for {silence:.0f} s") from None
                    continue
                waited = 0.0
                message = _message(line, child)
                if "done" in message:
                    result: dict[str, Any] = message["done"]
                    return result
                if control is not None:
                    control.report(Progress(Phase.PUBLISH, message["progress"], rows, "vectors"))
                _send(child.stdin, "")
        finally:
            child.kill()
            child.wait()
            reader.join()
            with suppress(OSError):
                child.stdin.close()
            child.stdout.close()


def _read_lines(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    with suppress(ValueError, UnicodeDecodeError):
        for line in stream:
            lines.put(line)
    lines.put("")


def _send(stream: IO[str], line: str) -> None:
    # A child that died is told by the end of its stdout, not here.
    with suppress(OSError):
        stream.write(line + "\n")
        stream.flush()


def _message(line: str, child: subprocess.Popen[str]) -> dict[str, Any]:
    if not line:
        raise ChildError(f"the child ended with status {child.wait()}")
    try:
        message: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise ChildError(f"the child wrote {line[:80]!r}") from error
    if "failed" in message:
        raise ChildError(message["failed"])
    return message


def _state(chroma: Path) -> dict[str, list[int]]:
    """Return size, time of change in ns, and inode of each file."""
    found = {}
    for file in sorted(chroma.rglob("*")):
        if file.is_file():
            status = file.stat()
            found[file.relative_to(chroma).as_posix()] = [status.st_size, status.st_mtime_ns, status.st_ino]
    return found


def _oversized(folder: Path) -> bool:
    """Whether the store claims far more than was published: then nobody should even read it."""
    try:
        published = int(json.loads((folder / "manifest.json").read_text("utf-8"))["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return sum(size for size, *_ in _state(folder / "chroma").values()) > 2 * published + (64 << 20)


def _write(file: Path, text: str) -> None:
    """Replace ``file`` so that a crash leaves the old content or the new, and the disk has it."""
    fresh = file.with_name(file.name + ".new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    _sync(file.parent)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows keeps names of files safe by itself, and opens no folder.
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
