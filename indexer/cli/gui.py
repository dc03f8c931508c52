"""Starts the desktop as a process of its own, and returns when its window is painted."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from indexer.errors import LorebaseError, StorageError
from indexer.location import locate
from indexer.settings import load_settings

LOG_NAME = "window.log"
MAX_LOG_BYTES = 1_000_000

LIBRARIES = (
    "libegl1", "libgl1", "libdbus-1-3", "libfontconfig1", "libxkbcommon-x11-0", "libxcb-cursor0",
    "libxcb-icccm4", "libxcb-keysyms1", "libxcb-image0", "libxcb-render-util0", "libxcb-shape0",
)  # fmt: skip
"""What Qt needs on X11 and a bare system may not have, by the names of Debian's packages."""


def start(folder: Path | None) -> None:
    """Start the window. Raises NotARepositoryError when ``folder`` is in no repository, and
    LorebaseError when there is no display, or the window ends before it is painted.
    """
    settings = load_settings(os.environ)
    if folder is not None:
        locate(folder, settings)
    if not has_display():
        raise LorebaseError(
            "There is no display to open a window on.",
            "Use `lorebase ask`, or set DISPLAY or WAYLAND_DISPLAY.",
        )
    log = settings.data_dir / LOG_NAME
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if log.stat().st_size > MAX_LOG_BYTES:
                log.replace(log.with_suffix(".old.log"))
        out = log.open("ab", buffering=0)
    except OSError as error:
        raise StorageError(
            f"{log} cannot be written: {error.strerror}.", "Set LOREBASE_DATA elsewhere."
        ) from error
    command = [sys.executable, "-m", "desktop.app", "--tell-painted"]
    if folder is not None:
        command.append(str(folder.resolve()))
    begins = out.tell()
    with out:
        # The working folder is the one that holds our packages: `-m` finds them there, and never
        # something of the same name in the folder where the user happens to be.
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).resolve().parent.parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=out,
            start_new_session=True,
        )
    assert process.stdout is not None
    with process.stdout as told:
        painted = told.readline()
    if not painted:
        code = process.wait()
        raise _unopened(log, begins, code)
    # It goes on without us, and is nobody's child when we leave.
    process.returncode = 0


def _unopened(log: Path, begins: int, code: int) -> LorebaseError:
    """Return what to say of a window that ended before it was painted, by what it wrote into the log."""
    with suppress(OSError), log.open("rb") as written:
        written.seek(begins)
        if b"platform plugin" in written.read(MAX_LOG_BYTES):
            return LorebaseError(
                "The window could not be opened: Qt misses libraries of the system to reach this display.",
                f"On Debian or Ubuntu: apt install {' '.join(LIBRARIES)}. `lorebase ask` works without.",
            )
    return LorebaseError(f"The window could not be opened (it ended with {code}).", f"See {log}.")


def has_display() -> bool:
    """Say whether a window can be seen here, or was asked for without being seen."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
