"""Order files and passages by the evidence gathered for them. Pure: no look-ups here.

Each kind of evidence is scaled to about 0..1 within one query, weighted, and summed for a file;
the sum is then lowered for a file that is seldom meant (tests, examples, generated code ...).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from indexer.index.candidates import FileFacts
from indexer.repo.translations import is_translation
from indexer.repo.words import STOP_WORDS, pieces, stem, stems
from indexer.types import FileMark, FoundBy

# Weights of the evidence for a file beside its words, which weigh 1. Chosen as round numbers in
# the middle of the flat part of each curve, over six repositories in four languages.
VECTOR_WEIGHT = 2.0
"""Twice the words': a question is turned towards its answers (``PackagedModel``). Over 82 questions in four
repositories, most in plain words, the right passage stands at .381 (mean reciprocal rank) with 1, .406 with
1.5, .415 with 2, .404 with 3; by file nothing changes (semble .940, SWE-QA-Bench .905, DeepRepoQA .980).
"""
VECTOR_WEIGHT_NAMED = 0.5
"""When the question writes names of code out: it is about those, and words find them better."""
NAMED_WEIGHT = 0.5
"""The file defines a name that the question writes out."""
STEM_WEIGHT = 1.2
"""The file's own name is in the question."""
FOLDER_WEIGHT = 0.4
SYMBOL_WEIGHT = 0.8
"""A definition's name is made of the question's words."""
VOTE_WEIGHT = 0.5
"""Commits whose message holds the question's words touched the file: people's words for it."""

RANK_WEIGHT = 0.2
"""Other files take it in: of two that say as much, the one that more depends on."""

# Several passages of a file add up, a good one more than many weak ones: between the greatest
# (infinite) and the sum (1, which favours long files).
_POOL = 2.5

# A file with such a mark is seldom what is asked for, unless the question says so.
_SELDOM = {
    FileMark.TEST: 0.3,
    FileMark.EXAMPLE: 0.3,
    FileMark.GENERATED: 0.3,
    FileMark.VENDORED: 0.3,
    FileMark.LEGACY: 0.5,
    FileMark.STUB: 0.5,
    FileMark.CONFIGURATION: 0.5,
    FileMark.DOCUMENTATION: 0.5,
}

TRANSLATED = 0.02
"""Factor for a catalogue of messages, below everything else: it repeats what the code says, in forty
languages, and shows nothing of what the code does."""

# Names shorten words: from this many letters on, and such a match is worth less than the word.
_SHORTEST = 3
SHORT_SHARE = 0.9

# Words of one root share this many letters, and differ in endings no longer than the second.
_ROOT = 5
_ENDING = 3

# What a second, third ... passage of one file is worth: several files come before several
# passages of one.
_NEXT_PASSAGE = 0.5


# What is added to a rank before it is turned over; between 2 and 20 it changes little. What is not among so
# many of the likest counts as if it stood behind them.
_RANKS = 5
_LIKEST = 60
_BEYOND = 80


@dataclass(slots=True)
class Evidence:
    """What speaks for one file, as found: scores of passages, and shares from 0 to 1."""

    words: list[float] = field(default_factory=list)
    vectors: list[float] = field(default_factory=list)
    named: float = 0.0
    symbol: float = 0.0
    votes: float = 0.0


@dataclass(frozen=True, slots=True)
class RankedFile:
    """A file with its score, and the roads that led to it as a whole: its name, and commits."""

    path_id: int
    score: float
    found_by: tuple[FoundBy, ...]


def pooled(scores: Iterable[float]) -> float:
    """Return one score for several passages (a norm between their sum and their greatest)."""
    return float(sum(score**_POOL for score in scores) ** (1 / _POOL))


