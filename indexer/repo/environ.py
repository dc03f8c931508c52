"""Whether ``environ`` is the process's environment in a Python file, or what comes with a request."""

from __future__ import annotations

import re
from typing import Final

_TAKEN: Final = re.compile(
    r"^from os import (?:\([^)]*|[^\n]*)\benviron\b|^\s*environ\s*=\s*os\.environ\b", re.MULTILINE
)


def takes_environ(text: str) -> bool:
    """Return whether a file takes ``environ`` from ``os``: else its keys (``HTTP_HOST``) are WSGI's."""
    return _TAKEN.search(text) is not None
