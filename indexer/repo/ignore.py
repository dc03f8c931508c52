"""Decides which untracked files git would ignore; the one file that uses pathspec."""

from __future__ import annotations

import re
from collections.abc import Callable

from pathspec import GitIgnoreSpec

MAX_STARS = 3
"""In one part of a path. A match tries about 255**stars ways at worst, and the patterns come
from a repository that may be hostile; with four, one look at one name could take seconds."""

MAX_DEEP_STARS = 3
"""Parts of a pattern that are ``**``; the same reasoning, over the depth of a path."""

MAX_PATTERNS = 20_000
"""Of one file."""

_ODD_SET = re.compile(r"\[[^\]]*(\[|--|&&|~~|\|\|)")
"""``[[:alpha:]]`` and the like: pathspec hands it to ``re``, which knows no such classes and
warns that it will read these signs otherwise one day."""


class IgnoreRules:
    """The rules of one work tree. ``read`` returns a folder's ``.gitignore``, empty if none.

    Rules are asked for and kept folder by folder, so that only those on the way are read.
    """

    def __init__(self, exclude: bytes, read: Callable[[str], bytes]) -> None:
        self.dropped: dict[str, int] = {}
        """How many patterns are not followed, by the file that they stand in."""
        self._read = read
        self._everywhere = self._spec("info/exclude", exclude)
        self._folders: dict[str, GitIgnoreSpec | None] = {}

    def ignores(self, path: str) -> bool:
        """Say whether the file ``path``, or the folder ``path/``, is ignored by itself.

        The rules nearest to it decide. Whether a folder above is ignored is the caller's part.
        """
        folder = path.rstrip("/").rpartition("/")[0]
        while True:
            spec = self._of(folder)
            if spec is not None:
                verdict = spec.check_file(path[len(folder) + 1 if folder else 0 :]).include
                if verdict is not None:
                    return verdict
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        return self._everywhere is not None and bool(self._everywhere.check_file(path).include)

    def _of(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._folders:
            name = f"{folder}/.gitignore" if folder else ".gitignore"
            self._folders[folder] = self._spec(name, self._read(name))
        return self._folders[folder]

    def _spec(self, name: str, data: bytes) -> GitIgnoreSpec | None:
        lines = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").split("\n")
        lines = [line.rstrip("\r") for line in lines if line.strip() and not line.startswith("#")]
        kept = [line for line in lines[:MAX_PATTERNS] if not _is_refused(line)]
        if len(kept) < len(lines):
            self.dropped[name] = len(lines) - len(kept)
        patterns: list[str] = []
        for line in kept:
            try:
                GitIgnoreSpec.from_lines([line])
            except ValueError:
                self.dropped[name] = self.dropped.get(name, 0) + 1
            else:
                patterns.append(line)
        return GitIgnoreSpec.from_lines(patterns) if patterns else None


def _is_refused(pattern: str) -> bool:
    """Say whether ``pattern`` may take too long, or means something else in Python than in git."""
    if "[" in pattern and _ODD_SET.search(pattern):
        return True
    parts = pattern.split("/")
    if sum(part == "**" for part in parts) > MAX_DEEP_STARS:
        return True
    return any(len(re.findall(r"\*+", part)) > MAX_STARS for part in parts)
