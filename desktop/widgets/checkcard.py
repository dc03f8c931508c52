"""A question to oneself: choices that tell at once, or an answer that is shown when one is ready."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import Told
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.statements import StatementText, pieces
from desktop.widgets.words import button, tip, words
from desktop.widgets.wrapping import wrapping
from indexer.shapes.onboarding import SelfCheck, SessionEvent


class CheckCard(QFrame):
    """Emits what was chosen: the place of a choice, or how one judges one's own answer."""

    chosen = Signal(int)
    judged = Signal(bool)
    chipClicked = Signal(int)
    revealed = Signal()

    def __init__(self, theme: Theme, check: SelfCheck, answer: Told | None) -> None:
        super().__init__()
        self._theme = theme
        self._check = check
        self._answer = answer
        self.text: StatementText | None = None
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Self-check"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        self._column.setSpacing(theme.px(tokens.S2))
        question = "".join(piece for piece, _ in pieces(plain(check.question)))
        self._column.addWidget(words(theme, question, tokens.STRONG, wrap=True))
        self.choices: list[Choice] = []
        self._columns = 0
        self._add_choices() if check.choices else self._add_ready()

    def show_event(self, event: SessionEvent | None) -> None:
        """Show how it was answered last; nothing is told before."""
        if event is None:
            return
        for place, each in enumerate(self.choices):
            each.show_mark(
                right=place == self._check.right,
                wrong=place == event.chosen and place != self._check.right,
                picked=place == event.chosen,
            )
        self.reveal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the choices out again."""
        super().resizeEvent(event)
        if self.choices:
            self._lay_out()

    def reveal(self) -> None:
        """Show the answer with its sources."""
        if self.text is not None or self._answer is None:
            return
        if not self.choices:
            self._ready.hide()
        self.text = StatementText(self._theme, [self._answer])
        self.text.chipClicked.connect(self.chipClicked)
        self._column.addWidget(self.text)
        self.revealed.emit()
        if not self.choices:
            self._add_judging()

    # ------------------------------------------------------------------------ private

    def _add_choices(self) -> None:
        theme = self._theme
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(tokens.S2))
        self._grid.setVerticalSpacing(theme.px(2))
        for place, text in enumerate(self._check.choices):
            made = Choice(theme, text)
            made.clicked.connect(partial(self.chosen.emit, place))
            self.choices.append(made)
        self._column.addLayout(self._grid)
        self._lay_out()

    def _lay_out(self) -> None:
        """Put two choices side by side where each has room for its words."""
        widest = max(each.sizeHint().width() for each in self.choices)
        columns = 2 if self.width() >= 2 * widest + self._theme.px(40) else 1
        if columns == self._columns:
            return
        self._columns = columns
        for place, each in enumerate(self.choices):
            self._grid.addWidget(each, place // columns, place % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def _add_ready(self) -> None:
        self._ready = button(self._theme, self.tr("Show the answer"))
        self._ready.clicked.connect(self._on_ready)
        self._column.addWidget(self._ready)

    def _on_ready(self) -> None:
        self.reveal()

    def _add_judging(self) -> None:
        holder, row = wrapping(self._theme.px(tokens.S2), self._theme.px(tokens.S2))
        for text, right in ((self.tr("I had it right"), True), (self.tr("Not quite"), False)):
            made = button(self._theme, text)
            made.clicked.connect(partial(self._on_judged, right))
            row.addWidget(made)
        self._judging: QWidget = holder
        self._column.addWidget(holder)

    def _on_judged(self, right: bool) -> None:
        self._judging.hide()
        self.judged.emit(right)


class Choice(QAbstractButton):
    """One choice: a ring, its words in the face of code, and a word once it is known."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._right = self._wrong = self._picked = False
        self.setText(plain(text))
        self.setAccessibleName(self.text())
        self.setToolTip(tip(self.text()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(theme.px(tokens.BUTTON))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_mark(self, *, right: bool, wrong: bool, picked: bool) -> None:
        """Show what is known of it now."""
        self._right, self._wrong, self._picked = right, wrong, picked
        known = self.tr("right") if right else self.tr("not so") if wrong else ""
        self.setAccessibleName(", ".join(each for each in (self.text(), known) if each))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the whole text."""
        width = QFontMetricsF(self._theme.font(tokens.CODE)).horizontalAdvance(self.text())
        return QSize(round(width) + self._theme.px(110), self.height())

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(self._theme.px(120), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, ring, words and mark."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "grounded_fill" if self._right else "partial_fill" if self._wrong else ""
        if ground or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground or "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        side = theme.px(14)
        ring = QRectF(theme.px(8), (self.height() - side) / 2, side, side)
        painter.setBrush(theme.colour("page"))
        painter.setPen(QPen(theme.colour("accent" if self._picked else "border"), theme.px(1)))
        painter.drawEllipse(ring)
        if self._picked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            inner = side / 4
            painter.drawEllipse(ring.adjusted(inner, inner, -inner, -inner))
        right = self.width() - theme.px(8)
        word = self.tr("Right") if self._right else self.tr("Not so") if self._wrong else ""
        if word:
            right = self._paint_word(painter, word, right)
        font = theme.font(tokens.CODE)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        box = QRectF(theme.px(30), 0, right - theme.px(34), self.height())
        fits = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), fits)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_word(self, painter: QPainter, word: str, right: int) -> int:
        theme = self._theme
        font = theme.font(tokens.INTERFACE)
        role = "grounded" if self._right else "partial"
        width = round(QFontMetricsF(font).horizontalAdvance(word)) + 1
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        box = QRectF(right - width, 0, width, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), word)
        left = right - width
        if self._right:
            side = theme.px(14)
            picture = pixmap("check", getattr(theme.roles, role), side, self.devicePixelRatioF())
            left -= side + theme.px(4)
            painter.drawPixmap(left, round((self.height() - side) / 2), picture)
        return left - theme.px(8)
