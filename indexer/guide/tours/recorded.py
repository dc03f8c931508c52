"""Whether anybody recorded a reason for a definition: in its comments, or where its lines were committed."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.cues import Cue, cue_of
from indexer.answer.remarks import line_remark
from indexer.answer.sentences import sentences_of
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.reasons_near import is_chore
from indexer.index.history import commit, commits_touching
from indexer.index.symbols import FoundSymbol
from indexer.types import ChunkKind

ABOVE: Final = 60
"""Lines above a definition that are looked through for the comment over it."""
TOUCHING: Final = 2_000
"""Commits of a file whose messages are looked through for the name of a definition."""
SAYS: Final = 6
"""Words of a comment that may give a reason without any word for one: *an attacker could exploit this*."""
_IN_SIGNS: Final = re.compile(r"^\s*(?:/?\*|//|#|--|@|\[|<!--|\{-|\(\*|;|%)|\*/\s*$|-->\s*$")
"""What a line of a comment, or an annotation, begins or ends with in one language or another."""
_PURPOSE: Final = re.compile(
    r"\b(?:(?:used|needed|meant|intended|useful|required|exists?) (?:to|for|by|when|in|as|because|so)"
    r"|allow(?:s|ing)|lets?|enabl(?:es?|ing)|despite|although|even (?:if|when|though)|regardless)\b",
    re.I,
)
"""What a definition is there for, and against what odds: a reason for it to be, if none for how it is."""
_REMARK: Final = re.compile(r"(?:^|\s)(?:#|//|/\*+|--|\*)\s+(\S.*)$")
"""A comment, whole or behind code, however it is written."""


def has_reason(ground: Ground, symbol: FoundSymbol) -> bool:
    """Whether a comment in or right above a definition, its docstring, or the message of a commit that wrote
    its lines or names it may give a reason.

    What might be one counts: it is said that there is none only where nothing speaks for one. The lines are
    blamed (up to a second for a file that nobody asked of before) only where the code tells nothing.
    """
    return _in_remarks(ground, symbol) or _in_messages(ground, symbol)


def _in_remarks(ground: Ground, symbol: FoundSymbol) -> bool:
    source = ground.sources.file(symbol.path)
    if source is None:
        return False
    start = _first_line(source.lines, symbol.start_line, source.language)
    lines = source.lines[start - 1 : symbol.end_line]
    said = sentences_of(ChunkKind.CODE, source.language, "\n".join(lines), start)
    docs = [each.text for each in said if each.role is Role.DOCSTRING]
    if any(cue_of(text) is Cue.STRONG or _PURPOSE.search(text) for text in docs):
        return True
    if any(each.role is Role.COMMENT and _may_tell(each.text) for each in said):
        return True
    # A comment that is no sentence (too long, with quotes in it, above its own list) is one all the same.
    return any(_may_tell(remark[1]) for line in lines if (remark := _REMARK.search(line)))


def _may_tell(comment: str) -> bool:
    """Whether a comment may give a reason: by any cue, or because it says more than a label does."""
    words = len(comment.split())
    return words >= SAYS or (words > 1 and cue_of(comment) is not Cue.NONE)


def _first_line(lines: tuple[str, ...], start: int, language: str) -> int:
    """Return the first line of the comments and annotations right above line ``start``, or that."""
    first = start
    while first > max(start - ABOVE, 1):
        line = lines[first - 2]
        if line_remark(line, language) is None and not _IN_SIGNS.search(line):
            break
        first -= 1
    return first


def _in_messages(ground: Ground, symbol: FoundSymbol) -> bool:
    wrote = {
        run.commit_id
        for run in ground.blame(symbol.path)
        if run.first_line <= symbol.end_line and run.last_line >= symbol.start_line
    }
    for oid in wrote:
        ground.control.checkpoint()
        found = commit(ground.reader, oid)
        if found is None:
            return True  # what it says is not known
        if _tells(found.message):
            return True
    named = re.compile(rf"\b{re.escape(symbol.name)}\b")
    return any(
        named.search(each.message) and not is_chore(each.subject) and _tells(each.message)
        for each in commits_touching(ground.reader, [symbol.path_id], TOUCHING)
    )


def _tells(message: str) -> bool:
    """Whether a message may give a reason: its body by any cue, its subject by a plain one or a fault."""
    for each in sentences_of(ChunkKind.COMMIT, "", message, 1):
        if each.role is Role.BODY and cue_of(each.text) is not Cue.NONE:
            return True
        plain = cue_of(each.text) is Cue.STRONG or _FAULT.search(each.text) or _PURPOSE.search(each.text)
        if each.role is Role.SUBJECT and plain:
            return True
    return False


_FAULT: Final = re.compile(
    r"\b(?:fix(?:es|ed|ing)?|bug|issue|regression|vulnerab\w*|security|CVE-\d+|for|since|to (?!v?\d))\b|#\d+",
    re.I,
)
"""What a subject names that a change was made against or for."""
