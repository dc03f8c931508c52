"""The names that a question writes, and what bears them here; the nearest ones where nothing does."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz, process

from indexer.answer.evidence import Evidence
from indexer.answer.questions import versions_joined
from indexer.index.symbols import TYPES, FoundSymbol, bases, find_symbols
from indexer.repo.words import stem, stems
from indexer.types import FileMark, SymbolKind

_MOST: Final = 6
"""Definitions of one name."""

NEAR_SCORE: Final = 72.0
"""Similarity in percent from which a name is worth offering for a misspelt one."""

RUNS: Final = frozenset((SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PARAGRAPH, SymbolKind.PROGRAM))

MINOR: Final = FileMark.TEST | FileMark.EXAMPLE | FileMark.GENERATED | FileMark.VENDORED | FileMark.LEGACY
LESSER: Final = frozenset(
    (SymbolKind.FIELD, SymbolKind.VARIABLE, SymbolKind.HEADING, SymbolKind.KEY, SymbolKind.RULE)
)

_BEARERS: Final = 20
"""Of one name, that are looked at."""

_ANCESTORS: Final = 5
"""Types up which a name is looked for."""

MEMBERS: Final = 3
"""Methods of one name up to which a call on a variable tells which is meant."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A name written in a question, and what bears it here."""

    name: str
    symbols: tuple[FoundSymbol, ...]
    paths: tuple[str, ...]
    mentioned: bool
    """True when the name stands in some text here, though nothing is defined under it."""

    @property
    def known(self) -> bool:
        """True when this repository knows the name in any way."""
        return bool(self.symbols or self.paths or self.mentioned)


def namings(evidence: Evidence, reader: sqlite3.Connection) -> list[Naming]:
    """Return the names that the question writes, each with what bears it."""
    found = [_naming(reader, name) for name in evidence.asked.names]
    owners = {each.name: {one.qualified for one in each.symbols if one.kind in TYPES} for each in found}
    return [
        _of_owner(reader, each, set().union(*(owners[name] for name in owners if name != each.name)))
        for each in found
    ]


def _of_owner(reader: sqlite3.Connection, naming: Naming, owners: set[str]) -> Naming:
    """Return a naming with what a type bears first that is named beside it: "create() in SomeFactory"."""
    if not owners or len(naming.symbols) < 2 or any(each.parent in owners for each in naming.symbols[:1]):
        return naming
    own = [each for each in naming.symbols if each.parent in owners]
    if not own and naming.name.isidentifier():
        own = [
            each
            for owner in sorted(owners)[:_OWNERS_TRIED]
            for each in _bearing(reader, f"{owner}.{naming.name}")
            if each.parent == owner
        ]
    rest = tuple(each for each in naming.symbols if each not in own)
    return replace(naming, symbols=(*own, *rest)) if own else naming


_OWNERS_TRIED: Final = 3


def nearest_names(
    evidence: Evidence, reader: sqlite3.Connection, strange: Sequence[str] = (), limit: int = 5
) -> list[str]:
    """Return names of this repository that look like those asked for, else like the ``strange`` words."""
    wanted = list(evidence.asked.names or strange)
    names = [row[0] for row in reader.execute(_NAMES)]
    scored: dict[str, float] = {}
    for name in wanted[:8]:
        last = name.replace("::", ".").replace("#", ".").rpartition(".")[2] or name
        for near, score, _ in process.extract(
            last, names, scorer=fuzz.ratio, limit=limit, score_cutoff=NEAR_SCORE, processor=str.lower
        ):
            scored[near] = max(scored.get(near, 0.0), score)
    return sorted(scored, key=lambda near: (-scored[near], near))[:limit]


_NAMES: Final = (
    "SELECT DISTINCT s.name FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
    " WHERE s.kind NOT IN ('variable', 'field', 'heading') AND length(s.name) > 2 LIMIT 60000"
)


def _naming(reader: sqlite3.Connection, name: str) -> Naming:
    symbols = tuple(_bearing(reader, name)) or _exported(reader, name)
    if "/" in name:
        # A key or a heading that is written like a path (`HTTP/2`, `src/pay.py: ignore`) only points at
        # something; it is not the thing.
        symbols = tuple(each for each in symbols if each.kind not in LESSER)
    # The field of some test's class is not what a setting of its name is.
    symbols = tuple(
        each for each in symbols if not each.marks & MINOR or not (each.kind in LESSER or each.parent)
    )
    plain = name.isalpha() and name.islower()
    if plain:
        # A word in quotes ("users", 'back') is mostly a value; that some example bears it names nothing.
        symbols = tuple(each for each in symbols if not each.marks & MINOR)
    if name.isdigit():
        # "404" in quotes is no file called 404.html.
        return Naming(name, symbols, (), mentioned=bool(symbols) or _mentioned(reader, [name]))
    paths = tuple(
        row[0]
        for row in reader.execute(
            "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id"
            " WHERE (p.shown = ?1 OR p.shown LIKE '%/' || ?1 OR p.shown LIKE ?1 || '/%'"
            " OR p.shown LIKE '%/' || ?1 || '.___') AND e.marks & ?2 = 0"
            " ORDER BY length(p.shown) LIMIT 5",
            (name.removeprefix("./"), int(MINOR) if plain else 0),
        )
    )
    joined = versions_joined(name)
    if joined != name and not paths:
        return _versioned(reader, name, joined)
    if symbols or paths:
        return Naming(name, symbols, paths, mentioned=True)
    if member := _member(reader, name):
        return Naming(name, member, (), mentioned=True)
    if _lacks(reader, name):
        return Naming(name, (), (), mentioned=False)
    words = [word for word in stems(name) if len(word) > 1]
    whole = words[:1] if len(words) > 1 else words
    return Naming(name, (), (), _mentioned(reader, whole or [stem(name.lower())]))


