"""The modules in a window: tree, summary with evidence, what people say of it, and the way between tabs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from desktop.engine import Link
from desktop.places import ModulesPlace
from desktop.theme import Theme
from desktop.tokens import DARK, LIGHT
from desktop.views.modules import ModulesView
from desktop.widgets.rail import Place
from indexer.shapes.modules import MODULE, ModuleWanted, ReviewState
from indexer.types import Person
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, rest, shown, until, wear
from tests.desktop.windows import open_window, opened

ADA = Person("Ada Lovelace", "ada@example.com")
PADDING = "\n".join(f"LIMIT_{number} = {number}" for number in range(30))

QUEUE = f'''"""Hands out tasks to workers, a few at a time."""

from shop.store.base import Store

{PADDING}


class Queue:
    """Holds tasks until a worker takes them."""

    def take(self, count):
        """Return the next tasks."""
        # Four at a time, because the round trip to the broker is slow.
        return Store().read(count * 4)
'''
STORE = f'''"""Keeps tasks on disk."""

{PADDING}


class Store:
    """Reads and writes tasks."""

    def read(self, count):
        return [count]
'''


def build(made: SmallRepository) -> SmallRepository:
    """Two packages of three files, of which one uses the other."""
    files = {
        "README.md": "# Shop\n\nRuns tasks of a shop.\n",
        "shop/__init__.py": '"""Runs tasks of a shop."""\n',
        "shop/queue/__init__.py": '"""Hands out tasks to workers, a few at a time."""\n',
        "shop/queue/base.py": QUEUE,
        "shop/queue/more.py": f"from shop.store.base import Store\n\n{PADDING}\n",
        "shop/store/__init__.py": '"""Keeps tasks on disk."""\n',
        "shop/store/base.py": STORE,
        "shop/store/more.py": f"{PADDING}\n",
    }
    made.commit("Begin with a queue and a store", files)
    made.commit(
        "Take four tasks at a time\n\nBecause the round trip to the broker is slow.\n",
        {"shop/queue/base.py": QUEUE + "\n# tuned\n"},
        author=("Ada Lovelace", "ada@example.com"),
    )
    return made


@pytest.fixture(scope="module")
def shop_repository(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> SmallRepository:
    path = tmp_path_factory.mktemp("shop") / "shop"
    path.mkdir()
    made = SmallRepository(path, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    return build(made)


@pytest.fixture(scope="module")
def shop(shared_desk: Desk, shop_repository: SmallRepository) -> Link:
    """An engine that has read the shop; tests that mark or write take a module of their own."""
    return shared_desk.indexed(shop_repository)


def view_of(theme: Theme, link: Link, width: int = 1400, height: int = 860) -> ModulesView:
    made = ModulesView(theme)
    shown(made, width, height)
    made.set_name("shop")
    made.set_person(ADA)
    made.set_link(link)
    until(lambda: made.pane.tree.model().rowCount())
    until(lambda: made.page.summary is not None)
    return made


def show(view: ModulesView, place: ModulesPlace) -> None:
    view.show_place(place)
    if place.tab == "summary":
        until(lambda: view.page.summary is not None and view.page.summary.page.row.path == place.path)
        assert view.page.body is not None
        view.page.body.finish()
    rest()


def texts(widget: QWidget) -> str:
    """All that a screen reader could say of what is visible."""
    seen = [each for each in widget.findChildren(QWidget) if each.isVisible()]
    return "\n".join(f"{each.accessibleName()} {each.accessibleDescription()}" for each in seen)


def test_the_tree_holds_the_modules_and_chooses_with_the_keyboard(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    view.focus_first()
    tree = view.pane.tree
    assert tree.hasFocus()
    assert tree.current() == ""
    went: list[object] = []
    view.placeChanged.connect(went.append)
    tree.choose("shop/queue")
    QTest.keyClick(tree, Qt.Key.Key_Down)
    until(lambda: went)
    assert went[-1] == ModulesPlace("shop/store")
    until(lambda: view.page.summary is not None and view.page.summary.page.row.path == "shop/store")
    spoken = tree.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("shop/store, ")


def test_the_filter_keeps_what_is_around_a_module(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    view.filter_rows()
    QTest.keyClicks(view.pane.field, "store")
    tree = view.pane.tree
    assert set(tree._items) == {"", "shop", "shop/store"} or set(tree._items) == {"", "shop/store"}
    QTest.keyClick(view.pane.field, Qt.Key.Key_Escape)
    assert "shop/queue" in tree._items


def test_a_summary_quotes_its_sources_and_a_chip_opens_them(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    show(view, ModulesPlace("shop/queue"))
    said = texts(view.page)
    assert "Hands out tasks to workers, a few at a time" in said
    assert "Missing" in said
    summary = view.page.summary
    assert summary is not None
    numbers = [number for part in summary.parts for told in part.told for number in told.numbers]
    assert numbers
    view.page.show_citation(numbers[0])
    until(lambda: view.page.evidence.selected() == numbers[0])
    assert view.page.evidence.isVisible()
    QTest.keyClick(view, Qt.Key.Key_2)
    assert view.page.evidence.selected() == 2
    view.page.step(1)
    assert view.page.evidence.selected() == 3


def test_what_it_uses_leads_to_that_module(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    show(view, ModulesPlace("shop/queue"))
    went: list[object] = []
    view.opened.connect(went.append)
    view.page.moduleWanted.emit("shop/store")
    assert went == [ModulesPlace("shop/store")]
    sketch = texts(view.page.glance)
    assert "uses shop/store" in sketch


def test_a_mark_is_set_and_taken_back_and_the_tree_shows_it(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    show(view, ModulesPlace("shop/store"))
    assert view.page.body is not None
    QTest.mouseClick(view.page.body.head.mark, Qt.MouseButton.LeftButton)
    until(lambda: view.page.summary is not None and view.page.summary.page.review is not None)
    row = lambda: view.pane.tree._items["shop/store"].data(Qt.ItemDataRole.UserRole)  # noqa: E731
    until(lambda: row().review is ReviewState.REVIEWED)
    assert "You reviewed this" in "\n".join(
        label.text() for label in view.page.body.head.findChildren(QWidget) if hasattr(label, "text")
    )
    QTest.mouseClick(view.page.body.head.mark, Qt.MouseButton.LeftButton)
    until(lambda: view.page.summary is not None and view.page.summary.page.review is None)
    until(lambda: row().review is ReviewState.NONE)


def test_a_paragraph_is_written_in_place_kept_and_found_again(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    show(view, ModulesPlace("shop/queue"))
    view.page.write()
    assert view.page.body is not None
    editor = view.page.body.head.editor
    assert editor is not None
    editor.text.setPlainText("Ask **Ada** first. <img src=file:///etc/passwd>")
    QTest.keyClick(editor.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: view.page.summary is not None and view.page.summary.page.paragraph is not None)
    kept = ask(shop, MODULE, ModuleWanted("shop/queue")).paragraph
    assert kept is not None
    assert kept.text.startswith("Ask **Ada** first.")
    assert kept.by == ADA.name
    view.page.body.finish()
    assert "written" not in (view.page._draft() or ""), "the draft is gone once it is kept"


def test_what_is_typed_outlives_the_view(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    show(view, ModulesPlace("shop/store"))
    view.page.write()
    assert view.page.body is not None
    assert view.page.body.head.editor is not None
    view.page.body.head.editor.text.setPlainText("Half a thought")
    kept = view.keep()
    other = view_of(theme, shop)
    other.recall(kept)
    until(lambda: other.page.body is not None and other.page.body.head.editor is not None)
    assert other.page.body is not None
    assert other.page.body.head.editor is not None
    assert other.page.body.head.editor.text.toPlainText() == "Half a thought"
    QTest.keyClick(other.page.body.head.editor.text, Qt.Key.Key_Escape)
    assert other.page._draft() is None


def test_copy_gives_markdown_with_its_sources(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    show(view, ModulesPlace("shop/queue"))
    view.page.copy()
    text = QApplication.clipboard().text()
    assert text.startswith("# shop/queue")
    assert "## Purpose" in text
    assert "[1]" in text
    assert "## Sources" in text
    assert "shop/queue" in text.split("## Sources")[1]


def test_the_tabs_show_map_and_graph_of_the_same_place(theme: Theme, shop: Link) -> None:
    view = view_of(theme, shop)
    went: list[object] = []
    view.opened.connect(went.append)
    show(view, ModulesPlace("shop/queue"))
    view.choose_tab("map")
    assert went == [ModulesPlace("shop/queue", "map")]
    view.show_place(went[0])
    until(lambda: view.map.view.rows)
    assert view.map.folder == "shop/queue"
    view.show_place(ModulesPlace("", "graph"))
    until(lambda: view.graph.view.graph.nodes)
    edges = {(row.source, row.target) for row in view.graph._rows if row.edge.imports}
    assert ("shop/queue", "shop/store") in edges


def test_an_engine_that_fails_is_told_and_can_be_asked_again(
    theme: Theme, desk: Desk, tmp_path: Path
) -> None:
    gone = desk.link(_empty(tmp_path))
    view = ModulesView(theme)
    shown(view)
    view.set_link(gone)
    view.page._on_failed(_trouble())
    assert view.page._state.title() == "This module cannot be shown"
    assert view.page._state.step.isVisible()
    view.map._state.isVisible()
    view.set_link(None)
    assert view.page._state.title() == "No repository is open"


@pytest.mark.parametrize(
    "looks", [Theme(LIGHT), Theme(DARK), Theme(LIGHT, 1.6)], ids=["light", "dark", "160"]
)
def test_every_control_has_a_name_and_none_is_cut(looks: Theme, shop: Link) -> None:
    wear(looks)
    view = view_of(looks, shop, 952, 560)
    for place in (
        ModulesPlace("shop/queue"),
        ModulesPlace("shop/queue", number=1),
        ModulesPlace("", "map"),
        ModulesPlace("", "graph"),
    ):
        show(view, place)
        rest(0.1)
        for each in view.findChildren(QWidget):
            if not each.isVisible() or not isinstance(each, QAbstractButton | QLineEdit | QPlainTextEdit):
                continue
            assert each.accessibleName() or getattr(each, "text", str)(), each
            corner = each.mapTo(view, each.rect().topLeft())
            assert corner.x() >= 0
            assert corner.x() + each.width() <= view.width(), (place, each.accessibleName())


def test_back_leads_out_of_a_folder_of_the_map(desk: Desk, shop_repository: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, shop_repository.path)
        window.choose_view(Place.MODULES)
        view = window.frame.views[Place.MODULES]
        assert isinstance(view, ModulesView)
        until(lambda: view.page.summary is not None)
        window.go(ModulesPlace("", "map"))
        until(lambda: view.map.view.rows)
        view.map._go("shop/queue")
        assert window.trail.here == ModulesPlace("shop/queue", "map")
        window.go_back()
        assert view.map.folder == ""
        window.go_back()
        assert view._place.tab == "summary"
        window.toggle_scheme()
        until(lambda: window.frame.views.get(Place.MODULES) is not view)
        again = window.frame.views[Place.MODULES]
        assert isinstance(again, ModulesView)
        until(lambda: again.page.summary is not None)


def _empty(tmp_path: Path) -> Path:
    import subprocess

    folder = tmp_path / "empty"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    return folder


def _trouble():
    from indexer.errors import LorebaseError

    return LorebaseError("The engine was lost.", "Nothing else was.")
