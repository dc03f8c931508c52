"""Which code of a repository is the package that it ships, and what only stands beside it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

_PACKAGES: Final = re.compile(r"[^/]+\.gemspec|pyproject\.toml|setup\.(?:py|cfg)|Cargo\.toml")
"""What at the top of a repository tells that it is one package; a workspace of several has no such centre."""
_APPLICATIONS: Final = re.compile(r"config\.ru|Procfile|manage\.py|artisan|wsgi\.py")
"""What an application is started by: below the top of a package's repository it stands for trying it out."""
_HOLD: Final = frozenset(("lib", "src", "app", "ext", "config", "crates"))
"""Folders at the top that hold a package, beside those of Python, which say so themselves."""
_OF_THE_HOST: Final = (".github/", ".gitlab/", ".circleci/")
"""What is set for whoever hosts and checks the repository, whatever is shipped."""


class Standing(IntEnum):
    """How near a file stands to what is shipped; what is told first is lowest."""

    PACKAGE = 0
    BESIDE = 1
    """A script, a benchmark, a tool: what those who work on the package start."""
    APPLICATION = 2
    """An application of its own, that uses the package."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The folders at the top that hold the package (none: all is alike), and those of other applications."""

    folders: frozenset[str] = frozenset()
    applications: frozenset[str] = frozenset()

    def standing(self, path: str) -> Standing:
        """Return how near to the package a file stands; one at the top belongs to it."""
        if path.startswith(_OF_THE_HOST):
            return Standing.BESIDE
        if not self.folders:
            return Standing.PACKAGE
        parts = path.split("/")
        if any("/".join(parts[:at]) in self.applications for at in range(1, len(parts))):
            return Standing.APPLICATION
        return Standing.PACKAGE if len(parts) == 1 or parts[0] in self.folders else Standing.BESIDE


def shipped(reader: sqlite3.Connection) -> Shipped:
    """Return what of the current files is shipped."""
    rows = reader.execute("SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id")
    return shipped_of([path for (path,) in rows.fetchall()])


def shipped_of(paths: Iterable[str]) -> Shipped:
    """Return what of these files is shipped; where nothing tells for certain, all of it."""
    parted = [path.rpartition("/") for path in paths]
    top = [name for folder, _, name in parted if not folder]
    if not any(map(_PACKAGES.fullmatch, top)) or any(map(_APPLICATIONS.fullmatch, top)):
        return Shipped()
    folders = {
        folder.partition("/")[0]
        for folder, _, name in parted
        if folder and (folder.partition("/")[0] in _HOLD or (name == "__init__.py" and "/" not in folder))
    }
    applications = {folder for folder, _, name in parted if folder and _APPLICATIONS.fullmatch(name)}
    return Shipped(frozenset(folders), frozenset(applications))
