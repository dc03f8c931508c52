"""Lists over the window that are narrowed by typing: the commands, the repositories, and the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.commands import Command, matching
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.floating import Floating
from desktop.widgets.suggestions import Index, key_cap
from desktop.widgets.words import tool, words

WIDTH = 560
KEYS_WIDTH = 800
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: what it is called, what stands beside it, and what choosing it does."""

    name: str
    detail: str
    key: str
    action: Callable[[], object]


class Overlay(Floating):
    """A frame over the window that goes away with Escape, with a click beside it, or when done."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Go away; the window gives the focus back."""
        if self.isVisible():
            self.hide()
            self.left.emit()

    def place(self) -> None:
        """Stand in the upper middle of the window."""
        window = self._window
        width = min(self._theme.px(self.wanted_width()), window.width() - self._theme.px(32))
        height = min(self.wanted_height(), window.height() - self._theme.px(112))
        self.setGeometry((window.width() - width) // 2, self._theme.px(64), width, height)
        self.raise_()

    def wanted_width(self) -> int:
        """Return the width in px at 100 %."""
        return WIDTH

    def wanted_height(self) -> int:
        """Return the height in px at the person's scale."""
        return self.sizeHint().height()


class Chooser(Overlay):
    """A field and the choices that are left of what is typed in it."""

    def __init__(self, theme: Theme, parent: QWidget, name: str) -> None:
        super().__init__(theme, parent)
        self._narrow: Callable[[str], Sequence[Choice]] = _nothing
        self.setAccessibleName(name)
        self.field = QLineEdit()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setAccessibleName(name)
        self.field.setMaxLength(200)
        self.field.textChanged.connect(self._on_typed)
        self.field.installEventFilter(self)
        self._model = _ChoiceModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_ChoiceDelegate(theme, self))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(name)
        self.list.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(8), theme.px(8), theme.px(8), theme.px(8))
        column.setSpacing(theme.px(6))
        column.addWidget(self.field)
        column.addWidget(self.list, 1)

    def ask(self, hint: str, narrow: Callable[[str], Sequence[Choice]]) -> None:
        """Open with an empty field; ``narrow`` returns the choices for what is typed."""
        self._narrow = narrow
        self.field.setPlaceholderText(hint)
        self.field.clear()
        self._on_typed("")
        self.place()
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def choices(self) -> Sequence[Choice]:
        """Return what can be chosen now."""
        return self._model.choices

    def wanted_height(self) -> int:
        """Return the height that up to `MOST_ROWS` rows need."""
        rows = min(max(1, len(self._model.choices)), MOST_ROWS)
        return self.field.sizeHint().height() + self._theme.px(tokens.ROW_SEARCH * rows + 26)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys of the list work while the field has the focus."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if key == Qt.Key.Key_Up else 1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_clicked(self.list.currentIndex())
                return True
            if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                return True
        return super().eventFilter(watched, event)

    def _on_typed(self, typed: str) -> None:
        self._model.show(self._narrow(typed))
        self._select(0)
        if self.isVisible():
            self.place()

    def _move(self, by: int) -> None:
        if self._model.choices:
            self._select((self.list.currentIndex().row() + by) % len(self._model.choices))

    def _select(self, row: int) -> None:
        index = self._model.index(row)
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)
            self.field.setAccessibleDescription(self._model.choices[row].name)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            chosen = self._model.choices[index.row()]
            self.leave()
            chosen.action()


def command_choices(commands: Sequence[Command], typed: str) -> list[Choice]:
    """Return the commands that fit what is typed, as rows of the palette."""
    return [Choice(each.name, each.group, each.shown_key, each.action) for each in matching(commands, typed)]


