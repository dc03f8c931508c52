"""Gather what speaks for passages and files: words, vectors, definitions, names, history."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from indexer.answer.ranking import Evidence, Spoken
from indexer.answer.scoping import Allowed
from indexer.answer.wording import Wording
from indexer.index import candidates, lexical
from indexer.index.candidates import FileFacts, Heirs, Translations
from indexer.index.lexical import Lexicon, WordHit
from indexer.types import ChunkKind, SymbolKind

if TYPE_CHECKING:
    import numpy as np

# Passages looked at by words. Fewer code passages lose answers whose words are common (150: -.004
# NDCG@10, 100: -.02); more cost time and gain nothing.
_BY_WORDS = {ChunkKind.CODE: 300, ChunkKind.DOC: 80, ChunkKind.COMMIT: 60}

# Passages looked at by vector; with a scope, most of the nearest ones fall out of it.
_NEAREST = 100
_NEAREST_SCOPED = 1_000

# The same where translations may stand among them, which take no place.
_NEAREST_CROWDED = 300

# The first lines of a file of code say what it is for, when anything does: a program's header, a
# module's docstring.
_OPENING = 1.4

# Commits that may vote for files, and how many files a commit that says something touches at most.
_VOTERS = 50
_MOST_TOUCHED = 10

# Places looked at for a name that the question writes out.
_DEFINITIONS = 50

# A name in a question seldom means these, when a bigger thing bears it too.
_MINOR = frozenset(
    {SymbolKind.METHOD, SymbolKind.FIELD, SymbolKind.PROPERTY, SymbolKind.VARIABLE, SymbolKind.KEY}
)
_MINOR_SHARE = 0.6
_OTHER_CASE_SHARE = 0.6


class Nearest(Protocol):
    """Vectors of passages, searched by their likeness to one."""

    def search(self, kind: ChunkKind, vector: np.ndarray, k: int) -> Sequence[tuple[bytes, float]]:
        """Return (digest of the embedded text, cosine), nearest first."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered between questions on one catalog; each part renews itself."""

    lexicon: Lexicon = field(default_factory=Lexicon)
    heirs: Heirs = field(default_factory=Heirs)
    translations: Translations = field(default_factory=Translations)


@dataclass(frozen=True, slots=True)
class Nearness:
    """The question's unit vector, made while words are searched for, and where its neighbours are found."""

    vectors: Nearest
    question: Future[np.ndarray]


@dataclass(slots=True)
class Passage:
    """A passage with what speaks for it: BM25, its likeness (cosine) and how far that is above the last one
    looked at, a name.
    """

    hit: WordHit
    words: float = 0.0
    vector: float = 0.0
    named: float = 0.0
    likeness: float = 0.0

    def take(self, likeness: float, above: float) -> None:
        """Take in how like the question it is, and how far that is above the last one looked at."""
        self.likeness, self.vector = likeness, above


@dataclass(slots=True)
class Found:
    """The candidates of one kind: passages by id, and what speaks for their files by path id."""

    passages: dict[int, Passage] = field(default_factory=dict)
    evidence: dict[int, Evidence] = field(default_factory=dict)

    def passage(self, hit: WordHit) -> Passage:
        """Return the passage of a hit, new or known."""
        return self.passages.setdefault(hit.passage_id, Passage(hit))

    def file(self, path_id: int) -> Evidence:
        """Return the evidence for a file, new or known."""
        return self.evidence.setdefault(path_id, Evidence())


