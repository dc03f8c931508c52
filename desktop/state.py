"""What a window remembers of itself: where it stood, what was open; apart from the settings."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MAX_RECENT = 12
"""More repositories than this are found faster by opening them than by reading a list."""


@dataclass(frozen=True, slots=True)
class Recent:
    """A repository that was open: its folder as shown, and when it was opened last (seconds)."""

    folder: str
    name: str
    opened: int


class WindowState:
    """One file beside the settings. A damaged or unwritable file only means that less is remembered."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._kept = QSettings(str(data_dir / "window.ini"), QSettings.Format.IniFormat)

    def blob(self, name: str) -> QByteArray:
        """Return the geometry or the splitter kept under ``name``; empty when there is none."""
        found = self._kept.value(name)
        return found if isinstance(found, QByteArray) else QByteArray()

    def keep_blob(self, name: str, value: QByteArray | bytes) -> None:
        """Keep a geometry or a splitter."""
        self._kept.setValue(name, QByteArray(value))

    @property
    def open_folder(self) -> str:
        """The repository that was open when the window was closed, or empty."""
        return str(self._kept.value("open", ""))

    @open_folder.setter
    def open_folder(self, folder: str) -> None:
        self._kept.setValue("open", folder)

    def recent(self) -> tuple[Recent, ...]:
        """Return the repositories opened before, the latest first; those that are gone are left out."""
        return tuple(each for each in self._recent() if os.path.isdir(each.folder))  # noqa: PTH112 (12 in 50 us)

    def remember(self, folder: str, name: str) -> None:
        """Put a repository at the top of the recent ones."""
        rows = [each for each in self._recent() if each.folder != folder]
        rows.insert(0, Recent(folder, name, int(time.time())))
        self._write(rows[:MAX_RECENT])

    def forget(self, folder: str) -> None:
        """Leave a repository out of the recent ones."""
        self._write([each for each in self._recent() if each.folder != folder])

    def write(self) -> None:
        """Write the file now."""
        self._kept.sync()

    def _recent(self) -> list[Recent]:
        try:
            rows = json.loads(str(self._kept.value("recent", "[]")))
            return [Recent(str(row["folder"]), str(row["name"]), int(row["opened"])) for row in rows]
        except (ValueError, TypeError, KeyError):
            return []

    def _write(self, rows: list[Recent]) -> None:
        self._kept.setValue("recent", json.dumps([asdict(row) for row in rows]))
