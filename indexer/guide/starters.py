"""Questions to start with, made from a repository's own names, and tried on the engine itself."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from indexer.answer.cues import Cue, cue_of
from indexer.index import lexical
from indexer.pages import Starter
from indexer.repo.words import stems
from indexer.types import Answer, ChunkKind, Control, FileMark, VerdictStatus

MOST: Final = 8
TRIED: Final = 3
"""Questions of one kind that are tried at most before the first one is taken as it is."""

FILES: Final = 16
COMMITS: Final = 600
"""Newest commits among which a reason is looked for that a person wrote down."""

_LONGEST: Final = 76
_TYPES: Final = ("class", "struct", "interface", "trait", "program")
_CALLS: Final = ("function", "method", "program", "paragraph")
_PLAIN: Final = re.compile(
    r"^(?:\w*(?:mixin|error|exception|warning|abstract|meta|test|mock)\w*|main|init|new|get|set|run|type)$",
    re.I,
)
_TYPED_SUBJECT: Final = re.compile(r"^(?:\w+(?:\([^)]*\))?!?: +|\[[^\]]*\] *|\w+: +)")
_TRAILER: Final = re.compile(r"\s*(?:\([^()]*#\d+[^()]*\)|(?:closes|fixes|refs?|see)? #\d+\b\.?)", re.I)
_PERSONAL: Final = frozenset(("i", "i'm", "me", "my", "we", "our", "this", "that", "these"))
_VERB_WORDS: Final = (
    "allow avoid cache call change check close copy count cut defer disable do drop enable ensure "
    "escape expose follow forbid guard handle hide hold ignore import keep let limit list load lock "
    "lower make mark move name normalize only open order parse pass pin preserve prevent print "
    "raise read reduce refuse reject release remember remove rename replace require reset resolve "
    "respect restore retry return revert run save say send separate serialize set show skip sort "
    "split start stop store strip switch take tell treat use validate wait warn wrap write "
)
_VERBS: Final = frozenset(_VERB_WORDS.split())
"""With these a subject line begins that can follow "Why"."""


class Busy(Protocol):
    """A file worth reading early."""

    @property
    def path_id(self) -> int:
        """The catalog's id."""

    @property
    def path(self) -> str:
        """As shown."""

    @property
    def blob_id(self) -> int:
        """The catalog's id of its content."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that could be offered, and the name that its answer must speak of."""

    kind: str
    question: str
    about: str


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    parent: str
    kind: str
    path: str
    place: int
    lines: int
    doc: str
    used: int
    said: int

    @property
    def qualified(self) -> str:
        return f"{self.parent}.{self.name}" if self.parent else self.name


def first_offers(reader: sqlite3.Connection, files: Sequence[Busy]) -> tuple[Starter, ...]:
    """Return the likeliest question of each kind, untried."""
    return _distinct(offers[0] for offers in offered(reader, files) if offers)


def tried_offers(
    reader: sqlite3.Connection, files: Sequence[Busy], ask: Callable[[str], Answer], control: Control
) -> tuple[Starter, ...]:
    """Return of each kind the first question that ``ask`` answers well.

    Where a kind has none, another question of the kinds that have fills its place.
    """
    kinds = offered(reader, files)
    chosen: list[tuple[int, Offer]] = []
    # Round by round, so that a second question of a kind comes only where there is room for it.
    for skipped in (0, TRIED):
        for place, offers in enumerate(kinds):
            for offer in offers[skipped : skipped + TRIED]:
                if len(chosen) >= MOST or (
                    offer.about and any(offer.about == each.about for _, each in chosen)
                ):
                    continue
                control.checkpoint()
                if is_good(offer, ask(offer.question)):
                    chosen.append((place, offer))
                    break
    chosen.sort(key=lambda each: each[0])
    return _distinct(offer for _, offer in chosen)


