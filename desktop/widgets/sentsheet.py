"""Exactly what would leave this machine for a language model: to where, with which headers, which bytes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop import tokens
from desktop.oddities import ODD, code_point, plain
from desktop.theme import Theme
from desktop.widgets.floating import Floating
from desktop.widgets.words import button, tool, words
from indexer.protocol import SentPage

COLUMNS = 112
"""A request is one line of many thousand characters, which Qt would take a minute to lay out."""

COLUMNS_LEAST = 40


class SentSheet(Floating):
    """Over the view; nothing is sent before the person says so here."""

    agreed = Signal(object)
    """The SentPage that may be sent as it stands."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._page: SentPage | None = None
        self.setAccessibleName(self.tr("What will be sent"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(14), theme.px(14))
        column.setSpacing(theme.px(tokens.S2))
        head = QHBoxLayout()
        self._title = words(theme, "", tokens.SECTION, wrap=True)
        close = tool(theme, "close", self.tr("Close"))
        close.clicked.connect(self.leave)
        head.addWidget(self._title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self._told = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        column.addWidget(self._told)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFont(theme.font(tokens.CODE))
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("The request"))
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        self.send = button(theme, self.tr("Send this"), "export", primary=True)
        self.send.clicked.connect(self._on_send)
        self._keep = button(theme, self.tr("Send nothing"))
        self._keep.clicked.connect(self.leave)
        row.addWidget(self.send)
        row.addWidget(self._keep)
        row.addStretch(1)
        column.addLayout(row)

    def show_page(self, page: SentPage) -> None:
        """Show a request; it has not been sent."""
        self._page = page
        where = self.tr("a server on this machine") if page.on_this_machine else self.tr("another machine")
        self._title.setText(self.tr("This would be sent to %s") % where)
        values = {
            "url": plain(page.url),
            "bytes": f"{len(page.body.encode('utf-8', 'replace')):,}",
            "tokens": f"{page.tokens:,}",
            "sources": page.sources,
            "total": page.total,
        }
        self._told.setText(
            self.tr(
                "%(url)s: %(bytes)s bytes, about %(tokens)s tokens, %(sources)d of %(total)d sources. The key"
                " is left out here. Long lines are broken for reading; they are sent as one."
            )
            % values
        )
        lines = [f"{page.method} {page.url}", *(f"{name}: {value}" for name, value in page.headers), ""]
        self.place()
        self.text.setPlainText("\n".join(_broken("\n".join([*lines, page.body]), self._columns())))
        self.show()
        self.raise_()
        self._keep.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Stand over the middle of the view."""
        parent, margin = self._window, self._theme.px(24)
        width = min(self._theme.px(900), parent.width() - 2 * margin)
        height = min(self._theme.px(620), parent.height() - 2 * margin)
        self.setGeometry((parent.width() - width) // 2, margin, width, height)

    def _columns(self) -> int:
        """Return how many letters a line has room for; none is broken for less than it needs."""
        sides = self._theme.px(34) + self.text.verticalScrollBar().sizeHint().width() + self._theme.px(10)
        letter = QFontMetricsF(self.text.font()).horizontalAdvance("m")
        return min(COLUMNS, max(COLUMNS_LEAST, int((self.width() - sides) / letter)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _on_send(self) -> None:
        page, self._page = self._page, None
        self.leave()
        if page is not None:
            self.agreed.emit(page)


def _broken(text: str, columns: int) -> list[str]:
    """Return text in lines that can be laid out, odd characters made visible."""
    found: list[str] = []
    for line in text.split("\n"):
        shown = ODD.sub(lambda each: code_point(each[0]), line)
        found += [shown[at : at + columns] for at in range(0, len(shown), columns)] or [""]
    return found
