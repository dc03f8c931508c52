"""What breaks: what a change of a definition reaches, who takes in a file, what moves with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.about import is_of_all
from indexer.answer.consequences import say_consequences
from indexer.answer.implementers import say_implementers
from indexer.answer.inquiry import VALUES, Inquiry, listed, shown_place, shown_symbol
from indexer.answer.needs import Need
from indexer.answer.packages import say_package
from indexer.answer.readable import is_readable
from indexer.answer.subjects import Subject, is_about
from indexer.answer.usage import IMPORTS, usage
from indexer.index.history import changed_together, commits_touching
from indexer.index.mentions import Mention, mentions
from indexer.index.symbols import FoundSymbol, imported_by, innermost, symbols_where
from indexer.types import Citation, Section, SymbolKind

_CITED: Final = 5
_IMPORTERS: Final = 8
_MOVING: Final = 4
_TOGETHER: Final = 3
_SMALL_COMMIT: Final = 10
"""Times that files change together, in commits of so many files at most: a sweep over all ties nothing."""
_A_LINE: Final = re.compile(r"\b(?:line|flag|statement|assignment|check)\b", re.I)
"""Words by which a question is about a line, and not about what it names."""
_SETS: Final = re.compile(r"[=:]\s*(?:true|false|Symbol\b)|^\W*\w+\W*,?$", re.I)
"""A line that gives a name its value, or lists it: what leans on it are those that read it."""
_SNIPPET: Final = 120
"""Characters behind a verb of changing in which what is changed stands."""
_TOLD: Final = 2
"""Sentences that a value says of itself."""
_OWN_WORDS: Final = 4
"""The same of what is registered under a name."""
_REGISTERED: Final = 10
"""Lines beyond which a text is no name that one thing is registered under."""
_CHANGES: Final = re.compile(
    r"\b(?:set|cut|(?:chang|rais|disabl|enabl|remov|delet|renam|increas|reduc|mov|overrid)(?:e|ed|ing)"
    r"|(?:lower|turn|switch|touch|edit)(?:ed|ing)?|drop(?:ped|ping)?|took out|tak(?:e|ing) out)\b"
    r"(?: (?:off|on|up|down|the|my|our))*",
    re.I,
)
"""What is done to the thing that a question says is changed, with what stands before its name."""


_ORDER: Final = re.compile(
    r"\b(?:order|sequence) (?:of|in which)\b|\breorder\w*\b|\bswap(?:ped|ping)?\b", re.I
)


def say_impact(inquiry: Inquiry) -> None:
    """Tell what depends on something: callers, importers, tests, what changes together with it."""
    page = inquiry.page
    if _ORDER.search(inquiry.asked.text):
        # Who uses a thing does not tell what hangs on the order in which it stands.
        page.carried[Need.IMPACT] = False
    if _say_written_name(inquiry):
        return
    subject = _changed(inquiry)
    if inquiry.namings and not any(each.symbols or each.paths for each in inquiry.namings):
        # What comes near the name is something else, and what leans on that no answer.
        if _say_registered(inquiry):
            return
        names = listed([f"`{each.name}`" for each in inquiry.namings])
        page.fact(
            Section.WHAT,
            f"Nothing at this commit is defined under {names}; only text or history speaks of it.",
            f"definitions named {names}",
            [],
        )
        return
    if say_package(inquiry):
        return
    # A file that is named is what is asked about, whatever definition comes close to the words.
    led = False
    a_file = any(naming.paths and not naming.symbols for naming in inquiry.namings)
    if subject is not None and is_about(subject) and (subject.named or not a_file):
        symbol = subject.symbol
        # What another value does is told by what the value is for; of what runs, who runs it comes first.
        if symbol.kind in VALUES:
            _say_defined(inquiry, symbol)
            told = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]
            for found in told[:_TOLD]:
                page.quote(Section.WHAT, found)
        implemented = say_implementers(inquiry, symbol)
        led = say_consequences(inquiry, symbol, usage(inquiry, symbol)) or implemented
        _say_defined(inquiry, symbol)
    for path_id, path in inquiry.files(1):
        # Of a definition whose uses are certain, what takes in its whole file says nothing more.
        _say_neighbours(inquiry, path_id, path, importers=not led)


# ------------------------------------------------------------------------------------ private


def _say_defined(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    inquiry.page.tell(
        Section.WHAT,
        f"`{symbol.qualified}` is defined in {shown_place(symbol.path, symbol.name_line)}.",
        [inquiry.signature(symbol)],
    )


def _say_written_name(inquiry: Inquiry) -> bool:
    """Show where a name is written that nothing here defines, where the question is about taking out a line
    with it: "if I removed the `kDecorated = true` line". Return whether there is such a name.
    """
    text = inquiry.asked.text
    lines = [text[verb.end() : verb.end() + _SNIPPET] for verb in _CHANGES.finditer(text)]
    for naming in inquiry.namings:
        if naming.symbols or naming.paths or not re.fullmatch(r"\w+", naming.name):
            continue
        if not any(_A_LINE.search(each) and naming.name in each for each in lines):
            continue
        found = mentions(inquiry.reader, naming.name)
        places = [each for each in found.found if not each.is_test]
        if not places:
            continue
        shown = [shown_place(each.path, each.line) for each in places]
        more = f" and {len(shown) - _CITED} more" if len(shown) > _CITED else ""
        inquiry.page.fact(
            Section.WHAT,
            f"`{naming.name}` is written in {', '.join(shown[:_CITED]) if more else listed(shown)}{more}.",
            f"git grep -w {naming.name}, comments, documents and tests left out",
            shown,
            _spans(inquiry, places),
        )
        reading = [each for each in places if not (_SETS.search(each.text) or IMPORTS.match(each.text))]
        for each in reading[:_CITED]:
            inquiry.page.code(Section.WHAT, each.path, each.line, each.line + 1)
        return True
    return False


def _say_registered(inquiry: Inquiry) -> bool:
    """Tell of a name that is a text in the code of one definition alone where that is, and what that says of
    itself: modules, commands and plug-ins are registered so. Return whether there is such a name.
    """
    for naming in inquiry.namings:
        text = re.compile(rf"""["'](?:[\w-]+[.:/])*{re.escape(naming.name)}["']""")
        mentioned = mentions(inquiry.reader, naming.name).found
        lines = [each for each in mentioned if not each.is_test and text.search(each.text)]
        if len(lines) > _REGISTERED:
            continue
        files = [symbols_where(inquiry.reader, "p.shown = ?", (each.path,)) for each in lines]
        found = [(each, file, innermost(file, each.line)) for each, file in zip(lines, files, strict=True)]
        # A key of a file of settings is none that registers anything.
        found = [each for each in found if each[2] is not None and each[2].kind is not SymbolKind.KEY]
        line, defined, within = found[0] if len(found) == 1 else (None, [], None)
        if line is None or within is None:
            continue
        owner = next((each for each in defined if each.qualified == within.parent), within)
        place = shown_place(line.path, line.line)
        inquiry.page.tell(
            Section.WHAT,
            f"`{naming.name}` is written in {shown_symbol(within)}, {place}.",
            _spans(inquiry, [line]),
        )
        told = [each for each in inquiry.documentation(owner) if is_readable(each.sentence.text)]
        for each in told[:_OWN_WORDS]:
            inquiry.page.quote(Section.WHAT, each)
        return True
    return False


def _changed(inquiry: Inquiry) -> Subject | None:
    """Return the definition that is to be changed: of those named the one that the question says so of, else
    the likeliest.
    """
    named = [each for each in inquiry.subjects if each.named]
    text = inquiry.asked.text
    for verb in _CHANGES.finditer(text):
        for each in named:
            if re.match(rf"[\w.:#]*?\b{re.escape(each.symbol.name)}\b", text[verb.end() :].lstrip("`\"' ")):
                return each
    return inquiry.subject


def _say_neighbours(inquiry: Inquiry, path_id: int, path: str, *, importers: bool) -> None:
    page = inquiry.page
    importing = imported_by(inquiry.reader, path_id, 100) if importers else []
    if importing:
        paths = list(dict.fromkeys(each.path for each in importing))
        shown = paths[:_IMPORTERS]
        told = (
            listed(shown) if len(paths) == len(shown) else f"{len(paths)} files, among them {listed(shown)}"
        )
        page.fact(
            Section.WHAT,
            f"{path} is taken in by {told}.",
            f"imports of {path}",
            [shown_place(each.path, each.line) for each in importing],
        )
    together = [
        each
        for each in changed_together(inquiry.reader, path_id, 12, _TOGETHER, largest=_SMALL_COMMIT)
        if not is_of_all(each.path)
    ][:_MOVING]
    if together:
        shown = [f"{each.path} ({each.commits} commits)" for each in together]
        page.fact(
            Section.WHAT,
            f"What changed most often in the same commits as {path}: {listed(shown)}.",
            f"files of the commits that touched {path} and at most {_SMALL_COMMIT} files",
            [each.oid for each in commits_touching(inquiry.reader, [path_id], 20)],
        )


def _spans(inquiry: Inquiry, places: Sequence[Mention]) -> list[Citation]:
    found = (inquiry.page.sources.span(each.path, each.line, each.line) for each in places[:_CITED])
    return [each for each in found if each is not None]
