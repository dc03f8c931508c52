"""What a document for who works on it says of the main parts: its own sentences that bring them in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.inquiry import MINOR, Inquiry
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import Sentence, sentences_of
from indexer.index.symbols import find_symbols, symbols_where
from indexer.types import ChunkKind, FileMark, Section, SymbolKind

_CALLED: Final = re.compile(
    r"(?:^|[-_ .])(?:internals?|architecture|design|overview|structure|concepts|codebase|components"
    r"|how[-_ ]?(?:it|this|\w+)[-_ ]?works|inner[-_ ]?workings|under[-_ ]the[-_ ]hood)(?:$|[-_ .])",
    re.I,
)
"""What a document is called, by its file or its title, that may tell what it is made of."""
_HEADED: Final = re.compile(
    r"\b(?:internals?|architecture|how it works|under the hood|components|code ?base"
    r"|(?:project|code|source|directory|repository|folder|package)s? (?:code )?"
    r"(?:structure|layout|organi[sz]ation|overview))\b",
    re.I,
)
_INTRODUCING: Final = re.compile(r"^(?:.*/)?(?:readme|contributing|hacking|development)(?:\.\w+)?$", re.I)
"""Documents for everybody, of which one section may tell it."""
_DOCUMENT: Final = re.compile(r"\.(?:md|markdown|rst|adoc|asciidoc|txt)$", re.I)

_TRIED: Final = 8
_SHOWN: Final = 8
LEAST_PARTS: Final = 3
_LEAST_SENTENCES: Final = 2
"""Documents that are looked at, sentences that are quoted of one, and what it must bring in to tell."""
_LONGEST: Final = 600
_BEFORE: Final = 4
"""Characters of a sentence that is still quoted, and words before a name that is its subject."""

_NAMED: Final = re.compile(
    r"`+([^`]+?)`+|\b((?:[A-Z]\w*(?:::|\.))+[A-Z]\w+)\b|\b([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)\b"
)
"""A name as documents write one: in backquotes, with what holds it, or in two humps at least."""
_QUOTED: Final = re.compile(r"\([^()]*\)|`[^`]*`")
"""Asides and names, whose signs make no code of a sentence."""
_POINTS: Final = re.compile(r"\b(?:above|below|as follows|for instance)\b|^(?:This|These|It) ", re.I)
_PLAIN: Final = re.compile(r"^[\w.:#/\\@-]+$")
_TYPES: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.MODULE)
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence that brings a part in, with the heading where that is what names it."""

    path: str
    sentence: Sentence
    headed: str = ""


def say_parts_told(inquiry: Inquiry, rows: Sequence[tuple[str, int, float]]) -> bool:
    """Quote the sentences of the document that brings in the most parts of this repository.

    Return whether one does. ``rows`` are the current files: path, marks, rank.
    """
    known = _Known(inquiry, rows)
    best: list[_Told] = []
    most = 0
    for path, start, end in list(_candidates(inquiry, rows))[:_TRIED]:
        told, parts = _introductions(inquiry, path, start, end, known)
        if parts >= LEAST_PARTS and len(told) >= _LEAST_SENTENCES and parts > most:
            best, most = told, parts
    said = 0
    for each in best:
        span = inquiry.page.sources.span(each.path, each.sentence.start_line, each.sentence.end_line)
        before = f"{each.headed}: " if each.headed else ""
        said += inquiry.page.tell(Section.WHAT, f"{before}“{each.sentence.text}”", [span])
    return said >= _LEAST_SENTENCES


# ------------------------------------------------------------------------------------ private


class _Known:
    """Which names are parts of this repository: types, modules, files and folders of its own code."""

    def __init__(self, inquiry: Inquiry, rows: Sequence[tuple[str, int, float]]) -> None:
        self._reader = inquiry.reader
        own = [path for path, marks, _ in rows if not marks & (MINOR | FileMark.DOCUMENTATION)]
        self._places = {path.rpartition("/")[2]: path for path in reversed(own)} | {
            path: path for path in own
        }
        for path in own:
            folders = path.split("/")[:-1]
            self._places |= {"/".join(folders[: depth + 1]): path for depth in range(len(folders))}
        self._types: dict[str, str] = {}

    def part(self, name: str) -> str:
        """Return what a name as it is written means here, or nothing."""
        bare = name.strip().removesuffix("()").strip("/").lstrip("~.@")
        if not bare or _PLAIN.match(bare) is None:
            return ""
        if bare in self._places:
            return bare
        last = re.split(r"::|[.#/\\]", bare)[-1]
        if last not in self._types:
            found = find_symbols(self._reader, last, 8) if last[:1].isupper() else []
            borne = any(
                each.name == last
                and each.kind in _TYPES
                and not each.marks & (MINOR | FileMark.DOCUMENTATION)
                for each in found
            )
            self._types[last] = last if borne else ""
        return self._types[last]


