"""Short texts of an inventory."""

from __future__ import annotations

import re
from typing import Final

_SENTENCE: Final = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)


def first_sentence(text: str) -> str:
    """Return the first sentence of what a definition says of itself, on one line."""
    flat = " ".join(text.strip().split("\n\n")[0].split())
    found = _SENTENCE.match(flat)
    return found.group(1) if found is not None else flat
