"""What was found for a question: hits, their sentences, and how much of the question each shares.

Sharing is weighed by rarity: a word that stands in every file says nothing about the subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Protocol

from indexer.answer import lexicon
from indexer.answer.questions import Asked, Need, Part
from indexer.answer.sentences import Role, Sentence, sentences_of
from indexer.index import lexical
from indexer.index.catalog import Catalog
from indexer.repo.words import stems
from indexer.types import ChunkKind, FileMark, Hit, Query

HITS: Final = 40
"""Passages that are read for an answer: measured, the source of an answer is among the first 40
in nine cases of ten, among the first 5 in seven."""

CONTEXT: Final = 0.5
"""What a word counts that stands not in the sentence but in its heading, symbol or path."""

NEIGHBOUR: Final = 0.35
"""The same, for the sentences before and after it."""

_KINDS: Final = (ChunkKind.CODE, ChunkKind.DOC, ChunkKind.COMMIT)

# Words that say what is asked for are no part of what it is asked about.
_ASKING: Final = {
    Need.AUTHOR: lexicon.AUTHOR | lexicon.ROLES,
    Need.CHANGE: lexicon.CHANGE,
    Need.IMPACT: lexicon.IMPACT | lexicon.CHANGE,
    Need.EXAMPLE: lexicon.EXAMPLE,
    Need.PARTS: lexicon.PARTS,
    Need.SETTING: lexicon.SETTING - {"environ"},
    Need.REASON: lexicon.REASON | lexicon.CAUSATIVES,
    Need.PERSON: lexicon.ROLES,
}
_PLACING: Final = lexicon.PLACE | frozenset(
    ("defin", "implement", "declar", "locat", "live", "found", "sit", "stand")
)


class Searcher(Protocol):
    """What finds passages."""

    def search(self, query: Query) -> tuple[list[Hit], list[str]]:
        """Return ranked hits, and notices for the reader."""


@dataclass(frozen=True, slots=True)
class Counted:
    """In how many passages a term stands, by kind; code, documents and commit messages."""

    code: int
    doc: int
    commit: int

    @property
    def total(self) -> int:
        """All passages that hold it."""
        return self.code + self.doc + self.commit


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence as evidence. ``coverage`` (0 to 1) is the share of the question's weight that
    stands in the sentence itself; ``support`` adds what stands around it, at a discount.
    """

    sentence: Sentence
    hit: Hit
    place: int
    """Of its hit among those of its kind, from 0."""
    coverage: float
    support: float
    shared: frozenset[str]


@dataclass(frozen=True)
class Evidence:
    """All that was found for one question."""

    asked: Asked
    hits: tuple[Hit, ...]
    notices: tuple[str, ...]
    counts: dict[str, Counted]
    weights: dict[str, float]
    """Of each term that is part of the subject; they add up to 1."""
    passages: dict[ChunkKind, int]
    marks: dict[str, FileMark] = field(default_factory=dict)

    def of_kind(self, *kinds: ChunkKind) -> list[Hit]:
        """Return the hits of these kinds, best first."""
        return [hit for hit in self.hits if hit.kind in kinds]

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """Every sentence that shares a word with the question, the best supported first."""
        out: list[Found] = []
        places: dict[ChunkKind, int] = {}
        for hit in self.hits:
            place = places.get(hit.kind, 0)
            places[hit.kind] = place + 1
            out += self._read(hit, place)
        out.sort(key=lambda each: (-each.support, each.place))
        return tuple(out)

    def sharing(self, text: str) -> float:
        """Return the share of the question's weight that stands in ``text``."""
        return sum(self.weights[term] for term in self.weights.keys() & set(stems(text)))

    def absent(self) -> list[str]:
        """Return the terms of the subject that stand nowhere in this repository."""
        return [term for term in self.weights if self.counts[term].total == 0]

    def _read(self, hit: Hit, place: int) -> Iterable[Found]:
        sentences = sentences_of(hit.kind, hit.language, hit.text, hit.start_line)
        shared = [self.weights.keys() & set(stems(each.text)) for each in sentences]
        around = self.weights.keys() & set(stems(f"{hit.symbol} {hit.path or ''}"))
        for at, sentence in enumerate(sentences):
            if sentence.role is Role.TITLE:
                continue
            own = shared[at]
            context = (around | self.weights.keys() & set(stems(sentence.heading))) - own
            near: set[str] = set()
            for other in sentences[max(0, at - 1) : at + 2]:
                near |= self.weights.keys() & set(stems(other.text))
            near -= own | context
            coverage = self._weigh(own)
            support = coverage + CONTEXT * self._weigh(context) + NEIGHBOUR * self._weigh(near)
            if support > 0:
                yield Found(sentence, hit, place, coverage, min(support, 1.0), frozenset(own))

    def _weigh(self, terms: Iterable[str]) -> float:
        return sum(self.weights[term] for term in terms)


def gather(asked: Asked, searcher: Searcher, catalog: Catalog, rarities: lexical.Lexicon) -> Evidence:
    """Search for a question, and weigh its words."""
    hits, notices = searcher.search(Query(asked.text, HITS))
    reader = catalog.reader()
    terms = list(dict.fromkeys(subject_terms(asked.parts) or asked.terms))
    found = {kind: rarities.found(reader, kind, terms) for kind in _KINDS}
    counts = {term: Counted(*(found[kind][term] for kind in _KINDS)) for term in terms}
    passages = {kind: rarities.rows(reader, kind) for kind in _KINDS}
    raw = {term: lexical.rarity(counts[term].total, sum(passages.values())) for term in terms}
    # A word that the repository does not have weighs as much as its rarest: the asker's own word
    # for a thing must not outweigh all that is known of it.
    known = [raw[term] for term in terms if counts[term].total]
    heaviest = max(known, default=1.0)
    weights = {term: min(raw[term], heaviest) for term in terms}
    whole = sum(weights.values()) or 1.0
    weights = {term: weight / whole for term, weight in weights.items()}
    return Evidence(asked, tuple(hits), tuple(notices), counts, weights, passages, _marks(catalog, hits))


def subject_terms(parts: Sequence[Part]) -> list[str]:
    """Return the terms of the parts without the words that only say what is asked for."""
    out: list[str] = []
    for part in parts:
        asking = _PLACING if part.need is Need.PLACE else _ASKING.get(part.need, frozenset())
        out += [term for term in part.terms if term not in asking] or part.terms
    return list(dict.fromkeys(out))


def _marks(catalog: Catalog, hits: Sequence[Hit]) -> dict[str, FileMark]:
    paths = list({hit.path for hit in hits if hit.path is not None})
    holes = ", ".join("?" * len(paths))
    rows = catalog.reader().execute(
        f"SELECT p.shown, e.marks FROM path p JOIN entry e ON e.path_id = p.id WHERE p.shown IN ({holes})",  # noqa: S608
        paths,
    )
    return {path: FileMark(marks) for path, marks in rows}
