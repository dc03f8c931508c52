"""The whole at a glance: what it is, its main parts, and where to start."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer import lexicon
from indexer.answer.areas import areas_named
from indexer.answer.blocks import Role
from indexer.answer.demos import demo_folders
from indexer.answer.extract import say_meaning, say_sentences
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, listed, shown_place
from indexer.answer.introduction import own_name, say_introduction
from indexer.answer.needs import Need
from indexer.answer.parts_told import say_parts_told
from indexer.answer.readable import is_readable
from indexer.answer.sentences import sentences_of
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.types import ChunkKind, Citation, CitationKind, FileMark, Section, SymbolKind

FOLDERS: Final = 7
_OF_ALL: Final = frozenset(
    ("project", "repositori", "repo", "codebas", "code", "big", "pictur", "high", "level", "general", "key",
     "central", "important", "basic", "fit", "togeth", "interact", "relat", "connect", "give", "show")
)  # fmt: skip
"""Stems that say of the parts of everything how they are wished for, and name none."""
_OF_ONE: Final = 0.8
"""Score from which a definition is what the parts of are asked for."""

_HELPS: Final = re.compile(
    r"(?:^|/)_?(?:utils?|helpers?|tools?|common|compat|shared|support|exceptions?|errors?|constants?|types?)"
    r"(?:/|\.\w+$)",
    re.I,
)
LEADING: Final = 4
"""Files that most leans on, of which it is told what they define."""
_DIVIDED: Final = 2
_PARTS: Final = 12
"""Folders within one of which there must be, and which are named."""

_SENTENCE_WORDS: Final = 4
_NAMED: Final = 4
"""Definitions that are named of a file."""
_TYPES: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.ENUM)
)
_PRIVATE: Final = re.compile(r"(?:^|/)_(?!_)|/__init__\.py$")
_NO_PART: Final = FileMark.DOCUMENTATION | FileMark.CONFIGURATION
_HIDDEN: Final = re.compile(r"(?:^|/)\.\w")
_ENTRY: Final = re.compile(
    r"(?:^|/)(?:__main__|main|app|cli|server|index|manage|wsgi|asgi|program|bootstrap)\.\w+$", re.I
)
_STARTED: Final = re.compile(r"(?:^|/)(?:__main__|main|manage|program)\.\w+$", re.I)
_STARTS: Final = re.compile(
    r"if __name__ == |#!|(?:pub )?(?:async )?fn main\(|func main\(|\s*(?:public )?static .*\b[Mm]ain\("
    r"|(?:int|void) main\(|(?:async )?def main\(|(?:async )?function main\(|(?:app|application)\b.{0,20} = "
    r"|.*\.listen\(|.*\.mount\(|.*createRoot\("
)
_TRIED: Final = 12
"""Files called like a start that are looked into for one, and how lines that start something begin."""


def say_parts(inquiry: Inquiry) -> None:
    """Tell what this is, its main folders, where it begins, and what most of it rests on."""
    page = inquiry.page
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks, e.rank FROM path p JOIN entry e ON e.path_id = p.id WHERE"
        " e.blob_id IS NOT NULL"
    ).fetchall()
    area = _area_meant(inquiry)
    if area is not None and not _is_whole(area, rows) and _say_area(inquiry, area, rows):
        return
    subject = inquiry.subject
    whole = area is None and asks_of_whole(inquiry)
    if whole:
        # That the words of such a question stand nowhere here tells nothing of whether it has parts.
        page.settled[Need.PARTS] = True
    if area is None and not whole and subject is not None and subject.score >= _OF_ONE:
        # "What is in the account record" asks for one thing, not for the whole.
        say_meaning(inquiry)
        return
    say_introduction(inquiry, [path for path, _, _ in rows])
    told = say_parts_told(inquiry, rows)
    code = [
        (path, rank) for path, marks, rank in rows if not (marks & (MINOR | _NO_PART) or _HIDDEN.search(path))
    ]
    # An app for trying it out is no part of it, however many files it has.
    demos = tuple(demo_folders(page.sources, [path for path, _, _ in rows]))
    code = [each for each in code if not (demos and each[0].startswith(demos))]
    for folder, count in main_folders([path for path, _ in code]):
        first = says_of_itself(inquiry, folder)
        within = sorted(
            (each for each in code if each[0].startswith(folder + "/")), key=lambda each: -each[1]
        )[:3]
        page.fact(
            Section.WHAT,
            f"{folder}/ holds {_files(count)}" + (f": “{first[0]}”" if first else _inside(folder, code)),
            f"files under {folder}/",
            [shown_place(path, 1) for path, _ in within],
            [first[1]] if first else [],
        )
    entries = [path for path, _ in code if _ENTRY.search(path)]
    entries.sort(key=lambda path: (path.count("/"), path))
    entries = [path for path in entries[:_TRIED] if _begins(inquiry, path)]
    if entries:
        page.tell(
            Section.WHAT,
            f"It starts in {listed(entries[:3])}.",
            [page.sources.span(path, 1, 1) for path in entries[:3]],
        )
    if told:
        # Whoever wrote it down knows better than any count of imports what the parts are.
        return
    # What begins with an underscore is private to its package, or was taken over from elsewhere.
    telling = [each for each in code if _defined(inquiry, each[0])]
    # Everything leans on its helpers, which tell nothing of what it does.
    own = [each for each in telling if not _HELPS.search(each[0])]
    telling = own if len(own) >= LEADING else telling
    # A package may be private as a whole, with a gate that offers what is in it.
    open_ones = [each for each in telling if not _PRIVATE.search(each[0])]
    open_ones = open_ones if len(open_ones) >= LEADING else telling
    central = [path for path, rank in sorted(open_ones, key=lambda each: -each[1]) if rank > 0][:5]
    if central:
        for path in central[:LEADING]:
            _say_main(inquiry, path)
        aside = ", helpers aside," if telling is own else ""
        page.fact(
            Section.WHAT,
            f"Most of the rest{aside} leans on {listed(central)}: read those first.",
            "PageRank over the imports between files",
            [shown_place(path, 1) for path in central],
        )


def _begins(inquiry: Inquiry, path: str) -> bool:
    """Return whether something is started in a file that is called so: it may hold what serves others."""
    if "/" not in path or _STARTED.search(path):
        return True
    source = inquiry.page.sources.file(path)
    return source is not None and any(_STARTS.match(line) for line in source.lines)


def _files(count: int) -> str:
    return "one file" if count == 1 else f"{count} files"


def asks_of_whole(inquiry: Inquiry) -> bool:
    """Return whether a question for parts says nothing of what they are parts of: all of it, then."""
    said = lexicon.PARTS | lexicon.WHOLE | lexicon.FRAME | _OF_ALL | own_name(inquiry)
    return all(term in said for term in inquiry.evidence.weights)


def _inside(folder: str, code: Sequence[tuple[str, float]]) -> str:
    """Return the names of what a folder is divided into, the largest first, as the end of a sentence."""
    parts = Counter(
        path[len(folder) + 1 :].partition("/")[0]
        for path, _ in code
        if path.startswith(f"{folder}/") and "/" in path[len(folder) + 1 :]
    )
    if len(parts) < _DIVIDED:
        return "."
    names = [name for name, _ in parts.most_common(_PARTS)]
    more = f" and {len(parts) - _PARTS} more" if len(parts) > _PARTS else ""
    return f", in {', '.join(names) if more else listed(names)}{more}."


def _area_meant(inquiry: Inquiry) -> str | None:
    """Return the folder whose parts are asked about; None when it is the whole repository."""
    terms = [term for term in inquiry.evidence.weights if term not in lexicon.PARTS | lexicon.WHOLE]
    return next((area.path for area in areas_named(inquiry.reader, terms) if area.is_folder), None)


def _is_whole(folder: str, rows: Sequence[tuple[str, int, float]]) -> bool:
    """Return whether most of the code stands in folders of one: it bears the project's own name."""
    code = [path for path, marks, _ in rows if not marks & (MINOR | _NO_PART)]
    if _inside(folder, [(path, 0.0) for path in code]) == ".":
        return False
    return 2 * sum(path.startswith(f"{folder}/") for path in code) > len(code)


