"""Text on the screen: labels that never read markup, in a face and a tone of the design."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop.icons import icon
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.tokens import INTERFACE, Face


def words(theme: Theme, text: str, face: Face = INTERFACE, tone: str = "", wrap: bool = False) -> QLabel:
    """Return a label of plain text; ``tone`` is empty, "2", "3" or a role that the style knows."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(theme.font(face))
    made.setWordWrap(wrap)
    if tone:
        made.setProperty("tone", tone)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made


def tool(theme: Theme, name: str, label: str, side: int = 28) -> QToolButton:
    """Return a button of an icon alone; ``label`` is its name and its tooltip."""
    made = QToolButton()
    made.setIcon(icon(name, theme.roles.text_2, disabled=theme.roles.outline, side=theme.px(16)))
    made.setIconSize(QSize(theme.px(16), theme.px(16)))
    made.setFixedSize(theme.px(side), theme.px(side))
    made.setAccessibleName(label)
    made.setToolTip(label)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def button(
    theme: Theme, text: str, name: str = "", *, primary: bool = False, flat: bool = False
) -> QPushButton:
    """Return a button with an icon beside its words."""
    # Qt leaves too little room between an icon and its words.
    made = QPushButton(f" {text}" if name and text else text)
    if text:
        made.setAccessibleName(text)
    made.setFont(theme.font(INTERFACE))
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    if primary:
        made.setProperty("primary", True)
    if flat:
        made.setProperty("flat", True)
    if name:
        colour = theme.roles.on_accent if primary else theme.roles.text_2
        made.setIcon(icon(name, colour, disabled=theme.roles.text_3, side=theme.px(16)))
        made.setIconSize(QSize(theme.px(16), theme.px(16)))
    return made


def link(theme: Theme, text: str, face: Face = INTERFACE) -> QPushButton:
    """Return a button that looks like a link."""
    made = QPushButton(text)
    made.setProperty("link", True)
    made.setFont(theme.font(face))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def tip(text: str) -> str:
    """Return ``text`` for a tooltip, which would take what looks like markup for markup."""
    shown = "\n".join(plain(each) for each in text[:500].split("\n"))
    if "<" in shown or "&" in shown:
        return f"<qt>{escape(shown).replace(chr(10), '<br>')}</qt>"
    return shown


class Elided(QWidget):
    """One line of text that gives way in the middle of a row; the whole is in its tooltip and name."""

    def __init__(
        self,
        theme: Theme,
        face: Face = INTERFACE,
        role: str = "text",
        *,
        left: bool = False,
        at_right: bool = False,
        whole: bool = False,
    ) -> None:
        """``whole``: what does not fit is not begun either."""
        super().__init__()
        self._whole = whole
        self._theme = theme
        self._role = role
        self._mode = Qt.TextElideMode.ElideLeft if left else Qt.TextElideMode.ElideRight
        self._side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        self._text = ""
        self.setFont(theme.font(face))
        self.setFixedHeight(theme.px(face.line))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show ``text``, odd characters made visible."""
        self._text = plain(text)
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def sizeHint(self) -> QSize:
        """Return the size of the whole text."""
        return QSize(round(QFontMetricsF(self.font()).horizontalAdvance(self._text)) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        """Return the least size: a few letters."""
        return QSize(min(self.sizeHint().width(), self._theme.px(40)), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the text as there is room for."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._theme.colour(self._role))
        fits = QFontMetricsF(self.font()).elidedText(self._text, self._mode, self.width())
        self.setToolTip("" if fits == self._text else tip(self._text))
        if self._whole and fits != self._text:
            return
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self._side, fits)
