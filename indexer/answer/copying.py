"""How one more of a kind is written: what tells it, and the best existing pieces to copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.code_blocks import code_in
from indexer.answer.evidence import Found
from indexer.answer.extract import say_sentences
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, shown_place
from indexer.answer.page import CODE_LINES, WHOLE_LINES
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import Sentence, sentences_in
from indexer.index.mentions import files_with
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.repo.words import stem, stems
from indexer.shapes.examples import Examples
from indexer.types import ChunkKind, FileMark, Hit, Section, SymbolKind

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
_OF_DOCUMENT: Final = 0.3
"""Share of the question that its title must hold, with that of its document, and what a document must be
called for all its sections to be looked at.
"""

_CHANGING: Final = re.compile(r"\b(?:changes?|upgrad\w+|migrat\w+|deprecat\w+|what's new)\b", re.I)
_WRITING: Final = frozenset(
    ("write", "add", "creat", "make", "implement", "defin", "build", "usual", "custom")
)
_COMMENT: Final = re.compile(r"^(\s*(?:#|//+|--|\*|;+))(\s*)(.*?)\s*$")
_COMMENTED: Final = 12
"""Files that write a name and are looked through for an example in a comment."""
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
        _show(inquiry, symbol.path, symbol.name_line, symbol.end_line)
    say_sentences(inquiry, 2)


def _show(inquiry: Inquiry, path: str, start: int, end: int) -> None:
    """Show a model: whole where it is short, else how it begins."""
    last = end if end - start < WHOLE_LINES else start + MODEL_LINES - 1
    inquiry.page.code(Section.WHAT, path, start, last, WHOLE_LINES)


@dataclass(frozen=True, slots=True)
class BaseNamed:
    """A name that a text gives as what its thing is made from, and what it says before that; empty where it
    calls the thing itself by that name.
    """

    name: str
    before: str


_OF_BASE: Final = re.compile(
    r"`?\b([A-Z]\w+)`? (?:sub-?class|implementation|descendant|child class|derivative)(?:e?s)?\b"
)
"""What a thing is made from, named as its kind: "a `Transport` subclass"."""


def base_named(text: str) -> BaseNamed | None:
    """Return what a text names as the means: "a middleware with Shop::Middleware", "a custom ParamType"."""
    if (found := _MEANS.search(text)) is not None:
        return BaseNamed(found[1] or found[2], text[: found.start()])
    if (kind := _OF_BASE.search(text)) is not None:
        return BaseNamed(kind[1], text[: kind.start()])
    written = _WRITTEN.search(text)
    return BaseNamed(written[1], "") if written is not None else None


_CODE_NAME: Final = (
    r"`?((?:[A-Za-z_]\w*(?:::|[.\\]))*[A-Z]\w*[a-z]\w*[A-Z]\w*|(?:[A-Za-z_]\w*(?:::|[.\\]))+[A-Z]\w+)`?"
    r"(?![\w(:.]\w)"
)
_ARTICLES: Final = r"(?:(?:an?|the|our|my|your|its|one|new|custom|own|another|existing)\s+)*"
_KINDS_OF_BASE: Final = r"(?:interface|module|trait|mixin|protocol|(?:abstract |base )?class|concern)"
_MEANS: Final = re.compile(
    r"(?:,?\s+(?:starting|beginning|derived|built|made|modell?ed|based|inheriting))?"
    r"\s(?:with|using|via|by|from|on|(?:on|from) top of"
    r"|(?:that |which |to )?(?:implement|extend|inherit|includ|subclass|deriv|mix)"
    r"(?:s|es|e|ing|ed)?(?: from| in)?"
    r")\s+"
    rf"{_ARTICLES}(?:{_KINDS_OF_BASE}\s+)?(?:{_CODE_NAME}|`?([A-Z]\w+)`?(?=\s+{_KINDS_OF_BASE}\b))"
)
_WRITTEN: Final = re.compile(
    rf"\b(?:write|add|create|make|implement|define|build)\s+{_ARTICLES}(?:[a-z][\w-]*\s+){{0,2}}?{_CODE_NAME}"
)


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

    Return whether there is one. Where the question names what it is made from, the code must have that name:
    a document may show first how it was done before.
    """
    means = base_named(inquiry.asked.text)
    named = re.split(r"::|[.\\]", means.name)[-1] if means is not None else ""
    found = [each for hit in _documents(inquiry) for each in _sections(inquiry, hit, named)]
    # One that shows code goes before one that only speaks of it.
    found.sort(key=lambda each: not any(named in each.code(piece) for piece in each.pieces))
    for section in [each for each in found if not named or named in each.text] or found:
        page, hit = inquiry.page, section.hit
        holding = [piece for piece in section.pieces if named in section.code(piece)]
        shown = next(iter(holding or section.pieces), None)
        said = [page.quote(Section.WHAT, Found.of(each, hit)) for each in section.prose[:_TOLD]]
        if shown is not None:
            first, last = (section.start_line + at for at in shown)
            most = WHOLE_LINES if last - first < WHOLE_LINES else CODE_LINES
            said.append(page.code(Section.WHAT, hit.path or "", first, last, most))
        if any(said):
            page.modelled = page.modelled or shown is not None
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Titled:
    """A section of a document whose title, with that of the document, is what is asked about."""

    hit: Hit
    start_line: int
    lines: tuple[str, ...]
    prose: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """The first and the last line, from 0, of each piece of code in it."""
        return list(code_in(self.lines, fenced=not (self.hit.path or "").endswith(".rst")))

    def code(self, piece: tuple[int, int]) -> str:
        """Return the text of a piece of code."""
        return "\n".join(self.lines[piece[0] : piece[1] + 1])


