"""Read a question: what each part of it asks for, and what it is about.

By the structure of the clause (its question word, the noun that goes with it, auxiliaries, modals,
who is its subject), so that it holds for any project. What a sentence asks for says only which
evidence would answer it; whether there is such evidence is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from indexer.answer import lexicon
from indexer.repo.words import stem, stems


class Need(StrEnum):
    """What a part of a question asks for."""

    PLACE = "place"
    MEANING = "meaning"
    MECHANISM = "mechanism"
    REASON = "reason"
    CHANGE = "change"
    AUTHOR = "author"
    IMPACT = "impact"
    COMMAND = "command"
    SETTING = "setting"
    EXAMPLE = "example"
    PARTS = "parts"
    CONFIRM = "confirm"
    FIGURE = "figure"
    PERSON = "person"
    """Who decided, owns, must agree: a role among people, not who wrote the lines."""
    POLICY = "policy"
    """What people may, must or should do."""
    JUDGEMENT = "judgement"
    """Whether something is good, or still right, for us."""


OF_PEOPLE: Final = frozenset({Need.REASON, Need.FIGURE, Need.PERSON, Need.POLICY, Need.JUDGEMENT})
"""What code alone never answers: only something that a person recorded does."""


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

    def needs(self, *needs: Need) -> bool:
        """Return whether any part asks for one of ``needs``."""
        return any(part.need in needs for part in self.parts)


def read_question(text: str) -> Asked:
    """Return what ``text`` asks; any text gives at least one part."""
    text = " ".join(text.split())[:_LONGEST]
    names = tuple(dict.fromkeys(_names(text)))
    parts: list[Part] = []
    context: list[str] = []
    for clause in _clauses(text):
        words = _WORD.findall(clause.lower())
        terms = content_terms(clause)
        need = _need(words, clause)
        if need is None:
            context += terms
            continue
        # "… and where is it?" speaks of what the clause before spoke of.
        own = terms or (list(parts[-1].terms) if parts else [])
        parts.append(Part(clause, need, tuple(dict.fromkeys(own))))
    if not parts:
        parts.append(Part(text, Need.MEANING, tuple(content_terms(text))))
    parts = [Part(each.text, each.need, tuple(dict.fromkeys([*each.terms, *context]))) for each in parts]
    terms = tuple(dict.fromkeys(term for part in parts for term in part.terms))
    about_us = not _OURS.isdisjoint(_WORD.findall(text.lower()))
    return Asked(text, _merged(parts), terms, names, about_us)


def content_terms(text: str) -> list[str]:
    """Return the stems of the words that carry the subject, in order."""
    out: list[str] = []
    for token in _TOKEN.findall(text):
        if token.lower() in lexicon.FUNCTION_WORDS or token.lower() in lexicon.AUXILIARIES:
            continue
        out += [each for each in stems(token) if len(each) > 1]
    return out


_LONGEST: Final = 2_000
"""Characters of a question that are read; a longer one is a pasted log, not a question."""

_WORD: Final = re.compile(r"[a-z0-9_']+(?:-[a-z0-9]+)*", re.I)
_TOKEN: Final = re.compile(r"[^\W_](?:[\w'’]|-(?=\w))*")
_OURS: Final = frozenset("we us our ours my mine i".split())
_SENTENCE_END: Final = re.compile(r"(?<=[?!;])\s+|(?<=\.)\s+(?=[A-Z])")
_JOINT: Final = re.compile(
    r"(?:,?\s+(?:and|or|but)|,)\s+(?=(?:then\s+)?(?:who|whom|whose|why|where|when|how|what|is|are|do|does|did|can"
    r"|could|may|must|should|was|were|has|have)\s+\w)",
    re.I,
)


def _clauses(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(text):
        pieces = [piece.strip(" ,") for piece in _JOINT.split(sentence)]
        asking = [piece for piece in pieces if piece]
        # "in a multibuy, why …": what stands before the question word belongs to its clause.
        if len(asking) > 1 and not _asks(asking[0]):
            asking[:2] = [f"{asking[0]}, {asking[1]}"]
        yield from asking


def _asks(clause: str) -> bool:
    words = _WORD.findall(clause.lower())
    return bool(words) and (
        words[0] in lexicon.AUXILIARIES
        or not lexicon.INTERROGATIVES.isdisjoint(words)
        or clause.endswith("?")
    )


def _need(words: list[str], clause: str) -> Need | None:
    """Return what a clause asks for, or None when it only tells something."""
    if not words:
        return None
    at = next((place for place, word in enumerate(words) if word in lexicon.INTERROGATIVES), -1)
    stemmed = [stem(word) for word in words]
    imperative = _imperative(words, stemmed)
    if imperative is not None and (at < 0 or at > 0):
        return imperative if at < 0 else _wh(words, stemmed, at)
    if words[0] in lexicon.AUXILIARIES:
        return _yes_no(words, stemmed)
    if at < 0:
        return Need.MEANING if clause.endswith("?") else None
    if at > 0 and not clause.endswith("?") and not _opens(words, at):
        return None
    return _wh(words, stemmed, at)


def _opens(words: list[str], at: int) -> bool:
    """Return whether only a preposition or a leading phrase stands before the question word."""
    return at <= 2 or words[at + 1 : at + 2] != [] and words[at + 1] in lexicon.AUXILIARIES


def _imperative(words: list[str], stemmed: list[str]) -> Need | None:
    first = words[0]
    if first in ("explain", "describe", "walk"):
        return Need.MECHANISM
    if first in ("find", "locate", "show"):
        return Need.EXAMPLE if not lexicon.EXAMPLE.isdisjoint(stemmed) else Need.PLACE
    if first in ("list", "name"):
        return Need.SETTING if not lexicon.SETTING.isdisjoint(stemmed) else Need.PLACE
    return Need.MEANING if first == "define" else None


def _wh(words: list[str], stemmed: list[str], at: int) -> Need:
    word, rest, rest_stems = words[at], words[at + 1 :], stemmed[at + 1 :]
    if word == "why" or (word == "how" and rest[:1] == ["come"]):
        return Need.REASON
    if word in ("who", "whom", "whose"):
        return _who(rest_stems, rest)
    if word == "where":
        return _where(rest, rest_stems)
    if word == "when":
        return _when(rest, rest_stems)
    if word == "how":
        return _how(rest, rest_stems)
    return _what(words[:at], rest, rest_stems)


def _who(rest: list[str], words: list[str]) -> Need:
    """Tell those who wrote the lines from those who decide and answer for them."""
    verbs = set(rest[:4])
    if words[:1] and words[0] in ("gets", "got", "can", "could"):
        return Need.MEANING
    duty = not lexicon.DUTY.isdisjoint(rest[:2]) or words[:2] in (
        ["has", "to"],
        ["have", "to"],
        ["needs", "to"],
    )
    if duty:
        return Need.PERSON
    author, decides = verbs & lexicon.AUTHOR, verbs & lexicon.DECIDE
    if "own" in verbs or "maintain" in verbs or "know" in verbs:
        return Need.AUTHOR
    if decides and not (author and rest and rest[0] in lexicon.AUTHOR):
        return Need.PERSON
    if author:
        return Need.AUTHOR
    return Need.PERSON


def _where(words: list[str], rest: list[str]) -> Need:
    if words[:1] == ["should"] or words[:2] in (["do", "we"], ["must", "we"]):
        return (
            Need.PARTS
            if "start" in rest or "begin" in rest
            else Need.POLICY
            if "report" in rest
            else Need.PLACE
        )
    if words[:2] in (["do", "i"], ["should", "i"], ["can", "i"]) and ("start" in rest or "begin" in rest):
        return Need.PARTS
    return Need.PLACE


def _when(words: list[str], rest: list[str]) -> Need:
    past = words[:1] and words[0] in ("was", "were", "did", "has", "have")
    return Need.CHANGE if past else Need.MECHANISM


def _how(words: list[str], rest: list[str]) -> Need:
    if words and words[0] in lexicon.SIZE:
        return Need.FIGURE
    if words[:2] == ["do", "we"] and "usual" in rest[:4]:
        return Need.EXAMPLE
    person = words[:2] in (
        ["do", "i"],
        ["do", "you"],
        ["can", "i"],
        ["to"],
        ["should", "i"],
        ["do", "we"],
        ["can", "we"],
    ) or (words[:1] == ["to"])
    if person and not lexicon.DO.isdisjoint(rest[:5]):
        return Need.COMMAND
    if person and not lexicon.ADJUST.isdisjoint(rest[:4]):
        return Need.SETTING
    if (
        words[:1]
        and words[0] in ("has", "have", "did", "was", "were")
        and not lexicon.CHANGE.isdisjoint(rest)
    ):
        return Need.CHANGE
    return Need.EXAMPLE if person and not lexicon.EXAMPLE.isdisjoint(rest) else Need.MECHANISM


def _what(before: list[str], words: list[str], rest: list[str]) -> Need:
    """Read ``what`` and ``which`` by the noun that goes with them, else by the verb."""
    noun = _head(words, rest)
    if noun & lexicon.REASON or (rest[:1] and rest[0] in lexicon.CAUSATIVES and "to" not in words[:3]):
        return Need.REASON
    if (
        words[:1]
        and words[0] in ("is", "was", "were", "are", "went", "goes")
        and not lexicon.FAILURES.isdisjoint(rest[1:4])
    ):
        return Need.REASON
    if words[:1] == ["went"]:
        return Need.REASON
    if words[-1:] == ["for"] and "do" in words[:3]:
        return Need.REASON
    if noun & lexicon.SETTING:
        return Need.SETTING
    if noun & lexicon.PARTS and words[:1] != ["does"]:
        return Need.PARTS
    if noun & lexicon.EXAMPLE:
        return Need.EXAMPLE
    duty = any(word in ("may", "must", "should", "shall") for word in words) or not {
        "suppos",
        "allow",
        "permit",
    }.isdisjoint(rest)
    if noun & lexicon.ROLES:
        return Need.POLICY if duty else Need.PERSON
    if noun & lexicon.MEASURE:
        return Need.POLICY if duty else Need.FIGURE
    if not lexicon.IMPACT.isdisjoint(rest[:3]) or ("happen" in rest[:2] and "if" in words):
        return Need.IMPACT if "break" in rest[:3] or not {"i", "we"}.isdisjoint(words) else Need.MECHANISM
    if words[:2] and "change" in rest[:3] and words[0] in ("was", "were", "did", "has", "have", "changed"):
        return Need.CHANGE
    if noun & lexicon.PLACE or (not before and noun and words[0] not in lexicon.AUXILIARIES and False):
        return Need.PLACE
    if duty:
        return Need.POLICY
    if words[:1] and words[0] in ("happens", "happen"):
        return Need.MECHANISM
    return Need.MEANING


def _head(words: list[str], rest: list[str]) -> set[str]:
    """Return the stems of the noun phrase after ``what`` or ``which``, or after its ``is the``."""
    place = 0
    if words[:1] and words[0] in lexicon.AUXILIARIES:
        place = 1
        if not (words[1:2] and words[1] in ("the", "our", "a", "an", "its", "all")) and words[0] not in (
            "are",
            "is",
        ):
            return set()
    phrase: list[str] = []
    for word, stemmed in zip(words[place : place + 6], rest[place : place + 6], strict=False):
        if word in lexicon.AUXILIARIES or word in ("of", "for", "to", "in", "that", "by", "on", "behind"):
            break
        phrase.append(stemmed)
    return set(phrase[:4])


def _yes_no(words: list[str], stemmed: list[str]) -> Need:
    subject = words[1:4]
    ours = bool(subject) and (subject[0] in _OURS or any(stem(word) in lexicon.ROLES for word in subject[:3]))
    if "reason" in stemmed or "ground" in stemmed:
        return Need.REASON
    modal = words[0] in ("may", "must", "should", "shall", "mustn't", "shouldn't")
    if not lexicon.JUDGE.isdisjoint(stemmed) or (
        "still" in words and words[0] in ("is", "are", "do", "does")
    ):
        return Need.JUDGEMENT
    if modal and (ours or "be" not in words[2:5]):
        return Need.POLICY
    if (
        ours
        or any(stem(word) in lexicon.ROLES for word in words[1:])
        and not lexicon.DECIDE.isdisjoint(stemmed)
    ):
        return Need.POLICY
    if words[0] in ("can", "could") and not _OURS.isdisjoint(words):
        return Need.JUDGEMENT
    return Need.CONFIRM


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


def _names(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        yield (match[1] or match[2]).strip()
    for match in _IDENTIFIER.finditer(text):
        name = match.group().removesuffix("()").strip(".")
        # "and/or" and "e.g." are no names; a version or a figure is none either.
        if any(letter.isalpha() for letter in name) and name.lower() not in ("and/or", "e.g", "i.e"):
            yield name


def _merged(parts: list[Part]) -> tuple[Part, ...]:
    """Join parts that ask for the same thing."""
    out: dict[Need, Part] = {}
    for part in parts:
        known = out.get(part.need)
        if known is not None:
            part = Part(
                f"{known.text} {part.text}", part.need, tuple(dict.fromkeys(known.terms + part.terms))
            )
        out[part.need] = part
    return tuple(out.values())
