"""The ask page without an answer: what to ask, what is being read, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import span_words
from desktop.icons import icon, pixmap
from desktop.oddities import plain
from desktop.places import CommitPlace, KnowledgePlace, Place, SourcePlace
from desktop.theme import Theme
from desktop.widgets.related import RelatedPanel, RelatedRow
from desktop.widgets.sources import path_icon
from desktop.widgets.words import button, link, words
from desktop.widgets.wrapping import wrapping
from indexer.pages import Starter
from indexer.types import Hit


class EmptyBody(QWidget):
    """Nothing was asked yet: starter questions made from this repository's names."""

    followed = Signal(str)
    askWanted = Signal()

    def __init__(self, theme: Theme, starters: Sequence[Starter], has_repository: bool) -> None:
        super().__init__()
        column = _column(self, theme)
        if not has_repository:
            column.addWidget(words(theme, self.tr("No repository is open"), tokens.QUESTION, wrap=True))
            column.addWidget(
                words(theme, self.tr("Open one to ask about it."), tokens.INTERFACE, "2", wrap=True)
            )
            column.addStretch(1)
            return
        column.addWidget(words(theme, self.tr("Ask about this repository"), tokens.QUESTION, wrap=True))
        said = self.tr(
            "Answers come with the lines that prove them. What nobody wrote down is said to be missing."
        )
        column.addWidget(words(theme, said, tokens.INTERFACE, "2", wrap=True))
        holder, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S2))
        ask = button(theme, self.tr("Ask a question"), "ask", primary=True)
        ask.clicked.connect(self.askWanted)
        row.addWidget(ask)
        column.addWidget(holder)
        if starters:
            column.addSpacing(theme.px(tokens.S4))
            column.addWidget(words(theme, self.tr("To start with"), tokens.META_STRONG, "2"))
        for starter in starters:
            shown = link(theme, plain(starter.question.replace("`", "")).replace("&", "&&"))
            shown.setIcon(icon("forward", theme.roles.text_3, side=theme.px(14)))
            shown.setIconSize(QSize(theme.px(14), theme.px(14)))
            shown.setAccessibleName(self.tr("Ask: %s") % starter.question)
            shown.clicked.connect(partial(self._on_followed, starter.question))
            column.addWidget(shown)
        column.addStretch(1)

    def _on_followed(self, question: str, _checked: bool = False) -> None:
        self.followed.emit(question)


class LoadingBody(QWidget):
    """A question on its way: its sources come first, as soon as the search has them."""

    opened = Signal(object)

    def __init__(self, theme: Theme, question: str) -> None:
        super().__init__()
        self._theme = theme
        column = _column(self, theme)
        column.addWidget(_title(theme, question))
        self._said = words(
            theme, self.tr("Searching code, documents, commits and notes…"), tokens.INTERFACE, "2", wrap=True
        )
        column.addWidget(self._said)
        self._panel = RelatedPanel(theme)
        self._panel.opened.connect(self.opened)
        column.addWidget(self._panel)
        column.addStretch(1)

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show what was found so far."""
        if hits:
            self._said.setText(self.tr("Sources are found; the answer is being put together from them."))
            rows = [_hit_row(hit) for hit in hits]
            self._panel.show_rows(self.tr("Sources"), rows, str(len(rows)), most=10)

    def hits_shown(self) -> int:
        """Return how many sources are shown."""
        return len(self._panel.rows())


class ErrorBody(QWidget):
    """A question that could not be answered: what happened, what still works, one next step."""

    retryWanted = Signal()
    listWanted = Signal()

    def __init__(self, theme: Theme, question: str, message: str, hint: str) -> None:
        super().__init__()
        column = _column(self, theme)
        column.addWidget(_title(theme, question))
        again = Banner(theme, "warn", message, self.tr("Ask again"))
        again.pressed.connect(self.retryWanted)
        column.addWidget(again)
        still = self.tr("Your question is kept. What was answered before can still be read.")
        column.addWidget(words(theme, f"{plain(hint)} {still}".strip(), tokens.INTERFACE, "2", wrap=True))
        earlier = link(theme, self.tr("Questions asked before"))
        earlier.clicked.connect(self.listWanted)
        column.addWidget(earlier)
        column.addStretch(1)


class Banner(QFrame):
    """One line across a page: an icon, a sentence, and one button."""

    pressed = Signal()

    def __init__(self, theme: Theme, icon_name: str, text: str, action: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S3), theme.px(6), theme.px(6), theme.px(6))
        row.setSpacing(theme.px(tokens.S3))
        sign = QLabel()
        role = theme.roles.partial if icon_name == "warn" else theme.roles.text_2
        sign.setPixmap(pixmap(icon_name, role, theme.px(16), self.devicePixelRatioF()))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        self.label = words(theme, plain(text), tokens.INTERFACE, wrap=True)
        row.addWidget(self.label, 1)
        if action:
            step = button(theme, action)
            step.clicked.connect(self.pressed)
            row.addWidget(step)
        self.setAccessibleName(text)


def _column(page: QWidget, theme: Theme) -> QVBoxLayout:
    column = QVBoxLayout(page)
    side = theme.px(tokens.S6)
    column.setContentsMargins(side, theme.px(tokens.S2), side, theme.px(tokens.S5))
    column.setSpacing(theme.px(tokens.S2))
    return column


def _title(theme: Theme, question: str) -> QLabel:
    title = words(theme, plain(question[:1_000]), tokens.QUESTION, wrap=True)
    title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return title


def _hit_row(hit: Hit) -> RelatedRow:
    first = next((each.strip() for each in hit.text.split("\n") if each.strip()), "")
    if hit.path is not None:
        place: Place = SourcePlace(hit.path, max(1, hit.start_line), max(1, hit.end_line), hit.blob_id or "")
        right = span_words(hit.start_line, hit.end_line)
        return RelatedRow(hit.path, place, path_icon(hit.path), right, hit.symbol, is_path=True)
    if hit.note_id is not None:
        return RelatedRow(first, KnowledgePlace(note_id=hit.note_id), "note")
    return RelatedRow(first, CommitPlace(hit.commit_id or ""), "commit", right=(hit.commit_id or "")[:9])
