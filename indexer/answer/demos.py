"""Which folders hold an app for trying the repository out, that is no part of what the repository offers.

Such an app takes the repository itself in, by a path that leads up to it, and is not published: whatever
it is called, what stands in it tells nothing of how the whole is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from posixpath import normpath
from typing import Final

from indexer.answer.citations import Sources

_MOST: Final = 60
_DEPTH: Final = 3
"""Manifests that are read, and folders above one at most."""

_UP: Final = r"((?:\.\./?)+)"
_GEMS: Final = re.compile(
    rf"^\s*(?:gem\s.*\bpath(?::|\s*=>)\s*|gemspec\s.*\bpath(?::|\s*=>)\s*)['\"]{_UP}['\"]"
)
_PACKAGES: Final = re.compile(rf"\"\s*:\s*\"(?:file|link|portal):{_UP}\"")
_CRATES: Final = re.compile(rf"\bpath\s*=\s*\"{_UP}\"")
_PRIVATE: Final = re.compile(r"\"private\"\s*:\s*true")
_UNPUBLISHED: Final = re.compile(r"^\s*publish\s*=\s*(?:false|\[\s*\])", re.M)


def demo_folders(sources: Sources, paths: Sequence[str]) -> list[str]:
    """Return the folders, each with a slash behind it, of apps that are there for trying it out."""
    found: list[str] = []
    known = set(paths)
    manifests = [path for path in paths if path.rpartition("/")[2] in _READERS and "/" in path]
    manifests = [path for path in manifests if path.count("/") <= _DEPTH]
    for path in sorted(manifests, key=lambda path: (path.count("/"), path))[:_MOST]:
        folder, _, name = path.rpartition("/")
        source = sources.file(path)
        if source is None or any(folder.startswith(each) for each in found):
            continue
        above = [normpath(f"{folder}/{up}") for up in _READERS[name]("\n".join(source.lines))]
        gem = any(each.startswith(f"{folder}/") and each.endswith(".gemspec") for each in known)
        if any(each == "." or folder.startswith(f"{each}/") for each in above) and not gem:
            found.append(f"{folder}/")
    return found


def _of_gems(text: str) -> list[str]:
    return [up for line in text.split("\n") for up in _GEMS.findall(line)]


def _of_packages(text: str) -> list[str]:
    return _PACKAGES.findall(text) if _PRIVATE.search(text) else []


def _of_crates(text: str) -> list[str]:
    return _CRATES.findall(text) if _UNPUBLISHED.search(text) else []


_READERS: Final[dict[str, Callable[[str], list[str]]]] = {
    "Gemfile": _of_gems,
    "package.json": _of_packages,
    "Cargo.toml": _of_crates,
}
"""By the name of a manifest, what returns the paths upwards by which it takes anything in, where what it
describes is not published: a crate that is may well build on the one above it.
"""
