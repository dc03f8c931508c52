"""Statements with their numbered chips, as flowing text: inserted piece by piece, never as markup.

Quotation marks mean quotation: a quoted statement is verbatim, one without marks was computed.
Text in backticks is shown as code. Nothing that comes from a repository is read as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPen,
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
from desktop.theme import Theme
from indexer.types import CitationKind, Section, Statement

_CHIP = QTextFormat.ObjectTypes.UserObject + 1
_NUMBER, _STALE = QTextFormat.Property.UserProperty + 1, QTextFormat.Property.UserProperty + 2
_SCHEME = "chip:"
_WORD_JOINER = "\u2060"
_BACKTICKS = re.compile(r"``([^`\n]+)``|`([^`\n]+)`")
_MAX_TEXT = 4_000
"""Longest statement that is shown, in characters; the rest is in the source beside it."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A statement with the numbers of its citations on this page, and a line of who and when."""

    statement: Statement
    numbers: tuple[int, ...]
    said_by: str = ""
    stale: frozenset[int] = frozenset()


class StatementText(QTextBrowser):
    """One section's statements. Numbers come back through ``chipClicked`` and ``chipHovered``."""

    chipClicked = Signal(int)
    chipHovered = Signal(int)
    """The number under the pointer, or 0."""

    def __init__(self, theme: Theme, statements: Sequence[Numbered]) -> None:
        super().__init__()
        self._theme = theme
        self._chips = _Chip(theme, self)
        self.selected = 0
        self.hovered = 0
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
        self._hover(0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Keep the pointer's shape true over chips."""
        super().mouseMoveEvent(event)
        over = self.anchorAt(event.position().toPoint())
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

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(round(self.document().size().height()) + 1)

    def _write(self, statements: Sequence[Numbered]) -> None:
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
                cursor.insertText(each.said_by, self._shape(self._theme.font(tokens.META), "text_3"))

    def _write_prose(self, cursor: QTextCursor, each: Numbered) -> None:
        cursor.setBlockFormat(self._block(tokens.BODY.line, above=tokens.S2 if cursor.blockNumber() else 0))
        plain = self._shape(self._theme.font(tokens.BODY), "text")
        code = self._shape(self._theme.font(tokens.CODE_IN_BODY), "text")
        text = " ".join(each.statement.text[:_MAX_TEXT].split())
        quoted = each.statement.quoted
        if quoted:
            cursor.insertText("\u201c", plain)
        end = 0
        for found in _BACKTICKS.finditer(text):
            cursor.insertText(text[end : found.start()], plain)
            cursor.insertText(found.group(1) or found.group(2), code)
            end = found.end()
        cursor.insertText(text[end:] + ("\u201d" if quoted else ""), plain)
        self._write_chips(cursor, each)

    def _write_code(self, cursor: QTextCursor, each: Numbered) -> None:
        shape = self._shape(self._theme.font(tokens.CODE), "text")
        lines = each.statement.text[:_MAX_TEXT].split("\n")
        for place, text in enumerate(lines):
            block = self._block(
                tokens.CODE.line, above=tokens.S2 if place == 0 and cursor.blockNumber() else 0
            )
            block.setNonBreakableLines(True)
            block.setLeftMargin(self._theme.px(tokens.S2))
            if place:
                cursor.insertBlock(block)
            else:
                cursor.setBlockFormat(block)
            cursor.insertText(text[:200], shape)
        self._write_chips(cursor, each)

    def _write_chips(self, cursor: QTextCursor, each: Numbered) -> None:
        for number in each.numbers:
            cursor.insertText(_WORD_JOINER + "\u00a0" + _WORD_JOINER, self._shape(QFont(), "text"))
            shape = QTextCharFormat()
            shape.setObjectType(_CHIP)
            shape.setProperty(_NUMBER, number)
            shape.setProperty(_STALE, number in each.stale)
            shape.setAnchor(True)
            shape.setAnchorHref(f"{_SCHEME}{number}")
            shape.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
            cursor.insertText("\ufffc", shape)

    def _block(self, line: int, above: int) -> QTextBlockFormat:
        block = QTextBlockFormat()
        block.setLineHeight(self._theme.px(line), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
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
        digits = QFontMetricsF(self._theme.font(tokens.META_STRONG)).horizontalAdvance(
            str(format.property(_NUMBER))
        )
        height = self._theme.px(tokens.CHIP)
        return QSizeF(max(self._theme.px(18), digits + self._theme.px(9)), height)

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803
        format: QTextFormat,  # noqa: A002
    ) -> None:
        theme, number = self._theme, int(format.property(_NUMBER))
        stale = bool(format.property(_STALE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen, under = number == self._text.selected, number == self._text.hovered
        pen = QPen(theme.colour("partial" if stale else "accent" if chosen or under else "outline"), 1)
        if stale:
            pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.setBrush(theme.colour("accent" if chosen else "selection" if under else "page"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(theme.font(tokens.META_STRONG))
        painter.setPen(theme.colour("on_accent" if chosen else "partial" if stale else "link"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.restore()


def _is_code(statement: Statement) -> bool:
    """Say whether a quoted statement is lines of code rather than a sentence."""
    if not statement.quoted or statement.section is Section.WHY or not statement.citations:
        return False
    first = statement.citations[0]
    return first.kind is CitationKind.SPAN and "\n" in statement.text
