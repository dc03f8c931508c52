"""Where a word of a question stands, counted as it is written: what is shown as proof of a search.

The index holds stems and parts of names: under `customers` it has whatever begins with custom, under
`GraphQL` every graph. It only says where to look; a passage counts when the word itself is in it, as it
was asked, with a plain ending (-s, -ed, -ing), or as one of the words that a name is made of.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.answer.evidence import Evidence
from indexer.answer.questions import VERSIONED, spoken_terms
from indexer.repo.words import stems
from indexer.types import ChunkKind

ENOUGH: Final = 100
"""Passages of one kind after which the exact number says nothing more; reading on would cost time."""

READ: Final = 1_000
"""Passages of one kind that are read for a word at most."""

_TABLES: Final = {
    ChunkKind.CODE: "words_code",
    ChunkKind.DOC: "words_doc",
    ChunkKind.COMMIT: "words_commit",
}
_SPOKEN: Final = {
    ChunkKind.CODE: "in code",
    ChunkKind.DOC: "in documents",
    ChunkKind.COMMIT: "in commits",
}
_VOWELS: Final = "aeiou"
_LEAST: Final = 4
"""Letters that a word must have before endings are taken off it: `has` is no plural."""


@dataclass(frozen=True, slots=True)
class Count:
    """In how many passages of a kind a word stands; ``more`` when there are others that were not read."""

    kind: ChunkKind
    passages: int
    more: bool

    def __str__(self) -> str:
        """Return it as an answer says it."""
        return f"{self.passages:,}{' or more' if self.more else ''} {_SPOKEN[self.kind]}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A word as it was asked, where it stands, and the other forms of it that were counted."""

    word: str
    counts: tuple[Count, ...]
    forms: tuple[str, ...] = ()

    @property
    def nowhere(self) -> bool:
        """Whether no passage was found that holds it."""
        return not any(each.passages or each.more for each in self.counts)

    @property
    def written(self) -> int:
        """In how many passages of code and documents it stands; -1 when not all of them were read."""
        kinds = [each for each in self.counts if each.kind is not ChunkKind.COMMIT]
        return -1 if any(each.more for each in kinds) else sum(each.passages for each in kinds)

    @property
    def unwritten(self) -> bool:
        """Whether it stands in no code and in no document; a commit may speak of what never came."""
        return self.written == 0

    @property
    def uncoded(self) -> bool:
        """Whether it stands in no code, though documents or commits speak of it."""
        code = [each for each in self.counts if each.kind is ChunkKind.CODE]
        return not self.nowhere and not any(each.passages or each.more for each in code)

    def __str__(self) -> str:
        """Return it as an answer says it."""
        also = f" (with {', '.join(self.forms)})" if self.forms else ""
        return f"{self.word}{also}: {', '.join(map(str, self.counts))}"