def _say_area(inquiry: Inquiry, folder: str, rows: Sequence[tuple[str, int, float]]) -> bool:
    """Tell what stands in one folder: what it says of itself, and its files with what they define."""
    page = inquiry.page
    within = [row for row in rows if row[0].startswith(f"{folder}/") and not row[1] & (MINOR | _NO_PART)]
    defined = [(path, _defined(inquiry, path)) for path, _, _ in sorted(within, key=lambda row: -row[2])]
    parts = [(path, found) for path, found in defined if found][:FOLDERS]
    if not parts:
        return False
    first = says_of_itself(inquiry, folder)
    told = f"{folder}/ holds {_files(len(within))}" + (f": “{first[0]}”" if first else ".")
    page.fact(
        Section.WHAT, told, f"files under {folder}/", [shown_place(path, 1) for path, _ in parts],
        [first[1]] if first else [],
    )  # fmt: skip
    say_sentences(inquiry, 2, commits=False)
    for path, found in parts:
        names = listed(list(dict.fromkeys(f"`{each.qualified}`" for each in found)))
        page.tell(Section.WHAT, f"{path} defines {names}.", [inquiry.signature(each) for each in found])
    return True


def _say_main(inquiry: Inquiry, path: str) -> None:
    """Name the main definitions of a file, with what the first of them that says anything says of itself."""
    found = _defined(inquiry, path)
    shown = sorted(found, key=lambda each: each.start_line)
    names = listed([f"`{each.qualified}`" for each in shown])
    signatures = [inquiry.signature(each) for each in shown]
    for symbol in found:
        told = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)][:1]
        proof = inquiry.page.cite(told[0]) if told else None
        if proof is not None:
            own = "" if len(shown) == 1 else f" `{symbol.qualified}`:"
            inquiry.page.tell(
                Section.WHAT,
                f"{path} defines {names}.{own} “{told[0].sentence.text}”"
                if own
                else f"{path} defines {names}: “{told[0].sentence.text}”",
                [*signatures, proof],
            )
            return


