"""The left rail: one button a view, the chosen one with an accent bar; a count where work waits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.icons import pixmap
from desktop.theme import Theme

LEAST_ITEM = 42
"""Height of an item in a low window: icon 20, label 16, and a little air."""


class Place(Enum):
    """The views, in the order of the rail and of Alt+1 to Alt+9."""

    HOME = "home"
    ASK = "ask"
    MODULES = "modules"
    ONBOARDING = "onboarding"
    HISTORY = "history"
    KNOWLEDGE = "knowledge"
    HEALTH = "health"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class RailItem:
    """One entry of the rail: where it leads, what it is called, and its icon's file name."""

    place: Place
    label: str
    icon: str


class Rail(QFrame):
    """Emits ``chosen`` with the place that was picked."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, items: tuple[RailItem, ...]) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.setFixedWidth(theme.px(tokens.RAIL))
        self.setAccessibleName(self.tr("Views"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(tokens.S2), 0, theme.px(tokens.S2))
        column.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[Place, RailButton] = {}
        for item in items:
            if item.place is Place.SETTINGS:
                column.addStretch(1)
            button = RailButton(theme, item)
            self._group.addButton(button)
            self._buttons[item.place] = button
            button.picked.connect(self.chosen)
            column.addWidget(button)
        if Place.SETTINGS not in self._buttons:
            column.addStretch(1)

    def places(self) -> tuple[Place, ...]:
        """Return the views that the rail leads to, in its order."""
        return tuple(self._buttons)

    def enable(self, place: Place, possible: bool) -> None:
        """Let ``place`` be chosen, or keep it visible but out of reach."""
        self._buttons[place].setEnabled(possible)

    def focus_chosen(self) -> None:
        """Put the keyboard on the chosen view."""
        for button in self._buttons.values():
            if button.isChecked():
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def choose(self, place: Place) -> None:
        """Show ``place`` as the chosen one, without a signal."""
        self._buttons[place].setChecked(True)

    def set_count(self, place: Place, count: int) -> None:
        """Show how much waits at ``place``; 0 shows nothing."""
        self._buttons[place].set_count(count)


class RailButton(QAbstractButton):
    """Icon above label, painted, so that both take the state's colour."""

    picked = Signal(object)

    def __init__(self, theme: Theme, item: RailItem) -> None:
        super().__init__()
        self._theme = theme
        self._item = item
        self._count = 0
        self.setCheckable(True)
        self.setText(item.label)
        self.setAccessibleName(item.label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)

    def set_count(self, count: int) -> None:
        """Show a small number at the icon; the accessible name carries it too."""
        self._count = count
        name = self._item.label
        self.setAccessibleName(
            self.tr("%(name)s, %(count)d open") % {"name": name, "count": count} if count else name
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of one item."""
        return QSize(self._theme.px(tokens.RAIL), self._theme.px(tokens.RAIL_ITEM))

    def minimumSizeHint(self) -> QSize:
        """Return the least size: icon and label without air, for low windows and large text."""
        return QSize(self._theme.px(tokens.RAIL), self._theme.px(LEAST_ITEM))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bar, icon, label, count and focus."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if self.underMouse() and not chosen and self.isEnabled():
            painter.fillRect(self.rect(), theme.colour("hover"))
        if chosen:
            painter.fillRect(0, 0, theme.px(3), self.height(), theme.colour("accent"))
        colour = theme.roles.accent if chosen else theme.roles.text_2
        if not self.isEnabled():
            colour = theme.roles.outline
        side = theme.px(20)
        left, top = (self.width() - side) // 2, max(theme.px(2), (self.height() - theme.px(38)) // 2)
        painter.drawPixmap(left, top, pixmap(self._item.icon, colour, side, self.devicePixelRatioF()))
        painter.setFont(theme.font(tokens.META_STRONG if chosen else tokens.META))
        painter.setPen(
            QColor(colour) if not self.isEnabled() else theme.colour("text" if chosen else "text_2")
        )
        label = QRectF(0, top + side + theme.px(1), self.width(), theme.px(17))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._item.label)
        if self._count:
            self._paint_count(painter, left + side - theme.px(3), top - theme.px(4))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 3, -4, -3), 4, 4)

    def _paint_count(self, painter: QPainter, left: float, top: float) -> None:
        theme = self._theme
        text = str(self._count) if self._count < 100 else "99+"
        font = theme.font(tokens.META)
        font.setPixelSize(theme.px(9))
        painter.setFont(font)
        height = theme.px(14)
        width = max(height, QFontMetricsF(font).horizontalAdvance(text) + theme.px(6))
        pill = QRectF(left, top, width, height)
        painter.setPen(QPen(theme.colour("outline"), 1))
        painter.setBrush(theme.colour("page"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(theme.colour("text_2"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _on_clicked(self) -> None:
        self.picked.emit(self._item.place)


def line(horizontal: bool = True) -> QWidget:
    """Return a hairline."""
    made = QFrame()
    made.setProperty("kind", "line")
    if horizontal:
        made.setFixedHeight(1)
    else:
        made.setFixedWidth(1)
    return made
