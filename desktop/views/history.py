"""The history: a timeline to choose from, the commits behind it, and the page of one commit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.asking import Asking
from desktop.commands import Command
from desktop.commitslices import CommitSlices
from desktop.engine import Link
from desktop.places import ChangesPlace, CommitPlace, HistoryPlace
from desktop.theme import Theme
from desktop.whatchanged import WhatChanged
from desktop.widgets.changespaper import ChangesPaper
from desktop.widgets.commitlist import SLICE, CommitList
from desktop.widgets.commitpage import CommitPaper
from desktop.widgets.historybar import HistoryBar
from desktop.widgets.pair import Pair
from desktop.widgets.rail import line
from desktop.widgets.states import StatePage
from desktop.widgets.timeline import TimelineView
from desktop.widgets.words import words
from indexer.errors import LorebaseError
from indexer.pages import CommitName, CommitPage, CommitSlice, CommitsWanted, Timeline, TimelineWanted
from indexer.protocol import COMMIT, COMMITS, TIMELINE

TYPING_MS = 180
"""How long typing must rest before the list is asked for."""

DRAGGING_MS = 120
SHORT = 560
"""Lower views than this, px at 100 %, get a lower timeline."""

_PATH = re.compile(r'(?:^|\s)path:(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a new view of the same history needs to look like this one."""

    place: HistoryPlace
    commit_id: str
    scroll: int
    split: bytes
    changes: ChangesPlace | None = None