def words_asked(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the words of a question with their stems; `HTTP/3` is one word, not HTTP."""
    end = 0
    for match in VERSIONED.finditer(text):
        yield from _plain(text[end : match.start()])
        yield match[0], (*stems(match[1] + match[2]), *stems(match[1]))
        end = match.end()
    yield from _plain(text[end:])


def standings(
    evidence: Evidence, reader: sqlite3.Connection, without: Collection[int] = ()
) -> Iterator[Standing]:
    """Yield where the question's own words stand, each once, in their order.

    Passages of the paths ``without`` are not counted: translations, which are no code.
    """
    told: set[str] = set()
    for word, terms in words_asked(evidence.asked.text):
        # What only says how is asked is no word that was searched for.
        known = VERSIONED.fullmatch(word) or any(term in evidence.counts for term in terms)
        if known and terms[0] not in told:
            told.add(terms[0])
            yield standing(reader, word, terms, without)


def standing(
    reader: sqlite3.Connection, word: str, terms: Sequence[str], without: Collection[int] = ()
) -> Standing:
    """Return where a word stands. ``terms`` are those of the index under which it may be found."""
    versioned = VERSIONED.fullmatch(word)
    # Of a name in several parts only the whole is the name.
    searched = list(terms if versioned else terms[:1])
    pattern = _pattern(word)
    left_out = json.dumps(sorted(without))
    counts, forms = [], dict[str, None]()
    for kind in _TABLES:
        passages = 0
        rows = _rows(reader, kind, searched, left_out)
        for scanned, (place, symbol, text) in enumerate(rows, 1):
            found = next(_occurrences(pattern, f"{text}\n{symbol}\n{place}"), None)
            if found is not None:
                passages += 1
                forms.setdefault(found.lower())
            if passages >= ENOUGH or scanned >= READ:
                break
        counts.append(Count(kind, passages, next(rows, None) is not None))
    own = word.lower()
    return Standing(word, tuple(counts), tuple(sorted(form for form in forms if form != own))[:3])


def passages_of(reader: sqlite3.Connection, paths: Collection[int]) -> int:
    """Return how many current passages stand in these paths."""
    statement = (
        "SELECT count(*) FROM passage WHERE current = 1 AND path_id IN (SELECT value FROM json_each(?))"
    )
    return int(reader.execute(statement, (json.dumps(sorted(paths)),)).fetchone()[0]) if paths else 0


def stands_in(word: str, text: str) -> bool:
    """Return whether a text holds the word itself, under the same rule."""
    return next(_occurrences(_pattern(word), text), None) is not None


def _plain(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word, terms in spoken_terms(text):
        if terms:
            yield word, tuple(terms)


def _rows(
    reader: sqlite3.Connection, kind: ChunkKind, terms: Sequence[str], without: str
) -> Iterator[tuple[str, str, str]]:
    table = _TABLES[kind]
    asked = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
    if not asked:
        return iter(())
    return iter(
        reader.execute(
            f"SELECT coalesce(path.shown, ''), chunk.symbol, chunk.text FROM {table}"  # noqa: S608
            f" JOIN passage ON passage.id = {table}.rowid JOIN chunk ON chunk.id = passage.chunk_id"
            f" LEFT JOIN path ON path.id = passage.path_id WHERE {table} MATCH ? AND passage.current = 1"
            " AND passage.path_id NOT IN (SELECT value FROM json_each(?))",
            (asked, without),
        )
    )


def _occurrences(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the places where a word begins and ends as a word, or as a part of a name, does."""
    for match in pattern.finditer(text):
        found, start, end = match[0], match.start(), match.end()
        before, after = text[start - 1 : start], text[end : end + 1]
        begins = not before.isalpha() or (before.islower() and found[0].isupper())
        # `GraphQLView` holds GraphQL, `orderly` no order.
        ends = not after.isalpha() or (after.isupper() and (found[-1].islower() or found.isupper()))
        ends = ends or (after.isupper() and text[end + 1 : end + 2].islower())
        if begins and ends:
            yield found


@lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str]:
    versioned = VERSIONED.fullmatch(word)
    if versioned:
        return re.compile(rf"{re.escape(versioned[1])}[\W_]?v?{versioned[2]}(?!\d)", re.I)
    forms = "|".join(re.escape(form) for form in sorted(_forms(word.lower()), key=len, reverse=True))
    return re.compile(f"(?:{forms})", re.I)


def _forms(word: str) -> set[str]:
    """Return a word with the plain endings that it may have, and without the one that it has."""
    word = word.removesuffix("'s").removesuffix("’s")
    if not word.isalpha() or len(word) < _LEAST:
        return {word, f"{word}s"} if word.isalpha() else {word}
    roots = {word}
    for ending in ("ies", "es", "s", "ied", "ed", "ing"):
        root = word.removesuffix(ending)
        if root == word or len(root) < _LEAST - 1 or (ending == "s" and root.endswith("s")):
            continue
        roots.add(f"{root}y" if ending in ("ies", "ied") else root)
        if ending in ("ed", "ing"):
            roots |= {f"{root}e"}
            if len(root) > _LEAST - 1 and root[-1] == root[-2]:
                roots.add(root[:-1])
    out = {word}
    for root in roots:
        bare = root[:-1] if root.endswith("e") else root
        out |= {root, f"{root}s", f"{bare}ed", f"{bare}ing"}
        if root.endswith("y") and root[-2] not in _VOWELS:
            out |= {f"{root[:-1]}ies", f"{root[:-1]}ied"}
        if root[-1] in "sxzh":
            out.add(f"{root}es")
    return out
