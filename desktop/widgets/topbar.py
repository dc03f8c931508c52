"""The top bar: back and forward, the open repository, the one field, and the jobs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
)

from desktop import tokens
from desktop.commands import shown_key
from desktop.icons import icon, pixmap
from desktop.oddities import plain
from desktop.pasted import MOST_LOG, ends, ends_of, is_pasted
from desktop.theme import Theme
from desktop.widgets.words import tip

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
        self.back = self._tool("back", self.tr("Back"), "Alt+Left")
        self.forward = self._tool("forward", self.tr("Forward"), "Alt+Right")
        self.back.clicked.connect(self.backWanted)
        self.forward.clicked.connect(self.forwardWanted)
        self.repository = RepositoryButton(theme)
        self.repository.clicked.connect(self.repositoryWanted)
        self.field = AskField(theme)
        self.jobs = QPushButton()
        self.jobs.setAccessibleName(self.tr("Jobs"))
        self.jobs.setProperty("flat", True)
        self.jobs.setFont(theme.font(tokens.INTERFACE))
        self.jobs.setIcon(icon("jobs", theme.roles.text_2, disabled=theme.roles.outline))
        self.jobs.setIconSize(QSize(theme.px(16), theme.px(16)))
        self.jobs.clicked.connect(self.jobsWanted)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(44))
        self._bar.setAccessibleName(self.tr("Progress of the running job"))
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addSpacing(theme.px(tokens.S2))
        row.addWidget(self.repository)
        row.addSpacing(theme.px(tokens.S3))
        row.addWidget(self.field, 1000)
        row.addStretch(1)
        row.addWidget(self.jobs)
        row.addWidget(self._bar)
        self.show_job(None)
        self.show_repository("", "", "")

    def show_repository(self, name: str, branch: str, commit: str) -> None:
        """Show which repository is open; an empty name means none."""
        self.repository.show_repository(name, branch, commit)
        self.field.setEnabled(bool(name))
        self.jobs.setVisible(bool(name))
        self.field.show_mode("", "")

    def show_job(self, share: float | None) -> None:
        """Show how far the running job is, 0 to 1; None when none runs."""
        self._bar.setVisible(share is not None)
        self.jobs.setText(self.tr(" Jobs") if share is None else self.tr(" Jobs  1"))
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * (share or 0)))

    def _tool(self, name: str, label: str, key: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, self._theme.roles.text_2, disabled=self._theme.roles.outline))
        button.setIconSize(QSize(self._theme.px(18), self._theme.px(18)))
        button.setFixedSize(self._theme.px(30), self._theme.px(30))
        button.setAccessibleName(label)
        button.setToolTip(f"{label}  {shown_key(key)}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setEnabled(False)
        return button


class RepositoryButton(QAbstractButton):
    """Name, branch and commit; what has no room is left out, the commit first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name = self._branch = self._commit = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(30))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_repository(self, name: str, branch: str, commit: str) -> None:
        """Show a repository; an empty name means none."""
        self._name, self._branch, self._commit = plain(name), plain(branch), commit[:7]
        whole = "  ".join(part for part in (self._name, self._branch, self._commit) if part)
        self.setAccessibleName(self.tr("Repository: %s") % (whole or self.tr("none")))
        self.setToolTip(tip(whole) if whole else self.tr("Open a repository"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of all parts."""
        width = sum(
            QFontMetricsF(self._theme.font(face)).horizontalAdvance(text) for text, face, _ in self._parts()
        )
        gaps = self._theme.px(8) * len(self._parts())
        return QSize(round(width) + gaps + self._theme.px(46), self.height())

    def minimumSizeHint(self) -> QSize:
        """Return the least size: the start of the name."""
        return QSize(self._theme.px(110), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icon, parts, arrow and focus."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(box, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        side, ratio = theme.px(14), self.devicePixelRatioF()
        top = (self.height() - side) // 2
        painter.drawPixmap(theme.px(6), top, pixmap("branch", theme.roles.text_2, side, ratio))
        arrow = self.width() - theme.px(5) - side
        painter.drawPixmap(arrow, top, pixmap("down", theme.roles.text_2, side, ratio))
        left, end = float(theme.px(28)), float(arrow - theme.px(6))
        for i, (text, face, role) in enumerate(self._parts()):
            painter.setFont(theme.font(face))
            metrics = QFontMetricsF(painter.font())
            if i and left + metrics.horizontalAdvance(text) > end:
                break
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, end - left)
            painter.setPen(theme.colour(role))
            painter.drawText(
                QRectF(left, 0, end - left + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), shown
            )
            left += metrics.horizontalAdvance(shown) + theme.px(8)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)

    def _parts(self) -> list[tuple[str, tokens.Face, str]]:
        if not self._name:
            return [(self.tr("No repository open"), tokens.INTERFACE, "text_2")]
        parts = [(self._name, tokens.STRONG, "text")]
        if self._branch:
            parts.append((self._branch, tokens.INTERFACE, "text_2"))
        if self._commit:
            parts.append((self._commit, tokens.CODE, "text_2"))
        return parts


class AskField(QLineEdit):
    """The one field for questions and searches. Up, Down, Enter and Escape are told, not eaten."""

    moved = Signal(int)
    """-1 up, +1 down: the list below moves, the cursor stays here."""
    opened = Signal()
    asked = Signal()
    left = Signal()
    focused = Signal(bool)
    pasted = Signal(str, str)
    """A text of several lines, or what the ends of a dropped file say and the file's path: a trace or a
    log, as a rule. The field stays as it is: one line could not show it, and laying out a megabyte of it
    would hold the window up.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._icon = "search"
        self.setAccessibleName(self.tr("Ask or search"))
        self.setMaxLength(20_000)
        self.setMaximumWidth(theme.px(FIELD_WIDTH))
        self.setMinimumWidth(theme.px(200))
        self.setFont(theme.font(tokens.INTERFACE))
        self.setTextMargins(theme.px(24), 0, theme.px(52), 0)
        self._glass = QLabel(self)
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._key = QLabel(self)
        self._key.setTextFormat(Qt.TextFormat.PlainText)
        self._key.setProperty("kind", "tag")
        self._key.setFont(theme.font(tokens.META))
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_mode("", "")

    def show_mode(self, icon_name: str, hint: str) -> None:
        """Look for one kind of thing, with its icon and its hint; empty: for everything."""
        usual = (
            self.tr("Ask a question, or search names, files, commits")
            if self.isEnabled()
            else self.tr("Open a repository to ask about it")
        )
        self.setPlaceholderText(hint or usual)
        name = icon_name or "search"
        self._glass.setPixmap(
            pixmap(name, self.theme.roles.text_2, self.theme.px(16), self.devicePixelRatioF())
        )
        self._show_key()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep glass and key hint in their corners."""
        super().resizeEvent(event)
        self._place_signs()

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+K to the window: in a field it would delete to the end of the line."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if control and event.key() == Qt.Key.Key_K:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the keys that mean the list below; everything else is typing."""
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.matches(QKeySequence.StandardKey.Paste) and self._takes(
            QGuiApplication.clipboard().mimeData()
        ):
            return
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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file, or a text; a folder is the window's."""
        if _dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped, when it is more than a line."""
        if self._takes(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dropEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Let Paste of the menu take a trace as the keys do."""
        menu = self.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(self._paste)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def _paste(self) -> None:
        if not self._takes(QGuiApplication.clipboard().mimeData()):
            self.paste()

    def _takes(self, given: QMimeData) -> bool:
        """Hand on a text of several lines; say whether it was one."""
        file = _dropped_file(given)
        text = ends_of(file) if file is not None else given.text() if given.hasText() else ""
        if not self.isEnabled() or not text.strip() or (file is None and not is_pasted(text)):
            return False
        whole = text if len(text) <= MOST_LOG else ends(text)
        self.pasted.emit(whole, "" if file is None else str(file))
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that typing may begin."""
        super().focusInEvent(event)
        self._show_key()
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the person is elsewhere."""
        super().focusOutEvent(event)
        self._show_key()
        self.focused.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        """Hide the key hint where typing is not possible."""
        super().changeEvent(event)
        if hasattr(self, "_key") and event.type() == QEvent.Type.EnabledChange:
            self._key.setVisible(self.isEnabled())

    def _show_key(self) -> None:
        self._key.setText(shown_key("Esc") if self.hasFocus() else shown_key("Ctrl+K"))
        self._place_signs()

    def _place_signs(self) -> None:
        side = self.theme.px(16)
        self._glass.setGeometry(self.theme.px(9), (self.height() - side) // 2, side, side)
        hint = self._key.sizeHint()
        self._key.setGeometry(
            self.width() - hint.width() - self.theme.px(7),
            (self.height() - hint.height()) // 2,
            hint.width(),
            hint.height(),
        )


def _dropped_file(given: QMimeData) -> Path | None:
    urls = given.urls() if given.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None
