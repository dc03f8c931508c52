"""Two things beside each other: what each says of itself, and what is written about both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.citations import letters
from indexer.answer.differing import say_differences
from indexer.answer.evidence import Found
from indexer.answer.extract import ranked_sentences, say_meaning
from indexer.answer.inquiry import MINOR, Inquiry, kind_word, shown_place, shown_symbol
from indexer.answer.page import CODE_LINES
from indexer.answer.questions import content_terms
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import sentences_of
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import stem, stems, tokens
from indexer.types import ChunkKind, FileMark, Hit, Section, SymbolKind

_BOTH: Final = 2
"""Sentences on both that are quoted."""

_OF_ONE: Final = 2
"""Sentences on one side that no definition bears."""

FURTHER: Final = 3
"""Sentences of each one's own documentation."""

_BRIEF: Final = 200
"""Characters of a first sentence that is repeated where the differences were told."""

_UNDER: Final = 20
"""Lines of a document below a name that are read for what is said of it."""

_TWO: Final = 2

_FILES: Final = 15
"""Passages in whose files the things are looked for."""

_KINDS: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.FUNCTION,
     SymbolKind.METHOD)
)  # fmt: skip
_ENDS: Final = r"(?:[?.,;:]|\s[-–—]\s|\s+(?:when|where|in terms|here|in th(?:is|e) \w+)\b|$)"
_SIDES: Final = tuple(
    re.compile(pattern + _ENDS, re.I)
    for pattern in (
        r"\bbetween (?P<one>.+?) and (?P<other>.+?)",
        r"\bcompared? (?P<one>.+?) (?:with|to|and|against) (?P<other>.+?)",
        r"\b(?:do|does|is|are) (?P<one>.+?) (?:differ|different) from (?P<other>.+?)",
        r"\b(?:do|does|are) (?P<one>.+?) and (?P<other>.+?) (?:differ|different)",
        r"\bdistinguishes (?P<one>.+?) from (?P<other>.+?)",
        r"(?:^|\b(?:is|are|of) )(?P<one>[^?.,]+?) (?:vs\.?|versus) (?P<other>.+?)",
    )
)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison: its words, their stems, and what defines it here."""

    words: str
    terms: frozenset[str]
    symbol: FoundSymbol | None


def say_comparison(inquiry: Inquiry) -> None:
    """Tell of each side what defines it here, or else what is written of it; then what speaks of both.

    A side of which nothing can be told is kept in ``page.unmatched``.
    """
    page = inquiry.page
    sides = _sides(inquiry)
    if len(sides) < _TWO:
        say_meaning(inquiry)
        return
    one, other = (side.symbol for side in sides)
    differing = say_differences(inquiry, one, other) if one is not None and other is not None else 0
    # Each is told to its end before the other: a sentence seldom says which of the two it is about.
    told = [_say_side(inquiry, side, sides, brief=differing > 0) for side in sides]
    together = _say_together(inquiry, sides, past=not differing) or _say_branches(inquiry, sides)
    _lead_with_contrast(inquiry, sides)
    page.unmatched = (
        [] if together else [side.words for side, said in zip(sides, told, strict=True) if not said]
    )
    documented = all(side.symbol is not None and side.symbol.doc for side in sides)
    page.answers = together > 0 or differing > 0 or documented


def _lead_with_contrast(inquiry: Inquiry, sides: list[_Side]) -> None:
    """Put the sentence first that sets one side against the other in so many words."""
    page = inquiry.page
    for at, each in enumerate(page.statements):
        held = set(stems(each.text))
        both = all(side.terms <= held for side in sides)
        if each.section is Section.WHAT and each.quoted and both and _AGAINST.search(each.text):
            page.statements.insert(0, page.statements.pop(at))
            return


_AGAINST: Final = re.compile(
    r"\b(?:while|whereas|unlike|in contrast|differs?|rather than|as opposed to)\b", re.I
)


def _sides(inquiry: Inquiry) -> list[_Side]:
    """Return the two things that are compared: by the names that are written, else by the words."""
    named: dict[str, FoundSymbol] = {}
    for symbol in (
        # `group` beside `chunks` is not what chunks calls its group, though that has both words.
        *_side_by_side(inquiry),
        *(each.symbol for each in inquiry.subjects if each.named),
    ):
        named.setdefault(symbol.name.lower(), symbol)
    text = inquiry.asked.text
    if len(named) >= _TWO:
        # In the order of the question.
        pair = sorted(list(named.values())[:_TWO], key=lambda each: text.lower().find(each.name.lower()))
        return [_Side(each.name, frozenset(stems(each.name)), each) for each in pair]
    out = []
    for phrase in phrases_compared(text):
        beside = next((each for one in named.values() for each in _siblings(inquiry, one, phrase)), None)
        if beside is not None and phrase.lower() not in named:
            named[phrase.lower()] = beside
        terms = frozenset(term for word in tokens(phrase) if content_terms(word) for term in stems(word))
        if not terms:
            return []
        bearing = next((each for name, each in named.items() if name in phrase.lower()), None)
        out.append(_Side(phrase, terms, bearing or _definition_of(inquiry, phrase, terms)))
    if len(out) == _TWO and out[0].symbol is not None and out[0].symbol == out[1].symbol:
        # What bears both names defines neither.
        return [_Side(each.words, each.terms, None) for each in out]
    return out


def _siblings(inquiry: Inquiry, symbol: FoundSymbol, name: str) -> list[FoundSymbol]:
    """Return what bears the very name in the type of a definition: the field `Run` beside `RunE`."""
    if not symbol.parent or not name.isidentifier() or name == symbol.name:
        return []
    inside = definitions_in(inquiry.reader, symbol.path_id)
    return [each for each in inside if each.name == name and each.parent == symbol.parent]


def _side_by_side(inquiry: Inquiry) -> list[FoundSymbol]:
    """Return what the names stand for: two of one file before two that are only called so."""
    # A document that lists it says nothing of it where the definition itself does.
    borne = [
        [each for each in naming.symbols if each.doc and not each.marks & MINOR] or naming.symbols
        for naming in inquiry.namings
        if naming.symbols
    ]
    if len(borne) == _TWO:
        for one in borne[0]:
            for other in borne[1]:
                if one.path == other.path and bool(one.parent) == bool(other.parent):
                    return [one, other]
    return [symbols[0] for symbols in borne]


def phrases_compared(text: str) -> list[str]:
    """Return the two phrases that a question compares, without articles; none where they cannot be told.

    "Eager and lazy loading": what the first leaves out it shares with the second.
    """
    match = next((found for pattern in _SIDES if (found := pattern.search(text))), None)
    if match is None:
        return []
    one, other = (_bare(match[name]) for name in ("one", "other"))
    first, second = one.split(), other.split()
    if len(first) == 1 and len(second) == _TWO and not _stands_alone(first[0]):
        one = f"{one} {second[-1]}"
    return [one, other]


_ARTICLE: Final = re.compile(r"^(?:(?:an?|the|our|its|using|having|calling) )+", re.I)
_NO_NOUN: Final = re.compile(r"(?:ed|ing|al|ic|ive|ous|able|er|y|less|ful)$")


def _bare(phrase: str) -> str:
    return _ARTICLE.sub("", re.sub(r"[`\"'“”‘’](?=\W|$)|(?<!\w)[`\"'“”‘’]", "", phrase).strip())


def _stands_alone(word: str) -> bool:
    """Return whether a word may be a noun by itself, by its form."""
    return _NO_NOUN.search(word.lower()) is None or not word.islower()


def _definition_of(inquiry: Inquiry, phrase: str, terms: frozenset[str]) -> FoundSymbol | None:
    """Return what a phrase is the name of, or ends the name of; looked for in the files that were found."""
    last = stem(tokens(phrase)[-1].lower())
    best: tuple[tuple[float, ...], FoundSymbol] | None = None
    paths = [hit.path for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_FILES] if hit.path]
    for path in dict.fromkeys(paths):
        for symbol in definitions_in(inquiry.reader, inquiry.path_id(path)):
            own = stems(symbol.name)
            if symbol.kind not in _KINDS or symbol.marks & MINOR or not own or own[-1] != last:
                continue
            if not terms <= {*own, *stems(f"{symbol.parent} {path}")}:
                continue
            held = len(terms & set(own))
            alone = symbol.kind is not SymbolKind.METHOD
            exact = symbol.name.lower() == phrase.lower()
            value = (exact, held, alone, bool(symbol.doc), last in stems(path), -len(own), symbol.rank)
            if best is None or value > best[0]:
                best = (value, symbol)
    return best[1] if best else None


def _say_side(inquiry: Inquiry, side: _Side, sides: list[_Side], *, brief: bool) -> bool:
    """Tell of one side, ``brief`` where the differences were told. Return whether anything could be told."""
    if side.symbol is not None and side.symbol.marks & FileMark.DOCUMENTATION:
        return _say_under(inquiry, side.symbol)
    if side.symbol is not None:
        _say_one(inquiry, side.symbol, longest=_BRIEF if brief else 0)
        other = next((each.symbol for each in sides if each is not side and each.symbol is not None), None)
        for further in _telling_apart(inquiry, side.symbol, other)[: FURTHER - 1]:
            inquiry.page.quote(Section.WHAT, further)
        return True
    others = [each.terms for each in sides if each is not side]
    return _quote_of(inquiry, side.terms, _OF_ONE, without=others) > 0


def _telling_apart(inquiry: Inquiry, symbol: FoundSymbol, other: FoundSymbol | None) -> list[Found]:
    """Return what a definition says of itself after its first sentence: first what names the other, then what
    the other does not say of itself in the same words.
    """
    own = _own(inquiry, symbol)[1:]
    if other is None:
        return own
    shared = {letters(each.sentence.text).replace(other.name.lower(), "") for each in _own(inquiry, other)}
    named = re.compile(rf"(?<![\w.]){re.escape(other.name)}\b|\.{re.escape(other.name)}\b")
    return sorted(
        own,
        key=lambda each: (
            named.search(each.sentence.text) is None,
            letters(each.sentence.text).replace(symbol.name.lower(), "") in shared,
        ),
    )


def _say_under(inquiry: Inquiry, symbol: FoundSymbol) -> bool:
    """Quote the first sentences that a document has under a name."""
    source = inquiry.page.sources.file(symbol.path)
    if source is None:
        return False
    last = min(len(source.lines), symbol.start_line + _UNDER)
    # The next name that a directive or a title sets ends what is said of this one.
    others = [
        each.start_line
        for each in definitions_in(inquiry.reader, symbol.path_id)
        if symbol.start_line < each.start_line <= last and symbol.name not in each.name
    ]
    last = min([last, *(line - 1 for line in others)])
    text = "\n".join(source.lines[symbol.start_line - 1 : last])
    hit = Hit(
        symbol.path, symbol.start_line, last, ChunkKind.DOC, symbol.qualified, source.commit_id, 0.0, (),
        text, source.oid, language=source.language,
    )  # fmt: skip
    told = [
        replace(each, heading=symbol.name)
        for each in sentences_of(hit.kind, hit.language, text, hit.start_line)
        if each.role is Role.PROSE and is_readable(each.text)
    ]
    said = [inquiry.page.quote(Section.WHAT, Found.of(each, hit)) for each in told[:FURTHER]]
    return any(said)


def _say_together(inquiry: Inquiry, sides: list[_Side], *, past: bool) -> int:
    """Quote sentences that hold both sides, of history too where ``past``. Return how many."""
    terms = frozenset().union(*(side.terms for side in sides))
    return _quote_of(
        inquiry, terms, _BOTH, naming=[each.symbol.name for each in sides if each.symbol], past=past
    )


def _say_branches(inquiry: Inquiry, sides: list[_Side]) -> int:
    """Show the code that tells two values apart, `case 'simple'`, `case 'extended'`. Return 1 when shown."""
    if any(side.symbol is not None for side in sides):
        return 0
    words = [tokens(side.words)[-1].lower() for side in sides]
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_FILES]:
        if hit.path is None or inquiry.is_minor_hit(hit):
            continue
        lines = hit.text.split("\n")
        at = [
            next((n for n, line in enumerate(lines) if re.search(rf"[\"'`:]{re.escape(word)}\b", line)), None)
            for word in words
        ]
        one, other = at
        if one is not None and other is not None and abs(one - other) <= CODE_LINES - _TWO:
            first, last = min(one, other), max(one, other)
            return int(
                inquiry.page.code(
                    Section.WHAT, hit.path, hit.start_line + first, hit.start_line + last + _TWO
                )
            )
    return 0


def _quote_of(
    inquiry: Inquiry,
    terms: frozenset[str],
    limit: int,
    without: list[frozenset[str]] | None = None,
    naming: Sequence[str] = (),
    *,
    past: bool = True,
) -> int:
    """Quote sentences that hold all of ``terms``, and not all of any of ``without``. What history says of
    some change long ago must write each of ``naming`` as it is; nothing does where ``past`` is not wanted.
    """
    said = 0
    for _, found in ranked_sentences(inquiry):
        # The subject of a commit says what somebody did, not how the two differ.
        if found.sentence.role in (Role.SUBJECT, Role.TITLE) or inquiry.is_minor(found):
            continue
        if found.sentence.dangles and inquiry.page.statements:
            continue
        old = found.hit.kind is ChunkKind.COMMIT or CHANGE_LOG.search(found.hit.path or "")
        if old and (not past or (naming and not _names_each(found.sentence.text, naming))):
            continue
        words = set(stems(f"{found.sentence.text} {found.sentence.heading}"))
        if terms <= words and not any(each - terms and each <= words for each in without or ()):
            said += inquiry.page.quote(Section.WHAT, found)
        if said >= limit:
            break
    return said


def _names_each(text: str, names: Sequence[str]) -> bool:
    """Return whether a sentence writes each name as code, and not as a plain word of its own."""
    return all(
        re.search(rf"[`.:#]{re.escape(name)}\b|(?<![\w.]){re.escape(name)}\(", text)
        or (re.search(r"_|[a-z][A-Z]", name) and re.search(rf"\b{re.escape(name)}\b", text))
        for name in names
    )


def _own(inquiry: Inquiry, symbol: FoundSymbol) -> list[Found]:
    return [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]


def _say_one(inquiry: Inquiry, symbol: FoundSymbol, longest: int = 0) -> None:
    """Say where it is, and what it says of itself, unless that is ``longest`` or more."""
    own = _own(inquiry, symbol)
    first = own[0] if own and not (longest and len(own[0].sentence.text) > longest) else None
    proof = inquiry.page.cite(first) if first is not None else None
    told = f": “{first.sentence.text}”" if first is not None and proof is not None else "."
    inquiry.page.tell(
        Section.WHAT,
        f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in"
        f" {shown_place(symbol.path, symbol.name_line)}{told}",
        [inquiry.signature(symbol), proof],
    )
    if not own:
        last = min(symbol.end_line, symbol.name_line + 5)
        inquiry.page.code(Section.WHAT, symbol.path, symbol.name_line, last)
