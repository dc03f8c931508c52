"""The dependencies: the layered graph with its way and legend, and the same as a table beside it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QWidget,
)

from desktop import tokens
from desktop.counting import counted
from desktop.oddities import plain
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.widgets.graphview import NONE, GraphView
from desktop.widgets.legend import graph_legend
from desktop.widgets.picturepane import PicturePane
from desktop.widgets.sortable import Kind, SortableTable, Sorting
from desktop.widgets.words import button, words
from indexer.shapes.modules import Dependencies, ModuleEdge

IMPORTS, TOGETHER = 76, 84


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """One line of the table: how one module leans on another."""

    edge: ModuleEdge
    source: str
    target: str
    against: bool


class GraphPane(PicturePane):
    """Shows Dependencies of the modules within a path; going in and out is told."""

    pathChosen = Signal(str)
    moduleOpened = Signal(str)
    minorChosen = Signal(bool)

    view: GraphView

    def __init__(self, theme: Theme, tabs: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._name = ""
        self.path = ""
        self._rows: list[EdgeRow] = []
        self.view = GraphView(theme)
        self.view.picked.connect(self._on_picked)
        self.view.entered.connect(self._on_entered)
        self.view.raised.connect(self.go_up)
        self.table = SortableTable(theme, _columns(self), self.tr("Dependencies"), self._spoken)
        self.table.rows.order_by(2, falling=True)
        self.table.rowOpened.connect(self._on_row_opened)
        self.build(tabs, self._controls(), graph_legend(theme, self.tr), self._edges())
        self.crumbs.chosen.connect(self.pathChosen)

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
            self.show_picture()
        else:
            self.say(
                self.tr("Nothing below this module"),
                self.tr("A graph needs two modules or more."),
                self.tr("Up to the whole") if path else "",
            )

    def go_up(self) -> None:
        """Show the modules around."""
        if self.path:
            self.pathChosen.emit(self.path.rpartition("/")[0])

    def on_step(self) -> None:
        """Show the whole where a module holds nothing to draw; else ask again."""
        if self.path and not self._rows:
            self.pathChosen.emit("")
        else:
            super().on_step()

    # ------------------------------------------------------------------------ layout

    def _controls(self) -> list[QWidget]:
        self.minor = QCheckBox(self.tr("Tests and examples too"))
        self.minor.setFont(self._theme.font(tokens.INTERFACE))
        self.minor.toggled.connect(self.minorChosen)
        return [self.whole_button(self.tr("Whole graph")), self.minor]

    def _edges(self) -> QFrame:
        theme = self._theme
        self._title = words(theme, self.tr("Dependencies"), tokens.STRONG)
        self._count = words(theme, "", tokens.INTERFACE, "2")
        self._every = button(theme, self.tr("Show all"), flat=True)
        self._every.clicked.connect(self._on_every)
        return self.side(self.tr("Graph"), (self._title, self._count), self._every)

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
        told = counted(len(found.nodes), self.tr("1 module"), self.tr("%s modules"))
        if not found.edges and len(found.nodes) > 1:
            told += self.tr(", none imports another")
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
