"""Search while typing: joins the field, the list under it and the engine; one question at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.engine import Link
from desktop.pasting import Pasting
from desktop.places import AskPlace, CommitPlace, KnowledgePlace, SourcePlace
from desktop.widgets.suggestions import SuggestionPopup, is_question
from desktop.widgets.topbar import AskField
from indexer.errors import LorebaseError
from indexer.pages import Suggestion, SuggestionGroup, Suggestions, SuggestWanted
from indexer.protocol import SUGGEST

DEBOUNCE_MS = 15
"""Two keys of a fast typist are 60 ms apart: this joins what a paste or a held key sends."""

PER_GROUP, PER_GROUP_NARROWED = 4, 12


class Finder(QObject):
    """Emits the place that was found, or the question."""

    found = Signal(object)
    left = Signal()

    def __init__(self, field: AskField, over: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._popup = popup = SuggestionPopup(field.theme, over)
        self._pasting = Pasting(self)
        self._pasting.found.connect(self.found)
        self._link: Link | None = None
        self._call = 0
        self._group = ""
        self._shown: Suggestions | None = None
        self._enter_waits = False
        """Enter was pressed before the rows of what is typed had come."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(DEBOUNCE_MS)
        self._pause.timeout.connect(self._ask)
        field.textChanged.connect(self._on_text)
        field.moved.connect(self._on_moved)
        field.opened.connect(self._on_enter)
        field.asked.connect(self.ask_typed)
        field.pasted.connect(self._on_pasted)
        field.left.connect(self._on_left)
        field.focused.connect(self._on_focus)
        popup.picked.connect(self._on_picked)
        popup.asked.connect(self.ask_typed)
        popup.scopeWanted.connect(self._on_scope)
        popup.selectionTold.connect(field.setAccessibleDescription)

    # ------------------------------------------------------------------------ public

    def set_link(self, link: Link | None) -> None:
        """Search another repository from now on."""
        self._forget()
        self._pasting.set_link(link)
        self._link = link
        self._popup.hide()

    def begin(self, group: str = "", icon: str = "", hint: str = "") -> None:
        """Put the keyboard into the field; ``group`` narrows the list to one kind."""
        if group != self._group:
            self._group = group
            self._field.show_mode(icon, hint)
            if self._field.text():
                self._on_text()
        self._field.setFocus()
        self._field.selectAll()
        if self._field.text():
            self._pause.start()

    def ask_typed(self) -> None:
        """Ask what is typed."""
        text = self._field.text().strip()
        if text:
            self._done()
            self.found.emit(AskPlace(text))

    def close(self) -> None:
        """Put the list away; what is typed stays."""
        self._popup.hide()

    def place(self) -> None:
        """Keep the list under the field when the window changes its size."""
        if self._popup.isVisible():
            self._popup.place_under(self._field)

    @property
    def popup(self) -> SuggestionPopup:
        """The list."""
        return self._popup

    @property
    def is_open(self) -> bool:
        """True while the list is seen."""
        return self._popup.isVisible()

    # ------------------------------------------------------------------------ typing

    def _on_pasted(self, text: str, path: str) -> None:
        """Go to what a text of several lines says; it is never laid out in the field."""
        self._done()
        self._pasting.take(text, path)

    def _on_text(self) -> None:
        self._forget()
        if not self._field.text().strip():
            self._shown = None
            self._popup.hide()
            return
        self._pause.start()

    def _ask(self) -> None:
        text = self._field.text().strip()
        if not text or self._link is None:
            return
        if self._shown is None:
            self._show(None)
        groups = (SuggestionGroup(self._group),) if self._group else ()
        wanted = SuggestWanted(text, PER_GROUP_NARROWED if groups else PER_GROUP, groups)
        self._call = self._link.call(SUGGEST, wanted, self._on_found, self._on_failed)

    def _on_found(self, found: Suggestions) -> None:
        self._call = 0
        self._shown = found
        self._show(found)
        if self._enter_waits:
            self._enter_waits = False
            self._popup.take()

    def _on_failed(self, error: LorebaseError) -> None:
        """Say nothing: a list that does not come is no news, and asking says what is wrong."""
        self._call = 0
        self._enter_waits = False

    def _show(self, found: Suggestions | None) -> None:
        if not self._field.hasFocus():
            return
        self._popup.show_found(self._field.text().strip(), found, asks=not self._group)
        self._popup.place_under(self._field)
        self._popup.show()

    def _forget(self) -> None:
        self._pause.stop()
        self._enter_waits = False
        if self._call and self._link is not None:
            self._link.cancel(self._call)
        self._call = 0

    # ------------------------------------------------------------------------ keys and clicks

    def _on_moved(self, by: int) -> None:
        if self._popup.isVisible():
            self._popup.move_selection(by)
        elif self._field.text().strip():
            self._ask()

    def _on_enter(self) -> None:
        text = self._field.text().strip()
        if not text:
            return
        fresh = self._shown is not None and self._shown.text.strip() == text
        if self._popup.isVisible() and fresh:
            self._popup.take()
        elif is_question(text) and not self._group:
            self.ask_typed()
        else:
            self._enter_waits = True
            if not self._call:
                self._pause.stop()
                self._ask()

    def _on_picked(self, hit: Suggestion) -> None:
        self._done()
        self.found.emit(place_of(hit))

    def _on_scope(self, scope: str) -> None:
        text = self._field.text()
        if scope not in text.split():
            self._field.setText(f"{scope}{text}" if text else scope)
            self._field.setCursorPosition(len(scope))
        self._field.setFocus()

    def _on_left(self) -> None:
        self._done()
        self.left.emit()

    def _on_focus(self, has: bool) -> None:
        if has:
            if self._field.text().strip():
                self._pause.start()
        else:
            self._popup.hide()
            self._leave_group()

    def _done(self) -> None:
        """Put everything away, and clear the field."""
        self._forget()
        self._popup.hide()
        self._field.clear()
        self._leave_group()

    def _leave_group(self) -> None:
        if self._group:
            self._group = ""
            self._field.show_mode("", "")


def place_of(hit: Suggestion) -> object:
    """Return where a row of the list leads."""
    if hit.asked_id:
        return AskPlace(asked_id=hit.asked_id)
    if hit.note_id:
        return KnowledgePlace(note_id=hit.note_id)
    if hit.commit_id and not hit.path:
        return CommitPlace(hit.commit_id)
    return SourcePlace(hit.path or "", max(1, hit.line), max(1, hit.end_line, hit.line))