def _member(reader: sqlite3.Connection, name: str) -> tuple[FoundSymbol, ...]:
    """Return the methods that `parent.use` may mean, where `parent` is a variable of code here."""
    owner, _, last = name.rpartition(".")
    if not owner.isidentifier() or not _mentioned(reader, [stem(owner.lower())], ("words_code",)):
        return ()
    borne = [
        each
        for each in find_symbols(reader, last, _BEARERS)
        if each.name.rpartition(".")[2] == last and each.kind in RUNS and not each.marks & MINOR
    ]
    # `ctx` is short for Context, `req` for Request.
    meant = [each for each in borne if _is_short_for(owner.lower(), each.parent.rpartition(".")[2].lower())]
    borne = meant or borne
    return tuple(borne) if len(borne) <= MEMBERS else ()


def _lacks(reader: sqlite3.Connection, name: str) -> bool:
    """Return whether a name is written as of a type that stands here, when neither that nor what it is built
    on has or says any such name: it is then no name of anything here, however known the type is.
    """
    owner, dot, last = name.replace("::", ".").replace("#", ".").removesuffix("()").rpartition(".")
    owner = owner.rpartition(".")[2]
    if not dot or not owner or not last.isidentifier():
        return False
    wanted, seen = {owner}, set[str]()
    for depth in range(_ANCESTORS):
        types = [
            each
            for kind in wanted
            for each in find_symbols(reader, kind, 4)
            if each.name == kind and each.kind in TYPES
        ]
        if not types and not depth:
            return False
        if any(_stands_in(reader, last, each.path_id) for each in types):
            return False
        seen |= wanted
        wanted = {base for each in types for base in bases(reader, each)} - seen
        if not wanted:
            return True
    return False


def _stands_in(reader: sqlite3.Connection, name: str, path_id: int) -> bool:
    """Return whether a name stands as a whole word in the code of a file."""
    whole = stems(name)[:1]
    found = reader.execute(
        "SELECT 1 FROM words_code JOIN passage ON passage.id = words_code.rowid"
        " WHERE words_code MATCH ? AND passage.path_id = ? AND passage.current = 1 LIMIT 1",
        (f'"{whole[0]}"' if whole else '""', path_id),
    )
    return found.fetchone() is not None


def _is_short_for(short: str, word: str) -> bool:
    """Return whether a word begins as its short form does and holds its letters in their order."""
    letters = iter(word)
    return bool(word) and short[0] == word[0] and all(letter in letters for letter in short)


def _bearing(reader: sqlite3.Connection, name: str) -> list[FoundSymbol]:
    """Return what bears a name: written alone it means what stands alone before any member of a class."""
    found = find_symbols(reader, name, _BEARERS)
    if name.isalpha() and name.isupper():
        # HEAD is no `Head`.
        found = [each for each in found if each.name == name]
    exact = [each for each in found if each.name == name and not each.marks & MINOR]
    if exact and re.search(r"[a-z][A-Z]", name):
        # `PreRun` is no `preRun` where both are here.
        found = [each for each in found if each.name == name]
    alone = [
        each
        for each in found
        if each.name == name and not each.parent and not each.marks & MINOR and each.kind not in LESSER
    ]
    return [*alone, *(each for each in found if each not in alone)][:_MOST]


def _versioned(reader: sqlite3.Connection, name: str, joined: str) -> Naming:
    """Return what bears a name with a version, `HTTP/2`: `http2.c`, never `http.c`."""
    symbols = tuple(
        each
        for each in find_symbols(reader, joined, 6)
        if each.kind not in LESSER and each.name.lower() == joined.lower()
    )
    paths = tuple(
        row[0]
        for row in reader.execute(
            "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id"
            " WHERE p.shown LIKE ?1 || '.%' OR p.shown LIKE '%/' || ?1 || '.%'"
            " OR p.shown LIKE '%/' || ?1 || '/%'"
            " ORDER BY length(p.shown) LIMIT 5",
            (joined,),
        )
    )
    known = bool(symbols or paths) or _mentioned(reader, stems(joined))
    return Naming(name, symbols, paths, mentioned=known or _mentioned(reader, stems(name)))


def _exported(reader: sqlite3.Connection, name: str) -> tuple[FoundSymbol, ...]:
    """Return what a package or module offers under a dotted name: `shop.pay` for shop/api.py's pay."""
    module, _, last = name.rpartition(".")
    owner = module.rpartition(".")[2].lower()
    if not owner:
        return ()
    found = [
        symbol
        for symbol in find_symbols(reader, last, 40)
        if symbol.name == last
        and not symbol.parent
        and not symbol.marks & MINOR
        and symbol.kind not in LESSER
        and owner in re.split(r"[/.]", symbol.path.lower())
    ]
    return tuple(found[:6])


_WORDS: Final = ("words_code", "words_doc", "words_commit")


def _mentioned(reader: sqlite3.Connection, words: Sequence[str], tables: Sequence[str] = _WORDS) -> bool:
    for table in tables:
        query = " ".join(f'"{word}"' for word in words).replace('""', "")
        if (
            query
            and reader.execute(
                f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1",  # noqa: S608
                (query,),
            ).fetchone()
        ):
            return True
    return False
