"""What a question is about: the definitions and files that its words name or come closest to."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.answering import GIVES
from indexer.answer.evidence import Evidence
from indexer.answer.lexicon import AUXILIARIES, FUNCTION_WORDS
from indexer.answer.naming import LESSER, MEMBERS, MINOR, RUNS, namings
from indexer.answer.needs import Need
from indexer.answer.questions import content_terms
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols, symbol_at
from indexer.repo.words import stem, stems, tokens
from indexer.types import ChunkKind, FileMark, Hit, SymbolKind

MOST: Final = 6
SAID: Final = 0.6
"""What it is worth that a definition says the whole question of itself; from half of it on it counts."""

_HALF: Final = 0.5

_LOOKED_AT: Final = 15
"""Passages of code whose definitions are looked at."""

_WALKED: Final = 30
"""The same for a walk, which seldom begins in what holds most of the words."""

ASIDE: Final = 0.4
"""What it costs that a definition is for what goes wrong, or undoes it, when nobody asked for that."""

_SIDEWAYS: Final = frozenset(
    map(
        stem,
        (
            "undo",
            "restore",
            "revert",
            "rollback",
            "error",
            "fail",
            "failure",
            "cancel",
            "abort",
            "deprecated",
        ),
    )
)

TELLS: Final = 0.3
"""What it is worth that the passage of a definition was read and found to tell how."""

FOUND_FIRST: Final = 0.7
"""What it is worth that a definition stands in the file of code that the search puts first, half of it in the
second: it weighs far more than names do."""

ABOUT: Final = 0.45
"""Likeliness from which a definition that the question does not name is taken for its subject."""

_OF_VALUE: Final = 0.5
_VALUES: Final = frozenset((SymbolKind.CONSTANT, SymbolKind.VARIABLE, SymbolKind.FIELD))

_CODEWORD: Final = 4
_FEW_PASSAGES: Final = 10
"""Letters of a lower-case word, and passages of code, that make it a name of the code."""

_COMMON: Final = 0.08
"""Share of the question in a plain word below which it names no definition."""

_TELLING: Final = 0.25
"""Share of the question that the words of a name must be, for it to count in full that it has no others."""

_SHORT: Final = 2
"""Letters up to which a word that is a name here can be nothing else: ``g``, ``db``."""

_NO_WORDS: Final = re.compile(r"['’][a-z]+\b|\b[a-z](?:\.[a-z])+\b\.?", re.I)
"""What is no word that could be a name: the end of "it's", "e.g."."""
_KIND_WORDS: Final = {
    "job": (SymbolKind.JOB,),
    "step": (SymbolKind.STEP,),
    "program": (SymbolKind.PROGRAM,),
    "paragraph": (SymbolKind.PARAGRAPH,),
    "copybook": (SymbolKind.COPYBOOK, SymbolKind.STRUCT),
    "map": (SymbolKind.MAP,),
    "screen": (SymbolKind.MAP,),
    "table": (SymbolKind.TABLE,),
    "dataset": (SymbolKind.DATASET,),
    "class": (SymbolKind.CLASS,),
    "interface": (SymbolKind.INTERFACE,),
    "function": (SymbolKind.FUNCTION, SymbolKind.METHOD),
    "method": (SymbolKind.METHOD, SymbolKind.FUNCTION),
}
"""What sort of definition a question says that it looks for, in the words of types.SymbolKind."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A definition that the question is about. ``named``: the question writes its name.

    ``score`` is how much of the question its own words carry; ``place`` what the search adds, which knows
    where to look and not whether it is there: what is shown goes by both, what is believed by the first.
    """

    symbol: FoundSymbol
    score: float
    named: bool
    place: float = 0.0

    @property
    def likely(self) -> float:
        """Return both together."""
        return self.score + self.place


def is_about(subject: Subject | None) -> bool:
    """Return whether a definition is likely enough what the question is about."""
    return subject is not None and (subject.named or subject.likely >= ABOUT)


def kinds_asked(evidence: Evidence) -> tuple[SymbolKind, ...]:
    """Return the sorts of definition that the question asks for by their noun."""
    for token in tokens(evidence.asked.text.lower())[:12]:
        for form in (token, token.removesuffix("s"), token.removesuffix("es")):
            if form in _KIND_WORDS:
                return _KIND_WORDS[form]
    return ()


def subjects(evidence: Evidence, reader: sqlite3.Connection) -> list[Subject]:
    """Return the definitions that the question is about, the likeliest first."""
    found: dict[tuple[int, int, str], Subject] = {}
    wanted = kinds_asked(evidence)
    settings = any(part.need in (Need.SETTING, Need.FIGURE) for part in evidence.asked.parts)
    paths = dict.fromkeys(hit.path for hit in evidence.of_kind(ChunkKind.CODE))
    places = {path: place for place, path in enumerate(paths)}
    for symbol, named in _candidates(evidence, reader):
        key = (symbol.path_id, symbol.start_line, symbol.name)
        score = _score(evidence, symbol, named, wanted)
        place = places.get(symbol.path)
        found_at = 0.0 if place is None else FOUND_FIRST / (1 + place)
        # A value at the head of the file that was found first says less of it than what runs there.
        found_at *= _OF_VALUE if symbol.kind in _VALUES and not settings else 1.0
        known = found.get(key)
        if known is None or known.score < score:
            found[key] = Subject(symbol, score, named or (known is not None and known.named), found_at)
    runs = any(part.need is Need.MECHANISM for part in evidence.asked.parts)
    ordered = sorted(
        found.values(),
        key=lambda each: (
            -each.likely - (_told(evidence, each.symbol) if runs else 0.0),
            each.symbol.path,
            each.symbol.start_line,
        ),
    )
    return ordered[:MOST]


def _told(evidence: Evidence, symbol: FoundSymbol) -> float:
    """Return what speaks for a walk to begin at a definition: its own name and first words hold most of
    the question, not only one word of it; and what was read of it tells how.
    """
    said = evidence.sharing(f"{symbol.name} {symbol.doc[:300]}")
    odds = read_of(evidence, symbol)
    aside = _SIDEWAYS & set(stems(symbol.name)) - evidence.weights.keys()
    whole = -ASIDE * bool(aside) + SAID * max(said - _HALF, 0.0) / (1 - _HALF)
    return whole + TELLS * min(max(odds, 0.0), GIVES) / GIVES


def read_of(evidence: Evidence, symbol: FoundSymbol) -> float:
    """Return the log-odds that the passage of a definition tells how; 0 where none of it was read."""
    return max(
        (
            read.odds
            for read in evidence.glanced
            if read.window.hit.path == symbol.path
            and read.window.start_line <= symbol.end_line
            and read.window.end_line >= symbol.start_line
        ),
        default=0.0,
    )


def _candidates(evidence: Evidence, reader: sqlite3.Connection) -> Iterator[tuple[FoundSymbol, bool]]:
    for naming in namings(evidence, reader):
        # A plain word in quotes is not meant for a field that some class calls so, nor any for a heading.
        plain = naming.name.isalpha() and naming.name.islower()
        for symbol in naming.symbols[:4]:
            # RabbitMQ is not what some pipeline calls a step of its own, `rabbitmq`.
            aside = symbol.marks & FileMark.CONFIGURATION and symbol.name != naming.name
            lesser = symbol.kind in LESSER and (
                plain or bool(aside) or bool(symbol.marks & FileMark.DOCUMENTATION)
            )
            yield symbol, not lesser
    # A word of the question may be a name though it is written like any other word.
    within = {token for name in evidence.asked.names for token in tokens(name)}
    for token in dict.fromkeys(tokens(_NO_WORDS.sub(" ", evidence.asked.text))):
        if token in within:
            continue
        if len(token) <= _SHORT and token.lower() not in FUNCTION_WORDS | AUXILIARIES:
            exact = [each for each in find_symbols(reader, token, 3) if each.name == token]
            # The `id` of some class is not what every id means.
            yield from ((each, True) for each in exact if not each.marks & MINOR and not each.parent)
        if _is_codeword(evidence, token):
            alone = [each for each in find_symbols(reader, token, MEMBERS + 1) if each.name == token]
            if 0 < len(alone) <= MEMBERS:
                yield from ((each, True) for each in alone if not each.marks & MINOR)
        if evidence.sharing(token) < _COMMON:
            # "In Celery 6.0": the name of the whole is not what a class of this name is.
            continue
        if content_terms(token) and (token[0].isupper() or "_" in token or "-" in token):
            for symbol in find_symbols(reader, token, 3):
                # An abbreviation that some class has a member of is not therefore what is asked about.
                means = not (token.isupper() and symbol.parent) and not symbol.marks & MINOR
                if symbol.name == token and symbol.kind not in LESSER and means:
                    yield symbol, token != evidence.asked.text.split()[0]
    yield from ((symbol, False) for symbol in _of_hits(evidence, reader))


def _is_codeword(evidence: Evidence, token: str) -> bool:
    """Return whether a word of the question stands in code alone and nobody writes it in prose: `wetag`."""
    counts = [evidence.counts.get(term) for term in stems(token)]
    if len(counts) != 1 or counts[0] is None or not token.islower() or len(token) < _CODEWORD:
        return False
    return 0 < counts[0].code <= _FEW_PASSAGES and not counts[0].doc and not counts[0].commit


def _of_hits(evidence: Evidence, reader: sqlite3.Connection) -> Iterator[FoundSymbol]:
    """Yield the definitions of the first passages of code; for a walk, of more, and what runs in them."""
    runs = any(part.need is Need.MECHANISM for part in evidence.asked.parts)
    for hit in evidence.of_kind(ChunkKind.CODE)[: _WALKED if runs else _LOOKED_AT]:
        if hit.path is None:
            continue
        for found in _symbols_of(reader, hit.path, hit.symbol, hit.start_line):
            yield found
            if runs and found.kind is SymbolKind.CLASS and hit.end_line > found.start_line:
                # Of a small class the passage holds all; a walk begins in what runs.
                yield from _running(reader, found, hit)


def _running(reader: sqlite3.Connection, owner: FoundSymbol, hit: Hit) -> list[FoundSymbol]:
    """Return the methods of a class that a passage holds."""
    return [
        each
        for each in definitions_in(reader, owner.path_id)
        if each.kind in RUNS and hit.start_line <= each.start_line <= hit.end_line
    ]


def _symbols_of(reader: sqlite3.Connection, path: str, symbol: str, line: int) -> Iterator[FoundSymbol]:
    if symbol:
        for found in find_symbols(reader, symbol, 6):
            if found.path == path and found.qualified == symbol:
                yield found
                return
    row = reader.execute(
        "SELECT e.path_id FROM entry e JOIN path p ON p.id = e.path_id WHERE p.shown = ?", (path,)
    ).fetchone()
    if row is not None and (around := symbol_at(reader, row[0], line)) is not None:
        yield around


def _score(evidence: Evidence, symbol: FoundSymbol, named: bool, wanted: Sequence[SymbolKind]) -> float:
    """Return how much of the question a definition's own name, place and first words carry."""
    weights = evidence.weights
    name, parent = set(stems(symbol.name)), evidence.terms_in(f"{symbol.parent} {symbol.path}")
    doc, held = evidence.terms_in(symbol.doc[:300]), evidence.terms_in(symbol.name)
    runs = any(part.need is Need.MECHANISM for part in evidence.asked.parts)
    score = 0.0
    for term, weight in weights.items():
        score += weight * (1.0 if term in held else 0.6 if term in parent else 0.5 if term in doc else 0.0)
    if symbol.name.startswith("__") and not named:
        # What the language calls by itself is never what a plain word means.
        score -= 0.5
    own = [part for part in name if len(part) > 1]
    # A name that is wholly in the question fits better than one that has other words too; `id` says little.
    whole = sum(part in weights for part in own) / len(own) if own else 0.0
    score += 0.3 * whole * min(sum(weights[term] for term in held) / _TELLING, 1.0)
    score += 0.1 * symbol.rank
    score += 1.0 if named else 0.0
    score += 0.5 if symbol.kind in wanted else 0.0
    score -= 0.5 if symbol.marks & MINOR else 0.0
    score -= 0.35 if symbol.kind in LESSER else 0.0
    # How something works is told by what runs.
    score += 0.15 if runs and symbol.kind in RUNS else 0.0
    return score
