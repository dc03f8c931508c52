"""The modules: their tree with the summary of one, the map of the files, and who leans on whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from desktop.asking import Asking
from desktop.commands import Command
from desktop.engine import Link
from desktop.oddities import plain
from desktop.places import AskPlace, ModulesPlace
from desktop.theme import Theme
from desktop.views.modulepane import ModulePane
from desktop.widgets.graphpane import GraphPane
from desktop.widgets.mappane import MONTHS, MapPane
from desktop.widgets.moduletree import ModuleTreePane
from desktop.widgets.pair import Pair
from desktop.widgets.segmented import Segmented
from indexer.errors import LorebaseError
from indexer.shapes.modules import (
    DEPENDENCIES,
    FILE_MAP,
    MODULES,
    Dependencies,
    DependenciesWanted,
    FileMap,
    MapWanted,
    ModulesWanted,
    ModuleTree,
)
from indexer.types import Person

P = TypeVar("P")
R = TypeVar("R")

SUMMARY, MAP, GRAPH = "summary", "map", "graph"
TABS = (SUMMARY, MAP, GRAPH)
WIDTHS = (276, 220, 420)
PICK_MS = 120
"""How long the keyboard must rest on a module before its summary is asked for."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a new view of the same modules needs to look like this one."""

    place: ModulesPlace
    months: int
    minor: bool
    word: str
    tree: ModuleTree | None
    files: FileMap | None
    split: bytes