def is_good(offer: Offer, answer: Answer) -> bool:
    """Return whether an answer is grounded, and early on speaks of what was asked."""
    if answer.verdict.status is not VerdictStatus.GROUNDED:
        return False
    if len(answer.statements) < (1 if offer.kind == "where" else 2):
        return False
    about = offer.about.rpartition(".")[2] if "/" not in offer.about else offer.about
    said = " ".join(
        f"{each.text} {' '.join(citation.path or '' for citation in each.citations)}"
        for each in answer.statements[:3]
    )
    return not about or about.casefold() in said.casefold()


def offered(reader: sqlite3.Connection, files: Sequence[Busy]) -> list[list[Offer]]:
    """Return questions by kind, in the order in which they are shown, the best of each kind first."""
    names = _names(reader, files[:FILES])
    types = sorted((each for each in names if each.kind in _TYPES and not each.parent), key=_fame)
    calls = sorted((each for each in names if each.kind in _CALLS), key=_weight)
    deep = [each for each in calls if each.lines >= 12]
    used = sorted((each for each in calls if each.used), key=lambda each: (_is_common(each), -each.used))
    shared = sorted(types, key=lambda each: (_fame(each)[0] - each.used, each.name))
    paths = [each.path for each in files]
    return [
        [Offer("how", f"How does {each.qualified} work?", each.qualified) for each in (deep or calls)],
        [
            Offer("where", f"Where is {each.qualified} defined?", each.qualified)
            for each in (types[1:] or calls[1:])
        ],
        [Offer("what", f"What is {_article(each)}{each.name}?", each.name) for each in types]
        or [Offer("what", f"What does {each.qualified} do?", each.qualified) for each in calls[2:]],
        [Offer("run", "How do I run the tests?", "test")] if _has_tests(reader) else [],
        [Offer("why", question, "") for question in _reasons(reader)],
        [Offer("change", f"What breaks if I change {each.qualified}?", each.qualified) for each in used],
        [Offer("who", f"Who knows {path}?", path) for path in paths],
        [Offer("which", f"Which files use {each.name}?", each.name) for each in shared],
    ]


def _distinct(offers: Iterator[Offer] | Sequence[Offer]) -> tuple[Starter, ...]:
    known: dict[str, Starter] = {}
    for offer in offers:
        known.setdefault(offer.question, Starter(offer.kind, offer.question))
    return tuple(known.values())[:MOST]


def _weight(name: _Name) -> tuple[float, str]:
    """Order definitions: in an important file, described, of some length, used and written about."""
    worth = 2.0 * bool(name.doc) + min(name.lines, 60) / 20 + name.used**0.5 + min(name.said, 9) / 3
    return name.place / 3 - worth + 6.0 * _is_common(name), name.qualified


def _is_common(name: _Name) -> bool:
    """Return whether many things bear such a name (``format``, ``add``), so that uses are guesses."""
    return bool(name.parent) and name.kind == "method" and name.name.islower() and "_" not in name.name


def _fame(name: _Name) -> tuple[float, str]:
    return name.place / 3 - 2.0 * bool(name.doc) - name.used**0.5 - min(name.said, 30) / 3, name.name


def _article(name: _Name) -> str:
    if name.kind == "program":
        return "the program "
    if name.name.endswith("s") or not name.name.isalpha() or not name.name[1:].islower():
        return ""
    return "an " if name.name[0] in "AEIOU" else "a "


