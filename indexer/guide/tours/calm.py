"""Text of a repository as Markdown that shows it and does nothing else."""

from __future__ import annotations

import re
from typing import Final

_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control bytes, and marks that hide or reorder what stands beside them."""

_CODE: Final = re.compile(r"(`+[^`]*`+)")
_ACTIVE: Final = re.compile(r"[<>]|&(?=[#\w])|!(?=\[)|(?<=\])\(")
_BEGINS: Final = re.compile(r"^(\s*)([#>+]|[-*](?=\s)|\d+[.)](?=\s)|~{3,}|={3,}|-{3,})", re.M)


def written_out(text: str) -> str:
    r"""Return text with what hides or reorders written out, as ``\u202e``."""
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def calm(text: str) -> str:
    """Return text as one line of Markdown: no tag, no picture, no link, no heading comes of it.

    What stands in backticks stays as it is: nothing is active there.
    """
    shown = " ".join(written_out(text).split())
    pieces = _CODE.split(shown)
    out = [piece if at % 2 else _ACTIVE.sub(r"\\\g<0>", piece) for at, piece in enumerate(pieces)]
    return _BEGINS.sub(r"\1\\\2", "".join(out))


def plain_of(text: str) -> str:
    """Return what `calm` made plain text of again."""
    return re.sub(r"\\([<>&!(#+\-*~=\d])", r"\1", text)
