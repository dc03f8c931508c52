"""The whole at a glance: the main parts and where to start; and the best examples to copy."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from indexer.answer.extract import say_sentences
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, listed, shown_place
from indexer.answer.sentences import Role, sentences_of
from indexer.answer.subjects import kinds_asked
from indexer.index.symbols import find_symbols
from indexer.types import ChunkKind, Citation, CitationKind, FileMark, Section

FOLDERS: Final = 7
EXAMPLES: Final = 3

_README: Final = re.compile(r"^readme(?:\.\w+)?$", re.I)
_ENTRY: Final = re.compile(
    r"(?:^|/)(?:__main__|main|app|cli|server|index|manage|wsgi|asgi|program|bootstrap)\.\w+$", re.I
)
_BADGES: Final = re.compile(r"https?://|\bbadge|^\W*$|:(?:Version|Web|Download|Source|Keywords):", re.I)


def say_parts(inquiry: Inquiry) -> None:
    """Tell what this is, its main folders, where it begins, and what most of it rests on."""
    page = inquiry.page
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks, e.rank FROM path p JOIN entry e ON e.path_id = p.id WHERE e.blob_id IS NOT NULL"
    ).fetchall()
    _say_introduction(inquiry, [path for path, _, _ in rows])
    code = [
        (path, rank)
        for path, marks, rank in rows
        if not marks & (MINOR | FileMark.DOCUMENTATION | FileMark.CONFIGURATION)
    ]
    for folder, count in _folders([path for path, _ in code]):
        first = _says_of_itself(inquiry, folder)
        within = sorted(
            (each for each in code if each[0].startswith(folder + "/")), key=lambda each: -each[1]
        )[:3]
        told = f"{folder}/ holds {count} files" + (f": “{first[0]}”" if first else ".")
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
    central = [path for path, rank in sorted(code, key=lambda each: -each[1]) if rank > 0][:5]
    if central:
        page.fact(
            Section.WHAT,
            f"Most of the rest leans on {listed(central)}: read those first.",
            "PageRank over the imports between files",
            [shown_place(path, 1) for path in central],
        )


def say_examples(inquiry: Inquiry) -> None:
    """Show the best existing pieces of the kind that is to be written."""
    page = inquiry.page
    wanted = kinds_asked(inquiry.evidence)
    shown = 0
    files: set[str] = set()
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE):
        if shown >= EXAMPLES or hit.path is None or hit.path in files or not hit.symbol:
            continue
        if inquiry.evidence.sharing(f"{hit.symbol} {hit.path} {hit.text[:400]}") < 0.4:
            continue
        found = [each for each in find_symbols(inquiry.reader, hit.symbol, 3) if each.path == hit.path]
        if not found or (wanted and found[0].kind not in wanted) or found[0].kind not in CALLABLE:
            continue
        files.add(hit.path)
        symbol = found[0]
        if page.tell(
            Section.WHAT,
            f"`{symbol.qualified}` in {shown_place(symbol.path, symbol.name_line)} is one to copy from.",
            [inquiry.signature(symbol)],
        ):
            shown += 1
            page.code(Section.WHAT, symbol.path, symbol.name_line, min(symbol.end_line, symbol.name_line + 5))
    say_sentences(inquiry, 2)


def _say_introduction(inquiry: Inquiry, paths: list[str]) -> None:
    page = inquiry.page
    for path in sorted((each for each in paths if _README.match(each)), key=len)[:1]:
        source = page.sources.file(path)
        if source is None:
            continue
        said = 0
        text = "\n".join(source.lines[:120])
        for sentence in sentences_of(ChunkKind.DOC, source.language, text, 1):
            if sentence.role is Role.PROSE and len(sentence.text) > 30 and not _BADGES.search(sentence.text):
                citation = page.sources.span(path, sentence.start_line, sentence.end_line)
                said += page.tell(Section.WHAT, f"“{sentence.text}”", [citation])
            if said >= 2:
                break


def _folders(paths: list[str]) -> list[tuple[str, int]]:
    """Return the folders that divide the code best: a lone one is opened until it parts."""
    prefix = ""
    while True:
        inside = [path[len(prefix) :] for path in paths if path.startswith(prefix)]
        counts = Counter(path.partition("/")[0] for path in inside if "/" in path)
        if not counts:
            return []
        top, count = counts.most_common(1)[0]
        if count >= 0.7 * len(paths) and any(
            "/" in path[len(top) + 1 :] for path in inside if path.startswith(top + "/")
        ):
            prefix += f"{top}/"
            continue
        return [(f"{prefix}{folder}", number) for folder, number in counts.most_common(FOLDERS)]


def _says_of_itself(inquiry: Inquiry, folder: str) -> tuple[str, Citation] | None:
    """Return the first sentence of a package's own docstring or readme."""
    for name in ("__init__.py", "README.md", "README.rst", "package-info.java", "doc.go", "mod.rs"):
        source = inquiry.page.sources.file(f"{folder}/{name}")
        if source is None:
            continue
        kind = ChunkKind.DOC if name.startswith("README") else ChunkKind.CODE
        for sentence in sentences_of(kind, source.language, "\n".join(source.lines[:30]), 1):
            if sentence.role in (Role.DOCSTRING, Role.PROSE) and len(sentence.text) > 12:
                citation = inquiry.page.sources.span(source.path, sentence.start_line, sentence.end_line)
                if citation is not None and citation.kind is CitationKind.SPAN:
                    return sentence.text, citation
            if sentence.start_line > 15:
                break
    return None