def _names(reader: sqlite3.Connection, files: Sequence[Busy]) -> list[_Name]:
    """Return public definitions of the files, with how many files use and documents name them."""
    places = {file.blob_id: (place, file.path) for place, file in reversed(list(enumerate(files)))}
    rows = [
        row
        for row in reader.execute(
            "SELECT blob_id, name, parent, kind, end_line - start_line + 1, doc FROM symbol"
            " WHERE blob_id IN (SELECT value FROM json_each(?)) AND length(name) > 2",
            (json.dumps(list(places)),),
        )
        if row[3] in (*_TYPES, *_CALLS)
        and not _PLAIN.match(row[1])
        and _is_public(row[1], row[2], places[row[0]][1])
    ]
    inside = {
        (blob, f"{parent}.{name}" if parent else name)
        for blob, name, parent, kind, *_ in rows
        if kind in _CALLS
    }
    rows = [row for row in rows if (row[0], row[2]) not in inside]
    used = dict(
        reader.execute(
            "SELECT name, count(DISTINCT entry.path_id) FROM reference JOIN entry USING (blob_id)"
            " WHERE name IN (SELECT value FROM json_each(?)) AND entry.marks & ? = 0"
            " AND reference.kind IN ('call', 'inherit', 'type', 'use', 'execute', 'import') GROUP BY name",
            (json.dumps(sorted({row[1] for row in rows})), int(FileMark.TEST | FileMark.EXAMPLE)),
        ).fetchall()
    )
    homes: dict[str, int] = {}
    for row in rows:
        homes[row[1].casefold()] = homes.get(row[1].casefold(), 0) + 1
    rarities = lexical.Lexicon()
    found = []
    for blob, name, parent, kind, lines, doc in rows:
        place, path = places[blob]
        said = 0
        if kind in _TYPES and not parent:
            terms = lexical.terms_of(name)[:1]
            said = sum(rarities.found(reader, ChunkKind.DOC, terms).values())
        uses = used.get(name, 0) // homes[name.casefold()]
        found.append(_Name(name, parent, kind, path, place, lines, doc, uses, said))
    return found


def _is_public(name: str, parent: str, path: str) -> bool:
    parts = [*parent.split("."), name] if parent else [name]
    if path.endswith(".go") and not name[0].isupper():
        return False
    return not any(part.startswith("_") for part in parts) and len(parts) <= 2


def _reasons(reader: sqlite3.Connection) -> list[str]:
    """Return "why" questions after commits whose message gives the reason, the newest first."""
    rows = reader.execute(
        "SELECT subject, text FROM commits JOIN chunk ON chunk.commit_id = commits.id"
        " WHERE reachable = 1 AND parents NOT LIKE '% %' AND length(text) > length(subject) + 60"
        " ORDER BY sequence DESC LIMIT ?",
        (COMMITS,),
    )
    plain: list[str] = []
    for subject, text in rows:
        asked = _TRAILER.sub("", _TYPED_SUBJECT.sub("", subject)).strip(" .")
        words = asked.split()
        if len(words) < 4 or len(asked) > _LONGEST or words[0].lower() not in _VERBS:
            continue
        if not _PERSONAL.isdisjoint(asked.lower().split()):
            continue
        terms = set(stems(asked))
        body = text[len(subject) :][:600]
        near = [
            each for each in re.split(r"(?<=[.!?])\s+|\n\s*\n", body) if len(terms & set(stems(each))) >= 2
        ]
        if any(cue_of(each) is Cue.STRONG for each in near):
            plain.append(f"Why {asked[0].lower()}{asked[1:]}?")
    return plain


def _has_tests(reader: sqlite3.Connection) -> bool:
    return reader.execute("SELECT 1 FROM entry WHERE marks & 1 LIMIT 1").fetchone() is not None


# ------------------------------------------------------------------------------ kept between starts


class KeptStarters:
    """The tried questions, kept in a small file of the index: trying them takes seconds."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> tuple[str | None, tuple[Starter, ...]]:
        """Return the commit at which they were tried, and the questions; none where there is no file."""
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return None, ()
        return kept.head, kept.starters

    def write(self, head: str | None, starters: tuple[Starter, ...]) -> None:
        """Keep them. A full disk costs only that they are tried again."""
        fresh = self._file.with_suffix(".new")
        with contextlib.suppress(OSError):
            fresh.write_bytes(msgspec.json.encode(_Kept(head, starters)))
            fresh.replace(self._file)


class _Kept(msgspec.Struct):
    head: str | None
    starters: tuple[Starter, ...]
