"""One commit as a page: what it says, who said it and when, where it comes from, what it changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QGuiApplication, QPainter, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.answer_page import day
from desktop.oddities import plain
from desktop.places import CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.commitlist import files_words
from desktop.widgets.painting import Mark
from desktop.widgets.prose import Prose
from desktop.widgets.rail import line
from desktop.widgets.scrollpage import PageBar, ScrollPage, reading_page
from desktop.widgets.sections import Count
from desktop.widgets.sources import paint_ground, paint_path
from desktop.widgets.states import StatePage
from desktop.widgets.words import Elided, button, link, words
from desktop.widgets.wrapping import wrapping
from indexer.pages import CommitPage

WIDTH = 760
MESSAGE_CAP = 100_000

Index = QModelIndex | QPersistentModelIndex


class CommitPaper(QWidget):
    """Shows a CommitPage. ``left`` is emitted by the way back, which only narrow windows have."""

    opened = Signal(object)
    left = Signal()
    againWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.page: CommitPage | None = None
        self._id = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(line())
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        column.addWidget(holder, 1)
        self._state = StatePage(theme)
        self._state.stepWanted.connect(self.againWanted)
        self._scroll = ScrollPage()
        self._stack.addWidget(self._state)
        self._stack.addWidget(self._scroll)
        self.say("", "")

    # ------------------------------------------------------------------------ content

    def say(self, title: str, text: str, step: str = "") -> None:
        """Show a sentence in the place of a commit."""
        self.page = None
        self._set_id("")
        self._state.say(title, text, step)
        self._stack.setCurrentWidget(self._state)

    def show_commit(self, page: CommitPage) -> None:
        """Show a commit from its beginning."""
        self.page = page
        self._set_id(page.row.commit_id)
        self.setAccessibleName(self.tr("Commit %s") % plain(page.row.subject))
        self._scroll.setWidget(self._build(page))
        self._scroll.verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(self._scroll)

    def set_narrow(self, narrow: bool) -> None:
        """Show the way back to the list, or not."""
        self._back.setVisible(narrow)

    def focus_first(self) -> None:
        """Put the keyboard on the page."""
        (self._scroll if self.page is not None else self._state.step).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    # ------------------------------------------------------------------------ private

    def _bar(self) -> QWidget:
        theme = self._theme
        bar = PageBar(theme)
        bar.left.connect(self.left)
        self._back, row = bar.back, bar.row
        self._name = Elided(theme, tokens.CODE, "text_2")
        self._copy = button(theme, self.tr("Copy id"), "copy", flat=True)
        self._copy.clicked.connect(self._on_copy)
        row.addWidget(self._name, 1)
        row.addWidget(self._copy)
        return bar

    def _set_id(self, commit_id: str) -> None:
        self._id = commit_id
        self._name.set_text(commit_id)
        self._copy.setVisible(bool(commit_id))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._id)

    def _build(self, page: CommitPage) -> QWidget:
        theme, row = self._theme, page.row
        holder, column = reading_page(theme, WIDTH, tokens.S2)
        subject, _, body = page.message.strip("\n").partition("\n")
        title = words(theme, plain(subject[:2_000]) or self.tr("(no message)"), tokens.QUESTION, wrap=True)
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(title)
        column.addWidget(words(theme, self._who(page), tokens.INTERFACE, "2", wrap=True))
        marks, marked = wrapping(theme.px(tokens.S3), theme.px(tokens.S1))
        if row.reason:
            marked.addWidget(Count(theme, Mark.WHY, self.tr("This message says why")))
        if row.merge:
            marked.addWidget(
                words(theme, self.tr("Merge of %d parents") % len(page.parents), tokens.META, "2")
            )
        if not page.reachable:
            marked.addWidget(words(theme, self.tr("No longer on any branch"), tokens.META, "partial"))
        for tag in row.tags:
            shown = words(theme, plain(tag), tokens.META)
            shown.setProperty("kind", "tag")
            marked.addWidget(shown)
        if marked.count():
            column.addWidget(marks)
        self._add_message(column, body.strip("\n"))
        column.addSpacing(theme.px(tokens.S2))
        column.addWidget(line())
        column.addLayout(self._facts(page))
        self._add_changes(column, page)
        return holder

    def _who(self, page: CommitPage) -> str:
        author = plain(page.row.author)
        if page.email:
            author += f" <{plain(page.email)}>"
        values = {"author": author, "day": day(page.row.authored), "committed": day(page.committed)}
        if page.committed and values["committed"] != values["day"]:
            return self.tr("%(author)s, written %(day)s, committed %(committed)s") % values
        return self.tr("%(author)s, %(day)s") % values

    def _add_message(self, column: QVBoxLayout, body: str) -> None:
        if not body:
            return
        column.addSpacing(self._theme.px(tokens.S2))
        text = Prose(self._theme, self.tr("Message"))
        text.opened.connect(self.opened)
        text.show_plain(body[:MESSAGE_CAP], tokens.CODE)
        column.addWidget(text)
        notices = list(text.notices)
        if len(body) > MESSAGE_CAP:
            notices.append(self.tr("The message is cut after 100,000 characters."))
        for notice in notices:
            column.addWidget(words(self._theme, notice, tokens.META, "3", wrap=True))

    def _facts(self, page: CommitPage) -> QGridLayout:
        theme = self._theme
        grid = QGridLayout()
        grid.setContentsMargins(0, theme.px(tokens.S2), 0, theme.px(tokens.S2))
        grid.setHorizontalSpacing(theme.px(tokens.S4))
        grid.setVerticalSpacing(theme.px(tokens.S1))
        grid.setColumnMinimumWidth(0, theme.px(tokens.LABEL_COLUMN))
        grid.setColumnStretch(1, 1)
        name = self.tr("Parents") if len(page.parents) != 1 else self.tr("Parent")
        grid.addWidget(words(theme, name, tokens.META, "2"), 0, 0)
        holder, row = wrapping(theme.px(tokens.S3), 0)
        for parent in page.parents:
            to = link(theme, parent[:9], tokens.CODE)
            to.setAccessibleName(self.tr("Parent %s") % parent[:9])
            to.clicked.connect(partial(self._on_parent, parent))
            row.addWidget(to)
        if not page.parents:
            row.addWidget(words(theme, self.tr("None: the history begins here"), tokens.INTERFACE, "2"))
        grid.addWidget(holder, 0, 1)
        return grid

    def _on_parent(self, parent: str) -> None:
        self.opened.emit(CommitPlace(parent))

    def _add_changes(self, column: QVBoxLayout, page: CommitPage) -> None:
        theme = self._theme
        if page.row.merge and not page.changes and page.changes_known:
            text = self.tr("A merge brings the changes of its parents together; they are listed there.")
            column.addWidget(words(theme, text, tokens.INTERFACE, "2", wrap=True))
            return
        head = QHBoxLayout()
        head.setSpacing(theme.px(tokens.S2))
        head.addWidget(words(theme, self.tr("Changed"), tokens.SECTION))
        head.addWidget(words(theme, files_words(page.changes_total), tokens.INTERFACE, "3"))
        head.addStretch(1)
        column.addLayout(head)
        if not page.changes_known:
            text = self.tr("This clone has the message without its files.")
            column.addWidget(words(theme, text, tokens.INTERFACE, "2", wrap=True))
        if page.changes:
            changes = ChangeList(theme, page, self._scroll)
            changes.opened.connect(self.opened)
            column.addWidget(changes)
        rest = page.changes_total - len(page.changes)
        if page.changes and rest > 0:
            column.addWidget(words(theme, self.tr("and %s more") % f"{rest:,}", tokens.META, "3"))


class _Changes(QAbstractListModel):
    def __init__(self, page: CommitPage, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = page

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._page.changes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        status, path = self._page.changes[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return status, path
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{status_word(status)}, {plain(path)}"
        return None


class ChangeList(QListView):
    """The changed paths, as high as they are many; the page around scrolls."""

    opened = Signal(object)

    def __init__(self, theme: Theme, page: CommitPage, around: QScrollArea) -> None:
        super().__init__()
        self._page = page
        self._around = around
        self._row_height = theme.px(tokens.ROW)
        self.setModel(_Changes(page, self))
        self.setItemDelegate(_ChangeDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFixedHeight(self._row_height * len(page.changes))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Changed files"))
        self.clicked.connect(self._on_opened)
        self.activated.connect(self._on_opened)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page around."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.setCurrentIndex(self.model().index(0, 0))

    def _on_current(self, index: QModelIndex) -> None:
        middle = self._row_height * index.row() + self._row_height // 2
        page = self._around.widget()
        if page is None:
            return
        place = self.mapTo(page, self.rect().topLeft())
        self._around.ensureVisible(place.x(), place.y() + middle, 0, 2 * self._row_height)

    def _on_opened(self, index: QModelIndex) -> None:
        status, path = self._page.changes[index.row()]
        commit = self._page.row.commit_id
        if status.startswith("D"):
            # What was deleted stands in the commit before.
            commit = self._page.parents[0] if self._page.parents else commit
        self.opened.emit(SourcePlace(path, commit_id=commit))


class _ChangeDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._theme.px(tokens.ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        status, path = index.data(Qt.ItemDataRole.UserRole)
        box = QRect(option.rect)
        paint_ground(painter, theme, option)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour({"A": "grounded", "D": "missing"}.get(status[:1], "text_2")))
        word = QRect(box.left() + theme.px(tokens.S2), box.top(), theme.px(64), box.height())
        painter.drawText(word, Qt.AlignmentFlag.AlignVCenter, status_word(status))
        room = QRect(word.right() + theme.px(tokens.S2), box.top(), 0, box.height())
        room.setRight(box.right() - theme.px(tokens.S2))
        paint_path(painter, theme, room, plain(path))


def status_word(status: str) -> str:
    """Return what git's letter for a change means."""
    tr = QCoreApplication.translate
    return {
        "A": tr("CommitPage", "added"),
        "M": tr("CommitPage", "changed"),
        "D": tr("CommitPage", "deleted"),
        "R": tr("CommitPage", "renamed"),
        "C": tr("CommitPage", "copied"),
        "T": tr("CommitPage", "other kind"),
    }.get(status[:1], status)
