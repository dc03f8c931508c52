"""The top bar: back and forward, the open repository, the one field, and the jobs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QToolButton

from desktop import tokens
from desktop.icons import icon, pixmap
from desktop.theme import Theme

FIELD_WIDTH = 640


class TopBar(QFrame):
    """Emits what the person wants; it knows no engine."""

    backWanted = Signal()
    forwardWanted = Signal()
    repositoryWanted = Signal()
    jobsWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "bar")
        self.setFixedHeight(theme.px(tokens.TOP_BAR))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S3), 0, theme.px(tokens.S3), 0)
        row.setSpacing(theme.px(tokens.S1))
        self.back = self._tool("back", self.tr("Back"))
        self.forward = self._tool("forward", self.tr("Forward"))
        self.back.clicked.connect(self.backWanted)
        self.forward.clicked.connect(self.forwardWanted)
        self._repository = QPushButton()
        self._repository.setProperty("flat", True)
        self._repository.setAccessibleName(self.tr("Open repository"))
        self._repository.setIcon(icon("branch", theme.roles.text_2))
        self._repository.setIconSize(QSize(theme.px(16), theme.px(16)))
        self._repository.clicked.connect(self.repositoryWanted)
        self.field = AskField(theme)
        self._jobs = QPushButton(self.tr("Jobs"))
        self._jobs.setProperty("flat", True)
        self._jobs.setIcon(icon("jobs", theme.roles.text_2))
        self._jobs.setIconSize(QSize(theme.px(16), theme.px(16)))
        self._jobs.clicked.connect(self.jobsWanted)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(44))
        self._bar.setAccessibleName(self.tr("Progress of the running job"))
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addSpacing(theme.px(tokens.S2))
        row.addWidget(self._repository)
        row.addSpacing(theme.px(tokens.S3))
        row.addWidget(self.field, 10)
        row.addStretch(6)
        row.addWidget(self._jobs)
        row.addWidget(self._bar)
        self.show_job(None)
        self.show_repository("", "", "")

    def show_repository(self, name: str, branch: str, commit: str) -> None:
        """Show which repository is open; an empty name means none."""
        self._repository.setVisible(bool(name))
        # An ampersand would be taken for a mnemonic.
        text = "  ".join(part for part in (name, branch, commit[:7]) if part)
        self._repository.setText(text.replace("&", "&&"))
        self.field.setEnabled(bool(name))

    def show_job(self, share: float | None) -> None:
        """Show how far the running job is, 0 to 1; None when none runs."""
        self._bar.setVisible(share is not None)
        self._jobs.setText(self.tr("Jobs") if share is None else self.tr("Jobs  1"))
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * (share or 0)))

    def _tool(self, name: str, label: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, self._theme.roles.text_2, disabled=self._theme.roles.outline))
        button.setIconSize(QSize(self._theme.px(18), self._theme.px(18)))
        button.setFixedSize(self._theme.px(30), self._theme.px(30))
        button.setAccessibleName(label)
        button.setToolTip(label)
        button.setEnabled(False)
        return button


class AskField(QLineEdit):
    """The one field for questions and searches. Up, Down, Enter and Escape are told, not eaten."""

    moved = Signal(int)
    """-1 up, +1 down: the list below moves, the cursor stays here."""
    opened = Signal()
    asked = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setPlaceholderText(self.tr("Ask a question, or search names, files, commits"))
        self.setAccessibleName(self.tr("Ask or search"))
        self.setMaxLength(20_000)
        self.setMaximumWidth(theme.px(FIELD_WIDTH))
        self.setMinimumWidth(theme.px(240))
        self.setFont(theme.font(tokens.INTERFACE))
        self.setTextMargins(theme.px(24), 0, theme.px(52), 0)
        self._glass = QLabel(self)
        self._glass.setPixmap(pixmap("search", theme.roles.text_2, theme.px(16), self.devicePixelRatioF()))
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._key = QLabel(self.tr("Ctrl K"), self)
        self._key.setProperty("kind", "tag")
        self._key.setFont(theme.font(tokens.META))
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep glass and key hint in their corners."""
        super().resizeEvent(event)
        side = self._theme.px(16)
        self._glass.setGeometry(self._theme.px(9), (self.height() - side) // 2, side, side)
        hint = self._key.sizeHint()
        self._key.setGeometry(
            self.width() - hint.width() - self._theme.px(7),
            (self.height() - hint.height()) // 2,
            hint.width(),
            hint.height(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the keys that mean the list below; everything else is typing."""
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.asked if control else self.opened).emit()
        elif key == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Hide the key hint where typing is not possible."""
        super().changeEvent(event)
        if hasattr(self, "_key") and event.type() == QEvent.Type.EnabledChange:
            self._key.setVisible(self.isEnabled())
