"""The map and the graph: one picture each, whole in reach of the keyboard, the same in a table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.tokens import DARK, LIGHT
from desktop.widgets.graphpane import GraphPane
from desktop.widgets.graphview import READABLE
from desktop.widgets.mappane import MapPane
from desktop.widgets.segmented import Segmented
from desktop.widgets.treemap import NONE, TreemapView
from indexer.shapes.modules import (
    Dependencies,
    FileMap,
    FileRow,
    ModuleEdge,
    ModuleKind,
    ModuleRow,
    ModuleUse,
    WhyCount,
)
from tests.desktop.conftest import rest, shown, wear

HOT, COLD, ALONE = "app/pay.py", "app/tax/vat.py", "web/views.py"


def file(path: str, lines: int, changes: int = 0, authors: int = 3, why: tuple[int, int] = (0, 0)) -> FileRow:
    return FileRow(path, "", "python", lines, changes, 1_700_000_000, authors, WhyCount(*why, 0.0))


FILES = FileMap(
    (
        file(HOT, 600, 12, why=(10, 0)),
        file("app/__init__.py", 100, 2),
        file(COLD, 400, 0, why=(8, 6)),
        file("app/tax/rates.py", 200, 1),
        file(ALONE, 500, 4, authors=1),
        file("web/urls.py", 120, 3),
        file("README.md", 80, 5),
    ),
    "c" * 40,
)


def module(path: str, own: int = 3, files: int = 3) -> ModuleRow:
    return ModuleRow(
        path, path.rpartition("/")[2], "", 1, ModuleKind.PACKAGE, ModuleUse.CODE, "", "python", own, 90,
        files, 90, 10, 2, False, WhyCount(4, 1, 0.25), "",
    )  # fmt: skip


GRAPH = Dependencies(
    (module("app"), module("web", 1, 9), module("core"), module("docs")),
    (
        ModuleEdge("web", "app", 9, 2, ("web/views.py:3",)),
        ModuleEdge("app", "core", 4, 1, ("app/pay.py:1",)),
        ModuleEdge("core", "app", 1, 1, ("core/base.py:7",)),
        ModuleEdge("app", "docs", 0, 6),
        ModuleEdge("docs", "app", 0, 6),
    ),
    (("app", "core"),),
    "c" * 40,
)


def tabs(theme: Theme) -> Segmented:
    return Segmented(theme, "View", ((0, "Summary"), (1, "Map"), (2, "Dependencies")))


@pytest.fixture
def pane(theme: Theme) -> MapPane:
    made = MapPane(theme, tabs(theme))
    shown(made, 1300, 800)
    made.show_files(FILES, "shop", 12)
    rest()
    return made


@pytest.fixture
def graph(theme: Theme) -> GraphPane:
    made = GraphPane(theme, tabs(theme))
    shown(made, 1300, 800)
    made.show_graph(GRAPH, "", "shop")
    rest()
    return made


def number(path: str) -> int:
    return next(at for at, row in enumerate(FILES.rows) if row.path == path)


def press(view: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(view, key, modifier)
    QApplication.processEvents()


def middle(view: TreemapView, path: str) -> QPoint:
    return view.box_of(number(path)).center().toPoint()


def ink(widget: QWidget, box: QRectF) -> set[str]:
    """The colours of a part of a widget."""
    image: QImage = widget.grab().toImage()
    at = box.toAlignedRect()
    points = (
        (x, y) for x in range(at.left() + 3, at.right() - 3, 3) for y in range(at.top() + 20, at.bottom() - 3)
    )
    return {image.pixelColor(x, y).name().upper() for x, y in points}


def test_a_tile_is_as_large_as_its_lines_and_as_warm_as_its_changes(pane: MapPane) -> None:
    view = pane.view
    areas = {
        row.path: view.box_of(at).width() * view.box_of(at).height() for at, row in enumerate(FILES.rows)
    }
    assert areas[HOT] / areas["app/tax/rates.py"] == pytest.approx(3.0, rel=0.12)
    assert LIGHT.heat[4] in ink(view, view.box_of(number(HOT)))
    assert LIGHT.heat[2] in ink(view, view.box_of(number(ALONE)))
    assert ink(view, view.box_of(number(COLD))) == {LIGHT.sunken}


def test_a_hatch_and_an_outline_are_seen_and_told(pane: MapPane) -> None:
    view = pane.view
    assert len(ink(view, view.box_of(number(HOT)))) > 2, "hatched"
    outline = view.box_of(number(ALONE))
    edge = QRectF(outline.left(), outline.center().y() - 30, 9, 60)
    image = view.grab().toImage()
    across = {image.pixelColor(int(edge.left()) + x, int(edge.center().y())).name().upper() for x in range(6)}
    assert LIGHT.text in across
    assert "0 of 10 definitions with a reason" in view.words_of(number(HOT))
    assert "1 authors" in view.words_of(number(ALONE))


def test_the_arrows_go_from_file_to_file_and_the_table_follows(pane: MapPane) -> None:
    pane.take_focus()
    seen = {pane.view.current}
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up) * 4:
        press(pane.view, key)
        seen.add(pane.view.current)
        assert pane.table.current() == pane.view.current
    assert len(seen) >= 4
    assert pane.view.accessibleDescription() == pane.view.words_of(pane.view.current)


def test_enter_goes_in_backspace_out_and_the_way_is_told(pane: MapPane) -> None:
    went: list[str] = []
    pane.folderChanged.connect(went.append)
    pane.view.choose(number(COLD))
    press(pane.view, Qt.Key.Key_Return)
    assert pane.folder == "app"
    assert pane.table.rows.rowCount() == 4
    pane.view.choose(number(COLD))
    press(pane.view, Qt.Key.Key_Return)
    assert pane.folder == "app/tax"
    press(pane.view, Qt.Key.Key_Backspace)
    press(pane.view, Qt.Key.Key_Backspace)
    assert pane.folder == ""
    press(pane.view, Qt.Key.Key_Backspace)
    assert went == ["app", "app/tax", "app", ""]


def test_enter_on_a_file_of_the_folder_itself_opens_it(pane: MapPane) -> None:
    opened: list[object] = []
    pane.opened.connect(opened.append)
    pane.show_folder("app")
    pane.view.choose(number(HOT))
    press(pane.view, Qt.Key.Key_Return)
    assert opened == [SourcePlace(HOT)]
    pane.table.choose(number("app/__init__.py"))
    press(pane.table, Qt.Key.Key_Return)
    assert opened[-1] == SourcePlace("app/__init__.py")


def test_a_click_on_the_name_of_a_folder_goes_in(pane: MapPane) -> None:
    group = next(each for each in pane.view.plan().groups if each.folder.path == "app")
    at = pane.view.on_screen(QRectF(*group.box)).topLeft().toPoint() + QPoint(10, 8)
    QTest.mouseClick(pane.view, Qt.MouseButton.LeftButton, pos=at)
    assert pane.folder == "app"


def test_pointing_shows_the_numbers_beside_the_tile(pane: MapPane) -> None:
    QTest.mouseMove(pane.view, middle(pane.view, HOT))
    rest(0.5)
    assert pane.card.isVisible()
    text = pane.card.text()
    assert HOT in text
    assert "600 lines, 10 definitions" in text
    assert "12 changes in 12 months" in text
    assert not pane.card.geometry().intersects(pane.view.box_of(number(HOT)).toAlignedRect())
    assert pane.view.rect().contains(pane.card.geometry())


def test_the_wheel_zooms_around_the_pointer_and_the_button_shows_all(pane: MapPane) -> None:
    view, at = pane.view, middle(pane.view, ALONE)
    before = view.file_at(QPointF(at))
    for _ in range(5):
        event = QWheelEvent(
            QPointF(at), QPointF(view.mapToGlobal(at)), QPoint(), QPoint(0, 120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)
    assert view.factor > 2.5
    assert view.file_at(QPointF(at)) == before == number(ALONE)
    press(view, Qt.Key.Key_0)
    assert view.factor == 1.0
    press(view, Qt.Key.Key_Plus)
    assert view.factor > 1.0


def test_the_table_sorts_by_every_column_with_the_keyboard_too(pane: MapPane) -> None:
    table = pane.table
    first = lambda: FILES.rows[table.rows.number(0)].path  # noqa: E731
    assert first() == HOT, "most changed first"
    pane.table.sort_by(2)
    assert first() == HOT, "longest first"
    pane.table.sort_by(2)
    assert first() == "README.md", "shortest first"
    table.setFocus()
    press(table, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert table.rows.sorted_by == 3
    said = table.rows.headerData(3, Qt.Orientation.Horizontal)
    assert said == "People ↓"
    spoken = table.rows.data(table.rows.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "lines" in str(spoken)


def test_the_filter_narrows_the_table_and_says_so(pane: MapPane) -> None:
    pane.filter_files()
    QTest.keyClicks(pane.field, "tax")
    assert pane.table.rows.rowCount() == 2
    rest()
    left_out = ink(pane.view, pane.view.box_of(number(HOT)))
    assert LIGHT.heat[4] not in left_out, "what the filter leaves out steps back on the map"
    assert ink(pane.view, pane.view.box_of(number(COLD))) == {LIGHT.sunken}
    assert "2 of 7" in [label.text() for label in pane.findChildren(type(pane._count))]


def test_the_graph_tells_what_is_joined_and_narrows_its_table(graph: GraphPane) -> None:
    graph.take_focus()
    press(graph.view, Qt.Key.Key_Right)
    assert graph.view.current != NONE
    names = graph.view.graph.names
    graph.view._pick(names.index("app"))
    said = graph.view.accessibleDescription()
    assert "used by web, core" in said or "used by core, web" in said
    assert "part of a circle" in said
    assert graph.table.rows.rowCount() == 4
    press(graph.view, Qt.Key.Key_Escape)
    assert graph.view.current == NONE
    assert graph.table.rows.rowCount() == 4


def test_a_graph_too_large_to_be_read_begins_at_a_size_that_can_be(graph: GraphPane) -> None:
    view = graph.view
    assert view.factor == 1.0
    view.resize(150, 90)
    assert view.factor > 1.0
    assert view.scale == pytest.approx(READABLE)
    view.whole()
    view.resize(140, 80)
    assert view.factor == 1.0, "who wants to see all of it keeps that"


def test_the_table_of_dependencies_opens_the_line_that_imports(graph: GraphPane) -> None:
    opened: list[object] = []
    graph.opened.connect(opened.append)
    graph.table.setCurrentIndex(graph.table.rows.index(0, 0))
    press(graph.table, Qt.Key.Key_Return)
    assert opened == [SourcePlace("web/views.py", 3, 3)]
    spoken = [
        graph.table.rows.data(graph.table.rows.index(at, 0), Qt.ItemDataRole.AccessibleTextRole)
        for at in range(4)
    ]
    assert sum("closes a circle" in str(each) for each in spoken) == 1


def test_enter_in_the_graph_goes_into_a_module_that_holds_others(graph: GraphPane) -> None:
    chosen: list[str] = []
    opened: list[str] = []
    graph.pathChosen.connect(chosen.append)
    graph.moduleOpened.connect(opened.append)
    names = graph.view.graph.names
    for name in ("web", "core"):
        graph.view.choose(names.index(name))
        press(graph.view, Qt.Key.Key_Return)
    assert chosen == ["web"]
    assert opened == ["core"]


@pytest.mark.parametrize(
    "looks", [Theme(LIGHT), Theme(DARK), Theme(LIGHT, 1.6)], ids=["light", "dark", "160"]
)
@pytest.mark.parametrize("size", [(952, 560), (600, 460)])
def test_nothing_is_cut_and_everything_has_a_name(looks: Theme, size: tuple[int, int]) -> None:
    wear(looks)
    for made in (MapPane(looks, tabs(looks)), GraphPane(looks, tabs(looks))):
        shown(made, *size)
        if isinstance(made, MapPane):
            made.show_files(FILES, "shop", 12)
        else:
            made.show_graph(GRAPH, "", "shop")
        rest()
        for each in made.findChildren(QWidget):
            if not each.isVisible():
                continue
            if isinstance(each, QAbstractButton | QLineEdit) and each.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert each.accessibleName() or each.text(), each
            corner = each.mapTo(made, QPoint(0, 0))
            if isinstance(each, QAbstractButton):
                assert corner.x() >= 0
                assert corner.x() + each.width() <= made.width(), each.text()
        made.close()
        made.deleteLater()


def test_an_empty_map_says_what_is_missing(theme: Theme) -> None:
    made = MapPane(theme, tabs(theme))
    shown(made, 900, 600)
    made.show_files(FileMap((), None), "shop", 12)
    assert made._state.isVisible()
    assert made._state.title() == "Nothing to draw yet"
