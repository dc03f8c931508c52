"""One question under way: what was read of it, what was found, and the page being laid."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.evidence import Evidence, Found
from indexer.answer.naming import Naming
from indexer.answer.page import Page
from indexer.answer.questions import Asked
from indexer.answer.sentences import Sentence, sentences_in
from indexer.answer.standing import Standing
from indexer.answer.subjects import Subject
from indexer.index.blame_cache import BlameRun
from indexer.index.mentions import mentions
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import stems
from indexer.types import Category, ChunkKind, Citation, CitationKind, FileMark, Hit, Note, SymbolKind

_BEARS: Final = 0.4
"""Share of the question that a file's name must be, to be what it is about."""

DOC_LINES: Final = 60
"""Lines of a definition in which its own documentation is looked for."""

_LEGAL: Final = re.compile(r"rights reserved|licen[cs]e|\bas is\b|warrant(?:y|ies)|copyright", re.I)
"""What the head of a file says for lawyers is not what its code is for."""

VALUES: Final = frozenset((SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.FIELD, SymbolKind.PROPERTY))
"""Definitions that only are something; what they are for is told by what reads them."""

CALLABLE: Final = frozenset(
    (
        SymbolKind.FUNCTION,
        SymbolKind.METHOD,
        SymbolKind.CLASS,
        SymbolKind.PROGRAM,
        SymbolKind.PARAGRAPH,
        SymbolKind.SECTION,
        SymbolKind.MACRO,
        SymbolKind.JOB,
        SymbolKind.STEP,
    )
)

_EVERYWHERE: Final = 5
"""Lines that write a word in capitals from which it is no name of one thing."""

_HOLDERS: Final = frozenset((SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.TRAIT, SymbolKind.MODULE))

