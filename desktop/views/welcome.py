"""The first page: drop a folder here, or open one; the repositories that were open before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.commands import shown_key
from desktop.dates import lately
from desktop.icons import pixmap
from desktop.state import Recent
from desktop.theme import Theme
from desktop.widgets.rows import LinkRow, RowParts
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.words import button, words

WIDTH = 640
MOST_RECENT = 6


class WelcomeView(ScrollPage):
    """Emits what the person wants; the window opens it."""

    openWanted = Signal()
    folderChosen = Signal(str)

    def __init__(self, theme: Theme, recent: tuple[Recent, ...]) -> None:
        super().__init__()
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Start"))
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(theme.px(24), theme.px(40), theme.px(24), theme.px(24))
        middle = QWidget()
        middle.setMaximumWidth(theme.px(WIDTH))
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(2)
        self._add_head()
        self.drop = DropFrame(theme)
        self.drop.open.clicked.connect(self.openWanted)
        self._column.addWidget(self.drop)
        self._trouble = words(theme, "", tokens.INTERFACE, "missing", wrap=True)
        self._trouble.setContentsMargins(0, theme.px(12), 0, 0)
        self._trouble.hide()
        self._column.addWidget(self._trouble)
        self._column.addSpacing(theme.px(28))
        if recent:
            self._add_recent(recent[:MOST_RECENT])
        else:
            self._add_promises()
        self._column.addStretch(3)
        self.setWidget(page)

    def show_trouble(self, text: str) -> None:
        """Say why a folder could not be opened; empty takes it back."""
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def focus_first(self) -> None:
        """Put the keyboard here: the first Tab is the button that opens."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------ private

    def _add_head(self) -> None:
        theme = self._theme
        title = words(theme, self.tr("Ask a codebase you did not write"), tokens.TITLE, wrap=True)
        text = words(
            theme,
            self.tr(
                "Answers cite the lines, commits and documents they come from. What nobody wrote down"
                " is said to be missing, with the people who may know."
            ),
            tokens.BODY,
            "2",
            wrap=True,
        )
        self._column.addWidget(title)
        self._column.addSpacing(theme.px(6))
        self._column.addWidget(text)
        self._column.addSpacing(theme.px(22))

    def _add_recent(self, recent: tuple[Recent, ...]) -> None:
        self._column.addWidget(words(self._theme, self.tr("Opened before"), tokens.SECTION))
        self._column.addSpacing(self._theme.px(6))
        for each in recent:
            parts = RowParts(each.name, str(Path(each.folder).parent), icon="folder", as_link=False)
            row = LinkRow(self._theme, parts, each.folder)
            row.setToolTip(self.tr("Opened %s") % lately(each.opened))
            row.opened.connect(self._on_recent)
            self._column.addWidget(row)

    def _on_recent(self, folder: object) -> None:
        self.folderChosen.emit(str(folder))

    def _add_promises(self) -> None:
        theme = self._theme
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(24))
        grid.setVerticalSpacing(theme.px(2))
        promises = (
            (
                "net-off",
                self.tr("Stays on this computer"),
                self.tr("No account, no network, no language model needed."),
            ),
            (
                "shield",
                self.tr("Read only"),
                self.tr("Your folder is never written to, and nothing in it is run."),
            ),
            (
                "clock",
                self.tr("Ready in seconds"),
                self.tr("Ask at once by words. Search by meaning joins as it is built."),
            ),
        )
        for column, (name, title, text) in enumerate(promises):
            picture = words(theme, "")
            picture.setPixmap(pixmap(name, theme.roles.text_2, theme.px(20), self.devicePixelRatioF()))
            picture.setFixedHeight(theme.px(26))
            grid.addWidget(picture, 0, column)
            grid.addWidget(words(theme, title, tokens.STRONG, wrap=True), 1, column)
            said = words(theme, text, tokens.INTERFACE, "2", wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(said, 2, column)
            grid.setColumnStretch(column, 1)
        self._column.addLayout(grid)


class DropFrame(QFrame):
    """Where a folder is dropped; the whole window takes it, this is where one aims."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._over = False
        self.setMinimumHeight(theme.px(190))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(28), theme.px(24), theme.px(28))
        column.setSpacing(theme.px(10))
        picture = words(theme, "")
        picture.setPixmap(pixmap("folder", theme.roles.text_2, theme.px(28), self.devicePixelRatioF()))
        here = words(theme, self.tr("Drop a repository folder here"), tokens.BODY)
        self.open = button(theme, self.tr("Open folder…"), primary=True)
        hint = words(theme, self.tr("Any local git clone. %s") % shown_key("Ctrl+O"), tokens.META, "3")
        for each in (picture, here, self.open, hint):
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_over(self, over: bool) -> None:
        """Show that a folder hangs over the window."""
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed frame."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("accent" if self._over else "border"), 2 if self._over else 1)
        pen.setDashPattern([3, 2] if self._over else [4, 3])
        painter.setPen(pen)
        painter.setBrush(theme.colour("cite") if self._over else Qt.BrushStyle.NoBrush)
        radius = theme.px(tokens.RADIUS_CARD)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