def _defined(inquiry: Inquiry, path: str) -> list[FoundSymbol]:
    """Return the main definitions of a file that stand by themselves: classes first, the long ones first."""
    inside = definitions_in(inquiry.reader, inquiry.path_id(path))
    own = [
        each
        for each in inside
        if each.kind in CALLABLE | _TYPES and not each.name.startswith("_") and _stands_alone(each, inside)
    ]
    # What only is written in a namespace for want of another place is no module of its own.
    own += [
        each
        for each in inside
        if each.kind is SymbolKind.MODULE and _stands_alone(each, inside) and not _holds_others(each, inside)
    ]
    # In Go what begins with a small letter is its package's own.
    offered = [each for each in own if not path.endswith(".go") or each.name[0].isupper()]
    of_type = _TYPES | {SymbolKind.MODULE}
    return sorted(
        offered or own, key=lambda each: (each.kind not in of_type, each.start_line - each.end_line)
    )[:_NAMED]


def _stands_alone(symbol: FoundSymbol, inside: Sequence[FoundSymbol]) -> bool:
    """Return whether a definition is no part of another: an outer namespace holds, and is not, a thing.

    So does the object that a file gives away: `app.render = function` stands in no function.
    """
    if not symbol.parent:
        return True
    holders = [each for each in inside if each.qualified == symbol.parent]
    if not holders:
        # A package, or a namespace of which this file says nothing; a method's type may be elsewhere.
        return symbol.kind in _TYPES
    if any(each.kind is SymbolKind.MODULE for each in holders):
        within = [each for each in holders if each.kind is SymbolKind.MODULE]
        return _holds_others(within[0], inside) and _stands_alone(within[0], inside)
    given = all(each.kind in (SymbolKind.VARIABLE, SymbolKind.CONSTANT) for each in holders)
    return given and symbol.kind in CALLABLE and all(_stands_alone(each, inside) for each in holders)


def _holds_others(module: FoundSymbol, inside: Sequence[FoundSymbol]) -> bool:
    """Return whether a module does no more than hold types and other modules."""
    return any(
        each.parent == module.qualified and each.kind in _TYPES | {SymbolKind.MODULE} for each in inside
    )


def main_folders(paths: list[str]) -> list[tuple[str, int]]:
    """Return the folders that divide the code best: a lone one is opened until it parts."""
    prefix = ""
    while True:
        inside = [path[len(prefix) :] for path in paths if path.startswith(prefix)]
        counts = Counter(path.partition("/")[0] for path in inside if "/" in path)
        if not counts:
            return []
        top, count = counts.most_common(1)[0]
        if count >= 0.7 * len(inside) and any(
            "/" in path[len(top) + 1 :] for path in inside if path.startswith(top + "/")
        ):
            prefix += f"{top}/"
            continue
        return [(f"{prefix}{folder}", number) for folder, number in counts.most_common(FOLDERS)]


def says_of_itself(inquiry: Inquiry, folder: str) -> tuple[str, Citation] | None:
    """Return the first sentence of a package's own docstring or readme."""
    for name in ("__init__.py", "README.md", "README.rst", "package-info.java", "doc.go", "mod.rs"):
        source = inquiry.page.sources.file(f"{folder}/{name}")
        if source is None:
            continue
        kind = ChunkKind.DOC if name.startswith("README") else ChunkKind.CODE
        for sentence in sentences_of(kind, source.language, "\n".join(source.lines[:30]), 1):
            telling = sentence.role is Role.DOCSTRING or sentence.text.count(" ") >= _SENTENCE_WORDS
            if sentence.role in (Role.DOCSTRING, Role.PROSE) and telling and is_readable(sentence.text):
                citation = inquiry.page.sources.span(source.path, sentence.start_line, sentence.end_line)
                if citation is not None and citation.kind is CitationKind.SPAN:
                    return sentence.text, citation
            if sentence.start_line > 15:
                break
    return None
