"""The numbered sources of an answer, by section: chip, icon, place; ten rows, then it scrolls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyleOptionViewItem

from desktop import tokens
from desktop.answer_page import Source, day, lines_of, split_path
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from indexer.types import CitationKind

MAX_ROWS = 10
SECTION_WIDTH, CHIP_WIDTH, ICON_WIDTH = 52, 28, 22
_DOCUMENTS = (".md", ".rst", ".txt", ".adoc", ".asciidoc", ".markdown", ".html")

_MARKUP = re.compile(r"^[-*+#>\s]+|[*_`]{1,3}")
"""Signs of Markdown that say nothing in a row of its own."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one row shows; ``number`` 0 is a source that was pinned earlier."""

    source: Source
    section: str = ""
    number: int = 0
    stale: bool = False


class SourceList(QListView):
    """Emits the row that was chosen; the chosen row is idle while another pane has the focus."""

    picked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows = RowModel[SourceRow](self, self._spoken)
        self._quiet = False
        self._room = MAX_ROWS
        self.setModel(self._rows)
        self.setItemDelegate(SourceDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Sources"))
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.clicked.connect(self._on_clicked)
        self._fit()

    def show_rows(self, rows: Sequence[SourceRow], current: int = -1) -> None:
        """Show ``rows`` with one of them as the current one, without a signal."""
        self._quiet = True
        self._rows.set_rows(rows)
        self._fit()
        if 0 <= current < len(rows):
            self.setCurrentIndex(self._rows.index(current))
        self._quiet = False

    def choose(self, row: int) -> None:
        """Make ``row`` the current one, without a signal."""
        self._quiet = True
        if 0 <= row < len(self._rows.rows):
            self.setCurrentIndex(self._rows.index(row))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def rows(self) -> tuple[SourceRow, ...]:
        """Return what is shown."""
        return self._rows.rows

    def set_room(self, rows: int) -> None:
        """Take at most so many rows; the rest scrolls."""
        self._room = max(2, min(MAX_ROWS, rows))
        self._fit()

    def _spoken(self, _: int, row: SourceRow) -> str:
        title, place = source_words(row.source)
        number = str(row.number) if row.number else self.tr("Pinned")
        stale = self.tr("changed since") if row.stale else ""
        return ", ".join(part for part in (number, title, place, stale) if part)

    def _fit(self) -> None:
        total = len(self._rows.rows)
        rows = min(self._room, total)
        above = self._theme.px(tokens.S1) if rows else 0
        below = self._theme.px(6) if rows and rows == total else 0
        self.setViewportMargins(0, above, 0, 0)
        self.setFixedHeight(rows * self._theme.px(tokens.ROW) + above + below)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            self.picked.emit(self._rows.rows[index.row()])

    def _on_clicked(self, index: QModelIndex) -> None:
        # A click on the current row brings its lines back into view.
        self.picked.emit(self._rows.rows[index.row()])


class SourceDelegate(RowDelegate):
    """Paints one source: section word, chip, icon, folder and name, place."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row."""
        theme = self._theme
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, SourceRow):
            return
        box = QRect(option.rect)
        selected = paint_ground(painter, theme, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = box.left() + theme.px(tokens.S4)
        middle = Qt.AlignmentFlag.AlignVCenter
        if row.section:
            painter.setFont(theme.font(tokens.META_STRONG))
            painter.setPen(theme.colour("text_2"))
            painter.drawText(
                QRect(left, box.top(), theme.px(SECTION_WIDTH), box.height()), middle, row.section
            )
        left += theme.px(SECTION_WIDTH)
        if row.number:
            height = theme.px(tokens.CHIP)
            wide = chip_width(theme, row.number)
            chip = QRectF(left, box.center().y() - height / 2 + 0.5, wide, height)
            paint_chip(painter, theme, chip, Chip(row.number, selected, row.stale))
        else:
            self._icon(painter, "pin", QRect(left, box.top(), theme.px(18), box.height()))
        left += theme.px(CHIP_WIDTH)
        self._icon(painter, source_icon(row.source), QRect(left, box.top(), theme.px(14), box.height()))
        left += theme.px(ICON_WIDTH)
        title, place = source_words(row.source)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        right = box.right() - theme.px(tokens.S4)
        placed = round(QFontMetricsF(painter.font()).horizontalAdvance(place)) + 1
        painter.drawText(QRect(right - placed, box.top(), placed, box.height()), middle, place)
        room = QRect(left, box.top(), right - placed - theme.px(tokens.S3) - left, box.height())
        if row.source.first.kind is CitationKind.SPAN:
            paint_path(painter, theme, room, title)
        else:
            painter.setFont(theme.font(tokens.INTERFACE))
            painter.setPen(theme.colour("text"))
            metrics = QFontMetricsF(painter.font())
            painter.drawText(
                room, middle, metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width())
            )

    def _icon(self, painter: QPainter, name: str, box: QRect) -> None:
        side = self._theme.px(14)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(
            box.left(),
            box.top() + (box.height() - side) // 2,
            pixmap(name, self._theme.roles.text_3, side, ratio),
        )


