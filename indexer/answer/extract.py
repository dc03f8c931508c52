"""What the sources say: meanings, and the sentences that come closest to a question."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.code_lines import ENOUGH, best_lines, say_hits
from indexer.answer.evidence import Found
from indexer.answer.expansions import abbreviation_asked, say_expansion
from indexer.answer.inquiry import (
    CALLABLE,
    MINOR,
    REMARK,
    VALUES,
    Inquiry,
    kind_word,
    listed,
    listed_first,
    shown_place,
    shown_symbol,
)
from indexer.answer.needs import Need
from indexer.answer.page import CODE_LINES, WHOLE_LINES
from indexer.answer.questions import spoken_terms
from indexer.answer.readable import CHANGE_LOG, is_import, is_readable
from indexer.answer.sections import say_titled
from indexer.answer.sentences import Sentence, sentences_in, sentences_of
from indexer.answer.subjects import Subject, is_about
from indexer.answer.usage import usage
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import stems
from indexer.types import ChunkKind, Hit, Section, SymbolKind

_LEANING: Final = {
    Role.NOTE: 1.3,
    Role.PROSE: 1.0,
    Role.DOCSTRING: 1.05,
    Role.COMMENT: 0.85,
    Role.SUBJECT: 0.55,
    Role.BODY: 0.6,
}
_MINOR_LEANING: Final = 0.6
_LOG_LEANING: Final = 0.75
_SAYS_LITTLE: Final = 60
"""Characters of a sentence that ends in a colon, below which it says nothing without what follows."""
_BEGINS: Final = 24
"""Characters before a word that a sentence is about."""
_MARKED: Final = 6
_DANGLING: Final = 0.6
"""For a sentence that points to what cannot be quoted with it: "This capsule will pull jobs"."""
_PLACE_BONUS: Final = 0.15
"""What the first hit of a kind has over a late one, as a share of its worth."""


_PLACES: Final = 5
_TWO: Final = 2


def ranked_sentences(inquiry: Inquiry, *, minor: bool = False) -> list[tuple[float, Found]]:
    """Return the sentences worth showing, best first, each with what it is worth (0 to about 1.3)."""
    out = []
    for found in inquiry.evidence.found:
        text = found.sentence.text
        if found.worth <= 0 or not is_readable(text):
            continue
        value = found.worth * _LEANING.get(found.sentence.role, 1.0)
        value *= 1 + _PLACE_BONUS / (1 + found.place) + (0.03 if found.sentence.first else 0.0)
        if not minor and inquiry.is_minor(found):
            value *= _MINOR_LEANING
        if CHANGE_LOG.search(found.hit.path or ""):
            value *= _LOG_LEANING
        if text.endswith((":", "?")):
            # Of a comment the code that it announces is not shown with it: "Customize it so:" says nothing.
            bare = found.hit.kind is ChunkKind.CODE and len(text) < _SAYS_LITTLE
            value *= 0.5 if bare and found.sentence.listed is None else 0.8
        if found.sentence.dangles:
            value *= _DANGLING
        out.append((value, found))
    out.sort(key=lambda each: (-each[0], each[1].hit.path or "", each[1].sentence.start_line))
    return out


def say_sentences(
    inquiry: Inquiry,
    limit: int,
    least: float = ENOUGH,
    section: Section = Section.WHAT,
    *,
    commits: bool = True,
    logs: bool | None = None,
) -> int:
    """Quote the best sentences, one of a place at a time. Return how many were laid down.

    Without ``commits`` change logs are left out too, unless ``logs`` says otherwise: they say what was done
    to a thing, not what it does.
    """
    said = 0
    logs = commits if logs is None else logs
    best = [each for each in ranked_sentences(inquiry) if _may_show(each[1].hit, commits=commits, logs=logs)]
    if not best:
        return 0
    floor = max(least, best[0][0] * 0.6)
    covered: set[str] = set()
    places: dict[str, int] = {}
    named = {each.symbol.name for each in inquiry.subjects[:1] if each.named}
    for value, found in best:
        if said >= limit or value < floor:
            break
        if named and _is_of_another(found, named):
            continue
        if found.sentence.dangles and said:
            continue
        place = found.hit.path or found.hit.commit_id or ""
        adds = found.shared - covered
        if places.get(place, 0) >= 2 or (said >= 2 and not adds and value < best[0][0] * 0.85):
            continue
        if inquiry.page.quote(section, found):
            if not said:
                _say_around(inquiry, section, found)
            said += 1
            covered |= found.shared
            places[place] = places.get(place, 0) + 1
    return said


def _say_around(inquiry: Inquiry, section: Section, found: Found) -> None:
    """Quote the sentence after the one that leads, in its paragraph of a document.

    What is asked is often told by the neighbour of what bears its words.
    """
    if found.hit.kind is not ChunkKind.DOC or found.sentence.role is not Role.PROSE:
        return
    hit = found.hit
    told = sentences_in(hit)
    at = next((at for at, each in enumerate(told) if each.start_line == found.sentence.start_line
               and each.text == found.sentence.text), len(told))  # fmt: skip
    for after in told[at + 1 : at + 2]:
        near = not after.first and not after.dangles and after.start_line <= found.sentence.end_line + 1
        if near and after.heading == found.sentence.heading and is_readable(after.text):
            inquiry.page.quote(section, Found.of(after, hit))


def _is_of_another(found: Found, names: Collection[str]) -> bool:
    """Return whether a sentence is the documentation of another definition, and writes none of the names."""
    own = found.sentence.role is Role.DOCSTRING and found.hit.symbol
    if not own or any(name in found.hit.symbol.split(".") for name in names):
        return False
    return not any(re.search(rf"\b{re.escape(name)}\b", found.sentence.text) for name in names)


def _may_show(hit: Hit, *, commits: bool, logs: bool) -> bool:
    if hit.kind is ChunkKind.COMMIT:
        return commits
    return logs or CHANGE_LOG.search(hit.path or "") is None


def say_meaning(inquiry: Inquiry) -> None:
    """Answer what something is or does: its own documentation, else what is written about it."""
    expanded = say_expansion(inquiry)
    # How a test does it says nothing of what it is.
    subject = next((each for each in inquiry.subjects if not each.symbol.marks & MINOR), None)
    named = [each for each in inquiry.subjects if each.named]
    if named:
        # One name may be borne by several; the likeliest is told, the others are only placed.
        _describe(inquiry, named[0].symbol)
        # What a commit did to a thing is no word on what it is.
        say_sentences(inquiry, 2, commits=False, logs=True) or say_sentences(inquiry, 2)
        for other in named[1:3]:
            same = other.symbol.name.lower() == named[0].symbol.name.lower()
            # Its constructor is no other thing of its name.
            made = other.symbol.parent == named[0].symbol.qualified
            if same and other.symbol.kind in CALLABLE and not made:
                say_definition(inquiry, other.symbol)
        return
    told = expanded + _say_module(inquiry) + _say_file(inquiry) + _say_written(inquiry) + _say_marked(inquiry)
    # What bears the very word that is asked for says best what it is; commits say what was done to it.
    called = next((each for each in inquiry.subjects if not told and _is_called(inquiry, each)), None)
    told += say_titled(inquiry)
    if called is not None:
        _describe(inquiry, called.symbol)
        say_sentences(inquiry, 2, commits=False)
        return
    most = 2 if told else 4
    said = (say_sentences(inquiry, most, commits=False) or say_sentences(inquiry, most)) + told
    if subject is not None and is_about(subject) and not told:
        _describe(inquiry, subject.symbol)
    elif not said:
        say_hits(inquiry)


def _is_called(inquiry: Inquiry, subject: Subject) -> bool:
    """Say whether a documented definition is called by all the words that are asked for, and no others."""
    symbol = subject.symbol
    asked = {term for part in inquiry.asked.parts for term in part.terms}
    if (
        symbol.marks & MINOR
        or not is_about(subject)
        or symbol.kind not in CALLABLE
        or set(stems(symbol.name)) != asked
    ):
        return False
    return any(is_readable(each.sentence.text) for each in inquiry.documentation(symbol))


def _say_module(inquiry: Inquiry) -> int:
    """Quote how the module begins that is called by the one word which is asked about. Return 1 when it says
    something of itself.
    """
    asked = {term for part in inquiry.asked.parts for term in part.terms}
    spoken = {word.lower() for word, terms in spoken_terms(inquiry.asked.text) if asked & set(terms)}
    if len(spoken) != 1 or inquiry.namings:
        return 0
    word = spoken.pop()
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks FROM path p JOIN entry e ON e.path_id = p.id WHERE p.shown LIKE ? ESCAPE '!'"
        " OR p.shown LIKE ? ESCAPE '!' ORDER BY length(p.shown)",
        (f"{word.replace('_', '!_')}.%", f"%/{word.replace('_', '!_')}.%"),
    ).fetchall()
    paths = [path for path, marks in rows if not marks & MINOR and path.endswith(_MODULES)]
    source = inquiry.page.sources.file(paths[0]) if len(paths) == 1 else None
    if source is None:
        return 0
    opening = sentences_of(ChunkKind.CODE, source.language, "\n".join(source.lines[:_OPENING]), 1)
    first = next((each for each in opening if each.role is Role.DOCSTRING and is_readable(each.text)), None)
    if first is None or first.start_line > _FIRST_LINES:
        return 0
    place = inquiry.page.sources.span(source.path, first.start_line, first.end_line)
    return int(inquiry.page.tell(Section.WHAT, f"`{word}` is {source.path}: “{first.text}”", [place]))


_MODULES: Final = (".py", ".rb", ".js", ".ts", ".mjs", ".rs", ".ex", ".php", ".lua", ".jl", ".pl")
"""Files of which each is one thing, called by its name."""
_OPENING: Final = 40
_FIRST_LINES: Final = 6


def _say_marked(inquiry: Inquiry) -> int:
    """Quote what is written of a word that documents set as code, where it alone is asked about: an argument
    is told of by the sentence that begins with it. Return 1 when there is one.
    """
    asked = {term for part in inquiry.asked.parts for term in part.terms}
    spoken = {word for word, terms in spoken_terms(inquiry.asked.text) if asked & set(terms)}
    if len(spoken) != 1 or (is_about(inquiry.subject) and _is_called(inquiry, inquiry.subjects[0])):
        return 0
    mark = re.compile(rf"^.{{0,{_BEGINS}}}`{re.escape(spoken.pop())}`", re.I)
    marked = [
        each
        for _, each in ranked_sentences(inquiry)
        if each.hit.kind is not ChunkKind.COMMIT
        and not CHANGE_LOG.search(each.hit.path or "")
        and len(each.sentence.text) >= _SAYS_LITTLE
        and mark.match(each.sentence.text)
    ]
    best = min(marked[:_MARKED], key=lambda each: each.sentence.text.find("`"), default=None)
    return int(best is not None and inquiry.page.quote(Section.WHAT, best))


def _say_written(inquiry: Inquiry) -> int:
    """Show the line at which a name stands first that nothing here defines, as an import does not."""
    if abbreviation_asked(inquiry.asked.text):
        return 0
    said = sum(say_line(inquiry, path, line) for path, line in inquiry.mentioned())
    inquiry.page.answers = inquiry.page.answers or said > 0
    return said


def say_line(inquiry: Inquiry, path: str, line: int) -> bool:
    """Show a line; of one that only begins something, `release:` say, what follows too."""
    source = inquiry.page.sources.file(path)
    if source is None or (is_import(source.lines[line - 1]) and not inquiry.asks_imports):
        return False
    begins = source.lines[line - 1].rstrip().endswith((":", "{", "(", "["))
    return inquiry.page.code(Section.WHAT, path, line, line + (CODE_LINES - 1 if begins else 0))


def _say_file(inquiry: Inquiry) -> int:
    """Tell of a file that the question names what its own first sentence says, else what it defines. Return 1
    when said.
    """
    for naming in inquiry.namings:
        for path in naming.paths[:1]:
            defined = definitions_in(inquiry.reader, inquiry.path_id(path) or -1)
            defined = [each for each in defined if each.kind is not SymbolKind.KEY]
            own = [each for each in inquiry.evidence.found if each.hit.path == path]
            own = [each for each in own if is_readable(each.sentence.text)]
            # What its first class says of itself is not what the file is.
            begins = min((each.start_line for each in defined), default=math.inf)
            own = [each for each in own if each.sentence.start_line < begins]
            first = min(own, key=lambda each: each.sentence.start_line, default=None)
            proof = inquiry.page.cite(first) if first is not None else None
            if first is not None and proof is not None:
                text = f"`{naming.name}` is {path}: “{first.sentence.text}”"
                inquiry.page.answers = True
                return int(inquiry.page.tell(Section.WHAT, text, [proof]))
            if defined:
                return _say_what_it_defines(inquiry, path, defined)
    return 0


def _say_what_it_defines(inquiry: Inquiry, path: str, defined: Collection[FoundSymbol]) -> int:
    """Tell the largest things that a file defines, in their order."""
    outer = [each for each in defined if not each.parent]
    outer = [each for each in outer if not each.name.startswith("_")] or outer
    largest = sorted(outer, key=lambda each: each.start_line - each.end_line)[:_DEFINED]
    largest.sort(key=lambda each: each.start_line)
    named = listed_first([f"`{each.name}`" for each in largest], _DEFINED, len(outer))
    places = [inquiry.page.sources.span(path, each.name_line, each.name_line) for each in largest]
    if not places:
        return 0
    inquiry.page.answers = True
    return int(inquiry.page.tell(Section.WHAT, f"{path} defines {named}.", places))


_DEFINED: Final = 6
"""Definitions that a file which says nothing of itself is told by."""


def _describe(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    page = inquiry.page
    sentences = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]
    for found in sentences[:1]:
        page.quote(Section.WHAT, found)
    say_definition(inquiry, symbol, documented=not sentences)
    useful = [each for each in sentences[1:] if stands_alone(each.sentence)]
    useful.sort(key=lambda each: -inquiry.evidence.sharing(each.sentence.text))
    for found in sorted(useful[:2], key=lambda each: each.sentence.start_line):
        page.quote(Section.WHAT, found)
    if not sentences:
        first = _remarked(inquiry, symbol)
        short = symbol.end_line - symbol.name_line < WHOLE_LINES and symbol.kind in CALLABLE
        last = symbol.end_line if short else min(symbol.end_line, symbol.name_line + CODE_LINES - 1)
        told = None if short else _told_best(inquiry, symbol)
        if told is not None:
            page.code(Section.WHAT, symbol.path, *told)
            return
        # Where it is a few lines they are all that tells what it does.
        page.code(Section.WHAT, symbol.path, first, last, WHOLE_LINES + 1 if short else CODE_LINES)
    if symbol.kind in VALUES:
        _say_used(inquiry, symbol)


def _told_best(inquiry: Inquiry, symbol: FoundSymbol) -> tuple[int, int] | None:
    """Return the first and the last of the lines of a long definition that hold most of what is asked of it
    beside its name, where it is asked how something goes.
    """
    source = inquiry.page.sources.file(symbol.path)
    asked = {part.need for part in inquiry.asked.parts}
    if source is None or asked.isdisjoint((Need.MECHANISM, Need.CONFIRM)) or symbol.kind not in CALLABLE:
        return None
    lines = source.lines[symbol.name_line : symbol.end_line]
    best = best_lines(inquiry, lines, frozenset())
    return None if best is None else (symbol.name_line + 1 + best[0], symbol.name_line + 1 + best[1])


def stands_alone(sentence: Sentence) -> bool:
    """Return whether a sentence says something where it is quoted: it neither dangles nor only announces."""
    return not sentence.dangles and (sentence.listed is not None or not sentence.text.endswith(":"))


def _remarked(inquiry: Inquiry, symbol: FoundSymbol) -> int:
    """Return the line of a short remark right above a definition ("// colorWrite"), else that of its name."""
    source = inquiry.page.sources.file(symbol.path)
    above = "" if source is None else "".join(source.lines[symbol.name_line - 2 : symbol.name_line - 1])
    return symbol.name_line - 1 if REMARK.match(above) else symbol.name_line


def _say_used(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Show where a value is used: what it is for is told by that."""
    used = usage(inquiry, symbol)
    found = [(each.path, each.line) for each in used.sure] + [(each.path, each.line) for each in used.named]
    lines = sorted({each for each in found if each != (symbol.path, symbol.name_line)})
    if not lines:
        return
    page = inquiry.page
    shown = [f"{path}:{line}" for path, line in lines[:_PLACES]]
    more = f" and {len(lines) - _PLACES} more" if len(lines) > _PLACES else ""
    page.fact(
        Section.WHAT,
        f"`{symbol.name}` is used in {', '.join(shown) if more else listed(shown)}{more}.",
        f"git grep -w {symbol.name}, comments, documents and tests left out",
        [f"{path}:{line}" for path, line in lines],
    )
    for path, line in lines[:_TWO]:
        page.code(Section.WHAT, path, line, line)


def say_definition(inquiry: Inquiry, symbol: FoundSymbol, *, documented: bool = True) -> bool:
    """Tell what and where a definition is, with its own first sentence. Return whether it was new."""
    page = inquiry.page
    where = (
        f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in {shown_place(symbol.path, symbol.name_line)}"
    )
    citation = inquiry.signature(symbol)
    if citation is None:
        return False
    told = inquiry.documentation(symbol) if documented else []
    first = [each for each in told if is_readable(each.sentence.text)][:1]
    if first:
        proof = page.cite(first[0])
        if proof is not None:
            return page.tell(Section.WHAT, f"{where}: “{first[0].sentence.text}”", [citation, proof])
    return page.tell(Section.WHAT, f"{where}.", [citation])
