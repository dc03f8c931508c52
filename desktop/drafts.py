"""What a person was writing when the window closed: drafts of notes, kept beside the indexes."""

from __future__ import annotations

import json
from dataclasses import asdict

from PySide6.QtCore import QSettings

from indexer.location import Location
from indexer.types import Category, NoteDraft

MAX_DRAFT = 200_000
"""Characters of a draft that are kept: a pasted log of megabytes is no note."""

MAX_NAMES = 5
NEW = "new"
"""The key of a note that is not about a gap; others are ``gap:<id>`` and ``note:<id>``."""


class Drafts:
    """Drafts of one repository. A file that cannot be written only means that less is kept."""

    def __init__(self, location: Location) -> None:
        index = location.index_dir
        self._kept = QSettings(str(index.parent.parent / "drafts.ini"), QSettings.Format.IniFormat)
        self._group = index.name

    def keep(self, key: str, draft: NoteDraft) -> None:
        """Keep a draft; it is in the file when this returns."""
        if len(draft.text) <= MAX_DRAFT:
            self._kept.setValue(self._name(key), json.dumps(asdict(draft)))
            self._kept.sync()

    def find(self, key: str) -> NoteDraft | None:
        """Return the draft kept under ``key``; one that cannot be read counts as none."""
        try:
            found = json.loads(str(self._kept.value(self._name(key), "")))
            category = found.pop("category", None)
            return NoteDraft(**found, category=Category(category) if category else None)
        except (ValueError, TypeError, AttributeError):
            return None

    def has(self, key: str) -> bool:
        """Say whether a draft is kept under ``key``."""
        return self._kept.contains(self._name(key))

    def drop(self, key: str) -> None:
        """Forget a draft."""
        self._kept.remove(self._name(key))
        self._kept.sync()

    def names(self) -> list[str]:
        """Return the names under which this person wrote, the last one first."""
        found = self._kept.value("names", [])
        # One name alone comes back as a string.
        names = found if isinstance(found, list) else [found]
        return [str(each) for each in names if each]

    def remember_name(self, name: str) -> None:
        """Put a name first among those that this person writes under."""
        if name:
            others = [each for each in self.names() if each != name]
            self._kept.setValue("names", [name, *others][:MAX_NAMES])

    def _name(self, key: str) -> str:
        return f"{self._group}/{key.replace('/', '_')}"
