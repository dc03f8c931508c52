"""Lay the hits of code, documents, history and notes into one list, each with its own budget.

One pool would let Markdown and commit messages swamp code: they are written in the reader's words,
so they match better, and say less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.answer.ranking import Spoken
from indexer.answer.wording import Wording
from indexer.types import ChunkKind, Hit

# Notes were written to be found: they stand first, but never fill the list.
_NOTES = 3


@dataclass(frozen=True, slots=True)
class Places:
    """Which places go to a kind of hit: the first one (1 is the top), then every so many."""

    first: int
    every: int

    def take(self, place: int) -> bool:
        """Return whether ``place`` is one of them."""
        return place >= self.first and (place - self.first) % self.every == 0


# A question on code gets a document and a commit further down, since either may hold the reason.
_SELDOM_DOC = Places(7, 7)
_SELDOM_COMMIT = Places(6, 6)
# A document is let in early when the question asks for one, or when it holds words that the code
# lacks, and first when both or much of it; between .3 and .5 the choice of shares changes little.
_EARLY_DOC = Places(2, 3)
_LEADING_DOC = Places(1, 2)
_EARLY_COMMIT = Places(3, 3)
_EARLY_SHARE = 0.4
_LEADING_SHARE = 0.6

# Hits whose words tell whether a kind can answer at all.
_PROBED = 3


def room(kind: ChunkKind, hits: Mapping[ChunkKind, Sequence[Hit]], limit: int) -> int:
    """Return how many hits of ``kind`` a list can take, given those of the kinds before it.

    Beside a list of code that is full, a document has every second place at most.
    """
    full = len(hits.get(ChunkKind.CODE, ())) >= limit
    return limit if kind is ChunkKind.CODE or not full else limit // _LEADING_DOC.every + 1


def merge(hits: Mapping[ChunkKind, Sequence[Hit]], wording: Wording, spoken: Spoken, limit: int) -> list[Hit]:
    """Return up to ``limit`` hits of all kinds; a list that ends early leaves its places to others."""
    notes, code, docs, commits = (
        list(hits.get(kind, ())) for kind in (ChunkKind.NOTE, ChunkKind.CODE, ChunkKind.DOC, ChunkKind.COMMIT)
    )
    doc_places = _places_of_docs(code, docs, wording, spoken)
    commit_places = _EARLY_COMMIT if wording.asks_history else _SELDOM_COMMIT
    out = notes[:_NOTES] if code or docs or commits else notes
    place = 0
    while len(out) < limit and (code or docs or commits):
        place += 1
        if docs and (doc_places.take(place) or not (code or commits)):
            out.append(docs.pop(0))
        elif commits and (commit_places.take(place) or not (code or docs)):
            out.append(commits.pop(0))
        elif code or docs:
            out.append(code.pop(0) if code else docs.pop(0))
    return _falling(out[:limit])


def _places_of_docs(code: Sequence[Hit], docs: Sequence[Hit], wording: Wording, spoken: Spoken) -> Places:
    ahead = _share(docs, spoken) - _share(code, spoken)
    if ahead >= _LEADING_SHARE or (wording.asks_docs and ahead >= _EARLY_SHARE):
        return _LEADING_DOC
    return _EARLY_DOC if wording.asks_docs or ahead >= _EARLY_SHARE else _SELDOM_DOC


def _share(hits: Sequence[Hit], spoken: Spoken) -> float:
    """Return how much of the question the best of the first hits says, by the weight of words."""
    return max(
        (spoken.share(f"{hit.path or ''} {hit.symbol} {hit.text}") for hit in hits[:_PROBED]), default=0.0
    )


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