class Gathering:
    """One question against one state of the catalog."""

    def __init__(
        self,
        reader: sqlite3.Connection,
        memory: Memory,
        wording: Wording,
        allowed: Allowed,
        nearness: Nearness | None,
    ) -> None:
        self._reader = reader
        self._memory = memory
        self._wording = wording
        self._allowed = allowed
        self._nearness = nearness

    def spoken(self, *kinds: ChunkKind) -> Spoken:
        """Return the words of the question with their rarity among the passages of ``kinds``."""
        lexicon, reader = self._memory.lexicon, self._reader
        terms = self._wording.terms
        rows = sum(lexicon.rows(reader, kind) for kind in kinds)
        found = [lexicon.found(reader, kind, terms) for kind in kinds]
        weights = {term: lexical.rarity(sum(each[term] for each in found), rows) for term in terms}
        return Spoken(weights, self._wording.words, self._wording.compounds)

    def files(self, kind: ChunkKind) -> Found:
        """Return what speaks for files of ``kind`` (CODE or DOC), their definitions' names aside."""
        found = Found()
        for hit in self._by_words(kind):
            score = hit.score * (_OPENING if hit.start_line == 1 and kind is ChunkKind.CODE else 1.0)
            found.file(hit.path_id).words.append(score)
            found.passage(hit).words = score
        for hit, above in self._by_vector(kind):
            found.file(hit.path_id).vectors.append(above)
            found.passage(hit).take(hit.score, above)
        if kind is ChunkKind.CODE:
            self._add_definitions(found)
        self._add_votes(found)
        return found

    def commits(self) -> Found:
        """Return what speaks for commits."""
        found = Found()
        for hit in self._commits_by_words:
            found.passage(hit).words = hit.score
        for hit, above in self._by_vector(ChunkKind.COMMIT):
            found.passage(hit).take(hit.score, above)
        return found

    def look_into(self, files: Sequence[FileFacts], found: Found, spoken: Spoken) -> None:
        """Compare the names that these files define with the words of the question."""
        defined = candidates.names_defined(self._reader, [file.blob_id for file in files])
        for file in files:
            names = defined.get(file.blob_id, set())
            found.file(file.path_id).symbol = max(map(spoken.likeness, names), default=0.0)

    def _by_words(self, kind: ChunkKind) -> list[WordHit]:
        terms = self._terms(kind)
        rows = self._memory.lexicon.rows(self._reader, kind)
        chosen = lexical.telling(terms, self._memory.lexicon.found(self._reader, kind, terms), rows)
        within = self._allowed.within(kind)
        return lexical.search(self._reader, kind, chosen, _BY_WORDS[kind], within, self._put_last(kind))

    def _put_last(self, kind: ChunkKind) -> frozenset[int]:
        """Return the paths whose passages must take no place from others: translations, unasked."""
        if kind is ChunkKind.COMMIT or self._wording.asks_translations:
            return frozenset()
        return self._memory.translations.of(self._reader)

    def _terms(self, kind: ChunkKind) -> list[str]:
        """Return the words to search for: those of the question, and neighbours that are one here.

        `sign on` is searched as signon too where that is written as one plain word; where names
        are made of both (`sign_on`), both words find it already.
        """
        lexicon, reader = self._memory.lexicon, self._reader
        joined = [
            word for word, part in self._wording.joined if lexicon.stands_alone(reader, kind, word, part)
        ]
        return list(dict.fromkeys([*self._wording.terms, *joined]))

    @cached_property
    def _commits_by_words(self) -> list[WordHit]:
        return self._by_words(ChunkKind.COMMIT)

    def _by_vector(self, kind: ChunkKind) -> list[tuple[WordHit, float]]:
        """Return the nearest passages, scored by their cosine, with how far that is above the last one's."""
        if self._nearness is None:
            return []
        within = self._allowed.within(kind)
        last = self._put_last(kind) if within is None else frozenset()
        most = _NEAREST_SCOPED if within is not None else _NEAREST_CROWDED if last else _NEAREST
        nearest = self._nearness.vectors.search(kind, self._nearness.question.result(), most)
        if not nearest:
            return []
        if last:
            hits = candidates.passages_with(self._reader, kind, nearest)
            return _above_last([hit for hit in hits if hit.path_id not in last])
        floor = nearest[-1][1] if len(nearest) == most else 0.0
        hits = candidates.passages_with(self._reader, kind, [each for each in nearest if each[1] > floor])
        if within is not None:
            of_commit = kind is ChunkKind.COMMIT
            hits = [hit for hit in hits if (hit.commit_id if of_commit else hit.path_id) in within][:_NEAREST]
        return [(hit, hit.score - floor) for hit in hits]

    def _add_definitions(self, found: Found) -> None:
        within = self._allowed.paths
        for name in self._wording.names:
            for each in candidates.definitions(self._reader, name.text, _DEFINITIONS):
                if within is not None and each.path_id not in within:
                    continue
                passage = candidates.passage_at(self._reader, each.path_id, each.line)
                if passage is None:
                    continue
                value = name.weight
                value *= 1.0 if each.name == name.text else _OTHER_CASE_SHARE
                value *= _MINOR_SHARE if each.kind in _MINOR else 1.0
                kept, file = found.passage(passage), found.file(each.path_id)
                kept.named = max(kept.named, value)
                file.named = max(file.named, value)

    def _add_votes(self, found: Found) -> None:
        voters = {hit.commit_id: hit.score for hit in self._commits_by_words[:_VOTERS]}
        heirs = self._memory.heirs.of(self._reader)
        for commit, paths in candidates.touched(self._reader, voters, _MOST_TOUCHED).items():
            for path in {heirs.get(path, path) for path in paths}:
                if path in found.evidence:
                    found.evidence[path].votes += voters[commit] / len(paths) ** 0.5


def _above_last(hits: Sequence[WordHit]) -> list[tuple[WordHit, float]]:
    """Return the first ones, each with how far it is above the first one left out."""
    floor = hits[_NEAREST].score if len(hits) > _NEAREST else 0.0
    return [(hit, hit.score - floor) for hit in hits[:_NEAREST] if hit.score > floor]
