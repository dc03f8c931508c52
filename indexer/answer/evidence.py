"""What was found for a question: hits, their sentences, and how much of the question each shares.

Sharing is weighed by rarity: a word that stands in every file says nothing about the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Protocol

from indexer.answer import lexicon
from indexer.answer.answering import PASSAGES, Read, Reader, Reading, glance, read_all
from indexer.answer.blocks import Role
from indexer.answer.forms import (
    called_here,
    in_terms_of_the_trade,
    meant,
    other_forms,
    searched_for,
    versioned,
)
from indexer.answer.needs import OF_PEOPLE, Need
from indexer.answer.of_here import CERTAIN, odds_of_here
from indexer.answer.questions import Asked, Part
from indexer.answer.sentences import Sentence, asked_of, sentences_in
from indexer.answer.tongue import is_other_language
from indexer.answer.wording import asks_translations
from indexer.errors import ModelError
from indexer.index import lexical
from indexer.index.catalog import Catalog
from indexer.repo.translations import is_translated_document, is_translation
from indexer.repo.words import stems
from indexer.types import ChunkKind, FileMark, Hit, Query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HITS: Final = 40
"""Passages that are read for an answer: measured, the source of an answer is among the first 40
in nine cases of ten, among the first 5 in seven."""

FOUND_WELL: Final = 2.4
"""Score by words alone that no hit reached for 40 questions about what is not there, over two repositories
(the best 2.39). It tells that the words are of this repository, not that the thing is there: two of three
questions about the like of it had more.
"""

CONTEXT: Final = 0.5
"""What a word counts that stands not in the sentence but in its heading, symbol or path."""

CALLED: Final = 0.5
"""What a word counts that stands there only as code may call it: `encode` for what is turned into another."""

LEANT: Final = 0.15
"""What surroundings alone may give a sentence that shares no word with the question."""

NEIGHBOUR: Final = 0.35
"""The same, for the sentences before and after it."""

COMPARED: Final = 12
"""Sentences whose meaning is compared with the question's; each takes the model 5 ms of one core."""

COMPARED_BESIDE: Final = 6
"""The same where passages are read beside the question, if only a few: what answers is read, and what comes
nearest alone is chosen by likeness. Of 384 questions over four repositories one source fewer is cited than
with 12.
"""

COMPARED_WELL: Final = 40
"""The same where the label hangs on it: what people alone know, and yes or no, when no reader can be had.
Measured on 50 such questions: with 16, 28 and 40 of them a source that answers is cited in .44, .56 and .64.
"""

COMPARED_CHARACTERS: Final = 160
"""Of each; about 40 tokens. More of a sentence changes little and costs as much again."""

_UNSHARED_PLACES: Final = 4
"""Of so many first hits of a kind, sentences without any shared word are compared too."""

_LIKE_FLOOR: Final = 0.17
_LIKE_RANGE: Final = 0.45
"""Cosines of this model: two texts on nothing in common reach .17, a paraphrase .62."""

_LIKE_SHARE: Final = 0.55
"""What likeness counts beside shared words."""

_ADDRESS: Final = re.compile(r"\bhttps?://\S+")

_KINDS: Final = (ChunkKind.CODE, ChunkKind.DOC, ChunkKind.COMMIT)

# Words that say what is asked for are no part of what it is asked about.
_ASKING: Final = {
    Need.AUTHOR: lexicon.AUTHOR | lexicon.ROLES | lexicon.TURN_TO,
    Need.CHANGE: lexicon.CHANGE,
    Need.IMPACT: lexicon.IMPACT | lexicon.CHANGE,
    Need.EXAMPLE: lexicon.EXAMPLE,
    Need.PARTS: lexicon.PARTS,
    Need.SETTING: lexicon.SETTING - {"environ"},
    Need.REASON: lexicon.REASON | lexicon.CAUSATIVES,
    Need.PERSON: lexicon.ROLES,
    Need.COMPARE: lexicon.COMPARED,
    Need.MECHANISM: lexicon.CHOOSING,
}
_WEIGHED: Final = OF_PEOPLE | {Need.CONFIRM, Need.MEANING}

READ: Final = OF_PEOPLE | {Need.CONFIRM}
"""What is answered only by a passage that says it; whether one does is read, not reckoned from likeness."""
GLANCED_AT: Final = frozenset({Need.MECHANISM, Need.COMPARE})
"""What is answered by a walk or by two definitions, and not at all where no passage tells of it."""

_PLACING: Final = lexicon.PLACE | frozenset(
    ("defin", "implement", "declar", "locat", "live", "found", "sit", "stand")
)


