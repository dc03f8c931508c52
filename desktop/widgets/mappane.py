"""The map: treemap with its way, its legend and its card, and the same files as a table beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QWidget,
)

from desktop import tokens
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.widgets.dropdown import DropDown
from desktop.widgets.filterfield import FilterField
from desktop.widgets.legend import map_legend
from desktop.widgets.mapcard import MapCard
from desktop.widgets.picturepane import PicturePane
from desktop.widgets.sortable import Kind, SortableTable, Sorting
from desktop.widgets.treemap import NONE, TreemapView
from desktop.widgets.words import words
from indexer.shapes.modules import FileMap, FileRow

MONTHS = (12, 24, 60, 0)
CARD_MS = 250
CHANGES, LINES, AUTHORS, REASONS = 54, 54, 54, 88
"""Widths of columns, px at 100 %."""


class MapPane(PicturePane):
    """Shows a FileMap. Going into a folder is told, so that Back leads out again."""

    folderChanged = Signal(str)
    monthsChosen = Signal(int)

    view: TreemapView

    def __init__(self, theme: Theme, tabs: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
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
        self.build(tabs, self._controls(), map_legend(theme, self.tr), self._files())
        self.crumbs.chosen.connect(self._go)
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
            self.show_picture()
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

    def on_focus(self) -> None:
        """Let the keyboard stand on a file: the first where none is chosen."""
        if self.view.current == NONE and self.view.plan().files:
            self.view.choose(self.view.plan().files[0])
            self.table.choose(self.view.current)

    def filter_files(self) -> None:
        """Put the keyboard into the filter."""
        self.show_side()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    # ------------------------------------------------------------------------ layout

    def _controls(self) -> list[QWidget]:
        self.months = DropDown(self._theme, self.tr("Months of changes that count"))
        for months in MONTHS:
            self.months.addItem(self.tr("%d months") % months if months else self.tr("All of history"))
        self.months.currentIndexChanged.connect(self._on_months)
        return [self.whole_button(self.tr("Whole map")), self.months]

    def _files(self) -> QFrame:
        theme = self._theme
        self._count = words(theme, "", tokens.INTERFACE, "2")
        self.field = FilterField(theme, self.tr("Filter"), self.tr("Filter the files"))
        self.field.textChanged.connect(self._on_filter)
        title = words(theme, self.tr("Files"), tokens.STRONG)
        return self.side(self.tr("Map"), (title, self._count), self.field, 2)

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

    def _on_zoomed(self) -> None:
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
