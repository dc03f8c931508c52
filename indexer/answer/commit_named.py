"""Questions that name a commit by its id: what it says, what it touched, who made it, and why as far as it
tells.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Final

from indexer.answer.came_with import say_release_of
from indexer.answer.commit_reasons import body_of, say_why_of
from indexer.answer.inquiry import Inquiry, listed_first
from indexer.answer.mentor_facts import Said
from indexer.answer.needs import Need
from indexer.answer.questions import Part
from indexer.answer.turning_points import tell_commit
from indexer.types import Section

MOST: Final = 3
"""Commits of one question that are told of."""
_ID: Final = re.compile(
    r"(?:\b(?P<word>commit|revision|changeset|sha|hash)s? )?\b(?P<id>[0-9a-f]{7,64})\b", re.I
)
_SENTENCES: Final = 3
_NAMED: Final = 4
"""Files of a sort that are named."""
_TOLD: Final = frozenset(
    (Need.MEANING, Need.MECHANISM, Need.CHANGE, Need.PARTS, Need.IMPACT, Need.PLACE, Need.AUTHOR)
)
"""What the commit itself tells: what it is, what it changed and where, when, and by whom."""
_DOES: Final = {"A": "adds", "D": "takes out", "M": "changes", "T": "changes"}


def commits_named(reader: sqlite3.Connection, text: str) -> tuple[str, ...]:
    """Return the ids of the commits that a text names by all of their id or its beginning, each once.

    A word of the letters a to f is none, nor a number that nothing calls a commit.
    """
    found: dict[str, None] = {}
    for match in _ID.finditer(text):
        short = match["id"].lower()
        sure = match["word"] or (re.search(r"\d", short) and re.search(r"[a-f]", short))
        rows = reader.execute(
            "SELECT oid FROM commits WHERE oid >= ? AND oid < ? LIMIT 2", (short, f"{short}g")
        ).fetchall()
        if sure and len(rows) == 1:
            found[rows[0][0]] = None
    return tuple(found)[:MOST]


def unknown_commits(reader: sqlite3.Connection, text: str) -> list[str]:
    """Return the ids that a text calls commits, and that none here has, or several begin with."""
    called = [match for match in _ID.finditer(text) if match["word"]]
    return [match["id"] for match in called if not commits_named(reader, match[0])]


def without_ids(text: str, commits: Sequence[str]) -> str:
    """Return a text without the ids of commits: no passage holds them, and they tell nothing of a subject."""

    def bare(match: re.Match[str]) -> str:
        named = any(each.startswith(match["id"].lower()) for each in commits)
        return "that commit" if named else match[0]

    return _ID.sub(bare, text)


def say_commits(inquiry: Inquiry) -> None:
    """Lead with the commits that the question names."""
    for oid in inquiry.commits:
        citation = inquiry.page.sources.message(oid, 1, 1)
        if citation is not None:
            tell_commit(inquiry, citation)
            inquiry.page.people = True


def commit_asked(inquiry: Inquiry, part: Part) -> Said | None:
    """Return what tells a part of a question that names a commit, where that can."""
    if not inquiry.commits:
        return None
    if part.need is Need.REASON:
        return _say_reason
    return (lambda under_way: _say_all(under_way, part.need)) if part.need in _TOLD else None


# ------------------------------------------------------------------------------------ private


def _say_all(inquiry: Inquiry, need: Need) -> None:
    for oid in inquiry.commits:
        for each in body_of(inquiry, oid)[:_SENTENCES]:
            inquiry.page.quote(Section.WHAT, each)
        _say_touched(inquiry, oid)
        say_release_of(inquiry, oid)
    inquiry.page.settled[need] = True


def _say_touched(inquiry: Inquiry, oid: str) -> None:
    """Tell which files it added, took out and changed."""
    rows = inquiry.reader.execute(
        "SELECT x.status, p.shown FROM commits c JOIN change x ON x.commit_id = c.id JOIN path p ON p.id ="
        " x.path_id WHERE c.oid = ? ORDER BY p.shown",
        (oid,),
    ).fetchall()
    by_verb: dict[str, list[str]] = {}
    for status, path in rows:
        by_verb.setdefault(_DOES.get(status, "changes"), []).append(path)
    told = [
        f"{verb} {listed_first(by_verb[verb], _NAMED, len(by_verb[verb]))}"
        for verb in dict.fromkeys(_DOES.values())
        if verb in by_verb
    ]
    if told:
        joined = told[0] if len(told) == 1 else f"{', '.join(told[:-1])}, and {told[-1]}"
        files = f"{len(rows)} file{'' if len(rows) == 1 else 's'}"
        inquiry.page.fact(
            Section.WHAT,
            f"{oid[:9]} touches {files}: it {joined}.",
            f"git show --name-status {oid[:9]}",
            [oid],
        )


def _say_reason(inquiry: Inquiry) -> None:
    inquiry.page.settled[Need.REASON] = False
    for oid in inquiry.commits:
        say_why_of(inquiry, oid)