class SentenceEmbedder(Protocol):
    """What gives sentences a place, so that likeness of meaning can be told."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows, in the order of ``texts``."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, which lies near what answers it."""


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
    worth: float = 0.0
    """How much speaks for it in all (0 to 1): ``support``, and likeness of meaning where it is known."""

    @classmethod
    def of(cls, sentence: Sentence, hit: Hit) -> Found:
        """Return a sentence of a hit of which it is not reckoned what it shares with the question."""
        return cls(sentence, hit, 0, 0.0, 0.0, frozenset())


@dataclass(frozen=True)
class Evidence:
    """All that was found for one question."""

    asked: Asked
    hits: tuple[Hit, ...]
    search_notices: tuple[str, ...]
    counts: dict[str, Counted]
    weights: dict[str, float]
    """Of each term that is part of the subject; they add up to 1."""
    passages: dict[ChunkKind, int]
    marks: dict[str, FileMark] = field(default_factory=dict)
    embedder: SentenceEmbedder | None = None
    forms: dict[str, str] = field(default_factory=dict)
    """Other stems under which a term of ``weights`` may stand: `sign on` written as one word."""
    called: frozenset[str] = frozenset()
    """Those of ``forms`` that are what code may call a thing: near to it, and not the very word."""
    meant: dict[str, frozenset[str]] = field(default_factory=dict)
    """What was said in everyday words, with the stems of what code may call it, as far as it stands here."""
    reading: Reading | None = None
    """What is read beside the question; None where nobody has to."""
    glances: bool = False
    """Whether only a few passages are read, for what a walk or a comparison answers: for the label only."""

    @property
    def reads(self) -> tuple[Read, ...]:
        """What was read, the likeliest answer first; empty where nobody had to. Waits for it."""
        return () if self.reading is None or self.glances else self.reading.reads

    @property
    def glanced(self) -> tuple[Read, ...]:
        """The same where only a few passages were read. Waits for it."""
        return self.reading.reads if self.reading is not None and self.glances else ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader is told about the search and the reading."""
        return (*self.search_notices, *(() if self.reading is None else self.reading.notices))

    def of_kind(self, *kinds: ChunkKind) -> list[Hit]:
        """Return the hits of these kinds, best first."""
        return [hit for hit in self.hits if hit.kind in kinds]

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """Every sentence that shares a word with the question, or its meaning; the worthiest first."""
        out: list[Found] = []
        places: dict[ChunkKind, int] = {}
        for hit in self.hits:
            place = places.get(hit.kind, 0)
            places[hit.kind] = place + 1
            out += self._read(hit, place)
        out = self._compared(out)
        out.sort(key=lambda each: (-each.worth, each.place))
        return tuple(out)

    def sharing(self, text: str) -> float:
        """Return the share of the question's weight that stands in ``text``, its addresses aside."""
        return sum(self.weights[term] for term in self.terms_in(_ADDRESS.sub(" ", text)))

    def may_tell(self, sentence: Sentence) -> bool:
        """Return whether a sentence may be quoted for this question."""
        return asked_of(sentence, self.asked.text)

    def terms_in(self, text: str) -> frozenset[str]:
        """Return the terms of the question that stand in ``text``, under whichever form."""
        found = set(stems(text))
        held = self.weights.keys() & found
        for form, term in self.forms.items():
            if form in found:
                held = held | {term}
        return frozenset(held)

    def spoken_in(self, text: str) -> frozenset[str]:
        """Return the terms of the question that stand in ``text`` as they were said, however spelt."""
        found = set(stems(text))
        spelt = {term for form, term in self.forms.items() if form in found and form not in self.called}
        return frozenset(self.weights.keys() & found) | spelt

    def means_all(self, text: str) -> bool:
        """Return whether a text has all that was said in everyday words, under one name or another."""
        held = frozenset(stems(text))
        return all(
            not names.isdisjoint(held) or said.lower() in text.lower() for said, names in self.meant.items()
        )

    @property
    def found_well(self) -> bool:
        """Whether it is certain enough that something here is meant: by the meaning of the question, or where
        there are no vectors because the ways of searching agree so well on a place.
        """
        if any(hit.likeness for hit in self.hits):
            return self.of_here >= CERTAIN
        return any(hit.score >= FOUND_WELL for hit in self.hits)

    @cached_property
    def of_here(self) -> float:
        """The log-odds that something of this repository is asked about, by its meaning."""
        strange = len(self.absent()) / max(len(self.weights), 1)
        return odds_of_here([hit.likeness for hit in self.hits], max(self.holds, default=0.0), strange)

    @cached_property
    def known(self) -> float:
        """The share of the question's weight (0 to 1) that stands anywhere here: no passage can hold more."""
        return sum(weight for term, weight in self.weights.items() if self.counts[term].total)

    @cached_property
    def holds(self) -> tuple[float, ...]:
        """Of each hit, in their order, the share of the question's weight that it holds with its place."""
        return tuple(self.sharing(f"{hit.symbol} {hit.path or ''} {hit.text}") for hit in self.hits)

    def absent(self) -> list[str]:
        """Return the terms of the subject that stand nowhere in this repository."""
        return [term for term in self.weights if self.counts[term].total == 0]

    def _read(self, hit: Hit, place: int) -> Iterable[Found]:
        sentences = sentences_in(hit)
        # An address shares words with anything; it says nothing.
        texts = [_ADDRESS.sub(" ", each.text) for each in sentences]
        shared = [self.terms_in(each) for each in texts]
        around = self.terms_in(f"{hit.symbol} {hit.path or ''}")
        for at, sentence in enumerate(sentences):
            if sentence.role is Role.TITLE or not self.may_tell(sentence):
                continue
            own = shared[at]
            context = (around | self.terms_in(sentence.heading)) - own
            near = frozenset().union(*shared[max(0, at - 1) : at + 2]) - own - context
            said = own if not self.called else own & self.spoken_in(texts[at])
            coverage = self._weigh(said) + CALLED * self._weigh(own - said)
            around_it = CONTEXT * self._weigh(context) + NEIGHBOUR * self._weigh(near)
            # A sentence with no word of the question is not about it, whatever it stands under.
            support = coverage + min(around_it, coverage + LEANT)
            if support > 0 or place < _UNSHARED_PLACES:
                yield Found(sentence, hit, place, coverage, min(support, 1.0), own)

    def _compared(self, found: list[Found]) -> list[Found]:
        """Return the sentences with their worth: the best candidates are compared by meaning."""
        if self.embedder is None or not found:
            return [replace(each, worth=each.support) for each in found]
        weighed = any(part.need in _WEIGHED for part in self.asked.parts)
        most = COMPARED_BESIDE if self.reading is not None else COMPARED_WELL if weighed else COMPARED
        ranked = sorted(range(len(found)), key=lambda at: -found[at].support - 0.25 / (1 + found[at].place))
        chosen: list[int] = []
        taken: dict[int, int] = {}
        for at in ranked:
            hit = id(found[at].hit)
            # A long document must not take all places.
            if len(chosen) < most and taken.get(hit, 0) < 5 and found[at].sentence.text.count(" ") > 1:
                taken[hit] = taken.get(hit, 0) + 1
                chosen.append(at)
        try:
            question, *rows = self.embedder.embed(
                [self.asked.text, *(_with_title(found[at]) for at in chosen)]
            )
            likeness = [float(row @ question) for row in rows]
        except ModelError:
            # The search has said already that there is no model; words alone decide then.
            return [replace(each, worth=each.support) for each in found]
        out = [replace(each, worth=(1 - _LIKE_SHARE) * each.support) for each in found]
        for at, cosine in zip(chosen, likeness, strict=True):
            like = min(max((cosine - _LIKE_FLOOR) / _LIKE_RANGE, 0.0), 1.0)
            out[at] = replace(found[at], worth=(1 - _LIKE_SHARE) * found[at].support + _LIKE_SHARE * like)
        return out

    def _weigh(self, terms: Iterable[str]) -> float:
        return sum(self.weights[term] for term in terms)