class ModulesView(QWidget):
    """Three ways to look at one repository, behind three tabs."""

    opened = Signal(object)
    noticed = Signal(str)
    placeChanged = Signal(object)
    editorWanted = Signal(str, int)
    saveWanted = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._asking = Asking(self)
        self._name = ""
        self._tree: ModuleTree | None = None
        self._files: FileMap | None = None
        self._months = MONTHS[0]
        self._place = ModulesPlace()
        self.setAccessibleName(self.tr("Modules"))
        self._picking = QTimer(self)
        self._picking.setSingleShot(True)
        self._picking.setInterval(PICK_MS)
        self._picking.timeout.connect(self._on_rested)
        self.tabs = [self._tabs() for _ in TABS]
        self.pane = ModuleTreePane(theme)
        self.pane.picked.connect(self._on_picked)
        self.pane.activatedModule.connect(self._on_activated)
        self._map: MapPane | None = None
        self._graph: GraphPane | None = None
        self._build()
        self._show_tab(SUMMARY)
        self._say_waiting()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._asking.set_link(new)
        self._picking.stop()
        self._link = new
        self._tree = self._files = None
        self._place = ModulesPlace()
        self.page.set_link(new)
        self.pane.tree.show_rows(())
        self.pair.show_list()
        self._say_waiting()
        if new is not None:
            self._ask_tree()
            self._load()

    def set_name(self, name: str) -> None:
        """Call the repository so."""
        self._name = name
        self.page.set_name(name)
        if self._tree is not None:
            self.pane.tree.show_rows(self._tree.rows, name)

    def set_person(self, person: Person) -> None:
        """Mark and write under this name."""
        self.page.set_person(person)

    def show_place(self, place: object) -> None:
        """Show a module, or what the map or the graph shows below one."""
        if isinstance(place, ModulesPlace):
            self._picking.stop()
            self._place = place
            self._show_tab(place.tab)
            if place.tab == SUMMARY and place != ModulesPlace():
                self.pair.show_page()
            self._load()

    def refresh(self) -> None:
        """Ask again after the index has changed; what is shown stays until the answer is there."""
        self._files = None
        if self._link is not None:
            self.page.forget()
            self._ask_tree()
            self._load(again=True)

    def keep(self) -> object:
        """Return what a new view of the same content needs to look like this one."""
        self.page.flush()
        minor = self._graph is not None and self._graph.minor.isChecked()
        word = self.pane.field.text()
        return _Kept(
            self._place, self._months, minor, word, self._tree, self._files, bytes(self.splitter_state())
        )

    def recall(self, kept: object) -> None:
        """Take what ``keep`` returned."""
        if isinstance(kept, _Kept):
            self._place, self._months = kept.place, kept.months
            if kept.minor:
                self.graph.minor.blockSignals(True)
                self.graph.minor.setChecked(True)
                self.graph.minor.blockSignals(False)
            self.pane.field.setText(kept.word)
            if kept.tree is not None:
                self._on_tree(kept.tree)
            self._files = kept.files
            self._show_tab(kept.place.tab)
            self._load()

    @property
    def map(self) -> MapPane:
        """The map; it is made when it is first looked at, as few people begin there."""
        if self._map is None:
            made = self._map = MapPane(self._theme, self.tabs[1], self._stack)
            made.opened.connect(self.opened)
            made.folderChanged.connect(self._on_folder)
            made.monthsChosen.connect(self._on_months)
            made.againWanted.connect(self._ask_files)
            self._stack.addWidget(made)
            self._say_waiting()
        return self._map

    @property
    def graph(self) -> GraphPane:
        """The dependencies; made as the map is."""
        if self._graph is None:
            made = self._graph = GraphPane(self._theme, self.tabs[2], self._stack)
            made.opened.connect(self.opened)
            made.pathChosen.connect(self._on_path)
            made.moduleOpened.connect(self._on_module_wanted)
            made.minorChosen.connect(self._on_minor)
            made.againWanted.connect(self._ask_graph)
            self._stack.addWidget(made)
            self._say_waiting()
        return self._graph

    def splitter_state(self) -> bytes:
        """Return the widths of the panes, for the window's settings."""
        return self._scale_mark() + self.pair.state()

    def restore_splitter(self, state: bytes) -> None:
        """Take the widths of the panes back."""
        mark, kept = self._scale_mark(), bytes(state)
        # Widths are px of the scale that they were kept at.
        if kept.startswith(mark):
            self.pair.restore(kept[len(mark) :])

    def _scale_mark(self) -> bytes:
        return f"{self._theme.scale:g} ".encode()

    def focus_first(self) -> None:
        """Put the keyboard on the tree, the map or the graph, whichever is shown."""
        if self._place.tab == MAP:
            self.map.take_focus()
        elif self._place.tab == GRAPH:
            self.graph.take_focus()
        elif self.pane.isVisible():
            self.pane.tree.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.pane.tree.current() is None:
                self.pane.tree.choose(self._place.path)
        else:
            self.page.take_focus()

    def title(self) -> str:
        """Return what the window calls this page."""
        return plain(self._place.path) or self.tr("Modules")

    def minimumSizeHint(self) -> QSize:
        """Return the least size: one part at a time."""
        return QSize(self._theme.px(320), self._theme.px(240))

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here."""
        group = self.tr("Modules")
        on_page = self._on_summary
        return (
            Command(self.tr("Summary of the module"), "Ctrl+1", partial(self.choose_tab, SUMMARY), group),
            Command(self.tr("Map of the files"), "Ctrl+2", partial(self.choose_tab, MAP), group),
            Command(self.tr("Dependencies of the modules"), "Ctrl+3", partial(self.choose_tab, GRAPH), group),
            Command(self.tr("Filter modules or files"), "Ctrl+F", self.filter_rows, group),
            Command(self.tr("Next citation"), "F8", partial(self.page.step, 1), group, on_page),
            Command(self.tr("Previous citation"), "Shift+F8", partial(self.page.step, -1), group, on_page),
            Command(self.tr("Mark the summary as reviewed"), "", self.page.mark, group, on_page),
            Command(self.tr("Write a paragraph of your own"), "", self.page.write, group, on_page),
            Command(self.tr("Copy the summary"), "Ctrl+Shift+C", self.page.copy, group, on_page),
            Command(self.tr("Save the summary as Markdown…"), "Ctrl+S", self.page.save, group, on_page),
            Command(self.tr("Zoom in"), "", self._zoom_in, group, self._on_picture),
            Command(self.tr("Zoom out"), "", self._zoom_out, group, self._on_picture),
            Command(self.tr("Up to the folder around"), "", self._go_up, group, self._on_picture),
        )

    # ------------------------------------------------------------------------ what can be done

    def choose_tab(self, tab: str) -> None:
        """Look at the same module in another way."""
        if tab != self._place.tab:
            held = any(each.isAncestorOf(QApplication.focusWidget() or self) for each in self.tabs)
            self.opened.emit(ModulesPlace(self._place.path, tab))
            if held:
                self.tabs[TABS.index(tab)].focus_value()
            else:
                self.focus_first()

    def filter_rows(self) -> None:
        """Put the keyboard into the filter of the tree, or of the files."""
        if self._place.tab == MAP:
            self.map.filter_files()
        elif self._place.tab == GRAPH:
            self.graph.toggle_table()
        else:
            self.pair.show_list()
            self.pane.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.pane.field.selectAll()

    def next_pane(self) -> bool:
        """Go on to the page, then to what stands beside it; False when the keyboard is in the last."""
        held = QApplication.focusWidget() or self
        if self._place.tab != SUMMARY:
            picture = self.map if self._place.tab == MAP else self.graph
            last = picture.sided.side.isAncestorOf(held)
            picture.toggle_table()
            return not last
        if self.pane.isAncestorOf(held):
            self.pair.show_page()
            self.page.take_focus()
            return True
        return self.page.next_pane()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F6 goes from part to part, Escape back to the first."""
        key = event.key()
        if key == Qt.Key.Key_F6:
            if not self.next_pane() and self._place.tab == SUMMARY:
                self._on_left()
        elif key == Qt.Key.Key_Escape and self.pane.field.hasFocus() and self.pane.field.text():
            self.pane.field.clear()
        elif key == Qt.Key.Key_Escape and self._place.tab == SUMMARY:
            if not self.page.leave():
                self.pair.show_list()
                self.focus_first()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and self._place.tab == SUMMARY:
            self.page.show_citation(key - Qt.Key.Key_0)
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ layout

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        whole.addWidget(self._stack)
        self.page = ModulePane(self._theme, self.tabs[0])
        self.pair = Pair(self._theme, self.pane, self.page, WIDTHS)
        self.pair.narrowed.connect(self.page.set_alone)
        self.page.opened.connect(self.opened)
        self.page.noticed.connect(self.noticed)
        self.page.editorWanted.connect(self.editorWanted)
        self.page.saveWanted.connect(self.saveWanted)
        self.page.moduleWanted.connect(self._on_module_wanted)
        self.page.asked.connect(self._on_asked)
        self.page.marked.connect(self._ask_tree)
        self.page.left.connect(self._on_left)
        self._stack.addWidget(self.pair)

    def _tabs(self) -> Segmented:
        choices = ((SUMMARY, self.tr("Summary")), (MAP, self.tr("Map")), (GRAPH, self.tr("Dependencies")))
        made = Segmented(self._theme, self.tr("View"), choices)
        made.chosen.connect(self.choose_tab)
        return made

    def _show_tab(self, tab: str) -> None:
        shown = self.map if tab == MAP else self.graph if tab == GRAPH else self.pair
        before, held = self._stack.currentWidget(), QApplication.focusWidget()
        self._stack.setCurrentWidget(shown)
        if held is not None and before is not shown and before is not None and before.isAncestorOf(held):
            self.focus_first()
        for each in self.tabs:
            each.show_value(tab)

    # ------------------------------------------------------------------------ asking

    def _load(self, *, again: bool = False) -> None:
        """Ask for what the present place shows and what is not here yet."""
        place = self._place
        if self._link is None:
            return
        if place.tab == SUMMARY:
            self.pane.tree.choose(place.path)
            self.page.show_module(place.path, place.number, again=again)
        elif place.tab == MAP:
            if self._files is None:
                self._ask_files()
            else:
                self._show_files()
        elif again or self.graph.path != place.path or not self.graph.view.graph.nodes:
            self._ask_graph()

    def _ask_tree(self) -> None:
        self._asking.ask(MODULES, ModulesWanted(), self._on_tree, self._on_tree_failed, name="tree")

    def _ask_files(self) -> None:
        if not self.map.view.rows:
            self.map.say(self.tr("Reading the files"))
        wanted = MapWanted("", self._months)
        self._asking.ask(FILE_MAP, wanted, self._on_files, self._on_files_failed, name="files")

    def _ask_graph(self) -> None:
        path = self._place.path if self._place.tab == GRAPH else self.graph.path
        if not self.graph.view.graph.nodes:
            self.graph.say(self.tr("Reading the dependencies"))
        wanted = DependenciesWanted(path, minor=self.graph.minor.isChecked())
        shown = partial(self._on_graph, path)
        self._asking.ask(DEPENDENCIES, wanted, shown, self._on_graph_failed, name="graph")

    # ------------------------------------------------------------------------ answers

    def _on_tree(self, found: ModuleTree) -> None:
        self._tree = found
        self.pane.tree.show_rows(found.rows, self._name)
        self.pane.tree.choose(self._place.path)

    def _on_tree_failed(self, error: LorebaseError) -> None:
        self.noticed.emit(f"{error.message} {error.hint}".strip())

    def _on_files(self, found: FileMap) -> None:
        self._files = found
        self.map.show_files(found, self._name, self._months)
        self._show_files()

    def _show_files(self) -> None:
        assert self._files is not None
        if not self.map.view.rows:
            self.map.show_files(self._files, self._name, self._months)
        self.map.show_folder(
            self._place.path.partition("#")[0] if self._place.tab == MAP else self.map.folder
        )

    def _on_files_failed(self, error: LorebaseError) -> None:
        self.map.say(self.tr("The map could not be read"), _said(error), self.tr("Try again"))

    def _on_graph(self, path: str, found: Dependencies) -> None:
        self.graph.show_graph(found, path, self._name)

    def _on_graph_failed(self, error: LorebaseError) -> None:
        self.graph.say(self.tr("The dependencies could not be read"), _said(error), self.tr("Try again"))

    # ------------------------------------------------------------------------ the person's side

    def _on_picked(self, path: str) -> None:
        self._place = ModulesPlace(path)
        self._picking.start()

    def _on_rested(self) -> None:
        self.page.show_module(self._place.path)
        self.placeChanged.emit(self._place)

    def _on_activated(self, path: str) -> None:
        if path != self._place.path or self._picking.isActive():
            self._picking.stop()
            self._place = ModulesPlace(path)
            self._on_rested()
        self.pair.show_page()
        self.page.take_focus()

    def _on_left(self) -> None:
        self.pair.show_list()
        self.focus_first()

    def _on_module_wanted(self, path: str) -> None:
        self.opened.emit(ModulesPlace(path))

    def _on_asked(self, question: str) -> None:
        self.opened.emit(AskPlace(question))

    def _on_folder(self, path: str) -> None:
        self.opened.emit(ModulesPlace(path, MAP))

    def _on_path(self, path: str) -> None:
        self.opened.emit(ModulesPlace(path, GRAPH))

    def _on_months(self, months: int) -> None:
        self._months = months
        self._ask_files()

    def _on_minor(self) -> None:
        self._ask_graph()

    def _on_summary(self) -> bool:
        return self._place.tab == SUMMARY

    def _on_picture(self) -> bool:
        return self._place.tab != SUMMARY

    def _zoom_in(self) -> None:
        (self.map if self._place.tab == MAP else self.graph).view.zoom_in()

    def _zoom_out(self) -> None:
        (self.map if self._place.tab == MAP else self.graph).view.zoom_out()

    def _go_up(self) -> None:
        (self.map if self._place.tab == MAP else self.graph).go_up()

    def _say_waiting(self) -> None:
        if self._link is None:
            for each in (self._map, self._graph):
                if each is not None:
                    each.say(self.tr("No repository is open"))


def _said(error: LorebaseError) -> str:
    return f"{error.message} {error.hint}".strip()
