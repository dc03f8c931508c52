"""Text of a repository inside our Markdown: it stays text, whatever it holds."""

from __future__ import annotations

import re

from indexer.cli.terminal import visible

_MARKUP = re.compile(
    r"[\\`*\[\]<>#|~$@]|!(?=\[)|:(?=//)|&(?=[#\w])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|(?<=www)\.|^[-+=]|^\d+(?=[.)])"
)
"""What Markdown, or what a wiki makes of it (links, mentions, formulas), takes for more than text."""


def cell(text: str) -> str:
    """Return text for one cell of a table, or for one line: nothing in it is markup, nor a link."""
    flat = " ".join(visible(text).split())
    return _MARKUP.sub(_escaped, flat)


def _escaped(found: re.Match[str]) -> str:
    # The number of a list keeps its digits: what is escaped is the dot behind them.
    return f"{found.group()}\\" if found.group()[0].isdigit() else f"\\{found.group()}"
