"""What a person may hand to somebody who helps: counts, findings and the log, without any place of theirs."""

from __future__ import annotations

import platform
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import qVersion

from desktop import amounts
from indexer import __version__
from indexer.pages import HealthPage
from indexer.types import Finding, IndexStatus

LEAST_NAME = 3
"""A user's name shorter than this would be cut out of ordinary words."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders that must not be told, and what stands for each of them."""

    names: tuple[tuple[str, str], ...]

    def hide(self, text: str) -> str:
        """Return ``text`` without these folders, and without the name of the user."""
        for place, stands in self.names:
            text = text.replace(place, stands)
        user = Path.home().name
        if len(user) >= LEAST_NAME:
            text = re.sub(rf"(?<![\w-]){re.escape(user)}(?![\w-])", "<user>", text)
        return text


def places_of(status: IndexStatus | None) -> Places:
    """Return the folders of this user and this repository, the longest first."""
    found = {str(Path.home()): "~", str(Path.home().resolve()): "~"}
    if status is not None:
        found[status.index_dir] = "<index>"
        found[status.repository.common_dir] = "<git>"
        if status.repository.work_tree:
            found[status.repository.work_tree] = "<repository>"
    rows = [(place, stands) for place, stands in found.items() if len(place) > 1]
    return Places(tuple(sorted(rows, key=lambda row: -len(row[0]))))


def diagnostics(status: IndexStatus | None, page: HealthPage | None, findings: Sequence[Finding]) -> str:
    """Return the text, ready for the clipboard. Paths of files and secrets are counted, not named."""
    places = places_of(status)
    lines = [
        f"lorebase {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.machine()}",
        "",
    ]
    if status is not None:
        lines += _status(status)
    if page is not None:
        lines += _page(page)
    if findings:
        lines += ["Findings:"]
        lines += [f"  {each.severity.value:8} {each.check}: {each.message}" for each in findings]
        lines += [""]
    if page is not None and page.log:
        lines += ["Log:", *(f"  {each}" for each in page.log)]
    return places.hide("\n".join(lines).rstrip() + "\n")


def _status(status: IndexStatus) -> list[str]:
    fresh, facts = status.freshness, status.repository
    at = (fresh.commit_id or "nothing")[:10]
    state = "current" if fresh.commit_id == fresh.head_id else f"{fresh.behind} behind"
    marks = (("shallow", facts.shallow), ("partial", facts.partial), ("unborn", facts.unborn))
    kinds = [word for word, true in marks if true]
    return [
        f"Index {status.index_id}: {at}, {state}, words complete: {fresh.words_complete}",
        f"Repository: {', '.join((facts.object_format, *kinds))}, {len(facts.submodules)} submodules",
        f"Files {status.files:,}, passages {fresh.passages:,}, by meaning {fresh.embedded:,}",
        f"Symbols {status.symbols:,}, commits {status.commits:,}",
        f"Skipped {status.skipped:,}, secrets hidden {status.redactions:,}",
        f"Model {status.model}, generation {status.generation or 'none'}, {amounts.size(status.disk_bytes)}",
        *(f"Notice: {each}" for each in status.notices),
        "",
    ]


def _page(page: HealthPage) -> list[str]:
    reasons = Counter(each.reason for each in page.skipped)
    told = [f"  {count:6,}  {reason}" for reason, count in reasons.most_common(20)]
    languages = [
        f"  {each.files:6,}  {each.language or 'unknown'} ({each.read_as.value}), {each.lines:,} lines"
        for each in page.languages[:20]
    ]
    return [
        f"Left out or read in a lesser way: {page.skipped_total:,}; reasons of {len(page.skipped):,}:",
        *told,
        "Files by language:",
        *languages,
        "",
    ]