MINOR: Final = FileMark.TEST | FileMark.EXAMPLE | FileMark.GENERATED | FileMark.VENDORED | FileMark.STUB


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What every composer is given."""

    asked: Asked
    evidence: Evidence
    subjects: tuple[Subject, ...]
    namings: tuple[Naming, ...]
    reader: sqlite3.Connection
    page: Page
    notes: tuple[Note, ...]
    blame: Callable[[str], Sequence[BlameRun]]
    """Of a current file, by its path; up to a second where nobody asked before."""
    categories: Mapping[Category, float] = field(default_factory=dict)
    """What kind of context the question is about, as the model reads it; empty without one."""

    standings: tuple[Standing, ...] = ()
    """Where the words of the question stand, as they are written."""
    commits: tuple[str, ...] = ()
    """Ids of the commits that the question names."""
    translated: int = 0
    """Passages of messages in other languages, which are no code; 0 where they are asked for."""

    @property
    def subject(self) -> Subject | None:
        """The definition that the question is most likely about."""
        return self.subjects[0] if self.subjects else None

    def files(self, limit: int = 3) -> list[tuple[int, str]]:
        """Return (id, path) of the files that the question is about, the likeliest first."""
        found: dict[str, int] = {}
        for naming in self.namings:
            for path in naming.paths[:limit] if not naming.symbols else ():
                found[path] = self.path_id(path)
        strong = [each for each in self.subjects if each.named]
        if not strong and not found:
            for path, _ in self.mentioned():
                found[path] = self.path_id(path)
        if not strong and not found and self.subjects:
            # Who knows a pipeline's steps knows little of what they run.
            aside = MINOR | FileMark.CONFIGURATION
            meant = [each for each in self.subjects if not each.symbol.marks & aside] or list(self.subjects)
            strong = [each for each in meant if each.likely >= 0.75 * meant[0].likely]
        for subject in strong[:limit]:
            found.setdefault(subject.symbol.path, subject.symbol.path_id)
        if not found:
            for hit in self._major(self.evidence.of_kind(ChunkKind.CODE, ChunkKind.DOC))[:limit]:
                found.setdefault(hit.path or "", self.path_id(hit.path or ""))
        if not self.namings and not any(each.named for each in strong):
            found = self._bearing(found)
        return [(path_id, path) for path, path_id in found.items() if path_id][:limit]

    def mentioned(self) -> list[tuple[str, int]]:
        """Return (path, line) where names stand that the question writes and nothing here defines."""
        names = [
            each.name
            for each in self.namings
            if each.mentioned and not each.symbols and not each.paths and each.name.isidentifier()
        ]
        found = [mentions(self.reader, each).found for each in names]
        # "A plain ALTER": a word of some other language, which code writes all over, is no name of one thing.
        return [
            (each[0].path, each[0].line)
            for name, each in zip(names, found, strict=False)
            if each
            and not each[0].is_test
            and not (len(each) > _EVERYWHERE and name.isupper() and name.isalpha())
        ]

    def _major(self, hits: list[Hit]) -> list[Hit]:
        """Leave examples, tests and the like out, unless there is nothing else."""
        return [
            each for each in hits if not self.evidence.marks.get(each.path or "", FileMark.NONE) & MINOR
        ] or hits

    def _bearing(self, found: dict[str, int]) -> dict[str, int]:
        """Return the file whose own name is what is asked about, when one is (`cookies.py`), else all."""
        paths = [hit.path for hit in self._major(self.evidence.of_kind(ChunkKind.CODE)) if hit.path]
        best: tuple[float, str] | None = None
        for path in dict.fromkeys([*found, *paths]):
            name = path.rpartition("/")[2].partition(".")[0]
            held = self.evidence.terms_in(name)
            # Of a name with other words in it the file may be about those.
            share = (
                sum(self.evidence.weights[term] for term in held) if len(stems(name)) <= len(held) else 0.0
            )
            if share >= _BEARS and (best is None or share > best[0]):
                best = (share, path)
        return {best[1]: self.path_id(best[1])} if best else found

    def named_files(self) -> list[str]:
        """Return the paths of what the question names, files before definitions."""
        paths = [path for each in self.namings if not each.symbols for path in each.paths[:1]]
        symbols = [each.symbol.path for each in self.subjects if each.named]
        return list(dict.fromkeys([*paths, *symbols]))

    def cited_files(self, limit: int = 3) -> list[tuple[int, str]]:
        """Return (id, path) of the files that are named and that statements rest on, else of the subject."""
        paths = self.named_files() + [
            citation.path
            for statement in self.page.statements
            for citation in statement.citations
            if citation.path is not None
        ]
        for statement in self.page.statements:
            for citation in statement.citations:
                if citation.kind is CitationKind.COMMIT and citation.commit_id is not None:
                    paths += self._touched(citation.commit_id)
        major = [
            each for each in dict.fromkeys(paths) if not self.evidence.marks.get(each, FileMark.NONE) & MINOR
        ]
        found = [(self.path_id(path), path) for path in major[:limit]]
        return [each for each in found if each[0]] or self.files(limit)

    def documentation(self, symbol: FoundSymbol) -> list[Found]:
        """Return the sentences of a definition's own comment or docstring, in order."""
        source = self.page.sources.file(symbol.path)
        if source is None:
            return []
        # What a program says of itself stands above its first division.
        heads = symbol.kind is SymbolKind.PROGRAM and symbol.start_line <= DOC_LINES
        start = 1 if heads else _begins(source.lines, symbol.start_line)
        end = min(symbol.end_line, start + DOC_LINES - 1)
        if symbol.kind in _HOLDERS:
            # What its first method says of itself is no word of the class.
            inner = (
                each.name_line
                for each in definitions_in(self.reader, symbol.path_id)
                if each.parent == symbol.qualified and each.name_line > symbol.name_line
            )
            end = min(end, next(inner, end + 1) - 1)
        text = "\n".join(source.lines[start - 1 : end])
        hit = Hit(
            symbol.path,
            start,
            end,
            ChunkKind.CODE,
            symbol.qualified,
            source.commit_id,
            0.0,
            (),
            text,
            source.oid,
            language=source.language,
        )
        own = [
            each
            for each in _own_documentation(hit, symbol.name_line)
            if not _LEGAL.search(each.text) and self.evidence.may_tell(each)
        ]
        return [Found.of(each, hit) for each in own]

    @property
    def asks_imports(self) -> bool:
        """Whether lines that only take in what is defined elsewhere are asked for."""
        return _TAKES_IN.search(self.asked.text) is not None

    def signature(self, symbol: FoundSymbol) -> Citation | None:
        """Return the citation of the line that names a definition."""
        return self.page.sources.span(symbol.path, symbol.name_line, symbol.name_line)

    def is_minor(self, found: Found) -> bool:
        """Return whether a sentence stands in a test, an example or a copy."""
        return self.is_minor_hit(found.hit)

    def is_minor_hit(self, hit: Hit) -> bool:
        """Return whether a passage stands in a test, an example or a copy."""
        return bool(self.evidence.marks.get(hit.path or "", FileMark.NONE) & MINOR)

    def _touched(self, oid: str) -> list[str]:
        """Return the current paths that a commit touched, when they are few enough to tell anything."""
        rows = self.reader.execute(
            "SELECT p.shown FROM commits c JOIN change x ON x.commit_id = c.id JOIN path p ON p.id ="
            " x.path_id"
            " JOIN entry e ON e.path_id = p.id WHERE c.oid = ? LIMIT 6",
            (oid,),
        ).fetchall()
        return [path for (path,) in rows] if len(rows) <= 5 else []

    def path_id(self, path: str) -> int:
        """Return the id of a current path as shown, 0 when there is none."""
        row = self.reader.execute(
            "SELECT e.path_id FROM entry e JOIN path p ON p.id = e.path_id WHERE p.shown = ?", (path,)
        ).fetchone()
        return 0 if row is None else int(row[0])


