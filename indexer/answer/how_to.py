"""How one does something with it: the code that a document or an example shows for it, else the definition
that does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.code_blocks import code_in, whole
from indexer.answer.evidence import Found
from indexer.answer.extract import say_definition
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry
from indexer.answer.needs import WORD
from indexer.answer.page import CODE_LINES, WHOLE_LINES
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import Sentence, sentences_in, sentences_of
from indexer.index.mentions import mentions
from indexer.repo.words import stems
from indexer.types import ChunkKind, FileMark, Hit, Section

READ: Final = 10
"""Passages of documents, the likeliest first, whose code is looked at."""

LEAST: Final = 0.7
OF_DEVOTED: Final = 0.6
"""Share of the question that a piece of code must hold with what stands over it; the same in a document that
is called by words of the question alone, whose piece then comes before others.
"""

SAID: Final = 0.25
"""The same of what stands over it alone: code that nothing introduces may be of anything."""

MOSTLY: Final = 0.5
"""Share of the question that the name of such a document must be."""

DOES: Final = 0.75
"""The same that a definition must hold in its name and first sentence where no document shows any code."""

WEIGHTY: Final = 0.2
OF_DEVOTED_WEIGHTY: Final = 0.4
DEED: Final = 0.2
"""Share of the question from which a word must not be missing there, in a document devoted to it too, and the
same for what is to be done: how one cancels an order is not how one places it.
"""

ANY_DEED: Final = frozenset(
    (
        "use", "make", "send", "pass", "write", "get", "do", "have", "appli", "set", "call", "perform",
        "handl", "work", "go",
    )
)  # fmt: skip
"""Stems of deeds that say nothing of what is done: another word may stand for them anywhere."""

_BOUNDS: Final = frozenset(
    (
        "once", "twice", "only", "again", "without", "but", "except", "unless", "before", "after", "until",
        "while", "never", "every",
    )
)  # fmt: skip
"""Words that say under which condition something is done: what is shown must have them too."""

_BEFORE: Final = 8
"""Lines over a piece of code in which what is said of it stands."""
_DEFINITIONS: Final = 5
_NEAR: Final = 0.9
"""What a piece of code must hold beside the best one for coming before it in its document to tell."""
_BEFORE_OTHERS: Final = 0.75
_SHOWN: Final = 2

_ASKED: Final = re.compile(
    r"\bhow (?:do|can|could|should|would|might) (?:i|you|one)\b|\bhow (?:can|could|should) we\b|\bhow to\b"
    r"|\bwhat (?:do|should|must) i (?:write|call|pass|type|do) to\b",
    re.I,
)
_NOT_SO: Final = re.compile(
    r"\b(?:instead of|rather than|don['’]t|do not|avoid|never|wrong|bad idea|not recommended|deprecated"
    r"|no longer|used to|previously|before this)\b",
    re.I,
)
"""What such words introduce is how it is not done, or was once."""
_TYPED: Final = re.compile(r"^\s*(?:\$|%)\s")
_REMARK: Final = re.compile(r"\s*(?://|#|/?\*|--|;)")
_TELLS_WHETHER: Final = re.compile(
    r"^(?:\w+ )?(?:(?:determines?|checks?|tells?|reports?|returns?|tests?)(?: (?:true|false))? (?:if|whether)"
    r"|(?:true|false|whether)\b)",
    re.I,
)
"""What begins so finds out, and does nothing."""
_WITH: Final = re.compile(
    r"\b(?:with|using|use|via|by|call(?:ing)?|through)\s+(?:the\s+)?[\w.:#`\"']*$", re.I
)
"""What stands before the name of a means."""
_OF_USE: Final = 4
"""Lines that are shown behind the first of a use."""
_NEXT: Final = 3
"""Lines behind a comment within which the code that it is about begins."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines of code of a document, 1-based and inclusive, with the sentences right over them."""

    hit: Hit
    start_line: int
    end_line: int
    said: tuple[Sentence, ...]
    share: float
    """Of the question's weight what it holds with all that, and what it is said to be about once more."""


def deed_asked(text: str) -> str:
    """Return the stem of what the asker wants to do, or nothing."""
    asked = _ASKED.search(text)
    return next(iter(stems(text[asked.end() :])), "") if asked is not None else ""


def asks_how_to(text: str) -> bool:
    """Return whether a text asks how the asker does something, not how it is done inside."""
    return _ASKED.search(text) is not None


