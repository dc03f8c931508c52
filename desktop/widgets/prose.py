"""Shows what the sanitizer wrote: text that opens nothing, loads nothing and leads only to places."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent, QTextDocument, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QToolTip

from desktop import tokens
from desktop.markdown import PLACE_SCHEME, Written, write, write_plain
from desktop.oddities import plain
from desktop.places import CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.tokens import Face
from desktop.widgets.words import tip

LONG = 40_000
"""Characters from which a text scrolls in itself: Qt then lays out what is in view, and not all."""

LONG_HEIGHT = 560


class Prose(QTextBrowser):
    """Formatted text. With ``whole`` it is as high as its text, and the page around it scrolls."""

    opened = Signal(object)
    """A place that was clicked."""

    def __init__(self, theme: Theme, name: str, *, whole: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self._whole = whole
        self._long = False
        self._written = Written((), ())
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(0 if whole else theme.px(tokens.S2))
        self.setFont(theme.font(tokens.BODY))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if whole:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.anchorClicked.connect(self._on_clicked)
        self.highlighted.connect(self._on_highlighted)

    @property
    def notices(self) -> tuple[str, ...]:
        """What was left out of the text that is shown."""
        return self._written.notices

    def show_markdown(self, text: str) -> None:
        """Show ``text`` read as Markdown."""
        document = self._emptied()
        self._take(document, write(document, text, self._theme))

    def show_plain(self, text: str, face: Face = tokens.BODY) -> None:
        """Show ``text`` as it stands; paths and ids of commits lead to their places."""
        document = self._emptied()
        self._take(document, write_plain(document, text, self._theme, face))

    # ------------------------------------------------------------------------ Qt

    def loadResource(self, kind: int, name: QUrl) -> object:  # type: ignore[override]
        """Load nothing: only a picture that is there keeps Qt from opening the file itself."""
        del kind, name
        blank = QImage(1, 1, QImage.Format.Format_ARGB32)
        blank.fill(0)
        return blank

    def doSetSource(
        self, name: QUrl | str, kind: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource
    ) -> None:
        """Go nowhere: this text has no source."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep as high as the text."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page around."""
        if self._whole and not self._long:
            event.ignore()
        else:
            event.setModifiers(event.modifiers() & ~Qt.KeyboardModifier.ControlModifier)
            super().wheelEvent(event)

    def sizeHint(self) -> QSize:
        """Return the size of the text."""
        return QSize(self._theme.px(tokens.TEXT_COLUMN), self.height())

    # ------------------------------------------------------------------------ private

    def _emptied(self) -> QTextDocument:
        # A document that stands in a view is laid out with every piece that is written into it.
        made = QTextDocument(self)
        made.setDefaultFont(self.font())
        made.setDocumentMargin(0 if self._whole else self._theme.px(tokens.S2))
        made.setDefaultTextOption(self.document().defaultTextOption())
        return made

    def _take(self, document: QTextDocument, written: Written) -> None:
        self._written = written
        self._long = document.characterCount() > LONG
        # The document before was a child of this view, so Qt deletes it.
        self.setDocument(document)
        self._fit()

    def _fit(self) -> None:
        if not self._whole:
            return
        policies = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policies.ScrollBarAsNeeded if self._long else policies.ScrollBarAlwaysOff
        )
        if self._long:
            self.setFixedHeight(self._theme.px(LONG_HEIGHT))
        elif self.viewport().width() > 1:
            self.document().setTextWidth(self.viewport().width())
            self.setFixedHeight(max(self._theme.px(20), round(self.document().size().height()) + 1))

    def _place(self, address: QUrl) -> object | None:
        number = address.path()
        if address.scheme() != PLACE_SCHEME or not number.isascii() or not number.isdigit():
            return None
        return self._written.places[int(number)] if int(number) < len(self._written.places) else None

    def _on_clicked(self, address: QUrl) -> None:
        place = self._place(address)
        if place is not None:
            self.opened.emit(place)

    def _on_highlighted(self, address: QUrl) -> None:
        place = self._place(address)
        text = ""
        if isinstance(place, SourcePlace):
            text = f"{place.path} {place.start_line}"
        elif isinstance(place, CommitPlace):
            text = place.commit_id
        if text and self.underMouse():
            QToolTip.showText(self.cursor().pos() + QPoint(8, 16), tip(plain(text)), self)
        else:
            QToolTip.hideText()