def gather(
    asked: Asked,
    searcher: Searcher,
    catalog: Catalog,
    rarities: lexical.Lexicon,
    embedder: SentenceEmbedder | None = None,
    passage_reader: Reader | None = None,
) -> Evidence:
    """Search for a question, weigh its words, and begin to read what was found if the label hangs on it."""
    read_on = passage_reader is not None and any(part.need in READ for part in asked.parts)
    reader = catalog.reader()
    # What people alone know is told in their own words, and a reason for something near is none for this.
    own = OF_PEOPLE if asked.about_us else OF_PEOPLE - {Need.FIGURE}
    ours = any(part.need in own for part in asked.parts)

    def frequency(term: str) -> int:
        """Return in how many passages a term stands, if it stands in code."""
        counts = [rarities.found(reader, kind, [term])[term] for kind in _KINDS]
        return sum(counts) if counts[0] else 0

    called = {} if ours else called_here(asked.text, frequency)
    text = " ".join([searched_for(asked.text), *called])
    hits, notices = searcher.search(Query(text, PASSAGES if read_on else HITS, even=read_on))
    if not asks_translations(asked.text):
        # A message in another language is no passage that says what the code does.
        english = not is_other_language(asked.text)
        hits = [
            hit
            for hit in hits
            if hit.path is None
            or not (is_translation(hit.path) or (english and is_translated_document(hit.path)))
        ]
    terms = list(dict.fromkeys(subject_terms(asked.parts) or asked.terms))
    forms = other_forms(asked.text, terms)
    nearly = in_terms_of_the_trade(terms, forms, called)
    forms |= nearly
    found = {kind: rarities.found(reader, kind, [*terms, *forms]) for kind in _KINDS}
    counts = {
        term: Counted(
            *(
                max(found[kind][form] for form in (term, *(f for f, own in forms.items() if own == term)))
                for kind in _KINDS
            )
        )
        for term in terms
    }
    passages = {kind: rarities.rows(reader, kind) for kind in _KINDS}
    # Documents write HTTP/2, which is indexed as HTTP: that no code names it so makes it no stranger.
    terms = [term for term in terms if counts[term].total or term not in versioned(asked.text)]
    raw = {term: lexical.rarity(counts[term].total, sum(passages.values())) for term in terms}
    # A word that the repository does not have weighs as much as its rarest: the asker's own word
    # for a thing must not outweigh all that is known of it.
    known = [raw[term] for term in terms if counts[term].total]
    heaviest = max(known, default=1.0)
    weights = {term: min(raw[term], heaviest) for term in terms}
    whole = sum(weights.values()) or 1.0
    weights = {term: weight / whole for term, weight in weights.items()}
    marks = _marks(catalog, hits)
    evidence = Evidence(
        asked,
        tuple(hits),
        tuple(notices),
        counts,
        weights,
        passages,
        marks,
        embedder,
        forms,
        frozenset(nearly),
        meant(called),
    )
    if passage_reader is None or not (read_on or any(part.need in GLANCED_AT for part in asked.parts)):
        return evidence
    look = read_all if read_on else glance
    reading = Reading(partial(look, asked.text, evidence.hits, evidence.sharing, passage_reader))
    return replace(evidence, reading=reading, glances=not read_on)


