"""What a version brought: the section of a change log whose title is that version."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry
from indexer.answer.mentor_facts import Said
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import sentences_of
from indexer.types import ChunkKind, Hit, Section

_VERSION: Final = r"v?(\d+(?:\.\d+){0,3}(?:[-.]?(?:alpha|beta|a|b|rc|dev)[.-]?\d*)?)(?![\w.]*\d)"
_ASKED: Final = re.compile(
    r"\bwhat(?:['’]s| is| was| are| were| has| have| did)?(?: been| all)? (?:is |was |are )?"
    r"(?:new|change[sd]?|different|added|removed|fixed|broken|the changes|the news)(?: \w+){0,2}?"
    rf" (?:in|with|by|for|since|of) (?:the )?(?:\w+ )?(?:version |release )?{_VERSION}\s*\??$"
    rf"|\bwhat (?:did|does|do) (?:the )?(?:\w+ )?(?:version |release )?{_VERSION}"
    r" (?:change|bring|add|remove|break|fix|contain|introduce)\s*\??$",
    re.I,
)
_TITLE: Final = re.compile(rf"(?<![\w.]){_VERSION}", re.I)
_TITLES: Final = (
    "SELECT DISTINCT s.name, s.name_line, s.end_line, p.shown, b.language FROM symbol s"
    " JOIN entry e ON e.blob_id = s.blob_id JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
    " WHERE s.kind = 'heading' AND s.name LIKE ? ORDER BY length(p.shown), p.shown, s.name_line LIMIT 400"
)
_FEW: Final = 2
"""Blanks in an entry that says anything; who released it and when has fewer."""
_TOLD: Final = 10
_LINES: Final = 120
"""Entries of a section that are quoted, and its lines that are looked at."""


def release_asked(inquiry: Inquiry) -> Said | None:
    """Return what quotes the section of a change log for a version, where nothing but that is asked for and
    one has such a section.
    """
    asked = _ASKED.search(inquiry.asked.text.strip())
    version = next((each for each in asked.groups() if each), "") if asked is not None else ""
    if not version or len(inquiry.asked.parts) > 1:
        return None
    rows = inquiry.reader.execute(_TITLES, (f"%{version}%",)).fetchall()
    for title, line, end, path, language in rows:
        named = _TITLE.search(title)
        if named is None or not CHANGE_LOG.search(path) or _plain(named[1]) != _plain(version):
            continue
        source = inquiry.page.sources.file(path)
        if source is None:
            continue
        last = min(end, line + _LINES)
        text = "\n".join(source.lines[line - 1 : last])
        hit = Hit(path, line, last, ChunkKind.DOC, title, None, 0.0, (), text, source.oid)
        told = [
            Found.of(each, hit)
            for each in sentences_of(ChunkKind.DOC, language, text, line)
            if each.role is not Role.TITLE and is_readable(each.text) and each.text.count(" ") >= _FEW
        ]
        if told:
            return partial(_say, told[:_TOLD])
    return None


def _say(told: Sequence[Found], inquiry: Inquiry) -> None:
    for each in told:
        inquiry.page.quote(Section.WHAT, each)
    for part in inquiry.asked.parts:
        inquiry.page.settled[part.need] = True


def _plain(version: str) -> str:
    """Return a version without the zeros that it may be written with: 5 is 5.0.0."""
    return re.sub(r"(?:\.0)+$", "", version.lower())
