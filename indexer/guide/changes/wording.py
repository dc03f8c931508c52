"""Words of the repository made safe to stand in Markdown: nothing in them acts, hides or notifies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_ACTS: Final = re.compile(r"([\\*_\[\]<>|~!])")
_CODE: Final = re.compile(r"`[^`\n]+`")
_MENTION: Final = re.compile(r"(?<![\w`/.])@([\w-]+(?:/[\w-]+)?)")
_LEADING: Final = re.compile(r"^(\s*)([#+=-]|\d+[.)])(?=\s|$|=|-)")


def shown(text: str) -> str:
    """Return ``text`` on one line, with what would hide or reorder it written out."""
    joined = " ".join(text.split())
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", joined)


def markdown(text: str) -> str:
    """Return ``text`` as it reads in Markdown: markup is shown, and nobody is notified by an ``@name``.

    What stands between backquotes stays code.
    """
    line = shown(text)
    out: list[str] = []
    at = 0
    for found in _CODE.finditer(line):
        out += [_plain(line[at : found.start()]), found.group()]
        at = found.end()
    out.append(_plain(line[at:]))
    return _LEADING.sub(r"\1\\\2", "".join(out))


def code(text: str) -> str:
    """Return ``text`` as Markdown's code, whatever backquotes it holds."""
    line = shown(text)
    longest = max((len(each) for each in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def many(count: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else more}"


def listed(parts: Sequence[str], most: int = 0) -> str:
    """Return parts joined as a sentence has them; beyond ``most`` they are counted."""
    names = list(parts[:most] if most else parts)
    more = len(parts) - len(names)
    if more > 0:
        names.append(f"{more} more")
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def cut(text: str, width: int = 100) -> str:
    """Return ``text`` with an ellipsis where it is longer than ``width``."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _plain(text: str) -> str:
    escaped = _ACTS.sub(r"\\\1", text.replace("`", "\\`"))
    # A name in code notifies nobody; a commit's author did not ask for this text.
    return _MENTION.sub(r"`@\1`", escaped)
