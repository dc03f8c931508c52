"""The table of files worth reading first: what each says of itself, and why it is here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.oddities import plain
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.widgets.painting import hatch
from desktop.widgets.rows import LinkRow, RowParts, paint_row_ground
from desktop.widgets.words import tip
from indexer.pages import ReadFirst

PATH_SHARE = 0.30
USED, CHANGES, REASONS = 78, 78, 130
"""Widths of the columns at the right, px at 100 %."""
NARROW = 560
"""Narrower than this, the file's own words give way to the other columns."""


class ReadingTable(QWidget):
    """Emits ``opened`` with the place of the file that was picked."""

    opened = Signal(object)

    def __init__(self, theme: Theme, files: tuple[ReadFirst, ...]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        measured = any(each.reasons is not None for each in files)
        column.addWidget(_Head(theme, measured))
        for each in files:
            row = _FileRow(theme, each, measured)
            row.opened.connect(self.opened)
            column.addWidget(row)


class _Columns:
    """Where the columns of one width stand."""

    def __init__(self, theme: Theme, width: int, measured: bool) -> None:
        right = float(width)
        self.reasons = QRectF()
        if measured:
            self.reasons = QRectF(right - theme.px(REASONS), 0, theme.px(REASONS), 0)
            right = self.reasons.left()
        self.changes = QRectF(right - theme.px(CHANGES), 0, theme.px(CHANGES), 0)
        self.used = QRectF(self.changes.left() - theme.px(USED), 0, theme.px(USED), 0)
        left = self.used.left()
        narrow = width < theme.px(NARROW)
        path = left - theme.px(12) if narrow else max(theme.px(200), width * PATH_SHARE)
        self.path = QRectF(0, 0, path, 0)
        self.words = QRectF(path + theme.px(12), 0, 0 if narrow else left - path - theme.px(24), 0)


class _Head(QWidget):
    def __init__(self, theme: Theme, measured: bool) -> None:
        super().__init__()
        self._theme = theme
        self._measured = measured
        self.setFixedHeight(theme.px(tokens.ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        columns = _Columns(theme, self.width(), self._measured)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2"))
        middle, right = int(Qt.AlignmentFlag.AlignVCenter), int(Qt.AlignmentFlag.AlignRight)
        for box, text, side in (
            (columns.path, self.tr("File"), 0),
            (columns.words, self.tr("In its own words"), 0),
            (columns.used, self.tr("Used by"), right),
            (columns.changes, self.tr("Changes"), right),
            (columns.reasons, self.tr("Reasons recorded"), right),
        ):
            if box.width() > 1:
                painter.drawText(QRectF(box.left(), 0, box.width(), self.height()), middle | side, text)


class _FileRow(LinkRow):
    def __init__(self, theme: Theme, file: ReadFirst, measured: bool) -> None:
        self._file = file
        self._measured = measured
        spoken = ", ".join(part for part in (file.path, file.words) if part)
        super().__init__(theme, RowParts(file.path), SourcePlace(file.path))
        counts = self.tr("used by %(used)d, %(changes)d changes") % {
            "used": file.used_by,
            "changes": file.changes,
        }
        self.setAccessibleName(plain(f"{spoken}, {counts}"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, file, painter = self._theme, self._file, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, theme, self, ruled=True, hover=True)
        columns = _Columns(theme, self.width(), self._measured)
        middle, right = int(Qt.AlignmentFlag.AlignVCenter), int(Qt.AlignmentFlag.AlignRight)
        self._paint_path(painter, columns.path.width())
        painter.setFont(theme.font(tokens.INTERFACE))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(theme.colour("text_2"))
        for box, text, side in (
            (columns.words, plain(file.words), 0),
            (columns.used, f"{file.used_by:,}", right),
            (columns.changes, f"{file.changes:,}", right),
        ):
            if box.width() > 1:
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
                painter.drawText(QRectF(box.left(), 0, box.width(), self.height()), middle | side, shown)
        if file.reasons is not None:
            self._paint_reasons(painter, columns.reasons, file.reasons)

    def _paint_path(self, painter: QPainter, width: float) -> None:
        """Paint the folder quietly and the file's name plainly; the name is never cut."""
        theme, middle = self._theme, int(Qt.AlignmentFlag.AlignVCenter)
        path = plain(self._file.path)
        folder, slash, name = path.rpartition("/")
        painter.setFont(theme.font(tokens.INTERFACE))
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width)
        room = width - metrics.horizontalAdvance(name)
        shown = metrics.elidedText(folder + slash, Qt.TextElideMode.ElideLeft, room) if folder else ""
        self.setToolTip("" if shown == folder + slash else tip(path))
        painter.setPen(theme.colour("text_2"))
        painter.drawText(QRectF(0, 0, width, self.height()), middle, shown)
        left = metrics.horizontalAdvance(shown)
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(left, 0, width - left + 2, self.height()), middle, name)

    def _paint_reasons(self, painter: QPainter, box: QRectF, share: float) -> None:
        theme = self._theme
        height, width = theme.px(8), theme.px(72)
        meter = QRectF(box.right() - theme.px(42) - width, (self.height() - height) / 2, width, height)
        painter.fillRect(meter, hatch(theme, self.devicePixelRatioF()))
        painter.fillRect(QRectF(meter.left(), meter.top(), width * share, height), theme.colour("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("hatch"), 1))
        painter.drawRoundedRect(meter, tokens.RADIUS_METER, tokens.RADIUS_METER)
        painter.setPen(theme.colour("text_2"))
        place = QRectF(box.left(), 0, box.width(), self.height())
        painter.drawText(
            place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), f"{round(share * 100)}%"
        )
