"""Files put into a folder whole or not at all: what was there before stays until all of it is written."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.errors import StorageError, UsageError
from indexer.types import Control

MARKER: Final = ".lorebase-export.json"
"""Says that a folder is an export of ours, so that another one may take its place."""


@dataclass(frozen=True, slots=True)
class Put:
    """How much was written."""

    files: int
    bytes: int


def put_folder(
    folder: Path, files: Iterable[tuple[str, str]], made_of: dict[str, str], control: Control
) -> Put:
    """Write files into a folder that is new, empty, or an export of ours.

    Raises UsageError for another folder, and StorageError when the disk refuses; nothing of what was
    begun is left behind then, and an older export stays as it was.
    """
    check_folder(folder)
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    try:
        count = size = 0
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            fresh.mkdir()
            for name, text in files:
                control.checkpoint()
                data = text.encode("utf-8", "backslashreplace")
                _put(fresh / name, data)
                count, size = count + 1, size + len(data)
            _put(fresh / MARKER, json.dumps(made_of, indent=2).encode())
            _swap(fresh, folder)
        except OSError as error:
            raise StorageError(
                f"The export cannot be written to {_shown(folder)}: {error.strerror or error}.",
                "Free some space, or choose another folder; nothing of it was left behind.",
            ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Put(count, size)


def check_folder(folder: Path) -> None:
    """Raise UsageError for a folder that holds something else than an export of ours."""
    if not folder.is_absolute():
        raise UsageError(f"{_shown(folder)} is no whole path.", "Give one from the root.")
    with contextlib.suppress(FileNotFoundError):
        try:
            inside = {each.name for each in folder.iterdir()}
        except NotADirectoryError:
            raise UsageError(f"{_shown(folder)} is a file.", "Name a folder.") from None
        except PermissionError as error:
            raise StorageError(
                f"{_shown(folder)} cannot be read: {error.strerror}.", "Choose another folder."
            ) from error
        if inside and MARKER not in inside:
            raise UsageError(
                f"{_shown(folder)} holds other files.",
                "Name a folder that is not there yet, an empty one, or that of an earlier export.",
            )


def _put(target: Path, data: bytes) -> None:
    with target.open("xb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _swap(fresh: Path, folder: Path) -> None:
    """Put the fresh folder in the place of the old one, which comes back if that fails."""
    if not folder.exists():
        fresh.rename(folder)
        return
    if not any(folder.iterdir()):
        folder.rmdir()
        fresh.rename(folder)
        return
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.old")
    folder.rename(aside)
    try:
        fresh.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _shown(folder: Path) -> str:
    return str(folder).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
