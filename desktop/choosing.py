"""The rows of the list from which another repository is chosen, by its name or by its path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.commands import shown_key
from desktop.state import Recent
from desktop.widgets.palette import Choice


@dataclass(frozen=True, slots=True)
class _Open:
    """Opens one folder; what a row does."""

    open_folder: Callable[[str], object]
    folder: str

    def __call__(self) -> None:
        self.open_folder(self.folder)


def repository_choices(
    recent: Iterable[Recent], typed: str, open_folder: Callable[[str], object], pick: Callable[[], object]
) -> list[Choice]:
    """Return the recent repositories that hold every typed word, and what else can be opened."""
    tr = QCoreApplication.translate
    wanted = typed.casefold().split()
    made = [
        Choice(each.name, str(Path(each.folder).parent), "", _Open(open_folder, each.folder))
        for each in recent
        if all(word in each.folder.casefold() for word in wanted)
    ]
    if typed.startswith(("/", "~", "\\")) or typed[1:2] == ":":
        path = str(Path(typed).expanduser())
        made.append(Choice(tr("Choosing", "Open %s") % path, "", "", _Open(open_folder, path)))
    made.append(Choice(tr("Choosing", "Open a folder…"), "", shown_key("Ctrl+O"), pick))
    return made
