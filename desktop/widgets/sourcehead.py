"""Above and below the code: which file it is and what can be done with it, and the commit behind the span."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy

from desktop import tokens
from desktop.answer_page import day, split_path
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import Elided, button, tool, words
from indexer.pages import BlameRun

LABELLED_FROM = 460
"""Width, px at 100 %, from which the strip has room to say what its commit is."""


class SourceHead(QFrame):
    """Name and folder of a file, its marks, and its buttons."""

    editorWanted = Signal()
    historyWanted = Signal()
    pinToggled = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "pane")
        self.setMinimumHeight(theme.px(40))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S4), theme.px(2), theme.px(tokens.S2), theme.px(2))
        row.setSpacing(theme.px(tokens.S2))
        self._name = Elided(theme, tokens.STRONG)
        self._folder = Elided(theme, tokens.INTERFACE, "text_2", left=True)
        self._mark = words(theme, "", tokens.META, "partial")
        self.editor = button(theme, self.tr("Open in editor"), "open", flat=True)
        self.editor.setAccessibleName(self.tr("Open in editor"))
        self.editor.setToolTip(self.tr("Open in editor (Ctrl+E)"))
        self.editor.clicked.connect(self.editorWanted)
        self.history = tool(theme, "history", self.tr("History of these lines"))
        self.history.clicked.connect(self.historyWanted)
        self.pin = tool(theme, "pin", self.tr("Keep this source in the list"))
        self.pin.setCheckable(True)
        self.pin.clicked.connect(self.pinToggled)
        row.addWidget(self._name)
        row.addWidget(self._folder, 1)
        row.addWidget(self._mark)
        row.addWidget(self.editor)
        row.addWidget(self.history)
        row.addWidget(self.pin)

    def show_file(self, path: str, mark: str) -> None:
        """Show a file's name; ``mark`` says that it is another version than today's."""
        name, folder = split_path(path)
        self._name.set_text(name)
        self._folder.set_text(folder)
        self._mark.setText(mark)
        self._mark.setVisible(bool(mark))
        self._show_buttons(True)

    def show_title(self, title: str, detail: str) -> None:
        """Show a commit, a note or a count."""
        self._name.set_text(title)
        self._folder.set_text(detail)
        self._mark.hide()
        self._show_buttons(False)

    def set_pinned(self, pinned: bool) -> None:
        """Show whether this source is kept in the list."""
        self.pin.setChecked(pinned)

    def title(self) -> str:
        """Return the name that is shown."""
        return self._name.text()

    def _show_buttons(self, shown: bool) -> None:
        for each in (self.editor, self.history, self.pin):
            each.setVisible(shown)


class CommitStrip(QAbstractButton):
    """The newest commit of the cited lines; a click opens it."""

    picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: BlameRun | None = None
        self.setFixedHeight(theme.px(40))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)
        self.show_run(None)

    def show_run(self, run: BlameRun | None) -> None:
        """Show the commit of ``run``; None keeps the place empty."""
        self._run = run
        self.setEnabled(run is not None)
        self.setAccessibleName(
            self.tr("Last changed by %(author)s in %(commit)s: %(subject)s")
            % {"author": run.author, "commit": run.commit_id[:9], "subject": run.subject}
            if run is not None
            else self.tr("Who changed these lines last")
        )
        self.update()

    def run_shown(self) -> BlameRun | None:
        """Return what is shown."""
        return self._run

    def sizeHint(self) -> QSize:
        """Return a size that gives way."""
        return QSize(self._theme.px(200), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint id, subject, author and day."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        under = self.underMouse() and self.isEnabled()
        painter.fillRect(self.rect(), theme.colour("hover" if under else "surface"))
        painter.setPen(theme.colour("hairline"))
        painter.drawLine(0, 0, self.width(), 0)
        if self._run is None:
            return
        side, left = theme.px(14), theme.px(tokens.S4)
        top = (self.height() - side) // 2
        painter.drawPixmap(left, top, pixmap("commit", theme.roles.text_2, side, self.devicePixelRatioF()))
        left += theme.px(26)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self.width() >= theme.px(LABELLED_FROM):
            left = self._paint_label(painter, left)
        who = f"{plain(self._run.author)}, {day(self._run.authored)}"
        right = self.width() - theme.px(tokens.S4)
        meta = QFontMetricsF(theme.font(tokens.META))
        who = meta.elidedText(who, Qt.TextElideMode.ElideMiddle, theme.px(200))
        placed = round(meta.horizontalAdvance(who)) + 2
        parts = (
            (self._run.commit_id[:9], tokens.CODE, "text_2", QRect(left, 0, theme.px(80), self.height())),
            (who, tokens.META, "text_3", QRect(right - placed, 0, placed, self.height())),
        )
        for text, face, role, box in parts:
            painter.setFont(theme.font(face))
            painter.setPen(theme.colour(role))
            painter.drawText(box, middle, text)
        left += theme.px(80)
        room = QRect(left, 0, max(0, right - placed - theme.px(tokens.S3) - left), self.height())
        painter.setFont(theme.font(tokens.INTERFACE))
        painter.setPen(theme.colour("text"))
        subject = QFontMetricsF(painter.font()).elidedText(
            plain(self._run.subject), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, middle, subject)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_label(self, painter: QPainter, left: int) -> int:
        """Say what the commit is to the lines above; returns where it is named."""
        painter.setFont(self._theme.font(tokens.META))
        painter.setPen(self._theme.colour("text_3"))
        label = self.tr("Last changed in")
        width = round(QFontMetricsF(painter.font()).horizontalAdvance(label))
        painter.drawText(QRect(left, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, label)
        return left + width + self._theme.px(tokens.S2)

    def _on_clicked(self) -> None:
        if self._run is not None:
            self.picked.emit(self._run.commit_id)