def say_how_to(inquiry: Inquiry) -> bool:
    """Show the code that a document gives for what the asker wants to do, else name what does it.

    Return whether there is either.
    """
    weights = _weights(inquiry)
    pieces = [piece for hit in _documents(inquiry) for piece in _pieces(inquiry, hit, weights)]
    pieces = pieces or [piece for hit in _examples(inquiry) for piece in _commented(inquiry, hit, weights)]
    if not pieces:
        return _say_definition(inquiry, weights) or _say_named(inquiry)
    most = max(piece.share for piece in pieces)
    near = [piece for piece in pieces if piece.share >= most * _NEAR]
    # A document goes from the plain to the particular.
    best = min((each for each in near if each.hit.path == near[0].hit.path), key=lambda each: each.start_line)
    said = False
    for sentence in best.said:
        said |= inquiry.page.quote(Section.WHAT, Found.of(sentence, best.hit))
    path, first, last = best.hit.path or "", best.start_line, best.end_line
    source = inquiry.page.sources.file(path)
    if source is not None and best.hit.kind is ChunkKind.DOC:
        first, last = whole(source.lines, first, last, fenced=not path.endswith(".rst"))
    most = WHOLE_LINES if last - first < WHOLE_LINES else CODE_LINES
    return inquiry.page.code(Section.WHAT, path, first, last, most) or said


def _say_definition(inquiry: Inquiry, weights: Mapping[str, float]) -> bool:
    """Tell the definition that does just this by its name and first sentence. Return whether one does."""
    bounds = _BOUNDS & set(WORD.findall(inquiry.asked.text.lower()))
    for subject in inquiry.subjects[:_DEFINITIONS]:
        symbol = subject.symbol
        if symbol.kind not in CALLABLE or symbol.marks & MINOR or symbol.name.startswith("_"):
            continue
        first = next((each.sentence.text for each in inquiry.documentation(symbol)), "")
        if _TELLS_WHETHER.search(first):
            continue
        if not first or not bounds <= set(WORD.findall(first.lower())):
            continue
        held = inquiry.evidence.spoken_in(f"{symbol.name} {symbol.parent} {first}")
        if sum(weights.get(term, 0.0) for term in held) >= DOES and not _leaves_out(inquiry, weights, held):
            return say_definition(inquiry, symbol)
    return False


def _say_named(inquiry: Inquiry) -> bool:
    """Tell of what the question names as its means, "with `register_extension`": what it is, what it says of
    itself, and where it is used, an example first. Return whether the question names such a thing.
    """
    named = [each.symbol for each in inquiry.subjects if each.named and each.symbol.kind in CALLABLE]
    before = {each.name: inquiry.asked.text.partition(each.name) for each in named}
    meant = [each for each in named if before[each.name][1] and _WITH.search(before[each.name][0])]
    if not meant or not say_definition(inquiry, meant[0]):
        return False
    symbol, page = meant[0], inquiry.page
    told = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)][1:]
    for found in told[:_SHOWN]:
        page.quote(Section.WHAT, found)
    # An example before a test, a call before whatever else writes the name, another file before its own.
    called = re.compile(rf"(?<!def )\b{re.escape(symbol.name)}\b\s*[(\[{{ ]\s*[\w\"':&.]")
    best = min(
        mentions(inquiry.reader, symbol.name).found,
        key=lambda each: (
            not each.marks & MINOR,
            each.path == symbol.path,
            called.search(each.text) is None,
            not each.marks & FileMark.EXAMPLE,
        ),
        default=None,
    )
    if best is not None:
        page.code(Section.WHAT, best.path, best.line, best.line + _OF_USE)
    return True


def _weights(inquiry: Inquiry) -> dict[str, float]:
    """Return what the words of the question weigh without a deed that may be any; they add up to 1."""
    deed = deed_asked(inquiry.asked.text)
    weights = inquiry.evidence.weights
    kept = {term: own for term, own in weights.items() if term not in ANY_DEED or term != deed}
    whole = sum(kept.values())
    return {term: own / whole for term, own in kept.items()} if whole else {}


def _documents(inquiry: Inquiry) -> list[Hit]:
    """Return the passages of documents to look at; of one that is devoted to what is asked all its lines."""
    found = inquiry.evidence.of_kind(ChunkKind.DOC)
    told = [each for each in found if not CHANGE_LOG.search(each.path or "")][:READ]
    out: dict[tuple[str, int], Hit] = {}
    for hit in (_whole(inquiry, each) for each in told):
        out.setdefault((hit.path or "", hit.start_line), hit)
    return list(out.values())


def _whole(inquiry: Inquiry, hit: Hit) -> Hit:
    """Return a passage, or all lines of its document where that is devoted to what is asked."""
    path = hit.path or ""
    source = inquiry.page.sources.file(path) if _is_devoted(inquiry, path) else None
    if source is None:
        return hit
    return replace(hit, text="\n".join(source.lines), start_line=1, end_line=len(source.lines), symbol="")


def _is_devoted(inquiry: Inquiry, path: str) -> bool:
    """Return whether a document is called by words of the question alone, which are most of it."""
    name = path.rpartition("/")[2].partition(".")[0]
    held = inquiry.evidence.spoken_in(name)
    return held >= set(stems(name)) and sum(_weights(inquiry).get(term, 0.0) for term in held) >= MOSTLY


