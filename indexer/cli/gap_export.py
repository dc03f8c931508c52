"""The open questions as a Markdown page, for whoever could answer them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.cli.answers import CATEGORY_WORDS, day
from indexer.cli.terminal import visible
from indexer.types import Gap

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")


def as_markdown(gaps: Sequence[Gap]) -> str:
    """Return a page with one section a question, the most asked first."""
    lines = ["# Questions that nothing recorded answers", ""]
    if not gaps:
        lines += ["None is open.", ""]
    for gap in gaps:
        lines += [f"## {_plain(gap.question)}", ""]
        if gap.missing:
            lines += [_plain(gap.missing), ""]
        times = f"{gap.asked} time{'s' if gap.asked != 1 else ''}"
        lines.append(f"- asked {times}, from {day(gap.first_asked)} to {day(gap.last_asked)}")
        if gap.category is not None:
            lines.append(f"- about: {CATEGORY_WORDS[gap.category]}")
        if gap.askers:
            lines.append(f"- asked by: {', '.join(_plain(each.name or each.email) for each in gap.askers)}")
        if gap.contacts:
            lines.append(f"- may know: {', '.join(_plain(each.name) for each in gap.contacts)}")
        if gap.paths:
            gone = frozenset(gap.gone)
            files = [f"{_plain(path)}{' (gone)' if path in gone else ''}" for path in gap.paths]
            lines.append(f"- code: {', '.join(files)}")
        lines += [f"- answer it: `lorebase note add --gap {gap.id} TITLE`", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return text on one line, with nothing in it that Markdown, or a terminal, would obey."""
    return _MARKUP.sub(r"\\\1", " ".join(visible(text).split()))
