"""Settings: what can be set, with its default, and what a definition takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer import lexicon
from indexer.answer.defaults import say_default_of_field, say_defaults_of_names
from indexer.answer.extract import say_meaning, say_sentences
from indexer.answer.inquiry import Inquiry, listed, shown_place, shown_symbol
from indexer.answer.markup import plain
from indexer.answer.needs import Need
from indexer.answer.page import CODE_LINES
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import sentences_in
from indexer.answer.shipped import Standing, shipped
from indexer.answer.told_of import say_told_of
from indexer.answer.values_named import DEFAULT, say_values
from indexer.answer.wishes import wanted_terms
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.environ import takes_environ
from indexer.repo.words import stem, stems
from indexer.types import ChunkKind, Citation, FileMark, Section, SymbolKind

_SCANNED: Final = 3_000
"""Passages with a word of the environment that are looked through for names."""

_SAID: Final = 0.4
_BESIDE: Final = 0.75
"""Share of what is asked about that a sentence on a variable must hold to leave others out, and theirs of
it.
"""

_NAME: Final = r"[\"']([A-Za-z_][A-Za-z0-9_]{2,})[\"']"
_ENVIRONMENT: Final = re.compile(
    r"(?:(?:\bos\.)?\benviron(?:\.get|\.pop|\.setdefault)?\s*[\[(]\s*|\bgetenv\s*\(\s*|\bENV(?:\.fetch)?\s*[\[(]\s*"
    r"|\benv::var(?:_os)?\(\s*|\bos\.(?:LookupEnv|Getenv)\(\s*|\bprocess\.env\[\s*"
    r"|\bGetEnvironmentVariable\(\s*"
    rf"|(?<![\w.])env\(\s*){_NAME}(?:\s*,\s*([^(),\n]{{1,30}}))?"
    r"|(?:\bprocess\.env\.|\$env:)([A-Za-z_][A-Za-z0-9_]{2,})"
)


_BARE_ENVIRON: Final = re.compile(r"environ\b")


@dataclass(frozen=True, slots=True)
class KnownVariables:
    """What an inventory knows of the variables that are read here."""

    about: Sequence[str]
    """The stems of the question that choose some of them."""
    told: Mapping[str, tuple[str, Citation]]
    """What is said of each, by its name."""
    say_all: Callable[[Inquiry], None]
    """Lays down the list of all, for where none is chosen for certain."""


def say_settings(inquiry: Inquiry, known: KnownVariables | None = None) -> None:
    """Answer which settings or environment variables there are, with their defaults where shown."""
    if say_defaults_of_names(inquiry):
        inquiry.page.settled[Need.SETTING] = True
        return
    if say_told_of(inquiry):
        inquiry.page.settled[Need.SETTING] = True
        return
    if say_default_of_field(inquiry):
        inquiry.page.settled[Need.SETTING] = True
        return
    environment = bool({"environ", "env"} & {stem(word) for word in stems(inquiry.asked.text)})
    # What a definition takes is no variable of the environment.
    if not environment and _say_parameters(inquiry):
        inquiry.page.carried[Need.SETTING] = True
        return
    shown = _say_environment(inquiry, known) if environment else say_values(inquiry)
    if inquiry.page.settled.get(Need.SETTING) is False:
        # All were listed, since nothing tells which are meant: a sentence that is near tells it no better.
        return
    said = say_sentences(inquiry, 1 if shown else 3, least=0.6 if shown else 0.4)
    if not shown:
        shown = _say_keys(inquiry)
    # A document may set one under its name and say the rest in words.
    named = any(
        _SETS.match(each.text) or _WRITTEN.search(each.text) for each in inquiry.page.of(Section.WHAT)
    )
    inquiry.page.carried[Need.SETTING] = bool(shown) or named
    if named:
        _say_defaults(inquiry)
    if not shown and not said:
        say_meaning(inquiry)


def _say_parameters(inquiry: Inquiry) -> bool:
    """Show what a definition that is named takes, with its defaults: its signature, of a class its
    constructor's, of a type without one the names of its fields.
    """
    named = next(
        (each.symbol for each in inquiry.subjects if each.named and each.symbol.kind in _TAKES), None
    )
    if named is None or _is_accessor(inquiry, named):
        return False
    page = inquiry.page
    held = [
        each
        for each in definitions_in(inquiry.reader, named.path_id)
        if each.parent == named.qualified or each is named
    ]
    made = next((each for each in held if each.name in _CONSTRUCTORS), None)
    shown = made or (named if named.kind not in _TYPES else None)
    source = page.sources.file(named.path)
    if shown is not None and source is not None:
        end = shown.name_line
        while end < min(shown.end_line, shown.name_line + CODE_LINES - 1) and not _SIGNED.search(
            source.lines[end - 1]
        ):
            end += 1
        said = page.tell(
            Section.WHAT,
            f"{shown_symbol(named)} in {shown_place(named.path, shown.name_line)} takes:",
            [inquiry.signature(shown)],
        )
        said |= page.code(Section.WHAT, named.path, shown.name_line, end)
        return _say_own_words(inquiry, shown) or said
    fields = [f"`{each.name}`" for each in held if each.kind in _FIELDS]
    if not fields:
        return False
    more = f" and {len(fields) - _NAMED} more" if len(fields) > _NAMED else ""
    names = ", ".join(fields[:_NAMED]) if more else listed(fields)
    return page.tell(
        Section.WHAT,
        f"{shown_symbol(named)} in {shown_place(named.path, named.name_line)} has the fields {names}{more}.",
        [inquiry.signature(named)],
    )


def _say_own_words(inquiry: Inquiry, symbol: FoundSymbol) -> bool:
    """Quote how a definition documents itself: on what else it depends, no signature says."""
    told = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]
    said = [inquiry.page.quote(Section.WHAT, each) for each in told[:_OWN_WORDS]]
    return any(said)


_OWN_WORDS: Final = 3
"""Sentences of a documentation that are quoted."""


def _is_accessor(inquiry: Inquiry, symbol: FoundSymbol) -> bool:
    """Return whether a method takes nothing but the object that it is called on: `def trust_env(self)`."""
    source = inquiry.page.sources.file(symbol.path)
    line = source.lines[symbol.name_line - 1] if source is not None else ""
    # Ruby writes no brackets where nothing is taken.
    bare = _BARE.search(line) or (source is not None and source.language == "ruby" and "(" not in line)
    return bool(symbol.parent) and bool(bare)


def _say_defaults(inquiry: Inquiry) -> None:
    """Tell the default that a document gives under the name of each setting that was quoted."""
    page = inquiry.page
    for statement in list(page.of(Section.WHAT)):
        title = statement.citations[-1] if _SETS.match(statement.text) and statement.citations else None
        source = page.sources.file(title.path or "") if title is not None else None
        if title is None or source is None:
            continue
        for at in range(title.end_line, min(title.end_line + _DEFAULTS, len(source.lines))):
            said = plain(source.lines[at])
            if DEFAULT.match(said):
                name = statement.text.partition(":")[0]
                cited = [page.sources.span(source.path, at + 1, at + 1), title]
                page.tell(Section.WHAT, f"{name}: “{said}”", cited)
                break


_DEFAULTS: Final = 8
"""Lines below the name of a setting in which its default is looked for."""

_WRITTEN: Final = re.compile(r"[`'\"]~?[A-Za-z][\w.]*_\w+")
_SETS: Final = re.compile(r"`[\w.-]+`: “")
_BARE: Final = re.compile(r"\(\s*(?:self|this|cls)?\s*\)")
_CONSTRUCTORS: Final = ("__init__", "constructor", "initialize", "__construct")
_SIGNED: Final = re.compile(r"\)\s*(?:->[^:]+)?[:{]?\s*$")
_FIELDS: Final = frozenset((SymbolKind.FIELD, SymbolKind.PROPERTY))
_TYPES: Final = frozenset((SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE))
_TAKES: Final = _TYPES | {SymbolKind.FUNCTION, SymbolKind.METHOD}
_NAMED: Final = 14
"""Fields that are named."""


def _say_environment(inquiry: Inquiry, known: KnownVariables | None) -> int:
    """Tell the variables that what is asked is said of; where nothing is, all. Return how many were told."""
    weights = inquiry.evidence.weights
    # That variables are asked for, and what any of them does, tells none from another.
    terms = wanted_terms(inquiry.asked.text) if known is None else known.about
    chosen = {term: weights[term] for term in terms if term in weights and term not in lexicon.SETTING}
    own = _variables(inquiry)
    near = {name: _speaking_of(inquiry, name, path, chosen) for name, (path, _, _) in own.items()}
    # `MAX_INTERVAL` is of the family of `INTERVAL`.
    near = {name: max(near[each] for each in near if each in name) for name in near}
    best = max(near.values(), default=0.0)
    if best < _SAID and known is not None:
        known.say_all(inquiry)
        return len(own)
    # Where a document says of some what is asked, the others are not meant.
    least = best * _BESIDE if best >= _SAID else 0.0
    if least:
        inquiry.page.settled[Need.SETTING] = True
    ranked = sorted(own.items(), key=lambda each: (-near[each[0]], each[1][0], each[1][1]))
    said = 0
    for name, (path, line, default) in [each for each in ranked if near[each[0]] >= least][:10]:
        told = f"`{name}` is read in {shown_place(path, line)}" + (
            f", with the default `{default}`." if default else "."
        )
        place: Citation | None = inquiry.page.sources.span(path, line, line)
        if known is not None and name in known.told:
            told, place = known.told[name]
        said += inquiry.page.tell(Section.WHAT, told, [place])
    return said


def _variables(inquiry: Inquiry) -> dict[str, tuple[str, int, str]]:
    """Return where each variable is read, with its default where that is written beside it.

    Of those that only tests, examples and applications beside the package read, where there are no others.
    """
    rows = inquiry.reader.execute(
        "SELECT p.shown, c.text, c.start_line, e.marks FROM words_code f JOIN passage g ON g.id = f.rowid"
        " JOIN chunk c ON c.id = g.chunk_id JOIN path p ON p.id = g.path_id JOIN entry e ON"
        " e.path_id = g.path_id"
        " WHERE words_code MATCH 'environ OR getenv OR env OR lookupenv' AND g.current = 1 LIMIT ?",
        (_SCANNED,),
    ).fetchall()
    ships = shipped(inquiry.reader)
    found: dict[str, tuple[str, int, str, int]] = {}
    for path, text, start, marks in rows:
        for number, line in enumerate(text.split("\n"), start):
            for match in _ENVIRONMENT.finditer(line):
                if _BARE_ENVIRON.match(match.group()) and not _takes_environ(inquiry, path):
                    continue
                name = match[1] or match[3]
                known = found.get(name)
                minor = bool(marks & (FileMark.TEST | FileMark.EXAMPLE | FileMark.VENDORED))
                far = len(Standing) if minor else int(ships.standing(path))
                if known is None or far < known[3]:
                    found[name] = (path, number, (match[2] or "").strip(" \"'"), far)
    nearest = [each for each in found if found[each][3] < Standing.APPLICATION]
    own = nearest or [each for each in found if found[each][3] < len(Standing)] or list(found)
    return {name: found[name][:3] for name in own}


def _takes_environ(inquiry: Inquiry, path: str) -> bool:
    """Return whether ``environ`` is the process's in a file, and not what comes with a request (WSGI)."""
    source = inquiry.page.sources.file(path)
    return source is not None and takes_environ("\n".join(source.lines))


def _speaking_of(inquiry: Inquiry, name: str, path: str, chosen: Mapping[str, float]) -> float:
    """Return the share of what is asked about that a variable's name and place hold, or a sentence on it."""
    whole = sum(chosen.values())
    if not whole:
        return 0.0

    def share(text: str) -> float:
        return sum(chosen.get(term, 0.0) for term in inquiry.evidence.terms_in(text)) / whole

    most = share(f"{name} {path}")
    written = re.compile(rf"\b{re.escape(name)}\b")
    for hit in inquiry.evidence.of_kind(ChunkKind.DOC):
        if not written.search(hit.text) or CHANGE_LOG.search(hit.path or ""):
            continue
        for sentence in sentences_in(hit):
            if written.search(sentence.text):
                most = max(most, share(f"{name} {sentence.text} {sentence.heading}"))
    return most


def _say_keys(inquiry: Inquiry) -> int:
    """Name keys and constants among the hits, with the line that gives each its value."""
    said = 0
    for subject in inquiry.subjects:
        symbol = subject.symbol
        if symbol.kind.value in ("key", "constant", "property", "variable", "field") and subject.score >= 0.4:
            said += inquiry.page.code(Section.WHAT, symbol.path, symbol.name_line, symbol.name_line + 1)
    return said
