"""The map: treemap with its way, its legend and its card, and the same files as a table beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.icons import icon
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.widgets.crumbs import Crumbs
from desktop.widgets.legend import map_legend
from desktop.widgets.mapcard import MapCard
from desktop.widgets.rail import line
from desktop.widgets.sided import Sided
from desktop.widgets.sortable import Kind, SortableTable, Sorting
from desktop.widgets.states import StatePage
from desktop.widgets.treemap import NONE, TreemapView
from desktop.widgets.words import button, clearable, words
from desktop.widgets.wrapping import wrapping
from indexer.shapes.modules import FileMap, FileRow

WIDTHS = (420, 460, 320)
MONTHS = (12, 24, 60, 0)
CARD_MS = 250
CHANGES, LINES, AUTHORS, REASONS = 54, 60, 60, 102
"""Widths of columns, px at 100 %."""


class MapPane(QWidget):
    """Shows a FileMap. Going into a folder is told, so that Back leads out again."""

    opened = Signal(object)
    folderChanged = Signal(str)
    monthsChosen = Signal(int)
    againWanted = Signal()

    def __init__(self, theme: Theme, tabs: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._name = ""
        self._months = MONTHS[0]
        self.view = TreemapView(theme)
        self.view.picked.connect(self._on_picked)
        self.view.pointed.connect(self._on_pointed)
        self.view.drilled.connect(self._on_drilled)
        self.view.raised.connect(self.go_up)
        self.view.fileOpened.connect(self._on_file)
        self.view.zoomed.connect(self._on_zoomed)
        self.table = SortableTable(theme, _columns(self), self.tr("Files of the map"), self._spoken)
        self.table.rows.order_by(1, falling=True)
        self.table.rowPicked.connect(self._on_row)
        self.table.rowOpened.connect(self._on_row_opened)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(CARD_MS)
        self._waiting.timeout.connect(self._show_card)
        self._build(tabs)
        self.card = MapCard(theme, self.view)

    # ------------------------------------------------------------------------ content

    def show_files(self, found: FileMap, name: str, months: int) -> None:
        """Show other files, in the folder that was shown before where it is still there."""
        self._name, self._months = name, months
        self.months.blockSignals(True)
        self.months.setCurrentIndex(MONTHS.index(months) if months in MONTHS else 0)
        self.months.blockSignals(False)
        self.view.show_files(found.rows, name)
        if found.rows:
            self._stack.setCurrentIndex(0)
            self._show_rows()
        else:
            self.say(
                self.tr("Nothing to draw yet"), self.tr("The map shows files with lines, once they are read.")
            )

    def show_folder(self, path: str) -> None:
        """Show the files below a folder."""
        if self.view.root.path != path:
            self.view.show_folder(path)
            self._show_rows()

    def say(self, title: str, text: str = "", step: str = "") -> None:
        """Say what is there in place of the map; the table stays as it is."""
        self._state.say(title, text, step)
        self._stack.setCurrentIndex(1)

    def below(self, row: FileRow) -> str:
        """Return the path of a file below the folder that is shown."""
        start = self.view.root.path
        return row.path[len(start) + 1 :] if start else row.path

    @property
    def folder(self) -> str:
        """The path of the folder that is shown."""
        return self.view.root.path

    def go_up(self) -> None:
        """Show the folder around."""
        if not self.view.root.path:
            return
        above = self.view.root.path.rpartition("/")[0]
        self._go(self.view.nearest(above))

    def take_focus(self) -> None:
        """Put the keyboard on the map, or on what stands in its place."""
        if self.sided.side_alone:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._stack.currentIndex() == 0:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.view.current == NONE and self.view.plan().files:
                self.view.choose(self.view.plan().files[0])
                self.table.choose(self.view.current)
        else:
            self._state.step.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_table(self) -> None:
        """Go between the map and the table."""
        held = QApplication.focusWidget()
        inside = held is not None and self.sided.side.isAncestorOf(held)
        self.sided.show_side(not inside)
        self._show_toggle()
        target = self.view if inside else self.table
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def filter_files(self) -> None:
        """Put the keyboard into the filter."""
        self.sided.show_side()
        self._show_toggle()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    # ------------------------------------------------------------------------ layout

    def _build(self, tabs: QWidget) -> None:
        theme = self._theme
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar(tabs))
        holder = QWidget()
        inner = QHBoxLayout(holder)
        side = theme.px(tokens.S3)
        inner.setContentsMargins(side, 0, side, 0)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._state = StatePage(theme)
        self._state.stepWanted.connect(self.againWanted)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._state)
        inner.addWidget(pages)
        column.addWidget(holder, 1)
        column.addWidget(map_legend(theme, self.tr))
        self.sided = Sided(theme, main, self._side(), WIDTHS)
        self.sided.narrowed.connect(self._show_toggle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.sided)
        self._show_toggle()

    def _bar(self, tabs: QWidget) -> QWidget:
        theme = self._theme
        bar = QWidget()
        outer = QVBoxLayout(bar)
        outer.setContentsMargins(theme.px(tokens.S4), theme.px(6), theme.px(tokens.S3), theme.px(6))
        holder, row = wrapping(theme.px(tokens.S4), theme.px(tokens.S1))
        outer.addWidget(holder)
        holder.setMinimumHeight(theme.px(tokens.FIELD))
        self.crumbs = Crumbs(theme)
        self.crumbs.chosen.connect(self._go)
        self.crumbs.raised.connect(self.go_up)
        self.months = QComboBox()
        self.months.setFont(theme.font(tokens.INTERFACE))
        self.months.setAccessibleName(self.tr("Months of changes that count"))
        for months in MONTHS:
            self.months.addItem(self.tr("%d months") % months if months else self.tr("All of history"))
        self.months.currentIndexChanged.connect(self._on_months)
        self._out = button(theme, self.tr("Whole map"), flat=True)
        self._out.clicked.connect(self.view.whole)
        self._out.hide()
        self._toggle = button(theme, self.tr("Table"), "list")
        self._toggle.clicked.connect(self.toggle_table)
        row.addWidget(tabs)
        row.addWidget(self.crumbs)
        row.push()
        for each in (self._out, self.months, self._toggle):
            row.addWidget(each)
        return bar

    def _side(self) -> QWidget:
        theme = self._theme
        side = QFrame()
        side.setProperty("kind", "pane")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.px(tokens.S4), theme.px(6), theme.px(tokens.S3), theme.px(6))
        row.setSpacing(theme.px(tokens.S2))
        self._back = button(theme, self.tr("Map"), "back", flat=True)
        self._back.clicked.connect(self.toggle_table)
        self._count = words(theme, "", tokens.INTERFACE, "2")
        self.field = QLineEdit()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setPlaceholderText(self.tr("Filter"))
        self.field.setAccessibleName(self.tr("Filter the files"))
        self.field.addAction(icon("filter", theme.roles.text_2), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textChanged.connect(self._on_filter)
        clearable(self.field)
        row.addWidget(self._back)
        row.addWidget(words(theme, self.tr("Files"), tokens.STRONG))
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.field, 2)
        column.addWidget(head)
        column.addWidget(line())
        column.addWidget(self.table, 1)
        return side

    # ------------------------------------------------------------------------ private

    def _show_rows(self) -> None:
        files = self.view.files()
        self.table.show_rows(self.view.rows, files, self.view.current)
        self._light()
        self._show_count()
        lines = sum(self.view.rows[number].lines for number in files)
        told = self.tr("%(files)s files, %(lines)s lines") % {
            "files": f"{len(files):,}",
            "lines": f"{lines:,}",
        }
        self.crumbs.show_path(self._name, self.view.root.path, told)
        self.card.hide()

    def _light(self) -> None:
        """Let the files that the filter leaves stand out on the map."""
        rows = self.table.rows
        shown = frozenset(rows.number(place) for place in range(rows.rowCount()))
        self.view.light(shown if self.field.text().strip() else None)

    def _show_count(self) -> None:
        shown, every = self.table.rows.rowCount(), self.view.root.count
        count = f"{every:,}"
        if shown != every:
            count = self.tr("%(shown)s of %(all)s") % {"shown": f"{shown:,}", "all": count}
        self._count.setText(count)

    def _show_toggle(self) -> None:
        self._toggle.setVisible(self.sided.narrow)
        self._back.setVisible(self.sided.narrow)

    def _spoken(self, row: FileRow) -> str:
        return self.view.words_of_row(row)

    def _go(self, path: str) -> None:
        before = self.view.root.path
        self.show_folder(path)
        if self.view.root.path != before:
            self.folderChanged.emit(self.view.root.path)

    # ------------------------------------------------------------------------ the person's side

    def _on_picked(self, number: int) -> None:
        self.table.choose(number)
        self._card_for(number)

    def _on_pointed(self, number: int) -> None:
        self.card.hide()
        self._waiting.stop()
        if number != NONE:
            self._waiting.start()

    def _show_card(self) -> None:
        self._card_for(self.view.under)

    def _card_for(self, number: int) -> None:
        box = self.view.box_of(number) if number != NONE else None
        if box is None or box.isEmpty():
            self.card.hide()
            return
        self.card.show_file(self.view.rows[number], box.toAlignedRect(), self._months)

    def _on_row(self, number: int) -> None:
        self.view.choose(number)
        self.card.hide()

    def _on_row_opened(self, number: int) -> None:
        if number != NONE:
            self._on_file(self.view.rows[number].path)

    def _on_drilled(self, path: str) -> None:
        self._go(path)

    def _on_file(self, path: str) -> None:
        self.opened.emit(SourcePlace(path))

    def _on_zoomed(self, factor: float) -> None:
        self._out.setVisible(factor > 1.0)
        self.card.hide()

    def _on_filter(self, word: str) -> None:
        self.table.narrow(word)
        self._light()
        self._show_count()

    def _on_months(self, place: int) -> None:
        self.monthsChosen.emit(MONTHS[place])


def _columns(pane: MapPane) -> tuple[Sorting, ...]:
    return (
        Sorting(pane.tr("File"), Kind.PATH, _path, pane.below, falling=False),
        Sorting(pane.tr("Chg"), Kind.NUMBER, _changes, _number(_changes), CHANGES),
        Sorting(pane.tr("Lines"), Kind.NUMBER, _lines, _number(_lines), LINES),
        Sorting(pane.tr("People"), Kind.NUMBER, _authors, _number(_authors), AUTHORS),
        Sorting(pane.tr("Reasons"), Kind.METER, _share, _percent, REASONS, falling=False),
    )


def _path(row: FileRow) -> str:
    return row.path


def _changes(row: FileRow) -> int:
    return row.changes


def _lines(row: FileRow) -> int:
    return row.lines


def _authors(row: FileRow) -> int:
    return row.authors


def _number(key: Callable[[FileRow], int]) -> Callable[[FileRow], str]:
    return lambda row: f"{key(row):,}"


def _share(row: FileRow) -> float:
    return row.why.reasons / row.why.definitions if row.why.definitions else -1.0


def _percent(row: FileRow) -> str:
    return f"{_share(row):.0%}" if row.why.definitions else ""