class KeyList(Overlay):
    """Every key on one sheet, by group."""

    def __init__(self, theme: Theme, parent: QWidget, commands: Sequence[Command]) -> None:
        super().__init__(theme, parent)
        self.setAccessibleName(self.tr("Keys"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QHBoxLayout()
        head.addWidget(words(theme, self.tr("Keys"), tokens.QUESTION))
        head.addStretch(1)
        close = tool(theme, "close", self.tr("Close"))
        close.clicked.connect(self.leave)
        head.addWidget(close)
        sheet = QWidget()
        self._fill(sheet, [each for each in commands if each.key])
        scroll = QScrollArea()
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setStyleSheet(f"background: {theme.roles.raised};")
        self._sheet = sheet
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(12), theme.px(14))
        column.addLayout(head)
        column.addWidget(scroll, 1)

    def wanted_width(self) -> int:
        """Return the width in px at 100 %."""
        return KEYS_WIDTH

    def wanted_height(self) -> int:
        """Return the height of the whole sheet."""
        theme = self._theme
        room = min(theme.px(self.wanted_width()), self._window.width() - theme.px(32)) - theme.px(52)
        return self._sheet.heightForWidth(room) + theme.px(92)

    def _fill(self, sheet: QWidget, commands: Sequence[Command]) -> None:
        theme = self._theme
        row = QHBoxLayout(sheet)
        row.setContentsMargins(0, 0, theme.px(8), 0)
        row.setSpacing(theme.px(32))
        groups = list(dict.fromkeys(each.group for each in commands))
        columns = 2 if self._window.width() >= theme.px(self.wanted_width() + 32) else 1
        grid, used = self._column(row), 0
        for i, group in enumerate(groups):
            members = [each for each in commands if each.group == group]
            if row.count() < columns and i and used + len(members) / 2 > (len(commands) + len(groups)) / 2:
                grid, used = self._column(row), 0
            head = words(theme, group, tokens.META_STRONG, "2")
            head.setContentsMargins(0, theme.px(8) if used else 0, 0, 0)
            grid.addWidget(head, used, 0, 1, 2)
            for each in members:
                used += 1
                grid.addWidget(key_cap(theme, each.shown_key), used, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(words(theme, each.name, wrap=True), used, 1)
            used += 1

    def _column(self, row: QHBoxLayout) -> QGridLayout:
        """Return one more column: a grid of its own, so that no row of another one stretches it."""
        column = QVBoxLayout()
        grid = QGridLayout()
        grid.setHorizontalSpacing(self._theme.px(12))
        grid.setVerticalSpacing(self._theme.px(4))
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        row.addLayout(column, 1)
        return grid


class _ChoiceModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.choices: Sequence[Choice] = ()

    def show(self, choices: Sequence[Choice]) -> None:
        self.beginResetModel()
        self.choices = choices
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        return 0 if parent.isValid() else len(self.choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(self.choices[index.row()].name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            each = self.choices[index.row()]
            return ", ".join(part for part in (plain(each.name), plain(each.detail), each.key) if part)
        return None


class _ChoiceDelegate(QStyledItemDelegate):
    """Name at the left, detail beside it, key at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._theme.px(tokens.ROW_SEARCH))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _ChoiceModel)
        theme, each = self._theme, model.choices[index.row()]
        box = QRect(option.rect)
        state = option.state
        painter.save()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(box, theme.colour("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.colour("hover"))
        inner = box.adjusted(theme.px(10), 0, -theme.px(10), 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        if each.key:
            width = round(QFontMetricsF(painter.font()).horizontalAdvance(each.key)) + 1
            painter.drawText(inner, middle | int(Qt.AlignmentFlag.AlignRight), each.key)
            inner.setRight(inner.right() - width - theme.px(12))
        painter.setFont(theme.font(tokens.INTERFACE))
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(plain(each.name), Qt.TextElideMode.ElideRight, inner.width())
        painter.setPen(theme.colour("text"))
        painter.drawText(inner, middle, name)
        inner.setLeft(inner.left() + round(metrics.horizontalAdvance(name)) + theme.px(10))
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        if inner.width() > theme.px(40):
            detail = QFontMetricsF(painter.font()).elidedText(
                plain(each.detail), Qt.TextElideMode.ElideLeft, inner.width()
            )
            painter.drawText(inner, middle, detail)
        painter.restore()


def _nothing(_: str) -> Sequence[Choice]:
    return ()
