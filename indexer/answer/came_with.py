"""Which release a commit came with: by the tags whose history holds it, else by a change log's section."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.contacts import day
from indexer.answer.inquiry import Inquiry, shown_place
from indexer.answer.markup import plain
from indexer.answer.readable import CHANGE_LOG
from indexer.types import Section

_NUMBERED: Final = re.compile(r"\d")
"""A tag without a digit is a mark of somebody's own, and no release."""
_EARLY: Final = re.compile(r"(?<![a-z])(?:alpha|beta|rc|pre|preview|dev|snapshot|m|cr|a|b)[.-]?\d*$", re.I)
"""How a version before its release ends."""
_LOGS: Final = 20
_LISTED: Final = (
    "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
    " WHERE b.language IN ('markdown', 'rst', 'asciidoc', 'text') AND e.skipped = ''"
    " ORDER BY length(p.shown), p.shown"
)
_TITLE: Final = re.compile(r"^(?:#{1,4}\s+|\*+\s+)?(?:version |release )?[\[*`]*v?\d+\.\d+[^.]{0,60}$", re.I)
_REQUEST: Final = re.compile(r"\(#(\d+)\)\s*$")


def say_release_of(inquiry: Inquiry, oid: str) -> bool:
    """Tell with which release a commit came. Return whether anything tells it."""
    tags = inquiry.page.sources.tags_holding(oid)
    if tags is None:
        return False
    releases = [(name, when) for name, when in tags if _NUMBERED.search(name)]
    if releases:
        first, when = releases[0]
        told = f"The first release whose history holds {oid[:9]} is {first} ({day(when)})"
        if _EARLY.search(first):
            full = next((each for each in releases if not _EARLY.search(each[0])), None)
            told += f", and of those that are no trial {full[0]} ({day(full[1])})" if full else ""
        return inquiry.page.fact(
            Section.WHAT, f"{told}.", f"git tag --contains {oid[:9]} --sort=creatordate", [oid]
        )
    return _say_logged(inquiry, oid)


def _say_logged(inquiry: Inquiry, oid: str) -> bool:
    """Quote the line of a change log that bears the number of the request by which a commit came."""
    commit = inquiry.page.sources.commit(oid)
    number = _REQUEST.search(commit.lines[0]) if commit is not None else None
    if number is None:
        return False
    borne = re.compile(rf"(?:#|`){number[1]}\b")
    paths = [path for (path,) in inquiry.reader.execute(_LISTED) if CHANGE_LOG.search(path)]
    for path in paths[:_LOGS]:
        source = inquiry.page.sources.file(path)
        title, titled_at = "", 0
        for at, line in enumerate(source.lines if source is not None else (), 1):
            if _TITLE.match(line):
                title, titled_at = plain(line.strip("# *")), at
            elif title and borne.search(line):
                cited = [inquiry.page.sources.span(path, each, each) for each in (at, titled_at)]
                text = f"{shown_place(path, at)} tells of it under “{title}”."
                return inquiry.page.tell(Section.WHAT, text, cited)
    return False
