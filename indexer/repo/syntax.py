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

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from tree_sitter import Node, Parser, Query, QueryCursor, QueryError

from indexer.repo.comments import plain_comment
from indexer.repo.imports import imported
from indexer.types import Reference, ReferenceKind, Symbol, SymbolKind

if TYPE_CHECKING:
    from tree_sitter_language_pack import SupportedLanguage

_QUERIES: Final = Path(__file__).parent / "queries"
_USES_MARK: Final = ";; uses"

_SHARED_QUERIES: Final = {"tsx": ("typescript",)}
_QUALIFIERS: Final = {
    "cpp": re.compile(r"::"),
    "lua": re.compile(r"[.:]"),
    "perl": re.compile(r"::|'"),
    "ruby": re.compile(r"::|\."),
    "rust": re.compile(r"::"),
    "javascript": re.compile(r"\.(?:prototype\.)?"),
    "typescript": re.compile(r"\.(?:prototype\.)?"),
    "tsx": re.compile(r"\.(?:prototype\.)?"),
    "swift": re.compile(r"\."),
    "ada": re.compile(r"\."),
    "pascal": re.compile(r"\."),
}
"""Where a defined name itself names its parent: ``Parser::next``, ``M.open``, ``Foo.prototype.bar``."""

_EXPORTS: Final = frozenset({b"", b"export", b"export default", b"const", b"export const"})
"""What may stand before a definition's node on its line."""
_SYMBOL_KINDS: Final = {kind.value: kind for kind in SymbolKind}
_REFERENCE_KINDS: Final = {kind.value: kind for kind in ReferenceKind}
_HOLDERS: Final = frozenset(
    {SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT}
)
_SIGNATURE_CHARACTERS: Final = 240
_DOC_CHARACTERS: Final = 1_600
_NAME_CHARACTERS: Final = 200
_ARGUMENTS: Final = re.compile(r"<.*>|\(.*\)")
"""Template arguments in the name of a parent."""
_ANNOTATIONS: Final = re.compile(r"^(?:@(?!interface\b)[\w.:]+(?:\([^()]*\))?\s+|\[[^\]]*\]\s*(?=[\w\[]))+")
_COMMENT_LINE: Final = re.compile(r"\n\s*(?:#|//|/?\*).*")
_SPACES: Final = re.compile(r"\s+")
_RANKS: Final = ("import", "write", "call", "inherit", "type")
"""Which kind counts when two patterns capture one name; the others come after."""
_NO_USES: Final = frozenset({"comment", "lead", "error"})
_PARTS: Final = frozenset({"name", "doc", "parent", "body"})


@dataclass(frozen=True, slots=True)
class Syntax:
    """What a grammar found. ``errors`` are the lines (first, last) of the outermost error nodes."""

    symbols: tuple[Symbol, ...]
    references: tuple[Reference, ...]
    errors: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Definition:
    """A definition by bytes and 0-based rows, while its parent, lead and doc are looked for."""

    start: int
    end: int
    row: int
    last_row: int
    kind: SymbolKind | None
    """None: a scope."""
    name: str
    name_row: int
    name_start: int
    signature: str
    doc: str = ""
    parent: str = ""
    rank: int = 0
    rest: bool = False
    qualified: str = field(default="", init=False)


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
    root = grammar.parser.parse(source).root_node
    uses = QueryCursor(grammar.uses).captures(root)
    definitions = _definitions(grammar.definitions, root, source, language)
    _place(definitions)
    symbols = _symbols(definitions, _leads(uses, source), source)
    references = _references(uses, definitions, source, language)
    return Syntax(symbols, references, _errors(root, uses.get("error", ())))


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


def _definitions(query: Query, root: Node, source: bytes, language: str) -> list[_Definition]:
    """Return the definitions in order, outer before inner; doubles (of two patterns) made one."""
    found: dict[tuple[int, int, str], _Definition] = {}
    for rank, captures in QueryCursor(query).matches(root):
        names = captures.get("name")
        if not names:
            continue
        sort = next(key for key in captures if key not in _PARTS and key[0] != "_")
        fresh = _definition(sort, captures, source, rank)
        if not fresh.name:
            continue
        split = _QUALIFIERS.get(language)
        if split:
            _unqualify(fresh, split)
        key = (fresh.start, fresh.end, fresh.name)
        known = found.get(key)
        if known is None or fresh.rank < known.rank:
            found[key] = fresh
        if known is not None:
            found[key].doc = fresh.doc or known.doc
            found[key].parent = fresh.parent or known.parent
    return sorted(found.values(), key=lambda each: (each.start, -each.end))


def _definition(sort: str, captures: dict[str, list[Node]], source: bytes, rank: int) -> _Definition:
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
    return _Definition(
        start=start,
        end=end,
        row=row,
        last_row=last_row,
        kind=kind,
        name=_name(source, name),
        name_row=name.start_point[0],
        name_start=name.start_byte,
        signature=_signature(source, start, end, body.start_byte if body is not None else None),
        doc=plain_comment(_text(source, documents[0])) if documents else "",
        parent=_name(source, receivers[0]) if receivers else "",
        rank=rank,
        rest=sort == "rest",
    )


def _unqualify(definition: _Definition, split: re.Pattern[str]) -> None:
    *around, name = split.split(definition.name)
    if around and name:
        definition.name = name
        definition.parent = definition.parent or ".".join(_ARGUMENTS.sub("", part) for part in around if part)


