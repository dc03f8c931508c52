"""Where a definition belongs: its parent, its lines with the comment above, its signature.

What a grammar captured becomes symbols here; nothing in this file knows tree-sitter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.repo.comments import plain_comment
from indexer.types import Symbol, SymbolKind

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
_HOLDERS: Final = frozenset(
    {SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT}
)
_SIGNATURE_CHARACTERS: Final = 240
_DOC_CHARACTERS: Final = 1_600
_ARGUMENTS: Final = re.compile(r"<.*>|\(.*\)")
"""Template arguments in the name of a parent."""
_ANNOTATIONS: Final = re.compile(r"^(?:@(?!interface\b)[\w.:]+(?:\([^()]*\))?\s+|\[[^\]]*\]\s*(?=[\w\[]))+")
_COMMENT_LINE: Final = re.compile(r"\n\s*(?:#|//|/\*|\*(?=[\s/]|$)).*")
"""A line that is a comment as a whole; ``*rest`` and ``**options`` are parameters on lines of their own."""

_SPACES: Final = re.compile(r"\s+")


Lead = tuple[int, int, int]
"""First row, start byte, end byte of a comment above a definition; a decorator ends at byte 0."""


@dataclass(slots=True)
class Definition:
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


def unqualify(definition: Definition, language: str) -> None:
    """Split a name that names its parent; other names, and other languages, stay as they are."""
    split = _QUALIFIERS.get(language)
    if split is None:
        return
    *around, name = split.split(definition.name)
    if around and name:
        definition.name = name
        definition.parent = definition.parent or ".".join(_ARGUMENTS.sub("", part) for part in around if part)


def place(definitions: Sequence[Definition]) -> None:
    """Give each definition its parent and qualified name; ``definitions`` are in order."""
    stack: list[Definition] = []
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


def symbols_of(
    definitions: Sequence[Definition], leads: Mapping[int, Lead], source: bytes
) -> tuple[Symbol, ...]:
    """Return the symbols in order, each from the comment above it on; scopes are left out.

    ``leads`` are comments and decorators that stand alone on their lines, by their last row.
    """
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


def _is_doc_block(lead: Lead, start: int, source: bytes) -> bool:
    """Return whether a ``/** */`` above one blank line speaks of what begins at ``start``."""
    _, opening, closing = lead
    return source.startswith(b"/**", opening) and source[closing:start].strip() in _EXPORTS


def signature_of(source: bytes, start: int, end: int, body: int | None) -> str:
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
