"""The exact lines behind a chip, in a card beside it: nothing else, and nothing to click."""

from __future__ import annotations

from textwrap import dedent

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop import tokens
from desktop.answer_page import Source, day, lines_of, split_path
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from indexer.types import CitationKind

WAIT_MS = 300
MAX_LINES = 14
MAX_COLUMNS = 200


class HoverCard(QFrame):
    """One card for a page; it opens 300 ms after the pointer came to a chip."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self._theme = theme
        self._head: tuple[str, str, str] = ("", "", "")
        self._icon = "code"
        self._lines: list[tuple[str, str]] = []
        self._source: Source | None = None
        self._near = QRect()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._open)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("kind", "popup")

    def point_at(self, source: Source | None, near: QRect) -> None:
        """Open for ``source`` soon, beside the chip at ``near`` on the screen; None closes."""
        if source is None:
            self._timer.stop()
            self._source = None
            self.hide()
            return
        if source is not self._source:
            self._source, self._near = source, near
            self.hide()
            self._timer.start()

    def lines(self) -> list[str]:
        """Return the lines that are shown."""
        return [text for _, text in self._lines]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the head and the lines."""
        super().paintEvent(event)
        theme, painter = self._theme, QPainter(self)
        pad, head = theme.px(tokens.S3), theme.px(36)
        side = theme.px(16)
        painter.drawPixmap(
            pad, (head - side) // 2, pixmap(self._icon, theme.roles.text_2, side, self.devicePixelRatioF())
        )
        name, folder, place = self._head
        left = pad + side + theme.px(tokens.S2)
        middle = Qt.AlignmentFlag.AlignVCenter
        font = theme.font(tokens.META)
        painter.setFont(font)
        painter.setPen(theme.colour("text_3"))
        placed = round(QFontMetricsF(font).horizontalAdvance(place))
        painter.drawText(QRect(self.width() - pad - placed - 1, 0, placed + 2, head), middle, place)
        end = self.width() - pad - placed - theme.px(tokens.S3)
        for text, face, role in ((name, tokens.STRONG, "text"), (folder, tokens.INTERFACE, "text_2")):
            font = theme.font(face)
            metrics = QFontMetricsF(font)
            fits = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, end - left))
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            painter.drawText(QRect(left, 0, end - left, head), middle, fits)
            left += round(metrics.horizontalAdvance(fits)) + theme.px(tokens.S2)
        painter.setPen(theme.colour("hairline"))
        painter.drawLine(1, head, self.width() - 2, head)
        self._paint_lines(painter, head + theme.px(6))

    def _paint_lines(self, painter: QPainter, top: int) -> None:
        theme = self._theme
        pad, height = theme.px(tokens.S3), theme.px(tokens.CODE_LINE)
        painter.setFont(theme.font(tokens.CODE))
        metrics = QFontMetricsF(painter.font())
        numbered = self._number_width()
        for number, text in self._lines:
            if number:
                painter.setPen(theme.colour("text_3"))
                painter.drawText(
                    QRect(pad, top, numbered, height),
                    Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                    number,
                )
            painter.setPen(theme.colour("text" if number or not numbered else "text_3"))
            left = pad + (numbered + theme.px(tokens.S3) if numbered else 0)
            room = self.width() - left - pad
            fits = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, top, room, height), Qt.AlignmentFlag.AlignVCenter, fits)
            top += height

    def _open(self) -> None:
        if self._source is None:
            return
        self._fill(self._source)
        theme = self._theme
        metrics = QFontMetricsF(theme.font(tokens.CODE))
        widest = max((metrics.horizontalAdvance(text) for _, text in self._lines), default=0.0)
        heads = QFontMetricsF(theme.font(tokens.STRONG))
        head = sum(heads.horizontalAdvance(part) for part in self._head) + theme.px(72)
        room = self.screen().availableGeometry()
        numbers = self._number_width() + theme.px(tokens.S3)
        width = min(round(max(widest + numbers, head)) + 2 * theme.px(tokens.S3), theme.px(620), room.width())
        height = theme.px(36) + len(self._lines) * theme.px(tokens.CODE_LINE) + theme.px(14)
        self.setFixedSize(width, height)
        left = min(max(room.left(), self._near.left() - theme.px(24)), room.right() - width)
        below = self._near.bottom() + theme.px(6)
        fits = below + height <= room.bottom()
        self.move(QPoint(left, below if fits else self._near.top() - theme.px(6) - height))
        self.show()
        self.update()

    def _number_width(self) -> int:
        widest = max((len(number) for number, _ in self._lines), default=0)
        return round(QFontMetricsF(self._theme.font(tokens.CODE)).horizontalAdvance("0" * widest))

    def _fill(self, source: Source) -> None:
        first = source.first
        when = day(first.authored) if first.authored else ""
        who = ", ".join(part for part in (first.author, when) if part)
        if first.kind is CitationKind.SPAN:
            name, folder = split_path(plain(first.path or ""))
            self._icon, self._head = "code", (name, folder, lines_of(source))
        elif first.kind is CitationKind.COMMIT:
            self._icon, self._head = "commit", ((first.commit_id or "")[:9], plain(who), "")
        elif first.kind is CitationKind.NOTE:
            self._icon, self._head = "note", (self.tr("Note"), plain(who), "")
        else:
            self._icon, self._head = "search", (self.tr("Counted"), "", "")
        lines: list[tuple[str, str]] = []
        last = source.first.start_line - 1
        for each in source.citations:
            if each.start_line > last + 1:
                lines.append(("", "\u2026"))
            texts = dedent((each.quote or each.fact).expandtabs(4)).split("\n")
            numbered = first.kind is CitationKind.SPAN
            for offset, text in enumerate(texts):
                number = str(each.start_line + offset) if numbered else ""
                cut = text if len(text) <= MAX_COLUMNS else text[:MAX_COLUMNS] + "\u2026"
                lines.append((number, plain(cut)))
            last = each.end_line
        if len(lines) > MAX_LINES:
            rest = len(lines) - MAX_LINES + 1
            lines = [*lines[: MAX_LINES - 1], ("", self.tr("\u2026 %d more lines") % rest)]
        self._lines = lines