def _place(definitions: Sequence[_Definition]) -> None:
    """Give each definition its parent and qualified name; ``definitions`` are in order."""
    stack: list[_Definition] = []
    for each in definitions:
        while stack and (
            stack[-1].end <= each.start
            or (each.rest and stack[-1].rest)
            # Names that share one statement are siblings: `case open, closed`.
            or (stack[-1].start, stack[-1].end) == (each.start, each.end)
        ):
            left = stack.pop()
            if left.rest:
                left.last_row = max(left.last_row, each.row - 1)
        if stack and stack[-1].rest and stack[-1].last_row < each.last_row:
            stack[-1].last_row = each.last_row
        holder = stack[-1] if stack else None
        around = holder.qualified if holder else ""
        if each.parent and around and around != each.parent and not around.endswith("." + each.parent):
            each.parent = f"{around}.{each.parent}"
        if each.parent and each.kind is SymbolKind.FUNCTION:
            each.kind = SymbolKind.METHOD
        each.parent = each.parent or around
        each.qualified = f"{each.parent}.{each.name}" if each.parent else each.name
        if each.kind in (SymbolKind.FUNCTION, SymbolKind.VARIABLE) and holder is not None:
            inside = holder.kind is None or holder.kind in _HOLDERS
            if inside and each.kind is SymbolKind.FUNCTION:
                each.kind = SymbolKind.METHOD
            elif inside:
                each.kind = SymbolKind.FIELD
        if each.kind in (SymbolKind.VARIABLE, SymbolKind.FIELD) and each.name.isupper():
            each.kind = SymbolKind.CONSTANT
        if each.rest:
            each.end = 1 << 62
        stack.append(each)


def _leads(uses: dict[str, list[Node]], source: bytes) -> dict[int, tuple[int, int, int]]:
    """Return, by its last row, each comment or decorator that stands alone on its lines.

    The value is (first row, start byte, end byte); a decorator has an end byte of 0.
    """
    leads: dict[int, tuple[int, int, int]] = {}
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


def _symbols(
    definitions: Sequence[_Definition], leads: dict[int, tuple[int, int, int]], source: bytes
) -> tuple[Symbol, ...]:
    symbols = []
    for each in definitions:
        if each.kind is None:
            continue
        row, comments = each.row, []
        if row - 2 in leads and row - 1 not in leads and _is_doc_block(leads[row - 2], each.start, source):
            row -= 1
        while row - 1 in leads:
            row, start, end = leads[row - 1]
            if end:
                comments.append(source[start:end].decode("utf-8", "replace"))
        doc = each.doc or (plain_comment("\n".join(reversed(comments))) if comments else "")
        symbols.append(
            Symbol(
                name=each.name,
                kind=each.kind,
                parent=each.parent,
                start_line=row + 1,
                end_line=each.last_row + 1,
                name_line=each.name_row + 1,
                signature=each.signature,
                doc=doc[:_DOC_CHARACTERS],
            )
        )
    return tuple(symbols)


def _is_doc_block(lead: tuple[int, int, int], start: int, source: bytes) -> bool:
    """Return whether a ``/** */`` above one blank line speaks of what begins at ``start``."""
    _, opening, closing = lead
    return source.startswith(b"/**", opening) and source[closing:start].strip() in _EXPORTS


def _references(
    uses: dict[str, list[Node]], definitions: Sequence[_Definition], source: bytes, language: str
) -> tuple[Reference, ...]:
    """Return each (name, kind, holder) once, at the first line that has it, in order.

    A name captured twice counts once, as the kind that says more.
    """
    seen: set[tuple[str, str, str]] = set()
    out: list[Reference] = []
    # A query may take every type's name for a use; those that are being defined are none.
    last = -1
    own = {each.name_start for each in definitions if each.kind is not None}
    holders = iter(definitions)
    following = next(holders, None)
    stack: list[_Definition] = []
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
        for name in names:
            key = (name, kind, inside)
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


def _signature(source: bytes, start: int, end: int, body: int | None) -> str:
    """Return the head of a definition on one line: up to its body, or to where one seems to begin."""
    if body is not None and body > start:
        text = source[start : min(body, start + 4 * _SIGNATURE_CHARACTERS)].decode("utf-8", "replace")
        text = _SPACES.sub(" ", _COMMENT_LINE.sub("", text)).strip().rstrip(" {:=")
    else:
        text = source[start : min(end, start + 4 * _SIGNATURE_CHARACTERS)].decode("utf-8", "replace")
        text = _head(_ANNOTATIONS.sub("", text))
    return _ANNOTATIONS.sub("", text)[:_SIGNATURE_CHARACTERS]


def _head(text: str) -> str:
    """Return ``text`` up to a brace, or the end of the line on which its brackets are closed."""
    depth = 0
    for place, sign in enumerate(text):
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif depth <= 0 and (sign == "{" or (sign == "\n" and text[:place].strip())):
            text = text[:place]
            break
    return _SPACES.sub(" ", text).strip()


def _name(source: bytes, node: Node) -> str:
    text = _SPACES.sub(" ", _text(source, node)).strip().strip("'\"`").lstrip(":$")
    return text[:_NAME_CHARACTERS]


def _text(source: bytes, node: Node) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")
