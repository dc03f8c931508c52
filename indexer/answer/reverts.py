"""Which commits were taken back later, and by which: what is gone must not be told as if it stood."""

from __future__ import annotations

import re
import sqlite3
from typing import Final

_REVERTS: Final = re.compile(r"\bThis reverts (?:commit|merge) ([0-9a-f]{7,64})\b", re.I)
_SUBJECT: Final = re.compile(r"^Revert \"(.+?)\"?(?: \(#\d+\))*$")
_LONGEST: Final = 60
"""Letters of a subject that tell it: a longer one is cut when it is quoted."""
_MOST: Final = 2_000
_MESSAGES: Final = (
    "SELECT c.oid, c.sequence, c.subject, k.text FROM commits c JOIN chunk k ON k.commit_id = c.id"
    " WHERE c.reachable = 1 AND (k.text LIKE '%This reverts %' OR c.subject LIKE 'Revert \"%')"
    " ORDER BY c.sequence LIMIT ?"
)


def reverting(reader: sqlite3.Connection, oid: str) -> tuple[str, ...]:
    """Return the commit of HEAD's history that took a commit back, and what took that back in turn."""
    found = _taken_back(reader, oid)
    again = _taken_back(reader, found) if found else ""
    return tuple(each for each in (found, again) if each)


def _taken_back(reader: sqlite3.Connection, oid: str) -> str:
    row = reader.execute("SELECT sequence, subject FROM commits WHERE oid = ?", (oid,)).fetchone()
    if row is None:
        return ""
    sequence, subject = row
    for other, at, said, text in reader.execute(_MESSAGES, (_MOST,)):
        if at <= sequence:
            continue
        named = _REVERTS.search(text)
        if named is not None:
            # What names the commit says it outright: of a like subject another may be meant.
            if oid.startswith(named[1].lower()):
                return str(other)
            continue
        quoted = _SUBJECT.match(said)
        if quoted is not None and subject[:_LONGEST] == quoted[1][:_LONGEST]:
            return str(other)
    return ""
