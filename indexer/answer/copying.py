"""How one more of a kind is written: what tells it, and the best existing pieces to copy."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.code_blocks import code_in
from indexer.answer.evidence import Found
from indexer.answer.extract import say_sentences
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, shown_place
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import sentences_in
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.repo.words import stem, stems
from indexer.shapes.examples import Examples
from indexer.types import ChunkKind, FileMark, Section, SymbolKind

EXAMPLES: Final = 3
MODEL_LINES: Final = 8
_STUB_LINES: Final = 3
"""Less than this is a stub that teaches nothing."""

_LOOKED_THROUGH: Final = 6
_NEAREST: Final = 2
"""Passages of code that are shown of those that were found first, where there is nothing to copy from."""

_SECTIONS: Final = 4
"""Passages of documents among which one that tells how to make one is looked for."""

_TITLED: Final = 0.5
"""Share of the question that its title must hold."""

_TOLD: Final = 3
"""Sentences of it that are quoted."""


def say_examples(inquiry: Inquiry) -> None:
    """Show the best existing pieces of the kind that is to be written, after what tells how it is done."""
    page = inquiry.page
    say_making(inquiry)
    models = _models(inquiry)[:EXAMPLES]
    if not models:
        _say_found(inquiry)
    for symbol in models:
        first = inquiry.documentation(symbol)[:1]
        proof = page.cite(first[0]) if first and is_readable(first[0].sentence.text) else None
        told = f": “{first[0].sentence.text}”" if proof is not None else "."
        page.tell(
            Section.WHAT,
            f"`{symbol.qualified}` in {shown_place(symbol.path, symbol.name_line)}"
            f" ({symbol.end_line - symbol.start_line + 1} lines) is one to copy from{told}",
            [inquiry.signature(symbol), proof],
        )
        page.code(Section.WHAT, symbol.path, symbol.name_line, min(symbol.end_line, symbol.name_line + 5))
    say_sentences(inquiry, 2)


def _say_found(inquiry: Inquiry) -> None:
    """Show the code that the search puts first, examples before all, where no kind is named."""
    page = inquiry.page
    found = [
        hit for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_LOOKED_THROUGH] if hit.path and hit.symbol
    ]
    found.sort(
        key=lambda hit: not inquiry.evidence.marks.get(hit.path or "", FileMark.NONE) & FileMark.EXAMPLE
    )
    for hit in found[:_NEAREST]:
        cited = page.sources.span(hit.path or "", hit.start_line, hit.start_line)
        place = shown_place(hit.path or "", hit.start_line)
        if page.tell(Section.WHAT, f"`{hit.symbol}` in {place} comes nearest.", [cited]):
            page.code(Section.WHAT, hit.path or "", hit.start_line, hit.end_line)


def say_making(inquiry: Inquiry) -> bool:
    """Lead with the section of a document that tells how one is made, and the first code that it shows.

    Return whether there is one.
    """
    page = inquiry.page
    for hit in inquiry.evidence.of_kind(ChunkKind.DOC)[:_SECTIONS]:
        if hit.path is None or CHANGE_LOG.search(hit.path):
            continue
        sentences = sentences_in(hit)
        titles = [each.heading or hit.symbol.rpartition(" > ")[2] for each in sentences]
        title = max(titles, key=inquiry.evidence.sharing, default="")
        if inquiry.evidence.sharing(title) < _TITLED:
            continue
        section = [each for each, its in zip(sentences, titles, strict=True) if its == title]
        prose = [each for each in section if each.role is Role.PROSE and is_readable(each.text)]
        said = [page.quote(Section.WHAT, Found.of(each, hit)) for each in prose[:_TOLD]]
        begin = section[0].start_line
        later = [each.start_line for each in sentences if each.start_line > section[-1].start_line]
        lines = hit.text.split("\n")[
            begin - hit.start_line : min(later, default=hit.end_line + 1) - hit.start_line
        ]
        shown = next(code_in(lines, fenced=not hit.path.endswith(".rst")), None)
        if shown is not None:
            said.append(page.code(Section.WHAT, hit.path, *(begin + at for at in shown)))
        if any(said):
            page.modelled = page.modelled or shown is not None
            return True
    return False


def kind_to_write(text: str) -> str:
    """Return what is to be written, "a new failure backend", where a text says so anywhere; or nothing.

    "I have to write a new failure backend. Which one should I copy?" asks for backends.
    """
    found = _TO_WRITE.search(text)
    return f"a new {next(each for each in found.groups() if each)}" if found else ""


def points_back(text: str) -> bool:
    """Return whether a clause asks for one of what was spoken of before it."""
    return _POINTS_BACK.search(text) is not None


_POINTS_BACK: Final = re.compile(r"\b(?:one|ones|those|these|them|any)\b(?! of the)", re.I)

_TO_WRITE: Final = re.compile(
    r"\b(?:write|add|create|make|implement|build)\s+"
    r"(?:(?:a|an|one|some)\s+(?:new|more|other|custom)|(?:my|our|your)\s+own|such an?|another|an?)\s+"
    r"((?:[\w-]+ ){0,2}?[\w-]+)"
    r"(?=\s+(?:that|which|who|where|to|for|with|here|in|of|and|so)\b|[.,;:?!]|$)"
    r"|\b(?:write|add|create|implement)\s+((?:[\w-]+ ){0,2}?[\w-]{3,}s)"
    r"(?=\s+(?:that|which|to|for|with|in|of)\b|[.,;:?!]|$)",
    re.I,
)


def say_models(inquiry: Inquiry, found: Examples) -> None:
    """Show the best existing ones of a kind, what they share, and what was touched when one was added."""
    page = inquiry.page
    # A document may still tell how one is made, where there is none to copy from.
    told = say_making(inquiry)
    if not found.examples and not told and say_sentences(inquiry, 3, commits=False):
        return
    for notice in found.notices:
        page.tell(Section.MISSING, notice, [])
    for each in found.examples:
        page.tell(
            Section.WHAT,
            f"`{each.name}` in {shown_place(each.path, each.line)}"
            f" ({each.end_line - each.line + 1} lines) is one to copy from.",
            [each.code, each.declared],
        )
        page.code(Section.WHAT, each.path, each.line, min(each.end_line, each.line + MODEL_LINES - 1))
        page.modelled = True
    for statement in (*found.common, *(each.statement for each in found.touched[:MODEL_LINES])):
        page.tell(statement.section, statement.text, statement.citations)


def _models(inquiry: Inquiry) -> list[FoundSymbol]:
    """Return definitions whose name ends in the noun that is asked for, the handiest first.

    None where it is not said what is to be written.

    Handy is what is documented, neither a stub nor a giant, and stands with others of its kind.
    """
    kind = kind_to_write(inquiry.asked.text)
    if not kind and any(points_back(part.text) for part in inquiry.asked.parts):
        return []
    # Of what is to be written the last word is the noun, and no other of the question.
    words = stems(kind.rpartition(" ")[2]) or list(inquiry.evidence.weights)
    terms = [
        term for term in inquiry.evidence.weights if term in words and inquiry.evidence.counts[term].code
    ]
    found: dict[tuple[str, int], tuple[float, FoundSymbol]] = {}
    for noun in reversed(terms[-2:]):
        for symbol in _ending_in(inquiry, noun):
            lines = symbol.end_line - symbol.start_line + 1
            value = inquiry.evidence.sharing(f"{symbol.name} {symbol.path}") + 0.1 * bool(symbol.doc)
            value += 0.2 * (symbol.kind is SymbolKind.CLASS) - 0.002 * max(lines - 60, 0)
            found[symbol.path, symbol.start_line] = (value, symbol)
        if len(found) >= EXAMPLES:
            break
    ranked = sorted(found.values(), key=lambda each: (-each[0], each[1].path, each[1].start_line))
    out: list[FoundSymbol] = []
    for _, symbol in ranked:
        if symbol.path not in {each.path for each in out}:
            out.append(symbol)
    return out


def _ending_in(inquiry: Inquiry, noun: str) -> list[FoundSymbol]:
    """Return definitions named as one of a kind: ``RedisBackend`` is a backend."""
    names = inquiry.reader.execute(
        "SELECT DISTINCT s.name FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " WHERE s.name LIKE ? AND s.kind IN ('class', 'function', 'method', 'program', 'job') LIMIT 400",
        (f"%{noun}%",),
    ).fetchall()
    out: list[FoundSymbol] = []
    for (name,) in names:
        if stems(name)[-1:] == [noun] or (noun == stem(name.lower())):
            out += [
                symbol
                for symbol in find_symbols(inquiry.reader, name, 2)
                if symbol.kind in CALLABLE
                and not symbol.marks & MINOR
                and symbol.end_line - symbol.start_line >= _STUB_LINES
            ]
    return out
