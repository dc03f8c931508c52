"""Read a question: what each part of it asks for, and what it is about.

By the structure of the clause (its question word, the noun that goes with it, auxiliaries, modals,
who is its subject), so that it holds for any project. What a sentence asks for says only which
evidence would answer it; whether there is such evidence is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer import lexicon
from indexer.answer.needs import OURS, WORD, Need, need_of
from indexer.answer.values import NUMBER_WORDS
from indexer.repo.words import stems


@dataclass(frozen=True, slots=True)
class Part:
    """One clause, and what it asks for. ``terms`` are its content stems, in order, once each."""

    text: str
    need: Need
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as understood. ``names`` are written like identifiers, paths or quotations."""

    text: str
    parts: tuple[Part, ...]
    terms: tuple[str, ...]
    names: tuple[str, ...]
    about_us: bool
    """True when it speaks of "we", "our": those who run this code, whom the code does not know."""


def read_question(text: str) -> Asked:
    """Return what ``text`` asks; any text gives at least one part."""
    text = " ".join(text.split())[:_LONGEST]
    parts: list[Part] = []
    context: list[str] = []
    for clause in _clauses(text):
        if parts and parts[-1].need is Need.CHANGE and _DID_IT.fullmatch(clause.rstrip("? ")):
            # "Since when …, and who did that?": a timeline names them.
            continue
        if parts and parts[-1].need in _DATED and _WHEN.fullmatch(clause.rstrip("? ")):
            continue
        own = content_terms(clause)
        need = need_of(clause)
        if need is None:
            context += own
        else:
            # "… and where is it?" speaks of what the clause before spoke of.
            terms = own or (list(parts[-1].terms) if parts else [])
            parts.append(Part(clause, need, tuple(terms)))
    parts = parts or [Part(text, Need.MEANING, tuple(content_terms(text)))]
    joined = tuple(replace(part, terms=_once([*part.terms, *context])) for part in merged(parts))
    return Asked(
        text=text,
        parts=joined,
        terms=_once([term for part in joined for term in part.terms]),
        names=_once(list(_names(text))),
        about_us=not OURS.isdisjoint(WORD.findall(text.lower())),
    )


def versions_joined(text: str) -> str:
    """Return a text with what has a version behind a slash written as code names it: HTTP/2 as HTTP2.

    Cut at the slash it would be a question about any HTTP.
    """
    return VERSIONED.sub(r"\1\2", text)


def content_terms(text: str) -> list[str]:
    """Return the stems of the words that carry the subject, in order."""
    out = _carrying(text, lexicon.ON_ASKING)
    words = {word.lower() for word in WORD.findall(text)}
    # "Who answers questions about the cart?" is about the cart; "how is a question answered?" is not.
    return out if len(out) > 1 or words & _WHO else _carrying(text, frozenset())


def _carrying(text: str, left_out: frozenset[str]) -> list[str]:
    out: list[str] = []
    small = lexicon.FUNCTION_WORDS | lexicon.AUXILIARIES | left_out
    for token in _TOKEN.findall(_MANNER.sub(" ", versions_joined(text))):
        word = token.lower()
        # A number is found by its digits (see values.py), which no wording of it changes.
        if word in small or word in NUMBER_WORDS:
            continue
        out += [each for each in stems(token) if len(each) > 1]
    return out


def spoken_terms(text: str) -> list[tuple[str, list[str]]]:
    """Return the words of a question as they were typed, each with its stems, in order."""
    return [(token, stems(token)) for token in _TOKEN.findall(text)]


def literal_terms(text: str) -> frozenset[str]:
    """Return the stems that stand only in an address, `/admin/accounts`: examples of the asker's own."""
    bare = _ADDRESS.sub(" ", text)
    return frozenset(stems(text)) - frozenset(stems(bare))


_ADDRESS: Final = re.compile(r"(?<![\w.:])/[\w{}<>:*-]+(?:/[\w{}<>:*.-]+)*/?(?![\w])")

_WHO: Final = frozenset(("who", "whom", "whose"))

_LONGEST: Final = 2_000
"""Characters of a question that are read; a longer one is a pasted log, not a question."""

_MANNER: Final = re.compile(
    r"\b(?:(?:walk|talk|take|run) me through|step[- ]by[- ]step|end[- ]to[- ]end|under the hood"
    r"|behind the (?:scenes|curtain)"
    r"|in (?:short|detail|depth|general)|on earth|the (?:hell|heck)|of all things"
    r"|(?:on|from) (?:my|your|our) (?:own )?(?:laptop|machine|computer|box|notebook|pc|mac)"
    r"|brand[- ]new|out[- ]of[- ]the[- ]box"
    r"|at (?:that|this|the) moment|(?:is|are) there|(?:put|fit|work|go|hang|belong)(?:s|ed)? together"
    r"|(?:end|land)(?:s|ed)? up|w(?:ind|inds|ound) up|in the end|all the way)\b",
    re.I,
)
"""How an answer is wished for, not what about."""