class HistoryView(QWidget):
    """Timeline above, list at the left, page at the right."""

    opened = Signal(object)
    noticed = Signal(str)
    placeChanged = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._asking = Asking(self)
        self._after = self._before = 0
        self._everything = 0
        self._path = ""
        self._scroll_to = 0
        self._commit = ""
        self.setAccessibleName(self.tr("History"))
        self.timeline = TimelineView(theme)
        self.timeline.rangeChanged.connect(self._on_range)
        self.list = CommitList(theme)
        self._slices = CommitSlices(self.list, self._asking)
        self._slices.failed.connect(self.noticed)
        self.list.wanted.connect(self._on_wanted)
        self.list.picked.connect(self._on_picked)
        self.list.clicked.connect(self._on_clicked)
        self.list.activatedRow.connect(self._on_activated)
        self.paper = CommitPaper(theme)
        self.paper.opened.connect(self.opened)
        self.paper.left.connect(self._on_left)
        self.paper.againWanted.connect(self._on_again)
        self.changes = ChangesPaper(theme)
        self.changes.opened.connect(self.opened)
        self.changes.left.connect(self._on_changes_left)
        self.changed = WhatChanged(self.changes)
        self.bar = HistoryBar(theme)
        self.field = self.bar.field
        self.field.textChanged.connect(self._on_typed)
        self.bar.rangeCleared.connect(self.timeline.clear)
        self.bar.changesWanted.connect(self.show_changes)
        self.bar.zoomed.connect(self._on_zoomed)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.timeout.connect(self._on_rested)
        self._build()
        self._show_state()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._asking.set_link(new)
        self._typed.stop()
        self._link = new
        self._after = self._before = self._everything = 0
        self._path = self._commit = ""
        self._slices.begin(CommitsWanted())
        blocked = self.field.blockSignals(True)
        self.field.clear()
        self.field.blockSignals(blocked)
        self.timeline.show_timeline(Timeline(0, (), (), False))
        self.list.commits.begin(0)
        self.paper.say("", "")
        self.changed.set_link(new)
        self._beside.setCurrentWidget(self.paper)
        self.pair.show_list()
        self._show_state()
        if new is not None:
            self._load()

    def show_place(self, place: object) -> None:
        """Show a commit, or the history narrowed by text and time; a bare place leaves it as it is."""
        if isinstance(place, CommitPlace):
            self._show_commit(place.commit_id)
            self.pair.show_page()
        elif isinstance(place, ChangesPlace):
            self._narrow(HistoryPlace(self.field.text().strip(), place.after, place.before))
            self._show_changes(place)
        elif isinstance(place, HistoryPlace):
            if place != HistoryPlace():
                self._narrow(place)
            self.pair.show_list()

    def refresh(self) -> None:
        """Ask again after the index has changed; what is shown stays until the answer is there."""
        if self._link is not None:
            self._load()

    def keep(self) -> object:
        """Return what a new view of the same content needs to look like this one."""
        scroll = self.list.verticalScrollBar().value()
        at = round(scroll / self._theme.scale)
        return _Kept(self._place(), self._commit, at, self.pair.state(), self.changed.place)

    def recall(self, kept: object) -> None:
        """Take what ``keep`` returned."""
        if isinstance(kept, _Kept):
            self._narrow(kept.place)
            self._scroll_to = round(kept.scroll * self._theme.scale)
            if kept.commit_id:
                self._show_commit(kept.commit_id)
            if kept.changes is not None:
                self._show_changes(kept.changes)

    def focus_first(self) -> None:
        """Put the keyboard on the list, or on the page that stands in its place."""
        if self.list.isVisible():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid() and self.list.commits.rowCount():
                self.list.choose(row.commit_id if (row := self.list.commits.row(0)) else "")
        else:
            self._page.focus_first()

    def title(self) -> str:
        """Return what the window calls this page."""
        if self._page is self.changes:
            return self.tr("What changed")
        page = self.paper.page
        return page.row.subject if page is not None else self.tr("History")

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here."""
        group = self.tr("History")
        return (
            Command(self.tr("Filter commits"), "Ctrl+F", self.filter_commits, group),
            Command(self.tr("Go to the timeline"), "", self.timeline.setFocus, group),
            Command(self.tr("Show the whole history"), "", self.clear, group),
            Command(self.tr("What changed in this range?"), "", self.show_changes, group),
            Command(self.tr("Zoom the timeline in"), "", self._zoom_in, group),
            Command(self.tr("Zoom the timeline out"), "", self._zoom_out, group),
        )

    def filter_commits(self) -> None:
        """Put the keyboard into the filter."""
        self.pair.show_list()
        self.bar.focus_filter()

    def show_changes(self) -> None:
        """Tell what changed in the range that is chosen; in the whole history without one."""
        place = ChangesPlace(after=self._after, before=self._before)
        self._show_changes(place)
        self.placeChanged.emit(place)

    def clear(self) -> None:
        """Take filter and range back."""
        self._narrow(HistoryPlace())
        self.placeChanged.emit(HistoryPlace())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the list its room in a low window."""
        super().resizeEvent(event)
        self.timeline.set_low(self.height() < self._theme.px(SHORT))

    def next_pane(self) -> bool:
        """Go from the list to the page; False when the keyboard is there already, or cannot be."""
        if self._page.isAncestorOf(QApplication.focusWidget() or self):
            return False
        self.pair.show_page()
        self._page.focus_first()
        return self._page.isAncestorOf(QApplication.focusWidget() or self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the page for the list with Escape; F6 goes between the two."""
        if event.key() == Qt.Key.Key_Escape and self.pair.narrow and not self.list.isVisible():
            self._on_left()
        elif event.key() == Qt.Key.Key_Escape and self.bar.leave_filter():
            return
        elif event.key() == Qt.Key.Key_F6:
            if not self.next_pane():
                self._on_left()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ layout

    def _build(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(line())
        column.addWidget(self.timeline)
        self._below = line()
        column.addWidget(self._below)
        left = QWidget()
        below = QVBoxLayout(left)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        self._notice = words(theme, "", tokens.META, "2", wrap=True)
        self._notice.setContentsMargins(*(theme.px(tokens.S4), theme.px(6)) * 2)
        self._notice.hide()
        below.addWidget(self._notice)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._state = StatePage(theme)
        self._state.stepWanted.connect(self._on_step)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._state)
        below.addWidget(holder, 1)
        right = QWidget()
        self._beside = QStackedLayout(right)
        self._beside.addWidget(self.paper)
        self._beside.addWidget(self.changes)
        self.pair = Pair(theme, left, right)
        self.pair.narrowed.connect(self.paper.set_narrow)
        self.pair.arranged.connect(self._on_arranged)
        column.addWidget(self.pair, 1)

    # ------------------------------------------------------------------------ asking

    def _load(self) -> None:
        """Ask for the list and for the bars."""
        self._ask_list()
        self._ask_bars(force=True)

    def _ask_list(self) -> None:
        if self._link is None:
            return
        asked = CommitsWanted(self.field.text().strip(), self._after, self._before, 0, SLICE)
        self._slices.begin(asked)
        self._asking.ask(COMMITS, asked, self._on_list, self._on_list_failed, name="list")
        if not self.list.commits.rowCount():
            self._show_state()

    def _ask_bars(self, *, force: bool = False) -> None:
        """Ask for the bars of the path in the filter; other words do not change them."""
        found = _PATH.search(self.field.text())
        path = (found[1] or found[2] or "") if found else ""
        if self._link is None or (path == self._path and not force):
            return
        self._path = path
        self.timeline.loading = True
        self.timeline.update()
        wanted = TimelineWanted(path)
        self._asking.ask(TIMELINE, wanted, self._on_bars, self._on_bars_failed, name="bars")

    def _on_wanted(self, slices: list[int]) -> None:
        if self._link is None or self._asking.waits("list"):
            return
        self._slices.fetch(slices)

    def _show_commit(self, commit_id: str) -> None:
        self.changed.leave()
        self._beside.setCurrentWidget(self.paper)
        self._commit = commit_id
        self.list.choose(commit_id)
        if self._link is None or not commit_id:
            return
        wanted = CommitName(commit_id)
        self._asking.ask(COMMIT, wanted, self._on_commit, self._on_commit_failed, name="commit")

    def _show_changes(self, place: ChangesPlace) -> None:
        if self._link is None:
            return
        self._beside.setCurrentWidget(self.changes)
        self.changed.ask(place)
        self.pair.show_page()

    @property
    def _page(self) -> CommitPaper | ChangesPaper:
        """What stands beside the list."""
        return self.changes if self._beside.currentWidget() is self.changes else self.paper

    # ------------------------------------------------------------------------ answers

    def _on_list(self, found: CommitSlice) -> None:
        asked = self._slices.asked
        if not (asked.text or asked.after or asked.before):
            self._everything = found.total
        scroll = self._scroll_to or (self.list.verticalScrollBar().value() if self._again(found) else 0)
        self._scroll_to = 0
        self.list.commits.begin(found.total, found.rows)
        self.list.choose(self._commit)
        self.list.verticalScrollBar().setValue(scroll)
        self._notice.setText(" ".join(found.notices))
        self._notice.setVisible(bool(found.notices))
        self.bar.count.setText(self._count_words(found.total))
        self._show_state()
        if not self._commit and found.rows and not self.pair.narrow and self._page is self.paper:
            self._show_commit(found.rows[0].commit_id)

    def _again(self, found: CommitSlice) -> bool:
        """Say whether this is the list that is shown, as it is after an update without new commits."""
        row = self.list.commits.row(0)
        same = row is not None and bool(found.rows) and row.commit_id == found.rows[0].commit_id
        return same and self.list.commits.rowCount() == found.total

    def _on_list_failed(self, error: LorebaseError) -> None:
        self.list.commits.begin(0)
        self.bar.count.clear()
        self._state.say(self.tr("The history could not be read"), _said(error), self.tr("Try again"))
        self._stack.setCurrentWidget(self._state)

    def _on_bars(self, found: Timeline) -> None:
        self.timeline.show_timeline(found)
        self.timeline.choose(self._after, self._before)
        self._show_range()
        for notice in found.notices:
            self.noticed.emit(notice)

    def _on_bars_failed(self, error: LorebaseError) -> None:
        # The list says what is wrong; without bars it still works.
        self.timeline.loading = False
        self.timeline.update()

    def _on_commit(self, found: CommitPage) -> None:
        self._commit = found.row.commit_id
        self.paper.show_commit(found)
        if not self.list.current():
            self.list.choose(self._commit)

    def _on_commit_failed(self, error: LorebaseError) -> None:
        self.paper.say(self.tr("This commit cannot be shown"), _said(error), self.tr("Try again"))

    # ------------------------------------------------------------------------ the person's side

    def _on_typed(self) -> None:
        self._typed.start(TYPING_MS)

    def _on_rested(self) -> None:
        self._ask_bars()
        self._ask_list()
        self.placeChanged.emit(self._place())

    def _on_range(self, after: int, before: int) -> None:
        self._after, self._before = after, before
        self._show_range()
        if not self._typed.isActive():
            self._typed.start(DRAGGING_MS)

    def _show_range(self) -> None:
        self.bar.show_range(self._after, self._before)

    def _on_picked(self, commit_id: str) -> None:
        self._show_commit(commit_id)
        self.placeChanged.emit(CommitPlace(commit_id))

    def _on_clicked(self) -> None:
        if self.pair.narrow:
            self.pair.show_page()
            self._page.focus_first()

    def _on_activated(self, commit_id: str) -> None:
        if commit_id != self._commit:
            self._on_picked(commit_id)
        self.pair.show_page()
        self._page.focus_first()

    def _on_left(self) -> None:
        self.pair.show_list()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changes_left(self) -> None:
        """Go from the summary to the commit that was shown before it, or to the list."""
        if self._commit:
            self._show_commit(self._commit)
            self.placeChanged.emit(CommitPlace(self._commit))
        if self.pair.narrow or not self._commit:
            self._on_left()

    def _on_zoomed(self, closer: bool) -> None:
        if closer:
            self._zoom_in()
        else:
            self._zoom_out()

    def _on_arranged(self) -> None:
        # Where the page stands alone, it has no timeline over it.
        alone = self.pair.page_alone
        self.timeline.setVisible(not alone)
        self._below.setVisible(not alone)

    def _on_again(self) -> None:
        self._show_commit(self._commit)

    def _on_step(self) -> None:
        if self.field.text() or self._after or self._before:
            self.clear()
        else:
            self._load()

    def _zoom_in(self) -> None:
        self.timeline.zoom(2.0)

    def _zoom_out(self) -> None:
        self.timeline.zoom(0.5)

    # ------------------------------------------------------------------------ private

    def _narrow(self, place: HistoryPlace) -> None:
        blocked = self.field.blockSignals(True)
        self.field.setText(place.text)
        self.field.blockSignals(blocked)
        self._after, self._before = place.after, place.before
        self.timeline.choose(place.after, place.before)
        self._show_range()
        self._typed.stop()
        self._ask_bars()
        self._ask_list()

    def _place(self) -> HistoryPlace:
        return HistoryPlace(self.field.text().strip(), self._after, self._before)

    def _count_words(self, total: int) -> str:
        if self._everything and total != self._everything:
            values = {"total": f"{total:,}", "all": f"{self._everything:,}"}
            return self.tr("%(total)s of %(all)s commits") % values
        return self.tr("1 commit") if total == 1 else self.tr("%s commits") % f"{total:,}"

    def _show_state(self) -> None:
        if self.list.commits.rowCount():
            self._stack.setCurrentWidget(self.list)
            return
        if self._link is None:
            self._state.say(self.tr("No repository is open"))
        elif self._asking.waits("list"):
            self._state.say(self.tr("Reading the history"))
        elif self.field.text().strip() or self._after or self._before:
            self._state.say(self.tr("No commit fits"), "", self.tr("Show the whole history"))
        else:
            text = self.tr("Commits show here as soon as the history is read.")
            self._state.say(self.tr("No commits yet"), text)
        self._stack.setCurrentWidget(self._state)


def _said(error: LorebaseError) -> str:
    return f"{error.message} {error.hint}".strip()