def _pieces(inquiry: Inquiry, hit: Hit, weights: Mapping[str, float]) -> Iterator[_Piece]:
    """Yield the pieces of code of a passage that are about what is asked, in their order."""
    lines = hit.text.split("\n")
    prose = [each for each in sentences_in(hit) if each.role is not Role.TITLE]
    devoted = _is_devoted(inquiry, hit.path or "")
    name = (hit.path or "").rpartition("/")[2]
    bounds = _BOUNDS & set(WORD.findall(inquiry.asked.text.lower()))
    for start, end in code_in(lines, fenced=not (hit.path or "").endswith(".rst")):
        if _TYPED.match(lines[start]):
            continue
        first = hit.start_line + start
        said = [each for each in prose if first - _BEFORE <= each.start_line and each.end_line < first]
        headings = {each.heading for each in said[-_SHOWN:]}
        over = " ".join((name, hit.symbol, *headings, *(each.text for each in said[-_SHOWN:])))
        held = inquiry.evidence.spoken_in(f"{over} {' '.join(lines[start : end + 1])}")
        share = sum(weights.get(term, 0.0) for term in held)
        about = sum(weights.get(term, 0.0) for term in inquiry.evidence.spoken_in(over))
        if (
            share < (OF_DEVOTED if devoted else LEAST)
            or about < SAID
            or _leaves_out(inquiry, weights, held, devoted)
        ):
            continue
        told = " ".join((*(each.text for each in said[-_SHOWN:]), *lines[start : end + 1]))
        if not bounds <= set(WORD.findall(told.lower())) or not inquiry.evidence.means_all(f"{over} {told}"):
            continue
        if said and _NOT_SO.search(said[-1].text):
            continue
        last = min(end, start + CODE_LINES - 1)
        shown = _introduction(said)
        before = _BEFORE_OTHERS if devoted else 0.0
        yield _Piece(hit, first, hit.start_line + last, shown, share + about + before)


def _examples(inquiry: Inquiry) -> list[Hit]:
    """Return the examples that the repository itself keeps, of which a passage was found, each as a whole."""
    marks = inquiry.evidence.marks
    paths = (each.path for each in inquiry.evidence.of_kind(ChunkKind.CODE) if each.path is not None)
    kept = [
        each for each in dict.fromkeys(paths) if marks.get(each, FileMark.NONE) & MINOR == FileMark.EXAMPLE
    ]
    out = []
    for path in kept[:READ]:
        source = inquiry.page.sources.file(path)
        if source is not None:
            text = "\n".join(source.lines)
            hit = Hit(path, 1, len(source.lines), ChunkKind.CODE, "", None, 0.0, (), text, source.oid)
            out.append(replace(hit, language=source.language))
    return out


def _commented(inquiry: Inquiry, hit: Hit, weights: Mapping[str, float]) -> Iterator[_Piece]:
    """Yield the code of an example that follows a comment, where both are about what is asked."""
    lines = hit.text.split("\n")
    remarks = [each for each in sentences_of(hit.kind, hit.language, hit.text, 1) if is_readable(each.text)]
    for at, last in enumerate(remarks):
        if at + 1 < len(remarks) and remarks[at + 1].start_line <= last.end_line + 1:
            continue
        start = last.end_line
        while start < min(len(lines), last.end_line + _NEXT) and not any(map(str.isalnum, lines[start])):
            start += 1
        end = start
        while end + 1 < len(lines) and lines[end + 1].strip() and not _REMARK.match(lines[end + 1]):
            end += 1
        if start >= len(lines) or not lines[start].strip() or _REMARK.match(lines[start]):
            continue
        said = _introduction(
            [each for each in remarks[: at + 1] if each.start_line > last.end_line - _BEFORE]
        )
        told = " ".join((*(each.text for each in said), *lines[start : end + 1]))
        own = sum(weights.get(term, 0.0) for term in inquiry.evidence.spoken_in(told))
        held = inquiry.evidence.spoken_in(f"{hit.path} {told}")
        share = sum(weights.get(term, 0.0) for term in held)
        # What the file is called each of its steps would have.
        if share < LEAST or own < OF_DEVOTED or _leaves_out(inquiry, weights, held):
            continue
        if inquiry.evidence.means_all(f"{hit.path} {told}"):
            yield _Piece(hit, start + 1, min(end, start + CODE_LINES - 1) + 1, said, share + own)


def _introduction(said: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentence right over a piece of code, with the one before it where both are one paragraph."""
    near = [each for each in said[-_SHOWN:] if each.end_line >= said[-1].start_line - 1]
    return tuple(each for each in near if is_readable(each.text) and "</" not in each.text and not each.field)


def _leaves_out(
    inquiry: Inquiry, weights: Mapping[str, float], held: frozenset[str], devoted: bool = False
) -> bool:
    """Return whether what is to be done, or another word of weight, is not among the words held."""
    deed = deed_asked(inquiry.asked.text)
    most = OF_DEVOTED_WEIGHTY if devoted else WEIGHTY
    return any(
        weight >= (DEED if term == deed else most) and term not in held for term, weight in weights.items()
    )
