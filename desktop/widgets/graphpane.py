"""The dependencies: the layered graph with its way and legend, and the same as a table beside it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.oddities import plain
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.widgets.crumbs import Crumbs
from desktop.widgets.graphview import NONE, GraphView
from desktop.widgets.legend import graph_legend
from desktop.widgets.rail import line
from desktop.widgets.sided import Sided
from desktop.widgets.sortable import Kind, SortableTable, Sorting
from desktop.widgets.states import StatePage
from desktop.widgets.words import button, words
from desktop.widgets.wrapping import wrapping
from indexer.shapes.modules import Dependencies, ModuleEdge

WIDTHS = (420, 460, 320)
IMPORTS, TOGETHER = 76, 84


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """One line of the table: how one module leans on another."""

    edge: ModuleEdge
    source: str
    target: str
    against: bool


class GraphPane(QWidget):
    """Shows Dependencies of the modules within a path; going in and out is told."""

    opened = Signal(object)
    pathChosen = Signal(str)
    moduleOpened = Signal(str)
    minorChosen = Signal(bool)
    againWanted = Signal()

    def __init__(self, theme: Theme, tabs: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._name = ""
        self.path = ""
        self._rows: list[EdgeRow] = []
        self.view = GraphView(theme)
        self.view.picked.connect(self._on_picked)
        self.view.entered.connect(self._on_entered)
        self.view.raised.connect(self.go_up)
        self.view.zoomed.connect(self._on_zoomed)
        self.table = SortableTable(theme, _columns(self), self.tr("Dependencies"), self._spoken)
        self.table.rows.order_by(2, falling=True)
        self.table.rowOpened.connect(self._on_row_opened)
        self._build(tabs)

    # ------------------------------------------------------------------------ content

    def show_graph(self, found: Dependencies, path: str, name: str) -> None:
        """Show other dependencies; ``name`` is the repository's."""
        self.path, self._name = path, name
        self.view.show_graph(found, path)
        names = dict(zip((row.path for row in found.nodes), self.view.graph.names, strict=True))
        against = {
            (route.arc.origin, route.arc.target) for route in self.view.graph.drawing.routes if route.against
        }
        number = {row.path: at for at, row in enumerate(found.nodes)}
        self._rows = [
            EdgeRow(
                edge,
                names[edge.source],
                names[edge.target],
                (number[edge.source], number[edge.target]) in against,
            )
            for edge in found.edges
            # What changes together is told once, not in both directions.
            if edge.source in names and edge.target in names and (edge.imports or edge.source < edge.target)
        ]
        self._show_rows()
        self.crumbs.show_path(name, path, self._told(found))
        if len(found.nodes) > 1:
            self._stack.setCurrentIndex(0)
        else:
            self.say(
                self.tr("Nothing below this module"),
                self.tr("A graph needs two modules or more."),
                self.tr("Up to the whole") if path else "",
            )

    def say(self, title: str, text: str = "", step: str = "") -> None:
        """Say what is there in place of the graph; the table stays as it is."""
        self._state.say(title, text, step)
        self._stack.setCurrentIndex(1)

    def go_up(self) -> None:
        """Show the modules around."""
        if self.path:
            self.pathChosen.emit(self.path.rpartition("/")[0])

    def take_focus(self) -> None:
        """Put the keyboard on the graph, or on what stands in its place."""
        if self.sided.side_alone:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._stack.currentIndex() == 0:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._state.step.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_table(self) -> None:
        """Go between the graph and the table."""
        held = QApplication.focusWidget()
        inside = held is not None and self.sided.side.isAncestorOf(held)
        self.sided.show_side(not inside)
        self._show_toggle()
        (self.view if inside else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

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
        self._state.stepWanted.connect(self._on_step)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._state)
        inner.addWidget(pages)
        column.addWidget(holder, 1)
        column.addWidget(graph_legend(theme, self.tr))
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
        self.crumbs.chosen.connect(self.pathChosen)
        self.crumbs.raised.connect(self.go_up)
        self.minor = QCheckBox(self.tr("Tests and examples too"))
        self.minor.setFont(theme.font(tokens.INTERFACE))
        self.minor.toggled.connect(self.minorChosen)
        self._out = button(theme, self.tr("Whole graph"), flat=True)
        self._out.clicked.connect(self.view.whole)
        self._out.hide()
        self._toggle = button(theme, self.tr("Table"), "list")
        self._toggle.clicked.connect(self.toggle_table)
        row.addWidget(tabs)
        row.addWidget(self.crumbs)
        row.push()
        for each in (self._out, self.minor, self._toggle):
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
        head.setMinimumHeight(theme.px(tokens.VIEW_BAR))
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.px(tokens.S4), 0, theme.px(tokens.S3), 0)
        row.setSpacing(theme.px(tokens.S2))
        self._back = button(theme, self.tr("Graph"), "back", flat=True)
        self._back.clicked.connect(self.toggle_table)
        self._title = words(theme, self.tr("Dependencies"), tokens.STRONG)
        self._count = words(theme, "", tokens.INTERFACE, "2")
        self._every = button(theme, self.tr("Show all"), flat=True)
        self._every.clicked.connect(self._on_every)
        row.addWidget(self._back)
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self._every)
        column.addWidget(head)
        column.addWidget(line())
        column.addWidget(self.table, 1)
        return side

    # ------------------------------------------------------------------------ private

    def _show_rows(self) -> None:
        chosen = self.view.current
        path = self.view.graph.nodes[chosen].path if chosen != NONE else None
        numbers = [
            at
            for at, row in enumerate(self._rows)
            if path is None or path in (row.edge.source, row.edge.target)
        ]
        self.table.show_rows(self._rows, numbers)
        name = plain(self.view.graph.names[chosen]) if chosen != NONE else self.tr("Dependencies")
        metrics = self._title.fontMetrics()
        self._title.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, self._theme.px(190)))
        self._count.setText(f"{len(numbers):,}")
        self._every.setVisible(chosen != NONE)

    def _told(self, found: Dependencies) -> str:
        told = self.tr("%(modules)d modules") % {"modules": len(found.nodes)}
        rings = len(set(self.view.graph.circle) - {0})
        if rings:
            told += self.tr(", 1 circle") if rings == 1 else self.tr(", %d circles") % rings
        if found.left_out:
            told += self.tr(", %d told of within others") % found.left_out
        return told

    def _spoken(self, row: EdgeRow) -> str:
        said = self.tr("%(source)s to %(target)s: %(imports)d imports, %(together)d commits together") % {
            "source": plain(row.source),
            "target": plain(row.target),
            "imports": row.edge.imports,
            "together": row.edge.together,
        }
        return said + (self.tr(", closes a circle") if row.against else "")

    def _show_toggle(self) -> None:
        self._toggle.setVisible(self.sided.narrow)
        self._back.setVisible(self.sided.narrow)

    # ------------------------------------------------------------------------ the person's side

    def _on_picked(self, number: int) -> None:
        del number
        self._show_rows()

    def _on_every(self) -> None:
        self.view.choose(NONE)
        self._show_rows()

    def _on_entered(self, number: int) -> None:
        row = self.view.graph.nodes[number]
        if row.files > row.own_files and row.path != self.path:
            self.pathChosen.emit(row.path)
        else:
            self.moduleOpened.emit(row.path)

    def _on_row_opened(self, number: int) -> None:
        if number == NONE:
            return
        edge = self._rows[number].edge
        if edge.places:
            path, _, at = edge.places[0].rpartition(":")
            self.opened.emit(SourcePlace(path, int(at or 1), int(at or 1)))
        else:
            self.moduleOpened.emit(edge.source)

    def _on_step(self) -> None:
        if self.path and not self._rows:
            self.pathChosen.emit("")
        else:
            self.againWanted.emit()

    def _on_zoomed(self, factor: float) -> None:
        self._out.setVisible(factor > 1.0)


def _columns(pane: GraphPane) -> tuple[Sorting, ...]:
    return (
        Sorting(pane.tr("From"), Kind.PATH, _source, _source, falling=False),
        Sorting(pane.tr("To"), Kind.PATH, _target, _target, falling=False),
        Sorting(pane.tr("Imports"), Kind.NUMBER, lambda row: row.edge.imports, _imports, IMPORTS),
        Sorting(pane.tr("Together"), Kind.NUMBER, lambda row: row.edge.together, _together, TOGETHER),
    )


def _source(row: EdgeRow) -> str:
    return row.source


def _target(row: EdgeRow) -> str:
    return row.target


def _imports(row: EdgeRow) -> str:
    return f"{row.edge.imports:,}" if row.edge.imports else "–"


def _together(row: EdgeRow) -> str:
    return f"{row.edge.together:,}" if row.edge.together else "–"