def _documents(inquiry: Inquiry) -> list[Hit]:
    """Return passages of documents that were found; of a document that bears what is asked all its lines."""
    found: dict[tuple[str, int], Hit] = {}
    for hit in inquiry.evidence.of_kind(ChunkKind.DOC)[:_SECTIONS]:
        if hit.path is None or CHANGE_LOG.search(hit.path):
            continue
        source = inquiry.page.sources.file(hit.path)
        called = f"{hit.path.rpartition('/')[2].partition('.')[0]} {hit.symbol.partition(' > ')[0]}"
        whole = hit
        if source is not None and _share(inquiry, called) >= _OF_DOCUMENT:
            text = "\n".join(source.lines)
            whole = replace(hit, text=text, start_line=1, end_line=len(source.lines))
        found.setdefault((hit.path, whole.start_line), whole)
    return list(found.values())


def _share(inquiry: Inquiry, text: str) -> float:
    """Return the share of what is to be written that a text holds: neither "write" nor its means tells it."""
    means = base_named(inquiry.asked.text)
    told = set(stems(means.before)) if means is not None and means.before else inquiry.evidence.weights.keys()
    weights = {
        term: own for term, own in inquiry.evidence.weights.items() if term in told and term not in _WRITING
    }
    held = inquiry.evidence.terms_in(text)
    return sum(own for term, own in weights.items() if term in held) / (sum(weights.values()) or 1.0)


def _sections(inquiry: Inquiry, hit: Hit, named: str) -> list[_Titled]:
    """Return the sections of a passage that may tell how one is made, the one with the best title first."""
    sentences = sentences_in(hit)
    titles = [each.heading or hit.symbol.rpartition(" > ")[2] for each in sentences]
    above = hit.symbol.partition(" > ")[0]
    out: list[tuple[float, _Titled]] = []
    for title in dict.fromkeys(titles):
        section = [each for each, its in zip(sentences, titles, strict=True) if its == title]
        begin, last = section[0].start_line, section[-1].start_line
        # Behind its last sentence may stand its code, up to the next title.
        later = min(
            (each.start_line for each in sentences if each.start_line > last), default=hit.end_line + 1
        )
        lines = hit.text.split("\n")[begin - hit.start_line : later - hit.start_line]
        told = _Titled(hit, begin, tuple(lines), ())
        share = inquiry.evidence.sharing(title)
        bears_name = bool(named) and any(named in told.code(piece) for piece in told.pieces)
        # Code that has the very name makes up for words that only the title of the document has.
        least = _OF_DOCUMENT if bears_name else _TITLED
        with_above = _share(inquiry, f"{above} {title}") if bears_name else 0.0
        if told.pieces and not bears_name and title != above:
            with_above = inquiry.evidence.sharing(f"{above} {title}")
        # What tells of changes shows what was as well as what is.
        changing = not bears_name and _CHANGING.search(f"{above} {hit.path}") is not None
        if (changing and title == above) or max(share, 0.0 if changing else with_above) < least:
            continue
        prose = [each for each in section if each.role is Role.PROSE and _is_prose(each.text)]
        out.append((share, replace(told, prose=tuple(prose))))
    out.sort(key=lambda each: -each[0])
    return [each for _, each in out]


def _is_prose(text: str) -> bool:
    """Return whether a sentence is one: a line of code that a document holds loose begins small."""
    return is_readable(text) and (text[:1].isupper() or not text[:1].isalpha())


def _say_commented(inquiry: Inquiry) -> bool:
    """Show the example that a comment of the code gives for making one from what is named.

    "This is an example of a minimal server middleware:", and the lines set in below that.
    """
    means = base_named(inquiry.asked.text)
    if means is None:
        return False
    named = re.split(r"::|[.\\]", means.name)[-1]
    for path in _writing(inquiry, named)[:_COMMENTED]:
        source = inquiry.page.sources.file(path)
        for first, last, said in _commented(source.lines) if source is not None else ():
            if source is None or named not in "\n".join(source.lines[first : last + 1]):
                continue
            page = inquiry.page
            cited = page.sources.span(path, said + 1, last + 1)
            told = page.tell(Section.WHAT, f"A comment in {shown_place(path, said + 1)} shows one:", [cited])
            shown = page.code(Section.WHAT, path, first + 1, last + 1, WHOLE_LINES)
            page.modelled = page.modelled or shown
            return told or shown
    return False


def _writing(inquiry: Inquiry, name: str) -> list[str]:
    """Return the files of the code that write a name, be it in a comment, the most used first."""
    ids = sorted(files_with(inquiry.reader, name))
    holes = ", ".join("?" * len(ids))
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks FROM entry e JOIN path p ON p.id = e.path_id"  # noqa: S608
        f" WHERE e.path_id IN ({holes}) ORDER BY e.rank DESC, p.shown",
        ids,
    ).fetchall()
    return [path for path, marks in rows if not marks & MINOR]


def _commented(lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the first and last line, from 0, of code within comments, and the line that announces it."""
    at = 0
    while at < len(lines):
        sign = _COMMENT.match(lines[at])
        if sign is None or not lines[at].rstrip().endswith(":"):
            at += 1
            continue
        depth = len(sign[2])
        start = end = at + 1
        while end < len(lines) and (line := _COMMENT.match(lines[end])) is not None and line[1] == sign[1]:
            if line[3] and len(line[2]) <= depth:
                break
            end += 1
        inside = [number for number in range(start, end) if (own := _COMMENT.match(lines[number])) and own[3]]
        # What says of a parameter what it is goes on set in, too.
        if len(inside) > 1:
            yield inside[0], inside[-1], at
        at = max(end, at + 1)


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
    told |= _say_commented(inquiry)
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
        _show(inquiry, each.path, each.line, each.end_line)
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