def _begins(lines: Sequence[str], line: int) -> int:
    """Return the line at which a definition begins with the remark that stands right above it."""
    start = line = min(line, len(lines))
    if line > _BLANK and not lines[line - 2].strip() and lines[line - 3].rstrip().endswith("*/"):
        start = line - 1
    while start > 1 and line - start < _REMARK_LINES and REMARK.match(lines[start - 2]):
        start -= 1
    return start


REMARK: Final = re.compile(r"^\s*(?://|/\*|\*(?:\s|/|$)|#(?:[ :#]|$)|--(?:\s|$)|;|<!--|\"\"\"|''\x27)")
"""A line that begins or goes on with a comment."""

_TAKES_IN: Final = re.compile(r"\bimport(?:s|ed|ing)?\b", re.I)
_REMARK_LINES: Final = 20
_BLANK: Final = 2
"""Lines above that there must be: a blank one, and the end of a comment."""


def shown_symbol(symbol: FoundSymbol) -> str:
    """Return a definition's name as it is written in an answer."""
    return f"`{symbol.qualified}`"


def shown_place(path: str, line: int) -> str:
    """Return a place as it is written in an answer."""
    return f"{path}:{line}"


def kind_word(kind: SymbolKind) -> str:
    """Return the word for a kind of definition, with its article."""
    word = "function" if kind is SymbolKind.FUNCTION else kind.value
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def listed(words: Sequence[str]) -> str:
    """Return words joined as a sentence joins them."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def listed_first(words: Sequence[str], most: int, total: int = 0) -> str:
    """Return the first of several words as a sentence lists them, and how many more there are.

    ``total`` is how many there are where not all are given.
    """
    more = max(total, len(words)) - most
    return f"{', '.join(words[:most])} and {more:,} more" if more > 0 else listed(words[:most])


def _own_documentation(hit: Hit, name_line: int) -> list[Sentence]:
    sentences = sentences_in(hit)
    docstrings = [each for each in sentences if each.role is Role.DOCSTRING]
    above = [each for each in sentences if each.end_line < name_line]
    # A docstring belongs to the definition when nothing but its signature stands before it.
    first = next((each for each in docstrings if each.start_line <= name_line + 12), None)
    if first is not None:
        block = [first]
        for each in docstrings[docstrings.index(first) + 1 :]:
            # Above the definition all is its own; below, the next docstring may be another's.
            if each.start_line > name_line and each.start_line - block[-1].end_line > _BLANK:
                break
            block.append(each)
        return block
    return above
