"""Every command once: its name, its key and what it does. Palette, key list and keys come from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence


def always() -> bool:
    """Say that a command can be given at any time."""
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the person can do. ``key`` is written as Qt reads it ("Ctrl+K"), or empty.

    ``held`` means that a widget listens for the key itself; the window then only lists it.
    """

    name: str
    key: str
    action: Callable[[], object]
    group: str
    possible: Callable[[], bool] = always
    held: bool = False

    @property
    def shown_key(self) -> str:
        """The key as this system writes it."""
        return shown_key(self.key)


def shown_key(key: str) -> str:
    """Return a key ("Ctrl+K") as this system writes it."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    # Qt has two names for one key; people know the shorter one.
    return text.replace("Return", "Enter")


def matching(commands: Iterable[Command], typed: str) -> list[Command]:
    """Return the commands whose name or group holds every typed word; names that begin with the
    first word come first.
    """
    words = typed.casefold().split()
    found = [
        each
        for each in commands
        if all(word in f"{each.name} {each.group}".casefold() for word in words) and each.possible()
    ]
    return sorted(found, key=lambda each: not (words and each.name.casefold().startswith(words[0])))