class Spoken:
    """The words of a question with their rarity, compared with names as code writes them."""

    def __init__(
        self, weights: Mapping[str, float], words: Iterable[str] = (), compounds: Iterable[Sequence[str]] = ()
    ) -> None:
        self.weights = weights
        self._total = sum(weights.values())
        words = list(words)
        self._starting: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for word in words:
            self._starting[word[:_SHORTEST]].append((word, stem(word)))
        self._meant: dict[str, frozenset[str]] = dict(_initials(words, compounds))
        self._hints = frozenset((*self._starting, *self._meant))
        self._covers: dict[str, tuple[str, ...] | None] = {"": ()}
        self._alike: dict[str, float] = {}

    def likeness(self, name: str) -> float:
        """Return how much of a name the question says, and of the question the name (0 to 1)."""
        known = self._alike.get(name)
        if known is None:
            known = self._alike[name] = self._likeness(name)
        return known

    def _likeness(self, name: str) -> float:
        words, parts, hints = _words_of(name)
        if words.isdisjoint(self.weights) and hints.isdisjoint(self._hints):
            return 0.0
        said: Set[str] = words & self.weights.keys()
        if not parts or said - parts.keys():
            # The name as a whole says all of its parts.
            share, asked = float(bool(said)), self._weight(said)
        else:
            short = [
                meant
                for part, piece in parts.items()
                if part not in said and (meant := self._short_for(piece))
            ]
            share = (len(said) + SHORT_SHARE * len(short)) / len(parts)
            asked = self._weight(said) + SHORT_SHARE * self._weight(frozenset().union(*short) - said)
        return float((share * asked / self._total) ** 0.5) if self._total else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self.weights.get(word, 0.0) for word in words)

    def share(self, text: str) -> float:
        """Return how much of the question a text says, by the weight of its words (0 to 1)."""
        return self._weight(set(stems(text))) / self._total if self._total else 0.0

    def path_likeness(self, path: str) -> tuple[float, float]:
        """Return how much the file's name and its folders are what is asked for (0 to 1 each)."""
        folders, _, name = path.rpartition("/")
        stem_name, _, ending = name.partition(".")
        weight = self._weight(_words_of(folders.replace("/", " "))[0])
        return self.likeness(stem_name or ending), (weight / self._total) ** 0.5 if self._total else 0.0

    def _short_for(self, piece: str) -> frozenset[str]:
        """Return the stems of the question's words that a piece of a name is a short form of.

        `auth` is short for authentication, `urlapi` for URL and API, `dynbuf` for dynamic buffer,
        `sse` for server-sent events.
        """
        known = self._meant.get(piece)
        if known is None:
            known = self._meant[piece] = frozenset(self._cover(piece) or self._related(piece))
        return known

    def _related(self, piece: str) -> Iterator[str]:
        """Yield the stems of words that end otherwise: formatter and formatting, validator and validate.

        The stemmer keeps those apart, since in prose they are two things.
        """
        for word, stemmed in self._starting.get(piece[:_SHORTEST], ()):
            common = _common(piece, word)
            if common >= _ROOT and max(len(piece), len(word)) - common <= _ENDING:
                yield stemmed

    def _cover(self, piece: str) -> tuple[str, ...] | None:
        """Return the stems of the fewest words whose beginnings make up ``piece``, or None."""
        if piece in self._covers:
            return self._covers[piece]
        best: tuple[str, ...] | None = None
        for word, stemmed in self._starting.get(piece[:_SHORTEST], ()):
            for length in range(_common(piece, word), _SHORTEST - 1, -1):
                rest = self._cover(piece[length:])
                if rest is not None and (best is None or len(rest) + 1 < len(best)):
                    best = (stemmed, *rest)
        self._covers[piece] = best
        return best


