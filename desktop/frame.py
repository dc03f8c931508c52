"""The content of a window in one theme: top bar, rail, views, status bar, and what floats over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.commands import Command
from desktop.finder import Finder
from desktop.state import Recent
from desktop.theme import Theme
from desktop.views.catalogue import make_view, rail_items
from desktop.views.welcome import WelcomeView
from desktop.widgets.notice import NoticeLine
from desktop.widgets.palette import Choice, Chooser, KeyList, Overlay
from desktop.widgets.rail import Place, Rail, line
from desktop.widgets.statusbar import StatusBar
from desktop.widgets.suggestions import SuggestionPopup
from desktop.widgets.topbar import TopBar


class Frame(QWidget):
    """Holds the widgets; what they mean is the window's business."""

    viewMade = Signal(object, object)
    """Place and the new view, before it is shown."""
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
        self.popup = SuggestionPopup(theme, self)
        self.finder = Finder(self.top.field, self.popup)
        self.notice = NoticeLine(theme, self)
        self.chooser = Chooser(theme, self, self.tr("Commands"))
        self.chooser.left.connect(self.overlayLeft)
        self.keys: KeyList | None = None
        self.drawer: QWidget | None = None
        self.rail.choose(Place.HOME)

    def view(self, place: Place) -> QWidget:
        """Return a view; it is made when it is first wanted."""
        found = self.views.get(place)
        if found is None:
            found = make_view(place, self.theme)
            self.views[place] = found
            self.stack.addWidget(found)
            self.viewMade.emit(place, found)
        return found

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
        self.close_overlays()
        if self.keys is not None:
            self.keys.deleteLater()
        self.keys = KeyList(self.theme, self, commands)
        self.keys.left.connect(self.overlayLeft)
        self.keys.place()
        self.keys.show()
        self.keys.setFocus()

    def close_overlays(self) -> None:
        """Put away what floats."""
        self.finder.close()
        for each in self._overlays():
            each.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what floats in its place."""
        super().resizeEvent(event)
        for each in self._overlays():
            if each.isVisible():
                each.place()
        if self.notice.isVisible():
            self.notice.place()
        if self.popup.isVisible():
            self.popup.place_under(self.top.field)
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
        return [self.chooser] if self.keys is None else [self.chooser, self.keys]
