"""Lay the hits of code, documents, history and notes into one list, each with its own budget.

One pool would let Markdown and commit messages swamp code: they are written in the reader's words,
so they match better, and say less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexer.answer.wording import Wording
from indexer.types import ChunkKind, Hit

# Notes were written to be found: they stand first, but never fill the list.
_NOTES = 3

# Every so many places go to a document, or to a commit; more often when the question asks for one.
_DOC_EVERY = 5
_COMMIT_EVERY = 6
_ASKED_EVERY = 3


def merge(hits: Mapping[ChunkKind, Sequence[Hit]], wording: Wording, limit: int) -> list[Hit]:
    """Return up to ``limit`` hits of all kinds; a list that ends early leaves its places to others."""
    notes = list(hits.get(ChunkKind.NOTE, ()))
    code = list(hits.get(ChunkKind.CODE, ()))
    docs = list(hits.get(ChunkKind.DOC, ()))
    commits = list(hits.get(ChunkKind.COMMIT, ()))
    out: list[Hit] = []
    mixed = bool(code or docs or commits)
    out += notes[: min(_NOTES, limit)] if mixed else notes[:limit]
    every_doc = _ASKED_EVERY if wording.asks_docs else _DOC_EVERY
    every_commit = _ASKED_EVERY if wording.asks_history else _COMMIT_EVERY
    place = 0
    while len(out) < limit and (code or docs or commits):
        place += 1
        if commits and (place % every_commit == 0 or not (code or docs)):
            out.append(commits.pop(0))
        elif docs and (place % every_doc == 0 or not code):
            out.append(docs.pop(0))
        elif code:
            out.append(code.pop(0))
    return _falling(out)


def _falling(hits: list[Hit]) -> list[Hit]:
    """Give each hit a score that never rises along the list, so that order and scores agree.

    Scores of two kinds cannot be compared; a hit that its place put before code ranks like it.
    """
    out: list[Hit] = []
    least = 0.0
    leading = ChunkKind.CODE if any(hit.kind is ChunkKind.CODE for hit in hits) else None
    for hit in reversed(hits):
        if leading is None or hit.kind is leading:
            least = max(least, hit.score)
        out.append(replace(hit, score=least))
    return out[::-1]
