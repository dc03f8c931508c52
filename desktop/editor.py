"""Opens a file in the person's own editor, at a line; the command is theirs, never the repository's."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

KNOWN = (
    ("code", "{program} --goto {path}:{line}"),
    ("codium", "{program} --goto {path}:{line}"),
    ("cursor", "{program} --goto {path}:{line}"),
    ("zed", "{program} {path}:{line}"),
    ("subl", "{program} {path}:{line}"),
    ("idea", "{program} --line {line} {path}"),
    ("pycharm", "{program} --line {line} {path}"),
    ("webstorm", "{program} --line {line} {path}"),
    ("goland", "{program} --line {line} {path}"),
    ("clion", "{program} --line {line} {path}"),
    ("kate", "{program} --line {line} {path}"),
    ("gnome-text-editor", "{program} {path}"),
    ("gvim", "{program} +{line} {path}"),
    ("emacsclient", "{program} --no-wait +{line} {path}"),
    ("emacs", "{program} +{line} {path}"),
)
"""Editors with a window of their own, by how likely somebody who has one wants it."""


def editor_command(
    setting: str, file: Path, at_line: int, which: Callable[[str], str | None] = shutil.which
) -> list[str]:
    """Return program and arguments; empty when no editor is set and none is found.

    ``setting`` is a command with ``{path}`` and ``{line}``; without ``{path}`` the file comes last.
    It is split as a shell would, and no shell reads it.
    """
    template = setting.strip() or _found(which)
    if not template:
        return []
    try:
        parts = shlex.split(template)
    except ValueError:
        parts = template.split()
    if "{path}" not in template:
        parts.append("{path}")
    return [part.replace("{line}", str(max(1, at_line))).replace("{path}", str(file)) for part in parts]


def file_in(work_tree: Path | None, path: str) -> Path | None:
    """Return the file of a path as shown; None when it is gone, or lies outside the work tree."""
    if work_tree is None:
        return None
    root = work_tree.resolve()
    file = (root / path).resolve()
    return file if file.is_relative_to(root) and file.is_file() else None


def _found(which: Callable[[str], str | None]) -> str:
    for name, template in KNOWN:
        program = which(name)
        if program:
            return template.replace("{program}", shlex.quote(program))
    return ""
