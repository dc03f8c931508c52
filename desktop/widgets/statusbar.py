"""The line at the bottom: of what state the index speaks, what is left out, and that no network is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop import tokens
from desktop.counting import counted
from desktop.icons import icon, pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rail import line
from indexer.settings import ModelSettings

if TYPE_CHECKING:  # a name in an annotation; the first page is painted without the engine's types
    from indexer.types import IndexStatus


class Dot(QWidget):
    """Filled: the index is current. A ring: work is under way. Hollow grey: no engine."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._role, self._filled = "text_3", False
        self.setFixedSize(theme.px(8), theme.px(8))

    def show_state(self, role: str, filled: bool) -> None:
        """Take a colour role and whether the dot is filled."""
        self._role, self._filled = role, filled
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour(self._role)
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(colour if self._filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))


class StatusBar(QFrame):
    """Shows an IndexStatus in one line; its parts lead to Health and to the theme switch."""

    healthWanted = Signal()
    themeToggled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "bar")
        self.setFixedHeight(theme.px(tokens.STATUS_BAR))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S3), 0, theme.px(tokens.S3), 0)
        row.setSpacing(theme.px(tokens.S2))
        self._dot = Dot(theme)
        self._known = False
        self._index = self._button(self.tr("State of the index"))
        self._passages = self._button(self.tr("Passages"))
        self._skipped = self._button(self.tr("Files left out"))
        self._secrets = self._button(self.tr("Secrets hidden"))
        self._secrets.setIcon(icon("key", theme.roles.text_2))
        self._secrets.setIconSize(QSize(theme.px(14), theme.px(14)))
        row.addWidget(self._dot)
        row.addWidget(self._index)
        self._details = [
            (self._between(), widget) for widget in (self._passages, self._skipped, self._secrets)
        ]
        for between, widget in self._details:
            row.addWidget(between)
            row.addWidget(widget)
        row.addStretch(1)
        self._model = self._label("")
        row.addWidget(self._model)
        row.addWidget(self._between())
        network = QLabel()
        network.setPixmap(pixmap("net-off", theme.roles.text_2, theme.px(14), self.devicePixelRatioF()))
        row.addWidget(network)
        self._network = self._label("")
        row.addWidget(self._network)
        row.addWidget(self._between())
        mode = self._button(self.tr("Switch between light and dark"))
        mode.clicked.disconnect(self.healthWanted)
        mode.clicked.connect(self.themeToggled)
        mode.setText(self.tr("Dark") if theme.dark else self.tr("Light"))
        mode.setToolTip(self.tr("Switch between light and dark"))
        row.addWidget(mode)
        self.show_model(ModelSettings())
        self.show_status(None, "")

    def show_model(self, model: ModelSettings) -> None:
        """Say whether a language model is chosen, and whether anything may leave for it."""
        on = model.provider != "off"
        self._model.setText(
            self.tr("Model: %s") % plain(model.name or model.provider)[:24] if on else self.tr("Model: off")
        )
        # Until a person asks for an answer to be written out, nothing is reached all the same.
        self._network.setText(self.tr("Network: model only") if on else self.tr("Network: off"))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the details out, the least telling first, where there is no room for all."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Keep the state of the index and the word on the network in view; the rest may go."""
        for between, widget in self._details:
            between.setVisible(self._known)
            widget.setVisible(self._known)
        for between, widget in reversed(self._details):
            if self._row.sizeHint().width() <= self.width():
                return
            between.hide()
            widget.hide()

    def show_status(self, status: IndexStatus | None, working: str) -> None:
        """Show ``status``; ``working`` is what a running job does, or empty."""
        self._known = status is not None
        self._index.setEnabled(status is not None or bool(working))
        if status is None:
            self._dot.show_state("accent" if working else "text_3", False)
            self._index.setText(working or self.tr("No repository open"))
            self._fit()
            return
        fresh = status.freshness
        commit = (fresh.commit_id or "")[:7]
        if working:
            self._dot.show_state("accent", False)
            self._index.setText(working)
        elif not commit:
            self._dot.show_state("text_3", False)
            self._index.setText(self.tr("No commit yet"))
        elif fresh.commit_id == fresh.head_id:
            self._dot.show_state("grounded", True)
            self._index.setText(self.tr("Index at %s, current") % commit)
        else:
            self._dot.show_state("partial", True)
            self._index.setText(self.tr("Index at %s, HEAD has moved") % commit)
        passages = counted(fresh.passages, self.tr("1 passage"), self.tr("%s passages"))
        skipped = counted(status.skipped, self.tr("1 file skipped"), self.tr("%s files skipped"))
        secrets = counted(status.redactions, self.tr("1 secret hidden"), self.tr("%s secrets hidden"))
        self._passages.setText(passages)
        self._skipped.setText(skipped)
        self._secrets.setText(secrets)
        self._fit()

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setFlat(True)
        button.setProperty("flat", True)
        button.setFont(self._theme.font(tokens.META))
        button.setAccessibleName(name)
        button.setStyleSheet("padding: 0 2px; min-height: 20px;")
        button.clicked.connect(self.healthWanted)
        return button

    def _label(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("tone", "2")
        label.setFont(self._theme.font(tokens.META))
        return label

    def _between(self) -> QWidget:
        made = line(horizontal=False)
        made.setFixedHeight(self._theme.px(14))
        return made
