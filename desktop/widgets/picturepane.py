"""A picture with its way and its legend, and the same as a table beside it: the map, the dependencies."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.crumbs import Crumbs
from desktop.widgets.legend import Legend
from desktop.widgets.pair import Sided
from desktop.widgets.sortable import SortableTable
from desktop.widgets.states import StatePage
from desktop.widgets.viewbar import side_pane, view_bar
from desktop.widgets.words import button
from desktop.widgets.zoomed import Zoomed

WIDTHS = (420, 460, 320)


class PicturePane(QWidget):
    """Holds a picture and its table; what they show belongs to those who build on it.

    They set ``view`` and ``table``, then call ``build``.
    """

    opened = Signal(object)
    againWanted = Signal()

    view: Zoomed
    table: SortableTable

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    # ------------------------------------------------------------------------ content

    def say(self, title: str, text: str = "", step: str = "") -> None:
        """Say what is there in place of the picture; the table stays as it is."""
        self._state.say(title, text, step)
        self._stack.setCurrentIndex(1)

    def show_picture(self) -> None:
        """Show the picture again."""
        self._stack.setCurrentIndex(0)

    def go_up(self) -> None:
        """Show what is around; there is nothing around the whole."""

    def take_focus(self) -> None:
        """Put the keyboard on the picture, or on what stands in its place."""
        if self.sided.side_alone:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._stack.currentIndex() == 0:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.on_focus()
        else:
            self._state.step.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_focus(self) -> None:
        """Hear that the keyboard has come to the picture."""

    def on_step(self) -> None:
        """Take the step that stands in place of the picture."""
        self.againWanted.emit()

    def toggle_table(self) -> None:
        """Go between the picture and the table."""
        held = QApplication.focusWidget()
        inside = held is not None and self.sided.side.isAncestorOf(held)
        self.show_side(not inside)
        (self.view if inside else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_side(self, shown: bool = True) -> None:
        """Bring the table to front, or the picture again, where both have no room."""
        self.sided.show_side(shown)
        self._show_toggle()

    # ------------------------------------------------------------------------ layout

    def build(self, tabs: QWidget, controls: Sequence[QWidget], legend: Legend, side: QWidget) -> None:
        """Put everything in its place; ``controls`` stand at the right of the bar, ``side`` at the right."""
        theme = self._theme
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar(tabs, controls))
        holder = QWidget()
        inner = QHBoxLayout(holder)
        inner.setContentsMargins(theme.px(tokens.S3), 0, theme.px(tokens.S3), 0)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._state = StatePage(theme)
        self._state.stepWanted.connect(self.on_step)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._state)
        inner.addWidget(pages)
        column.addWidget(holder, 1)
        column.addWidget(legend)
        self.sided = Sided(theme, main, side, WIDTHS)
        self.sided.narrowed.connect(self._show_toggle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.sided)
        self._show_toggle()

    def side(self, back: str, left: Sequence[QWidget], right: QWidget, stretch: int = 0) -> QFrame:
        """Return the table under a head of widgets; ``back`` names the picture."""
        self._back = button(self._theme, back, "back", flat=True)
        self._back.clicked.connect(self.toggle_table)
        return side_pane(self._theme, (self._back, *left), right, stretch, self.table)

    def whole_button(self, text: str) -> QWidget:
        """Return the button that shows the whole picture; it is seen while a part is shown larger."""
        made = button(self._theme, text, flat=True)
        made.clicked.connect(self.view.whole)
        made.hide()
        self.view.zoomed.connect(lambda factor: made.setVisible(factor > 1.0))
        return made

    def _bar(self, tabs: QWidget, controls: Sequence[QWidget]) -> QWidget:
        self.crumbs = Crumbs(self._theme)
        self.crumbs.raised.connect(self.go_up)
        self._toggle = button(self._theme, self.tr("Table"), "list")
        self._toggle.clicked.connect(self.toggle_table)
        return view_bar(self._theme, (tabs, self.crumbs), (*controls, self._toggle))

    def _show_toggle(self) -> None:
        self._toggle.setVisible(self.sided.narrow)
        self._back.setVisible(self.sided.narrow)