def rank_files(
    evidence: Mapping[int, Evidence],
    facts: Mapping[int, FileFacts],
    asked: FileMark,
    spoken: Spoken,
    vector_weight: float = VECTOR_WEIGHT,
    *,
    translations: bool = False,
) -> list[RankedFile]:
    """Return the files best first.

    ``asked`` are the kinds of file that the question asks for, ``spoken`` its words; ``translations``:
    it asks for those too.
    """
    found = {path: each for path, each in evidence.items() if path in facts}
    words = _scaled({path: pooled(each.words) for path, each in found.items()})
    vectors = _scaled({path: pooled(each.vectors) for path, each in found.items()})
    votes = _scaled({path: each.votes for path, each in found.items()})
    ranked = []
    for path, each in found.items():
        stem_like, folder_like = spoken.path_likeness(facts[path].path)
        score = (
            words[path]
            + vector_weight * vectors[path]
            + NAMED_WEIGHT * each.named
            + STEM_WEIGHT * stem_like
            + FOLDER_WEIGHT * folder_like
            + SYMBOL_WEIGHT * each.symbol
            + VOTE_WEIGHT * votes[path]
            + RANK_WEIGHT * facts[path].rank
        )
        roads = ((FoundBy.PATH, stem_like > 0), (FoundBy.REFERENCE, each.votes > 0))
        score *= seldom(facts[path].marks, asked)
        score *= TRANSLATED if not translations and is_translation(facts[path].path) else 1.0
        ranked.append(RankedFile(path, score, tuple(road for road, taken in roads if taken)))
    ranked.sort(key=lambda file: (-file.score, facts[file.path_id].path))
    return ranked


@lru_cache(maxsize=4_096)
def seldom(marks: FileMark, asked: FileMark) -> float:
    """Return the factor for a file's marks; those that the question asks for cost nothing."""
    factor = 1.0
    for mark, cost in _SELDOM.items():
        if mark in marks and mark not in asked:
            factor *= cost
    return factor


def spread(passages: Sequence[tuple[int, float]], files: Mapping[int, float]) -> list[tuple[int, float]]:
    """Return (place in ``passages``, score) best first, several files before several of one.

    ``passages`` are (path id, score), best first within a file; ``files`` the score of each file.
    """
    taken: dict[int, int] = {}
    best: dict[int, float] = {}
    out: list[tuple[int, float]] = []
    for place, (path, score) in enumerate(passages):
        nth = taken.get(path, 0)
        best.setdefault(path, score)
        share = score / best[path] if best[path] > 0 else 1.0
        out.append((place, files[path] * share * _NEXT_PASSAGE**nth))
        taken[path] = nth + 1
    out.sort(key=lambda each: -each[1])
    return out


def joined(likeness: Sequence[float]) -> list[int]:
    """Return the places of a ranked list anew in order: by each one's rank and its rank by likeness together.

    ``likeness`` (0 to 1) stands in the order of the list; 0 is like nothing. Reciprocal ranks are summed
    (Cormack et al., 2009).
    """
    likest = sorted((at for at, value in enumerate(likeness) if value), key=lambda at: -likeness[at])
    near = {at: rank for rank, at in enumerate(likest[:_LIKEST], 1)}
    worth = [1 / (_RANKS + at + 1) + 1 / (_RANKS + near.get(at, _BEYOND)) for at in range(len(likeness))]
    return sorted(range(len(likeness)), key=lambda at: -worth[at])


def _scaled(scores: dict[int, float]) -> dict[int, float]:
    top = max(scores.values(), default=0.0)
    return {key: value / top if top > 0 else 0.0 for key, value in scores.items()}


def _initials(
    words: Sequence[str], compounds: Iterable[Sequence[str]]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what words may be called by their first letters, with their stems.

    Three to five words in a row, or all parts of one compound: `ws` is WebSocket.
    """
    rows = [
        words[first : first + length]
        for length in range(_SHORTEST, 6)
        for first in range(len(words) - length + 1)
    ]
    for row in [*compounds, *rows]:
        yield "".join(word[0] for word in row), frozenset(map(stem, row))


def _common(one: str, other: str) -> int:
    """Return how many letters two words share from the start."""
    most = min(len(one), len(other))
    return next((place for place in range(most) if one[place] != other[place]), most)


@lru_cache(maxsize=65_536)
def _words_of(name: str) -> tuple[frozenset[str], dict[str, str], frozenset[str]]:
    """Return the stems of a name, the whole name among them; its pieces by their stems; and what
    a short form can be told by: the pieces, and how each begins.
    """
    parts = {stem(piece): piece for piece in pieces(name) if len(piece) > 1 and piece not in STOP_WORDS}
    hints = frozenset(hint for piece in parts.values() for hint in (piece, piece[:_SHORTEST]))
    return frozenset(stems(name)), parts, hints
