"""Yes or no: what settles it is shown, and the reader says which it is."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.code_lines import say_lines
from indexer.answer.commands import say_command_named
from indexer.answer.evidence import Found
from indexer.answer.extract import say_definition, say_sentences
from indexer.answer.inquiry import CALLABLE, REMARK, Inquiry, listed, shown_place
from indexer.answer.needs import Need
from indexer.answer.read_answers import LIKELY, is_near, say_answers, say_nearest
from indexer.answer.readable import is_readable
from indexer.answer.refused import say_refusal
from indexer.answer.sentences import sentences_in
from indexer.index.mentions import code_lines
from indexer.index.symbols import FoundSymbol, symbol_at
from indexer.repo.words import stems
from indexer.types import ChunkKind, Section

_HALF: Final = 0.5
"""Share of what is asked of a definition that one of its lines must hold to be shown."""

_BOUNDS: Final = re.compile(
    r"\b(?:throws?|raises?|rejects?|refuse[sd]?|must|only|never|cannot|can't|not|required|optional|expects?"
    r"|allow(?:s|ed)|may be|either|whether)\b",
    re.I,
)
"""What a comment says of what may be given, and of what comes of anything else."""

_ASKS_RAISING: Final = re.compile(r"\b(?:raise|throw)(?:s|n|ing)?\b", re.I)
_RAISING_LANGUAGES: Final = (
    ".py", ".rb", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".java", ".kt", ".cs", ".php", ".scala",
    ".cpp", ".cc", ".swift",
)  # fmt: skip
_RAISES: Final = re.compile(r"^\s*(?:\}?\s*(?:else\s*)?(?:if\s*\(.*\)\s*)?)(?:raise|throw)\b")
_NOTHING: Final = re.compile(r"^\s*return\s*(?:None|nil|null|undefined|false|False)?\s*;?\s*$")
_PLACES: Final = 3
"""Lines of a function that raise, or give nothing, which are told."""

_ALLOWS: Final = re.compile(
    r"\W*(?:can|may|could|must|should|do|does|is|are|am)\b(?: \w+){0,3}.*", re.I | re.S
)
_YES_OR_NO: Final = re.compile(r"(?:yes|no|nope|not (?:yet|really|by default))\b\W", re.I)
_DOCUMENTS: Final = 8
_ASKED: Final = 0.4
"""Passages of documents in which the same question is looked for, and the share that it must hold."""

_FEW: Final = 2
"""Sentences below which lines of code are shown too."""


def say_confirmation(inquiry: Inquiry) -> None:
    """Answer yes or no by what settles it: what was read so, what is named, sentences, lines of code."""
    say_command_named(inquiry)
    if _say_yes_or_no(inquiry):
        inquiry.page.settled[Need.CONFIRM] = True
        return
    if _say_whether_it_raises(inquiry):
        inquiry.page.settled[Need.CONFIRM] = True
    if _ALLOWS.match(inquiry.asked.text) and say_refusal(inquiry):
        inquiry.page.settled[Need.CONFIRM] = True
        return
    if say_answers(inquiry, Need.CONFIRM, Section.WHAT):
        return
    named = [each for each in inquiry.subjects if each.named]
    if named:
        say_definition(inquiry, named[0].symbol)
        _say_within(inquiry, named[0].symbol)
    read = inquiry.evidence.reads[:1]
    if read and not named and read[0].odds >= LIKELY and is_near(inquiry, read[0]):
        # What was read as half an answer is nearer to one than what only has the words.
        say_nearest(inquiry, 1)
    if say_sentences(inquiry, 3) < _FEW and not named:
        say_lines(inquiry)
    if not inquiry.page.of(Section.WHAT):
        say_nearest(inquiry)
    _say_bounds(inquiry)


def _say_yes_or_no(inquiry: Inquiry) -> bool:
    """Quote "No, ..." with what follows it, where a document asks the same: lists of frequent questions do.

    Return whether one does.
    """
    evidence = inquiry.evidence
    for hit in evidence.of_kind(ChunkKind.DOC)[:_DOCUMENTS]:
        told = [each for each in sentences_in(hit) if each.role is not Role.TITLE]
        for at, each in enumerate(told):
            asked = each.heading or hit.symbol.rpartition(" > ")[2]
            if not _YES_OR_NO.match(each.text) or not asked.endswith("?"):
                continue
            after = [one for one in told[at + 1 : at + _FEW] if one.heading == each.heading and not one.first]
            said = " ".join((asked, each.text, *(one.text for one in after)))
            same = evidence.sharing(asked) >= _ASKED * evidence.known
            if same and evidence.sharing(said) >= _HALF * evidence.known:
                quoted = [inquiry.page.quote(Section.WHAT, Found.of(one, hit)) for one in (each, *after)]
                return any(quoted)
    return False


def _say_whether_it_raises(inquiry: Inquiry) -> bool:
    """Tell where a function that is named raises an error itself, or that it does not and what it gives then,
    where that is asked. Return whether its own lines settle it: what it calls may raise too.
    """
    named = [each.symbol for each in inquiry.subjects if each.named and each.symbol.kind in CALLABLE]
    if not named or not _ASKS_RAISING.search(inquiry.asked.text):
        return False
    symbol = named[0]
    source = inquiry.page.sources.file(symbol.path)
    if source is None or not symbol.path.endswith(_RAISING_LANGUAGES):
        return False
    # What a comment says of raising raises nothing.
    lines = code_lines(symbol.path, "\n".join(source.lines))
    body = list(enumerate(lines[symbol.name_line : symbol.end_line], symbol.name_line + 1))
    raising = [(at, line.strip()) for at, line in body if _RAISES.match(line)]
    nothing = [(at, line.strip()) for at, line in body if _NOTHING.match(line)]
    shown = (raising or nothing)[:_PLACES]
    places = listed([f"`{_shortened(line)}` ({shown_place(symbol.path, at)})" for at, line in shown])
    own = f"`{symbol.qualified}`"
    if raising:
        told = f"{own} raises an error itself: {places}."
    elif nothing:
        told = (
            f"{own} raises no error itself, and gives nothing instead: {places}. What it calls may raise one."
        )
    else:
        told = f"{own} raises no error itself; what it calls may."
    cited = [inquiry.page.sources.span(symbol.path, at, at) for at, _ in shown]
    said = inquiry.page.tell(Section.WHAT, told, [inquiry.signature(symbol), *cited])
    return said and bool(shown)


def _shortened(line: str) -> str:
    """Return what a line raises, without what it says in words."""
    before, bracket, _ = line.rstrip("; ").partition("(")
    return f"{before}(…)" if bracket else before


def _say_bounds(inquiry: Inquiry) -> None:
    """Quote what the comment that was quoted first says of what may be given and what is refused: "can I give
    it a string" is settled by "throws an error if it is not an integer", in none of the question's words.
    """
    first = next((each for each in inquiry.page.of(Section.WHAT) if each.quoted and each.citations), None)
    place = first.citations[0] if first is not None else None
    if place is None or place.path is None:
        return
    around = symbol_at(inquiry.reader, inquiry.path_id(place.path), place.start_line)
    if around is None or around.kind not in CALLABLE or place.start_line > around.name_line:
        return
    told = [each for each in inquiry.documentation(around) if _BOUNDS.search(each.sentence.text)]
    for found in [each for each in told if is_readable(each.sentence.text)][:_FEW]:
        inquiry.page.quote(Section.WHAT, found)


def _say_within(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Show the line of a definition that holds most of what is asked of it."""
    source = inquiry.page.sources.file(symbol.path)
    weights = inquiry.evidence.weights
    asked = weights.keys() - set(stems(symbol.qualified))
    if source is None or not asked:
        return
    # What a docstring says is quoted as a sentence.
    lines = code_lines(symbol.path, "\n".join(source.lines))
    held = {
        at: sum(weights[term] for term in inquiry.evidence.terms_in(line) & asked)
        for at, line in enumerate(lines[symbol.name_line : symbol.end_line], symbol.name_line + 1)
        if not REMARK.match(line)
    }
    best = max(held, key=lambda at: held[at], default=0)
    if best and held[best] >= _HALF * sum(weights[term] for term in asked):
        inquiry.page.code(Section.WHAT, symbol.path, best, best)
