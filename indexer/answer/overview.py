"""The whole at a glance: the main parts and where to start; and the best examples to copy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer import lexicon
from indexer.answer.areas import areas_named
from indexer.answer.blocks import Role
from indexer.answer.evidence import Found
from indexer.answer.extract import CHANGE_LOG, is_readable, say_meaning, say_sentences
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, listed, shown_place
from indexer.answer.sentences import sentences_of
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols
from indexer.repo.words import stem, stems
from indexer.shapes.examples import Examples
from indexer.types import ChunkKind, Citation, CitationKind, FileMark, Section, SymbolKind

FOLDERS: Final = 7
EXAMPLES: Final = 3
_OF_ONE: Final = 0.8
"""Score from which a definition is what the parts of are asked for."""

LEADING: Final = 4
"""Files that most leans on, of which it is told what they define."""
MODEL_LINES: Final = 8
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

_FENCE: Final = re.compile(r"^\s*(```|~~~)")
_OPENS_CODE: Final = re.compile(r"::\s*$|^\s*\.\. (?:code|code-block|sourcecode)::")

_README: Final = re.compile(r"^readme(?:\.\w+)?$", re.I)
_ENTRY: Final = re.compile(
    r"(?:^|/)(?:__main__|main|app|cli|server|index|manage|wsgi|asgi|program|bootstrap)\.\w+$", re.I
)
_INTRODUCES: Final = re.compile(
    r"^(?:what(?:'s| is)|about|introduction|overview|description|motivation)\b", re.I
)
_THANKS: Final = re.compile(
    r"sponsor|donat|backer|funding|collective|thank|licen[cs]e|contribut|enterprise", re.I
)
_DEFINES: Final = re.compile(
    r"^(?:\W?\w+){1,4}\W? (?:is|are) (?:a|an|the|used|designed|built)\b"
    r"|^(?:This|It) (?:is|repository|project)\b",
    re.I,
)
_BADGES: Final = re.compile(r"https?://|\bbadge|^\W*$|:(?:Version|Web|Download|Source|Keywords):", re.I)


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
    if area is None and subject is not None and subject.score >= _OF_ONE:
        # "What is in the account record" asks for one thing, not for the whole.
        say_meaning(inquiry)
        return
    say_introduction(inquiry, [path for path, _, _ in rows])
    code = [
        (path, rank)
        for path, marks, rank in rows
        if not marks & (MINOR | FileMark.DOCUMENTATION | FileMark.CONFIGURATION)
    ]
    for folder, count in main_folders([path for path, _ in code]):
        first = says_of_itself(inquiry, folder)
        within = sorted(
            (each for each in code if each[0].startswith(folder + "/")), key=lambda each: -each[1]
        )[:3]
        told = f"{folder}/ holds {count} files" + (f": “{first[0]}”" if first else _inside(folder, code))
        page.fact(
            Section.WHAT,
            told,
            f"files under {folder}/",
            [shown_place(path, 1) for path, _ in within],
            [first[1]] if first else [],
        )
    entries = [path for path, _ in code if _ENTRY.search(path)]
    entries.sort(key=lambda path: (path.count("/"), path))
    if entries:
        page.tell(
            Section.WHAT,
            f"It starts in {listed(entries[:3])}.",
            [page.sources.span(path, 1, 1) for path in entries[:3]],
        )
    # What begins with an underscore is private to its package, or was taken over from elsewhere.
    open_ones = [each for each in code if not _PRIVATE.search(each[0])]
    central = [path for path, rank in sorted(open_ones, key=lambda each: -each[1]) if rank > 0][:5]
    if central:
        for path in central[:LEADING]:
            _say_main(inquiry, path)
        page.fact(
            Section.WHAT,
            f"Most of the rest leans on {listed(central)}: read those first.",
            "PageRank over the imports between files",
            [shown_place(path, 1) for path in central],
        )


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
    told = f"{folder}/ holds {len(within)} files" + (f": “{first[0]}”" if first else ".")
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
    """Tell of the main definition of a file that says what it is."""
    for symbol in _defined(inquiry, path):
        told = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)][:1]
        proof = inquiry.page.cite(told[0]) if told else None
        if proof is not None:
            inquiry.page.tell(
                Section.WHAT,
                f"{path} defines `{symbol.qualified}`: “{told[0].sentence.text}”",
                [inquiry.signature(symbol), proof],
            )
            return


def _defined(inquiry: Inquiry, path: str) -> list[FoundSymbol]:
    """Return the main definitions of a file that stand by themselves: classes first, the long ones first."""
    own = [
        each
        for each in definitions_in(inquiry.reader, inquiry.path_id(path))
        if each.kind in CALLABLE | _TYPES and not each.parent and not each.name.startswith("_")
    ]
    # In Go what begins with a small letter is its package's own.
    offered = [each for each in own if not path.endswith(".go") or each.name[0].isupper()]
    return sorted(
        offered or own, key=lambda each: (each.kind not in _TYPES, each.start_line - each.end_line)
    )[:_NAMED]


def say_examples(inquiry: Inquiry) -> None:
    """Show the best existing pieces of the kind that is to be written, after what tells how it is done."""
    page = inquiry.page
    say_how_to(inquiry)
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


def say_how_to(inquiry: Inquiry) -> bool:
    """Lead with the section of a document that tells how one is made, and the first code that it shows.

    Return whether there is one.
    """
    page = inquiry.page
    for hit in inquiry.evidence.of_kind(ChunkKind.DOC)[:_SECTIONS]:
        if hit.path is None or CHANGE_LOG.search(hit.path):
            continue
        sentences = sentences_of(hit.kind, hit.language, hit.text, hit.start_line)
        titles = [each.heading or hit.symbol.rpartition(" > ")[2] for each in sentences]
        title = max(titles, key=inquiry.evidence.sharing, default="")
        if inquiry.evidence.sharing(title) < _TITLED:
            continue
        section = [each for each, its in zip(sentences, titles, strict=True) if its == title]
        prose = [each for each in section if each.role is Role.PROSE and is_readable(each.text)]
        said = [
            page.quote(Section.WHAT, Found(each, hit, 0, 0.0, 0.0, frozenset())) for each in prose[:_TOLD]
        ]
        begin = section[0].start_line
        later = [each.start_line for each in sentences if each.start_line > section[-1].start_line]
        lines = hit.text.split("\n")[
            begin - hit.start_line : min(later, default=hit.end_line + 1) - hit.start_line
        ]
        shown = first_code("\n".join(lines))
        if shown is not None:
            said.append(page.code(Section.WHAT, hit.path, *(begin + at for at in shown)))
        if any(said):
            page.modelled = page.modelled or shown is not None
            return True
    return False


def first_code(text: str) -> tuple[int, int] | None:
    """Return the first and the last line (offsets) of the first piece of code in a document's text.

    Fenced in Markdown, indented below ``::`` or a directive in reStructuredText.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if fence := _FENCE.match(line):
            end = next((to for to in range(at + 1, len(lines)) if lines[to].strip() == fence[1]), len(lines))
            return (at + 1, end - 1) if end > at + 1 else None
        if _OPENS_CODE.search(line):
            depth = len(line) - len(line.lstrip())
            body: list[int] = []
            for to in range(at + 1, len(lines)):
                inside = lines[to].strip()
                if inside and len(lines[to]) - len(lines[to].lstrip()) <= depth:
                    break
                # Options of a directive are none of its code.
                if inside and not (not body and inside.startswith(":")):
                    body.append(to)
            if body:
                return body[0], body[-1]
    return None


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
    told = say_how_to(inquiry)
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


def say_introduction(inquiry: Inquiry, paths: list[str]) -> None:
    """Quote what the README says that this is."""
    page = inquiry.page
    for path in sorted((each for each in paths if _README.match(each)), key=len)[:1]:
        source = page.sources.file(path)
        if source is None:
            continue
        text = "\n".join(source.lines[:200])
        sentences = [
            each
            for each in sentences_of(ChunkKind.DOC, source.language, text, 1)
            if each.role is Role.PROSE
            and len(each.text) > 30
            and not _BADGES.search(each.text)
            and is_readable(each.text)
        ]
        # What says what the project is comes first, wherever badges and thanks have pushed it. What stands
        # over the first heading stands under the project's own name.
        title = sentences[0].heading if sentences else ""
        telling = [each for each in sentences if _INTRODUCES.search(each.heading) or each.heading == title]
        telling = [each for each in telling or sentences if not _THANKS.search(f"{each.heading} {each.text}")]
        telling.sort(key=lambda each: not (_INTRODUCES.search(each.heading) or _DEFINES.search(each.text)))
        for sentence in telling[:2]:
            citation = page.sources.span(path, sentence.start_line, sentence.end_line)
            page.tell(Section.WHAT, f"“{sentence.text}”", [citation])


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
