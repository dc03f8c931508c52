"""Settings: what can be set, with its default, and what a definition takes."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.defaults import say_default_of_field
from indexer.answer.extract import say_meaning, say_sentences
from indexer.answer.inquiry import Inquiry, listed, shown_place, shown_symbol
from indexer.answer.markup import plain
from indexer.answer.needs import Need
from indexer.answer.page import CODE_LINES
from indexer.answer.readable import CHANGE_LOG
from indexer.answer.sentences import sentences_in
from indexer.answer.told_of import say_told_of
from indexer.answer.values_named import DEFAULT, say_values
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import stem, stems
from indexer.types import ChunkKind, FileMark, Section, SymbolKind

_SCANNED: Final = 3_000
"""Passages with a word of the environment that are looked through for names."""

_SAID: Final = 0.3
_BESIDE: Final = 0.75
"""Share of the question that a sentence on a variable must hold to leave others out, and theirs of it."""

_NAME: Final = r"[\"']([A-Za-z_][A-Za-z0-9_]{2,})[\"']"
_ENVIRONMENT: Final = re.compile(
    r"(?:\benviron(?:\.get|\.pop|\.setdefault)?\s*[\[(]\s*|\bgetenv\s*\(\s*|\bENV(?:\.fetch)?\s*[\[(]\s*"
    r"|\benv::var(?:_os)?\(\s*|\bos\.(?:LookupEnv|Getenv)\(\s*|\bprocess\.env\[\s*"
    r"|\bGetEnvironmentVariable\(\s*"
    rf"|(?<![\w.])env\(\s*){_NAME}(?:\s*,\s*([^(),\n]{{1,30}}))?"
    r"|(?:\bprocess\.env\.|\$env:)([A-Za-z_][A-Za-z0-9_]{2,})"
)


def say_settings(inquiry: Inquiry) -> None:
    """Answer which settings or environment variables there are, with their defaults where shown."""
    if say_told_of(inquiry):
        inquiry.page.settled[Need.SETTING] = True
        return
    if say_default_of_field(inquiry):
        inquiry.page.settled[Need.SETTING] = True
        return
    if _say_parameters(inquiry):
        inquiry.page.carried[Need.SETTING] = True
        return
    environment = bool({"environ", "env"} & {stem(word) for word in stems(inquiry.asked.text)})
    shown = _say_environment(inquiry) if environment else say_values(inquiry)
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
        return page.code(Section.WHAT, named.path, shown.name_line, end) or said
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

_WRITTEN: Final = re.compile(r"`[A-Za-z]\w*_\w+")
_SETS: Final = re.compile(r"`[\w.-]+`: “")
_BARE: Final = re.compile(r"\(\s*(?:self|this|cls)?\s*\)")
_CONSTRUCTORS: Final = ("__init__", "constructor", "initialize", "__construct")
_SIGNED: Final = re.compile(r"\)\s*(?:->[^:]+)?[:{]?\s*$")
_FIELDS: Final = frozenset((SymbolKind.FIELD, SymbolKind.PROPERTY))
_TYPES: Final = frozenset((SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE))
_TAKES: Final = _TYPES | {SymbolKind.FUNCTION, SymbolKind.METHOD}
_NAMED: Final = 14
"""Fields that are named."""


def _say_environment(inquiry: Inquiry) -> int:
    rows = inquiry.reader.execute(
        "SELECT p.shown, c.text, c.start_line, e.marks FROM words_code f JOIN passage g ON g.id = f.rowid"
        " JOIN chunk c ON c.id = g.chunk_id JOIN path p ON p.id = g.path_id JOIN entry e ON"
        " e.path_id = g.path_id"
        " WHERE words_code MATCH 'environ OR getenv OR env OR lookupenv' AND g.current = 1 LIMIT ?",
        (_SCANNED,),
    ).fetchall()
    found: dict[str, tuple[str, int, str, int]] = {}
    for path, text, start, marks in rows:
        for number, line in enumerate(text.split("\n"), start):
            for match in _ENVIRONMENT.finditer(line):
                name = match[1] or match[3]
                known = found.get(name)
                minor = int(bool(marks & (FileMark.TEST | FileMark.EXAMPLE | FileMark.VENDORED)))
                if known is None or minor < known[3]:
                    found[name] = (path, number, (match[2] or "").strip(" \"'"), minor)
    own = [each for each in found.items() if not each[1][3]] or list(found.items())
    near = {name: _speaking_of(inquiry, name, path) for name, (path, _, _, _) in own}
    # `MAX_INTERVAL` is of the family of `INTERVAL`.
    near = {name: max(near[each] for each in near if each in name) for name in near}
    own.sort(key=lambda each: (-near[each[0]], each[1][0], each[1][1]))
    # Where a document says of some what is asked, the others are not meant.
    least = near[own[0][0]] * _BESIDE if own and near[own[0][0]] >= _SAID else 0.0
    if least:
        inquiry.page.settled[Need.SETTING] = True
    said = 0
    for name, (path, line, default, _) in [each for each in own if near[each[0]] >= least][:10]:
        told = f"`{name}` is read in {shown_place(path, line)}" + (
            f", with the default `{default}`." if default else "."
        )
        said += inquiry.page.tell(Section.WHAT, told, [inquiry.page.sources.span(path, line, line)])
    return said


def _speaking_of(inquiry: Inquiry, name: str, path: str) -> float:
    """Return the share of the question that a variable's name and place hold, or a sentence that names it."""
    most = inquiry.evidence.sharing(f"{name} {path}")
    whole = re.compile(rf"\b{re.escape(name)}\b")
    for hit in inquiry.evidence.of_kind(ChunkKind.DOC):
        if not whole.search(hit.text) or CHANGE_LOG.search(hit.path or ""):
            continue
        for sentence in sentences_in(hit):
            if whole.search(sentence.text):
                most = max(most, inquiry.evidence.sharing(f"{name} {sentence.text} {sentence.heading}"))
    return most


def _say_keys(inquiry: Inquiry) -> int:
    """Name keys and constants among the hits, with the line that gives each its value."""
    said = 0
    for subject in inquiry.subjects:
        symbol = subject.symbol
        if symbol.kind.value in ("key", "constant", "property", "variable", "field") and subject.score >= 0.4:
            said += inquiry.page.code(Section.WHAT, symbol.path, symbol.name_line, symbol.name_line + 1)
    return said
