"""Why a commit was made: by its own message, and by the line of a change log that bears its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.cues import Cue, cue_of
from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry
from indexer.answer.needs import Need
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import sentences_of
from indexer.types import ChunkKind, Hit, Section

SENTENCES: Final = 2
"""Of a message, those that give a reason before others."""
_LOGS: Final = 20
"""Change logs that are looked through, the shallowest first."""
_AROUND: Final = 6
"""Lines before one that bears a number in which its entry may begin."""
_SAYS_MUCH: Final = 5
"""Blanks in a sentence that may say why without any word for it; "Update changelog" does not."""
_MENDS: Final = re.compile(
    r"\b(?:fix(?:es|ed)?|prevent\w*|avoid\w*|because|deprecat\w*|vulnerab\w*|leak\w*|broke\w*)\b", re.I
)
_NUMBER: Final = re.compile(r"#(\d{2,})\b")
_WRITTEN: Final = (
    "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
    " WHERE b.language IN ('markdown', 'rst', 'asciidoc', 'text') AND e.skipped = ''"
    " ORDER BY length(p.shown), p.shown"
)


def body_of(inquiry: Inquiry, oid: str) -> list[Found]:
    """Return the sentences below the subject of a commit's message that can be quoted, if it is known."""
    commit = inquiry.page.sources.commit(oid)
    if commit is None:
        return []
    text = "\n".join(commit.lines)
    hit = Hit(None, 1, len(commit.lines), ChunkKind.COMMIT, commit.lines[0], oid, 0.0, (), text)
    return [
        Found.of(each, hit)
        for each in sentences_of(ChunkKind.COMMIT, "", text, 1)
        if each.role not in (Role.SUBJECT, Role.TITLE) and is_readable(each.text)
    ]


def say_why_of(inquiry: Inquiry, oid: str) -> None:
    """Quote what a commit says of its reason, where that is asked; what gives one plainly settles it."""
    if not any(part.need is Need.REASON for part in inquiry.asked.parts):
        return
    commit = inquiry.page.sources.commit(oid)
    if commit is None:
        return
    body = [
        each
        for each in body_of(inquiry, oid)
        if cue_of(each.sentence.text) is not Cue.NONE or each.sentence.text.count(" ") >= _SAYS_MUCH
    ]
    body.sort(key=lambda each: -cue_of(each.sentence.text))
    for each in body[:SENTENCES]:
        if inquiry.page.quote(Section.WHY, each) and cue_of(each.sentence.text) is Cue.STRONG:
            inquiry.page.settled[Need.REASON] = True
    for number in _NUMBER.findall(commit.lines[0]):
        for found in _logged(inquiry, number):
            if inquiry.page.quote(Section.WHY, found) and _MENDS.search(found.sentence.text):
                inquiry.page.settled[Need.REASON] = True
            return


def _logged(inquiry: Inquiry, number: str) -> Iterator[Found]:
    """Yield the entries of change logs that bear the number of a request or an issue."""
    borne = re.compile(rf"#{number}\b|:(?:issue|pr|pull|gh|ghissue)[^`]{{0,8}}:`#?{number}`")
    paths = [path for (path,) in inquiry.reader.execute(_WRITTEN) if CHANGE_LOG.search(path)]
    for path in paths[:_LOGS]:
        source = inquiry.page.sources.file(path)
        at = None if source is None else next(
            (at for at, line in enumerate(source.lines, 1) if borne.search(line)), None
        )  # fmt: skip
        if source is None or at is None:
            continue
        first = max(at - _AROUND, 1)
        text = "\n".join(source.lines[first - 1 : at])
        hit = Hit(path, first, at, ChunkKind.DOC, "", None, 0.0, (), text, source.oid)
        for each in reversed(sentences_of(ChunkKind.DOC, source.language, text, first)):
            # The number itself may be cut off as a reference: its entry is the last that was begun.
            if each.role is not Role.TITLE and is_readable(each.text) and each.text.count(" ") > 1:
                yield Found.of(each, hit)
                break