_DID_IT: Final = re.compile(
    r"(?:and )?(?:whose (?:commit|change|work|doing) (?:was|is) (?:it|that)"
    r"|(?:who|by whom)(?: was it(?: that)?| has| have)?"
    r"(?: (?:did|made|wrote|took|added|removed|changed|introduced|brought|done|put|fixed)"
    r"(?: (?:that|this|it|them))?(?: change)?(?: (?:in|out|away|up))?)?)",
    re.I,
)

_DATED: Final = frozenset((Need.CHANGE, Need.AUTHOR))
"""What is told with its days, so that a bare "and when?" behind it asks for nothing more."""
_WHEN: Final = re.compile(r"(?:and )?(?:since )?when(?: was (?:it|that))?", re.I)
VERSIONED: Final = re.compile(r"(?<![\w./-])([A-Za-z]{2,})/(\d{1,2})(?:\.\d+)*(?![\w/])")

_TOKEN: Final = re.compile(r"[^\W_](?:[\w'’]|-(?=\w))*")
_SENTENCE_END: Final = re.compile(
    r"(?<=[?!;])\s+|(?<=\.)\s+(?=[A-Z])|(?<=\w{2}\.)\s+(?=(?:who|why|where|when|how|what|which|since)\b)"
)
"""People who type in haste begin a sentence with a small letter."""
_JOINT: Final = re.compile(
    r"(?:,?\s+(?:and|or|but)|,)\s+(?=(?:then\s+)?(?:who|whom|whose|why|where|when|how|what|is|are|do|does|did"
    r"|can|could|may|must|should|was|were|has|have)\s+\w)"
    r"|,?\s+and\s+(?=which\s+\w|(?:who|why|where|when|how)\s*\?*$)",
    re.I,
)


def _clauses(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(text):
        pieces = [piece.strip(" ,") for piece in _JOINT.split(sentence)]
        asking = _spread([piece for piece in pieces if piece])
        # "in a multibuy, why …": what stands before the question word belongs to its clause.
        if len(asking) > 1 and not _asks(asking[0]):
            asking[:2] = [f"{asking[0]}, {asking[1]}"]
        yield from asking


def _spread(pieces: list[str]) -> list[str]:
    """Give a lone question word what the next clause asks about: "when and why was it replaced"."""
    out = list(pieces)
    for at, piece in reversed(list(enumerate(out[:-1]))):
        following = out[at + 1].split(" ", 1)
        if piece.lower() in lexicon.INTERROGATIVES and len(following) > 1:
            out[at] = f"{piece} {following[1]}"
    return out


def _asks(clause: str) -> bool:
    words = WORD.findall(clause.lower())
    begins = bool(words) and words[0] in lexicon.AUXILIARIES
    return begins or not lexicon.INTERROGATIVES.isdisjoint(words) or clause.endswith("?")


def merged(parts: list[Part]) -> list[Part]:
    """Join parts that ask for the same thing."""
    out: dict[Need, Part] = {}
    for part in parts:
        known = out.get(part.need)
        joined = (
            part if known is None else Part(f"{known.text} {part.text}", part.need, known.terms + part.terms)
        )
        out[part.need] = joined
    return list(out.values())


def _once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


# ----------------------------------------------------------------------------------- names

_QUOTED: Final = re.compile(r"[`\"“‘]([^`\"“”’]{2,80})[`\"”’]|(?<!\w)'([^']{2,80})'(?!\w)")
_IDENTIFIER: Final = re.compile(
    r"[\w./-]*\w/[\w./-]+"  # a path
    r"|\w+(?:(?:\.|::|->|#)\w+)+(?:\(\))?"  # dotted
    r"|\w+\(\)"
    r"|\w*[a-z0-9][A-Z]\w*|\b[A-Z]{2,}[a-z]{3,}\w*"  # camelCase, XMLReader
    r"|[A-Za-z]\w*_\w+|_\w+"
    r"|\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b"  # COBOL
    r"|\b[A-Z][A-Z0-9]{2,}\b"
)
_ITSELF: Final = re.compile(r"^(?:self|this|cls)(?:\.|->|::)")
_NO_NAMES: Final = frozenset(("and/or", "e.g", "i.e"))


def _names(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        yield (match[1] or match[2]).strip()
    for match in _IDENTIFIER.finditer(text):
        name = _ITSELF.sub("", match.group().removesuffix("()").strip("."))
        # A version or a figure is no name.
        if any(letter.isalpha() for letter in name) and name.lower() not in _NO_NAMES:
            yield name
