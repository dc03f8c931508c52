"""Statements with their numbered chips, as flowing text: inserted piece by piece, never as markup.

Quotation marks mean quotation: a quoted statement is verbatim, one without marks was computed.
Text in backticks is shown as code. Nothing that comes from a repository is read as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QMouseEvent,
    QPainter,
    QPyTextObject,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from desktop import tokens
from desktop.answer_page import Told
from desktop.oddities import plain, show
from desktop.theme import Theme
from desktop.widgets.sources import Chip, chip_width, paint_chip
from indexer.types import CitationKind, Section, Statement

_CHIP = QTextFormat.ObjectTypes.UserObject + 1
_NUMBER = QTextFormat.Property.UserProperty + 1
_SCHEME = "chip:"
_WORD_JOINER = "\u2060"
_BACKTICKS = re.compile(r"``([^`\n]+)``|`([^`\n]+)`")
_MAX_TEXT = 4_000
"""Longest statement that is shown, in characters; the rest is in the source beside it."""
_MAX_CODE_LINES, _MAX_CODE_COLUMNS, _MAX_CHIPS = 20, 200, 40


class StatementText(QTextBrowser):
    """One section's statements. Numbers come back through ``chipClicked`` and ``chipHovered``."""

    chipClicked = Signal(int)
    chipHovered = Signal(int)
    """The number under the pointer, or 0."""

    def __init__(self, theme: Theme, statements: Sequence[Told]) -> None:
        super().__init__()
        self._theme = theme
        self._chips = _Chip(theme, self)
        self.selected = 0
        self.hovered = 0
        self.tinted: frozenset[int] = frozenset()
        self.stale: frozenset[int] = frozenset()
        self._numbers_of: list[tuple[int, ...]] = []
        """The numbers of the statement in each block, to tint them while it is pointed at."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("background: transparent;")
        self.document().setDocumentMargin(0)
        self.document().setDefaultFont(theme.font(tokens.BODY))
        self.document().documentLayout().registerHandler(_CHIP, self._chips)
        self.anchorClicked.connect(self._on_anchor)
        self.highlighted.connect(self._on_highlighted)
        self._write(statements)
        self.setAccessibleName(self.tr("Statements"))
        self.setAccessibleDescription("\n".join(each.statement.text for each in statements))

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Load nothing: text of a repository may name a file or an address of its own."""
        return None

    def select(self, number: int) -> None:
        """Show chip ``number`` as the selected one (0: none)."""
        if number != self.selected:
            self.selected = number
            self.viewport().update()

    def mark_stale(self, numbers: frozenset[int]) -> None:
        """Show these chips dashed: the code has moved since."""
        self.stale = numbers
        self.viewport().update()

    def chip_rect(self, number: int) -> QRect:
        """Return where chip ``number`` stands, on the screen; the whole widget when it is not here."""
        block = self.document().begin()
        while block.isValid():
            pieces = block.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                if piece.charFormat().property(_NUMBER) == number:
                    cursor = QTextCursor(self.document())
                    cursor.setPosition(piece.position() + piece.length())
                    box = self.cursorRect(cursor)
                    width = self._theme.px(tokens.CHIP + 2)
                    box.setLeft(box.right() - width)
                    return QRect(self.viewport().mapToGlobal(box.topLeft()), box.size())
                pieces += 1
            block = block.next()
        return QRect(self.mapToGlobal(self.rect().topLeft()), self.size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the text needs at this width."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the chip under the pointer."""
        super().leaveEvent(event)
        self._tint(frozenset())
        self._hover(0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Keep the pointer's shape true over chips."""
        super().mouseMoveEvent(event)
        over = self.anchorAt(event.position().toPoint())
        block = self.cursorForPosition(event.position().toPoint()).blockNumber()
        near = self._numbers_of[block] if block < len(self._numbers_of) else ()
        self._tint(frozenset(near))
        self._hover(int(over[len(_SCHEME) :]) if over.startswith(_SCHEME) else 0)

    # ------------------------------------------------------------------------ private

    def _on_anchor(self, url: QUrl) -> None:
        text = url.toString()
        if text.startswith(_SCHEME) and text[len(_SCHEME) :].isdigit():
            self.chipClicked.emit(int(text[len(_SCHEME) :]))

    def _on_highlighted(self, url: QUrl) -> None:
        text = url.toString()
        self._hover(int(text[len(_SCHEME) :]) if text.startswith(_SCHEME) else 0)

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            self.hovered = number
            self.viewport().update()
            self.chipHovered.emit(number)

    def _tint(self, numbers: frozenset[int]) -> None:
        if numbers != self.tinted:
            self.tinted = numbers
            self.viewport().update()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(round(self.document().size().height()) + 1)

    def _write(self, statements: Sequence[Told]) -> None:
        cursor = QTextCursor(self.document())
        for place, each in enumerate(statements):
            if place:
                cursor.insertBlock()
            if _is_code(each.statement):
                self._write_code(cursor, each)
            else:
                self._write_prose(cursor, each)
            if each.said_by:
                cursor.insertBlock(self._block(tokens.META.line, above=0))
                cursor.insertText(plain(each.said_by), self._shape(self._theme.font(tokens.META), "text_3"))
            missing = self.document().blockCount() - len(self._numbers_of)
            self._numbers_of += [each.numbers] * missing

    def _write_prose(self, cursor: QTextCursor, each: Told) -> None:
        first = cursor.blockNumber() == 0
        cursor.setBlockFormat(self._block(tokens.BODY.line, above=0 if first else tokens.S2))
        body = self._theme.font(tokens.BODY)
        code = self._theme.font(tokens.CODE_IN_BODY)
        text = " ".join(each.statement.text[:_MAX_TEXT].split())
        if len(each.statement.text) > _MAX_TEXT:
            text += " \u2026"
        if each.statement.quoted:
            cursor.insertText("\u201c", self._shape(body, "text"))
        role = "text_2" if each.statement.hinted else "text"
        for piece, is_code in pieces(text):
            self._insert(cursor, piece, code if is_code else body, role)
        if each.statement.quoted:
            cursor.insertText("\u201d", self._shape(body, "text"))
        self._write_chips(cursor, each)

    def _write_code(self, cursor: QTextCursor, each: Told) -> None:
        font = self._theme.font(tokens.CODE)
        lines = each.statement.text[:_MAX_TEXT].split("\n")
        rest = len(lines) - _MAX_CODE_LINES
        for place, text in enumerate(lines[:_MAX_CODE_LINES]):
            first = place == 0 and cursor.blockNumber() > 0
            block = self._block(tokens.CODE.line, above=tokens.S2 if first else 0)
            block.setLeftMargin(self._theme.px(tokens.S2))
            if place:
                cursor.insertBlock(block)
            else:
                cursor.setBlockFormat(block)
            self._insert(cursor, text[:_MAX_CODE_COLUMNS], font)
            if len(text) > _MAX_CODE_COLUMNS or (rest > 0 and place == _MAX_CODE_LINES - 1):
                cursor.insertText(" \u2026", self._shape(font, "text_3"))
        self._write_chips(cursor, each)

    def _insert(self, cursor: QTextCursor, text: str, font: QFont, role: str = "text") -> None:
        """Insert text; what would deceive the reader is shown as its code point, in a colour of its own."""
        shown = show(text)
        end = 0
        units = shown.text.encode("utf-16-le", "replace") if shown.odd else b""
        for start, length in shown.odd:
            cursor.insertText(units[2 * end : 2 * start].decode("utf-16-le"), self._shape(font, role))
            odd = self._shape(self._theme.font(tokens.META_STRONG), "partial")
            odd.setBackground(self._theme.colour("partial_fill"))
            end = start + length
            cursor.insertText(units[2 * start : 2 * end].decode("utf-16-le"), odd)
        rest = units[2 * end :].decode("utf-16-le") if shown.odd else shown.text
        cursor.insertText(rest, self._shape(font, role))

    def _write_chips(self, cursor: QTextCursor, each: Told) -> None:
        for number in each.numbers[:_MAX_CHIPS]:
            cursor.insertText(_WORD_JOINER + "\u00a0" + _WORD_JOINER, self._shape(QFont(), "text"))
            shape = QTextCharFormat()
            shape.setObjectType(_CHIP)
            shape.setProperty(_NUMBER, number)
            shape.setAnchor(True)
            shape.setAnchorHref(f"{_SCHEME}{number}")
            shape.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
            cursor.insertText("\ufffc", shape)

    def _block(self, line: int, above: int) -> QTextBlockFormat:
        block = QTextBlockFormat()
        block.setLineHeight(self._theme.px(line), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        block.setTopMargin(self._theme.px(above) if above else 0)
        return block

    def _shape(self, font: QFont, role: str) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setFont(font)
        shape.setForeground(self._theme.colour(role))
        return shape


class _Chip(QPyTextObject):
    """A numbered citation inside a line of text."""

    def __init__(self, theme: Theme, text: StatementText) -> None:
        super().__init__(text)
        self._theme = theme
        self._text = text

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:  # noqa: A002, N803
        number = int(format.property(_NUMBER))
        return QSizeF(chip_width(self._theme, number), self._theme.px(tokens.CHIP))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803
        format: QTextFormat,  # noqa: A002
    ) -> None:
        number = int(format.property(_NUMBER))
        chip = Chip(
            number,
            chosen=number == self._text.selected,
            stale=number in self._text.stale,
            under=number == self._text.hovered or number in self._text.tinted,
        )
        paint_chip(painter, self._theme, QRectF(rect), chip)


def pieces(text: str) -> list[tuple[str, bool]]:
    """Return text in pieces, each with whether it stood in backticks, which are left out."""
    found: list[tuple[str, bool]] = []
    end = 0
    for each in _BACKTICKS.finditer(text):
        found += [(text[end : each.start()], False), (each.group(1) or each.group(2), True)]
        end = each.end()
    return [piece for piece in (*found, (text[end:], False)) if piece[0]]


def _is_code(statement: Statement) -> bool:
    """Say whether a quoted statement is lines of code rather than a sentence."""
    if not statement.quoted or statement.section is Section.WHY or not statement.citations:
        return False
    first = statement.citations[0]
    return first.kind is CitationKind.SPAN and "\n" in statement.text