def paint_ground(painter: QPainter, theme: Theme, option: QStyleOptionViewItem) -> bool:
    """Paint selection, hover and focus of a row; returns whether it is selected."""
    state = option.state
    selected = bool(state & QStyle.StateFlag.State_Selected)
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    active = bool(state & QStyle.StateFlag.State_Active) and focused
    if selected:
        painter.fillRect(option.rect, theme.colour("selection" if active else "selection_idle"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, theme.colour("hover"))
    if focused and not selected:
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(option.rect).adjusted(1, 1, -1, -1))
    return selected


@dataclass(frozen=True, slots=True)
class Chip:
    """How the number of a citation looks: chosen, under the pointer, or of lines that have changed since."""

    number: int
    chosen: bool = False
    stale: bool = False
    under: bool = False


def chip_width(theme: Theme, number: int) -> int:
    """Return how wide the box of a number is."""
    digits = QFontMetricsF(theme.font(tokens.META_STRONG)).horizontalAdvance(str(number))
    return max(theme.px(18), round(digits) + theme.px(9))


def paint_chip(painter: QPainter, theme: Theme, box: QRectF, chip: Chip) -> None:
    """Paint a citation's number over its box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = "partial" if chip.stale else "accent" if chip.chosen or chip.under else "outline"
    pen = QPen(theme.colour(edge), 1)
    if chip.stale:
        pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.setBrush(theme.colour("accent" if chip.chosen else "selection" if chip.under else "page"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(theme.font(tokens.META_STRONG))
    painter.setPen(theme.colour("on_accent" if chip.chosen else "partial" if chip.stale else "link"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(chip.number))
    painter.restore()


def paint_path(painter: QPainter, theme: Theme, room: QRect, path: str) -> None:
    """Paint a path whose folders give way at the left, so that the file's name stays."""
    name, folder = split_path(path)
    font = theme.font(tokens.INTERFACE)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    middle = Qt.AlignmentFlag.AlignVCenter
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room.width())
    left = room.left()
    if folder:
        lead = metrics.elidedText(
            f"{folder}/", Qt.TextElideMode.ElideLeft, max(0, room.width() - metrics.horizontalAdvance(shown))
        )
        painter.setPen(theme.colour("text_2"))
        painter.drawText(room, middle, lead)
        left += round(metrics.horizontalAdvance(lead))
    painter.setPen(theme.colour("text"))
    painter.drawText(QRect(left, room.top(), room.right() - left + 1, room.height()), middle, shown)


def source_words(source: Source) -> tuple[str, str]:
    """Return (title, place at the right) of a source's row."""
    first = source.first
    quote = plain(" ".join(first.quote.split())[:200])
    if first.kind is CitationKind.SPAN:
        return plain(first.path or ""), lines_of(source)
    if first.kind is CitationKind.COMMIT:
        return f"{(first.commit_id or '')[:9]}  {quote}", day(first.authored) if first.authored else ""
    if first.kind is CitationKind.NOTE:
        return _MARKUP.sub("", quote).strip(), plain(first.author)
    return plain(first.fact or quote), ""


def source_icon(source: Source) -> str:
    """Return the icon's name for a source."""
    first = source.first
    if first.kind is CitationKind.SPAN:
        return path_icon(first.path or "")
    return {CitationKind.COMMIT: "commit", CitationKind.NOTE: "note"}.get(first.kind, "search")


def path_icon(path: str) -> str:
    """Return the icon's name for a file."""
    return "doc" if path.lower().endswith(_DOCUMENTS) else "code"
