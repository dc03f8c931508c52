"""Reads a git config file as data: nothing is included, expanded or run.

Only the few keys that decide how a repository is laid out are ever looked at, and git itself is
never given this file, since it may name commands.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

MAX_CONFIG_BYTES = 1_000_000
"""A config of 5,000 submodules has about 500 KB; what is larger is cut there."""

_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}


class GitConfig:
    """Values by lower-case ``section.key`` or ``section.subsection.key``; the last one counts."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def text(self, key: str, default: str = "") -> str:
        """Return the value as written; a key without ``=`` reads as ``true``."""
        return self._values.get(key, default)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return the value as git reads a boolean; what is no boolean gives ``default``."""
        word = self._values.get(key, "").strip().lower()
        if word in ("true", "yes", "on"):
            return True
        if word in ("false", "no", "off") or (word == "" and key in self._values):
            return False
        return bool(int(word)) if word.isdecimal() else default

    def keys(self) -> list[str]:
        """Return every key that is set."""
        return list(self._values)


def read_config(file: Path) -> GitConfig:
    """Return what ``file`` sets; a missing, unreadable or special file sets nothing."""
    return parse_config(read_small_file(file, MAX_CONFIG_BYTES).decode("utf-8", "surrogateescape"))


def read_small_file(file: Path, max_bytes: int) -> bytes:
    """Return up to ``max_bytes`` of a regular file, and nothing for whatever else it may be.

    A FIFO or a device in its place is never waited for.
    """
    try:
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""
    with os.fdopen(handle, "rb") as source:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return b""
        return source.read(max_bytes)


def parse_config(text: str) -> GitConfig:
    """Return the values of a config file's ``text``; lines that are no config are passed over."""
    values: dict[str, str] = {}
    section = ""
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        stripped = line.strip()
        if stripped.startswith("["):
            end = _section_end(stripped)
            section = _section_name(stripped[1:end])
            stripped = stripped[end + 1 :].strip()
        if not stripped or stripped[0] in "#;" or not section:
            continue
        name, equals, rest = stripped.partition("=")
        while rest.endswith("\\") and not rest.endswith("\\\\"):
            rest = rest[:-1] + next(lines, "")
        key = f"{section}.{name.split('#')[0].split(';')[0].strip().lower()}"
        values[key] = _value(rest) if equals else "true"
    return GitConfig(values)


def _section_end(line: str) -> int:
    """Return where the ``]`` of a section header stands; one inside quotes does not count."""
    quoted = escaped = False
    for position, letter in enumerate(line):
        if escaped:
            escaped = False
        elif letter == "\\" and quoted:
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == "]" and not quoted:
            return position
    return len(line)


def _section_name(inside: str) -> str:
    name, quote, rest = inside.partition('"')
    if not quote:
        return inside.strip().lower()
    subsection = rest[: rest.rfind('"')] if '"' in rest else rest
    return f"{name.strip().lower()}.{subsection.replace(chr(92) + chr(34), chr(34))}"


def _value(raw: str) -> str:
    out: list[str] = []
    quoted = False
    letters = iter(raw.strip())
    for letter in letters:
        if letter == "\\":
            out.append(_ESCAPES.get(next(letters, ""), ""))
        elif letter == '"':
            quoted = not quoted
        elif letter in "#;" and not quoted:
            break
        else:
            out.append(letter)
    value = "".join(out)
    return value if quoted or raw.rstrip().endswith('"') else value.rstrip()
