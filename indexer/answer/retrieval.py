"""Search: a query becomes ranked hits, by words, vectors, symbols, paths and history together."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from indexer.answer.aside import aside
from indexer.answer.gathering import Found, Gathering, Memory, Nearest, Nearness, Passage
from indexer.answer.merging import merge, room
from indexer.answer.ranking import (
    NAMED_WEIGHT,
    SYMBOL_WEIGHT,
    VECTOR_WEIGHT,
    VECTOR_WEIGHT_NAMED,
    RankedFile,
    Spoken,
    joined,
    rank_files,
    spread,
)
from indexer.answer.scopes import Scopes, parse
from indexer.answer.scoping import Allowed, allowed, browse
from indexer.answer.wording import Wording, read
from indexer.index import candidates, passages
from indexer.index.catalog import Catalog
from indexer.types import ChunkKind, FileMark, FoundBy, Hit, Query, shown_path

if TYPE_CHECKING:
    import numpy as np

WORDS_ONLY = "Searched by words only: no vectors yet, or no model."
NO_WORDS = "The query holds no word that could be searched for."

_EVEN_ORDER = (ChunkKind.NOTE, ChunkKind.CODE, ChunkKind.DOC, ChunkKind.COMMIT)
_READ_KINDS = 3
"""Kinds that share the places of an even list; notes are few, and come on top."""

# Files whose definitions are compared with the question's words; 60 gave the same order everywhere.
_LOOKED_INTO = 30


class QueryEmbedder(Protocol):
    """What turns a question into a unit vector."""

    def embed_query(self, text: str) -> np.ndarray:
        """Return the vector of ``text``."""


class Retriever:
    """Searches one catalog. Without vectors or an embedder it works by words, and says so."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: Nearest | None = None,
        embedder: QueryEmbedder | None = None,
        notes_search: Callable[[str, int], list[Hit]] | None = None,
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        self._notes_search = notes_search
        self._memory = Memory()

    def search(self, query: Query) -> tuple[list[Hit], list[str]]:
        """Return up to ``query.limit`` hits, best first, and notices for the reader."""
        scopes, notices = parse(query.text)
        kinds = _kinds(query, scopes)
        wording = read(scopes.text)
        found: dict[ChunkKind, list[Hit]] = {}
        nearness = self._nearness(scopes.text) if wording.terms else None
        with self._catalog.snapshot() as reader:
            scope = allowed(reader, scopes)
            gathering = Gathering(reader, self._memory, wording, scope, nearness)
            search = _Search(reader, wording, scope, gathering, evenly=query.even)
            spoken = gathering.spoken(ChunkKind.CODE, ChunkKind.DOC)
            for kind in kinds:
                if kind is ChunkKind.NOTE:
                    continue
                if wording.terms:
                    most = -(-query.limit // _READ_KINDS) if query.even else room(kind, found, query.limit)
                    found[kind] = search.hits(kind, most)
                elif scopes.narrow or scopes.kinds:
                    found[kind] = search.browsed(kind, query.limit)
        if ChunkKind.NOTE in kinds and self._notes_search is not None and scopes.text and not scopes.narrow:
            found[ChunkKind.NOTE] = self._notes_search(scopes.text, query.limit)
        if wording.terms and not self._has_vectors(nearness, found):
            notices.append(WORDS_ONLY)
        if not wording.terms and not (scopes.narrow or scopes.kinds):
            notices.append(NO_WORDS)
        if query.even:
            return [hit for kind in _EVEN_ORDER for hit in found.get(kind, ())], notices
        return merge(found, wording, spoken, query.limit), notices

    def _nearness(self, text: str) -> Nearness | None:
        if self._vectors is None or self._embedder is None:
            return None
        return Nearness(self._vectors, aside(partial(self._embedder.embed_query, text), "embed question"))

    @staticmethod
    def _has_vectors(nearness: Nearness | None, found: Mapping[ChunkKind, Sequence[Hit]]) -> bool:
        """Return whether vectors took part; an index whose embedding has not begun has none."""
        if nearness is None:
            return False
        hits = [hit for each in found.values() for hit in each if hit.kind is not ChunkKind.NOTE]
        return not hits or any(FoundBy.VECTOR in hit.found_by for hit in hits)


class _Search:
    """One question, its scope, and what was gathered for it, made into hits."""

    def __init__(
        self,
        reader: sqlite3.Connection,
        wording: Wording,
        scope: Allowed,
        gathering: Gathering,
        *,
        evenly: bool,
    ) -> None:
        self._reader = reader
        self._wording = wording
        self._scope = scope
        self._gathering = gathering
        self._evenly = evenly

    def hits(self, kind: ChunkKind, limit: int) -> list[Hit]:
        """Return hits of one kind, best first."""
        return self._commits(limit) if kind is ChunkKind.COMMIT else self._files(kind, limit)

    def browsed(self, kind: ChunkKind, limit: int) -> list[Hit]:
        """Return what is in scope when no word was asked for."""
        listed = browse(self._reader, kind, self._scope, limit)
        road = (FoundBy.SYMBOL,) if self._scope.spans is not None else (FoundBy.PATH,)
        return self._shown([(Passage(hit), 1.0, road) for hit in listed])

    def _files(self, kind: ChunkKind, limit: int) -> list[Hit]:
        spoken = self._gathering.spoken(kind)
        found = self._gathering.files(kind)
        facts = candidates.files(self._reader, list(found.evidence))
        asked = self._wording.asks_for
        if kind is ChunkKind.DOC:
            # Among documents, being one is nothing that speaks against a file.
            asked |= FileMark.DOCUMENTATION
        weight = VECTOR_WEIGHT_NAMED if self._wording.names_code else VECTOR_WEIGHT
        translations = self._wording.asks_translations or self._scope.within(kind) is not None
        ranked = rank_files(found.evidence, facts, asked, spoken, weight, translations=translations)
        if kind is ChunkKind.CODE:
            best = [facts[file.path_id] for file in ranked[:_LOOKED_INTO]]
            self._gathering.look_into(best, found, spoken)
            ranked = rank_files(found.evidence, facts, asked, spoken, weight, translations=translations)
        return self._passages_of(ranked, found, spoken, limit)

    def _passages_of(
        self, ranked: Sequence[RankedFile], found: Found, spoken: Spoken, limit: int
    ) -> list[Hit]:
        files = {file.path_id: file for file in ranked}
        values = _values(found, spoken)
        ordered = sorted(
            (
                passage
                for passage in found.passages.values()
                if passage.hit.path_id in files and self._scope.holds(passage.hit)
            ),
            key=lambda each: (-values[each.hit.passage_id], each.hit.passage_id),
        )
        scores = {path: file.score for path, file in files.items()}
        places = spread([(each.hit.path_id, values[each.hit.passage_id]) for each in ordered], scores)
        ranked_passages = [(ordered[place], score) for place, score in places]
        return self._shown(
            [
                (each, score, (*_roads(each), *files[each.hit.path_id].found_by))
                for each, score in self._by_meaning_too(ranked_passages)[:limit]
            ]
        )

    def _by_meaning_too(self, ranked: list[tuple[Passage, float]]) -> list[tuple[Passage, float]]:
        """Return ranked passages, each place among them taken together with its place by meaning alone.

        What is asked in plain words shares none with the file that answers, which all else speaks for then.
        Who writes out a name of code means that; and a person, who looks at files, wants the right one first
        (NDCG@10 by file .940 without, .912 with it).
        """
        if self._wording.names_code or not self._evenly:
            return ranked
        return [ranked[at] for at in joined([each.likeness for each, _ in ranked])]

    def _commits(self, limit: int) -> list[Hit]:
        found = self._gathering.commits()
        values = _values(found, None)
        # Of two messages that say as much, the newer one is nearer to what the code does now.
        ordered = sorted(
            found.passages.values(), key=lambda each: (-values[each.hit.passage_id], -each.hit.commit_id)
        )
        ranked = self._by_meaning_too([(each, values[each.hit.passage_id]) for each in ordered])
        return self._shown([(each, value, _roads(each)) for each, value in ranked[:limit]])

    def _shown(self, chosen: Sequence[tuple[Passage, float, tuple[FoundBy, ...]]]) -> list[Hit]:
        known = passages.passages(self._reader, [each.hit.passage_id for each, _, _ in chosen])
        hits = []
        for each, score, roads in chosen:
            passage = known[each.hit.passage_id]
            of_commit = passage.kind is ChunkKind.COMMIT
            hits.append(
                Hit(
                    path=None if passage.path is None else shown_path(passage.path),
                    start_line=passage.start_line,
                    end_line=passage.end_line,
                    kind=passage.kind,
                    symbol=passage.symbol,
                    commit_id=passage.oid if of_commit else None,
                    score=round(score, 4),
                    found_by=roads,
                    text=passage.text,
                    blob_id=None if of_commit else passage.oid,
                    language=passage.language,
                    passage_id=passage.id,
                    likeness=round(each.likeness, 4),
                )
            )
        return hits


def _values(found: Found, spoken: Spoken | None) -> dict[int, float]:
    """Return what each passage is worth beside the others of its kind."""
    every = found.passages.values()
    words = max((each.words for each in every), default=0.0) or 1.0
    vectors = max((each.vector for each in every), default=0.0) or 1.0
    return {
        each.hit.passage_id: each.words / words
        + VECTOR_WEIGHT * each.vector / vectors
        + NAMED_WEIGHT * each.named
        + SYMBOL_WEIGHT * (spoken.likeness(each.hit.symbol.rpartition(".")[2]) if spoken else 0.0)
        for each in every
    }


def _roads(passage: Passage) -> tuple[FoundBy, ...]:
    roads = (
        (FoundBy.SYMBOL, passage.named),
        (FoundBy.WORDS, passage.words),
        (FoundBy.VECTOR, passage.vector),
    )
    return tuple(road for road, value in roads if value > 0)


def _kinds(query: Query, scopes: Scopes) -> tuple[ChunkKind, ...]:
    wanted = query.kinds or tuple(ChunkKind)
    return tuple(kind for kind in wanted if not scopes.kinds or kind in scopes.kinds)
