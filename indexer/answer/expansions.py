"""What an abbreviation stands for: where a text writes it out beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from indexer.answer.initials import spells
from indexer.answer.inquiry import Inquiry, shown_place
from indexer.answer.needs import Need
from indexer.answer.readable import CHANGE_LOG
from indexer.types import Section

_ASKED: Final = re.compile(
    r"\bwhat\b[^?]*?[`\"“'‘]?(?P<short>[A-Za-z][A-Za-z0-9]{1,9})[`\"”'’]?(?: here)?"
    r" (?:stand|short|an? abbreviation)(?: here)? (?:for|of)\b",
    re.I,
)
_LONG: Final = r"[A-Za-z][\w'’/-]*(?: [A-Za-z][\w'’/-]*){1,7}"
_BEFORE: Final = rf"(?P<long>{_LONG})[\"”'’*_`]* \([\"“`*_]*SHORTs?[\"”`*_]*\)"
_BEHIND: Final = (
    r"\bSHORT\b[\"”`*_]*\s*"
    r"(?:\(|=|:|—|–|\s-\s|,? (?:which )?(?:stands|short|is short) for|,? (?:that is|i\.e\.),?)"
    rf"\s*(?:the )?[\"“`*_(]*(?P<long>{_LONG})"
)
_SMALL: Final = frozenset(("of", "the", "and", "for", "to", "a", "an", "in", "on", "with", "&"))
_ROWS: Final = (
    "SELECT p.shown, c.text, c.start_line FROM chunk c JOIN entry e ON e.blob_id = c.blob_id JOIN path p ON"
    " p.id = e.path_id WHERE c.text LIKE ? ESCAPE '!' ORDER BY e.marks, p.shown LIMIT ?"
)
_MOST: Final = 2_000
_ENOUGH: Final = 20
"""Passages with the abbreviation that are looked at, and places that write it out."""


def abbreviation_asked(text: str) -> str:
    """Return the abbreviation of which a question asks what it stands for, or nothing."""
    found = _ASKED.search(text)
    return found["short"] if found is not None else ""


def say_expansion(inquiry: Inquiry) -> bool:
    """Tell what an abbreviation stands for, by the text that writes both. Return whether it is asked for and
    told; where it is asked and nowhere written out, the question is settled as not answered.
    """
    short = abbreviation_asked(inquiry.asked.text)
    if not short:
        return False
    # A log of changes has it too, of what was so once.
    found = list(islice(_written_out(inquiry, short), _ENOUGH))
    for path, line, long in sorted(found, key=lambda each: CHANGE_LOG.search(each[0]) is not None):
        told = f"`{short}` stands for “{long}”, as {shown_place(path, line)} has it."
        if inquiry.page.tell(Section.WHAT, told, [inquiry.page.sources.span(path, line, line)]):
            inquiry.page.settled[Need.MEANING] = True
            return True
    inquiry.page.settled[Need.MEANING] = False
    return False


def _written_out(inquiry: Inquiry, short: str) -> Iterator[tuple[str, int, str]]:
    flags = re.I if short.islower() else 0
    patterns = [re.compile(each.replace("SHORT", re.escape(short)), flags) for each in (_BEFORE, _BEHIND)]
    for path, text, start in inquiry.reader.execute(_ROWS, (f"%{short}%", _MOST)):
        for at, line in enumerate(text.split("\n"), start):
            if short.lower() not in line.lower():
                continue
            for pattern, before in zip(patterns, (True, False), strict=True):
                for found in pattern.finditer(line):
                    if long := _fitting(short.lower(), found["long"].split(), before=before):
                        yield path, at, long


def _fitting(short: str, words: list[str], *, before: bool) -> str:
    """Return the words next to an abbreviation that it is made of the first letters of, or nothing."""
    for count in range(2, len(words) + 1):
        run = words[-count:] if before else words[:count]
        parts = [part.lower() for word in run for part in re.split(r"[-/]", word) if part]
        if parts[0] not in _SMALL and parts[-1] not in _SMALL:
            full = [part for part in parts if part not in _SMALL]
            if len(full) > 1 and (spells(short, full) or spells(short, parts)):
                return " ".join(run)
    return ""
