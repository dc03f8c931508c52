"""A picture that may be larger than its widget: the wheel zooms around the pointer, dragging moves it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop.theme import Theme

MOST = 24.0
"""Largest zoom."""

STEP = 1.25
"""Zoom of one notch of the wheel, and of a key."""


class Zoomed(QWidget):
    """Knows where its content lies; what the content is belongs to those who build on it.

    Content has coordinates of its own, in px at zoom 1; `fit` of it are on the screen then.
    """

    zoomed = Signal(float)
    """The zoom, 1 when all is in view."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.factor = 1.0
        self._corner = QPointF(0, 0)
        self._grip: QPointF | None = None
        self.dragged = False
        """True between the press and the release of a button that moved the picture."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # ------------------------------------------------------------------------ geometry

    def content_size(self) -> QSizeF:
        """Return the size of the content, at zoom 1."""
        return QSizeF(self.size())

    def fit(self) -> float:
        """Return the px on the screen of a px of the content at zoom 1: all of it is in view then."""
        size = self.content_size()
        if size.width() <= 0 or size.height() <= 0:
            return 1.0
        return min(1.0, self.width() / size.width(), self.height() / size.height())

    @property
    def scale(self) -> float:
        """Px on the screen for each of the content."""
        return self.fit() * self.factor

    @property
    def origin(self) -> QPointF:
        """Where the content begins on the screen."""
        return self._corner

    def content_at(self, point: QPointF) -> QPointF:
        """Return the place in the content that is at a point of the screen."""
        return (point - self._corner) / self.scale

    def on_screen(self, box: QRectF) -> QRectF:
        """Return where a box of the content is on the screen."""
        scale, corner = self.scale, self._corner
        return QRectF(
            corner.x() + box.x() * scale,
            corner.y() + box.y() * scale,
            box.width() * scale,
            box.height() * scale,
        )

    # ------------------------------------------------------------------------ zooming

    def zoom(self, by: float, at: QPointF | None = None) -> None:
        """Show the content larger (above 1) or smaller around a point of the screen, or its middle."""
        point = at or QPointF(self.width() / 2, self.height() / 2)
        place = self.content_at(point)
        self.factor = min(MOST, max(1.0, self.factor * by))
        self._settle(point - place * self.scale)
        self.zoomed.emit(self.factor)

    def zoom_in(self) -> None:
        """Show the content larger."""
        self.zoom(STEP)

    def zoom_out(self) -> None:
        """Show the content smaller."""
        self.zoom(1 / STEP)

    def whole(self) -> None:
        """Show all of the content."""
        self.factor = 1.0
        self._settle(QPointF(0, 0))
        self.zoomed.emit(1.0)

    def bring(self, box: QRectF) -> None:
        """Move the content so that a box of it is in view."""
        shown = self.on_screen(box)
        across = _into_view(shown.left(), shown.right(), self.width())
        down = _into_view(shown.top(), shown.bottom(), self.height())
        if across or down:
            self._settle(self._corner + QPointF(across, down))

    # ------------------------------------------------------------------------ Qt

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; sideways moves."""
        turned = event.angleDelta()
        if turned.y():
            self.zoom(STEP ** (turned.y() / 120), event.position())
        elif turned.x():
            self._settle(self._corner + QPointF(turned.x() / 2, 0))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the content."""
        self.dragged = False
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the content, where it is larger than the widget."""
        if self._grip is None:
            return
        moved = event.position() - self._grip
        if not self.dragged and moved.manhattanLength() < QApplication.startDragDistance():
            return
        if self.factor > 1.0:
            self.dragged = True
            self._grip = event.position()
            self._settle(self._corner + moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the content."""
        self._grip = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom with plus, minus and 0."""
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.whole()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the content in view."""
        super().resizeEvent(event)
        self._settle(self._corner)

    # ------------------------------------------------------------------------ private

    def _settle(self, corner: QPointF) -> None:
        """Let the content begin at ``corner``, or as near to it as leaves no empty edge."""
        size, scale = self.content_size(), self.scale
        self._corner = QPointF(
            _kept(corner.x(), size.width() * scale, self.width()),
            _kept(corner.y(), size.height() * scale, self.height()),
        )
        self.update()


def _kept(corner: float, length: float, room: float) -> float:
    if length <= room:
        return (room - length) / 2
    return min(0.0, max(room - length, corner))


def _into_view(start: float, end: float, room: float) -> float:
    if start < 0:
        return -start
    return min(0.0, max(room - end, -start))
