"""Read definitions and the names they use with tree-sitter; the only file that knows it.

Queries stand in ``queries/<language>.scm``, in two parts divided by a line ``;; uses``:

* definitions, run as matches: the node is captured by its kind (``@function``, ``@class`` ...) with
  ``@name``, and where there is one ``@doc``, ``@parent`` (a receiver) and ``@body``. ``@scope`` names
  what is around without being a definition of its own (Rust's ``impl``); ``@rest.KIND`` is one that
  lasts until the next of its sort (Perl's ``package``);
* uses, run as captures: the name captured by its ReferenceKind; ``@import.text`` is a statement to be
  read by ``imports``; ``@lead`` and ``@comment`` belong to the definition that follows.

Both run in C. Python sees captured nodes only: walking all nodes takes ten times as long.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from tree_sitter import Node, Parser, Query, QueryCursor, QueryError

from indexer.repo.comments import plain_comment
from indexer.repo.definitions import Definition, Lead, place, signature_of, symbols_of, unqualify
from indexer.repo.imports import imported
from indexer.repo.parseable import CONDITIONAL, branches_of, without_false_keywords
from indexer.types import Reference, ReferenceKind, Symbol, SymbolKind

if TYPE_CHECKING:
    from tree_sitter_language_pack import SupportedLanguage

_QUERIES: Final = Path(__file__).parent / "queries"
_USES_MARK: Final = ";; uses"

_SHARED_QUERIES: Final = {"tsx": ("typescript",)}
_SYMBOL_KINDS: Final = {kind.value: kind for kind in SymbolKind}
_REFERENCE_KINDS: Final = {kind.value: kind for kind in ReferenceKind}
_NAME_CHARACTERS: Final = 200
_SPACES: Final = re.compile(r"\s+")
_RANKS: Final = ("import", "write", "call", "inherit", "type")
"""Which kind counts when two patterns capture one name; the others come after."""
_NO_NAMES: Final = frozenset({"if", "while", "for", "switch", "return", "else"})
"""What a torn text of C seems to define."""
_NO_USES: Final = frozenset({"comment", "lead", "error"})
_PARTS: Final = frozenset({"name", "doc", "parent", "body"})


@dataclass(frozen=True, slots=True)
class Syntax:
    """What a grammar found. ``errors`` are the lines (first, last) of the outermost error nodes."""

    symbols: tuple[Symbol, ...]
    references: tuple[Reference, ...]
    errors: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Grammar:
    parser: Parser
    definitions: Query
    uses: Query


@cache
def can_parse(language: str) -> bool:
    """Return whether there are queries for ``language``."""
    return bool(language) and (_QUERIES / f"{language}.scm").is_file()


def read_syntax(text: str, language: str) -> Syntax:
    """Parse ``text`` and return what it defines and uses. Raises LookupError without a grammar."""
    grammar = _grammar(language)
    source = text.encode("utf-8")
    read = _Read(grammar, without_false_keywords(source, language))
    branches = branches_of(source, language) if read.root.has_error else None
    trees, left_out = [read], []
    if branches is not None:
        first = _Read(grammar, branches.first)
        if _lines(first.errors) < _lines(read.errors):
            # What the other branches define is taken from wherever it is read.
            trees, left_out = [first, _Read(grammar, branches.others), read], branches.left_out
    definitions = _definitions(grammar.definitions, trees[0].root, source, language)
    uses = trees[0].uses
    for each in trees[1:]:
        known = {(one.start, one.name) for one in definitions}
        definitions += [
            one
            for one in _definitions(grammar.definitions, each.root, source, language)
            if (one.start, one.name) not in known and _within(one.start, one.end, left_out)
        ]
        for sort, nodes in each.uses.items():
            inside = [node for node in nodes if _within(node.start_byte, node.end_byte, left_out)]
            uses[sort] = [*uses.get(sort, ()), *inside]
    definitions.sort(key=lambda one: (one.start, -one.end))
    place(definitions)
    symbols = symbols_of(definitions, _leads(uses, source), source)
    references = _references(uses, definitions, source, language)
    return Syntax(symbols, references, trees[0].errors)


class _Read:
    """A tree with what its grammar's query for uses captures, and the lines of its outermost errors."""

    def __init__(self, grammar: _Grammar, source: bytes) -> None:
        self.root = grammar.parser.parse(source).root_node
        self.uses = QueryCursor(grammar.uses).captures(self.root)
        self.errors = _errors(self.root, self.uses.get("error", ()))


