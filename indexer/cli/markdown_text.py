"""Text of a repository inside our Markdown: it stays text, whatever it holds."""

from __future__ import annotations

import re

from indexer.cli.terminal import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~$&:@])")


def cell(text: str) -> str:
    """Return text for one cell of a table, or for one line: nothing in it is markup, nor a link."""
    flat = " ".join(visible(text).split())
    return _MARKUP.sub(r"\\\1", flat)
