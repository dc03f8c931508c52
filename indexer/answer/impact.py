"""What depends on something: uses that lead to it, uses of its name, importers, what moves with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.inquiry import MINOR, VALUES, Inquiry, listed, shown_place
from indexer.answer.packages import say_package
from indexer.answer.readable import is_readable
from indexer.answer.subjects import Subject, is_about
from indexer.answer.usage import BEARS, IMPORTS, Usage, alone_bears, usage
from indexer.index.history import changed_together, commits_touching
from indexer.index.mentions import Mention, mentions
from indexer.index.symbols import (
    FoundReference,
    FoundSymbol,
    find_symbols,
    imported_by,
)
from indexer.types import Citation, Section

_HOLDERS: Final = 6
_FILES: Final = 6
_LINES: Final = 4
_CITED: Final = 5
_FEW_USES: Final = 2
"""Uses up to which their lines are shown."""
_A_LINE: Final = re.compile(r"\b(?:line|flag|statement|assignment|check)\b", re.I)
"""Words by which a question is about a line, and not about what it names."""
_SETS: Final = re.compile(r"[=:]\s*(?:true|false|Symbol\b)|^\W*\w+\W*,?$", re.I)
"""A line that gives a name its value, or lists it: what leans on it are those that read it."""
_SNIPPET: Final = 120
"""Characters behind a verb of changing in which what is changed stands."""
_TOLD: Final = 2
"""Sentences that a value says of itself."""
_CHANGES: Final = re.compile(
    r"\b(?:set|cut|(?:chang|rais|disabl|enabl|remov|delet|renam|increas|reduc|mov|overrid)(?:e|ed|ing)"
    r"|(?:lower|turn|switch|touch|edit)(?:ed|ing)?|drop(?:ped|ping)?|took out|tak(?:e|ing) out)\b"
    r"(?: (?:off|on|up|down|the|my|our))*",
    re.I,
)
"""What is done to the thing that a question says is changed, with what stands before its name."""


def say_impact(inquiry: Inquiry) -> None:
    """Tell what depends on something: callers, importers, tests, what changes together with it."""
    page = inquiry.page
    if _say_written_name(inquiry):
        return
    subject = _changed(inquiry)
    if inquiry.namings and not any(each.symbols or each.paths for each in inquiry.namings):
        # What comes near the name is something else, and what leans on that no answer.
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
        page.tell(
            Section.WHAT,
            f"`{symbol.qualified}` is defined in {shown_place(symbol.path, symbol.name_line)}.",
            [inquiry.signature(symbol)],
        )
        if symbol.kind in VALUES:
            # What another value does is told by what the value is for.
            told = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]
            for found in told[:_TOLD]:
                page.quote(Section.WHAT, found)
        used = usage(inquiry, symbol)
        _say_usage(inquiry, symbol, used)
        led = bool(used.sure)
    for path_id, path in inquiry.files(1):
        # Of a definition whose uses are certain, what takes in its whole file says nothing more.
        _say_neighbours(inquiry, path_id, path, importers=not led)


# ------------------------------------------------------------------------------------ private


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


def _say_usage(inquiry: Inquiry, symbol: FoundSymbol, used: Usage) -> None:
    page, name = inquiry.page, symbol.name
    if used.sure:
        _say_sure(inquiry, name, used.sure)
    if used.named:
        _say_named(inquiry, symbol, used)
    if not used.sure and not used.named:
        text = (
            f"Nothing outside tests writes the name `{name}`, by an exact search over the code (a name that"
            " is put together at run time stays unseen)."
            if used.complete
            else f"The name `{name}` stands in too much code to tell what of it means this definition."
        )
        page.fact(Section.WHAT, text, f"git grep -w {name}, comments and documents left out", [])
    if used.tests:
        paths = list(dict.fromkeys(each.path for each in used.tests))
        more = f" and {_files(len(paths) - 4, 'more')}" if len(paths) > 4 else ""
        shown = ", ".join(paths[:4]) if more else listed(paths[:4])
        write = "writes" if len(used.tests) == 1 else "write"
        page.fact(
            Section.WHAT,
            f"{_lines(len(used.tests))} of tests {write} the name, in {shown}{more}.",
            f"git grep -w {name}, tests alone",
            [shown_place(each.path, each.line) for each in used.tests],
        )


def _say_sure(inquiry: Inquiry, name: str, used: Sequence[FoundReference]) -> None:
    holders: dict[str, FoundReference] = {}
    for each in used:
        holders.setdefault(f"`{each.inside or each.path}`", each)
    more = f" and {len(holders) - _HOLDERS} more" if len(holders) > _HOLDERS else ""
    first = list(holders)[:_HOLDERS]
    inquiry.page.fact(
        Section.WHAT,
        f"It is used in {len(used)} {'place' if len(used) == 1 else 'places'} for certain:"
        f" {', '.join(first) if more else listed(first)}{more}.",
        f"uses of the name {name}",
        [shown_place(each.path, each.line) for each in used],
        _spans(inquiry, list(holders.values())),
    )
    if len(used) <= _FEW_USES:
        for each in used:
            inquiry.page.code(Section.WHAT, each.path, each.line, each.line)


def _say_named(inquiry: Inquiry, symbol: FoundSymbol, used: Usage) -> None:
    """Tell the lines that write the name, and why they may mean another thing."""
    named = used.named
    count = len(named)
    few = "" if used.complete else "At least "
    lines = _lines(count, "more") if used.sure else f"{_lines(count)} outside tests"
    write = "writes" if count == 1 else "write"
    paths: dict[str, list[int]] = {}
    for each in named:
        paths.setdefault(each.path, []).append(each.line)
    shown = [_numbered(path, at) for path, at in list(paths.items())[:_FILES]]
    more = f" and {_files(len(paths) - _FILES, 'more')}" if len(paths) > _FILES else ""
    text = (
        f"{few}{lines} {write} the name `{symbol.name}`, by the name alone:"
        f" {'; '.join(shown)}{';' if more else ''}{more}."
    )
    if not used.sure and alone_bears(inquiry, symbol):
        text = f"{text} Nothing else here bears the name."
    elif not used.sure:
        text = f"No use outside tests is certain to mean this one. {text}"
    firsts = {each.path_id: each for each in reversed(named)}
    inquiry.page.fact(
        Section.WHAT,
        text,
        f"git grep -w {symbol.name}, comments, documents and tests left out",
        [shown_place(each.path, each.line) for each in named],
        _spans(inquiry, sorted(firsts.values(), key=named.index)),
    )
    others = [
        each
        for each in find_symbols(inquiry.reader, symbol.name, 100)
        if each.name == symbol.name
        and each.kind in BEARS
        and not each.marks & MINOR
        and (each.path_id, each.name_line) != (symbol.path_id, symbol.name_line)
    ]
    if others:
        places = [f"`{each.qualified}` ({shown_place(each.path, each.name_line)})" for each in others[:3]]
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        inquiry.page.tell(
            Section.WHAT,
            f"Such a line may mean another that bears the name:"
            f" {', '.join(places) if more else listed(places)}{more}.",
            [inquiry.signature(each) for each in others[:3]],
        )


def _say_neighbours(inquiry: Inquiry, path_id: int, path: str, *, importers: bool) -> None:
    page = inquiry.page
    importing = imported_by(inquiry.reader, path_id, 100) if importers else []
    if importing:
        first = listed([each.path for each in importing[:8]])
        take = "file takes" if len(importing) == 1 else "files take"
        page.fact(
            Section.WHAT,
            f"{len(importing)} {take} in {path}, first of all {first}.",
            f"imports of {path}",
            [shown_place(each.path, each.line) for each in importing],
        )
    together = changed_together(inquiry.reader, path_id, 4, 3)
    if together:
        shown = listed([f"{each.path} ({each.commits} commits)" for each in together])
        page.fact(
            Section.WHAT,
            f"What changed most often in the same commits as {path}: {shown}.",
            f"files of the commits that touched {path}",
            [each.oid for each in commits_touching(inquiry.reader, [path_id], 20)],
        )


def _spans(inquiry: Inquiry, places: Sequence[FoundReference | Mention]) -> list[Citation]:
    found = (inquiry.page.sources.span(each.path, each.line, each.line) for each in places[:_CITED])
    return [each for each in found if each is not None]


def _numbered(path: str, lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return f"{path}:{lines[0]}"
    first = [str(each) for each in sorted(lines)[:_LINES]]
    more = f" and {len(lines) - _LINES} more" if len(lines) > _LINES else ""
    return f"{path} (lines {', '.join(first) if more else listed(first)}{more})"


def _lines(count: int, word: str = "") -> str:
    return f"{count:,} {word} line{'' if count == 1 else 's'}".replace("  ", " ")


def _files(count: int, word: str = "") -> str:
    return f"{count:,} {word} file{'' if count == 1 else 's'}".replace("  ", " ")
