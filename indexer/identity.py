"""Who sits at this machine: as git knows this user, or else as the system does. For fronts."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress

from indexer.types import Person


def person(environment: Mapping[str, str], name: str = "", email: str = "") -> Person:
    """Return ``name`` and ``email`` where they are given, else what git or the system says.

    Only this user's own git settings are read, no repository's; it takes some milliseconds.
    """
    name = name or environment.get("GIT_AUTHOR_NAME", "") or _git_config("user.name")
    email = email or environment.get("GIT_AUTHOR_EMAIL", "") or _git_config("user.email")
    if not name:
        with suppress(OSError, KeyError):
            name = getpass.getuser()
    return Person(_encodable(name), _encodable(email))


def _git_config(key: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            [git, "config", "--global", "--get", key],
            cwd=tempfile.gettempdir(),
            capture_output=True,
            timeout=5,
            check=False,
        )
        return done.stdout.decode("utf-8", "backslashreplace").strip()
    return ""


def _encodable(text: str) -> str:
    """Return text that can travel; bytes of the environment that are no UTF-8 are written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
