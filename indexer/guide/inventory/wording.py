"""Short texts of an inventory."""

from __future__ import annotations

import re
from typing import Final

_FOR_TOOLS: Final = re.compile(
    r"(?i)^(?:pylint|flake8|mypy|noqa|type|fmt|isort|eslint|ruff|pragma|nosec|coding|todo|fixme)\b\s*[:-]"
)
"""A comment that speaks to a tool tells a reader nothing."""
_SECRET_NAME: Final = re.compile(r"(?i)(?:secret|passw(?:or)?d|token|api_?key|private_?key|credential)")
_LITERAL: Final = re.compile(r"[rbuf]?[\"'].{8,}[\"']|(?=\S*\d)(?=\S*[A-Za-z])[^\s()]{12,}")
_SENTENCE: Final = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)


def first_sentence(text: str) -> str:
    """Return the first sentence of what a definition says of itself, on one line."""
    flat = " ".join(text.strip().split("\n\n")[0].split())
    if _FOR_TOOLS.match(flat):
        return ""
    found = _SENTENCE.match(flat)
    return found.group(1) if found is not None else flat


def without_secret(name: str, default: str) -> str:
    """Return a default as it may be listed: what a key or a password is set to stands in its file alone."""
    literal = _LITERAL.fullmatch(default.strip())
    return "[hidden]" if literal is not None and _SECRET_NAME.search(name) else default