def _lines(spans: Sequence[tuple[int, int]]) -> int:
    return sum(last - first + 1 for first, last in spans)


def _within(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether bytes lie within one of spans that are in order and apart."""
    at = bisect_right(spans, (start, math.inf)) - 1
    return at >= 0 and end <= spans[at][1]


def _errors(root: Node, nodes: Sequence[Node]) -> tuple[tuple[int, int], ...]:
    if root.type == "ERROR":
        return ((1, root.end_point[0] + 1),)
    spans: list[tuple[int, int]] = []
    for first, last in sorted((node.start_point[0] + 1, node.end_point[0] + 1) for node in nodes):
        if not spans or first > spans[-1][1]:
            spans.append((first, last))
        elif last > spans[-1][1]:
            spans[-1] = (spans[-1][0], last)
    return tuple(spans)


@cache
def _grammar(language: str) -> _Grammar:
    definitions, uses = _queries(language)
    # One shared library for each grammar, loaded when a file first needs it.
    from tree_sitter_language_pack import get_language

    grammar = get_language(cast("SupportedLanguage", language))
    try:
        return _Grammar(
            Parser(grammar), Query(grammar, definitions), Query(grammar, uses + "\n(ERROR) @error")
        )
    except QueryError as error:
        raise LookupError(f"The query for {language} does not fit its grammar: {error}") from error


def _queries(language: str) -> tuple[str, str]:
    """Return the two parts of a language's queries: those it shares with another, and its own."""
    parts = [
        (_QUERIES / f"{name}.scm").read_text("utf-8").partition(_USES_MARK)
        for name in (*_SHARED_QUERIES.get(language, ()), language)
    ]
    return "".join(part[0] for part in parts), "".join(part[2] for part in parts)


def _definitions(query: Query, root: Node, source: bytes, language: str) -> list[Definition]:
    """Return the definitions in order, outer before inner; doubles (of two patterns) made one."""
    found: dict[tuple[int, int, str], Definition] = {}
    for rank, captures in QueryCursor(query).matches(root):
        names = captures.get("name")
        if not names:
            continue
        sort = next(key for key in captures if key not in _PARTS and key[0] != "_")
        fresh = _definition(sort, captures, source, rank)
        if not fresh.name or (language in CONDITIONAL and fresh.name in _NO_NAMES):
            continue
        unqualify(fresh, language)
        key = (fresh.start, fresh.end, fresh.name)
        known = found.get(key)
        if known is None or fresh.rank < known.rank:
            found[key] = fresh
        if known is not None:
            found[key].doc = fresh.doc or known.doc
            found[key].parent = fresh.parent or known.parent
    return sorted(found.values(), key=lambda each: (each.start, -each.end))


def _definition(sort: str, captures: dict[str, list[Node]], source: bytes, rank: int) -> Definition:
    node, name = captures[sort][0], captures["name"][0]
    sort, _, kept = sort.rpartition(".") if not sort.startswith("rest.") else ("rest", "", sort[5:])
    kind = None if kept == "scope" else _SYMBOL_KINDS[kept]
    start, end = node.start_byte, node.end_byte
    row, (last_row, last_column) = node.start_point[0], node.end_point
    if source[end - 1 : end].isspace():
        # Some grammars take the blank lines that follow into a definition.
        text = source[start:end]
        last_row -= text.count(b"\n", len(text.rstrip()))
    elif last_column == 0 and last_row > row:
        last_row -= 1
    body = captures["body"][0] if "body" in captures else node.child_by_field_name("body")
    documents = captures.get("doc")
    receivers = captures.get("parent")
    return Definition(
        start=start,
        end=end,
        row=row,
        last_row=last_row,
        kind=kind,
        name=_name(source, name),
        name_row=name.start_point[0],
        name_start=name.start_byte,
        signature=signature_of(source, start, end, body.start_byte if body is not None else None),
        doc=plain_comment(_text(source, documents[0])) if documents else "",
        parent=_name(source, receivers[0]) if receivers else "",
        rank=rank,
        rest=sort == "rest",
    )


def _leads(uses: dict[str, list[Node]], source: bytes) -> dict[int, Lead]:
    """Return, by its last row, each comment or decorator that stands alone on its lines.

    The value is (first row, start byte, end byte); a decorator has an end byte of 0.
    """
    leads: dict[int, Lead] = {}
    for sort in ("comment", "lead"):
        for node in uses.get(sort, ()):
            row, column = node.start_point
            start, end = node.start_byte, node.end_byte
            if row == 0 and source.startswith(b"#!"):
                continue
            if column and source[start - column : start].strip():
                continue
            last_row, last_column = node.end_point
            if last_column == 0 and last_row > row:
                last_row -= 1
            leads[last_row] = (row, start, end if sort == "comment" else 0)
    return leads


def _references(
    uses: dict[str, list[Node]], definitions: Sequence[Definition], source: bytes, language: str
) -> tuple[Reference, ...]:
    """Return each (name, kind, holder) once, at the first line that has it, in order. Methods of one name are
    holders of their own.

    A name captured twice counts once, as the kind that says more.
    """
    seen: set[tuple[str, str, str, int]] = set()
    out: list[Reference] = []
    # A query may take every type's name for a use; those that are being defined are none.
    last = -1
    own = {each.name_start for each in definitions if each.kind is not None}
    holders = iter(definitions)
    following = next(holders, None)
    stack: list[Definition] = []
    for start, _, row, names, kind in sorted(_used(uses, source, language)):
        while following is not None and following.start <= start:
            stack.append(following)
            following = next(holders, None)
        while stack and stack[-1].end <= start:
            stack.pop()
        if start == last or start in own:
            continue
        last = start
        inside = stack[-1].qualified if stack else ""
        # The types in its head a method repeats where it is declared and where it is written.
        alone = bool(stack) and stack[-1].kind is SymbolKind.METHOD and kind != "type"
        begins = stack[-1].start if alone else -1
        for name in names:
            key = (name, kind, inside, begins)
            if key not in seen:
                seen.add(key)
                out.append(Reference(name, _REFERENCE_KINDS[kind], row + 1, inside))
    return tuple(out)


def _used(
    uses: dict[str, list[Node]], source: bytes, language: str
) -> Iterator[tuple[int, int, int, tuple[str, ...], str]]:
    """Yield (byte, rank, row, names, kind) of each captured use."""
    for sort, nodes in uses.items():
        if sort in _NO_USES or sort[0] == "_":
            continue
        kind, _, form = sort.partition(".")
        rank = _RANKS.index(kind) if kind in _RANKS else len(_RANKS)
        for node in nodes:
            start = node.start_byte
            text = source[start : node.end_byte].decode("utf-8", "replace")
            if form == "text":
                names = tuple(imported(language, text))
            elif kind == "import":
                names = (text.strip("'\"`"),)
            elif language == "perl" and kind == "call":
                names = (text.rpartition("::")[2],)
            else:
                names = (text,) if len(text) <= _NAME_CHARACTERS and "\n" not in text else ()
            if names:
                yield start, rank, node.start_point[0], names, kind


def _name(source: bytes, node: Node) -> str:
    text = _SPACES.sub(" ", _text(source, node)).strip().strip("'\"`").lstrip(":$")
    return text[:_NAME_CHARACTERS]


def _text(source: bytes, node: Node) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")
