"""The content of a window in one theme: top bar, rail, views, status bar, and what floats over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.state import Recent
from desktop.theme import Theme
from desktop.turns import in_a_turn
from desktop.views.catalogue import AskSides, make_answer_side, make_evidence, make_view, rail_items
from desktop.views.welcome import WelcomeView
from desktop.widgets.notice import NoticeLine
from desktop.widgets.rail import Place, Rail, line
from desktop.widgets.statusbar import StatusBar
from desktop.widgets.topbar import TopBar

if TYPE_CHECKING:  # loaded when they are wanted: the first page is painted without them
    from desktop.commands import Command
    from desktop.finder import Finder
    from desktop.widgets.palette import Choice, Chooser, KeyList, Overlay


class Frame(QWidget):
    """Holds the widgets; what they mean is the window's business."""

    viewMade = Signal(object, object)
    """Place and the new view, before it is shown."""
    finderMade = Signal(object)
    overlayLeft = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.items = rail_items()
        self.top = TopBar(theme)
        self.rail = Rail(theme, self.items)
        self.stack = QStackedWidget()
        self.status = StatusBar(theme)
        self.views: dict[Place, QWidget] = {}
        self.welcome: WelcomeView | None = None
        self._sides: AskSides | None = None
        self.front = Place.HOME
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(line(horizontal=False))
        middle.addWidget(self.stack, 1)
        for each in (self.top, line()):
            column.addWidget(each)
        column.addLayout(middle, 1)
        for each in (line(), self.status):
            column.addWidget(each)
        self.notice = NoticeLine(theme, self)
        self._finder: Finder | None = None
        self._chooser: Chooser | None = None
        self._keys: KeyList | None = None
        self.drawer: QWidget | None = None
        self.rail.choose(Place.HOME)

    @property
    def finder(self) -> Finder:
        """What searches while the person types; made when a repository is opened."""
        if self._finder is None:
            from desktop.finder import Finder

            self._finder = Finder(self.top.field, self)
            self.finderMade.emit(self._finder)
        return self._finder

    @property
    def chooser(self) -> Chooser:
        """The list of commands, or of repositories."""
        if self._chooser is None:
            from desktop.widgets.palette import Chooser

            self._chooser = Chooser(self.theme, self, self.tr("Commands"))
            self._chooser.left.connect(self.overlayLeft)
        return self._chooser

    def view(self, place: Place) -> QWidget:
        """Return a view; it is made when it is first wanted."""
        found = self.views.get(place)
        if found is None:
            found = make_view(place, self.theme, self.stack, self._sides)
            self.views[place] = found
            self.stack.addWidget(found)
            self.viewMade.emit(place, found)
        return found

    def prepare_answers(self) -> None:
        """Make the view of answers before anybody asks, in three turns: nobody's key waits for all of it."""
        if Place.ASK not in self.views and self._sides is None:
            self._sides = AskSides(make_evidence(self.theme, self.stack))
            in_a_turn(self, self._make_left)

    def _make_left(self) -> None:
        if Place.ASK not in self.views and self._sides is not None:
            self._sides.left = make_answer_side(self.theme, self.stack)
            in_a_turn(self, self._make_answers)

    def _make_answers(self) -> None:
        self.view(Place.ASK)

    def bring(self, place: Place) -> QWidget:
        """Bring a view to the front, and return it."""
        view = self.view(place)
        self.front = place
        self.rail.choose(place)
        self.stack.setCurrentWidget(view)
        return view

    def welcome_page(self, recent: tuple[Recent, ...]) -> WelcomeView:
        """Bring the first page to the front, made anew, and return it."""
        page = WelcomeView(self.theme, recent)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        if self.welcome is not None:
            self.stack.removeWidget(self.welcome)
            self.welcome.deleteLater()
        self.welcome = page
        self.front = Place.HOME
        self.rail.choose(Place.HOME)
        return page

    def ask_choice(self, hint: str, narrow: Callable[[str], Sequence[Choice]]) -> None:
        """Let the person choose from a list that typing narrows."""
        self.close_overlays()
        self.chooser.ask(hint, narrow)

    def show_keys(self, commands: Sequence[Command]) -> None:
        """Show the list of keys."""
        from desktop.widgets.palette import KeyList

        self.close_overlays()
        if self._keys is not None:
            self._keys.deleteLater()
        self._keys = KeyList(self.theme, self, commands)
        self._keys.left.connect(self.overlayLeft)
        self._keys.place()
        self._keys.show()
        self._keys.setFocus()

    def close_overlays(self) -> None:
        """Put away what floats."""
        if self._finder is not None:
            self._finder.close()
        for each in self._overlays():
            each.leave()

    def close_down(self) -> None:
        """Take back what was asked, before the widgets are gone."""
        if self._finder is not None:
            self._finder.set_link(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what floats in its place."""
        super().resizeEvent(event)
        for each in self._overlays():
            if each.isVisible():
                each.place()
        if self.notice.isVisible():
            self.notice.place()
        if self._finder is not None:
            self._finder.place()
        if self.drawer is not None:
            self.place_drawer()

    def place_drawer(self) -> None:
        """Put the drawer over the right edge, between the bars."""
        if self.drawer is not None:
            width = min(self.theme.px(440), self.width() - self.rail.width())
            top = self.top.height() + 1
            height = self.height() - top - self.status.height() - 1
            self.drawer.setGeometry(self.width() - width, top, width, height)
            self.drawer.raise_()

    def _overlays(self) -> list[Overlay]:
        return [each for each in (self._chooser, self._keys) if each is not None]