def _with_title(found: Found) -> str:
    """Return a sentence with what stands over it, which a lone sentence often leans on."""
    titled = found.hit.kind in (ChunkKind.DOC, ChunkKind.COMMIT, ChunkKind.NOTE)
    title = (
        found.hit.symbol.rpartition(" > ")[2] if titled and found.sentence.role is not Role.SUBJECT else ""
    )
    text = f"{title}. {found.sentence.text}" if title else found.sentence.text
    return text[:COMPARED_CHARACTERS]


def subject_terms(parts: Sequence[Part]) -> list[str]:
    """Return the terms of the parts without the words that only say what is asked for."""
    return list(dict.fromkeys(term for part in parts for term in own_terms(part)))


_CLIENT: Final = re.compile(
    r"\b(?!(?:an?|the|our|their|his|her|its|each|every|any|all|some|no|which|what|whose|who|of|for|to|by|new|old"
    r"|big|other|paying|affected) )[a-z]\w+[ -]clients?\b",
    re.I,
)
_BEFORE: Final = re.compile(r"\b(?:instead of|rather than|in place of)\s+(?:an?\s+|the\s+)?[^\s,;.?!]+", re.I)


def own_terms(part: Part) -> tuple[str, ...]:
    """Return the terms of a part that say what it is about; none in "since when?" or "who wrote that?"."""
    asking = _PLACING if part.need is Need.PLACE else _ASKING.get(part.need, frozenset())
    if part.need is Need.CHANGE:
        # "303 instead of 302": of what was before many commits speak, and none of them made the change.
        asking |= frozenset(stems(" ".join(_BEFORE.findall(part.text)))) - frozenset(
            stems(_BEFORE.sub(" ", part.text))
        )
    if part.need in (Need.AUTHOR, Need.PERSON) and _CLIENT.search(part.text):
        # "The test client" is no customer.
        asking -= frozenset(("client",))
    return tuple(term for term in part.terms if term not in asking)


def _marks(catalog: Catalog, hits: Sequence[Hit]) -> dict[str, FileMark]:
    paths = list({hit.path for hit in hits if hit.path is not None})
    holes = ", ".join("?" * len(paths))
    rows = catalog.reader().execute(
        f"SELECT p.shown, e.marks FROM path p JOIN entry e ON e.path_id = p.id WHERE p.shown IN ({holes})",  # noqa: S608
        paths,
    )
    return {path: FileMark(marks) for path, marks in rows}
