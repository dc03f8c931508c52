"""The one way in which text that somebody else wrote becomes formatted text on the screen.

Markdown is parsed with HTML and images off, and its tokens are written into a document piece by
piece; no HTML is made, so none can be read. Nothing in the document names a file or an address:
a link to the repository is the number of a place, and any other address is shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTableFormat,
)

from desktop import tokens
from desktop.oddities import show
from desktop.places import CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.tokens import Face

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TEXT_CAP = 500_000
"""Characters that are shown at all; Qt lays out more in seconds, not milliseconds."""

FORMATTED_CAP = 60_000
"""Characters that are read as Markdown; a longer text is shown as it was written, in a fraction of
the time. People's notes are a few thousand; tests/desktop/test_markdown.py holds the time.
"""

MARKS_CAP = 4_000
"""Characters with a meaning in Markdown, beyond which a text is shown as it was written too: 20,000
stars that never close took 1 s to parse. A page of prose and tables has some hundreds.
"""

LINE_CAP = 2_000
"""Characters of a line: a word of a million letters froze Qt for 73 s."""

NESTING_CAP = 12
LIST_CAP = 6
COLUMNS_CAP, ROWS_CAP = 16, 300
WORD_CAP = 300
"""Longer words are neither paths nor ids."""

PLACE_SCHEME = "place"

_COMMIT = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}")
_PATH = re.compile(
    r"(?P<path>[\w@+~-][\w.@+~/-]*\.\w{1,10})(?:(?::|#L)(?P<start>\d{1,7})(?:-L?(?P<end>\d{1,7}))?)?"
)
_WORD = re.compile(r"\S+")
_MARKS = "<>[]*_`|~&\\!"
_AROUND = "()[]{}<>,;:.!?\"'"


@dataclass(frozen=True, slots=True)
class Written:
    """What a document leads to, and what was left out of it. A link's address is
    ``place:<number in places>``.
    """

    places: tuple[object, ...]
    notices: tuple[str, ...]


def write(document: QTextDocument, text: str, theme: Theme, body: Face = tokens.BODY) -> Written:
    """Fill ``document`` with ``text`` read as Markdown."""
    text, notices = capped(text)
    writer = _Writer(document, theme, body)
    if len(text) > FORMATTED_CAP or sum(map(text.count, _MARKS)) > MARKS_CAP:
        writer.plain(text)
        notices.append(_tr("This text is long; it is shown as it was written."))
    else:
        writer.tokens(_reader().parse(text))
    return Written(tuple(writer.places), (*notices, *writer.notices))


def write_plain(document: QTextDocument, text: str, theme: Theme, body: Face = tokens.BODY) -> Written:
    """Fill ``document`` with ``text`` as it stands; ids of commits and paths lead to their places."""
    text, notices = capped(text)
    writer = _Writer(document, theme, body)
    writer.plain(text)
    return Written(tuple(writer.places), tuple(notices))


def capped(text: str) -> tuple[str, list[str]]:
    """Return as much of ``text`` as is shown, and what was cut."""
    notices = []
    if len(text) > TEXT_CAP:
        text = text[:TEXT_CAP]
        notices.append(_tr("This text is cut after 500,000 characters."))
    if len(text) > LINE_CAP:
        lines = text.split("\n")
        if any(len(line) > LINE_CAP for line in lines):
            text = "\n".join(line[:LINE_CAP] + "…" if len(line) > LINE_CAP else line for line in lines)
            notices.append(_tr("Lines of more than 2,000 characters are cut."))
    return text, notices


def place_of(address: str) -> SourcePlace | CommitPlace | None:
    """Return where in the repository an address leads, or None when it leads anywhere else."""
    address = unquote(address).strip().removeprefix("./")
    if len(address) > WORD_CAP:
        return None
    if _COMMIT.fullmatch(address):
        return CommitPlace(address)
    found = _PATH.fullmatch(address)
    if found is None or ".." in found["path"].split("/") or "//" in found["path"]:
        return None
    start = int(found["start"] or 1)
    return SourcePlace(found["path"], start, max(start, int(found["end"] or start)))


# ----------------------------------------------------------------------------------- private


@cache
def _reader() -> MarkdownIt:
    # 90 ms to import, and the first page of a window shows no Markdown.
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING_CAP})
    return made.enable(["table", "strikethrough"]).disable(["html_block", "html_inline", "image"])


def _tr(text: str) -> str:
    return QCoreApplication.translate("Markdown", text)


def _is_place(word: str) -> bool:
    """Say whether a word of running text is surely a place: a path with a folder or a line, an id."""
    if _COMMIT.fullmatch(word):
        return True
    found = _PATH.fullmatch(word)
    return found is not None and ("/" in found["path"] or found["start"] is not None)


@dataclass(frozen=True, slots=True)
class _Style:
    """How the text of a run looks; two runs of one style are written as one."""

    face: Face
    role: str = "text"
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    place: int = -1


@dataclass(slots=True)
class _Level:
    """One list that is open."""

    ordered: bool
    start: int
    depth: int
    made: QTextList | None = None


@dataclass(slots=True)
class _Table:
    """A table as it is collected: rows of cells, each the children of its inline token."""

    rows: list[list[Sequence[Token]]] = field(default_factory=list)


class _Writer:
    """Writes tokens at the end of one document."""

    def __init__(self, document: QTextDocument, theme: Theme, body: Face) -> None:
        document.clear()
        document.setUndoRedoEnabled(False)
        document.setIndentWidth(theme.px(20))
        self._theme = theme
        self._body = body
        self._cursor = QTextCursor(document)
        self._fresh = True
        self._first = True
        self._levels: list[_Level] = []
        self._quotes = 0
        self._item = False
        self._table: _Table | None = None
        self._formats: dict[_Style, QTextCharFormat] = {}
        self.places: list[object] = []
        self.notices: list[str] = []

    def plain(self, text: str) -> None:
        """Write every line as a line."""
        self._cursor.beginEditBlock()
        self._start(self._block_format(0, 0))
        for style, piece in self._linked(text.rstrip("\n"), _Style(self._body)):
            self._insert(piece, style)
        self._cursor.endEditBlock()

    def tokens(self, found: Sequence[Token]) -> None:
        """Write a whole text."""
        self._cursor.beginEditBlock()
        heading = 0
        for token in found:
            kind = token.type
            if kind == "heading_open":
                heading = int(token.tag[1])
            elif kind == "heading_close":
                heading = 0
            elif kind == "inline":
                self._inline(token, heading)
            elif kind in ("fence", "code_block"):
                self._code(token.content)
            elif kind == "hr":
                self._rule()
            else:
                self._structure(token)
        self._end()
        self._cursor.endEditBlock()

    # ------------------------------------------------------------------------ blocks

    def _structure(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1)
            self._levels.append(_Level(kind.startswith("ordered"), start, len(self._levels)))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._levels.pop()
        elif kind == "list_item_open":
            self._item = True
        elif kind == "blockquote_open":
            self._quotes += 1
        elif kind == "blockquote_close":
            self._quotes -= 1
        elif kind == "table_open":
            self._table = _Table()
        elif kind == "tr_open" and self._table is not None:
            self._table.rows.append([])
        elif kind == "table_close" and self._table is not None:
            table, self._table = self._table, None
            self._write_table(table)

    def _inline(self, token: Token, heading: int) -> None:
        children = token.children or []
        if self._table is not None:
            self._table.rows[-1].append(children)
            return
        face = self._body
        role = "text_2" if self._quotes else "text"
        above, below = 0, self._theme.px(tokens.S3)
        if heading:
            face = {1: tokens.QUESTION, 2: tokens.SECTION}.get(heading, tokens.STRONG)
            above, below = self._theme.px(tokens.S3), self._theme.px(6)
        self._start(self._block_format(above, below, face))
        self._runs(children, _Style(face, role))

    def _start(self, block: QTextBlockFormat) -> None:
        """Begin a paragraph, as the first of its list item where one was opened."""
        plain = QTextCharFormat()
        if self._first:
            block.setTopMargin(0)
        if self._fresh:
            self._cursor.setBlockFormat(block)
            self._cursor.setBlockCharFormat(plain)
        else:
            self._cursor.insertBlock(block, plain)
        self._fresh = self._first = False
        if self._item and self._levels:
            self._item = False
            level = self._levels[-1]
            if level.made is None:
                level.made = self._cursor.createList(self._list_format(level))
            else:
                level.made.add(self._cursor.block())

    def _block_format(self, above: int, below: int, face: Face | None = None) -> QTextBlockFormat:
        theme = self._theme
        block = QTextBlockFormat()
        block.setTopMargin(above)
        block.setBottomMargin(below)
        block.setLineHeight(
            theme.px((face or self._body).line), QTextBlockFormat.LineHeightTypes.FixedHeight.value
        )
        depth = min(len(self._levels), LIST_CAP)
        if depth:
            block.setBottomMargin(theme.px(6))
        # A list's first paragraph gets its place from the list itself.
        held = 0 if self._item else depth
        block.setLeftMargin(theme.px(tokens.S4) * min(self._quotes, LIST_CAP) + theme.px(20) * held)
        return block

    def _list_format(self, level: _Level) -> QTextListFormat:
        made = QTextListFormat()
        bullets = (QTextListFormat.Style.ListDisc, QTextListFormat.Style.ListCircle)
        made.setStyle(QTextListFormat.Style.ListDecimal if level.ordered else bullets[min(level.depth, 1)])
        made.setIndent(min(level.depth + 1, LIST_CAP))
        if level.ordered:
            made.setStart(level.start)
        return made

    def _code(self, text: str) -> None:
        theme = self._theme
        frame = QTextFrameFormat()
        frame.setBackground(theme.colour("sunken"))
        frame.setPadding(theme.px(10))
        frame.setBottomMargin(theme.px(tokens.S3))
        frame.setLeftMargin(theme.px(20) * min(len(self._levels), LIST_CAP))
        self._cursor.insertFrame(frame)
        block = QTextBlockFormat()
        block.setLineHeight(theme.px(tokens.CODE.line), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        self._cursor.setBlockFormat(block)
        self._insert(text.rstrip("\n"), _Style(tokens.CODE))
        self._leave()

    def _rule(self) -> None:
        block = self._block_format(0, self._theme.px(tokens.S3))
        block.setProperty(
            QTextFormat.Property.BlockTrailingHorizontalRulerWidth,
            QTextLength(QTextLength.Type.PercentageLength, 100),
        )
        block.setProperty(QTextFormat.Property.BackgroundBrush, self._theme.colour("hairline"))
        self._start(block)

    def _write_table(self, table: _Table) -> None:
        columns = max((len(row) for row in table.rows), default=0)
        if not columns:
            return
        if columns > COLUMNS_CAP or len(table.rows) > ROWS_CAP:
            self.notices.append(_tr("A table is cut: it has more columns or rows than are shown."))
        rows, columns = table.rows[:ROWS_CAP], min(columns, COLUMNS_CAP)
        theme = self._theme
        shape = QTextTableFormat()
        shape.setBorder(1)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBorderCollapse(True)
        shape.setTopMargin(theme.px(6))
        shape.setBorderBrush(theme.colour("hairline"))
        shape.setCellPadding(theme.px(5))
        shape.setCellSpacing(0)
        shape.setBottomMargin(theme.px(tokens.S3))
        shape.setHeaderRowCount(1)
        made = self._cursor.insertTable(len(rows), columns, shape)
        face = replace(tokens.INTERFACE, size=min(self._body.size, 13))
        for place, row in enumerate(rows):
            for column, children in enumerate(row[:columns]):
                self._cursor = made.cellAt(place, column).firstCursorPosition()
                self._runs(children, _Style(face, bold=place == 0))
        self._leave()

    def _leave(self) -> None:
        """Go on behind a frame or a table, in the empty block that Qt keeps there."""
        self._cursor = QTextCursor(self._cursor.document())
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._fresh, self._first, self._item = True, False, False

    def _end(self) -> None:
        if self._fresh and not self._first:
            block = QTextBlockFormat()
            block.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            self._cursor.setBlockFormat(block)

    # ------------------------------------------------------------------------ runs

    def _runs(self, children: Sequence[Token], base: _Style) -> None:
        """Write the inline content; neighbours of one style go in together, for speed."""
        waiting: list[str] = []
        style = base
        now = base
        for now, text in self._pieces(children, base):
            if now != style and waiting:
                self._insert("".join(waiting), style)
                waiting = []
            style = now
            waiting.append(text)
        if waiting:
            self._insert("".join(waiting), style)

    def _pieces(self, children: Sequence[Token], base: _Style) -> Iterator[tuple[_Style, str]]:
        style = base
        address = ""
        held: list[str] = []
        for token in children:
            kind = token.type
            if kind == "text":
                held.append(token.content)
                yield from ((style, token.content),) if address else self._linked(token.content, style)
            elif kind == "softbreak":
                yield style, " "
            elif kind == "hardbreak":
                yield style, "\u2028"
            elif kind == "code_inline":
                held.append(token.content)
                yield from self._code_run(token.content, style)
            elif kind == "link_open":
                address, held = str(token.attrGet("href") or ""), []
                leads = place_of(address)
                if leads is not None:
                    style = replace(style, place=self._kept(leads), role="link")
            elif kind == "link_close":
                if style.place < 0 and address != "".join(held):
                    yield replace(style, role="text_2"), f" ({address})"
                style, address = replace(style, place=-1, role=base.role), ""
            elif kind.endswith(("_open", "_close")):
                style = _switched(style, kind)
            else:
                yield style, token.content

    def _code_run(self, text: str, style: _Style) -> Iterator[tuple[_Style, str]]:
        mono = replace(style, code=True)
        if style.place < 0 and len(text) <= WORD_CAP and _is_place(text):
            leads = place_of(text)
            if leads is not None:
                mono = replace(mono, place=self._kept(leads), role="link")
        yield mono, text

    def _linked(self, text: str, style: _Style) -> Iterator[tuple[_Style, str]]:
        """Yield ``text`` with its paths and commit ids as links."""
        end = 0
        for found in _WORD.finditer(text):
            word = found[0]
            bare = word.strip(_AROUND) if len(word) <= WORD_CAP else ""
            if not bare or not _is_place(bare):
                continue
            leads = place_of(bare)
            if leads is None:
                continue
            start = found.start() + word.index(bare)
            yield style, text[end:start]
            yield replace(style, place=self._kept(leads), role="link"), bare
            end = start + len(bare)
        yield style, text[end:]

    def _kept(self, place: object) -> int:
        self.places.append(place)
        return len(self.places) - 1

    def _insert(self, text: str, style: _Style) -> None:
        """Write one run; characters that deceive are shown as their code points."""
        if not text:
            return
        shape = self._format(style)
        start = 0
        for piece in text.split("\u2028") if "\u2028" in text else (text,):
            if start:
                self._cursor.insertText("\u2028", shape)
            start = 1
            shown = show(piece)
            if not shown.odd:
                self._cursor.insertText(piece, shape)
                continue
            units = shown.text.encode("utf-16-le", "surrogatepass")
            end = 0
            for place, length in shown.odd:
                self._cursor.insertText(_of(units, end, place), shape)
                self._cursor.insertText(_of(units, place, place + length), self._odd_format(style))
                end = place + length
            self._cursor.insertText(_of(units, end, len(units) // 2), shape)

    def _format(self, style: _Style) -> QTextCharFormat:
        known = self._formats.get(style)
        if known is not None:
            return known
        theme, face = self._theme, style.face
        if style.code and not face.mono:
            face = replace(face, size=max(11, face.size - 2), mono=True)
        font = QFont(theme.font(face))
        if style.bold:
            font.setWeight(QFont.Weight.DemiBold)
        font.setItalic(style.italic)
        font.setStrikeOut(style.struck)
        made = QTextCharFormat()
        made.setFont(font)
        made.setForeground(theme.colour(style.role))
        if style.place >= 0:
            made.setAnchor(True)
            made.setAnchorHref(f"{PLACE_SCHEME}:{style.place}")
        self._formats[style] = made
        return made

    def _odd_format(self, style: _Style) -> QTextCharFormat:
        theme = self._theme
        made = QTextCharFormat(self._format(style))
        made.setFont(theme.font(replace(tokens.CODE, size=11)))
        made.setForeground(theme.colour("partial"))
        made.setBackground(QColor(theme.roles.partial_fill))
        return made


def _switched(style: _Style, kind: str) -> _Style:
    on = kind.endswith("_open")
    if kind.startswith("strong"):
        return replace(style, bold=on)
    if kind.startswith("em"):
        return replace(style, italic=on)
    if kind.startswith("s_"):
        return replace(style, struck=on)
    return style


def _of(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
