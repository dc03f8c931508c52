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
from indexer.answer.turning_points import ADDS, REMOVES
from indexer.types import ChunkKind, Hit, Section

_VERSION: Final = r"v?(?P<version>\d+(?:\.\d+){0,3}(?:[-.]?(?:alpha|beta|a|b|rc|dev)[.-]?\d*)?)(?![\w.]*\d)"
_OF: Final = rf"(?:the )?(?:(?!version |release )(?P<of>\w+) )?(?:version |release )?{_VERSION}"
_ASKED: Final = (
    re.compile(
        r"\bwhat(?:['’]s| is| was| are| were| has| have| did)?(?: been| all)? (?:is |was |are )?"
        r"(?P<deed>new|change[sd]?|different|added|removed|dropped|fixed|broken|the changes|the news)"
        rf"(?: \w+){{0,2}}? (?:in|with|by|for|since|of) {_OF}\s*\??$",
        re.I,
    ),
    re.compile(
        rf"\bwhat (?:did|does|do) {_OF}"
        r" (?P<deed>change|bring|add|remove|drop|break|fix|contain|introduce)\s*\??$",
        re.I,
    ),
)
_ONE_KIND: Final = {
    "add": ADDS,
    "remov": REMOVES,
    "drop": REMOVES,
    "fix": re.compile(r"\bfix|\bbug", re.I),
    "br": re.compile(r"\bbreak|\bbroke|incompatib|no longer|\bremov|\bdrop", re.I),
}
"""What an entry, or the title over it, must say where one kind is asked for, by how the deed begins."""
_TITLE: Final = re.compile(rf"(?<![\w.]){_VERSION}", re.I)
_TITLES: Final = (
    "SELECT DISTINCT s.name, s.name_line, s.end_line, p.shown, b.language FROM symbol s"
    " JOIN entry e ON e.blob_id = s.blob_id JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
    " WHERE s.kind = 'heading' AND s.name LIKE ? ORDER BY length(p.shown), p.shown, s.name_line LIMIT 4000"
)
_FEW: Final = 2
"""Blanks in an entry that says anything; who released it and when has fewer."""
_TOLD: Final = 10
_LINES: Final = 120
"""Entries of a section that are quoted, and its lines that are looked at."""


def release_asked(inquiry: Inquiry, repository: str) -> Said | None:
    """Return what quotes the section of a change log for a version, where nothing but that is asked for and
    one has such a section; of what was added or removed its entries of that kind alone.

    A version of something else is told only by a title that names it: Python 3.9 is not ours. ``repository``
    is how it is called.
    """
    text = inquiry.asked.text.strip()
    asked = next((found for each in _ASKED if (found := each.search(text))), None)
    if asked is None or len(inquiry.asked.parts) > 1:
        return None
    of, kind = (asked["of"] or "").lower(), _kind(asked["deed"])
    version = _plain(asked["version"])
    for title, line, end, path, language in inquiry.reader.execute(_TITLES, (f"%{version}%",)).fetchall():
        named = _TITLE.search(title)
        if named is None or not CHANGE_LOG.search(path) or _plain(named["version"]) != version:
            continue
        if of not in ("", repository.lower()) and of not in title.lower():
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
            if kind is None or kind.search(f"{each.heading} {each.text}")
        ]
        if told:
            return partial(_say, told[:_TOLD])
    return None


def _kind(deed: str) -> re.Pattern[str] | None:
    """Return what an entry must say for a deed that is asked for, or None where any entry will do."""
    return next((each for begins, each in _ONE_KIND.items() if deed.lower().startswith(begins)), None)


def _say(told: Sequence[Found], inquiry: Inquiry) -> None:
    said = sum(inquiry.page.quote(Section.WHAT, each) for each in told)
    inquiry.page.settled[inquiry.asked.parts[0].need] = bool(said)


def _plain(version: str) -> str:
    """Return a version without the zeros that it may be written with: 5 is 5.0.0."""
    return re.sub(r"(?:\.0)+$", "", version.lower())