def _candidates(inquiry: Inquiry, rows: Sequence[tuple[str, int, float]]) -> Iterator[tuple[str, int, int]]:
    """Yield (path, first line, last line) of what may tell of the parts: documents, then sections."""
    documents = [
        path
        for path, marks, _ in rows
        if _DOCUMENT.search(path)
        and not marks & (MINOR & ~FileMark.DOCUMENTATION)
        and not CHANGE_LOG.search(path)
    ]
    documents.sort(key=lambda path: (path.count("/"), path))
    for path in documents:
        if _CALLED.search(path.rpartition("/")[2].rpartition(".")[0]):
            yield path, 1, 10**6
    titles = symbols_where(inquiry.reader, "s.kind = 'heading' AND s.name_line < 12")
    titled = {each.path for each in titles if _CALLED.search(each.name.strip())}
    for path in documents:
        if path in titled and not _CALLED.search(path.rpartition("/")[2].rpartition(".")[0]):
            yield path, 1, 10**6
    headed: Mapping[str, list[tuple[int, int]]] = {
        path: [
            (each.name_line, each.end_line)
            for each in symbols_where(inquiry.reader, "s.kind = 'heading' AND p.shown = ?", (path,))
            if _HEADED.search(each.name)
        ]
        for path in documents
        if _INTRODUCING.match(path)
    }
    for path, sections in headed.items():
        for start, end in sections:
            yield path, start, end


def _is_whole(text: str) -> bool:
    """Return whether a sentence can be read by itself: what points to those around it cannot."""
    return is_readable(_QUOTED.sub("it", text)) and _POINTS.search(text) is None


def _introductions(
    inquiry: Inquiry, path: str, start: int, end: int, known: _Known
) -> tuple[list[_Told], int]:
    """Return the sentences that bring parts in, in their order, and how many parts these are."""
    source = inquiry.page.sources.file(path)
    if source is None:
        return [], 0
    text = "\n".join(source.lines[start - 1 : min(end, len(source.lines))])
    subject: dict[str, _Told] = {}
    mention: dict[str, _Told] = {}
    headings = set[str]()
    for sentence in sentences_of(ChunkKind.DOC, source.language, text, start):
        if sentence.role is not Role.PROSE or len(sentence.text) > _LONGEST:
            continue
        heads = [known.part(each) for each in re.split(r", | and ", sentence.heading.replace("`", ""))]
        # Under the name of a part "this" is the part.
        headed = any(heads) and sentence.heading not in headings
        if not _is_whole(sentence.text.removeprefix("This ") if headed else sentence.text):
            continue
        if headed:
            headings.add(sentence.heading)
            for part in filter(None, heads):
                subject.setdefault(part, _Told(path, sentence, sentence.heading))
        if len(sentence.text.split()) <= _BEFORE:
            # An entry of a list of contents names a thing, and tells nothing of it.
            continue
        for found in _NAMED.finditer(sentence.text):
            part = known.part(next(group for group in found.groups() if group))
            if not part:
                continue
            before = sentence.text[: found.start()].split()
            (subject if len(before) < _BEFORE else mention).setdefault(part, _Told(path, sentence))
    others = [told for part, told in mention.items() if part not in subject]
    # One sentence may bring in several, once with its heading and once without.
    chosen: dict[tuple[int, str], _Told] = {}
    for told in (*subject.values(), *others):
        chosen.setdefault((told.sentence.start_line, told.sentence.text), told)
    ordered = sorted(list(chosen.values())[:_SHOWN], key=lambda told: told.sentence.start_line)
    return ordered, len(subject.keys() | mention.keys())
