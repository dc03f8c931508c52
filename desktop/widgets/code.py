"""Code to read: line numbers, blame in the margin, the cited span marked, colours as they come in.

The text, its colours and its blame come from the engine; nothing here opens a file. Colours are
laid on the lines in view only, so that a file of 20,000 lines opens as fast as a short one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextDocumentLayout, QPlainTextEdit, QTextEdit, QToolTip, QWidget

from desktop import tokens
from desktop.answer_page import day
from desktop.oddities import ODD, Shown, show
from desktop.theme import Theme
from desktop.turns import in_a_turn
from desktop.widgets.words import tip
from indexer.pages import BlameRun, SourcePage, Token, TokenRole

MAX_COLUMNS = 2_000
"""Longest line that is laid out; a line of a megabyte freezes Qt for a minute."""

MAX_PLACES = 1_000

AT_ONCE = 2_000
"""Lines around the cited one that are held first; Qt takes a twentieth of a second for 20,000 of them."""

_line = attrgetter("line")

NAME = re.compile(r"[^\W\d]\w*")

MARGIN_AHEAD = 40
"""Lines coloured beyond those in view, so that scrolling by a notch shows no plain line."""


class CodeView(QPlainTextEdit):
    """One page of source."""

    nameClicked = Signal(str)
    """A name that was clicked, or that F12 was pressed on: say where it is defined and used."""
    nameFollowed = Signal(str)
    """A name under a Ctrl+click: go to its definition."""
    commitClicked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._page: SourcePage | None = None
        self._first = 1
        self.blame: dict[int, BlameRun] = {}
        self._tokens: list[Token] = []
        """In the order of their lines; those of a line are looked up when it is seen."""
        self._shown: dict[int, Shown] = {}
        """Lines that could not be shown as they are: cut, or with odd characters made visible."""
        self.cut_lines = 0
        """Lines that were cut because they are too long to be laid out."""
        self._coloured: set[int] = set()
        self._pressed = QPoint()
        self._held = 0
        """The line that stays in view while the panes take their sizes, until the person scrolls."""
        self._places: list[tuple[int, int]] = []
        self.cited: tuple[int, int] | None = None
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setFont(theme.font(tokens.CODE))
        self.setTabStopDistance(QFontMetricsF(self.font()).horizontalAdvance(" ") * 4)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setCursorWidth(0)
        self.setAccessibleName(self.tr("Source"))
        self.document().setDocumentLayout(_SpacedLayout(self.document(), theme.px(tokens.CODE_LINE)))
        self._margin = _Margin(self, theme)
        self.updateRequest.connect(self._on_update)
        self.verticalScrollBar().valueChanged.connect(self._colour_in_view)
        self.verticalScrollBar().sliderPressed.connect(self._let_go)
        self._formats = {role: self._format(theme.colour(role.value)) for role in TokenRole}
        self._odd = self._odd_format()

    # ------------------------------------------------------------------------ content

    def show_page(self, page: SourcePage, cited: tuple[int, int] | None = None) -> None:
        """Show ``page`` and, if given, mark and bring into view the lines ``cited`` (inclusive)."""
        self._page = page
        self._held = 0
        self.blame = {}
        self._tokens = _ordered(page.tokens)
        self.setExtraSelections([])
        lines = self._laid_out(page)
        if len(lines) > AT_ONCE:
            middle = max(0, (cited[0] if cited else page.first_line) - page.first_line)
            first = max(0, middle - AT_ONCE // 2)
            self._hold(lines[first : first + AT_ONCE], page.first_line + first)
            in_a_turn(self, partial(self._hold_all, page, lines))
        else:
            self._hold(lines, page.first_line)
        self._resize_margin()
        self.set_cited(cited)
        self.setAccessibleDescription(page.path)

    @property
    def odd(self) -> int:
        """Lines in which odd characters were made visible."""
        return sum(bool(shown.odd) for shown in self._shown.values())

    def set_blame(self, runs: Sequence[BlameRun]) -> None:
        """Show who last changed each run of lines; it comes later than the text."""
        self.blame = {run.start_line: run for run in runs}
        self._margin.update()

    def set_tokens(self, coloured: Sequence[Token]) -> None:
        """Lay colours on the lines; they may come after the text."""
        self._tokens = _ordered(coloured)
        self._coloured = set()
        self._colour_in_view()

    def set_cited(self, cited: tuple[int, int] | None) -> None:
        """Mark lines ``cited`` and scroll so that they stand in the upper third."""
        self.cited = cited
        if cited is not None:
            self.go_to(cited[0])
        self._colour_in_view()
        self._margin.update()
        self.viewport().update()

    def go_to(self, line: int) -> None:
        """Bring ``line`` (of the file) into view, a third of the way down."""
        self._held = line
        block = self.document().findBlockByNumber(line - self.first_line)
        if not block.isValid():
            return
        visible = max(1, self.viewport().height() // max(1, self._line_height()))
        # The cursor comes last: a view that must bring it into view measures every line on the way.
        self.verticalScrollBar().setValue(max(0, block.blockNumber() - visible // 3))
        self.setTextCursor(QTextCursor(block))

    def find_text(self, text: str) -> int:
        """Mark every place of ``text`` (case aside), 1,000 at most, and return how many there are."""
        self._places = []
        wanted, whole = text.casefold(), self.toPlainText()
        folded = whole.casefold()
        if len(folded) != len(whole):
            folded, wanted = whole.lower(), text.lower()
        start = folded.find(wanted) if wanted else -1
        # Places count code points here and UTF-16 units in Qt, which differ outside the first plane.
        wide = not whole.isascii() and max(whole, default="") > "\uffff"
        while start >= 0 and len(self._places) < MAX_PLACES:
            end = start + len(wanted)
            units = (_units(whole[:start]), _units(whole[start:end])) if wide else (start, len(wanted))
            self._places.append(units)
            start = folded.find(wanted, end)
        self.show_found(-1)
        return len(self._places)

    def found_from_here(self) -> int:
        """Return the index of the first place found at or below the top of what is in view."""
        top = self.firstVisibleBlock().position()
        return next((number for number, (start, _) in enumerate(self._places) if start >= top), 0)

    def show_found(self, number: int) -> None:
        """Mark what was found, and bring place ``number`` into view (-1: none)."""
        marks = []
        for place, (start, length) in enumerate(self._places):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.document())
            mark.cursor.setPosition(start)
            mark.cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            mark.format.setBackground(self._theme.colour("selection" if place == number else "match"))
            mark.format.setForeground(self._theme.colour("text"))
            marks.append(mark)
            if place == number:
                self.go_to(self.first_line + mark.cursor.blockNumber())
        self.setExtraSelections(marks)

    @property
    def first_line(self) -> int:
        """The file's number of the first line that is held."""
        return self._first

    @property
    def last_line(self) -> int:
        """The file's number of the last line of the page."""
        return self._page.first_line + len(self._page.lines) - 1 if self._page else 1

    def line_at(self, y: int) -> int:
        """Return the file's line at ``y`` px of the viewport."""
        block = self.cursorForPosition(self.viewport().rect().topLeft()).block()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        return self.first_line + block.blockNumber() + int((y - top) // max(1, self._line_height()))

    # ------------------------------------------------------------------------ Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the margin beside the text."""
        super().resizeEvent(event)
        self._resize_margin()
        if self._held and event.size().height() != event.oldSize().height():
            self.go_to(self._held)
        self._colour_in_view()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of the cited lines, then the text."""
        if self.cited is not None:
            first = self.document().findBlockByNumber(max(0, self.cited[0] - self.first_line))
            lines = self.cited[1] - max(self.cited[0], self.first_line) + 1
            if first.isValid():
                top = self.blockBoundingGeometry(first).translated(self.contentOffset()).top()
                ground = QRectF(0, top, self.viewport().width(), lines * self._line_height())
                painter = QPainter(self.viewport())
                painter.fillRect(ground, self._theme.colour("cite"))
                painter.end()
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click begins, to tell it from a selection."""
        self._pressed = event.position().toPoint()
        self._held = 0
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the name under a click; go to its definition with Ctrl."""
        super().mouseReleaseEvent(event)
        where = event.position().toPoint()
        moved = (where - self._pressed).manhattanLength() > 3
        if event.button() is not Qt.MouseButton.LeftButton or moved or self.textCursor().hasSelection():
            return
        name = self._name_at(where)
        if name:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            (self.nameFollowed if control else self.nameClicked).emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the name at the cursor with F12."""
        self._held = 0
        if event.key() == Qt.Key.Key_F12:
            self._emit_name()
        else:
            super().keyPressEvent(event)

    def word(self) -> str:
        """Return the selected text on one line, or the word at the cursor."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        text = cursor.selectedText()
        return "" if "\u2029" in text else text.strip()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the word under the pointer."""
        menu = self.createStandardContextMenu(event.pos())
        cursor = self.cursorForPosition(event.pos())
        if not self.textCursor().hasSelection():
            self.setTextCursor(cursor)
        name = self.word()
        if name:
            menu.addSeparator()
            action = menu.addAction(self.tr("Definitions and references"))
            action.triggered.connect(self._emit_name)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll only: the scale is the person's setting for the whole window."""
        self._held = 0
        event.setModifiers(event.modifiers() & ~Qt.KeyboardModifier.ControlModifier)
        super().wheelEvent(event)

    # ------------------------------------------------------------------------ private

    def _hold(self, lines: Sequence[str], first: int) -> None:
        """Hold these lines of the page, ``first`` being the file's number of the first of them."""
        self._first = first
        self._coloured = set()
        self.setPlainText("\n".join(lines))
        self.document().setDocumentMargin(self._theme.px(tokens.S2))

    def _hold_all(self, page: SourcePage, lines: Sequence[str]) -> None:
        """Hold all lines of a long page, with the same ones in view."""
        if page is not self._page:
            return
        top = self._first + self.verticalScrollBar().value()
        current = self._first + self.textCursor().blockNumber()
        self._hold(lines, page.first_line)
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(current - page.first_line)))
        self.verticalScrollBar().setValue(top - page.first_line)
        self._colour_in_view()

    def _laid_out(self, page: SourcePage) -> Sequence[str]:
        """Return the page's lines, made safe to lay out; most files are, and are not looked at twice."""
        self._shown, self.cut_lines = {}, 0
        if max(map(len, page.lines), default=0) <= MAX_COLUMNS and ODD.search("\n".join(page.lines)) is None:
            return page.lines
        lines = list(page.lines)
        for place, line in enumerate(lines):
            shown = show(line[:MAX_COLUMNS])
            if len(line) <= MAX_COLUMNS and not shown.odd:
                continue
            if len(line) > MAX_COLUMNS:
                self.cut_lines += 1
                shown = replace(shown, text=f"{shown.text} \u2026")
            self._shown[page.first_line + place] = shown
            lines[place] = shown.text.replace("\n", "")
        return lines

    def _name_at(self, where: QPoint) -> str:
        """Return the name under a point: no keyword, no text of a comment or a string."""
        cursor = self.cursorForPosition(where)
        box = self.cursorRect(cursor)
        if abs(where.x() - box.center().x()) > self._theme.px(tokens.S4):
            return ""
        line, column = self.first_line + cursor.blockNumber(), cursor.positionInBlock()
        plain = (TokenRole.KEYWORD, TokenRole.COMMENT, TokenRole.STRING, TokenRole.NUMBER)
        for token in self._tokens_of(line):
            if token.role in plain and token.start <= column < token.start + token.length:
                return ""
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        found = cursor.selectedText()
        return found if len(found) > 1 and NAME.fullmatch(found) else ""

    def _emit_name(self) -> None:
        if name := self.word():
            self.nameClicked.emit(name)

    def _let_go(self) -> None:
        self._held = 0

    def _line_height(self) -> int:
        return self._theme.px(tokens.CODE_LINE)

    def _resize_margin(self) -> None:
        width = self._margin.wanted_width()
        self.setViewportMargins(width, 0, 0, 0)
        inner = self.contentsRect()
        self._margin.setGeometry(QRect(inner.left(), inner.top(), width, inner.height()))

    def _on_update(self, rect: QRect, dy: int) -> None:
        if dy:
            # Anew and whole: the line at the top is signed wherever its run began.
            self._margin.update()
        else:
            self._margin.update(0, rect.y(), self._margin.width(), rect.height())

    def _colour_in_view(self) -> None:
        block = self.firstVisibleBlock()
        for _ in range(2 * MARGIN_AHEAD + self.viewport().height() // max(1, self._line_height())):
            if not block.isValid():
                break
            self._colour(block)
            block = block.next()

    def _colour(self, block: QTextBlock) -> None:
        line = self.first_line + block.blockNumber()
        if line in self._coloured:
            return
        self._coloured.add(line)
        ranges = []
        shown = self._shown.get(line)
        for token in self._tokens_of(line):
            start, end = token.start, token.start + token.length
            if shown is not None:
                start, end = shown.place(start), shown.place(end)
            ranges.append(_piece(start, end - start, self._formats[token.role]))
        if shown is not None:
            ranges += [_piece(start, length, self._odd) for start, length in shown.odd]
        if ranges:
            block.layout().setFormats(ranges)
            self.document().markContentsDirty(block.position(), block.length())

    def _tokens_of(self, line: int) -> list[Token]:
        first = bisect_left(self._tokens, line, key=_line)
        return self._tokens[first : bisect_right(self._tokens, line, first, key=_line)]

    def _odd_format(self) -> QTextCharFormat:
        shape = self._format(self._theme.colour("partial"))
        shape.setBackground(self._theme.colour("partial_fill"))
        return shape

    def _format(self, colour: QColor) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setForeground(colour)
        return shape


class _SpacedLayout(QPlainTextDocumentLayout):
    """Lines of one fixed height: the plain layout knows none, and the rich one is ten times slower.

    Only lines in view are asked for, so the price is paid by what is seen.
    """

    def __init__(self, document: QTextDocument, height: int) -> None:
        super().__init__(document)
        self._height = height

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """Return the block's box at our height, its text in the middle."""
        box = super().blockBoundingRect(block)
        layout = block.layout()
        if block.isValid() and layout.lineCount():
            line = layout.lineAt(0)
            line.setPosition(QPointF(line.position().x(), (self._height - line.height()) / 2))
            box.setHeight(self._height)
        return box


class _Margin(QWidget):
    """Blame and line numbers at the left of the text, painted for the lines in view."""

    def __init__(self, code: CodeView, theme: Theme) -> None:
        super().__init__(code)
        self._code = code
        self._theme = theme
        self._signed: dict[int, BlameRun] = {}
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def wanted_width(self) -> int:
        theme = self._theme
        last = self._code.last_line + 1
        digits = QFontMetricsF(theme.font(tokens.CODE)).horizontalAdvance("0" * max(4, len(str(last))))
        return theme.px(tokens.BLAME_COLUMN) + round(digits) + theme.px(20)

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        code, theme = self._code, self._theme
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("page"))
        blame_width = theme.px(tokens.BLAME_COLUMN)
        painter.setPen(QPen(theme.colour("hairline"), 1))
        painter.drawLine(blame_width, event.rect().top(), blame_width, event.rect().bottom())
        block = code.firstVisibleBlock()
        self._signed = self._lines_signed(code.first_line + block.blockNumber())
        # From line to line: asked where a line stands, the view measures all those above it.
        top = code.blockBoundingGeometry(block).translated(code.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = code.blockBoundingRect(block).height()
            if block.isVisible() and top + height >= event.rect().top():
                self._paint_line(painter, code.first_line + block.blockNumber(), top, height)
            top += height
            block = block.next()

    def _lines_signed(self, first: int) -> dict[int, BlameRun]:
        """Return the runs by the line at which they are signed: where they begin, and again at the top of
        what is in view and at the cited lines, so that nobody has to scroll up to learn who wrote those.
        """
        code = self._code
        signed = dict(code.blame)
        for line in (first, code.cited[0] if code.cited is not None else first):
            run = self._run_at(line)
            if run is not None:
                signed.setdefault(line, run)
        return signed

    def _paint_line(self, painter: QPainter, line: int, top: float, height: float) -> None:
        code, theme = self._code, self._theme
        blame_width = theme.px(tokens.BLAME_COLUMN)
        cited = code.cited is not None and code.cited[0] <= line <= code.cited[1]
        if cited:
            rest = QRectF(blame_width + 1, top, self.width() - blame_width - 1, height)
            painter.fillRect(rest, theme.colour("cite"))
            painter.fillRect(
                QRectF(blame_width, top, theme.px(tokens.CITED_BAR), height), theme.colour("accent")
            )
        run = self._signed.get(line)
        if run is not None:
            painter.setFont(theme.font(tokens.META_STRONG if cited else tokens.META))
            painter.setPen(theme.colour("text" if cited else "text_3"))
            where = QRectF(theme.px(tokens.S2), top, blame_width - theme.px(tokens.S2), height)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, short_blame(run))
        painter.setFont(theme.font(tokens.CODE))
        painter.setPen(theme.colour("link" if cited else "text_3"))
        number = QRectF(blame_width, top, self.width() - blame_width - theme.px(tokens.S2), height)
        painter.drawText(number, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(line))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        run = self._run_at(self._code.line_at(int(event.position().y())))
        if run is not None:
            self._code.commitClicked.emit(run.commit_id)

    def event(self, event: QEvent) -> bool:
        """Say who changed a line, when and why, while the pointer rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            run = self._run_at(self._code.line_at(event.pos().y()))
            if run is None or event.pos().x() > self._theme.px(tokens.BLAME_COLUMN):
                QToolTip.hideText()
            else:
                said = f"{run.author}, {day(run.authored)}\n{run.commit_id[:9]} {run.subject}"
                QToolTip.showText(event.globalPos(), tip(said), self)
            return True
        return super().event(event)

    def _run_at(self, line: int) -> BlameRun | None:
        return next(
            (run for run in self._code.blame.values() if run.start_line <= line <= run.end_line), None
        )


def short_blame(run: BlameRun) -> str:
    """Return initials and year, such as "AS 2016"; a year that cannot be is left out."""
    initials = "".join(part[0] for part in run.author.split()[:2] if part).upper() or "?"
    days = run.authored // 86_400
    year = 1970 + int(days // 365.2425)
    return f"{initials} {year}" if 1970 <= year <= 9999 else initials


def _units(text: str) -> int:
    return len(text) + sum(each > "\uffff" for each in text)


def _piece(start: int, length: int, shape: QTextCharFormat) -> QTextLayout.FormatRange:
    piece = QTextLayout.FormatRange()
    piece.start, piece.length = start, length
    piece.format = shape
    return piece


def _ordered(coloured: Sequence[Token]) -> list[Token]:
    return sorted(coloured, key=_line)
